//! What each point changes against the base: bars of paired differences with their intervals.

use super::canvas::{Align, Text};
use super::ink::{CAPITAL, Ink, LEADING, SMALL_PT};
use super::lettering::{Weight, width_pt, wrap};
use super::numbers::{Numbers, cell, word};
use super::page::{KeyEntry, LEFT, Mark, Page, RIGHT};
use super::panel::GUTTER_GAP;
use super::scale::{Scale, digits_for, signed};
use super::{Drawing, Frame};

/// A point against the base.
#[derive(Debug, Clone, PartialEq)]
pub struct DifferenceBar {
    /// The point in words: its values.
    pub label: String,
    /// Mean of the paired differences.
    pub difference: f64,
    /// Ends of its 95 % interval.
    pub interval_95: (f64, f64),
    /// Variance of the difference over that of independent runs; NaN where neither varies.
    pub variance_ratio: f64,
}

/// Paired differences of one index.
#[derive(Debug, Clone)]
pub struct SweepDifferencesFigure {
    /// Title, subtitle, footer.
    pub frame: Frame,
    /// Name in print.
    pub quantity: String,
    /// Unit in print.
    pub unit: String,
    /// Name of the index in the table.
    pub index: String,
    /// The bars, from top to bottom.
    pub bars: Vec<DifferenceBar>,
}

const ROW: f64 = 11.0;

impl DifferenceBar {
    /// Whether its interval leaves no doubt about the sign.
    pub(crate) fn is_clear(&self) -> bool {
        self.interval_95.0 > 0.0 || self.interval_95.1 < 0.0
    }

    fn ends(&self) -> [f64; 2] {
        let (low, high) = self.interval_95;
        [
            if low.is_finite() {
                low
            } else {
                self.difference
            },
            if high.is_finite() {
                high
            } else {
                self.difference
            },
        ]
    }
}

impl SweepDifferencesFigure {
    /// Draws it.
    pub fn draw(&self) -> Drawing {
        let mut page = Page::begin(&self.frame);
        page.key(&[
            KeyEntry {
                mark: Mark::Box(Ink::BLUE.tint(0.55)),
                words: "difference from the base".to_owned(),
            },
            KeyEntry {
                mark: Mark::Box(Ink::GREY.tint(0.3)),
                words: "its sign is in doubt".to_owned(),
            },
            KeyEntry {
                mark: Mark::Whisker(Ink::BLACK),
                words: "95 % interval".to_owned(),
            },
        ]);
        page.space(2.0);
        page.heading(&self.quantity, &self.unit);
        let known: Vec<&DifferenceBar> = self
            .bars
            .iter()
            .filter(|bar| bar.difference.is_finite())
            .collect();
        draw_bars(&mut page, &known);
        let mut table = Numbers::with_columns(&[
            "index",
            "point",
            "difference",
            "lower_95",
            "upper_95",
            "variance_ratio",
        ]);
        for bar in &known {
            table.row(&[
                word(&self.index),
                word(&bar.label),
                cell(bar.difference),
                cell(bar.interval_95.0),
                cell(bar.interval_95.1),
                cell(bar.variance_ratio),
            ]);
        }
        let told: Vec<String> = known
            .iter()
            .map(|bar| {
                format!(
                    "{}: {}",
                    bar.label,
                    signed(bar.difference, digits_for(bar.difference))
                )
            })
            .collect();
        let details = format!("{}, {}. {}.", self.quantity, self.unit, told.join("; "));
        let notes = "Differences of single replications that share their random numbers, and the \
                     95 % interval of their mean.";
        page.finish("sweep_differences", table.finish(), &details, notes)
    }
}

fn draw_bars(page: &mut Page<'_>, bars: &[&DifferenceBar]) {
    let most = (RIGHT - LEFT) * 0.42;
    let lines: Vec<Vec<String>> = bars
        .iter()
        .map(|bar| wrap(&bar.label, SMALL_PT, Weight::Regular, most))
        .collect();
    let gutter = lines
        .iter()
        .flatten()
        .map(|line| width_pt(line, SMALL_PT, Weight::Regular))
        .fold(0.0, f64::max);
    let values = bars.iter().flat_map(|bar| bar.ends());
    let scale = Scale::covering(values, 4, true);
    let left = LEFT + gutter + GUTTER_GAP + 2.0;
    let x = |value: f64| left + scale.part(value) * (RIGHT - 4.0 - left);
    let heights: Vec<f64> = lines
        .iter()
        .map(|lines| ROW.max(lines.len() as f64 * SMALL_PT * LEADING + 2.0))
        .collect();
    let top = page.cursor_pt + 2.0;
    let bottom = top + heights.iter().sum::<f64>();
    let canvas = &mut page.canvas;
    for tick in scale.ticks() {
        let is_zero = tick.abs() < scale.step * 1e-6;
        if !is_zero {
            canvas.line(vec![(x(tick), top), (x(tick), bottom)], Ink::PALE, 0.4);
        }
    }
    let mut y = top;
    for ((bar, lines), height) in bars.iter().zip(&lines).zip(&heights) {
        let middle = y + height / 2.0;
        let first = middle - (lines.len() as f64 - 1.0) * SMALL_PT * LEADING / 2.0;
        for (row, line) in lines.iter().enumerate() {
            let baseline = first + row as f64 * SMALL_PT * LEADING + SMALL_PT * CAPITAL / 2.0;
            let text = Text::new(line, (left - GUTTER_GAP - 2.0, baseline), SMALL_PT);
            canvas.text(text.align(Align::Right));
        }
        let ink = if bar.is_clear() {
            Ink::BLUE.tint(0.55)
        } else {
            Ink::GREY.tint(0.3)
        };
        canvas.block(
            (x(0.0_f64.min(bar.difference)), middle - 3.2),
            (x(0.0_f64.max(bar.difference)), middle + 3.2),
            ink,
        );
        let [low, high] = bar.ends();
        canvas.line(vec![(x(low), middle), (x(high), middle)], Ink::BLACK, 0.8);
        for end in [x(low), x(high)] {
            canvas.line(
                vec![(end, middle - 1.8), (end, middle + 1.8)],
                Ink::BLACK,
                0.8,
            );
        }
        canvas.disc((x(bar.difference), middle), 1.4, Ink::BLACK);
        y += height;
    }
    canvas.line(vec![(x(0.0), top), (x(0.0), bottom)], Ink::GREY, 0.7);
    let mut taken = f64::NEG_INFINITY;
    for tick in scale.ticks() {
        let words = signed(tick, super::scale::digits_of(scale.step));
        let half = width_pt(&words, SMALL_PT, Weight::Regular) / 2.0;
        let centre = super::clock::held(x(tick), half, LEFT, RIGHT);
        if centre - half > taken {
            taken = centre + half + 4.0;
            let text = Text::new(words, (centre, bottom + 2.0 + SMALL_PT), SMALL_PT);
            canvas.text(text.ink(Ink::GREY).align(Align::Centre));
        }
    }
    page.cursor_pt = bottom + SMALL_PT * LEADING + 3.0;
}

//! How an estimate settles as replications are added, beside the exact answer where there is one.

use super::canvas::{Align, Spot, Text};
use super::ink::{CAPITAL, Ink, LEADING, SMALL_PT};
use super::lettering::{Weight, width_pt};
use super::numbers::{Numbers, cell, word};
use super::page::{KeyEntry, LEFT, Mark, Page, RIGHT};
use super::panel::GUTTER_GAP;
use super::scale::{Scale, digits_for, digits_of, number};
use super::{Drawing, Frame};
use crate::stats::Z_95;

/// An estimate after some replications.
#[derive(Debug, Clone, Copy)]
pub struct EstimateAt {
    /// Replications.
    pub n: u64,
    /// Their mean.
    pub mean: f64,
    /// Its standard error.
    pub standard_error: f64,
}

/// One index.
#[derive(Debug, Clone)]
pub struct ConvergencePanel {
    /// Name in print: "Time short of supply (LOLE)".
    pub quantity: String,
    /// Unit in print.
    pub unit: String,
    /// Name of the index in the table.
    pub index: String,
    /// Estimates, by rising n; the last is that of the whole run.
    pub estimates: Vec<EstimateAt>,
    /// The exact value, where there is one.
    pub exact: Option<f64>,
}

/// Estimates against replications.
#[derive(Debug, Clone)]
pub struct ConvergenceFigure {
    /// Title, subtitle, footer.
    pub frame: Frame,
    /// The panels, from top to bottom.
    pub panels: Vec<ConvergencePanel>,
}

const HEIGHT: f64 = 74.0;

impl EstimateAt {
    fn band(&self) -> (f64, f64) {
        let reach = Z_95 * self.standard_error;
        (self.mean - reach, self.mean + reach)
    }

    fn is_known(&self) -> bool {
        self.n > 0 && self.mean.is_finite() && self.standard_error.is_finite()
    }
}

impl ConvergenceFigure {
    /// Draws it.
    pub fn draw(&self) -> Drawing {
        let mut page = Page::begin(&self.frame);
        let mut entries = vec![
            KeyEntry {
                mark: Mark::Line(Ink::BLUE),
                words: "estimate".to_owned(),
            },
            KeyEntry {
                mark: Mark::Box(Ink::BLUE.tint(0.3)),
                words: "its simulation error, 95 %".to_owned(),
            },
        ];
        if self.panels.iter().any(|panel| panel.exact.is_some()) {
            entries.push(KeyEntry {
                mark: Mark::Dashes(Ink::VERMILLION),
                words: "exact answer".to_owned(),
            });
        }
        page.key(&entries);
        page.space(2.0);
        let mut details = Vec::new();
        let mut table = Numbers::with_columns(&[
            "index",
            "replications",
            "mean",
            "standard_error",
            "lower_95",
            "upper_95",
            "exact",
        ]);
        for (at, panel) in self.panels.iter().enumerate() {
            if at > 0 {
                page.space(8.0);
            }
            let known = panel.estimates.iter().filter(|at| at.is_known());
            let known: Vec<EstimateAt> = known.copied().collect();
            let ends = |at: &EstimateAt| [at.band().0.max(0.0), at.band().1];
            let values = known.iter().flat_map(ends).chain(panel.exact);
            let up = Scale::covering(values, 4, false);
            page.heading(&panel.quantity, &up.unit(&panel.unit));
            draw_panel(&mut page, &known, up, panel.exact);
            for at in &known {
                let (lower, upper) = at.band();
                table.row(&[
                    word(&panel.index),
                    at.n.to_string(),
                    cell(at.mean),
                    cell(at.standard_error),
                    cell(lower),
                    cell(upper),
                    panel.exact.map(cell).unwrap_or_default(),
                ]);
            }
            details.extend(in_words(panel, &known));
        }
        page.cursor_pt += SMALL_PT * LEADING;
        let at = ((LEFT + RIGHT) / 2.0, page.cursor_pt);
        let words = Text::new("Replications", at, SMALL_PT).ink(Ink::GREY);
        page.canvas.text(words.align(Align::Centre));
        page.space(2.0);
        let notes = "Mean over the first replications, as many as the axis says, with 1.96 \
                     standard errors to either side.";
        page.finish("convergence", table.finish(), &details.join(" "), notes)
    }
}

fn in_words(panel: &ConvergencePanel, known: &[EstimateAt]) -> Option<String> {
    let last = known.last()?;
    let estimate = crate::stats::format_with_error(last.mean, last.standard_error);
    let exact = panel.exact.map_or(String::new(), |exact| {
        format!(
            "; exact {} {}",
            number(exact, digits_for(exact)),
            panel.unit
        )
    });
    Some(format!(
        "{}: {estimate} {} after {} replications{exact}.",
        panel.quantity,
        panel.unit,
        number(last.n as f64, 0)
    ))
}

fn draw_panel(page: &mut Page<'_>, known: &[EstimateAt], up: Scale, exact: Option<f64>) {
    let n = |at: &EstimateAt| at.n as f64;
    let (first, last) = (known.first().map_or(1.0, n), known.last().map_or(10.0, n));
    let left = LEFT + up.words_width() + GUTTER_GAP;
    let right = RIGHT - 4.0;
    let top = page.cursor_pt + SMALL_PT * CAPITAL / 2.0 + 1.0;
    let bottom = top + HEIGHT;
    let whole = libm::log(last / first).max(1e-9);
    let x = |n: f64| left + (libm::log(n / first) / whole).clamp(0.0, 1.0) * (right - left);
    let y = |value: f64| bottom - up.part(value) * HEIGHT;
    let canvas = &mut page.canvas;
    for tick in up.ticks() {
        canvas.line(vec![(left, y(tick)), (RIGHT, y(tick))], Ink::PALE, 0.4);
        let at = (left - GUTTER_GAP, y(tick) + SMALL_PT * CAPITAL / 2.0);
        let text = Text::new(number(tick, digits_of(up.step)), at, SMALL_PT).ink(Ink::GREY);
        canvas.text(text.align(Align::Right));
    }
    let line = |value: &dyn Fn(&EstimateAt) -> f64| -> Vec<Spot> {
        let spot = |at: &EstimateAt| (x(n(at)), y(value(at)));
        known.iter().map(spot).collect()
    };
    let mut band = line(&|at| at.band().1);
    band.extend(line(&|at| at.band().0).into_iter().rev());
    if known.len() > 1 {
        canvas.area(band, Ink::BLUE.tint(0.3));
        canvas.line(line(&|at| at.mean), Ink::BLUE, 1.3);
    }
    if let Some(exact) = exact {
        let path = [(left, y(exact)), (RIGHT, y(exact))];
        canvas.dashed(&path, Ink::VERMILLION, 0.9, 2.6, 1.6);
    }
    for at in known.iter().rev().take(1) {
        canvas.disc((x(n(at)), y(at.mean)), 2.0, Ink::BLUE);
    }
    ticks(page, (first, last), (left, bottom), &x);
    page.cursor_pt = bottom + SMALL_PT * LEADING + 3.0;
}

/// Ticks at 1, 2 and 5 times the powers of ten, with words where they do not touch.
fn ticks(
    page: &mut Page<'_>,
    (first, last): (f64, f64),
    (left, bottom): (f64, f64),
    x: &dyn Fn(f64) -> f64,
) {
    let lowest = libm::floor(libm::log10(first.max(1.0))) as i32;
    let powers = (lowest..lowest + 12).map(|power| libm::pow(10.0, f64::from(power)));
    let mut taken = f64::NEG_INFINITY;
    for tick in powers.flat_map(|ten| [ten, 2.0 * ten, 5.0 * ten]) {
        if tick < first * 0.999 || tick > last * 1.001 {
            continue;
        }
        let at = x(tick);
        let foot = vec![(at, bottom), (at, bottom + 2.0)];
        page.canvas.line(foot, Ink::GREY, 0.5);
        let words = number(tick, 0);
        let half = width_pt(&words, SMALL_PT, Weight::Regular) / 2.0;
        let centre = super::clock::held(at, half, left, RIGHT);
        if centre - half > taken {
            taken = centre + half + 4.0;
            let text = Text::new(words, (centre, bottom + 2.5 + SMALL_PT), SMALL_PT);
            page.canvas.text(text.ink(Ink::GREY).align(Align::Centre));
        }
    }
}

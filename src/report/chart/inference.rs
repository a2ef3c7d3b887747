//! What was truly missing, by observable: intervals by likelihood and by posterior on one axis.

use super::canvas::{Align, Canvas, Text};
use super::ink::{CAPITAL, Ink, LEADING, SMALL_PT};
use super::lettering::{Weight, width_pt, wrap};
use super::numbers::{Numbers, cell, word};
use super::page::{KeyEntry, LEFT, Mark, Page, RIGHT, diamond, words_in_box};
use super::rows;
use super::scale::{Scale, digits_of, number};
use super::{Drawing, Frame};

/// One observable; all values in percent of the world's hashrate.
#[derive(Debug, Clone, PartialEq)]
pub struct InferenceRow {
    /// What was observed, in words.
    pub label: String,
    /// Its kind, for the table.
    pub observable: String,
    /// The losses that would show exactly what was read, lowest and highest; if it is one reading.
    pub undiluted: Option<(f64, f64)>,
    /// Ends of the 95 % interval by likelihood.
    pub likelihood_95: (f64, f64),
    /// Median of the posterior.
    pub posterior_median: f64,
    /// Ends of the shortest 95 % of the posterior.
    pub posterior_95: (f64, f64),
    /// All data together: set apart in bold.
    pub joint: bool,
}

/// Intervals of the true loss, a row an observable.
#[derive(Debug, Clone)]
pub struct InferenceFigure {
    /// Title, subtitle, footer.
    pub frame: Frame,
    /// The observables in the order of print.
    pub rows: Vec<InferenceRow>,
    /// Ends of the prior, percent: shaded.
    pub prior: (f64, f64),
    /// The conflict of blocks and pools in a sentence; may be empty.
    pub conflict: String,
}

const ROW_GAP: f64 = 4.0;
/// Half the height of a posterior's bar.
const HALF_BAR: f64 = 2.4;
const BAR: Ink = Ink::BLUE;
const READ: Ink = Ink::VERMILLION;

impl InferenceFigure {
    /// Draws it.
    pub fn draw(&self) -> Drawing {
        let mut page = Page::begin(&self.frame);
        let mut key = vec![
            KeyEntry {
                mark: Mark::Line(Ink::BLACK),
                words: "95 % by likelihood".to_owned(),
            },
            KeyEntry {
                mark: Mark::DotOnBar(BAR.tint(0.4), BAR),
                words: "posterior: median, shortest 95 %".to_owned(),
            },
        ];
        if self.rows.iter().any(|row| row.undiluted.is_some()) {
            key.push(KeyEntry {
                mark: Mark::Diamond(READ),
                words: "the reading itself, undiluted".to_owned(),
            });
        }
        key.push(KeyEntry {
            mark: Mark::Box(Ink(0xF0, 0xF0, 0xF0)),
            words: "prior".to_owned(),
        });
        page.key(&key);
        page.heading("Absent while it was dark", "% of the world's hashrate");
        if self.rows.is_empty() {
            let top = page.cursor_pt;
            let (a, b) = ((LEFT, top), (RIGHT, top + 24.0));
            words_in_box(&mut page.canvas, a, b, "Nothing was observed.");
            page.space(24.0);
        } else {
            self.draw_rows(&mut page);
        }
        if !self.conflict.is_empty() {
            page.space(3.0);
            page.paragraph(&self.conflict, SMALL_PT, Weight::Regular, Ink::BLACK);
        }
        let notes = format!(
            "Intervals of the fraction of the world's hashrate absent while it was dark, by \
             observable: 95 % by likelihood (below zero hashrate rose), and median and shortest \
             95 % of the posterior under a prior uniform from {} to {} %. Diamonds are losses that \
             would show exactly what was read, by how much of its window was dark. {}",
            number(self.prior.0, 0),
            number(self.prior.1, 0),
            self.conflict,
        );
        page.finish("inference", self.numbers(), &self.details(), &notes)
    }

    fn draw_rows(&self, page: &mut Page<'_>) {
        let weight = |row: &InferenceRow| match row.joint {
            true => Weight::Bold,
            false => Weight::Regular,
        };
        let lines_of = |row: &InferenceRow| wrap(&row.label, SMALL_PT, weight(row), 88.0);
        let labels: Vec<Vec<String>> = self.rows.iter().map(lines_of).collect();
        let widest = self.rows.iter().zip(&labels).flat_map(|(row, lines)| {
            lines
                .iter()
                .map(|line| width_pt(line, SMALL_PT, weight(row)))
        });
        let widest = widest.fold(0.0, f64::max);
        let ends = self.rows.iter().flat_map(|row| {
            let (low, high) = row.undiluted.unwrap_or(row.posterior_95);
            let (a, b) = (row.likelihood_95, row.posterior_95);
            [a.0, a.1, b.0, b.1, low, high]
        });
        let scale = Scale::covering(ends.chain([self.prior.0, self.prior.1]), 5, true);
        let told = |row: &InferenceRow| number(row.posterior_median, 0);
        let values = self.rows.iter().map(|row| {
            let words = told(row);
            width_pt(&words, SMALL_PT, Weight::Bold)
        });
        let (left, right) = (
            LEFT + widest + 5.0,
            RIGHT - values.fold(0.0, f64::max) - 5.0,
        );
        let x = |value: f64| left + scale.part(value) * (right - left);
        page.space(SMALL_PT + 1.0);
        let height = |lines: &Vec<String>| rows::height(lines, ROW_GAP);
        let heights: Vec<f64> = labels.iter().map(height).collect();
        let baseline = page.cursor_pt;
        let top = baseline + 1.5;
        let bottom = top + heights.iter().sum::<f64>();
        let shade = Ink(0xF0, 0xF0, 0xF0);
        let canvas = &mut page.canvas;
        canvas.block((x(self.prior.0), top), (x(self.prior.1), bottom), shade);
        let print = |tick: f64| number(tick, digits_of(scale.step));
        rows::uprights(canvas, &scale, &x, (top, bottom), baseline, &print);
        page.cursor_pt = top;
        for ((row, lines), height) in self.rows.iter().zip(&labels).zip(&heights) {
            let middle = page.cursor_pt + height / 2.0;
            rows::name(&mut page.canvas, lines, middle, weight(row));
            draw_row(&mut page.canvas, row, middle, &x);
            let drop = SMALL_PT * CAPITAL / 2.0;
            let text = Text::new(told(row), (RIGHT, middle + drop), SMALL_PT).ink(BAR);
            page.canvas.text(text.bold().align(Align::Right));
            page.cursor_pt += height;
        }
        page.space(SMALL_PT * (LEADING - 1.0));
    }

    fn numbers(&self) -> String {
        let mut table = Numbers::with_columns(&["observable", "what", "statistic", "loss_percent"]);
        for row in &self.rows {
            let undiluted = row
                .undiluted
                .map(|(low, high)| [("undiluted_lowest", low), ("undiluted_highest", high)]);
            let intervals = [
                ("likelihood_lower_95", row.likelihood_95.0),
                ("likelihood_upper_95", row.likelihood_95.1),
                ("posterior_median", row.posterior_median),
                ("posterior_lower_95", row.posterior_95.0),
                ("posterior_upper_95", row.posterior_95.1),
            ];
            for (statistic, value) in undiluted.into_iter().flatten().chain(intervals) {
                table.row(&[
                    word(&row.observable),
                    word(&row.label),
                    word(statistic),
                    cell(value),
                ]);
            }
        }
        table.finish()
    }

    fn details(&self) -> String {
        let told = self.rows.iter().map(|row| {
            format!(
                "{}: {} to {} % by likelihood, posterior median {} %",
                row.label,
                number(row.likelihood_95.0, 0),
                number(row.likelihood_95.1, 0),
                number(row.posterior_median, 0),
            )
        });
        told.collect::<Vec<_>>().join("; ")
    }
}

fn draw_row(canvas: &mut Canvas, row: &InferenceRow, middle: f64, x: &dyn Fn(f64) -> f64) {
    let (low, high) = row.posterior_95;
    let bar = BAR.tint(0.4);
    canvas.block(
        (x(low), middle - HALF_BAR),
        (x(high), middle + HALF_BAR),
        bar,
    );
    let (low, high) = row.likelihood_95;
    canvas.line(vec![(x(low), middle), (x(high), middle)], Ink::BLACK, 0.7);
    for end in [low, high] {
        let upright = vec![(x(end), middle - 1.8), (x(end), middle + 1.8)];
        canvas.line(upright, Ink::BLACK, 0.7);
    }
    canvas.disc((x(row.posterior_median), middle), 2.0, BAR);
    // Above the bar, so that nothing is hidden.
    if let Some((low, high)) = row.undiluted {
        let above = middle - HALF_BAR - 2.4;
        for loss in [low, high] {
            diamond(canvas, (x(loss), above), 1.9, READ);
        }
    }
}

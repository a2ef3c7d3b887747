//! Readings as changes: what each observer saw, beside what it sees of simulated futures.

use super::canvas::{Align, Canvas, Text};
use super::ink::{CAPITAL, Ink, LEADING, SMALL_PT};
use super::lettering::{Weight, width_pt, wrap};
use super::numbers::{Numbers, cell, word};
use super::page::{KeyEntry, LEFT, Mark, Page, RIGHT, diamond, words_in_box};
use super::rows;
use super::scale::{Scale, digits_of, signed};
use super::{Drawing, Frame};

/// One observer: its reading of simulated futures and of reality, percent.
#[derive(Debug, Clone)]
pub struct ReadingRow {
    /// Name of the observer.
    pub name: String,
    /// What it compares: "5–10 Jan against 11 Dec–4 Jan"; may be empty.
    pub compares: String,
    /// 5 % of futures' readings lie below.
    pub p5_percent: f64,
    /// Median over futures.
    pub median_percent: f64,
    /// 95 % of futures' readings lie below.
    pub p95_percent: f64,
    /// Median of the true change over the same spans; NaN where there is none.
    pub truth_percent: f64,
    /// The reading of reality; NaN for none.
    pub observed_percent: f64,
    /// Its 95 % interval; NaN where nobody told its error.
    pub observed_lower_95_percent: f64,
    /// Upper end of it.
    pub observed_upper_95_percent: f64,
}

/// Two lines an observer: simulated (dot on bar) above what was observed (dot with interval).
#[derive(Debug, Clone)]
pub struct ReadingsFigure {
    /// Title, subtitle, footer.
    pub frame: Frame,
    /// The observers in the order of print.
    pub rows: Vec<ReadingRow>,
}

const SIMULATED: Ink = Ink::BLUE;
const OBSERVED: Ink = Ink::BLACK;
const REPORTED: Ink = Ink::VERMILLION;
const TRUTH: Ink = Ink::GREEN;
/// Distance of a row's two lines from its middle.
const APART: f64 = 4.0;

impl ReadingsFigure {
    /// Draws it.
    pub fn draw(&self) -> Drawing {
        let mut page = Page::begin(&self.frame);
        page.heading("Change of the world’s hashrate, as read", "%");
        page.key(&self.key());
        if self.rows.is_empty() {
            let top = page.cursor_pt;
            words_in_box(
                &mut page.canvas,
                (LEFT, top),
                (RIGHT, top + 24.0),
                "No observers.",
            );
            page.space(24.0);
        } else {
            self.draw_rows(&mut page);
        }
        let notes = "Change of hashrate as each observer reads it: median and P5–P95 over simulated \
                     futures above, the same estimator over what was observed below, with its 95 % \
                     interval where it has one; green ticks are the median of the true change.";
        page.finish("readings", self.numbers(), &self.details(), notes)
    }

    fn key(&self) -> Vec<KeyEntry> {
        let entry = |mark: Mark, words: &str| KeyEntry {
            mark,
            words: words.into(),
        };
        let mut key = vec![entry(
            Mark::DotOnBar(SIMULATED.tint(0.4), SIMULATED),
            "simulated: median, P5–P95",
        )];
        if self.rows.iter().any(|row| row.truth_percent.is_finite()) {
            key.push(entry(Mark::Line(TRUTH), "true change, median"));
        }
        if self.rows.iter().any(ReadingRow::has_interval) {
            key.push(entry(Mark::Whisker(OBSERVED), "observed, 95 % interval"));
        }
        if self.rows.iter().any(ReadingRow::is_reported) {
            key.push(entry(Mark::Diamond(REPORTED), "reported at the time"));
        }
        key
    }

    fn draw_rows(&self, page: &mut Page<'_>) {
        let room = 96.0;
        let labels: Vec<(Vec<String>, Vec<String>)> = self
            .rows
            .iter()
            .map(|row| {
                let name = wrap(&row.name, SMALL_PT, Weight::Bold, room);
                let compares = wrap(&row.compares, SMALL_PT, Weight::Regular, room);
                let spoken = !row.compares.trim().is_empty();
                (name, if spoken { compares } else { vec![] })
            })
            .collect();
        let widest = labels
            .iter()
            .flat_map(|(name, compares)| {
                let bold = name
                    .iter()
                    .map(|line| width_pt(line, SMALL_PT, Weight::Bold));
                let regular = compares
                    .iter()
                    .map(|line| width_pt(line, SMALL_PT, Weight::Regular));
                bold.chain(regular)
            })
            .fold(0.0, f64::max);
        let scale = Scale::covering(self.rows.iter().flat_map(ReadingRow::values), 4, true);
        let digits = 1;
        let values_width = self
            .rows
            .iter()
            .flat_map(|row| [row.median_percent, row.observed_percent])
            .filter(|value| value.is_finite())
            .map(|value| width_pt(&signed(value, digits), SMALL_PT, Weight::Bold))
            .fold(0.0, f64::max);
        let (left, right) = (LEFT + widest + 5.0, RIGHT - values_width - 5.0);
        let x = |value: f64| left + scale.part(value) * (right - left);

        page.space(SMALL_PT + 1.0);
        let line = SMALL_PT * LEADING;
        let heights: Vec<f64> = labels
            .iter()
            .map(|(name, compares)| ((name.len() + compares.len()) as f64).max(2.2) * line + 3.0)
            .collect();
        let (top, bottom) = (
            page.cursor_pt + 1.5,
            page.cursor_pt + 1.5 + heights.iter().sum::<f64>(),
        );
        let print = |tick: f64| signed(tick, digits_of(scale.step));
        let baseline = page.cursor_pt;
        let ends = (top, bottom);
        rows::uprights(&mut page.canvas, &scale, &x, ends, baseline, &print);
        page.cursor_pt = top;
        for ((row, (name, compares)), height) in self.rows.iter().zip(&labels).zip(&heights) {
            let middle = page.cursor_pt + height / 2.0;
            let lines = name.len() + compares.len();
            let mut at = middle - (lines as f64 - 1.0) / 2.0 * line + SMALL_PT * CAPITAL / 2.0;
            for words in name {
                let text = Text::new(words.as_str(), (LEFT, at), SMALL_PT).bold();
                page.canvas.text(text);
                at += line;
            }
            for words in compares {
                let text = Text::new(words.as_str(), (LEFT, at), SMALL_PT).ink(Ink::GREY);
                page.canvas.text(text);
                at += line;
            }
            row.draw(&mut page.canvas, middle, &x, digits);
            page.cursor_pt += height;
        }
    }

    fn numbers(&self) -> String {
        let mut table = Numbers::with_columns(&["observer", "statistic", "change_percent"]);
        for row in &self.rows {
            for (statistic, value) in row.statistics() {
                table.row(&[word(&row.name), word(statistic), cell(value)]);
            }
        }
        table.finish()
    }

    fn details(&self) -> String {
        let rows: Vec<String> = self.rows.iter().map(ReadingRow::in_words).collect();
        format!("Rows of bars, one an observer. {}", rows.join("; "))
    }
}

impl ReadingRow {
    fn has_interval(&self) -> bool {
        self.observed_lower_95_percent.is_finite() && self.observed_upper_95_percent.is_finite()
    }

    fn is_reported(&self) -> bool {
        self.observed_percent.is_finite() && !self.has_interval()
    }

    fn statistics(&self) -> [(&'static str, f64); 7] {
        [
            ("p5", self.p5_percent),
            ("median", self.median_percent),
            ("p95", self.p95_percent),
            ("true_median", self.truth_percent),
            ("observed", self.observed_percent),
            ("observed_lower_95", self.observed_lower_95_percent),
            ("observed_upper_95", self.observed_upper_95_percent),
        ]
    }

    fn values(&self) -> impl Iterator<Item = f64> {
        self.statistics().into_iter().map(|(_, value)| value)
    }

    fn in_words(&self) -> String {
        let mut words = self.name.clone();
        let simulated = [self.median_percent, self.p5_percent, self.p95_percent];
        if simulated.iter().all(|value| value.is_finite()) {
            let [median, low, high] = simulated.map(|value| signed(value, 1));
            words.push_str(&format!(": simulated {median} % ({low} to {high})"));
        }
        if self.observed_percent.is_finite() {
            words.push_str(&format!(
                ", observed {} %",
                signed(self.observed_percent, 1)
            ));
        }
        if self.has_interval() {
            words.push_str(&format!(
                " ({} to {})",
                signed(self.observed_lower_95_percent, 1),
                signed(self.observed_upper_95_percent, 1)
            ));
        }
        words
    }

    fn draw(&self, canvas: &mut Canvas, middle: f64, x: &dyn Fn(f64) -> f64, digits: usize) {
        let (above, below) = (middle - APART, middle + APART);
        let drop = SMALL_PT * CAPITAL / 2.0;
        if self.p5_percent.is_finite() && self.p95_percent.is_finite() {
            canvas.block(
                (x(self.p5_percent) - 0.3, above - 2.0),
                (x(self.p95_percent) + 0.3, above + 2.0),
                SIMULATED.tint(0.4),
            );
        }
        if self.truth_percent.is_finite() {
            let place = x(self.truth_percent);
            canvas.line(vec![(place, above - 3.4), (place, above + 3.4)], TRUTH, 1.2);
        }
        if self.median_percent.is_finite() {
            canvas.disc((x(self.median_percent), above), 1.9, SIMULATED);
            let words = signed(self.median_percent, digits);
            let text = Text::new(words, (RIGHT, above + drop), SMALL_PT).ink(SIMULATED);
            canvas.text(text.bold().align(Align::Right));
        }
        if self.has_interval() {
            let ends = [
                self.observed_lower_95_percent,
                self.observed_upper_95_percent,
            ]
            .map(x);
            canvas.line(vec![(ends[0], below), (ends[1], below)], OBSERVED, 0.9);
            for end in ends {
                canvas.line(vec![(end, below - 2.0), (end, below + 2.0)], OBSERVED, 0.9);
            }
            canvas.disc((x(self.observed_percent), below), 1.9, OBSERVED);
        } else if self.is_reported() {
            diamond(canvas, (x(self.observed_percent), below), 2.9, REPORTED);
        }
        if self.observed_percent.is_finite() {
            let ink = if self.has_interval() {
                OBSERVED
            } else {
                REPORTED
            };
            let words = signed(self.observed_percent, digits);
            let text = Text::new(words, (RIGHT, below + drop), SMALL_PT).ink(ink);
            canvas.text(text.bold().align(Align::Right));
        }
    }
}

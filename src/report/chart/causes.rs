//! Figure 4: where the loss came from, cause by cause, down to its total.

use super::canvas::{Align, Text};
use super::ink::{CAPITAL, Ink, LEADING, SMALL_PT};
use super::lettering::{Weight, width_pt, wrap};
use super::numbers::{Numbers, cell, word};
use super::page::{KeyEntry, LEFT, Mark, Page, RIGHT};
use super::rows;
use super::scale::{Scale, digits_for, digits_of, number};
use super::{Drawing, Frame};

/// A cause and its part of the mean loss.
#[derive(Debug, Clone)]
pub struct CauseOfLoss {
    /// Name in print: "link", "no supply", "order to curtail".
    pub cause: String,
    /// Mean over futures, in the figure's unit; negative where the cause gained.
    pub mean: f64,
}

/// A waterfall: the causes add up to the mean total, which carries its range over futures.
#[derive(Debug, Clone)]
pub struct CausesFigure {
    /// Title, subtitle, footer.
    pub frame: Frame,
    /// What is lost: "Lost hashrate, blackout window".
    pub quantity: String,
    /// Its unit in print: "EH/s-days".
    pub unit: String,
    /// Its column in the table: "lost_hashrate_ehs_days".
    pub column: String,
    /// The causes in their order of attribution.
    pub causes: Vec<CauseOfLoss>,
    /// Mean of the total: the sum of the causes.
    pub total_mean: f64,
    /// 5 % of futures lose less.
    pub total_p5: f64,
    /// Half of futures lose less.
    pub total_median: f64,
    /// 95 % of futures lose less.
    pub total_p95: f64,
}

const LOSS: Ink = Ink::VERMILLION;
const GAIN: Ink = Ink::GREEN;
const TOTAL: Ink = Ink::BLUE;

impl CausesFigure {
    /// Draws it.
    pub fn draw(&self) -> Drawing {
        let mut page = Page::begin(&self.frame);
        page.heading(&self.quantity, &format!("{}, mean over futures", self.unit));
        let mut key = vec![KeyEntry {
            mark: Mark::Box(LOSS),
            words: "lost to this cause first".into(),
        }];
        if self.causes.iter().any(|cause| cause.mean < 0.0) {
            key.push(KeyEntry {
                mark: Mark::Box(GAIN),
                words: "less lost to it than without the event".into(),
            });
        }
        key.push(KeyEntry {
            mark: Mark::Whisker(Ink::BLACK),
            words: "total: median, P5–P95 of futures".into(),
        });
        page.key(&key);
        page.space(3.0);
        self.draw_rows(&mut page);
        let notes = format!(
            "{}: each missing hash counts for the first cause in this order; the causes add up to the mean total.",
            self.quantity
        );
        page.finish("causes", self.numbers(), &self.details(), &notes)
    }

    /// The printed values: rounded so that the printed causes add up to the printed total.
    fn labels(&self) -> (Vec<String>, String) {
        let digits = digits_for(self.total_mean).min(6);
        let unit = libm::pow(10.0, digits as f64);
        let means: Vec<f64> = self.causes.iter().map(|cause| cause.mean).collect();
        let parts = rounded_to_sum(&means, self.total_mean, unit);
        let print = |part: f64, mean: f64| {
            // What is there but too small for a digit is said, not shown as nothing.
            if part == 0.0 && mean != 0.0 && mean.is_finite() {
                let step = number(1.0 / unit, digits);
                if mean < 0.0 {
                    format!("> −{step}")
                } else {
                    format!("<{step}")
                }
            } else {
                number(part / unit, digits)
            }
        };
        let words = parts
            .iter()
            .zip(&means)
            .map(|(part, mean)| print(*part, *mean))
            .collect();
        (words, number(self.total_mean, digits))
    }

    fn draw_rows(&self, page: &mut Page<'_>) {
        let (values, total_words) = self.labels();
        let labels: Vec<Vec<String>> = self
            .causes
            .iter()
            .map(|cause| wrap(&cause.cause, SMALL_PT, Weight::Regular, 84.0))
            .collect();
        let total_label = "total";
        let widest = labels
            .iter()
            .flatten()
            .map(|line| width_pt(line, SMALL_PT, Weight::Regular))
            .fold(width_pt(total_label, SMALL_PT, Weight::Bold), f64::max);
        let values_width = values
            .iter()
            .map(|words| width_pt(words, SMALL_PT, Weight::Regular))
            .fold(width_pt(&total_words, SMALL_PT, Weight::Bold), f64::max);
        let (left, right) = (LEFT + widest + 4.0, RIGHT - values_width - 5.0);
        let mut running = vec![0.0];
        for cause in &self.causes {
            let mean = if cause.mean.is_finite() {
                cause.mean
            } else {
                0.0
            };
            running.push(running[running.len() - 1] + mean);
        }
        let ends = [
            self.total_mean,
            self.total_p5,
            self.total_p95,
            self.total_median,
        ];
        let scale = Scale::covering(running.iter().copied().chain(ends), 4, true);
        let x = |value: f64| left + scale.part(value) * (right - left);
        let heights: Vec<f64> = labels
            .iter()
            .map(|lines| rows::height(lines, 5.0))
            .collect();
        const TOTAL_HEIGHT: f64 = 17.0;
        let top = page.cursor_pt;
        let bottom = top + heights.iter().sum::<f64>() + TOTAL_HEIGHT;
        let print = |tick: f64| number(tick, digits_of(scale.step));
        let baseline = bottom + SMALL_PT + 2.0;
        rows::uprights(
            &mut page.canvas,
            &scale,
            &x,
            (top, bottom),
            baseline,
            &print,
        );
        let drop = SMALL_PT * CAPITAL / 2.0;
        for (index, cause) in self.causes.iter().enumerate() {
            let height = heights[index];
            let middle = page.cursor_pt + height / 2.0;
            rows::name(&mut page.canvas, &labels[index], middle, Weight::Regular);
            let (from, to) = (x(running[index]), x(running[index + 1]));
            let ink = if cause.mean < 0.0 { GAIN } else { LOSS };
            if cause.mean.is_finite() && cause.mean != 0.0 {
                let (a, b) = (from.min(to), from.max(to).max(from.min(to) + 0.6));
                page.canvas.block((a, middle - 4.0), (b, middle + 4.0), ink);
            }
            let next =
                page.cursor_pt + height + heights.get(index + 1).map_or(TOTAL_HEIGHT, |h| *h) / 2.0
                    - 4.0;
            page.canvas.line(
                vec![(to, middle - 4.0), (to, next.max(middle))],
                Ink::GREY,
                0.4,
            );
            let text = Text::new(values[index].as_str(), (RIGHT, middle + drop), SMALL_PT);
            page.canvas.text(text.align(Align::Right));
            page.cursor_pt += height;
        }
        let middle = page.cursor_pt + TOTAL_HEIGHT / 2.0;
        let at = (LEFT, middle + drop);
        page.canvas
            .text(Text::new(total_label, at, SMALL_PT).bold());
        page.canvas.block(
            (x(0.0), middle - 5.0),
            (x(self.total_mean), middle + 5.0),
            TOTAL.tint(0.55),
        );
        let whisker = [self.total_p5, self.total_p95];
        if whisker.iter().all(|value| value.is_finite()) {
            let (a, b) = (x(whisker[0]), x(whisker[1]));
            page.canvas
                .line(vec![(a, middle), (b, middle)], Ink::BLACK, 0.9);
            for end in [a, b] {
                page.canvas.line(
                    vec![(end, middle - 3.0), (end, middle + 3.0)],
                    Ink::BLACK,
                    0.9,
                );
            }
        }
        if self.total_median.is_finite() {
            page.canvas
                .disc((x(self.total_median), middle), 2.0, Ink::BLACK);
        }
        let text = Text::new(total_words, (RIGHT, middle + drop), SMALL_PT);
        page.canvas.text(text.bold().align(Align::Right));
        page.cursor_pt = bottom + SMALL_PT * LEADING + 3.0;
    }

    fn numbers(&self) -> String {
        let mut table = Numbers::with_columns(&["cause", "statistic", &self.column]);
        for cause in &self.causes {
            table.row(&[word(&cause.cause), word("mean"), cell(cause.mean)]);
        }
        for (statistic, value) in [
            ("mean", self.total_mean),
            ("p5", self.total_p5),
            ("median", self.total_median),
            ("p95", self.total_p95),
        ] {
            table.row(&[word("total"), word(statistic), cell(value)]);
        }
        table.finish()
    }

    fn details(&self) -> String {
        let (values, total) = self.labels();
        let listed: Vec<String> = self
            .causes
            .iter()
            .zip(&values)
            .map(|(cause, value)| format!("{} {value}", cause.cause))
            .collect();
        let digits = digits_for(self.total_mean).min(6);
        format!(
            "A waterfall of the mean loss in {}: {}; total {total}, with {} to {} in nine futures of ten.",
            self.unit,
            if listed.is_empty() {
                "no causes".to_owned()
            } else {
                listed.join(", ")
            },
            number(self.total_p5, digits),
            number(self.total_p95, digits),
        )
    }
}

/// Rounds parts to whole multiples of 1 / `unit` so that they add up to the rounded total, by
/// largest remainder; parts that are exactly zero stay zero. Returns the multiples.
fn rounded_to_sum(parts: &[f64], total: f64, unit: f64) -> Vec<f64> {
    let scaled: Vec<f64> = parts
        .iter()
        .map(|p| if p.is_finite() { p * unit } else { 0.0 })
        .collect();
    let mut whole: Vec<f64> = scaled.iter().map(|part| libm::floor(*part)).collect();
    let target = libm::rint(if total.is_finite() { total * unit } else { 0.0 });
    let missing = target - whole.iter().sum::<f64>();
    let mut order: Vec<usize> = (0..parts.len())
        .filter(|index| scaled[*index] != 0.0)
        .collect();
    order.sort_by(|a, b| (scaled[*b] - whole[*b]).total_cmp(&(scaled[*a] - whole[*a])));
    // A total that is not the sum of its parts is not this function's to hide: the parts then
    // are rounded for themselves.
    if missing < 0.0 || missing > order.len() as f64 {
        return scaled.iter().map(|part| libm::rint(*part)).collect();
    }
    for index in order.into_iter().take(missing as usize) {
        whole[index] += 1.0;
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn thirds_add_up() {
        assert_eq!(
            rounded_to_sum(&[1.0 / 3.0; 3], 1.0, 10.0),
            vec![4.0, 3.0, 3.0]
        );
        assert_eq!(
            rounded_to_sum(&[0.0, 2.5, -0.5], 2.0, 1.0)
                .iter()
                .sum::<f64>(),
            2.0
        );
        assert_eq!(rounded_to_sum(&[], 0.0, 1.0), Vec::<f64>::new());
    }

    proptest! {
        #[test]
        fn printed_parts_add_up_to_the_printed_total(parts in prop::collection::vec(-50.0..50.0f64, 1..12)) {
            let total: f64 = parts.iter().sum();
            let rounded = rounded_to_sum(&parts, total, 10.0);
            prop_assert_eq!(rounded.iter().sum::<f64>(), libm::rint(total * 10.0));
            for (part, whole) in parts.iter().zip(rounded) {
                prop_assert!((part * 10.0 - whole).abs() <= 1.0 + 1e-9);
            }
        }
    }
}

//! Counts against what was foreseen: by day, against rivals, and as a whole.

use super::canvas::{Align, Spot, Text};
use super::clock::spoken;
use super::ink::{CAPITAL, Ink, LEADING, SMALL_PT};
use super::lettering::{Weight, width_pt, wrap};
use super::numbers::{Numbers, cell, time_cell, word};
use super::page::{KeyEntry, LEFT, Mark, Page, RIGHT};
use super::panel::{GUTTER_GAP, TimeAxis, TimePanel};
use super::scale::{Scale, digits_of, number, signed};
use super::{Drawing, Frame};

const MS_PER_DAY: i64 = 86_400_000;

/// A counted day and the intervals that were foreseen.
#[derive(Debug, Clone, PartialEq)]
pub struct BacktestDay {
    /// Begin, Unix ms.
    pub day_utc_ms: i64,
    /// Blocks counted.
    pub counted: f64,
    /// Median of the blocks foreseen.
    pub median: f64,
    /// Central intervals of 50, 80 and 95 %.
    pub intervals: [(f64, f64); 3],
    /// Mean of the blocks foreseen with no loss.
    pub no_loss: f64,
}

/// A rival and how far the simulation is ahead of it.
#[derive(Debug, Clone, PartialEq)]
pub struct RivalBar {
    /// Its name.
    pub name: String,
    /// Joint log score of the simulation less that of the rival, nats.
    pub ahead_nats: f64,
    /// Simulation error of that.
    pub error_nats: f64,
}

/// Counts by day, rivals, and the distribution of transforms with its band.
#[derive(Debug, Clone)]
pub struct BacktestFigure {
    /// Title, subtitle, footer.
    pub frame: Frame,
    /// The counted days, in order.
    pub days: Vec<BacktestDay>,
    /// The window of the loss, Unix ms.
    pub window: Option<(i64, i64)>,
    /// The rivals.
    pub rivals: Vec<RivalBar>,
    /// Nats below which nothing is told apart.
    pub told_apart_nats: f64,
    /// Transforms of the days, in any order.
    pub transforms: Vec<f64>,
    /// Bounds of the sorted transforms.
    pub band: (Vec<f64>, Vec<f64>),
}

impl BacktestFigure {
    /// Draws it.
    pub fn draw(&self) -> Drawing {
        let mut page = Page::begin(&self.frame);
        let mut table = Numbers::with_columns(&["panel", "at", "series", "value"]);
        self.counts(&mut page, &mut table);
        page.space(7.0);
        self.bars(&mut page, &mut table);
        page.space(7.0);
        self.distribution(&mut page, &mut table);
        let notes = "Intervals are those of the count over all simulated futures, Poisson noise \
                     included. Rivals have the same world level, growth and noise. Transforms are \
                     taken day by day, given the days before, so that they are independent; under \
                     a right model their distribution leaves its band in one table of twenty.";
        page.finish("backtest", table.finish(), &self.details(), notes)
    }

    /// In words.
    fn details(&self) -> String {
        let within = self
            .days
            .iter()
            .filter(|day| (day.intervals[2].0..=day.intervals[2].1).contains(&day.counted))
            .count();
        let span = match (self.days.first(), self.days.last()) {
            (Some(first), Some(last)) => {
                format!(
                    "{} to {}",
                    spoken(first.day_utc_ms),
                    spoken(last.day_utc_ms)
                )
            }
            _ => "no day".to_owned(),
        };
        let rivals: Vec<String> = self
            .rivals
            .iter()
            .map(|rival| format!("{} {} nats", rival.name, signed(rival.ahead_nats, 1)))
            .collect();
        format!(
            "Blocks counted by day, {span}: {within} of {} days within the 95 % interval. \
             Simulation ahead of: {}.",
            self.days.len(),
            rivals.join("; ")
        )
    }

    /// Counts over the intervals.
    fn counts(&self, page: &mut Page<'_>, table: &mut Numbers) {
        let blue = Ink::BLUE;
        page.key(&[
            KeyEntry {
                mark: Mark::DotAndBar(Ink::BLACK),
                words: "counted".into(),
            },
            KeyEntry {
                mark: Mark::Line(blue),
                words: "foreseen, median".into(),
            },
            KeyEntry {
                mark: Mark::Box(blue.tint(0.5)),
                words: "50 %".into(),
            },
            KeyEntry {
                mark: Mark::Box(blue.tint(0.32)),
                words: "80 %".into(),
            },
            KeyEntry {
                mark: Mark::Box(blue.tint(0.17)),
                words: "95 % of counts".into(),
            },
            KeyEntry {
                mark: Mark::Dashes(Ink::VERMILLION),
                words: "no loss, mean".into(),
            },
        ]);
        page.heading("Blocks a day", "counted and foreseen");
        let (axis, days) = self.axis();
        let series = |value: &dyn Fn(&BacktestDay) -> f64| -> Vec<f64> {
            let of = |day: &Option<&BacktestDay>| day.map_or(f64::NAN, value);
            days.iter().map(of).collect()
        };
        let values = self.days.iter().flat_map(|day| {
            [
                day.counted,
                day.no_loss,
                day.intervals[2].0,
                day.intervals[2].1,
            ]
        });
        let scale = Scale::covering(values, 4, false);
        let gutter = axis.gutter().max(scale.words_width());
        let panel = TimePanel::open(page, &axis, gutter, 96.0, scale);
        if let Some((from, until)) = self.window {
            let (left, right) = (panel.x(from), panel.x(until));
            let grey = Ink::GREY.tint(0.13);
            page.canvas
                .block((left, panel.top), (right, panel.bottom), grey);
        }
        panel.grid(&mut page.canvas);
        for (level, strength) in [(2, 0.17), (1, 0.32), (0, 0.5)] {
            let low = series(&|day| day.intervals[level].0);
            let high = series(&|day| day.intervals[level].1);
            panel.band(&mut page.canvas, &axis, &low, &high, blue.tint(strength));
        }
        let median = series(&|day| day.median);
        panel.line(&mut page.canvas, &axis, &median, blue, 1.0);
        for pair in self.days.windows(2) {
            let middle = |day: &BacktestDay| -> Spot {
                (
                    panel.x(day.day_utc_ms + MS_PER_DAY / 2),
                    panel.y(day.no_loss),
                )
            };
            if pair[1].day_utc_ms - pair[0].day_utc_ms == MS_PER_DAY {
                let path = [middle(&pair[0]), middle(&pair[1])];
                page.canvas.dashed(&path, Ink::VERMILLION, 0.9, 2.6, 1.6);
            }
        }
        for day in &self.days {
            let spot = (
                panel.x(day.day_utc_ms + MS_PER_DAY / 2),
                panel.y(day.counted),
            );
            page.canvas.disc(spot, 2.3, Ink::WHITE);
            page.canvas.disc(spot, 1.7, Ink::BLACK);
        }
        panel.clocks(page, &axis);
        for day in &self.days {
            let mut record = |series: &str, value: f64| {
                table.row(&[
                    word("counts"),
                    time_cell(day.day_utc_ms),
                    word(series),
                    cell(value),
                ]);
            };
            record("counted", day.counted);
            record("median", day.median);
            for (name, (low, high)) in ["50", "80", "95"].iter().zip(day.intervals) {
                record(&format!("low_{name}"), low);
                record(&format!("high_{name}"), high);
            }
            record("no_loss_mean", day.no_loss);
        }
    }

    /// Every day from the first to the last, and what was counted on it.
    fn axis(&self) -> (TimeAxis, Vec<Option<&BacktestDay>>) {
        let first = self.days.first().map_or(0, |day| day.day_utc_ms);
        let last = self.days.last().map_or(first, |day| day.day_utc_ms);
        let count = ((last - first) / MS_PER_DAY).clamp(0, 4000);
        let times_utc_ms: Vec<i64> = (0..=count).map(|day| first + day * MS_PER_DAY).collect();
        let find = |at: &i64| {
            let found = self.days.binary_search_by_key(at, |day| day.day_utc_ms);
            found.ok().and_then(|index| self.days.get(index))
        };
        let days = times_utc_ms.iter().map(find).collect();
        let axis = TimeAxis {
            times_utc_ms,
            bin_ms: MS_PER_DAY,
            local: None,
        };
        (axis, days)
    }

    /// How far ahead of each rival, with the zone in which nothing is told apart.
    fn bars(&self, page: &mut Page<'_>, table: &mut Numbers) {
        const ROW: f64 = 11.0;
        let apart = self.told_apart_nats;
        page.heading(
            "Joint log score: simulation ahead of",
            "nats, all days as one",
        );
        let most = (RIGHT - LEFT) * 0.38;
        let lines: Vec<Vec<String>> = self
            .rivals
            .iter()
            .map(|rival| wrap(&rival.name, SMALL_PT, Weight::Regular, most))
            .collect();
        let widths = lines.iter().flatten();
        let gutter = widths
            .map(|line| width_pt(line, SMALL_PT, Weight::Regular))
            .fold(0.0, f64::max);
        let ends = self.rivals.iter().map(|rival| rival.ahead_nats);
        let scale = Scale::covering(ends.chain([-apart * 1.4, apart * 1.4]), 5, true);
        let left = LEFT + gutter + GUTTER_GAP + 2.0;
        let x = |value: f64| left + scale.part(value) * (RIGHT - 4.0 - left);
        let top = page.cursor_pt + 2.0;
        let heights = lines
            .iter()
            .map(|lines| ROW.max(lines.len() as f64 * SMALL_PT * LEADING + 2.0));
        let heights: Vec<f64> = heights.collect();
        let bottom = top + heights.iter().sum::<f64>();
        let canvas = &mut page.canvas;
        canvas.block((x(-apart), top), (x(apart), bottom), Ink::GREY.tint(0.13));
        let mut y = top;
        for ((rival, lines), height) in self.rivals.iter().zip(&lines).zip(&heights) {
            let middle = y + height / 2.0;
            let first = middle - (lines.len() as f64 - 1.0) * SMALL_PT * LEADING / 2.0;
            for (row, line) in lines.iter().enumerate() {
                let baseline = first + row as f64 * SMALL_PT * LEADING + SMALL_PT * CAPITAL / 2.0;
                let text = Text::new(line, (left - GUTTER_GAP - 2.0, baseline), SMALL_PT);
                canvas.text(text.align(Align::Right));
            }
            let ink = if rival.ahead_nats.abs() < apart {
                Ink::GREY.tint(0.45)
            } else {
                Ink::BLUE.tint(0.7)
            };
            let (from, to) = (0.0_f64.min(rival.ahead_nats), 0.0_f64.max(rival.ahead_nats));
            canvas.block((x(from), middle - 3.2), (x(to), middle + 3.2), ink);
            let value = Text::new(signed(rival.ahead_nats, 1), (0.0, 0.0), SMALL_PT);
            let width = value.width_pt();
            let (after, before) = (x(to) + 3.0, x(from) - 3.0 - width);
            let is_after = rival.ahead_nats >= 0.0;
            let (at, own) = match is_after {
                true if after + width <= RIGHT => (after, Ink::BLACK),
                false if before >= left => (before, Ink::BLACK),
                // No room beside a long bar: its number stands in it.
                true => (x(to) - 3.0 - width, ink.text_on()),
                false => (x(from) + 3.0, ink.text_on()),
            };
            let baseline = middle + SMALL_PT * CAPITAL / 2.0;
            canvas.text(
                Text {
                    at: (at, baseline),
                    ..value
                }
                .ink(own),
            );
            y += height;
            for (series, value) in [("ahead", rival.ahead_nats), ("error", rival.error_nats)] {
                table.row(&[word("rivals"), word(&rival.name), word(series), cell(value)]);
            }
        }
        canvas.line(vec![(x(0.0), top), (x(0.0), bottom)], Ink::GREY, 0.7);
        let mut taken = f64::NEG_INFINITY;
        for tick in scale.ticks() {
            let words = signed(tick, digits_of(scale.step));
            let half = width_pt(&words, SMALL_PT, Weight::Regular) / 2.0;
            let centre = super::clock::held(x(tick), half, LEFT, RIGHT);
            if centre - half > taken {
                taken = centre + half + 4.0;
                let text = Text::new(words, (centre, bottom + 2.0 + SMALL_PT), SMALL_PT);
                canvas.text(text.ink(Ink::GREY).align(Align::Centre));
            }
        }
        page.cursor_pt = bottom + SMALL_PT * LEADING + 3.0;
        let zone = format!("grey: below {} nats, cannot distinguish", number(apart, 0));
        page.paragraph(&zone, SMALL_PT, Weight::Regular, Ink::GREY);
    }

    /// The distribution of transforms in its band.
    fn distribution(&self, page: &mut Page<'_>, table: &mut Numbers) {
        const HEIGHT: f64 = 92.0;
        page.heading(
            "Probability transforms (PIT)",
            "share of days at or below; band: 95 %, all at once",
        );
        let mut sorted: Vec<f64> = self.transforms.clone();
        sorted.sort_by(f64::total_cmp);
        let n = sorted.len();
        let scale = Scale::covering([0.0, 1.0], 4, true);
        let left = LEFT + scale.words_width() + GUTTER_GAP;
        let top = page.cursor_pt + SMALL_PT * CAPITAL / 2.0 + 1.0;
        let bottom = top + HEIGHT;
        let x = |value: f64| left + value.clamp(0.0, 1.0) * (RIGHT - 4.0 - left);
        let y = |value: f64| bottom - value.clamp(0.0, 1.0) * HEIGHT;
        let canvas = &mut page.canvas;
        // The most and the least points up to a place, as stairs.
        let stairs = |steps: &[f64]| -> Vec<Spot> {
            let mut path = vec![(x(0.0), y(0.0))];
            for (index, &at) in steps.iter().enumerate() {
                path.push((x(at), y(index as f64 / n as f64)));
                path.push((x(at), y((index + 1) as f64 / n as f64)));
            }
            path.push((x(1.0), y(1.0)));
            path
        };
        let mut outline = stairs(&self.band.0);
        outline.extend(stairs(&self.band.1).into_iter().rev());
        canvas.area(outline, Ink::BLUE.tint(0.2));
        for tick in scale.ticks() {
            canvas.line(vec![(left, y(tick)), (x(1.0), y(tick))], Ink::PALE, 0.4);
            let at = (left - GUTTER_GAP, y(tick) + SMALL_PT * CAPITAL / 2.0);
            let text = Text::new(scale.words(tick), at, SMALL_PT).ink(Ink::GREY);
            canvas.text(text.align(Align::Right));
            let at = (x(tick), bottom + 2.5 + SMALL_PT);
            let text = Text::new(scale.words(tick), at, SMALL_PT).ink(Ink::GREY);
            canvas.text(text.align(Align::Centre));
        }
        let diagonal = [(x(0.0), y(0.0)), (x(1.0), y(1.0))];
        canvas.dashed(&diagonal, Ink::GREY, 0.6, 2.0, 2.0);
        if n > 0 {
            canvas.line(stairs(&sorted), Ink::BLACK, 1.1);
        }
        page.cursor_pt = bottom + SMALL_PT * LEADING + 3.0;
        let bounds = self.band.0.iter().zip(&self.band.1);
        for ((rank, &transform), (&low, &high)) in (1..).zip(&sorted).zip(bounds) {
            for (series, value) in [("transform", transform), ("lower", low), ("upper", high)] {
                let rank: i32 = rank;
                table.row(&[
                    word("transforms"),
                    rank.to_string(),
                    word(series),
                    cell(value),
                ]);
            }
        }
    }
}

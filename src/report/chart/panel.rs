//! A panel over time: its grid, its stairs and bands, and the two rows of clocks under it.

use super::canvas::{Align, Canvas, Spot, Text};
use super::clock::{self, LocalClock, TimeTick};
use super::ink::{CAPITAL, Ink, SMALL_PT};
use super::lettering::{Weight, width_pt};
use super::numbers::{Numbers, cell, time_cell, word};
use super::page::{LEFT, Page, RIGHT};
use super::scale::Scale;

/// Quantiles over futures, per time bin.
#[derive(Debug, Clone, Default)]
pub struct Fan {
    /// 5 % of futures lie below.
    pub p5: Vec<f64>,
    /// A quarter lies below.
    pub p25: Vec<f64>,
    /// Half lies below.
    pub median: Vec<f64>,
    /// Three quarters lie below.
    pub p75: Vec<f64>,
    /// 95 % lie below.
    pub p95: Vec<f64>,
}

impl Fan {
    /// The quantiles with their names, lowest first.
    pub(crate) fn series(&self) -> [(&'static str, &[f64]); 5] {
        [
            ("p5", &self.p5),
            ("p25", &self.p25),
            ("median", &self.median),
            ("p75", &self.p75),
            ("p95", &self.p95),
        ]
    }

    /// All numbers in it.
    pub(crate) fn values(&self) -> impl Iterator<Item = f64> + '_ {
        self.series()
            .into_iter()
            .flat_map(|(_, values)| values.iter().copied())
    }
}

/// Time bins of equal length that all series of a figure share.
#[derive(Debug, Clone)]
pub struct TimeAxis {
    /// Beginning of each bin, Unix ms, rising.
    pub times_utc_ms: Vec<i64>,
    /// Length of a bin in ms.
    pub bin_ms: i64,
    /// A second clock under the chart; `None` for UTC alone.
    pub local: Option<LocalClock>,
}

impl TimeAxis {
    /// What its bins hold: "hourly means", "daily means", "means of 6 hours".
    pub fn means(&self) -> String {
        match self.bin_ms / (3600 * 1000) {
            ..=1 => "hourly means".to_owned(),
            24 => "daily means".to_owned(),
            hours => format!("means of {hours} hours"),
        }
    }

    /// The bin that reads well in print for a horizon: an hour up to six weeks, then six hours,
    /// a day, a week. Shorter bins are drawn truthfully but daily cycles then fill their range
    /// with ink.
    pub fn suitable_bin_ms(horizon_ms: i64) -> i64 {
        const HOUR: i64 = 3_600_000;
        match horizon_ms / (24 * HOUR) {
            ..=45 => HOUR,
            46..=120 => 6 * HOUR,
            121..=1500 => 24 * HOUR,
            _ => 7 * 24 * HOUR,
        }
    }

    /// First and last moment. One hour from 1970 where there are no bins.
    pub(crate) fn range(&self) -> (i64, i64) {
        let from = self.times_utc_ms.iter().copied().min().unwrap_or(0);
        let to = self.times_utc_ms.iter().copied().max().unwrap_or(from);
        (from, to.saturating_add(self.bin_ms.max(1)))
    }

    /// Writes a series into a table of `time_utc, series, statistic, value`.
    pub(crate) fn record(
        &self,
        table: &mut Numbers,
        series: &str,
        statistic: &str,
        values: &[f64],
    ) {
        for (time, value) in self.times_utc_ms.iter().zip(values) {
            table.row(&[
                time_cell(*time),
                word(series),
                word(statistic),
                cell(*value),
            ]);
        }
    }

    /// Writes a fan.
    pub(crate) fn record_fan(&self, table: &mut Numbers, series: &str, fan: &Fan) {
        for (statistic, values) in fan.series() {
            self.record(table, series, statistic, values);
        }
    }

    /// Width that the clocks' names want left of the axis; too long ones get a line of their own.
    pub(crate) fn gutter(&self) -> f64 {
        self.clocks()
            .iter()
            .map(|(_, name)| name_width(name))
            .filter(|w| *w <= 34.0)
            .fold(0.0, f64::max)
    }

    fn clocks(&self) -> Vec<(i32, String)> {
        let mut clocks = vec![(0, "UTC".to_owned())];
        clocks.extend(
            self.local
                .as_ref()
                .map(|local| (local.offset_minutes, local.label.clone())),
        );
        clocks
    }
}

fn name_width(name: &str) -> f64 {
    width_pt(name, SMALL_PT, Weight::Bold)
}

/// Space between the gutter's words and the plot.
pub(crate) const GUTTER_GAP: f64 = 3.5;

/// A plot of values over time within a rectangle.
pub(crate) struct TimePanel {
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
    pub from: i64,
    pub to: i64,
    pub scale: Scale,
}

impl TimePanel {
    /// The next panel of a page: takes its height, draws grid and tick words.
    pub(crate) fn open(
        page: &mut Page<'_>,
        axis: &TimeAxis,
        gutter: f64,
        height: f64,
        scale: Scale,
    ) -> Self {
        let (from, to) = axis.range();
        // Half a line above, so that the top tick's words stay clear of what stands over them.
        let top = page.cursor_pt + SMALL_PT * CAPITAL / 2.0 + 1.0;
        let panel = Self {
            left: LEFT + gutter + GUTTER_GAP,
            right: RIGHT,
            top,
            bottom: top + height,
            from,
            to,
            scale,
        };
        page.cursor_pt = panel.bottom;
        panel
    }

    /// Horizontal rules with their words; zero is stronger.
    pub(crate) fn grid(&self, canvas: &mut Canvas) {
        for tick in self.scale.ticks() {
            let y = self.y(tick);
            let zero = tick.abs() < self.scale.step * 1e-6;
            let (ink, width) = if zero {
                (Ink::GREY, 0.7)
            } else {
                (Ink::PALE, 0.4)
            };
            canvas.line(vec![(self.left, y), (self.right, y)], ink, width);
            let at = (self.left - GUTTER_GAP, y + SMALL_PT * CAPITAL / 2.0);
            let text = Text::new(self.scale.words(tick), at, SMALL_PT).ink(Ink::GREY);
            canvas.text(text.align(Align::Right));
        }
    }

    /// Place of a time, held within the panel.
    pub(crate) fn x(&self, unix_ms: i64) -> f64 {
        let part =
            (unix_ms as f64 - self.from as f64) / (self.to as f64 - self.from as f64).max(1.0);
        self.left + part.clamp(0.0, 1.0) * (self.right - self.left)
    }

    /// Place of a value, held within the panel.
    pub(crate) fn y(&self, value: f64) -> f64 {
        self.bottom - self.scale.part(value) * (self.bottom - self.top)
    }

    /// Runs of bins within the panel in which all given series are finite, as ranges of indices.
    fn runs(&self, axis: &TimeAxis, series: &[&[f64]]) -> Vec<std::ops::Range<usize>> {
        let times = &axis.times_utc_ms;
        let length = series
            .iter()
            .map(|values| values.len())
            .fold(times.len(), usize::min);
        let within = |index: usize| {
            let begin = times[index];
            begin < self.to && begin.saturating_add(axis.bin_ms.max(1)) > self.from
        };
        let mut runs = Vec::new();
        let mut start = None;
        for index in 0..=length {
            let whole = index < length
                && within(index)
                && series.iter().all(|values| values[index].is_finite());
            match (whole, start) {
                (true, None) => start = Some(index),
                (false, Some(first)) => {
                    runs.push(first..index);
                    start = None;
                }
                _ => {}
            }
        }
        runs
    }

    /// The way through a run: in steps where a step can be seen, else from middle to middle.
    fn path(&self, axis: &TimeAxis, values: &[f64], run: std::ops::Range<usize>) -> Vec<Spot> {
        let bin = axis.bin_ms.max(1);
        let seen = self.x(self.from.saturating_add(bin)) - self.left > WIDEST_JOINED;
        let mut path = Vec::with_capacity(run.len() * 2);
        let (first, last) = (run.start, run.end.saturating_sub(1));
        for index in run {
            let begin = axis.times_utc_ms[index];
            let until = begin.saturating_add(bin);
            let y = self.y(values[index]);
            if seen || index == first {
                path.push((self.x(begin), y));
            }
            if !seen {
                path.push((self.x(begin.saturating_add(bin / 2)), y));
            }
            if seen || index == last {
                path.push((self.x(until), y));
            }
        }
        path
    }

    /// A line through a series.
    pub(crate) fn line(
        &self,
        canvas: &mut Canvas,
        axis: &TimeAxis,
        values: &[f64],
        ink: Ink,
        width: f64,
    ) {
        for run in self.runs(axis, &[values]) {
            canvas.line(self.path(axis, values, run), ink, width);
        }
    }

    /// A filled band between two series.
    pub(crate) fn band(
        &self,
        canvas: &mut Canvas,
        axis: &TimeAxis,
        low: &[f64],
        high: &[f64],
        ink: Ink,
    ) {
        for run in self.runs(axis, &[low, high]) {
            let mut outline = self.path(axis, high, run.clone());
            outline.extend(self.path(axis, low, run).into_iter().rev());
            canvas.area(outline, ink);
        }
    }

    /// Median, inner and outer band of a fan in one hue.
    pub(crate) fn fan(&self, canvas: &mut Canvas, axis: &TimeAxis, fan: &Fan, ink: Ink) {
        self.band(canvas, axis, &fan.p5, &fan.p95, ink.tint(OUTER));
        self.band(canvas, axis, &fan.p25, &fan.p75, ink.tint(INNER));
        self.line(canvas, axis, &fan.median, ink, 1.1);
    }

    /// Faint rules on the ticks of UTC.
    pub(crate) fn uprights(&self, canvas: &mut Canvas) {
        for (at, _) in self.ticks(&[0]).into_iter().flatten() {
            let x = self.x(at);
            canvas.line(vec![(x, self.top), (x, self.bottom)], Ink::PALE, 0.3);
        }
    }

    fn ticks(&self, clocks: &[i32]) -> Vec<Vec<TimeTick>> {
        clock::ticks(self.from, self.to, clocks, self.right - self.left)
    }

    /// The rows of clocks under the panel: UTC, and local time where there is one.
    pub(crate) fn clocks(&self, page: &mut Page<'_>, axis: &TimeAxis) {
        page.cursor_pt = self.bottom;
        let mut spelled = None;
        let clocks = axis.clocks();
        let rows = self.ticks(
            &clocks
                .iter()
                .map(|(minutes, _)| *minutes)
                .collect::<Vec<_>>(),
        );
        for (row, ((_, name), ticks)) in clocks.into_iter().zip(rows).enumerate() {
            let ink = if row == 0 { Ink::BLACK } else { Ink::GREY };
            let top = page.cursor_pt + if row == 0 { 0.0 } else { 2.2 };
            // The first row keeps clear of the lowest value's words beside it.
            page.cursor_pt = top + if row == 0 { 4.4 } else { 3.2 } + SMALL_PT * CAPITAL;
            let baseline = page.cursor_pt;
            if name_width(&name) <= self.left - GUTTER_GAP - LEFT + 0.01 {
                page.canvas
                    .text(Text::new(name, (LEFT, baseline), SMALL_PT).bold().ink(ink));
            } else {
                spelled = Some(name);
            }
            for (at, words) in ticks {
                let x = self.x(at);
                let half = width_pt(&words, SMALL_PT, Weight::Regular) / 2.0;
                let centre = clock::held(x, half, self.left, self.right);
                page.canvas.line(vec![(x, top), (x, top + 2.0)], ink, 0.5);
                let text = Text::new(words, (centre, baseline), SMALL_PT).ink(ink);
                page.canvas.text(text.align(Align::Centre));
            }
        }
        page.space(2.0);
        if let Some(name) = spelled {
            page.paragraph(
                &format!("Second row: {name}"),
                SMALL_PT,
                Weight::Regular,
                Ink::GREY,
            );
        }
    }
}

/// Bins wider than this many points are drawn as steps.
const WIDEST_JOINED: f64 = 1.5;
/// Strength of the outer band.
pub(crate) const OUTER: f64 = 0.22;
/// Strength of the inner band.
pub(crate) const INNER: f64 = 0.5;

/// The entries of a fan's key.
pub(crate) fn fan_key(ink: Ink) -> Vec<super::page::KeyEntry> {
    use super::page::{KeyEntry, Mark};
    vec![
        KeyEntry {
            mark: Mark::Line(ink),
            words: "median".into(),
        },
        KeyEntry {
            mark: Mark::Box(ink.tint(INNER)),
            words: "P25–P75".into(),
        },
        KeyEntry {
            mark: Mark::Box(ink.tint(OUTER)),
            words: "P5–P95".into(),
        },
    ]
}

/// The lowest and the highest finite value with their times.
pub(crate) fn extremes(axis: &TimeAxis, values: &[f64]) -> Option<((i64, f64), (i64, f64))> {
    let mut found: Option<((i64, f64), (i64, f64))> = None;
    for (time, value) in axis
        .times_utc_ms
        .iter()
        .zip(values)
        .filter(|(_, v)| v.is_finite())
    {
        let here = (*time, *value);
        found = Some(match found {
            None => (here, here),
            Some((low, high)) => (
                if here.1 < low.1 { here } else { low },
                if here.1 > high.1 { here } else { high },
            ),
        });
    }
    found
}

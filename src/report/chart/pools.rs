//! Figure 2: what each pool's hashrate did, beside what was read of it at the time.

use super::canvas::{Align, Canvas, Text};
use super::clock;
use super::ink::{CAPITAL, Ink, SMALL_PT};
use super::lettering::{Weight, width_pt, wrap};
use super::numbers::{Numbers, cell, time_cell, word};
use super::page::{KeyEntry, LEFT, Mark, Page, RIGHT, diamond, words_in_box};
use super::panel::{Fan, GUTTER_GAP, TimeAxis, TimePanel, fan_key};
use super::rows;
use super::scale::{Scale, digits_of, signed};
use super::{Drawing, Frame};

/// One pool: its change as simulated and as read.
#[derive(Debug, Clone)]
pub struct PoolRow {
    /// Name of the pool.
    pub pool: String,
    /// Change of its hashrate, percent, 5 % of futures below.
    pub change_p5_percent: f64,
    /// Median over futures, percent.
    pub change_median_percent: f64,
    /// 95 % of futures below, percent.
    pub change_p95_percent: f64,
    /// Readings reported at the time, percent; empty for none.
    pub readings_percent: Vec<f64>,
    /// An aggregate such as "top pools, mean" or "network": set apart in bold.
    pub aggregate: bool,
}

/// Change per pool (dots on bars, readings as diamonds) and the way there over time.
#[derive(Debug, Clone)]
pub struct PoolsFigure {
    /// Title, subtitle, footer.
    pub frame: Frame,
    /// What the change is: "24 h mean to 6 January 06:00 UTC against the day before".
    pub change_meaning: String,
    /// The pools in the order of print, aggregates first by custom.
    pub rows: Vec<PoolRow>,
    /// Bins of the panel over time.
    pub axis: TimeAxis,
    /// Medians per pool, percent against before: `[pool][bin]`; thin grey lines.
    pub pools_percent: Vec<(String, Vec<f64>)>,
    /// What the fan shows: "mean of the top pools".
    pub mean_name: String,
    /// The mean, percent against before.
    pub mean_percent: Fan,
    /// The moment of the readings, Unix ms; marked in the panel over time.
    pub readings_utc_ms: Option<i64>,
}

const READ: Ink = Ink::VERMILLION;
const ROW_GAP: f64 = 2.4;

impl PoolsFigure {
    /// Draws it.
    pub fn draw(&self) -> Drawing {
        let mut page = Page::begin(&self.frame);
        self.draw_rows(&mut page);
        page.space(8.0);
        self.draw_time(&mut page);
        let notes = format!(
            "Change of hashrate per pool, {}: median and P5–P95 over simulated futures{}.",
            self.change_meaning,
            if self.has_readings() {
                "; diamonds are the readings reported at the time"
            } else {
                ""
            },
        );
        page.finish("pools", self.numbers(), &self.details(), &notes)
    }

    fn has_readings(&self) -> bool {
        self.rows
            .iter()
            .any(|row| row.readings_percent.iter().any(|value| value.is_finite()))
    }

    fn draw_rows(&self, page: &mut Page<'_>) {
        page.heading("Change by pool", &format!("%, {}", self.change_meaning));
        let bar = Mark::DotOnBar(Ink::BLUE.tint(0.4), Ink::BLUE);
        let mut key = vec![KeyEntry {
            mark: bar,
            words: "simulated: median, P5–P95".into(),
        }];
        if self.has_readings() {
            key.push(KeyEntry {
                mark: Mark::Diamond(READ),
                words: "reported at the time".into(),
            });
        }
        page.key(&key);
        if self.rows.is_empty() {
            let top = page.cursor_pt;
            words_in_box(
                &mut page.canvas,
                (LEFT, top),
                (RIGHT, top + 24.0),
                "No pools.",
            );
            page.space(24.0);
            return;
        }
        let weight = |row: &PoolRow| {
            if row.aggregate {
                Weight::Bold
            } else {
                Weight::Regular
            }
        };
        let labels: Vec<Vec<String>> = self
            .rows
            .iter()
            .map(|row| wrap(&row.pool, SMALL_PT, weight(row), 66.0))
            .collect();
        let widest = self
            .rows
            .iter()
            .zip(&labels)
            .flat_map(|(row, lines)| {
                lines
                    .iter()
                    .map(|line| width_pt(line, SMALL_PT, weight(row)))
            })
            .fold(0.0, f64::max);
        let values = self.rows.iter().flat_map(|row| {
            [
                row.change_p5_percent,
                row.change_median_percent,
                row.change_p95_percent,
            ]
            .into_iter()
            .chain(row.readings_percent.iter().copied())
        });
        let scale = Scale::covering(values, 5, true);
        let digits = digits_of(scale.step).max(usize::from(scale.high - scale.low < 200.0));
        let values_width = self
            .rows
            .iter()
            .map(|row| {
                width_pt(
                    &signed(row.change_median_percent, digits),
                    SMALL_PT,
                    Weight::Bold,
                )
            })
            .fold(0.0, f64::max);
        let (left, right) = (LEFT + widest + 4.0, RIGHT - values_width - 5.0);
        let x = |value: f64| left + scale.part(value) * (right - left);

        // Ticks stand above the rows, where the eye starts.
        page.space(SMALL_PT + 1.0);
        let heights: Vec<f64> = labels
            .iter()
            .map(|lines| rows::height(lines, ROW_GAP))
            .collect();
        let (top, bottom) = (
            page.cursor_pt + 1.5,
            page.cursor_pt + 1.5 + heights.iter().sum::<f64>(),
        );
        let print = |tick: f64| signed(tick, digits_of(scale.step));
        let baseline = page.cursor_pt;
        rows::uprights(
            &mut page.canvas,
            &scale,
            &x,
            (top, bottom),
            baseline,
            &print,
        );
        page.cursor_pt = top;
        for ((row, lines), height) in self.rows.iter().zip(&labels).zip(&heights) {
            let middle = page.cursor_pt + height / 2.0;
            let drop = SMALL_PT * CAPITAL / 2.0;
            rows::name(&mut page.canvas, lines, middle, weight(row));
            draw_row(&mut page.canvas, row, middle, &x);
            if row.change_median_percent.is_finite() {
                let words = signed(row.change_median_percent, digits);
                let text = Text::new(words, (RIGHT, middle + drop), SMALL_PT).ink(Ink::BLUE);
                page.canvas.text(text.bold().align(Align::Right));
            }
            page.cursor_pt += height;
        }
    }

    fn draw_time(&self, page: &mut Page<'_>) {
        if self.axis.times_utc_ms.is_empty() {
            return;
        }
        page.heading("Over time", "% against before");
        let mut key = vec![];
        if !self.pools_percent.is_empty() {
            key.push(KeyEntry {
                mark: Mark::Line(Ink(0x99, 0x99, 0x99)),
                words: "each pool, median".into(),
            });
        }
        let mut fan = fan_key(Ink::BLUE);
        if let Some(first) = fan.first_mut() {
            first.words = format!("{}, median", self.mean_name);
        }
        key.extend(fan);
        page.key(&key);
        let lines = self
            .pools_percent
            .iter()
            .flat_map(|(_, values)| values.iter().copied());
        let scale = Scale::covering(lines.chain(self.mean_percent.values()), 4, true);
        let gutter = scale.words_width().max(self.axis.gutter());
        let panel = TimePanel::open(page, &self.axis, gutter, 74.0, scale);
        panel.uprights(&mut page.canvas);
        panel.grid(&mut page.canvas);
        panel.band(
            &mut page.canvas,
            &self.axis,
            &self.mean_percent.p5,
            &self.mean_percent.p95,
            Ink::BLUE.tint(0.22),
        );
        panel.band(
            &mut page.canvas,
            &self.axis,
            &self.mean_percent.p25,
            &self.mean_percent.p75,
            Ink::BLUE.tint(0.5),
        );
        for (_, values) in &self.pools_percent {
            panel.line(
                &mut page.canvas,
                &self.axis,
                values,
                Ink(0x99, 0x99, 0x99),
                0.5,
            );
        }
        panel.line(
            &mut page.canvas,
            &self.axis,
            &self.mean_percent.median,
            Ink::BLUE,
            1.2,
        );
        if let Some(at) = self
            .readings_utc_ms
            .filter(|at| (panel.from..=panel.to).contains(at))
        {
            let x = panel.x(at);
            page.canvas
                .dashed(&[(x, panel.top), (x, panel.bottom)], READ, 0.8, 2.2, 1.4);
        }
        panel.clocks(page, &self.axis);
        if let Some(at) = self
            .readings_utc_ms
            .filter(|at| (panel.from..=panel.to).contains(at))
        {
            let words = format!("readings: {} UTC", clock::spoken(at));
            page.key(&[KeyEntry {
                mark: Mark::Dashes(READ),
                words,
            }]);
        }
        self.name_the_extremes(page, &panel);
    }

    /// The pools that fall lowest and least, named at their lowest point, if there is room.
    fn name_the_extremes(&self, page: &mut Page<'_>, panel: &TimePanel) {
        let lowest = |values: &[f64]| {
            let finite = values
                .iter()
                .copied()
                .enumerate()
                .filter(|(_, v)| v.is_finite());
            finite.min_by(|a, b| a.1.total_cmp(&b.1))
        };
        let deepest = self
            .pools_percent
            .iter()
            .filter_map(|(name, values)| lowest(values).map(|(index, value)| (name, index, value)))
            .min_by(|a, b| a.2.total_cmp(&b.2));
        let Some((name, index, value)) = deepest else {
            return;
        };
        let Some(time) = self.axis.times_utc_ms.get(index) else {
            return;
        };
        let mean = self
            .mean_percent
            .p5
            .iter()
            .copied()
            .filter(|v| v.is_finite())
            .fold(0.0, f64::min);
        let (x, y) = (panel.x(*time), panel.y(value));
        let text = Text::new(name.as_str(), (x - 4.0, y), SMALL_PT)
            .ink(Ink::GREY)
            .align(Align::Right);
        // Only where the words stand clear of the bands and of the panel's border.
        if x - 4.0 - text.width_pt() > panel.left + GUTTER_GAP && y > panel.y(mean) + SMALL_PT * 1.5
        {
            page.canvas.text(text);
        }
    }

    fn numbers(&self) -> String {
        let mut table =
            Numbers::with_columns(&["panel", "pool", "time_utc", "statistic", "change_percent"]);
        for row in &self.rows {
            let simulated = [
                ("p5", row.change_p5_percent),
                ("median", row.change_median_percent),
                ("p95", row.change_p95_percent),
            ];
            let read = row.readings_percent.iter().map(|value| ("reading", *value));
            for (statistic, value) in simulated.into_iter().chain(read) {
                table.row(&[
                    word("change"),
                    word(&row.pool),
                    String::new(),
                    word(statistic),
                    cell(value),
                ]);
            }
        }
        let mut over_time = |pool: &str, statistic: &str, values: &[f64]| {
            for (time, value) in self.axis.times_utc_ms.iter().zip(values) {
                let cells = [
                    word("over_time"),
                    word(pool),
                    time_cell(*time),
                    word(statistic),
                    cell(*value),
                ];
                table.row(&cells);
            }
        };
        for (pool, values) in &self.pools_percent {
            over_time(pool, "median", values);
        }
        if !self.axis.times_utc_ms.is_empty() {
            for (statistic, values) in self.mean_percent.series() {
                over_time(&self.mean_name, statistic, values);
            }
        }
        table.finish()
    }

    fn details(&self) -> String {
        let rows: Vec<String> = self
            .rows
            .iter()
            .map(|row| {
                let mut words = format!(
                    "{} {} % ({} to {})",
                    row.pool,
                    signed(row.change_median_percent, 1),
                    signed(row.change_p5_percent, 1),
                    signed(row.change_p95_percent, 1)
                );
                for reading in row
                    .readings_percent
                    .iter()
                    .filter(|value| value.is_finite())
                {
                    words.push_str(&format!(", read {} %", signed(*reading, 1)));
                }
                words
            })
            .collect();
        format!(
            "A row of bars, one a pool, and a chart over time. Change {}: {}.",
            self.change_meaning,
            rows.join("; ")
        )
    }
}

fn draw_row(canvas: &mut Canvas, row: &PoolRow, middle: f64, x: &dyn Fn(f64) -> f64) {
    let ends = (row.change_p5_percent, row.change_p95_percent);
    if ends.0.is_finite() && ends.1.is_finite() {
        let (a, b) = (x(ends.0), x(ends.1));
        canvas.block(
            (a.min(b) - 0.3, middle - 2.0),
            (a.max(b) + 0.3, middle + 2.0),
            Ink::BLUE.tint(0.4),
        );
    }
    if row.change_median_percent.is_finite() {
        canvas.disc((x(row.change_median_percent), middle), 2.2, Ink::BLUE);
    }
    for reading in row
        .readings_percent
        .iter()
        .filter(|value| value.is_finite())
    {
        diamond(canvas, (x(*reading), middle), 2.9, READ);
    }
}

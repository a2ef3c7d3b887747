//! Truth and every observer on one axis: the same hashrate, as each of them could read it.

use super::canvas::Canvas;
use super::clock;
use super::events::{self, DatedEvent};
use super::ink::{Ink, SMALL_PT};
use super::lettering::Weight;
use super::numbers::{Numbers, cell, time_cell, word};
use super::page::{KeyEntry, Mark, Page, diamond};
use super::panel::{Fan, TimeAxis, TimePanel};
use super::scale::{Scale, number};
use super::{Drawing, Frame};

/// A reading: when it could be made, what futures show then, and what was observed; EH/s.
#[derive(Debug, Clone, Copy)]
pub struct TimedReading {
    /// When it is read, Unix ms.
    pub at_utc_ms: i64,
    /// 5 % of futures' readings lie below.
    pub p5_ehs: f64,
    /// Median over futures.
    pub median_ehs: f64,
    /// 95 % of futures' readings lie below.
    pub p95_ehs: f64,
    /// The reading in one future; NaN for none.
    pub one_future_ehs: f64,
    /// Of what was observed; NaN for none.
    pub observed_ehs: f64,
    /// Lower end of its 95 % interval; NaN where nobody told its error.
    pub observed_lower_95_ehs: f64,
    /// Upper end of it.
    pub observed_upper_95_ehs: f64,
}

/// An observer's panel.
#[derive(Debug, Clone)]
pub struct ObserverPanel {
    /// Its name.
    pub name: String,
    /// How it reads: "blocks of 24 h".
    pub reads: String,
    /// Its readings in order of time; a series is joined, and what is none stands alone.
    pub readings: Vec<TimedReading>,
    /// The readings are a series.
    pub is_series: bool,
}

/// A panel an observer, all on one time axis and one scale, the truth behind each.
#[derive(Debug, Clone)]
pub struct ObserversFigure {
    /// Title, subtitle, footer.
    pub frame: Frame,
    /// The bins of the truth.
    pub axis: TimeAxis,
    /// The truth: the world's hashrate, EH/s.
    pub truth_ehs: Fan,
    /// The observers in the order of print.
    pub panels: Vec<ObserverPanel>,
    /// What happened; empty for none.
    pub events: Vec<DatedEvent>,
}

const TRUTH: Ink = Ink::BLUE;
const SEEN: Ink = Ink::ORANGE;
const OBSERVED: Ink = Ink::BLACK;
const REPORTED: Ink = Ink::VERMILLION;

impl ObserversFigure {
    /// Draws it.
    pub fn draw(&self) -> Drawing {
        let mut page = Page::begin(&self.frame);
        page.key(&self.key());
        let scale = self.scale();
        let gutter = scale.words_width().max(self.axis.gutter());
        let mut last: Option<TimePanel> = None;
        for observer in &self.panels {
            page.space(4.0);
            page.heading(&observer.name, &observer.reads);
            let panel = TimePanel::open(&mut page, &self.axis, gutter, 58.0, scale.clone());
            let events = events::within(&self.events, &panel);
            events::behind(&mut page.canvas, &panel, &events);
            panel.grid(&mut page.canvas);
            self.draw_panel(&mut page.canvas, &panel, observer);
            last = Some(panel);
        }
        match last {
            Some(panel) => {
                panel.clocks(&mut page, &self.axis);
                let events = events::within(&self.events, &panel);
                events::strip(&mut page, &panel, &events);
            }
            None => page.paragraph("No observers.", SMALL_PT, Weight::Regular, Ink::BLACK),
        }
        let notes = "The world’s hashrate (blue: median and P5–P95 of simulated futures), and what \
                     observers read of it at each moment: median and P5–P95 of futures (orange), \
                     the readings of one future (thin line), and the same estimator over what was \
                     observed (black, with 95 % intervals; vermillion as reported). A reading \
                     stands at the end of its window, when it could first be made.";
        page.finish("observers", self.numbers(), &self.details(), notes)
    }

    fn key(&self) -> Vec<KeyEntry> {
        let entry = |mark: Mark, words: &str| KeyEntry {
            mark,
            words: words.into(),
        };
        let mut key = vec![
            entry(Mark::Line(TRUTH), "truth, median"),
            entry(Mark::Box(TRUTH.tint(0.35)), "P5–P95"),
            entry(Mark::Line(SEEN), "as read, median"),
            entry(Mark::Box(SEEN.tint(0.3)), "P5–P95"),
        ];
        let all = || self.panels.iter().flat_map(|panel| &panel.readings);
        if all().any(|reading| reading.one_future_ehs.is_finite()) {
            key.push(entry(Mark::Line(Ink::GREY), "as read in one future"));
        }
        if all().any(|reading| reading.observed_lower_95_ehs.is_finite()) {
            key.push(entry(Mark::DotAndBar(OBSERVED), "observed, 95 % interval"));
        }
        if all().any(TimedReading::is_reported) {
            key.push(entry(Mark::Diamond(REPORTED), "reported at the time"));
        }
        key
    }

    /// One scale for all, from zero only where the values fill most of that.
    fn scale(&self) -> Scale {
        let readings = self.panels.iter().flat_map(|panel| &panel.readings);
        let values: Vec<f64> = readings
            .flat_map(|reading| reading.statistics().map(|(_, value)| value))
            .chain(self.truth_ehs.values())
            .filter(|value| value.is_finite())
            .collect();
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().fold(0.0, f64::max);
        Scale::covering(values, 4, low < 0.4 * high)
    }

    fn draw_panel(&self, canvas: &mut Canvas, panel: &TimePanel, observer: &ObserverPanel) {
        let within = |reading: &&TimedReading| (panel.from..=panel.to).contains(&reading.at_utc_ms);
        let readings: Vec<&TimedReading> = observer.readings.iter().filter(within).collect();
        let truth = &self.truth_ehs;
        if observer.is_series {
            for run in runs(&readings) {
                let spot = |reading: &TimedReading, value: f64| {
                    (panel.x(reading.at_utc_ms), panel.y(value))
                };
                let mut outline: Vec<_> = run.iter().map(|r| spot(r, r.p95_ehs)).collect();
                outline.extend(run.iter().rev().map(|r| spot(r, r.p5_ehs)));
                canvas.area(outline, SEEN.tint(0.3));
            }
        }
        panel.band(canvas, &self.axis, &truth.p5, &truth.p95, TRUTH.tint(0.35));
        panel.line(canvas, &self.axis, &truth.median, TRUTH, 0.9);
        if observer.is_series {
            for run in runs(&readings) {
                let line = |of: fn(&TimedReading) -> f64| -> Vec<_> {
                    let finite = run.iter().filter(|reading| of(reading).is_finite());
                    finite
                        .map(|reading| (panel.x(reading.at_utc_ms), panel.y(of(reading))))
                        .collect()
                };
                canvas.line(line(|reading| reading.one_future_ehs), Ink::GREY, 0.5);
                canvas.line(line(|reading| reading.median_ehs), SEEN, 1.1);
            }
        }
        for (index, reading) in readings.iter().enumerate() {
            // What stands alone stands side by side about its moment.
            let from_middle = index as f64 - (readings.len() as f64 - 1.0) / 2.0;
            let aside = if observer.is_series { 0.0 } else { 6.5 };
            let x = panel.x(reading.at_utc_ms) + from_middle * aside;
            if !observer.is_series && reading.p5_ehs.is_finite() && reading.p95_ehs.is_finite() {
                let (low, high) = (panel.y(reading.p5_ehs), panel.y(reading.p95_ehs));
                canvas.block((x - 1.6, low), (x + 1.6, high), SEEN);
                let median = panel.y(reading.median_ehs);
                canvas.line(vec![(x - 1.6, median), (x + 1.6, median)], Ink::BLACK, 0.8);
            }
            if reading.is_reported() {
                let at = (x + 3.2, panel.y(reading.observed_ehs));
                diamond(canvas, at, 1.5, REPORTED);
            } else if reading.observed_ehs.is_finite() {
                let ends = [reading.observed_lower_95_ehs, reading.observed_upper_95_ehs];
                canvas.line(ends.map(|end| (x, panel.y(end))).into(), OBSERVED, 0.5);
                canvas.disc((x, panel.y(reading.observed_ehs)), 1.3, OBSERVED);
            }
        }
    }

    fn numbers(&self) -> String {
        let mut table = Numbers::with_columns(&["time_utc", "series", "statistic", "hashrate_ehs"]);
        self.axis.record_fan(&mut table, "truth", &self.truth_ehs);
        for panel in &self.panels {
            for reading in &panel.readings {
                for (statistic, value) in reading.statistics() {
                    let time = time_cell(reading.at_utc_ms);
                    table.row(&[time, word(&panel.name), word(statistic), cell(value)]);
                }
            }
        }
        table.finish()
    }

    fn details(&self) -> String {
        let (from, to) = self.axis.range();
        let panels: Vec<String> = self
            .panels
            .iter()
            .map(|panel| {
                let finite = |of: fn(&TimedReading) -> f64| {
                    let values = panel.readings.iter().map(of);
                    values.filter(|value| value.is_finite()).collect::<Vec<_>>()
                };
                let span = |values: &[f64]| match (
                    values.iter().copied().min_by(f64::total_cmp),
                    values.iter().copied().max_by(f64::total_cmp),
                ) {
                    (Some(low), Some(high)) => {
                        format!("{} to {} EH/s", number(low, 0), number(high, 0))
                    }
                    _ => "nothing".to_owned(),
                };
                format!(
                    "{} ({}) reads medians of {} and observed {}",
                    panel.name,
                    panel.reads,
                    span(&finite(|reading| reading.median_ehs)),
                    span(&finite(|reading| reading.observed_ehs)),
                )
            })
            .collect();
        format!(
            "{} panels over time, {} to {} UTC, the world’s true hashrate behind each. {}",
            self.panels.len(),
            clock::spoken(from),
            clock::spoken(to),
            panels.join("; ")
        )
    }
}

impl TimedReading {
    fn is_reported(&self) -> bool {
        self.observed_ehs.is_finite()
            && !(self.observed_lower_95_ehs.is_finite() && self.observed_upper_95_ehs.is_finite())
    }

    fn statistics(&self) -> [(&'static str, f64); 7] {
        [
            ("p5", self.p5_ehs),
            ("median", self.median_ehs),
            ("p95", self.p95_ehs),
            ("one_future", self.one_future_ehs),
            ("observed", self.observed_ehs),
            ("observed_lower_95", self.observed_lower_95_ehs),
            ("observed_upper_95", self.observed_upper_95_ehs),
        ]
    }
}

/// Runs of readings whose range and median are finite.
fn runs<'r>(readings: &[&'r TimedReading]) -> Vec<Vec<&'r TimedReading>> {
    let finite = |reading: &TimedReading| {
        [reading.p5_ehs, reading.median_ehs, reading.p95_ehs]
            .iter()
            .all(|value| value.is_finite())
    };
    let mut runs = vec![Vec::new()];
    for reading in readings {
        if finite(reading) {
            if let Some(run) = runs.last_mut() {
                run.push(*reading);
            }
        } else {
            runs.push(Vec::new());
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

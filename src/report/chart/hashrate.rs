//! Figure 1: hashrate of the country and of the world over time, true and as one would see it.

use super::canvas::Canvas;
use super::clock;
use super::events::{self, DatedEvent};
use super::ink::{Ink, LABEL_PT};
use super::lettering::Weight;
use super::numbers::{Numbers, cell, time_cell, word};
use super::page::{KeyEntry, Mark, Page};
use super::panel::{Fan, TimeAxis, TimePanel, extremes, fan_key};
use super::scale::{Scale, digits_for, number};
use super::{Drawing, Frame};

/// What a count of one day's blocks would show: the range over futures, Poisson noise included.
#[derive(Debug, Clone, Default)]
pub struct OneDayCounts {
    /// Beginning of each UTC day, Unix ms.
    pub days_utc_ms: Vec<i64>,
    /// 5 % of futures' counts lie below, EH/s.
    pub p5_ehs: Vec<f64>,
    /// 95 % of futures' counts lie below, EH/s.
    pub p95_ehs: Vec<f64>,
}

/// A day as it was counted.
#[derive(Debug, Clone, Copy)]
pub struct ObservedDay {
    /// Beginning of the UTC day, Unix ms.
    pub day_utc_ms: i64,
    /// Estimate from the count, EH/s.
    pub hashrate_ehs: f64,
    /// Lower end of its 95 % interval, EH/s.
    pub lower_95_ehs: f64,
    /// Upper end of its 95 % interval, EH/s.
    pub upper_95_ehs: f64,
}

/// Two panels on one time axis: national and world hashrate in EH/s, events beneath.
#[derive(Debug, Clone)]
pub struct HashrateFigure {
    /// Title, subtitle, footer.
    pub frame: Frame,
    /// The bins of both fans.
    pub axis: TimeAxis,
    /// Name of the country: heading of the upper panel.
    pub national_name: String,
    /// National hashrate, EH/s.
    pub national_ehs: Fan,
    /// World hashrate, EH/s: the truth of the model; empty for none.
    pub world_ehs: Fan,
    /// The second, wider band of the world; empty for none.
    pub world_counts: OneDayCounts,
    /// Observed days; empty for none.
    pub observed: Vec<ObservedDay>,
    /// What happened; empty for none.
    pub events: Vec<DatedEvent>,
}

const DAY_MS: i64 = 86_400_000;
const COUNTS: Ink = Ink::ORANGE;

impl HashrateFigure {
    /// Draws it.
    pub fn draw(&self) -> Drawing {
        let mut page = Page::begin(&self.frame);
        let national_scale = Scale::covering(self.national_ehs.values(), 4, true);
        let shown = self
            .observed
            .iter()
            .flat_map(|day| [day.hashrate_ehs, day.lower_95_ehs, day.upper_95_ehs]);
        let world_values: Vec<f64> = self
            .world_ehs
            .values()
            .chain(self.world_counts.p5_ehs.iter().copied())
            .chain(self.world_counts.p95_ehs.iter().copied())
            .chain(shown)
            .collect();
        let world_scale = world_scale(&world_values);
        let gutter = national_scale
            .words_width()
            .max(world_scale.words_width())
            .max(self.axis.gutter());

        page.heading(&self.national_name, "EH/s");
        page.key(&fan_key(Ink::BLUE));
        let upper = TimePanel::open(&mut page, &self.axis, gutter, 74.0, national_scale);
        let events = events::within(&self.events, &upper);
        events::behind(&mut page.canvas, &upper, &events);
        upper.grid(&mut page.canvas);
        upper.fan(&mut page.canvas, &self.axis, &self.national_ehs, Ink::BLUE);

        let last = match self.has_world() {
            true => self.draw_world(&mut page, gutter, world_scale, &events),
            false => upper,
        };
        last.clocks(&mut page, &self.axis);
        if self.axis.times_utc_ms.is_empty() {
            page.paragraph(
                "No hours were recorded.",
                LABEL_PT,
                Weight::Regular,
                Ink::BLACK,
            );
        }
        events::strip(&mut page, &last, &events);
        let numbers = self.numbers();
        page.finish("hashrate", numbers, &self.details(), &self.notes())
    }

    /// Whether there is a world around the country to show.
    fn has_world(&self) -> bool {
        !self.world_ehs.median.is_empty() || !self.observed.is_empty()
    }

    /// The lower panel.
    fn draw_world(
        &self,
        page: &mut Page<'_>,
        gutter: f64,
        world_scale: Scale,
        events: &[&DatedEvent],
    ) -> TimePanel {
        page.space(8.0);
        let counted = self.counts_axis();
        page.heading("World", &world_scale.unit("EH/s"));
        let key = self.world_key();
        if !key.is_empty() {
            page.key(&key);
        }
        let lower = TimePanel::open(page, &self.axis, gutter, 90.0, world_scale);
        events::behind(&mut page.canvas, &lower, events);
        lower.grid(&mut page.canvas);
        let (low, high) = (&self.world_counts.p5_ehs, &self.world_counts.p95_ehs);
        lower.band(&mut page.canvas, &counted, low, high, COUNTS.tint(0.3));
        lower.fan(&mut page.canvas, &self.axis, &self.world_ehs, Ink::BLUE);
        for edge in [low, high] {
            lower.line(&mut page.canvas, &counted, edge, COUNTS, 0.5);
        }
        for day in &self.observed {
            observed_day(&mut page.canvas, &lower, day);
        }
        lower
    }

    fn counts_axis(&self) -> TimeAxis {
        TimeAxis {
            times_utc_ms: self.world_counts.days_utc_ms.clone(),
            bin_ms: DAY_MS,
            local: None,
        }
    }

    fn world_key(&self) -> Vec<KeyEntry> {
        let mut key = Vec::new();
        if !self.world_counts.days_utc_ms.is_empty() {
            let words = "what one day’s block count would show, P5–P95".to_owned();
            key.push(KeyEntry {
                mark: Mark::Box(COUNTS.tint(0.3)),
                words,
            });
        }
        if !self.observed.is_empty() {
            let words = "days as counted, 95 % interval".to_owned();
            key.push(KeyEntry {
                mark: Mark::DotAndBar(Ink::BLACK),
                words,
            });
        }
        key
    }

    fn numbers(&self) -> String {
        let mut table = Numbers::with_columns(&["time_utc", "series", "statistic", "hashrate_ehs"]);
        self.axis
            .record_fan(&mut table, "national", &self.national_ehs);
        self.axis.record_fan(&mut table, "world", &self.world_ehs);
        let counted = self.counts_axis();
        counted.record(
            &mut table,
            "world_one_day_count",
            "p5",
            &self.world_counts.p5_ehs,
        );
        counted.record(
            &mut table,
            "world_one_day_count",
            "p95",
            &self.world_counts.p95_ehs,
        );
        for day in &self.observed {
            for (statistic, value) in [
                ("estimate", day.hashrate_ehs),
                ("lower_95", day.lower_95_ehs),
                ("upper_95", day.upper_95_ehs),
            ] {
                let time = time_cell(day.day_utc_ms);
                table.row(&[
                    time,
                    word("world_observed_day"),
                    word(statistic),
                    cell(value),
                ]);
            }
        }
        table.finish()
    }

    fn details(&self) -> String {
        let (from, to) = self.axis.range();
        let span = |name: &str, fan: &Fan| match extremes(&self.axis, &fan.median) {
            Some((low, high)) => format!(
                "The median of {name} lies between {} EH/s ({} UTC) and {} EH/s ({} UTC).",
                number(low.1, digits_for(low.1)),
                clock::spoken(low.0),
                number(high.1, digits_for(high.1)),
                clock::spoken(high.0),
            ),
            None => format!("There are no values for {name}."),
        };
        let (charts, world) = if self.has_world() {
            ("Two charts", span("the world", &self.world_ehs))
        } else {
            ("A chart", String::new())
        };
        format!(
            "{charts} over time, {} to {} UTC. {} {world} {}",
            clock::spoken(from),
            clock::spoken(to),
            span(&self.national_name, &self.national_ehs),
            self.happened(),
        )
    }

    fn happened(&self) -> String {
        let listed: Vec<String> = self
            .events
            .iter()
            .map(|event| match event.to_ms.filter(|to| *to > event.from_ms) {
                Some(to) => format!(
                    "{} to {} {}",
                    clock::spoken(event.from_ms),
                    clock::spoken(to),
                    event.label
                ),
                None => format!("{} {}", clock::spoken(event.from_ms), event.label),
            })
            .collect();
        if listed.is_empty() {
            String::new()
        } else {
            format!("Events (UTC): {}.", listed.join("; "))
        }
    }

    fn notes(&self) -> String {
        let mut notes = format!(
            "Hashrate of {}{}: median and bands over simulated futures.",
            self.national_name,
            if self.has_world() {
                " and of the world"
            } else {
                ""
            }
        );
        if !self.world_counts.days_utc_ms.is_empty() {
            notes.push_str(
                " The wider band of the world is what a count of one day's blocks would show of it, \
                 with the chance of finding blocks added.",
            );
        }
        if !self.observed.is_empty() {
            notes.push_str(" Dots are the days as they were counted, with 95 % intervals.");
        }
        notes
    }
}

/// From zero where the values fill most of that; else from a round number below them.
fn world_scale(values: &[f64]) -> Scale {
    let finite = || values.iter().copied().filter(|value| value.is_finite());
    let (low, high) = (
        finite().fold(f64::INFINITY, f64::min),
        finite().fold(0.0, f64::max),
    );
    Scale::covering(values.iter().copied(), 5, low < 0.4 * high)
}

fn observed_day(canvas: &mut Canvas, panel: &TimePanel, day: &ObservedDay) {
    let noon = day.day_utc_ms.saturating_add(DAY_MS / 2);
    if noon < panel.from || noon > panel.to || !day.hashrate_ehs.is_finite() {
        return;
    }
    let x = panel.x(noon);
    if day.lower_95_ehs.is_finite() && day.upper_95_ehs.is_finite() {
        let bar = vec![
            (x, panel.y(day.lower_95_ehs)),
            (x, panel.y(day.upper_95_ehs)),
        ];
        canvas.line(bar, Ink::BLACK, 0.5);
    }
    canvas.disc((x, panel.y(day.hashrate_ehs)), 1.3, Ink::BLACK);
}

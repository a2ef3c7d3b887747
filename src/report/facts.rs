//! What figures and the page both ask of a finished run, in one place.

use super::chart::{Fan, Frame, LocalClock, TimeAxis, spoken_span};
use super::small_print::{Small, footer};
use super::{Finished, SummaryRow, published};
use crate::experiment::Results;
use crate::measure::{Column, SeriesKind};
use crate::quantity::{Instant, MS_PER_DAY, MS_PER_HOUR};
use crate::stats::FanGrid;
use crate::store::StoreError;
use crate::system::{self, System, Window};

/// A finished run as its readers see it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts<'a> {
    /// The run.
    pub run: &'a Finished<'a>,
}

/// A range of outcomes: 5 %, half and 95 % of futures lie at or below.
#[derive(Debug, Clone, Copy)]
pub(super) struct Outcomes {
    pub p5: f64,
    pub median: f64,
    pub p95: f64,
}

impl Outcomes {
    /// Of a row of the summary.
    pub(super) fn of(row: &SummaryRow) -> Option<Self> {
        Some(Self {
            p5: row.p5?,
            median: row.p50?,
            p95: row.p95?,
        })
    }

    /// In another unit; a negative factor turns losses into changes.
    pub(super) fn times(self, factor: f64) -> Self {
        let (a, b) = (self.p5 * factor, self.p95 * factor);
        Self {
            p5: a.min(b),
            median: self.median * factor,
            p95: a.max(b),
        }
    }
}

/// The index by which a loss is told.
#[derive(Debug, Clone, Copy)]
pub(super) struct LossNames {
    /// Mean, EH/s.
    pub mean: &'static str,
    /// Over the window, EH/s-days.
    pub days: &'static str,
    /// Prefix of the causes.
    pub by_cause: &'static str,
}

impl<'a> Facts<'a> {
    pub(super) fn system(&self) -> &'a System {
        self.run.plan.system
    }

    pub(super) fn results(&self) -> &'a Results {
        self.run.results
    }

    /// The window of the headline.
    pub(super) fn window(&self) -> Option<&'a Window> {
        let system = self.system();
        system
            .windows
            .get(system.headline_window)
            .or(system.windows.last())
    }

    /// Its name; empty where a system has no window.
    pub(super) fn window_name(&self) -> &'a str {
        self.window().map_or("", |window| window.name.as_str())
    }

    /// A row of the summary.
    pub(super) fn row(&self, window: &str, scope: &str, index: &str) -> Option<&'a SummaryRow> {
        self.run
            .rows
            .iter()
            .find(|row| row.is(window, scope, index))
    }

    /// The range of outcomes of an index.
    pub(super) fn outcomes(&self, window: &str, scope: &str, index: &str) -> Option<Outcomes> {
        self.row(window, scope, index).and_then(Outcomes::of)
    }

    /// An index in every replication, in its unit.
    pub(super) fn values(&self, column: &Column) -> Result<Vec<f64>, StoreError> {
        let slot = self.results().slot(column.slot)?;
        Ok(slot
            .iter()
            .map(|&value| published(value, column.scale))
            .collect())
    }

    /// Whether there is hashrate to tell of.
    pub(super) fn has_mining(&self) -> bool {
        self.row(self.window_name(), "network", "hashrate_ehs")
            .is_some()
    }

    /// Whether firm load went unserved in any future.
    pub(super) fn is_ever_short(&self) -> bool {
        let shortages = self.row("all", "system", "lolf").and_then(|row| row.mean);
        shortages.is_some_and(|mean| mean > 0.0)
    }

    /// Whether the grid is but a place to stand on: nothing of it varies by chance, and nobody was
    /// ever short or curtailed, so that its margin and its loss of load are no finding.
    pub(super) fn grid_cannot_fail(&self) -> bool {
        let system = self.system();
        let varies = |unit: &system::Unit| {
            unit.outages.is_some()
                || unit.states.is_some()
                || unit.deratings.is_some()
                || matches!(unit.output, system::Output::Wind(_))
        };
        let is_firm = !system.units.iter().any(varies)
            && !system.lines.iter().any(|line| line.outages.is_some());
        let curtailed = self.row("all", "system", "curtailed_mining_mwh");
        let is_curtailed = curtailed.is_some_and(|row| !row.never_happened());
        self.has_mining() && is_firm && !is_curtailed && !self.is_ever_short()
    }

    /// By which index a loss is told: against the same futures without the event, or, where the
    /// scenario marks none, against what is installed.
    pub(super) fn loss(&self) -> LossNames {
        if self.system().has_event() {
            LossNames {
                mean: "lost_hashrate_ehs",
                days: "lost_hashrate_ehs_days",
                by_cause: "lost_by_cause/",
            }
        } else {
            LossNames {
                mean: "lost_installed_ehs",
                days: "lost_installed_ehs_days",
                by_cause: "lost_installed_by_cause/",
            }
        }
    }

    /// The country's name where the input that is its share carries it ("kazakhstan-share").
    pub(super) fn country(&self) -> Option<String> {
        let system = self.system();
        let calibration = system.world.as_ref()?.calibration.as_ref()?;
        let name = system.inputs[calibration.share.at()]
            .name
            .strip_suffix("-share")?;
        let mut words: Vec<String> = name.split(['-', '_']).map(str::to_owned).collect();
        for word in &mut words {
            *word = super::words::capitalised(word);
        }
        Some(words.join(" "))
    }

    /// The country, or "The farms" where it has no name.
    pub(super) fn country_or_farms(&self) -> String {
        self.country().unwrap_or_else(|| "The farms".to_owned())
    }

    /// A moment of the scenario in Unix ms.
    pub(super) fn unix_ms(&self, at: Instant) -> i64 {
        self.system().start_unix_ms.saturating_add(at.0)
    }

    /// A window in words: "5 Jan 10:30 to 10 Jan 2022 02:00 UTC".
    pub(super) fn span_in_words(&self, window: &Window) -> String {
        let (from, until) = (self.unix_ms(window.from), self.unix_ms(window.until));
        spoken_span(from, until)
    }

    /// The whole horizon in words.
    pub(super) fn horizon_in_words(&self) -> String {
        let system = self.system();
        let until = system.start_unix_ms.saturating_add(system.horizon.0);
        spoken_span(system.start_unix_ms, until)
    }

    /// "in the blackout", "over the whole time".
    pub(super) fn in_window(&self) -> String {
        match self.window_name() {
            "" | "all" => "over the whole time".to_owned(),
            name => format!("in the {}", name.replace(['-', '_'], " ")),
        }
    }

    /// The frame of a figure.
    pub(super) fn frame(&self, title: String, subtitle: &str, small: Small<'_>) -> Frame {
        let replications = self.results().replications();
        Frame {
            title,
            subtitle: subtitle.to_owned(),
            footer: footer(self.system(), self.run.overrides, replications, small),
        }
    }

    /// Hours in a bin of the charts over time.
    pub(super) fn stride(&self) -> usize {
        let bin = TimeAxis::suitable_bin_ms(self.system().horizon.0);
        (bin / MS_PER_HOUR).max(1) as usize
    }

    /// The bins of the charts over time.
    pub(super) fn axis(&self) -> TimeAxis {
        let system = self.system();
        let (hours, stride) = (self.results().series.hours, self.stride());
        let at = |hour: usize| {
            system
                .start_unix_ms
                .saturating_add(hour as i64 * MS_PER_HOUR)
        };
        TimeAxis {
            times_utc_ms: (0..hours).step_by(stride).map(at).collect(),
            bin_ms: stride as i64 * MS_PER_HOUR,
            local: self.local_clock(),
        }
    }

    /// The clock of most zones; none where that is UTC.
    fn local_clock(&self) -> Option<LocalClock> {
        let own = || self.system().zones.iter().filter(|zone| !zone.external);
        let count = |offset: i32| {
            own()
                .filter(|zone| zone.utc_offset_minutes == offset)
                .count()
        };
        let offset_minutes = own()
            .map(|zone| zone.utc_offset_minutes)
            .max_by_key(|&offset| (count(offset), offset))?;
        let (hours, minutes) = (offset_minutes / 60, offset_minutes.abs() % 60);
        let label = match minutes {
            0 => format!("UTC{hours:+}"),
            _ => format!("UTC{hours:+}:{minutes:02}"),
        };
        (offset_minutes != 0).then_some(LocalClock {
            offset_minutes,
            label,
        })
    }

    /// The clock of the first zone of its own, as the tables of months and hours keep it.
    pub(super) fn first_clock(&self) -> String {
        let mut own = self.system().zones.iter().filter(|zone| !zone.external);
        let first = own.next();
        if first.is_some_and(|zone| !zone.clock_changes.is_empty()) {
            return "local".to_owned();
        }
        let minutes = first.map_or(0, |zone| zone.utc_offset_minutes);
        match (minutes / 60, minutes.abs() % 60) {
            (0, 0) => "UTC".to_owned(),
            (hours, 0) => format!("UTC{hours:+}"),
            (hours, minutes) => format!("UTC{hours:+}:{minutes:02}"),
        }
    }

    /// An hourly fan in its unit, one value a bin: that of the bin's first hour, because quantiles
    /// of longer times are not known from those of hours.
    pub(super) fn fan(&self, name: &str, scope: &str) -> Option<Fan> {
        let results = self.results();
        let index = position(&results.series.hourly, name, scope)?;
        let hours: Vec<usize> = (0..results.series.hours).step_by(self.stride()).collect();
        Some(fan_of(
            &results.hourly,
            &results.series.hourly[index],
            index,
            &hours,
        ))
    }

    /// A daily fan in its unit, and the beginnings of its whole UTC days, Unix ms.
    pub(super) fn daily_fan(&self, name: &str, scope: &str) -> Option<(Vec<i64>, Fan)> {
        let results = self.results();
        let index = position(&results.series.daily, name, scope)?;
        let start = self.system().start_unix_ms;
        let first = start + (-start).rem_euclid(MS_PER_DAY);
        let days: Vec<usize> = (0..results.series.days).collect();
        let begins = days
            .iter()
            .map(|&day| first + day as i64 * MS_PER_DAY)
            .collect();
        let fan = fan_of(&results.daily, &results.series.daily[index], index, &days);
        Some((begins, fan))
    }

    /// Means over futures of a summed series, per bin, in its unit.
    pub(super) fn means(&self, name: &str) -> Option<Vec<f64>> {
        let results = self.results();
        let index = results
            .series
            .sums
            .iter()
            .position(|kind| kind.name == name)?;
        let hours: Vec<usize> = (0..results.series.hours).collect();
        let bins = hours.chunks(self.stride()).map(|bin| {
            let sum: f64 = bin
                .iter()
                .map(|&hour| results.hourly_mean(index, hour))
                .sum();
            sum / bin.len() as f64
        });
        Some(bins.collect())
    }
}

fn position(kinds: &[SeriesKind], name: &str, scope: &str) -> Option<usize> {
    kinds
        .iter()
        .position(|kind| kind.name == name && kind.scope == scope)
}

fn fan_of(grid: &FanGrid, kind: &SeriesKind, series: usize, steps: &[usize]) -> Fan {
    let quantile = |p: f64| -> Vec<f64> {
        let value = |&at: &usize| match grid.quantile(series, at, p) {
            Some(value) => published(value, kind.scale),
            None => f64::NAN,
        };
        steps.iter().map(value).collect()
    };
    Fan {
        p5: quantile(0.05),
        p25: quantile(0.25),
        median: quantile(0.5),
        p75: quantile(0.75),
        p95: quantile(0.95),
    }
}

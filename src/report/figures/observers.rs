//! What observers see: their series over time, and changes side by side.

use crate::measure::{RealReading, reading_name, real_readings};
use crate::quantity::{MS_PER_DAY, MS_PER_HOUR};
use crate::report::ReportError;
use crate::report::chart::{
    ObserverPanel, ObserversFigure, ReadingRow, ReadingsFigure, TimedReading, spoken,
};
use crate::report::facts::{Facts, Outcomes};
use crate::report::small_print::Small;
use crate::report::words::capitalised;
use crate::system::{Observer, PoolReader, Reads};

const ESTIMATOR: &str = "estimators over blocks and pools of each future";

/// Truth and every observer on one axis; none without a series of readings.
///
/// # Errors
/// What the disk says.
pub(super) fn over_time(facts: &Facts<'_>) -> Result<Option<ObserversFigure>, ReportError> {
    let system = facts.system();
    let Some(truth) = facts.fan("world_hashrate", "network") else {
        return Ok(None);
    };
    let real = real_readings(system);
    let mut panels = Vec::new();
    for observer in &system.observers {
        if observer.readings().len() > 1 {
            panels.push(series(facts, observer, &real)?);
        }
    }
    if panels.is_empty() {
        return Ok(None);
    }
    // The shortest window first: what sees most and knows least.
    panels.sort_by_key(|(order, _)| *order);
    let mut panels: Vec<ObserverPanel> = panels.into_iter().map(|(_, panel)| panel).collect();
    panels.extend(pools(facts, &truth.median, &real));
    let small = Small {
        interval: "bands: P5–P95 of futures; intervals: 95 % of a reading",
        estimator: ESTIMATOR,
        window: facts.horizon_in_words(),
    };
    let title = "What was there, and what anybody could read of it";
    let subtitle = "World hashrate, EH/s; each reading stands where its window ends";
    Ok(Some(ObserversFigure {
        frame: facts.frame(title.to_owned(), subtitle, small),
        axis: facts.axis(),
        truth_ehs: truth,
        panels,
        events: super::hashrate::events(facts),
    }))
}

/// A panel, and its place in the order of print.
fn series(
    facts: &Facts<'_>,
    observer: &Observer,
    real: &[RealReading],
) -> Result<(i64, ObserverPanel), ReportError> {
    let system = facts.system();
    let scope = scope(observer);
    let (order, estimator, reads) = match &observer.reads {
        Reads::LastBlocks { blocks, .. } => (
            // Beside windows of the same length, after them.
            i64::from(*blocks) * 600_000 + 1,
            "hashrate_unbiased_ehs",
            format!("the time of the last {blocks} blocks, unbiased"),
        ),
        Reads::Count { window, .. } => (
            *window,
            "hashrate_ehs",
            format!("blocks of {}", length(*window)),
        ),
        _ => (i64::MAX, "hashrate_ehs", String::new()),
    };
    let at = observer.readings();
    let mut readings = Vec::with_capacity(at.len());
    for &moment in at {
        let index = reading_name(system, estimator, moment, at.len());
        let outcomes = facts.outcomes("all", &scope, &index).unwrap_or(UNKNOWN);
        let mut one = f64::NAN;
        if let Some(column) = facts.results().layout.find("all", &scope, &index) {
            let slot = facts.results().slot(column.slot)?;
            let chosen = facts.run.chosen.median as usize;
            one = slot
                .get(chosen)
                .map_or(f64::NAN, |&value| value as f64 * column.scale);
        }
        let seen = real
            .iter()
            .find(|reading| reading.observer == observer.name && reading.index == index);
        let unix_ms = system.start_unix_ms.saturating_add(moment);
        readings.push(timed(unix_ms, outcomes, one, seen, 0.0));
    }
    let panel = ObserverPanel {
        name: in_words(observer),
        reads,
        readings,
        is_series: true,
    };
    Ok((order, panel))
}

/// What pools' changes say of the world, from its true level over the window they start from.
fn pools(facts: &Facts<'_>, truth: &[f64], real: &[RealReading]) -> Option<ObserverPanel> {
    let system = facts.system();
    let mut readings = Vec::new();
    let mut names = Vec::new();
    for observer in &system.observers {
        let Reads::Pools(reader) = &observer.reads else {
            continue;
        };
        let Some(level) = level(facts, truth, reader) else {
            continue;
        };
        let Some(change) = facts.outcomes("all", &scope(observer), "change") else {
            continue;
        };
        let ehs = |change: f64| level * (1.0 + change);
        let outcomes = Outcomes {
            p5: ehs(change.p5),
            median: ehs(change.median),
            p95: ehs(change.p95),
        };
        let seen = real
            .iter()
            .find(|reading| reading.observer == observer.name);
        let unix_ms = system.start_unix_ms.saturating_add(reader.at);
        readings.push(timed(unix_ms, outcomes, f64::NAN, seen, level));
        let name = in_words(observer).to_lowercase();
        let name = name.strip_prefix("pools ").unwrap_or(&name);
        names.push(name.to_owned());
    }
    (!readings.is_empty()).then(|| ObserverPanel {
        name: "Pools".to_owned(),
        reads: format!("from left: {}", names.join(", ")),
        readings,
        is_series: false,
    })
}

/// Median of the truth over the window of a reader's first reading, EH/s.
fn level(facts: &Facts<'_>, truth: &[f64], reader: &PoolReader) -> Option<f64> {
    let bin = facts.stride() as i64 * MS_PER_HOUR;
    let bins = ((reader.against - reader.window) / bin) as usize..(reader.against / bin) as usize;
    let within = truth.get(bins.start..bins.end.max(bins.start + 1))?;
    Some(within.iter().sum::<f64>() / within.len() as f64)
}

/// A reading; `level` turns a change into hashrate, and 0 takes hashrate as it is.
fn timed(
    at_utc_ms: i64,
    outcomes: Outcomes,
    one_future_ehs: f64,
    seen: Option<&RealReading>,
    level: f64,
) -> TimedReading {
    let ehs = |value: f64| {
        if level > 0.0 {
            level * (1.0 + value)
        } else {
            value
        }
    };
    let interval = seen.and_then(|seen| seen.interval_95);
    TimedReading {
        at_utc_ms,
        p5_ehs: outcomes.p5,
        median_ehs: outcomes.median,
        p95_ehs: outcomes.p95,
        one_future_ehs,
        observed_ehs: seen.map_or(f64::NAN, |seen| ehs(seen.value)),
        observed_lower_95_ehs: interval.map_or(f64::NAN, |(low, _)| ehs(low)),
        observed_upper_95_ehs: interval.map_or(f64::NAN, |(_, high)| ehs(high)),
    }
}

const UNKNOWN: Outcomes = Outcomes {
    p5: f64::NAN,
    median: f64::NAN,
    p95: f64::NAN,
};

/// Changes as each observer reads them; none without such an observer.
pub(super) fn changes(facts: &Facts<'_>) -> Option<ReadingsFigure> {
    let rows = rows(facts);
    if rows.is_empty() {
        return None;
    }
    let small = Small {
        interval: "bars: P5–P95 of futures; intervals: 95 % of a reading",
        estimator: ESTIMATOR,
        window: facts.horizon_in_words(),
    };
    Some(ReadingsFigure {
        frame: facts.frame(title(&rows), "", small),
        rows,
    })
}

/// The finding: how far apart the observed changes lie that all have an interval.
fn title(rows: &[ReadingRow]) -> String {
    let counted = rows
        .iter()
        .filter(|row| row.observed_lower_95_percent.is_finite());
    let values: Vec<f64> = counted.map(|row| row.observed_percent).collect();
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if values.len() < 2 {
        return "What blocks and pools show of the event".to_owned();
    }
    let signed = |value: f64| crate::report::numerals::signed(value, 1);
    format!(
        "The same blocks show {} to {} %: the baseline decides",
        signed(low),
        signed(high)
    )
}

/// Every observer of a change, in the order of print: blocks, then pools.
pub(crate) fn rows(facts: &Facts<'_>) -> Vec<ReadingRow> {
    let system = facts.system();
    let real = real_readings(system);
    let mut rows = Vec::new();
    for pools in [false, true] {
        for observer in &system.observers {
            let is_pools = matches!(observer.reads, Reads::Pools(_));
            if !observer.readings().is_empty() || is_pools != pools {
                continue;
            }
            let scope = scope(observer);
            let Some(simulated) = facts.outcomes("all", &scope, "change") else {
                continue;
            };
            let truth = facts.outcomes("all", &scope, "true_change");
            let seen = real
                .iter()
                .find(|reading| reading.observer == observer.name);
            let interval = seen.and_then(|seen| seen.interval_95);
            rows.push(ReadingRow {
                name: in_words(observer),
                compares: compares(facts, observer),
                p5_percent: 100.0 * simulated.p5,
                median_percent: 100.0 * simulated.median,
                p95_percent: 100.0 * simulated.p95,
                truth_percent: truth.map_or(f64::NAN, |truth| 100.0 * truth.median),
                observed_percent: seen.map_or(f64::NAN, |seen| 100.0 * seen.value),
                observed_lower_95_percent: interval.map_or(f64::NAN, |(low, _)| 100.0 * low),
                observed_upper_95_percent: interval.map_or(f64::NAN, |(_, high)| 100.0 * high),
            });
        }
    }
    rows
}

fn scope(observer: &Observer) -> String {
    format!("observer/{}", observer.name)
}

/// "Baseline three days before".
fn in_words(observer: &Observer) -> String {
    capitalised(&observer.name.replace(['-', '_'], " "))
}

/// "24 h", "3 days".
fn length(ms: i64) -> String {
    if ms > MS_PER_DAY && ms % MS_PER_DAY == 0 {
        return format!("{} days", ms / MS_PER_DAY);
    }
    let hours = ms as f64 / MS_PER_HOUR as f64;
    format!(
        "{} h",
        crate::report::numerals::number(hours, usize::from(hours.fract() != 0.0))
    )
}

/// What an observer of a change compares.
fn compares(facts: &Facts<'_>, observer: &Observer) -> String {
    let start = facts.system().start_unix_ms;
    let span = |(from, until): (i64, i64)| span_in_words(start + from, start + until);
    match &observer.reads {
        Reads::Change { event, against } => format!("{} against {}", span(*event), span(*against)),
        Reads::Trend { fit, event, degree } => {
            let trend = match degree {
                0 => "level".to_owned(),
                1 => "straight trend".to_owned(),
                degree => format!("trend of degree {degree}"),
            };
            format!("{} in a {trend} of {}", span(*event), span(*fit))
        }
        Reads::Pools(reader) => format!(
            "{} to {} against {}",
            length(reader.window),
            spoken(start + reader.at),
            spoken(start + reader.against)
        ),
        Reads::Count { .. } | Reads::LastBlocks { .. } => String::new(),
    }
}

/// "5–10 Jan" of whole days, else "5 Jan 11:00 to 7 Jan 00:00".
fn span_in_words(from: i64, until: i64) -> String {
    if from % MS_PER_DAY != 0 || until % MS_PER_DAY != 0 {
        return format!("{} to {}", spoken(from), spoken(until));
    }
    let date = |unix_ms: i64| {
        let words = spoken(unix_ms + 12 * MS_PER_HOUR);
        words
            .rsplit_once(' ')
            .map_or(words.clone(), |(date, _)| date.to_owned())
    };
    let (first, last) = (date(from), date(until - MS_PER_DAY));
    match (first.split_once(' '), last.split_once(' ')) {
        _ if first == last => first,
        (Some((day, month)), Some((_, other))) if month == other => format!("{day}–{last}"),
        _ => format!("{first}–{last}"),
    }
}

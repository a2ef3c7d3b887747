//! Named observers: the same estimators over every simulated future and over what was observed.
//!
//! What an observer sees is blocks, or pools; never hashrate. Beside it stands the truth of the
//! same span where that is a number of the same kind.

mod pools;
mod real;
mod tally;

pub use real::{RealReading, real_readings};

use self::pools::PoolScratch;
use self::tally::Tallies;
use super::blocks::BlockPath;
use super::{Hashrate, Layout, Sink};
use crate::bitcoin::{HASHES_AT_DIFFICULTY_1, estimate};
use crate::engine::{Plan, View};
use crate::quantity::{MS_PER_DAY, MS_PER_HOUR};
use crate::random::{Stream, StreamId, exponential};
use crate::stats::{CountedSpan, poisson_trend};
use crate::system::{Observer, Reads, System};

/// Milliseconds of the moments that name readings are cut to minutes.
const MS_PER_MINUTE: i64 = 60_000;

/// Recorder of all observers of a system.
#[derive(Debug, Clone)]
pub(super) struct Observers {
    tallies: Tallies,
    pools: PoolScratch,
    spans: Vec<CountedSpan>,
    earlier: StreamId,
}

impl Observers {
    /// For a plan's system.
    pub fn new(plan: &Plan<'_>) -> Self {
        Self {
            tallies: Tallies::new(plan.system),
            pools: PoolScratch::default(),
            spans: Vec::new(),
            earlier: StreamId::of("observer/earlier"),
        }
    }

    /// Names the slots.
    pub fn describe(plan: &Plan<'_>, layout: &mut Layout) {
        let system = plan.system;
        for observer in &system.observers {
            let scope = format!("observer/{}", observer.name);
            for (index, unit, scale) in indices(system, observer) {
                let slot = layout.slot(format!("all/{scope}/{index}"));
                layout.publish(("all", &scope), &index, unit, slot, scale);
            }
        }
    }

    /// Reads one replication.
    pub fn close(&mut self, main: &Hashrate, path: &BlockPath, view: View<'_>, sink: &mut Sink) {
        let system = view.plan.system;
        if system.observers.is_empty() {
            return;
        }
        self.tallies.fill(path, view);
        for observer in &system.observers {
            match &observer.reads {
                Reads::Count { window, at } => {
                    for &at in at {
                        let seen = self.tallies.between(at - window, at).hashrate_ehs();
                        sink.row.push(ghs(seen));
                    }
                }
                Reads::LastBlocks { blocks, at } => {
                    for &at in at {
                        let seen = self.last_blocks(path, view, (*blocks, at));
                        sink.row.extend(seen.map(ghs));
                    }
                }
                Reads::Pools(reader) => {
                    let change = self.pools.change(reader, main, view);
                    sink.row.push(ppm(change));
                }
                Reads::Change { event, against } => {
                    let before = self.tallies.between(against.0, against.1);
                    let seen = self.tallies.between(event.0, event.1);
                    sink.row.push(ppm(seen.change_from(&before)));
                    let truth = |span: (i64, i64)| self.tallies.mean_hashrate(span.0, span.1);
                    sink.row
                        .push(ppm(Some(truth(*event) / truth(*against) - 1.0)));
                }
                Reads::Trend { fit, event, degree } => {
                    self.spans.clear();
                    let tallies = &self.tallies;
                    self.spans.extend(days(*fit).map(|(from, until)| {
                        counted(tallies.between(from, until), (from, until), *event)
                    }));
                    sink.row.push(ppm(effect(&self.spans, *degree)));
                }
            }
        }
    }

    /// Hashrate by the time that the last blocks before a moment took, plain and unbiased. Of blocks
    /// before the start only the gaps matter: the world stands at its level then.
    fn last_blocks(
        &self,
        path: &BlockPath,
        view: View<'_>,
        (blocks, at): (u32, i64),
    ) -> [Option<f64>; 2] {
        let found = &path.found;
        let times = &found.times_ms;
        let seen = times.partition_point(|&time| time < at as f64);
        let wanted = blocks as usize + 1;
        let first = seen.saturating_sub(wanted);
        // From the block before them to the last of them.
        let (mut begin, mut last) = (times.get(first).copied(), None);
        let missing = wanted.saturating_sub(seen);
        if missing > 0 {
            let system = view.plan.system;
            let mut stream = Stream::new(system.seed, self.earlier, view.futures.replication);
            let mean_ms = found.hashes_at(0.0) / (path.outside_ghs(view).0 * 1e6);
            let mut back = 0.0;
            for index in 0..missing {
                back -= mean_ms * exponential(stream.next_uniform());
                if index == 0 {
                    last = Some(back);
                }
            }
            begin = Some(back);
        }
        if seen > 0 {
            last = times.get(seen - 1).copied();
        }
        // All but the first of them, by the difficulty each was found at.
        let from = seen.saturating_sub(blocks as usize);
        let mut hashes = missing.saturating_sub(1) as f64 * found.hashes_at(0.0);
        let mut counted = from;
        for (index, step) in found.steps.iter().enumerate() {
            // A block that brings a retarget still took the work of the old target.
            let next = found.steps.get(index + 1);
            let until = next.map_or(seen, |next| {
                times[..seen].partition_point(|&time| time <= next.from_ms)
            });
            hashes += until.saturating_sub(counted) as f64 * step.hashes;
            counted = counted.max(until);
        }
        let Some((begin, last)) = begin.zip(last) else {
            return [None; 2];
        };
        [false, true].map(|unbiased| {
            estimate::over_blocks_of((blocks, hashes), (last - begin) / 1e3, unbiased)
        })
    }
}

/// What an observer publishes: index, unit, scale of the stored integer.
fn indices(system: &System, observer: &Observer) -> Vec<(String, &'static str, f64)> {
    let series = |names: &[&str]| {
        let at = observer.readings();
        at.iter()
            .flat_map(|&at| {
                names
                    .iter()
                    .map(move |name| (name.to_string(), at))
                    .collect::<Vec<_>>()
            })
            .map(|(name, moment)| {
                let name = reading_name(system, &name, moment, at.len());
                (name, "EH/s", 1e-9)
            })
            .collect()
    };
    let change = |name: &str| (name.to_owned(), "1", 1e-6);
    match &observer.reads {
        Reads::Count { .. } => series(&["hashrate_ehs"]),
        Reads::LastBlocks { .. } => series(&["hashrate_ehs", "hashrate_unbiased_ehs"]),
        Reads::Pools(_) | Reads::Trend { .. } => vec![change("change")],
        Reads::Change { .. } => vec![change("change"), change("true_change")],
    }
}

/// Index of a reading: the estimator, and of a series the moment of the reading.
pub fn reading_name(system: &System, estimator: &str, at: i64, readings: usize) -> String {
    if readings == 1 {
        return estimator.to_owned();
    }
    let unix_ms = system.start_unix_ms.saturating_add(at);
    let (days, minutes) = (
        unix_ms.div_euclid(MS_PER_DAY),
        unix_ms.rem_euclid(MS_PER_DAY) / MS_PER_MINUTE,
    );
    let (year, month, day) = date(days);
    let (hour, minute) = (minutes / 60, minutes % 60);
    format!("{estimator}/{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}Z")
}

/// Year, month and day of a number of days since 1970 (Hinnant, "chrono-compatible low-level date
/// algorithms").
fn date(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let (month, late) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    (year_of_era + era * 400 + late, month, day)
}

/// The days of a span.
fn days((from, until): (i64, i64)) -> impl Iterator<Item = (i64, i64)> {
    (0..(until - from) / MS_PER_DAY).map(move |day| {
        let begin = from + day * MS_PER_DAY;
        (begin, begin + MS_PER_DAY)
    })
}

/// A day's tally for a regression, with the part of it that an event takes.
fn counted(tally: estimate::Tally, (from, until): (i64, i64), event: (i64, i64)) -> CountedSpan {
    let shared = (until.min(event.1) - from.max(event.0)).max(0);
    CountedSpan {
        count: tally.blocks,
        exposure: tally.exposure,
        event: shared as f64 / (until - from) as f64,
    }
}

/// The effect within the trend, as a change; none where it cannot be told from the trend.
fn effect(spans: &[CountedSpan], degree: u32) -> Option<f64> {
    poisson_trend(spans, degree as usize).map(|effect| libm::exp(effect.log_ratio) - 1.0)
}

/// EH/s to stored GH/s; nothing seen is nothing.
fn ghs(ehs: Option<f64>) -> i64 {
    libm::rint(ehs.unwrap_or(0.0).clamp(0.0, 1e9) * 1e9) as i64
}

/// A change in parts per million; none where it cannot be told.
fn ppm(change: Option<f64>) -> i64 {
    let change = change.filter(|change| change.is_finite()).unwrap_or(0.0);
    libm::rint(change.clamp(-1.0, 1e6) * 1e6) as i64
}

/// Blocks for each EH/s over a span, of hashes a block takes.
fn exposure(length_ms: f64, hashes: f64) -> f64 {
    // 1 EH/s are 1e15 hashes a millisecond.
    length_ms * 1e15 / hashes
}

/// Hashes a block takes, of a difficulty.
fn hashes_of(difficulty: f64) -> f64 {
    difficulty * HASHES_AT_DIFFICULTY_1
}

/// Whole hours up to a moment, and ms beyond.
fn hours(at: i64) -> (usize, i64) {
    let at = at.max(0);
    ((at / MS_PER_HOUR) as usize, at % MS_PER_HOUR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_days() {
        assert_eq!(date(0), (1970, 1, 1));
        assert_eq!(date(18_993), (2022, 1, 1));
        assert_eq!(date(19_782), (2024, 2, 29));
        assert_eq!(date(-1), (1969, 12, 31));
    }
}

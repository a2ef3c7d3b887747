//! The same estimators over what was observed.

use super::{counted, days, exposure, hashes_of, reading_name};
use crate::bitcoin::CompactTarget;
use crate::bitcoin::estimate::{self, Tally, last_blocks_interval_95};
use crate::quantity::MS_PER_DAY;
use crate::stats::poisson_trend;
use crate::system::{Observed, Observer, PoolReader, Reads, System};

/// What an observer reads off real blocks or reported readings.
#[derive(Debug, Clone, PartialEq)]
pub struct RealReading {
    /// The observer.
    pub observer: String,
    /// The index, as that of the simulated futures.
    pub index: String,
    /// Unit.
    pub unit: &'static str,
    /// Moment of the reading, or begin of its span, ms since 1970.
    pub unix_ms: i64,
    /// The estimate.
    pub value: f64,
    /// Its 95 % interval; none of a reading whose error nobody told.
    pub interval_95: Option<(f64, f64)>,
    /// Name of that interval.
    pub kind: &'static str,
    /// Blocks in it; 0 of pools.
    pub blocks: u64,
}

/// Names of the intervals.
mod kind {
    pub const POISSON: &str = "exact Poisson";
    pub const GAMMA: &str = "exact Gamma";
    pub const CONDITIONAL: &str = "exact conditional";
    pub const REGRESSION: &str = "Poisson regression";
    pub const REPORTED: &str = "as reported";
}

/// What all observers of a system read off reality, as far as its days were observed.
pub fn real_readings(system: &System) -> Vec<RealReading> {
    system
        .observers
        .iter()
        .flat_map(|observer| readings(system, observer))
        .collect()
}

fn readings(system: &System, observer: &Observer) -> Vec<RealReading> {
    let unix = |at: i64| system.start_unix_ms.saturating_add(at);
    let observed = &system.observed;
    let span = |span: (i64, i64)| {
        let tally = days_or_times(observed, span)?;
        // Where header times of the epochs say when difficulty changed, exposure is exact.
        let exposure = known_exposure(system, span).unwrap_or(tally.exposure);
        Some(Tally { exposure, ..tally })
    };
    let reading = |index: String, unit, at: i64| RealReading {
        observer: observer.name.clone(),
        index,
        unit,
        unix_ms: unix(at),
        value: f64::NAN,
        interval_95: None,
        kind: kind::REPORTED,
        blocks: 0,
    };
    match &observer.reads {
        Reads::Count { window, at } => at
            .iter()
            .filter_map(|&moment| {
                let tally = span((unix(moment - window), unix(moment)))?;
                let index = reading_name(system, "hashrate_ehs", moment, at.len());
                Some(RealReading {
                    value: tally.hashrate_ehs()?,
                    interval_95: tally.interval_95(),
                    kind: kind::POISSON,
                    blocks: tally.blocks as u64,
                    ..reading(index, "EH/s", moment)
                })
            })
            .collect(),
        Reads::LastBlocks { blocks, at } => at
            .iter()
            .flat_map(|&moment| {
                ["hashrate_ehs", "hashrate_unbiased_ehs"].map(|name| (name, moment))
            })
            .filter_map(|(name, moment)| {
                let (plain, unbiased) = last_blocks(observed, *blocks, unix(moment))?;
                let index = reading_name(system, name, moment, at.len());
                Some(RealReading {
                    value: if name == "hashrate_ehs" {
                        plain
                    } else {
                        unbiased
                    },
                    interval_95: last_blocks_interval_95(plain, *blocks),
                    kind: kind::GAMMA,
                    blocks: u64::from(*blocks),
                    ..reading(index, "EH/s", moment)
                })
            })
            .collect(),
        Reads::Pools(reader) => reported(reader)
            .map(|value| RealReading {
                value,
                ..reading("change".to_owned(), "1", reader.at)
            })
            .into_iter()
            .collect(),
        Reads::Change { event, against } => {
            let unix_span = |(from, until): (i64, i64)| (unix(from), unix(until));
            let before = span(unix_span(*against));
            let seen = span(unix_span(*event));
            let compared = before.zip(seen).and_then(|(before, seen)| {
                let ratio = seen.change_95_from(&before)?;
                Some(RealReading {
                    value: ratio.ratio - 1.0,
                    interval_95: Some((ratio.lower_95 - 1.0, ratio.upper_95 - 1.0)),
                    kind: kind::CONDITIONAL,
                    blocks: (before.blocks + seen.blocks) as u64,
                    ..reading("change".to_owned(), "1", event.0)
                })
            });
            compared.into_iter().collect()
        }
        Reads::Trend { fit, event, degree } => {
            let spans: Option<Vec<_>> = days(*fit)
                .map(|(from, until)| {
                    // A regression of daily counts goes by each day's mean difficulty.
                    let tally = days_or_times(observed, (unix(from), unix(until)))?;
                    Some(counted(tally, (from, until), *event))
                })
                .collect();
            let fitted = spans.and_then(|spans| {
                let [middle, low, high] = poisson_trend(&spans, *degree as usize)?.ratio_95();
                Some(RealReading {
                    value: middle - 1.0,
                    interval_95: Some((low - 1.0, high - 1.0)),
                    kind: kind::REGRESSION,
                    blocks: spans.iter().map(|span| span.count).sum::<f64>() as u64,
                    ..reading("change".to_owned(), "1", event.0)
                })
            });
            fitted.into_iter().collect()
        }
    }
}

/// The mean of the reported changes that read just this.
fn reported(reader: &PoolReader) -> Option<f64> {
    let reported = &reader.reported_pct;
    let count = reported.len() as f64;
    (count > 0.0).then(|| reported.iter().sum::<f64>() / count / 100.0)
}

/// Blocks from one to another moment, ms since 1970: by daily counts where the span is one of
/// whole UTC days, else by header times; none where a part of it was not observed. Exposure goes
/// by the mean difficulty of each day, and by that of the blocks where no days are given.
fn days_or_times(observed: &Observed, (from, until): (i64, i64)) -> Option<Tally> {
    let whole = from.rem_euclid(MS_PER_DAY) == 0 && until.rem_euclid(MS_PER_DAY) == 0;
    let mut tally = Tally::default();
    let mut begin = from;
    while begin < until {
        let midnight = begin.div_euclid(MS_PER_DAY) * MS_PER_DAY;
        let end = until.min(midnight + MS_PER_DAY);
        let day = observed
            .days
            .binary_search_by_key(&midnight, |day| day.unix_ms)
            .ok()
            .map(|at| &observed.days[at]);
        let (blocks, difficulty) = match day {
            Some(day) if whole => (f64::from(day.blocks), day.difficulty),
            _ => {
                let timed = timed(observed, (begin, end))?;
                let blocks = timed.clone().count() as f64;
                let difficulties = timed.map(|block| block.difficulty).sum::<f64>();
                let difficulty = day.map_or(difficulties / blocks, |day| day.difficulty);
                (blocks, difficulty)
            }
        };
        if difficulty.is_nan() || difficulty <= 0.0 {
            return None;
        }
        tally.blocks += blocks;
        tally.exposure += exposure((end - begin) as f64, hashes_of(difficulty));
        begin = end;
    }
    (tally.exposure > 0.0).then_some(tally)
}

/// Blocks for each EH/s over a span, ms since 1970, by the epochs that headers begin and end; none
/// where they do not reach over it.
fn known_exposure(system: &System, (from, until): (i64, i64)) -> Option<f64> {
    let epochs = &system.blocks.as_ref()?.epochs;
    if from < epochs.first()?.unix_s * 1000 || until > epochs.last()?.unix_s * 1000 {
        return None;
    }
    let parts = epochs.windows(2).map(|pair| {
        let (begin, end) = (pair[0].unix_s * 1000, pair[1].unix_s * 1000);
        let shared = end.min(until) - begin.max(from);
        let difficulty = CompactTarget(pair[0].bits).difficulty();
        exposure(shared.max(0) as f64, hashes_of(difficulty))
    });
    Some(parts.sum())
}

/// The blocks with header times in a span; none where header times do not reach over it.
fn timed(
    observed: &Observed,
    (from, until): (i64, i64),
) -> Option<impl Iterator<Item = &crate::system::TimedBlock> + Clone> {
    let blocks = &observed.block_times;
    let (first, last) = (blocks.first()?, blocks.last()?);
    if from < first.unix_ms || until > last.unix_ms {
        return None;
    }
    let begin = blocks.partition_point(|block| block.unix_ms < from);
    let end = blocks.partition_point(|block| block.unix_ms < until);
    Some(blocks[begin..end].iter())
}

/// The last blocks by header time before a moment: the plain and the unbiased estimate, EH/s.
fn last_blocks(observed: &Observed, blocks: u32, at: i64) -> Option<(f64, f64)> {
    let all = &observed.block_times;
    if all.last()?.unix_ms < at {
        return None;
    }
    let seen = all.partition_point(|block| block.unix_ms < at);
    let taken = all.get(seen.checked_sub(blocks as usize + 1)?..seen)?;
    let span_s = (taken.last()?.unix_ms - taken.first()?.unix_ms) as f64 / 1e3;
    let hashes: Vec<f64> = taken[1..]
        .iter()
        .map(|block| hashes_of(block.difficulty))
        .collect();
    let of = |unbiased| estimate::over_blocks(&hashes, span_s, unbiased);
    of(false).zip(of(true))
}

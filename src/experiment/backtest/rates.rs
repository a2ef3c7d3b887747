//! Expected counts by replication and day.

use super::CountedDay;
use crate::bitcoin::HASHES_AT_DIFFICULTY_1;
use crate::engine::Plan;
use crate::experiment::Results;
use crate::measure::DayRates;
use crate::quantity::MS_PER_DAY;
use crate::stats::score::Rates;
use crate::store::StoreError;
use crate::system::System;

/// Seconds of a day times hashes of a gigahash.
const GIGAHASH_DAYS: f64 = 86_400.0 * 1e9;

/// Expected counts of the counted days, in every replication.
#[derive(Debug, Clone, PartialEq)]
pub struct Expected {
    /// As simulated.
    pub simulated: Rates,
    /// With the whole country at its share: the same level, growth and noise, and no loss.
    pub level: Rates,
    /// Begin of each day, ms since start.
    pub(super) begins: Vec<i64>,
}

impl Expected {
    /// From rates that were made elsewhere; `begins` are the days' begins, ms since start.
    pub fn new(simulated: Rates, level: Rates, begins: Vec<i64>) -> Self {
        Self {
            simulated,
            level,
            begins,
        }
    }
}

/// lambda = integral of the hashrate over the day / (difficulty 2^32): hashes over hashes a block.
/// Difficulty is that of the table, known before each block, so that the count given the hashrate
/// is Poisson exactly.
///
/// # Errors
/// What the disk says.
pub fn expected(
    plan: &Plan<'_>,
    results: &Results,
    days: &[CountedDay],
) -> Result<Expected, StoreError> {
    let slots = DayRates::days(plan);
    let n = results.replications() as usize;
    let (mut simulated, mut level) = (vec![0.0; n * days.len()], vec![0.0; n * days.len()]);
    for (at, day) in days.iter().enumerate() {
        let blocks_a_gigahash = GIGAHASH_DAYS / (day.difficulty * HASHES_AT_DIFFICULTY_1);
        let Some(slots) = slots.get(day.day) else {
            continue;
        };
        for (slot, rates) in [(slots.hashrate, &mut simulated), (slots.level, &mut level)] {
            let column = results.slot(slot)?;
            for (replication, &hashrate_ghs) in column.iter().enumerate() {
                rates[replication * days.len() + at] = hashrate_ghs as f64 * blocks_a_gigahash;
            }
        }
    }
    Ok(Expected {
        simulated: Rates::new(days.len(), simulated),
        level: Rates::new(days.len(), level),
        begins: begins(plan.system, days),
    })
}

fn begins(system: &System, days: &[CountedDay]) -> Vec<i64> {
    let begin = |day: &CountedDay| day.unix_ms - system.start_unix_ms;
    days.iter().map(begin).collect()
}

/// What is present of the world on a day of which a loss takes a share for a part of its hours:
/// 1 - loss x hours / 24. `from`, `until` and `begin` in ms since start.
pub fn present_share(loss: f64, (from, until): (i64, i64), begin: i64) -> f64 {
    let end = begin + MS_PER_DAY;
    let dark = (until.min(end) - from.max(begin)).max(0);
    1.0 - loss * dark as f64 / MS_PER_DAY as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_partly_dark_is_diluted() {
        let hour = MS_PER_DAY / 24;
        let dark = (10 * hour, 60 * hour);
        let shares = [0, 1, 2, 3].map(|day| present_share(0.24, dark, day * MS_PER_DAY));
        let exact = [1.0 - 0.14, 1.0 - 0.24, 1.0 - 0.12, 1.0];
        for (found, exact) in shares.into_iter().zip(exact) {
            assert!((found - exact).abs() < 1e-15);
        }
    }
}

//! Mean hashrate of the world by UTC day, one row a replication: what the counts of a day follow.

use super::observed::days;
use super::{Ensemble, Layout, SeriesLayout, Sink};
use crate::engine::{EngineError, Plan, Recorder, Replicator, Run, View};
use crate::quantity::{Instant, MS_PER_DAY, Share, div_round_half_even};

/// What a backtest needs of a replication, and nothing else: for every whole UTC day of the
/// horizon the mean hashrate that the world had, GH/s, and that it would have had with the whole
/// country at its share.
///
/// The days are those of the horizon, whatever was observed: no observation changes a row.
#[derive(Debug, Clone)]
pub struct DayRates {
    recorder: ByDay,
}

/// Where the rows of [`DayRates`] keep a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DaySlots {
    /// Begin of the day, ms since 1970.
    pub unix_ms: i64,
    /// Slot of the mean that there was, GH/s.
    pub hashrate: usize,
    /// Slot of the mean at the country's full share, GH/s.
    pub level: usize,
}

impl DayRates {
    /// The days of a plan's horizon, and their slots.
    pub fn days(plan: &Plan<'_>) -> Vec<DaySlots> {
        let first = plan.system.start_unix_ms + begin_ms(plan);
        let day = |day: usize| DaySlots {
            unix_ms: first + day as i64 * MS_PER_DAY,
            hashrate: 2 * day,
            level: 2 * day + 1,
        };
        (0..days(plan.system)).map(day).collect()
    }
}

impl Ensemble for DayRates {
    fn new(plan: &Plan<'_>) -> Self {
        Self {
            recorder: ByDay {
                begin: begin_ms(plan),
                farms: vec![0; plan.system.farms.len()],
                rate: 0,
                since: 0,
                hashes: vec![0; days(plan.system)],
            },
        }
    }

    fn layout(plan: &Plan<'_>) -> Layout {
        let mut layout = Layout::default();
        for day in 0..days(plan.system) {
            layout.slot(format!("day/{day}/network/hashrate_ghs"));
            layout.slot(format!("day/{day}/network/level_ghs"));
        }
        layout
    }

    fn series(_plan: &Plan<'_>) -> SeriesLayout {
        SeriesLayout::default()
    }

    fn replicate(
        &mut self,
        replicator: &mut Replicator<'_>,
        replication: u32,
        sink: &mut Sink,
    ) -> Result<Run, EngineError> {
        sink.clear();
        replicator.replicate(replication, &mut self.recorder, &mut sink.row)
    }
}

/// Begin of the first whole UTC day, ms since start.
fn begin_ms(plan: &Plan<'_>) -> i64 {
    (-plan.system.start_unix_ms).rem_euclid(MS_PER_DAY)
}

/// Integrates the country's effective hashrate day by day, exactly.
#[derive(Debug, Clone)]
struct ByDay {
    begin: i64,
    /// Effective hashrate of each farm, GH/s.
    farms: Vec<i64>,
    /// Of all, GH/s, and since when, ms.
    rate: i64,
    since: i64,
    /// GH/s ms of each day.
    hashes: Vec<i128>,
}

impl ByDay {
    fn look(&mut self, view: View<'_>, farm: usize) {
        let installed = view.futures.installed_hashrate[farm].0;
        let effective = Share(view.state.farms[farm].shares().effective()).of(installed);
        self.rate += effective - self.farms[farm];
        self.farms[farm] = effective;
    }

    /// Adds what the rate so far made until now.
    fn pass(&mut self, now: i64) {
        let rate = i128::from(self.rate);
        each_day(self.begin, (self.since, now), |day, span| {
            if let Some(hashes) = self.hashes.get_mut(day) {
                *hashes += rate * i128::from(span);
            }
        });
        self.since = now;
    }
}

/// Cuts a span of time (ms since start) at the days' edges; what lies before the first whole day
/// is left out.
fn each_day(begin: i64, (from, until): (i64, i64), mut see: impl FnMut(usize, i64)) {
    let mut from = from.max(begin);
    while from < until {
        let day = (from - begin) / MS_PER_DAY;
        let end = until.min(begin + (day + 1) * MS_PER_DAY);
        see(day as usize, end - from);
        from = end;
    }
}

impl Recorder for ByDay {
    const HOURS: bool = true;

    fn begin(&mut self, view: View<'_>) {
        self.farms.fill(0);
        (self.rate, self.since) = (0, 0);
        self.hashes.fill(0);
        for farm in 0..self.farms.len() {
            self.look(view, farm);
        }
    }

    fn changed(&mut self, view: View<'_>) {
        if view.state.changed_farms.is_empty() {
            return;
        }
        self.pass(view.state.now.0);
        for &farm in &view.state.changed_farms {
            self.look(view, usize::from(farm));
        }
    }

    fn boundary(&mut self, view: View<'_>, at: Instant) {
        if at.0 == view.plan.system.horizon.0 {
            self.pass(at.0);
        }
    }

    fn close(&mut self, view: View<'_>, row: &mut Vec<i64>) {
        let futures = view.futures;
        let level_of = match (&view.plan.system.world, futures.country_share) {
            // Nothing but the country: its level is what was drawn of the world.
            (Some(world), share) if share >= 1.0 => {
                Level::Fixed(world.level_ehs.get(&futures.inputs) * 1e9)
            }
            (Some(_), share) => Level::OfRest(1.0 / (1.0 - share)),
            (None, _) => Level::Fixed(0.0),
        };
        let mut rest = vec![0_i128; self.hashes.len()];
        for (day, hashrate) in futures.rest_of_world.iter().enumerate() {
            let from = day as i64 * MS_PER_DAY;
            each_day(self.begin, (from, from + MS_PER_DAY), |day, span| {
                if let Some(rest) = rest.get_mut(day) {
                    *rest += i128::from(hashrate.0) * i128::from(span);
                }
            });
        }
        let mean = |hashes: i128| div_round_half_even(hashes, i128::from(MS_PER_DAY)) as i64;
        for (national, rest) in self.hashes.iter().zip(rest) {
            row.push(mean(national + rest));
            row.push(match level_of {
                Level::Fixed(level) => libm::rint(level) as i64,
                Level::OfRest(factor) => libm::rint(mean(rest) as f64 * factor) as i64,
            });
        }
    }
}

/// How the world stands with the whole country at its share.
#[derive(Debug, Clone, Copy)]
enum Level {
    /// At this, GH/s.
    Fixed(f64),
    /// At this many times the rest of the world.
    OfRest(f64),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_cut_at_the_edges_of_days() {
        let mut seen = Vec::new();
        each_day(1000, (0, MS_PER_DAY + 1500), |day, span| {
            seen.push((day, span))
        });
        assert_eq!(seen, [(0, MS_PER_DAY), (1, 500)]);
        seen.clear();
        each_day(1000, (0, 900), |day, span| seen.push((day, span)));
        assert!(seen.is_empty());
    }
}

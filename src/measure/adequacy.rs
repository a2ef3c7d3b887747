//! Loss of load: how long, how often, how much.
//!
//! LOLE is the time with capacity strictly below load; LOLF counts shortages in continuous
//! time, LOLEv runs of shortage seen on the hour; EUE is the energy not served
//! (`docs/model/indices.md`). Of the scenario's windows, in each zone of its own and in the system, where the
//! system is short when any zone is.

use super::Layout;
use crate::engine::{Plan, Recorder, View};
use crate::quantity::{Energy, Instant, MS_PER_HOUR, Power, Span};
use crate::system::Window;

/// Tallies of one scope in one window.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    time: Span,
    events: i64,
    hourly_events: i64,
    energy: Energy,
}

/// What a scope was last seen doing.
#[derive(Debug, Clone, Copy)]
struct Last {
    /// End of the last shortage.
    until: Instant,
    /// The last whole hour seen short.
    hour: i64,
}

impl Last {
    const NEVER: Self = Self {
        until: Instant(-1),
        hour: i64::MIN / 2,
    };
}

/// The recorder.
#[derive(Debug, Clone)]
pub struct Adequacy {
    windows: Vec<Window>,
    /// Zones that count, by zone number.
    zones: Vec<usize>,
    /// `[window][scope]`, the last scope is the system.
    tallies: Vec<Tally>,
    last: Vec<Last>,
}

/// Slots of one scope in one window.
const SLOTS: usize = 4;

impl Adequacy {
    /// A recorder for a plan's system.
    pub fn new(plan: &Plan<'_>) -> Self {
        let zones = own_zones(plan);
        let windows = plan.system.windows.clone();
        Self {
            tallies: vec![Tally::default(); windows.len() * (zones.len() + 1)],
            last: vec![Last::NEVER; windows.len() * (zones.len() + 1)],
            zones,
            windows,
        }
    }

    /// Names its slots.
    pub fn describe(plan: &Plan<'_>, layout: &mut Layout) {
        let zones = own_zones(plan);
        for window in &plan.system.windows {
            let mut scopes: Vec<String> = zones
                .iter()
                .map(|&zone| format!("zone/{}", plan.system.zones[zone].name))
                .collect();
            scopes.push("system".to_owned());
            for scope in scopes {
                let at = (window.name.as_str(), scope.as_str());
                let slot = |layout: &mut Layout, index: &str| {
                    layout.slot(format!("{}/{scope}/{index}", window.name))
                };
                let time = slot(layout, "lole_ms");
                layout.publish(at, "lole_h", "h", time, 1.0 / MS_PER_HOUR as f64);
                let events = slot(layout, "lolf");
                layout.publish(at, "lolf", "1", events, 1.0);
                let hourly = slot(layout, "lolev");
                layout.publish(at, "lolev", "1", hourly, 1.0);
                let energy = slot(layout, "eue_wh");
                layout.publish(at, "eue_mwh", "MWh", energy, 1e-6);
            }
        }
    }

    /// Counts a stretch in which a scope lacks `unserved`.
    fn count(&mut self, scope: usize, from: Instant, until: Instant, unserved: Power) {
        let scopes = self.zones.len() + 1;
        for (index, window) in self.windows.iter().enumerate() {
            let (from, until) = (from.max(window.from), until.min(window.until));
            if until <= from {
                continue;
            }
            let tally = &mut self.tallies[index * scopes + scope];
            let last = &mut self.last[index * scopes + scope];
            let span = until - from;
            tally.time += span;
            tally.energy += unserved * span;
            // A stretch that begins where the last one ended is the same shortage.
            tally.events += i64::from(from > last.until);
            last.until = until;
            // Whole hours h with from <= h < until.
            let first = (from.0 + MS_PER_HOUR - 1).div_euclid(MS_PER_HOUR);
            let end = (until.0 - 1).div_euclid(MS_PER_HOUR);
            if first <= end {
                tally.hourly_events += i64::from(first > last.hour + 1);
                last.hour = end;
            }
        }
    }
}

/// Zones whose adequacy is reported: all but the neighbours.
fn own_zones(plan: &Plan<'_>) -> Vec<usize> {
    let zones = plan.system.zones.iter().enumerate();
    zones
        .filter(|(_, zone)| !zone.external)
        .map(|(index, _)| index)
        .collect()
}

impl Recorder for Adequacy {
    const STATE: bool = false;

    fn begin(&mut self, _view: View<'_>) {
        self.tallies.fill(Tally::default());
        self.last.fill(Last::NEVER);
    }

    fn shortage(&mut self, _view: View<'_>, from: Instant, until: Instant, unserved: &[i64]) {
        let mut total = 0;
        for scope in 0..self.zones.len() {
            let lacking = unserved[self.zones[scope]];
            total += lacking;
            if lacking > 0 {
                self.count(scope, from, until, Power(lacking));
            }
        }
        if total > 0 {
            self.count(self.zones.len(), from, until, Power(total));
        }
    }

    fn close(&mut self, _view: View<'_>, row: &mut Vec<i64>) {
        let scopes = self.zones.len() + 1;
        row.reserve(self.tallies.len() * SLOTS);
        for window in self.tallies.chunks(scopes) {
            let (zones, system) = window.split_at(scopes - 1);
            for tally in zones {
                row.extend([tally.time.0, tally.events, tally.hourly_events]);
                row.push(tally.energy.watt_hours());
            }
            let system = system[0];
            row.extend([system.time.0, system.events, system.hourly_events]);
            // The system's energy is the sum of its zones' quanta, so that tables add up.
            row.push(zones.iter().map(|tally| tally.energy.watt_hours()).sum());
        }
    }
}

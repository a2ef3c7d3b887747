//! Loss of load: how long, how often, how much.
//!
//! LOLE is the time with capacity strictly below load; LOLF counts shortages in continuous
//! time, LOLEv runs of shortage seen on the hour; LOLE in days the days that are short as the
//! hour of their largest load begins; EUE is the energy not served (`docs/model/indices.md`). Of the scenario's windows, in each zone of its own and in the system, where the
//! system is short when any zone is.

use super::Layout;
use super::shortage_hours::{Last, ShortCells, ShortageHours};
use super::shortage_layout::demands_firm_load_alone;
use crate::engine::{Plan, Recorder, View};
use crate::quantity::{Energy, Instant, MS_PER_DAY, MS_PER_HOUR, Power, Span};
use crate::system::Window;

/// Tallies of one scope in one window.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    time: Span,
    events: i64,
    hourly_events: i64,
    energy: Energy,
    days: i64,
    /// The most that lacked at once, W.
    depth: Power,
    /// The longest shortage, and when the last one began.
    longest: Span,
    begun: Instant,
}

impl Tally {
    /// The slots of a scope but the demand, with its unserved energy in Wh.
    fn numbers(&self, energy_wh: i64) -> [i64; SLOTS - 1] {
        [
            self.time.0,
            self.events,
            self.hourly_events,
            energy_wh,
            self.days,
            self.depth.0,
            self.longest.0,
        ]
    }
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
    /// For each scope the day last looked at, and when the hour of its largest load begins.
    peaks: Vec<(i64, Instant)>,
    /// Whether energy demanded is firm load alone, and recorded here.
    has_demand: bool,
    hours: ShortageHours,
}

/// Most slots of one scope in one window.
const SLOTS: usize = 8;

impl Adequacy {
    /// A recorder for a plan's system.
    pub fn new(plan: &Plan<'_>) -> Self {
        let zones = own_zones(plan);
        let windows = plan.system.windows.clone();
        Self {
            tallies: vec![Tally::default(); windows.len() * (zones.len() + 1)],
            last: vec![Last::NEVER; windows.len() * (zones.len() + 1)],
            peaks: vec![(NO_DAY, Instant::START); zones.len() + 1],
            has_demand: demands_firm_load_alone(plan.system),
            hours: ShortageHours::new(plan),
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
                let length_ms = (window.until - window.from).0 as f64;
                layout.publish(at, "lolp", "1", time, 1.0 / length_ms);
                let events = slot(layout, "lolf");
                layout.publish(at, "lolf", "1", events, 1.0);
                let hourly = slot(layout, "lolev");
                layout.publish(at, "lolev", "1", hourly, 1.0);
                let energy = slot(layout, "eue_wh");
                layout.publish(at, "eue_mwh", "MWh", energy, 1e-6);
                let days = slot(layout, "lole_d");
                layout.publish(at, "lole_d", "d", days, 1.0);
                let depth = slot(layout, "max_depth_w");
                layout.publish(at, "max_depth_mw", "MW", depth, 1e-6);
                let longest = slot(layout, "max_duration_ms");
                let hours = 1.0 / MS_PER_HOUR as f64;
                layout.publish(at, "max_duration_h", "h", longest, hours);
                if demands_firm_load_alone(plan.system) {
                    let demand = slot(layout, "demand_wh");
                    layout.publish(at, "demand_mwh", "MWh", demand, 1e-6);
                }
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
            tally.depth = tally.depth.max(unserved);
            let begun = last.goes_on(from, until);
            if begun.shortage {
                tally.begun = from;
            }
            tally.longest = tally.longest.max(until - tally.begun);
            tally.events += i64::from(begun.shortage);
            tally.hourly_events += i64::from(begun.run.is_some());
        }
    }
}

/// No day of any horizon.
const NO_DAY: i64 = -1;

/// Zones whose adequacy is reported: all but the neighbours.
pub(super) fn own_zones(plan: &Plan<'_>) -> Vec<usize> {
    let zones = plan.system.zones.iter().enumerate();
    zones
        .filter(|(_, zone)| !zone.external)
        .map(|(index, _)| index)
        .collect()
}

impl Adequacy {
    /// Appends time and energy short of the last replication, by hour.
    pub(super) fn close_hours(&self, cells: &mut ShortCells) {
        self.hours.close(cells);
    }

    /// A scope lacks power over a stretch.
    fn note(
        &mut self,
        view: View<'_>,
        scope: usize,
        (from, until): (Instant, Instant),
        lacking: Power,
    ) {
        self.count(scope, from, until, lacking);
        self.count_days(view, scope, from, until);
        self.hours
            .add(self.zones.len() - scope, from, until, lacking);
    }

    /// Counts the days whose hour of largest load begins in a stretch.
    fn count_days(&mut self, view: View<'_>, scope: usize, from: Instant, until: Instant) {
        let scopes = self.zones.len() + 1;
        for day in from.0.div_euclid(MS_PER_DAY)..=(until.0 - 1).div_euclid(MS_PER_DAY) {
            if self.peaks[scope].0 != day {
                self.peaks[scope] = (day, self.peak(view, scope, day));
            }
            let peak = self.peaks[scope].1;
            if peak < from || peak >= until {
                continue;
            }
            for (index, window) in self.windows.iter().enumerate() {
                if window.from <= peak && peak < window.until {
                    self.tallies[index * scopes + scope].days += 1;
                }
            }
        }
    }

    /// When the hour of a day's largest load begins, the first of several; where a day has none,
    /// never.
    fn peak(&self, view: View<'_>, scope: usize, day: i64) -> Instant {
        let load = |zone: usize| view.futures.load(view.plan, zone);
        let day = day as usize;
        let hour = match (self.zones.get(scope), &self.zones[..]) {
            (Some(&zone), _) | (None, &[zone]) => load(zone).peak_hour(day),
            (None, zones) => {
                let sum = |hour: &usize| -> i64 {
                    let of_zone = |&zone: &usize| load(zone).hourly.get(*hour).map(|load| load.0);
                    zones.iter().filter_map(of_zone).sum()
                };
                let hours = 24 * day..(24 * day + 24).min(view.plan.system.hours());
                // Of equal hours the first: it comes last here.
                hours.rev().max_by_key(sum)
            }
        };
        hour.map_or(Instant(i64::MAX), |hour| Instant(hour as i64 * MS_PER_HOUR))
    }
}

impl Recorder for Adequacy {
    const STATE: bool = false;

    fn begin(&mut self, _view: View<'_>) {
        self.tallies.fill(Tally::default());
        self.last.fill(Last::NEVER);
        self.peaks.fill((NO_DAY, Instant::START));
        self.hours.begin();
    }

    fn shortage(&mut self, view: View<'_>, from: Instant, until: Instant, unserved: &[i64]) {
        let mut total = 0;
        for scope in 0..self.zones.len() {
            let lacking = unserved[self.zones[scope]];
            total += lacking;
            if lacking > 0 {
                self.note(view, scope, (from, until), Power(lacking));
            }
        }
        if total > 0 {
            self.note(view, self.zones.len(), (from, until), Power(total));
        }
    }

    fn close(&mut self, view: View<'_>, row: &mut Vec<i64>) {
        let scopes = self.zones.len() + 1;
        row.reserve(self.tallies.len() * SLOTS);
        for (window, tallies) in self.windows.iter().zip(self.tallies.chunks(scopes)) {
            let (zones, system) = tallies.split_at(scopes - 1);
            // The system's energies are the sums of its zones' quanta, so that tables add up.
            let (mut unserved, mut demanded) = (0, 0);
            for (&zone, tally) in self.zones.iter().zip(zones) {
                let energy = tally.energy.watt_hours();
                unserved += energy;
                row.extend(tally.numbers(energy));
                if self.has_demand {
                    let load = view.futures.load(view.plan, zone);
                    let energy = load.energy(window.from, window.until).watt_hours();
                    demanded += energy;
                    row.push(energy);
                }
            }
            let system = system[0];
            row.extend(system.numbers(unserved));
            if self.has_demand {
                row.push(demanded);
            }
        }
    }
}

//! How hard mining leaned on the grid: margin, curtailment, fuel, emissions, lines.

mod curtailment;
mod ties;

use self::curtailment::Curtailment;
use self::ties::Ties;
use super::Layout;
use super::ledger::{Ledger, WindowIntegrals};
use super::rungs::Rung;
use crate::dispatch::Market;
use crate::engine::{Plan, Recorder, View};
use crate::quantity::{Energy, Instant, MS_PER_HOUR, div_round_half_even, round_half_even};
use crate::system::{Calibration, System, Window};
use std::ops::Range;

/// Places of rates in the ledger; then classes, then lines.
mod rate {
    /// Mining not run for the ladder or a contract, W.
    pub const CURTAILED: usize = 0;
    /// One while that is so.
    pub const IS_CURTAILED: usize = 1;
    /// Mining not run for orders in force, W.
    pub const STANDING: usize = 2;
    /// Mining that wanted power on feeders that were shed, W.
    pub const MINING_UNSERVED: usize = 3;
    /// Firm load not served, W.
    pub const UNSERVED: usize = 4;
    /// Capacity and firm imports, less load with mining, W.
    pub const MARGIN: usize = 5;
    /// Firm load and mining served, W.
    pub const DEMAND: usize = 6;
    /// Payments for contracted mining not run, millionths of a USD an hour.
    pub const PAYMENT: usize = 7;
    /// Those whose hourly means are kept, beside the classes.
    pub const HOURLY: [usize; 4] = [CURTAILED, UNSERVED, MARGIN, DEMAND];
    /// Then served by class; then hours near the limit by line; then what would be served by
    /// class without any mining; then curtailed by rung.
    pub const CLASSES: usize = 8;
}

/// The recorder.
#[derive(Debug, Clone)]
pub struct Strain {
    windows: Vec<Window>,
    ledger: Ledger,
    integrals: WindowIntegrals,
    farms: Vec<Curtailment>,
    /// The rates of rungs.
    rungs: Range<usize>,
    /// Emission factors in microtonnes per watt-hour, that is t/MWh.
    factors: Vec<f64>,
    /// All classes, one bit each.
    of_classes: u64,
    ties: Ties,
    /// Nothing of this replication has been seen yet.
    anew: bool,
    /// Somebody was not served at the last look.
    is_short: bool,
    scratch: Vec<i64>,
}

impl Strain {
    /// A recorder for a plan's system.
    pub fn new(plan: &Plan<'_>) -> Self {
        let system = plan.system;
        let classes = rate::CLASSES..rate::CLASSES + system.classes.len();
        let rungs = Rung::of_system(system);
        let first_rung = classes.end + system.lines.len() + classes.len();
        let rates = first_rung + rungs.len();
        let rung_of = |farm| {
            let on = Rung::of_farm(system, farm);
            first_rung + rungs.iter().position(|&rung| rung == on).unwrap_or(0)
        };
        Self {
            ledger: Ledger::new(rates, rate::HOURLY.into_iter().chain(classes)),
            integrals: WindowIntegrals::new(system.windows.len(), rates),
            farms: (0..system.farms.len())
                .map(|farm| Curtailment::new(rung_of(farm)))
                .collect(),
            rungs: first_rung..rates,
            factors: system.classes.iter().map(|class| class.tco2_mwh).collect(),
            of_classes: (1 << system.classes.len()) - 1,
            ties: Ties::new(plan),
            anew: true,
            is_short: false,
            scratch: Vec::new(),
            windows: system.windows.clone(),
        }
    }

    /// Names its slots.
    pub fn describe(plan: &Plan<'_>, layout: &mut Layout) {
        let system = plan.system;
        for window in &system.windows {
            let at = (window.name.as_str(), "system");
            let slot = |layout: &mut Layout, name: &str| {
                layout.slot(format!("{}/system/{name}", window.name))
            };
            let energy = |layout: &mut Layout, index: &str| {
                let place = slot(layout, &format!("{index}_wh"));
                layout.publish(at, &format!("{index}_mwh"), "MWh", place, 1e-6);
            };
            energy(layout, "curtailed_mining");
            for rung in Rung::of_system(system) {
                let rung = rung.name();
                let place = slot(layout, &format!("curtailed_mining/{rung}_wh"));
                layout.publish(
                    at,
                    &format!("curtailed_mining_mwh/{rung}"),
                    "MWh",
                    place,
                    1e-6,
                );
            }
            energy(layout, "standing_curtailed_mining");
            energy(layout, "unserved_mining");
            energy(layout, "demand");
            let curtailed = slot(layout, "curtailed_ms");
            let hours = 1.0 / MS_PER_HOUR as f64;
            layout.publish(at, "curtailed_mining_h", "h", curtailed, hours);
            let margin = slot(layout, "margin_p5_w");
            layout.publish(at, "reserve_margin_p5_mw", "MW", margin, 1e-6);
            let least = slot(layout, "margin_least_w");
            layout.publish(at, "reserve_margin_least_mw", "MW", least, 1e-6);
            let peak = slot(layout, "peak_w");
            layout.publish(at, "peak_demand_mw", "MW", peak, 1e-6);
            let emitted = slot(layout, "emissions_ut");
            layout.publish(at, "emissions_tco2", "t", emitted, 1e-6);
            let bare = slot(layout, "emissions_without_mining_ut");
            layout.publish(at, "emissions_without_mining_tco2", "t", bare, 1e-6);
            if !system.contracts.is_empty() {
                let paid = slot(layout, "contract_payment_micro_usd");
                layout.publish(at, "contract_payment_usd", "USD", paid, 1e-6);
            }
            for class in &system.classes {
                let place = slot(layout, &format!("served/{}_wh", class.name));
                layout.publish(
                    at,
                    &format!("served_mwh/{}", class.name),
                    "MWh",
                    place,
                    1e-6,
                );
            }
            for line in &system.lines {
                let scope = format!("line/{}", line.name);
                let place = layout.slot(format!("{}/{scope}/near_limit_ms", window.name));
                let at = (window.name.as_str(), scope.as_str());
                let percent = (line.report_above * 100.0).round();
                layout.publish(at, &format!("hours_above_{percent}_pct"), "h", place, hours);
            }
        }
        for input in &system.inputs {
            let place = layout.slot(format!("input/{}", input.name));
            let scope = format!("input/{}", input.name);
            layout.publish(("all", scope.as_str()), "input", input.unit, place, 1e-6);
        }
        if calibration(system).is_some() {
            let place = layout.slot("input/efficiency-mj-th");
            layout.publish(("all", "network"), "efficiency_j_th", "J/TH", place, 1e-3);
            let place = layout.slot("input/modern-share-ppm");
            layout.publish(("all", "network"), "modern_share", "1", place, 1e-6);
        }
    }

    /// Generation by class, margin, what lacks, and lines. Imports are a class like any other.
    /// Farms need no look where none of them changed, and everybody was served and is.
    fn balance(&mut self, view: View<'_>) {
        let View { state, .. } = view;
        let now = state.now;
        let energy = state.energy();
        let lines = rate::CLASSES + self.factors.len();
        self.follow(energy, rate::CLASSES, now);
        let limits_moved =
            (self.anew || state.lines_changed) && self.ties.follow(&state.line_limit);
        let grid_changed = self.anew || limits_moved || state.grid_changed;
        if grid_changed {
            self.ties.look_at_grid(state);
        }
        if state.grid_changed {
            self.follow(state.bare(), lines + state.line_limit.len(), now);
        }
        let all_lines = self.anew || limits_moved;
        let was_short = std::mem::replace(&mut self.is_short, state.is_short);
        // Mining on the feeders of one that is short may lack power where firm load does not.
        let is_short = self.anew || was_short || state.is_short;
        let farms_changed = is_short || !state.changed_farms.is_empty();
        self.anew = false;
        if is_short {
            self.ties.look_at_the_unserved(state);
        }
        if farms_changed {
            self.ties.look_at_farms(state);
        }
        let ledger = &mut self.ledger;
        if farms_changed || grid_changed {
            let power = self.ties.power();
            ledger.set(rate::MARGIN, power.margin(), now);
            ledger.set(rate::DEMAND, power.served(), now);
            if is_short {
                ledger.set(rate::UNSERVED, power.unserved(), now);
                ledger.set(rate::MINING_UNSERVED, power.mining_unserved(), now);
            }
        }
        if all_lines || energy.flows_moved() {
            self.ties.look(view, all_lines, |line, near| {
                ledger.set(lines + line, i64::from(near), now);
            });
        }
    }

    /// Generation by class, all zones together, of a market's last clearing.
    #[inline(always)]
    fn follow(&mut self, market: &Market, first_rate: usize, now: Instant) {
        let mut moved = self.of_classes;
        if !self.anew {
            moved &= market.moved_levels();
        }
        let taken = market.taken_by_level();
        while moved != 0 {
            let class = moved.trailing_zeros() as usize;
            moved &= moved - 1;
            self.ledger.set(first_rate + class, taken[class], now);
        }
    }

    /// Looks at farms whose leave to run changed; starts and stops leave it as it is.
    fn look_at_farms(&mut self, view: View<'_>, farms: impl Iterator<Item = usize>) {
        for farm in farms {
            self.farms[farm].look(&mut self.ledger, view, farm);
        }
        let curtailed = i64::from(self.ledger.rate(rate::CURTAILED) > 0);
        self.ledger
            .set(rate::IS_CURTAILED, curtailed, view.state.now);
    }

    /// Emissions over a window, microtonnes, of the generation that stands from a rate on.
    fn emissions(&self, window: usize, first_rate: usize) -> i64 {
        let of_class = |(class, factor): (usize, &f64)| {
            self.integrals.get(window, first_rate + class) as f64 * factor
        };
        let watt_ms: f64 = self.factors.iter().enumerate().map(of_class).sum();
        round_half_even(watt_ms / MS_PER_HOUR as f64)
    }

    /// Hourly means of one of [`hourly`], of a finished replication.
    pub(super) fn hours(&self, rate: usize) -> &[i64] {
        self.ledger.hours(rate)
    }
}

impl Recorder for Strain {
    const HOURS: bool = true;
    const ENERGY: bool = true;

    fn begin(&mut self, view: View<'_>) {
        self.ledger.reset();
        self.integrals.reset();
        self.farms.iter_mut().for_each(Curtailment::reset);
        (self.anew, self.is_short) = (true, false);
        self.ties.reset();
        self.look_at_farms(view, 0..self.farms.len());
        self.balance(view);
    }

    fn changed(&mut self, view: View<'_>) {
        let farms = &view.state.changed_leaves;
        if !farms.is_empty() {
            self.look_at_farms(view, farms.iter().map(|&farm| usize::from(farm)));
        }
        self.balance(view);
    }

    fn boundary(&mut self, view: View<'_>, at: Instant) {
        self.integrals.pass(&self.windows, &self.ledger, at);
        if at.0 % MS_PER_HOUR == 0 {
            self.ledger.hour_ends(at);
        }
        if at.0 == view.plan.system.horizon.0 {
            self.ledger.complete_hours(at);
        }
    }

    fn close(&mut self, view: View<'_>, row: &mut Vec<i64>) {
        let system = view.plan.system;
        for (index, window) in self.windows.iter().enumerate() {
            let wh = |at: usize| Energy(self.integrals.get(index, at)).watt_hours();
            // What is curtailed is the sum of the quanta of its rungs, so that tables add up.
            row.push(self.rungs.clone().map(wh).sum());
            row.extend(self.rungs.clone().map(wh));
            row.extend([rate::STANDING, rate::MINING_UNSERVED, rate::DEMAND].map(wh));
            row.push(self.integrals.get(index, rate::IS_CURTAILED) as i64);
            let first = (window.from.0 + MS_PER_HOUR - 1) / MS_PER_HOUR;
            let hours = first as usize..(window.until.0 / MS_PER_HOUR).max(first) as usize;
            self.scratch.clear();
            self.scratch
                .extend_from_slice(&self.ledger.hours(rate::MARGIN)[hours.clone()]);
            let fifth = (self.scratch.len().div_ceil(20)).saturating_sub(1);
            let (p5, least) = if self.scratch.is_empty() {
                (0, 0)
            } else {
                let p5 = *self.scratch.select_nth_unstable(fifth).1;
                (p5, self.scratch.iter().copied().min().unwrap_or(0))
            };
            let peak = self.ledger.hours(rate::DEMAND)[hours]
                .iter()
                .copied()
                .max()
                .unwrap_or(0);
            row.extend([p5, least, peak]);
            let first_line = rate::CLASSES + system.classes.len();
            let first_bare = first_line + system.lines.len();
            row.extend([rate::CLASSES, first_bare].map(|first| self.emissions(index, first)));
            let hour = i128::from(MS_PER_HOUR);
            if !system.contracts.is_empty() {
                row.push(
                    div_round_half_even(self.integrals.get(index, rate::PAYMENT), hour) as i64,
                );
            }
            row.extend((0..system.classes.len()).map(|class| wh(rate::CLASSES + class)));
            let near = |line| self.integrals.get(index, first_line + line) as i64;
            row.extend((0..system.lines.len()).map(near));
        }
        inputs(view, row);
    }
}

/// How the farms' efficiency is derived, where it is.
fn calibration(system: &System) -> Option<&Calibration> {
    system.world.as_ref()?.calibration.as_ref()
}

/// The drawn inputs, in millionths; and the efficiency that follows from them, with the share of
/// hashrate that a modern and an old mix must have to give it: e = w modern + (1 - w) old.
fn inputs(view: View<'_>, row: &mut Vec<i64>) {
    let system: &System = view.plan.system;
    let millionths = |value: f64| libm::rint(value * 1e6) as i64;
    row.extend(view.futures.inputs.iter().map(|&value| millionths(value)));
    if let Some(calibration) = calibration(system) {
        let efficiency = view.futures.efficiency_j_th;
        row.push(libm::rint(efficiency * 1e3) as i64);
        let modern = system.fleets[calibration.modern].efficiency_j_th();
        let old = system.fleets[calibration.old].efficiency_j_th();
        row.push(millionths(
            ((old - efficiency) / (old - modern)).clamp(0.0, 1.0),
        ));
    }
}

/// Hourly means that charts want, by name.
pub(super) mod hourly {
    /// Curtailed mining.
    pub const CURTAILED: usize = super::rate::CURTAILED;
    /// Unserved firm load.
    pub const UNSERVED: usize = super::rate::UNSERVED;
    /// Reserve margin.
    pub const MARGIN: usize = super::rate::MARGIN;
    /// Firm load and mining served.
    pub const DEMAND: usize = super::rate::DEMAND;
    /// First class.
    pub const CLASSES: usize = super::rate::CLASSES;
}

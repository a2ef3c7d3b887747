//! What went into stores and out of them, how low they ran, and what was in them hour by hour.

use super::ledger::{Ledger, WindowIntegrals};
use super::{Layout, SeriesKind};
use crate::engine::{Plan, Recorder, View};
use crate::quantity::{Energy, Instant, MS_PER_HOUR};
use crate::stats::Bins;
use crate::system::{Inflow, Store, System, Window};

/// Places of a store's rates in the ledger.
mod rate {
    /// Taken from the grid, W.
    pub const CHARGED: usize = 0;
    /// Drawn from store, W.
    pub const DISCHARGED: usize = 1;
    /// What ran in and on because it was full, W.
    pub const PASSED: usize = 2;
    pub const COUNT: usize = 3;
}

/// The recorder; of a system without stores it records nothing.
#[derive(Debug, Clone)]
pub struct Stores {
    windows: Vec<Window>,
    stores: usize,
    ledger: Ledger,
    integrals: WindowIntegrals,
    /// `[window][store]`: the least that was in it, and what is in it at the end.
    levels: Vec<(Energy, Energy)>,
    /// `[store][hour]`: what is in it as the hour begins, Wh.
    hours: Vec<Vec<i64>>,
}

/// Steps of a store's level in its hourly histograms, from empty to full.
const LEVEL_STEPS: i64 = 200;

/// Bins of a level in Wh. Empty and full lie in the middle of the first and the last, so that they
/// are told from nearly empty and nearly full, to half a step.
fn level_bins(store: &Store) -> Bins {
    let full = store.energy.watt_hours().max(1);
    let step = (full + LEVEL_STEPS - 1) / LEVEL_STEPS;
    Bins::new(-((step - 1) / 2), step, LEVEL_STEPS as u32 + 1)
}

/// Whether anything ever runs into a store by itself.
fn has_inflow(store: &Store) -> bool {
    !matches!(store.inflow, Inflow::Steady(inflow) if inflow.0 == 0)
}

impl Stores {
    /// A recorder for a plan's system.
    pub fn new(plan: &Plan<'_>) -> Self {
        let System {
            windows, stores, ..
        } = plan.system;
        let rates = stores.len() * rate::COUNT;
        Self {
            ledger: Ledger::new(rates, []),
            integrals: WindowIntegrals::new(windows.len(), rates),
            levels: vec![(Energy::ZERO, Energy::ZERO); windows.len() * stores.len()],
            hours: vec![vec![0; plan.system.hours()]; stores.len()],
            windows: windows.clone(),
            stores: stores.len(),
        }
    }

    /// Names its slots.
    pub fn describe(plan: &Plan<'_>, layout: &mut Layout) {
        let system = plan.system;
        for window in &system.windows {
            for store in &system.stores {
                let scope = format!("plant/{}", system.plants[store.plant.at()].name);
                let mut slot = |index: &str| {
                    let place = layout.slot(format!("{}/{scope}/{index}_wh", window.name));
                    let at = (window.name.as_str(), scope.as_str());
                    layout.publish(at, &format!("{index}_mwh"), "MWh", place, 1e-6);
                };
                slot("charged");
                slot("discharged");
                if has_inflow(store) {
                    slot("passed");
                }
                slot("least_stored");
                slot("stored_at_end");
            }
        }
    }

    /// The hourly fans of a system's stores, in their order.
    pub(super) fn fans(system: &System) -> impl Iterator<Item = SeriesKind> {
        system.stores.iter().map(|store| SeriesKind {
            name: "stored_energy".to_owned(),
            scope: format!("plant/{}", system.plants[store.plant.at()].name),
            unit: "MWh",
            bins: level_bins(store),
            scale: 1e-6,
        })
    }

    /// What is in each store as each hour begins, Wh, store by store.
    pub(super) fn hours(&self) -> &[Vec<i64>] {
        &self.hours
    }

    /// Notes what is in store as an hour begins.
    fn look_hour(&mut self, view: View<'_>, at: Instant) {
        if at.0 % MS_PER_HOUR != 0 {
            return;
        }
        for (index, hours) in self.hours.iter_mut().enumerate() {
            // The end of the horizon begins no hour.
            if let Some(hour) = hours.get_mut((at.0 / MS_PER_HOUR) as usize) {
                *hour = view.state.store(index).energy_at(at).watt_hours();
            }
        }
    }

    /// Looks at what goes in and out.
    fn look_at_rates(&mut self, view: View<'_>) {
        let now = view.state.now;
        for index in 0..self.stores {
            let store = view.state.store(index);
            let first = index * rate::COUNT;
            let rates = [store.taken, store.drawn(), store.passed()];
            for (rate, value) in rates.into_iter().enumerate() {
                self.ledger.set(first + rate, value, now);
            }
        }
        self.look(view, now);
    }

    /// Notes what is in store at an instant, for the windows that hold it.
    fn look(&mut self, view: View<'_>, at: Instant) {
        for (window, levels) in self.windows.iter().zip(self.levels.chunks_mut(self.stores)) {
            if at < window.from || at > window.until {
                continue;
            }
            for (index, (least, end)) in levels.iter_mut().enumerate() {
                let level = view.state.store(index).energy_at(at);
                *least = if at == window.from {
                    level
                } else {
                    (*least).min(level)
                };
                *end = level;
            }
        }
    }
}

impl Recorder for Stores {
    // A system with stores goes the long way in any case.
    const STATE: bool = false;

    fn begin(&mut self, view: View<'_>) {
        if self.stores == 0 {
            return;
        }
        self.ledger.reset();
        self.integrals.reset();
        self.look_hour(view, view.state.now);
        self.changed(view);
    }

    #[inline]
    fn changed(&mut self, view: View<'_>) {
        if self.stores > 0 {
            self.look_at_rates(view);
        }
    }

    #[inline]
    fn boundary(&mut self, view: View<'_>, at: Instant) {
        if self.stores > 0 {
            self.integrals.pass(&self.windows, &self.ledger, at);
            self.look(view, at);
            self.look_hour(view, at);
        }
    }

    fn close(&mut self, view: View<'_>, row: &mut Vec<i64>) {
        if self.stores == 0 {
            return;
        }
        for (window, levels) in self.levels.chunks(self.stores).enumerate() {
            for ((index, store), (least, end)) in
                view.plan.system.stores.iter().enumerate().zip(levels)
            {
                let energy = |rate: usize| {
                    Energy(self.integrals.get(window, index * rate::COUNT + rate)).watt_hours()
                };
                row.extend([energy(rate::CHARGED), energy(rate::DISCHARGED)]);
                if has_inflow(store) {
                    row.push(energy(rate::PASSED));
                }
                row.extend([least.watt_hours(), end.watt_hours()]);
            }
        }
    }
}

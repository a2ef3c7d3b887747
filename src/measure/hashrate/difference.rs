//! The run without the event beside the run with it, and what the event took.

use super::{CAUSES, Hashrate, rate};
use crate::engine::{Cause, Plan, Recorder, Twin, View};
use crate::measure::Layout;
use crate::quantity::{Hashes, Instant, MS_PER_DAY, MS_PER_HOUR, div_round_half_even};
use crate::system::Window;

/// How the recorder of the run without the event stands to the other since their runs came
/// together: what it is ahead stays as it is.
#[derive(Debug, Clone)]
pub(super) struct Rejoined {
    at: Instant,
    /// By how much its integrals over windows that have begun are ahead.
    windows: Vec<i128>,
    /// By how much its earnings over each window are ahead.
    earned: Vec<i64>,
    /// By how much what pools have kept is ahead.
    kept: i64,
}

impl<A: Recorder, C: Recorder> Twin<(A, Hashrate, C)> for Hashrate {
    fn fork(&mut self, (_, main, _): &(A, Hashrate, C)) {
        Twin::fork(self, main);
    }

    fn rejoin(&mut self, (_, main, _): &(A, Hashrate, C), at: Instant) {
        self.rejoin(main, at);
    }

    fn finish(&mut self, (_, main, _): &(A, Hashrate, C)) {
        self.finish(main);
    }
}

impl Twin<Hashrate> for Hashrate {
    fn fork(&mut self, main: &Hashrate) {
        self.ledger.copy_from(&main.ledger);
        self.integrals.copy_from(&main.integrals);
        self.farms.clone_from(&main.farms);
        self.installed = main.installed;
        self.earned = main.earned;
        self.earned_over.copy_from_slice(&main.earned_over);
        self.paid_until = main.paid_until;
        self.kept = main.kept;
        self.booked_until = main.booked_until;
        self.light = true;
        self.rejoined = None;
    }

    fn rejoin(&mut self, main: &Hashrate, at: Instant) {
        self.ledger.complete_hours(at);
        // A window's value is minus the integral at its begin until the integral at its end is
        // added, so that from here both are ahead by the difference of the two sums so far.
        let windows = self.windows.iter().enumerate().flat_map(|(index, window)| {
            let (begun, main, twin) = (window.from < at, &main, &self);
            (0..rate::POOLS).map(move |rate| {
                let so_far =
                    |run: &Hashrate| run.integrals.get(index, rate) + run.ledger.integral(rate, at);
                if begun {
                    so_far(twin) - so_far(main)
                } else {
                    0
                }
            })
        });
        let begun = |run: &Hashrate, index: usize| run.earned_over[index] + run.earned;
        let earned = self.windows.iter().enumerate().map(|(index, window)| {
            if window.from < at {
                begun(self, index) - begun(main, index)
            } else {
                0
            }
        });
        self.rejoined = Some(Rejoined {
            at,
            windows: windows.collect(),
            earned: earned.collect(),
            kept: self.kept_micro_usd() - main.kept_micro_usd(),
        });
    }

    fn finish(&mut self, main: &Hashrate) {
        let Some(rejoined) = self.rejoined.take() else {
            return;
        };
        if let Some(kept) = &mut self.kept {
            kept.micro_usd = main.kept_micro_usd() + rejoined.kept;
        }
        for rate in [rate::EFFECTIVE, rate::POWER] {
            self.ledger.continue_hours(rate, &main.ledger);
        }
        for (index, window) in self.windows.iter().enumerate() {
            if window.until <= rejoined.at {
                continue;
            }
            for rate in 0..rate::POOLS {
                let ahead = rejoined.windows[index * rate::POOLS + rate];
                let value = main.integrals.get(index, rate) + ahead;
                self.integrals.put(index, rate, value);
            }
            self.earned_over[index] = main.earned_over[index] + rejoined.earned[index];
        }
    }
}

impl Hashrate {
    /// Names the slots of [`Hashrate::close_difference`].
    pub fn describe_difference(plan: &Plan<'_>, layout: &mut Layout) {
        for window in &plan.system.windows {
            let network = (window.name.as_str(), "network");
            let slot = |layout: &mut Layout, name: &str| {
                layout.slot(format!("{}/network/event/{name}", window.name))
            };
            let days = (window.until - window.from).0 as f64 / MS_PER_DAY as f64;
            let ehs_days = 1.0 / 8.64e7;
            let total = slot(layout, "lost_ph");
            layout.publish(network, "lost_hashrate_ehs", "EH/s", total, ehs_days / days);
            layout.publish(network, "lost_hashrate_ehs_days", "EH/s d", total, ehs_days);
            for (kind, label) in [("first", "lost_by_cause"), ("after", "lost_restart_after")] {
                for cause in Cause::ALL {
                    let name = cause.name();
                    let at = slot(layout, &format!("{kind}/{name}_ph"));
                    layout.publish(network, &format!("{label}/{name}"), "EH/s d", at, ehs_days);
                }
            }
            let peak = slot(layout, "peak_hour_ghs");
            layout.publish(network, "lost_hashrate_peak_hour_ehs", "EH/s", peak, 1e-9);
            let country = slot(layout, "share_of_country_ppm");
            layout.publish(network, "lost_share_of_country", "1", country, 1e-6);
            let world = slot(layout, "share_of_world_ppm");
            layout.publish(network, "lost_share_of_world", "1", world, 1e-6);
            if plan.system.economics.is_some() {
                let gross = slot(layout, "revenue_gross_micro_usd");
                layout.publish(network, "revenue_lost_gross_usd", "USD", gross, 1e-6);
                let net = slot(layout, "revenue_net_micro_usd");
                layout.publish(network, "revenue_lost_net_usd", "USD", net, 1e-6);
            }
        }
    }

    /// Loss attributable to the event: this run against its twin without the event.
    pub fn close_difference(&self, twin: &Self, view: View<'_>, row: &mut Vec<i64>) {
        let system = view.plan.system;
        for window in 0..self.windows.len() {
            // Each cause is a difference of quanta, and the total is their sum: tables add up.
            let mut total = 0;
            let place = row.len();
            row.push(0);
            for at in (0..CAUSES).map(rate::of_cause) {
                let lost = self.petahashes(window, at) - twin.petahashes(window, at);
                total += lost;
                row.push(lost);
            }
            row[place] = total;
            for at in rate::AFTER..rate::AFTER + CAUSES {
                row.push(self.petahashes(window, at) - twin.petahashes(window, at));
            }
            row.push(self.peak_hour(twin, window));
            let without = self.petahashes(window, rate::EFFECTIVE) + total;
            let rest = rest_of_world_petahashes(view, &self.windows[window]);
            row.push(parts_per_million(total, without));
            row.push(parts_per_million(total, without + rest));
            if system.economics.is_some() {
                let gross = twin.earned_over[window] - self.earned_over[window];
                let bill = |run: &Self| {
                    let integral = run.integrals.get(window, rate::BILL);
                    div_round_half_even(integral, i128::from(MS_PER_HOUR)) as i64
                };
                row.extend([gross, gross - (bill(twin) - bill(self))]);
            }
        }
    }

    fn kept_micro_usd(&self) -> i64 {
        self.kept.map_or(0, |kept| kept.micro_usd)
    }

    /// Fees that pools did not get for the event, over the whole horizon, millionths of a USD.
    pub(in crate::measure) fn pool_fees_lost(&self, twin: &Self) -> i64 {
        twin.kept_micro_usd() - self.kept_micro_usd()
    }

    /// Largest one-hour mean of the difference within a window, GH/s.
    fn peak_hour(&self, twin: &Self, window: usize) -> i64 {
        let window = &self.windows[window];
        let first = (window.from.0 + MS_PER_HOUR - 1) / MS_PER_HOUR;
        let end = window.until.0 / MS_PER_HOUR;
        (first..end)
            .map(|hour| twin.national()[hour as usize] - self.national()[hour as usize])
            .max()
            .unwrap_or(0)
    }
}

/// Hashes of the world outside the country over a window, PH; constant within a day.
fn rest_of_world_petahashes(view: View<'_>, window: &Window) -> i64 {
    let mut hashes = Hashes::ZERO;
    for (day, &rest) in view.futures.rest_of_world.iter().enumerate() {
        let begin = Instant(day as i64 * MS_PER_DAY).max(window.from);
        let end = Instant((day as i64 + 1) * MS_PER_DAY).min(window.until);
        if end > begin {
            hashes += rest * (end - begin);
        }
    }
    hashes.petahashes()
}

/// A ratio in parts per million, rounded half to even; nothing of nothing is nothing.
fn parts_per_million(part: i64, whole: i64) -> i64 {
    if whole <= 0 {
        return 0;
    }
    div_round_half_even(i128::from(part) * 1_000_000, i128::from(whole)) as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Replicator, Run};
    use crate::quantity::{Energy, Power, Share, Span};
    use crate::scenario::{Source, read};
    use crate::system::{Inflow, Output, Store, System, Unit, ZoneId};

    /// A recorder of the run without the event that lets it go to the horizon by itself.
    struct ByItself(Hashrate);

    impl Recorder for ByItself {
        const HOURS: bool = true;

        fn begin(&mut self, view: View<'_>) {
            self.0.begin(view);
        }
        fn changed(&mut self, view: View<'_>) {
            self.0.changed(view);
        }
        fn boundary(&mut self, view: View<'_>, at: Instant) {
            self.0.boundary(view, at);
        }
        fn close(&mut self, _view: View<'_>, _row: &mut Vec<i64>) {}
    }

    impl Twin<Hashrate> for ByItself {
        const REJOINS: bool = false;

        fn fork(&mut self, main: &Hashrate) {
            self.0.fork(main);
        }
        fn rejoin(&mut self, _main: &Hashrate, _at: Instant) {}
        fn finish(&mut self, _main: &Hashrate) {}
    }

    /// Runs that come together again are as good as runs that go on side by side, to the bit.
    #[test]
    fn coming_together_changes_nothing() {
        let source = Source::built_in("kazakhstan-2022").unwrap();
        come_together(&read(&source, &[]).unwrap().system, 24);
    }

    /// With stores they do when these are as full as each other, too.
    #[test]
    fn coming_together_changes_nothing_of_stores() {
        let source = Source::built_in("kazakhstan-2022").unwrap();
        let mut system = read(&source, &[]).unwrap().system;
        let south = system.zones.iter().position(|zone| zone.name == "south");
        let zone = ZoneId::from(south.unwrap());
        let of_zone = |unit: &&Unit| unit.zone == zone && unit.output == Output::Steady;
        let plant = system.units.iter().find(of_zone).unwrap().plant;
        let units = i64::from(system.plants[plant.at()].units);
        system.stores.push(Store {
            plant,
            energy: Power(300_000_000) * Span::from_hours(1.0),
            charge: Power(20_000_000 * units),
            efficiency: Share(850_000),
            initial: Energy::ZERO,
            inflow: Inflow::Steady(Power(1_000_000)),
        });
        come_together(&system, 12);
    }

    fn come_together(system: &System, replications: u32) {
        let plan = Plan::new(system);
        let mut replicator = Replicator::new(&plan);
        let mut main = Hashrate::new(&plan);
        let (mut twin, mut by_itself) = (Hashrate::new(&plan), ByItself(Hashrate::new(&plan)));
        let (mut together, mut apart) = (Run::default(), Run::default());
        for replication in 0..replications {
            let mut rows = [Vec::new(), Vec::new()];
            together += replicator
                .replicate_paired(replication, &mut main, &mut twin, &mut rows[0])
                .unwrap();
            main.close_difference(&twin, replicator.view(), &mut rows[0]);
            apart += replicator
                .replicate_paired(replication, &mut main, &mut by_itself, &mut rows[1])
                .unwrap();
            main.close_difference(&by_itself.0, replicator.view(), &mut rows[1]);
            assert_eq!(rows[0], rows[1]);
            assert_eq!(twin.national(), by_itself.0.national());
        }
        // Most of them do come together.
        assert!(together.events * 10 < apart.events * 9);
    }
}

//! Hashes found and hashes missing, by cause; and the difference to the same run without the
//! event.
//!
//! Reference is what is installed. Every missing hash is charged to the first cause of the
//! order in [`Cause`]; beside it, `any` is what a cause alone would take, and `only` is what
//! would come back if that cause alone were gone. Loss attributable to the event is the paired
//! difference to the run without it, cause by cause (`docs/model/indices.md`).

mod contribution;
mod difference;

use self::contribution::{Contribution, Look};
use self::difference::Rejoined;
use super::Layout;
use super::blocks::wants_blocks;
use super::ledger::{Ledger, WindowIntegrals};
use crate::engine::{Cause, Plan, REJOIN_EVERY_H, Recorder, View};
use crate::quantity::{Hashes, Instant, MS_PER_DAY, MS_PER_HOUR, round_half_even};
use crate::system::{System, Window};

const CAUSES: usize = Cause::COUNT;

/// Places of rates in the ledger.
mod rate {
    use super::CAUSES;
    /// Effective hashrate, GH/s.
    pub const EFFECTIVE: usize = 0;
    /// Effective hashrate after pool fees, GH/s.
    pub const PAID: usize = 1;
    /// Power drawn, W.
    pub const POWER: usize = 2;
    /// Power drawn for no hashes, W; beside it the bill.
    pub const WASTED: usize = 3;
    /// Electricity bill, millionths of a USD an hour.
    pub const BILL: usize = WASTED + 1;
    /// Missing for restart, by what triggered it.
    pub const AFTER: usize = 5;
    /// Missing by cause, side by side: as the first cause; for it, whatever else; for it alone.
    pub const CAUSE: usize = AFTER + CAUSES;
    pub const OF_CAUSE: usize = 3;
    /// Then pools, then farms.
    pub const POOLS: usize = CAUSE + OF_CAUSE * CAUSES;

    /// Where the rates of a cause begin; the one for which it is the first cause.
    pub const fn of_cause(cause: usize) -> usize {
        CAUSE + OF_CAUSE * cause
    }

    /// Where a pool of the system stands.
    pub const fn of_pool(pool: usize) -> usize {
        POOLS + pool
    }

    /// What is missing in the order of a row: by first cause, for restart by what triggered it,
    /// for a cause whatever else, for a cause alone.
    pub fn missing() -> impl Iterator<Item = usize> {
        let causes = |place: usize| (0..CAUSES).map(move |cause| of_cause(cause) + place);
        let first = causes(0).chain(AFTER..AFTER + CAUSES);
        first.chain(causes(1)).chain(causes(2))
    }
}

/// Fees of pools on what the farms found.
#[derive(Debug, Clone, Copy, Default)]
struct Kept {
    /// Since the start, millionths of a USD.
    micro_usd: i64,
    found_until: i128,
}

/// The recorder.
#[derive(Debug, Clone)]
pub struct Hashrate {
    windows: Vec<Window>,
    ledger: Ledger,
    integrals: WindowIntegrals,
    farms: Vec<Contribution>,
    /// Installed hashrate of the country, GH/s.
    installed: i64,
    /// Earnings since the start, millionths of a USD, and at each window's begin, then over it.
    earned: i64,
    earned_over: Vec<i64>,
    paid_until: i128,
    /// What pools have kept of it, where that is asked for.
    kept: Option<Kept>,
    booked_until: Instant,
    /// Each change of national hashrate, (ms since start, GH/s), where blocks are wanted.
    path: Option<Vec<(i64, i64)>>,
    /// Follows another recorder: national figures only.
    light: bool,
    /// Of such a one: how it stands to the other since the runs came together.
    rejoined: Option<Rejoined>,
}

impl Hashrate {
    /// A recorder for a plan's system.
    pub fn new(plan: &Plan<'_>) -> Self {
        let system = plan.system;
        let rates = rate::POOLS + system.pools.len() + system.farms.len();
        let windows = system.windows.clone();
        let pools = (0..system.pools.len()).map(rate::of_pool);
        let kept = [rate::EFFECTIVE, rate::POWER].into_iter().chain(pools);
        Self {
            ledger: Ledger::new(rates, kept),
            integrals: WindowIntegrals::new(windows.len(), rates),
            farms: Vec::with_capacity(system.farms.len()),
            installed: 0,
            earned: 0,
            earned_over: vec![0; windows.len()],
            paid_until: 0,
            kept: system.blocks.as_ref().map(|_| Kept::default()),
            booked_until: Instant::START,
            path: wants_blocks(system).then(Vec::new),
            light: false,
            rejoined: None,
            windows,
        }
    }

    /// Looks at one farm again.
    fn look(&mut self, view: View<'_>, index: usize) {
        let View { plan, state, .. } = view;
        let farm = &state.farms[index];
        let look = Look {
            farm,
            now: state.now,
            light: self.light,
        };
        let mine = &mut self.farms[index];
        mine.look(&mut self.ledger, &look);
        let pools = plan.system.pools.len();
        if !self.light && pools > 0 {
            let of_farm = rate::of_pool(pools) + index;
            mine.tell_pool(&mut self.ledger, usize::from(farm.pool), of_farm, state.now);
        }
    }

    /// Looks at the farms that changed.
    fn look_at_farms(&mut self, view: View<'_>) {
        for &farm in &view.state.changed_farms {
            self.look(view, usize::from(farm));
        }
        // What follows another recorder needs no path of its own.
        if let (false, Some(path)) = (self.light, &mut self.path) {
            let (now, rate) = (view.state.now.0, self.ledger.rate(rate::EFFECTIVE));
            match path.last_mut() {
                Some(&mut (_, last)) if last == rate => {}
                // What changes twice at an instant has the last value from then on.
                Some((at, last)) if *at == now => *last = rate,
                _ => path.push((now, rate)),
            }
        }
    }

    /// Names its slots.
    pub fn describe(plan: &Plan<'_>, layout: &mut Layout) {
        let system = plan.system;
        for window in &system.windows {
            let network = (window.name.as_str(), "network");
            let slot = |layout: &mut Layout, name: &str| {
                layout.slot(format!("{}/network/{name}", window.name))
            };
            let days = (window.until - window.from).0 as f64 / MS_PER_DAY as f64;
            // 1 EH/s-day is 8.64e22 hashes, 8.64e7 PH.
            let ehs_days = 1.0 / 8.64e7;
            let ehs = ehs_days / days;
            let found = slot(layout, "found_ph");
            layout.publish(network, "hashrate_ehs", "EH/s", found, ehs);
            let installed = slot(layout, "installed_ph");
            layout.publish(network, "installed_hashrate_ehs", "EH/s", installed, ehs);
            let total = slot(layout, "lost_installed_ph");
            layout.publish(network, "lost_installed_ehs", "EH/s", total, ehs);
            layout.publish(
                network,
                "lost_installed_ehs_days",
                "EH/s d",
                total,
                ehs_days,
            );
            for (kind, label) in [
                ("first", "lost_installed_by_cause"),
                ("after", "lost_installed_restart_after"),
                ("any", "lost_installed_any"),
                ("only", "lost_installed_only"),
            ] {
                for cause in Cause::ALL {
                    let name = cause.name();
                    let at = slot(layout, &format!("{kind}/{name}_ph"));
                    layout.publish(network, &format!("{label}/{name}"), "EH/s d", at, ehs_days);
                }
            }
            let mwh = 1e-6;
            let energy = slot(layout, "mining_wh");
            layout.publish(network, "mining_energy_mwh", "MWh", energy, mwh);
            let wasted = slot(layout, "wasted_wh");
            layout.publish(network, "energy_without_hashes_mwh", "MWh", wasted, mwh);
            for farm in &system.farms {
                let scope = format!("farm/{}", farm.name);
                let at = layout.slot(format!("{}/{scope}/found_ph", window.name));
                let scope = (window.name.as_str(), scope.as_str());
                layout.publish(scope, "hashrate_ehs", "EH/s", at, ehs);
            }
            for pool in &system.pools {
                let scope = format!("pool/{}", pool.name);
                let at = layout.slot(format!("{}/{scope}/found_ph", window.name));
                let scope = (window.name.as_str(), scope.as_str());
                layout.publish(scope, "hashrate_from_country_ehs", "EH/s", at, ehs);
            }
        }
    }

    /// Hourly means of national hashrate of a finished replication, GH/s.
    pub(super) fn national(&self) -> &[i64] {
        self.ledger.hours(rate::EFFECTIVE)
    }

    /// Hourly means of a pool's hashrate from the country, GH/s.
    pub(super) fn pool(&self, pool: usize) -> &[i64] {
        self.ledger.hours(rate::of_pool(pool))
    }

    /// Each change of national hashrate, (ms since start, GH/s); empty where no blocks are wanted.
    pub(super) fn path(&self) -> &[(i64, i64)] {
        self.path.as_deref().unwrap_or_default()
    }

    /// Hourly means of mining power, W.
    pub(super) fn power(&self) -> &[i64] {
        self.ledger.hours(rate::POWER)
    }

    fn petahashes(&self, window: usize, at: usize) -> i64 {
        Hashes(self.integrals.get(window, at)).petahashes()
    }

    /// Earnings since they were last booked, at the price of the day.
    fn earn(&mut self, view: View<'_>, at: Instant) {
        let paid = self.ledger.integral(rate::PAID, at);
        let day = (self.booked_until.0 / MS_PER_DAY) as usize;
        if let Some(&usd) = view.futures.usd_per_exahash_day.get(day) {
            self.earned += round_half_even(exahash_days(paid - self.paid_until) * usd * 1e6);
            if let Some(kept) = &mut self.kept {
                let found = self.ledger.integral(rate::EFFECTIVE, at);
                let fees = (found - kept.found_until) - (paid - self.paid_until);
                kept.micro_usd += round_half_even(exahash_days(fees) * usd * 1e6);
                kept.found_until = found;
            }
        }
        self.paid_until = paid;
        self.booked_until = at;
        if !self.integrals.has_edge(at) {
            return;
        }
        for (over, window) in self.earned_over.iter_mut().zip(&self.windows) {
            if window.from == at {
                *over = -self.earned;
            }
            if window.until == at {
                *over += self.earned;
            }
        }
    }
}

/// GH/s ms in EH/s days.
#[inline]
fn exahash_days(hashes: i128) -> f64 {
    const TWO_TO_32: f64 = (1_u64 << 32) as f64;
    // Two parts that are exact (there are less than 2^85), so that only their sum is rounded.
    let (high, low) = ((hashes >> 32) as i64, hashes as u32);
    (high as f64 * TWO_TO_32 + f64::from(low)) / 8.64e16
}

/// Where a farm of the system stands among the ledger's rates.
fn farm_rate(system: &System, farm: usize) -> usize {
    rate::of_pool(system.pools.len()) + farm
}

impl Recorder for Hashrate {
    const HOURS: bool = true;

    fn begin(&mut self, view: View<'_>) {
        self.ledger.reset();
        self.integrals.reset();
        let farms = view.plan.system.farms.iter();
        let installed = &view.futures.installed_hashrate;
        self.farms.clear();
        self.farms.extend(
            farms
                .zip(installed)
                .map(|(farm, &installed)| Contribution::new(farm, installed)),
        );
        self.earned = 0;
        self.earned_over.fill(0);
        self.paid_until = 0;
        if let Some(kept) = &mut self.kept {
            *kept = Kept::default();
        }
        self.booked_until = Instant::START;
        self.light = false;
        self.installed = view
            .futures
            .installed_hashrate
            .iter()
            .map(|hashrate| hashrate.0)
            .sum();
        for farm in 0..self.farms.len() {
            self.look(view, farm);
        }
        if let Some(path) = &mut self.path {
            path.clear();
            path.push((0, self.ledger.rate(rate::EFFECTIVE)));
        }
    }

    #[inline]
    fn changed(&mut self, view: View<'_>) {
        if !view.state.changed_farms.is_empty() {
            self.look_at_farms(view);
        }
    }

    fn boundary(&mut self, view: View<'_>, at: Instant) {
        let is_last = at.0 == view.plan.system.horizon.0;
        // The price is that of the day; runs come together at whole multiples of some hours.
        let is_due = at.0 % (REJOIN_EVERY_H * MS_PER_HOUR) == 0;
        if is_due || is_last || self.integrals.has_edge(at) {
            self.earn(view, at);
        }
        self.integrals.pass(&self.windows, &self.ledger, at);
        if at.0 % MS_PER_HOUR == 0 {
            self.ledger.hour_ends(at);
        }
        if is_last {
            self.ledger.complete_hours(at);
        }
    }

    fn close(&mut self, view: View<'_>, row: &mut Vec<i64>) {
        if self.light {
            return;
        }
        let system = view.plan.system;
        for window in 0..self.windows.len() {
            row.push(self.petahashes(window, rate::EFFECTIVE));
            let span = self.windows[window].until - self.windows[window].from;
            row.push(Hashes(i128::from(self.installed) * i128::from(span.0)).petahashes());
            let place = row.len();
            row.push(0);
            for at in rate::missing() {
                row.push(self.petahashes(window, at));
            }
            row[place] = row[place + 1..=place + CAUSES].iter().sum();
            for at in [rate::POWER, rate::WASTED] {
                row.push(crate::quantity::Energy(self.integrals.get(window, at)).watt_hours());
            }
            row.extend(
                (0..system.farms.len())
                    .map(|farm| self.petahashes(window, farm_rate(system, farm))),
            );
            row.extend(
                (0..system.pools.len()).map(|pool| self.petahashes(window, rate::of_pool(pool))),
            );
        }
    }
}

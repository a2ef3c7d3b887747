//! How a state begins, and what every hour brings: load, wind and sun, heat, prices. And for those
//! who need no hours, the scan for shortages between two events.

use super::state::reason;
use super::{Futures, Plan, State};
use crate::quantity::{Instant, MS_PER_HOUR, Share};

impl State {
    /// The first state of a replication, before the events of its first instant.
    pub(super) fn reset(&mut self, plan: &Plan<'_>, futures: &Futures, without_event: bool) {
        let system = plan.system;
        self.now = Instant::START;
        self.cursor = 0;
        self.boundary = 0;
        self.rounds = 0;
        self.agenda.clear();
        self.links.clear();
        self.units.fill(super::state::UnitState::default());
        self.units_away.clear();
        self.farms.fill(super::FarmState::default());
        for counts in [&mut self.circuits_down, &mut self.line_struck] {
            counts.fill(0);
        }
        for amounts in [
            &mut self.hourly_total,
            &mut self.group_available,
            &mut self.group_capacity,
            &mut self.capacity,
            &mut self.unserved,
        ] {
            amounts.fill(0);
        }
        for (state, zone) in self.zones.iter_mut().zip(&system.zones) {
            *state = super::state::ZoneState {
                reserve: zone.reserve.0,
                ..Default::default()
            };
        }
        self.unseen_by_ladder.mark_all(system.zones.len());
        self.unseen_by_balance.mark_all(system.zones.len());
        self.cut_by_hazard = false;
        // The markets have seen nothing.
        self.touched_classes.fill(u64::MAX);
        self.forget_slack();
        self.grid_changed = true;
        self.order_active.fill(false);
        self.contracts.fill(super::state::ContractState::default());
        self.contract_calls.fill(0);
        self.changed_farms.clear();
        self.changed_leaves.clear();
        self.ladder_active = false;
        self.cuts.fill(super::state::Cut::NEVER);
        self.warm_day = true;
        self.is_short = false;
        self.lacked_supply = true;
        self.bare_lacked = true;
        self.without_event = without_event;
        self.reset_stores(plan);
        for unit in 0..system.units.len() {
            let start = futures.unit_start[unit];
            self.units[unit].reasons = if start.down { reason::FORCED } else { 0 };
            self.units[unit].derated = start.derated;
            self.units[unit].state = start.state;
            self.unit_changed(plan, futures, unit as u16);
        }
        for &event in &futures.starts_dark {
            self.apply(plan, futures, event);
        }
        for line in 0..system.lines.len() {
            self.line_changed(plan, futures, line);
        }
        for farm in 0..system.farms.len() {
            let state = &mut self.farms[farm];
            state.installed = futures.installed[farm];
            state.zone = system.farms[farm].zone.0;
            state.spared = futures.spared[farm];
        }
        self.hour_begins(plan, futures);
        while futures.timeline.time(self.cursor) == Instant::START {
            let event = futures.timeline.event(self.cursor);
            self.cursor += 1;
            self.apply(plan, futures, event);
        }
        // What runs at the start has run for long: nobody boots, nobody holds.
        self.mark_all_links(plan);
        self.refresh_links(plan, futures, true);
        for farm in &mut self.farms {
            farm.ready = if farm.link { farm.allowed() } else { 0 };
            farm.goal = farm.ready;
        }
        for farm in 0..system.farms.len() {
            self.touch(farm);
        }
        self.dirty.balance = true;
    }

    /// Each zone's firm load, W.
    #[inline]
    fn set_firm(&mut self, load: impl Fn(usize) -> i64) {
        let (mut lost, mut lost_in_all) = (0, 0);
        for (zone, state) in self.zones.iter_mut().enumerate() {
            let firm = load(zone);
            let more = firm - state.firm;
            state.firm = firm;
            // Some loads rest while others move, hour by hour: no branch.
            self.unseen_by_ladder.mark_if(zone, more != 0);
            self.unseen_by_balance.mark_if(zone, more != 0);
            lost += more.max(0);
            lost_in_all += more;
        }
        let gained = lost - lost_in_all;
        self.ladder_slack.change(lost, gained);
        self.balance_slack.change(lost, gained);
    }

    /// Load, weather-driven plant, heat and price of the hour that begins now.
    pub(super) fn hour_begins(&mut self, plan: &Plan<'_>, futures: &Futures) {
        let hour = (self.now.0 / MS_PER_HOUR) as usize;
        self.set_firm(|zone| {
            let hourly = &futures.load(plan, zone).hourly;
            hourly.get(hour).map_or(0, |load| load.0)
        });
        for (group, renewable) in plan.renewables.iter().enumerate() {
            // What units do to a group they tell by themselves.
            if hour == 0 || renewable.moves(hour) {
                self.group_changed(plan, futures, group);
            }
        }
        if !plan.hourly.is_empty() {
            self.outputs_of_hour(plan, futures);
        }
        self.dirty.balance = true;
        if hour.is_multiple_of(24) {
            self.warm_day = plan
                .heated
                .iter()
                .any(|&farm| self.may_feel_heat(plan, futures, farm, hour));
        }
        if self.warm_day {
            for &index in &plan.heated {
                self.heat(plan, futures, index, hour);
            }
        }
        for &index in &plan.priced {
            self.price(plan, futures, index, hour);
        }
    }

    /// Whether the afternoon of an hour's day is warm for a farm, or its last one was.
    fn may_feel_heat(&self, plan: &Plan<'_>, futures: &Futures, index: usize, hour: usize) -> bool {
        let farm = &plan.system.farms[index];
        let Some(weather) = plan.system.zones[farm.zone.at()].weather else {
            return false;
        };
        let path = &futures.temperature[weather.at()];
        let daily = path[(hour / 24).min(path.len() - 1)];
        let model = &plan.system.weathers[weather.at()];
        let state = &self.farms[index];
        (state.power_factor, state.heat) != (Share::ONE.0, 0)
            || daily + model.diurnal_amplitude_c > farm.pue_from_c
    }

    /// PUE and throttling of a farm in an hour, by the temperature of its middle.
    fn heat(&mut self, plan: &Plan<'_>, futures: &Futures, index: usize, hour: usize) {
        let farm = &plan.system.farms[index];
        let zone = &plan.system.zones[farm.zone.at()];
        let Some(weather) = zone.weather else {
            return;
        };
        let path = &futures.temperature[weather.at()];
        let daily = path[(hour / 24).min(path.len() - 1)];
        let model = &plan.system.weathers[weather.at()];
        let local = plan.system.local_hour(hour, zone) + 0.5;
        let celsius = daily + model.within_day_c(local);
        let above = (celsius - farm.pue_from_c).max(0.0);
        let factor = (farm.pue + farm.pue_per_degree * above) / farm.pue;
        let power_factor = libm::rint(factor * Share::ONE.0 as f64) as i64;
        let heat = Share::from_f64(farm.heat_per_degree * above).0;
        let state = &mut self.farms[index];
        if (state.power_factor, state.heat) != (power_factor, heat) {
            (state.power_factor, state.heat) = (power_factor, heat);
            self.touch(index);
        }
    }

    /// Firm load that goes unserved in a stretch without hours: one comparison a year, week or
    /// day wherever capacity is at or above its largest load; a scan of hours is the last resort.
    pub(super) fn scan_shortages(
        &mut self,
        plan: &Plan<'_>,
        futures: &Futures,
        until: Instant,
        mut report: impl FnMut(&Self, Instant, Instant, &[i64]),
    ) {
        let zones = self.zones.len();
        let spare =
            |state: &Self, zone: usize| state.zones[zone].capacity - state.zones[zone].load_change;
        let covers = |state: &Self, maximum: &dyn Fn(usize) -> i64| {
            (0..zones).all(|zone| spare(state, zone) >= maximum(zone))
        };
        if covers(self, &|zone| futures.load(plan, zone).maximum.0) {
            return;
        }
        let mut hour = self.now.0 / MS_PER_HOUR;
        let last = (until.0 - 1) / MS_PER_HOUR;
        while hour <= last {
            let (week, day) = ((hour / 168) as usize, (hour / 24) as usize);
            if covers(self, &|zone| futures.load(plan, zone).week_maximum[week].0) {
                hour = (hour / 168 + 1) * 168;
            } else if covers(self, &|zone| futures.load(plan, zone).day_maximum[day].0) {
                hour = (hour / 24 + 1) * 24;
            } else {
                let load = |zone: usize| futures.load(plan, zone).hourly[hour as usize].0;
                if !covers(self, &load) && self.shortage_of_hour(plan, &load) {
                    let from = Instant(hour * MS_PER_HOUR).max(self.now);
                    let to = Instant((hour + 1) * MS_PER_HOUR).min(until);
                    let unserved = std::mem::take(&mut self.unserved);
                    report(self, from, to, &unserved);
                    self.unserved = unserved;
                }
                hour += 1;
            }
        }
    }

    /// Fills `unserved` for one hour's load; whether anything is.
    fn shortage_of_hour(&mut self, plan: &Plan<'_>, load: &dyn Fn(usize) -> i64) -> bool {
        let zones = self.zones.len();
        if zones == 1 {
            self.unserved[0] =
                (load(0) + self.zones[0].load_change - self.zones[0].capacity).max(0);
            return self.unserved[0] > 0;
        }
        self.set_firm(load);
        self.refresh_balance(plan, false, true);
        self.is_short
    }
}

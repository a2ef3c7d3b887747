//! Between events nothing changes; after them, what is dirty is brought up to date: links,
//! lines, the ladder, farms, and the balance of the grid.

use super::state::{Unseen, reason};
use super::wind::WIND_STEP_H;
use super::{Futures, Plan, State};
use crate::connectivity::Caller;
use crate::quantity::{Instant, MS_PER_HOUR, Share};
use crate::system::Output;

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
        self.farms.fill(super::FarmState::default());
        for counts in [&mut self.circuits_down, &mut self.line_struck] {
            counts.fill(0);
        }
        for amounts in [
            &mut self.group_available,
            &mut self.group_capacity,
            &mut self.capacity,
            &mut self.farm_wanted,
            &mut self.farm_power,
            &mut self.farm_released,
            &mut self.unserved,
        ] {
            amounts.fill(0);
        }
        self.zones.fill(super::state::ZoneState::default());
        self.unseen.fill(Unseen::BY_ALL);
        self.grid_changed = true;
        self.order_active.fill(false);
        self.contracts.fill(super::state::ContractState::default());
        self.contract_calls.fill(0);
        self.changed_farms.clear();
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
            self.farms[farm].spared = futures.spared[farm];
        }
        self.hour_begins(plan, futures);
        while futures.timeline.time(self.cursor) == Instant::START {
            let event = futures.timeline.event(self.cursor);
            self.cursor += 1;
            self.apply(plan, futures, event);
        }
        // What runs at the start has run for long: nobody boots, nobody holds.
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

    /// Load, weather-driven plant, heat and price of the hour that begins now.
    pub(super) fn hour_begins(&mut self, plan: &Plan<'_>, futures: &Futures) {
        let hour = (self.now.0 / MS_PER_HOUR) as usize;
        for zone in 0..self.zones.len() {
            let hourly = &futures.load(plan, zone).hourly;
            let firm = hourly.get(hour).map_or(0, |load| load.0);
            if self.zones[zone].firm != firm {
                self.zones[zone].firm = firm;
                self.unseen[zone] = Unseen::BY_ALL;
            }
        }
        for (group, renewable) in plan.renewables.iter().enumerate() {
            // Wind holds for some hours; what units do to a group they tell by themselves.
            let steady =
                matches!(renewable.output, Output::Wind(_)) && !hour.is_multiple_of(WIND_STEP_H);
            if !steady {
                self.group_changed(plan, futures, group);
            }
        }
        for &unit in &plan.hourly_units {
            self.unit_changed(plan, futures, unit);
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

    /// Which farms reach a pool. `settled` at the start: what is down has been down for long.
    pub(super) fn refresh_links(&mut self, plan: &Plan<'_>, futures: &Futures, settled: bool) {
        let system = plan.system;
        self.dirty.links = false;
        for (index, farm) in system.farms.iter().enumerate() {
            let state = &self.farms[index];
            let caller = Caller {
                providers: &farm.providers,
                pools: &farm.pools,
                class: futures.access_class[index],
                spared: state.spared,
            };
            let path = (state.access_down == 0 && !state.battery_empty)
                .then(|| self.links.path(system, caller))
                .flatten();
            let state = &mut self.farms[index];
            let (pool, stale) = match path {
                Some(path) => (path.pool.0, plan.stale[path.provider.at()]),
                None => (state.pool, 0),
            };
            let up = path.is_some();
            if (state.link, state.pool, state.stale) == (up, pool, stale) {
                continue;
            }
            (state.pool, state.stale) = (pool, stale);
            if state.link != up {
                // Orders may need the link; and idle machines draw another power.
                self.dirty.margin = true;
                let hold = if settled {
                    0.0
                } else {
                    futures.hold_minutes[index]
                };
                state.link_changed(up, hold, index as u16, self.now, &mut self.agenda);
            }
            self.touch(index);
        }
    }

    /// Brings everything up to date. With `energy` the market is cleared even without shortage;
    /// without `hours` the balance is left to [`State::scan_shortages`].
    pub(super) fn refresh(
        &mut self,
        plan: &Plan<'_>,
        futures: &Futures,
        hours: bool,
        energy: bool,
    ) {
        if self.dirty.links {
            self.refresh_links(plan, futures, false);
        }
        self.lines_changed = self.dirty.lines;
        if self.lines_changed {
            self.refresh_lines(plan);
        }
        if !hours {
            self.dirty = super::state::Dirty::default();
            return;
        }
        if !plan.system.stores.is_empty() {
            self.refresh_stores(plan, futures);
        }
        let grid_changed = self.dirty.balance;
        self.grid_changed = grid_changed;
        if self.dirty.farms {
            self.refresh_released(plan, futures);
        }
        if plan.has_ladder && (self.dirty.balance || self.dirty.margin) {
            self.refresh_ladder(plan, futures);
        }
        let farms_changed = self.dirty.farms;
        if farms_changed {
            self.refresh_farms(plan, futures);
        }
        if grid_changed || farms_changed {
            self.refresh_balance(plan, energy, grid_changed);
        }
        self.dirty = super::state::Dirty::default();
    }

    fn refresh_lines(&mut self, plan: &Plan<'_>) {
        for (index, corridor) in plan.network.corridors().iter().enumerate() {
            let (there, back) = corridor.limits(&self.line_limit);
            for market in [
                &mut self.ladder_market,
                &mut self.energy_market,
                &mut self.bare_market,
            ] {
                market.limits(index, there, back);
            }
        }
    }

    /// What each farm would draw if the operator let it.
    fn refresh_released(&mut self, plan: &Plan<'_>, futures: &Futures) {
        for word in 0..self.dirty_farms.len() {
            for index in bits(word, self.dirty_farms[word]) {
                let farm = &plan.system.farms[index];
                let state = &self.farms[index];
                let power = state.power_of(farm, futures.installed[index], state.released());
                let change = power - self.farm_released[index];
                self.cuts[farm.zone.at()].look_again();
                self.zones[farm.zone.at()].released += change;
                self.unseen[farm.zone.at()].by_ladder |= change != 0;
                self.farm_released[index] = power;
                self.dirty.margin |= change != 0;
            }
        }
    }

    fn refresh_farms(&mut self, plan: &Plan<'_>, futures: &Futures) {
        for word in 0..self.dirty_farms.len() {
            for index in bits(word, std::mem::take(&mut self.dirty_farms[word])) {
                let farm = &plan.system.farms[index];
                let state = &mut self.farms[index];
                state.follow(farm, index as u16, self.now, &mut self.agenda);
                let power = state.wanted(farm, futures.installed[index]);
                let change = power - self.farm_wanted[index];
                self.zones[farm.zone.at()].wanted += change;
                self.unseen[farm.zone.at()].by_balance |= change != 0;
                self.farm_wanted[index] = power;
                self.farm_power[index] = power;
                self.changed_farms.push(index as u16);
            }
        }
    }

    /// Capacity against load; the market only where someone is short, or somebody asks.
    fn refresh_balance(&mut self, plan: &Plan<'_>, energy: bool, grid_changed: bool) {
        let classes = plan.system.classes.len();
        for (zone, state) in self.zones.iter_mut().enumerate() {
            if !std::mem::take(&mut self.unseen[zone].by_balance) {
                continue;
            }
            let mut touched = std::mem::take(&mut state.touched_classes);
            while touched != 0 {
                let class = touched.trailing_zeros() as usize;
                touched &= touched - 1;
                if class < classes {
                    let capacity = self.capacity[zone * classes + class];
                    self.energy_market.offer(zone, class, capacity);
                    if energy {
                        self.bare_market.offer(zone, class, capacity);
                    }
                }
            }
            let firm = state.firm_now();
            let charging = self.stores.wanted[zone];
            self.energy_market
                .demand(zone, firm + state.wanted + charging);
            if energy {
                self.bare_market.demand(zone, firm);
            }
        }
        self.refresh_served(plan, energy);
        if energy && grid_changed {
            self.clear_bare(plan);
        }
    }

    /// Who is served, mining included.
    fn refresh_served(&mut self, plan: &Plan<'_>, energy: bool) {
        let was_short = self.is_short || self.lacked_supply;
        let cut_by_hazard = self.zones.iter().any(|zone| zone.load_cut != 0);
        let stores = !plan.system.stores.is_empty();
        // Where nobody lacked anything and the last prices hold, nobody does.
        if energy && !stores && !was_short && !cut_by_hazard && self.energy_market.hold() {
            return;
        }
        let lacks_supply = self.energy_market.is_short();
        self.lacked_supply = lacks_supply;
        if lacks_supply || was_short || cut_by_hazard {
            self.shed(plan, lacks_supply);
        } else if energy || stores {
            // Without a shortage nothing of the shedding levels is taken, whatever they offer.
            self.energy_market.clear();
        }
        if stores {
            self.settle_stores(plan);
        }
    }

    /// Firm load of a zone after what hazards switched.
    pub fn firm_now(&self, zone: usize) -> i64 {
        self.zones[zone].firm_now()
    }

    /// Clears the energy market with shedding, and shares what a zone lacks among firm load and
    /// the mining that is on the same feeders.
    fn shed(&mut self, plan: &Plan<'_>, lacks_supply: bool) {
        self.is_short = false;
        for zone in 0..self.zones.len() {
            let demand = self.firm_now(zone) + self.zones[zone].wanted;
            let level = plan.unserved_level(zone);
            self.energy_market.offer(zone, level, demand);
        }
        self.energy_market.clear();
        for zone in 0..self.zones.len() {
            let level = plan.unserved_level(zone);
            let lacking = if lacks_supply {
                self.energy_market.taken(zone, level)
            } else {
                0
            };
            let demand = self.firm_now(zone) + self.zones[zone].wanted;
            let share = if lacking == 0 {
                0
            } else {
                Share::ratio(lacking, demand).0
            };
            self.zones[zone].mining_unserved = 0;
            for &farm in &plan.farms_of[zone] {
                let wanted = self.farm_wanted[farm];
                let cut = if lacking == 0 {
                    0
                } else {
                    (i128::from(wanted) * i128::from(lacking) / i128::from(demand)) as i64
                };
                self.zones[zone].mining_unserved += cut;
                if self.farms[farm].shed != share || self.farm_power[farm] != wanted - cut {
                    self.farms[farm].shed = share;
                    self.farm_power[farm] = wanted - cut;
                    self.changed_farms.push(farm as u16);
                }
            }
            self.unserved[zone] =
                lacking - self.zones[zone].mining_unserved + self.zones[zone].load_cut;
            self.is_short |= self.unserved[zone] > 0;
        }
    }

    /// The same grid without mining: what would run, and what would lack.
    fn clear_bare(&mut self, plan: &Plan<'_>) {
        if !self.bare_lacked && self.bare_market.hold() {
            return;
        }
        self.bare_lacked = self.bare_market.is_short();
        if self.bare_lacked {
            for zone in 0..self.zones.len() {
                let level = plan.unserved_level(zone);
                let firm = self.firm_now(zone);
                self.bare_market.offer(zone, level, firm);
            }
        }
        self.bare_market.clear();
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
        for zone in 0..zones {
            self.zones[zone].firm = load(zone);
            self.unseen[zone] = Unseen::BY_ALL;
        }
        self.refresh_balance(plan, false, true);
        self.is_short
    }
}

/// The numbers whose bits are set in a word of a set, in order.
fn bits(word: usize, mut set: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let bit = (set != 0).then(|| set.trailing_zeros() as usize)?;
        set &= set - 1;
        Some(word * 64 + bit)
    })
}

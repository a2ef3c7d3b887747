//! Between events nothing changes; after them, what is dirty is brought up to date: links,
//! lines, the ladder, farms, and the balance of the grid.

use super::{Futures, Plan, State};
use crate::quantity::Share;

impl State {
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
        if self.dirty.farms && !self.farms_to_release.is_empty() {
            self.refresh_released(plan);
        }
        if plan.has_ladder && (self.dirty.balance || self.dirty.margin) {
            self.refresh_ladder(plan, futures);
        }
        let farms_changed = self.dirty.farms;
        if farms_changed {
            self.refresh_farms(plan);
        }
        if grid_changed || farms_changed {
            self.refresh_balance(plan, energy, grid_changed);
        }
        self.dirty = super::state::Dirty::default();
    }

    fn refresh_lines(&mut self, plan: &Plan<'_>) {
        self.forget_slack();
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
    fn refresh_released(&mut self, plan: &Plan<'_>) {
        for word in 0..self.farms_to_release.words() {
            for index in self.farms_to_release.take(word) {
                let farm = &plan.system.farms[index];
                let state = &mut self.farms[index];
                let zone = usize::from(state.zone);
                let power = state.power_of(farm, state.released());
                let change = power - state.at_release;
                self.cuts[zone].look_again();
                if change != 0 {
                    state.at_release = power;
                    self.zones[zone].released += change;
                    self.unseen_by_ladder.mark(zone);
                    self.ladder_slack.fall(change);
                    self.dirty.margin = true;
                }
            }
        }
    }

    fn refresh_farms(&mut self, plan: &Plan<'_>) {
        for word in 0..self.dirty_farms.words() {
            let to_follow = self.farms_to_follow.take(word);
            for index in self.dirty_farms.take(word) {
                let farm = &plan.system.farms[index];
                let state = &mut self.farms[index];
                if to_follow.holds(index) {
                    state.follow(farm, index as u16, self.now, &mut self.agenda);
                    self.changed_leaves.push(index as u16);
                }
                let power = state.wanted(farm);
                let change = power - state.wants;
                if change != 0 {
                    state.wants = power;
                    let zone = usize::from(state.zone);
                    self.zones[zone].wanted += change;
                    self.unseen_by_balance.mark(zone);
                    self.balance_slack.fall(change);
                }
                state.draws = power;
                self.changed_farms.push(index as u16);
            }
        }
    }

    /// Capacity against load; the market only where someone is short, or somebody asks.
    pub(super) fn refresh_balance(&mut self, plan: &Plan<'_>, energy: bool, grid_changed: bool) {
        if !energy && plan.system.stores.is_empty() {
            return self.refresh_who_is_short(plan);
        }
        let classes = plan.system.classes.len();
        // Without mining only the grid's own changes count.
        let bare = energy && grid_changed;
        for word in 0..self.unseen_by_balance.words() {
            for zone in self.unseen_by_balance.take(word) {
                let state = &self.zones[zone];
                let touched = std::mem::take(&mut self.touched_classes[zone]);
                let capacity = &self.capacity[zone * classes..][..classes];
                let firm = state.firm_now();
                let demand = firm + state.wanted + self.stores.wanted[zone];
                self.energy_market.revise(zone, touched, capacity, demand);
                if bare {
                    self.bare_market.revise(zone, touched, capacity, firm);
                }
            }
        }
        // Where nobody lacked anything and the last prices hold, nobody does.
        let stores = !plan.system.stores.is_empty();
        if stores || !energy || self.somebody_lacks() || !self.energy_market.hold() {
            self.refresh_served(plan, energy);
        }
        if energy && grid_changed {
            self.clear_bare(plan);
        }
    }

    /// Somebody lacked supply at the last look, or a hazard keeps load switched off.
    #[inline]
    fn somebody_lacks(&self) -> bool {
        self.is_short || self.lacked_supply || self.cut_by_hazard
    }

    /// The same where nobody asks for more than who is short: the market is told of what changed
    /// only where that can matter.
    fn refresh_who_is_short(&mut self, plan: &Plan<'_>) {
        if !self.somebody_lacks() && !self.balance_is_short() {
            return;
        }
        let classes = plan.system.classes.len();
        for word in 0..self.unseen_by_balance.words() {
            for zone in self.unseen_by_balance.take(word) {
                let state = &self.zones[zone];
                let touched = std::mem::take(&mut self.touched_classes[zone]);
                let capacity = &self.capacity[zone * classes..][..classes];
                let demand = state.firm_now() + state.wanted;
                self.energy_market.revise(zone, touched, capacity, demand);
            }
        }
        self.refresh_served(plan, false);
    }

    /// Whether load and mining want more somewhere than there is.
    fn balance_is_short(&mut self) -> bool {
        if let Some(is_short) = self.balance_slack.is_short() {
            return is_short;
        }
        for (spare, zone) in self.spare.iter_mut().zip(&self.zones) {
            *spare = zone.capacity - zone.firm_now() - zone.wanted;
        }
        let slack = self.energy_market.slack_of(&self.spare);
        self.balance_slack.learn(slack)
    }

    /// Who is served, mining included.
    fn refresh_served(&mut self, plan: &Plan<'_>, energy: bool) {
        let stores = !plan.system.stores.is_empty();
        let lacked = self.somebody_lacks();
        let lacks_supply = self.energy_market.is_short();
        self.lacked_supply = lacks_supply;
        if lacks_supply || lacked {
            self.shed(plan, lacks_supply);
        } else if energy || stores {
            // Without a shortage nothing of the shedding levels is taken, whatever they offer.
            self.energy_market.clear();
        }
        if stores {
            self.settle_stores(plan);
        }
    }

    /// Clears the energy market with shedding, and shares what a zone lacks among firm load and
    /// the mining that is on the same feeders.
    fn shed(&mut self, plan: &Plan<'_>, lacks_supply: bool) {
        self.is_short = false;
        for zone in 0..self.zones.len() {
            let demand = self.zones[zone].firm_now() + self.zones[zone].wanted;
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
            let demand = self.zones[zone].firm_now() + self.zones[zone].wanted;
            let share = if lacking == 0 {
                0
            } else {
                Share::ratio(lacking, demand).0
            };
            self.zones[zone].mining_unserved = 0;
            for &farm in &plan.farms_of[zone] {
                let state = &mut self.farms[farm];
                let wanted = state.wants;
                let cut = if lacking == 0 {
                    0
                } else {
                    (i128::from(wanted) * i128::from(lacking) / i128::from(demand)) as i64
                };
                self.zones[zone].mining_unserved += cut;
                if (state.shed, state.draws) != (share, wanted - cut) {
                    (state.shed, state.draws) = (share, wanted - cut);
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
                let firm = self.zones[zone].firm_now();
                self.bare_market.offer(zone, level, firm);
            }
        }
        self.bare_market.clear();
    }
}

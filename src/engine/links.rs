//! Which farms reach a pool: what happens on the internet side marks the farms it may concern, and
//! only those look for their path anew.

use super::{Event, Futures, Plan, State};
use crate::connectivity::Caller;

impl State {
    /// Marks the farms whose path an event may change.
    pub(super) fn mark_links(&mut self, plan: &Plan<'_>, event: Event) {
        match event {
            Event::AccessUp(farm) | Event::AccessDown(farm) => self.mark_link(farm.into()),
            Event::ProviderUp(item) | Event::ProviderDown(item) => {
                self.mark_links_of_provider(plan, item.into());
            }
            Event::PoolUp(item) | Event::PoolDown(item) => {
                self.mark_links_of_pool(plan, item.into());
            }
            Event::GatewayUp(_) | Event::GatewayDown(_) => self.mark_all_links(plan),
            _ => {}
        }
    }

    /// Marks one farm.
    pub(super) fn mark_link(&mut self, farm: usize) {
        self.farms_to_link.mark(farm);
        self.dirty.links = true;
    }

    /// Marks every farm.
    pub(super) fn mark_all_links(&mut self, plan: &Plan<'_>) {
        for farm in 0..plan.system.farms.len() {
            self.mark_link(farm);
        }
    }

    /// Marks the farms that may use a provider.
    pub(super) fn mark_links_of_provider(&mut self, plan: &Plan<'_>, provider: usize) {
        for (index, farm) in plan.system.farms.iter().enumerate() {
            if farm.providers.iter().any(|id| id.at() == provider) {
                self.mark_link(index);
            }
        }
    }

    /// Marks the farms that may mine in a pool.
    pub(super) fn mark_links_of_pool(&mut self, plan: &Plan<'_>, pool: usize) {
        for (index, farm) in plan.system.farms.iter().enumerate() {
            if farm.pools.iter().any(|id| id.at() == pool) {
                self.mark_link(index);
            }
        }
    }

    /// Which of the marked farms reach a pool. `settled` at the start: what is down has been down for long.
    pub(super) fn refresh_links(&mut self, plan: &Plan<'_>, futures: &Futures, settled: bool) {
        let system = plan.system;
        self.dirty.links = false;
        for word in 0..self.farms_to_link.words() {
            for index in self.farms_to_link.take(word) {
                let farm = &system.farms[index];
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
    }
}

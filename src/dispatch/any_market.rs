//! One market for any network: trees take the fast way, a mesh its own.

use super::{ForestMarket, MeshMarket, Network, Shape};

/// A market over the zones of a network, kept between clearings to start from the last one.
///
/// Amounts are W. A clearing finds, in this order: least unserved load by priority, least cost,
/// the least sum of flows; and what is still equal by the written order of `docs/model/grid.md`.
// Trees are the hot path: nothing stands between a state and them.
#[expect(clippy::large_enum_variant)]
#[derive(Debug, Clone)]
pub enum Market {
    /// Over trees.
    Forest {
        /// The market.
        market: ForestMarket,
        /// For each corridor the zone at its far end from the root, and whether the corridor's
        /// positive direction leads away from that zone.
        zone_of: Vec<(usize, bool)>,
    },
    /// Over a mesh.
    Mesh(Box<MeshMarket>),
}

/// The same call for either.
macro_rules! either {
    ($market:ident, $either:ident => $call:expr) => {
        match $market {
            Market::Forest {
                market: $either, ..
            } => $call,
            Market::Mesh($either) => $call,
        }
    };
}

impl Market {
    /// A market with no offers and no demand.
    ///
    /// The first `supply_levels` of the `levels` are supply, in merit order; then comes demand
    /// that may go unserved, dearest last. `levels` is at most [`super::MOST_LEVELS`]; validation
    /// of a scenario sees to it.
    pub fn new(network: &Network, supply_levels: usize, levels: usize) -> Self {
        match network.shape() {
            Shape::Forest(forest) => {
                let mut zone_of = vec![(0, false); network.corridors().len()];
                for (zone, corridor) in forest.line.iter().enumerate() {
                    if let &Some(corridor) = corridor {
                        zone_of[corridor] = (zone, forest.outward[zone]);
                    }
                }
                let market = ForestMarket::new(forest.clone(), supply_levels, levels);
                Self::Forest { market, zone_of }
            }
            Shape::Mesh(mesh) => {
                let market = MeshMarket::new(mesh.clone(), supply_levels, levels);
                Self::Mesh(Box::new(market))
            }
        }
    }

    /// Sets what a zone offers at one level.
    #[inline]
    pub fn offer(&mut self, zone: usize, level: usize, amount: i64) {
        either!(self, market => market.offer(zone, level, amount));
    }

    /// What a zone offers at one level.
    #[inline]
    pub fn offered(&self, zone: usize, level: usize) -> i64 {
        either!(self, market => market.offered(zone, level))
    }

    /// Sets a zone's demand.
    #[inline]
    pub fn demand(&mut self, zone: usize, demand: i64) {
        either!(self, market => market.demand(zone, demand));
    }

    /// Sets what a zone offers at the levels of a set, one bit each, from amounts by level; and
    /// its demand.
    #[inline]
    pub fn revise(&mut self, zone: usize, levels: u64, amounts: &[i64], demand: i64) {
        either!(self, market => market.revise(zone, levels, amounts, demand));
    }

    /// Sets a corridor's limits, from its first end to its second, and back.
    pub fn limits(&mut self, corridor: usize, there: i64, back: i64) {
        match self {
            Self::Forest { market, zone_of } => match zone_of[corridor] {
                (zone, true) => market.limits(zone, there, back),
                (zone, false) => market.limits(zone, back, there),
            },
            Self::Mesh(market) => market.limits(corridor, there, back),
        }
    }

    /// True where demand cannot be met everywhere from supply; no prices.
    #[inline]
    pub fn is_short(&mut self) -> bool {
        either!(self, market => market.is_short())
    }

    /// Where zones have these amounts to spare, W, negative where they lack: negative where
    /// somebody is short within the limits as they are; else as long as zones lose no more than
    /// this, all together, and no limit moves, nobody is.
    #[inline]
    pub fn slack_of(&mut self, spare: &[i64]) -> i64 {
        either!(self, market => market.slack_of(spare))
    }

    /// Clears at the last prices, or next to them, if that is known to be right and quick; else
    /// changes nothing and says so. Where nobody lacked supply nobody does.
    #[inline]
    pub fn hold(&mut self) -> bool {
        either!(self, market => market.hold())
    }

    /// Clears. The offers above supply must together be able to cover demand.
    #[inline]
    pub fn clear(&mut self) {
        either!(self, market => market.clear());
    }

    /// What was taken of a zone's offer at a level in the last clearing.
    #[inline]
    pub fn taken(&self, zone: usize, level: usize) -> i64 {
        either!(self, market => market.taken(zone, level))
    }

    /// What was taken at each level in the last clearing, all zones together.
    #[inline]
    pub fn taken_by_level(&self) -> &[i64] {
        either!(self, market => market.taken_by_level())
    }

    /// Levels of which something else is taken than when [`Market::forget_moves`] was last called,
    /// one bit each; or more levels.
    #[inline]
    pub fn moved_levels(&self) -> u64 {
        match self {
            Self::Forest { market, .. } => market.moved_levels(),
            Self::Mesh(_) => u64::MAX,
        }
    }

    /// Whether some corridor may carry something else since then.
    #[inline]
    pub fn flows_moved(&self) -> bool {
        match self {
            Self::Forest { market, .. } => market.flows_moved(),
            Self::Mesh(_) => true,
        }
    }

    /// Calls `see(corridor, flow)` for each corridor that may.
    #[inline]
    pub fn moved_flows(&self, mut see: impl FnMut(usize, i64)) {
        match self {
            Self::Forest { market, .. } => market.moved_flows(see),
            Self::Mesh(market) => {
                (0..market.corridors()).for_each(|corridor| see(corridor, market.flow(corridor)))
            }
        }
    }

    /// All that moved has been seen.
    #[inline]
    pub fn forget_moves(&mut self) {
        if let Self::Forest { market, .. } = self {
            market.forget_moves();
        }
    }

    /// What a corridor carried in the last clearing, positive from its first end.
    #[inline(always)]
    pub fn flow(&self, corridor: usize) -> i64 {
        match self {
            Self::Forest { market, zone_of } => match zone_of[corridor] {
                (zone, true) => market.export(zone),
                (zone, false) => -market.export(zone),
            },
            Self::Mesh(market) => market.flow(corridor),
        }
    }
}

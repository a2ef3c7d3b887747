//! A market over a mesh: the same questions and the same answers as one over trees.
//!
//! Prices are whole ticks as there: a level is wider than any ring of corridors, and carrying
//! power over a corridor costs one tick. Clearing starts from the last prices. What each zone and
//! corridor does at them is a span, from least to most; the last flows are put into their spans,
//! and what is then out of balance is carried along cheapest ways (`balance.rs`). All best
//! answers lie in the spans of the prices that come out; of these the written order takes one
//! (`ties.rs`). So the answer depends on the data alone, not on what was before.

use super::super::MOST_LEVELS;
use super::Mesh;
use super::balance::Search;
use super::screen::Screen;
use super::ties::Spans;

/// A market over the zones of a mesh, kept between clearings to start from the last prices.
#[derive(Debug, Clone)]
pub struct MeshMarket {
    pub(super) mesh: Mesh,
    pub(super) levels: usize,
    supply_levels: usize,
    /// Ticks in a level are two to this power.
    pub(super) shift: u32,
    /// Offers, `[zone][level]`.
    offers: Vec<i64>,
    /// Offers below each level, `[zone][level]`, one more than there are levels. Brought up to
    /// date before a clearing.
    cumulative: Vec<i64>,
    /// Offers at the levels of supply, and demand, of each zone.
    pub(super) supply: Vec<i64>,
    pub(super) demand: Vec<i64>,
    /// Limits there and back of each corridor.
    pub(super) limits: Vec<(i64, i64)>,
    is_stale: bool,
    screen: Screen,
    /// What cleared: local prices in ticks, what zones take of their own offers, flows.
    pub(super) price: Vec<i64>,
    pub(super) own: Vec<i64>,
    pub(super) flow: Vec<i64>,
    /// What is taken at each level, all zones together.
    sums: Vec<i64>,
    pub(super) search: Search,
    pub(super) spans: Spans,
}

impl MeshMarket {
    /// A market with no offers, no demand and no limits above nothing.
    ///
    /// The first `supply_levels` of the `levels` are supply. `levels` is at most
    /// [`MOST_LEVELS`]; validation of a scenario sees to it.
    pub fn new(mesh: Mesh, supply_levels: usize, levels: usize) -> Self {
        assert!(levels <= MOST_LEVELS, "{levels} levels in a market");
        let (zones, corridors) = (mesh.zones(), mesh.ends.len());
        // A ring that goes through the offers of two zones has fewer corridors than zones.
        let ticks = (2 * zones + 4).next_power_of_two();
        Self {
            levels,
            supply_levels,
            shift: ticks.trailing_zeros(),
            offers: vec![0; zones * levels],
            cumulative: vec![0; zones * (levels + 1)],
            supply: vec![0; zones],
            demand: vec![0; zones],
            limits: vec![(0, 0); corridors],
            is_stale: true,
            screen: Screen::new(&mesh),
            price: vec![0; zones],
            own: vec![0; zones],
            flow: vec![0; corridors],
            sums: vec![0; levels],
            search: Search::new(&mesh),
            spans: Spans::new(&mesh),
            mesh,
        }
    }

    /// Sets what a zone offers at one level, W.
    #[inline]
    pub fn offer(&mut self, zone: usize, level: usize, amount: i64) {
        let offer = &mut self.offers[zone * self.levels + level];
        let change = amount - *offer;
        if change == 0 {
            return;
        }
        *offer = amount;
        if level < self.supply_levels {
            self.supply[zone] += change;
        }
        self.is_stale = true;
    }

    /// What a zone offers at one level.
    pub fn offered(&self, zone: usize, level: usize) -> i64 {
        self.offers[zone * self.levels + level]
    }

    /// Sets what a zone offers at the levels of a set, one bit each, from amounts by level; and
    /// its demand.
    pub fn revise(&mut self, zone: usize, levels: u64, amounts: &[i64], demand: i64) {
        self.demand(zone, demand);
        for (level, &amount) in amounts.iter().enumerate().take(MOST_LEVELS) {
            if levels >> level & 1 != 0 {
                self.offer(zone, level, amount);
            }
        }
    }

    /// Sets a zone's demand, W.
    #[inline]
    pub fn demand(&mut self, zone: usize, demand: i64) {
        self.is_stale |= demand != self.demand[zone];
        self.demand[zone] = demand;
    }

    /// Sets a corridor's limits there and back, W.
    pub fn limits(&mut self, corridor: usize, there: i64, back: i64) {
        if self.limits[corridor] != (there, back) {
            self.limits[corridor] = (there, back);
            self.is_stale = true;
            self.screen.limits_moved();
        }
    }

    /// True where demand cannot be met everywhere from supply; no prices.
    pub fn is_short(&mut self) -> bool {
        let (supply, demand) = (&self.supply, &self.demand);
        let spare = |zone: usize| supply[zone] - demand[zone];
        self.screen.slack(&self.mesh, spare, &self.limits) < 0
    }

    /// The least that any part of the mesh has to spare where zones have these amounts, as far as
    /// is known: see [`super::super::ForestMarket::slack_of`].
    pub fn slack_of(&mut self, spare: &[i64]) -> i64 {
        let spare = |zone: usize| spare[zone];
        self.screen.slack(&self.mesh, spare, &self.limits)
    }

    /// Clears where nothing changed since the last time, that is: does nothing.
    pub fn hold(&mut self) -> bool {
        !self.is_stale
    }

    /// Clears the market. The offers above supply must together be able to cover demand; if they
    /// are not, what is out of reach stays unmet.
    pub fn clear(&mut self) {
        if !self.is_stale {
            return;
        }
        for (offers, cumulative) in self
            .offers
            .chunks_exact(self.levels)
            .zip(self.cumulative.chunks_exact_mut(self.levels + 1))
        {
            let mut sum = 0;
            for (offer, below) in offers.iter().zip(&mut cumulative[1..]) {
                sum += offer;
                *below = sum;
            }
        }
        self.balance();
        self.break_ties();
        self.sums.fill(0);
        for zone in 0..self.mesh.zones() {
            for level in 0..self.levels {
                self.sums[level] += self.taken(zone, level);
            }
        }
        self.is_stale = false;
    }

    /// What was taken of a zone's offer at a level in the last clearing: lower levels first.
    #[inline]
    pub fn taken(&self, zone: usize, level: usize) -> i64 {
        let below = self.below(zone);
        (self.own[zone] - below[level]).clamp(0, below[level + 1] - below[level])
    }

    /// What was taken at each level in the last clearing, all zones together.
    pub fn taken_by_level(&self) -> &[i64] {
        &self.sums
    }

    /// How many corridors there are.
    pub fn corridors(&self) -> usize {
        self.limits.len()
    }

    /// What a corridor carried in the last clearing, positive from its first end.
    pub fn flow(&self, corridor: usize) -> i64 {
        self.flow[corridor]
    }

    /// Offers of a zone below each level, the last all of them.
    #[inline]
    pub(super) fn below(&self, zone: usize) -> &[i64] {
        let width = self.levels + 1;
        &self.cumulative[zone * width..][..width]
    }

    /// Least and most that a zone takes of its own offers at its price: all levels that are
    /// cheaper, and any of one that costs just as much.
    #[inline]
    pub(super) fn own_span(&self, zone: usize) -> (i64, i64) {
        let level_at = |price: i64| (price >> self.shift).clamp(-1, self.levels as i64 - 1) + 1;
        let below = self.below(zone);
        let price = self.price[zone];
        (
            below[level_at(price - 1) as usize],
            below[level_at(price) as usize],
        )
    }

    /// Least and most that a corridor carries at the prices of its ends.
    #[inline]
    pub(super) fn flow_span(&self, corridor: usize) -> (i64, i64) {
        let (first, second) = self.mesh.ends[corridor];
        let (there, back) = self.limits[corridor];
        match self.price[second] - self.price[first] {
            ..-1 => (-back, -back),
            -1 => (-back, 0),
            0 => (0, 0),
            1 => (0, there),
            2.. => (there, there),
        }
    }
}

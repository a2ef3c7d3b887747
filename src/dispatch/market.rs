//! Least-cost transport on a forest by staircases and clamps, in whole watts.
//!
//! Every zone offers steps: at level l, an amount. Supply comes first, in merit order; then
//! the demand that may go unserved, dearest last. The market clears where the offers taken,
//! minus demand, minus what the lines carry away, come to nothing in every zone.
//!
//! Prices are whole numbers: a level is [`ForestMarket::spacing`] ticks wide, and carrying power over
//! a line costs one tick. Since a level outweighs every path of lines, this is the lexicographic
//! order of `docs/model/grid.md`: first unserved energy, then cost, then the sum of flows. What is
//! still equal is decided in a written order: a zone backs off its own marginal offer before it
//! takes less from its children, and children back off in the order of their names. So flows
//! are unique, and a zone that sheds sends nothing to a zone of equal priority.

mod clearing;
mod hold;
mod node;
mod responses;
mod shift;

use super::Forest;
use node::{ASLEEP, Node};
use responses::Responses;
use shift::Shifts;
use std::sync::Arc;

/// Levels a market can have, supply and unserved demand together.
pub const MOST_LEVELS: usize = 63;

/// A market over the zones of a forest, kept between clearings to start from the last prices.
#[derive(Debug, Clone)]
pub struct ForestMarket {
    /// The same for all that were cloned from one.
    forest: Arc<Forest>,
    levels: usize,
    /// Levels that are supply; the others are demand that may go unserved.
    supply_levels: usize,
    /// Ticks in a level are two to this power, so that a shift finds the level of a price.
    shift: u32,
    /// Zones that have offered or asked for something, or hang between such and a root, in the
    /// order of [`Forest::order`]. Nothing can come from the others or go to them.
    nodes: Vec<Node>,
    /// Where each zone stands among the nodes, beyond them if it is not one.
    place: Vec<usize>,
    /// Most that each zone may send to its parent, and take from it.
    limits: Vec<(i64, i64)>,
    /// Something changed since the last clearing.
    is_stale: bool,
    /// Nodes whose offers or demand changed since the last clearing.
    touched: Vec<usize>,
    /// What subtrees have to spare.
    surplus: Vec<i64>,
    /// What subtrees would do around the price that is being looked for.
    responses: Responses,
    /// Prices of regions that are to move.
    shifts: Shifts,
    /// The regions of one price found at the last clearing still stand, and no line's limit has
    /// moved.
    regions_hold: bool,
    /// What is taken at each level, all zones together, and nothing beyond the last one; and one
    /// bit for each level of which that has moved since somebody last looked.
    sums: Vec<i64>,
    moved: u64,
    /// Lines that carry something else since then: the bits of the zones they lead up from.
    moved_flows: u64,
}

impl ForestMarket {
    /// A market with no offers and no demand.
    ///
    /// The first `supply_levels` of the `levels` are supply. `levels` is at most
    /// [`MOST_LEVELS`]; validation of a scenario sees to it.
    pub fn new(forest: Forest, supply_levels: usize, levels: usize) -> Self {
        assert!(levels <= MOST_LEVELS, "{levels} levels in a market");
        let ticks = (2 * forest.depth + 4).next_power_of_two();
        let zones = forest.parent.len();
        Self {
            is_stale: true,
            touched: Vec::with_capacity(zones),
            surplus: vec![0; zones],
            responses: Responses::new(zones, forest.depth),
            shifts: Shifts::default(),
            regions_hold: false,
            sums: vec![0; levels + 1],
            moved: u64::MAX,
            moved_flows: u64::MAX,
            levels,
            supply_levels,
            shift: ticks.trailing_zeros(),
            nodes: Vec::with_capacity(zones),
            place: vec![ASLEEP; zones],
            limits: vec![(0, 0); zones],
            forest: Arc::new(forest),
        }
    }

    /// The trees the zones form.
    pub fn forest(&self) -> &Forest {
        &self.forest
    }

    /// Ticks in a level: wider than any path of lines, there and back.
    pub fn spacing(&self) -> i64 {
        1 << self.shift
    }

    /// Sets what a zone offers at one level.
    #[inline]
    pub fn offer(&mut self, zone: usize, level: usize, amount: i64) {
        self.change(zone, 1 << level, |_| Some(amount), None);
    }

    /// Sets a zone's demand.
    #[inline]
    pub fn demand(&mut self, zone: usize, demand: i64) {
        self.change(zone, 0, |_| None, Some(demand));
    }

    /// Sets what a zone offers at the levels of a set, one bit each, from amounts by level; and
    /// its demand.
    pub fn revise(&mut self, zone: usize, levels: u64, amounts: &[i64], demand: i64) {
        let amount = |level: usize| amounts.get(level).copied();
        self.change(zone, levels, amount, Some(demand));
    }

    /// Sets what a zone offers at the levels of a set, as far as an amount is known, and its
    /// demand if that is given.
    #[inline(always)]
    fn change(
        &mut self,
        zone: usize,
        mut levels: u64,
        amount: impl Fn(usize) -> Option<i64>,
        demand: Option<i64>,
    ) {
        let mut place = self.place[zone];
        if place == ASLEEP {
            let asked = demand.is_some_and(|demand| demand != 0);
            let offered =
                |level: usize| levels >> level & 1 != 0 && amount(level).unwrap_or(0) != 0;
            if !asked && !(0..self.levels).any(offered) {
                return;
            }
            self.wake(zone);
            place = self.place[zone];
        }
        let node = &mut self.nodes[place];
        let more = demand.map_or(0, |demand| demand - node.demand);
        node.demand += more;
        let mut is_new = more != 0;
        // What the zone has more at the prices as they are.
        let mut better = -more;
        while levels != 0 {
            let level = levels.trailing_zeros() as usize;
            levels &= levels - 1;
            let Some(amount) = amount(level) else { break };
            let offer = &mut node.offers[level & MOST_LEVELS];
            let change = amount - *offer;
            if change == 0 {
                continue;
            }
            *offer = amount;
            (is_new, node.offers_moved) = (true, true);
            // What lies below the margin is taken whole.
            if level < node.marginal {
                better += change;
                self.sums[level] += change;
                self.moved |= 1 << (level & MOST_LEVELS);
            }
        }
        if !is_new {
            return;
        }
        node.held.change += better;
        // Mostly each change by itself is taken up with ease.
        if self.regions_hold && self.touched.is_empty() && self.hold_one(place) {
            return;
        }
        self.is_stale = true;
        let node = &mut self.nodes[place];
        if !std::mem::replace(&mut node.touched, true) {
            self.touched.push(place);
        }
    }

    /// What a zone offers at one level.
    #[inline]
    pub fn offered(&self, zone: usize, level: usize) -> i64 {
        self.node(zone).map_or(0, |node| node.offered(level))
    }

    /// A zone's node, if it is one.
    #[inline]
    fn node(&self, zone: usize) -> Option<&Node> {
        self.nodes.get(self.place[zone])
    }

    /// Sets the limits between a zone and its parent.
    pub fn limits(&mut self, zone: usize, export: i64, import: i64) {
        self.limits[zone] = (export, import);
        let place = self.place[zone];
        let Some(node) = self.nodes.get_mut(place) else {
            return;
        };
        if (node.export_limit, node.import_limit) != (export, import) {
            (node.export_limit, node.import_limit) = (export, import);
            self.regions_hold = false;
            self.is_stale = true;
            if !std::mem::replace(&mut node.touched, true) {
                self.touched.push(place);
            }
        }
    }

    /// True where demand cannot be met everywhere from supply.
    pub fn is_short(&mut self) -> bool {
        let supply = |node: &Node| node.offers[..self.supply_levels].iter().sum::<i64>();
        for (spare, &place) in self.surplus.iter_mut().zip(&self.place) {
            let node = self.nodes.get(place);
            *spare = node.map_or(0, |node| supply(node) - node.demand);
        }
        self.least_slack() < 0
    }

    /// The least that any subtree has to spare where zones have these amounts to spare, W,
    /// negative where they lack: negative where one is short. What a subtree has falls by no more
    /// than what its zones lose together, whatever lines let through, so as long as they lose no
    /// more than this nobody is short.
    pub fn slack_of(&mut self, spare: &[i64]) -> i64 {
        self.surplus.copy_from_slice(spare);
        self.least_slack()
    }

    /// One pass from the leaves to the roots, no prices.
    fn least_slack(&mut self) -> i64 {
        let mut least = i64::MAX;
        for &zone in self.forest.order.iter().rev() {
            let here = self.surplus[zone];
            let with_imports = match self.forest.parent[zone] {
                Some(parent) => {
                    let (export, import) = self.limits[zone];
                    self.surplus[parent] += here.min(export);
                    here.saturating_add(import)
                }
                None => here,
            };
            least = least.min(with_imports);
            if least < 0 {
                break;
            }
        }
        least
    }

    /// Clears every tree. The offers above supply must together be able to cover demand.
    pub fn clear(&mut self) {
        if !self.is_stale {
            return;
        }
        for node in &mut self.nodes {
            if std::mem::take(&mut node.offers_moved) {
                node.add_up(self.levels);
            }
        }
        for place in self.touched.drain(..) {
            self.nodes[place].touched = false;
            // Above what is stale all is.
            let mut at = Some(place);
            while let Some(node) = at.map(|at| &mut self.nodes[at]).filter(|node| !node.stale) {
                node.stale = true;
                at = node.parent;
            }
        }
        for index in 0..self.forest.roots.len() {
            let root = self.place[self.forest.roots[index]];
            if root != ASLEEP {
                self.settle(root, 0);
            }
        }
        self.is_stale = false;
        self.regions_hold = self.find_regions();
    }

    /// Local price of a zone in the last clearing, ticks.
    pub fn price(&self, zone: usize) -> i64 {
        self.node(zone).map_or(0, |node| node.price)
    }

    /// What a zone sent to its parent in the last clearing (negative: took).
    #[inline]
    pub fn export(&self, zone: usize) -> i64 {
        self.node(zone).map_or(0, |node| node.export)
    }

    /// What was taken of a zone's offer at a level in the last clearing: lower levels than the
    /// marginal one are taken whole, higher ones not at all.
    #[inline]
    pub fn taken(&self, zone: usize, level: usize) -> i64 {
        let Some(node) = self.node(zone) else {
            return 0;
        };
        match level.cmp(&node.marginal) {
            std::cmp::Ordering::Less => node.offered(level),
            std::cmp::Ordering::Equal => node.partly,
            std::cmp::Ordering::Greater => 0,
        }
    }

    /// What was taken at each level in the last clearing, all zones together.
    #[inline]
    pub fn taken_by_level(&self) -> &[i64] {
        &self.sums[..self.levels]
    }

    /// Levels of which something else is taken than when [`ForestMarket::forget_moves`] was last
    /// called, one bit each; or more levels.
    #[inline]
    pub fn moved_levels(&self) -> u64 {
        self.moved
    }

    /// Whether some line carries something else since then.
    #[inline]
    pub fn flows_moved(&self) -> bool {
        self.moved_flows != 0
    }

    /// Calls `see(line, flow)` for each line that may do so; flows are positive from its `from`
    /// end.
    #[inline]
    pub fn moved_flows(&self, mut see: impl FnMut(usize, i64)) {
        let mut moved = self.moved_flows;
        while moved != 0 {
            let mut zone = moved.trailing_zeros() as usize;
            moved &= moved - 1;
            while let Some(&line) = self.forest.line.get(zone) {
                if let Some(line) = line {
                    see(line, self.flow(zone));
                }
                zone += 64;
            }
        }
    }

    /// All that moved has been seen.
    #[inline]
    pub fn forget_moves(&mut self) {
        (self.moved, self.moved_flows) = (0, 0);
    }

    /// A zone takes its offers up to another level; the sums follow.
    #[inline]
    fn take(&mut self, at: usize, marginal: usize, partly: i64) {
        let node = &mut self.nodes[at];
        let (old_marginal, old_partly) = (node.marginal, node.partly);
        (node.marginal, node.partly) = (marginal, partly);
        if marginal == old_marginal {
            self.sums[marginal] += partly - old_partly;
            self.moved |= u64::from(partly != old_partly) << marginal;
            return;
        }
        let (low, high) = (marginal.min(old_marginal), marginal.max(old_marginal));
        self.moved |= (2_u64 << high).wrapping_sub(1 << low);
        let sign = if marginal > old_marginal { 1 } else { -1 };
        for level in low..high {
            self.sums[level] += sign * node.offered(level);
        }
        self.sums[old_marginal] -= old_partly;
        self.sums[marginal] += partly;
    }

    /// Flow of a line in the last clearing, positive from its `from` end, for the zone whose
    /// line to its parent it is.
    pub fn flow(&self, zone: usize) -> i64 {
        let export = self.export(zone);
        if self.forest.outward[zone] {
            export
        } else {
            -export
        }
    }
}

#[cfg(test)]
mod tests;

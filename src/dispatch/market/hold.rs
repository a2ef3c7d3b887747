//! What if the last prices hold? Most changes are small: a miner's step, a unit below the margin,
//! an hour's load. Then one zone, the one that runs its marginal offer in part, takes up the
//! difference, and the flows between it and the change follow.
//!
//! Lines that carry something and less than they could bind zones into a region of one price
//! (but for the ticks of the lines); other lines stay at their limit, or at nothing. The zone of
//! a region that runs in part sets its price. If in each region that zone stays in part, and no
//! line between reaches its limit, turns or comes to rest, then the old prices still prove the
//! new flows to be the best, and the order in which equals back off is untouched: it is what
//! clearing anew would find (`what_holds_is_what_clears`). A region with no such zone has no one
//! price, so it must not have changed at all.
//!
//! Where that zone comes to the end of its offer the price of its region moves ([`super::shift`]).
//!
//! Each change is taken up as it comes, as long as that is so; those that cannot be by themselves
//! wait to be looked at together. Regions stay as they are while prices hold, so they are looked
//! for once after a clearing.

use super::node::Node;
use super::{ForestMarket, MOST_LEVELS};

/// How a node stands in its region, and what it would do at the last prices.
#[derive(Debug, Clone, Default)]
pub(super) struct Held {
    /// The node of its region nearest to the root, and its price above that one's, ticks.
    pub(super) region: usize,
    pub(super) ticks: i64,
    /// It is of its parent's region.
    pub(super) bound: bool,
    /// The node of its region that runs in part. Where there is none, all are rigid.
    pub(super) elastic: usize,
    /// What it offers may not change.
    pub(super) rigid: bool,
    /// The price of its region is to move.
    pub(super) moves: bool,
    /// What it adds to the flows by itself has changed by so much since they were last looked at.
    pub(super) change: i64,
    /// What it sends to its parent.
    pub(super) export: i64,
    /// The zone's price, where its region has one, ticks.
    pub(super) price: i64,
    /// Where it has none: prices of the dearest offer that the zone takes and of the cheapest that
    /// it does not.
    pub(super) offers: (i64, i64),
    /// Of a node that runs in part: what it takes, and what its region has too much.
    pub(super) partly: i64,
    excess: i64,
}

impl Node {
    /// Takes part of its marginal offer.
    fn is_elastic(&self) -> bool {
        0 < self.partly && self.partly < self.offered(self.marginal)
    }

    /// Stands in a region of which a zone runs in part, itself or another; `price` is that of the
    /// region's root. False where that is beyond all offers.
    pub(super) fn stand_in_region(
        &mut self,
        is_elastic: bool,
        elastic: usize,
        price: i64,
        (levels, shift): (usize, u32),
    ) -> bool {
        let held = &mut self.held;
        let price = price + held.ticks;
        (held.elastic, held.price, held.rigid) = (elastic, price, !is_elastic);
        if is_elastic {
            return true;
        }
        if price >> shift >= levels as i64 {
            return false;
        }
        // An equal of the one in part is rigid: who backs off first would be asked anew.
        if price < 0 || price & ((1 << shift) - 1) != 0 {
            held.rigid = false;
            // All below the price is taken whole, and nothing above: said in a way that
            // stays true when offers change.
            let below = (price + (1 << shift)) >> shift;
            (self.marginal, self.partly) = (below.max(0) as usize, 0);
        }
        true
    }

    /// Still carries something that way, and could carry more.
    #[inline]
    fn flows_as_before(&self, export: i64) -> bool {
        (export > 0) == (self.export > 0) && self.binds(export)
    }

    /// Carries something to or from the parent, and could carry more.
    #[inline]
    pub(super) fn binds(&self, export: i64) -> bool {
        (0 < export && export < self.export_limit) || (-self.import_limit < export && export < 0)
    }
}

impl ForestMarket {
    /// Clears at the last prices if they still hold, or at prices next to them; else changes
    /// nothing and says so. Where nobody lacked supply nobody does.
    #[inline]
    pub fn hold(&mut self) -> bool {
        !self.is_stale || (self.regions_hold && self.hold_together())
    }

    /// Takes up the change of one zone, where nothing else has changed and that is quick; else
    /// changes nothing and says so.
    #[inline(always)]
    pub(super) fn hold_one(&mut self, at: usize) -> bool {
        let nodes = &mut self.nodes;
        let held = &mut nodes[at].held;
        if held.rigid {
            return false;
        }
        let (change, elastic) = (held.change, held.elastic);
        let node = &nodes[elastic];
        let partly = node.partly - change;
        if partly <= 0 || partly >= node.offered(node.marginal) {
            return false;
        }
        if change == 0 {
            return true;
        }
        if at != elastic {
            match carry(nodes, (at, elastic), change, usize::MAX) {
                Ok(lines) => self.moved_flows |= lines,
                Err(steps) => {
                    carry_back(nodes, (at, elastic), change, steps);
                    return false;
                }
            }
        }
        nodes[at].held.change = 0;
        let node = &mut nodes[elastic];
        (node.partly, node.held.partly) = (partly, partly);
        self.sums[node.marginal] -= change;
        self.moved |= 1 << (node.marginal & MOST_LEVELS);
        true
    }

    /// Whether the last prices, or prices next to them, hold for all changes together.
    fn hold_together(&mut self) -> bool {
        // Where they do not hold, nothing more is tried before the next clearing.
        self.regions_hold = false;
        self.shifts.clear();
        let Some(flows_move) = self.take_up() else {
            return false;
        };
        if flows_move && !self.flows_are_good() {
            return false;
        }
        if flows_move {
            for node in &mut self.nodes {
                if node.export != node.held.export {
                    node.export = node.held.export;
                    self.moved_flows |= node.bit;
                }
            }
        }
        for at in self.touched.drain(..) {
            let node = &mut self.nodes[at];
            node.touched = false;
            // Of all others only who runs in part takes anything more.
            let elastic = node.held.elastic;
            let node = &mut self.nodes[elastic];
            let more = node.held.partly - node.partly;
            if more != 0 && !node.held.moves {
                node.partly = node.held.partly;
                self.sums[node.marginal] += more;
                self.moved |= 1 << (node.marginal & MOST_LEVELS);
            }
        }
        self.is_stale = false;
        self.regions_hold = self.carry_out_shifts();
        true
    }

    /// Groups nodes into regions and finds how each takes its offers at its region's price;
    /// false where two zones of one region run in part.
    pub(super) fn find_regions(&mut self) -> bool {
        const NOBODY: usize = usize::MAX;
        for at in 0..self.nodes.len() {
            let node = &self.nodes[at];
            let (region, ticks, bound) = match node.parent {
                Some(parent) if node.binds(node.export) => {
                    let above = &self.nodes[parent].held;
                    (above.region, above.ticks - node.export.signum(), true)
                }
                _ => (at, 0, false),
            };
            let node = &mut self.nodes[at];
            let is_elastic = node.is_elastic();
            node.held = Held {
                region,
                ticks,
                bound,
                elastic: NOBODY,
                rigid: true,
                moves: false,
                change: 0,
                export: node.export,
                partly: node.partly,
                excess: 0,
                price: 0,
                offers: (0, 0),
            };
            if is_elastic {
                let elastic = &mut self.nodes[region].held.elastic;
                if *elastic != NOBODY {
                    return false;
                }
                *elastic = at;
            }
        }
        for at in 0..self.nodes.len() {
            let region = self.nodes[at].held.region;
            let elastic = self.nodes[region].held.elastic;
            let (levels, shift) = (self.levels, self.shift);
            let Some(one) = self.nodes.get(elastic) else {
                let node = &mut self.nodes[at];
                node.held.offers = node.between(levels, shift);
                continue;
            };
            let price = ((one.marginal as i64) << shift) - one.held.ticks;
            let node = &mut self.nodes[at];
            if !node.stand_in_region(at == elastic, elastic, price, (levels, shift)) {
                return false;
            }
        }
        true
    }

    /// Sends what changed in zones to the roots of their regions, and lets the zones in part take
    /// up the difference, or those next to them; none where they cannot, else whether a line
    /// carries something else.
    fn take_up(&mut self) -> Option<bool> {
        let (shift, levels, supply_levels) = (self.shift, self.levels, self.supply_levels);
        let Self {
            nodes,
            touched,
            shifts,
            ..
        } = self;
        let mut flows_move = false;
        for &at in &*touched {
            let held = &mut nodes[at].held;
            if held.rigid {
                return None;
            }
            let (change, elastic) = (std::mem::take(&mut held.change), held.elastic);
            if elastic == at {
                held.partly -= change;
            } else if change != 0 {
                send(nodes, at, change);
                nodes[elastic].held.excess += change;
                flows_move = true;
            }
        }
        for &at in &*touched {
            let elastic = nodes[at].held.elastic;
            let node = &mut nodes[elastic];
            if node.held.moves {
                continue;
            }
            let excess = std::mem::take(&mut node.held.excess);
            let partly = node.held.partly - excess;
            if partly <= 0 || partly >= node.offered(node.marginal) {
                // Who gives from supply goes on to supply: nobody begins to lack any.
                let is_supply = node.marginal < supply_levels;
                let levels = if is_supply { supply_levels } else { levels };
                if !shifts.plan(nodes, (levels, shift), elastic, partly) {
                    return None;
                }
                flows_move = true;
                continue;
            }
            node.held.partly = partly;
            if excess != 0 {
                send(nodes, elastic, -excess);
            }
        }
        Some(flows_move)
    }

    /// Whether no line in part turns, comes to rest or reaches its limit, and prices that move prove
    /// the flows of the others.
    fn flows_are_good(&self) -> bool {
        let nodes = &self.nodes[..];
        nodes.iter().all(|node| {
            let export = node.held.export;
            match node.parent {
                None => true,
                Some(_) if node.held.bound => export == node.export || node.flows_as_before(export),
                Some(parent) => node.is_proven_below(&nodes[parent], nodes),
            }
        })
    }
}

/// A node adds more to the flows up to the root of its region.
#[inline]
pub(super) fn send(nodes: &mut [Node], mut at: usize, more: i64) {
    while let Some(node) = nodes.get_mut(at).filter(|node| node.held.bound) {
        node.held.export += more;
        let Some(parent) = node.parent else { return };
        at = parent;
    }
}

/// Carries more from one node of a region to another, over the first `most` of the lines between;
/// the bits of those lines, or how many come before the first that would turn, come to rest or
/// reach its limit.
#[inline(always)]
fn carry(nodes: &mut [Node], ends: (usize, usize), more: i64, most: usize) -> Result<u64, usize> {
    let (mut from, mut to) = ends;
    let (mut lines, mut steps) = (0, 0);
    // Parents stand before their children, so of two nodes the later one is never above.
    while from != to && steps < most {
        let is_up = from > to;
        let at = if is_up { from } else { to };
        let node = &mut nodes[at];
        let export = node.export + if is_up { more } else { -more };
        let parent = node.parent.filter(|_| node.flows_as_before(export));
        let Some(parent) = parent else {
            return Err(steps);
        };
        (node.export, node.held.export) = (export, export);
        *(if is_up { &mut from } else { &mut to }) = parent;
        lines |= node.bit;
        steps += 1;
    }
    Ok(lines)
}

/// Lines carry again what they did before, which held.
#[cold]
fn carry_back(nodes: &mut [Node], ends: (usize, usize), more: i64, most: usize) {
    let _ = carry(nodes, ends, -more, most);
}

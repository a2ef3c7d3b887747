//! Which price clears a subtree, and what every zone of it then takes and sends.

use super::node::Node;
use super::{ForestMarket, MOST_LEVELS};

impl Node {
    /// Surplus of the zone by itself where it takes its offers below a level.
    #[inline]
    pub(super) fn own(&self, taken: usize) -> i64 {
        self.cumulative[taken & MOST_LEVELS] - self.demand
    }

    /// What it sends to its parent, given the surplus of its subtree a tick below the parent's
    /// price and a tick above: it must earn a tick to send, and saves a tick by not taking.
    #[inline]
    pub(super) fn sends(&self, selling: i64, buying: i64) -> i64 {
        if selling > 0 {
            selling.min(self.export_limit)
        } else {
            buying.min(0).max(-self.import_limit)
        }
    }
}

impl ForestMarket {
    /// Finds the local price at which a subtree sends exactly `export` upward, and fixes what
    /// every zone of it takes.
    pub(super) fn settle(&mut self, node: usize, export: i64) {
        // Where nothing changed and as much is asked for, the last clearing stands.
        if !self.nodes[node].stale && self.nodes[node].export == export {
            return;
        }
        let (level, tick, net) = self.clearing_price(node, export);
        self.fix(node, level, tick, export, net - export);
    }

    /// Fixes a zone at a local price at which its subtree has `excess` too much: what the zone
    /// takes, and then its children. The price is so many ticks above the foot of the level
    /// around which [`super::Responses`] have last looked at the subtree.
    fn fix(&mut self, at: usize, foot: usize, tick: i64, export: i64, mut excess: i64) {
        let (shift, levels) = (self.shift, self.levels);
        let price = ((foot as i64) << shift) + tick;
        let level = price >> shift;
        let node = &mut self.nodes[at];
        if !node.stale && node.price == price && node.export == export && excess == 0 {
            return;
        }
        node.stale = false;
        node.price = price;
        if node.export != export {
            self.moved_flows |= node.bit;
        }
        node.export = export;
        let (marginal, partly) = if level < 0 {
            (0, 0)
        } else {
            let level = (level as usize).min(levels - 1);
            let step = node.offered(level);
            let whole = price & ((1 << shift) - 1) != 0;
            let back = if whole { 0 } else { excess.min(step) };
            excess -= back;
            (level, step - back)
        };
        let children = node.children.clone();
        self.take(at, marginal, partly);
        for child in children {
            let sent = self.responses.sent(child, tick);
            let back = if excess == 0 {
                0
            } else {
                excess.min(sent - self.responses.sent(child, tick - 1))
            };
            excess -= back;
            let sent = sent - back;
            // A child that neither backs off nor meets its limit is at its parent's price, but
            // for the tick of the line.
            if back == 0 && sent != 0 && self.nodes[child].binds(sent) {
                self.fix(child, foot, tick - sent.signum(), sent, 0);
            } else {
                self.settle(child, sent);
            }
        }
    }

    /// The lowest price at which a subtree's surplus reaches `export`, as a level and ticks above
    /// its foot, and the surplus there. Starts from the last one.
    fn clearing_price(&mut self, at: usize, export: i64) -> (usize, i64, i64) {
        let node = &self.nodes[at];
        let height = node.height;
        if height == 0 {
            // A leaf's staircase is its own: walk it.
            let need = node.demand + export;
            if need <= 0 {
                return (0, -1, -node.demand);
            }
            let reached = node.cumulative[1..=self.levels]
                .iter()
                .position(|&offered| offered >= need);
            let level = reached.unwrap_or(self.levels);
            let taken = (level + 1).min(self.levels);
            return (level, 0, node.own(taken));
        }
        // First the level, by looks at the middle of levels, where no tick matters.
        let mut level = ((node.price >> self.shift).max(0) as usize).min(self.levels - 1);
        if self.net_within(node, level) >= export {
            while level > 0 && self.net_within(node, level - 1) >= export {
                level -= 1;
            }
        } else {
            level += 1;
            // Beyond the last level nothing more is offered.
            while level < self.levels && self.net_within(node, level) < export {
                level += 1;
            }
        }
        // Then the tick.
        self.responses.look(&self.nodes, at, level, self.levels);
        let (tick, net) = self.responses.reaches(at, height, export);
        (level, tick, net)
    }

    /// Surplus of a subtree at prices in the middle of a level, so far from its ends that the
    /// ticks of all lines between change nothing.
    fn net_within(&self, node: &Node, level: usize) -> i64 {
        let mut net = node.own(level + 1);
        for child in &self.nodes[node.children.clone()] {
            let surplus = if child.height == 0 {
                child.own(level + 1)
            } else {
                self.net_within(child, level)
            };
            net += surplus.min(child.export_limit).max(-child.import_limit);
        }
        net
    }
}

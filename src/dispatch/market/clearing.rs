//! Which price clears a subtree, and what every zone of it then takes and sends.

use super::{ForestMarket, MOST_LEVELS, Node};

/// What each node would do at the prices around the foot of one level, tick by tick.
///
/// A node reached over h lines, there or on from there, steps at most h ticks away from the foot
/// of a level: its price is the root's less or more a tick a line. So beyond the longest way in
/// the forest all is as in the middle of the level, or of the one before.
#[derive(Debug, Clone)]
pub(super) struct Responses {
    /// Ticks on either side of the foot.
    reach: usize,
    /// Ticks known of each node.
    width: usize,
    /// `[node][tick]`: surplus of the subtree at the node's own price; of leaves unknown.
    nets: Vec<i64>,
    /// `[node][tick]`: what it sends to its parent at the parent's price.
    sents: Vec<i64>,
}

impl Responses {
    /// Room for the nodes of a forest of some depth.
    pub fn new(nodes: usize, depth: usize) -> Self {
        let (reach, width) = (depth + 1, 2 * depth + 3);
        Self {
            reach,
            width,
            nets: vec![0; nodes * width],
            sents: vec![0; nodes * width],
        }
    }

    /// Where a node's tick stands; beyond its reach nothing changes.
    #[inline]
    fn place(&self, at: usize, tick: i64) -> usize {
        let tick = (tick + self.reach as i64).clamp(0, self.width as i64 - 1);
        at * self.width + tick as usize
    }

    /// Surplus of a node's subtree, so many ticks from the foot of the level.
    #[inline]
    fn net(&self, at: usize, tick: i64) -> i64 {
        self.nets[self.place(at, tick)]
    }

    /// What a node sends to its parent whose price is so many ticks from the foot of the level.
    #[inline]
    fn sent(&self, at: usize, tick: i64) -> i64 {
        self.sents[self.place(at, tick)]
    }

    /// Looks at a subtree around the foot of a level, of so many `levels`.
    fn look(&mut self, nodes: &[Node], at: usize, level: usize, levels: usize) {
        let (from, width) = (at * self.width, self.width);
        let node = &nodes[at];
        let nets = &mut self.nets[from..][..width];
        let (below, above) = nets.split_at_mut(self.reach);
        below.fill(node.own(level));
        above.fill(node.own((level + 1).min(levels)));
        for child in node.children.clone() {
            self.look_below(nodes, child, level, levels);
            let sents = &self.sents[child * width..][..width];
            let nets = &mut self.nets[from..][..width];
            for (net, sent) in nets.iter_mut().zip(sents) {
                *net += sent;
            }
        }
    }

    /// Looks at a subtree and at what it sends to its parent.
    fn look_below(&mut self, nodes: &[Node], at: usize, level: usize, levels: usize) {
        let node = &nodes[at];
        if node.height == 0 {
            let sents = &mut self.sents[at * self.width..][..self.width];
            let (below, above) = (node.own(level), node.own((level + 1).min(levels)));
            let (first, rest) = sents.split_at_mut(self.reach - 1);
            let (middle, last) = rest.split_at_mut(2);
            first.fill(node.sends(below, below));
            middle.fill(node.sends(below, above));
            last.fill(node.sends(above, above));
            return;
        }
        self.look(nodes, at, level, levels);
        let nets = &self.nets[at * self.width..][..self.width];
        let sents = &mut self.sents[at * self.width..][..self.width];
        let (mut before, mut here) = (nets[0], nets[0]);
        let mut sents = sents.iter_mut();
        for (&after, sent) in nets[1..].iter().zip(&mut sents) {
            *sent = node.sends(before, after);
            (before, here) = (here, after);
        }
        if let Some(sent) = sents.next() {
            *sent = node.sends(before, here);
        }
    }
}

impl Node {
    /// Surplus of the zone by itself where it takes its offers below a level.
    #[inline]
    fn own(&self, taken: usize) -> i64 {
        self.cumulative[taken & MOST_LEVELS] - self.demand
    }

    /// What it sends to its parent, given the surplus of its subtree a tick below the parent's
    /// price and a tick above: it must earn a tick to send, and saves a tick by not taking.
    #[inline]
    fn sends(&self, selling: i64, buying: i64) -> i64 {
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
    /// around which [`Responses`] have last looked at the subtree.
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
        self.flows_moved |= node.export != export;
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
        let last = ((node.price >> self.shift).max(0) as usize).min(self.levels - 1);
        let mut level = last;
        if self.net_within(node, last) >= export {
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
        let Self {
            responses, nodes, ..
        } = self;
        responses.look(nodes, at, level, self.levels);
        let mut ticks = -height..height;
        let reached = ticks.find(|&tick| responses.net(at, tick) >= export);
        let tick = reached.unwrap_or(height);
        (level, tick, responses.net(at, tick))
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

//! Which price clears a subtree, and what every zone of it then takes and sends.

use super::{ForestMarket, MOST_LEVELS, Node};

impl ForestMarket {
    /// Finds the local price at which a subtree sends exactly `export` upward, and fixes what
    /// every zone of it takes.
    pub(super) fn settle(&mut self, node: usize, export: i64) {
        // Where nothing changed and as much is asked for, the last clearing stands.
        if !self.nodes[node].stale && self.nodes[node].export == export {
            return;
        }
        let (price, net) = self.clearing_price(node, export);
        self.fix(node, price, export, net - export);
    }

    /// Fixes a zone at a local price at which its subtree has `excess` too much: what the zone
    /// takes, and then its children.
    fn fix(&mut self, at: usize, price: i64, export: i64, mut excess: i64) {
        let (shift, levels) = (self.shift, self.levels);
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
            let sent = self.sent(&self.nodes[child], price);
            let back = if excess == 0 {
                0
            } else {
                excess.min(sent - self.sent(&self.nodes[child], price - 1))
            };
            excess -= back;
            let sent = sent - back;
            let Node {
                export_limit,
                import_limit,
                ..
            } = self.nodes[child];
            // A child that neither backs off nor meets its limit is at its parent's price, but
            // for the tick of the line.
            if back == 0 && 0 < sent && sent < export_limit {
                self.fix(child, price - 1, sent, 0);
            } else if back == 0 && -import_limit < sent && sent < 0 {
                self.fix(child, price + 1, sent, 0);
            } else {
                self.settle(child, sent);
            }
        }
    }

    /// The lowest price at which a subtree's surplus reaches `export`, and the surplus there.
    /// Starts from the last one.
    fn clearing_price(&self, at: usize, export: i64) -> (i64, i64) {
        let node = &self.nodes[at];
        if node.children.is_empty() {
            // A leaf's staircase is its own: walk it.
            let need = node.demand + export;
            if need <= 0 {
                return (-1, -node.demand);
            }
            let reached = (0..self.levels).find(|&level| node.cumulative[level + 1] >= need);
            let level = reached.unwrap_or(self.levels);
            return (
                (level as i64) << self.shift,
                self.own(node, (level as i64) << self.shift),
            );
        }
        // First the level, by looks at the middle of levels, where no tick matters.
        let last = ((node.price >> self.shift).max(0) as usize).min(self.levels - 1);
        let (mut level, mut net_above) = (last, self.net_within(node, last));
        if net_above >= export {
            while level > 0 {
                let net = self.net_within(node, level - 1);
                if net < export {
                    break;
                }
                (level, net_above) = (level - 1, net);
            }
        } else {
            while net_above < export && level < self.levels {
                level += 1;
                // Beyond the last level nothing more is offered.
                if level < self.levels {
                    net_above = self.net_within(node, level);
                }
            }
        }
        // Then the tick. No zone is further from this one's level than there are lines between
        // them: from so many ticks above on it is as in the middle of this level, and from one
        // more below on as in the middle of the one before.
        let begin = (level as i64) << self.shift;
        let (mut above, mut below) = (begin + node.height, begin - node.height - 1);
        // The tick is mostly the last one: ask there, and just below, before halving.
        let middle = 1 << (self.shift - 1);
        let tick = ((node.price + middle) & (2 * middle - 1)) - middle;
        let mut guesses = [begin + tick, begin + tick - 1].into_iter();
        while above - below > 1 {
            let probe = match guesses.next() {
                Some(guess) if below < guess && guess < above => guess,
                _ => below + (above - below) / 2,
            };
            let net = self.net(node, probe);
            if net >= export {
                (above, net_above) = (probe, net);
            } else {
                below = probe;
            }
        }
        (above, net_above)
    }

    /// Surplus of a subtree at prices in the middle of a level, so far from its ends that the
    /// ticks of all lines between change nothing.
    fn net_within(&self, node: &Node, level: usize) -> i64 {
        let mut net = node.cumulative[(level + 1) & MOST_LEVELS] - node.demand;
        for child in &self.nodes[node.children.clone()] {
            let surplus = if child.height == 0 {
                child.cumulative[(level + 1) & MOST_LEVELS] - child.demand
            } else {
                self.net_within(child, level)
            };
            net += surplus.min(child.export_limit).max(-child.import_limit);
        }
        net
    }

    /// Surplus of a subtree at a local price: offers up to it, less demand, plus what the
    /// children send.
    #[inline]
    fn net(&self, node: &Node, price: i64) -> i64 {
        let mut net = self.own(node, price);
        for child in &self.nodes[node.children.clone()] {
            net += if child.height == 0 {
                self.sent_by_leaf(child, price)
            } else {
                self.sent(child, price)
            };
        }
        net
    }

    /// Surplus of a zone by itself at a local price.
    #[inline(always)]
    fn own(&self, node: &Node, price: i64) -> i64 {
        let taken = ((price >> self.shift) + 1).clamp(0, self.levels as i64) as usize;
        node.cumulative[taken & MOST_LEVELS] - node.demand
    }

    /// What a child sends to its parent where the parent's price is `price`: it must earn a tick
    /// to send, and saves a tick by not taking.
    #[inline]
    fn sent(&self, child: &Node, price: i64) -> i64 {
        // Most zones are leaves: no walk.
        if child.height == 0 {
            return self.sent_by_leaf(child, price);
        }
        if child.export_limit > 0 {
            let selling = self.net(child, price - 1);
            if selling > 0 {
                return selling.min(child.export_limit);
            }
        }
        if child.import_limit > 0 {
            return self.net(child, price + 1).min(0).max(-child.import_limit);
        }
        0
    }

    /// The same of a zone without children: two looks at its staircase.
    #[inline(always)]
    fn sent_by_leaf(&self, child: &Node, price: i64) -> i64 {
        let selling = self.own(child, price - 1);
        if selling > 0 {
            return selling.min(child.export_limit);
        }
        // Hardly ever is there a step between.
        let buying = if (price + 1) >> self.shift == (price - 1) >> self.shift {
            selling
        } else {
            self.own(child, price + 1)
        };
        buying.min(0).max(-child.import_limit)
    }
}

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
//! Regions stay as they are while prices hold, so they are looked for once after a clearing.

use super::{ForestMarket, Node};

/// How a zone stands in its region, and what it would do at the last prices.
#[derive(Debug, Clone, Default)]
pub(super) struct Held {
    /// The node of its region nearest to the root, and its price above that one's, ticks.
    region: usize,
    ticks: i64,
    /// Of a region, at its node nearest to the root: the node that runs in part.
    elastic: Option<usize>,
    /// What it offers may not have changed.
    rigid: bool,
    /// It takes its offers below this level whole, together so much, and then some more.
    pub(super) below: usize,
    pub(super) whole: i64,
    more: i64,
    /// What it adds to the flows by itself, and sends to the parent.
    own: i64,
    export: i64,
    /// Of a region, at its node nearest to the root: too much (nothing between holds).
    excess: i64,
}

impl Node {
    /// Takes part of its marginal offer.
    fn is_elastic(&self) -> bool {
        0 < self.partly && self.partly < self.step
    }

    /// What it takes at the last prices, less its demand.
    #[inline]
    fn own_as_held(&self) -> i64 {
        self.held.whole + self.held.more - self.demand
    }

    /// Still carries something that way, and could carry more.
    #[inline]
    fn flows_as_before(&self, export: i64) -> bool {
        (export > 0) == (self.export > 0) && self.binds(export)
    }

    /// Carries something to or from the parent, and could carry more.
    #[inline]
    fn binds(&self, export: i64) -> bool {
        (0 < export && export < self.export_limit) || (-self.import_limit < export && export < 0)
    }
}

impl ForestMarket {
    /// Clears at the last prices if they still hold; else changes nothing and says so.
    pub fn hold(&mut self) -> bool {
        if !self.is_stale {
            return true;
        }
        if self.limits_moved {
            return false;
        }
        if !self.regions_known {
            self.regions_hold = self.find_regions();
            self.regions_known = true;
        }
        // Where they do not hold, nothing more is tried before the next clearing.
        self.regions_hold = self.regions_hold && self.take_up() && self.flows_hold();
        if !self.regions_hold {
            return false;
        }
        for node in &mut self.nodes {
            self.flows_moved |= node.export != node.held.export;
            node.export = node.held.export;
        }
        for index in 0..self.touched.len() {
            let at = self.touched[index];
            self.take_as_held(at);
            self.nodes[at].touched = false;
            // Of all others only who runs in part takes anything more.
            let elastic = self.nodes[self.nodes[at].held.region].held.elastic;
            if let Some(elastic) = elastic
                && self.nodes[elastic].held.more != self.nodes[elastic].partly
            {
                self.take_as_held(elastic);
            }
        }
        self.touched.clear();
        self.is_stale = false;
        true
    }

    /// Groups nodes into regions and finds how each takes its offers at its region's price;
    /// false where two zones of one region run in part.
    fn find_regions(&mut self) -> bool {
        for at in 0..self.nodes.len() {
            let node = &self.nodes[at];
            let (region, ticks) = match node.parent {
                Some(parent) if node.binds(node.export) => {
                    let above = &self.nodes[parent].held;
                    (above.region, above.ticks - node.export.signum())
                }
                _ => (at, 0),
            };
            let elastic = node.is_elastic();
            let export = node.export;
            let held = &mut self.nodes[at].held;
            (held.region, held.ticks) = (region, ticks);
            (held.elastic, held.own) = (None, export);
            if let Some(parent) = self.nodes[at].parent {
                self.nodes[parent].held.own -= export;
            }
            if elastic && self.nodes[region].held.elastic.replace(at).is_some() {
                return false;
            }
        }
        for at in 0..self.nodes.len() {
            let elastic = self.nodes[self.nodes[at].held.region].held.elastic;
            let price = elastic.map(|elastic| {
                let elastic = &self.nodes[elastic];
                ((elastic.marginal as i64) << self.shift) - elastic.held.ticks
                    + self.nodes[at].held.ticks
            });
            let node = &mut self.nodes[at];
            let as_it_was = (true, node.marginal, node.partly);
            (node.held.rigid, node.held.below, node.held.more) = match price {
                None => as_it_was,
                Some(price) if price < 0 => (false, 0, 0),
                Some(price) if price >> self.shift >= self.levels as i64 => return false,
                Some(price) if price & ((1 << self.shift) - 1) != 0 => {
                    (false, (price >> self.shift) as usize + 1, 0)
                }
                Some(_) if elastic == Some(at) => (false, node.marginal, node.partly),
                // An equal of the one in part: who backs off first would be asked anew.
                Some(_) => as_it_was,
            };
            node.held.whole = node.offers[..node.held.below].iter().sum();
            (node.held.export, node.held.excess) = (node.export, 0);
        }
        true
    }

    /// Sends what changed in zones to the roots of their regions, and lets the zones in part take
    /// up the difference; false where they cannot.
    fn take_up(&mut self) -> bool {
        for index in 0..self.touched.len() {
            let at = self.touched[index];
            let node = &self.nodes[at];
            if node.held.rigid {
                return false;
            }
            let change = node.own_as_held() - node.held.own;
            self.send(at, change);
        }
        for index in 0..self.touched.len() {
            let root = self.nodes[self.touched[index]].held.region;
            let excess = std::mem::take(&mut self.nodes[root].held.excess);
            let Some(elastic) = self.nodes[root].held.elastic else {
                if excess != 0 {
                    return false;
                }
                continue;
            };
            let node = &mut self.nodes[elastic];
            let taken = node.held.more - excess;
            if taken <= 0 || taken >= node.offered(node.marginal) {
                return false;
            }
            node.held.more = taken;
            self.send(elastic, -excess);
            self.nodes[root].held.excess = 0;
        }
        true
    }

    /// A zone adds more to the flows up to the root of its region.
    #[inline]
    fn send(&mut self, mut at: usize, more: i64) {
        let root = self.nodes[at].held.region;
        while at != root {
            let node = &mut self.nodes[at];
            node.held.export += more;
            // Only a region's root can be without a parent.
            at = node.parent.unwrap_or(root);
        }
        self.nodes[root].held.excess += more;
    }

    /// Whether no line turns, comes to rest or reaches its limit.
    fn flows_hold(&self) -> bool {
        self.nodes.iter().all(|node| {
            let export = node.held.export;
            export == node.export || node.flows_as_before(export)
        })
    }

    /// Takes what the last prices let it take.
    #[inline]
    fn take_as_held(&mut self, at: usize) {
        let node = &mut self.nodes[at];
        let Held { below, more, .. } = node.held;
        node.held.own = node.own_as_held();
        let whole = below > 0 && more == 0;
        let (marginal, partly) = if whole {
            (below - 1, node.offered(below - 1))
        } else {
            (below, more)
        };
        node.step = if more > 0 || whole {
            node.offered(marginal)
        } else {
            0
        };
        self.take(at, marginal, partly);
    }
}

//! What if the price of a region moves to another step? Its zone in part has given all of its
//! offer, or backed off from all of it: then the next offers of the region in the order of their
//! prices take up the rest, and one of them runs in part.
//!
//! The new flows are proven by prices. Where there are prices at which every offer but those in
//! part is below or above its zone's price and not at it, and every line but those in part is
//! worth filling or not worth using and not just so, no other flows are as good: whoever clears
//! finds them (strict complementarity). A zone in part fixes the price of its region; a region
//! without one may have any price between its offers that fits its lines. Where that cannot be
//! shown nothing is changed.

use super::ForestMarket;
use super::hold::send;
use super::node::Node;

/// Offers that a region passes at most before it is left to clearing.
const MOST_STEPS: usize = 8;

/// What a zone shall take: its marginal level, and how much of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Take {
    at: usize,
    marginal: usize,
    partly: i64,
}

/// The room that moving prices needs.
#[derive(Debug, Clone, Default)]
pub(super) struct Shifts {
    /// What zones shall take, in this order.
    takes: Vec<Take>,
    /// Regions whose price moves: the zone that ran in part, and the one that will.
    regions: Vec<(usize, usize)>,
}

impl Shifts {
    pub fn clear(&mut self) {
        self.takes.clear();
        self.regions.clear();
    }

    pub fn is_empty(&self) -> bool {
        self.regions.is_empty()
    }

    /// Whether the price of a region moves, known by the zone that ran in part.
    #[inline]
    pub fn moves(&self, elastic: usize) -> bool {
        self.regions.iter().any(|&(before, _)| before == elastic)
    }
}

impl ForestMarket {
    /// A zone in part shall take `partly`, which is more than its marginal offer or less than
    /// nothing: the next offers of its region do. False where that is for clearing.
    pub(super) fn shift_price(&mut self, elastic: usize, partly: i64) -> bool {
        let Self {
            nodes,
            shifts,
            levels,
            shift,
            ..
        } = self;
        let (levels, shift) = (*levels, *shift);
        let node = &nodes[elastic];
        let whole = node.offered(node.marginal);
        let is_up = partly >= whole;
        let (mut rest, taken) = if is_up {
            (partly - whole, whole)
        } else {
            (-partly, 0)
        };
        let mut last = (node.marginal as i64) << shift;
        last -= node.held.ticks;
        shifts.takes.push(Take {
            at: elastic,
            marginal: node.marginal,
            partly: taken,
        });
        // What it takes for its own sake is in it already.
        let more = taken - node.held.partly;
        send(nodes, elastic, more);
        for _ in 0..MOST_STEPS {
            // With nothing left nobody would run in part.
            if rest == 0 {
                return false;
            }
            let Some((price, at, level)) = next_offer(nodes, elastic, last, (levels, shift), is_up)
            else {
                return false;
            };
            last = price;
            let offered = nodes[at].offered(level);
            let used = rest.min(offered);
            rest -= used;
            send(nodes, at, if is_up { used } else { -used });
            let partly = if is_up { used } else { offered - used };
            shifts.takes.push(Take {
                at,
                marginal: level,
                partly,
            });
            if used < offered {
                shifts.regions.push((elastic, at));
                return true;
            }
        }
        false
    }

    /// Whether prices prove the flows that hold now that prices of some regions move.
    pub(super) fn shifts_are_proven(&self) -> bool {
        let touches = |at: usize| self.is_shifted(at);
        self.nodes.iter().enumerate().all(|(at, node)| {
            let Some(parent) = node.parent.filter(|_| !node.held.bound) else {
                return true;
            };
            if !touches(at) && !touches(parent) {
                return true;
            }
            match (self.price_after(at), self.price_after(parent)) {
                (Some(here), Some(above)) => {
                    let (from, to) = node.prices_below(here);
                    from < above && above < to
                }
                (None, Some(_)) => self.has_a_price(at),
                (Some(_), None) => self.has_a_price(parent),
                (None, None) => false,
            }
        })
    }

    /// The regions' new prices and what their zones take; the flows are carried already.
    pub(super) fn carry_out_shifts(&mut self) {
        for index in 0..self.shifts.takes.len() {
            let Take {
                at,
                marginal,
                partly,
            } = self.shifts.takes[index];
            self.take(at, marginal, partly);
        }
        for index in 0..self.shifts.regions.len() {
            let (before, after) = self.shifts.regions[index];
            let price = self.region_price(after);
            for node in &mut self.nodes {
                if node.held.elastic == before {
                    node.price = price + node.held.ticks;
                }
            }
        }
    }

    /// The price at the root of a region, as its zone that will run in part sets it.
    fn region_price(&self, elastic: usize) -> i64 {
        let takes = self.shifts.takes.iter().rev();
        let level = takes
            .clone()
            .find(|take| take.at == elastic)
            .map_or(self.nodes[elastic].marginal, |take| take.marginal);
        ((level as i64) << self.shift) - self.nodes[elastic].held.ticks
    }

    fn is_shifted(&self, at: usize) -> bool {
        self.shifts.moves(self.nodes[at].held.elastic)
    }

    /// A zone's price, where its region has one.
    fn price_after(&self, at: usize) -> Option<i64> {
        let held = &self.nodes[at].held;
        let elastic = held.elastic;
        self.nodes.get(elastic)?;
        let mut regions = self.shifts.regions.iter();
        let after = regions.find(|&&(before, _)| before == elastic);
        Some(self.region_price(after.map_or(elastic, |&(_, after)| after)) + held.ticks)
    }

    /// Whether a region that has no one price may have some price, between what its zones take and
    /// what they do not, that fits its lines to others.
    fn has_a_price(&self, member: usize) -> bool {
        let region = self.nodes[member].held.region;
        // At the region's root, both ends excluded.
        let (mut low, mut high) = (i64::MIN / 2, i64::MAX / 2);
        for (at, node) in self.nodes.iter().enumerate() {
            let (is_in, ticks) = (node.held.region == region, node.held.ticks);
            if is_in {
                let (last, next) = node.between(self.levels, self.shift);
                low = low.max(last - ticks);
                high = high.min(next - ticks);
            }
            let Some(parent) = node.parent.filter(|_| !node.held.bound) else {
                continue;
            };
            let above = &self.nodes[parent].held;
            if is_in {
                let Some(price) = self.price_after(parent) else {
                    return false;
                };
                let (from, to) = node.prices_above(price);
                low = low.max(from - ticks);
                high = high.min(to - ticks);
            } else if above.region == region {
                let Some(price) = self.price_after(at) else {
                    return false;
                };
                let (from, to) = node.prices_below(price);
                low = low.max(from - above.ticks);
                high = high.min(to - above.ticks);
            }
        }
        low < high
    }
}

/// The next offer of a region above or below a price at its root: that price, whose it is, and its
/// level. None where two have the same, or a zone must not move.
fn next_offer(
    nodes: &[Node],
    elastic: usize,
    last: i64,
    (levels, shift): (usize, u32),
    is_up: bool,
) -> Option<(i64, usize, usize)> {
    let mut best: Option<(i64, usize, usize)> = None;
    for (at, node) in nodes.iter().enumerate() {
        if node.held.elastic != elastic {
            continue;
        }
        if node.held.rigid {
            return None;
        }
        // Levels whose price at the root is beyond the last.
        let here = last + node.held.ticks;
        let level = if is_up {
            let from = ((here >> shift) + 1).max(0) as usize;
            (from..levels).find(|&level| node.offered(level) != 0)
        } else {
            let until = (here + (1 << shift) - 1) >> shift;
            (0..until.clamp(0, levels as i64) as usize)
                .rev()
                .find(|&level| node.offered(level) != 0)
        };
        let Some(level) = level else { continue };
        let price = ((level as i64) << shift) - node.held.ticks;
        match best {
            Some((known, ..)) if known == price => return None,
            Some((known, ..)) if (known < price) == is_up => {}
            _ => best = Some((price, at, level)),
        }
    }
    best
}

impl Node {
    /// For a line that is not in part: between which prices of the parent, both excluded, its flow
    /// is the only good one where the zone itself has this price.
    fn prices_below(&self, here: i64) -> (i64, i64) {
        let (mut from, mut to) = (i64::MIN / 2, i64::MAX / 2);
        let export = self.held.export;
        if export > 0 {
            from = here + 1;
        } else if export < 0 {
            to = here - 1;
        } else {
            if self.export_limit > 0 {
                to = here + 1;
            }
            if self.import_limit > 0 {
                from = here - 1;
            }
        }
        (from, to)
    }

    /// The same for the zone's own price where the parent has this one.
    fn prices_above(&self, above: i64) -> (i64, i64) {
        let (mut from, mut to) = (i64::MIN / 2, i64::MAX / 2);
        let export = self.held.export;
        if export > 0 {
            to = above - 1;
        } else if export < 0 {
            from = above + 1;
        } else {
            if self.export_limit > 0 {
                from = above - 1;
            }
            if self.import_limit > 0 {
                to = above + 1;
            }
        }
        (from, to)
    }

    /// The dearest offer it takes and the cheapest it does not, where none is taken in part.
    fn between(&self, levels: usize, shift: u32) -> (i64, i64) {
        let taken = |level: usize| match level.cmp(&self.marginal) {
            std::cmp::Ordering::Less => true,
            std::cmp::Ordering::Equal => self.partly > 0,
            std::cmp::Ordering::Greater => false,
        };
        let mut offers = (0..levels).filter(|&level| self.offered(level) != 0);
        let (mut last, mut next) = (i64::MIN / 2, i64::MAX / 2);
        for level in offers.by_ref() {
            if taken(level) {
                last = (level as i64) << shift;
            } else {
                next = (level as i64) << shift;
                break;
            }
        }
        (last, next)
    }
}

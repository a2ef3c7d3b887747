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
struct Take {
    at: usize,
    marginal: usize,
    partly: i64,
}

/// A region whose price moves.
#[derive(Debug, Clone, Copy)]
struct Shift {
    /// The zone that ran in part, and the one that will.
    before: usize,
    after: usize,
    /// The price at its root, ticks.
    price: i64,
}

/// Prices that are to move, and what zones shall take then, in this order.
#[derive(Debug, Clone, Default)]
pub(super) struct Shifts {
    regions: Vec<Shift>,
    takes: Vec<Take>,
}

impl Shifts {
    #[inline]
    pub fn clear(&mut self) {
        self.takes.clear();
        self.regions.clear();
    }

    /// A zone in part shall take `partly`, which is more than its marginal offer or less than
    /// nothing: the next offers of its region do. False where that is for clearing.
    pub fn plan(
        &mut self,
        nodes: &mut [Node],
        (levels, shift): (usize, u32),
        elastic: usize,
        partly: i64,
    ) -> bool {
        let node = &nodes[elastic];
        let whole = node.offered(node.marginal);
        let is_up = partly >= whole;
        let (mut rest, taken) = if is_up {
            (partly - whole, whole)
        } else {
            (-partly, 0)
        };
        let mut last = ((node.marginal as i64) << shift) - node.held.ticks;
        self.takes.push(Take {
            at: elastic,
            marginal: node.marginal,
            partly: taken,
        });
        // What it takes for its own sake is in what it held.
        let more = taken - node.held.partly;
        send(nodes, elastic, more);
        for _ in 0..MOST_STEPS {
            // With nothing left nobody would run in part.
            if rest == 0 {
                return false;
            }
            let next = next_offer(nodes, elastic, last, (levels, shift), is_up);
            let Some((price, at, level)) = next else {
                return false;
            };
            last = price;
            let offered = nodes[at].offered(level);
            let used = rest.min(offered);
            rest -= used;
            send(nodes, at, if is_up { used } else { -used });
            self.takes.push(Take {
                at,
                marginal: level,
                partly: if is_up { used } else { offered - used },
            });
            if used < offered {
                self.regions.push(Shift {
                    before: elastic,
                    after: at,
                    price,
                });
                for node in nodes.iter_mut() {
                    if node.held.elastic == elastic {
                        node.held.price = price + node.held.ticks;
                        node.held.moves = true;
                    }
                }
                return true;
            }
        }
        false
    }
}

impl ForestMarket {
    /// Regions stand at their new prices, if any are to, and their zones take what they shall; the
    /// flows are carried already. False where regions must be looked for anew.
    #[inline]
    pub(super) fn carry_out_shifts(&mut self) -> bool {
        self.shifts.regions.is_empty() || self.carry_out_some_shifts()
    }

    fn carry_out_some_shifts(&mut self) -> bool {
        for index in 0..self.shifts.takes.len() {
            let take = self.shifts.takes[index];
            self.take(take.at, take.marginal, take.partly);
        }
        let steps = (self.levels, self.shift);
        let Self { nodes, shifts, .. } = self;
        shifts.regions.iter().all(|region| {
            let mut nodes = nodes.iter_mut().enumerate();
            nodes.all(|(at, node)| {
                if node.held.elastic != region.before {
                    return true;
                }
                node.price = node.held.price;
                node.held.moves = false;
                node.held.partly = node.partly;
                node.stand_in_region(at == region.after, region.after, region.price, steps)
            })
        })
    }
}

/// Whether a region in which no zone runs in part may have some price, between what its zones take
/// and what they do not, that fits its lines to others.
fn can_have_a_price(nodes: &[Node], region: usize) -> bool {
    // At the region's root, both ends excluded.
    let (mut low, mut high) = (i64::MIN / 2, i64::MAX / 2);
    let mut within = |(from, to): (i64, i64), ticks: i64| {
        (low, high) = (low.max(from - ticks), high.min(to - ticks));
    };
    for node in nodes {
        let (held, is_in) = (&node.held, node.held.region == region);
        if is_in {
            within(held.offers, held.ticks);
        }
        let Some(parent) = node.parent.filter(|_| !held.bound) else {
            continue;
        };
        let above = &nodes[parent];
        if is_in {
            if !above.has_price(nodes) {
                return false;
            }
            within(node.between_parent(above.held.price), held.ticks);
        } else if above.held.region == region {
            if !node.has_price(nodes) {
                return false;
            }
            within(node.parent_between(held.price), above.held.ticks);
        }
    }
    low < high
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
    /// Whether prices prove the flow to its parent, of another region, now that those of some
    /// regions move.
    #[inline]
    pub(super) fn is_proven_below(&self, above: &Self, nodes: &[Self]) -> bool {
        if !self.held.moves && !above.held.moves {
            return true;
        }
        match (self.has_price(nodes), above.has_price(nodes)) {
            (true, true) => {
                let (from, to) = self.parent_between(self.held.price);
                from < above.held.price && above.held.price < to
            }
            (false, _) => can_have_a_price(nodes, self.held.region),
            (_, false) => can_have_a_price(nodes, above.held.region),
        }
    }

    /// Its region has a price.
    #[inline]
    fn has_price(&self, nodes: &[Node]) -> bool {
        self.held.elastic < nodes.len()
    }

    /// For a line that is not in part: between which prices of the parent, both excluded, its flow
    /// is the only good one where the zone itself has this price.
    fn parent_between(&self, here: i64) -> (i64, i64) {
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
    fn between_parent(&self, above: i64) -> (i64, i64) {
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
    pub(super) fn between(&self, levels: usize, shift: u32) -> (i64, i64) {
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

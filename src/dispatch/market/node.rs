//! A zone as the clearing sees it, and how one wakes that slept.

use super::hold::Held;
use super::{ForestMarket, MOST_LEVELS};
use std::sync::Arc;

/// The place among the nodes of a zone that is none.
pub(super) const ASLEEP: usize = usize::MAX;

/// A zone with all the clearing needs to know of it, in one piece of memory.
#[derive(Debug, Clone)]
pub(super) struct Node {
    /// The zone's bit in [`ForestMarket::moved_flows`]; of more than 64 zones several share one.
    pub bit: u64,
    /// Offers by level.
    pub offers: [i64; MOST_LEVELS + 1],
    /// Cumulative offers, the first always nothing; flat beyond the last level. Brought up to
    /// date before a clearing.
    pub cumulative: [i64; MOST_LEVELS + 1],
    pub offers_moved: bool,
    pub demand: i64,
    /// Most that it may send to its parent, and take from it.
    pub export_limit: i64,
    pub import_limit: i64,
    /// Its children in the order of nodes: siblings stand side by side.
    pub children: std::ops::Range<usize>,
    pub parent: Option<usize>,
    /// Lines on the longest way down.
    pub height: usize,
    /// Something in its subtree changed since it was last fixed.
    pub stale: bool,
    /// What cleared.
    pub price: i64,
    pub export: i64,
    pub marginal: usize,
    pub partly: i64,
    /// What it offers or demands changed since it was last fixed; it stands in the list of such.
    pub touched: bool,
    /// What it would send, and take in part, if the last prices hold.
    pub held: Held,
}

impl Node {
    /// A zone that offers and asks for nothing, between its limits.
    fn new(zone: usize, (export_limit, import_limit): (i64, i64)) -> Self {
        Self {
            bit: 1 << (zone % 64),
            offers: [0; MOST_LEVELS + 1],
            cumulative: [0; MOST_LEVELS + 1],
            offers_moved: false,
            demand: 0,
            export_limit,
            import_limit,
            children: 0..0,
            parent: None,
            height: 0,
            stale: true,
            price: 0,
            export: 0,
            marginal: 0,
            partly: 0,
            touched: false,
            held: Held::default(),
        }
    }

    #[inline]
    pub fn offered(&self, level: usize) -> i64 {
        self.offers[level & MOST_LEVELS]
    }

    /// Brings cumulative offers up to date.
    pub fn add_up(&mut self, levels: usize) {
        let mut sum = 0;
        for (offer, below) in self.offers[..levels].iter().zip(&mut self.cumulative[1..]) {
            sum += offer;
            *below = sum;
        }
    }
}

impl ForestMarket {
    /// Makes a node of a zone, and of those between it and the root of its tree. All are looked
    /// at anew at the next clearing.
    #[cold]
    pub(super) fn wake(&mut self, zone: usize) {
        let forest = Arc::clone(&self.forest);
        let mut is_awake: Vec<bool> = self.place.iter().map(|&place| place != ASLEEP).collect();
        let mut next = Some(zone);
        while let Some(zone) = next.filter(|&zone| !is_awake[zone]) {
            is_awake[zone] = true;
            next = forest.parent[zone];
        }
        let before = std::mem::take(&mut self.nodes);
        let mut before = before.into_iter();
        // Parents stand before their children, siblings side by side.
        for &zone in forest.order.iter().filter(|&&zone| is_awake[zone]) {
            let slept = self.place[zone] == ASLEEP;
            let known = if slept { None } else { before.next() };
            self.place[zone] = self.nodes.len();
            self.nodes.push(Node {
                children: 0..0,
                height: 0,
                stale: true,
                touched: true,
                parent: forest.parent[zone].map(|parent| self.place[parent]),
                ..known.unwrap_or_else(|| Node::new(zone, self.limits[zone]))
            });
        }
        for at in (0..self.nodes.len()).rev() {
            let Some(parent) = self.nodes[at].parent else {
                continue;
            };
            let height = self.nodes[at].height + 1;
            let above = &mut self.nodes[parent];
            above.height = above.height.max(height);
            let end = above.children.end.max(at + 1);
            above.children = at..end;
        }
        self.touched.clear();
        self.touched.extend(0..self.nodes.len());
        (self.is_stale, self.regions_hold) = (true, false);
    }
}

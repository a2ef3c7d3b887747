//! What is still equal is settled in the written order.
//!
//! At the prices found every zone and every corridor has a span, from least to most. All best
//! answers are the balanced ones within the spans, whatever prices proved them. The order names
//! one after the other what shall be least; each is lessened, as far as the spans of those to
//! come let it, along rings of what is free, and then stands. So one answer is left.

use super::{Mesh, MeshMarket, Turn};

/// Memory of the settling, kept. Things are zones' own offers (hub to zone), then corridors.
#[derive(Debug, Clone)]
pub(super) struct Spans {
    least: Vec<i64>,
    most: Vec<i64>,
    /// By node, the hub last: who stands for its tree, while looking for rings.
    tree: Vec<usize>,
    /// By node: the thing it was reached by and whether along it.
    came: Vec<Option<(usize, bool)>>,
    seen: Vec<bool>,
    queue: Vec<usize>,
}

impl Spans {
    pub(super) fn new(mesh: &Mesh) -> Self {
        let (nodes, things) = (mesh.zones() + 1, mesh.zones() + mesh.ends.len());
        Self {
            least: vec![0; things],
            most: vec![0; things],
            tree: vec![0; nodes],
            came: vec![None; nodes],
            seen: vec![false; nodes],
            queue: Vec::with_capacity(nodes),
        }
    }

    /// Stands for the tree of a node.
    fn root(&mut self, mut node: usize) -> usize {
        while self.tree[node] != node {
            // Halving the path keeps the next way short.
            self.tree[node] = self.tree[self.tree[node]];
            node = self.tree[node];
        }
        node
    }
}

impl MeshMarket {
    /// Chooses among the best answers by the written order.
    pub(super) fn break_ties(&mut self) {
        if !self.find_spans() {
            return;
        }
        for at in 0..self.mesh.turns.len() {
            let (thing, is_down) = match self.mesh.turns[at] {
                Turn::Own(zone) => (zone, true),
                Turn::Inflow { corridor, is_along } => (self.mesh.zones() + corridor, is_along),
            };
            while self.shift_away(thing, is_down) {}
            let value = self.value(thing);
            (self.spans.least[thing], self.spans.most[thing]) = (value, value);
        }
    }

    /// Notes the spans; false where what is free forms no ring, so that there is nothing to
    /// choose.
    fn find_spans(&mut self) -> bool {
        let zones = self.mesh.zones();
        for (node, tree) in self.spans.tree.iter_mut().enumerate() {
            *tree = node;
        }
        let mut closes_ring = false;
        for thing in 0..zones + self.flow.len() {
            let (least, most) = if thing < zones {
                self.own_span(thing)
            } else {
                self.flow_span(thing - zones)
            };
            (self.spans.least[thing], self.spans.most[thing]) = (least, most);
            if least < most {
                let (tail, head) = self.ends_of(thing);
                let (tail, head) = (self.spans.root(tail), self.spans.root(head));
                closes_ring |= tail == head;
                self.spans.tree[head] = tail;
            }
        }
        closes_ring
    }

    fn ends_of(&self, thing: usize) -> (usize, usize) {
        let zones = self.mesh.zones();
        if thing < zones {
            (zones, thing)
        } else {
            self.mesh.ends[thing - zones]
        }
    }

    fn value(&self, thing: usize) -> i64 {
        let zones = self.mesh.zones();
        if thing < zones {
            self.own[thing]
        } else {
            self.flow[thing - zones]
        }
    }

    fn add(&mut self, thing: usize, amount: i64) {
        let zones = self.mesh.zones();
        if thing < zones {
            self.own[thing] += amount;
        } else {
            self.flow[thing - zones] += amount;
        }
    }

    /// How far a thing can still move, up (along it) or down.
    fn free(&self, thing: usize, is_up: bool) -> i64 {
        if is_up {
            self.spans.most[thing] - self.value(thing)
        } else {
            self.value(thing) - self.spans.least[thing]
        }
    }

    /// Lessens a thing (or raises it, where less is the other way) by what one ring of free
    /// things takes over; false where there is none.
    fn shift_away(&mut self, thing: usize, is_down: bool) -> bool {
        let mut amount = self.free(thing, !is_down);
        if amount == 0 {
            return false;
        }
        let (tail, head) = self.ends_of(thing);
        let (from, to) = if is_down { (tail, head) } else { (head, tail) };
        if !self.find_ring(thing, from, to) {
            return false;
        }
        let mut node = to;
        while let Some((step, is_along)) = self.spans.came[node].filter(|_| node != from) {
            amount = amount.min(self.free(step, is_along));
            let (tail, head) = self.ends_of(step);
            node = if is_along { tail } else { head };
        }
        self.add(thing, if is_down { -amount } else { amount });
        node = to;
        while let Some((step, is_along)) = self.spans.came[node].filter(|_| node != from) {
            self.add(step, if is_along { amount } else { -amount });
            let (tail, head) = self.ends_of(step);
            node = if is_along { tail } else { head };
        }
        true
    }

    /// Looks for free things that lead from one node to another without one of them.
    fn find_ring(&mut self, without: usize, from: usize, to: usize) -> bool {
        let zones = self.mesh.zones();
        self.spans.seen.fill(false);
        self.spans.seen[from] = true;
        self.spans.queue.clear();
        self.spans.queue.push(from);
        let mut next = 0;
        while let Some(&node) = self.spans.queue.get(next) {
            next += 1;
            if node == zones {
                for zone in 0..zones {
                    self.try_step(without, zone, true, zone);
                }
            } else {
                self.try_step(without, node, false, zones);
                for at in 0..self.mesh.ways[node].len() {
                    let way = self.mesh.ways[node][at];
                    self.try_step(without, zones + way.corridor, way.is_along, way.to);
                }
            }
            if self.spans.seen[to] {
                return true;
            }
        }
        false
    }

    fn try_step(&mut self, without: usize, thing: usize, is_along: bool, to: usize) {
        if thing != without && !self.spans.seen[to] && self.free(thing, is_along) > 0 {
            self.spans.seen[to] = true;
            self.spans.came[to] = Some((thing, is_along));
            self.spans.queue.push(to);
        }
    }
}

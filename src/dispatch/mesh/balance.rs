//! Least cost: what is out of balance is carried along cheapest ways.
//!
//! Successive shortest paths with prices (Ahuja, Magnanti and Orlin, *Network Flows*, 1993,
//! section 9.7), in integers. All offers hang on one more node, the hub, whose price is nothing:
//! a zone's next watt comes from the hub at the price of its level, its last one goes back for
//! the same. With prices kept, no way costs less than nothing, and every step ends an imbalance
//! or fills something.

use super::{Mesh, MeshMarket};

/// What a step came by.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// From the hub into a zone: more of its offers; or back.
    Offer,
    /// By a corridor along its direction, or against it.
    Corridor { corridor: usize, is_along: bool },
}

/// Memory of the search, kept.
#[derive(Debug, Clone)]
pub(super) struct Search {
    /// By node, the hub last: what is too much there.
    excess: Vec<i64>,
    distance: Vec<i64>,
    done: Vec<bool>,
    /// The node before, and the step from it.
    came: Vec<Option<(usize, Step)>>,
}

const FAR: i64 = i64::MAX / 4;

impl Search {
    pub(super) fn new(mesh: &Mesh) -> Self {
        let nodes = mesh.zones() + 1;
        Self {
            excess: vec![0; nodes],
            distance: vec![FAR; nodes],
            done: vec![false; nodes],
            came: vec![None; nodes],
        }
    }
}

impl MeshMarket {
    /// Finds flows of least cost, and prices that prove it.
    pub(super) fn balance(&mut self) {
        let hub = self.mesh.zones();
        self.put_into_spans();
        // Nodes from which nothing can be carried away are left as they are.
        let mut from = 0;
        while from <= hub {
            if self.search.excess[from] <= 0 {
                from += 1;
            } else if let Some(to) = self.find_way(from) {
                self.move_prices(to);
                self.carry(from, to);
            } else {
                from += 1;
            }
        }
    }

    /// Puts the last flows into what the last prices allow, and notes what is out of balance.
    fn put_into_spans(&mut self) {
        let hub = self.mesh.zones();
        let farthest = (hub + 1) as i64;
        let dearest = ((self.levels as i64) << self.shift) + farthest;
        for price in &mut self.price {
            *price = (*price).clamp(-farthest, dearest);
        }
        let mut offered = 0;
        for zone in 0..hub {
            let (least, most) = self.own_span(zone);
            self.own[zone] = self.own[zone].clamp(least, most);
            self.search.excess[zone] = self.own[zone] - self.demand[zone];
            offered += self.search.excess[zone];
        }
        self.search.excess[hub] = -offered;
        for corridor in 0..self.flow.len() {
            let (least, most) = self.flow_span(corridor);
            let flow = self.flow[corridor].clamp(least, most);
            self.flow[corridor] = flow;
            let (first, second) = self.mesh.ends[corridor];
            self.search.excess[first] -= flow;
            self.search.excess[second] += flow;
        }
    }

    /// The nearest node that lacks something, by what ways cost above the difference of prices.
    fn find_way(&mut self, from: usize) -> Option<usize> {
        let hub = self.mesh.zones();
        self.search.distance.fill(FAR);
        self.search.done.fill(false);
        self.search.distance[from] = 0;
        loop {
            let Search { distance, done, .. } = &self.search;
            let near = (0..=hub).filter(|&node| !done[node] && distance[node] < FAR);
            let node = near.min_by_key(|&node| (distance[node], node))?;
            self.search.done[node] = true;
            if self.search.excess[node] < 0 {
                return Some(node);
            }
            if node == hub {
                for zone in 0..hub {
                    if let Some(cost) = self.cost_up(zone) {
                        self.reach(node, zone, Step::Offer, cost - self.price[zone]);
                    }
                }
                continue;
            }
            if let Some(cost) = self.cost_down(node) {
                self.reach(node, hub, Step::Offer, cost + self.price[node]);
            }
            for at in 0..self.mesh.ways[node].len() {
                let way = self.mesh.ways[node][at];
                let (corridor, is_along) = (way.corridor, way.is_along);
                if let Some(cost) = self.cost_along(corridor, is_along) {
                    let length = cost + self.price[node] - self.price[way.to];
                    self.reach(node, way.to, Step::Corridor { corridor, is_along }, length);
                }
            }
        }
    }

    #[inline]
    fn reach(&mut self, from: usize, to: usize, step: Step, length: i64) {
        debug_assert!(length >= 0, "prices prove every flow");
        let distance = self.search.distance[from] + length;
        if !self.search.done[to] && distance < self.search.distance[to] {
            self.search.distance[to] = distance;
            self.search.came[to] = Some((from, step));
        }
    }

    /// Raises prices by the distance, at most that of the node reached, against the hub's.
    fn move_prices(&mut self, to: usize) {
        let distance = &self.search.distance;
        let most = distance[to];
        let of_hub = distance[self.mesh.zones()].min(most);
        for (price, distance) in self.price.iter_mut().zip(distance) {
            *price += (*distance).min(most) - of_hub;
        }
    }

    /// Carries as much as is too much there, lacking here, and free on the way.
    fn carry(&mut self, from: usize, to: usize) {
        let mut amount = self.search.excess[from].min(-self.search.excess[to]);
        let mut node = to;
        while let Some((before, step)) = self.search.came[node].filter(|_| node != from) {
            amount = amount.min(self.room(before, node, step));
            node = before;
        }
        self.search.excess[from] -= amount;
        self.search.excess[to] += amount;
        node = to;
        while let Some((before, step)) = self.search.came[node].filter(|_| node != from) {
            match step {
                Step::Offer if before == self.mesh.zones() => self.own[node] += amount,
                Step::Offer => self.own[before] -= amount,
                Step::Corridor {
                    corridor,
                    is_along: true,
                } => self.flow[corridor] += amount,
                Step::Corridor { corridor, .. } => self.flow[corridor] -= amount,
            }
            node = before;
        }
    }

    /// How much a step can carry at its cost.
    fn room(&self, before: usize, node: usize, step: Step) -> i64 {
        match step {
            Step::Offer if before == self.mesh.zones() => {
                self.below(node)[self.level_up(node) + 1] - self.own[node]
            }
            Step::Offer => self.own[before] - self.below(before)[self.level_down(before)],
            Step::Corridor { corridor, is_along } => {
                let (there, back) = self.limits[corridor];
                let (flow, limit) = if is_along {
                    (self.flow[corridor], there)
                } else {
                    (-self.flow[corridor], back)
                };
                if flow < 0 { -flow } else { limit - flow }
            }
        }
    }

    /// The level of a zone's next watt; all levels, where it has no more.
    #[inline]
    fn level_up(&self, zone: usize) -> usize {
        let own = self.own[zone];
        self.below(zone)[1..].partition_point(|&below| below <= own)
    }

    /// The level of its last watt, where it takes any.
    #[inline]
    fn level_down(&self, zone: usize) -> usize {
        let own = self.own[zone];
        self.below(zone)[1..].partition_point(|&below| below < own)
    }

    #[inline]
    fn cost_up(&self, zone: usize) -> Option<i64> {
        let level = self.level_up(zone);
        (level < self.levels).then_some((level as i64) << self.shift)
    }

    #[inline]
    fn cost_down(&self, zone: usize) -> Option<i64> {
        (self.own[zone] > 0).then(|| -((self.level_down(zone) as i64) << self.shift))
    }

    /// A tick more, or one less where it takes from what flows the other way.
    #[inline]
    fn cost_along(&self, corridor: usize, is_along: bool) -> Option<i64> {
        let (there, back) = self.limits[corridor];
        let (flow, limit) = if is_along {
            (self.flow[corridor], there)
        } else {
            (-self.flow[corridor], back)
        };
        (flow < limit).then_some(if flow < 0 { -1 } else { 1 })
    }
}

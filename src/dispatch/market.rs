//! Least-cost transport on a forest by staircases and clamps, in whole watts.
//!
//! Every zone offers steps: at level l, an amount. Supply comes first, in merit order; then
//! the demand that may go unserved, dearest last. The market clears where the offers taken,
//! minus demand, minus what the lines carry away, come to nothing in every zone.
//!
//! Prices are whole numbers: a level is [`Market::spacing`] ticks wide, and carrying power over
//! a line costs one tick. Since a level outweighs every path of lines, this is the lexicographic
//! order of MODEL section 2: first unserved energy, then cost, then the sum of flows. What is
//! still equal is decided in a written order: a zone backs off its own marginal offer before it
//! takes less from its children, and children back off in the order of their names. So flows
//! are unique, and a zone that sheds sends nothing to a zone of equal priority.

use super::Forest;

/// A market over the zones of a forest, kept between clearings to start from the last prices.
#[derive(Debug, Clone)]
pub struct Market {
    forest: Forest,
    levels: usize,
    /// Cumulative offers, `[zone][0..=levels]`, the first always nothing.
    cumulative: Vec<i64>,
    demand: Vec<i64>,
    /// Most that a zone may send to its parent, and take from it.
    export_limit: Vec<i64>,
    import_limit: Vec<i64>,
    outcome: Outcome,
}

/// What cleared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Local price of each zone, ticks.
    pub price: Vec<i64>,
    /// The level that is partly taken in each zone, and how much of it; lower levels are taken
    /// whole, higher ones not at all.
    pub marginal: Vec<(usize, i64)>,
    /// What each zone sends to its parent (negative: takes).
    pub export: Vec<i64>,
}

impl Market {
    /// A market with no offers and no demand.
    pub fn new(forest: Forest, levels: usize) -> Self {
        let zones = forest.parent.len();
        Self {
            levels,
            cumulative: vec![0; zones * (levels + 1)],
            demand: vec![0; zones],
            export_limit: vec![0; zones],
            import_limit: vec![0; zones],
            outcome: Outcome {
                price: vec![0; zones],
                marginal: vec![(0, 0); zones],
                export: vec![0; zones],
            },
            forest,
        }
    }

    /// The trees the zones form.
    pub fn forest(&self) -> &Forest {
        &self.forest
    }

    /// Ticks in a level: wider than any path of lines, there and back.
    pub fn spacing(&self) -> i64 {
        2 * self.forest.depth as i64 + 4
    }

    /// Sets what a zone offers at one level.
    pub fn offer(&mut self, zone: usize, level: usize, amount: i64) {
        let row = self.row(zone);
        let change = amount - (row[level + 1] - row[level]);
        if change != 0 {
            for cumulative in &mut row[level + 1..] {
                *cumulative += change;
            }
        }
    }

    /// What a zone offers at one level.
    pub fn offered(&self, zone: usize, level: usize) -> i64 {
        let at = zone * (self.levels + 1) + level;
        self.cumulative[at + 1] - self.cumulative[at]
    }

    /// What a zone offers at all levels below one.
    pub fn offered_below(&self, zone: usize, level: usize) -> i64 {
        self.cumulative[zone * (self.levels + 1) + level]
    }

    /// Sets a zone's demand.
    #[inline]
    pub fn demand(&mut self, zone: usize, demand: i64) {
        self.demand[zone] = demand;
    }

    /// Sets the limits between a zone and its parent.
    pub fn limits(&mut self, zone: usize, export: i64, import: i64) {
        self.export_limit[zone] = export;
        self.import_limit[zone] = import;
    }

    /// True where demand cannot be met everywhere from the offers below `level`: one pass from
    /// the leaves to the roots, no prices.
    pub fn is_short(&self, level: usize, scratch: &mut Vec<i64>) -> bool {
        scratch.clear();
        scratch.resize(self.demand.len(), 0);
        for &zone in self.forest.order.iter().rev() {
            let surplus = scratch[zone] + self.offered_below(zone, level) - self.demand[zone];
            match self.forest.parent[zone] {
                None if surplus < 0 => return true,
                None => {}
                Some(_) if surplus < -self.import_limit[zone] => return true,
                Some(parent) => scratch[parent] += surplus.min(self.export_limit[zone]),
            }
        }
        false
    }

    /// Clears every tree. The offers above supply must together be able to cover demand.
    pub fn clear(&mut self) -> &Outcome {
        for index in 0..self.forest.roots.len() {
            self.settle(self.forest.roots[index], 0);
        }
        &self.outcome
    }

    /// The last clearing.
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// What was taken of a zone's offer at a level in the last clearing.
    #[inline]
    pub fn taken(&self, zone: usize, level: usize) -> i64 {
        let (marginal, amount) = self.outcome.marginal[zone];
        match level.cmp(&marginal) {
            std::cmp::Ordering::Less => self.offered(zone, level),
            std::cmp::Ordering::Equal => amount,
            std::cmp::Ordering::Greater => 0,
        }
    }

    /// Flow of a line in the last clearing, positive from its `from` end, for the zone whose
    /// line to its parent it is.
    pub fn flow(&self, zone: usize) -> i64 {
        let export = self.outcome.export[zone];
        if self.forest.outward[zone] {
            export
        } else {
            -export
        }
    }

    /// Finds the local price at which a subtree sends exactly `export` upward, and fixes what
    /// every zone of it takes.
    fn settle(&mut self, zone: usize, export: i64) {
        let price = self.clearing_price(zone, export);
        let mut excess = self.net(zone, price) - export;
        let spacing = self.spacing();
        let level = price.div_euclid(spacing);
        self.outcome.price[zone] = price;
        self.outcome.export[zone] = export;
        self.outcome.marginal[zone] = if level < 0 {
            (0, 0)
        } else {
            let level = (level as usize).min(self.levels - 1);
            let step = self.offered(zone, level);
            let back = if price.rem_euclid(spacing) == 0 {
                excess.min(step)
            } else {
                0
            };
            excess -= back;
            (level, step - back)
        };
        for position in 0..self.forest.children[zone].len() {
            let child = self.forest.children[zone][position];
            let sent = self.sent(child, price);
            let back = excess.min(sent - self.sent(child, price - 1));
            excess -= back;
            self.settle(child, sent - back);
        }
    }

    /// The lowest price at which a subtree's surplus reaches `export`. Starts from the last one.
    fn clearing_price(&self, zone: usize, export: i64) -> i64 {
        let lowest = -(self.forest.depth as i64) - 2;
        let highest = self.levels as i64 * self.spacing();
        let reaches = |price: i64| self.net(zone, price) >= export;
        let start = self.outcome.price[zone].clamp(lowest + 1, highest);
        // Invariant of the search: `below` does not reach, `above` does.
        let (mut below, mut above) = if reaches(start) {
            let mut above = start;
            let mut stride = 1;
            loop {
                let probe = above - stride;
                if probe <= lowest {
                    break (lowest, above);
                }
                if !reaches(probe) {
                    break (probe, above);
                }
                above = probe;
                stride *= 2;
            }
        } else {
            let mut below = start;
            let mut stride = 1;
            loop {
                let probe = below + stride;
                if probe >= highest {
                    break (below, highest);
                }
                if reaches(probe) {
                    break (below, probe);
                }
                below = probe;
                stride *= 2;
            }
        };
        while above - below > 1 {
            let middle = below + (above - below) / 2;
            if reaches(middle) {
                above = middle;
            } else {
                below = middle;
            }
        }
        above
    }

    /// Surplus of a subtree at a local price: offers up to it, less demand, plus what the
    /// children send.
    fn net(&self, zone: usize, price: i64) -> i64 {
        let taken = (price.div_euclid(self.spacing()) + 1).clamp(0, self.levels as i64) as usize;
        let mut net = self.offered_below(zone, taken) - self.demand[zone];
        for &child in &self.forest.children[zone] {
            net += self.sent(child, price);
        }
        net
    }

    /// What a child sends to its parent where the parent's price is `price`: it must earn a tick
    /// to send, and saves a tick by not taking.
    fn sent(&self, child: usize, price: i64) -> i64 {
        let selling = self.net(child, price - 1);
        if selling > 0 {
            return selling.min(self.export_limit[child]);
        }
        let buying = self.net(child, price + 1);
        if buying < 0 {
            return buying.max(-self.import_limit[child]);
        }
        0
    }

    fn row(&mut self, zone: usize) -> &mut [i64] {
        let width = self.levels + 1;
        &mut self.cumulative[zone * width..(zone + 1) * width]
    }
}

#[cfg(test)]
mod tests;

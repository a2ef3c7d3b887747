//! Zones joined in any way: what a market over them needs to know of their corridors.

mod balance;
mod market;
mod screen;
mod ties;

#[cfg(test)]
mod tests;

pub use market::MeshMarket;

use super::forest::middle;

/// A way from a zone to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Way {
    corridor: usize,
    to: usize,
    /// Along the corridor's positive direction.
    is_along: bool,
}

/// One step of the written order in which equals are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    /// A zone takes as little of its own offers as it may.
    Own(usize),
    /// It receives as little as it may by a corridor, here from its first end or from its second.
    Inflow { corridor: usize, is_along: bool },
}

/// Zones and corridors that may form rings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mesh {
    /// Ends of each corridor.
    ends: Vec<(usize, usize)>,
    /// For each zone its ways, in order of the names they lead to.
    ways: Vec<Vec<Way>>,
    /// Zones that hang together.
    parts: Vec<Vec<usize>>,
    /// The written order.
    turns: Vec<Turn>,
}

impl Mesh {
    /// A mesh of zones and corridors, each given by its ends; no two have the same ends.
    pub fn new(zones: usize, ends: &[(usize, usize)]) -> Self {
        let mut ways = vec![Vec::new(); zones];
        for (corridor, &(first, second)) in ends.iter().enumerate() {
            for (from, to, is_along) in [(first, second, true), (second, first, false)] {
                ways[from].push(Way {
                    corridor,
                    to,
                    is_along,
                });
            }
        }
        for ways in &mut ways {
            ways.sort_unstable_by_key(|way| way.to);
        }
        let mut mesh = Self {
            ends: ends.to_vec(),
            ways,
            parts: Vec::new(),
            turns: Vec::new(),
        };
        mesh.write_order();
        mesh
    }

    /// Zones in it.
    pub fn zones(&self) -> usize {
        self.ways.len()
    }

    /// Each part is walked from its middle zone outward, neighbours by name: every zone takes its
    /// turn, then the corridors to zones that come after it. On a tree this is the order of the
    /// market for trees.
    fn write_order(&mut self) {
        let mut seen = vec![false; self.zones()];
        for first in 0..self.zones() {
            if seen[first] {
                continue;
            }
            let root = middle(first, self.zones(), &self.ends);
            seen[root] = true;
            let mut part = vec![root];
            let mut next = 0;
            while let Some(&zone) = part.get(next) {
                next += 1;
                for way in &self.ways[zone] {
                    if !std::mem::replace(&mut seen[way.to], true) {
                        part.push(way.to);
                    }
                }
            }
            let mut turned = vec![false; self.zones()];
            for &zone in &part {
                turned[zone] = true;
                self.turns.push(Turn::Own(zone));
                let ahead = self.ways[zone].iter().filter(|way| !turned[way.to]);
                self.turns.extend(ahead.map(|way| Turn::Inflow {
                    corridor: way.corridor,
                    is_along: !way.is_along,
                }));
            }
            part.sort_unstable();
            self.parts.push(part);
        }
    }
}

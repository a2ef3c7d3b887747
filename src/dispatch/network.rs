//! Zones and what joins them: parallel lines as one corridor, corridors as trees or as a mesh.

use super::circuits::in_proportion;
use super::{Forest, Mesh};
use crate::system::System;

/// All lines between the same two zones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corridor {
    /// The zones it joins, the first by name first; flow from it is positive.
    pub ends: (usize, usize),
    /// Its lines in order of their names, and whether each runs from the first zone to the
    /// second.
    pub lines: Vec<(usize, bool)>,
}

/// What the corridors form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// Trees.
    Forest(Forest),
    /// Rings somewhere.
    Mesh(Mesh),
}

/// Zones, lines and corridors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    corridors: Vec<Corridor>,
    shape: Shape,
}

impl Network {
    /// The network of a system.
    pub fn new(system: &System) -> Self {
        let ends = system.lines.iter();
        let ends: Vec<_> = ends.map(|line| (line.from.at(), line.to.at())).collect();
        Self::of_lines(system.zones.len(), &ends)
    }

    /// The same from bare ends (from, to) of each line; numbers follow names, of zones and of
    /// lines. A line that ends where it begins joins nothing.
    pub fn of_lines(zones: usize, lines: &[(usize, usize)]) -> Self {
        let mut corridors: Vec<Corridor> = Vec::new();
        for (line, &(from, to)) in lines.iter().enumerate() {
            let ends = (from.min(to), from.max(to));
            if from == to {
                continue;
            }
            match corridors.iter_mut().find(|known| known.ends == ends) {
                Some(known) => known.lines.push((line, from < to)),
                None => corridors.push(Corridor {
                    ends,
                    lines: vec![(line, from < to)],
                }),
            }
        }
        corridors.sort_unstable_by_key(|corridor| corridor.ends);
        let ends: Vec<_> = corridors.iter().map(|corridor| corridor.ends).collect();
        let shape = match Forest::of_lines(zones, &ends) {
            Ok(forest) => Shape::Forest(forest),
            Err(_) => Shape::Mesh(Mesh::new(zones, &ends)),
        };
        Self { corridors, shape }
    }

    /// The corridors, in order of the names of their ends.
    pub fn corridors(&self) -> &[Corridor] {
        &self.corridors
    }

    /// For each line under the N-1 rule all such lines of its corridor, itself among them, and
    /// whether each runs along the corridor; for others none.
    pub fn secured_with(&self, system: &System) -> Vec<Vec<(usize, bool)>> {
        let mut secured_with = vec![Vec::new(); system.lines.len()];
        for corridor in &self.corridors {
            let lines = corridor.lines.iter().copied();
            let secured: Vec<_> = lines
                .filter(|&(line, _)| system.lines[line].n_minus_1)
                .collect();
            for &(line, _) in &secured {
                secured_with[line].clone_from(&secured);
            }
        }
        secured_with
    }

    /// Trees, or a mesh.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }
}

impl Corridor {
    /// Limits there and back, from those of all lines (forward, backward).
    pub fn limits(&self, lines: &[(i64, i64)]) -> (i64, i64) {
        let limits = self
            .lines
            .iter()
            .map(|&(line, is_along)| match lines[line] {
                (forward, backward) if is_along => (forward, backward),
                (forward, backward) => (backward, forward),
            });
        limits.fold((0, 0), |sum, limit| (sum.0 + limit.0, sum.1 + limit.1))
    }

    /// What each line carries, (line, flow from its `from` end): in proportion to their limits,
    /// so that parallel lines reach them together. Rounded in order of name.
    pub fn share(&self, flow: i64, lines: &[(i64, i64)]) -> impl Iterator<Item = (usize, i64)> {
        let (there, back) = self.limits(lines);
        let is_there = flow >= 0;
        let limits = self.lines.iter().map(move |&(line, is_along)| {
            let (forward, backward) = lines[line];
            if is_along == is_there {
                forward
            } else {
                backward
            }
        });
        let whole = if is_there { there } else { back };
        let shares = in_proportion(flow.abs(), whole, limits);
        self.lines
            .iter()
            .zip(shares)
            .map(move |(&(line, is_along), share)| {
                (line, if is_along == is_there { share } else { -share })
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn parallel_lines_are_one_corridor_and_no_ring() {
        let network = Network::of_lines(3, &[(0, 1), (2, 1), (1, 0)]);
        let expected = [
            Corridor {
                ends: (0, 1),
                lines: vec![(0, true), (2, false)],
            },
            Corridor {
                ends: (1, 2),
                lines: vec![(1, false)],
            },
        ];
        assert_eq!(network.corridors(), expected);
        assert!(matches!(network.shape(), Shape::Forest(_)));
        let ring = Network::of_lines(3, &[(0, 1), (2, 1), (0, 2)]);
        assert!(matches!(ring.shape(), Shape::Mesh(_)));
    }

    #[test]
    fn parallel_lines_share_by_their_limits() {
        let network = Network::of_lines(2, &[(0, 1), (1, 0), (0, 1)]);
        let corridor = &network.corridors()[0];
        let limits = [(100, 40), (0, 50), (100, 60)];
        assert_eq!(corridor.limits(&limits), (250, 100));
        let shares = |flow| corridor.share(flow, &limits).collect::<Vec<_>>();
        assert_eq!(shares(125), [(0, 50), (1, -25), (2, 50)]);
        assert_eq!(shares(-100), [(0, -40), (1, 0), (2, -60)]);
        // 3 x 100 / 250 is 1, 3 x 150 / 250 is 1, and 3 are all.
        assert_eq!(shares(3), [(0, 1), (1, 0), (2, 2)]);
    }

    proptest! {
        #[test]
        fn shares_add_up_and_keep_their_limits(
            limits in proptest::collection::vec((0i64..50, 0i64..50), 1..5),
            part in 0.0..=1.0_f64,
            is_there in any::<bool>(),
        ) {
            let ends: Vec<_> = (0..limits.len()).map(|k| (k % 2, 1 - k % 2)).collect();
            let network = Network::of_lines(2, &ends);
            let corridor = &network.corridors()[0];
            let (there, back) = corridor.limits(&limits);
            let flow = if is_there { (there as f64 * part) as i64 } else { -(back as f64 * part) as i64 };
            let mut sum = 0;
            for (line, share) in corridor.share(flow, &limits) {
                prop_assert!(-limits[line].1 <= share && share <= limits[line].0);
                let along = if line % 2 == 0 { share } else { -share };
                prop_assert!(along * flow >= 0);
                sum += along;
            }
            prop_assert_eq!(sum, flow);
        }
    }
}

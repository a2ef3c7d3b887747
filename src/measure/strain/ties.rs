//! What lines can carry: who is near a limit, and what a neighbour can give.

use crate::engine::State;
use crate::system::System;

/// Follows the limits of all lines, so that a look at a flow is one comparison.
#[derive(Debug, Clone)]
pub(super) struct Ties {
    lines: Vec<Line>,
    neighbours: Vec<Neighbour>,
    /// As last seen, W: forward, backward.
    limits: Vec<(i64, i64)>,
}

#[derive(Debug, Clone)]
struct Line {
    /// Share of the limit from which a line counts as near it.
    report_above: f64,
    /// Least flow that is near, W: forward, backward.
    near_from: (i64, i64),
    near: bool,
}

/// A zone outside of the country.
#[derive(Debug, Clone)]
struct Neighbour {
    zone: usize,
    /// Its lines into the country: (line, forward counts).
    lines: Vec<(usize, bool)>,
    /// What they can carry inward together, W.
    carried: i64,
}

impl Ties {
    pub fn new(system: &System) -> Self {
        let external = |zone: usize| system.zones[zone].external;
        let lines_of = |neighbour: usize| {
            let lines = system.lines.iter().enumerate().filter_map(|(index, line)| {
                match (line.from.at(), line.to.at()) {
                    (from, to) if from == neighbour && !external(to) => Some((index, true)),
                    (from, to) if to == neighbour && !external(from) => Some((index, false)),
                    _ => None,
                }
            });
            Neighbour {
                zone: neighbour,
                lines: lines.collect(),
                carried: 0,
            }
        };
        let line = |line: &crate::system::Line| Line {
            report_above: line.report_above,
            near_from: (i64::MAX, i64::MAX),
            near: false,
        };
        Self {
            lines: system.lines.iter().map(line).collect(),
            neighbours: (0..system.zones.len())
                .filter(|&zone| external(zone))
                .map(lines_of)
                .collect(),
            limits: Vec::new(),
        }
    }

    /// A replication begins: nothing is near, nothing is known.
    pub fn reset(&mut self) {
        self.limits.clear();
        self.lines.iter_mut().for_each(|line| line.near = false);
    }

    /// Takes note of the present limits; true where they have changed.
    #[inline]
    pub fn follow(&mut self, limits: &[(i64, i64)]) -> bool {
        let moved = self.limits != limits;
        if moved {
            self.take_note(limits);
        }
        moved
    }

    #[cold]
    fn take_note(&mut self, limits: &[(i64, i64)]) {
        self.limits.clear();
        self.limits.extend_from_slice(limits);
        for (line, &(forward, backward)) in self.lines.iter_mut().zip(limits) {
            let near_from = |limit: i64| match limit {
                ..=0 => i64::MAX,
                _ => libm::ceil(limit as f64 * line.report_above) as i64,
            };
            line.near_from = (near_from(forward), near_from(backward));
        }
        for neighbour in &mut self.neighbours {
            let carried = neighbour.lines.iter().map(|&(line, forward)| {
                let (outward, inward) = limits[line];
                if forward { outward } else { inward }
            });
            neighbour.carried = carried.sum();
        }
    }

    /// Firm imports, W: a neighbour gives what its lines carry, and no more than it has to spare.
    #[inline]
    pub fn imports(&self, state: &State) -> i64 {
        let given = self.neighbours.iter().map(|neighbour| {
            let zone = &state.zones[neighbour.zone];
            let spare = zone.capacity - zone.firm_now();
            neighbour.carried.min(spare.max(0))
        });
        given.sum()
    }

    /// Looks at the flow of a line, W, positive from its `from` end; whether it is near its limit,
    /// where that is news.
    #[inline]
    pub fn news(&mut self, line: usize, flow: i64) -> Option<bool> {
        let line = &mut self.lines[line];
        let near = if flow >= 0 {
            flow >= line.near_from.0
        } else {
            -flow >= line.near_from.1
        };
        let news = near != line.near;
        line.near = near;
        news.then_some(near)
    }
}

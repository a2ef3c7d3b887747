//! What lines can carry: who is near a limit, and what a neighbour can give.

use crate::dispatch::Corridor;
use crate::engine::{Plan, State, View};
use crate::system::System;

/// Follows the limits of all lines, so that a look at a flow is a comparison or two.
#[derive(Debug, Clone)]
pub(super) struct Ties {
    lines: Vec<Line>,
    /// Corridors of a single line, and which way it runs.
    single: Vec<(usize, usize, bool)>,
    /// Corridors of several.
    shared: Vec<usize>,
    /// What lines can carry into the country from each zone outside of it, W; none of its own.
    carried: Vec<Option<i64>>,
    power: Power,
    /// As last seen, W: forward, backward.
    limits: Vec<(i64, i64)>,
}

#[derive(Debug, Clone)]
struct Line {
    /// Share of the limit from which a line counts as near it.
    report_above: f64,
    /// Flows that are near, W: from this one up, and from this one down.
    near_from: (i64, i64),
    near: bool,
    /// The zone outside of the country from which it leads there, and whether it begins in it.
    neighbour: Option<(usize, bool)>,
}

impl Line {
    fn new(system: &System, line: &crate::system::Line) -> Self {
        let external = |zone: usize| system.zones[zone].external;
        let neighbour = match (line.from.at(), line.to.at()) {
            (from, to) if external(from) && !external(to) => Some((from, true)),
            (from, to) if external(to) && !external(from) => Some((to, false)),
            _ => None,
        };
        Self {
            report_above: line.report_above,
            near_from: (i64::MAX, i64::MIN),
            near: false,
            neighbour,
        }
    }

    /// Looks at its flow, W, positive from its `from` end; whether it is near its limit, where
    /// that is news.
    #[inline]
    fn news(&mut self, flow: i64) -> Option<bool> {
        let near = flow >= self.near_from.0 || flow <= self.near_from.1;
        let is_news = near != self.near;
        self.near = near;
        is_news.then_some(near)
    }
}

/// What the country has and needs, all its zones together, W.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Power {
    /// Capacity and firm imports, less firm load.
    spare: i64,
    /// Firm load.
    firm: i64,
    /// Mining that wants to run.
    wanted: i64,
    unserved: i64,
    mining_unserved: i64,
}

impl Power {
    /// Capacity and firm imports, less load with mining.
    pub fn margin(&self) -> i64 {
        self.spare - self.wanted
    }
    /// Firm load and mining served.
    pub fn served(&self) -> i64 {
        self.firm + self.wanted - self.mining_unserved - self.unserved
    }
    /// Firm load not served.
    pub fn unserved(&self) -> i64 {
        self.unserved
    }
    /// Mining not served.
    pub fn mining_unserved(&self) -> i64 {
        self.mining_unserved
    }
}

impl Ties {
    pub fn new(plan: &Plan<'_>) -> Self {
        let system = plan.system;
        let corridors = || plan.network().corridors().iter().enumerate();
        let line_of = |(index, corridor): (usize, &Corridor)| match corridor.lines[..] {
            [(line, is_along)] => Some((index, line, is_along)),
            _ => None,
        };
        let is_shared = |&(_, corridor): &(usize, &Corridor)| corridor.lines.len() > 1;
        let lines = system.lines.iter().map(|line| Line::new(system, line));
        let zones = system.zones.iter();
        Self {
            lines: lines.collect(),
            single: corridors().filter_map(line_of).collect(),
            shared: corridors()
                .filter(is_shared)
                .map(|(index, _)| index)
                .collect(),
            carried: zones.map(|zone| zone.external.then_some(0)).collect(),
            power: Power::default(),
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
        self.carried.iter_mut().flatten().for_each(|sum| *sum = 0);
        for (line, &(forward, backward)) in self.lines.iter_mut().zip(limits) {
            let near_from = |limit: i64| match limit {
                ..=0 => i64::MAX,
                _ => libm::ceil(limit as f64 * line.report_above) as i64,
            };
            // No flow is one forward.
            line.near_from = (near_from(forward), -near_from(backward).max(1));
            if let Some((zone, is_out)) = line.neighbour {
                let inward = if is_out { forward } else { backward };
                self.carried[zone] = self.carried[zone].map(|sum| sum + inward);
            }
        }
    }

    /// Capacity, firm load or limits have changed, and firm imports with them: a neighbour gives
    /// what its lines carry, and no more than it has to spare.
    pub fn look_at_grid(&mut self, state: &State) {
        let (mut spare, mut firm) = (0, 0);
        for (zone, &carried) in state.zones.iter().zip(&self.carried) {
            let (load, left) = (zone.firm_now(), zone.capacity - zone.firm_now());
            if let Some(carried) = carried {
                spare += carried.min(left.max(0));
            } else {
                spare += left;
                firm += load;
            }
        }
        (self.power.spare, self.power.firm) = (spare, firm);
    }

    /// What the country has and needs, as last looked at.
    #[inline]
    pub fn power(&self) -> Power {
        self.power
    }

    /// What mining wants, and who is not served.
    #[inline]
    pub fn look_at_farms(&mut self, state: &State) {
        let (mut wanted, mut unserved, mut mining_unserved) = (0, 0, 0);
        let zones = state.zones.iter().zip(&state.unserved).zip(&self.carried);
        for ((zone, &lacking), carried) in zones {
            if carried.is_none() {
                wanted += zone.wanted;
                unserved += lacking;
                mining_unserved += zone.mining_unserved;
            }
        }
        self.power = Power {
            wanted,
            unserved,
            mining_unserved,
            ..self.power
        };
    }

    /// Looks at all flows of the last clearing: calls `news(line, near)` for each line that comes
    /// near its limit or leaves it.
    #[inline]
    pub fn look(&mut self, view: View<'_>, mut news: impl FnMut(usize, bool)) {
        let (corridors, limits) = (view.plan.network().corridors(), &view.state.line_limit);
        let market = view.state.energy();
        for &(corridor, line, is_along) in &self.single {
            let flow = market.flow(corridor);
            let flow = if is_along { flow } else { -flow };
            if let Some(near) = self.lines[line].news(flow) {
                news(line, near);
            }
        }
        for &index in &self.shared {
            for (line, flow) in corridors[index].share(market.flow(index), limits) {
                if let Some(near) = self.lines[line].news(flow) {
                    news(line, near);
                }
            }
        }
    }
}

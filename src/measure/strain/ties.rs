//! What lines can carry: who is near a limit, and what a neighbour can give.

use crate::engine::{Plan, State, View};
use crate::system::System;

/// Follows the limits of all lines, so that a look at a flow is a comparison or two.
#[derive(Debug, Clone)]
pub(super) struct Ties {
    lines: Vec<Line>,
    /// For each corridor the line that has it for itself, and whether it runs along it; none where
    /// several share it.
    alone: Vec<Option<(usize, bool)>>,
    /// Zones of the country; and those outside of it, with what lines can carry from each into
    /// the country, W.
    own: Vec<usize>,
    outside: Vec<(usize, i64)>,
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
        let corridors = plan.network().corridors().iter();
        let alone = corridors.map(|corridor| match corridor.lines[..] {
            [alone] => Some(alone),
            _ => None,
        });
        let lines = system.lines.iter();
        let is_external = |&zone: &usize| system.zones[zone].external;
        let (outside, own): (Vec<_>, _) = (0..system.zones.len()).partition(is_external);
        // Who has no plants has nothing to give.
        let has_plants = |&zone: &usize| system.units.iter().any(|unit| unit.zone.at() == zone);
        Self {
            lines: lines.map(|line| Line::new(system, line)).collect(),
            alone: alone.collect(),
            own,
            outside: outside
                .into_iter()
                .filter(has_plants)
                .map(|zone| (zone, 0))
                .collect(),
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
        self.outside
            .iter_mut()
            .for_each(|(_, carried)| *carried = 0);
        for (line, &(forward, backward)) in self.lines.iter_mut().zip(limits) {
            let near_from = |limit: i64| match limit {
                ..=0 => i64::MAX,
                _ => libm::ceil(limit as f64 * line.report_above) as i64,
            };
            // No flow is one forward.
            line.near_from = (near_from(forward), -near_from(backward).max(1));
            if let Some((zone, is_out)) = line.neighbour {
                let inward = if is_out { forward } else { backward };
                let outside = self.outside.iter_mut();
                let there = outside.filter(|(outside, _)| *outside == zone);
                there.for_each(|(_, carried)| *carried += inward);
            }
        }
    }

    /// Capacity, firm load or limits have changed, and firm imports with them: a neighbour gives
    /// what its lines carry, and no more than it has to spare.
    pub fn look_at_grid(&mut self, state: &State) {
        let (mut spare, mut firm) = (0, 0);
        for &zone in &self.own {
            let zone = &state.zones[zone];
            let load = zone.firm_now();
            spare += zone.capacity - load;
            firm += load;
        }
        for &(zone, carried) in &self.outside {
            let zone = &state.zones[zone];
            spare += carried.min((zone.capacity - zone.firm_now()).max(0));
        }
        (self.power.spare, self.power.firm) = (spare, firm);
    }

    /// What the country has and needs, as last looked at.
    #[inline]
    pub fn power(&self) -> Power {
        self.power
    }

    /// What mining wants.
    #[inline]
    pub fn look_at_farms(&mut self, state: &State) {
        let wanted = self.own.iter().map(|&zone| state.zones[zone].wanted);
        self.power.wanted = wanted.sum();
    }

    /// Who is not served.
    pub fn look_at_the_unserved(&mut self, state: &State) {
        let unserved = self.own.iter().map(|&zone| state.unserved[zone]);
        self.power.unserved = unserved.sum();
        let mining = self
            .own
            .iter()
            .map(|&zone| state.zones[zone].mining_unserved);
        self.power.mining_unserved = mining.sum();
    }

    /// Looks at flows of the last clearing, all of them or those that moved: calls
    /// `news(line, near)` for each line that comes near its limit or leaves it.
    #[inline]
    pub fn look(&mut self, view: View<'_>, all: bool, mut news: impl FnMut(usize, bool)) {
        let (corridors, limits) = (view.plan.network().corridors(), &view.state.line_limit);
        let market = view.state.energy();
        let Self { lines, alone, .. } = self;
        let mut look_at = |line: usize, flow: i64| {
            if let Some(near) = lines[line].news(flow) {
                news(line, near);
            }
        };
        let mut see = |corridor: usize, flow: i64| match alone[corridor] {
            Some((line, is_along)) => look_at(line, if is_along { flow } else { -flow }),
            None => corridors[corridor]
                .share(flow, limits)
                .for_each(|(line, flow)| look_at(line, flow)),
        };
        if all {
            (0..alone.len()).for_each(|corridor| see(corridor, market.flow(corridor)));
        } else {
            market.moved_flows(see);
        }
    }
}

//! Dispatch as a linear programme, for a solver that knows nothing of ours.

use microlp::{ComparisonOp, LinearExpr, OptimizationDirection, Problem, SolveOutcome, Variable};
use std::collections::{BTreeMap, BTreeSet};

/// What a market is asked, in any unit of power; lines one by one, parallel ones too.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// Offers of each zone, by level of supply, cheapest first.
    pub offers: Vec<Vec<i64>>,
    /// Demand and priority of each zone.
    pub demand: Vec<(i64, usize)>,
    /// (from, to, limit forward, limit backward)
    pub lines: Vec<(usize, usize, i64, i64)>,
}

/// The programme's answer.
#[derive(Debug, Clone)]
pub struct Optimum<'a> {
    question: &'a Question,
    /// Least cost in ticks: a level costs as many as its number times [`LEVEL`], a line one.
    pub ticks: f64,
    /// What is taken at each level, all zones together: supply, then unserved by priority.
    pub by_level: Vec<f64>,
}

/// The best answer that the written order picks, found by the programme alone.
#[derive(Debug, PartialEq, Eq)]
pub struct Picked {
    /// Unserved demand of each zone.
    pub shed: Vec<i64>,
    /// What lines carry together, by their ends, from the first to the second.
    pub flows: BTreeMap<(usize, usize), i64>,
}

/// Ticks in a level, wider than any ring.
pub const LEVEL: f64 = 64.0;
/// Priorities that are told apart.
pub const PRIORITIES: usize = 3;

/// Columns with a factor each. Columns are each zone's levels of supply and its unserved demand,
/// zone by zone, then each line's two directions.
type Sum = Vec<(usize, f64)>;

impl Question {
    /// Levels of supply.
    pub fn levels(&self) -> usize {
        self.offers.first().map_or(0, Vec::len)
    }

    /// Solves the programme.
    pub fn optimum(&self) -> Optimum<'_> {
        let (ticks, values) = self.least(&self.ticks(), &[]);
        let levels = self.levels();
        let mut by_level = vec![0.0; levels + PRIORITIES];
        for (zone, &(_, priority)) in self.demand.iter().enumerate() {
            for (level, by_level) in by_level[..levels].iter_mut().enumerate() {
                *by_level += values[self.supply(zone, level)];
            }
            by_level[levels + priority] += values[self.shed(zone)];
        }
        Optimum {
            question: self,
            ticks,
            by_level,
        }
    }

    fn supply(&self, zone: usize, level: usize) -> usize {
        zone * (self.levels() + 1) + level
    }

    fn shed(&self, zone: usize) -> usize {
        self.supply(zone, self.levels())
    }

    /// The columns of a line, forward and backward.
    fn ways(&self, line: usize) -> [usize; 2] {
        let first = self.supply(self.offers.len(), 0) + 2 * line;
        [first, first + 1]
    }

    /// All that a zone takes of its own offers, unserved demand among them.
    fn own(&self, zone: usize) -> Sum {
        let columns = self.supply(zone, 0)..=self.shed(zone);
        columns.map(|column| (column, 1.0)).collect()
    }

    /// What a zone receives by all lines from another; from any, where none is named.
    fn inflow(&self, zone: usize, other: Option<usize>) -> Sum {
        let mut sum = Sum::new();
        for (line, &(from, to, ..)) in self.lines.iter().enumerate() {
            let is_other = |end: usize| other.is_none_or(|other| other == end);
            let sign = match (from, to) {
                (from, to) if to == zone && is_other(from) => 1.0,
                (from, to) if from == zone && is_other(to) => -1.0,
                _ => continue,
            };
            let [forward, backward] = self.ways(line);
            sum.extend([(forward, sign), (backward, -sign)]);
        }
        sum
    }

    /// What a market makes least.
    fn ticks(&self) -> Sum {
        let mut sum = Sum::new();
        for (zone, &(_, priority)) in self.demand.iter().enumerate() {
            let levels = 0..self.levels();
            sum.extend(levels.map(|level| (self.supply(zone, level), level as f64 * LEVEL)));
            let level = self.levels() + priority;
            sum.push((self.shed(zone), level as f64 * LEVEL));
        }
        let lines = 0..self.lines.len();
        sum.extend(lines.flat_map(|line| self.ways(line)).map(|way| (way, 1.0)));
        sum
    }

    /// The least value of a sum under further rows, and all columns there.
    fn least(&self, sum: &Sum, rows: &[(Sum, ComparisonOp, f64)]) -> (f64, Vec<f64>) {
        let mut limits = Vec::new();
        for (offers, &(demand, _)) in self.offers.iter().zip(&self.demand) {
            limits.extend(offers);
            limits.push(demand);
        }
        let lines = self.lines.iter();
        limits.extend(lines.flat_map(|&(_, _, forward, backward)| [forward, backward]));
        let mut costs = vec![0.0; limits.len()];
        for &(column, cost) in sum {
            costs[column] += cost;
        }
        let mut programme = Problem::new(OptimizationDirection::Minimize);
        let columns: Vec<Variable> = costs
            .iter()
            .zip(&limits)
            .map(|(&cost, &limit)| programme.add_var(cost, (0.0, limit as f64)))
            .collect();
        let mut row = |sum: &Sum, compares: ComparisonOp, value: f64| {
            let mut row = LinearExpr::empty();
            for &(column, factor) in sum {
                row.add(columns[column], factor);
            }
            programme.add_constraint(row, compares, value);
        };
        for (zone, &(demand, _)) in self.demand.iter().enumerate() {
            let balance = [self.own(zone), self.inflow(zone, None)].concat();
            row(&balance, ComparisonOp::Eq, demand as f64);
        }
        for (sum, compares, value) in rows {
            row(sum, *compares, *value);
        }
        let outcome = programme.solve();
        let Ok(SolveOutcome::Solution(solution)) = outcome else {
            panic!("every zone may shed all it demands: {outcome:?}");
        };
        let values = columns.iter().map(|&column| solution[column]);
        (solution.objective(), values.collect())
    }

    /// The written order of `docs/model/grid.md`, each a sum to be made least: the own offers of
    /// a zone (its number), or what it receives from another.
    fn written_order(&self) -> Vec<(usize, Option<usize>)> {
        let mut neighbours = vec![BTreeSet::new(); self.offers.len()];
        for &(from, to, ..) in &self.lines {
            neighbours[from].insert(to);
            neighbours[to].insert(from);
        }
        let mut order = Vec::new();
        let mut known = BTreeSet::new();
        for first in 0..neighbours.len() {
            if known.contains(&first) {
                continue;
            }
            let farthest = |zone: usize| walk(&neighbours, zone).last().map(|&(_, steps)| steps);
            let part = walk(&neighbours, first).into_iter().map(|(zone, _)| zone);
            let middle = part.min_by_key(|&zone| (farthest(zone), zone));
            for (zone, _) in walk(&neighbours, middle.unwrap_or(first)) {
                known.insert(zone);
                order.push((zone, None));
                let ahead = neighbours[zone].difference(&known);
                order.extend(ahead.map(|&other| (zone, Some(other))));
            }
        }
        order
    }
}

/// Zones outward from one, neighbours by name, with the number of steps to each.
fn walk(neighbours: &[BTreeSet<usize>], from: usize) -> Vec<(usize, usize)> {
    let mut walked = vec![(from, 0)];
    let mut next = 0;
    while let Some(&(zone, steps)) = walked.get(next) {
        next += 1;
        for &other in &neighbours[zone] {
            if walked.iter().all(|&(known, _)| known != other) {
                walked.push((other, steps + 1));
            }
        }
    }
    walked
}

impl Optimum<'_> {
    /// Least and most that a zone can leave unserved in any best answer.
    pub fn ends(&self, zone: usize) -> (i64, i64) {
        let shed = self.question.shed(zone);
        let best = [self.is_best()];
        let [least, most] = [1.0, -1.0].map(|sign| {
            let (value, _) = self.question.least(&vec![(shed, sign)], &best);
            whole(sign * value)
        });
        (least, most)
    }

    /// Makes least one thing after the other in the written order, each of which then stands.
    pub fn picked(&self) -> Picked {
        let question = self.question;
        let mut rows = vec![self.is_best()];
        let mut flows = BTreeMap::new();
        let mut last = Vec::new();
        for (zone, other) in question.written_order() {
            let sum = match other {
                None => question.own(zone),
                Some(other) => question.inflow(zone, Some(other)),
            };
            let (value, values) = question.least(&sum, &rows);
            let value = whole(value);
            rows.push((sum, ComparisonOp::Eq, value as f64));
            last = values;
            if let Some(other) = other {
                let flow = if other < zone { value } else { -value };
                flows.insert((zone.min(other), zone.max(other)), flow);
            }
        }
        let zones = 0..question.offers.len();
        Picked {
            shed: zones.map(|zone| whole(last[question.shed(zone)])).collect(),
            flows,
        }
    }

    /// The row that only best answers meet: the next best costs a tick more.
    fn is_best(&self) -> (Sum, ComparisonOp, f64) {
        let most = self.ticks + 1e-14 * self.ticks + 1e-3;
        (self.question.ticks(), ComparisonOp::Le, most)
    }
}

/// Best answers have corners in whole numbers; a solver comes near.
fn whole(value: f64) -> i64 {
    let whole = value.round();
    assert!((value - whole).abs() < 0.1, "{value} is not near a corner");
    whole as i64
}

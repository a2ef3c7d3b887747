//! Dispatch as a linear programme, for a solver that knows nothing of ours.

use microlp::{ComparisonOp, LinearExpr, OptimizationDirection, Problem, SolveOutcome, Variable};

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
pub struct Optimum {
    /// Least cost in ticks: a level costs as many as its number times [`LEVEL`], a line one.
    pub ticks: f64,
    /// What is taken at each level, all zones together: supply, then unserved by priority.
    pub by_level: Vec<f64>,
    /// Unserved demand of each zone.
    pub shed: Vec<f64>,
}

/// Ticks in a level, wider than any ring.
pub const LEVEL: f64 = 64.0;
/// Priorities that are told apart.
pub const PRIORITIES: usize = 3;

impl Question {
    /// Levels of supply.
    pub fn levels(&self) -> usize {
        self.offers.first().map_or(0, Vec::len)
    }

    /// Solves the programme. `lean` (below a tick each) is added to what shedding costs in each
    /// zone, to see whether who sheds is settled by the optimum or not.
    pub fn solve(&self, lean: impl Fn(usize) -> f64) -> Optimum {
        let mut programme = Problem::new(OptimizationDirection::Minimize);
        let levels = self.levels();
        let mut variable = |cost: f64, limit: i64| programme.add_var(cost, (0.0, limit as f64));
        let taken: Vec<Vec<Variable>> = (0..self.offers.len())
            .map(|zone| {
                let (demand, priority) = self.demand[zone];
                let offers = self.offers[zone].iter().copied().enumerate();
                let mut taken: Vec<_> = offers
                    .map(|(level, offer)| variable(level as f64 * LEVEL, offer))
                    .collect();
                let level = (levels + priority) as f64;
                taken.push(variable(level * LEVEL + lean(zone), demand));
                taken
            })
            .collect();
        let flows: Vec<[Variable; 2]> = self
            .lines
            .iter()
            .map(|&(_, _, forward, backward)| [variable(1.0, forward), variable(1.0, backward)])
            .collect();
        for (zone, taken) in taken.iter().enumerate() {
            let mut balance = LinearExpr::empty();
            for &variable in taken {
                balance.add(variable, 1.0);
            }
            for (&(from, to, ..), &[forward, backward]) in self.lines.iter().zip(&flows) {
                let sign = match zone {
                    _ if zone == from => -1.0,
                    _ if zone == to => 1.0,
                    _ => continue,
                };
                balance.add(forward, sign);
                balance.add(backward, -sign);
            }
            let demand = self.demand[zone].0 as f64;
            programme.add_constraint(balance, ComparisonOp::Eq, demand);
        }
        let outcome = programme.solve();
        let Ok(SolveOutcome::Solution(solution)) = outcome else {
            panic!("every zone may shed all it demands: {outcome:?}");
        };
        let mut by_level = vec![0.0; levels + PRIORITIES];
        let mut shed = Vec::new();
        for (zone, taken) in taken.iter().enumerate() {
            for (level, &variable) in taken[..levels].iter().enumerate() {
                by_level[level] += solution[variable];
            }
            let unserved = solution[taken[levels]];
            by_level[levels + self.demand[zone].1] += unserved;
            shed.push(unserved);
        }
        Optimum {
            ticks: solution.objective(),
            by_level,
            shed,
        }
    }
}

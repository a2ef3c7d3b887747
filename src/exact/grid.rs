//! A grid as the exact answers see it: plain numbers, whole watts, milliseconds since the start.

use super::Chain;
use crate::quantity::MS_PER_HOUR;
use crate::system::Window;

/// What exists, and over what time.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// Whole hours of the horizon.
    pub hours: usize,
    /// Spans of time to answer for.
    pub windows: Vec<Window>,
    /// One area, or two.
    pub areas: Vec<Area>,
    /// What joins two areas; none: nothing does.
    pub tie: Option<Tie>,
    /// The areas' names are left out: only the system is answered for.
    pub is_copper_plate: bool,
    /// Load forecast uncertainty: one of these loads holds for the whole horizon. Empty where
    /// load is known: that of the areas.
    pub forecast: Vec<Forecast>,
    /// There are farms, so that more is demanded than firm load.
    pub has_farms: bool,
}

/// One case of load that is not known.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// How likely it is.
    pub probability: f64,
    /// Firm load of each area and hour, W.
    pub load_w: Vec<Vec<i64>>,
}

/// A part of the grid without bottlenecks inside.
#[derive(Debug, Clone, PartialEq)]
pub struct Area {
    /// Name of its zone.
    pub name: String,
    /// Its adequacy is asked for; that of a neighbour is not.
    pub is_own: bool,
    /// Firm load of each hour, W, as it is forecast.
    pub load_w: Vec<i64>,
    /// Its units.
    pub units: Vec<Unit>,
    /// Mining that is cut first, at once and as asked, W.
    pub mining_w: i64,
}

/// A generating unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// How it changes between its states.
    pub chain: Chain,
    /// What it gives in each state: (from, W by state), the first from 0, times rising.
    pub course: Vec<(i64, Vec<i64>)>,
}

impl Grid {
    /// Every load that there may be: (probability, firm load of each area and hour, W). Where
    /// load is known it is one.
    pub fn loads(&self) -> Vec<(f64, Vec<&[i64]>)> {
        if self.forecast.is_empty() {
            let known = self.areas.iter().map(|area| area.load_w.as_slice());
            return vec![(1.0, known.collect())];
        }
        let mut cases = Vec::with_capacity(self.forecast.len());
        for forecast in &self.forecast {
            let loads = forecast.load_w.iter().map(Vec::as_slice);
            cases.push((forecast.probability, loads.collect()));
        }
        cases
    }
}

impl Unit {
    /// A unit that gives the same in each state at all times.
    pub fn steady(chain: Chain, capacity_w: Vec<i64>) -> Self {
        Self {
            chain,
            course: vec![(0, capacity_w)],
        }
    }

    /// What it gives in each state at a moment, W.
    pub fn at(&self, moment_ms: i64) -> &[i64] {
        let after = self.course.partition_point(|step| step.0 <= moment_ms);
        &self.course[after.saturating_sub(1)].1
    }

    /// Whether what it gives in each state changes with time.
    pub fn is_steady(&self) -> bool {
        self.course.iter().all(|step| step.1 == self.course[0].1)
    }
}

/// What joins the first area and the second: its states, and how it goes from one to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Tie {
    /// (probability, limit from the first to the second, limit from the second to the first), W.
    pub states: Vec<(f64, i64, i64)>,
    /// How often it goes from a state to another, an hour: `[from][to]`.
    pub flows_per_h: Vec<Vec<f64>>,
    /// How likely it is in one state, and in another an hour later: `[before][now]`; none where
    /// a circuit's times are not exponential.
    pub hourly: Option<Vec<Vec<f64>>>,
}

impl Tie {
    /// Nothing joins the areas.
    pub fn apart() -> Self {
        Self::of_chain(&Chain::firm(), &[(0, 0)])
    }

    /// A tie with the limits `limits_w[state]` there and back, W. States of equal limits are one.
    pub fn of_chain(chain: &Chain, limits_w: &[(i64, i64)]) -> Self {
        let flow = |from: usize, to: usize| chain.probability[from] * chain.rates[from][to];
        let within = chain.is_memoryless.then(|| chain.within(MS_PER_HOUR));
        let chance = within
            .map(|within| move |from: usize, to: usize| chain.probability[from] * within[from][to]);
        let probabilities: Vec<f64> = chain.probability.clone();
        Self::merged(limits_w, &probabilities, flow, chance)
    }

    /// Two ties that know nothing of each other as one: their limits add up.
    pub fn beside(&self, other: &Self) -> Self {
        let width = other.states.len();
        let states = self.states.len() * width;
        let apart = |state: usize| (state / width, state % width);
        let (mut limits_w, mut probabilities) = (Vec::new(), Vec::new());
        for state in 0..states {
            let (here, there) = apart(state);
            let (one, two) = (self.states[here], other.states[there]);
            limits_w.push((one.1 + two.1, one.2 + two.2));
            probabilities.push(one.0 * two.0);
        }
        // One of them changes, the other stays.
        let flow = |from: usize, to: usize| match (apart(from), apart(to)) {
            ((a, c), (b, d)) if c == d => self.flows_per_h[a][b] * other.states[c].0,
            ((a, c), (b, d)) if a == b => self.states[a].0 * other.flows_per_h[c][d],
            _ => 0.0,
        };
        let chance = self.hourly.as_ref().zip(other.hourly.as_ref());
        let chance = chance.map(|(one, two)| {
            move |from: usize, to: usize| {
                let ((a, c), (b, d)) = (apart(from), apart(to));
                one[a][b] * two[c][d]
            }
        });
        Self::merged(&limits_w, &probabilities, flow, chance)
    }

    /// States of equal limits as one; what leads from one of them to another is no change.
    fn merged(
        limits_w: &[(i64, i64)],
        probabilities: &[f64],
        flow_per_h: impl Fn(usize, usize) -> f64,
        hourly: Option<impl Fn(usize, usize) -> f64>,
    ) -> Self {
        let mut known = limits_w.to_vec();
        known.sort_unstable();
        known.dedup();
        let place = |state: usize| known.partition_point(|limit| *limit < limits_w[state]);
        let places: Vec<usize> = (0..limits_w.len()).map(place).collect();
        let mut states: Vec<_> = known.iter().map(|limit| (0.0, limit.0, limit.1)).collect();
        for (&place, probability) in places.iter().zip(probabilities) {
            states[place].0 += probability;
        }
        let sum = |value: &dyn Fn(usize, usize) -> f64| {
            let mut sums = vec![vec![0.0; states.len()]; states.len()];
            for (from, &row) in places.iter().enumerate() {
                for (to, &column) in places.iter().enumerate() {
                    sums[row][column] += value(from, to);
                }
            }
            sums
        };
        let flows_per_h = sum(&|from, to| {
            if places[from] == places[to] {
                0.0
            } else {
                flow_per_h(from, to)
            }
        });
        let hourly = hourly.map(|hourly| sum(&hourly));
        Self {
            states,
            flows_per_h,
            hourly,
        }
    }
}

/// A stretch of time in which neither load nor any unit's capacity in a state changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// Begin, ms since the start.
    pub from: i64,
    /// End, ms since the start.
    pub until: i64,
    /// The hour that it lies in.
    pub hour: usize,
}

impl Stretch {
    /// How much of it lies in a window, hours.
    pub fn hours_within(&self, window: &Window) -> f64 {
        let span = self.until.min(window.until.0) - self.from.max(window.from.0);
        span.max(0) as f64 / MS_PER_HOUR as f64
    }
}

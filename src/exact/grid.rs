//! A grid as the exact answers see it: plain numbers, whole watts, milliseconds since the start.

use super::Chain;
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

/// A line between the first area and the second.
#[derive(Debug, Clone, PartialEq)]
pub struct Tie {
    /// (probability, limit from the first to the second, limit from the second to the first), W.
    pub states: Vec<(f64, i64, i64)>,
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
        span.max(0) as f64 / crate::quantity::MS_PER_HOUR as f64
    }
}

//! What is known of an event beside the observations, for saying how much was truly missing.

/// The knowledge that `hashfall infer` uses; times are ms since the scenario's start.
#[derive(Debug, Clone, PartialEq)]
pub struct Inference {
    /// Readings of the sources, at least one.
    pub timelines: Vec<Timeline>,
    /// Days to compare with; the first is that of the joint answer.
    pub baselines: Vec<Baseline>,
    /// Ends of the uniform prior of the loss, a share of the world.
    pub prior: (f64, f64),
    /// Ends of the world's growth, share per week.
    pub growth_per_week: (f64, f64),
    /// Chance that a reading of pools compares two instants.
    pub pools_as_instants: f64,
    /// How many times the world's loss the pools read lost: equally likely values.
    pub pool_factors: Vec<f64>,
    /// Standard deviation of what else is wrong with a reading of pools, a share.
    pub pool_error: f64,
}

/// When it was dark, by one reading of the sources.
#[derive(Debug, Clone, PartialEq)]
pub struct Timeline {
    /// Its name.
    pub name: String,
    /// Spans (from, until), rising and apart.
    pub dark: Vec<(i64, i64)>,
    /// How likely against the others.
    pub weight: f64,
}

/// Undisturbed days.
#[derive(Debug, Clone, PartialEq)]
pub struct Baseline {
    /// In words.
    pub name: String,
    /// Begin.
    pub from: i64,
    /// End.
    pub until: i64,
}

impl Timeline {
    /// Dark time within a span, ms.
    pub fn dark_ms(&self, from: i64, until: i64) -> i64 {
        let overlap = |&(begin, end): &(i64, i64)| (end.min(until) - begin.max(from)).max(0);
        self.dark.iter().map(overlap).sum()
    }

    /// Whether it was dark at a moment.
    pub fn is_dark(&self, at: i64) -> bool {
        let mut spans = self.dark.iter();
        spans.any(|&(begin, end)| begin <= at && at < end)
    }
}

impl Inference {
    /// From the earliest begin of the dark to its latest end, over all timelines.
    pub fn span(&self) -> (i64, i64) {
        let spans = || self.timelines.iter().flat_map(|timeline| &timeline.dark);
        let from = spans().map(|span| span.0).min().unwrap_or(0);
        let until = spans().map(|span| span.1).max().unwrap_or(from);
        (from, until)
    }
}

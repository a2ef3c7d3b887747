//! Expected counts by replication and day.

use super::CountLaw;

/// A rate that is nothing is this: a count it does not expect is all but impossible, and still
/// has a logarithm.
const LEAST: f64 = 1e-9;

/// Expected counts, `[replication][day]`, with their logarithms.
#[derive(Debug, Clone, PartialEq)]
pub struct Rates {
    days: usize,
    means: Vec<f64>,
    logarithms: Vec<f64>,
}

impl Rates {
    /// From the means of all days of replication 0, then of replication 1, and so on. Means that
    /// are not above 1e-9 (or not numbers) become that; a last row that is not whole is dropped.
    pub fn new(days: usize, mut means: Vec<f64>) -> Self {
        let rows = means.len().checked_div(days).unwrap_or(0);
        means.truncate(rows * days);
        for mean in &mut means {
            *mean = if *mean > LEAST { *mean } else { LEAST };
        }
        let logarithms = means.iter().map(|&mean| libm::log(mean)).collect();
        Self {
            days,
            means,
            logarithms,
        }
    }

    /// Days of each replication.
    pub fn days(&self) -> usize {
        self.days
    }

    /// How many replications there are.
    pub fn replications(&self) -> usize {
        self.means.len().checked_div(self.days).unwrap_or(0)
    }

    /// Means of one replication's days.
    pub fn of(&self, replication: usize) -> &[f64] {
        &self.means[replication * self.days..(replication + 1) * self.days]
    }

    /// Their logarithms.
    pub(super) fn logarithms_of(&self, replication: usize) -> &[f64] {
        &self.logarithms[replication * self.days..(replication + 1) * self.days]
    }

    /// The law of one day's count over all replications.
    pub fn law(&self, day: usize) -> CountLaw {
        let means = self.means.iter().skip(day);
        CountLaw::of_mixture(means.step_by(self.days.max(1)).copied())
    }

    /// All means of a day times the day's factor.
    pub fn scaled(&self, factors: &[f64]) -> Self {
        let factors = factors.iter().cycle();
        let scaled = self.means.iter().zip(factors).map(|(mean, by)| mean * by);
        Self::new(self.days, scaled.collect())
    }

    /// The first `most` replications.
    pub fn first(&self, most: usize) -> Self {
        let kept = most.min(self.replications()) * self.days;
        Self {
            days: self.days,
            means: self.means[..kept].to_vec(),
            logarithms: self.logarithms[..kept].to_vec(),
        }
    }
}

//! What is not known about load: forecasts that err by the same share all year, and the weather
//! year that load, wind, sun and temperature have in common.

use crate::random::StreamId;

/// Load forecast uncertainty: the load of its zones, all hours alike, is off by a share drawn
/// once a replication from the seven-step normal.
///
/// Source: Billinton and Allan, Reliability Evaluation of Power Systems, section 2.8.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadForecast {
    /// Name.
    pub name: String,
    /// Standard deviation, as a share of load.
    pub sd: f64,
    /// Stream `load-forecast/NAME`; draw 0 chooses the step.
    pub stream: StreamId,
}

impl LoadForecast {
    /// The steps: (standard deviations from the forecast, probability), rising.
    pub const STEPS: [(f64, f64); 7] = [
        (-3.0, 0.006),
        (-2.0, 0.061),
        (-1.0, 0.242),
        (0.0, 0.382),
        (1.0, 0.242),
        (2.0, 0.061),
        (3.0, 0.006),
    ];

    /// The step at probability `u` in (0, 1); does not fall as `u` rises.
    pub fn step(u: f64) -> usize {
        at_probability(u, Self::STEPS.iter().map(|&(_, weight)| weight))
    }

    /// What load is multiplied with at a step: 1 + k sd.
    pub fn factor(&self, step: usize) -> f64 {
        1.0 + Self::STEPS[step].0 * self.sd
    }
}

/// Years of weather, one of which rules a whole replication: load, hourly output and
/// temperature are always of the same year.
#[derive(Debug, Clone, PartialEq)]
pub struct WeatherYears {
    /// Names, in order.
    pub names: Vec<String>,
    /// Weight of each, of any positive sum.
    pub weights: Vec<f64>,
    /// Stream `weather-year`; draw 0 chooses.
    pub stream: StreamId,
}

impl WeatherYears {
    /// The year at probability `u` in (0, 1).
    pub fn year(&self, u: f64) -> usize {
        let total: f64 = self.weights.iter().sum();
        at_probability(u * total, self.weights.iter().copied())
    }
}

/// The first place at which the weights up to it exceed `u`, else the last.
fn at_probability(u: f64, weights: impl ExactSizeIterator<Item = f64>) -> usize {
    let last = weights.len().saturating_sub(1);
    let mut below = 0.0;
    for (place, weight) in weights.enumerate() {
        below += weight;
        if u < below {
            return place;
        }
    }
    last
}

/// The output of a unit hour by hour, before outages, W.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HourlyOutput {
    /// `[year][hour]`: one series, or one for each of the weather years.
    pub by_year: Vec<Vec<i64>>,
}

impl HourlyOutput {
    /// Its series in a weather year.
    pub fn of_year(&self, year: usize) -> &[i64] {
        match self.by_year.get(year).or(self.by_year.first()) {
            Some(series) => series,
            None => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seven_steps_are_a_law_with_mean_one() {
        let weights = LoadForecast::STEPS.map(|(_, weight)| weight);
        assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-15);
        let mean: f64 = LoadForecast::STEPS.iter().map(|(k, w)| k * w).sum();
        assert!(mean.abs() < 1e-15);
        // A normal rounded to whole deviations has variance 1 + 1/12, less the cut tails.
        let variance: f64 = LoadForecast::STEPS.iter().map(|(k, w)| k * k * w).sum();
        assert!((variance - 1.08).abs() < 1e-12);
    }

    #[test]
    fn a_step_is_chosen_by_its_weight() {
        let n = 100_000;
        let mut seen = [0_u32; 7];
        for at in 0..n {
            seen[LoadForecast::step((f64::from(at) + 0.5) / f64::from(n))] += 1;
        }
        assert_eq!(seen, [600, 6_100, 24_200, 38_200, 24_200, 6_100, 600]);
        let years = WeatherYears {
            names: vec!["dry".into(), "wet".into()],
            weights: vec![3.0, 1.0],
            stream: StreamId(1),
        };
        assert_eq!(
            [0.1, 0.749, 0.751, 0.99].map(|u| years.year(u)),
            [0, 0, 1, 1]
        );
    }
}

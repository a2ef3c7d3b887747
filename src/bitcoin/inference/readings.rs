//! The likelihood of what was read off pools and networks, and reported.

use super::Likelihood;

/// A change of pools' hashrate, as reported.
#[derive(Debug, Clone, PartialEq)]
pub struct PoolReading {
    /// The change, a share: -0.10.
    pub change: f64,
    /// Share of the loss that it shows by timeline, read as the mean over its window against the
    /// mean over an undisturbed one: effective dark hours over hours.
    pub as_mean: Vec<f64>,
    /// The same, read as two instants, at the window's ends: 1 or 0, -1 if it was dark before.
    pub as_instants: Vec<f64>,
}

/// What is not known of how pools were read.
#[derive(Debug, Clone, PartialEq)]
pub struct PoolNuisance {
    /// Chance that two instants were compared, else means over the window.
    pub instants: f64,
    /// How many times the world's loss the pools chosen lost, weighted as they were: equally
    /// likely values.
    pub factors: Vec<f64>,
    /// Standard deviation of what else is wrong with a reading, a share.
    pub error: f64,
}

/// What readings of pools, all taken in one manner, say of the loss.
///
/// Each reading is normal about `-factor * shown * loss`; manner and factor are unknown, the same
/// for all, and summed over.
pub fn of_pools(readings: &[PoolReading], nuisance: &PoolNuisance, timelines: usize) -> Likelihood {
    let factors = &nuisance.factors;
    Likelihood::new(timelines, |timeline, loss| {
        let manner = |chance: f64, as_instants: bool| {
            let of_factor = |&factor: &f64| {
                let squares: f64 = readings
                    .iter()
                    .map(|reading| {
                        let shown = if as_instants {
                            &reading.as_instants
                        } else {
                            &reading.as_mean
                        };
                        let expected = -factor * shown[timeline] * loss;
                        let off = (reading.change - expected) / nuisance.error;
                        off * off
                    })
                    .sum();
                libm::exp(-0.5 * squares)
            };
            chance * factors.iter().map(of_factor).sum::<f64>() / factors.len() as f64
        };
        let chance = nuisance.instants;
        // Far from every reading the density underflows; a floor keeps its logarithm finite.
        libm::log((manner(chance, true) + manner(1.0 - chance, false)).max(f64::MIN_POSITIVE))
    })
}

/// A change of the network's hashrate, which somebody can have known from blocks alone.
#[derive(Debug, Clone, PartialEq)]
pub struct NetworkReading {
    /// The change, a share: -0.12.
    pub change: f64,
    /// Blocks to be expected in the window, and in the one it was compared with.
    pub blocks: f64,
    /// Share of the loss that the window shows by timeline.
    pub shown: Vec<f64>,
}

/// What it says of the loss: the logarithm of a quotient of two Poisson counts is about normal,
/// with variance 1/expected of each.
pub fn of_network(reading: &NetworkReading, timelines: usize) -> Likelihood {
    let seen = libm::log1p(reading.change);
    Likelihood::new(timelines, |timeline, loss| {
        let left = 1.0 - loss * reading.shown[timeline];
        let variance = (1.0 + 1.0 / left) / reading.blocks;
        let off = seen - libm::log(left);
        -0.5 * (off * off / variance + libm::log(variance))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: PoolNuisance = PoolNuisance {
        instants: 0.0,
        factors: Vec::new(),
        error: 0.02,
    };

    fn plain() -> PoolNuisance {
        PoolNuisance {
            factors: vec![1.0],
            ..PLAIN
        }
    }

    fn reading(change: f64, hours: f64) -> PoolReading {
        PoolReading {
            change,
            as_mean: vec![hours / 24.0],
            as_instants: vec![1.0],
        }
    }

    /// "-10 % in 24 hours": what was truly dark, by effective dark hours of the 24.
    #[test]
    fn ten_percent_by_dark_hours() {
        for (hours, percent) in [(19.5, 12.3), (18.0, 13.3), (16.5, 14.5), (15.0, 16.0)] {
            let curve = of_pools(&[reading(-0.10, hours)], &plain(), 1).over(&[1.0]);
            assert!((100.0 * curve.best() - percent).abs() < 0.05, "{hours} h");
        }
        let instants = PoolNuisance {
            instants: 1.0,
            ..plain()
        };
        let curve = of_pools(&[reading(-0.10, 19.5)], &instants, 1).over(&[1.0]);
        assert!((curve.best() - 0.10).abs() < 1e-4);
    }

    /// One manner, one factor: the interval is the normal one, 1.96 errors over what is shown.
    #[test]
    fn one_reading_has_the_normal_interval() {
        let curve = of_pools(&[reading(-0.10, 12.0)], &plain(), 1).over(&[1.0]);
        let (low, high) = curve.likelihood_interval_95();
        let half = 1.959_964 * 0.02 / 0.5;
        assert!((low - (0.2 - half)).abs() < 1e-4 && (high - (0.2 + half)).abs() < 1e-4);
    }

    #[test]
    fn a_network_read_from_six_hours_of_blocks_says_little() {
        let reading = NetworkReading {
            change: -0.12,
            blocks: 36.0,
            shown: vec![1.0],
        };
        let (low, high) = of_network(&reading, 1)
            .over(&[1.0])
            .likelihood_interval_95();
        assert!(low < -0.25 && high > 0.35, "[{low}, {high}]");
    }
}

//! Poisson counts from an addressed stream.

use super::Stream;
use rand_distr::{Distribution, Poisson};

/// A Poisson count with the given mean, drawn by `rand_distr` from `stream`.
///
/// A mean that is not positive (or not a number) gives 0; one above `Poisson::MAX_LAMBDA`
/// (1.8e19) counts as that. The number of uniforms it takes varies with the outcome, so give
/// every count a stream of its own (or move on with [`Stream::at`]) wherever other draws must
/// not shift.
pub fn poisson(stream: &mut Stream, mean: f64) -> u64 {
    match Poisson::new(mean.min(Poisson::<f64>::MAX_LAMBDA)) {
        Ok(law) if mean > 0.0 => law.sample(stream) as u64,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::StreamId;

    fn stream(replication: u32) -> Stream {
        Stream::new(20220105, StreamId::of("blocks"), replication)
    }

    /// `rand_distr` changes its results when any crate in the build turns on `num-traits/std`,
    /// and between versions. These draws pin it: if they change, results at an equal seed do.
    #[test]
    fn golden_draws() {
        let golden: [(f64, [u64; 6], u64); 6] = [
            (0.3, [1, 0, 1, 0, 0, 0], 8),
            (4.0, [4, 1, 4, 6, 3, 4], 28),
            (11.9, [5, 14, 10, 12, 17, 13], 77),
            (12.1, [17, 15, 11, 14, 9, 13], 9),
            (144.0, [162, 156, 140, 135, 148, 157], 10),
            (
                1e6,
                [1001513, 1001018, 999732, 999254, 1000355, 1001166],
                10,
            ),
        ];
        for (mean, counts, draws_taken) in golden {
            let mut stream = stream(0);
            assert_eq!(
                counts.map(|_| poisson(&mut stream, mean)),
                counts,
                "mean {mean}"
            );
            assert_eq!(stream.ordinal(), draws_taken, "mean {mean}");
        }
    }

    #[test]
    fn mean_and_variance_are_the_mean() {
        for mean in [0.7, 9.0, 150.0] {
            let n = 20_000;
            let counts: Vec<f64> = (0..n)
                .map(|r| poisson(&mut stream(r), mean) as f64)
                .collect();
            let average = counts.iter().sum::<f64>() / f64::from(n);
            let variance = counts.iter().map(|c| (c - average).powi(2)).sum::<f64>() / f64::from(n);
            let error = (mean / f64::from(n)).sqrt();
            assert!((average - mean).abs() < 4.0 * error, "{average} for {mean}");
            assert!(
                (variance / mean - 1.0).abs() < 0.06,
                "{variance} for {mean}"
            );
        }
    }

    #[test]
    fn odd_means_give_no_panic() {
        for mean in [0.0, -1.0, f64::NAN, f64::NEG_INFINITY] {
            assert_eq!(poisson(&mut stream(0), mean), 0);
        }
        assert!(poisson(&mut stream(0), f64::INFINITY) > 1 << 63);
    }
}

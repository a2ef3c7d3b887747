//! Uncertain shares of a whole.

use super::Stream;
use super::special::ln_gamma_quantile;

/// Shares drawn about `centre`, summing to 1, from a Dirichlet law.
///
/// `effective_count` says how well the centre is known: as from that many observations; the
/// variance of share i is c (1 - c) / (effective_count + 1). `centre` need not sum to 1 (it is
/// normalised). Each share takes exactly one draw, also one that is zero (which stays zero), and
/// its Gamma variate rises with it, so that adding a share at the end moves no other's draw.
///
/// Where the centre or the count is not positive and finite the law is degenerate: the
/// normalised centre itself is returned (all zeros for an all-zero centre).
pub fn dirichlet(stream: &mut Stream, centre: &[f64], effective_count: f64) -> Vec<f64> {
    let total: f64 = centre.iter().sum();
    if !(total > 0.0 && total.is_finite()) {
        return vec![0.0; centre.len()];
    }
    if !(effective_count > 0.0 && effective_count.is_finite()) {
        return centre.iter().map(|share| share / total).collect();
    }
    // In logarithms, because the Gamma variate of a small share can underflow.
    let logarithms: Vec<f64> = centre
        .iter()
        .map(|share| {
            let u = stream.next_uniform();
            let shape = share / total * effective_count;
            if shape > 0.0 {
                ln_gamma_quantile(shape, u)
            } else {
                f64::NEG_INFINITY
            }
        })
        .collect();
    let largest = logarithms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let variates: Vec<f64> = logarithms.iter().map(|y| libm::exp(y - largest)).collect();
    let sum: f64 = variates.iter().sum();
    variates.iter().map(|variate| variate / sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::StreamId;

    fn stream(replication: u32) -> Stream {
        Stream::new(5, StreamId::of("shares"), replication)
    }

    #[test]
    fn mean_and_variance_are_those_of_the_law() {
        let centre = [0.6, 0.3, 0.1];
        let (n, count) = (20_000, 30.0);
        let draws: Vec<Vec<f64>> = (0..n)
            .map(|r| dirichlet(&mut stream(r), &centre, count))
            .collect();
        for (i, &c) in centre.iter().enumerate() {
            let n = f64::from(n);
            let mean = draws.iter().map(|d| d[i]).sum::<f64>() / n;
            let variance = draws.iter().map(|d| (d[i] - mean).powi(2)).sum::<f64>() / n;
            let expected = c * (1.0 - c) / (count + 1.0);
            assert!(
                (mean - c).abs() < 4.0 * (expected / n).sqrt(),
                "{mean} for {c}"
            );
            assert!(
                (variance / expected - 1.0).abs() < 0.06,
                "{variance} for {expected}"
            );
        }
    }

    #[test]
    fn shares_sum_to_one_and_zero_stays_zero() {
        for count in [1e-4, 1.0, 1e6] {
            let mut stream = stream(3);
            let shares = dirichlet(&mut stream, &[2.0, 0.0, 5.0], count);
            assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-15);
            assert_eq!(shares[1], 0.0);
            assert_eq!(stream.ordinal(), 3);
        }
    }

    #[test]
    fn much_evidence_gives_the_centre() {
        let shares = dirichlet(&mut stream(0), &[1.0, 3.0], 1e12);
        assert!((shares[0] - 0.25).abs() < 1e-5 && shares[0] != 0.25);
        assert_eq!(
            dirichlet(&mut stream(0), &[1.0, 3.0], f64::INFINITY),
            [0.25, 0.75]
        );
        assert_eq!(dirichlet(&mut stream(0), &[0.0, 0.0], 5.0), [0.0, 0.0]);
    }
}

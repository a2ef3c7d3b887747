//! A series of days as one observation.

use super::Rates;
use super::law::ln_factorial;

/// The joint score of a series, and how well the replications carry it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SeriesScore {
    /// ln of the mean over replications of the likelihood of the whole series, nats.
    pub log_likelihood: f64,
    /// (sum of likelihoods)^2 / sum of their squares (Kong 1992): how many replications of equal
    /// weight the mean is worth.
    pub effective_replications: f64,
    /// Simulation error of the log likelihood, nats, by the delta method.
    pub simulation_error: f64,
}

/// One day, foreseen by what the days before it left.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// P(count < seen), given the days before.
    pub below: f64,
    /// P(count = seen), given the days before.
    pub exactly: f64,
}

/// ln mean over replications of the product over days of Poisson(count; rate).
///
/// `without` leaves one replication out: the one from which a synthetic series was drawn. `counts`
/// has a count for each of the rates' days; without replications the score is minus infinity.
pub fn series_score(rates: &Rates, counts: &[u64], without: Option<usize>) -> SeriesScore {
    let constant: f64 = counts.iter().map(|&count| ln_factorial(count)).sum();
    let kept = (0..rates.replications()).filter(|&r| Some(r) != without);
    let logs: Vec<f64> = kept.map(|r| ln_kernel(rates, r, counts)).collect();
    let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let (mut sum, mut squares) = (0.0, 0.0);
    for log in &logs {
        let weight = libm::exp(log - most);
        sum += weight;
        squares += weight * weight;
    }
    let n = logs.len() as f64;
    let effective = sum * sum / squares;
    SeriesScore {
        log_likelihood: if logs.is_empty() {
            f64::NEG_INFINITY
        } else {
            most + libm::log(sum / n) - constant
        },
        effective_replications: if logs.is_empty() { 0.0 } else { effective },
        simulation_error: libm::sqrt((1.0 / effective - 1.0 / n).max(0.0)),
    }
}

/// ln of the likelihood of a series under one replication, but for the factorials.
fn ln_kernel(rates: &Rates, replication: usize, counts: &[u64]) -> f64 {
    let days = rates
        .of(replication)
        .iter()
        .zip(rates.logarithms_of(replication))
        .zip(counts);
    days.map(|((mean, logarithm), &count)| count as f64 * logarithm - mean)
        .sum()
}

/// Every day by the law that the days before it leave: replications weighted by the likelihood of
/// those days. The steps' transforms are independent and uniform where the series was drawn from
/// the mixture (Rosenblatt 1952; Dawid 1984), although the days share what was drawn once; and
/// the logarithms of `exactly` add up to the [`series_score`].
///
/// `without` leaves one replication out.
pub fn in_turn(rates: &Rates, counts: &[u64], without: Option<usize>) -> Vec<Step> {
    let n = rates.replications();
    let mut logs = vec![0.0; n];
    if let Some(log) = without.and_then(|left_out| logs.get_mut(left_out)) {
        *log = f64::NEG_INFINITY;
    }
    let mut steps = Vec::with_capacity(counts.len());
    for (day, &count) in counts.iter().enumerate().take(rates.days()) {
        let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let (mut below, mut exactly, mut whole) = (0.0, 0.0, 0.0);
        let constant = ln_factorial(count);
        for (replication, log) in logs.iter_mut().enumerate() {
            if *log == f64::NEG_INFINITY {
                continue;
            }
            let weight = libm::exp(*log - most);
            let mean = rates.of(replication)[day];
            let ln = count as f64 * rates.logarithms_of(replication)[day] - mean;
            // What weighs nothing need not be added up.
            if weight > 1e-18 {
                let single = libm::exp(ln - constant);
                whole += weight;
                exactly += weight * single;
                below += weight * sum_below(count, mean, single);
            }
            *log += ln;
        }
        steps.push(Step {
            below: below / whole,
            exactly: exactly / whole,
        });
    }
    steps
}

/// P(Poisson < count), where `single` = P(Poisson = count).
fn sum_below(count: u64, mean: f64, single: f64) -> f64 {
    let rising = |single: f64| {
        // Upward: 1 - P(>= count), for a count far above the mean terms fall at once.
        let (mut term, mut sum, mut k) = (single, 0.0, count);
        while term > 1e-18 * (sum + 1e-300) && term > 1e-300 {
            sum += term;
            k += 1;
            term *= mean / k as f64;
        }
        (1.0 - sum).max(0.0)
    };
    if count as f64 > mean {
        return rising(single);
    }
    let (mut term, mut sum, mut k) = (single, 0.0, count);
    while k > 0 {
        term *= k as f64 / mean;
        k -= 1;
        sum += term;
        if term < 1e-18 * sum {
            break;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::super::CountLaw;
    use super::*;

    #[test]
    fn two_replications_by_hand() {
        // Likelihoods e^-3 2^1 1^2 / 2 and e^-7 4^1 3^2 / 2 of the counts 1 and 2.
        let rates = Rates::new(2, vec![2.0, 1.0, 4.0, 3.0]);
        let (a, b) = (libm::exp(-3.0), libm::exp(-7.0) * 18.0);
        let score = series_score(&rates, &[1, 2], None);
        assert!((score.log_likelihood - libm::log((a + b) / 2.0)).abs() < 1e-14);
        let effective = (a + b) * (a + b) / (a * a + b * b);
        assert!((score.effective_replications - effective).abs() < 1e-12);
        let alone = series_score(&rates, &[1, 2], Some(1));
        assert!((alone.log_likelihood - libm::log(a)).abs() < 1e-14);
        assert_eq!(
            (alone.effective_replications, alone.simulation_error),
            (1.0, 0.0)
        );
        let nothing = series_score(&Rates::new(2, vec![]), &[1, 2], None);
        assert_eq!(nothing.log_likelihood, f64::NEG_INFINITY);
    }

    /// Days that share a draw are not independent: the series is likelier than the days' own
    /// laws say where both days err to the same side.
    #[test]
    fn a_series_is_not_its_days() {
        let rates = Rates::new(2, vec![100.0, 100.0, 200.0, 200.0]);
        let joint = series_score(&rates, &[105, 98], None).log_likelihood;
        let apart: f64 = [105, 98]
            .iter()
            .enumerate()
            .map(|(day, &k)| libm::log(rates.law(day).probability(k)))
            .sum();
        assert!(
            (joint - apart - libm::log(2.0)).abs() < 1e-9,
            "{joint} {apart}"
        );
    }

    #[test]
    fn days_in_turn_add_up_to_the_series() {
        let means =
            (0..50).flat_map(|r| (0..6).map(move |d| 120.0 + f64::from(r) + 3.0 * f64::from(d)));
        let rates = Rates::new(6, means.collect());
        let counts = [150, 140, 131, 160, 120, 155];
        let steps = in_turn(&rates, &counts, Some(7));
        let sum: f64 = steps.iter().map(|step| libm::log(step.exactly)).sum();
        let joint = series_score(&rates, &counts, Some(7)).log_likelihood;
        assert!((sum - joint).abs() < 1e-10, "{sum} {joint}");
        // The first day knows nothing yet: its own law.
        let others = (0..50).filter(|&r| r != 7).map(|r| rates.of(r)[0]);
        let first = CountLaw::of_mixture(others);
        assert!((steps[0].below - first.below(150)).abs() < 1e-12);
        assert!((steps[0].exactly - first.probability(150)).abs() < 1e-14);
    }

    #[test]
    fn sums_below_are_those_of_the_law() {
        for mean in [0.3, 7.0, 144.0] {
            let law = CountLaw::of_mixture([mean].into_iter());
            for count in [0, 1, 5, 100, 144, 150, 200, 400] {
                let single = libm::exp(count as f64 * libm::log(mean) - mean - ln_factorial(count));
                let found = sum_below(count, mean, single);
                assert!(
                    (found - law.below(count)).abs() < 1e-12,
                    "{count} at {mean}"
                );
            }
        }
    }
}

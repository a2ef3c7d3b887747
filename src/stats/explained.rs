//! How much of an outcome's variance an input explains.

/// What an outcome does as one input moves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Explained {
    /// Share of the outcome's variance that lies between groups of equal input; about 0 where
    /// they have nothing to do with each other (it may then fall a little below 0).
    pub share: f64,
    /// Standard error of that share where the input has no influence at all.
    pub noise: f64,
    /// Mean outcome in the group of the least inputs.
    pub at_lowest: f64,
    /// Mean outcome in the group of the greatest inputs.
    pub at_highest: f64,
}

/// The correlation ratio of `outcomes` on `inputs`, replications in the same order, in `groups`
/// of nearly equal size by the input's rank (ties by replication).
///
/// A raw ratio of sums of squares would credit any input with (groups - 1) / (n - 1); that
/// share is taken off (Kelley's epsilon squared, 1935). `None` for fewer than four replications a
/// group, or an outcome that does not vary.
pub fn explained(inputs: &[i64], outcomes: &[i64], groups: usize) -> Option<Explained> {
    let n = inputs.len().min(outcomes.len());
    if groups < 2 || n < 4 * groups {
        return None;
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by_key(|&at| (inputs[at], at));
    let mean_of = |members: &[usize]| {
        let sum: i128 = members.iter().map(|&at| i128::from(outcomes[at])).sum();
        sum as f64 / members.len() as f64
    };
    let mean = mean_of(&order);
    let square = |value: f64| value * value;
    let total: f64 = outcomes[..n]
        .iter()
        .map(|&value| square(value as f64 - mean))
        .sum();
    if total <= 0.0 {
        return None;
    }
    let edges: Vec<usize> = (0..=groups).map(|group| group * n / groups).collect();
    let means: Vec<f64> = edges
        .windows(2)
        .map(|edge| mean_of(&order[edge[0]..edge[1]]))
        .collect();
    let between: f64 = edges
        .windows(2)
        .zip(&means)
        .map(|(edge, group)| (edge[1] - edge[0]) as f64 * square(group - mean))
        .sum();
    let (n, groups) = (n as f64, groups as f64);
    let share = 1.0 - (1.0 - between / total) * (n - 1.0) / (n - groups);
    // Under no influence the raw ratio is beta-distributed; its standard deviation for large n.
    let noise = libm::sqrt(2.0 * (groups - 1.0)) / n;
    let (at_lowest, at_highest) = (means[0], means[means.len() - 1]);
    Some(Explained {
        share,
        noise,
        at_lowest,
        at_highest,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A fixed, patternless sequence.
    fn noise(n: usize) -> Vec<i64> {
        let mut state = 1_u64;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 40) as i64
        };
        (0..n).map(|_| next()).collect()
    }

    #[test]
    fn an_outcome_that_is_its_input_is_explained_but_for_the_width_of_groups() {
        let values: Vec<i64> = (0..1000).collect();
        let found = explained(&values, &values, 10).unwrap();
        // Uniform: within a tenth remains a hundredth of the variance.
        assert!((found.share - 0.99).abs() < 1e-3, "{}", found.share);
        assert_eq!((found.at_lowest, found.at_highest), (49.5, 949.5));
    }

    #[test]
    fn what_has_nothing_to_do_with_it_explains_nothing() {
        let inputs: Vec<i64> = (0..5000).collect();
        let found = explained(&inputs, &noise(5000), 10).unwrap();
        assert!(found.share.abs() < 4.0 * found.noise, "{found:?}");
    }

    /// y = x + e with independent parts of equal variance: a half.
    #[test]
    fn half_of_a_sum_of_two_is_explained_by_one() {
        let parts = noise(20_000);
        let (x, e) = parts.split_at(10_000);
        let y: Vec<i64> = x.iter().zip(e).map(|(x, e)| x + e).collect();
        let found = explained(x, &y, 10).unwrap();
        assert!((found.share - 0.495).abs() < 0.02, "{}", found.share);
    }

    #[test]
    fn too_few_or_too_equal_is_none() {
        assert_eq!(explained(&[1; 39], &noise(39), 10), None);
        assert_eq!(explained(&noise(100), &[7; 100], 10), None);
    }
}

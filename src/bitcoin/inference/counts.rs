//! The likelihood of block counts, with the level of the world integrated out.

use super::Likelihood;
use super::likelihood::ln_sum_exp;

/// Equally likely values that stand for a uniform range of growth: the midpoints of as many
/// parts. The posterior's ends move by less than a tenth of a point from seven on.
const GROWTHS: usize = 7;

/// Blocks counted in a window of known difficulty.
#[derive(Debug, Clone, PartialEq)]
pub struct Count {
    /// How many.
    pub blocks: u32,
    /// Blocks that 1 EH/s finds in it on average: seconds times 1e18 / (difficulty 2^32).
    pub blocks_per_ehs: f64,
    /// Its middle, weeks since any moment common to all.
    pub weeks: f64,
    /// Share of it that was dark, 0 to 1, by timeline; 0 in a window of the baseline.
    pub dark: Vec<f64>,
}

/// What counts say of the loss, where the world would have grown by a share per week that lies
/// uniformly in a range, and its level is unknown.
///
/// Window j expects `level * blocks_per_ehs_j * (1 + growth)^weeks_j * (1 - loss * dark_j)`. With
/// the prior 1/level the days before make the level Gamma(their blocks, their exposure), and
/// integrating it out of all windows leaves the probability of the counts given their sum,
/// multinomial with the shares of these expectations. Profiling the level leaves the same function.
pub fn of_counts(counts: &[Count], growth_per_week: (f64, f64), timelines: usize) -> Likelihood {
    let blocks: f64 = counts.iter().map(|count| f64::from(count.blocks)).sum();
    if blocks == 0.0 {
        return Likelihood::flat(timelines);
    }
    let (low, high) = growth_per_week;
    let parts = if high > low { GROWTHS } else { 1 };
    let growth = |part: usize| low + (high - low) * (part as f64 + 0.5) / parts as f64;
    let ln_growths: Vec<f64> = (0..parts).map(|part| libm::log1p(growth(part))).collect();
    let of_timeline = |timeline| {
        let sums = ln_growths
            .iter()
            .map(|&ln| Sums::of(counts, blocks, ln, timeline));
        (
            blocks_by_dark_share(counts, timeline),
            sums.collect::<Vec<Sums>>(),
        )
    };
    let known: Vec<_> = (0..timelines).map(of_timeline).collect();
    let ln_parts = libm::log(parts as f64);
    Likelihood::new(timelines, |timeline, loss| {
        let (dark, sums) = &known[timeline];
        let found: f64 = dark
            .iter()
            .map(|&(share, blocks)| blocks * libm::log1p(-loss * share))
            .sum();
        let mut by_growth = [f64::NEG_INFINITY; GROWTHS];
        for (ln, sums) in by_growth.iter_mut().zip(sums) {
            let expected = sums.exposure - loss * sums.dark_exposure;
            *ln = sums.constant - blocks * libm::log(expected);
        }
        found + ln_sum_exp(by_growth.into_iter()) - ln_parts
    })
}

/// Blocks of windows by the share of them that was dark, where any was.
fn blocks_by_dark_share(counts: &[Count], timeline: usize) -> Vec<(f64, f64)> {
    let mut dark: Vec<(f64, f64)> = Vec::new();
    for count in counts {
        let share = count.dark_under(timeline);
        let found = f64::from(count.blocks);
        match dark.iter_mut().find(|(of, _)| *of == share) {
            Some((_, sum)) => *sum += found,
            None if share > 0.0 => dark.push((share, found)),
            None => {}
        }
    }
    dark
}

/// What else the likelihood depends on, under one timeline and one growth.
struct Sums {
    /// ln of the shares without a loss, against the shares that the counts have.
    constant: f64,
    /// Exposure, and the part of it that was dark.
    exposure: f64,
    dark_exposure: f64,
}

impl Sums {
    fn of(counts: &[Count], blocks: f64, ln_growth: f64, timeline: usize) -> Self {
        let mut sums = Self {
            constant: 0.0,
            exposure: 0.0,
            dark_exposure: 0.0,
        };
        for count in counts {
            let exposure = count.blocks_per_ehs * libm::exp(ln_growth * count.weeks);
            sums.exposure += exposure;
            sums.dark_exposure += exposure * count.dark_under(timeline);
            let found = f64::from(count.blocks);
            if found > 0.0 {
                sums.constant += found * libm::log(exposure * blocks / found);
            }
        }
        sums
    }
}

impl Count {
    fn dark_under(&self, timeline: usize) -> f64 {
        self.dark.get(timeline).copied().unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(blocks: u32, dark: f64) -> Count {
        Count {
            blocks,
            blocks_per_ehs: 1.0,
            weeks: 0.0,
            dark: vec![dark],
        }
    }

    /// Two windows of equal exposure: the best loss is 1 - after/before, exactly.
    #[test]
    fn the_best_loss_is_the_quotient_of_the_counts() {
        for (before, after) in [(1000, 1000), (1000, 900), (1000, 820), (500, 600)] {
            let curve = of_counts(&[count(before, 0.0), count(after, 1.0)], (0.0, 0.0), 1);
            let wanted = 1.0 - f64::from(after) / f64::from(before);
            assert!((curve.over(&[1.0]).best() - wanted).abs() < 1e-4);
        }
    }

    /// A window dark for a quarter of its time shows a quarter of the loss.
    #[test]
    fn dark_hours_dilute_exactly() {
        for share in [0.25, 0.5, 0.75] {
            let loss = 0.2;
            let after = (1e6 * (1.0 - loss * share)) as u32;
            let counts = [count(1_000_000, 0.0), count(after, share)];
            let best = of_counts(&counts, (0.0, 0.0), 1).over(&[1.0]).best();
            assert!((best - loss).abs() < 1e-5, "{best}");
        }
    }

    /// -2 ln of the ratio of likelihoods at the best loss and at none is that of two Poisson
    /// counts: 2 (a ln(2a/n) + b ln(2b/n)).
    #[test]
    fn the_level_leaves_the_binomial_likelihood() {
        let (a, b) = (426.0_f64, 380.0_f64);
        let curve = of_counts(&[count(426, 0.0), count(380, 1.0)], (0.0, 0.0), 1).over(&[1.0]);
        let n = a + b;
        let wanted = a * (2.0 * a / n).ln() + b * (2.0 * b / n).ln();
        let found = curve.drop_at(0.0);
        assert!((found - wanted).abs() < 1e-5, "{found}, not {wanted}");
    }

    /// Growth known: the same counts a week later mean a loss of what would have grown.
    #[test]
    fn growth_is_taken_from_the_counts() {
        let later = Count {
            weeks: 1.0,
            ..count(1_000_000, 1.0)
        };
        let counts = [count(1_000_000, 0.0), later];
        let best = of_counts(&counts, (0.02, 0.02), 1).over(&[1.0]).best();
        assert!((best - (1.0 - 1.0 / 1.02)).abs() < 1e-5, "{best}");
    }
}

//! An effect within a trend: Poisson regression of daily counts with an event among them.

use super::Z_95;

/// Most coefficients: level, three powers of time, effect.
const MOST: usize = 5;
const TOLERANCE: f64 = 1e-9;
const MOST_STEPS: usize = 50;

/// A span that was counted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CountedSpan {
    /// What was counted.
    pub count: f64,
    /// Expected count at a rate of one.
    pub exposure: f64,
    /// Share of the span that the event took, 0 to 1.
    pub event: f64,
}

/// What an event did to a rate, as a logarithm of the ratio.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrendEffect {
    /// Logarithm of the rate during the event over the trend's.
    pub log_ratio: f64,
    /// Its standard error, from the information matrix.
    pub standard_error: f64,
    /// Pearson's statistic over its degrees of freedom: near 1 where counts are Poisson.
    pub dispersion: f64,
}

impl TrendEffect {
    /// Ratio, and the ends of its normal 95 % interval.
    pub fn ratio_95(&self) -> [f64; 3] {
        [0.0, -Z_95, Z_95].map(|z| libm::exp(self.log_ratio + z * self.standard_error))
    }
}

/// Fits ln rate = level + powers of time up to `degree` (at most 3) + effect x event by maximum
/// likelihood (iteratively reweighted least squares, as of any generalised linear model; McCullagh
/// and Nelder 1989). `None` where the spans cannot tell trend and effect apart.
pub fn poisson_trend(spans: &[CountedSpan], degree: usize) -> Option<TrendEffect> {
    let size = degree.min(MOST - 2) + 2;
    let sum = |of: fn(&CountedSpan) -> f64| spans.iter().map(of).sum::<f64>();
    let (counts, exposure) = (sum(|span| span.count), sum(|span| span.exposure));
    let sound = |span: &CountedSpan| span.exposure > 0.0 && span.exposure.is_finite();
    if spans.len() <= size || counts <= 0.0 || !spans.iter().all(sound) {
        return None;
    }
    let mut beta = [0.0; MOST];
    beta[0] = libm::log(counts / exposure);
    for _ in 0..MOST_STEPS {
        let mut system = Normal::default();
        for (index, span) in spans.iter().enumerate() {
            let row = row(index, spans.len(), size, span.event);
            let mean = span.exposure * libm::exp(dot(&row, &beta));
            system.add(&row, size, mean, span.count - mean);
        }
        let factor = system.factor(size)?;
        let step = solve(&factor, size, system.right);
        let mut largest = 0.0f64;
        for (value, step) in beta.iter_mut().zip(step) {
            // Far from the answer a whole step can overshoot.
            let step = step.clamp(-2.0, 2.0);
            *value += step;
            largest = largest.max(step.abs());
        }
        if largest < TOLERANCE {
            return effect(spans, size, &beta);
        }
    }
    None
}

fn effect(spans: &[CountedSpan], size: usize, beta: &[f64; MOST]) -> Option<TrendEffect> {
    let mut system = Normal::default();
    let mut pearson = 0.0;
    for (index, span) in spans.iter().enumerate() {
        let row = row(index, spans.len(), size, span.event);
        let mean = span.exposure * libm::exp(dot(&row, beta));
        pearson += (span.count - mean) * (span.count - mean) / mean;
        system.add(&row, size, mean, 0.0);
    }
    let factor = system.factor(size)?;
    let mut unit = [0.0; MOST];
    unit[size - 1] = 1.0;
    let variance = solve(&factor, size, unit)[size - 1];
    Some(TrendEffect {
        log_ratio: beta[size - 1],
        standard_error: libm::sqrt(variance),
        dispersion: pearson / (spans.len() - size) as f64,
    })
}

/// Level, powers of time (about the middle, so that they differ), the event at last.
#[inline]
fn row(index: usize, spans: usize, size: usize, event: f64) -> [f64; MOST] {
    let time = (2.0 * index as f64 + 1.0) / spans as f64 - 1.0;
    let mut row = [0.0; MOST];
    let mut power = 1.0;
    for cell in &mut row[..size - 1] {
        *cell = power;
        power *= time;
    }
    row[size - 1] = event;
    row
}

#[inline]
fn dot(a: &[f64; MOST], b: &[f64; MOST]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The normal equations of one step.
#[derive(Default)]
struct Normal {
    left: [[f64; MOST]; MOST],
    right: [f64; MOST],
}

impl Normal {
    #[inline]
    fn add(&mut self, row: &[f64; MOST], size: usize, weight: f64, residual: f64) {
        for i in 0..size {
            self.right[i] += row[i] * residual;
            for j in 0..=i {
                self.left[i][j] += weight * row[i] * row[j];
            }
        }
    }

    /// Cholesky's lower triangle; `None` of a matrix that is not positive definite.
    fn factor(&self, size: usize) -> Option<[[f64; MOST]; MOST]> {
        let mut lower = [[0.0; MOST]; MOST];
        for i in 0..size {
            for j in 0..=i {
                let known: f64 = (0..j).map(|k| lower[i][k] * lower[j][k]).sum();
                let rest = self.left[i][j] - known;
                if i == j {
                    // What rounding leaves of a column that depends on others is no pivot.
                    if rest <= 1e-10 * self.left[i][i] || !rest.is_finite() {
                        return None;
                    }
                    lower[i][i] = libm::sqrt(rest);
                } else {
                    lower[i][j] = rest / lower[j][j];
                }
            }
        }
        Some(lower)
    }
}

/// Solves L L' x = right.
fn solve(lower: &[[f64; MOST]; MOST], size: usize, mut right: [f64; MOST]) -> [f64; MOST] {
    for i in 0..size {
        let known: f64 = (0..i).map(|k| lower[i][k] * right[k]).sum();
        right[i] = (right[i] - known) / lower[i][i];
    }
    for i in (0..size).rev() {
        let known: f64 = (i + 1..size).map(|k| lower[k][i] * right[k]).sum();
        right[i] = (right[i] - known) / lower[i][i];
    }
    right
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn span(count: f64, event: f64) -> CountedSpan {
        CountedSpan {
            count,
            exposure: 1.0,
            event,
        }
    }

    /// Two groups and no trend: the ratio of their means, error sqrt(1/a + 1/b) of their sums.
    /// A trend that is symmetric about the event changes neither.
    #[test]
    fn two_groups_have_the_closed_form() {
        let spans = [100.0, 100.0, 70.0, 70.0, 100.0, 100.0];
        let spans: Vec<_> = spans
            .map(|count| span(count, f64::from(u8::from(count < 100.0))))
            .into();
        for degree in [0, 1] {
            let effect = poisson_trend(&spans, degree).unwrap();
            assert!((effect.ratio_95()[0] - 0.7).abs() < 1e-9);
            let error = (1.0 / 400.0 + 1.0 / 140.0_f64).sqrt();
            assert!((effect.standard_error - error).abs() < 1e-9);
            assert!(effect.dispersion < 1e-9);
        }
    }

    #[test]
    fn what_cannot_be_told_apart_is_none() {
        let all_event: Vec<_> = (0..9).map(|_| span(10.0, 1.0)).collect();
        assert_eq!(poisson_trend(&all_event, 1), None);
        assert_eq!(poisson_trend(&[], 1), None);
        assert_eq!(poisson_trend(&[span(3.0, 0.0), span(2.0, 1.0)], 0), None);
        let nothing: Vec<_> = (0..9).map(|i| span(0.0, f64::from(i / 5))).collect();
        assert_eq!(poisson_trend(&nothing, 0), None);
    }

    proptest! {
        /// Counts that lie on a trend with an effect give both back, whatever the exposure.
        #[test]
        fn an_exact_trend_is_found(
            effect in -0.8f64..0.8, slope in -0.5f64..0.5, level in 2.0f64..6.0, scale in 0.5f64..2.0,
        ) {
            let spans: Vec<_> = (0..30).map(|index| {
                let event = f64::from(u8::from((12..17).contains(&index)));
                let exposure = scale * (1.0 + 0.01 * f64::from(index));
                let time = f64::from(index) / 30.0;
                let count = exposure * (level + slope * time + effect * event).exp();
                CountedSpan { count, exposure, event }
            }).collect();
            let found = poisson_trend(&spans, 1).unwrap();
            prop_assert!((found.log_ratio - effect).abs() < 1e-7);
            // More powers cannot do worse on what is exact.
            let cubic = poisson_trend(&spans, 3).unwrap();
            prop_assert!((cubic.log_ratio - effect).abs() < 1e-6);
            prop_assert!(cubic.standard_error >= found.standard_error);
        }
    }
}

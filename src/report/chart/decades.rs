//! An axis of decades: every tick is ten times the last, or about twice on a short one.

use super::scale::number;

/// A stretch of positive numbers, from one of 1, 2 and 5 times a power of ten to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Decades {
    /// Lowest value.
    pub low: f64,
    /// Highest value.
    pub high: f64,
}

impl Decades {
    /// Covers the positive values, at most `most` decades down from the largest.
    pub(crate) fn covering(values: impl IntoIterator<Item = f64>, most: i32) -> Self {
        let (mut low, mut high) = (f64::INFINITY, 0.0_f64);
        for value in values {
            if value.is_finite() && value > 0.0 {
                (low, high) = (low.min(value), high.max(value));
            }
        }
        if high <= 0.0 {
            return Self {
                low: 1.0,
                high: 10.0,
            };
        }
        let high = round_up(high);
        let low = round_down(low.max(high * libm::pow(10.0, -f64::from(most))));
        Self {
            low: if low < high { low } else { low / 10.0 },
            high,
        }
    }

    /// The powers of ten within; on less than two decades with twice and five times each.
    pub(crate) fn ticks(self) -> impl Iterator<Item = f64> {
        let below = libm::floor(libm::log10(self.low) - 1e-9) as i32;
        let above = libm::floor(libm::log10(self.high) + 1e-9) as i32;
        let units: &[f64] = if self.high > 99.0 * self.low {
            &[1.0]
        } else {
            &[1.0, 2.0, 5.0]
        };
        (below..=above)
            .flat_map(move |exponent| {
                let power = libm::pow(10.0, f64::from(exponent));
                units.iter().map(move |unit| unit * power)
            })
            .filter(move |tick| (self.low * (1.0 - 1e-9)..=self.high * (1.0 + 1e-9)).contains(tick))
    }

    /// Where a value lies from 0 (lowest) to 1 (highest), held within.
    pub(crate) fn part(self, value: f64) -> f64 {
        let whole = libm::log(self.high / self.low);
        (libm::log(value.max(1e-300) / self.low) / whole).clamp(0.0, 1.0)
    }

    /// The words of a tick.
    pub(crate) fn words(tick: f64) -> String {
        let places = (-libm::floor(libm::log10(tick) + 1e-9)).clamp(0.0, 9.0);
        number(tick, places as usize)
    }
}

/// The least of 1, 2 and 5 times a power of ten that is not below a positive value.
pub(crate) fn round_up(value: f64) -> f64 {
    let power = libm::pow(10.0, libm::floor(libm::log10(value)));
    let unit = value / power;
    let round = [1.0, 2.0, 5.0]
        .into_iter()
        .find(|r| unit <= r * (1.0 + 1e-9));
    round.unwrap_or(10.0) * power
}

/// The greatest of 1, 2 and 5 times a power of ten that is not above a positive value.
pub(crate) fn round_down(value: f64) -> f64 {
    let power = libm::pow(10.0, libm::floor(libm::log10(value)));
    let unit = value / power;
    let round = [5.0, 2.0].into_iter().find(|r| unit >= r * (1.0 - 1e-9));
    round.unwrap_or(1.0) * power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decades_cover_what_is_positive() {
        let near = |a: f64, b: f64| (a / b - 1.0).abs() < 1e-12;
        let decades = Decades::covering([0.0, 0.3, 42.0, f64::NAN], 9);
        assert!(near(decades.low, 0.2) && near(decades.high, 50.0));
        let words: Vec<String> = decades.ticks().map(Decades::words).collect();
        assert_eq!(words, ["1", "10"]);
        let short = Decades::covering([2.0, 17.0], 9)
            .ticks()
            .map(Decades::words);
        assert_eq!(short.collect::<Vec<_>>(), ["2", "5", "10", "20"]);
        let within_one = Decades::covering([0.25, 0.3], 9)
            .ticks()
            .map(Decades::words);
        assert_eq!(within_one.collect::<Vec<_>>(), ["0.2", "0.5"]);
        assert!(near(Decades::covering([1e-7, 42.0], 3).low, 0.05));
        for values in [&[10.0][..], &[], &[1e-12], &[3.0, 3.0]] {
            let decades = Decades::covering(values.iter().copied(), 4);
            assert!(decades.low < decades.high && decades.low > 0.0);
            for &value in values {
                assert!((decades.low..=decades.high).contains(&value));
            }
        }
        assert_eq!((decades.part(0.0), decades.part(1e9)), (0.0, 1.0));
        assert!(near(round_up(21.0), 50.0) && near(round_down(21.0), 20.0));
        assert!(near(round_up(20.0), 20.0) && near(round_down(0.5), 0.5));
    }
}

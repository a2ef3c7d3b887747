//! An axis of decades: every tick is ten times the last.

use super::scale::number;

/// Powers of ten that cover some values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Decades {
    /// Exponent of the lowest tick.
    pub low: i32,
    /// Exponent of the highest.
    pub high: i32,
}

impl Decades {
    /// Covers the positive values, at most `most` decades down from the largest.
    pub(crate) fn covering(values: impl IntoIterator<Item = f64>, most: i32) -> Self {
        let (mut low, mut high) = (f64::INFINITY, 0.0_f64);
        for value in values.into_iter().filter(|v| v.is_finite() && *v > 0.0) {
            (low, high) = (low.min(value), high.max(value));
        }
        if high <= 0.0 {
            return Self { low: 0, high: 1 };
        }
        let exponent = |value: f64| libm::log10(value).clamp(-300.0, 300.0);
        let high = libm::ceil(exponent(high) - 1e-9) as i32;
        let low = (libm::floor(exponent(low) + 1e-9) as i32).max(high - most);
        Self {
            low: low.min(high - 1),
            high,
        }
    }

    /// The ticks.
    pub(crate) fn ticks(self) -> impl Iterator<Item = f64> {
        (self.low..=self.high).map(|exponent| libm::pow(10.0, f64::from(exponent)))
    }

    /// Where a value lies from 0 (lowest) to 1 (highest), held within.
    pub(crate) fn part(self, value: f64) -> f64 {
        let whole = f64::from(self.high - self.low);
        let exponent = libm::log10(value.max(1e-300));
        ((exponent - f64::from(self.low)) / whole).clamp(0.0, 1.0)
    }

    /// The words of a tick.
    pub(crate) fn words(tick: f64) -> String {
        let places = (-libm::floor(libm::log10(tick) + 1e-9)).clamp(0.0, 9.0);
        number(tick, places as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decades_cover_what_is_positive() {
        let decades = Decades::covering([0.0, 0.3, 42.0, f64::NAN], 9);
        assert_eq!((decades.low, decades.high), (-1, 2));
        assert_eq!(Decades::covering([0.001, 42.0], 3).low, -1);
        assert_eq!(Decades::covering([10.0], 9), Decades { low: 0, high: 1 });
        assert_eq!(Decades::covering([], 9), Decades { low: 0, high: 1 });
        let words: Vec<String> = decades.ticks().map(Decades::words).collect();
        assert_eq!(words, ["0.1", "1", "10", "100"]);
        assert!((decades.part(1.0) - 1.0 / 3.0).abs() < 1e-12);
        assert_eq!((decades.part(0.0), decades.part(1e9)), (0.0, 1.0));
    }
}

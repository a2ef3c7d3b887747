//! From values to places: round ticks, and numbers as a newspaper prints them.

use super::ink::SMALL_PT;
use super::lettering::{Weight, width_pt};
pub(crate) use crate::report::numerals::{digits_for, digits_of, number, signed};

/// An axis of values with round ticks.
#[derive(Debug, Clone)]
pub(crate) struct Scale {
    pub low: f64,
    pub high: f64,
    pub step: f64,
}

impl Scale {
    /// A unit for the heading of what stands on this axis, with a warning where it begins above
    /// zero.
    pub(crate) fn unit(&self, unit: &str) -> String {
        if self.low > 0.0 {
            format!("{unit} (axis does not start at 0)")
        } else {
            unit.to_owned()
        }
    }

    /// Covers the finite values, widened to round ticks where they come near one, about `count` of them. With
    /// `from_zero` zero is included.
    pub(crate) fn covering(
        values: impl IntoIterator<Item = f64>,
        count: u32,
        from_zero: bool,
    ) -> Self {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values
            .into_iter()
            .filter(|value| value.is_finite() && value.abs() < 1e15)
        {
            low = low.min(value);
            high = high.max(value);
        }
        if from_zero || low > high {
            low = low.min(0.0);
            high = high.max(0.0);
        }
        if high - low < 1e-9 * high.abs().max(low.abs()) || high - low < 1e-12 {
            // A constant: give it room, zero at the foot where that is natural.
            let room = if high == 0.0 { 1.0 } else { high.abs() * 0.2 };
            if low != 0.0 || from_zero {
                high += room
            } else {
                high = room
            }
            if low < 0.0 || !from_zero && low > 0.0 {
                low -= room;
            }
        }
        let step = round_step((high - low) / f64::from(count.max(1)));
        let room = 0.03 * (high - low);
        let (floor, ceiling) = (
            libm::floor(low / step + 1e-9),
            libm::ceil(high / step - 1e-9),
        );
        // A value that hardly passes a tick does not claim a whole step of paper.
        let hardly = 0.45 * step;
        let (floor, ceiling) = (floor * step, ceiling * step);
        let under = if floor + step - low < hardly {
            (low - room).max(floor)
        } else {
            floor
        };
        let over = if high - (ceiling - step) < hardly {
            (high + room).min(ceiling)
        } else {
            ceiling
        };
        Self {
            low: under,
            high: if over > under { over } else { under + step },
            step,
        }
    }

    /// The ticks from the lowest to the highest.
    pub(crate) fn ticks(&self) -> Vec<f64> {
        let first = libm::ceil(self.low / self.step - 1e-9);
        let last = libm::floor(self.high / self.step + 1e-9);
        let count = (last - first).clamp(0.0, 100.0) as u32;
        (0..=count)
            .map(|index| (first + f64::from(index)) * self.step)
            .collect()
    }

    /// The words of a tick.
    pub(crate) fn words(&self, tick: f64) -> String {
        number(tick, digits_of(self.step))
    }

    /// The width of the widest tick's words.
    pub(crate) fn words_width(&self) -> f64 {
        self.ticks()
            .into_iter()
            .map(|tick| width_pt(&self.words(tick), SMALL_PT, Weight::Regular))
            .fold(0.0, f64::max)
    }

    /// Where a value lies from 0 (lowest) to 1 (highest), held within.
    pub(crate) fn part(&self, value: f64) -> f64 {
        ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }
}

/// The next 1, 2 or 5 times a power of ten.
fn round_step(rough: f64) -> f64 {
    if !rough.is_finite() || rough <= 0.0 {
        return 1.0;
    }
    let power = libm::pow(10.0, libm::floor(libm::log10(rough)));
    let unit = rough / power;
    let round = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .find(|r| unit <= r + 1e-9)
        .unwrap_or(10.0);
    round * power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_are_round_and_cover() {
        let scale = Scale::covering([3.0, 47.0], 4, true);
        assert_eq!((scale.low, scale.high, scale.step), (0.0, 48.41, 20.0));
        assert_eq!(scale.ticks(), vec![0.0, 20.0, 40.0]);
        assert_eq!(Scale::covering([3.0, 51.0], 4, true).high, 60.0);
        for values in [
            vec![],
            vec![0.0],
            vec![5.0, 5.0],
            vec![-3.0],
            vec![f64::NAN, 1e-7],
            vec![-1e9, 1e12],
        ] {
            for zero in [true, false] {
                let scale = Scale::covering(values.iter().copied(), 4, zero);
                assert!(
                    scale.high > scale.low && scale.step > 0.0,
                    "{values:?} {scale:?}"
                );
                for value in values.iter().filter(|v| v.is_finite()) {
                    assert!(
                        (scale.low..=scale.high).contains(value),
                        "{values:?} {scale:?}"
                    );
                }
                assert!(
                    (2..12).contains(&scale.ticks().len()),
                    "{values:?} {scale:?}"
                );
            }
        }
    }
}

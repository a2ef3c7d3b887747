//! Hourly load with the maxima that let whole weeks be skipped.

use crate::quantity::{Energy, Instant, MS_PER_HOUR, Power, Span};

/// Load hour by hour, with the maximum of every day and week.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LoadProfile {
    /// Load of each hour.
    pub hourly: Vec<Power>,
    /// Largest load of each day of 24 hours, counted from the start.
    pub day_maximum: Vec<Power>,
    /// Largest load of each week of 168 hours, counted from the start.
    pub week_maximum: Vec<Power>,
    /// Largest load of all.
    pub maximum: Power,
    /// Energy of all hours before each, and of all at last, Wh.
    before_wh: Vec<i64>,
}

impl LoadProfile {
    /// Builds the maxima over an hourly series.
    pub fn new(hourly: Vec<Power>) -> Self {
        let mut profile = Self {
            hourly,
            ..Self::default()
        };
        profile.refresh_maxima();
        profile
    }

    /// The profile times a factor, each hour rounded to the watt.
    pub fn scaled(&self, factor: f64) -> Self {
        let scale = |hour: &Power| Power(libm::rint(hour.0 as f64 * factor) as i64);
        Self::new(self.hourly.iter().map(scale).collect())
    }

    /// Computes the maxima again after the hours have changed.
    pub fn refresh_maxima(&mut self) {
        let largest = |hours: &[Power]| hours.iter().copied().fold(Power(i64::MIN), Power::max);
        self.day_maximum.clear();
        self.day_maximum.extend(self.hourly.chunks(24).map(largest));
        self.week_maximum.clear();
        self.week_maximum
            .extend(self.day_maximum.chunks(7).map(largest));
        self.maximum = largest(&self.week_maximum);
        let mut sum = 0;
        self.before_wh.clear();
        self.before_wh.push(0);
        self.before_wh.extend(self.hourly.iter().map(|load| {
            sum += load.0;
            sum
        }));
    }

    /// Energy from the start up to a moment; after the last hour it grows no more.
    fn energy_before(&self, moment: Instant) -> Energy {
        let hour = (moment.0.max(0) / MS_PER_HOUR) as usize;
        let hour = hour.min(self.hourly.len());
        let whole = Power(self.before_wh.get(hour).copied().unwrap_or(0)) * Span(MS_PER_HOUR);
        let part = Span(moment.0.max(0) - hour as i64 * MS_PER_HOUR);
        let load = self.hourly.get(hour).copied().unwrap_or_default();
        whole + load * part
    }

    /// Energy between two moments.
    pub fn energy(&self, from: Instant, until: Instant) -> Energy {
        self.energy_before(until) - self.energy_before(from)
    }

    /// The first hour of a day of 24, counted from the start, with its largest load.
    pub fn peak_hour(&self, day: usize) -> Option<usize> {
        let largest = self.day_maximum.get(day)?;
        let hours = self.hourly.get(24 * day..)?;
        Some(24 * day + hours.iter().position(|load| load == largest)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn energy_and_peaks_are_those_of_the_hours() {
        let hours = (0..30).map(|hour| Power(if hour == 7 || hour == 9 { 50 } else { hour }));
        let profile = LoadProfile::new(hours.collect());
        let at = |hours: f64| Instant(Span::from_hours(hours).0);
        let energy = profile.energy(at(6.5), at(8.25));
        // Half of 6, 50, a quarter of 8 W h.
        assert_eq!(energy, Power(55) * Span(MS_PER_HOUR));
        assert_eq!(
            profile.energy(at(29.0), at(40.0)),
            Power(29) * Span(MS_PER_HOUR)
        );
        assert_eq!(profile.energy(at(-1.0), at(0.0)), Energy(0));
        assert_eq!(
            [0, 1, 2].map(|day| profile.peak_hour(day)),
            [Some(7), Some(29), None]
        );
    }
}

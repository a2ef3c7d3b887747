//! Hourly load with the maxima that let whole weeks be skipped.

use crate::quantity::Power;

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
    }
}

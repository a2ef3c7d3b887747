//! Time as whole milliseconds since the start of a scenario.

use super::additive;
use serde::{Deserialize, Serialize};

/// Milliseconds in a second.
pub const MS_PER_SECOND: i64 = 1_000;
/// Milliseconds in a minute.
pub const MS_PER_MINUTE: i64 = 60_000;
/// Milliseconds in an hour.
pub const MS_PER_HOUR: i64 = 3_600_000;
/// Milliseconds in a day.
pub const MS_PER_DAY: i64 = 86_400_000;

/// A point in time: milliseconds since the scenario's start.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Instant(pub i64);

/// A length of time in milliseconds.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Span(pub i64);

additive!(Span, i64);

impl Instant {
    /// The scenario's start.
    pub const START: Self = Self(0);
    /// Later than anything that happens.
    pub const NEVER: Self = Self(i64::MAX);

    /// The whole hour that holds this instant, counted from the start.
    pub const fn hour(self) -> i64 {
        self.0.div_euclid(MS_PER_HOUR)
    }
    /// The whole day that holds this instant, counted from the start.
    pub const fn day(self) -> i64 {
        self.0.div_euclid(MS_PER_DAY)
    }
    /// The earlier of two.
    pub fn min(self, other: Self) -> Self {
        Self(self.0.min(other.0))
    }
    /// The later of two.
    pub fn max(self, other: Self) -> Self {
        Self(self.0.max(other.0))
    }
}

impl Span {
    /// From hours, rounded to the nearest millisecond; saturates at about 292 million years.
    #[inline]
    pub fn from_hours(hours: f64) -> Self {
        Self(super::round_half_even(hours * MS_PER_HOUR as f64))
    }
    /// From minutes, rounded to the nearest millisecond.
    pub fn from_minutes(minutes: f64) -> Self {
        Self(libm::rint(minutes * MS_PER_MINUTE as f64) as i64)
    }
    /// As hours.
    pub fn hours(self) -> f64 {
        self.0 as f64 / MS_PER_HOUR as f64
    }
}

impl std::ops::Add<Span> for Instant {
    type Output = Instant;
    /// Saturates at [`Instant::NEVER`], so that a drawn time beyond the horizon stays beyond it.
    fn add(self, span: Span) -> Instant {
        Instant(self.0.saturating_add(span.0))
    }
}

impl std::ops::Sub for Instant {
    type Output = Span;
    fn sub(self, earlier: Instant) -> Span {
        Span(self.0 - earlier.0)
    }
}

//! Power in watts and energy in watt-milliseconds.

use super::{MS_PER_HOUR, Span, additive, div_round_half_even};
use serde::{Deserialize, Serialize};

/// Power in whole watts.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Power(pub i64);

/// Energy in watt-milliseconds, wide enough for any sum over any horizon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Energy(pub i128);

additive!(Power, i64);
additive!(Energy, i128);

impl Power {
    /// From megawatts, rounded once to the nearest watt (half to even).
    pub fn from_megawatts(megawatts: f64) -> Self {
        Self(libm::rint(megawatts * 1e6) as i64)
    }
    /// As megawatts.
    pub fn megawatts(self) -> f64 {
        self.0 as f64 / 1e6
    }
}

impl Energy {
    /// The recorded quantum: whole watt-hours, rounded half to even.
    pub fn watt_hours(self) -> i64 {
        div_round_half_even(self.0, MS_PER_HOUR as i128) as i64
    }
}

impl std::ops::Mul<Span> for Power {
    type Output = Energy;
    fn mul(self, span: Span) -> Energy {
        Energy(i128::from(self.0) * i128::from(span.0))
    }
}

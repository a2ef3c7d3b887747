//! Hashrate in GH/s, hashes in GH/s·ms, efficiency in mJ/TH.

use super::{Power, Span, additive, div_round_half_even};
use serde::{Deserialize, Serialize};

/// Hashrate in whole gigahashes a second (1 EH/s = 1e9 of them).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Hashrate(pub i64);

/// Hashes in GH/s·ms, that is in units of 1e6 hashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Hashes(pub i128);

/// Energy for a hash in millijoules a terahash (1 J/TH = 1000 of them).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Efficiency(pub i64);

additive!(Hashrate, i64);
additive!(Hashes, i128);

/// 1 PH (1e15 hashes), the recorded quantum, in units of [`Hashes`].
const UNITS_PER_PETAHASH: i128 = 1_000_000_000;

impl Hashrate {
    /// From exahashes a second, rounded to the nearest GH/s.
    pub fn from_exahashes(exahashes: f64) -> Self {
        Self(libm::rint(exahashes * 1e9) as i64)
    }
    /// As exahashes a second.
    pub fn exahashes(self) -> f64 {
        self.0 as f64 / 1e9
    }
}

impl Hashes {
    /// The recorded quantum: whole petahashes (1e15 hashes), rounded half to even.
    pub fn petahashes(self) -> i64 {
        div_round_half_even(self.0, UNITS_PER_PETAHASH) as i64
    }
}

impl Efficiency {
    /// From joules a terahash.
    pub fn from_joules_per_terahash(joules: f64) -> Self {
        Self(libm::rint(joules * 1e3) as i64)
    }
    /// As joules a terahash.
    pub fn joules_per_terahash(self) -> f64 {
        self.0 as f64 / 1e3
    }
}

impl std::ops::Mul<Span> for Hashrate {
    type Output = Hashes;
    fn mul(self, span: Span) -> Hashes {
        Hashes(i128::from(self.0) * i128::from(span.0))
    }
}

impl std::ops::Mul<Efficiency> for Hashrate {
    type Output = Power;
    /// GH/s times mJ/TH is microwatts; rounded once to the nearest watt.
    fn mul(self, efficiency: Efficiency) -> Power {
        let microwatts = i128::from(self.0) * i128::from(efficiency.0);
        Power(div_round_half_even(microwatts, 1_000_000) as i64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_petahash_per_second_at_e_joules_draws_e_kilowatts() {
        let power = Hashrate(1_000_000) * Efficiency::from_joules_per_terahash(34.2);
        assert_eq!(power, Power(34_200));
    }

    #[test]
    fn a_petahash_is_1e15_hashes() {
        assert_eq!((Hashrate(1_000_000) * Span(1_000)).petahashes(), 1);
    }
}

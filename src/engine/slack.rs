//! How much may go before anybody can be short, so that a market is told only where it matters.

use super::marks::Marks;
use crate::dispatch::Market;

/// What zones have to spare, and for how much less of it, all zones together, nobody can be short.
#[derive(Debug, Clone, Default)]
pub(super) struct Slack {
    /// What each zone had when it was last noted, W.
    spare: Vec<i64>,
    /// W; not known where negative.
    least: i64,
    /// Zones of which the market has not been told yet, and the levels of its offers that each of
    /// them has changed meanwhile, one bit each.
    pub untold: Marks,
    levels: Vec<u64>,
}

impl Slack {
    /// Nothing is known of so many zones.
    pub fn none(zones: usize) -> Self {
        Self {
            spare: vec![0; zones],
            least: -1,
            untold: Marks::none(zones),
            levels: vec![0; zones],
        }
    }

    /// How much may go is not known any more.
    pub fn forget(&mut self) {
        self.least = -1;
    }

    /// A zone now has so much to spare, W. Whoever notes it marks it as untold, too.
    #[inline]
    pub fn note(&mut self, zone: usize, spare: i64) {
        let before = std::mem::replace(&mut self.spare[zone], spare);
        // It falls as often as it rises, so no branch.
        let if_fallen = self.least + (spare - before);
        self.least = self.least.min(if_fallen);
    }

    /// A zone has changed its offers at a set of levels.
    #[inline]
    pub fn owe_levels(&mut self, zone: usize, levels: u64) {
        self.levels[zone] |= levels;
    }

    /// The levels of a zone's offers that the market is now told of.
    #[inline]
    pub fn take_levels(&mut self, zone: usize) -> u64 {
        std::mem::take(&mut self.levels[zone])
    }

    /// Nobody can be short.
    #[inline]
    pub fn suffices(&self) -> bool {
        self.least >= 0
    }

    /// Asks a market how much may go; true where somebody is short.
    pub fn is_short(&mut self, market: &mut Market) -> bool {
        self.least = market.slack_of(&self.spare);
        self.least < 0
    }
}

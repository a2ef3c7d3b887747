//! How much may go before anybody can be short, so that a market is asked only where it matters.

/// What zones have to spare may fall by so much, all together, before anybody can be short.
///
/// Each change that takes something says so as it happens; what rises is not counted, so that
/// the least is never too high. See [`crate::dispatch::Market::slack_of`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Slack {
    /// W; not known where negative.
    least: i64,
}

impl Slack {
    /// Nothing is known.
    pub const UNKNOWN: Self = Self { least: -1 };

    /// Some zone has so much less to spare, W, or more where negative.
    #[inline]
    pub fn fall(&mut self, less: i64) {
        // It falls as often as it rises, so no branch.
        let if_fallen = self.least - less;
        self.least = self.least.min(if_fallen);
    }

    /// Nobody can be short.
    #[inline]
    pub fn suffices(self) -> bool {
        self.least >= 0
    }

    /// A market has said how much may go; true where somebody is short.
    #[inline]
    pub fn learn(&mut self, least: i64) -> bool {
        self.least = least;
        least < 0
    }
}

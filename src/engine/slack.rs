//! How much may go before anybody can be short, so that a market is asked only where it matters.

/// What the one with the least has to spare, W, negative where somebody is short: at least so much,
/// and where somebody is short at most so much.
///
/// It falls by no more than all zones lose together, and rises by no more than they gain. Each
/// change says so as it happens; what they gain is not counted for the least, nor what they lose
/// for the most. See [`crate::dispatch::Market::slack_of`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Slack {
    least: i64,
    /// Not known where not negative.
    most: i64,
}

impl Slack {
    /// Nothing is known.
    pub const UNKNOWN: Self = Self { least: -1, most: 0 };

    /// Some zone has so much less to spare, W, or more where negative.
    #[inline]
    pub fn fall(&mut self, less: i64) {
        // It falls as often as it rises, so no branch.
        let lost = less.max(0);
        self.change(lost, lost - less);
    }

    /// Zones have lost and gained so much to spare, all together, W.
    #[inline]
    pub fn change(&mut self, lost: i64, gained: i64) {
        self.least -= lost;
        self.most += gained;
    }

    /// Whether somebody is short; none where that must be asked.
    #[inline]
    pub fn is_short(self) -> Option<bool> {
        (self.least >= 0 || self.most < 0).then_some(self.most < 0)
    }

    /// A market has said how much there is to spare; true where somebody is short.
    #[inline]
    pub fn learn(&mut self, slack: i64) -> bool {
        (self.least, self.most) = (slack, slack.min(0));
        slack < 0
    }
}

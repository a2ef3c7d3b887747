//! What is left of a farm, and which cause takes the rest.

use crate::quantity::Share;

/// Why hashes are missing, in the order in which a missing hash is charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(usize)]
pub enum Cause {
    /// No supply: plant or zone outage, local power, shedding.
    Supply = 0,
    /// An order of the operator.
    Order = 1,
    /// A contract's call.
    Contract = 2,
    /// It does not pay.
    Price = 3,
    /// No path to a pool.
    Link = 4,
    /// Coming back after any of these.
    Restart = 5,
    /// Throttled by heat.
    Heat = 6,
    /// Work that arrived too late.
    Stale = 7,
}

impl Cause {
    /// How many causes there are.
    pub const COUNT: usize = 8;
    /// All causes in their order.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Supply,
        Self::Order,
        Self::Contract,
        Self::Price,
        Self::Link,
        Self::Restart,
        Self::Heat,
        Self::Stale,
    ];

    /// Its name in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Supply => "supply",
            Self::Order => "order",
            Self::Contract => "contract",
            Self::Price => "price",
            Self::Link => "link",
            Self::Restart => "restart",
            Self::Heat => "heat",
            Self::Stale => "stale",
        }
    }
}

/// One million: the whole in parts per million.
pub(super) const WHOLE: i64 = Share::ONE.0;

/// A share of a share, both from nothing to the whole, rounded down.
#[inline]
fn part(share: i64, of: i64) -> i64 {
    Share(share).part_of(of)
}

/// What each cause by itself takes of a farm's installed machines, in parts per million: of
/// supply, orders, the contract, the price and the link all but what they leave; then what is
/// still coming back, what heat takes of the machines that run, and the work that arrives too
/// late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shares {
    /// In the order of [`Cause`].
    pub taken: [i64; Cause::COUNT],
}

impl Shares {
    /// What is left after each cause in turn; the last is what hashes effectively.
    ///
    /// Orders, contract, price and link are ceilings on the same machines, so the least counts;
    /// supply takes its share of whatever the others leave.
    #[inline]
    pub fn levels(&self) -> [i64; Cause::COUNT] {
        let [
            supply,
            order,
            contract,
            price,
            link,
            restarting,
            heat,
            stale,
        ] = self.taken;
        let contracted = order.max(contract);
        let paying = contracted.max(price);
        let linked = paying.max(link);
        let [order, contracted, paying, linked] =
            [order, contracted, paying, linked].map(|taken| WHOLE - taken);
        let ready = (linked - restarting).max(0);
        if self.is_calm() {
            let fresh = ready - part(stale, ready);
            return [
                WHOLE, order, contracted, paying, linked, ready, ready, fresh,
            ];
        }
        let supply = WHOLE - supply;
        let running = part(supply, ready);
        let cool = running - part(heat, running);
        let fresh = cool - part(stale, cool);
        [
            supply,
            part(supply, order),
            part(supply, contracted),
            part(supply, paying),
            part(supply, linked),
            running,
            cool,
            fresh,
        ]
    }

    /// All supply and no heat, as mostly: what is ready runs.
    #[inline]
    fn is_calm(&self) -> bool {
        self.taken[Cause::Supply as usize] | self.taken[Cause::Heat as usize] == 0
    }

    /// What hashes effectively: the last of [`Shares::levels`].
    #[inline]
    pub fn effective(&self) -> i64 {
        let [_, order, contract, price, link, restarting, ..] = self.taken;
        let linked = WHOLE - order.max(contract).max(price).max(link);
        self.fresh_of((linked - restarting).max(0))
    }

    /// What hashes effectively of machines that are ready.
    #[inline]
    fn fresh_of(&self, ready: i64) -> i64 {
        let [supply, .., heat, stale] = self.taken;
        let cool = if self.is_calm() {
            ready
        } else {
            let running = part(WHOLE - supply, ready);
            running - part(heat, running)
        };
        cool - part(stale, cool)
    }

    /// The most that one of the ceilings takes, and the most that one of the others does.
    #[inline]
    pub fn most_by_ceilings(&self) -> [i64; 2] {
        let [_, order, contract, price, link, ..] = self.taken;
        let (one, other) = (
            (order.max(contract), order.min(contract)),
            (price.max(link), price.min(link)),
        );
        [
            one.0.max(other.0),
            one.0.min(other.0).max(one.1.max(other.1)),
        ]
    }

    /// What would hash effectively if a cause alone were gone that takes something; `most` are
    /// [`Shares::most_by_ceilings`].
    #[inline]
    pub fn effective_without(&self, cause: Cause, most: [i64; 2]) -> i64 {
        let mut left = *self;
        let taken = std::mem::take(&mut left.taken[cause as usize]);
        let is_ceiling = (Cause::Order..=Cause::Link).contains(&cause);
        let ceiling = if is_ceiling && taken == most[0] {
            most[1]
        } else {
            most[0]
        };
        let restarting = left.taken[Cause::Restart as usize];
        left.fresh_of((WHOLE - ceiling - restarting).max(0))
    }
}

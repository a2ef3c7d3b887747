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

/// A share of a share, both from nothing to the whole, rounded down: [`Share::of`] at less cost.
#[inline]
fn part(share: i64, of: i64) -> i64 {
    (share as u64 * of as u64 / WHOLE as u64) as i64
}

/// What is left of a farm's installed machines after each cause, in parts per million.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shares {
    /// Share with supply.
    pub supply: i64,
    /// Share the orders in force and the ladder leave.
    pub order: i64,
    /// Share the contract leaves.
    pub contract: i64,
    /// Share that pays: all or nothing.
    pub price: i64,
    /// Share with a path to a pool: all or nothing.
    pub link: i64,
    /// Share that is still coming back.
    pub restarting: i64,
    /// Share lost to heat.
    pub heat: i64,
    /// Share of work that arrives too late.
    pub stale: i64,
}

impl Shares {
    /// Nothing is missing.
    pub const WHOLE: Self = Self {
        supply: WHOLE,
        order: WHOLE,
        contract: WHOLE,
        price: WHOLE,
        link: WHOLE,
        restarting: 0,
        heat: 0,
        stale: 0,
    };

    /// What is left after each cause in turn; the last is what hashes effectively.
    ///
    /// Orders, contract and price are ceilings on the same machines, so the least counts;
    /// supply takes its share of whatever the others leave.
    #[inline]
    pub fn levels(&self) -> [i64; Cause::COUNT] {
        let ordered = self.order;
        let contracted = ordered.min(self.contract);
        let paying = contracted.min(self.price);
        let linked = paying.min(self.link);
        let ready = (linked - self.restarting).max(0);
        if self.is_calm() {
            let fresh = ready - part(self.stale, ready);
            return [
                WHOLE, ordered, contracted, paying, linked, ready, ready, fresh,
            ];
        }
        let supplied = |share: i64| part(self.supply, share);
        let running = supplied(ready);
        let cool = running - part(self.heat, running);
        let fresh = cool - part(self.stale, cool);
        [
            self.supply,
            supplied(ordered),
            supplied(contracted),
            supplied(paying),
            supplied(linked),
            running,
            cool,
            fresh,
        ]
    }

    /// All supply and no heat, as mostly: what is ready runs.
    #[inline]
    fn is_calm(&self) -> bool {
        self.supply == WHOLE && self.heat == 0
    }

    /// What hashes effectively: the last of [`Shares::levels`].
    #[inline]
    pub fn effective(&self) -> i64 {
        let linked = self.order.min(self.contract).min(self.price).min(self.link);
        self.fresh_of((linked - self.restarting).max(0))
    }

    /// What hashes effectively of machines that are ready.
    #[inline]
    fn fresh_of(&self, ready: i64) -> i64 {
        let cool = if self.is_calm() {
            ready
        } else {
            let running = part(self.supply, ready);
            running - part(self.heat, running)
        };
        cool - part(self.stale, cool)
    }

    /// The lowest of the ceilings, and the lowest of the others.
    #[inline]
    pub fn lowest_ceilings(&self) -> [i64; 2] {
        let (one, other) = (
            (self.order.min(self.contract), self.order.max(self.contract)),
            (self.price.min(self.link), self.price.max(self.link)),
        );
        [
            one.0.min(other.0),
            one.0.max(other.0).min(one.1.min(other.1)),
        ]
    }

    /// What would hash effectively if a cause alone were gone that takes `taken`; `lowest` are
    /// [`Shares::lowest_ceilings`].
    #[inline]
    pub fn effective_without(&self, cause: Cause, taken: i64, lowest: [i64; 2]) -> i64 {
        let unless = |gone: Cause, share: i64, untaken: i64| {
            if cause == gone { untaken } else { share }
        };
        let is_ceiling = (Cause::Order..=Cause::Link).contains(&cause);
        let is_lowest = is_ceiling && WHOLE - taken == lowest[0];
        let linked = if is_lowest { lowest[1] } else { lowest[0] };
        let restarting = unless(Cause::Restart, self.restarting, 0);
        let left = Self {
            supply: unless(Cause::Supply, self.supply, WHOLE),
            heat: unless(Cause::Heat, self.heat, 0),
            stale: unless(Cause::Stale, self.stale, 0),
            ..*self
        };
        left.fresh_of((linked - restarting).max(0))
    }

    /// What each cause alone would take.
    #[inline]
    pub fn taken(&self) -> [i64; Cause::COUNT] {
        [
            WHOLE - self.supply,
            WHOLE - self.order,
            WHOLE - self.contract,
            WHOLE - self.price,
            WHOLE - self.link,
            self.restarting,
            self.heat,
            self.stale,
        ]
    }
}

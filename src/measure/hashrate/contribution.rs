//! What one farm adds to the country's rates, and how a change of it moves them.

use super::{CAUSES, rate};
use crate::engine::{Cause, FarmState, Shares};
use crate::measure::Ledger;
use crate::quantity::{Hashrate, Instant, Share, round_half_even};
use crate::system::Farm;

/// What one farm adds to the ledger.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Contribution {
    /// Installed, GH/s.
    installed: i64,
    /// What pools keep of the farm's earnings.
    fee: Share,
    tariff_usd_mwh: f64,
    shares: Option<Shares>,
    /// Causes that take something, one bit each.
    taking: u32,
    /// The pool it mines to, and what it finds there, GH/s.
    pool: usize,
    in_pool: i64,
    power: i64,
    wasted: i64,
    bill: i64,
    effective: i64,
    paid: i64,
    /// What brought the machines down that restart, and what these are, GH/s.
    after: usize,
    restarting: i64,
    of_causes: [[i64; rate::OF_CAUSE]; CAUSES],
}

/// What the state tells of a farm.
pub(super) struct Look<'a> {
    pub farm: &'a FarmState,
    /// What it draws, W.
    pub power: i64,
    pub now: Instant,
    /// National figures only.
    pub light: bool,
}

impl Contribution {
    /// A farm of which nothing was seen yet.
    pub fn new(farm: &Farm, installed: Hashrate) -> Self {
        Self {
            installed: installed.0,
            fee: Share::from_f64(farm.pool_fee),
            tariff_usd_mwh: farm.tariff_usd_mwh,
            shares: None,
            taking: 0,
            pool: 0,
            in_pool: 0,
            power: 0,
            wasted: 0,
            bill: 0,
            effective: 0,
            paid: 0,
            after: 0,
            restarting: 0,
            of_causes: [[0; rate::OF_CAUSE]; CAUSES],
        }
    }

    /// Looks at the farm again.
    #[inline]
    pub fn look(&mut self, ledger: &mut Ledger, look: &Look<'_>) {
        let Look { farm, now, .. } = *look;
        self.draw(ledger, look);
        let shares = farm.shares();
        if self.shares != Some(shares) {
            self.shares = Some(shares);
            self.find(ledger, &shares, look);
        }
        let (after, restarting) = (
            farm.trigger as usize,
            self.of_causes[Cause::Restart as usize][0],
        );
        if self.after != after {
            put(
                ledger,
                rate::AFTER + self.after,
                &mut self.restarting,
                0,
                now,
            );
            self.after = after;
        }
        put(
            ledger,
            rate::AFTER + after,
            &mut self.restarting,
            restarting,
            now,
        );
    }

    /// What it draws, and pays for.
    #[inline]
    fn draw(&mut self, ledger: &mut Ledger, look: &Look<'_>) {
        let (power, now) = (look.power, look.now);
        let wasted = if look.farm.link { 0 } else { power };
        if self.power != power {
            put(ledger, rate::POWER, &mut self.power, power, now);
            let bill = round_half_even(power as f64 * self.tariff_usd_mwh);
            put(ledger, rate::BILL, &mut self.bill, bill, now);
        }
        put(ledger, rate::WASTED, &mut self.wasted, wasted, now);
    }

    /// What it finds, and what it misses by cause.
    #[inline]
    fn find(&mut self, ledger: &mut Ledger, shares: &Shares, look: &Look<'_>) {
        let now = look.now;
        let installed = self.installed;
        let of = |share: i64| Share(share).of(installed);
        let (levels, taken) = (shares.levels(), shares.taken());
        let effective = of(levels[CAUSES - 1]);
        let lowest = shares.lowest_ceilings();
        // Most causes take nothing, and took nothing before.
        let taking = set_of(&taken);
        let looked_at = taking | std::mem::replace(&mut self.taking, taking);
        let mut above = installed;
        for cause in places(looked_at) {
            let left = of(levels[cause]);
            let first = above - left;
            above = left;
            let old = &mut self.of_causes[cause];
            let new = if look.light {
                [first, old[1], old[2]]
            } else if taken[cause] == 0 {
                [first, 0, 0]
            } else {
                let taken = taken[cause];
                let alone = shares.effective_without(Cause::ALL[cause], taken, lowest);
                let only = of(alone) - effective;
                [first, installed - of(Share::ONE.0 - taken), only]
            };
            ledger.replace(rate::of_cause(cause), old, new, now);
        }
        put(ledger, rate::EFFECTIVE, &mut self.effective, effective, now);
        let paid = effective - self.fee.of(effective);
        put(ledger, rate::PAID, &mut self.paid, paid, now);
    }

    /// What it finds, for its pool and by itself; `of_farm` is where its own rate stands.
    #[inline]
    pub fn tell_pool(&mut self, ledger: &mut Ledger, pool: usize, of_farm: usize, now: Instant) {
        let (was, found) = (self.in_pool, self.effective);
        if (self.pool, was) == (pool, found) {
            return;
        }
        if self.pool != pool {
            put(ledger, rate::of_pool(self.pool), &mut self.in_pool, 0, now);
            self.pool = pool;
        }
        put(ledger, rate::of_pool(pool), &mut self.in_pool, found, now);
        if found != was {
            ledger.add(of_farm, found - was, now);
        }
    }
}

/// Moves one of a farm's rates, and the country's with it.
#[inline(always)]
fn put(ledger: &mut Ledger, at: usize, old: &mut i64, new: i64, now: Instant) {
    let change = new - *old;
    if change != 0 {
        *old = new;
        ledger.add(at, change, now);
    }
}

/// The places of amounts that are something, one bit each.
#[inline]
fn set_of(amounts: &[i64; CAUSES]) -> u32 {
    let bits = amounts.iter().rev().map(|&amount| u32::from(amount != 0));
    bits.fold(0, |set, bit| set << 1 | bit)
}

/// The places in a set, in order.
#[inline]
fn places(mut set: u32) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        if set == 0 {
            return None;
        }
        let place = set.trailing_zeros() as usize % CAUSES;
        set &= set - 1;
        Some(place)
    })
}

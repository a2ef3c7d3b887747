//! What one farm adds to the country's rates, and how a change of it moves them.

use super::{CAUSES, rate};
use crate::engine::{Cause, FarmState, Shares};
use crate::measure::ledger::{First, Ledger};
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
    /// What each cause took when last seen, parts per million.
    taken: [i64; CAUSES],
    /// The pool it mines to, and what it finds there, GH/s.
    pool: usize,
    in_pool: i64,
    power: i64,
    wasted: i64,
    bill: i64,
    effective: i64,
    paid: i64,
    /// What brought the machines down that restart, and what these are, GH/s.
    after: Cause,
    restarting: i64,
    of_causes: [[i64; rate::OF_CAUSE]; CAUSES],
}

/// Rates of the country.
type National<'a> = First<'a, { rate::POOLS }>;

/// What the state tells of a farm.
pub(super) struct Look<'a> {
    pub farm: &'a FarmState,
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
            // Nobody takes less than nothing: the first look is one at something new.
            taken: std::array::from_fn(|cause| if cause == 0 { -1 } else { 0 }),
            pool: 0,
            in_pool: 0,
            power: 0,
            wasted: 0,
            bill: 0,
            effective: 0,
            paid: 0,
            after: Cause::Supply,
            restarting: 0,
            of_causes: [[0; rate::OF_CAUSE]; CAUSES],
        }
    }

    /// Looks at the farm again.
    #[inline]
    pub fn look(&mut self, ledger: &mut Ledger, look: &Look<'_>) {
        let Look { farm, now, .. } = *look;
        let Some(mut rates) = ledger.first() else {
            return;
        };
        let rates = &mut rates;
        self.draw(rates, look);
        let shares = farm.shares();
        let both = self.taken.iter().zip(&shares.taken);
        if both.fold(0, |moved, (was, is)| moved | (was ^ is)) != 0 {
            self.find(rates, &shares, look);
        }
        let [restarting, ..] = self.of_causes[Cause::Restart as usize];
        if (self.after, self.restarting) != (farm.trigger, restarting) {
            if self.after != farm.trigger {
                let before = rate::AFTER + self.after as usize;
                rates.put(before, &mut self.restarting, 0, now);
                self.after = farm.trigger;
            }
            let after = rate::AFTER + self.after as usize;
            rates.put(after, &mut self.restarting, restarting, now);
        }
    }

    /// What it draws, and pays for.
    #[inline]
    fn draw(&mut self, rates: &mut National<'_>, look: &Look<'_>) {
        let (power, now) = (look.farm.draws, look.now);
        let wasted = if look.farm.link { 0 } else { power };
        if (self.power, self.wasted) == (power, wasted) {
            return;
        }
        rates.put_kept(rate::POWER, &mut self.power, power, now);
        let bill = round_half_even(power as f64 * self.tariff_usd_mwh);
        rates.put(rate::WASTED, &mut self.wasted, wasted, now);
        rates.put(rate::BILL, &mut self.bill, bill, now);
    }

    /// What it finds, and what it misses by cause.
    #[inline]
    fn find(&mut self, rates: &mut National<'_>, shares: &Shares, look: &Look<'_>) {
        let now = look.now;
        let levels = shares.levels();
        let effective = Share(levels[CAUSES - 1]).part_of(self.installed);
        rates.put_kept(rate::EFFECTIVE, &mut self.effective, effective, now);
        let paid = effective - self.fee.part_of(effective);
        rates.put(rate::PAID, &mut self.paid, paid, now);
        let mut charge = Charge {
            shares,
            levels,
            most: shares.most_by_ceilings(),
            above: self.installed,
            light: look.light,
            now,
        };
        // Each cause has code of its own.
        charge.to::<0>(rates, self);
        charge.to::<1>(rates, self);
        charge.to::<2>(rates, self);
        charge.to::<3>(rates, self);
        charge.to::<4>(rates, self);
        charge.to::<5>(rates, self);
        charge.to::<6>(rates, self);
        charge.to::<7>(rates, self);
    }

    /// What it finds, for its pool and by itself; `of_farm` is where its own rate stands.
    #[inline]
    pub fn tell_pool(&mut self, ledger: &mut Ledger, pool: usize, of_farm: usize, now: Instant) {
        let (was, found) = (self.in_pool, self.effective);
        if (self.pool, was) == (pool, found) {
            return;
        }
        if self.pool != pool {
            ledger.put(rate::of_pool(self.pool), &mut self.in_pool, 0, now);
            self.pool = pool;
        }
        ledger.put(rate::of_pool(pool), &mut self.in_pool, found, now);
        if found != was {
            ledger.add(of_farm, found - was, now);
        }
    }
}

/// A farm's missing hashrate as it is charged to cause after cause.
struct Charge<'a> {
    shares: &'a Shares,
    levels: [i64; CAUSES],
    /// See [`Shares::most_by_ceilings`].
    most: [i64; 2],
    /// What the causes so far leave, GH/s.
    above: i64,
    light: bool,
    now: Instant,
}

impl Charge<'_> {
    /// The next cause. Most take nothing, and took nothing before.
    #[inline(always)]
    fn to<const CAUSE: usize>(&mut self, rates: &mut National<'_>, farm: &mut Contribution) {
        let taken = self.shares.taken[CAUSE];
        if (farm.taken[CAUSE] | taken) == 0 {
            return;
        }
        let before = std::mem::replace(&mut farm.taken[CAUSE], taken);
        let of = |share: i64| Share(share).part_of(farm.installed);
        let left = of(self.levels[CAUSE]);
        let [first, any, only] = &mut farm.of_causes[CAUSE];
        let at = rate::of_cause(CAUSE);
        rates.put(at, first, self.above - left, self.now);
        self.above = left;
        if self.light {
            return;
        }
        if taken != before {
            let taken_any = farm.installed - of(Share::ONE.0 - taken);
            rates.put(at + 1, any, taken_any, self.now);
        }
        let mut taken_only = 0;
        if taken != 0 {
            let alone = self.shares.effective_without(Cause::ALL[CAUSE], self.most);
            taken_only = of(alone) - farm.effective;
        }
        rates.put(at + 2, only, taken_only, self.now);
    }
}

//! Unserved energy by priority, and how it compares path by path.
//!
//! At each instant the market takes the levels of its offers in their order: supply, then demand
//! left unserved at priority 0, at 1 and so on (`src/dispatch/market.rs`). What the zones of a
//! network can give one another is a polymatroid, on which taking the lowest first takes as much as
//! can be of all levels up to l together, for every l at once (Edmonds 1970). So what is unserved
//! at priority p *and above* is the least possible, and by the smallest cut (Gale 1957)
//!
//! > U(p) = max over sets A of zones of (demand in A at p and above - supply in A - limits into A)
//!
//! or 0 where all of these are negative. Each of them falls, or stays, with more supply, larger
//! limits and less demand; so does U(p) at every instant, and so does its integral over a future in
//! which the same is out at the same times. A larger tie promises no more: it may take from
//! priority 0 for priority 1, and from one zone for another. Every weighting that does not fall
//! with priority, the market's own and the plain sum among them, is a sum of U(p) with factors of
//! at least 0. So it is U(p) that is compared.
//!
//! Supply and demand promise more. A watt more of supply, or less of demand, goes one cheapest way
//! through the network and spares demand of one priority or none: no priority alone has more
//! unserved.
//!
//! (All zones count, so none may be external. Maintenance must be dated: where the program places
//! it, it moves with capacity and load.)

use hashfall::engine::{Plan, Replicator};
use hashfall::measure::{Ensemble, GridEnsemble, Sink};
use hashfall::system::System;
use proptest::test_runner::{TestCaseError, TestCaseResult};
use std::cell::Cell;

/// Unserved energy of each of some futures, Wh: at the dearest priority, at the two dearest
/// together, and so on to all of them.
pub fn unserved(system: &System, replications: u32) -> Vec<Vec<i64>> {
    let plan = Plan::new(system);
    let layout = GridEnsemble::layout(&plan);
    let mut priorities: Vec<u8> = system.zones.iter().map(|zone| zone.priority).collect();
    priorities.sort_unstable();
    priorities.dedup();
    let slots: Vec<(u8, usize)> = system
        .zones
        .iter()
        .map(|zone| {
            let column = layout.find("all", &format!("zone/{}", zone.name), "eue_mwh");
            (zone.priority, column.expect("no zone is external").slot)
        })
        .collect();
    let (mut ensemble, mut replicator) = (GridEnsemble::new(&plan), Replicator::new(&plan));
    let mut sink = Sink::default();
    let mut of = |replication| {
        ensemble
            .replicate(&mut replicator, replication, &mut sink)
            .expect("a replication");
        let from = |least: u8| {
            let counted = slots.iter().filter(|(priority, _)| *priority >= least);
            counted.map(|&(_, slot)| sink.row[slot]).sum()
        };
        priorities.iter().rev().map(|&least| from(least)).collect()
    };
    (0..replications).map(&mut of).collect()
}

/// All that is unserved in a future, Wh.
pub fn total(unserved: &[i64]) -> i64 {
    *unserved.last().expect("a priority")
}

/// Unserved energy of each priority alone, the dearest first, Wh.
fn alone(unserved: &[i64]) -> impl Iterator<Item = i64> {
    let before = [0].into_iter().chain(unserved.iter().copied());
    unserved
        .iter()
        .zip(before)
        .map(|(sum, before)| sum - before)
}

/// Futures that were compared, so that a comparison of nothing with nothing does not pass for one.
#[derive(Debug, Default)]
pub struct Compared {
    futures: Cell<u32>,
    /// Something was unserved before.
    short: Cell<u32>,
    /// After, less is unserved from some priority up.
    less: Cell<u32>,
    /// After, more is unserved at some priority alone.
    moved: Cell<u32>,
}

impl Compared {
    /// In no future more from any priority up; `quanta` Wh are rounding.
    pub fn never_more(
        &self,
        before: &[Vec<i64>],
        after: &[Vec<i64>],
        quanta: i64,
    ) -> TestCaseResult {
        for (replication, (before, after)) in before.iter().zip(after).enumerate() {
            let pairs = || before.iter().zip(after);
            if pairs().any(|(before, after)| *after > before + quanta) {
                let what = format!("{before:?} Wh became {after:?} in replication {replication}");
                return Err(TestCaseError::fail(what));
            }
            let count = |cell: &Cell<u32>, is: bool| cell.set(cell.get() + u32::from(is));
            count(&self.futures, true);
            count(&self.short, total(before) > 0);
            let less = pairs().any(|(before, after)| after + quanta < *before);
            count(&self.less, less);
            let mut each = alone(before).zip(alone(after));
            let moved = each.any(|(before, after)| after > before + quanta);
            count(&self.moved, moved);
        }
        Ok(())
    }

    /// At least such shares of the futures were short, and had less unserved after.
    pub fn assert_shares(&self, short: f64, less: f64) {
        let floor = |share: f64| (share * f64::from(self.futures.get())) as u32;
        assert!(self.short.get() >= floor(short), "few are short: {self:?}");
        assert!(self.less.get() >= floor(less), "little changed: {self:?}");
        assert!(self.less.get() > 0, "nothing changed: {self:?}");
    }

    /// In no future has a priority alone more unserved.
    pub fn assert_none_moved(&self) {
        assert_eq!(self.moved.get(), 0, "taken from one for another: {self:?}");
    }

    /// In how many futures one has.
    pub fn moved(&self) -> u32 {
        self.moved.get()
    }
}

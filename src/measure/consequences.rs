//! What the event does to those who share in the blocks: the country, the others, and all together.
//!
//! In expectation over the chance of blocks: two chains without noise go along the hashrate with
//! the event and without it, and only the hashrates differ between them.

use super::blocks::BlockPath;
use super::{Hashrate, Layout, Sink};
use crate::bitcoin::Fluid;
use crate::engine::{Plan, View};
use crate::quantity::{MS_PER_DAY, MS_PER_HOUR};

/// Blocks are kept in millionths.
const MICRO: f64 = 1e6;
/// Bitcoin in satoshi.
const SATOSHI: f64 = 1e8;

/// Recorder of who lost and who gained.
#[derive(Debug, Clone)]
pub(super) struct Consequences {
    wanted: bool,
    /// From when on a retarget answers the event, ms since the start.
    event_from: i64,
}

/// Blocks, in expectation, of those who share in them.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Taken {
    country: f64,
    /// The others', before and after the first retarget since the event.
    others: [f64; 2],
}

impl Consequences {
    /// For a plan's system.
    pub fn new(plan: &Plan<'_>) -> Self {
        let system = plan.system;
        let window = system.windows.get(system.headline_window);
        Self {
            wanted: wanted(plan),
            event_from: window.map_or(0, |window| window.from.0),
        }
    }

    /// Names the slots: over the whole horizon, since what is gained comes after the event.
    pub fn describe(plan: &Plan<'_>, layout: &mut Layout) {
        if !wanted(plan) {
            return;
        }
        let network = ("all", "network");
        let mut publish = |index: &str, unit: &'static str, scale: f64| {
            let slot = layout.slot(format!("all/network/consequences/{index}"));
            layout.publish(network, index, unit, slot, scale);
        };
        let names = [
            "lost_by_country",
            "gained_by_others_before_retarget",
            "gained_by_others_after_retarget",
            "gained_by_others",
            "lost_by_all",
        ];
        for name in names {
            publish(&format!("blocks_{name}"), "1", 1.0 / MICRO);
        }
        if plan.system.economics.is_some() {
            for name in names {
                publish(&format!("btc_{name}"), "BTC", 1.0 / SATOSHI);
            }
            publish("pool_fees_lost_usd", "USD", 1e-6);
        }
    }

    /// Reads one replication with the event and its twin without it.
    pub fn close(
        &self,
        (main, twin): (&Hashrate, &Hashrate),
        path: &BlockPath,
        view: View<'_>,
        sink: &mut Sink,
    ) {
        let (true, Some(chain)) = (self.wanted, path.chain) else {
            return;
        };
        let system = view.plan.system;
        let new = || Fluid::new(chain, system.start_unix_ms);
        let (mut with, mut without) = (new(), new());
        let (mut taken, mut otherwise) = (Taken::default(), Taken::default());
        let mut known: Option<u32> = None;
        let mut hours = main.national().iter().zip(twin.national());
        for (day, rest) in view.futures.rest_of_world.iter().enumerate() {
            let begin = day as i64 * MS_PER_DAY;
            let hours = hours.by_ref().take(24);
            let hours: [(i64, i64); 24] = collected(hours.map(|(&with, &without)| (with, without)));
            let length = (system.horizon.0 - begin).min(MS_PER_DAY);
            // A day in which no epoch ends or begins needs no look at its hours.
            let sums = hours.iter().fold((0, 0), |(a, b), (x, y)| (a + x, b + y));
            let whole =
                |national: i64| (national * MS_PER_HOUR) as f64 + rest.0 as f64 * length as f64;
            let before_event = begin + length <= self.event_from;
            let even = with.is_even(whole(sums.0)) && without.is_even(whole(sums.1));
            if even && (before_event || known.is_some()) {
                let mean = |sum: i64| (sum * MS_PER_HOUR) as f64 / length as f64;
                let span = (begin as f64, (begin + length) as f64);
                let late = usize::from(known.is_some_and(|known| with.retargets() > known));
                for (chain, taken, sum) in [
                    (&mut with, &mut taken, sums.0),
                    (&mut without, &mut otherwise, sums.1),
                ] {
                    let (country, others) = (mean(sum), rest.0 as f64);
                    chain.pass(span, country + others, |length, hashes, _| {
                        taken.add((country, others), length, hashes, late);
                    });
                }
                continue;
            }
            for (hour, (country, undisturbed)) in hours.into_iter().enumerate() {
                let begin = begin + hour as i64 * MS_PER_HOUR;
                if begin >= system.horizon.0 {
                    break;
                }
                if known.is_none() && begin + MS_PER_HOUR > self.event_from {
                    known = Some(with.retargets());
                }
                // The moment of the retarget with the event parts both paths.
                let (begin_ms, end_ms) = (begin as f64, (begin + MS_PER_HOUR) as f64);
                let mut parted_ms = begin_ms;
                let (country, others) = (country as f64, rest.0 as f64);
                with.pass(
                    (begin_ms, end_ms),
                    country + others,
                    |length, hashes, retargets| {
                        let late = known.is_some_and(|known| retargets > known);
                        if !late {
                            parted_ms += length;
                        }
                        taken.add((country, others), length, hashes, usize::from(late));
                    },
                );
                let parted_ms = parted_ms.min(end_ms);
                let country = undisturbed as f64;
                let spans = [(begin_ms, parted_ms), (parted_ms, end_ms)];
                for (late, span) in spans.into_iter().enumerate() {
                    without.pass(span, country + others, |length, hashes, _| {
                        otherwise.add((country, others), length, hashes, late);
                    });
                }
            }
        }
        let parts = |unit: f64| {
            let quantum = |blocks: f64| libm::rint(blocks * unit) as i64;
            let lost = quantum(otherwise.country - taken.country);
            let gained = [0, 1].map(|late| quantum(taken.others[late] - otherwise.others[late]));
            let all = gained[0] + gained[1];
            [lost, gained[0], gained[1], all, lost - all]
        };
        sink.row.extend(parts(MICRO));
        if let Some(economics) = &system.economics {
            let fees = economics.fee_share.get(&view.futures.inputs);
            sink.row
                .extend(parts(economics.subsidy_btc() * (1.0 + fees) * SATOSHI));
            sink.row.push(main.pool_fees_lost(twin));
        }
    }
}

/// Only where difficulty follows blocks and there is an event to compare with.
fn wanted(plan: &Plan<'_>) -> bool {
    plan.system.blocks.is_some() && plan.system.has_event()
}

/// Up to 24 values; nothing where a day ends early.
fn collected<T: Copy + Default>(values: impl Iterator<Item = T>) -> [T; 24] {
    let mut all = [T::default(); 24];
    for (place, value) in all.iter_mut().zip(values) {
        *place = value;
    }
    all
}

impl Taken {
    /// Adds what hashrates (GH/s) find over a stretch.
    fn add(&mut self, (country, others): (f64, f64), length_ms: f64, hashes: f64, late: usize) {
        // GH/s are 1e6 hashes a millisecond.
        let blocks = length_ms * 1e6 / hashes;
        self.country += country * blocks;
        self.others[late] += others * blocks;
    }
}

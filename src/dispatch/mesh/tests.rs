//! The mesh against the market for trees, a plain search over all flows, and itself.

use super::super::{Market, Network};
use proptest::prelude::*;

/// Two supply levels and two of unserved demand.
const SHED: usize = 2;
const LEVELS: usize = 4;

/// What a market is asked: offers by level, demand and its level of shedding by zone.
#[derive(Debug, Clone)]
struct Case {
    zones: Vec<([i64; 2], i64, usize)>,
    /// (ends, limit there, limit back)
    corridors: Vec<((usize, usize), i64, i64)>,
}

impl Case {
    fn ask(&self, market: &mut Market) {
        for (zone, &([cheap, dear], demand, priority)) in self.zones.iter().enumerate() {
            market.offer(zone, 0, cheap);
            market.offer(zone, 1, dear);
            for level in SHED..LEVELS {
                let offer = if level == SHED + priority { demand } else { 0 };
                market.offer(zone, level, offer);
            }
            market.demand(zone, demand);
        }
        for (corridor, &(_, there, back)) in self.corridors.iter().enumerate() {
            market.limits(corridor, there, back);
        }
    }

    fn network(&self) -> Network {
        let ends: Vec<_> = self.corridors.iter().map(|corridor| corridor.0).collect();
        Network::of_lines(self.zones.len(), &ends)
    }

    /// The market for meshes, whatever the network is.
    fn mesh(&self) -> Market {
        let ends: Vec<_> = self.corridors.iter().map(|corridor| corridor.0).collect();
        let mesh = super::Mesh::new(self.zones.len(), &ends);
        Market::Mesh(Box::new(super::MeshMarket::new(mesh, SHED, LEVELS)))
    }

    fn answer(&self, market: &mut Market) -> Answer {
        self.ask(market);
        let is_short = market.is_short();
        if !market.hold() {
            market.clear();
        }
        let taken = (0..self.zones.len())
            .map(|zone| std::array::from_fn(|level| market.taken(zone, level)))
            .collect();
        let flow = (0..self.corridors.len())
            .map(|corridor| market.flow(corridor))
            .collect();
        Answer {
            is_short,
            taken,
            flow,
            sums: market.taken_by_level().to_vec(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Answer {
    is_short: bool,
    taken: Vec<[i64; LEVELS]>,
    flow: Vec<i64>,
    sums: Vec<i64>,
}

/// Small numbers, so that ties are many.
fn zones(count: usize) -> impl Strategy<Value = Vec<([i64; 2], i64, usize)>> {
    let zone = (
        proptest::array::uniform2(0i64..9),
        0i64..12,
        0..LEVELS - SHED,
    );
    proptest::collection::vec(zone, count)
}

/// A case on a tree whose zones hang on one of those before them, in a shuffled order of names.
fn tree() -> impl Strategy<Value = Case> {
    let names = Just((0..7).collect::<Vec<usize>>()).prop_shuffle();
    let hangs = proptest::collection::vec((0usize..7, 0i64..7, 0i64..7), 6);
    (zones(7), names, hangs).prop_map(|(zones, names, hangs)| {
        let corridor = |(at, (on, there, back)): (usize, (usize, i64, i64))| {
            let (one, other) = (names[at + 1], names[on.min(at)]);
            ((one.min(other), one.max(other)), there, back)
        };
        let mut corridors: Vec<_> = hangs.into_iter().enumerate().map(corridor).collect();
        corridors.sort_unstable();
        Case { zones, corridors }
    })
}

/// A case on any network: each pair of zones is joined or not.
fn any_network(count: usize) -> impl Strategy<Value = Case> {
    let pairs = count * (count - 1) / 2;
    let limits = proptest::collection::vec(proptest::option::of((0i64..7, 0i64..7)), pairs);
    (zones(count), limits).prop_map(move |(zones, limits)| {
        let pairs = (0..count).flat_map(|a| (a + 1..count).map(move |b| (a, b)));
        let corridors = pairs
            .zip(limits)
            .filter_map(|(ends, limits)| limits.map(|(there, back)| (ends, there, back)))
            .collect();
        Case { zones, corridors }
    })
}

/// (shed at the dearer level, at the other, cost, sum of flows), then the written order of a
/// triangle, which is walked from zone 0.
type Rank = ([i64; 4], [i64; 6]);

/// The answer with the least rank of all integer flows on a triangle; zones' own offers, flows.
fn plain(case: &Case) -> (Rank, [i64; 3], [i64; 3]) {
    let mut best: Option<(Rank, [i64; 3], [i64; 3])> = None;
    let span = |k: usize| -case.corridors[k].2..=case.corridors[k].1;
    for first in span(0) {
        for second in span(1) {
            for third in span(2) {
                let out = [first + second, third - first, -second - third];
                let (mut shed, mut cost, mut own) = ([0, 0], 0, [0; 3]);
                let mut feasible = true;
                for (zone, &([cheap, dear], demand, priority)) in case.zones.iter().enumerate() {
                    let need = demand + out[zone];
                    let low = need.clamp(0, cheap);
                    let high = (need - low).clamp(0, dear);
                    let lacking = need - low - high;
                    feasible &= need >= 0 && lacking <= demand;
                    shed[1 - priority] += lacking;
                    cost += high;
                    own[zone] = need;
                }
                let flow = [first, second, third];
                let sum = flow.iter().map(|flow| flow.abs()).sum();
                let rank = (
                    [shed[0], shed[1], cost, sum],
                    [own[0], -first, -second, own[1], -third, own[2]],
                );
                if feasible && best.is_none_or(|best| rank < best.0) {
                    best = Some((rank, own, flow));
                }
            }
        }
    }
    best.expect("no flow at all is feasible")
}

#[test]
fn power_goes_both_ways_round_by_the_hand_calculated_amounts() {
    // Zone 0 has 30 for the 20 of zone 2: 8 straight, 5 by zone 1, 7 stay unserved.
    let case = Case {
        zones: vec![([30, 0], 0, 0), ([0, 0], 0, 0), ([0, 0], 20, 0)],
        corridors: vec![((0, 1), 9, 0), ((0, 2), 8, 0), ((1, 2), 5, 0)],
    };
    let answer = case.answer(&mut Market::new(&case.network(), SHED, LEVELS));
    assert!(answer.is_short);
    assert_eq!(answer.flow, [5, 8, 5]);
    assert_eq!(answer.taken[2], [0, 0, 7, 0]);
    assert_eq!(answer.taken[0], [13, 0, 0, 0]);
}

#[test]
fn who_sheds_sends_nothing_to_equals_round_a_ring() {
    let case = Case {
        zones: vec![([5, 0], 9, 0), ([5, 0], 7, 0), ([0, 0], 8, 0)],
        corridors: vec![((0, 1), 9, 9), ((0, 2), 9, 9), ((1, 2), 9, 9)],
    };
    let answer = case.answer(&mut Market::new(&case.network(), SHED, LEVELS));
    assert_eq!(answer.flow, [0, 0, 0]);
    // A dearer equal is served by both of the others first.
    let mut case = case;
    case.zones[2].2 = 1;
    let answer = case.answer(&mut Market::new(&case.network(), SHED, LEVELS));
    assert_eq!(answer.taken[2], [0, 0, 0, 0]);
    assert_eq!(answer.flow[1] + answer.flow[2], 8);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn on_trees_it_is_the_market_for_trees(cases in proptest::collection::vec(tree(), 1..4)) {
        for case in cases {
            let mut forest = Market::new(&case.network(), SHED, LEVELS);
            let is_forest = matches!(forest, Market::Forest { .. });
            prop_assert!(is_forest);
            prop_assert_eq!(case.answer(&mut case.mesh()), case.answer(&mut forest));
        }
    }

    /// What there is to spare tells who is short, and changes by no more than what zones lose or
    /// gain together; also where zones are too many for it to be more than a sign.
    #[test]
    fn what_is_to_spare_moves_no_further_than_zones_do(
        case in any_network(5).prop_union(any_network(8)), zone in 0usize..5, gain in 0i64..9,
    ) {
        let mut market = case.mesh();
        case.ask(&mut market);
        let mut spare: Vec<_> = case.zones.iter().map(|(own, demand, _)| own[0] + own[1] - demand).collect();
        let slack = market.slack_of(&spare);
        prop_assert_eq!(slack < 0, market.is_short());
        spare[zone] += gain;
        let after = market.slack_of(&spare);
        prop_assert!(slack + gain >= 0 || after < 0, "{} and {} gained: {}", slack, gain, after);
        spare[zone] -= 2 * gain;
        let after = market.slack_of(&spare);
        prop_assert!(slack - gain < 0 || after >= 0, "{} and {} lost: {}", slack, gain, after);
    }

    #[test]
    fn it_finds_the_answer_of_a_plain_search(
        zones in zones(3), limits in proptest::array::uniform3((0i64..5, 0i64..5)),
    ) {
        let ends = [(0, 1), (0, 2), (1, 2)];
        let corridors = ends.into_iter().zip(limits).map(|(ends, (there, back))| (ends, there, back));
        let case = Case { zones, corridors: corridors.collect() };
        let answer = case.answer(&mut Market::new(&case.network(), SHED, LEVELS));
        let (([dearer, cheaper, ..], _), own, flow) = plain(&case);
        prop_assert_eq!(&answer.flow, &flow);
        let sums: Vec<i64> = answer.taken.iter().map(|taken| taken.iter().sum()).collect();
        prop_assert_eq!(sums, own);
        prop_assert_eq!(answer.is_short, dearer + cheaper > 0);
        prop_assert_eq!((answer.sums[SHED], answer.sums[SHED + 1]), (cheaper, dearer));
    }

    /// Whatever was cleared before, on zones that many sets and few are looked at for.
    #[test]
    fn what_was_kept_does_not_show(
        first in any_network(7),
        others in proptest::collection::vec((zones(7), any::<u64>()), 1..8),
    ) {
        let mut case = first;
        let mut kept = case.mesh();
        case.answer(&mut kept);
        for (zones, moved) in others {
            for (at, zone) in zones.into_iter().enumerate() {
                if moved >> at & 1 == 1 {
                    case.zones[at] = zone;
                }
            }
            for (at, corridor) in case.corridors.iter_mut().enumerate() {
                if moved >> (8 + 2 * at) & 3 == 3 {
                    (corridor.1, corridor.2) = (corridor.2, 6 - corridor.1);
                }
            }
            let answer = case.answer(&mut kept);
            prop_assert_eq!(&answer, &case.answer(&mut case.mesh()));
            let shed: i64 = answer.sums[SHED..].iter().sum();
            prop_assert_eq!(answer.is_short, shed > 0);
        }
    }
}

//! The market against hand calculations and a plain search over all flows.

use super::*;
use proptest::prelude::*;

/// Two supply levels and one of unserved demand.
const SHED: usize = 2;

fn market(
    zones: usize,
    lines: &[(usize, usize)],
    limits: &[i64],
    offers: &[[i64; 2]],
    demand: &[i64],
) -> ForestMarket {
    let forest = Forest::of_lines(zones, lines).unwrap();
    let mut market = ForestMarket::new(forest.clone(), SHED, 3);
    for zone in 0..zones {
        market.offer(zone, 0, offers[zone][0]);
        market.offer(zone, 1, offers[zone][1]);
        market.offer(zone, SHED, demand[zone]);
        market.demand(zone, demand[zone]);
        if let Some(line) = forest.line[zone] {
            market.limits(zone, limits[line], limits[line]);
        }
    }
    market
}

#[test]
fn a_line_limit_leaves_the_neighbour_short_by_the_hand_calculated_amount() {
    // North: 120 of supply for 70 of load. South: 60 for 100. The line carries 30.
    let mut market = market(2, &[(0, 1)], &[30], &[[120, 0], [60, 0]], &[70, 100]);
    assert!(market.is_short());
    market.clear();
    assert_eq!(market.taken(1, SHED), 10);
    assert_eq!(market.taken(0, SHED), 0);
    assert_eq!(market.flow(1), 30);
    assert_eq!(market.taken(0, 0), 100);
}

#[test]
fn a_zone_that_sheds_sends_nothing_to_an_equal() {
    let mut market = market(2, &[(0, 1)], &[50], &[[60, 0], [10, 0]], &[70, 100]);
    market.clear();
    assert_eq!(market.flow(1), 0);
    assert_eq!((market.taken(0, SHED), market.taken(1, SHED)), (10, 90));
}

#[test]
fn cheap_power_travels_and_dear_power_stays() {
    let mut market = market(
        3,
        &[(0, 1), (0, 2)],
        &[40, 40],
        &[[10, 100], [100, 0], [0, 100]],
        &[50, 20, 50],
    );
    market.clear();
    // Zone 1 sends its cheap 40 (the limit): 40 for the dear supply of the root.
    assert_eq!([0, 1, 2].map(|zone| market.export(zone)), [0, 40, 0]);
    assert_eq!(market.taken(0, 1), 0);
    assert_eq!(market.taken(2, 1), 50);
}

#[test]
fn a_small_change_is_taken_up_where_an_offer_runs_in_part() {
    let mut market = market(2, &[(0, 1)], &[40], &[[100, 50], [0, 50]], &[70, 20]);
    market.clear();
    assert_eq!((market.taken(0, 0), market.flow(1)), (90, 20));
    market.demand(1, 29);
    assert!(market.hold());
    assert_eq!((market.taken(0, 0), market.flow(1)), (99, 29));
    // The last unit of the offer is the end of it: that is for clearing anew.
    market.demand(1, 30);
    assert!(!market.hold());
    assert_eq!((market.taken(0, 0), market.flow(1)), (99, 29));
    market.clear();
    assert_eq!((market.taken(0, 0), market.flow(1)), (100, 30));
}

#[test]
fn where_an_offer_ends_the_next_of_the_region_takes_over() {
    // Zone 1 lives on the cheap offer of zone 0 over a line that can carry more.
    let mut market = market(2, &[(0, 1)], &[60], &[[100, 50], [0, 30]], &[70, 20]);
    market.clear();
    assert_eq!((market.taken(0, 0), market.flow(1)), (90, 20));
    // 15 more than the cheap offer has: the dear one of zone 1 itself is next, for power that
    // comes over a line costs a tick.
    market.demand(1, 45);
    assert!(market.hold());
    let now = |market: &ForestMarket| [market.taken(0, 0), market.taken(1, 1), market.flow(1)];
    assert_eq!(now(&market), [100, 15, 30]);
    assert_eq!(market.taken_by_level(), [100, 15, 0]);
    // Beyond it the dear one of zone 0.
    market.demand(1, 72);
    assert!(market.hold());
    assert_eq!((now(&market), market.taken(0, 1)), ([100, 30, 42], 12));
    // And back, past all dear ones.
    market.demand(0, 50);
    market.demand(1, 20);
    assert!(market.hold());
    assert_eq!((now(&market), market.taken(0, 1)), ([70, 0, 20], 0));
    assert_eq!(market.taken_by_level(), [70, 0, 0]);
    // The line is full before the offer ends: for clearing.
    market.demand(0, 35);
    market.demand(1, 61);
    assert!(!market.hold());
    market.clear();
    assert_eq!(now(&market), [95, 1, 60]);
}

#[test]
fn where_supply_ends_prices_do_not_move_on() {
    let mut market = market(1, &[], &[], &[[50, 40]], &[100]);
    market.demand(0, 80);
    market.clear();
    assert_eq!(market.taken_by_level(), [50, 30, 0]);
    market.demand(0, 95);
    assert!(!market.hold());
    assert!(market.is_short());
    market.clear();
    assert_eq!(market.taken_by_level(), [50, 40, 5]);
    // Among what goes unserved they may, and back to supply.
    market.demand(0, 85);
    assert!(market.hold());
    assert_eq!(market.taken_by_level(), [50, 35, 0]);
}

#[test]
fn a_zone_wakes_when_it_first_offers_or_asks_and_its_lines_with_it() {
    // A chain 0-1-2 whose middle has nothing: at first only the root is there, then all.
    let forest = Forest::of_lines(3, &[(0, 1), (1, 2)]).unwrap();
    assert_eq!(forest.roots, [1]);
    let mut market = ForestMarket::new(forest, SHED, 3);
    market.limits(0, 40, 40);
    market.limits(2, 30, 30);
    market.offer(0, 0, 100);
    market.demand(0, 20);
    market.demand(2, 0);
    market.clear();
    assert_eq!((market.taken(0, 0), market.export(0)), (20, 0));
    assert_eq!((market.taken(2, 0), market.export(2)), (0, 0));
    market.demand(2, 35);
    market.offer(2, SHED, 35);
    assert!(market.is_short());
    assert!(!market.hold());
    market.clear();
    assert_eq!((market.export(0), market.export(2)), (30, -30));
    assert_eq!((market.taken(0, 0), market.taken(2, SHED)), (50, 5));
    assert_eq!(market.taken_by_level(), [50, 0, 5]);
}

/// Least (shed, cost, sum of flows) over all integer flows of two lines on a star of three.
fn plain(limits: &[i64], offers: &[[i64; 2]], demand: &[i64]) -> (i64, i64, i64) {
    let mut best = (i64::MAX, i64::MAX, i64::MAX);
    for first in -limits[0]..=limits[0] {
        for second in -limits[1]..=limits[1] {
            let export = [-first - second, first, second];
            let mut shed = 0;
            let mut cost = 0;
            let mut feasible = true;
            for zone in 0..3 {
                let need = demand[zone] + export[zone];
                let cheap = need.clamp(0, offers[zone][0]);
                let dear = (need - cheap).clamp(0, offers[zone][1]);
                let short = need - cheap - dear;
                feasible &= need >= 0 && short <= demand[zone];
                shed += short;
                cost += dear * 10 + cheap;
            }
            if feasible {
                best = best.min((shed, cost, first.abs() + second.abs()));
            }
        }
    }
    best
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn clears_at_the_optimum_of_a_plain_search(
        limits in proptest::array::uniform2(0i64..8),
        offers in proptest::array::uniform3(proptest::array::uniform2(0i64..9)),
        demand in proptest::array::uniform3(0i64..12),
        chain in any::<bool>(),
    ) {
        // A star on zone 0, or the same star entered from a leaf: the root must not matter.
        let lines = if chain { [(1, 0), (2, 0)] } else { [(0, 1), (0, 2)] };
        let mut market = market(3, &lines, &limits, &offers, &demand);
        let short = market.is_short();
        market.clear();
        let shed: i64 = (0..3).map(|zone| market.taken(zone, SHED)).sum();
        let cost: i64 = (0..3).map(|z| market.taken(z, 0) + 10 * market.taken(z, 1)).sum();
        let flows: i64 = (1..3).map(|zone| market.flow(zone).abs()).sum();
        prop_assert_eq!((shed, cost, flows), plain(&limits, &offers, &demand));
        prop_assert_eq!(short, shed > 0);
        for (zone, &demand) in demand.iter().enumerate() {
            let taken: i64 = (0..3).map(|level| market.taken(zone, level)).sum();
            let children: i64 = market.forest().children[zone].iter()
                .map(|&child| market.export(child)).sum();
            prop_assert_eq!(taken + children, demand + market.export(zone));
        }
        // Starting from these prices gives the same again.
        let state = |market: &ForestMarket| -> Vec<(i64, i64, [i64; 3])> {
            (0..3).map(|zone| (
                market.price(zone),
                market.export(zone),
                [0, 1, 2].map(|level| market.taken(zone, level)),
            )).collect()
        };
        let once = state(&market);
        market.clear();
        prop_assert_eq!(state(&market), once);
        for level in 0..3 {
            let sum = market.taken_by_level()[level];
            prop_assert_eq!(sum, (0..3).map(|zone| market.taken(zone, level)).sum::<i64>());
        }
    }

    /// The same with demand that moves little against what is offered, as it mostly does.
    #[test]
    fn what_holds_is_what_clears(
        parents in proptest::array::uniform4(0usize..5),
        offers in proptest::array::uniform6((0i64..60, 0i64..60)),
        demand in proptest::array::uniform6(0i64..60),
        changes in proptest::collection::vec((0usize..6, 0usize..3, -4i64..5), 1..60),
        limits in proptest::array::uniform6((0i64..40, 0i64..40)),
    ) {
        let lines: Vec<(usize, usize)> =
            (0..5).map(|k| (k + 1, parents.get(k).map_or(0, |&parent| parent.min(k)))).collect();
        let forest = Forest::of_lines(6, &lines).unwrap();
        let mut state: Vec<[i64; 3]> =
            (0..6).map(|zone| [offers[zone].0, offers[zone].1, demand[zone]]).collect();
        let new = |state: &[[i64; 3]]| {
            let mut market = ForestMarket::new(forest.clone(), SHED, 3);
            for (zone, &(export, import)) in limits.iter().enumerate() {
                market.limits(zone, export, import);
                market.offer(zone, 0, state[zone][0]);
                market.offer(zone, 1, state[zone][1]);
                market.offer(zone, SHED, 1000);
                market.demand(zone, state[zone][2]);
            }
            market
        };
        let mut kept = new(&state);
        kept.clear();
        for (zone, what, change) in changes {
            state[zone][what] = (state[zone][what] + change).max(0);
            kept.offer(zone, 0, state[zone][0]);
            kept.offer(zone, 1, state[zone][1]);
            kept.demand(zone, state[zone][2]);
            if !kept.hold() {
                kept.clear();
            }
            let mut fresh = new(&state);
            fresh.clear();
            for zone in 0..6 {
                prop_assert_eq!(kept.export(zone), fresh.export(zone));
                let taken = [0, 1, 2].map(|level| kept.taken(zone, level));
                prop_assert_eq!(taken, [0, 1, 2].map(|level| fresh.taken(zone, level)));
            }
            prop_assert_eq!(kept.taken_by_level(), fresh.taken_by_level());
        }
    }

    /// The same with changes as large as what is offered, so that prices move and regions break.
    #[test]
    fn what_holds_while_prices_move_is_what_clears(
        parents in proptest::array::uniform4(0usize..5),
        offers in proptest::array::uniform6(proptest::array::uniform4(0i64..30)),
        demand in proptest::array::uniform6(0i64..80),
        changes in proptest::collection::vec((0usize..6, 0usize..5, -25i64..26), 1..60),
        limits in proptest::array::uniform6((0i64..90, 0i64..90)),
    ) {
        const SHED: usize = 4;
        let lines: Vec<(usize, usize)> =
            (0..5).map(|k| (k + 1, parents.get(k).map_or(0, |&parent| parent.min(k)))).collect();
        let forest = Forest::of_lines(6, &lines).unwrap();
        let mut state: Vec<Vec<i64>> =
            (0..6).map(|zone| [&offers[zone][..], &[demand[zone]]].concat()).collect();
        let set = |market: &mut ForestMarket, zone: usize, state: &[i64]| {
            let (offers, demand) = state.split_at(SHED);
            for (level, &offer) in offers.iter().enumerate() {
                market.offer(zone, level, offer);
            }
            market.demand(zone, demand[0]);
        };
        let new = |state: &[Vec<i64>]| {
            let mut market = ForestMarket::new(forest.clone(), SHED, SHED + 1);
            for (zone, &(export, import)) in limits.iter().enumerate() {
                market.limits(zone, export, import);
                market.offer(zone, SHED, 10_000);
                set(&mut market, zone, &state[zone]);
            }
            market
        };
        let mut kept = new(&state);
        kept.clear();
        for (zone, what, change) in changes {
            state[zone][what] = (state[zone][what] + change).max(0);
            set(&mut kept, zone, &state[zone]);
            if !kept.hold() {
                kept.clear();
            }
            let mut fresh = new(&state);
            fresh.clear();
            for zone in 0..6 {
                prop_assert_eq!(kept.export(zone), fresh.export(zone));
                for level in 0..=SHED {
                    prop_assert_eq!(kept.taken(zone, level), fresh.taken(zone, level));
                }
            }
            prop_assert_eq!(kept.taken_by_level(), fresh.taken_by_level());
        }
    }

    /// A market that was cleared, changed and cleared again agrees with a new one, on trees of
    /// any shape: what was kept from before must not show.
    #[test]
    fn what_was_kept_does_not_show(
        parents in proptest::array::uniform4(0usize..5),
        changes in proptest::collection::vec((0usize..6, 0usize..2, 0i64..20), 1..40),
        limits in proptest::array::uniform6((0i64..9, 0i64..9)),
    ) {
        // Zone k hangs on one of the zones before it.
        let lines: Vec<(usize, usize)> =
            (0..5).map(|k| (k + 1, parents.get(k).map_or(0, |&parent| parent.min(k)))).collect();
        let forest = Forest::of_lines(6, &lines).unwrap();
        let new = || {
            let mut market = ForestMarket::new(forest.clone(), SHED, 3);
            for (zone, &(export, import)) in limits.iter().enumerate() {
                market.limits(zone, export, import);
            }
            market
        };
        let set = |market: &mut ForestMarket, state: &[[i64; 3]; 6]| {
            for (zone, &[cheap, dear, demand]) in state.iter().enumerate() {
                market.offer(zone, 0, cheap);
                market.offer(zone, 1, dear);
                market.offer(zone, SHED, demand);
                market.demand(zone, demand);
            }
        };
        let mut state = [[5, 5, 8]; 6];
        let mut kept = new();
        for (zone, what, amount) in changes {
            // Offers and demand change in turn; demand is what the level of shedding offers.
            state[zone][what] = amount;
            state[(zone + what) % 6][2] = amount / 2;
            set(&mut kept, &state);
            if !kept.hold() {
                kept.clear();
            }
            let mut fresh = new();
            set(&mut fresh, &state);
            fresh.clear();
            for zone in 0..6 {
                prop_assert_eq!(kept.export(zone), fresh.export(zone));
                for level in 0..3 {
                    prop_assert_eq!(kept.taken(zone, level), fresh.taken(zone, level));
                }
            }
        }
    }

    /// As much may go as is said, from any zone, and no watt more from every zone.
    #[test]
    fn the_least_slack_may_go_and_no_watt_more(
        parents in proptest::array::uniform5(0usize..5),
        limits in proptest::array::uniform6((0i64..9, 0i64..9)),
        spare in proptest::array::uniform6(-9i64..20),
    ) {
        let lines: Vec<_> = (1..6).map(|zone| (zone, parents[zone - 1] % zone)).collect();
        let forest = Forest::of_lines(6, &lines).unwrap();
        let mut market = ForestMarket::new(forest, SHED, 3);
        for (zone, (export, import)) in limits.into_iter().enumerate() {
            market.limits(zone, export, import);
        }
        let slack = market.slack_of(&spare);
        let mut less = |zone: usize, less: i64| {
            let mut spare = spare;
            spare[zone] -= less;
            market.slack_of(&spare)
        };
        if slack >= 0 {
            prop_assert!((0..6).all(|zone| less(zone, slack) >= 0));
            prop_assert!((0..6).any(|zone| less(zone, slack + 1) < 0));
        } else {
            // Who lacks so much still lacks a watt with all but one of them.
            prop_assert!((0..6).all(|zone| less(zone, slack + 1) < 0));
        }
    }
}

//! Curtailed mining by rung of the ladder: each farm on its own, and all of them together what
//! is curtailed, to the watt-hour.

mod support;

use hashfall::quantity::{Power, Span};
use hashfall::system::*;
use proptest::prelude::*;
use support::*;

fn contract(system: &mut System, name: &str, notice_h: f64) -> ContractId {
    system.contracts.push(Contract {
        name: name.into(),
        notice: Span::from_hours(notice_h),
        maximum: Span::from_hours(6.0),
        calls: 100,
        rest: Span(0),
        payment_usd_mwh: 10.0,
    });
    ContractId::from(system.contracts.len() - 1)
}

/// A plant of 100 MW, load by the hour, and three farms: one under a contract with two hours of
/// notice, one under a contract without, one that can be ordered.
fn ladder(load_mw: &[f64], farms_mw: [f64; 3], times: Option<(f64, f64)>) -> System {
    let mut system = empty(load_mw.len() as i64);
    internet(&mut system);
    let zone = zone(&mut system, "zone", load_mw);
    let coal = class(&mut system, "coal", 10.0, 1.0);
    plant(&mut system, "plant", (zone, coal), 4, 25.0, times);
    let ids = [
        contract(&mut system, "ahead", 2.0),
        contract(&mut system, "at-once", 0.0),
    ];
    for (index, name) in ["a", "b", "c"].into_iter().enumerate() {
        let id = farm(&mut system, name, zone, farms_mw[index]);
        let farm = &mut system.farms[id.at()];
        farm.contract = ids.get(index).copied();
        farm.interruptible = index == 2;
    }
    system
}

const RUNGS: [&str; 3] = ["contract_with_notice", "contract", "order"];

fn by_rung(outcome: &Outcome) -> [i64; 3] {
    RUNGS.map(|rung| outcome.slot(&format!("all/system/curtailed_mining/{rung}_wh")))
}

#[test]
fn each_rung_gives_what_it_is_asked_for() {
    // 30 MW of farms on 70 MW of load: 100 of 100. In hours 4 and 5 the load is 85, then 105.
    let mut load = [70.0; 12];
    (load[4], load[5]) = (85.0, 105.0);
    let outcome = run(&ladder(&load, [10.0, 12.0, 8.0], None), 0);
    // At hour 2 the forecast for hour 4 is short, so farm `a` is off from 4 on. Then 5 MW more
    // must go: the other contract. At hour 5 all go, and 5 MW of firm load with them.
    let mw_h = |mwh: f64| (mwh * 1e6) as i64;
    let [ahead, contract, order] = by_rung(&outcome);
    assert_eq!(ahead, mw_h(10.0 + 10.0));
    assert!((contract - mw_h(5.0 + 12.0)).abs() < 50, "{contract}");
    assert_eq!(order, mw_h(8.0));
    assert_eq!(outcome.system("eue_mwh"), 5.0);
    assert_eq!(
        outcome.slot("all/system/curtailed_mining_wh"),
        ahead + contract + order
    );
}

#[test]
fn only_rungs_that_the_scenario_has_are_told() {
    let mut system = ladder(&[70.0; 4], [10.0, 12.0, 8.0], None);
    system.farms.remove(0);
    let plan = hashfall::engine::Plan::new(&system);
    let layout = <hashfall::measure::MiningEnsemble as hashfall::measure::Ensemble>::layout(&plan);
    let has = |rung| {
        layout
            .find("all", "system", &format!("curtailed_mining_mwh/{rung}"))
            .is_some()
    };
    assert_eq!(RUNGS.map(has), [false, true, true]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    /// Whatever fails: the rungs add up, and none gives more than its farms could draw.
    #[test]
    fn rungs_add_up(
        seed: u64,
        load in prop::collection::vec(20.0..90.0_f64, 48),
        farms in prop::array::uniform3(0.1..20.0_f64),
        window in (0.0..20.0_f64, 21.0..48.0_f64),
    ) {
        let mut system = ladder(&load, farms, Some((20.0, 6.0)));
        system.seed = seed;
        system.zones[0].reserve = Power::from_megawatts(5.0);
        support::window(&mut system, "part", window.0, window.1);
        let outcome = run(&system, 0);
        for (window, hours) in [("all", 48.0), ("part", window.1 - window.0)] {
            let slot = |name: &str| outcome.slot(&format!("{window}/system/{name}"));
            let parts = RUNGS.map(|rung| slot(&format!("curtailed_mining/{rung}_wh")));
            prop_assert_eq!(slot("curtailed_mining_wh"), parts.iter().sum::<i64>());
            for (part, mw) in parts.into_iter().zip(farms) {
                // Farms are whole watts, windows whole milliseconds.
                prop_assert!(part >= 0 && part as f64 <= mw * hours * 1e6 + 50.0);
            }
        }
    }
}

//! Who obeys, when an order arrives, how long it stays; price beside it.

use super::*;

#[test]
fn grey_farms_ignore_orders_and_calls() {
    let mut system = small(24);
    let farm = &mut system.farms[0];
    farm.status = FarmStatus::Grey;
    farm.compliance = Value::Fixed(0.0);
    farm.interruptible = true;
    system.orders.push(Order {
        name: "order".into(),
        event: true,
        farms: vec![FarmId(0)],
        from: moment(2.0),
        until: moment(9.0),
        share: OrderShare::Share(Value::Fixed(0.0)),
        certain: false,
    });
    load(&mut system, &[950.0; 24]);
    let outcome = run(&system, 0);
    assert_eq!(outcome.network("lost_installed_by_cause/order"), 0.0);
    assert_eq!(outcome.system("curtailed_mining_mwh"), 0.0);
    close(outcome.system("eue_mwh"), 24.0 * 50.0 * 950.0 / 1050.0);
    // An order that is obeyed for certain (it was seen) takes even them.
    system.orders[0].certain = true;
    let outcome = run(&system, 0);
    let fed = 1.0 - 50.0 / 1050.0;
    close(
        outcome.network("lost_installed_by_cause/supply"),
        lost(2.0 * (1.0 - fed), 17.0),
    );
    close(
        outcome.network("lost_installed_by_cause/order"),
        lost(2.0, 7.0),
    );
}

#[test]
fn compliance_is_drawn_for_each_call_anew() {
    // Every second hour lacks 50 MW: twelve calls a day, each drawn.
    let mut system = small(240);
    system.farms[0].interruptible = true;
    system.farms[0].compliance = Value::Fixed(0.7);
    let mw: Vec<f64> = (0..240)
        .map(|hour| if hour % 2 == 1 { 950.0 } else { 900.0 })
        .collect();
    load(&mut system, &mw);
    let (mut obeyed, mut days, mut mixed) = (0.0, 0.0, 0);
    for replication in 0..30 {
        let outcome = run(&system, replication);
        let calls = outcome.system("curtailed_mining_mwh") / 50.0;
        assert!((calls - calls.round()).abs() < 1e-6);
        obeyed += calls;
        days += 120.0;
        mixed += u32::from(calls > 0.5 && calls < 119.5);
    }
    within(obeyed / days, 0.7, (0.7 * 0.3 / days).sqrt());
    assert_eq!(mixed, 30, "one draw for all calls would obey all or none");
    // Orders in force draw too, each once.
    let mut system = small(24);
    system.farms[0].compliance = Value::Fixed(0.7);
    system.orders.push(Order {
        name: "order".into(),
        event: true,
        farms: vec![FarmId(0)],
        from: moment(1.0),
        until: moment(99.0),
        share: OrderShare::Share(Value::Fixed(0.5)),
        certain: false,
    });
    let n = 3000;
    let obeyed: f64 = (0..n)
        .map(|k| {
            run_light(&system, k, |view| {
                f64::from(u8::from(view.state.farms[0].order < 1_000_000))
            })
        })
        .sum();
    within(obeyed / f64::from(n), 0.7, (0.21 / f64::from(n)).sqrt());
}

#[test]
fn an_order_that_needs_the_link_does_not_arrive_while_it_is_down() {
    let mut system = small(24);
    system.farms[0].interruptible = true;
    system.farms[0].order_needs_link = true;
    let mut mw = [900.0; 24];
    mw[4..10].fill(950.0);
    load(&mut system, &mw);
    // The link is down from 3 to 7; machines hold and draw all their power.
    hazard(
        &mut system,
        "cut",
        true,
        (3.0, 7.0),
        vec![Target::Access(FarmId(0))],
    );
    let outcome = run(&system, 0);
    close(outcome.system("curtailed_mining_mwh"), 50.0 * 3.0);
    close(outcome.system("lole_h"), 3.0);
    // By telephone the order arrives at once.
    system.farms[0].order_needs_link = false;
    let outcome = run(&system, 0);
    close(outcome.system("curtailed_mining_mwh"), 50.0 * 6.0);
    assert_eq!(outcome.system("lole_h"), 0.0);
    // An order that has arrived stays, though the link goes down after it.
    system.farms[0].order_needs_link = true;
    if let HazardTiming::Dated { from, .. } = &mut system.hazards[0].timing {
        *from = moment(4.5);
    }
    assert_eq!(run(&system, 0).system("lole_h"), 0.0);
}

#[test]
fn an_order_takes_its_delay_and_stays_its_shortest_time() {
    let mut system = small(24);
    system.farms[0].interruptible = true;
    system.operator = Operator {
        order_delay: Span::from_minutes(20.0),
        order_minimum: Span::from_minutes(180.0),
    };
    let mut mw = [900.0; 24];
    mw[4] = 960.0;
    load(&mut system, &mw);
    let outcome = run(&system, 0);
    // From 4:00 to 4:20 the 60 MW lack for all; from 4:20 to 7:20 the farm runs 40 MW.
    close(outcome.system("lole_h"), 1.0 / 3.0);
    close(outcome.system("curtailed_mining_mwh"), 60.0 * 3.0);
    close(
        outcome.network("lost_installed_by_cause/order"),
        lost(1.2, 3.0),
    );
    // A need that passes before the order arrives cuts nobody.
    system.operator.order_delay = Span::from_minutes(90.0);
    let outcome = run(&system, 0);
    assert_eq!(outcome.system("curtailed_mining_mwh"), 0.0);
    close(outcome.system("lole_h"), 1.0);
}

#[test]
fn the_ladder_goes_by_priority_and_cuts_only_the_last_in_part() {
    let mut system = small(24);
    for (name, mw, priority) in [("a-last", 40.0, 9), ("b-first", 30.0, 1)] {
        let id = farm(&mut system, name, ZoneId(0), mw);
        system.farms[id.at()].cut_priority = priority;
        system.farms[id.at()].interruptible = true;
    }
    system.farms[0].interruptible = true;
    system.farms[0].cut_priority = 5;
    // 170 MW of mining on 100: 70 must go: all 30 of the first, 40 of the 100 next.
    let outcome = run(&system, 0);
    let share = |name: &str| outcome.get("all", &format!("farm/{name}"), "hashrate_ehs");
    close(share("farm"), 2.0 * 0.6);
    close(share("a-last"), 0.8);
    assert!(share("b-first").abs() < 1e-9);
}

fn priced(price: Vec<f64>, minimum_up: f64, minimum_down: f64) -> System {
    let mut system = small(24);
    system.world = Some(World {
        level_ehs: Value::Fixed(200.0),
        calibration: None,
        growth_per_week: Value::Fixed(0.0),
        noise_sd: Value::Fixed(0.0),
        noise_lag1: 0.0,
        noise_stream: StreamId::of("world/noise"),
        pool_effective_count: None,
        block_interval_s: 600.0,
        headline_shares: vec![],
    });
    // Chosen so that hashprice is 120 USD, and break-even at 50 J/TH 100 USD/MWh.
    let difficulty = 8.64e22 / 4_294_967_296.0 * 6.25 * 19_200.0 / 120_000.0;
    system.economics = Some(Economics {
        difficulty: vec![difficulty],
        price_usd: vec![19_200.0],
        height: 700_000,
        fee_share: Value::Fixed(0.0),
    });
    system.farms[0].price = Some(PriceResponse {
        price_usd_mwh: price,
        dead_band: 0.1,
        minimum_up: hours(minimum_up),
        minimum_down: hours(minimum_down),
    });
    system
}

#[test]
fn price_keeps_its_shortest_times() {
    let mut price = vec![50.0; 24];
    price[4] = 120.0;
    price[12] = 120.0;
    let off = |minimum_up: f64, minimum_down: f64, price: &[f64]| {
        run(&priced(price.to_vec(), minimum_up, minimum_down), 0)
            .network("lost_installed_by_cause/price")
    };
    close(off(0.0, 0.0, &price), lost(2.0, 2.0));
    // Three hours down at least, each time.
    close(off(0.0, 3.0, &price), lost(2.0, 6.0));
    // An hour and a half: back at 5:30, not with the next hour.
    close(off(0.0, 1.5, &price), lost(2.0, 3.0));
    // Back at 5, and up for 9 h at least: the second peak passes unanswered.
    close(off(9.0, 0.0, &price), lost(2.0, 1.0));
}

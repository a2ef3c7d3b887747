//! What the pieces do beyond the hand calculation of each cause: starts, windows, failover,
//! orders, contracts' neighbours, overlaps. Randomness off, sums by hand.

mod support;

use hashfall::engine::{Plan, Recorder, Replicator, View};
use hashfall::measure::tell;
use hashfall::quantity::{Instant, MS_PER_HOUR, Power, Span};
use hashfall::random::StreamId;
use hashfall::system::*;
use support::*;

fn close(actual: f64, expected: f64) {
    assert!(
        (actual - expected).abs() < 1e-5 * expected.abs().max(1e-3),
        "{actual} against {expected}"
    );
}

/// EH/s-days lost when `ehs` is missing for `hours`.
fn lost(ehs: f64, hours: f64) -> f64 {
    ehs * hours / 24.0
}

fn hours(hours: f64) -> Span {
    Span::from_hours(hours)
}

fn moment(at_h: f64) -> Moment {
    Moment {
        at: Instant(hours(at_h).0),
        plus_minutes: Value::Fixed(0.0),
    }
}

fn load(system: &mut System, mw: &[f64]) {
    let hourly = mw.iter().map(|&mw| Power::from_megawatts(mw)).collect();
    system.zones[0].load = LoadProfile::new(hourly);
}

/// One zone of 900 MW firm load with 1,000 MW of plant, one farm of 100 MW (2 EH/s).
fn small(hours: i64) -> System {
    let mut system = empty(hours);
    internet(&mut system);
    let zone = flat_zone(&mut system, "north", 900.0);
    let class = class(&mut system, "coal", 10.0, 1.0);
    plant(&mut system, "base", (zone, class), 1, 1000.0, None);
    farm(&mut system, "farm", zone, 100.0);
    system
}

/// A staircase: (minutes, percent).
fn staircase(steps: &[(f64, i64)]) -> StartProfile {
    let step = |&(minutes, percent): &(f64, i64)| StartStep {
        after: Span::from_minutes(minutes),
        share_ppm: percent * 10_000,
    };
    StartProfile {
        steps: steps.iter().map(step).collect(),
    }
}

// ---------------------------------------------------------------- plants

#[test]
fn after_a_dark_zone_plants_start_hot_warm_or_cold() {
    // Dark for 3, 8, 9, 48 and 49 h: hot up to 8, warm up to 48, cold beyond.
    for (dark_h, start_h) in [
        (3.0, 2.0),
        (8.0, 2.0),
        (9.0, 5.0),
        (48.0, 5.0),
        (49.0, 11.0),
    ] {
        let mut system = small(96);
        system.classes[0].start = StartTimes {
            hot: hours(2.0),
            warm: hours(5.0),
            cold: hours(11.0),
        };
        let dark = vec![Target::Zone(ZoneId(0))];
        hazard(&mut system, "dark", true, (10.0, 10.0 + dark_h), dark);
        let outcome = run(&system, 0);
        close(outcome.system("lole_h"), dark_h + start_h);
        close(outcome.system("eue_mwh"), 900.0 * (dark_h + start_h));
    }
}

#[test]
fn struck_again_while_it_starts_a_plant_starts_from_the_beginning() {
    let mut system = small(48);
    let start = hours(4.0);
    system.classes[0].start = StartTimes {
        hot: start,
        warm: hours(6.0),
        cold: start,
    };
    for (name, span) in [("one", (2.0, 5.0)), ("two", (7.0, 8.0))] {
        hazard(&mut system, name, true, span, vec![Target::Unit(UnitId(0))]);
    }
    // Off since 2; at 8 that is six hours: a hot start of four.
    close(run(&system, 0).system("lole_h"), 10.0);
    // Off since 2 until 11 is nine hours: a warm start of six.
    if let HazardTiming::Dated { until, .. } = &mut system.hazards[1].timing {
        *until = moment(11.0);
    }
    close(run(&system, 0).system("lole_h"), 15.0);
}

#[test]
fn a_planned_outage_takes_its_window_and_ends_without_a_start() {
    let mut system = small(48);
    system.classes[0].start.hot = hours(9.0);
    system.units[0].planned = vec![(5 * MS_PER_HOUR, 12 * MS_PER_HOUR)];
    close(run(&system, 0).system("lole_h"), 7.0);
    // From before the start, and beyond the end.
    system.units[0].planned = vec![(-9, 3 * MS_PER_HOUR), (40 * MS_PER_HOUR, 999 * MS_PER_HOUR)];
    close(run(&system, 0).system("lole_h"), 11.0);
}

#[test]
fn a_derating_takes_its_share_and_an_outage_the_rest() {
    let mut system = small(24 * 20);
    system.farms.clear();
    system.units[0].deratings = Some(exponential("derating", 30.0, 10.0));
    system.units[0].derating_share = 0.25;
    let plan = Plan::new(&system).expect("a forest");
    struct Seen(Vec<i64>);
    impl Recorder for Seen {
        const HOURS: bool = true;
        fn begin(&mut self, view: View<'_>) {
            self.0.push(view.state.zone_capacity[0]);
        }
        fn changed(&mut self, view: View<'_>) {
            self.0.push(view.state.zone_capacity[0]);
        }
        fn close(&mut self, _view: View<'_>, _row: &mut Vec<i64>) {}
    }
    let mut seen = Seen(vec![]);
    Replicator::new(&plan)
        .replicate(0, &mut seen, &mut vec![])
        .expect("a replication");
    seen.0.sort_unstable();
    seen.0.dedup();
    assert_eq!(seen.0, [750_000_000, 1_000_000_000]);
    assert!(run(&system, 0).system("eue_mwh") > 0.0);
}

// ---------------------------------------------------------------- restarts

#[test]
fn without_its_crew_a_farm_comes_back_by_the_crews_staircase() {
    let with_crew_away = |crew: (f64, f64)| {
        let mut system = small(48);
        system.farms[0].start = staircase(&[(30.0, 100)]);
        system.farms[0].crew_start = staircase(&[(120.0, 25), (240.0, 50), (480.0, 100)]);
        let dark = vec![Target::Farm(FarmId(0))];
        hazard(&mut system, "power", true, (2.0, 5.0), dark);
        hazard(
            &mut system,
            "unrest",
            true,
            crew,
            vec![Target::Crew(FarmId(0))],
        );
        let outcome = run(&system, 0);
        close(outcome.network("lost_by_cause/supply"), lost(2.0, 3.0));
        outcome.network("lost_by_cause/restart")
    };
    // All missing for 2 h, three quarters for 2 h, half for 4 h.
    close(with_crew_away((0.0, 30.0)), lost(2.0, 2.0 + 1.5 + 2.0));
    // A crew at work needs half an hour.
    close(with_crew_away((30.0, 40.0)), lost(2.0, 0.5));
    // A crew that returns after 3 h finds a quarter running, and brings back the rest.
    close(
        with_crew_away((0.0, 8.0)),
        lost(2.0, 2.0 + 0.75 + 0.5 * 0.75),
    );
}

#[test]
fn what_is_interrupted_while_it_comes_back_goes_on_from_where_it_stands() {
    let mut system = small(24);
    system.farms[0].start = staircase(&[(60.0, 50), (120.0, 100)]);
    let mut dark = |name: &str, span| {
        hazard(&mut system, name, true, span, vec![Target::Farm(FarmId(0))]);
    };
    dark("one", (2.0, 3.0));
    dark("two", (4.5, 5.0));
    // 1 h dark, 1 h nothing, half an hour of half; half an hour dark, 1 h nothing, 1 h half.
    let outcome = run(&system, 0);
    close(outcome.network("lost_by_cause/supply"), lost(2.0, 1.5));
    close(
        outcome.network("lost_by_cause/restart"),
        lost(2.0, 1.0 + 0.25 + 1.0 + 0.5),
    );
    close(
        outcome.network("lost_restart_after/supply"),
        lost(2.0, 2.75),
    );
}

// ---------------------------------------------------------------- the internet

/// Two farms of different access class behind one gateway, and a kill switch from 2 to 12.
fn switched() -> System {
    let mut system = small(24);
    system.access_classes.push(AccessClass {
        name: "household".into(),
    });
    let home = farm(&mut system, "home", ZoneId(0), 50.0);
    system.farms[home.at()].access = Access::Class(AccessClassId(1));
    load(&mut system, &[800.0; 24]);
    let gateway = vec![Target::Gateway(GatewayId(0))];
    hazard(&mut system, "switch", true, (2.0, 12.0), gateway);
    system.hazards[0].spare_streams = vec![StreamId::of("spare/0"), StreamId::of("spare/1")];
    system
}

fn window_for(system: &mut System, class: u16, (from_h, until_h): (f64, f64), chance: f64) {
    let stream = format!("hazard/switch/window-{}", system.hazards[0].windows.len());
    system.hazards[0].windows.push(HazardWindow {
        classes: vec![AccessClassId(class)],
        from: moment(from_h),
        until: moment(until_h),
        chance: Value::Fixed(chance),
        stream: StreamId::of(&stream),
    });
}

#[test]
fn a_kill_switch_lets_a_class_through_in_its_windows() {
    let mut system = switched();
    // 10 h dark for both.
    close(
        run(&system, 0).network("lost_by_cause/link"),
        lost(3.0, 10.0),
    );
    // The household's two windows overlap from 5 to 6 and make one of 4 to 8.
    window_for(&mut system, 1, (4.0, 6.0), 1.0);
    window_for(&mut system, 1, (5.0, 8.0), 1.0);
    let partly = lost(2.0, 10.0) + lost(1.0, 6.0);
    close(run(&system, 0).network("lost_by_cause/link"), partly);
    // A window that never happens, and one for the other class beyond the end of the hazard.
    window_for(&mut system, 0, (4.0, 6.0), 0.0);
    window_for(&mut system, 0, (11.0, 20.0), 1.0);
    let partly = lost(2.0, 9.0) + lost(1.0, 6.0);
    close(run(&system, 0).network("lost_by_cause/link"), partly);
    // A second switch without windows closes the same gateway from 5 to 7.
    let gateway = vec![Target::Gateway(GatewayId(0))];
    hazard(&mut system, "other", true, (5.0, 7.0), gateway);
    let closed = partly + lost(1.0, 2.0);
    close(run(&system, 0).network("lost_by_cause/link"), closed);
}

#[test]
fn a_spared_farm_slips_past_the_switch_but_not_past_a_dead_gateway() {
    let mut system = switched();
    system.hazards[0].spares = Value::Fixed(1.0);
    assert_eq!(run(&system, 0).network("lost_by_cause/link"), 0.0);
    system.gateways[0].outages = Some(exponential("gateway/border", 1e-3, 1e9));
    close(
        run(&system, 0).network("lost_installed_by_cause/link"),
        lost(3.0, 24.0),
    );
    // A chance of 0.3 spares 0.3 of the farms.
    let mut system = switched();
    system.hazards[0].spares = Value::Fixed(0.3);
    let n = 4000;
    let spared: f64 = (0..n)
        .map(|k| {
            1.0 - run_light(&system, k, |view| {
                f64::from(u8::from(view.futures.spared[0] == 0))
            })
        })
        .sum();
    within(
        spared / f64::from(n),
        0.3,
        (0.3 * 0.7 / f64::from(n)).sqrt(),
    );
}

/// Runs a replication without recorders and reads something off its end.
fn run_light(system: &System, replication: u32, read: impl Fn(View<'_>) -> f64) -> f64 {
    let plan = Plan::new(system).expect("a forest");
    let mut replicator = Replicator::new(&plan);
    replicator
        .replicate(replication, &mut (), &mut vec![])
        .expect("a replication");
    read(replicator.view())
}

/// Within three standard errors.
fn within(value: f64, exact: f64, error: f64) {
    let z = (value - exact) / error;
    println!("{value:.5} is {exact:.5} at z = {z:+.2}");
    assert!(z.abs() < 3.0, "{value} against {exact}, z = {z}");
}

#[test]
fn a_farm_fails_over_to_its_next_pool_and_without_any_loses_its_link() {
    let mut system = small(24);
    system.pools.push(Pool {
        name: "second".into(),
        share: 0.0,
        outages: None,
        stream: StreamId::of("pool/second/share"),
    });
    system.farms[0].pools = vec![PoolId(0), PoolId(1)];
    hazard(
        &mut system,
        "one",
        true,
        (2.0, 9.0),
        vec![Target::Pool(PoolId(0))],
    );
    hazard(
        &mut system,
        "two",
        true,
        (6.0, 12.0),
        vec![Target::Pool(PoolId(1))],
    );
    let outcome = run(&system, 0);
    // The second alone from 2 to 6, none from 6 to 9, the first from 9 on.
    close(outcome.network("lost_by_cause/link"), lost(2.0, 3.0));
    let of = |pool: &str| outcome.get("all", pool, "hashrate_from_country_ehs") * 24.0;
    close(of("pool/second"), 2.0 * 4.0);
    close(of("pool/pool"), 2.0 * 17.0);
}

#[test]
fn a_farm_fails_over_to_its_next_provider() {
    let mut system = small(24);
    system.providers.push(Provider {
        name: "dish".into(),
        gateways: vec![GatewayId(0)],
        outages: None,
        delay_ms: 6000.0,
    });
    system.farms[0].providers = vec![ProviderId(0), ProviderId(1)];
    hazard(
        &mut system,
        "one",
        true,
        (2.0, 8.0),
        vec![Target::Provider(ProviderId(0))],
    );
    let outcome = run(&system, 0);
    assert_eq!(outcome.network("lost_by_cause/link"), 0.0);
    // The dish's delay costs stale shares while it carries the farm.
    let stale = libm::rint((1.0 - libm::exp(-0.01)) * 1e6) / 1e6;
    close(
        outcome.network("lost_by_cause/stale"),
        lost(2.0 * stale, 6.0),
    );
    hazard(
        &mut system,
        "two",
        true,
        (5.0, 8.0),
        vec![Target::Provider(ProviderId(1))],
    );
    close(
        run(&system, 0).network("lost_by_cause/link"),
        lost(2.0, 3.0),
    );
}

// ---------------------------------------------------------------- orders

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

// ---------------------------------------------------------------- price

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

// ---------------------------------------------------------------- hazards

#[test]
fn two_hazards_on_one_target_last_until_the_later_ends() {
    let mut system = small(24);
    for (name, span) in [
        ("one", (2.0, 6.0)),
        ("two", (4.0, 9.0)),
        ("three", (5.0, 5.5)),
    ] {
        hazard(&mut system, name, true, span, vec![Target::Zone(ZoneId(0))]);
    }
    let outcome = run(&system, 0);
    close(outcome.system("lole_h"), 7.0);
    close(outcome.network("lost_by_cause/supply"), lost(2.0, 7.0));
    // The same for a line, a unit and a gateway.
    let mut system = small(24);
    for (name, span) in [("one", (2.0, 6.0)), ("two", (4.0, 9.0))] {
        hazard(&mut system, name, true, span, vec![Target::Unit(UnitId(0))]);
    }
    close(run(&system, 0).system("lole_h"), 7.0);
    let mut system = small(24);
    for (name, span) in [("one", (2.0, 6.0)), ("two", (4.0, 9.0))] {
        hazard(
            &mut system,
            name,
            true,
            span,
            vec![Target::Access(FarmId(0))],
        );
    }
    close(
        run(&system, 0).network("lost_by_cause/link"),
        lost(2.0, 7.0),
    );
}

#[test]
fn load_that_a_hazard_switches_off_counts_where_it_was_served() {
    let mut system = small(24);
    hazard(&mut system, "island", true, (3.0, 5.0), vec![]);
    system.hazards[0].load_changes = vec![LoadChange {
        zone: ZoneId(0),
        change: Power::from_megawatts(-150.0),
        unserved: true,
    }];
    let outcome = run(&system, 0);
    close(outcome.system("eue_mwh"), 300.0);
    close(outcome.system("lole_h"), 2.0);
    system.hazards[0].load_changes[0].unserved = false;
    assert_eq!(run(&system, 0).system("eue_mwh"), 0.0);
    // More load than there is plant.
    system.hazards[0].load_changes[0].change = Power::from_megawatts(300.0);
    let outcome = run(&system, 0);
    close(outcome.system("eue_mwh"), 2.0 * 300.0 * 1200.0 / 1300.0);
}

#[test]
fn hazards_that_belong_to_the_event_are_off_in_the_paired_run_alone() {
    let mut system = small(24);
    hazard(
        &mut system,
        "standing",
        false,
        (2.0, 6.0),
        vec![Target::Access(FarmId(0))],
    );
    hazard(
        &mut system,
        "event",
        true,
        (4.0, 9.0),
        vec![Target::Access(FarmId(0))],
    );
    let outcome = run(&system, 0);
    close(outcome.network("lost_hashrate_ehs_days"), lost(2.0, 3.0));
    close(outcome.network("lost_installed_ehs_days"), lost(2.0, 7.0));
}

// ---------------------------------------------------------------- zones

#[test]
fn a_neighbours_shortage_is_not_ours() {
    let mut system = small(24);
    let abroad = flat_zone(&mut system, "abroad", 500.0);
    system.zones[abroad.at()].external = true;
    let outcome = run(&system, 0);
    assert_eq!(outcome.system("eue_mwh"), 0.0);
    assert_eq!(outcome.system("lole_h"), 0.0);
    system.zones[abroad.at()].external = false;
    close(run(&system, 0).system("eue_mwh"), 500.0 * 24.0);
}

#[test]
fn load_follows_the_days_temperature() {
    let mut system = small(72);
    system.farms.clear();
    system.weathers.push(Weather {
        name: "north".into(),
        mean_c: 0.0,
        daily_sd_c: 0.0,
        lag1: 0.0,
        diurnal_amplitude_c: 0.0,
        common_share: 0.0,
        outage_mean_days: 1,
        stream: StreamId::of("weather/north"),
        common_stream: StreamId::of("weather/common"),
        fixed_daily_c: Some(vec![-10.0, 5.0, -40.0]),
    });
    system.zones[0].weather = Some(WeatherId(0));
    system.zones[0].response = Some(LoadResponse {
        base_c: 0.0,
        per_degree: 0.01,
        reference_c: -10.0,
        maximum_factor: 1.1,
    });
    let served = |system: &System| run(system, 0).system("served_mwh/coal");
    // As the profile at -10; 1/1.1 of it above the base; at -40 1.4/1.1, bounded at 1.1.
    close(served(&system), 900.0 * 24.0 * (1.0 + 1.0 / 1.1 + 1.1));
}

#[test]
fn firm_load_and_running_mining_are_the_published_demand() {
    let mut system = small(24);
    system.farms[0].running_share = 0.6;
    system.zones[0].scale.contains_mining = true;
    let order = Order {
        name: "standing".into(),
        event: false,
        farms: vec![FarmId(0)],
        from: moment(0.0),
        until: moment(24.0),
        share: OrderShare::Running,
        certain: true,
    };
    system.orders.push(order);
    let mw: Vec<f64> = (0..24)
        .map(|hour| 700.0 + 10.123_456 * f64::from(hour))
        .collect();
    load(&mut system, &mw);
    struct Demand(Vec<i64>);
    impl Recorder for Demand {
        const HOURS: bool = true;
        fn begin(&mut self, _view: View<'_>) {}
        fn boundary(&mut self, view: View<'_>, _at: Instant) {
            let mining: i64 = view.state.farm_power.iter().sum();
            self.0.push(view.state.firm_now(0) + mining);
        }
        fn close(&mut self, _view: View<'_>, _row: &mut Vec<i64>) {}
    }
    let plan = Plan::new(&system).expect("a forest");
    let mut demand = Demand(vec![]);
    Replicator::new(&plan)
        .replicate(0, &mut demand, &mut vec![])
        .expect("a replication");
    let published: Vec<i64> = mw.iter().map(|&mw| Power::from_megawatts(mw).0).collect();
    assert_eq!(demand.0, published, "to the last watt");
}

#[test]
fn a_story_names_what_happens_in_order() {
    let mut system = switched();
    window_for(&mut system, 1, (4.0, 6.0), 1.0);
    let plan = Plan::new(&system).expect("a forest");
    let story = tell(&plan, 0).expect("a replication");
    assert!(story.windows(2).all(|pair| pair[0].at_ms <= pair[1].at_ms));
    let said = |hour: i64, entity: &str, what: &str| {
        story.iter().any(|told| {
            told.at_ms == hour * MS_PER_HOUR && told.entity == entity && told.what == what
        })
    };
    assert!(said(2, "hazard/switch", "strikes"));
    assert!(said(2, "farm/home", "loses its pools"));
    assert!(said(4, "farm/home", "reaches its pools again"));
    assert!(!said(4, "farm/farm", "reaches its pools again"));
    assert!(said(12, "farm/farm", "reaches its pools again"));
}

/// More hazards than a farm has bits to slip past: those beyond close the gateway to everybody.
#[test]
fn a_hundred_hazards_are_no_trouble() {
    let mut system = small(24);
    for index in 0..100_i16 {
        let from = 2.0 + f64::from(index) * 0.05;
        let gateway = vec![Target::Gateway(GatewayId(0))];
        let name = format!("cut-{index:03}");
        hazard(&mut system, &name, true, (from, from + 0.05), gateway);
        let hazard = system.hazards.last_mut().expect("a hazard");
        hazard.spares = Value::Fixed(f64::from(u8::from(index < 64)));
        hazard.spare_streams = vec![StreamId::of(&format!("spare/{index}"))];
    }
    // 36 of them last three minutes each.
    close(
        run(&system, 0).network("lost_by_cause/link"),
        lost(2.0, 36.0 * 0.05),
    );
}

/// The paired run parts from the main one in the middle of a shortage: it is counted once.
#[test]
fn a_shortage_in_which_the_event_begins_is_counted_once() {
    let mut system = small(24);
    load(&mut system, &[1050.0; 24]);
    system.farms[0].installed = Power::ZERO;
    hazard(
        &mut system,
        "event",
        true,
        (5.5, 7.0),
        vec![Target::Access(FarmId(0))],
    );
    let outcome = run(&system, 0);
    close(outcome.system("eue_mwh"), 50.0 * 24.0);
    close(outcome.system("lole_h"), 24.0);
    close(outcome.system("lolf"), 1.0);
}

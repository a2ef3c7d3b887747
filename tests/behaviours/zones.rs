//! Overlapping hazards, switched load, neighbours, temperature, published demand.

use super::*;

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

/// A line counts for what the neighbour has to spare, and several lines share that.
#[test]
fn a_neighbour_adds_to_the_margin_only_what_it_has_to_spare() {
    let mut system = small(24);
    let margin = |system: &System| run(system, 0).system("reserve_margin_p5_mw");
    let alone = margin(&system);
    let abroad = flat_zone(&mut system, "abroad", 100.0);
    system.zones[abroad.at()].external = true;
    line(&mut system, "tie", abroad, ZoneId(0), 300.0);
    close(margin(&system), alone);
    let class = ClassId(0);
    plant(&mut system, "far", (abroad, class), 1, 150.0, None);
    close(margin(&system), alone + 50.0);
    plant(&mut system, "farther", (abroad, class), 1, 1000.0, None);
    close(margin(&system), alone + 300.0);
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
        fixed_by_year: vec![],
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
            let mining: i64 = view.state.farms.iter().map(|farm| farm.draws).sum();
            self.0.push(view.state.zones[0].firm_now() + mining);
        }
        fn close(&mut self, _view: View<'_>, _row: &mut Vec<i64>) {}
    }
    let plan = Plan::new(&system);
    let mut demand = Demand(vec![]);
    Replicator::new(&plan)
        .replicate(0, &mut demand, &mut vec![])
        .expect("a replication");
    let published: Vec<i64> = mw.iter().map(|&mw| Power::from_megawatts(mw).0).collect();
    assert_eq!(demand.0, published, "to the last watt");
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

#[test]
fn a_zone_of_mining_alone_mines_again_when_its_plant_is_back() {
    // A dam, a farm, and nobody else: what goes unserved is mining, and not one watt of firm
    // load tells that there was a shortage.
    let mut system = small(48);
    load(&mut system, &[0.0; 48]);
    system.units[0].planned = vec![(5 * MS_PER_HOUR, 12 * MS_PER_HOUR)];
    let outcome = run(&system, 0);
    close(outcome.network("lost_installed_ehs_days"), lost(2.0, 7.0));
    close(outcome.system("lole_h"), 0.0);
}

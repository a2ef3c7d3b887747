//! With all randomness off, losses follow from a line of arithmetic: one for each cause.

mod support;

use hashfall::quantity::{Instant, Power, Span};
use hashfall::system::*;
use support::*;

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

#[test]
fn nothing_happens_and_nothing_is_lost() {
    let outcome = run(&small(48), 0);
    close(outcome.network("hashrate_ehs"), 2.0);
    assert_eq!(outcome.network("lost_installed_ehs"), 0.0);
    close(outcome.network("mining_energy_mwh"), 4800.0);
    close(outcome.system("served_mwh/coal"), 48_000.0);
    assert_eq!(outcome.system("lole_h"), 0.0);
}

/// The lower end of a sweep over mining: a farm without machines is as no mining at all.
#[test]
fn a_farm_of_nothing_takes_nothing_and_loses_nothing() {
    let mut system = small(48);
    system.farms[0].installed = Power(0);
    hazard(
        &mut system,
        "cut",
        true,
        (10.0, 17.0),
        vec![Target::Gateway(GatewayId(0))],
    );
    system.hazards[0].spare_streams = vec![hashfall::random::StreamId::of("spare")];
    let outcome = run(&system, 0);
    for index in [
        "hashrate_ehs",
        "installed_hashrate_ehs",
        "lost_installed_ehs",
        "lost_hashrate_ehs_days",
        "lost_share_of_country",
        "lost_share_of_world",
        "mining_energy_mwh",
    ] {
        assert_eq!(outcome.network(index), 0.0, "{index}");
    }
    close(outcome.system("served_mwh/coal"), 900.0 * 48.0);
    assert_eq!(outcome.system("curtailed_mining_mwh"), 0.0);
}

#[test]
fn a_link_that_is_down_for_d_hours_loses_exactly_s_h_d() {
    let mut system = small(48);
    hazard(
        &mut system,
        "cut",
        true,
        (10.0, 17.0),
        vec![Target::Gateway(GatewayId(0))],
    );
    system.hazards[0].spare_streams = vec![hashfall::random::StreamId::of("spare")];
    let outcome = run(&system, 0);
    close(outcome.network("lost_hashrate_ehs_days"), lost(2.0, 7.0));
    close(outcome.network("lost_by_cause/link"), lost(2.0, 7.0));
    close(outcome.network("lost_share_of_country"), 7.0 / 48.0);
    close(outcome.network("lost_hashrate_peak_hour_ehs"), 2.0);
    // Machines that hold keep drawing power for nothing.
    close(outcome.network("energy_without_hashes_mwh"), 700.0);
}

#[test]
fn doubling_a_farm_doubles_its_loss() {
    let lost_by = |mw: f64| {
        let mut system = small(24);
        system.farms[0].installed = Power::from_megawatts(mw);
        hazard(
            &mut system,
            "cut",
            true,
            (3.0, 8.5),
            vec![Target::Access(FarmId(0))],
        );
        run(&system, 0).slot("all/network/event/lost_ph")
    };
    assert_eq!(lost_by(40.0) * 2, lost_by(80.0));
}

#[test]
fn after_holding_machines_sleep_and_must_start_again() {
    let mut system = small(24);
    let farm = &mut system.farms[0];
    farm.link_loss = LinkLoss {
        hold_minutes: Value::Fixed(30.0),
        hold_power: 1.0,
        after_power: 0.02,
    };
    farm.start = StartProfile {
        steps: vec![
            StartStep {
                after: Span::from_minutes(20.0),
                share_ppm: 500_000,
            },
            StartStep {
                after: Span::from_minutes(40.0),
                share_ppm: 1_000_000,
            },
        ],
    };
    hazard(
        &mut system,
        "cut",
        true,
        (6.0, 10.0),
        vec![Target::Access(FarmId(0))],
    );
    let outcome = run(&system, 0);
    close(outcome.network("lost_by_cause/link"), lost(2.0, 4.0));
    // 20 minutes of all machines, then 20 minutes of half of them.
    close(outcome.network("lost_by_cause/restart"), lost(2.0, 0.5));
    close(outcome.network("lost_restart_after/link"), lost(2.0, 0.5));
    // Half an hour at full power, three and a half at 2 %.
    close(
        outcome.network("energy_without_hashes_mwh"),
        50.0 + 3.5 * 2.0,
    );
}

#[test]
fn a_link_that_returns_within_the_hold_needs_no_start() {
    let mut system = small(24);
    let farm = &mut system.farms[0];
    farm.link_loss.hold_minutes = Value::Fixed(30.0);
    farm.start.steps[0].after = Span::from_hours(2.0);
    hazard(
        &mut system,
        "cut",
        true,
        (6.0, 6.4),
        vec![Target::Access(FarmId(0))],
    );
    let outcome = run(&system, 0);
    close(outcome.network("lost_hashrate_ehs_days"), lost(2.0, 0.4));
    assert_eq!(outcome.network("lost_by_cause/restart"), 0.0);
}

#[test]
fn a_dark_zone_loses_its_farms_and_its_load() {
    let mut system = small(24);
    hazard(
        &mut system,
        "dark",
        true,
        (2.0, 5.0),
        vec![Target::Zone(ZoneId(0))],
    );
    let outcome = run(&system, 0);
    close(outcome.network("lost_by_cause/supply"), lost(2.0, 3.0));
    close(outcome.system("eue_mwh"), 2700.0);
    close(outcome.system("lole_h"), 3.0);
}

#[test]
fn telecom_batteries_keep_the_link_but_not_the_machines() {
    let mut system = small(24);
    system.farms[0].telecom_battery = Span::from_hours(1.0);
    hazard(
        &mut system,
        "dark",
        true,
        (2.0, 5.0),
        vec![Target::Zone(ZoneId(0))],
    );
    let outcome = run(&system, 0);
    // Supply comes first in the order; the link is also missing once the battery is empty.
    close(outcome.network("lost_by_cause/supply"), lost(2.0, 3.0));
    close(outcome.network("lost_installed_any/link"), lost(2.0, 2.0));
    close(outcome.network("lost_installed_only/link"), 0.0);
    close(
        outcome.network("lost_installed_only/supply"),
        lost(2.0, 1.0),
    );
}

#[test]
fn two_causes_at_once_are_charged_to_the_first_and_shown_in_both() {
    let mut system = small(24);
    hazard(
        &mut system,
        "power",
        true,
        (2.0, 6.0),
        vec![Target::Farm(FarmId(0))],
    );
    hazard(
        &mut system,
        "link",
        true,
        (4.0, 9.0),
        vec![Target::Access(FarmId(0))],
    );
    let outcome = run(&system, 0);
    close(outcome.network("lost_by_cause/supply"), lost(2.0, 4.0));
    close(outcome.network("lost_by_cause/link"), lost(2.0, 3.0));
    close(outcome.network("lost_installed_any/link"), lost(2.0, 5.0));
    close(outcome.network("lost_installed_any/supply"), lost(2.0, 4.0));
    close(outcome.network("lost_installed_only/link"), lost(2.0, 3.0));
    close(
        outcome.network("lost_installed_only/supply"),
        lost(2.0, 2.0),
    );
}

fn order(system: &mut System, from_h: f64, until_h: f64, share: f64, event: bool) {
    let moment = |hours: f64| Moment {
        at: Instant(Span::from_hours(hours).0),
        plus_minutes: Value::Fixed(0.0),
    };
    system.orders.push(Order {
        name: "order".into(),
        event,
        farms: vec![FarmId(0)],
        from: moment(from_h),
        until: moment(until_h),
        share: OrderShare::Share(Value::Fixed(share)),
        certain: true,
    });
}

#[test]
fn an_order_in_force_takes_its_share() {
    let mut system = small(24);
    order(&mut system, 5.0, 15.0, 0.4, true);
    let outcome = run(&system, 0);
    close(
        outcome.network("lost_by_cause/order"),
        lost(2.0 * 0.6, 10.0),
    );
    close(outcome.system("standing_curtailed_mining_mwh"), 600.0);
}

#[test]
fn a_standing_order_is_no_part_of_the_event() {
    let mut system = small(24);
    order(&mut system, 0.0, 24.0, 0.5, false);
    hazard(
        &mut system,
        "cut",
        true,
        (0.0, 12.0),
        vec![Target::Access(FarmId(0))],
    );
    let outcome = run(&system, 0);
    close(outcome.network("lost_hashrate_ehs_days"), lost(1.0, 12.0));
    close(
        outcome.network("lost_installed_ehs_days"),
        lost(2.0, 12.0) + lost(1.0, 12.0),
    );
}

#[test]
fn a_shortage_cuts_interruptible_mining_by_exactly_the_missing_megawatts() {
    let mut system = small(24);
    system.farms[0].interruptible = true;
    let mut load = [900.0; 24];
    load[8] = 940.0;
    load[9] = 1020.0;
    system.zones[0].load =
        LoadProfile::new(load.iter().map(|&mw| Power::from_megawatts(mw)).collect());
    let outcome = run(&system, 0);
    // 40 MW missing, then all of the farm; then 20 MW of firm load.
    close(outcome.system("curtailed_mining_mwh"), 140.0);
    close(outcome.system("curtailed_mining_h"), 2.0);
    // In the second hour rotating feeders would have taken 20 of 1,020 anyway: supply is first.
    let fed = 1.0 - 20.0 / 1020.0;
    close(
        outcome.network("lost_installed_by_cause/order"),
        lost(2.0 * 0.4 + 2.0 * fed, 1.0),
    );
    close(outcome.system("eue_mwh"), 20.0);
}

#[test]
fn a_reserve_cuts_mining_before_anything_lacks_and_is_spent_before_load_is_shed() {
    let mut system = small(24);
    system.farms[0].interruptible = true;
    system.zones[0].reserve = Power::from_megawatts(30.0);
    let outcome = run(&system, 0);
    close(outcome.system("curtailed_mining_mwh"), 30.0 * 24.0);
    let mut tight = system.clone();
    tight.zones[0].load = LoadProfile::new(vec![Power::from_megawatts(990.0); 24]);
    let outcome = run(&tight, 0);
    close(outcome.system("curtailed_mining_mwh"), 100.0 * 24.0);
    assert_eq!(outcome.system("eue_mwh"), 0.0);
}

#[test]
fn grey_mining_rides_on_the_feeders_and_shares_their_fate() {
    let mut system = small(24);
    system.zones[0].load = LoadProfile::new(vec![Power::from_megawatts(1000.0); 24]);
    let outcome = run(&system, 0);
    // 1,100 wanted, 1,000 there: everybody loses an eleventh.
    close(outcome.system("unserved_mining_mwh"), 24.0 * 100.0 / 11.0);
    close(outcome.system("eue_mwh"), 24.0 * 1000.0 / 11.0);
    close(
        outcome.network("lost_installed_by_cause/supply"),
        lost(2.0 / 11.0, 24.0),
    );
}

/// North with spare plant, south without; 150 MW between them.
fn two_zones() -> System {
    let mut system = empty(24);
    internet(&mut system);
    let north = flat_zone(&mut system, "north", 700.0);
    let south = flat_zone(&mut system, "south", 400.0);
    let class = class(&mut system, "coal", 10.0, 1.0);
    plant(&mut system, "north-plant", (north, class), 4, 250.0, None);
    plant(&mut system, "south-plant", (south, class), 1, 300.0, None);
    line(&mut system, "tie", north, south, 150.0);
    for (name, zone) in [("north-farm", north), ("south-farm", south)] {
        let id = farm(&mut system, name, zone, 60.0);
        system.farms[id.at()].interruptible = true;
    }
    system
}

#[test]
fn a_plant_outage_cuts_its_zone_and_through_the_limit_its_neighbour() {
    // Before: the south needs 460, has 300, takes 150: 10 MW of its farm are cut.
    let outcome = run(&two_zones(), 0);
    close(outcome.system("curtailed_mining_mwh"), 10.0 * 24.0);
    // With a northern unit out the north has 750 for 760 and can send nothing without cutting
    // itself; the south lacks 160. All 120 MW of mining go, and 30 MW of firm load lack.
    let mut system = two_zones();
    hazard(
        &mut system,
        "trip",
        true,
        (0.0, 24.0),
        vec![Target::Unit(UnitId(0))],
    );
    let outcome = run(&system, 0);
    close(outcome.system("curtailed_mining_mwh"), 120.0 * 24.0);
    close(outcome.system("eue_mwh"), 50.0 * 24.0);
    // The line open: the south alone lacks 100 MW of firm load and its farm; the north 0.
    let mut system = two_zones();
    hazard(
        &mut system,
        "open",
        true,
        (0.0, 24.0),
        vec![Target::Line(LineId(0))],
    );
    let outcome = run(&system, 0);
    close(outcome.system("curtailed_mining_mwh"), 60.0 * 24.0);
    close(outcome.get("all", "zone/south", "eue_mwh"), 100.0 * 24.0);
    close(outcome.get("all", "zone/north", "eue_mwh"), 0.0);
}

#[test]
fn a_contract_with_notice_is_called_ahead_and_ends_at_its_longest() {
    let mut system = small(24);
    system.contracts.push(Contract {
        name: "interruptible".into(),
        notice: Span::from_hours(2.0),
        maximum: Span::from_hours(3.0),
        rest: Span::from_hours(30.0),
        calls: 10,
        payment_usd_mwh: 25.0,
    });
    system.farms[0].contract = Some(ContractId(0));
    let mut load = [900.0; 24];
    load[8..14].fill(950.0);
    system.zones[0].load =
        LoadProfile::new(load.iter().map(|&mw| Power::from_megawatts(mw)).collect());
    let outcome = run(&system, 0);
    // Called at 6 for 8, ends at 11 by its maximum; from 11 to 14 the 50 MW lack for everybody.
    close(
        outcome.network("lost_installed_by_cause/contract"),
        lost(2.0, 3.0),
    );
    close(outcome.system("curtailed_mining_mwh"), 300.0);
    close(outcome.system("lole_h"), 3.0);
    close(outcome.system("contract_payment_usd"), 300.0 * 25.0);
}

#[test]
fn mining_stops_where_it_does_not_pay() {
    let mut system = small(24);
    system.world = Some(World {
        level_ehs: Value::Fixed(200.0),
        calibration: None,
        growth_per_week: Value::Fixed(0.0),
        noise_sd: Value::Fixed(0.0),
        noise_lag1: 0.0,
        noise_stream: hashfall::random::StreamId::of("world/noise"),
        pool_effective_count: None,
        block_interval_s: 600.0,
        headline_shares: vec![],
    });
    // 1 PH/s a day at difficulty 8.64e19 x 1e6 / 2^32 ... chosen so that hashprice is 120 USD.
    let difficulty = 8.64e22 / 4_294_967_296.0 * 6.25 * 19_200.0 / 120_000.0;
    system.economics = Some(Economics {
        difficulty: vec![difficulty],
        price_usd: vec![19_200.0],
        height: 700_000,
        fee_share: Value::Fixed(0.0),
    });
    // Break-even 120 / (0.024 x 50) = 100 USD/MWh; band 10 %: stops above 110, starts below 90.
    let mut price = vec![50.0; 24];
    price[4..8].fill(111.0);
    price[8..10].fill(95.0);
    price[10] = 89.0;
    price[15] = 109.0;
    system.farms[0].price = Some(PriceResponse {
        price_usd_mwh: price,
        dead_band: 0.1,
        minimum_up: Span(0),
        minimum_down: Span(0),
    });
    let outcome = run(&system, 0);
    close(
        outcome.network("lost_installed_by_cause/price"),
        lost(2.0, 6.0),
    );
}

#[test]
fn heat_takes_hashes_and_raises_power() {
    let mut system = small(24);
    system.weathers.push(Weather {
        name: "north".into(),
        mean_c: 0.0,
        daily_sd_c: 0.0,
        lag1: 0.0,
        diurnal_amplitude_c: 0.0,
        common_share: 0.0,
        outage_mean_days: 1,
        stream: hashfall::random::StreamId::of("weather/north"),
        common_stream: hashfall::random::StreamId::of("weather/common"),
        fixed_daily_c: Some(vec![35.0]),
        fixed_by_year: vec![],
    });
    system.zones[0].weather = Some(WeatherId(0));
    let farm = &mut system.farms[0];
    (farm.pue_from_c, farm.pue_per_degree, farm.heat_per_degree) = (25.0, 0.002, 0.004);
    system.zones[0].load = LoadProfile::new(vec![Power::from_megawatts(800.0); 24]);
    let outcome = run(&system, 0);
    close(
        outcome.network("lost_installed_by_cause/heat"),
        lost(2.0 * 0.04, 24.0),
    );
    close(outcome.network("mining_energy_mwh"), 102.0 * 24.0);
}

/// Warmest at 15:00 local time: only the hours above the limit count, each by its middle.
#[test]
fn heat_follows_the_hours_of_a_day() {
    let mut system = small(24);
    system.weathers.push(Weather {
        name: "north".into(),
        mean_c: 0.0,
        daily_sd_c: 0.0,
        lag1: 0.0,
        diurnal_amplitude_c: 10.0,
        common_share: 0.0,
        outage_mean_days: 1,
        stream: hashfall::random::StreamId::of("weather/north"),
        common_stream: hashfall::random::StreamId::of("weather/common"),
        fixed_daily_c: Some(vec![25.0]),
        fixed_by_year: vec![],
    });
    system.zones[0].weather = Some(WeatherId(0));
    system.zones[0].utc_offset_minutes = 360;
    let farm = &mut system.farms[0];
    (farm.pue_from_c, farm.heat_per_degree) = (25.0, 0.004);
    // Twelve hours lie above the mean, six on either side of 15:00.
    let degree_hours: f64 = (0..6)
        .map(|k| 2.0 * 10.0 * (std::f64::consts::TAU * (f64::from(k) + 0.5) / 24.0).cos())
        .sum();
    let outcome = run(&system, 0);
    let missing = outcome.network("lost_installed_by_cause/heat");
    let expected = lost(2.0 * 0.004 * degree_hours, 1.0);
    assert!(
        (missing / expected - 1.0).abs() < 1e-4,
        "{missing} {expected}"
    );
}

#[test]
fn a_hot_afternoon_is_hotter_than_its_day() {
    let hashes = |amplitude: f64| {
        let mut system = small(24);
        system.weathers.push(Weather {
            name: "north".into(),
            mean_c: 0.0,
            daily_sd_c: 0.0,
            lag1: 0.0,
            diurnal_amplitude_c: amplitude,
            common_share: 0.0,
            outage_mean_days: 1,
            stream: hashfall::random::StreamId::of("weather/north"),
            common_stream: hashfall::random::StreamId::of("weather/common"),
            fixed_daily_c: Some(vec![25.0]),
            fixed_by_year: vec![],
        });
        system.zones[0].weather = Some(WeatherId(0));
        let farm = &mut system.farms[0];
        (farm.pue_from_c, farm.heat_per_degree) = (25.0, 0.01);
        run(&system, 0).network("lost_installed_by_cause/heat")
    };
    assert_eq!(hashes(0.0), 0.0);
    // The mean of the positive half of 10 cos is 10 / pi degrees, by the hour's middle.
    let expected = lost(2.0 * 0.01 * 10.0 / std::f64::consts::PI, 24.0);
    assert!((hashes(10.0) / expected - 1.0).abs() < 0.01);
}

#[test]
fn a_satellite_path_costs_stale_shares() {
    let mut system = small(24);
    system.providers[0].delay_ms = 600.0;
    let outcome = run(&system, 0);
    let stale = 1.0 - (-0.6f64 / 600.0).exp();
    let shown = outcome.network("lost_installed_by_cause/stale") / lost(2.0, 24.0);
    // Shares are kept to a part per million.
    assert!((shown - stale).abs() < 1e-6, "{shown} against {stale}");
}

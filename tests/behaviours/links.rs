//! Windows of a kill switch, failover of pools and providers.

use super::*;

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

#[test]
fn a_story_names_what_happens_in_order() {
    let mut system = switched();
    window_for(&mut system, 1, (4.0, 6.0), 1.0);
    let plan = Plan::new(&system);
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

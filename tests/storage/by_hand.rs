//! Answers that follow with pencil and paper.

use super::*;
use support::{Outcome, run, run_grid};

const FROM_3_TO: &str = "planned = [{ from = \"2020-01-01T03:00:00Z\", until = \"2020-01-01T";

/// Load 60 of 100 MW, and for `out_h` hours from 03:00 on nothing but the battery.
fn outage(out_h: u32, storage: &str) -> Outcome {
    let until = format!("{:02}:00:00Z\" }}]", 3 + out_h);
    let plants = plant("g", "z", 1, 100.0, &format!("{FROM_3_TO}{until}"))
        + &plant("battery", "z", 1, 80.0, storage);
    run_grid(
        &system(&format!(
            "{}{}{plants}",
            head(24),
            zone("z", &flat(60.0, 24))
        )),
        0,
    )
}

#[test]
fn a_unit_that_fails_lets_the_battery_run_empty() {
    for out_h in [1_u32, 2, 5] {
        for energy_mwh in [
            0.000_001, 1.0, 59.999_999, 60.0, 60.000_001, 100.0, 299.0, 300.0, 400.0,
        ] {
            let outcome = outage(out_h, &format!("storage = {{ energy_mwh = {energy_mwh} }}"));
            let need = 60.0 * f64::from(out_h);
            let unserved = (need - energy_mwh).max(0.0);
            // To the watt-hour, and the battery's end to the millisecond.
            let wh = |mwh: f64| (mwh * 1e6).round() as i64;
            assert_eq!(outcome.slot("all/system/eue_wh"), wh(unserved));
            let from_ms = (energy_mwh / 60.0 * 3.6e6).floor();
            let short_ms = f64::from(out_h) * 3.6e6 - from_ms;
            assert_eq!(outcome.slot("all/system/lole_ms") as f64, short_ms.max(0.0));
            assert_eq!(outcome.system("lolf"), f64::from(u8::from(unserved > 0.0)));
            let given = need.min(energy_mwh);
            assert_eq!(outcome.slot("all/plant/battery/discharged_wh"), wh(given));
            let least = energy_mwh - given;
            assert_eq!(outcome.slot("all/plant/battery/least_stored_wh"), wh(least));
        }
    }
}

#[test]
fn a_battery_gives_no_more_than_its_units_can() {
    // 80 MW of battery for a load of 60: with one of two units of 40 MW out, 20 are lacking.
    let storage = "storage = { energy_mwh = 500 }\nplanned = [{ from = \"2020-01-01T04:00:00Z\", units = [1] }]";
    let plants = plant("g", "z", 1, 100.0, &format!("{FROM_3_TO}06:00:00Z\" }}]"))
        + &plant("battery", "z", 2, 40.0, storage);
    let text = format!("{}{}{plants}", head(24), zone("z", &flat(60.0, 24)));
    let outcome = run_grid(&system(&text), 0);
    assert_eq!(outcome.system("eue_mwh"), 40.0);
    assert_eq!(outcome.get("all", "plant/battery", "discharged_mwh"), 140.0);
    // It refills from the 40 MW that are left over, of which one unit can take 40.
    assert_eq!(outcome.get("all", "plant/battery", "charged_mwh"), 140.0);
}

#[test]
fn it_charges_from_what_is_left_over_and_loses_its_losses() {
    // Empty at first; 40 MW to spare for 3 h, of which it takes 30 and keeps 75 %.
    let storage =
        "storage = { energy_mwh = 500, charge_mw = 30, efficiency = 0.75, initial_share = 0 }";
    let outcome = outage(2, storage);
    assert_eq!(outcome.system("eue_mwh"), 120.0 - 67.5);
    // From 05:00 on 19 h of 30 MW, of which 427.5 of 500 MWh stay.
    let charged = outcome.get("all", "plant/battery", "charged_mwh");
    assert_eq!(charged, 90.0 + 570.0);
    assert_eq!(
        outcome.get("all", "plant/battery", "stored_at_end_mwh"),
        0.75 * 570.0
    );
}

#[test]
fn a_full_battery_takes_nothing_more() {
    let storage =
        "storage = { energy_mwh = 75, charge_mw = 100, efficiency = 0.6, initial_share = 0.2 }";
    let outcome = outage(1, storage);
    // 60 of 75 MWh to be filled takes 100 MWh at 40 MW: 2.5 h. An hour without the plant takes
    // 60 of them, and 100 MWh fill it up again.
    assert_eq!(outcome.system("lole_h"), 0.0);
    let charged = outcome.get("all", "plant/battery", "charged_mwh");
    assert!((charged - 200.0).abs() < 2e-6, "{charged}");
    assert_eq!(
        outcome.get("all", "plant/battery", "stored_at_end_mwh"),
        75.0
    );
}

#[test]
fn a_reservoir_gives_what_ran_in() {
    // 50 MW of units over 20 MWh; 12 MW run in. Load 60 of 100 MW; nothing from 03:00 to 05:00.
    let outcome = outage(2, "storage = { energy_mwh = 20, inflow_mw = 12 }");
    // 20 MWh last 25 min with 12 MW running in: 60 - 12 = 48 a h. Then 12 of 60 MW are served.
    assert_eq!(outcome.slot("all/system/lole_ms"), 95 * 60_000);
    assert_eq!(outcome.system("eue_mwh"), 120.0 - 20.0 - 24.0);
    let of = |index| outcome.get("all", "plant/battery", index);
    assert_eq!(of("discharged_mwh"), 20.0 + 24.0);
    // Full for 3 h, then again 20/12 h after the outage.
    let full_h = 3.0 + 19.0 - 20.0 / 12.0;
    assert!((of("passed_mwh") - 12.0 * full_h).abs() < 1e-5);
    assert_eq!(of("stored_at_end_mwh"), 20.0);
    assert_eq!(of("charged_mwh"), 0.0);
}

#[test]
fn a_full_reservoir_runs_its_inflow() {
    // 100 MW and 12 MW of inflow serve 110 MW while the reservoir is full: it stays so.
    let plants = plant("g", "z", 1, 100.0, "")
        + &plant(
            "dam",
            "z",
            1,
            50.0,
            "storage = { energy_mwh = 20, inflow_mw = { values = [12, 12, 4, 0] } }",
        );
    let text = format!("{}{}{plants}", head(4), zone("z", "[110, 110, 110, 110]"));
    let outcome = run_grid(&system(&text), 0);
    // Then 6 and 10 MW a h come out of 20 MWh.
    assert_eq!(outcome.system("eue_mwh"), 0.0);
    assert_eq!(outcome.get("all", "plant/dam", "stored_at_end_mwh"), 4.0);
}

#[test]
fn those_that_last_longest_are_drawn_on_first_and_filled_last() {
    // `long` lasts 4 h, `short` 1 h. 60 MW are asked for 1 h: 50 from `long`, 10 from `short`.
    let until = format!("{FROM_3_TO}04:00:00Z\" }}]");
    let plants = plant("g", "z", 1, 70.0, &until)
        + &plant("long", "z", 1, 50.0, "storage = { energy_mwh = 200 }")
        + &plant("short", "z", 1, 50.0, "storage = { energy_mwh = 50 }");
    let text = format!("{}{}{plants}", head(6), zone("z", &flat(60.0, 6)));
    let outcome = run_grid(&system(&text), 0);
    let of = |plant: &str, index| outcome.get("all", &format!("plant/{plant}"), index);
    assert_eq!(of("long", "discharged_mwh"), 50.0);
    assert_eq!(of("short", "discharged_mwh"), 10.0);
    // 10 MW are to spare for 2 h: the first of them fill `short`.
    assert_eq!(of("short", "charged_mwh"), 10.0);
    assert_eq!(of("long", "charged_mwh"), 10.0);
}

#[test]
fn a_store_serves_its_neighbours_as_far_as_the_line_lets_it() {
    for ring in [false, true] {
        let until = format!("{FROM_3_TO}05:00:00Z\" }}]");
        let plants = plant("g", "a", 1, 100.0, &until)
            + &plant("h", "b", 1, 30.0, "")
            + &plant(
                "battery",
                "b",
                1,
                80.0,
                "storage = { energy_mwh = 90, initial_share = 0.5 }",
            );
        let line = |from: &str, to: &str, mw: f64| {
            format!(
                "[[line]]\nname = \"{from}{to}\"\nfrom = \"{from}\"\nto = \"{to}\"\ncapacity_mw = {mw}\n"
            )
        };
        let mut text = format!(
            "{}{}{}{plants}{}",
            head(6),
            zone("a", &flat(60.0, 6)),
            zone("b", &flat(30.0, 6)),
            line("a", "b", 25.0)
        );
        if ring {
            // A third zone through which 5 MW more can pass.
            text += &(zone("c", &flat(0.0, 6)) + &line("a", "c", 5.0) + &line("b", "c", 5.0));
        }
        let most = if ring { 30.0 } else { 25.0 };
        let outcome = run_grid(&system(&text), 0);
        // Filled from `a` at the line's limit in the first hours; 45 MWh are in it already.
        let of = |index| outcome.get("all", "plant/battery", index);
        assert_eq!(of("discharged_mwh"), 2.0 * most);
        assert_eq!(outcome.get("all", "zone/a", "eue_mwh"), 2.0 * (60.0 - most));
        assert_eq!(outcome.get("all", "zone/b", "eue_mwh"), 0.0);
        assert_eq!(of("charged_mwh"), 45.0 + most);
    }
}

#[test]
fn miners_go_before_a_store_is_drawn_on() {
    let mut system = system(&format!(
        "{}{}{}{}",
        head(10),
        zone("z", "[60, 60, 60, 90, 90, 120, 60, 60, 60, 60]"),
        plant("g", "z", 1, 100.0, ""),
        plant(
            "battery",
            "z",
            1,
            80.0,
            "storage = { energy_mwh = 15, charge_mw = 4 }"
        )
    ));
    support::internet(&mut system);
    let farm = support::farm(&mut system, "farm", hashfall::system::ZoneId(0), 30.0);
    system.farms[farm.at()].interruptible = true;
    let outcome = run(&system, 0);
    let of = |index| outcome.get("all", "plant/battery", index);
    // 20 MW of mining go at 90 MW of load, all 30 at 120; then 20 MW lack for an hour.
    // (Orders are in whole millionths of a farm.)
    assert!((outcome.system("curtailed_mining_mwh") - 70.0).abs() < 1e-4);
    assert_eq!(of("discharged_mwh"), 15.0);
    assert_eq!(outcome.system("eue_mwh"), 5.0);
    // It fills from what mining leaves: 10 MW.
    assert_eq!(of("charged_mwh"), 15.0);

    // Mining that cannot be cut hangs on the same feeders: the store serves them all.
    system.farms[farm.at()].interruptible = false;
    let outcome = run(&system, 0);
    assert_eq!(outcome.system("curtailed_mining_mwh"), 0.0);
    // 20 MW lack at 90 MW: 15 MWh last 45 min. Of what then lacks, 90 of 120 MW are firm.
    let lacking = 20.0 * 1.25;
    let eue = lacking * 0.75 + 50.0 * 120.0 / 150.0;
    assert!((outcome.system("eue_mwh") - eue).abs() < 1e-5);
}

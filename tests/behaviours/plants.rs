//! Starts, planned outages, deratings; and machines that come back.

use super::*;

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
    let plan = Plan::new(&system);
    struct Seen(Vec<i64>);
    impl Recorder for Seen {
        const HOURS: bool = true;
        fn begin(&mut self, view: View<'_>) {
            self.0.push(view.state.zones[0].capacity);
        }
        fn changed(&mut self, view: View<'_>) {
            self.0.push(view.state.zones[0].capacity);
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

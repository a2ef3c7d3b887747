//! Whatever does not belong to a run's identity changes no byte of its results.

use super::program::{Desk, MINING, assert_same};

const SCENARIOS: [(&str, &str); 2] = [("rts79", "1500"), (MINING, "600")];

#[test]
fn threads_change_nothing() {
    let desk = Desk::new();
    for (scenario, n) in SCENARIOS {
        for jobs in ["1", "2", "7"] {
            desk.done(&[
                "run", scenario, "-n", n, "-j", jobs, "-o", jobs, "-q", "--fresh",
            ]);
        }
        let one = desk.result("1");
        assert_same(&one, &desk.result("2"));
        assert_same(&one, &desk.result("7"));
        let outputs = |folder: &str| desk.manifest(folder)["outputs"].clone();
        assert_eq!(outputs("1"), outputs("7"));
    }
}

#[test]
fn an_extended_run_is_a_direct_run() {
    for (scenario, n) in SCENARIOS {
        let desk = Desk::new();
        // 300 leaves a short block; the next range begins where it ended.
        for part in ["10", "300", n] {
            desk.done(&["run", scenario, "-n", part, "-o", "extended", "-q"]);
        }
        let simulated = &desk.manifest("extended")["cost"]["replications_simulated"];
        assert_eq!(simulated.as_u64().unwrap(), n.parse::<u64>().unwrap() - 300);
        desk.done(&["run", scenario, "-n", n, "-o", "direct", "-q"]);
        assert_same(&desk.result("extended"), &desk.result("direct"));
    }
}

#[test]
fn done_is_done_until_it_is_to_be_fresh() {
    let desk = Desk::new();
    let arguments = ["run", MINING, "-n", "300", "-o", "here"];
    let first = desk.done(&arguments);
    let manifest = desk.manifest("here");
    let again = desk.done(&arguments);
    assert!(super::program::text(&again.stderr).contains("already done"));
    assert_eq!(first.stdout, again.stdout, "the same summary");
    assert_eq!(desk.manifest("here"), manifest, "nothing was written");
    let before = desk.result("here");
    desk.done(&["run", MINING, "-n", "300", "-o", "here", "--fresh"]);
    assert_same(&before, &desk.result("here"));
    assert_eq!(desk.manifest("here")["cost"]["replications_simulated"], 300);
}

#[test]
fn fewer_than_there_are_is_done_already() {
    let desk = Desk::new();
    desk.done(&["run", "rbts", "-n", "600", "-q"]);
    let before = desk.result("output/rbts");
    let less = desk.done(&["run", "rbts", "-n", "400"]);
    assert!(super::program::text(&less.stderr).contains("600 of them, 400 asked for"));
    assert_same(&before, &desk.result("output/rbts"));
}

#[test]
fn the_result_of_another_scenario_is_replaced_only_where_asked() {
    let desk = Desk::new();
    desk.done(&["run", "rbts", "-n", "20", "-q", "-o", "here"]);
    let (before, manifest) = (desk.result("here"), desk.manifest("here"));
    let other = ["run", "rbts-derated", "-n", "20", "-q", "-o", "here"];
    let refused = desk.run(&other);
    assert_eq!(refused.status.code(), Some(2));
    let says = super::program::text(&refused.stderr);
    let names = [
        "the result of rbts, not of rbts-derated",
        "--output",
        "--fresh",
    ];
    assert!(names.iter().all(|name| says.contains(name)), "{says}");
    assert_same(&before, &desk.result("here"));
    assert_eq!(desk.manifest("here"), manifest);
    desk.done(&[&other[..], &["--fresh"]].concat());
    assert_eq!(desk.manifest("here")["name"], "rbts-derated");
}

#[test]
fn another_seed_or_scenario_never_mixes() {
    let desk = Desk::new();
    let change = "farm.registered-north.installed_mw=150";
    for other in [&["--seed", "77"][..], &["--set", change]] {
        let run = |folder: &str, more: &[&str]| {
            let base = ["run", MINING, "-n", "300", "-q", "-o", folder];
            desk.done(&[&base[..], more].concat());
        };
        run("mixed", &[]);
        let plain = desk.result("mixed");
        run("mixed", other);
        run("apart", other);
        assert_same(&desk.result("mixed"), &desk.result("apart"));
        assert!(plain != desk.result("mixed"), "{other:?} changes nothing");
        run("mixed", &[]);
        assert_same(&desk.result("mixed"), &plain);
        std::fs::remove_dir_all(desk.path("apart")).unwrap();
    }
}

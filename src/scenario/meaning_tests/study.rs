//! What tables mean that are about the study: laws, calibration, windows, how many replications.

use super::*;

#[test]
fn temperature_tables_are_ratios_to_ten_degrees() {
    let plant = |table: &str| {
        format!(
            "[[plant]]\nname = \"p\"\nzone = \"north\"\ncapacity_mw = 5\nmttf_h = 9\nmttr_h = 1\ntemperature = {table}\n"
        )
    };
    let system = system(&plant(
        "{ celsius = [-15, 10, 35], unavailability = [0.133, 0.083, 0.14] }",
    ));
    let table = system.units[0].weather.as_ref().expect("a table");
    assert_eq!(table.ratio_at(10.0), 1.0);
    assert_eq!(table.ratio_at(-40.0), 0.133 / 0.083);
    assert!(
        wrong(&plant(
            "{ celsius = [-15, 5], unavailability = [0.1, 0.1] }"
        ))
        .contains("does not reach 10")
    );
    assert!(
        wrong(&plant(
            "{ celsius = [10, 10], unavailability = [0.1, 0.1] }"
        ))
        .contains("do not rise")
    );
}

#[test]
fn calibration_takes_its_inputs_and_fleets_by_name() {
    let tables = r#"
[world.calibration]
share = "share"
running_mw = "load"
efficiency_range_j_th = [35, 60]
modern = "new"
old = "old"
[inputs]
share = { uniform = [0.13, 0.18], unit = "share" }
load = { uniform = [1000, 1500], unit = "MW" }
[[fleet]]
name = "new"
models = [{ model = "S19", j_per_th = 30 }, { model = "M30", j_per_th = 40 }]
[[fleet]]
name = "old"
models = [{ model = "S9", j_per_th = 98 }]
[[farm]]
name = "a"
zone = "north"
installed_mw = 10
"#;
    let built = system(tables);
    let calibration = built
        .world
        .expect("a world")
        .calibration
        .expect("a calibration");
    assert_eq!(
        (calibration.share.at(), calibration.running_mw.at()),
        (1, 0)
    );
    assert_eq!(
        (calibration.modern, calibration.old, calibration.pue),
        (0, 1, 1.05)
    );
    assert_eq!(built.fleets[0].efficiency_j_th(), 35.0);
    let bad = wrong(&tables.replace("\"load\"\n", "\"laod\"\n").replace(
        "installed_mw = 10",
        "installed_mw = 10\nefficiency_j_th = 40",
    ));
    assert!(
        bad.contains("no input named \"laod\"") && bad.contains("derives the efficiency"),
        "{bad}"
    );
}

#[test]
fn windows_end_with_all_and_milestones_are_sorted() {
    let text = format!("{BASE}[[window]]\nname = \"night\"\nfrom = \"2022-01-01T06:00:00+06:00\"\nuntil = \"2022-01-01T12:00:00Z\"\n")
        .replace("name = \"t\"\n", "name = \"t\"\nheadline_window = \"night\"\nmilestones = [{ at = \"2022-01-02T00:00:00Z\", text = \"two\" }, { at = \"2022-01-01T00:00:00Z\", text = \"one\" }]\n");
    let system = read(&Source::text(text), &[])
        .unwrap_or_else(|mistakes| panic!("{mistakes}"))
        .system;
    let names: Vec<&str> = system
        .windows
        .iter()
        .map(|window| window.name.as_str())
        .collect();
    assert_eq!((names, system.headline_window), (vec!["night", "all"], 0));
    assert_eq!(
        (system.windows[0].from, system.windows[0].until),
        (Instant(0), Instant(12 * MS_PER_HOUR))
    );
    assert_eq!(system.milestones[0].1, "one");
    assert_eq!(system.title, "t");
}

#[test]
fn a_budget_grows_with_what_happens_and_what_is_kept() {
    let line = |mttf: &str| {
        system(&format!(
            "[[line]]\nname = \"l\"\nfrom = \"south\"\nto = \"north\"\ncapacity_mw = 30\nmttf_h = {mttf}\nmttr_h = 2\n"
        ))
    };
    // Two changes a cycle: 48 h of cycles of 24 h.
    assert_eq!(budget(&line("22"), 1).events_per_replication, 4.0);
    assert!(budget(&line("10"), 1).events_per_replication > 4.0);
    assert!(budget(&line("22"), 1_000_000).disk_bytes > budget(&line("22"), 1_000).disk_bytes);
    assert!(!budget(&line("22"), u64::from(u32::MAX)).fits());
}

//! Mistakes in the tables of a scenario and in overrides.

use super::*;

#[test]
fn the_sound_scenario_is_sound() {
    let folder = Folder::new(&format!("{SOUND}{MINING}"), &[]);
    let loaded =
        read(&Source::load(folder.path().join("test.toml")), &[]).unwrap_or_else(|m| panic!("{m}"));
    assert_eq!(loaded.files.len(), 2);
    assert_eq!(loaded.system.farms.len(), 1);
}

#[test]
fn many_mistakes_of_many_kinds_are_found_at_once() {
    let text = r#"
schema = 1
sceanrio = 3
[scenario]
name = "test"
start = "2022-01-01T00:00:00"
duration_hours = 3
replications = "many"
[[zone]]
name = "north"
load = { csv = "load.csv", column = "gw" }
[[zone]]
name = "north"
load_mw = nan
[[plant]]
name = "coal"
zone = "nroth"
capacity_mw = 300000
mttf_h = 433
mtrr_h = 44
[[line]]
name = "tie"
from = "north"
to = "south"
capacity_mw = -5
[[hazard]]
name = "storm"
from = "2022-01-01T02:00:00Z"
until = "2022-01-01T01:00:00Z"
takes_down = ["lime/tie"]
"#;
    let found = mistakes(text, &[]);
    let lines: Vec<(String, usize)> = found.iter().map(|m| (m.file.clone(), m.line)).collect();
    let toml = |line| ("test.toml".to_owned(), line);
    // 3 unknown key, 6 local time, 8 text for a number, 13 twice, 14 NaN, 17 dangling, 18 absurd,
    // 20 unknown key, 24 dangling, 25 negative, 29 end before begin, 30 unknown kind.
    for line in [3, 6, 8, 13, 14, 17, 18, 20, 24, 25, 29, 30] {
        assert!(
            lines.contains(&toml(line)),
            "line {line} is missing in\n{found}"
        );
    }
    assert!(lines.contains(&("load.csv".to_owned(), 1)), "{found}");
    assert_eq!(found.len(), 13, "{found}");
}

#[test]
fn unknown_keys_come_with_the_nearest_known_one() {
    changed(
        "mttr_h = 44",
        "mtrr_h = 44",
        "plant.coal.mtrr_h",
        "unknown key `mtrr_h`",
        "`mttr_h`",
    );
    changed("[world]", "[wrold]", "wrold", "unknown key", "`world`");
}

#[test]
fn wrong_types_say_what_belongs_there() {
    changed(
        "mttr_h = 44",
        "mttr_h = \"long\"",
        "plant.coal.mttr_h",
        "\"long\" where a number belongs",
        "more than 0",
    );
    changed(
        "capacity_mw = 500",
        "capacity_mw = true",
        "plant.coal.capacity_mw",
        "true where a number",
        "more than 0",
    );
    changed(
        "duration_hours = 3",
        "duration_hours = 2.5",
        "scenario.duration_hours",
        "whole number",
        "at least 1",
    );
    changed(
        "level_ehs = 170",
        "level_ehs = { unifrm = [1, 2] }",
        "world.level_ehs.unifrm",
        "unknown key",
        "`uniform`",
    );
    changed(
        "level_ehs = 170",
        "level_ehs = { uniform = [1] }",
        "world.level_ehs.uniform",
        "a list of 1",
        "[low, high]",
    );
    changed(
        "schema = 1",
        "schema = 2",
        "schema",
        "out of range",
        "at most 1",
    );
}

#[test]
fn missing_keys_are_named() {
    let text = with("capacity_mw = 500\n", "");
    one(
        &text,
        line_of(&text, "name = \"coal\""),
        "plant.coal.capacity_mw",
        "`capacity_mw` is missing",
        "MW",
    );
}

#[test]
fn grammar_mistakes_do_not_hide_the_rest() {
    let text = with("mttf_h = 433", "mttf_h = 433 h").replace("[world]", "[wrold]");
    let found = mistakes(&text, &[]);
    let lines: Vec<usize> = found.iter().map(|mistake| mistake.line).collect();
    assert!(lines.contains(&line_of(&text, "433 h")), "{found}");
    assert!(lines.contains(&line_of(&text, "[wrold]")), "{found}");
}

#[test]
fn numbers_out_of_range() {
    let capacity = "plant.coal.capacity_mw";
    changed(
        "capacity_mw = 500",
        "capacity_mw = nan",
        capacity,
        "NaN is out of range",
        "more than 0",
    );
    changed(
        "capacity_mw = 500",
        "capacity_mw = inf",
        capacity,
        "inf is out of range",
        "at most 10000",
    );
    changed(
        "capacity_mw = 500",
        "capacity_mw = -500",
        capacity,
        "-500 is out of range",
        "more than 0",
    );
    changed(
        "capacity_mw = 500",
        "capacity_mw = 300000",
        capacity,
        "300000 is out of range",
        "at most 10000",
    );
    changed(
        "capacity_mw = 500",
        "capacity_mw = 1e999",
        capacity,
        "inf is out of range",
        "at most 10000",
    );
    changed(
        "mttr_h = 44",
        "mttr_h = 0",
        "plant.coal.mttr_h",
        "0 is out of range",
        "more than 0",
    );
    let efficiency = "farm.farm-1.efficiency_j_th";
    changed(
        "efficiency_j_th = 45",
        "efficiency_j_th = 0.0001",
        efficiency,
        "0.0001 is out of range",
        "at least 1",
    );
    changed(
        "efficiency_j_th = 45",
        "efficiency_j_th = { normal = [45, 10] }",
        efficiency,
        "can become -",
        "at least 1",
    );
    changed(
        "level_ehs = 170",
        "level_ehs = 9001",
        "world.level_ehs",
        "9001 is out of range",
        "at most 9000",
    );
}

#[test]
fn laws_without_meaning() {
    let level = "world.level_ehs";
    let law = |law: &str, wrong: &str, right: &str| {
        changed(
            "level_ehs = 170",
            &format!("level_ehs = {law}"),
            level,
            wrong,
            right,
        )
    };
    law(
        "{ uniform = [180, 170] }",
        "no meaning",
        "low not above high",
    );
    law(
        "{ uniform = [1, 2], normal = [1, 2] }",
        "2 laws",
        "exactly one of",
    );
    law("{ unit = \"EH/s\" }", "0 laws", "exactly one of");
    law("{ choice = [1, 2], weights = [1] }", "no meaning", "weight");
    changed(
        "level_ehs = 170",
        "level_ehs = { input = \"levle\" }",
        "world.level_ehs.input",
        "no input named",
        "none is declared",
    );
    let text = with(
        "mttf_h = 433",
        "mttf_h = 433\nup_law = { weibull_shape = 0 }",
    );
    one(
        &text,
        line_of(&text, "up_law"),
        "plant.coal.up_law.weibull_shape",
        "0 is out of range",
        "at least 0.2",
    );
}

#[test]
fn duplicate_and_dangling_names() {
    let text = format!("{SOUND}[[plant]]\nname = \"coal\"\nzone = \"north\"\ncapacity_mw = 1\n");
    one(
        &text,
        17,
        "plant.coal.name",
        "is there twice",
        "its own name",
    );
    changed(
        "zone = \"north\"\ncapacity",
        "zone = \"nort\"\ncapacity",
        "plant.coal.zone",
        "no zone named \"nort\"",
        "`north`",
    );
    changed(
        "efficiency_j_th = 45",
        "providers = [\"telcom\"]\nefficiency_j_th = 45",
        "farm.farm-1.providers[0]",
        "no provider named",
        "`telecom`",
    );
    let text = with("name = \"coal\"", "name = \"a/b\"");
    one(
        &text,
        line_of(&text, "a/b"),
        "plant.a/b.name",
        "has one of /",
        "letters",
    );
    changed(
        "name = \"test\"",
        "name = \"../test\"",
        "scenario.name",
        "cannot name a folder",
        "letters",
    );
}

#[test]
fn failures_need_repairs() {
    let text = with("mttr_h = 44\n", "");
    one(
        &text,
        line_of(&text, "[[plant]]"),
        "plant.coal",
        "a failure without a repair time",
        "mttr_h",
    );
    let text = with("mttf_h = 433\n", "");
    one(
        &text,
        line_of(&text, "[[plant]]"),
        "plant.coal",
        "a repair time without a failure",
        "mttf_h",
    );
    let text = with("mttf_h = 433", "mttf_h = 433\nforced_outage_rate = 0.1");
    one(
        &text,
        line_of(&text, "[[plant]]"),
        "plant.coal",
        "given twice",
        "one of",
    );
}

#[test]
fn times_need_an_offset_and_an_order() {
    let start = "start = \"2022-01-01T00:00:00Z\"";
    changed(
        start,
        "start = \"2022-01-01T00:00:00\"",
        "scenario.start",
        "local time without offset",
        "+06:00",
    );
    changed(
        start,
        "start = 2022-01-01T00:00:00",
        "scenario.start",
        "local time without offset",
        "+06:00",
    );
    changed(
        start,
        "start = \"soon\"",
        "scenario.start",
        "not a point in time",
        "RFC 3339",
    );
    changed(
        start,
        "start = \"2022-01-01T00:30:00Z\"",
        "scenario.start",
        "whole hour",
        "00",
    );
    let hazard =
        "[[hazard]]\nname = \"x\"\ntakes_down = [\"zone/*\"]\nfrom = \"2022-01-01T02:00:00Z\"\n";
    let text = format!("{SOUND}{hazard}until = \"2022-01-01T01:00:00Z\"\n");
    one(
        &text,
        20,
        "hazard.x.until",
        "does not come after the begin",
        "from before until",
    );
    let text = format!(
        "{SOUND}[[window]]\nname = \"w\"\nfrom = \"2022-01-01T02:00:00Z\"\nuntil = \"2022-01-01T01:00:00Z\"\n"
    );
    one(
        &text,
        19,
        "window.w.until",
        "does not come after the begin",
        "from before until",
    );
    let text = text.replace("T01:00:00Z\"\n", "T09:00:00Z\"\n");
    one(&text, 19, "window.w.until", "outside the horizon", "within");
    // An unquoted time with an offset is as good as a quoted one.
    let folder = Folder::new(
        &SOUND.replace(start, "start = 2022-01-01T06:00:00+06:00"),
        &[],
    );
    assert!(read(&Source::load(folder.path().join("test.toml")), &[]).is_ok());
}

#[test]
fn a_ring_is_accepted_and_a_line_that_joins_nothing_is_not() {
    let zones = "[[zone]]\nname = \"b\"\nload_mw = 1\n[[zone]]\nname = \"c\"\nload_mw = 1\n[[zone]]\nname = \"alone\"\nload_mw = 1\n";
    let line = |name: &str, from: &str, to: &str| {
        format!("[[line]]\nname = \"{name}\"\nfrom = \"{from}\"\nto = \"{to}\"\ncapacity_mw = 10\n")
    };
    let forest = format!(
        "{SOUND}{zones}{}{}",
        line("l1", "north", "b"),
        line("l2", "b", "c")
    );
    let folder = Folder::new(&forest, &[]);
    assert!(read(&Source::load(folder.path().join("test.toml")), &[]).is_ok());
    let mesh = format!("{forest}{}", line("l3", "c", "north"));
    let folder = Folder::new(&mesh, &[]);
    assert!(read(&Source::load(folder.path().join("test.toml")), &[]).is_ok());
    let loose = format!("{mesh}{}", line("l4", "c", "c"));
    let found = mistakes(&loose, &[]);
    only(
        &found,
        "test.toml",
        line_of(&loose, "name = \"l4\"") + 2,
        "line.l4.to",
        "ends where it begins",
        "another zone",
    );
}

#[test]
fn counts_and_amounts_that_do_not_fit() {
    changed(
        "duration_hours = 3",
        "replications = 4294967295\nduration_hours = 3",
        "scenario.replications",
        "MiB of memory",
        "fewer replications",
    );
    let text = with("capacity_mw = 500", "capacity_mw = 10000\nunits = 1000");
    one(
        &text,
        line_of(&text, "[[plant]]"),
        "plant",
        "1e13 W",
        "less than 9.2e12 W",
    );
    let text = with("efficiency_j_th = 45", "efficiency_j_th = 1")
        .replace("installed_mw = 50", "installed_mw = 20000");
    one(
        &text,
        line_of(&text, "[[farm]]"),
        "farm",
        "GH/s",
        "9.2e12 GH/s",
    );
}

#[test]
fn overrides_that_reach_nothing_are_mistakes() {
    let folder = Folder::new(&format!("{SOUND}{MINING}"), &[]);
    let set = |path: &str, value: &str| {
        let overrides = [(path.to_owned(), value.to_owned())];
        match read(&Source::load(folder.path().join("test.toml")), &overrides) {
            Ok(_) => panic!("{path}={value} was taken"),
            Err(mistakes) => mistakes,
        }
    };
    only(
        &set("farm.farm-2.pue", "1.1"),
        "--set",
        1,
        "farm.farm-2.pue",
        "nothing in the scenario",
        "`farm-1`",
    );
    only(
        &set("frm.*.pue", "1.1"),
        "--set",
        1,
        "frm.*.pue",
        "unknown key `frm`",
        "`farm`",
    );
    only(
        &set("farm.*.peu", "1.1"),
        "--set",
        1,
        "farm.farm-1.peu",
        "unknown key `peu`",
        "`pue`",
    );
    only(
        &set("farm.*.pue", "0.5"),
        "--set",
        1,
        "farm.farm-1.pue",
        "0.5 is out of range",
        "at least 1",
    );
    only(
        &set("hazard.*.chance", "0"),
        "--set",
        1,
        "hazard.*.chance",
        "nothing in the scenario",
        "no [[hazard]]",
    );
    only(
        &set("inputs.share", "0.1"),
        "--set",
        1,
        "inputs.share",
        "nothing in the scenario",
        "none is declared",
    );
    only(&set("", "1"), "--set", 1, "", "not a path", "zone.north");
}

#[test]
fn mistakes_are_drawn_with_their_line_with_and_without_colour() {
    let text = with("mttr_h = 44", "mtrr_h = 44");
    let found = mistakes(&text, &[]);
    let plain = found.render(false);
    for part in [
        "plant.coal.mtrr_h: unknown key `mtrr_h`",
        "test.toml:15:1",
        "mtrr_h = 44",
        "did you mean `mttr_h`?",
        "1 mistake\n",
    ] {
        assert!(plain.contains(part), "{part:?} is missing in\n{plain}");
    }
    assert!(!plain.contains('\u{1b}'));
    assert!(found.render(true).contains('\u{1b}'));
}

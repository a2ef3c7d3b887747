//! Bad input: every promised mistake is found, with its place and what would be right, and
//! several in one file are found at once.

use hashfall::scenario::{Mistakes, Source, read};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// A scenario that is sound: one zone, one plant, a load from a CSV.
const SOUND: &str = r#"
schema = 1
[scenario]
name = "test"
start = "2022-01-01T00:00:00Z"
duration_hours = 3
[[zone]]
name = "north"
load = { csv = "load.csv", column = "mw" }
[[plant]]
name = "coal"
zone = "north"
capacity_mw = 500
mttf_h = 433
mttr_h = 44
"#;

const LOAD: &str = "hour,mw\n0,100\n1,110\n2,120\n";

/// A farm and what it needs, to go with `SOUND`.
const MINING: &str = r#"
[world]
level_ehs = 170
[[gateway]]
name = "border"
[[provider]]
name = "telecom"
[[pool]]
name = "pool"
share = 1
[[farm]]
name = "farm-1"
zone = "north"
installed_mw = 50
efficiency_j_th = 45
"#;

struct Folder(TempDir);

impl Folder {
    fn new(toml: &str, files: &[(&str, &[u8])]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("test.toml"), toml).expect("written");
        fs::write(folder.path().join("load.csv"), LOAD).expect("written");
        for (name, bytes) in files {
            fs::write(folder.path().join(name), bytes).expect("written");
        }
        Self(folder)
    }
    fn path(&self) -> &Path {
        self.0.path()
    }
    fn mistakes(&self) -> Mistakes {
        match read(&Source::load(self.path().join("test.toml")), &[]) {
            Ok(_) => panic!("no mistake was found"),
            Err(mistakes) => mistakes,
        }
    }
}

/// The mistakes of a scenario with these files beside it.
fn mistakes(toml: &str, files: &[(&str, &[u8])]) -> Mistakes {
    Folder::new(toml, files).mistakes()
}

/// One mistake is found, on this line, with these words in what is wrong and what is right.
#[track_caller]
fn one(toml: &str, line: usize, key: &str, wrong: &str, right: &str) {
    only(&mistakes(toml, &[]), "test.toml", line, key, wrong, right);
}

#[track_caller]
fn only(mistakes: &Mistakes, file: &str, line: usize, key: &str, wrong: &str, right: &str) {
    assert_eq!(mistakes.len(), 1, "{mistakes}");
    let mistake = mistakes.iter().next().expect("one");
    assert_eq!(
        (mistake.file.as_str(), mistake.line, mistake.key.as_str()),
        (file, line, key),
        "{mistake}"
    );
    assert!(mistake.wrong.contains(wrong), "{mistake}");
    assert!(mistake.right.contains(right), "{mistake}");
}

/// Replaces a line of the sound scenario; the line's number stays what it was.
fn with(from: &str, to: &str) -> String {
    let text = format!("{SOUND}{MINING}");
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1)
}

fn line_of(text: &str, part: &str) -> usize {
    text[..text.find(part).expect("the part")]
        .matches('\n')
        .count()
        + 1
}

/// The change of one line is one mistake, on that line.
#[track_caller]
fn changed(from: &str, to: &str, key: &str, wrong: &str, right: &str) {
    let text = with(from, to);
    one(&text, line_of(&text, to), key, wrong, right);
}

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
fn a_mesh_is_refused_by_name_and_a_forest_is_not() {
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
    let found = mistakes(&mesh, &[]);
    only(
        &found,
        "test.toml",
        line_of(&mesh, "[[line]]\nname = \"l3\""),
        "line.l3",
        "\"l3\" closes a ring",
        "trees",
    );
}

#[test]
fn missing_and_escaping_files() {
    let other = |csv: &str| with("load.csv", csv);
    let line = line_of(SOUND, "load.csv");
    one(
        &other("absent.csv"),
        line,
        "zone.north.load.csv",
        "cannot read `absent.csv`",
        "relative",
    );
    for outside in ["../load.csv", "/etc/hostname", "data/../../load.csv"] {
        one(
            &other(outside),
            line,
            "zone.north.load.csv",
            "leaves the scenario's folder",
            "beside the scenario",
        );
    }
    let absent = read(&Source::load("/nowhere/at/all.toml"), &[]).expect_err("no such file");
    assert_eq!(absent.len(), 1);
    assert!(absent.render(false).contains("/nowhere/at/all.toml"));
}

#[cfg(unix)]
#[test]
fn a_link_that_leaves_the_folder_is_refused() {
    let elsewhere = tempfile::tempdir().expect("a folder");
    fs::write(elsewhere.path().join("load.csv"), LOAD).expect("written");
    let folder = Folder::new(&SOUND.replace("load.csv", "link.csv"), &[]);
    let link = folder.path().join("link.csv");
    std::os::unix::fs::symlink(elsewhere.path().join("load.csv"), &link).expect("linked");
    let found = folder.mistakes();
    only(
        &found,
        "test.toml",
        9,
        "zone.north.load.csv",
        "leaves the scenario's folder",
        "beside",
    );
    // A link within the folder is welcome.
    fs::remove_file(&link).expect("removed");
    std::os::unix::fs::symlink(folder.path().join("load.csv"), &link).expect("linked");
    assert!(read(&Source::load(folder.path().join("test.toml")), &[]).is_ok());
}

#[test]
fn mistakes_in_a_csv_have_line_and_column() {
    let csv = |text: &str| mistakes(SOUND, &[("load.csv", text.as_bytes())]);
    only(
        &csv("hour,wm\n0,1\n1,1\n2,1\n"),
        "load.csv",
        1,
        "zone.north.load",
        "no column `mw`",
        "`wm`",
    );
    only(
        &csv("hr,mw\n0,1\n1,1\n2,1\n"),
        "load.csv",
        1,
        "zone.north.load",
        "neither `hour` nor `time_utc`",
        "hour",
    );
    only(
        &csv("hour,mw\n0,1\n1\n2,1\n3,1\n"),
        "load.csv",
        3,
        "",
        "too short: 1 cells where the header has 2",
        "every row",
    );
    only(
        &csv("hour,mw\n0,1\n2,1\n3,1\n"),
        "load.csv",
        3,
        "zone.north.load",
        "out of order",
        "1 here",
    );
    only(&csv(""), "load.csv", 1, "", "the file is empty", "header");
    only(&csv("hour,mw\n"), "load.csv", 1, "", "no rows", "rows");
    only(
        &csv("hour,mw\n0,1\n1,1\n"),
        "load.csv",
        3,
        "zone.north.load",
        "ends after 2 of the 3 hours",
        "every hour",
    );
    for bad in ["nan", "inf", "-1", "x", "", "1e9"] {
        let found = csv(&format!("# a comment\nhour,mw\n0,1\n1,{bad}\n2,1\n"));
        only(
            &found,
            "load.csv",
            4,
            "zone.north.load",
            "does not fit here",
            "0 to 2000000",
        );
        assert_eq!(found.iter().next().map(|mistake| mistake.column), Some(3));
    }
    let found = mistakes(SOUND, &[("load.csv", b"hour,mw\n0,\xff\n")]);
    only(
        &found,
        "test.toml",
        9,
        "zone.north.load.csv",
        "not UTF-8",
        "UTF-8",
    );
    let found = csv("time_utc,mw\n2022-01-01T00:00:00,1\n");
    only(
        &found,
        "load.csv",
        2,
        "zone.north.load",
        "without offset",
        "+06:00",
    );
}

#[test]
fn byte_order_marks_and_both_line_ends_are_accepted() {
    let plain = Folder::new(SOUND, &[]);
    let load = |folder: &Folder| {
        let loaded = read(&Source::load(folder.path().join("test.toml")), &[])
            .unwrap_or_else(|m| panic!("{m}"));
        loaded.system.zones[0].load.clone()
    };
    let marked = format!("\u{feff}{}", LOAD.replace('\n', "\r\n"));
    let toml = format!("\u{feff}{}", SOUND.replace('\n', "\r\n"));
    let other = Folder::new(&toml, &[("load.csv", marked.as_bytes())]);
    assert_eq!(load(&plain), load(&other));
    // A time column may begin before the horizon and end after it.
    let times = "time_utc,mw\n2021-12-31T23:00:00Z,7\n2022-01-01T00:00Z,100\n2022-01-01T07:00:00+06:00,110\n2022-01-01T02:00:00Z,120\n2022-01-01T03:00:00Z,9\n";
    assert_eq!(
        load(&plain),
        load(&Folder::new(SOUND, &[("load.csv", times.as_bytes())]))
    );
}

#[test]
fn tables_in_a_csv_are_checked_like_tables_in_the_scenario() {
    let toml = format!("plants_csv = \"plants.csv\"\n{SOUND}");
    let with = |csv: &str| mistakes(&toml, &[("plants.csv", csv.as_bytes())]);
    let good = "name,zone,units,capacity_mw,mttf_h,mttr_h,dependable_share,source\ngas,north,2,50,,,{ uniform = [0.8; 0.9] },x\n";
    let found = with(good);
    assert_eq!(
        found.iter().next().map(|mistake| mistake.line),
        Some(2),
        "TOML in a cell uses commas: {found}"
    );
    let good = good.replace("{ uniform = [0.8; 0.9] }", "\"{ uniform = [0.8, 0.9] }\"");
    let folder = Folder::new(&toml, &[("plants.csv", good.as_bytes())]);
    let loaded =
        read(&Source::load(folder.path().join("test.toml")), &[]).unwrap_or_else(|m| panic!("{m}"));
    assert_eq!(loaded.system.units.len(), 3);
    let header = "name,zone,capcity_mw\na,north,5\n";
    let found = with(header);
    assert!(
        found
            .iter()
            .any(|m| m.file == "plants.csv" && m.line == 1 && m.right.contains("`capacity_mw`")),
        "{found}"
    );
    let found = with("name,zone,capacity_mw\na,nort,5\nb,north,-5\nb,north,5\n");
    let lines: Vec<usize> = found.iter().map(|mistake| mistake.line).collect();
    assert_eq!(lines, [2, 3, 4], "{found}");
    assert!(found.iter().all(|mistake| mistake.file == "plants.csv"));
}

#[test]
fn a_forecast_refuses_what_was_learnt_later_and_asks_for_sources() {
    let toml = |known: &str| {
        format!("{SOUND}{MINING}\n[inputs]\nshare = {{ uniform = [0.13, 0.18], source = \"s\", known_since = \"{known}\" }}\n")
            .replace("name = \"test\"\n", "name = \"test\"\nmode = \"forecast\"\nknown_until = \"2022-01-04\"\n")
            .replace("name = \"north\"\n", "name = \"north\"\nbasis = \"assumed\"\n")
            .replace("name = \"coal\"\n", "name = \"coal\"\nbasis = \"assumed\"\n")
            .replace("name = \"farm-1\"\n", "name = \"farm-1\"\nbasis = \"assumed\"\n")
            .replace("name = \"pool\"\n", "name = \"pool\"\nbasis = \"assumed\"\n")
            .replace("level_ehs = 170", "level_ehs = 170\nsource = \"epoch\"")
    };
    let folder = Folder::new(&toml("2021-12-30"), &[]);
    assert!(read(&Source::load(folder.path().join("test.toml")), &[]).is_ok());
    let late = toml("2022-05-17");
    one(
        &late,
        line_of(&late, "[inputs]") + 1,
        "inputs.share.known_since",
        "a forecast cannot know",
        "hindcast",
    );
    let unsourced = toml("2021-12-30").replacen("basis = \"assumed\"\n", "", 1);
    one(
        &unsourced,
        line_of(&unsourced, "name = \"north\""),
        "zone.north",
        "no source",
        "basis = \"assumed\"",
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
fn files_and_tables_have_caps() {
    let folder = Folder::new(SOUND, &[]);
    let file = fs::File::create(folder.path().join("load.csv")).expect("made");
    file.set_len(hashfall::scenario::LARGEST_FILE_BYTES + 1)
        .expect("sparse");
    let found = folder.mistakes();
    only(
        &found,
        "test.toml",
        9,
        "zone.north.load.csv",
        "larger than 64 MiB",
        "split it",
    );
    let mut rows = String::from("name,zone,capacity_mw\n");
    for row in 0..65_536 {
        rows.push_str(&format!("p{row},north,1\n"));
    }
    let toml = format!("plants_csv = \"plants.csv\"\n{SOUND}");
    let found = mistakes(&toml, &[("plants.csv", rows.as_bytes())]);
    assert!(
        found.iter().any(|m| m.wrong.contains("more than 65535")),
        "{found}"
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

#[test]
fn a_key_missing_in_a_csv_is_told_at_its_row_and_not_ten_thousand_times() {
    let toml = format!("plants_csv = \"plants.csv\"\n{SOUND}");
    let found = mistakes(
        &toml,
        &[(
            "plants.csv",
            b"name,zone,capacity_mw\na,north,5\nb,north,\n",
        )],
    );
    only(
        &found,
        "plants.csv",
        3,
        "plant.b.capacity_mw",
        "`capacity_mw` is missing",
        "MW",
    );
    let mut rows = String::from("name,zone\n");
    for row in 0..500 {
        rows.push_str(&format!("p{row},north\n"));
    }
    let found = mistakes(&toml, &[("plants.csv", rows.as_bytes())]);
    assert_eq!(found.len(), 10, "{found}");
    assert!(
        found
            .iter()
            .any(|mistake| mistake.wrong.ends_with("so in 490 rows more")),
        "{found}"
    );
}

mod any_bytes {
    use hashfall::scenario::{Source, read, starter};
    use proptest::prelude::*;

    /// What people and editors do to a file by mistake.
    fn spoilt() -> impl Strategy<Value = String> {
        let bits = prop::sample::select(vec![
            "",
            "-1",
            "nan",
            "inf",
            "1e300",
            "[",
            "]]",
            "{",
            "}",
            "\"",
            "'",
            "=",
            "\n",
            "[[zone]]\n",
            "true",
            "0",
            "9223372036854775807",
            "99999999999999999999",
            "é",
            "\u{0}",
            "2022-01-01",
            "name = \"north\"\n",
            "#",
            "*",
        ]);
        let edit = (any::<prop::sample::Index>(), 0usize..40, bits);
        prop::collection::vec(edit, 1..6).prop_map(|edits| {
            let mut text = starter().to_owned();
            for (at, length, bit) in edits {
                let boundary = |mut byte: usize| {
                    while !text.is_char_boundary(byte) {
                        byte -= 1;
                    }
                    byte
                };
                let from = boundary(at.index(text.len() + 1));
                let until = boundary((from + length).min(text.len()));
                text.replace_range(from..until, bit);
            }
            text
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        /// Law 7: a scenario is a system or a list of mistakes, never a panic; and every mistake
        /// stands on a line of the file and can be drawn.
        #[test]
        fn no_input_panics(text in spoilt()) {
            if let Err(mistakes) = read(&Source::text(text.as_str()), &[]) {
                prop_assert!(!mistakes.is_empty());
                let lines = text.matches('\n').count() + 1;
                prop_assert!(mistakes.iter().all(|mistake| (1..=lines).contains(&mistake.line)));
                prop_assert!(!mistakes.render(false).is_empty());
            }
        }

        #[test]
        fn no_override_panics(path in "[a-z.*?\"\\[\\]0-9]{0,24}", value in "\\PC{0,12}") {
            let _ = read(&Source::text(starter()), &[(path, value)]).map_err(|mistakes| mistakes.render(false));
        }
    }
}

//! Mistakes in files and CSVs: missing, misshapen, out of the folder, too large.

use super::*;

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

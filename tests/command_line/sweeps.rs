//! Many points of one study: what each gives alone, whatever stops the sweep or cuts it.

use super::program::{Desk, Dice, MINING, assert_same, text};
use std::fs;

const LIMIT: &str = "line.north-south.capacity_mw=200,300";
const COMPLIANCE: &str = "farm.*.compliance=0.5:0.9:0.2";

fn rows(desk: &Desk, file: &str) -> Vec<csv::StringRecord> {
    let bytes = fs::read(desk.path(file)).unwrap();
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    reader.records().map(Result::unwrap).collect()
}

fn small(desk: &Desk, folder: &str, more: &[&str]) {
    let base = [
        "sweep", MINING, "--param", LIMIT, "--param", COMPLIANCE, "-n", "600", "-o", folder, "-q",
    ];
    desk.done(&[&base[..], more].concat());
}

#[test]
fn a_point_alone_gives_the_bytes_of_its_rows() {
    let desk = Desk::new();
    small(&desk, "all", &["--no-charts"]);
    let all = rows(&desk, "all/sweep.csv");
    // Point 4: the second limit with the first compliance.
    for (point, set) in [
        ("base", &[][..]),
        (
            "4",
            &[
                "--set",
                "line.north-south.capacity_mw=300",
                "--set",
                "farm.*.compliance=0.5",
            ],
        ),
    ] {
        let run = [
            "run",
            MINING,
            "-n",
            "600",
            "-o",
            "alone",
            "-q",
            "--no-charts",
        ];
        desk.done(&[&run[..], set].concat());
        let alone = rows(&desk, "alone/summary.csv");
        let ours: Vec<_> = all.iter().filter(|row| &row[0] == point).collect();
        assert_eq!(ours.len(), alone.len());
        for (ours, alone) in ours.iter().zip(&alone) {
            // After the point's name and two parameters.
            let shared: Vec<&str> = ours.iter().skip(3).take(17).collect();
            let summary: Vec<&str> = alone.iter().skip(1).collect();
            assert_eq!(shared, summary);
        }
    }
    let of_four: Vec<&csv::StringRecord> = all.iter().filter(|row| &row[0] == "4").collect();
    assert!(
        of_four
            .iter()
            .all(|row| &row[1] == "300" && &row[2] == "0.5")
    );
    assert!(
        of_four.iter().any(|row| !row[19].is_empty()),
        "differences are there"
    );
}

#[test]
fn neither_threads_nor_groups_nor_extension_change_a_byte() {
    let desk = Desk::new();
    small(&desk, "direct", &["-j", "1"]);
    small(&desk, "threads", &["-j", "3"]);
    small(&desk, "groups", &["-j", "2", "--max-memory", "1kB"]);
    assert_same(&desk.result("direct"), &desk.result("threads"));
    assert_same(&desk.result("direct"), &desk.result("groups"));
    let base = [
        "sweep", MINING, "--param", LIMIT, "--param", COMPLIANCE, "-q",
    ];
    for n in ["300", "600"] {
        desk.done(&[&base[..], &["-n", n, "-o", "grown"]].concat());
    }
    assert_same(&desk.result("direct"), &desk.result("grown"));
    let cost = desk.manifest("grown")["cost"]["replications_simulated"].as_u64();
    assert_eq!(
        cost,
        Some(300 * 7),
        "six points and the base, 300 more of each"
    );
    // Drawn again, and asked for again.
    desk.done(&["report", "grown", "-q"]);
    assert_same(&desk.result("direct"), &desk.result("grown"));
    let again = desk.done(&[
        "sweep", MINING, "--param", LIMIT, "--param", COMPLIANCE, "-n", "600", "-o", "grown",
    ]);
    assert!(text(&again.stderr).contains("already done"));
}

#[test]
fn killed_ten_times_the_bytes_are_the_same() {
    let mut dice = Dice(77);
    let desk = Desk::new();
    let arguments = |folder: &'static str| {
        [
            "sweep",
            "rts79",
            "--param",
            "plant.*.capacity_mw=50,60,70",
            "-n",
            "15000",
            "-o",
            folder,
            "-q",
        ]
    };
    desk.done(&arguments("direct"));
    let mut interrupted = 0;
    for _ in 0..10 {
        let mut child = desk.begin(&arguments("killed"));
        std::thread::sleep(dice.between(20, 400));
        child.kill().unwrap();
        interrupted += u32::from(child.wait().unwrap().code() != Some(0));
    }
    assert!(interrupted >= 3, "the sweep is too short to be interrupted");
    desk.done(&arguments("killed"));
    assert_same(&desk.result("direct"), &desk.result("killed"));
}

#[test]
fn what_is_no_sweep_is_told_before_anything_runs() {
    let desk = Desk::new();
    for (param, code, words) in [
        ("line.north-suoth.capacity_mw=1,2", 3, "north-south"),
        ("line.north-south.capacity=1,2", 3, "capacity_mw"),
        ("lines.north-south.capacity_mw=1,2", 3, "line"),
        (
            "farm.nobody-*.compliance=0.5,0.6",
            3,
            "nothing in the scenario",
        ),
        ("farm.*.compliance=0.5,1.5", 3, "point 2"),
        ("line.north-south.capacity_mw=5:1:1", 2, "range is empty"),
        ("line.north-south.capacity_mw=1:5:0", 2, "step of 0"),
        (
            "line.north-south.capacity_mw=0:10000000000:1",
            2,
            "10000000001 values",
        ),
        ("line.north-south.capacity_mw=1:5", 2, "a grid needs a step"),
        ("line.north-south.capacity_mw", 2, "not PATH=VALUES"),
        ("scenario.seed=1,2", 2, "share their random numbers"),
    ] {
        let output = desk.run(&["sweep", MINING, "--param", param, "-n", "300"]);
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{param}: {told}");
        assert!(told.contains(words), "{param}: {told}");
    }
    let none = desk.run(&["sweep", MINING]);
    assert_eq!(none.status.code(), Some(2));
    let memory = desk.run(&["sweep", MINING, "--param", LIMIT, "--max-memory", "lots"]);
    assert_eq!(memory.status.code(), Some(2));
    let show = desk.run(&["sweep", MINING, "--param", LIMIT, "--show", "lole"]);
    assert_eq!(show.status.code(), Some(2));
    assert!(text(&show.stderr).contains("lole_h"));
    assert!(!desk.path("output").exists(), "nothing ran");
}

#[test]
fn a_table_in_the_scenario_is_the_same_sweep_and_changes_no_run() {
    let desk = Desk::new();
    let plain = fs::read_to_string(desk.path(MINING)).unwrap();
    let table = "\n[sweep]\n\
        [[sweep.param]]\npath = \"line.north-south.capacity_mw\"\nvalues = \"200,300\"\n\
        [[sweep.param]]\npath = \"farm.*.compliance\"\nvalues = \"0.5:0.9:0.2\"\nlabel = \"compliance\"\n";
    fs::write(desk.path("table.toml"), plain + table).unwrap();
    desk.done(&[
        "sweep",
        "table.toml",
        "-n",
        "600",
        "-o",
        "of-table",
        "-q",
        "--no-charts",
    ]);
    small(&desk, "of-words", &["--no-charts"]);
    let read = |folder: &str| fs::read(desk.path(folder).join("sweep.csv")).unwrap();
    assert!(read("of-table") == read("of-words"));
    for (scenario, folder) in [("table.toml", "with"), (MINING, "without")] {
        desk.done(&[
            "run",
            scenario,
            "-n",
            "300",
            "-o",
            folder,
            "-q",
            "--no-charts",
        ]);
    }
    let digest = |folder: &str| desk.manifest(folder)["digest"].clone();
    assert_eq!(digest("with"), digest("without"));
    let check = text(&desk.done(&["check", "table.toml"]).stdout);
    assert!(
        check.contains("sweep") && check.contains("6 points"),
        "{check}"
    );
    let bad = fs::read_to_string(desk.path("table.toml")).unwrap();
    fs::write(
        desk.path("bad.toml"),
        bad.replace("0.5:0.9:0.2", "0.5:0.9:0"),
    )
    .unwrap();
    let output = desk.run(&["check", "bad.toml"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(text(&output.stderr).contains("step of 0"));
}

#[test]
fn drawn_designs_run_too() {
    let desk = Desk::new();
    for design in ["latin-hypercube", "sobol"] {
        desk.done(&[
            "sweep",
            "rbts",
            "--param",
            "zone.*.scale=0.9:1.1",
            "--param",
            "plant.*.dependable_share=0.9:1",
            "--design",
            design,
            "--points",
            "5",
            "-n",
            "300",
            "-o",
            design,
            "-q",
        ]);
        let points: std::collections::BTreeSet<String> =
            rows(&desk, &format!("{design}/sweep.csv"))
                .iter()
                .map(|row| row[0].to_owned())
                .collect();
        assert_eq!(points.len(), 6);
    }
}

#[test]
fn two_variants_are_paired() {
    let desk = Desk::new();
    let variant = fs::read_to_string(desk.path(MINING)).unwrap();
    fs::write(
        desk.path("variant.toml"),
        variant.replacen("seed", "note = \"a variant\"\nseed", 1),
    )
    .unwrap();
    let set = ["--set", "line.north-south.capacity_mw=250"];
    desk.done(&["run", MINING, "-n", "600", "-o", "a", "-q"]);
    desk.done(&[&["run", MINING, "-n", "600", "-o", "b", "-q"][..], &set].concat());
    let csv = desk
        .done(&["compare", "a", "b", "--format", "csv", "-o", "table.csv"])
        .stdout;
    assert_eq!(fs::read(desk.path("table.csv")).unwrap(), csv);
    // The same differences as in a sweep.
    desk.done(&[
        "sweep",
        MINING,
        "--param",
        "line.north-south.capacity_mw=250",
        "-n",
        "600",
        "-o",
        "s",
        "-q",
        "--no-charts",
    ]);
    let swept: Vec<_> = rows(&desk, "s/sweep.csv");
    let mut met = 0;
    for row in rows(&desk, "table.csv") {
        let twin = swept
            .iter()
            .find(|other| &other[0] == "1" && other.iter().skip(2).take(3).eq(row.iter().take(3)));
        let twin = twin.unwrap();
        assert_eq!(
            twin.iter().skip(19).collect::<Vec<_>>(),
            row.iter().skip(8).collect::<Vec<_>>()
        );
        met += 1;
    }
    assert!(met > 50, "{met}");
    // Two scenarios; the one with only a note more is the same to the last digit.
    let same = desk.done(&[
        "compare",
        MINING,
        "variant.toml",
        "-n",
        "300",
        "--format",
        "json",
        "-q",
    ]);
    let same: serde_json::Value = serde_json::from_slice(&same.stdout).unwrap();
    assert!(
        same["rows"]
            .as_array()
            .unwrap()
            .iter()
            .all(|row| row["difference"].as_f64().unwrap_or(0.0) == 0.0)
    );
    // Other seeds cannot be paired, and that is said.
    desk.done(&["run", MINING, "-n", "600", "-o", "c", "-q", "--seed", "99"]);
    let apart = desk.done(&["compare", "a", "c"]);
    assert!(
        text(&apart.stdout).contains("not paired") && text(&apart.stderr).contains("seeds differ")
    );
    assert_eq!(desk.run(&["compare", "a", MINING]).status.code(), Some(2));
    assert_eq!(
        desk.run(&["compare", "a", "b", "-n", "5"]).status.code(),
        Some(2)
    );
    fs::create_dir(desk.path("empty")).unwrap();
    assert_eq!(desk.run(&["compare", "a", "empty"]).status.code(), Some(1));
}

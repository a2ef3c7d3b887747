//! Mistakes in observers and epochs are told with what would be right.

use hashfall::scenario::{Source, read};

const SOUND: &str = r#"
schema = 1
[scenario]
name = "test"
start = "2022-01-01T00:00:00Z"
duration_days = 4
[[zone]]
name = "land"
load_mw = 1000
[[plant]]
name = "all"
zone = "land"
capacity_mw = 5000
[world]
level_ehs = 100
[[farm]]
name = "farm"
zone = "land"
installed_mw = 900
efficiency_j_th = 45
"#;

fn told(more: &str) -> String {
    match read(&Source::text(format!("{SOUND}{more}")), &[]) {
        Ok(_) => panic!("no mistake was found in {more}"),
        Err(mistakes) => mistakes.to_string(),
    }
}

#[test]
fn each_kind_says_what_it_needs_and_what_it_has_no_use_for() {
    let cases = [
        (
            "kind = \"change\"",
            &[
                "an observer of kind \"change\" needs `from`",
                "needs `against_from`",
            ][..],
        ),
        ("kind = \"pools\"", &["needs `at`", "needs `against_at`"]),
        (
            "kind = \"trend\"\nfrom = \"2022-01-02T00:00:00Z\"\nuntil = \"2022-01-03T00:00:00Z\"",
            &["needs `fit_from`", "needs `fit_until`"],
        ),
        (
            "kind = \"count\"\nagainst_from = \"2022-01-02T00:00:00Z\"",
            &["has no use for `against_from`", "kind = \"change\""],
        ),
        (
            "kind = \"count\"\nreported = [\"a\"]",
            &["has no use for `reported`", "kind = \"pools\""],
        ),
        ("kind = \"counts\"", &["\"count\""]),
        (
            "kind = \"count\"\nat = \"2022-01-02T00:00:00Z\"\nfrom = \"2022-01-01T00:00:00Z\"",
            &["one reading and a series are both asked for"],
        ),
        (
            "kind = \"count\"\nfrom = \"2022-01-03T00:00:00Z\"\nuntil = \"2022-01-03T06:00:00Z\"",
            &[
                "no reading fits",
                "`until` at least `window_h` after `from`",
            ],
        ),
        (
            "kind = \"count\"\nat = \"2042-01-02T00:00:00Z\"",
            &["far outside of the horizon"],
        ),
        (
            "kind = \"last-blocks\"\nat = \"2021-12-31T00:00:00Z\"",
            &["readings within it"],
        ),
        (
            "kind = \"change\"\nfrom = \"2022-01-02T00:00:00Z\"\nuntil = \"2022-01-03T00:00:00Z\"\nagainst_from = \"2022-01-01T00:00:00Z\"\nagainst_until = \"2022-01-02T12:00:00Z\"",
            &["the two spans overlap"],
        ),
        (
            "kind = \"trend\"\nfrom = \"2022-01-02T00:00:00Z\"\nuntil = \"2022-01-03T00:00:00Z\"\nfit_from = \"2021-12-20T12:00:00Z\"\nfit_until = \"2022-01-10T00:00:00Z\"",
            &["no whole UTC days", "two UTC midnights"],
        ),
        (
            "kind = \"trend\"\nfrom = \"2022-01-02T00:00:00Z\"\nuntil = \"2022-01-03T00:00:00Z\"\nfit_from = \"2022-01-01T00:00:00Z\"\nfit_until = \"2022-01-04T00:00:00Z\"",
            &["3 days are too few"],
        ),
        (
            "kind = \"pools\"\nat = \"2022-01-03T00:00:00Z\"\nagainst_at = \"2022-01-01T12:00:00Z\"",
            &["do not both lie within the horizon"],
        ),
        (
            "kind = \"pools\"\nat = \"2022-01-03T00:00:00Z\"\nagainst_at = \"2022-01-02T00:00:00Z\"\npools = [\"antpool\"]",
            &["there is no pool named \"antpool\""],
        ),
        (
            "kind = \"pools\"\nat = \"2022-01-03T00:00:00Z\"\nagainst_at = \"2022-01-02T00:00:00Z\"\nreported = [\"x\"]",
            &["no reading of \"x\" is in `observed.pools_csv`"],
        ),
    ];
    for (keys, expected) in cases {
        let words = told(&format!("[[observer]]\nname = \"it\"\n{keys}\n"));
        for expected in expected {
            assert!(words.contains(expected), "{keys}\n{words}");
        }
    }
}

#[test]
fn an_epoch_needs_the_height_of_the_next_block() {
    let folder = tempfile::tempdir().expect("a folder");
    let epochs = "height,unix,bits_hex\n715680,1640422999,170b98ab\n717696,1641627937,170b8c8b\n";
    std::fs::write(folder.path().join("epochs.csv"), epochs).expect("written");
    let told = |keys: &str| {
        let text = format!("{SOUND}[blocks]\nepochs_csv = \"epochs.csv\"\n{keys}\n");
        let path = folder.path().join("test.toml");
        std::fs::write(&path, text).expect("written");
        match read(&Source::load(path), &[]) {
            Ok(loaded) => format!("{:?}", loaded.system.blocks),
            Err(mistakes) => mistakes.to_string(),
        }
    };
    assert!(told("").contains("needs `height`"), "{}", told(""));
    assert!(told("").contains("height = 715681 to 717696"));
    let other = told("height = 717697");
    assert!(
        other.contains("is not of the epoch that contains the start"),
        "{other}"
    );
    assert!(told("height = 716599\ndifficulty = 2e13").contains("difficulty is given twice"));
    let right = told("height = 716599");
    assert!(right.contains("unix_s: 1640422999"), "{right}");

    std::fs::write(
        folder.path().join("epochs.csv"),
        "height,unix,bits_hex\n715680,1640422999,xyz\n",
    )
    .expect("written");
    assert!(told("height = 716599").contains("is no target"));
    std::fs::write(
        folder.path().join("epochs.csv"),
        "height,unix,bits_hex\n715681,1640422999,170b98ab\n",
    )
    .expect("written");
    assert!(told("height = 716599").contains("a height divisible by 2016"));
    std::fs::write(
        folder.path().join("epochs.csv"),
        "height,unix,bits_hex\n715680,1741627937,170b98ab\n",
    )
    .expect("written");
    assert!(
        told("height = 716599").contains("no epoch of the file begins before the scenario does")
    );
}

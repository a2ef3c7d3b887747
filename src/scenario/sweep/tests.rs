//! Values, points and designs of a sweep.

use super::*;

fn list(text: &str) -> Vec<String> {
    match parse_values(text).unwrap() {
        Values::List(values) => values,
        Values::Between { .. } => panic!("{text} is no list"),
    }
}

fn sweep(design: Design, points: Option<u32>, values: &[&str]) -> Sweep {
    let parameters = values.iter().enumerate().map(|(number, text)| Parameter {
        path: format!("zone.{number}.reserve_mw"),
        label: None,
        values: parse_values(text).unwrap(),
    });
    Sweep {
        design,
        points,
        parameters: parameters.collect(),
        show: Vec::new(),
    }
}

#[test]
fn ranges_hold_both_ends_and_no_noise() {
    assert_eq!(list("0:3000:1000"), ["0", "1000", "2000", "3000"]);
    assert_eq!(list("0.1:0.5:0.1"), ["0.1", "0.2", "0.3", "0.4", "0.5"]);
    assert_eq!(list("2100:1800:-150"), ["2100", "1950", "1800"]);
    assert_eq!(list("6:7:0.4"), ["6.0", "6.4", "6.8"]);
    assert_eq!(list("a, b"), ["a", "b"]);
    assert_eq!(
        list("[1,2],{ uniform = [0, 1] }"),
        ["[1,2]", "{ uniform = [0, 1] }"]
    );
    assert_eq!(
        list("\"2022-01-05T10:00:00Z\""),
        ["\"2022-01-05T10:00:00Z\""]
    );
}

#[test]
fn what_is_no_range_is_told() {
    for (bad, words) in [
        ("0:1:0", "step of 0"),
        ("1:0:0.1", "empty"),
        ("0:1:-1", "empty"),
        ("1:1", "empty"),
        ("0:x:1", "not a number"),
        ("0:nan:1", "not a number"),
        ("0:1:1e-12", "values; at most"),
        ("1:2:3:4", "two or three"),
        ("1,,2", "empty value"),
        ("1,1", "twice"),
        ("", "empty value"),
    ] {
        let (wrong, _) = parse_values(bad).unwrap_err();
        assert!(wrong.contains(words), "{bad}: {wrong}");
    }
}

#[test]
fn a_grid_is_every_value_with_every_other() {
    let points = sweep(Design::Grid, None, &["1,2", "a,b,c"])
        .points(1)
        .unwrap();
    assert_eq!(points.len(), 6);
    assert_eq!(points[0], ["1", "a"]);
    assert_eq!(points[1], ["1", "b"]);
    assert_eq!(points[5], ["2", "c"]);
}

#[test]
fn ten_billion_points_are_counted_and_refused() {
    let values = ["0:9999:1"; 3];
    let (wrong, _) = sweep(Design::Grid, None, &values).count().unwrap_err();
    assert_eq!(wrong, "1000000000000 points");
    assert!(
        sweep(Design::Sobol, Some(4_000_000_000), &["0:1"])
            .count()
            .is_err()
    );
    assert!(sweep(Design::Sobol, None, &["0:1"]).count().is_err());
    assert!(sweep(Design::Grid, None, &["0:1"]).count().is_err());
    assert!(sweep(Design::Grid, None, &[]).count().is_err());
}

/// Each stratum of each parameter is met once: that is what a Latin hypercube is. A Sobol
/// design of a power of two has the same property but for the origin that is left out.
#[test]
fn drawn_designs_are_even_in_every_parameter() {
    for design in [Design::LatinHypercube, Design::Sobol] {
        let points = sweep(design, Some(63), &["0:1", "0:1", "0:1"])
            .points(7)
            .unwrap();
        for parameter in 0..3 {
            let strata = if design == Design::Sobol { 64.0 } else { 63.0 };
            let mut met: Vec<u32> = points
                .iter()
                .map(|point| (point[parameter].parse::<f64>().unwrap() * strata + 0.01) as u32)
                .collect();
            met.sort_unstable();
            met.dedup();
            // A value that was rounded may fall into the neighbour.
            assert!(met.len() >= 60, "{design:?}: {met:?}");
        }
    }
    let one = sweep(Design::LatinHypercube, Some(9), &["0:1"]);
    assert_eq!(one.points(7), one.points(7));
    assert_ne!(one.points(7), one.points(8));
}

#[test]
fn drawn_designs_take_words_too() {
    let points = sweep(Design::Sobol, Some(32), &["a,b"]).points(1).unwrap();
    let a = points.iter().filter(|point| point[0] == "a").count();
    assert!((14..=18).contains(&a), "{a}");
}

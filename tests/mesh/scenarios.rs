//! Meshes as scenarios: tables in any order, and limits under the N-1 rule by hand.

use super::support::{run, run_grid};
use hashfall::scenario::{Source, read};
use hashfall::system::System;

fn system(text: &str) -> System {
    match read(&Source::text(text), &[]) {
        Ok(loaded) => loaded.system,
        Err(mistakes) => panic!("{mistakes}"),
    }
}

const HEAD: &str = r#"schema = 1
[scenario]
name = "mesh"
start = "2024-01-01T00:00:00Z"
duration_hours = 240
seed = 5
"#;

/// Four zones in a ring with a diagonal, parallel lines, failures and priorities.
fn tables() -> Vec<String> {
    let mut tables = vec![
        "[[class]]\nname = \"coal\"\ncost_usd_mwh = 12\n".to_owned(),
        "[[class]]\nname = \"gas\"\ncost_usd_mwh = 35\n".to_owned(),
    ];
    for (name, load, priority) in [("a", 90, 0), ("b", 120, 1), ("c", 60, 0), ("d", 100, 0)] {
        tables.push(format!(
            "[[zone]]\nname = \"{name}\"\nload_mw = {load}\npriority = {priority}\n"
        ));
        for (kind, cost) in [("coal", 20), ("gas", 50)] {
            tables.push(format!(
                "[[plant]]\nname = \"{name}-{kind}\"\nzone = \"{name}\"\nclass = \"{kind}\"\nunits = 3\n\
                 capacity_mw = {}\nmttf_h = 40\nmttr_h = 8\n",
                18 + cost / 10
            ));
        }
    }
    let lines = [
        ("ab-1", "a", "b", 30),
        ("ab-2", "b", "a", 20),
        ("bc", "b", "c", 25),
        ("cd", "d", "c", 25),
        ("da", "d", "a", 15),
        ("ac", "a", "c", 10),
    ];
    for (name, from, to, limit) in lines {
        let secured = name.starts_with("ab");
        tables.push(format!(
            "[[line]]\nname = \"{name}\"\nfrom = \"{from}\"\nto = \"{to}\"\ncapacity_mw = {limit}\n\
             backward_mw = {}\ncircuits = 2\nn_minus_1 = {secured}\nmttf_h = 60\nmttr_h = 9\n",
            limit / 2 + 5
        ));
    }
    tables
}

#[test]
fn tables_in_any_order_give_the_same_rows() {
    let tables = tables();
    let rows = |tables: &[String]| -> Vec<Vec<i64>> {
        let system = system(&format!("{HEAD}{}", tables.concat()));
        (0..3)
            .flat_map(|replication| {
                [run_grid(&system, replication), run(&system, replication)]
                    .map(|outcome| outcome.row().to_vec())
            })
            .collect()
    };
    let first = rows(&tables);
    let short = first
        .iter()
        .filter(|row| row.iter().any(|&value| value > 0))
        .count();
    assert!(short > 3, "something must happen");
    let mut turned = tables.clone();
    turned.reverse();
    assert_eq!(rows(&turned), first);
    for by in [3, 7, 11] {
        turned.rotate_left(by);
        turned.swap(0, 5);
        assert_eq!(rows(&turned), first);
    }
}

/// Two lines of 100 and 60 MW, 200 MW of plant on one side and 150 MW of load on the other.
fn corridor(lines: &str, more: &str) -> System {
    system(&format!(
        r#"schema = 1
        [scenario]
        name = "corridor"
        start = "2024-01-01T00:00:00Z"
        duration_hours = 6
        [[zone]]
        name = "a"
        load_mw = 0
        [[zone]]
        name = "b"
        load_mw = 150
        [[plant]]
        name = "only"
        zone = "a"
        capacity_mw = 200
        {lines}
        {more}"#
    ))
}

fn line(name: &str, ends: (&str, &str), keys: &str) -> String {
    let (from, to) = ends;
    format!("[[line]]\nname = \"{name}\"\nfrom = \"{from}\"\nto = \"{to}\"\n{keys}\n")
}

fn strike(line: &str, from_hour: u8, until_hour: u8) -> String {
    format!(
        "[[hazard]]\nname = \"loses-{line}\"\ntakes_down = [\"line/{line}\"]\n\
         from = \"2024-01-01T0{from_hour}:00:00Z\"\nuntil = \"2024-01-01T0{until_hour}:00:00Z\"\n"
    )
}

#[test]
fn a_corridor_counts_without_its_largest_line_and_survives_its_loss() {
    let lines = |rule: bool| {
        let rule = format!("n_minus_1 = {rule}");
        line("large", ("a", "b"), &format!("capacity_mw = 100\n{rule}"))
            + &line("small", ("b", "a"), &format!("capacity_mw = 60\n{rule}"))
    };
    let eue = |system: &System| run_grid(system, 0).system("eue_mwh");
    // 160 MW for 150: enough. Under the rule 60: 90 MW lack for 6 hours.
    assert_eq!(eue(&corridor(&lines(false), "")), 0.0);
    assert_eq!(eue(&corridor(&lines(true), "")), 540.0);
    // The large line is lost for two hours, then both for one. Without the rule 90 lack for two
    // hours and 150 for one; with it the loss of the first changes nothing.
    let losses = strike("large", 1, 4) + &strike("small", 3, 4);
    assert_eq!(eue(&corridor(&lines(false), &losses)), 2.0 * 90.0 + 150.0);
    assert_eq!(eue(&corridor(&lines(true), &losses)), 540.0 + 60.0);
    // A line beside them that is not under the rule counts in full: 60 + 50 of 150.
    let beside = lines(true) + &line("third", ("a", "b"), "capacity_mw = 50");
    assert_eq!(eue(&corridor(&beside, "")), 6.0 * 40.0);
}

#[test]
fn a_line_of_many_circuits_counts_without_one() {
    let keys = "capacity_mw = 160\nbackward_mw = 0\ncircuits = 4\nn_minus_1 = true";
    let outcome = run(&corridor(&line("all", ("a", "b"), keys), ""), 0);
    assert_eq!(outcome.system("eue_mwh"), 6.0 * 30.0);
    // Its limit is what it may carry: it runs at that limit all the time.
    assert_eq!(outcome.get("all", "line/all", "hours_above_90_pct"), 6.0);
}

#[test]
fn parallel_lines_reach_their_limits_together() {
    // 150 of 160 MW: both lines carry 93.75 % of their limits.
    let lines = line("large", ("a", "b"), "capacity_mw = 100")
        + &line("small", ("b", "a"), "capacity_mw = 60");
    let outcome = run(&corridor(&lines, ""), 0);
    for name in ["line/large", "line/small"] {
        assert_eq!(outcome.get("all", name, "hours_above_90_pct"), 6.0);
    }
}

#[test]
fn an_only_circuit_under_the_rule_is_a_mistake() {
    let one = line("one", ("a", "b"), "capacity_mw = 100\nn_minus_1 = true");
    let two = line("two", ("b", "a"), "capacity_mw = 100\nn_minus_1 = true");
    corridor(&(one.clone() + &two), "");
    let text = format!(
        "{HEAD}[[zone]]\nname = \"a\"\nload_mw = 1\n[[zone]]\nname = \"b\"\nload_mw = 1\n{one}"
    );
    let mistakes = read(&Source::text(text), &[]).expect_err("no second circuit");
    let mistakes = mistakes.to_string();
    assert!(
        mistakes.contains("nothing survives the loss of the only circuit"),
        "{mistakes}"
    );
}

//! The page: an overview with the strongest change of each behaviour, then every change.

use crate::behaviours::{Behaviour, Switch, digest, groups, scenario};
use crate::numbers::{NUMBERS, Paired, Sample, paired, position, sample};
use std::fmt::Write;

/// Changes above this many standard errors are shown, expected or not.
const CLEAR: f64 = 3.0;

/// Other numbers shown of each behaviour, the clearest first.
const OTHERS: usize = 5;

/// A title, and behaviours with the changes of every number.
type Group = (&'static str, Vec<(Behaviour, Vec<Paired>)>);

/// The page as markdown, from n replications of each variant.
pub fn page(n: u32) -> String {
    let system = scenario(&[]);
    let shipped = sample(&system, n);
    let groups: Vec<Group> = groups()
        .into_iter()
        .map(|(title, behaviours)| {
            let measured = behaviours
                .into_iter()
                .map(|behaviour| {
                    eprintln!("{}", behaviour.name);
                    let off = sample(&behaviour.system(), n);
                    let changes = changes(&shipped, &off);
                    (behaviour, changes)
                })
                .collect();
            (title, measured)
        })
        .collect();
    let all = || groups.iter().flat_map(|(_, members)| members);
    let count = all().count();
    let clear = all()
        .filter(|(_, changes)| changes.iter().any(|change| change.z().abs() > CLEAR))
        .count();
    let silent: Vec<String> = all()
        .filter(|(_, changes)| changes.iter().all(|change| change.touched == 0))
        .map(|(behaviour, _)| format!("`{}`", behaviour.name))
        .collect();
    let mut page = head(n, system.seed, count, clear, &silent);
    overview(&mut page, &groups);
    for (title, members) in &groups {
        writeln!(page, "\n## {title}").expect("text grows");
        for (behaviour, changes) in members {
            section(&mut page, behaviour, changes);
        }
    }
    page.trim_end().to_owned()
}

fn changes(shipped: &Sample, off: &Sample) -> Vec<Paired> {
    (0..NUMBERS.len())
        .map(|number| paired(shipped, off, number))
        .collect()
}

fn head(n: u32, seed: u64, count: usize, clear: usize, silent: &[String]) -> String {
    let (version, digest) = (env!("CARGO_PKG_VERSION"), digest());
    let silent = if silent.is_empty() {
        "All of them change something.".to_owned()
    } else {
        format!(
            "{} of them change no listed number by a single bit, and are listed all the same: {}.",
            silent.len(),
            silent.join(", ")
        )
    };
    format!(
        "# What each behaviour is worth

<!-- Made by `cargo run --release --example ablation -- {n} > docs/ablation.md`; do not edit. -->

{count} behaviours of the shipped scenario `kazakhstan-2022`, switched off one at a time.
{clear} of them change a reported number by more than three standard errors. {silent}

hashfall {version}, scenario {digest}, seed {seed}, {n} replications of each variant, made by

```sh
cargo run --release --example ablation -- {n} > docs/ablation.md
```

**How to read it.** Every variant runs the same replications with common random numbers, so that a
change is a mean of {n} *paired* differences, variant minus shipped; ± is the standard error of
that mean, and |z| the change in standard errors. The ratio is variant over shipped. A variance is
compared by squared deviations from each run's own mean, so that it too is a paired mean. Numbers
that a variant does not touch differ by exactly nothing. With {n_numbers} numbers looked at in
{count} variants a few touched ones would pass |z| = 3 by chance; those that rest on a handful of
replications (a dark zone, a rare shortage) say in how many they changed.

A section lists first the numbers that the behaviour is about, then up to {OTHERS} others that it
moves by more than three standard errors.

Windows: *blackout* is 5 January 10:30 to 10 January 02:00 UTC, *all* is 1 to 22 January. *Lost* is
loss attributable to the event, against the same replication without it; *missing* is against
everything installed, charged to the first cause; see the model for the definitions. Numbers
without a window are over *all*, except causes of loss and revenue, which are over *blackout*.

**Tests.** `tests/behaviours_matter.rs` holds one test for each behaviour, under its name: it
switches the behaviour off and fails unless the numbers listed first move the way they should, by
three standard errors where the behaviour is not rare. An engine without the behaviour shows no
change at all, and fails. Tests with an answer by hand are named beside it.

Not in this scenario, and so not on this page: contracts, price response, planned outages, load
that a hazard switches, outages of a plant by name, storage. They have their tests by hand; what
storage is worth stands in [its chapter](model/storage.md#what-it-is-worth-a-case), measured on
`rts-gmlc-storage` and guarded by `tests/storage`.
",
        n_numbers = NUMBERS.len(),
    )
}

fn overview(page: &mut String, groups: &[Group]) {
    page.push_str("\n## In brief\n\nThe three clearest changes of each.\n\n");
    page.push_str("| switched off | what changes most, and &#124;z&#124; |\n|---|---|\n");
    for (behaviour, changes) in groups.iter().flat_map(|(_, members)| members) {
        let words: Vec<String> = clearest(changes)
            .take(3)
            .map(|at| {
                let change = &changes[at];
                let percent = ratio_in_words(change);
                format!("{} {percent} ({:.0})", NUMBERS[at].name, change.z().abs())
            })
            .collect();
        let words = if words.is_empty() {
            "nothing".to_owned()
        } else {
            words.join(", ")
        };
        writeln!(
            page,
            "| [{}](#{}): {} | {words} |",
            behaviour.name, behaviour.name, behaviour.off
        )
        .expect("text grows");
    }
}

/// Numbers that changed at all, the clearest change first.
fn clearest(changes: &[Paired]) -> impl Iterator<Item = usize> {
    let mut order: Vec<usize> = (0..changes.len())
        .filter(|&at| changes[at].touched > 0)
        .collect();
    order.sort_by(|&a, &b| changes[b].z().abs().total_cmp(&changes[a].z().abs()));
    order.into_iter()
}

fn ratio_in_words(change: &Paired) -> String {
    if change.shipped.abs() < 1e-9 {
        return format!("from 0 to {}", decimals(change.off, change.error));
    }
    let percent = 100.0 * change.change / change.shipped.abs();
    if percent > 900.0 {
        format!("×{:.0}", change.off / change.shipped)
    } else if percent.abs() >= 10.0 {
        format!("{percent:+.0} %")
    } else {
        format!("{percent:+.2} %")
    }
}

fn section(page: &mut String, behaviour: &Behaviour, changes: &[Paired]) {
    let how = match behaviour.switch {
        Switch::Set(overrides) => overrides
            .iter()
            .map(|(path, value)| format!("`--set '{path}={value}'`"))
            .collect::<Vec<_>>()
            .join(" "),
        Switch::System(how, _) => format!("in the system, where no override can do it: {how}"),
    };
    let mut guards = vec![format!(
        "`behaviours_matter::{}`",
        behaviour.name.replace('-', "_")
    )];
    guards.extend(behaviour.guards.iter().map(|guard| format!("`{guard}`")));
    write!(
        page,
        "\n### {}\n\nSwitched off: {}.\n{how}.\nGuarded by {}.\n\n",
        behaviour.name,
        behaviour.off,
        guards.join(", ")
    )
    .expect("text grows");
    page.push_str("| number | unit | shipped | switched off | paired change | ratio | &#124;z&#124; | changed in |\n|---|---|--:|--:|--:|--:|--:|--:|\n");
    let expected: Vec<usize> = behaviour
        .expect
        .iter()
        .map(|(name, _)| position(name))
        .collect();
    let others = clearest(changes)
        .filter(|at| !expected.contains(at) && changes[*at].z().abs() > CLEAR)
        .take(OTHERS);
    for at in expected.iter().copied().chain(others) {
        let (number, change) = (&NUMBERS[at], &changes[at]);
        let ratio = if change.shipped.abs() < 1e-12 {
            "–".to_owned()
        } else {
            format!("{:.3}", change.off / change.shipped)
        };
        let error = change.error;
        writeln!(
            page,
            "| {} | {} | {} | {} | {} ± {} | {ratio} | {:.1} | {} |",
            number.name,
            number.unit.0,
            decimals(change.shipped, error),
            decimals(change.off, error),
            decimals(change.change, error),
            decimals(error, error),
            change.z().abs(),
            change.touched,
        )
        .expect("text grows");
    }
}

/// A number with two digits of its error, or four digits where the error is nothing.
fn decimals(value: f64, error: f64) -> String {
    let of = |size: f64, digits: i32| {
        let leading = size.abs().log10().floor() as i32;
        (digits - 1 - leading).clamp(0, 6) as usize
    };
    let places = match (error > 0.0, value != 0.0) {
        (true, _) => of(error, 2),
        (false, true) => of(value, 4),
        (false, false) => 0,
    };
    let text = format!("{value:.places$}");
    match text.strip_prefix('-') {
        Some(digits) if digits.chars().all(|c| matches!(c, '0' | '.')) => digits.to_owned(),
        Some(digits) => format!("−{digits}"),
        None => text,
    }
}

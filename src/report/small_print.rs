//! The small print of every figure: whose numbers, how many, and what was changed.

use super::chart::{Footer, Mode};
use crate::scenario::HINDCAST;
use crate::system::{self, System};

/// The small print that differs from figure to figure.
#[derive(Debug, Clone, Default)]
pub(super) struct Small<'a> {
    /// Kind of interval.
    pub interval: &'a str,
    /// Estimator.
    pub estimator: &'a str,
    /// Window in words.
    pub window: String,
}

/// The key that `--seed` sets.
pub(super) const SEED: &str = "scenario.seed";
/// Letters that changed keys may take.
const MOST_LETTERS: usize = 72;

/// The footer of a figure of so many replications; 0 where nothing was drawn.
pub(super) fn footer(
    system: &System,
    overrides: &[String],
    replications: u64,
    small: Small<'_>,
) -> Footer {
    Footer {
        scenario: as_run(&system.name, overrides),
        replications,
        seed: system.seed,
        interval: small.interval.to_owned(),
        estimator: small.estimator.to_owned(),
        window: small.window,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        mode: match system.mode {
            system::Mode::Study => Mode::Study,
            system::Mode::Forecast => Mode::Forecast,
            system::Mode::Hindcast => Mode::Hindcast,
        },
    }
}

/// A scenario's name with the keys that were changed.
fn as_run(name: &str, overrides: &[String]) -> String {
    match changed(overrides, MOST_LETTERS) {
        Some(changed) => format!("{name} {changed}"),
        None => name.to_owned(),
    }
}

/// "with zone.*.scale=1.2": the keys that were changed, or how many where that is too long. Mode
/// and seed are told elsewhere.
pub(super) fn changed(overrides: &[String], most_letters: usize) -> Option<String> {
    let is_told_elsewhere = |text: &&String| {
        let path = text.split_once('=').map_or("", |(path, _)| path);
        path == HINDCAST.0 || path == SEED
    };
    let changed = overrides.iter().filter(|text| !is_told_elsewhere(text));
    let changed: Vec<&str> = changed.map(String::as_str).collect();
    let told = format!("with {}", changed.join(", "));
    match changed.len() {
        0 => None,
        1 if told.chars().count() > most_letters => Some("with one key changed".to_owned()),
        count if told.chars().count() > most_letters => Some(format!("with {count} keys changed")),
        _ => Some(told),
    }
}

#[cfg(test)]
mod tests {
    use super::as_run;

    #[test]
    fn what_was_changed_is_told_as_long_as_it_is_short() {
        let told = |overrides: &[&str]| {
            let owned: Vec<String> = overrides.iter().map(|&text| text.to_owned()).collect();
            as_run("place", &owned)
        };
        assert_eq!(told(&[]), "place");
        assert_eq!(
            told(&["scenario.mode=hindcast", "scenario.seed=5"]),
            "place"
        );
        assert_eq!(told(&["zone.*.scale=1.2"]), "place with zone.*.scale=1.2");
        let many = ["zone.north-and-south.reserve_mw=120"; 3];
        assert_eq!(told(&many), "place with 3 keys changed");
    }
}

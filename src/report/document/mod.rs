//! From a finished run to everything the page says.
//!
//! May enter: the facts of a run, finished drawings, the rules of `words`.
//! May not enter: markup and looks (that is `html`), the disk, judgement without an interval.

pub(super) mod assumptions;
mod claims;
mod evidence;
mod glossary;
mod headline;
mod inputs;
mod limits;
mod means;

use super::ReportError;
use super::chart::Drawing;
use super::facts::Facts;
use super::html::ReportDocument;
use super::numerals::number;
use super::small_print::{SEED, changed};
use super::{hexadecimal, words};
use crate::scenario::{HINDCAST, Loaded};

/// The whole page.
///
/// # Errors
/// What the disk says: inputs and shares are looked at replication by replication.
pub(super) fn document(
    facts: &Facts<'_>,
    figures: Vec<Drawing>,
) -> Result<ReportDocument, ReportError> {
    let system = facts.system();
    let driving = inputs::drivers(facts)?;
    let mut document = ReportDocument {
        title: system.title.clone(),
        subtitle: subtitle(facts),
        mode: words::capitalised(system.mode.name()),
        headline: headline::headline(facts),
        windows: windows(facts),
        key_figures: headline::key_figures(facts)?,
        estimates: means::estimates(facts),
        claims: claims::claims(facts),
        evidence: evidence::evidence(facts)?,
        limits: limits::limits(facts),
        figures,
        tables: Vec::new(),
        intervals: inputs::intervals(facts, &driving),
        drivers: inputs::rows(&driving),
        assumptions: assumptions::assumptions(system),
        glossary: Vec::new(),
        reproduce: reproduce(facts),
        digest: hexadecimal(&facts.run.loaded.digest),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    document.glossary = glossary::glossary(&document);
    Ok(document)
}

/// "10,000 simulated futures of 1 Jan to 22 Jan UTC; inputs as known before the event".
fn subtitle(facts: &Facts<'_>) -> String {
    let futures = words::futures(facts.results().replications());
    let known = match facts.system().mode {
        crate::system::Mode::Forecast => {
            "; nothing learnt from the event’s own hashrate is an input"
        }
        crate::system::Mode::Hindcast => "; later knowledge is allowed",
        crate::system::Mode::Study => "",
    };
    // The title is of the scenario as it was written.
    let changed = changed(facts.run.overrides, usize::MAX);
    let changed = changed.map_or(String::new(), |changed| format!("; {changed}"));
    format!(
        "{} simulated, {}{known}{changed}",
        words::capitalised(&futures),
        facts.horizon_in_words()
    )
}

/// Every window with its span; empty where there is none but the whole.
fn windows(facts: &Facts<'_>) -> String {
    let windows = &facts.system().windows;
    if windows.len() < 2 {
        return String::new();
    }
    let span = |window: &crate::system::Window| {
        let words = facts.span_in_words(window);
        format!(
            "{}: {}",
            window.name,
            words.strip_suffix(" UTC").unwrap_or(&words)
        )
    };
    let spans: Vec<String> = windows.iter().map(span).collect();
    format!("Windows (UTC): {}.", spans.join("; "))
}

/// The commands that make this result, its page, and the story of the future in the figure.
fn reproduce(facts: &Facts<'_>) -> Vec<String> {
    let system = facts.system();
    let n = facts.results().replications();
    let loaded = facts.run.loaded;
    let name = loaded.name_in_file();
    let changes = changes(loaded, facts.run.overrides);
    let run = format!(
        "hashfall run {name} --replications {n} --seed {}{changes}",
        system.seed
    );
    vec![
        run,
        format!("hashfall report output/{}", system.name),
        format!(
            "hashfall replay {name} --replication {} --seed {}{changes}",
            facts.run.chosen.median, system.seed
        ),
    ]
}

/// Overrides as they are typed, but for the seed.
pub(super) fn changes(loaded: &Loaded, overrides: &[String]) -> String {
    let mut typed = String::new();
    for text in overrides {
        match text.split_once('=') {
            Some(pair) if loaded.is_hindcast && pair == HINDCAST => typed.push_str(" --hindcast"),
            // Every command says it by itself.
            Some((SEED, _)) => {}
            _ => typed.push_str(&format!(" --set {}", quoted(text))),
        }
    }
    typed
}

/// A word as a shell takes it literally.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-=/,:".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// A percentage for a sentence, with a decimal below twenty.
fn percent(value: f64) -> String {
    number(value, usize::from(value.abs() < 20.0))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_shell_takes_overrides_as_they_are() {
        assert_eq!(quoted("farm.a.compliance=0.7"), "farm.a.compliance=0.7");
        assert_eq!(quoted("farm.*.x=[1, 2]"), "'farm.*.x=[1, 2]'");
        assert_eq!(quoted("a='b'"), "'a='\\''b'\\'''");
    }
}

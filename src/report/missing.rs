//! How much hashrate was truly missing: on the screen, as data, and as a figure.

use super::chart::{Frame, InferenceFigure, InferenceRow, spoken_span};
use super::numerals::{number, signed};
use super::small_print::{Small, footer};
use crate::exact::{Conflict, MissingHashrate, MissingRow, Observable};
use crate::system::System;
use serde::Serialize;
use std::fmt::Write as _;

/// An answer as data: shares of the world's hashrate.
#[derive(Debug, Serialize)]
pub struct MissingAsData<'a> {
    scenario: &'a str,
    title: &'a str,
    dark_from_utc: String,
    dark_until_utc: String,
    prior: [f64; 2],
    rows: Vec<RowAsData<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    conflict: Option<ConflictAsData>,
    unmoved_claims: &'a [String],
}

#[derive(Debug, Serialize)]
struct RowAsData<'a> {
    observable: &'a str,
    what: &'a str,
    shown: Option<f64>,
    undiluted: Option<[f64; 2]>,
    likeliest: f64,
    likelihood_95: [f64; 2],
    posterior_median: f64,
    posterior_95: [f64; 2],
}

#[derive(Debug, Serialize)]
struct ConflictAsData {
    ln_evidence_ratio: f64,
    tail_probability: f64,
}

impl<'a> MissingAsData<'a> {
    /// The answer of a system.
    pub fn of(system: &'a System, missing: &'a MissingHashrate) -> Self {
        let utc = |at: i64| super::chart::rfc3339(system.start_unix_ms + at);
        let rows = missing.rows.iter().map(|row| RowAsData {
            observable: row.observable.code(),
            what: &row.what,
            shown: row.shown,
            undiluted: row.undiluted.map(|(low, high)| [low, high]),
            likeliest: row.likeliest,
            likelihood_95: [row.likelihood_95.0, row.likelihood_95.1],
            posterior_median: row.posterior_median,
            posterior_95: [row.posterior_95.0, row.posterior_95.1],
        });
        Self {
            scenario: &system.name,
            title: &system.title,
            dark_from_utc: utc(missing.span.0),
            dark_until_utc: utc(missing.span.1),
            prior: [missing.prior.0, missing.prior.1],
            rows: rows.collect(),
            conflict: missing.conflict.map(|conflict| ConflictAsData {
                ln_evidence_ratio: conflict.ln_evidence_ratio,
                tail_probability: conflict.tail_probability,
            }),
            unmoved_claims: &missing.unmoved,
        }
    }
}

/// Percent with one digit, without the sign of a zero.
fn percent(share: f64) -> String {
    number(100.0 * share + 0.0, 1)
}

/// A row's name: what was observed, and how it is read.
fn label(row: &MissingRow) -> String {
    match row.observable {
        Observable::PoolsAsMean => format!("{}, read as a mean", row.what),
        Observable::PoolsAsInstants => format!("{}, read as two instants", row.what),
        Observable::Network => format!("{}, read off blocks", row.what),
        Observable::Blocks => format!("blocks, against {}", row.what),
        Observable::Pools | Observable::Both => row.what.clone(),
    }
}

/// From when until when it was dark, in words.
fn span(system: &System, missing: &MissingHashrate) -> String {
    let at = |ms: i64| system.start_unix_ms + ms;
    spoken_span(at(missing.span.0), at(missing.span.1))
}

/// The conflict in a sentence.
fn conflict_in_words(conflict: &Conflict) -> String {
    let ratio = conflict.ln_evidence_ratio;
    let verdict = match ratio {
        r if r > 1.0 => "blocks and pools agree",
        r if r > -1.0 => "blocks and pools neither agree nor contradict each other",
        r if r > -3.0 => "blocks and pools contradict each other",
        _ => "blocks and pools contradict each other strongly",
    };
    format!(
        "Conflict: {verdict} (ln of the evidence for one loss behind both, over one for each: \
         {}; tail probability {})",
        signed(ratio, 2),
        number(conflict.tail_probability, 2),
    )
}

/// The answer for people.
pub fn missing_screen(system: &System, missing: &MissingHashrate) -> String {
    let mut text = format!(
        "{}\nabsent while it was dark, {}, in percent of the world's hashrate\n\
         prior uniform {} to {} %; below zero hashrate rose\n\n",
        system.title,
        span(system, missing),
        percent(missing.prior.0),
        percent(missing.prior.1),
    );
    let between = |(low, high): (f64, f64)| format!("{} to {}", percent(low), percent(high));
    let mut table = vec![[
        "observed".to_owned(),
        "shown".to_owned(),
        "undiluted".to_owned(),
        "95 % by likelihood".to_owned(),
        "posterior".to_owned(),
    ]];
    for row in &missing.rows {
        let undiluted = row.undiluted.map(|(low, high)| match percent(low) {
            one if one == percent(high) => one,
            _ => between((low, high)),
        });
        table.push([
            label(row),
            row.shown.map_or_else(String::new, |s| signed(100.0 * s, 1)),
            undiluted.unwrap_or_default(),
            between(row.likelihood_95),
            format!(
                "{} ({})",
                percent(row.posterior_median),
                between(row.posterior_95)
            ),
        ]);
    }
    let width = |column: usize| {
        let cells = table.iter().map(|row| row[column].chars().count());
        cells.max().unwrap_or(0)
    };
    let widths = [width(0), width(1), width(2), width(3), width(4)];
    for [what, shown, undiluted, likelihood, posterior] in &table {
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{what:<0$}  {shown:>1$}  {undiluted:>2$}  {likelihood:>3$}  {posterior:>4$}",
            widths[0], widths[1], widths[2], widths[3], widths[4],
        );
    }
    if let Some(conflict) = &missing.conflict {
        let _ = writeln!(text, "\n{}", conflict_in_words(conflict));
    }
    for claim in &missing.unmoved {
        let _ = writeln!(
            text,
            "\"{claim}\" says nothing: its window saw nothing of the dark"
        );
    }
    text
}

/// The figure; `overrides` are what was changed of the scenario, as given.
pub fn missing_figure(
    system: &System,
    missing: &MissingHashrate,
    overrides: &[String],
) -> InferenceFigure {
    let of = |(low, high): (f64, f64)| (100.0 * low, 100.0 * high);
    let rows: Vec<InferenceRow> = missing
        .rows
        .iter()
        .map(|row| InferenceRow {
            label: label(row),
            observable: row.observable.code().to_owned(),
            undiluted: row.undiluted.map(of),
            likelihood_95: of(row.likelihood_95),
            posterior_median: 100.0 * row.posterior_median,
            posterior_95: of(row.posterior_95),
            joint: row.observable == Observable::Both,
        })
        .collect();
    // The joint answer, or that of the last row.
    let title = missing.rows.last().map_or_else(String::new, |row| {
        let round = |share: f64| number(100.0 * share + 0.0, 0);
        let (low, high) = row.likelihood_95;
        format!(
            "What was observed allows a true loss of {} to {} % of the world's hashrate",
            round(low),
            round(high)
        )
    });
    InferenceFigure {
        frame: Frame {
            title,
            subtitle: format!("{}: {}", system.title, span(system, missing)),
            footer: footer(
                system,
                overrides,
                0,
                Small {
                    interval: "95 % intervals",
                    estimator: "from observations alone, no simulation",
                    window: String::new(),
                },
            ),
        },
        rows,
        prior: of(missing.prior),
        conflict: missing
            .conflict
            .as_ref()
            .map(conflict_in_words)
            .unwrap_or_default(),
    }
}

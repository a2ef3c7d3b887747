//! The headline, and the key figures under it.

use super::means::spaced;
use super::percent;
use crate::report::facts::{Facts, Outcomes};
use crate::report::figures::cause_means;
use crate::report::html::KeyFigure;
use crate::report::numerals::number;
use crate::report::shares::picked_at_shares;
use crate::report::words::{self, Direction, direction, range_in_parts, range_in_words};
use crate::report::{ReportError, number::cell};
use crate::stats::format_with_error;

/// The finding in two or three sentences: a median with its range of outcomes.
pub(super) fn headline(facts: &Facts<'_>) -> String {
    if facts.has_mining() {
        mining(facts)
    } else {
        grid(facts)
    }
}

fn mining(facts: &Facts<'_>) -> String {
    let (names, window) = (facts.loss(), facts.window_name());
    let loss = facts.outcomes(window, "network", names.mean);
    let (Some(loss), Some(span)) = (
        loss,
        facts.window().map(|window| facts.span_in_words(window)),
    ) else {
        return String::new();
    };
    let place = words::capitalised(&facts.in_window());
    // A country finds its hashrate, farms find theirs.
    let (country, own) = match facts.country() {
        Some(country) => (country, "its"),
        None => ("the farms".to_owned(), "their"),
    };
    let range = range_in_words(loss.p5, loss.median, loss.p95, "EH/s");
    let has_event = facts.system().has_event();
    if has_event && direction(loss.p5, loss.p95) != Direction::Rose {
        return format!(
            "{place} ({span}) a loss of hashrate cannot be told from none: {range} over futures."
        );
    }
    let to = if has_event { " to the event" } else { "" };
    let mut text = format!("{place} ({span}) {country} lost {range}{to}");
    // Shares are of what the event took; without one the loss is what is missing of all installed.
    let share = |index: &str| {
        let share = facts.outcomes(window, "network", index);
        share.filter(|_| has_event).map(|o| o.times(100.0))
    };
    let of = |share: Outcomes| {
        range_in_parts(share.p5, share.median, share.p95)
            .map(|(median, range)| format!("{median} % ({range})"))
    };
    if let Some(of_country) = share("lost_share_of_country").and_then(of) {
        text.push_str(&format!(": {of_country} of {own} own hashrate"));
        if let Some(of_world) = share("lost_share_of_world").and_then(of) {
            text.push_str(&format!(" and {of_world} of the world’s"));
        }
    }
    text.push('.');
    let causes = cause_means(facts);
    let total: f64 = causes.iter().map(|(_, mean)| mean).sum();
    let largest = causes.iter().max_by(|a, b| a.1.total_cmp(&b.1));
    if let Some(&(cause, mean)) = largest.filter(|_| total > 0.0) {
        // Where others gained, the first may take more than there is on balance.
        let part = match mean / total {
            whole if whole >= 0.995 => "all".to_owned(),
            part => format!("{} %", percent(100.0 * part)),
        };
        text.push_str(&format!(
            " Charged to the first cause at each instant, {part} of the mean loss is: {cause}."
        ));
    }
    text
}

fn grid(facts: &Facts<'_>) -> String {
    let row = |index: &str| facts.row(facts.window_name(), "system", index);
    let estimate = |index: &str| {
        let row = row(index)?;
        if row.never_happened() {
            return Some(format!(
                "0 {} (never in {})",
                row.unit,
                words::futures(row.n)
            ));
        }
        let error = row.standard_error.unwrap_or(f64::INFINITY);
        Some(format!(
            "{} {}",
            spaced(&format_with_error(row.mean?, error)),
            row.unit
        ))
    };
    let (Some(lole), Some(eue)) = (estimate("lole_h"), estimate("eue_mwh")) else {
        return String::new();
    };
    let span = words::horizon(facts.system().hours());
    let mut text = format!(
        "In {span} capacity lies below load for {lole} (LOLE), and {eue} are not served \
         (EUE): means over futures with their standard errors."
    );
    if let Some(outcomes) = row("lole_h").and_then(Outcomes::of) {
        let range = range_in_words(outcomes.p5, outcomes.median, outcomes.p95, "h");
        text.push_str(&format!(
            " Single futures differ more: {range} short of supply."
        ));
    }
    text
}

/// One line of the table: name, scope, index, unit in print, factor to it.
type Line = (&'static str, &'static str, &'static str, &'static str, f64);

/// What the headline's window is about.
const OF_THE_WINDOW: [Line; 8] = [
    (
        "Hashrate lost to the event, mean",
        "network",
        "lost_hashrate_ehs",
        "EH/s",
        1.0,
    ),
    (
        "Hashrate lost, worst hour",
        "network",
        "lost_hashrate_peak_hour_ehs",
        "EH/s",
        1.0,
    ),
    (
        "Hashes lost",
        "network",
        "lost_hashrate_ehs_days",
        "EH/s-days",
        1.0,
    ),
    (
        "Share of the country’s hashrate lost",
        "network",
        "lost_share_of_country",
        "%",
        100.0,
    ),
    (
        "Share of the world’s hashrate lost",
        "network",
        "lost_share_of_world",
        "%",
        100.0,
    ),
    (
        "Missing against what is installed, mean",
        "network",
        "lost_installed_ehs",
        "EH/s",
        1.0,
    ),
    (
        "Energy drawn for no hashes",
        "network",
        "energy_without_hashes_mwh",
        "GWh",
        1e-3,
    ),
    (
        "Revenue lost, gross",
        "network",
        "revenue_lost_gross_usd",
        "million USD",
        1e-6,
    ),
];
const NET: Line = (
    "Revenue lost, less power saved",
    "network",
    "revenue_lost_net_usd",
    "million USD",
    1e-6,
);

/// What other windows are about.
const OF_OTHERS: [Line; 2] = [OF_THE_WINDOW[0], OF_THE_WINDOW[4]];

/// What the whole time is about.
const OF_ALL: [Line; 6] = [
    (
        "Mining curtailed",
        "system",
        "curtailed_mining_mwh",
        "GWh",
        1e-3,
    ),
    (
        "Mining curtailed, time",
        "system",
        "curtailed_mining_h",
        "h",
        1.0,
    ),
    (
        "Reserve margin, fifth percentile of hours",
        "system",
        "reserve_margin_p5_mw",
        "GW",
        1e-3,
    ),
    (
        "Reserve margin, worst hour",
        "system",
        "reserve_margin_least_mw",
        "GW",
        1e-3,
    ),
    (
        "Emissions with mining",
        "system",
        "emissions_tco2",
        "million t CO2",
        1e-6,
    ),
    (
        "Emissions without mining",
        "system",
        "emissions_without_mining_tco2",
        "million t CO2",
        1e-6,
    ),
];

/// The table; empty for a grid without mining, whose means say it all.
///
/// # Errors
/// What the disk says.
pub(super) fn key_figures(facts: &Facts<'_>) -> Result<Vec<KeyFigure>, ReportError> {
    let mut figures = Vec::new();
    if !facts.has_mining() {
        return Ok(figures);
    }
    let window = facts.window_name();
    let has_event = facts.system().has_event();
    let is_told =
        |line: &&Line| has_event || !line.2.starts_with("lost_") || line.2.contains("installed");
    for line in OF_THE_WINDOW.iter().chain([&NET]).filter(is_told) {
        figures.extend(figure(facts, window, line));
        if line.2 == "lost_share_of_world" {
            figures.extend(at_shares(facts)?);
        }
    }
    for other in facts
        .system()
        .windows
        .iter()
        .filter(|other| other.name != window)
    {
        if other.name != "all" && has_event {
            figures.extend(
                OF_OTHERS
                    .iter()
                    .filter_map(|line| figure(facts, &other.name, line)),
            );
        }
    }
    let is_finding = |line: &&Line| !line.2.starts_with("reserve_") || !facts.grid_cannot_fail();
    let of_all = OF_ALL.iter().filter(is_finding);
    figures.extend(of_all.filter_map(|line| figure(facts, "all", line)));
    figures.extend(lines(facts));
    Ok(figures)
}

fn figure(facts: &Facts<'_>, window: &str, line: &Line) -> Option<KeyFigure> {
    let &(name, scope, index, unit, factor) = line;
    let outcomes = facts.outcomes(window, scope, index)?.times(factor);
    if outcomes.p5 == 0.0 && outcomes.p95 == 0.0 {
        return None;
    }
    keyed(name.to_owned(), outcomes, unit, window.to_owned())
}

fn keyed(name: String, outcomes: Outcomes, unit: &str, window: String) -> Option<KeyFigure> {
    let (median, range) = range_in_parts(outcomes.p5, outcomes.median, outcomes.p95)?;
    Some(KeyFigure {
        name,
        median,
        range,
        unit: unit.to_owned(),
        window,
    })
}

/// The world's loss if the country's share were known: all futures rescaled to it, and beside
/// that the futures that drew about this share, as a check.
fn at_shares(facts: &Facts<'_>) -> Result<Vec<KeyFigure>, ReportError> {
    let window = facts.window_name();
    let country = facts.country().unwrap_or_else(|| "the country".to_owned());
    let prefix = "lost_share_of_world_at_share/";
    let picked = picked_at_shares(facts, window, "lost_share_of_world")?;
    let mut figures = Vec::new();
    for row in facts.run.rows.iter().filter(|row| row.window == window) {
        let share = row
            .index
            .strip_prefix(prefix)
            .map(|share| share.trim_end_matches("_pct"));
        let (Some(share), Some(outcomes)) = (share, Outcomes::of(row)) else {
            continue;
        };
        let check = picked
            .iter()
            .find(|picked| cell(round(picked.share)) == share);
        let remark = check.and_then(|picked| {
            let of = picked.outcomes?.times(100.0);
            let (median, range) = range_in_parts(of.p5, of.median, of.p95)?;
            let n = number(picked.n as f64, 0);
            Some(format!(
                "{window}; the {n} futures within half a point of it: {median} ({range})"
            ))
        });
        let name = format!("Share of the world’s hashrate lost, if {country} has {share} % of it");
        let remark = remark.unwrap_or_else(|| window.to_owned());
        figures.extend(keyed(name, outcomes.times(100.0), "%", remark));
    }
    Ok(figures)
}

/// A share in percent with one decimal, as in the index names.
fn round(share: f64) -> f64 {
    libm::rint(share * 1000.0) / 10.0
}

/// Hours of lines near their limits, of those that ever are.
fn lines(facts: &Facts<'_>) -> Vec<KeyFigure> {
    let rows = facts.run.rows.iter().filter(|row| row.window == "all");
    let figure = |row: &crate::report::SummaryRow| {
        let line = row.scope.strip_prefix("line/")?;
        let percent = row
            .index
            .strip_prefix("hours_above_")?
            .strip_suffix("_pct")?;
        let outcomes = Outcomes::of(row).filter(|outcomes| outcomes.p95 > 0.0)?;
        keyed(
            format!("Line {line} above {percent} % of its limit"),
            outcomes,
            "h",
            "all".to_owned(),
        )
    };
    rows.filter_map(figure).collect()
}

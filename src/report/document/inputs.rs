//! Three kinds of uncertainty kept apart, and the inputs that drive the headline.

use super::means::spaced;
use crate::report::facts::{Facts, Outcomes};
use crate::report::html::DriverRow;
use crate::report::numerals::{digits_of, number};
use crate::report::words::range_in_parts;
use crate::report::{ReportError, headline};
use crate::stats::{Explained, explained, format_with_error};

/// Groups of equal size by the input's rank.
const GROUPS: usize = 10;
/// Inputs in the table at most.
const MOST: usize = 10;
/// Influence below so many standard errors of none is not told from none.
const LEAST_ERRORS: f64 = 4.0;

/// The headline's index and the inputs that move it.
#[derive(Debug)]
pub(super) struct Driving {
    /// Index in words, and its unit.
    name: String,
    unit: String,
    /// Turns a quantum into the printed unit.
    factor: f64,
    /// Inputs with their names, the strongest first.
    inputs: Vec<(String, Explained)>,
    /// Uncertain inputs in all.
    all: usize,
}

/// Looks at every uncertain input.
///
/// # Errors
/// What the disk says.
pub(super) fn drivers(facts: &Facts<'_>) -> Result<Option<Driving>, ReportError> {
    let results = facts.results();
    let share = results
        .layout
        .find(facts.window_name(), "network", "lost_share_of_world");
    let share = share.filter(|_| facts.system().has_event());
    let Some(column) = share.or_else(|| headline(facts.run.plan, results)) else {
        return Ok(None);
    };
    let (name, unit, factor) = match column.index.as_str() {
        "lost_share_of_world" => ("share of the world’s hashrate lost", "%", 100.0),
        "lost_hashrate_ehs" => ("hashrate lost", "EH/s", 1.0),
        "lost_installed_ehs" => ("hashrate missing of all installed", "EH/s", 1.0),
        "eue_mwh" => ("unserved energy", "MWh", 1.0),
        other => (other, column.unit, 1.0),
    };
    let outcomes = results.slot(column.slot)?;
    let columns = results
        .layout
        .columns
        .iter()
        .filter(|column| column.index == "input");
    let (mut inputs, mut all) = (Vec::new(), 0);
    for input in columns {
        all += 1;
        let found = explained(&results.slot(input.slot)?, &outcomes, GROUPS);
        let strong = found.filter(|found| found.share > LEAST_ERRORS * found.noise);
        let name = input.scope.strip_prefix("input/").unwrap_or(&input.scope);
        inputs.extend(strong.map(|found| (name.to_owned(), found)));
    }
    inputs.sort_by(|a, b| b.1.share.total_cmp(&a.1.share).then_with(|| a.0.cmp(&b.0)));
    let (name, unit) = (name.to_owned(), unit.to_owned());
    Ok(Some(Driving {
        name,
        unit,
        factor: factor * column.scale,
        inputs,
        all,
    }))
}

/// The table.
pub(super) fn rows(driving: &Option<Driving>) -> Vec<DriverRow> {
    let Some(driving) = driving else {
        return Vec::new();
    };
    let row = |(name, found): &(String, Explained)| {
        let (low, high) = (
            found.at_lowest * driving.factor,
            found.at_highest * driving.factor,
        );
        let digits = digits_of((high - low).abs()) + 1;
        let print = |value: f64| format!("{} {}", number(value, digits.min(4)), driving.unit);
        DriverRow {
            input: name.clone(),
            at_lowest: print(low),
            at_highest: print(high),
            share: format!(
                "{} %",
                number(100.0 * found.share, usize::from(found.share < 0.1))
            ),
        }
    };
    driving.inputs.iter().take(MOST).map(row).collect()
}

/// Range of outcomes, simulation error, input uncertainty: each by its name, with its numbers.
pub(super) fn intervals(facts: &Facts<'_>, driving: &Option<Driving>) -> Vec<String> {
    let results = facts.results();
    let Some(driving) = driving else {
        return Vec::new();
    };
    let share = facts.row(facts.window_name(), "network", "lost_share_of_world");
    let share = share
        .filter(|_| facts.system().has_event())
        .map(|row| (row, 100.0));
    let other = headline(facts.run.plan, results)
        .and_then(|column| facts.row(&column.window, &column.scope, &column.index))
        .map(|row| (row, 1.0));
    let Some((row, factor)) = share.or(other) else {
        return Vec::new();
    };
    let (name, unit) = (&driving.name, &driving.unit);
    let mut sentences = Vec::new();
    let outcomes = Outcomes::of(row).map(|outcomes| outcomes.times(factor));
    let range = outcomes.and_then(|o| range_in_parts(o.p5, o.median, o.p95));
    if let Some((_, range)) = range {
        sentences.push(format!(
            "Range of outcomes: {name}, {range} {unit} in nine futures of ten. It is what the \
             model does not know about the future; more replications do not narrow it."
        ));
    }
    if let (Some(mean), Some(error)) = (row.mean, row.standard_error) {
        sentences.push(format!(
            "Simulation error: the mean is {} {unit} (standard error, n = {}). It shrinks with \
             the number of replications and only fixes the digits; it is no knowledge of the event.",
            spaced(&format_with_error(mean * factor, error * factor)),
            number(row.n as f64, 0),
        ));
    }
    if driving.all > 0 {
        let together: f64 = driving.inputs.iter().map(|(_, found)| found.share).sum();
        let mut words = format!("Input uncertainty: of {} uncertain inputs, ", driving.all);
        match driving.inputs.first() {
            Some((input, found)) => {
                let spread = (found.at_highest - found.at_lowest).abs() * driving.factor;
                let points = if unit == "%" {
                    "percentage points"
                } else {
                    unit.as_str()
                };
                let moved = match driving.inputs.len() {
                    1 => "one moves".to_owned(),
                    several => format!("{several} move"),
                };
                words.push_str(&format!(
                    "{moved} the mean beyond chance; added up they explain {} % of the variance of \
                     outcomes. The strongest is {input}: from its lowest to its highest tenth the \
                     mean differs by {} {points}.",
                    number(100.0 * together.min(1.0), 0),
                    number(spread, digits_of(spread) + 1),
                ));
            }
            None => {
                words.push_str("none moves the mean beyond chance at this number of replications.")
            }
        }
        sentences.push(words);
    }
    let hours = facts.results().hourly.clamped();
    if hours > 0 {
        sentences.push(format!(
            "Of all hourly values {} lay outside of the charts’ bins; the outermost bands hold \
             them at the edge.",
            number(hours as f64, 0)
        ));
    }
    sentences
}

//! Two variants side by side: every index with what pairing makes of their difference.

use super::combined::aligned;
use super::number::cell;
use super::numerals::{digits_for, three_figures};
use super::paired::{self, Difference};
use super::summary::{SummaryRow, rows};
use crate::engine::Plan;
use crate::experiment::Results;
use crate::stats::format_with_error;
use crate::store::StoreError;
use serde::Serialize;

/// One index of both.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ComparedRow {
    /// Window.
    pub window: String,
    /// Scope.
    pub scope: String,
    /// Index.
    pub index: String,
    /// Unit of all numbers.
    pub unit: String,
    /// Estimate of the first; absent where it has no such index.
    pub base: Option<f64>,
    /// Its simulation error.
    pub base_standard_error: Option<f64>,
    /// Estimate of the second.
    pub other: Option<f64>,
    /// Its simulation error.
    pub other_standard_error: Option<f64>,
    /// The second less the first; absent of what only one has, or what is derived from several
    /// indices.
    #[serde(flatten)]
    pub paired: Option<Difference>,
}

const HEADER: [&str; 8] = [
    "window",
    "scope",
    "index",
    "unit",
    "base",
    "base_standard_error",
    "other",
    "other_standard_error",
];

/// One side of a comparison.
pub struct Compared<'a> {
    /// Its plan.
    pub plan: &'a Plan<'a>,
    /// Its numbers.
    pub results: &'a Results,
}

/// All indices of either, those of the base first. They are paired replication by replication
/// where both have the same seed.
///
/// # Errors
/// What the disk says.
pub fn compare(base: &Compared<'_>, other: &Compared<'_>) -> Result<Vec<ComparedRow>, StoreError> {
    let same_seed = base.plan.system.seed == other.plan.system.seed;
    let (before, after) = (
        rows(base.plan, base.results)?,
        rows(other.plan, other.results)?,
    );
    let mut compared = Vec::with_capacity(before.len());
    let twin = |rows: &[SummaryRow], row: &SummaryRow| {
        rows.iter()
            .find(|twin| twin.is(&row.window, &row.scope, &row.index))
            .cloned()
    };
    for row in &before {
        let other_row = twin(&after, row);
        let columns = (
            base.results
                .layout
                .find(&row.window, &row.scope, &row.index),
            other
                .results
                .layout
                .find(&row.window, &row.scope, &row.index),
        );
        let paired = match columns {
            (Some(x), Some(y)) if same_seed => {
                paired::difference((base.results, x), (other.results, y))?
            }
            (Some(x), Some(y)) => Some(paired::unpaired((base.results, x), (other.results, y))?),
            _ => None,
        };
        compared.push(of(Some(row), other_row.as_ref(), paired));
    }
    for row in &after {
        if twin(&before, row).is_none() {
            compared.push(of(None, Some(row), None));
        }
    }
    Ok(compared)
}

fn of(
    base: Option<&SummaryRow>,
    other: Option<&SummaryRow>,
    paired: Option<Difference>,
) -> ComparedRow {
    let text =
        |part: fn(&SummaryRow) -> &String| base.or(other).map(part).cloned().unwrap_or_default();
    ComparedRow {
        window: text(|row| &row.window),
        scope: text(|row| &row.scope),
        index: text(|row| &row.index),
        unit: text(|row| &row.unit),
        base: base.and_then(|row| row.mean),
        base_standard_error: base.and_then(|row| row.standard_error),
        other: other.and_then(|row| row.mean),
        other_standard_error: other.and_then(|row| row.standard_error),
        paired,
    }
}

/// The rows as CSV.
pub fn csv(rows: &[ComparedRow]) -> Vec<u8> {
    let mut table = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail.
    let _ = table.write_record(HEADER.iter().chain(&paired::HEADER));
    for row in rows {
        let number = |value: Option<f64>| value.map(cell).unwrap_or_default();
        let mut record = vec![
            row.window.clone(),
            row.scope.clone(),
            row.index.clone(),
            row.unit.clone(),
            number(row.base),
            number(row.base_standard_error),
            number(row.other),
            number(row.other_standard_error),
        ];
        match &row.paired {
            Some(paired) => record.extend(paired.cells()),
            None => record.extend(paired::HEADER.map(|_| String::new())),
        }
        let _ = table.write_record(&record);
    }
    table.into_inner().unwrap_or_default()
}

/// The rows of one window as text: what is nothing on both sides is left out, and so are single
/// farms and pools; a star marks a difference whose interval leaves no doubt about its sign.
pub fn screen(rows: &[ComparedRow], window: &str) -> String {
    let heading = [
        "index",
        "base",
        "other",
        "difference",
        "95 % interval",
        "variance ratio",
    ];
    let mut lines = vec![heading.map(str::to_owned).to_vec()];
    for row in rows {
        let single = ["farm/", "pool/", "input/", "plant/"];
        let is_single = single.iter().any(|scope| row.scope.starts_with(scope));
        let is_nothing = row.base.unwrap_or(0.0) == 0.0 && row.other.unwrap_or(0.0) == 0.0;
        if row.window != window || is_single || is_nothing {
            continue;
        }
        let estimate = |mean: Option<f64>, error: Option<f64>| {
            mean.zip(error)
                .map(|(mean, error)| format_with_error(mean, error))
                .or_else(|| mean.map(three_figures))
                .unwrap_or_default()
        };
        let name = match row.scope.as_str() {
            "system" | "network" => format!("{} ({})", row.index, row.unit),
            scope => format!("{scope} {} ({})", row.index, row.unit),
        };
        let mut line = vec![
            name,
            estimate(row.base, row.base_standard_error),
            estimate(row.other, row.other_standard_error),
        ];
        if let Some(paired) = &row.paired {
            let star = if paired.is_clear() { " *" } else { "" };
            let places = digits_for(paired.standard_error);
            line.push(format_with_error(paired.difference, paired.standard_error) + star);
            line.push(
                if paired.lower_95.is_finite() && paired.upper_95.is_finite() {
                    format!(
                        "{:.places$} to {:.places$}",
                        paired.lower_95, paired.upper_95
                    )
                } else {
                    // Where no future differs nothing says by how much one could.
                    "none differs".to_owned()
                },
            );
            let ratio = paired.variance_ratio.map(|ratio| format!("{ratio:.3}"));
            line.push(ratio.unwrap_or_default());
        }
        lines.push(line);
    }
    aligned(&lines)
}

//! Means over futures with their simulation error: the field's indices.

use crate::report::SummaryRow;
use crate::report::facts::{Facts, Outcomes};
use crate::report::html::MeanRow;
use crate::report::numerals::{digits_for, number, signed};
use crate::report::summary::interval;
use crate::report::words::range_in_parts;
use crate::stats::{format_exact, format_with_error};

/// Indices in the order of print, and their names.
const INDICES: [(&str, &str); 7] = [
    ("lole_h", "LOLE"),
    ("lolf", "LOLF"),
    ("lolev", "LOLEv"),
    ("lold_h", "LOLD"),
    ("eue_mwh", "EUE"),
    ("neue_ppm", "NEUE"),
    ("cvar95_eue_mwh", "CVaR 95 % of EUE"),
];

/// The rows: of the system in the headline's window and over all; of each zone where there are
/// several. None where nothing of the grid can fail.
pub(super) fn estimates(facts: &Facts<'_>) -> Vec<MeanRow> {
    if facts.grid_cannot_fail() {
        return Vec::new();
    }
    let mut windows = vec![facts.window_name(), "all"];
    windows.dedup();
    let mut rows = Vec::new();
    for window in windows {
        let find = |scope: &str, index: &str| facts.row(window, scope, index);
        rows.extend(
            INDICES
                .iter()
                .filter_map(|(index, name)| Some(mean(name, find("system", index)?))),
        );
        let zones: Vec<_> = facts
            .system()
            .zones
            .iter()
            .filter(|zone| !zone.external)
            .collect();
        if zones.len() < 2 || window != "all" {
            continue;
        }
        for zone in zones {
            let scope = format!("zone/{}", zone.name);
            for (index, name) in [INDICES[0], INDICES[4]] {
                let name = format!("{name}, {}", zone.name);
                rows.extend(find(&scope, index).map(|row| mean(&name, row)));
            }
        }
    }
    rows
}

fn mean(name: &str, row: &SummaryRow) -> MeanRow {
    let unit = if row.unit == "1" {
        String::new()
    } else {
        format!(" {}", row.unit)
    };
    let never = row.interval == interval::NEVER;
    let error = row.standard_error.unwrap_or(f64::INFINITY);
    let text = match row.mean {
        None => "–".to_owned(),
        Some(_) if never => match row.upper_95 {
            Some(upper) => format!("below {}{unit}", number(upper, digits_for(upper))),
            None => format!("0{unit}: never seen"),
        },
        Some(mean) => format!("{}{unit}", spaced(&format_with_error(mean, error))),
    };
    let (lower, upper) = (row.lower_95, row.upper_95);
    let interval_95 = match lower.zip(upper).filter(|_| !never) {
        Some((lower, upper)) => {
            // Something that cannot be negative is not said to be.
            let lower = if row.p5.is_none_or(|p5| p5 >= 0.0) {
                lower.max(0.0)
            } else {
                lower
            };
            range_in_parts(lower, lower, upper).map_or(String::new(), |(_, range)| range)
        }
        None => String::new(),
    };
    let range = Outcomes::of(row)
        .and_then(|outcomes| {
            // Counts stay whole numbers.
            let counts =
                row.unit == "1" && outcomes.p5.fract() == 0.0 && outcomes.p95.fract() == 0.0;
            if counts {
                return Some(format!(
                    "{} to {}",
                    number(outcomes.p5, 0),
                    number(outcomes.p95, 0)
                ));
            }
            range_in_parts(outcomes.p5, outcomes.median, outcomes.p95).map(|(_, range)| range)
        })
        .unwrap_or_default();
    MeanRow {
        name: name.to_owned(),
        window: row.window.clone(),
        mean: text,
        interval_95,
        range,
        exact: exactly(row),
    }
}

/// The exact answer, and how many standard errors the estimate lies above it.
fn exactly(row: &SummaryRow) -> String {
    let Some(exact) = row.exact else {
        return String::new();
    };
    let exact = spaced(&format_exact(exact));
    match row.z {
        Some(z) => format!("{exact} (z = {})", signed(z, 1)),
        None => exact,
    }
}

/// Digits before the point in groups of three, as elsewhere on the page.
pub(super) fn spaced(text: &str) -> String {
    let group = |word: &str| match word.parse::<f64>() {
        Ok(value) => {
            let digits = word
                .split_once('.')
                .map_or(0, |(_, fraction)| fraction.len());
            number(value, digits)
        }
        Err(_) => word.to_owned(),
    };
    text.split(' ').map(group).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(mean: f64, error: f64) -> SummaryRow {
        SummaryRow {
            point: "base".into(),
            window: "all".into(),
            scope: "system".into(),
            index: "eue_mwh".into(),
            unit: "MWh".into(),
            mean: Some(mean),
            standard_error: Some(error),
            lower_95: Some(mean - 2.0 * error),
            upper_95: Some(mean + 2.0 * error),
            p5: Some(0.0),
            p50: Some(0.0),
            p90: None,
            p95: Some(6000.0),
            p99: None,
            exact: None,
            z: None,
            n: 2000,
            interval: interval::NORMAL.into(),
        }
    }

    #[test]
    fn a_mean_carries_its_error_and_its_range() {
        let printed = mean("EUE", &row(1234.5, 61.2));
        assert_eq!(printed.mean, "1,234 ± 61 MWh");
        assert_eq!(printed.interval_95, "1,112 to 1,357");
        assert_eq!(printed.range, "0 to 6,000");
    }

    #[test]
    fn a_quantity_is_not_printed_below_nothing() {
        assert_eq!(mean("EUE", &row(10.0, 8.0)).interval_95, "0.0 to 26.0");
    }

    #[test]
    fn what_was_never_seen_has_a_bound_and_no_interval() {
        let mut never = row(0.0, 0.0);
        never.interval = interval::NEVER.into();
        never.upper_95 = Some(0.0015);
        let printed = mean("LOLF", &never);
        assert_eq!(printed.mean, "below 0.0015 MWh");
        assert_eq!(printed.interval_95, "");
    }
}

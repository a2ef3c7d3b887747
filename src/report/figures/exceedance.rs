//! Figure 6: how likely larger losses are.

use crate::report::ReportError;
use crate::report::chart::{ExceedanceFigure, ExceedancePanel};
use crate::report::facts::Facts;
use crate::report::numerals::{digits_for, digits_of, number};
use crate::report::small_print::Small;

/// The figure; none without replications.
pub(super) fn figure(facts: &Facts<'_>) -> Result<Option<ExceedanceFigure>, ReportError> {
    let mut panels = Vec::new();
    if facts.has_mining() {
        let quantity = format!("Lost hashrate {}", facts.in_window());
        let index = facts.loss().days;
        let unit = "EH/s-days";
        panels.extend(panel(
            facts,
            (facts.window_name(), "network", index),
            &quantity,
            unit,
        )?);
    } else {
        let at = ("all", "system", "lole_h");
        panels.extend(panel(facts, at, "Time short of supply", "h")?);
    }
    if !facts.grid_cannot_fail() {
        let at = ("all", "system", "eue_mwh");
        panels.extend(panel(facts, at, "Unserved energy, whole time", "MWh")?);
    }
    if panels.is_empty() {
        return Ok(None);
    }
    let small = Small {
        interval: "band: simultaneous 95 % (DKW)",
        estimator: "share of futures that lose more",
        window: facts.horizon_in_words(),
    };
    let frame = facts.frame(title(&panels), "", small);
    Ok(Some(ExceedanceFigure { frame, panels }))
}

fn panel(
    facts: &Facts<'_>,
    (window, scope, index): (&str, &str, &str),
    quantity: &str,
    unit: &str,
) -> Result<Option<ExceedancePanel>, ReportError> {
    let Some(column) = facts.results().layout.find(window, scope, index) else {
        return Ok(None);
    };
    Ok(Some(ExceedancePanel {
        quantity: quantity.to_owned(),
        unit: unit.to_owned(),
        column: index.to_owned(),
        values: facts.values(column)?,
    }))
}

/// The first panel's one future in twenty; how often anything is unserved.
fn title(panels: &[ExceedancePanel]) -> String {
    let mut words = Vec::new();
    if let Some(panel) = panels.first() {
        let mut sorted = panel.values.clone();
        sorted.sort_by(f64::total_cmp);
        let at = crate::stats::rank(sorted.len(), 0.95).wrapping_sub(1);
        if let Some(&value) = sorted.get(at) {
            let (value, unit) = (
                number(value, if value >= 30.0 { 0 } else { digits_for(value) }),
                &panel.unit,
            );
            words.push(match panel.column.as_str() {
                "lole_h" => {
                    format!("One future in twenty is short of supply for {value} {unit} or more")
                }
                _ => format!("One future in twenty loses {value} {unit} or more"),
            });
        }
    }
    if let Some(panel) = panels.iter().find(|panel| panel.column == "eue_mwh") {
        let n = panel.values.len();
        let count = panel.values.iter().filter(|&&value| value > 0.0).count();
        words.push(match count {
            0 => "none leaves firm load unserved".to_owned(),
            all if all == n => "all leave some firm load unserved".to_owned(),
            _ => {
                let share = count as f64 / n as f64;
                let error = 100.0 * libm::sqrt(share * (1.0 - share) / n as f64);
                let digits = digits_of(error).min(2);
                let share = number(100.0 * share, digits);
                format!("{share} % leave firm load unserved")
            }
        });
    }
    words.join("; ")
}

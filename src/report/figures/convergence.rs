//! Figure: how the estimates settle.

use crate::measure::Column;
use crate::report::ReportError;
use crate::report::chart::{ConvergenceFigure, ConvergencePanel, EstimateAt};
use crate::report::facts::Facts;
use crate::report::numerals::{number, signed};
use crate::report::small_print::Small;
use crate::stats::{Moments, Z_95, format_exact, format_with_error};

/// Estimates shown, evenly in the logarithm of n.
const POINTS: u32 = 80;
/// Of fewer replications an error of a mean is not worth a line.
const FIRST: f64 = 20.0;

/// The figure; none of fewer than 50 replications.
pub(super) fn figure(facts: &Facts<'_>) -> Result<Option<ConvergenceFigure>, ReportError> {
    if facts.results().replications() < 50 {
        return Ok(None);
    }
    let mut panels = Vec::new();
    for (index, quantity) in [
        ("lole_h", "Time short of supply (LOLE)"),
        ("eue_mwh", "Unserved energy (EUE)"),
    ] {
        if let Some(column) = facts.results().layout.find("all", "system", index) {
            panels.push(panel(facts, column, quantity)?);
        }
    }
    let never = |panel: &ConvergencePanel| {
        let last = panel.estimates.last();
        last.is_none_or(|last| last.mean == 0.0)
    };
    if panels.iter().all(never) {
        return Ok(None);
    }
    let small = Small {
        interval: "band: 95 % of the simulation error",
        estimator: "means over the first n futures",
        window: facts.horizon_in_words(),
    };
    Ok(Some(ConvergenceFigure {
        frame: facts.frame(title(&panels), "", small),
        panels,
    }))
}

fn panel(
    facts: &Facts<'_>,
    column: &Column,
    quantity: &str,
) -> Result<ConvergencePanel, ReportError> {
    let values = facts.results().slot(column.slot)?;
    let n = values.len() as f64;
    let first = FIRST.max(n / 200.0);
    let step = libm::log(n / first) / f64::from(POINTS - 1);
    let shown = (0..POINTS).map(|point| libm::rint(first * libm::exp(f64::from(point) * step)));
    let mut shown: Vec<u64> = shown.map(|at| at as u64).collect();
    shown.push(values.len() as u64);
    shown.dedup();
    let mut estimates = Vec::new();
    let mut moments = Moments::default();
    let mut next = shown.into_iter().peekable();
    for &value in values.iter() {
        moments.add(value);
        if next.next_if_eq(&moments.n).is_some() {
            estimates.push(EstimateAt {
                n: moments.n,
                mean: moments.mean() * column.scale,
                standard_error: moments.standard_error() * column.scale,
            });
        }
    }
    let row = facts.row(&column.window, &column.scope, &column.index);
    Ok(ConvergencePanel {
        quantity: quantity.to_owned(),
        unit: column.unit.to_owned(),
        index: column.index.clone(),
        estimates,
        exact: row.and_then(|row| row.exact),
    })
}

/// How far the first estimate lies from the exact answer; without one, how well it is known.
fn title(panels: &[ConvergencePanel]) -> String {
    let Some((panel, last)) = panels.iter().find_map(|p| Some((p, p.estimates.last()?))) else {
        return String::new();
    };
    let n = number(last.n as f64, 0);
    let estimate = format_with_error(last.mean, last.standard_error).replace(' ', "\u{a0}");
    let unit = &panel.unit;
    match panel.exact {
        Some(exact) if last.standard_error > 0.0 => {
            let z = (last.mean - exact) / last.standard_error;
            format!(
                "After {n} futures LOLE is {estimate} {unit}: {} standard errors from the exact {}",
                signed(z, 1),
                format_exact(exact)
            )
        }
        _ => {
            let percent = 100.0 * Z_95 * last.standard_error / last.mean;
            let digits = usize::from(percent < 10.0);
            format!(
                "After {n} futures LOLE is {estimate} {unit}, known to {} %",
                number(percent, digits)
            )
        }
    }
}

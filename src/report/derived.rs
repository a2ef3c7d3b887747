//! Indices made of others: ratios of means, tails, and the headline at given shares.

use super::number::published;
use super::summary::{SummaryRow, greatest, interval};
use crate::engine::Plan;
use crate::experiment::Results;
use crate::measure::Column;
use crate::stats::{
    Estimate, JointMoments, conditional_value_at_risk, quantile_interval_95, value_at_risk,
};
use crate::store::StoreError;

/// Appends what follows from one index, whose values are `sorted`.
pub(super) fn rows(
    plan: &Plan<'_>,
    results: &Results,
    column: &Column,
    sorted: &[i64],
    rows: &mut Vec<SummaryRow>,
) -> Result<(), StoreError> {
    match column.index.as_str() {
        "lolf" => rows.extend(ratio(results, column, "lole_h", "lold_h", "h", 1.0)?),
        "lole_h" => {
            let quantiles = [0.5, 0.9, 0.95, 0.99].map(|p| {
                let name = format!("p{}_lole_h", libm::rint(p * 100.0));
                order_statistic(column, sorted, p, &name)
            });
            rows.extend(quantiles.into_iter().flatten());
            rows.extend(tails(plan, column, sorted));
        }
        "eue_mwh" => {
            let hours = results.layout.find(&column.window, &column.scope, "lole_h");
            if let Some(hours) = hours {
                rows.extend(ratio(results, hours, "eue_mwh", "depth_mw", "MW", 1.0)?);
            }
            let quantiles = [0.5, 0.9, 0.99].map(|p| {
                let name = format!("p{}_eue_mwh", libm::rint(p * 100.0));
                order_statistic(column, sorted, p, &name)
            });
            rows.extend(quantiles.into_iter().flatten());
            rows.extend(tails(plan, column, sorted));
        }
        "demand_mwh" => rows.extend(ratio(results, column, "eue_mwh", "neue_ppm", "ppm", 1e6)?),
        "lost_hashrate_ehs" | "lost_share_of_world" => {
            rows.extend(at_shares(plan, results, column)?);
        }
        _ => {}
    }
    Ok(())
}

/// Value at risk and its conditional value, at 95 % and at 99 %.
fn tails(plan: &Plan<'_>, column: &Column, sorted: &[i64]) -> Vec<SummaryRow> {
    let mut rows = Vec::new();
    // The most that one future could come to; not known of an energy.
    let greatest = greatest(plan, column);
    for (percent, level) in [(95, 0.95), (99, 0.99)] {
        let index = format!("var{percent}_{}", column.index);
        rows.extend(order_statistic(column, sorted, level, &index));
        let Some(mut tail) = conditional_value_at_risk(sorted, level, column.scale) else {
            continue;
        };
        if tail.never_happened() {
            // The mean of the worst futures is at most that of all over their share.
            tail = tail.with_greatest(greatest / (1.0 - level));
            tail.upper_95 = tail.upper_95.min(greatest);
        }
        if sorted.first().is_some_and(|&least| least >= 0) {
            tail = tail.not_below(0.0);
        }
        let index = format!("c{index}");
        let name = (&*column.window, &*column.scope, &*index, column.unit);
        rows.push(SummaryRow::of_estimate(name, tail, interval::TAIL));
    }
    rows
}

/// A quantile of what futures come to, between the order statistics that enclose it.
fn order_statistic(column: &Column, sorted: &[i64], p: f64, index: &str) -> Option<SummaryRow> {
    let scaled = |value: i64| published(value, column.scale);
    let mean = scaled(value_at_risk(sorted, p)?);
    let ends = quantile_interval_95(sorted, p);
    let never = sorted.iter().all(|&value| value == 0);
    let kind = match (ends.lower, ends.upper, never) {
        (_, _, true) => interval::NEVER,
        (None, None, _) => interval::UNKNOWN,
        _ => interval::ORDER,
    };
    let name = (&*column.window, &*column.scope, index, column.unit);
    let estimate = Estimate::from_parts(mean, f64::NAN, sorted.len() as u64);
    Some(SummaryRow {
        lower_95: ends.lower.map(scaled),
        upper_95: ends.upper.map(scaled),
        interval: kind.to_owned(),
        ..SummaryRow::of_estimate(name, estimate, interval::ORDER)
    })
}

/// The ratio of the means of `numerator` and of `below`, of the same window and scope.
fn ratio(
    results: &Results,
    below: &Column,
    numerator: &str,
    index: &str,
    unit: &str,
    factor: f64,
) -> Result<Option<SummaryRow>, StoreError> {
    let Some(above) = results.layout.find(&below.window, &below.scope, numerator) else {
        return Ok(None);
    };
    let (x, y) = (results.slot(above.slot)?, results.slot(below.slot)?);
    let joint: JointMoments = x.iter().copied().zip(y.iter().copied()).collect();
    let mut estimate = joint.ratio(above.scale / below.scale * factor);
    if estimate.never_happened() {
        estimate = estimate.with_greatest(f64::NAN);
    }
    // Hours, shortages and energies are never negative.
    let estimate = estimate.not_below(0.0);
    let name = (&*below.window, &*below.scope, index, unit);
    Ok(Some(SummaryRow::of_estimate(
        name,
        estimate,
        interval::RATIO,
    )))
}

/// A loss as it would be if the country's share were known: hashrate follows the drawn share in
/// proportion, at every farm and every instant, so each replication is rescaled by it.
fn at_shares(
    plan: &Plan<'_>,
    results: &Results,
    column: &Column,
) -> Result<Vec<SummaryRow>, StoreError> {
    let Some(world) = &plan.system.world else {
        return Ok(Vec::new());
    };
    let Some(calibration) = &world.calibration else {
        return Ok(Vec::new());
    };
    let scope = format!("input/{}", plan.system.inputs[calibration.share.at()].name);
    let Some(share) = results.layout.find("all", &scope, "input") else {
        return Ok(Vec::new());
    };
    let (losses, shares) = (results.slot(column.slot)?, results.slot(share.slot)?);
    let mut rows = Vec::new();
    for &given in &world.headline_shares {
        let mut values: Vec<f64> = losses
            .iter()
            .zip(shares.iter())
            .filter(|&(_, &drawn)| drawn > 0)
            .map(|(&loss, &drawn)| {
                loss as f64 * column.scale * given / (drawn as f64 * share.scale)
            })
            .collect();
        let estimate = mean(&values);
        values.sort_unstable_by(f64::total_cmp);
        let at = |p: f64| {
            values
                .get(crate::stats::rank(values.len(), p).wrapping_sub(1))
                .copied()
        };
        let percent = libm::rint(given * 1000.0) / 10.0;
        let index = format!("{}_at_share/{percent}_pct", column.index);
        let name = (&*column.window, &*column.scope, &*index, column.unit);
        rows.push(SummaryRow {
            p5: at(0.05),
            p50: at(0.5),
            p90: at(0.9),
            p95: at(0.95),
            p99: at(0.99),
            ..SummaryRow::of_estimate(name, estimate, interval::NORMAL)
        });
    }
    Ok(rows)
}

/// The mean of floats in the order of replications, which no thread changes.
fn mean(values: &[f64]) -> Estimate {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values
        .iter()
        .map(|value| (value - mean) * (value - mean))
        .sum();
    let error = if values.len() < 2 {
        f64::INFINITY
    } else {
        libm::sqrt(squares / (n - 1.0) / n)
    };
    Estimate::from_parts(mean, error, values.len() as u64)
}

//! A loss among the futures that drew about a given share of the world for the country.

use super::facts::{Facts, Outcomes};
use super::{ReportError, published};

/// A loss in the futures whose drawn share lies near a given one.
#[derive(Debug, Clone, Copy)]
pub(super) struct AtShare {
    /// The given share, 0 to 1.
    pub share: f64,
    /// Futures within [`REACH`] of it.
    pub n: u64,
    /// Their range of outcomes; none of too few futures for a P5 and a P95.
    pub outcomes: Option<Outcomes>,
}

/// How far a drawn share may lie from a given one: half a point.
const REACH: f64 = 0.005;

/// Fewer futures than this have no fifth percentile worth the name.
const LEAST: usize = 20;

/// An index of the network at each of the scenario's headline shares, by picking futures. At an
/// end of the drawn range the picked shares lie to one side of the given one.
///
/// # Errors
/// What the disk says.
pub(super) fn picked_at_shares(
    facts: &Facts<'_>,
    window: &str,
    index: &str,
) -> Result<Vec<AtShare>, ReportError> {
    let (system, results) = (facts.system(), facts.results());
    let calibrated = system
        .world
        .as_ref()
        .and_then(|world| Some((world, world.calibration.as_ref()?)));
    let Some((world, calibration)) = calibrated else {
        return Ok(Vec::new());
    };
    let scope = format!("input/{}", system.inputs[calibration.share.at()].name);
    let columns = results.layout.find("all", &scope, "input");
    let Some((drawn, column)) = columns.zip(results.layout.find(window, "network", index)) else {
        return Ok(Vec::new());
    };
    let (shares, losses) = (results.slot(drawn.slot)?, results.slot(column.slot)?);
    let at = |&share: &f64| {
        let near = |&(drawn_quanta, _): &(&i64, &i64)| {
            (published(*drawn_quanta, drawn.scale) - share).abs() <= REACH
        };
        let mut values: Vec<i64> = shares
            .iter()
            .zip(losses.iter())
            .filter(near)
            .map(|(_, &loss)| loss)
            .collect();
        values.sort_unstable();
        let quantile =
            |p: f64| crate::stats::quantile(&values, p).map(|value| published(value, column.scale));
        let outcomes = || {
            Some(Outcomes {
                p5: quantile(0.05)?,
                median: quantile(0.5)?,
                p95: quantile(0.95)?,
            })
        };
        let outcomes = if values.len() < LEAST {
            None
        } else {
            outcomes()
        };
        AtShare {
            share,
            n: values.len() as u64,
            outcomes,
        }
    };
    Ok(world.headline_shares.iter().map(at).collect())
}

//! From a finished run to its figures: one file each, results in, chart structs out.
//!
//! May enter: results, the system they came from, the rules of `words`.
//! May not enter: how a figure is drawn (that is `chart`), the disk, chance.

mod causes;
mod convergence;
mod exceedance;
mod hashrate;
mod month_hours;
mod observers;
mod outages;
mod pools;
mod shortages;
mod stores;
mod story;
mod supply;

use super::ReportError;
use super::chart::Drawing;
use super::facts::Facts;

/// The figures that a run has numbers for, in the order of print.
///
/// # Errors
/// What the disk says; a replication that cannot be told.
pub(super) fn all(facts: &Facts<'_>) -> Result<Vec<Drawing>, ReportError> {
    let mut drawings = Vec::new();
    if facts.has_mining() {
        drawings.extend(hashrate::figure(facts).map(|figure| figure.draw()));
        drawings.extend(pools::figure(facts).map(|figure| figure.draw()));
        drawings.extend(observers::over_time(facts)?.map(|figure| figure.draw()));
        drawings.extend(observers::changes(facts).map(|figure| figure.draw()));
        drawings.extend(supply::figure(facts).map(|figure| figure.draw()));
        drawings.extend(stores::figure(facts).map(|figure| figure.draw()));
        drawings.extend(causes::figure(facts).map(|figure| figure.draw()));
        drawings.extend(story::figure(facts)?.map(|figure| figure.draw()));
        drawings.extend(exceedance::figure(facts)?.map(|figure| figure.draw()));
    }
    // Beside mining, only where there is something to see.
    if !facts.has_mining() || facts.is_ever_short() {
        drawings.extend(month_hours::figure(facts).map(|figure| figure.draw()));
        drawings.push(shortages::figure(facts).draw());
        drawings.extend(convergence::figure(facts)?.map(|figure| figure.draw()));
    }
    if !facts.has_mining() {
        drawings.extend(stores::figure(facts).map(|figure| figure.draw()));
        drawings.extend(exceedance::figure(facts)?.map(|figure| figure.draw()));
    }
    Ok(drawings)
}

pub(super) use hashrate::one_day_reach_percent;
pub(super) use observers::rows as observed_changes;
pub(super) use pools::readings as pool_readings;

/// Means of the loss by cause, in words, in the order of attribution.
pub(super) fn cause_means(facts: &Facts<'_>) -> Vec<(&'static str, f64)> {
    let means = causes::means(facts).into_iter();
    means
        .map(|(cause, mean)| (causes::in_words(cause), mean))
        .collect()
}

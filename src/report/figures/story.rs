//! Figure 5: one future from beginning to end.

use super::outages;
use crate::measure::{Told, tell};
use crate::quantity::MS_PER_HOUR;
use crate::report::ReportError;
use crate::report::chart::{StoryFigure, StoryRow};
use crate::report::facts::Facts;
use crate::report::numerals::number;
use crate::report::small_print::Small;

/// The figure of the replication with the median loss, told again from its seed.
///
/// # Errors
/// As the engine meets in that replication.
pub(super) fn figure(facts: &Facts<'_>) -> Result<Option<StoryFigure>, ReportError> {
    let system = facts.system();
    let replication = facts.run.chosen.median;
    let told = tell(facts.run.plan, replication)?;
    let hourly = hourly_means(&told, system.hours());
    let axis = facts.axis();
    let hashrate_ehs: Vec<f64> = hourly
        .chunks(facts.stride())
        .map(|bin| bin.iter().sum::<f64>() / bin.len() as f64)
        .collect();
    let shift = system.start_unix_ms;
    let rows: Vec<StoryRow> = outages::rows(system, &told)
        .into_iter()
        .map(|mut row| {
            for outage in &mut row.outages {
                outage.from_ms = outage.from_ms.saturating_add(shift);
                outage.to_ms = outage.to_ms.saturating_add(shift);
            }
            row
        })
        .collect();
    let country = facts.country();
    let n = number(facts.results().replications() as f64, 0);
    let subtitle =
        format!("Replication {replication} of {n}: the one with the median lost hashrate");
    let estimator = format!("outages to the second, hashrate as {}", axis.means());
    let small = Small {
        interval: "one future, no interval",
        estimator: &estimator,
        window: facts.horizon_in_words(),
    };
    Ok(Some(StoryFigure {
        frame: facts.frame(title(facts, &told, &hourly), &subtitle, small),
        replication: u64::from(replication),
        axis,
        rows,
        rows_per_group: 8,
        hashrate_name: match country {
            Some(country) => format!("Hashrate of {country}"),
            None => "Hashrate".to_owned(),
        },
        hashrate_ehs,
    }))
}

/// Means of each hour of a hashrate that holds from one event to the next.
fn hourly_means(told: &[Told], hours: usize) -> Vec<f64> {
    let mut sums = vec![0.0; hours];
    let end = hours as i64 * MS_PER_HOUR;
    for (index, event) in told.iter().enumerate() {
        let until = told.get(index + 1).map_or(end, |next| next.at_ms).min(end);
        let mut from = event.at_ms.max(0);
        while from < until {
            let hour = from / MS_PER_HOUR;
            let stop = until.min((hour + 1) * MS_PER_HOUR);
            if let Some(sum) = sums.get_mut(hour as usize) {
                *sum += event.hashrate_ehs * (stop - from) as f64 / MS_PER_HOUR as f64;
            }
            from = stop;
        }
    }
    sums
}

/// How long hashrate lay below half of what it was, and what failed meanwhile.
fn title(facts: &Facts<'_>, told: &[Told], hourly: &[f64]) -> String {
    let plain = "One future: what was out, and the hashrate it left".to_owned();
    let Some(window) = facts.window() else {
        return plain;
    };
    let begin = (window.from.0 / MS_PER_HOUR) as usize;
    let before = &hourly[..begin.min(hourly.len())];
    if before.is_empty() {
        return plain;
    }
    let usual = before.iter().sum::<f64>() / before.len() as f64;
    // Exactly half, but for rounding, is not below it.
    let half = 0.5 * usual * (1.0 - 1e-9);
    let low = hourly.iter().filter(|&&ehs| ehs < half).count();
    let within = |event: &&Told| (window.from.0..window.until.0).contains(&event.at_ms);
    let fails = |event: &&Told| event.entity.starts_with("plant/") && event.what == "fails";
    let failures = told.iter().filter(within).filter(fails).count();
    let place = facts.in_window();
    let units = match failures {
        0 => String::new(),
        1 => format!(", and one plant unit fails {place}"),
        _ => format!(", and {failures} plant units fail {place}"),
    };
    if low == 0 {
        format!("One future: hashrate never falls below half{units}")
    } else {
        format!("One future: {low} hours below half the usual hashrate{units}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(at_h: f64, hashrate_ehs: f64) -> Told {
        Told {
            at_ms: (at_h * MS_PER_HOUR as f64) as i64,
            entity: "system".into(),
            what: "starts".into(),
            hashrate_ehs,
            mining_mw: 0.0,
            capacity_mw: 0.0,
            unserved_mw: 0.0,
        }
    }

    #[test]
    fn hours_hold_their_time_weighted_mean() {
        let events = [
            told(0.0, 4.0),
            told(0.5, 2.0),
            told(0.5, 0.0),
            told(2.25, 8.0),
        ];
        assert_eq!(hourly_means(&events, 4), [2.0, 0.0, 6.0, 8.0]);
    }
}

//! Figure: single shortages by duration, depth and energy.

use crate::report::chart::{ShortagePoint, ShortagesFigure};
use crate::report::facts::Facts;
use crate::report::numerals::{digits_for, number};
use crate::report::small_print::Small;

/// The figure.
pub(super) fn figure(facts: &Facts<'_>) -> ShortagesFigure {
    let of_system = facts
        .run
        .told
        .iter()
        .filter(|(_, shortage)| shortage.zone.is_none());
    let points: Vec<ShortagePoint> = of_system
        .map(|&(replication, shortage)| ShortagePoint {
            replication,
            duration_h: shortage.duration().hours(),
            depth_mw: shortage.depth.megawatts(),
            energy_mwh: shortage.energy.watt_hours() as f64 / 1e6,
        })
        .collect();
    let all = facts.results().replications();
    // Where there are more than are told, those of the first futures.
    let replications = match points.last() {
        Some(last) if points.len() >= crate::report::shortages::MOST_TOLD => {
            u64::from(last.replication) + 1
        }
        _ => all,
    };
    let estimator = if replications < all {
        format!(
            "shortages of the first {} futures",
            number(replications as f64, 0)
        )
    } else {
        "every shortage".to_owned()
    };
    let small = Small {
        interval: "",
        estimator: &estimator,
        window: facts.horizon_in_words(),
    };
    let subtitle = "Single shortages of the system by duration and depth";
    ShortagesFigure {
        frame: facts.frame(title(&points), subtitle, small),
        points,
        replications,
    }
}

/// Half of the shortages and one in twenty, by duration; what the largest tenth holds.
fn title(points: &[ShortagePoint]) -> String {
    if points.is_empty() {
        return "Supply always covers load".to_owned();
    }
    let sorted = |value: fn(&ShortagePoint) -> f64| {
        let mut values: Vec<f64> = points.iter().map(value).collect();
        values.sort_by(f64::total_cmp);
        values
    };
    let (durations, energies) = (sorted(|p| p.duration_h), sorted(|p| p.energy_mwh));
    let n = points.len();
    let median = durations[crate::stats::rank(n, 0.5).saturating_sub(1)];
    let median = number(median, digits_for(median).min(1));
    let whole: f64 = energies.iter().sum();
    let tenth = n / 10;
    if tenth < 3 || whole <= 0.0 {
        return format!("Half of {n} shortages are over within {median} h");
    }
    let largest: f64 = energies[n - tenth..].iter().sum();
    let percent = libm::rint(20.0 * largest / whole) * 5.0;
    format!(
        "Half of all shortages end within {median} h; a tenth holds {} % of what is unserved",
        number(percent, 0)
    )
}

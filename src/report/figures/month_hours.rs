//! Figure: loss of load by month and hour of day.

use crate::report::chart::{MONTHS, MonthHourCell, MonthHoursFigure};
use crate::report::facts::Facts;
use crate::report::numerals::number;
use crate::report::shortages::month_hours;
use crate::report::small_print::Small;

/// Shortages below which no month is told from another.
const FEW: f64 = 30.0;

/// The figure; none where the scenario has no whole day.
pub(super) fn figure(facts: &Facts<'_>) -> Option<MonthHoursFigure> {
    let results = facts.results();
    // The system is the last scope.
    let scope = results.series.shortages.scopes.len().checked_sub(1)?;
    let cells: Vec<MonthHourCell> = month_hours(results, scope)
        .into_iter()
        .map(|at| MonthHourCell {
            month: at.month,
            hour_of_day: at.hour_of_day,
            hours: at.hours,
            lolp: at.lolp.mean,
            interval_95: (at.lolp.lower_95.max(0.0), at.lolp.upper_95),
        })
        .collect();
    if facts.system().hours() < 24 {
        return None;
    }
    let small = Small {
        interval: "",
        estimator: "means over futures",
        window: facts.horizon_in_words(),
    };
    let subtitle = "Probability of being short of supply, by month and hour of day";
    Some(MonthHoursFigure {
        frame: facts.frame(title(facts, &cells), subtitle, small),
        cells,
        clock: facts.first_clock(),
    })
}

/// The month with most of the time short and its share, as far as so many shortages tell.
fn title(facts: &Facts<'_>, cells: &[MonthHourCell]) -> String {
    let lole = |month: usize| -> f64 {
        let of_month = cells.iter().filter(|cell| cell.month == month);
        of_month.map(|cell| cell.lolp * cell.hours as f64).sum()
    };
    let whole: f64 = (0..12).map(lole).sum();
    if whole <= 0.0 {
        return "Supply always covers load".to_owned();
    }
    let n = facts.results().replications() as f64;
    let shortages = facts.row("all", "system", "lolf");
    let shortages = n * shortages.and_then(|row| row.mean).unwrap_or(0.0);
    if shortages < FEW {
        let count = number(shortages, 0);
        return format!("{count} shortages are too few to tell months and hours apart");
    }
    let worst = (0..12).max_by(|&a, &b| lole(a).total_cmp(&lole(b)));
    let worst = worst.unwrap_or(0);
    let share = lole(worst) / whole;
    let months = (0..12).filter(|&month| cells.iter().any(|cell| cell.month == month));
    if months.count() < 2 {
        return hour_title(cells);
    }
    // Of so many shortages a share is known to about this.
    let error = libm::sqrt(share * (1.0 - share) / shortages);
    let step = if error < 0.01 { 1.0 } else { 5.0 };
    let percent = libm::rint(100.0 * share / step) * step;
    format!(
        "{} brings {} % of the time short of supply{}",
        MONTHS[worst],
        number(percent, 0),
        hours_of(cells, worst)
    )
}

/// The stretch of the day in which a month's chance is at least half of its largest.
fn hours_of(cells: &[MonthHourCell], month: usize) -> String {
    let of_hour = |hour: usize| {
        let mut cells = cells.iter();
        let cell = cells.find(|cell| cell.month == month && cell.hour_of_day == hour);
        cell.map_or(0.0, |cell| cell.lolp)
    };
    let most = (0..24).map(of_hour).fold(0.0, f64::max);
    let high: Vec<usize> = (0..24)
        .filter(|&hour| of_hour(hour) >= 0.5 * most)
        .collect();
    match (high.first(), high.last()) {
        (Some(&first), Some(&last)) if last - first + 1 == high.len() && high.len() <= 16 => {
            let all: f64 = (0..24).map(of_hour).sum();
            let part: f64 = high.iter().map(|&hour| of_hour(hour)).sum();
            let mostly = if part > 0.5 * all {
                "mostly"
            } else {
                "most often"
            };
            format!(", {mostly} from {first:02}:00 to {:02}:00", last + 1)
        }
        _ => String::new(),
    }
}

/// Of a horizon within one month: the hour that is short most often.
fn hour_title(cells: &[MonthHourCell]) -> String {
    let worst = cells.iter().max_by(|a, b| a.lolp.total_cmp(&b.lolp));
    let hour = worst.map_or(0, |cell| cell.hour_of_day);
    format!("Supply is short most often at {hour:02}:00")
}

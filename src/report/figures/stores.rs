//! Figure: how low stores run, over time.

use crate::quantity::MS_PER_HOUR;
use crate::report::chart::{MONTHS, StoreLevels, StoresFigure, TimeAxis, spoken_span};
use crate::report::facts::Facts;
use crate::report::numerals::{digits_for, digits_of, number};
use crate::report::small_print::Small;
use crate::system::Store;
use std::ops::Range;

/// Stores that find room on a page.
const MOST: usize = 4;
/// Hours that a page shows one by one, and those that it shows of more.
const MOST_HOURS: usize = 24 * 45;
const WEEK: usize = 24 * 7;
/// Hours seen empty below which no month is told from another.
const FEW: f64 = 100.0;

/// A store over the hours of the horizon.
struct Levels {
    name: String,
    energy_mwh: f64,
    power_mw: f64,
    /// Share of futures that find it empty, below a quarter, half and three quarters, below full.
    hours: Vec<[f64; 5]>,
    /// Expected hours empty, and below full.
    empty_h: f64,
    drawn_h: f64,
    /// The month with most of the hours empty, and its part of them.
    month: Option<(usize, f64)>,
}

/// The figure; none of a system without stores.
pub(super) fn figure(facts: &Facts<'_>) -> Option<StoresFigure> {
    let stores = facts.system().stores.iter();
    let mut all: Vec<Levels> = stores.filter_map(|store| levels(facts, store)).collect();
    all.sort_by(|a, b| {
        let by_empty = b.empty_h.total_cmp(&a.empty_h);
        by_empty.then(b.drawn_h.total_cmp(&a.drawn_h))
    });
    let shown = shown(&all);
    let subtitle = if shown.len() < all.first()?.hours.len() {
        "In the week in which stores are lowest: share of futures that find each so low, %"
    } else {
        "Share of futures that find each store so low, %"
    };
    let at = |hour: usize| facts.system().start_unix_ms + hour as i64 * MS_PER_HOUR;
    let small = Small {
        interval: "",
        estimator: "levels as an hour begins",
        window: spoken_span(at(shown.start), at(shown.end)),
    };
    let printed = all.iter().take(MOST);
    Some(StoresFigure {
        frame: facts.frame(title(facts, &all), subtitle, small),
        axis: TimeAxis {
            times_utc_ms: shown.clone().map(at).collect(),
            bin_ms: MS_PER_HOUR,
            ..facts.axis()
        },
        stores: printed.map(|levels| levels.print(shown.clone())).collect(),
        left_out: all.len().saturating_sub(MOST),
    })
}

impl Levels {
    /// What is drawn of it.
    fn print(&self, shown: Range<usize>) -> StoreLevels {
        let hours = self.hours.get(shown).unwrap_or_default();
        StoreLevels {
            name: self.name.clone(),
            energy_mwh: self.energy_mwh,
            power_mw: self.power_mw,
            shares: std::array::from_fn(|level| hours.iter().map(|hour| hour[level]).collect()),
        }
    }
}

/// The hours that are drawn: all of a horizon that a page can show hour by hour, else the seven
/// days in which all stores together are lowest.
fn shown(all: &[Levels]) -> Range<usize> {
    let hours = all.first().map_or(0, |levels| levels.hours.len());
    if hours <= MOST_HOURS {
        return 0..hours;
    }
    let low = |hour: usize| -> f64 {
        let of_store = |levels: &Levels| levels.hours[hour].iter().sum::<f64>();
        all.iter().map(of_store).sum()
    };
    let low: Vec<f64> = (0..hours).map(low).collect();
    let weeks = (0..=hours - WEEK).step_by(24);
    let (first, _) = weeks
        .map(|first| (first, low[first..first + WEEK].iter().sum::<f64>()))
        .fold(
            (0, 0.0),
            |best, week| if week.1 > best.1 { week } else { best },
        );
    first..first + WEEK
}

/// What is known of a store's level, from its hourly histograms.
fn levels(facts: &Facts<'_>, store: &Store) -> Option<Levels> {
    let (results, system) = (facts.results(), facts.system());
    let plant = &system.plants[store.plant.at()];
    let scope = format!("plant/{}", plant.name);
    let mut kinds = results.series.hourly.iter();
    let series = kinds.position(|kind| kind.name == "stored_energy" && kind.scope == scope)?;
    let n = results.hourly.replications().max(1) as f64;
    // Shares below each level, hour by hour.
    let below = |hour: usize| -> [f64; 5] {
        let counts = results.hourly.histogram(series, hour);
        let last = counts.len().saturating_sub(1);
        let ends = [1, last / 4, last / 2, last - last / 4, last];
        ends.map(|end| {
            let counts = counts.iter().take(end.max(1));
            counts.map(|&count| f64::from(count)).sum::<f64>() / n
        })
    };
    let hours: Vec<[f64; 5]> = (0..results.series.hours).map(below).collect();
    // On the system's clock, which is the last scope's.
    let calendar = &results.series.shortages;
    let clock = calendar.scopes.len().saturating_sub(1);
    let mut by_month = [0.0; 12];
    for (hour, shares) in hours.iter().enumerate() {
        by_month[calendar.month(clock, hour).unwrap_or(0)] += shares[0];
    }
    let empty_h: f64 = by_month.iter().sum();
    let worst = (0..12).max_by(|&a, &b| by_month[a].total_cmp(&by_month[b]));
    let is_told = hours.len() > 24 * 62 && empty_h * n >= FEW;
    let first = plant.first_unit.at();
    let units = &system.units[first..first + usize::from(plant.units)];
    Some(Levels {
        name: plant.name.clone(),
        energy_mwh: store.energy.watt_hours() as f64 / 1e6,
        power_mw: units.iter().map(|unit| unit.nameplate.megawatts()).sum(),
        empty_h,
        drawn_h: hours.iter().map(|shares| shares[4]).sum(),
        month: worst
            .filter(|_| is_told)
            .map(|month| (month, by_month[month] / empty_h)),
        hours,
    })
}

/// How long the store that runs out most is empty.
fn title(facts: &Facts<'_>, all: &[Levels]) -> String {
    let print = |hours: f64| number(hours, digits_for(hours).min(1));
    let days = facts.system().hours() as f64 / 24.0;
    let days = number(days, digits_of(days).min(1));
    let most_drawn = all.iter().max_by(|a, b| a.drawn_h.total_cmp(&b.drawn_h));
    match (all.first(), most_drawn) {
        (Some(worst), _) if worst.empty_h > 0.0 => {
            let mut title = format!(
                "{} stands empty for {} h of {days} days on average",
                worst.name,
                print(worst.empty_h)
            );
            if let Some((month, part)) = worst.month {
                let percent = number(libm::rint(20.0 * part) * 5.0, 0);
                title.push_str(&format!(", {percent} % of it in {}", MONTHS[month]));
            }
            title
        }
        (_, Some(most)) if most.drawn_h > 0.0 => format!(
            "No store is seen empty; {} is below full for {} h of {days} days",
            most.name,
            print(most.drawn_h)
        ),
        _ => "No store is ever drawn on: supply covers load without them".to_owned(),
    }
}

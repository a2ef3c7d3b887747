//! Figure 1: hashrate of the country and of the world.

use crate::quantity::MS_PER_DAY;
use crate::report::chart::{DatedEvent, Fan, HashrateFigure, ObservedDay, OneDayCounts};
use crate::report::facts::{Facts, Outcomes};
use crate::report::numerals::number;
use crate::report::small_print::Small;
use crate::report::words::{Direction, direction};
use crate::stats::Z_95;

/// The figure; none without hourly hashrate.
pub(super) fn figure(facts: &Facts<'_>) -> Option<HashrateFigure> {
    let national = facts.fan("national_hashrate", "network")?;
    // Where nothing surrounds the farms the world would be they themselves.
    let has_world = facts.system().world.is_some();
    let world = facts.fan("world_hashrate", "network").filter(|_| has_world);
    let counts = facts
        .daily_fan("block_count_hashrate_day", "network")
        .filter(|_| has_world);
    let axis = facts.axis();
    let estimator = axis.means();
    let small = Small {
        interval: "bands: P25–P75 and P5–P95 of futures",
        estimator: &estimator,
        window: facts.horizon_in_words(),
    };
    let country = facts.country().unwrap_or_else(|| "The farms".to_owned());
    let (title, subtitle) = title(facts);
    Some(HashrateFigure {
        frame: facts.frame(title, &subtitle, small),
        axis,
        national_name: country,
        national_ehs: national,
        world_ehs: world.unwrap_or_default(),
        world_counts: counts.map(one_day_counts).unwrap_or_default(),
        observed: observed(facts),
        events: events(facts),
    })
}

/// The finding, as far as the ranges allow one, and in which window it was.
fn title(facts: &Facts<'_>) -> (String, String) {
    let window = facts.window_name();
    let fall = |index: &str| {
        let outcomes = facts.outcomes(window, "network", index)?.times(-100.0);
        (direction(outcomes.p5, outcomes.p95) == Direction::Fell).then_some(outcomes)
    };
    let country = facts.country_or_farms();
    let Some(of_country) = fall("lost_share_of_country") else {
        return (
            format!("{country}: hashrate over simulated futures"),
            String::new(),
        );
    };
    let own = if facts.country().is_some() {
        "its"
    } else {
        "their"
    };
    let mut title = format!("{country} lost {} % of {own} hashrate", percent(of_country));
    if let Some(of_world) = fall("lost_share_of_world") {
        title.push_str(&format!(", the world {} %", percent(of_world)));
        let reach = one_day_reach_percent(facts);
        if -of_world.p5 < reach {
            title.push_str(": less than one day’s blocks can show");
        } else if -of_world.p95 > reach {
            title.push_str(": more than chance makes of one day’s blocks");
        }
    }
    let span = facts
        .window()
        .map_or(String::new(), |window| facts.span_in_words(window));
    let place = crate::report::words::capitalised(&facts.in_window());
    (
        title,
        format!("{place}, {span}: medians, against the same futures without the event"),
    )
}

/// The size of a fall in percent, with a decimal where it is small.
fn percent(fall: Outcomes) -> String {
    let size = fall.median.abs();
    number(size, usize::from(size < 20.0))
}

/// Half the 95 % interval of one day's block count, in percent of it: of the observed days within
/// the horizon, or of the 144 blocks that a day has by design.
pub(crate) fn one_day_reach_percent(facts: &Facts<'_>) -> f64 {
    let days = observed(facts);
    let blocks = || within(facts).map(|day| f64::from(day.blocks));
    let mean = if days.is_empty() {
        144.0
    } else {
        blocks().sum::<f64>() / days.len() as f64
    };
    100.0 * Z_95 / libm::sqrt(mean.max(1.0))
}

fn one_day_counts((days_utc_ms, fan): (Vec<i64>, Fan)) -> OneDayCounts {
    OneDayCounts {
        days_utc_ms,
        p5_ehs: fan.p5,
        p95_ehs: fan.p95,
    }
}

/// Observed days that lie whole within the horizon.
fn within<'a>(facts: &Facts<'a>) -> impl Iterator<Item = &'a crate::system::ObservedDay> {
    let system = facts.system();
    let (start, end) = (
        system.start_unix_ms,
        system.start_unix_ms + system.horizon.0,
    );
    let days = system.observed.days.iter();
    days.filter(move |day| day.unix_ms >= start && day.unix_ms + MS_PER_DAY <= end)
}

fn observed(facts: &Facts<'_>) -> Vec<ObservedDay> {
    let day = |day: &crate::system::ObservedDay| ObservedDay {
        day_utc_ms: day.unix_ms,
        hashrate_ehs: day.ehs.0,
        lower_95_ehs: day.ehs.1,
        upper_95_ehs: day.ehs.2,
    };
    within(facts).map(day).collect()
}

/// The scenario's milestones, and the headline's window as a span.
pub(super) fn events(facts: &Facts<'_>) -> Vec<DatedEvent> {
    let system = facts.system();
    let mut events: Vec<DatedEvent> = system
        .milestones
        .iter()
        .map(|(at, words)| DatedEvent {
            from_ms: system.start_unix_ms.saturating_add(*at),
            to_ms: None,
            label: words.clone(),
        })
        .collect();
    if let Some(window) = facts.window().filter(|window| window.name != "all") {
        let (from, until) = (facts.unix_ms(window.from), facts.unix_ms(window.until));
        // A milestone that opens the window carries it; two numbers at one place confuse.
        match events.iter_mut().find(|event| event.from_ms == from) {
            Some(event) => {
                event.to_ms = Some(until);
                event.label.push_str("; grey: the headline’s window");
            }
            None => events.push(DatedEvent {
                from_ms: from,
                to_ms: Some(until),
                label: format!("grey: “{}”, the headline’s window", window.name),
            }),
        }
    }
    events
}

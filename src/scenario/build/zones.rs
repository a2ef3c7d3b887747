//! Zones, temperature models, and lines that join zones into trees.

use super::numbers::{number, number_or};
use super::reliability::alternation;
use super::{Context, Names, hourly};
use crate::quantity::{Instant, Power};
use crate::scenario::clock;
use crate::scenario::files::Files;
use crate::scenario::raw::{self, Scenario};
use crate::system::Unit;
use crate::system::{
    Line, LoadForecast, LoadProfile, LoadResponse, LoadScale, System, Weather, WeatherId, Zone,
    ZoneId,
};

/// Largest load of a zone, MW.
const LARGEST_LOAD_MW: f64 = 2e6;

/// Temperature models, by name.
pub(crate) fn weathers(
    raw: &Scenario,
    names: &Names,
    files: &mut Files,
    context: &mut Context<'_>,
) -> Vec<Weather> {
    let common_stream = context.stream("weather", "weather/common");
    let days = context.hours().div_ceil(24);
    let mut weathers = Vec::new();
    for (name, index) in names.weathers.declared() {
        let (written, path) = (&raw.weather[index], format!("weather[{index}]"));
        if let Some(fixed) = &written.fixed_daily_c {
            let key = format!("{path}.fixed_daily_c");
            if fixed.len() < days {
                context.wrong(
                    &key,
                    format!("{} values for {days} days", fixed.len()),
                    "a daily mean for every day of the horizon",
                );
            }
            if fixed
                .iter()
                .any(|celsius| !(-90.0..=60.0).contains(celsius))
            {
                context.wrong(&key, "a temperature is out of range", "from -90 to 60 °C");
            }
        }
        let (fixed_daily_c, fixed_by_year) = match &written.fixed_hourly_c {
            None => (written.fixed_daily_c.clone(), Vec::new()),
            Some(series) => {
                let path = format!("{path}.fixed_hourly_c");
                if written.fixed_daily_c.is_some() {
                    let right = "fixed_daily_c, or fixed_hourly_c";
                    context.wrong(&path, "the temperature is fixed twice", right);
                }
                one_or_by_year(daily_means(series, &path, files, context))
            }
        };
        weathers.push(Weather {
            name: name.to_owned(),
            mean_c: written.mean_c,
            daily_sd_c: written.daily_sd_c,
            lag1: written.lag1,
            diurnal_amplitude_c: written.diurnal_amplitude_c,
            common_share: written.common_share,
            outage_mean_days: written.outage_mean_days,
            stream: context.stream(&path, &format!("weather/{name}")),
            common_stream,
            fixed_daily_c,
            fixed_by_year,
        });
    }
    weathers
}

/// Means of the days of an hourly series, for each weather year.
fn daily_means(
    series: &raw::Series,
    path: &str,
    files: &mut Files,
    context: &mut Context<'_>,
) -> Vec<Vec<f64>> {
    let by_year = hourly::yearly(series, path, (-90.0, 60.0), files, context);
    let mean = |day: &[f64]| day.iter().sum::<f64>() / day.len() as f64;
    let days = |hours: Vec<f64>| hours.chunks(24).map(mean).collect();
    by_year.into_iter().flatten().map(days).collect()
}

/// What holds in every year (or in the first), and, if they differ, in each.
fn one_or_by_year<T: Clone>(all: Vec<T>) -> (Option<T>, Vec<T>) {
    let first = all.first().cloned();
    (first, if all.len() > 1 { all } else { Vec::new() })
}

/// Zones, by name.
pub(crate) fn zones(
    raw: &Scenario,
    names: &Names,
    files: &mut Files,
    context: &mut Context<'_>,
) -> Vec<Zone> {
    if raw.zone.is_empty() && !context.places.unknown_table() {
        context.wrong(
            "zone",
            "the scenario has no zone",
            "at least one [[zone]] with a load",
        );
    }
    // The profile itself, and what is prepared of it for the steps of a forecast.
    let copies = match raw.load_forecast.len() {
        0 => 1,
        _ => 1 + LoadForecast::STEPS.len(),
    };
    let mut zones = Vec::new();
    for (name, index) in names.zones.declared() {
        let (written, path) = (&raw.zone[index], format!("zone[{index}]"));
        let weather = written.weather.as_ref().and_then(|name| {
            names
                .weathers
                .find(name, &format!("{path}.weather"), context)
        });
        let (utc_offset_minutes, clock_changes) = clock(written, &path, context);
        let loads = loads(written, &path, copies, files, context);
        let (load, load_by_year) =
            one_or_by_year(loads.into_iter().map(LoadProfile::new).collect());
        zones.push(Zone {
            name: name.to_owned(),
            external: written.external,
            utc_offset_minutes,
            clock_changes,
            load: load.unwrap_or_default(),
            load_by_year,
            forecast: None,
            scale: LoadScale {
                factor: number_or(
                    written.scale.as_ref(),
                    1.0,
                    &format!("{path}.scale"),
                    context,
                ),
                contains_mining: written.contains_mining,
            },
            response: response(
                raw,
                written,
                weather.map(|id| names.weathers.entries[id].1),
                &path,
                context,
            ),
            weather: weather.map(WeatherId::from),
            reserve: Power::from_megawatts(written.reserve_mw.unwrap_or(0.0)),
            priority: written.priority,
            wind_stream: context.stream(&path, &format!("wind/{name}")),
        });
    }
    zones
}

/// Load of every hour, for each weather year.
fn loads(
    written: &raw::Zone,
    path: &str,
    copies: usize,
    files: &mut Files,
    context: &mut Context<'_>,
) -> Vec<Vec<Power>> {
    if !context.room_for_series(path, context.years.len().max(1) * copies) {
        return Vec::new();
    }
    let hours = context.hours();
    match (&written.load, written.load_mw) {
        (Some(series), None) => {
            let path = format!("{path}.load");
            let by_year = hourly::yearly(series, &path, (0.0, LARGEST_LOAD_MW), files, context);
            let year = |hours: Vec<f64>| hours.into_iter().map(Power::from_megawatts).collect();
            match by_year {
                Some(by_year) => by_year.into_iter().map(year).collect(),
                None => vec![vec![Power::ZERO; hours]],
            }
        }
        (None, Some(megawatts)) => vec![vec![Power::from_megawatts(megawatts); hours]],
        (load, _) => {
            if !context.places.any_broken(path) {
                let wrong = if load.is_some() {
                    "the load is given twice"
                } else {
                    "the zone has no load"
                };
                context.wrong(
                    path,
                    wrong,
                    "load = { csv = \"...\", column = \"...\" }, or load_mw",
                );
            }
            vec![vec![Power::ZERO; hours]]
        }
    }
}

fn response(
    raw: &Scenario,
    written: &raw::Zone,
    weather: Option<Option<usize>>,
    path: &str,
    context: &mut Context<'_>,
) -> Option<LoadResponse> {
    let response = written.load_response.as_ref()?;
    if written.weather.is_none() {
        context.wrong(
            &format!("{path}.load_response"),
            "load follows temperature, but the zone has no weather",
            "weather = \"NAME\"",
        );
    }
    let mean_c = weather
        .flatten()
        .map_or(response.base_c, |index| raw.weather[index].mean_c);
    Some(LoadResponse {
        base_c: response.base_c,
        per_degree: response.per_degree,
        reference_c: response.reference_c.unwrap_or(mean_c),
        maximum_factor: response.maximum_factor,
    })
}

/// A zone's clock: minutes ahead of UTC at the start, and its changes.
fn clock(written: &raw::Zone, path: &str, context: &mut Context<'_>) -> (i32, Vec<(Instant, i32)>) {
    let fixed = libm::rint(written.utc_offset_h * 60.0) as i32;
    let Some(name) = &written.time_zone else {
        return (fixed, Vec::new());
    };
    let path = format!("{path}.time_zone");
    if fixed != 0 {
        let right = "one of the two";
        context.wrong(
            &path,
            "local time is given twice, by utc_offset_h too",
            right,
        );
    }
    match clock::named(name) {
        Ok(zone) => {
            let from = context.start_unix_ms;
            let until = from.saturating_add(context.horizon.0);
            let (first, changes) = clock::offsets(&zone, from, until);
            let since = |(at, minutes): (i64, i32)| (Instant(at - from), minutes);
            (first, changes.into_iter().map(since).collect())
        }
        Err(right) => {
            context.wrong(&path, format!("there is no time zone {name:?}"), right);
            (0, Vec::new())
        }
    }
}

/// Where a zone names no reserve: its largest unit that runs without a store, if it has
/// interruptible mining, else none.
pub(crate) fn reserves(raw: &Scenario, names: &Names, system: &mut System) {
    for (id, (_, index)) in names.zones.entries.iter().enumerate() {
        let given = index.is_some_and(|index| raw.zone[index].reserve_mw.is_some());
        let zone = ZoneId::from(id);
        if !given
            && system
                .farms
                .iter()
                .any(|farm| farm.zone == zone && farm.interruptible)
        {
            let stored = |unit: &&Unit| system.stores.iter().any(|store| store.plant == unit.plant);
            let units = system.units.iter().filter(|unit| unit.zone == zone);
            let units = units.filter(|unit| !stored(unit));
            system.zones[id].reserve = units
                .map(|unit| unit.nameplate)
                .fold(Power::ZERO, Power::max);
        }
    }
}

/// Lines, by name.
pub(crate) fn lines(raw: &Scenario, names: &Names, context: &mut Context<'_>) -> Vec<Line> {
    let mut lines = Vec::new();
    for (name, index) in names.lines.declared() {
        let (written, path) = (&raw.line[index], format!("line[{index}]"));
        let from = names
            .zones
            .find(&written.from, &format!("{path}.from"), context);
        let to = names
            .zones
            .find(&written.to, &format!("{path}.to"), context);
        if from.is_some() && from == to {
            context.wrong(
                &format!("{path}.to"),
                format!("line {name:?} ends where it begins"),
                "another zone",
            );
        } else if written.n_minus_1 && secured_circuits(raw, written) < 2 {
            context.wrong(
                &format!("{path}.n_minus_1"),
                format!("nothing survives the loss of the only circuit of line {name:?}"),
                "a second circuit, or another line between the same zones under this rule",
            );
        }
        let stream = context.stream(&path, &format!("line/{name}/circuit-1/outage"));
        for circuit in 2..=written.circuits {
            context.stream(&path, &format!("line/{name}/circuit-{circuit}/outage"));
        }
        let forward_mw = number(
            &written.capacity_mw,
            &format!("{path}.capacity_mw"),
            context,
        );
        lines.push(Line {
            name: name.to_owned(),
            from: ZoneId::from(from.unwrap_or(0)),
            to: ZoneId::from(to.unwrap_or(0)),
            forward_mw,
            backward_mw: match &written.backward_mw {
                Some(backward) => number(backward, &format!("{path}.backward_mw"), context),
                None => forward_mw,
            },
            circuits: written.circuits,
            n_minus_1: written.n_minus_1,
            outages: alternation(&written.reliability(), &path, stream, context),
            report_above: written.report_above,
        });
    }
    lines
}

/// Circuits under the N-1 rule between the zones of a line.
fn secured_circuits(scenario: &Scenario, line: &raw::Line) -> u32 {
    let is_beside = |other: &&raw::Line| {
        let ends = (&other.from, &other.to);
        other.n_minus_1 && (ends == (&line.from, &line.to) || ends == (&line.to, &line.from))
    };
    let beside = scenario.line.iter().filter(is_beside);
    beside.map(|line| u32::from(line.circuits)).sum()
}

//! What load and weather may be: forecasts that err, and years of which one is drawn.

use super::{Context, Names};
use crate::scenario::raw::Scenario;
use crate::system::{LoadForecast, LoadForecastId, WeatherYears, Zone};

/// Most weather years.
const MOST_YEARS: usize = 100;

/// Weather years, sorted by name; the context knows their names from here on.
pub(crate) fn weather_years(raw: &Scenario, context: &mut Context<'_>) -> Option<WeatherYears> {
    let written = raw.weather_years.as_ref()?;
    let names = &written.names;
    let path = "weather_years.names";
    let mut sorted = names.clone();
    sorted.sort();
    sorted.dedup();
    if names.len() < 2 || names.len() > MOST_YEARS {
        let wrong = format!("{} weather years", names.len());
        context.wrong(path, wrong, format!("from 2 to {MOST_YEARS} names"));
    } else if sorted.len() < names.len() {
        context.wrong(path, "a weather year is named twice", "each name once");
    }
    let weights = match &written.weights {
        None => vec![1.0; names.len()],
        Some(weights) => weights.clone(),
    };
    let sound = |weight: &f64| weight.is_finite() && *weight >= 0.0;
    let some = weights.iter().any(|&weight| weight > 0.0);
    if weights.len() != names.len() || !weights.iter().all(sound) || !some {
        context.wrong(
            "weather_years.weights",
            "the weights do not fit the names",
            "one for each name, zero or more, and one of them positive",
        );
        return None;
    }
    let mut years: Vec<(&String, f64)> = names.iter().zip(weights).collect();
    years.sort_by(|a, b| a.0.cmp(b.0));
    context.years = years.iter().map(|(name, _)| (*name).clone()).collect();
    Some(WeatherYears {
        names: context.years.clone(),
        weights: years.iter().map(|(_, weight)| *weight).collect(),
        stream: context.stream("weather_years", "weather-year"),
    })
}

/// Years that nothing depends on are a mistake.
pub(crate) fn years_are_used(context: &mut Context<'_>) {
    if !context.years.is_empty() && !context.years_used && !context.places.unknown_table() {
        context.wrong(
            "weather_years",
            "nothing depends on the weather year",
            "{year} in the csv or the column of a load, an output or a temperature",
        );
    }
}

/// Load forecasts, by name; each zone gets the one that names it.
pub(crate) fn load_forecasts(
    raw: &Scenario,
    names: &Names,
    zones: &mut [Zone],
    context: &mut Context<'_>,
) -> Vec<LoadForecast> {
    let mut forecasts = Vec::new();
    for (name, index) in names.load_forecasts.declared() {
        let (written, path) = (&raw.load_forecast[index], format!("load_forecast[{index}]"));
        for (at, pattern) in written.zones.iter().enumerate() {
            let path = format!("{path}.zones[{at}]");
            for zone in names.zones.all(pattern, &path, context) {
                let id = LoadForecastId::from(forecasts.len());
                let Some(zone) = zones.get_mut(zone) else {
                    continue;
                };
                if zone.forecast.is_some_and(|other| other != id) {
                    let wrong = format!("zone {:?} has two load forecasts", zone.name);
                    context.wrong(&path, wrong, "each zone in one group");
                }
                zone.forecast = Some(id);
            }
        }
        forecasts.push(LoadForecast {
            name: name.to_owned(),
            sd: written.sd,
            stream: context.stream(&path, &format!("load-forecast/{name}")),
        });
    }
    forecasts
}

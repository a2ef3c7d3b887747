//! Firm load hour by hour, as the engine has it, and how it may be off.

use super::from_system::known;
use super::grid::Forecast;
use crate::quantity::{Power, Share};
use crate::system::{Farm, LoadForecast, LoadForecastId, System, Zone};

/// Cases of load that an answer may take: three forecasts that know nothing of each other.
const MOST_CASES: usize = 343;

/// Daily mean temperatures of a weather year where they are known, °C.
pub(super) fn daily_means(system: &System, zone: &Zone, year: usize) -> Option<Vec<f64>> {
    let weather = &system.weathers[zone.weather?.at()];
    match weather.fixed_of_year(year) {
        Some(fixed) => {
            let last = fixed.len().checked_sub(1)?;
            Some((0..system.days()).map(|day| fixed[day.min(last)]).collect())
        }
        None if weather.daily_sd_c == 0.0 => Some(vec![weather.mean_c; system.days()]),
        None => None,
    }
}

/// Firm load of a zone in each hour of a weather year, W, where the forecast is off by a factor.
pub(super) fn load_w(system: &System, index: usize, year: usize, error: f64) -> Vec<i64> {
    let zone = &system.zones[index];
    let factor = known(zone.scale.factor) * error;
    let running = |farm: &Farm| Power(Share::from_f64(farm.running_share).of(farm.installed.0));
    let farms = system.farms.iter().filter(|farm| farm.zone.at() == index);
    let mining: Power = if zone.scale.contains_mining {
        farms.map(running).sum()
    } else {
        Power::ZERO
    };
    let means = zone.response.and(daily_means(system, zone, year));
    let load = |(hour, load): (usize, &Power)| {
        let weather = match (zone.response, &means) {
            (Some(response), Some(means)) => response.factor(means[hour / 24]),
            _ => 1.0,
        };
        let demand = Power(libm::rint(load.0 as f64 * factor) as i64);
        libm::rint((demand - mining).positive().0 as f64 * weather) as i64
    };
    let hourly = &zone.load_of_year(year).hourly;
    hourly.iter().enumerate().map(load).collect()
}

/// The cases of load, zone by zone: zones of one forecast are off together, those of different
/// ones know nothing of each other. Empty where every load is known; none where there are too
/// many.
pub(super) fn forecasts(system: &System, year: usize) -> Option<Vec<Forecast>> {
    let mut groups: Vec<LoadForecastId> = system
        .zones
        .iter()
        .filter_map(|zone| zone.forecast)
        .collect();
    groups.sort_unstable();
    groups.dedup();
    if groups.is_empty() {
        return Some(Vec::new());
    }
    let steps = LoadForecast::STEPS.len();
    let cases = u32::try_from(groups.len()).ok();
    let cases = cases.and_then(|groups| steps.checked_pow(groups));
    let cases = cases.filter(|&cases| cases <= MOST_CASES)?;
    // Each zone's load at each step of its forecast, computed once.
    let loads = |index: usize| -> Vec<Vec<i64>> {
        let factors = match system.zones[index].forecast {
            None => vec![1.0],
            Some(id) => {
                let forecast = &system.load_forecasts[id.at()];
                (0..steps).map(|step| forecast.factor(step)).collect()
            }
        };
        let load = |error| load_w(system, index, year, error);
        factors.into_iter().map(load).collect()
    };
    let loads: Vec<Vec<Vec<i64>>> = (0..system.zones.len()).map(loads).collect();
    let case = |case: usize| {
        // The digits of the case's number are the steps of the groups.
        let digits: Vec<usize> = (0..groups.len() as u32)
            .map(|group| case / steps.pow(group) % steps)
            .collect();
        let of_zone = |(zone, loads): (&Zone, &Vec<Vec<i64>>)| {
            let group = zone.forecast.and_then(|id| groups.binary_search(&id).ok());
            loads[group.map_or(0, |group| digits[group])].clone()
        };
        Forecast {
            probability: digits
                .iter()
                .map(|&step| LoadForecast::STEPS[step].1)
                .product(),
            load_w: system.zones.iter().zip(&loads).map(of_zone).collect(),
        }
    };
    Some((0..cases).map(case).collect())
}

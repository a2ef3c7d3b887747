//! Firm load of every zone, and the weather year that it shares with everything else.

use super::super::futures::LoadSource;
use super::super::{Futures, Plan};
use crate::quantity::{Power, Share, round_half_even};
use crate::random::Stream;
use crate::system::LoadForecast;

/// Chooses the weather year of a replication.
pub(super) fn draw_year(plan: &Plan<'_>, replication: u32, futures: &mut Futures) {
    futures.weather_year = plan.system.weather_years.as_ref().map_or(0, |years| {
        let stream = Stream::new(plan.system.seed, years.stream, replication);
        years.year(stream.uniform_at(0))
    });
}

pub(super) fn draw_loads(plan: &Plan<'_>, replication: u32, futures: &mut Futures) {
    let system = plan.system;
    futures.forecast_step.clear();
    for forecast in &system.load_forecasts {
        let stream = Stream::new(system.seed, forecast.stream, replication);
        futures
            .forecast_step
            .push(LoadForecast::step(stream.uniform_at(0)));
    }
    for (index, zone) in system.zones.iter().enumerate() {
        let forecast = zone.forecast.map(|id| {
            let step = futures.forecast_step[id.at()];
            (step, system.load_forecasts[id.at()].factor(step))
        });
        let (step, error) = forecast.unwrap_or((0, 1.0));
        let year = futures.weather_year;
        futures.load_source[index] = plan.loads.source(index, zone, year, step);
        if futures.load_source[index] != LoadSource::Drawn {
            continue;
        }
        let factor = zone.scale.factor.get(&futures.inputs) * error;
        let mining = if zone.scale.contains_mining {
            let running = |&farm: &usize| {
                let share = Share::from_f64(system.farms[farm].running_share);
                Power(share.of(futures.installed[farm].0))
            };
            plan.farms_of[index].iter().map(running).sum()
        } else {
            Power::ZERO
        };
        let load = &mut futures.loads[index];
        load.hourly.clear();
        for (day, hours) in zone.load_of_year(year).hourly.chunks(24).enumerate() {
            let weather = match (zone.response, zone.weather) {
                (Some(response), Some(weather)) => {
                    response.factor(futures.temperature[weather.at()][day])
                }
                _ => 1.0,
            };
            load.hourly.extend(hours.iter().map(|&hour| {
                let demand = Power(round_half_even(hour.0 as f64 * factor));
                let firm = (demand - mining).positive();
                Power(round_half_even(firm.0 as f64 * weather))
            }));
        }
        load.refresh_maxima();
    }
}

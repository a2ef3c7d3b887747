//! Temperature, wind and sun.

use super::super::wind::{WIND_LAG1, WIND_SPREAD, WIND_STEP_H, logistic};
use super::super::{Futures, Plan};
use crate::quantity::{Instant, MS_PER_HOUR, Share};
use crate::random::special::normal_quantile;
use crate::random::{Stream, lanes::LaneStream};
use crate::system::{System, Zone};

pub(super) fn draw_temperature(plan: &Plan<'_>, replication: u32, futures: &mut Futures) {
    let system = plan.system;
    let days = system.days();
    futures
        .temperature
        .resize(system.weathers.len(), Vec::new());
    futures
        .outage_temperature
        .resize(system.weathers.len(), Vec::new());
    for (index, weather) in system.weathers.iter().enumerate() {
        let path = &mut futures.temperature[index];
        path.clear();
        if let Some(fixed) = weather.fixed_of_year(futures.weather_year) {
            path.extend((0..days).map(|day| fixed[day.min(fixed.len() - 1)]));
        } else {
            let mut own = Stream::new(system.seed, weather.stream, replication);
            let mut common = Stream::new(system.seed, weather.common_stream, replication);
            let (a, b) = (
                libm::sqrt(weather.common_share),
                libm::sqrt(1.0 - weather.common_share),
            );
            let fresh = libm::sqrt(1.0 - weather.lag1 * weather.lag1);
            let mut anomaly = 0.0;
            for day in 0..days {
                let innovation = a * normal_quantile(common.next_uniform())
                    + b * normal_quantile(own.next_uniform());
                anomaly = if day == 0 {
                    innovation
                } else {
                    weather.lag1 * anomaly + fresh * innovation
                };
                path.push(weather.mean_c + weather.daily_sd_c * anomaly);
            }
        }
        let span = weather.outage_mean_days.max(1) as usize;
        let means = &mut futures.outage_temperature[index];
        means.clear();
        for day in 0..days {
            let first = (day + 1).saturating_sub(span);
            let sum: f64 = path[first..=day].iter().sum();
            means.push(sum / (day + 1 - first) as f64);
        }
    }
}

pub(super) fn draw_renewables(plan: &Plan<'_>, replication: u32, futures: &mut Futures) {
    let system = plan.system;
    futures.renewable.resize(plan.renewables.len(), Vec::new());
    let steps = system.hours().div_ceil(WIND_STEP_H);
    let fresh = libm::sqrt(1.0 - WIND_LAG1 * WIND_LAG1);
    for (index, group) in plan.renewables.iter().enumerate() {
        let path = &mut futures.renewable[index];
        path.clear();
        let zone = &system.zones[group.zone];
        if !group.sun.is_empty() {
            continue;
        }
        let stream = Stream::new(system.seed, zone.wind_stream, replication);
        let mut draws = LaneStream::of(&stream);
        let mut last = None;
        while path.len() < steps {
            // Several steps at a time, so that only the path itself is one after the other.
            let levels = draws.next_uniforms().map(normal_quantile).map(|shock| {
                let level = last.map_or(shock, |last| WIND_LAG1 * last + fresh * shock);
                last = Some(level);
                level
            });
            path.extend(levels.map(|level| {
                Share::from_f64(logistic(group.wind_location + WIND_SPREAD * level)).0
            }));
        }
        path.truncate(steps);
    }
}

/// What sun of a mean share gives in each of the 24 hours from the start, parts per million of
/// capacity.
pub fn sun_shares<'a>(
    system: &'a System,
    zone: &'a Zone,
    mean: f64,
) -> impl Iterator<Item = i64> + 'a {
    let share = move |hour| daylight(system.local_hour(hour, zone)) * mean;
    (0..24).map(move |hour| Share::from_f64(share(hour)).0)
}

/// Shape of a clear winter day, an arch of a cosine around 13:00 with nine hours of light: its
/// mean over the hour that begins at a local hour. Over 24 hours its mean is exactly 1.
fn daylight(local_hour: f64) -> f64 {
    let risen = |hour: f64| {
        let from_noon = ((hour - 13.0) / 4.5).clamp(-1.0, 1.0);
        libm::sin(std::f64::consts::FRAC_PI_2 * from_noon)
    };
    // The arch rises from -1 to 1: twelve times that over 24 hours is 24.
    12.0 * (risen(local_hour + 1.0) - risen(local_hour))
}

impl Futures {
    /// Output of a weather-driven group at an hour, parts per million of capacity.
    #[inline]
    pub(in crate::engine) fn renewable_share(
        &self,
        plan: &Plan<'_>,
        group: usize,
        now: Instant,
    ) -> i64 {
        let hour = (now.0 / MS_PER_HOUR) as usize;
        let sun = &plan.renewables[group].sun;
        match sun.get(hour % 24) {
            Some(&share) => share,
            None => {
                let path = &self.renewable[group];
                path[(hour / WIND_STEP_H).min(path.len() - 1)]
            }
        }
    }
}

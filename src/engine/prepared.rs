//! Loads that a replication only has to choose among: each zone's, for every weather year and
//! every step of its load forecast, with their maxima.

use super::futures::LoadSource;
use crate::system::{LoadForecast, LoadProfile, System, Value, Zone};

/// The loads of all zones that are not drawn hour by hour.
#[derive(Debug, Default)]
pub(super) struct PreparedLoads {
    profiles: Vec<LoadProfile>,
    zones: Vec<Choice>,
}

/// How a replication finds a zone's load.
#[derive(Debug, Clone, Copy)]
enum Choice {
    /// One for all.
    AsGiven,
    /// From this one on: years, and within a year the steps of the forecast.
    From(usize),
    /// Temperature, mining or a drawn scale: computed in every replication.
    Drawn,
}

impl PreparedLoads {
    pub fn new(system: &System) -> Self {
        let mut prepared = Self::default();
        for zone in &system.zones {
            let choice = prepared.choice(system, zone);
            prepared.zones.push(choice);
        }
        prepared
    }

    fn choice(&mut self, system: &System, zone: &Zone) -> Choice {
        let Value::Fixed(scale) = zone.scale.factor else {
            return Choice::Drawn;
        };
        if zone.scale.contains_mining || zone.response.is_some() {
            return Choice::Drawn;
        }
        let forecast = zone.forecast.map(|id| &system.load_forecasts[id.at()]);
        if scale == 1.0 && forecast.is_none() && zone.load_by_year.is_empty() {
            return Choice::AsGiven;
        }
        let first = self.profiles.len();
        for year in 0..zone.load_by_year.len().max(1) {
            for step in 0..steps(zone) {
                let error = forecast.map_or(1.0, |forecast| forecast.factor(step));
                self.profiles
                    .push(zone.load_of_year(year).scaled(scale * error));
            }
        }
        Choice::From(first)
    }

    /// Where a zone's load stands in a weather year, at a step of its forecast.
    pub fn source(&self, index: usize, zone: &Zone, year: usize, step: usize) -> LoadSource {
        match self.zones[index] {
            Choice::AsGiven => LoadSource::AsGiven,
            Choice::Drawn => LoadSource::Drawn,
            Choice::From(first) => {
                let year = if zone.load_by_year.is_empty() {
                    0
                } else {
                    year
                };
                LoadSource::Prepared(first + year * steps(zone) + step)
            }
        }
    }

    /// A prepared profile.
    #[inline]
    pub fn profile(&self, place: usize) -> &LoadProfile {
        &self.profiles[place]
    }
}

/// Steps of a zone's forecast; without one its load is known.
fn steps(zone: &Zone) -> usize {
    zone.forecast.map_or(1, |_| LoadForecast::STEPS.len())
}

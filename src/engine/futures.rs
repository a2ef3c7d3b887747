//! One future: what was drawn before the first event.

use super::alternate::OperationalTime;
use super::hazard::Strike;
use super::{Event, Plan, Timeline};
use crate::quantity::{Hashrate, Instant, Power};
use crate::system::{HourlyOutputId, LoadProfile};

/// One future: what was drawn before the first event. Shared by the run and its paired run.
#[derive(Debug, Clone, Default)]
pub struct Futures {
    /// Which replication this is.
    pub replication: u32,
    /// Drawn inputs, by [`crate::system::InputId`].
    pub inputs: Vec<f64>,
    /// Efficiency derived from share, load and world level, J/TH; 0 without a calibration.
    pub efficiency_j_th: f64,
    /// Installed power of each farm, scaled to the drawn load.
    pub installed: Vec<Power>,
    /// Installed hashrate of each farm.
    pub installed_hashrate: Vec<Hashrate>,
    /// Access class of each farm.
    pub access_class: Vec<usize>,
    /// Minutes each farm holds after losing its link.
    pub hold_minutes: Vec<f64>,
    /// Hazards each farm slips past, one bit each.
    pub spared: Vec<u64>,
    /// Daily mean temperature, `[weather][day]`, °C.
    pub temperature: Vec<Vec<f64>>,
    pub(super) outage_temperature: Vec<Vec<f64>>,
    pub(super) operational: Vec<OperationalTime>,
    /// Firm load of zones whose load is drawn.
    pub(super) loads: Vec<LoadProfile>,
    /// Where each zone's load stands.
    pub(super) load_source: Vec<LoadSource>,
    /// Step of each load forecast, index into [`crate::system::LoadForecast::STEPS`].
    pub forecast_step: Vec<usize>,
    /// Index of the weather year; 0 without any.
    pub weather_year: usize,
    /// Share of capacity that each group of wind gives, step by step, parts per million; nothing for
    /// sun, which is the same in every replication.
    pub(super) renewable: Vec<Vec<i64>>,
    /// Capacity of each unit before outages, W.
    pub unit_capacity: Vec<i64>,
    /// How each unit starts.
    pub(super) unit_start: Vec<UnitStart>,
    /// What else is down at the start.
    pub(super) starts_dark: Vec<Event>,
    /// Strikes of hazards.
    pub strikes: Vec<Strike>,
    pub(super) timeline: Timeline,
    /// The country's share of the world's hashrate, 0 to 1.
    pub country_share: f64,
    /// Hashrate of the world outside the country, by day.
    pub rest_of_world: Vec<Hashrate>,
    /// Each pool's share of that.
    pub pool_share: Vec<f64>,
    /// Revenue of one EH/s over one day, USD, by day.
    pub usd_per_exahash_day: Vec<f64>,
    /// Revenue of one PH/s over one day, USD, by day.
    pub hashprice_usd: Vec<f64>,
}

/// Where a zone's load stands in a replication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LoadSource {
    /// In the system.
    AsGiven,
    /// Prepared in the plan, at this place.
    Prepared(usize),
    /// Drawn.
    Drawn,
}

/// How a unit starts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct UnitStart {
    /// Out.
    pub down: bool,
    /// In a partial outage.
    pub derated: bool,
    /// Its state, of a unit that has several.
    pub state: u8,
}

impl Futures {
    /// Room for the futures of a plan's system.
    pub fn new(plan: &Plan<'_>) -> Self {
        let zones = plan.system.zones.len();
        Self {
            loads: vec![LoadProfile::default(); zones],
            load_source: vec![LoadSource::AsGiven; zones],
            ..Self::default()
        }
    }

    /// Firm load of a zone over the horizon.
    #[inline]
    pub fn load<'a>(&'a self, plan: &'a Plan<'_>, zone: usize) -> &'a LoadProfile {
        match self.load_source[zone] {
            LoadSource::AsGiven => &plan.system.zones[zone].load,
            LoadSource::Prepared(place) => plan.loads.profile(place),
            LoadSource::Drawn => &self.loads[zone],
        }
    }

    /// Whether a zone's load is drawn; if not, weather year and forecast steps decide it.
    pub fn load_is_drawn(&self, zone: usize) -> bool {
        self.load_source[zone] == LoadSource::Drawn
    }

    /// What an hourly output gives at an instant, W.
    pub(super) fn hourly_output(&self, plan: &Plan<'_>, id: HourlyOutputId, now: Instant) -> i64 {
        let series = plan.system.hourly_outputs[id.at()].of_year(self.weather_year);
        let hour = (now.0 / crate::quantity::MS_PER_HOUR) as usize;
        series.get(hour).copied().unwrap_or(0)
    }

    /// The exogenous events, in order.
    pub fn timeline(&self) -> &Timeline {
        &self.timeline
    }
}

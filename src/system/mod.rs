//! What exists: the immutable model of one scenario, in flat arrays with typed indices.
//!
//! May enter: quantities, laws of random durations and inputs, stream addresses.
//! May not enter: anything that changes during a replication, files, text of a scenario.
//!
//! Entities of each kind are sorted by name, so that the order of tables in a file never
//! reaches a result.

mod bitcoin;
mod farm;
mod forecast;
mod hazard;
mod index;
mod inference;
mod input;
mod link;
mod market;
mod observer;
mod operator;
mod plant;
mod profile;
mod provenance;
mod states;
mod store;
mod weather;
mod window;
mod zone;

pub use bitcoin::{
    Blocks, Calibration, Claim, Economics, EpochStart, Observed, ObservedDay, PoolReading, Rival,
    TimedBlock, World,
};
pub use farm::{Access, Farm, FarmStatus, LinkLoss, PriceResponse, StartProfile, StartStep};
pub use forecast::{HourlyOutput, LoadForecast, WeatherYears};
pub use hazard::{Hazard, HazardTiming, HazardWindow, LoadChange, Moment, Target};
pub use index::{
    AccessClassId, ClassId, ContractId, FarmId, GatewayId, HazardId, HourlyOutputId, InputId,
    LineId, LoadForecastId, OrderId, PlantId, PoolId, ProviderId, UnitId, WeatherId, ZoneId,
};
pub use inference::{Baseline, Inference, Timeline};
pub use input::{Input, Value};
pub use link::{AccessClass, Alternation, Gateway, Pool, Provider};
pub use market::Fleet;
pub use observer::{Observer, PoolReader, Reads};
pub use operator::{Contract, Operator, Order, OrderShare};
pub use plant::{Class, Output, Plant, StartTimes, Unit, WeatherTable};
pub use profile::LoadProfile;
pub use provenance::{Assumption, Basis, Mode};
pub use states::{CapacityState, MOST_STATES, StateModel, Transition};
pub use store::{Inflow, Store};
pub use weather::{LoadResponse, Weather};
pub use window::Window;
pub use zone::{Line, LoadScale, Zone};

use crate::quantity::{Instant, MS_PER_HOUR, Power, Span};

/// Everything that exists in one scenario. Built once, never changed.
#[derive(Debug, Clone)]
pub struct System {
    /// Scenario name, as in its file.
    pub name: String,
    /// One line for people.
    pub title: String,
    /// Forecast, hindcast or neither.
    pub mode: Mode,
    /// Start of the horizon, milliseconds since 1970-01-01 UTC.
    pub start_unix_ms: i64,
    /// Length of the horizon, a whole number of hours.
    pub horizon: Span,
    /// Study seed.
    pub seed: u64,
    /// Replications when the user names no other number.
    pub replications: u32,
    /// Reporting windows; the last is always `all`.
    pub windows: Vec<Window>,
    /// The window of the headline.
    pub headline_window: usize,
    /// Uncertain inputs, one draw each a replication.
    pub inputs: Vec<Input>,
    /// Zones of the grid.
    pub zones: Vec<Zone>,
    /// Load forecast uncertainty, for groups of zones.
    pub load_forecasts: Vec<LoadForecast>,
    /// Weather years drawn jointly; none: every series holds in all replications.
    pub weather_years: Option<WeatherYears>,
    /// Lines between zones.
    pub lines: Vec<Line>,
    /// Merit classes of plants, cheapest first.
    pub classes: Vec<Class>,
    /// Plants.
    pub plants: Vec<Plant>,
    /// Units of all plants; a plant's are contiguous.
    pub units: Vec<Unit>,
    /// Stores that plants draw on, in the order of their plants.
    pub stores: Vec<Store>,
    /// Outputs of units that are given hour by hour.
    pub hourly_outputs: Vec<HourlyOutput>,
    /// Temperature models.
    pub weathers: Vec<Weather>,
    /// Machine mixes.
    pub fleets: Vec<Fleet>,
    /// Mining farms.
    pub farms: Vec<Farm>,
    /// Mining pools.
    pub pools: Vec<Pool>,
    /// Classes of access that a kill switch treats alike.
    pub access_classes: Vec<AccessClass>,
    /// Internet providers.
    pub providers: Vec<Provider>,
    /// International gateways.
    pub gateways: Vec<Gateway>,
    /// Named and drawn misfortunes.
    pub hazards: Vec<Hazard>,
    /// Orders in force.
    pub orders: Vec<Order>,
    /// Interruptible contracts.
    pub contracts: Vec<Contract>,
    /// How the system operator answers a shortage.
    pub operator: Operator,
    /// The Bitcoin network around the country; none for a grid without mining.
    pub world: Option<World>,
    /// Prices that turn lost hashes into money.
    pub economics: Option<Economics>,
    /// Blocks one by one; none where the scenario does not ask for them.
    pub blocks: Option<Blocks>,
    /// What was seen in reality; shown beside results, never an input.
    pub observed: Observed,
    /// Named estimators, by name.
    pub observers: Vec<Observer>,
    /// Where every number comes from.
    pub assumptions: Vec<Assumption>,
    /// Dated happenings, for the strip under a chart: (milliseconds since start, words).
    pub milestones: Vec<(i64, String)>,
}

impl System {
    /// Whole hours in the horizon.
    pub fn hours(&self) -> usize {
        self.horizon.0 as usize / crate::quantity::MS_PER_HOUR as usize
    }
    /// Whole days in the horizon, the last one begun counting as one.
    pub fn days(&self) -> usize {
        self.hours().div_ceil(24)
    }
    /// Local hour of a zone, 0 to 24, at the begin of an hour of the horizon.
    pub fn local_hour(&self, hour: usize, zone: &Zone) -> f64 {
        let begin = self.start_unix_ms.rem_euclid(86_400_000) / 60_000;
        let at = Instant(hour as i64 * MS_PER_HOUR);
        (hour as i64 * 60 + i64::from(zone.minutes_ahead(at)) + begin).rem_euclid(1440) as f64
            / 60.0
    }

    /// True where state depends on load hour by hour: farms, stores, or plants that follow the
    /// weather.
    pub fn needs_hours(&self) -> bool {
        !self.farms.is_empty()
            || !self.stores.is_empty()
            || self.units.iter().any(|unit| unit.output != Output::Steady)
            || self
                .hazards
                .iter()
                .any(|hazard| !hazard.load_changes.is_empty())
    }
    /// True where some hazard or order belongs to the event, so that a paired run without it exists.
    pub fn has_event(&self) -> bool {
        self.hazards.iter().any(|hazard| hazard.event)
            || self.orders.iter().any(|order| order.event)
    }
    /// Nameplate capacity of all units.
    pub fn nameplate(&self) -> Power {
        self.units.iter().map(|unit| unit.nameplate).sum()
    }
}

//! A scenario as written: one struct a table, every key with its unit, range and default.
//!
//! May enter: serde, schemars, nothing of the model. May not enter: meaning (that is `build`).
//!
//! The JSON Schema derived from these structs is not only printed by `hashfall schema`: it is
//! what checks a file, fills the defaults and finds the nearest known key. So a key is
//! declared once, here, with `minimum`, `exclusiveMinimum`, `maximum` and `default`.

/// Declares a table of the scenario: refuses unknown keys, and takes the provenance keys that
/// every table has. `reliable` tables also take the keys of things that fail and are repaired.
macro_rules! table {
    ($(#[$meta:meta])* reliable $name:ident { $($body:tt)* }) => {
        table! {
            $(#[$meta])*
            $name {
                $($body)*
                /// Mean time to failure, h.
                #[serde(default)]
                #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 1e9))]
                pub mttf_h: Option<f64>,
                /// Mean time to repair, h.
                #[serde(default)]
                #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 1e6))]
                pub mttr_h: Option<f64>,
                /// Forced outage rate, a share; with `mttr_h`, instead of `mttf_h`.
                #[serde(default)]
                #[schemars(extend("minimum" = 0, "exclusiveMaximum" = 1))]
                pub forced_outage_rate: Option<f64>,
                /// Failures in a year of 8760 h of operation, instead of `mttf_h`.
                #[serde(default)]
                #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 1e6))]
                pub failures_per_year: Option<f64>,
                /// Repairs in a year of 8760 h of outage, instead of `mttr_h`.
                #[serde(default)]
                #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 1e7))]
                pub repairs_per_year: Option<f64>,
                /// Law of the time up. Default "exponential".
                #[serde(default)]
                pub up_law: Option<$crate::scenario::raw::Law>,
                /// Law of the time down. Default "exponential".
                #[serde(default)]
                pub down_law: Option<$crate::scenario::raw::Law>,
            }
        }
        impl $name {
            /// The keys of failure and repair.
            pub fn reliability(&self) -> $crate::scenario::raw::Reliability {
                $crate::scenario::raw::Reliability {
                    mttf_h: self.mttf_h,
                    mttr_h: self.mttr_h,
                    forced_outage_rate: self.forced_outage_rate,
                    failures_per_year: self.failures_per_year,
                    repairs_per_year: self.repairs_per_year,
                    up_law: self.up_law.clone(),
                    down_law: self.down_law.clone(),
                }
            }
        }
    };
    ($(#[$meta:meta])* $name:ident { $($body:tt)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, serde::Deserialize, schemars::JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($body)*
            /// Where the numbers come from, in words and with a place to look.
            #[serde(default)]
            pub source: Option<String>,
            /// How they are known. Default "sourced" where `source` is given, else "assumed".
            #[serde(default)]
            pub basis: Option<$crate::scenario::raw::Basis>,
            /// Since when they are known (date, or RFC 3339). A forecast refuses what was
            /// learnt of hashrate, pools or miners after `scenario.known_until`.
            #[serde(default)]
            pub known_since: Option<String>,
            /// Anything else a reader should know.
            #[serde(default)]
            pub note: Option<String>,
        }
    };
}

mod farm;
mod hazard;
mod inference;
mod internet;
mod number;
mod observer;
mod operator;
mod plant;
mod study;
mod world;
mod zone;

pub use farm::{
    Farm, FarmDefaults, Fleet, Hold, LinkLoss, Mixed, Model, NeverWord, PriceResponse, RestWord,
    Start, Status,
};
pub use hazard::{Hazard, HazardWindow, LoadChange};
pub use inference::{Baseline, Dark, Inference, Timeline};
pub use internet::{AccessClass, Gateway, Outages, Pool, Provider};
pub use number::{Basis, Delayed, Distribution, Law, LawWord, Moment, Number, Reliability, Series};
pub use observer::{Observer, ObserverKind, Weighting};
pub use operator::{Contract, Leaves, Operator, Order, Running};
pub use plant::{
    Class, Derating, Inflow, Maintenance, Output, Planned, Plant, StartTimes, State, Storage,
    Temperature, Transition,
};
pub use study::{
    Anything, Design, Hindcast, LoadForecast, Milestone, Mode, Study, Sweep, SweepParameter,
    WeatherYears, Window,
};
pub use world::{
    Blocks, Calibration, Claim, ClaimOf, Daily, Economics, Observed, PoolChange, Rival, World,
};
pub use zone::{Line, LoadResponse, Weather, Zone};

use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A hashfall scenario.
///
/// One TOML file for structure, CSV beside it for fleets and time series. Any key described as
/// a *number* may be a plain number, a distribution such as `{ uniform = [0.13, 0.18] }`, or
/// `{ input = "NAME" }` for one of `[inputs]`. Moments are RFC 3339 with an offset, quoted or
/// not, or `{ at = "...", plus_minutes = NUMBER }`.
///
/// Tables of a kind may also stand in a CSV (`plants_csv`, `farms_csv`, `pools_csv`): one row a
/// table, one column a key (`on_link_loss.hold_minutes` for a key in a key), lists separated
/// by `;`, an empty cell for an omitted key.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "hashfall scenario")]
pub struct Scenario {
    /// Version of this schema: 1.
    #[schemars(extend("minimum" = 1, "maximum" = 1))]
    pub schema: u32,
    /// Name, time, replications, seed.
    pub scenario: Study,
    /// Spans of time over which results are given; `all`, the whole horizon, is always there.
    #[serde(default)]
    pub window: Vec<Window>,
    /// Named uncertain inputs, each drawn once a replication.
    #[serde(default)]
    pub inputs: BTreeMap<String, Distribution>,
    /// Zones of the grid.
    #[serde(default)]
    pub zone: Vec<Zone>,
    /// Load forecast uncertainty.
    #[serde(default)]
    pub load_forecast: Vec<LoadForecast>,
    /// Several years of weather, one of them drawn in each replication.
    #[serde(default)]
    pub weather_years: Option<WeatherYears>,
    /// Temperature models.
    #[serde(default)]
    pub weather: Vec<Weather>,
    /// Lines between zones: any network, rings and parallel lines included.
    #[serde(default)]
    pub line: Vec<Line>,
    /// Merit classes of plants.
    #[serde(default)]
    pub class: Vec<Class>,
    /// Plants.
    #[serde(default)]
    pub plant: Vec<Plant>,
    /// CSV with more plants, a row each.
    #[serde(default)]
    pub plants_csv: Option<String>,
    /// Mixes of mining machines.
    #[serde(default)]
    pub fleet: Vec<Fleet>,
    /// Keys that every farm takes where it has none of its own.
    #[serde(default)]
    pub farm_defaults: Option<FarmDefaults>,
    /// Mining farms.
    #[serde(default)]
    pub farm: Vec<Farm>,
    /// CSV with more farms, a row each.
    #[serde(default)]
    pub farms_csv: Option<String>,
    /// Classes of internet access. None given: one, `any`, that every farm has.
    #[serde(default)]
    pub access_class: Vec<AccessClass>,
    /// Internet providers. None given: one, `internet`, that never fails by itself.
    #[serde(default)]
    pub provider: Vec<Provider>,
    /// International gateways. None given: one, `border`, that never fails by itself.
    #[serde(default)]
    pub gateway: Vec<Gateway>,
    /// Mining pools. None given: one, `pool`, that never fails.
    #[serde(default)]
    pub pool: Vec<Pool>,
    /// CSV with more pools, a row each.
    #[serde(default)]
    pub pools_csv: Option<String>,
    /// Named and drawn misfortunes.
    #[serde(default)]
    pub hazard: Vec<Hazard>,
    /// Curtailment orders in force.
    #[serde(default)]
    pub order: Vec<Order>,
    /// Interruptible contracts.
    #[serde(default)]
    pub contract: Vec<Contract>,
    /// How the system operator answers a shortage.
    #[serde(default)]
    pub operator: Option<Operator>,
    /// The Bitcoin network around the country; needed where there are farms.
    #[serde(default)]
    pub world: Option<World>,
    /// What hashes are worth; without it no revenue is computed.
    #[serde(default)]
    pub economics: Option<Economics>,
    /// Blocks one by one; without it hashrate alone is computed.
    #[serde(default)]
    pub blocks: Option<Blocks>,
    /// What was seen in reality: shown beside results, never an input.
    #[serde(default)]
    pub observed: Option<Observed>,
    /// Named estimators over the simulated futures and over what was observed.
    #[serde(default)]
    pub observer: Vec<Observer>,
    /// What a hindcast knows beside; of no effect without `--hindcast`.
    #[serde(default)]
    pub hindcast: Option<Hindcast>,
    /// Points for `hashfall sweep`.
    #[serde(default)]
    pub sweep: Option<Sweep>,
}

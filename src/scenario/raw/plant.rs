//! Merit classes and plants.

use super::{Number, Series};
use schemars::JsonSchema;
use serde::Deserialize;

table! {
    /// A merit class: plants of one kind and cost.
    Class {
        /// Name, as "hard-coal".
        pub name: String,
        /// Variable cost, USD/MWh; sets the merit order. Default 0.
        #[serde(default)]
        #[schemars(extend("minimum" = -1000, "maximum" = 10000))]
        pub cost_usd_mwh: f64,
        /// Emission factor, t CO2/MWh sent out. Default 0.
        #[serde(default)]
        #[schemars(extend("minimum" = 0, "maximum" = 5))]
        pub tco2_mwh: f64,
        /// How long a start takes after an outage that the grid caused. Default: no time.
        #[serde(default)]
        pub start: Option<StartTimes>,
    }
}

/// Start times after time off, h: hot up to 8 h, warm up to 48 h, cold beyond.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StartTimes {
    /// After at most 8 h off, h.
    #[schemars(extend("minimum" = 0, "maximum" = 1000))]
    pub hot_h: f64,
    /// After at most 48 h off, h.
    #[schemars(extend("minimum" = 0, "maximum" = 1000))]
    pub warm_h: f64,
    /// After longer, h.
    #[schemars(extend("minimum" = 0, "maximum" = 1000))]
    pub cold_h: f64,
}

table! {
    /// A plant: a group of equal units. Without `mttr_h` (or `repairs_per_year`) and one of
    /// `mttf_h`, `forced_outage_rate` and `failures_per_year` its units never fail.
    reliable Plant {
        /// Name.
        pub name: String,
        /// Its zone.
        pub zone: String,
        /// Its merit class. Default: one of its own, `unclassed`, at no cost.
        #[serde(default)]
        pub class: Option<String>,
        /// Number of equal units. Default 1.
        #[serde(default)]
        #[schemars(extend("minimum" = 1, "maximum" = 1000, "default" = 1))]
        pub units: u16,
        /// Nameplate capacity of each unit, MW. (The largest unit in the world has 1,750.)
        #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 10000))]
        pub capacity_mw: f64,
        /// Number: share of nameplate that can be had before forced outages. Default 1.
        #[serde(default)]
        #[schemars(extend("minimum" = 0, "maximum" = 1))]
        pub dependable_share: Option<Number>,
        /// { wind = MEAN SHARE }, { sun = MEAN SHARE }, { hourly_mw = SERIES } or
        /// { total_mw = SERIES }. Default: steady.
        #[serde(default)]
        pub output: Option<Output>,
        /// Share of each unit's failures that strike all units still up (beta factor). Default 0.
        #[serde(default)]
        #[schemars(extend("minimum" = 0, "maximum" = 1))]
        pub beta: f64,
        /// Partial outages.
        #[serde(default)]
        pub derating: Option<Derating>,
        /// How the failure rate follows temperature; its zone needs a `weather`.
        #[serde(default)]
        pub temperature: Option<Temperature>,
        /// Number: multiplies repair times. Default 1.
        #[serde(default)]
        #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 1000))]
        pub repair_factor: Option<Number>,
        /// States between full capacity and none, with `transitions`, instead of `mttf_h` and
        /// its like.
        #[serde(default)]
        pub states: Vec<State>,
        /// Ways between states: `up` (the full capacity), `down` (none) and those of `states`.
        #[serde(default)]
        pub transitions: Vec<Transition>,
        /// Times for which units are planned out.
        #[serde(default)]
        pub planned: Vec<Planned>,
        /// Maintenance of every unit once in the horizon, placed where load leaves most room.
        #[serde(default)]
        pub maintenance: Option<Maintenance>,
        /// What its units draw on: a battery, a pumped store, a reservoir. Without it they give
        /// what they can at all times.
        #[serde(default)]
        pub storage: Option<Storage>,
    }
}

table! {
    /// What a plant's units draw on. Filled from what the grid has to spare and by its inflow;
    /// drawn on only where load would else go unserved.
    Storage {
        /// What it holds when full, all units together, MWh.
        #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 1e8))]
        pub energy_mwh: f64,
        /// Most that it takes from the grid with all units in service, MW; with some out, in
        /// proportion. Default: what its units give together; with an inflow nothing.
        #[serde(default)]
        #[schemars(extend("minimum" = 0, "maximum" = 1e6))]
        pub charge_mw: Option<f64>,
        /// Share of what it takes from the grid that it can give back. Default 1.
        #[serde(default)]
        #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 1, "default" = 1))]
        pub efficiency: f64,
        /// How full it is at the start, a share. Default 1.
        #[serde(default)]
        #[schemars(extend("minimum" = 0, "maximum" = 1, "default" = 1))]
        pub initial_share: f64,
        /// What runs into it by itself, MW: a number, or a series hour by hour. Default 0.
        #[serde(default)]
        pub inflow_mw: Option<Inflow>,
    }
}

/// What runs into a store, MW.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Inflow {
    /// As much at all times.
    Steady(#[schemars(extend("minimum" = 0, "maximum" = 1e6))] f64),
    /// Hour by hour.
    Hourly(Box<Series>),
}

/// What units give while they are available.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Output {
    /// Follows the zone's wind.
    Wind {
        /// Mean share of capacity.
        #[schemars(extend("minimum" = 0, "maximum" = 1))]
        wind: f64,
    },
    /// Daylight only.
    Sun {
        /// Mean share of capacity over the day.
        #[schemars(extend("minimum" = 0, "maximum" = 0.5))]
        sun: f64,
    },
    /// As given hour by hour, before outages.
    Hourly {
        /// What each unit gives, MW: at most `capacity_mw`.
        hourly_mw: Box<Series>,
    },
    /// As given hour by hour for all plants that name the same series together.
    Total {
        /// What these plants give, MW: each unit has its part by `capacity_mw`, in whole watts;
        /// what is left over goes to the first by name.
        total_mw: Box<Series>,
    },
}

/// A state of a unit between `up` and `down`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// Name, as "derated".
    pub name: String,
    /// What the unit can give in it, MW.
    #[schemars(extend("minimum" = 0, "maximum" = 10000))]
    pub capacity_mw: f64,
}

/// A way from one state to another; exactly one of `per_year`, `per_h` and `mean_h`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Transition {
    /// The state left: `up`, `down`, or one of `states`.
    pub from: String,
    /// The state entered.
    pub to: String,
    /// Rate in a year of 8760 h spent in `from`.
    #[serde(default)]
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 1e7))]
    pub per_year: Option<f64>,
    /// Rate in an hour spent in `from`.
    #[serde(default)]
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 1e3))]
    pub per_h: Option<f64>,
    /// Mean time in `from` if this were the only way out, h.
    #[serde(default)]
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 1e9))]
    pub mean_h: Option<f64>,
}

/// Maintenance that is placed in the weeks in which load and what is out already leave most
/// room; `weeks` or `hours`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Maintenance {
    /// Length, weeks.
    #[serde(default)]
    #[schemars(extend("minimum" = 1, "maximum" = 52))]
    pub weeks: Option<u32>,
    /// Length, h.
    #[serde(default)]
    #[schemars(extend("minimum" = 1, "maximum" = 8784))]
    pub hours: Option<u32>,
}

table! {
    /// Partial outages of each unit.
    reliable Derating {
        /// Share of capacity lost while one lasts.
        #[schemars(extend("minimum" = 0, "maximum" = 1))]
        pub share: f64,
    }
}

table! {
    /// Unavailability against temperature; only its ratio to that at 10 °C is used. Either a
    /// `csv` with a `deg_c` column and a `column`, or `celsius` and `unavailability`.
    Temperature {
        /// The file.
        #[serde(default)]
        pub csv: Option<String>,
        /// Its column with the unavailability.
        #[serde(default)]
        pub column: Option<String>,
        /// Temperatures, rising, °C.
        #[serde(default)]
        pub celsius: Option<Vec<f64>>,
        /// Unavailability at each, on any scale.
        #[serde(default)]
        pub unavailability: Option<Vec<f64>>,
        /// Beyond the ends: go on along the last slope (true) or stay at the end (false, default).
        #[serde(default)]
        pub extrapolate: bool,
    }
}

/// A planned outage.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Planned {
    /// Begin, RFC 3339 with an offset. Default: begin of the horizon.
    #[serde(default)]
    #[schemars(extend("format" = "date-time"))]
    pub from: Option<String>,
    /// End, RFC 3339 with an offset. Default: end of the horizon.
    #[serde(default)]
    #[schemars(extend("format" = "date-time"))]
    pub until: Option<String>,
    /// The units concerned, counted from 1. Default: all.
    #[serde(default)]
    pub units: Option<Vec<u16>>,
}

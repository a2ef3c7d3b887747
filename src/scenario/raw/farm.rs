//! Mining farms and their machines.

use super::{Number, Outages, Series};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;

table! {
    /// A mix of mining machines, by equal parts of hashrate unless weights say otherwise.
    Fleet {
        /// Name.
        pub name: String,
        /// Its models.
        pub models: Vec<Model>,
        /// CSV with the columns `model` and `j_per_th`, for models that give no `j_per_th`.
        #[serde(default)]
        pub efficiency_csv: Option<String>,
    }
}

/// A model of machine.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Name, as in the fleet's `efficiency_csv` where that is used.
    pub model: String,
    /// Efficiency, J/TH. Default: from the fleet's `efficiency_csv`.
    #[serde(default)]
    #[schemars(extend("minimum" = 1, "maximum" = 1000000))]
    pub j_per_th: Option<f64>,
    /// Its part of the mix's hashrate. Default 1.
    #[serde(default)]
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 1e6, "default" = 1))]
    pub weight: f64,
}

/// Whether the grid operator knows the farm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Known: orders reach it.
    #[default]
    Registered,
    /// Hidden: ignores orders until found.
    Grey,
}

table! {
    /// One farm, or a group of farms treated as one.
    Farm {
        /// Name.
        pub name: String,
        /// The zone that feeds it.
        pub zone: String,
        /// "registered" or "grey".
        #[serde(default)]
        #[schemars(extend("default" = "registered"))]
        pub status: Status,
        /// Installed power at the wall, cooling included, MW.
        #[schemars(extend("minimum" = 0, "maximum" = 20000))]
        pub installed_mw: f64,
        /// Share of it that ran with the standing orders in force. Default 1.
        #[serde(default)]
        #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 1, "default" = 1))]
        pub running_share: f64,
        /// Number: efficiency, J/TH. This or `fleet`, unless `world.calibration` derives it.
        #[serde(default)]
        #[schemars(extend("minimum" = 1, "maximum" = 100000))]
        pub efficiency_j_th: Option<Number>,
        /// A `[[fleet]]` that gives the efficiency.
        #[serde(default)]
        pub fleet: Option<String>,
        /// Wall power over machine power at or below `pue_from_c`. Default 1.05.
        #[serde(default)]
        #[schemars(extend("minimum" = 1, "maximum" = 3, "default" = 1.05))]
        pub pue: f64,
        /// Above this temperature PUE and throttling rise, °C. Default 25.
        #[serde(default)]
        #[schemars(extend("minimum" = -60, "maximum" = 60, "default" = 25))]
        pub pue_from_c: f64,
        /// Rise of PUE per degree. Default 0.
        #[serde(default)]
        #[schemars(extend("minimum" = 0, "maximum" = 0.1))]
        pub pue_per_degree: f64,
        /// Share of hashrate lost per degree. Default 0.
        #[serde(default)]
        #[schemars(extend("minimum" = 0, "maximum" = 0.1))]
        pub heat_per_degree: f64,
        /// An `[[access_class]]`, or "mixed" (see `mixed_access`). Default: the only class.
        #[serde(default)]
        pub access: Option<String>,
        /// For access = "mixed": chance of each class, as { data-centre = NUMBER, household =
        /// "rest" }. Known numbers add up to 1; with a drawn one, one class is "rest".
        #[serde(default)]
        pub mixed_access: Option<BTreeMap<String, Mixed>>,
        /// Failures of the last mile. Default: none.
        #[serde(default)]
        pub access_outages: Option<Outages>,
        /// Providers, any one of which will do. Default: all.
        #[serde(default)]
        pub providers: Option<Vec<String>>,
        /// Pools in failover order. Default: all, the largest first.
        #[serde(default)]
        pub pools: Option<Vec<String>>,
        /// What happens when no pool can be reached.
        #[serde(default)]
        pub on_link_loss: Option<LinkLoss>,
        /// How machines come back. Default { boot_minutes = 10, stagger_minutes = 20, steps = 4 }.
        #[serde(default)]
        pub start: Option<Start>,
        /// How they come back while the crew cannot come to work. Default { time_constant_h = 24,
        /// steps = 8 }.
        #[serde(default)]
        pub crew_start: Option<Start>,
        /// Number: chance that it follows an order, drawn per call. Default 1, for grey farms 0.
        #[serde(default)]
        #[schemars(extend("minimum" = 0, "maximum" = 1))]
        pub compliance: Option<Number>,
        /// An order reaches it only over the internet.
        #[serde(default)]
        pub order_needs_link: bool,
        /// May be cut by the operator in a shortage. Default: true for registered farms.
        #[serde(default)]
        pub interruptible: Option<bool>,
        /// Lower is cut first; ties by name. Default 0.
        #[serde(default)]
        pub cut_priority: u8,
        /// Its `[[contract]]`.
        #[serde(default)]
        pub contract: Option<String>,
        /// Mines only while it pays.
        #[serde(default)]
        pub price_response: Option<PriceResponse>,
        /// Its telecom site lives this long in a dark zone, h. Default 4.
        #[serde(default)]
        #[schemars(extend("minimum" = 0, "maximum" = 1000, "default" = 4))]
        pub telecom_battery_h: f64,
        /// Share of its revenue kept by the pool. Default 0.02.
        #[serde(default)]
        #[schemars(extend("minimum" = 0, "maximum" = 0.5, "default" = 0.02))]
        pub pool_fee: f64,
        /// What it pays for electricity, USD/MWh. Default 40.
        #[serde(default)]
        #[schemars(extend("minimum" = 0, "maximum" = 10000, "default" = 40))]
        pub tariff_usd_mwh: f64,
    }
}

/// Keys that every farm takes where it has none of its own: those of `[[farm]]`, none required.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct FarmDefaults {}

impl JsonSchema for FarmDefaults {
    fn schema_name() -> Cow<'static, str> {
        "FarmDefaults".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = Farm::json_schema(generator);
        schema.remove("required");
        schema.insert(
            "description".into(),
            "Keys that every farm takes where it has none of its own.".into(),
        );
        if let Some(properties) = schema.get_mut("properties").and_then(|p| p.as_object_mut()) {
            properties.remove("name");
            for property in properties.values_mut() {
                if let Some(object) = property.as_object_mut() {
                    object.remove("default");
                }
            }
        }
        schema
    }
}

/// The chance of an access class: a number, or "rest" for what the others leave.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Mixed {
    /// What the others leave.
    Rest(RestWord),
    /// A chance.
    Chance(Number),
}

/// The word "rest".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RestWord {
    /// What the others leave.
    Rest,
}

/// Minutes until the operator cuts power: a number, or "never".
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Hold {
    /// Never cuts power.
    Never(NeverWord),
    /// After these minutes.
    Minutes(Number),
}

/// The word "never".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum NeverWord {
    /// Never.
    Never,
}

/// What the operator does with machines that lost their pool.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkLoss {
    /// Number: minutes until power is cut, or "never". Default 15.
    #[serde(default)]
    #[schemars(extend("minimum" = 0, "maximum" = 1e6))]
    pub hold_minutes: Option<Hold>,
    /// Share of power drawn while holding. Default 1.
    #[serde(default)]
    #[schemars(extend("minimum" = 0, "maximum" = 1, "default" = 1))]
    pub hold_power: f64,
    /// Share of power drawn asleep. Default 0.02.
    #[serde(default)]
    #[schemars(extend("minimum" = 0, "maximum" = 1, "default" = 0.02))]
    pub after_power: f64,
}

/// A staircase by which machines come back: `table`; or `boot_minutes` and `stagger_minutes`
/// (nothing before the boot ends, then `steps` equal steps); or `time_constant_h` (exponential).
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Start {
    /// Boot and preheat, min.
    #[serde(default)]
    #[schemars(extend("minimum" = 0, "maximum" = 100000))]
    pub boot_minutes: Option<f64>,
    /// Time over which starts are spread after the first, min. Default 0.
    #[serde(default)]
    #[schemars(extend("minimum" = 0, "maximum" = 100000))]
    pub stagger_minutes: Option<f64>,
    /// Time constant of an exponential return, h.
    #[serde(default)]
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 10000))]
    pub time_constant_h: Option<f64>,
    /// Number of steps. Default 4.
    #[serde(default)]
    #[schemars(extend("minimum" = 1, "maximum" = 100, "default" = 4))]
    pub steps: u16,
    /// [[minutes, share back], ...], both rising, the last share 1.
    #[serde(default)]
    pub table: Option<Vec<[f64; 2]>>,
}

/// Mines only while it pays.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PriceResponse {
    /// Constant price of electricity, USD/MWh. This or `price`.
    #[serde(default)]
    #[schemars(extend("minimum" = -10000, "maximum" = 100000))]
    pub price_usd_mwh: Option<f64>,
    /// Hourly price, USD/MWh once multiplied with its `factor`.
    #[serde(default)]
    pub price: Option<Series>,
    /// Stops above break-even times (1 + band), starts below break-even times (1 - band).
    /// Default 0.05.
    #[serde(default)]
    #[schemars(extend("minimum" = 0, "exclusiveMaximum" = 1, "default" = 0.05))]
    pub dead_band: f64,
    /// Shortest time on, h. Default 1.
    #[serde(default)]
    #[schemars(extend("minimum" = 0, "maximum" = 1000, "default" = 1))]
    pub minimum_up_h: f64,
    /// Shortest time off, h. Default 1.
    #[serde(default)]
    #[schemars(extend("minimum" = 0, "maximum" = 1000, "default" = 1))]
    pub minimum_down_h: f64,
}

//! Zones, temperature and lines.

use super::{Number, Series};
use schemars::JsonSchema;
use serde::Deserialize;

table! {
    /// A part of the grid without bottlenecks inside.
    Zone {
        /// Name.
        pub name: String,
        /// Hourly load, in MW once multiplied with its `factor`. This or `load_mw`.
        #[serde(default)]
        pub load: Option<Series>,
        /// Constant load, MW.
        #[serde(default)]
        #[schemars(extend("minimum" = 0, "maximum" = 2e6))]
        pub load_mw: Option<f64>,
        /// Number: multiplies the load of every hour. Default 1.
        #[serde(default)]
        #[schemars(extend("minimum" = 0, "maximum" = 1e6))]
        pub scale: Option<Number>,
        /// The load is a statistic of demand, which contains the mining that ran: subtract it.
        #[serde(default)]
        pub contains_mining: bool,
        /// Name of a `[[weather]]`.
        #[serde(default)]
        pub weather: Option<String>,
        /// How load answers temperature; needs `weather`.
        #[serde(default)]
        pub load_response: Option<LoadResponse>,
        /// Reserve that the operator keeps before it lets miners run, MW. Default: the largest
        /// unit of the zone where it has interruptible mining, else 0.
        #[serde(default)]
        #[schemars(extend("minimum" = 0, "maximum" = 2e6))]
        pub reserve_mw: Option<f64>,
        /// Firm load of a lower priority is shed first. Default 0.
        #[serde(default)]
        pub priority: u8,
        /// A neighbour system: its own load and adequacy are not reported.
        #[serde(default)]
        pub external: bool,
        /// Local time ahead of UTC, h. Default 0.
        #[serde(default)]
        #[schemars(extend("minimum" = -12, "maximum" = 14))]
        pub utc_offset_h: f64,
        /// Local time by its name in the IANA database, as "Asia/Almaty", instead of
        /// `utc_offset_h`: clocks then change when they did.
        #[serde(default)]
        pub time_zone: Option<String>,
    }
}

/// Load rises by a share for each degree below a base.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LoadResponse {
    /// Below this daily mean load rises, °C.
    #[schemars(extend("minimum" = -60, "maximum" = 60))]
    pub base_c: f64,
    /// Rise per degree, a share (0.006 = 0.6 %).
    #[schemars(extend("minimum" = 0, "maximum" = 0.2))]
    pub per_degree: f64,
    /// The temperature at which the load is right as given, °C. Default: the weather's mean.
    #[serde(default)]
    #[schemars(extend("minimum" = -60, "maximum" = 60))]
    pub reference_c: Option<f64>,
    /// Load never exceeds the given load times this. Default 1.2.
    #[serde(default)]
    #[schemars(extend("minimum" = 1, "maximum" = 10, "default" = 1.2))]
    pub maximum_factor: f64,
}

table! {
    /// Temperature: daily means by a first-order autoregression, a sine within the day.
    Weather {
        /// Name, usually that of the zone.
        pub name: String,
        /// Mean, °C.
        #[schemars(extend("minimum" = -60, "maximum" = 60))]
        pub mean_c: f64,
        /// Standard deviation of daily means, °C. Default 0.
        #[serde(default)]
        #[schemars(extend("minimum" = 0, "maximum" = 30))]
        pub daily_sd_c: f64,
        /// Correlation of a day with the next. Default 0.
        #[serde(default)]
        #[schemars(extend("minimum" = 0, "exclusiveMaximum" = 1))]
        pub lag1: f64,
        /// Half the range within a day, °C; warmest at 15:00 local time. Default 0.
        #[serde(default)]
        #[schemars(extend("minimum" = 0, "maximum" = 30))]
        pub diurnal_amplitude_c: f64,
        /// Share of the variance of daily innovations common to all weathers. Default 0.
        #[serde(default)]
        #[schemars(extend("minimum" = 0, "maximum" = 1))]
        pub common_share: f64,
        /// Days over which temperature is averaged before it acts on outages. Default 3.
        #[serde(default)]
        #[schemars(extend("minimum" = 1, "maximum" = 30, "default" = 3))]
        pub outage_mean_days: u32,
        /// A fixed path of daily means, °C, instead of a drawn one: at least a value a day.
        #[serde(default)]
        pub fixed_daily_c: Option<Vec<f64>>,
        /// The same as hourly values of which each day's mean is taken.
        #[serde(default)]
        pub fixed_hourly_c: Option<Series>,
    }
}

table! {
    /// A line, or a set of equal circuits, between two zones.
    reliable Line {
        /// Name.
        pub name: String,
        /// Zone at one end; flow from it is positive.
        pub from: String,
        /// Zone at the other end.
        pub to: String,
        /// Number: limit from `from` to `to` with all circuits in service, MW.
        #[schemars(extend("minimum" = 0, "maximum" = 100000))]
        pub capacity_mw: Number,
        /// Number: limit the other way, MW. Default: the same.
        #[serde(default)]
        #[schemars(extend("minimum" = 0, "maximum" = 100000))]
        pub backward_mw: Option<Number>,
        /// Equal circuits that fail one by one and share the limits equally. Default 1.
        #[serde(default)]
        #[schemars(extend("minimum" = 1, "maximum" = 100, "default" = 1))]
        pub circuits: u16,
        /// The N-1 rule: all lines between the same two zones that have it carry together no more
        /// than they could after the loss of their largest circuit. Default false.
        #[serde(default)]
        pub n_minus_1: bool,
        /// Hours above this share of the limit are reported. Default 0.9.
        #[serde(default)]
        #[schemars(extend("minimum" = 0, "maximum" = 1, "default" = 0.9))]
        pub report_above: f64,
    }
}

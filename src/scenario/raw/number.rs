//! Values that many tables share: numbers that may be uncertain, moments, series, laws.

use schemars::JsonSchema;
use serde::Deserialize;

/// How a number is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// Read in a source.
    Sourced,
    /// Computed from sourced numbers.
    Derived,
    /// Assumed.
    Assumed,
}

/// A number, a distribution such as { uniform = [a, b] }, or { input = "NAME" }.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Number {
    /// A known number.
    Fixed(f64),
    /// A distribution, or the name of an input.
    Drawn(Box<Distribution>),
}

table! {
    /// A distribution: exactly one of `value`, `uniform`, `normal`, `triangular`, `lognormal`,
    /// `choice` and `input`.
    Distribution {
        /// A known number (useful in `[inputs]`, so that it has a name).
        #[serde(default)]
        pub value: Option<f64>,
        /// [low, high].
        #[serde(default)]
        pub uniform: Option<[f64; 2]>,
        /// [mean, standard deviation]; with `low` and `high`, truncated to them.
        #[serde(default)]
        pub normal: Option<[f64; 2]>,
        /// Lower end of a truncated normal.
        #[serde(default)]
        pub low: Option<f64>,
        /// Upper end of a truncated normal.
        #[serde(default)]
        pub high: Option<f64>,
        /// [low, mode, high].
        #[serde(default)]
        pub triangular: Option<[f64; 3]>,
        /// [median, sigma of the logarithm].
        #[serde(default)]
        pub lognormal: Option<[f64; 2]>,
        /// One of these values.
        #[serde(default)]
        pub choice: Option<Vec<f64>>,
        /// Weights of `choice`. Default: equal.
        #[serde(default)]
        pub weights: Option<Vec<f64>>,
        /// The name of one of `[inputs]`.
        #[serde(default)]
        pub input: Option<String>,
        /// Unit, for tables: "MW", "EH/s", "J/TH", "min", "h", "share", ... Default: that of the key.
        #[serde(default)]
        pub unit: Option<String>,
    }
}

/// A moment: RFC 3339 with an offset, or { at = "...", plus_minutes = NUMBER }.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Moment {
    /// A known instant.
    At(#[schemars(extend("format" = "date-time"))] String),
    /// An instant with an uncertain delay.
    #[serde(rename_all = "snake_case")]
    Delayed(Box<Delayed>),
}

/// An instant and a delay.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Delayed {
    /// The earliest instant, RFC 3339 with an offset.
    #[schemars(extend("format" = "date-time"))]
    pub at: String,
    /// Minutes after it: a number.
    #[schemars(extend("minimum" = 0, "maximum" = 5e6))]
    pub plus_minutes: Number,
}

table! {
    /// Hourly values: a column of a CSV, or `values`. The CSV has a column `time_utc` (or `time`;
    /// RFC 3339, any offset), or `hour`, which counts 0, 1, 2, ... or from 1: its first row is the
    /// first hour of the horizon, or begins at `begins`. One row an hour, at least as long as the
    /// horizon. Both `csv` and `column` may hold `{year}`: see `[weather_years]`.
    Series {
        /// The file, beside the scenario.
        #[serde(default)]
        pub csv: Option<String>,
        /// The column.
        #[serde(default)]
        pub column: Option<String>,
        /// The values themselves, an hour each, instead of a CSV.
        #[serde(default)]
        pub values: Option<Vec<f64>>,
        /// When the first row begins, RFC 3339 with an offset, where rows only count hours.
        /// Default: begin of the horizon.
        #[serde(default)]
        #[schemars(extend("format" = "date-time"))]
        pub begins: Option<String>,
        /// Whose clock rows keep that have a `time` without offset, by its name in the IANA
        /// database, as "Asia/Almaty". Where clocks change an hour may be there twice, or not.
        #[serde(default)]
        pub time_zone: Option<String>,
        /// What the column is multiplied with. Default 1.
        #[serde(default)]
        #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 1e12, "default" = 1))]
        pub factor: f64,
    }
}

/// The law of a duration whose mean is given elsewhere: "exponential", "fixed",
/// { weibull_shape = 2 } or { lognormal_cv = 0.8 }.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Law {
    /// A law without a parameter.
    Word(LawWord),
    /// A Weibull law.
    Weibull {
        /// Shape: above 1 it wears out, below 1 it fails early.
        #[schemars(extend("minimum" = 0.2, "maximum" = 20))]
        weibull_shape: f64,
    },
    /// A lognormal law.
    Lognormal {
        /// Coefficient of variation.
        #[schemars(extend("minimum" = 0.01, "maximum" = 10))]
        lognormal_cv: f64,
    },
}

/// A law without a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LawWord {
    /// Without memory.
    Exponential,
    /// Always the mean.
    Fixed,
}

/// The keys of a thing that fails and is repaired, taken out of its table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reliability {
    /// Mean time to failure, h.
    pub mttf_h: Option<f64>,
    /// Mean time to repair, h.
    pub mttr_h: Option<f64>,
    /// Forced outage rate.
    pub forced_outage_rate: Option<f64>,
    /// Failures in a year of operation.
    pub failures_per_year: Option<f64>,
    /// Repairs in a year of outage.
    pub repairs_per_year: Option<f64>,
    /// Law of the time up.
    pub up_law: Option<Law>,
    /// Law of the time down.
    pub down_law: Option<Law>,
}

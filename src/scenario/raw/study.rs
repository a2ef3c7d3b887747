//! What is studied: name, time, replications, windows.

use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What a scenario may know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Not tied to an event in the past.
    #[default]
    Study,
    /// Only what was known before the event.
    Forecast,
    /// Later sources allowed; marked on every figure.
    Hindcast,
}

table! {
    /// Name, time, replications and seed.
    Study {
        /// Name: letters, digits, `-` and `_`; the folder of its results is called so.
        pub name: String,
        /// One line for people. Default: the name.
        #[serde(default)]
        pub title: Option<String>,
        /// "study", "forecast" or "hindcast".
        #[serde(default)]
        #[schemars(extend("default" = "study"))]
        pub mode: Mode,
        /// Begin of the horizon, RFC 3339 with an offset, on a whole hour.
        #[schemars(extend("format" = "date-time"))]
        pub start: String,
        /// Length of the horizon, d (a whole number of hours). This or `duration_hours`.
        #[serde(default)]
        #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 3660))]
        pub duration_days: Option<f64>,
        /// Length of the horizon, h.
        #[serde(default)]
        #[schemars(extend("minimum" = 1, "maximum" = 87840))]
        pub duration_hours: Option<u32>,
        /// Replications, when the command line names no other number.
        #[serde(default)]
        #[schemars(extend("minimum" = 1, "maximum" = 4294967295u64, "default" = 1000))]
        pub replications: u32,
        /// Seed of every draw.
        #[serde(default)]
        #[schemars(extend("minimum" = 0, "default" = 1))]
        pub seed: u64,
        /// The window whose numbers stand first. Default `all`.
        #[serde(default)]
        #[schemars(extend("default" = "all"))]
        pub headline_window: String,
        /// Dated happenings, for the strip under a chart.
        #[serde(default)]
        pub milestones: Vec<Milestone>,
        /// In a forecast: nothing inferred from hashrate, pools or miners may be known later
        /// than this (date, or RFC 3339). Default: `start`.
        #[serde(default)]
        pub known_until: Option<String>,
    }
}

/// A dated happening.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Milestone {
    /// When, RFC 3339 with an offset.
    #[schemars(extend("format" = "date-time"))]
    pub at: String,
    /// What.
    pub text: String,
}

table! {
    /// Several years of weather of which each replication draws one, for everything alike: load,
    /// hourly output and temperature whose `csv` or `column` holds `{year}` are read once for each
    /// name. Their rows are those of the horizon, whatever the year.
    WeatherYears {
        /// What stands for `{year}`: two or more names.
        pub names: Vec<String>,
        /// Weight of each. Default: equal.
        #[serde(default)]
        pub weights: Option<Vec<f64>>,
    }
}

table! {
    /// Load forecast uncertainty: the load of some zones, all hours alike, is off by -3, -2, ...
    /// 3 standard deviations with probabilities .006 .061 .242 .382 .242 .061 .006 (the
    /// seven-step normal), drawn once a replication.
    LoadForecast {
        /// Name.
        pub name: String,
        /// Standard deviation, as a share of load (0.02 = 2 %).
        #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 0.33))]
        pub sd: f64,
        /// The zones that err together (`*` and `?` allowed). Default ["*"].
        #[serde(default)]
        #[schemars(extend("default" = ["*"]))]
        pub zones: Vec<String>,
    }
}

/// Any value of TOML, as its key has it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct Anything(pub toml::Value);

impl JsonSchema for Anything {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Anything".into()
    }
    fn json_schema(_generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "description": "Any value of TOML, as its key has it." })
    }
}

table! {
    /// The same scenario with later knowledge. With `--hindcast` these keys take their values,
    /// the mode is `hindcast`, and the scenario is called `NAME-hindcast`.
    Hindcast {
        /// Keys as of `--set`, quoted, and their values: `"economics.hold_after" =
        /// "2022-01-21"`.
        pub set: BTreeMap<String, Anything>,
    }
}

/// How the points of a sweep are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Design {
    /// Every value of each parameter with every value of the others.
    #[default]
    Grid,
    /// As many strata of each parameter as points, each met once, paired at random.
    LatinHypercube,
    /// Points of the Sobol sequence.
    Sobol,
}

table! {
    /// Points for `hashfall sweep`; a plain run takes no heed of them.
    Sweep {
        /// "grid", "latin-hypercube" or "sobol".
        #[serde(default)]
        #[schemars(extend("default" = "grid"))]
        pub design: Design,
        /// Points of a design that draws.
        #[serde(default)]
        #[schemars(extend("minimum" = 1, "maximum" = 10000))]
        pub points: Option<u32>,
        /// What varies.
        pub param: Vec<SweepParameter>,
        /// Indices that stand first on screen and in charts. Default: lost hashrate, curtailed
        /// mining, LOLE and EUE, as far as there are any.
        #[serde(default)]
        pub show: Vec<String>,
    }
}

/// One parameter of a sweep.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SweepParameter {
    /// The key, as of `--set`: "line.north-south.capacity_mw", "farm.*.compliance".
    pub path: String,
    /// Its values: "0:3000:500" (from, to, step), "0.5:0.9" (from, to; designs that draw), or
    /// "a,b,c".
    pub values: String,
    /// What it is called in charts. Default: the path.
    #[serde(default)]
    pub label: Option<String>,
}

table! {
    /// A span of time over which results are given.
    Window {
        /// Name; `all` is taken.
        pub name: String,
        /// Begin, RFC 3339 with an offset.
        #[schemars(extend("format" = "date-time"))]
        pub from: String,
        /// End, RFC 3339 with an offset.
        #[schemars(extend("format" = "date-time"))]
        pub until: String,
    }
}

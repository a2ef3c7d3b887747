//! What `hashfall infer` is to know beside the observations.

use schemars::JsonSchema;
use serde::Deserialize;

table! {
    /// How much hashrate was truly missing, given the observations: what `hashfall infer` needs
    /// beside `blocks_csv` and `claims`. Nothing of it reaches a simulation.
    Inference {
        /// When it was dark, as the sources may be read: one timeline a reading.
        pub timeline: Vec<Timeline>,
        /// Days that block counts are compared with; the first is that of the joint answer.
        #[serde(default)]
        pub baseline: Vec<Baseline>,
        /// [lowest, highest] loss of the uniform prior, a share of the world, 0 to 0.95. Default
        /// [0, 0.3].
        #[serde(default)]
        pub prior: Option<[f64; 2]>,
        /// [lowest, highest] growth of the world, share per week, uniform. Default [0, 0.03].
        #[serde(default)]
        pub growth_per_week: Option<[f64; 2]>,
        /// Chance that a reading of pools compares two instants, else means over its window.
        /// Default 0.5.
        #[serde(default)]
        #[schemars(extend("minimum" = 0, "maximum" = 1, "default" = 0.5))]
        pub pools_as_instants: f64,
        /// How many times the world's loss the pools read lost, by choice and weighting of pools:
        /// equally likely values. Default [0.8, 1, 1, 1.25].
        #[serde(default)]
        pub pool_factors: Option<Vec<f64>>,
        /// Standard deviation of what else is wrong with a reading of pools, a share. Default
        /// 0.02.
        #[serde(default)]
        #[schemars(extend("minimum" = 0.001, "maximum" = 1, "default" = 0.02))]
        pub pool_error: f64,
    }
}

table! {
    /// One reading of the sources: when it was dark.
    Timeline {
        /// Name, as "cut-at-noon".
        pub name: String,
        /// The spans, in order.
        pub dark: Vec<Dark>,
        /// How likely, against the other timelines. Default 1.
        #[serde(default)]
        #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 1e6, "default" = 1))]
        pub weight: f64,
    }
}

/// A span in which hashrate was missing.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dark {
    /// Begin, RFC 3339 with an offset.
    #[schemars(extend("format" = "date-time"))]
    pub from: String,
    /// End, RFC 3339 with an offset.
    #[schemars(extend("format" = "date-time"))]
    pub until: String,
}

table! {
    /// Undisturbed days that block counts are compared with.
    Baseline {
        /// In words: "11 December to 4 January".
        pub name: String,
        /// Begin, RFC 3339 with an offset.
        #[schemars(extend("format" = "date-time"))]
        pub from: String,
        /// End, RFC 3339 with an offset.
        #[schemars(extend("format" = "date-time"))]
        pub until: String,
    }
}

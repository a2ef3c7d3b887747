//! Named estimators.

use schemars::JsonSchema;
use serde::Deserialize;

/// What an observer reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ObserverKind {
    /// Blocks over a trailing window.
    Count,
    /// The time that the last blocks took.
    LastBlocks,
    /// The change of pools' readings.
    Pools,
    /// Blocks of one span against those of another.
    Change,
    /// Daily counts with a trend and an effect.
    Trend,
}

/// How a mean over pools is formed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Weighting {
    /// The plain mean of the pools' changes.
    #[default]
    Plain,
    /// The change of the pools' sum.
    ByHashrate,
}

table! {
    /// A named estimator: reads every simulated future, and by the same definition what was
    /// observed. Its spans may reach beyond the horizon: before the start the world stands at its
    /// level at the start, after the end at its last one.
    Observer {
        /// Name.
        pub name: String,
        /// "count" (blocks over `window_h`), "last-blocks" (the time the last `blocks` took),
        /// "pools" (their change from `against_at` to `at`), "change" (blocks from `from` to
        /// `until` against those from `against_from` to `against_until`) or "trend" (an effect
        /// from `from` to `until` in a regression of daily counts).
        pub kind: ObserverKind,
        /// Moment of the reading, RFC 3339 with an offset. Of "count" and "last-blocks": one
        /// reading in place of a series.
        #[serde(default)]
        #[schemars(extend("format" = "date-time"))]
        pub at: Option<String>,
        /// Of "pools": moment of the reading it is held against.
        #[serde(default)]
        #[schemars(extend("format" = "date-time"))]
        pub against_at: Option<String>,
        /// Begin: of the first window of a series (default: the first UTC midnight of the
        /// horizon, or the start), or of the span in question.
        #[serde(default)]
        #[schemars(extend("format" = "date-time"))]
        pub from: Option<String>,
        /// End: of the last window of a series (default: the end of the horizon), or of the span
        /// in question.
        #[serde(default)]
        #[schemars(extend("format" = "date-time"))]
        pub until: Option<String>,
        /// Of "change": begin of the span it is held against.
        #[serde(default)]
        #[schemars(extend("format" = "date-time"))]
        pub against_from: Option<String>,
        /// Of "change": end of that span.
        #[serde(default)]
        #[schemars(extend("format" = "date-time"))]
        pub against_until: Option<String>,
        /// Of "trend": begin of the first UTC day that is fitted.
        #[serde(default)]
        #[schemars(extend("format" = "date-time"))]
        pub fit_from: Option<String>,
        /// Of "trend": end of the last one.
        #[serde(default)]
        #[schemars(extend("format" = "date-time"))]
        pub fit_until: Option<String>,
        /// Of "count" and "pools": the window of a reading, h, up to its moment. Default 24.
        #[serde(default)]
        #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 8784, "default" = 24))]
        pub window_h: f64,
        /// Of a series: time from one reading to the next, h. Default 24.
        #[serde(default)]
        #[schemars(extend("minimum" = 1, "maximum" = 8784, "default" = 24))]
        pub every_h: f64,
        /// Of "last-blocks": how many. Default 144.
        #[serde(default)]
        #[schemars(extend("minimum" = 2, "maximum" = 2016, "default" = 144))]
        pub blocks: u32,
        /// Of "trend": powers of time. Default 1, a straight line.
        #[serde(default)]
        #[schemars(extend("minimum" = 0, "maximum" = 3, "default" = 1))]
        pub degree: u32,
        /// Of "pools": time constant of the exponential smoothing of what pools show, h.
        /// Default 0, none.
        #[serde(default)]
        #[schemars(extend("minimum" = 0, "maximum" = 168))]
        pub smoothing_h: f64,
        /// Of "pools": "plain" (mean of the pools' changes) or "by-hashrate" (change of their
        /// sum). Default "plain".
        #[serde(default)]
        #[schemars(extend("default" = "plain"))]
        pub weighting: Weighting,
        /// Of "pools": names (`*` and `?` allowed). Default ["*"].
        #[serde(default)]
        #[schemars(extend("default" = ["*"]))]
        pub pools: Vec<String>,
        /// Of "pools": names in `observed.pools_csv` whose reported changes read just this.
        #[serde(default)]
        pub reported: Vec<String>,
    }
}

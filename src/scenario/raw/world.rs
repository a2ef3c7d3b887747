//! The Bitcoin network around the country, its money, and what was seen of it.

use super::{Inference, Number};
use schemars::JsonSchema;
use serde::Deserialize;

table! {
    /// World hashrate and the country's part of it.
    World {
        /// Number: world hashrate at the start, EH/s.
        #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 9000))]
        pub level_ehs: Number,
        /// Number: growth of the rest of the world, share per week. Default 0.
        #[serde(default)]
        #[schemars(extend("minimum" = -0.5, "maximum" = 0.5))]
        pub growth_per_week: Option<Number>,
        /// Number: standard deviation of extra daily noise of the rest of the world, share.
        /// Default 0.
        #[serde(default)]
        #[schemars(extend("minimum" = 0, "maximum" = 0.2))]
        pub noise_sd: Option<Number>,
        /// Correlation of that noise from day to day. Default 0.
        #[serde(default)]
        #[schemars(extend("minimum" = 0, "exclusiveMaximum" = 1))]
        pub noise_lag1: f64,
        /// Effective count of the Dirichlet prior on pool shares. Default: shares are known.
        #[serde(default)]
        #[schemars(extend("minimum" = 1, "maximum" = 1e9))]
        pub pool_effective_count: Option<f64>,
        /// Mean time between blocks, s, for stale shares. Default 600.
        #[serde(default)]
        #[schemars(extend("minimum" = 1, "maximum" = 100000, "default" = 600))]
        pub block_interval_s: f64,
        /// Other shares of the country at which the headline is also given, 0 to 1.
        #[serde(default)]
        pub headline_shares: Vec<f64>,
        /// Derives the farms' efficiency from the country's share and running load.
        #[serde(default)]
        pub calibration: Option<Calibration>,
    }
}

table! {
    /// How drawn inputs fix the farms' hashrate: running load / PUE = share x world x J/TH.
    Calibration {
        /// The one of `[inputs]` that is the country's share of world hashrate, 0 to 1.
        pub share: String,
        /// The one of `[inputs]` that is the running mining load at the wall, MW.
        pub running_mw: String,
        /// [lowest, highest] accepted efficiency, J/TH; draws outside are drawn again.
        pub efficiency_range_j_th: [f64; 2],
        /// PUE at which that holds. Default 1.05.
        #[serde(default)]
        #[schemars(extend("minimum" = 1, "maximum" = 3, "default" = 1.05))]
        pub pue: f64,
        /// The `[[fleet]]` of modern machines.
        pub modern: String,
        /// The `[[fleet]]` of old machines.
        pub old: String,
    }
}

table! {
    /// What hashes are worth. Difficulty and price: constants, or `daily` from a CSV.
    Economics {
        /// Difficulty, constant.
        #[serde(default)]
        #[schemars(extend("minimum" = 1, "maximum" = 1e18))]
        pub difficulty: Option<f64>,
        /// USD per BTC, constant.
        #[serde(default)]
        #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 1e9))]
        pub price_usd: Option<f64>,
        /// Difficulty and price by UTC day.
        #[serde(default)]
        pub daily: Option<Daily>,
        /// Last day whose values are used; later days hold them. Needed in a forecast that uses
        /// `daily` (there at most `scenario.known_until`).
        #[serde(default)]
        pub hold_after: Option<String>,
        /// Block height at the start, for the subsidy.
        #[schemars(extend("minimum" = 0, "maximum" = 6930000))]
        pub height: u32,
        /// Number: fees as a share of the subsidy. Default 0.
        #[serde(default)]
        #[schemars(extend("minimum" = 0, "maximum" = 10))]
        pub fee_share: Option<Number>,
    }
}

/// Daily difficulty and price from a CSV with a `date_utc` column (YYYY-MM-DD).
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Daily {
    /// The file.
    pub csv: String,
    /// Column of the difficulty. Default "difficulty_mean".
    #[serde(default)]
    #[schemars(extend("default" = "difficulty_mean"))]
    pub difficulty_column: String,
    /// Column of the price, USD per BTC. Default "price_usd".
    #[serde(default)]
    #[schemars(extend("default" = "price_usd"))]
    pub price_column: String,
}

table! {
    /// Blocks one by one, with difficulty following them.
    Blocks {
        /// Difficulty at the start. Default: that at which `world.level_ehs` finds a block every
        /// 600 s.
        #[serde(default)]
        #[schemars(extend("minimum" = 1, "maximum" = 1e18))]
        pub difficulty: Option<f64>,
        /// Height of the next block at the start. Default: anywhere in an epoch of 2016 blocks,
        /// drawn; its earlier blocks came as fast as they do at `world.level_ehs`.
        #[serde(default)]
        #[schemars(extend("minimum" = 0, "maximum" = 6930000))]
        pub height: Option<u32>,
        /// CSV of real epochs: `height` and `unix` of the first block of each, `bits_hex`. Difficulty
        /// and begin of the epoch that contains the start are read from it; needs `height`.
        #[serde(default)]
        pub epochs_csv: Option<String>,
        /// Number: demand for block space, as a share of what a block every 600 s gives.
        /// Default 0.9.
        #[serde(default)]
        #[schemars(extend("minimum" = 0, "maximum" = 2))]
        pub demand_share: Option<Number>,
    }
}

table! {
    /// What was seen in reality: shown beside results, never an input.
    Observed {
        /// CSV of blocks by UTC day: `date_utc`, `block_count`, `difficulty_mean`; and, or they are
        /// computed, `hashrate_ehs_from_count`, `ci95_lo_ehs`, `ci95_hi_ehs`; other columns are
        /// ignored.
        #[serde(default)]
        pub blocks_csv: Option<String>,
        /// CSV of header times, for counts that begin or end within a day: `unix` (s), `difficulty`;
        /// without a gap from the first block to the last; other columns are ignored.
        #[serde(default)]
        pub block_times_csv: Option<String>,
        /// CSV of reported changes of pools: `pool`, `change_pct`, `reported_by`; other columns
        /// are ignored.
        #[serde(default)]
        pub pools_csv: Option<String>,
        /// The two 24 h windows compared for the pools' change.
        #[serde(default)]
        pub pool_change: Option<PoolChange>,
        /// Claims in the press.
        #[serde(default)]
        pub claims: Vec<Claim>,
        /// What `hashfall backtest` scores the simulation against, beside "no loss": simpler
        /// stories with the same world level, growth and noise.
        #[serde(default)]
        pub rivals: Vec<Rival>,
        /// Losses, shares of the world over the headline's window, that `hashfall backtest`
        /// tries to tell apart: two to eight. Default [0, 0.06, 0.13, 0.18].
        #[serde(default)]
        #[schemars(extend("default" = [0.0, 0.06, 0.13, 0.18]))]
        pub tell_apart: Vec<f64>,
        /// What `hashfall infer` needs beside them.
        #[serde(default)]
        pub inference: Option<Inference>,
    }
}

/// A simpler story of the same days: a share of the world is absent for a time.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rival {
    /// Its name in tables and charts.
    pub name: String,
    /// Share of the world that is absent.
    #[schemars(extend("minimum" = 0, "exclusiveMaximum" = 1))]
    pub loss: f64,
    /// Begin, RFC 3339 with an offset. Default: that of the headline's window.
    #[serde(default)]
    #[schemars(extend("format" = "date-time"))]
    pub from: Option<String>,
    /// End, RFC 3339 with an offset. Default: that of the headline's window.
    #[serde(default)]
    #[schemars(extend("format" = "date-time"))]
    pub until: Option<String>,
}

/// Two windows of 24 h.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PoolChange {
    /// Begin of the earlier, RFC 3339 with an offset.
    #[schemars(extend("format" = "date-time"))]
    pub before_from: String,
    /// Begin of the later, RFC 3339 with an offset.
    #[schemars(extend("format" = "date-time"))]
    pub after_from: String,
}

/// What a claim is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ClaimOf {
    /// Mining pools.
    Pools,
    /// The whole network.
    Network,
}

/// A claim in the press.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// What was claimed.
    pub what: String,
    /// Change, percent.
    #[schemars(extend("minimum" = -100, "maximum" = 1000))]
    pub percent: f64,
    /// Who claimed it.
    pub source: String,
    /// Begin of the span it speaks of, RFC 3339 with an offset.
    #[schemars(extend("format" = "date-time"))]
    pub from: String,
    /// End of it, RFC 3339 with an offset.
    #[schemars(extend("format" = "date-time"))]
    pub until: String,
    /// "pools" or "network".
    pub of: ClaimOf,
}

//! The Bitcoin network around the country, its money, and what was seen of it.

use super::{Inference, InputId, Value};
use crate::random::StreamId;

/// World hashrate and the country's part of it.
///
/// World level, share and running load are drawn; J/TH follows:
/// running load / PUE = share x world x efficiency. Draws whose efficiency leaves the range
/// are drawn again, all three together.
#[derive(Debug, Clone)]
pub struct World {
    /// World hashrate at the start, EH/s.
    pub level_ehs: Value,
    /// The country's share of it; none: farms bring their own efficiency.
    pub calibration: Option<Calibration>,
    /// Growth of the rest of the world, share per week.
    pub growth_per_week: Value,
    /// Standard deviation of extra daily noise of the rest of the world, share.
    pub noise_sd: Value,
    /// Correlation of that noise from day to day.
    pub noise_lag1: f64,
    /// Stream `world/noise`.
    pub noise_stream: StreamId,
    /// Effective count of the Dirichlet prior on pool shares; none: shares are known.
    pub pool_effective_count: Option<f64>,
    /// Mean time between blocks, s, for stale shares.
    pub block_interval_s: f64,
    /// Other shares of the country at which the headline is also given, (label value 0 to 1).
    pub headline_shares: Vec<f64>,
}

/// How drawn inputs fix the farms' hashrate.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// The country's share of world hashrate.
    pub share: InputId,
    /// Running mining load at the wall, MW.
    pub running_mw: InputId,
    /// Accepted efficiency, J/TH.
    pub efficiency_range_j_th: (f64, f64),
    /// PUE at which that holds.
    pub pue: f64,
    /// Index into the fleets of the modern mix.
    pub modern: usize,
    /// Index into the fleets of the old mix.
    pub old: usize,
}

/// What hashes are worth.
#[derive(Debug, Clone, PartialEq)]
pub struct Economics {
    /// Difficulty of each day of the horizon.
    pub difficulty: Vec<f64>,
    /// USD per BTC of each day.
    pub price_usd: Vec<f64>,
    /// Height at the start, for the subsidy.
    pub height: u32,
    /// Fees as a share of the subsidy.
    pub fee_share: Value,
}

impl Economics {
    /// Block subsidy at the start, BTC: 50 halved every 210,000 blocks (consensus rule).
    pub fn subsidy_btc(&self) -> f64 {
        let halvings = self.height / 210_000;
        if halvings >= 64 {
            0.0
        } else {
            50.0 / (1_u64 << halvings) as f64
        }
    }
}

/// The chain at the start, where blocks are found one by one.
#[derive(Debug, Clone, PartialEq)]
pub struct Blocks {
    /// Difficulty; none: a block every 600 s at the start.
    pub difficulty: Option<f64>,
    /// Height of the next block; none: anywhere in an epoch.
    pub height: Option<u32>,
    /// The epoch that contains the start, where it is known from headers.
    pub epoch: Option<EpochStart>,
    /// All epochs that are known from headers, by height: for the exposure of real counts, where
    /// those after the start are facts as well; never an input.
    pub epochs: Vec<EpochStart>,
    /// Demand for block space, as a share of what a block every 600 s gives.
    pub demand_share: Value,
    /// Stream `blocks/phase`.
    pub phase_stream: StreamId,
    /// Stream `blocks/work`.
    pub work_stream: StreamId,
}

/// The first block of a difficulty epoch, from its header.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EpochStart {
    /// Its height, divisible by 2016.
    pub height: u32,
    /// Its header time, s since 1970.
    pub unix_s: i64,
    /// Its target, as headers hold it.
    pub bits: u32,
}

/// A block's header time and difficulty.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TimedBlock {
    /// Header time, ms since 1970; that of a later block can be earlier.
    pub unix_ms: i64,
    /// Difficulty.
    pub difficulty: f64,
}

/// What was seen in reality. Shown beside results; never an input.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Observed {
    /// Blocks by UTC day.
    pub days: Vec<ObservedDay>,
    /// Blocks by header time, sorted by it; without a gap from the first to the last.
    pub block_times: Vec<TimedBlock>,
    /// Reported changes of pools.
    pub pools: Vec<PoolReading>,
    /// 24 h windows compared for the pools' change, ms since start: (before from, after from).
    pub pool_change_from: Option<(i64, i64)>,
    /// Claims in the press: (claim, percent, source, what of the simulation it is compared with).
    pub claims: Vec<Claim>,
    /// What the simulation is scored against.
    pub rivals: Vec<Rival>,
    /// Losses, as shares of the world, that a backtest tries to tell apart.
    pub tell_apart: Vec<f64>,
    /// What is known beside them, for saying how much was truly missing.
    pub inference: Option<Inference>,
}

/// A simpler story of the same days: a share of the world is absent between two moments.
#[derive(Debug, Clone, PartialEq)]
pub struct Rival {
    /// Its name.
    pub name: String,
    /// Share of the world that is absent, 0 to below 1.
    pub loss: f64,
    /// From, ms since start.
    pub from: i64,
    /// Until, ms since start.
    pub until: i64,
}

/// A claim in the press.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// What was claimed.
    pub what: String,
    /// Percent.
    pub percent: f64,
    /// Who.
    pub source: String,
    /// From, ms since start.
    pub from: i64,
    /// Until, ms since start.
    pub until: i64,
    /// `pools` or `network`.
    pub of: String,
}

/// A UTC day's block count.
#[derive(Debug, Clone, PartialEq)]
pub struct ObservedDay {
    /// Day begin, ms since 1970.
    pub unix_ms: i64,
    /// Blocks.
    pub blocks: u32,
    /// Difficulty, mean of the day.
    pub difficulty: f64,
    /// Estimate and its exact 95 % interval, EH/s.
    pub ehs: (f64, f64, f64),
}

/// A reported change of one pool.
#[derive(Debug, Clone, PartialEq)]
pub struct PoolReading {
    /// Pool.
    pub pool: String,
    /// Change, percent.
    pub change_pct: f64,
    /// Reported by.
    pub source: String,
}

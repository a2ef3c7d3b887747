//! Mining farms: what stands there, how it is connected, and how its operator behaves.

use super::Alternation;
use super::{AccessClassId, ContractId, PoolId, ProviderId, Value, ZoneId};
use crate::quantity::{Power, Span};
use crate::random::StreamId;

/// Whether the grid operator knows the farm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FarmStatus {
    /// Known: orders reach it.
    Registered,
    /// Hidden: ignores orders until found.
    Grey,
}

/// The class of a farm's internet access.
#[derive(Debug, Clone, PartialEq)]
pub enum Access {
    /// Known.
    Class(AccessClassId),
    /// Drawn: one of these classes with these probabilities; the last takes what the others
    /// leave, whatever stands beside it.
    Mixed(Vec<(AccessClassId, Value)>),
}

/// What the operator does with machines that lost their pool.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkLoss {
    /// Minutes until the operator cuts power; infinite = never.
    pub hold_minutes: Value,
    /// Share of power drawn while holding.
    pub hold_power: f64,
    /// Share of power drawn asleep.
    pub after_power: f64,
}

/// A step of a start: after this time this share of the machines hashes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StartStep {
    /// Time since the start of the start.
    pub after: Span,
    /// Share of what is to come back that has come back, 0 to 1 million.
    pub share_ppm: i64,
}

/// A staircase by which machines come back.
#[derive(Debug, Clone, PartialEq)]
pub struct StartProfile {
    /// Steps in rising time, the last at one million.
    pub steps: Vec<StartStep>,
}

/// Mines only while it pays.
#[derive(Debug, Clone, PartialEq)]
pub struct PriceResponse {
    /// Hourly electricity price, USD/MWh, over the horizon (one value: constant).
    pub price_usd_mwh: Vec<f64>,
    /// Stops above break-even times (1 + band), starts below break-even times (1 - band).
    pub dead_band: f64,
    /// Shortest time on.
    pub minimum_up: Span,
    /// Shortest time off.
    pub minimum_down: Span,
}

/// One farm, or a group of farms treated as one.
#[derive(Debug, Clone)]
pub struct Farm {
    /// Name.
    pub name: String,
    /// Where it draws power.
    pub zone: ZoneId,
    /// Known to the operator or not.
    pub status: FarmStatus,
    /// Installed power at the wall, cooling included, before any scaling.
    pub installed: Power,
    /// Share of it that ran with the standing orders in force: defines the scaling.
    pub running_share: f64,
    /// Efficiency, J/TH, where no world calibration derives it.
    pub efficiency_j_th: Value,
    /// Wall power over machine power at or below `pue_from_c`.
    pub pue: f64,
    /// Above this temperature PUE rises by `pue_per_degree`, and hashrate falls by `heat_per_degree`.
    pub pue_from_c: f64,
    /// Rise of PUE per degree.
    pub pue_per_degree: f64,
    /// Share of hashrate lost per degree (throttling).
    pub heat_per_degree: f64,
    /// Access class.
    pub access: Access,
    /// Draw of a mixed class, stream `farm/NAME/access-class`.
    pub class_stream: StreamId,
    /// Last-mile failures, stream `farm/NAME/access`.
    pub access_outages: Option<Alternation>,
    /// Providers; any one will do.
    pub providers: Vec<ProviderId>,
    /// Pools in failover order.
    pub pools: Vec<PoolId>,
    /// What happens when no pool can be reached.
    pub link_loss: LinkLoss,
    /// How machines come back.
    pub start: StartProfile,
    /// How they come back while the crew cannot come to work.
    pub crew_start: StartProfile,
    /// Chance that it follows an order, drawn per call. Stream `farm/NAME/compliance`.
    pub compliance: Value,
    /// Stream of those draws.
    pub compliance_stream: StreamId,
    /// An order reaches it only over the internet.
    pub order_needs_link: bool,
    /// May be cut by the operator's ladder.
    pub interruptible: bool,
    /// Its place in the ladder: lower is cut first (ties by name).
    pub cut_priority: u8,
    /// Its contract, if any.
    pub contract: Option<ContractId>,
    /// Price response, if any.
    pub price: Option<PriceResponse>,
    /// Its telecom site lives this long in a dark zone.
    pub telecom_battery: Span,
    /// Share of its revenue kept by the pool.
    pub pool_fee: f64,
    /// What it pays for electricity, USD/MWh.
    pub tariff_usd_mwh: f64,
}

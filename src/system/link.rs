//! The internet side: access classes, providers, gateways, pools; and what alternates.

use super::GatewayId;
use crate::random::{DurationLaw, StreamId};

/// An entity that alternates between up and down by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Alternation {
    /// Law of the time up.
    pub up: DurationLaw,
    /// Law of the time down.
    pub down: DurationLaw,
    /// Its stream. Draws 0 and 1 choose the stationary start, draws 2 and 3 the residual,
    /// then up and down times by ordinal: see `engine::alternate`.
    pub stream: StreamId,
}

/// A class of access that a kill switch treats alike.
#[derive(Debug, Clone)]
pub struct AccessClass {
    /// Name, as `data-centre`.
    pub name: String,
}

/// An internet provider.
#[derive(Debug, Clone)]
pub struct Provider {
    /// Name.
    pub name: String,
    /// Its ways out of the country; any one will do.
    pub gateways: Vec<GatewayId>,
    /// Failures of its backbone.
    pub outages: Option<Alternation>,
    /// Delay it adds, ms (a satellite hop adds 600), which makes shares stale.
    pub delay_ms: f64,
}

/// An international gateway.
#[derive(Debug, Clone)]
pub struct Gateway {
    /// Name.
    pub name: String,
    /// Its own failures.
    pub outages: Option<Alternation>,
}

/// A mining pool.
#[derive(Debug, Clone)]
pub struct Pool {
    /// Name.
    pub name: String,
    /// Share of the rest of the world's hashrate: centre of the prior, 0 to 1.
    pub share: f64,
    /// Failures of its endpoint.
    pub outages: Option<Alternation>,
    /// Stream of its draw in the prior.
    pub stream: StreamId,
}

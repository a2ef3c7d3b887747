//! The system operator's means: orders in force, contracts, and the curtailment ladder.

use super::{FarmId, Moment, Value};
use crate::quantity::Span;

/// What an order leaves a farm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum OrderShare {
    /// This share of installed power.
    Share(Value),
    /// The farm's own `running_share`.
    Running,
}

/// An order in force from one moment to another.
#[derive(Debug, Clone)]
pub struct Order {
    /// Name.
    pub name: String,
    /// Part of the event: off in the paired run.
    pub event: bool,
    /// Whom it addresses.
    pub farms: Vec<FarmId>,
    /// Begin.
    pub from: Moment,
    /// End.
    pub until: Moment,
    /// What it leaves.
    pub share: OrderShare,
    /// Whether it is obeyed for certain (observed already) or by the farm's compliance.
    pub certain: bool,
}

/// An interruptible contract.
#[derive(Debug, Clone)]
pub struct Contract {
    /// Name.
    pub name: String,
    /// Warning before power must be off.
    pub notice: Span,
    /// A call ends at the latest after this.
    pub maximum: Span,
    /// No new call before this much time after one.
    pub rest: Span,
    /// Calls allowed in the horizon.
    pub calls: u32,
    /// Paid for each MWh not drawn.
    pub payment_usd_mwh: f64,
}

/// The curtailment ladder.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Operator {
    /// From the need to the effect of an order to a farm without contract.
    pub order_delay: Span,
    /// Shortest time an order stays in force.
    pub order_minimum: Span,
}

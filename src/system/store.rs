//! What plants can draw on: batteries, pumped stores, reservoirs.

use super::{HourlyOutputId, PlantId};
use crate::quantity::{Energy, Power, Share};

/// The store of a plant: its units give only what is in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Store {
    /// The plant whose units draw on it.
    pub plant: PlantId,
    /// What it holds when full.
    pub energy: Energy,
    /// Most that it takes from the grid with all units in service.
    pub charge: Power,
    /// Share of what it takes from the grid that it can give back.
    pub efficiency: Share,
    /// What it holds at the start.
    pub initial: Energy,
    /// What runs into it by itself.
    pub inflow: Inflow,
}

/// What runs into a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inflow {
    /// As much at all times.
    Steady(Power),
    /// Hour by hour.
    Hourly(HourlyOutputId),
}

//! Plants, their units, and the merit classes they belong to.

use super::{Alternation, ClassId, HourlyOutputId, PlantId, StateModel, UnitId, Value, ZoneId};
use crate::quantity::{Power, Span};
use crate::random::StreamId;

/// A merit class: plants of one kind and cost.
#[derive(Debug, Clone)]
pub struct Class {
    /// Name, as `hard-coal`.
    pub name: String,
    /// Variable cost, USD/MWh; sets the merit order (ties by name).
    pub cost_usd_mwh: f64,
    /// Emission factor, t CO2/MWh sent out.
    pub tco2_mwh: f64,
    /// How long a start takes after an outage that the grid caused.
    pub start: StartTimes,
}

/// Start times after time off, hot up to 8 h, warm up to 48 h, cold beyond.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct StartTimes {
    /// After at most 8 h off.
    pub hot: Span,
    /// After at most 48 h off.
    pub warm: Span,
    /// After longer.
    pub cold: Span,
}

impl StartTimes {
    /// The start that follows a time off.
    pub fn after(&self, off: Span) -> Span {
        if off <= Span::from_hours(8.0) {
            self.hot
        } else if off <= Span::from_hours(48.0) {
            self.warm
        } else {
            self.cold
        }
    }
}

/// A plant: a group of units at one place.
#[derive(Debug, Clone)]
pub struct Plant {
    /// Name.
    pub name: String,
    /// Its zone.
    pub zone: ZoneId,
    /// Its merit class.
    pub class: ClassId,
    /// First unit in [`super::System::units`].
    pub first_unit: UnitId,
    /// Number of units.
    pub units: u16,
    /// Share of each unit's failures that strike all units still up (beta factor), 0 to 1.
    pub beta: f64,
    /// Stream of the common shocks, `plant/NAME/shock`.
    pub shock_stream: StreamId,
}

/// What a unit can give while it is available.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Output {
    /// Its dependable capacity at all times.
    Steady,
    /// Follows the zone's wind path around this mean share of capacity.
    Wind(f64),
    /// Daylight only, with this mean share of capacity over the day.
    Sun(f64),
    /// As given hour by hour, times the dependable share.
    Hourly(HourlyOutputId),
}

/// One generating unit.
#[derive(Debug, Clone)]
pub struct Unit {
    /// `PLANT/unit-K`.
    pub name: String,
    /// Its plant.
    pub plant: PlantId,
    /// Its zone.
    pub zone: ZoneId,
    /// Its merit class.
    pub class: ClassId,
    /// Nameplate capacity.
    pub nameplate: Power,
    /// Share of nameplate that can be had before forced outages.
    pub dependable: Value,
    /// What it gives while available.
    pub output: Output,
    /// Forced outages; none for a unit that never fails. Stream `plant/NAME/unit-K/outage`.
    pub outages: Option<Alternation>,
    /// More states than up and down, instead of `outages`: a Markov chain.
    pub states: Option<StateModel>,
    /// Partial outages: while one lasts the unit loses `derating_share` of its capacity.
    /// Stream `plant/NAME/unit-K/derating`.
    pub deratings: Option<Alternation>,
    /// Capacity lost during a partial outage, 0 to 1.
    pub derating_share: f64,
    /// Multiplies repair times (emergency outage hours of a bad year), usually 1.
    pub repair_factor: Value,
    /// How the failure rate follows temperature.
    pub weather: Option<WeatherTable>,
    /// Out of service for the whole horizon, or a part: planned, (from, until) in ms. Spans may
    /// overlap: the last one ends the outage.
    pub planned: Vec<(i64, i64)>,
    /// Maintenance that the build has placed, (from, until) in ms.
    pub maintenance: Option<(i64, i64)>,
}

/// Unavailability against temperature, relative to that at 10 °C.
///
/// Source of the shipped table: Murphy, Sowell and Apt 2019 as used by ReEDS.
#[derive(Debug, Clone, PartialEq)]
pub struct WeatherTable {
    /// Temperatures, rising, °C.
    pub celsius: Vec<f64>,
    /// q(T)/q(10 °C) at each.
    pub ratio: Vec<f64>,
    /// Below the first and above the last temperature: go on along the last slope (else clamp).
    pub extrapolate: bool,
}

impl WeatherTable {
    /// q(T)/q(10 °C), linear between the points.
    pub fn ratio_at(&self, celsius: f64) -> f64 {
        let last = self.celsius.len() - 1;
        let segment = match self.celsius.iter().position(|&point| celsius < point) {
            Some(0) if !self.extrapolate => return self.ratio[0],
            None if !self.extrapolate => return self.ratio[last],
            Some(0) => 1,
            Some(upper) => upper,
            None => last,
        };
        let (t0, t1) = (self.celsius[segment - 1], self.celsius[segment]);
        let (r0, r1) = (self.ratio[segment - 1], self.ratio[segment]);
        (r0 + (r1 - r0) * (celsius - t0) / (t1 - t0)).max(0.0)
    }
}

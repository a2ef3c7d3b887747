//! Hazards: named or drawn misfortunes that take any set of entities.

use super::{
    AccessClassId, FarmId, GatewayId, LineId, PlantId, PoolId, ProviderId, UnitId, Value, ZoneId,
};
use crate::quantity::{Instant, Power};
use crate::random::{DurationLaw, StreamId};

/// A dated moment with an uncertain delay: `at` plus a drawn number of minutes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moment {
    /// The earliest, or the known, instant.
    pub at: Instant,
    /// Minutes after it.
    pub plus_minutes: Value,
}

/// When a hazard strikes.
#[derive(Debug, Clone, PartialEq)]
pub enum HazardTiming {
    /// Once, from one moment to another.
    Dated {
        /// Begin.
        from: Moment,
        /// End.
        until: Moment,
    },
    /// At random: a Poisson process within a span of time.
    Drawn {
        /// Strikes a year of 8760 h.
        rate_per_year: Value,
        /// Law of each duration.
        duration: DurationLaw,
        /// Earliest strike.
        from: Instant,
        /// Latest strike.
        until: Instant,
    },
}

/// A time in which a dated hazard lets some access classes through.
#[derive(Debug, Clone, PartialEq)]
pub struct HazardWindow {
    /// Classes that come back.
    pub classes: Vec<AccessClassId>,
    /// Begin.
    pub from: Moment,
    /// End.
    pub until: Moment,
    /// Chance that it happens at all.
    pub chance: Value,
    /// Stream of that draw.
    pub stream: StreamId,
}

/// Something a hazard takes down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// The whole zone goes dark.
    Zone(ZoneId),
    /// All units of a plant.
    Plant(PlantId),
    /// One unit.
    Unit(UnitId),
    /// A line, all circuits.
    Line(LineId),
    /// Local power of a farm.
    Farm(FarmId),
    /// A farm's last mile.
    Access(FarmId),
    /// A provider.
    Provider(ProviderId),
    /// A gateway.
    Gateway(GatewayId),
    /// A pool.
    Pool(PoolId),
    /// A farm's crew: restarts are limited by people.
    Crew(FarmId),
}

/// Load switched off (negative) or on (positive) in a zone while a hazard lasts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LoadChange {
    /// Where.
    pub zone: ZoneId,
    /// How much.
    pub change: Power,
    /// The load that goes counts as unserved energy.
    pub unserved: bool,
}

/// A misfortune.
#[derive(Debug, Clone)]
pub struct Hazard {
    /// Name.
    pub name: String,
    /// Part of the event whose effect is asked for: off in the paired run.
    pub event: bool,
    /// When.
    pub timing: HazardTiming,
    /// Chance that it happens at all (each strike of a drawn one).
    pub chance: Value,
    /// Chance that each single target is hit, given that it happens.
    pub each_chance: Value,
    /// What goes down.
    pub targets: Vec<Target>,
    /// Load that changes.
    pub load_changes: Vec<LoadChange>,
    /// Chance that a farm keeps a path past this hazard's gateways (foreign SIM, leaked route).
    pub spares: Value,
    /// Times in which it lets classes through.
    pub windows: Vec<HazardWindow>,
    /// Stream `hazard/NAME`: timing and chance by ordinal.
    pub stream: StreamId,
    /// Streams `hazard/NAME/TARGET`, one for each of `targets`.
    pub target_streams: Vec<StreamId>,
    /// Streams `hazard/NAME/spare/FARM`, one a farm.
    pub spare_streams: Vec<StreamId>,
}

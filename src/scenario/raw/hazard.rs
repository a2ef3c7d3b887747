//! Misfortunes that take any set of entities.

use super::{Law, Moment, Number};
use schemars::JsonSchema;
use serde::Deserialize;

table! {
    /// A misfortune: dated (`from`, `until`) or drawn (`rate_per_year`, `duration_mean_h`).
    Hazard {
        /// Name.
        pub name: String,
        /// Part of the event whose effect is asked for: off in the paired run.
        #[serde(default)]
        pub event: bool,
        /// Begin; of a drawn one, the earliest strike. Default: begin of the horizon.
        #[serde(default)]
        pub from: Option<Moment>,
        /// End; of a drawn one, the latest strike. Default: end of the horizon.
        #[serde(default)]
        pub until: Option<Moment>,
        /// Number: strikes in a year of 8760 h. Given: the hazard is drawn.
        #[serde(default)]
        #[schemars(extend("minimum" = 0, "maximum" = 1e6))]
        pub rate_per_year: Option<Number>,
        /// Mean duration of each strike, h.
        #[serde(default)]
        #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 1e6))]
        pub duration_mean_h: Option<f64>,
        /// Law of each duration. Default "exponential".
        #[serde(default)]
        pub duration_law: Option<Law>,
        /// Number: chance that it happens at all (each strike of a drawn one). Default 1.
        #[serde(default)]
        #[schemars(extend("minimum" = 0, "maximum" = 1))]
        pub chance: Option<Number>,
        /// Number: chance that each single target is hit, given that it happens. Default 1.
        #[serde(default)]
        #[schemars(extend("minimum" = 0, "maximum" = 1))]
        pub each_chance: Option<Number>,
        /// What goes down, as KIND/NAME with `*` and `?` in the name: zone (dark), plant,
        /// unit/PLANT/unit-K, line, farm (its local power), access (a farm's last mile), crew (a
        /// farm's staff), provider, gateway, pool.
        #[serde(default)]
        pub takes_down: Vec<String>,
        /// Load that changes while it lasts.
        #[serde(default)]
        pub load_changes: Vec<LoadChange>,
        /// Number: chance that a farm keeps a path past this hazard's gateways (foreign SIM,
        /// satellite, leaked route). Default 0.
        #[serde(default)]
        #[schemars(extend("minimum" = 0, "maximum" = 1))]
        pub spares: Option<Number>,
        /// Times in which a dated one lets access classes through.
        #[serde(default)]
        pub window: Vec<HazardWindow>,
    }
}

/// Load switched off (negative) or on (positive) while a hazard lasts.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LoadChange {
    /// The zone.
    pub zone: String,
    /// How much, MW; negative is switched off.
    #[schemars(extend("minimum" = -2e6, "maximum" = 2e6))]
    pub change_mw: f64,
    /// The load that goes counts as unserved energy.
    #[serde(default)]
    pub unserved: bool,
}

table! {
    /// A time in which a dated hazard lets access classes through.
    HazardWindow {
        /// The classes that come back (`*` allowed).
        pub access_classes: Vec<String>,
        /// Begin.
        pub from: Moment,
        /// End.
        pub until: Moment,
        /// Number: chance that it happens at all. Default 1.
        #[serde(default)]
        #[schemars(extend("minimum" = 0, "maximum" = 1))]
        pub chance: Option<Number>,
    }
}

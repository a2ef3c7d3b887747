//! The system operator: orders in force, contracts, the ladder.

use super::{Moment, Number};
use schemars::JsonSchema;
use serde::Deserialize;

/// What an order leaves of installed power: a number (a share), or "running" for each farm's own
/// `running_share`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Leaves {
    /// Each farm's own `running_share`.
    Running(Running),
    /// A share.
    Share(Number),
}

/// The word "running".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Running {
    /// Each farm's own `running_share`.
    Running,
}

table! {
    /// A curtailment order in force from one moment to another.
    Order {
        /// Name.
        pub name: String,
        /// Part of the event: off in the paired run.
        #[serde(default)]
        pub event: bool,
        /// Farms it addresses (`*` and `?` allowed). Default ["*"].
        #[serde(default)]
        #[schemars(extend("default" = ["*"]))]
        pub farms: Vec<String>,
        /// Begin. Default: begin of the horizon.
        #[serde(default)]
        pub from: Option<Moment>,
        /// End. Default: end of the horizon.
        #[serde(default)]
        pub until: Option<Moment>,
        /// What it leaves: a number (share of installed power), or "running". Default 0.
        #[serde(default)]
        #[schemars(extend("minimum" = 0, "maximum" = 1))]
        pub leaves: Option<Leaves>,
        /// Obeyed for certain (observed already), not by each farm's `compliance`.
        #[serde(default)]
        pub certain: bool,
    }
}

table! {
    /// An interruptible contract.
    Contract {
        /// Name.
        pub name: String,
        /// Warning before power must be off, min. Default 0.
        #[serde(default)]
        #[schemars(extend("minimum" = 0, "maximum" = 100000))]
        pub notice_minutes: f64,
        /// A call ends at the latest after this, h. Default: no limit.
        #[serde(default)]
        #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 100000))]
        pub maximum_h: Option<f64>,
        /// No new call before this much time after one, h. Default 0.
        #[serde(default)]
        #[schemars(extend("minimum" = 0, "maximum" = 100000))]
        pub rest_h: f64,
        /// Calls allowed in the horizon. Default: any number.
        #[serde(default)]
        pub calls: Option<u32>,
        /// Paid for each MWh not drawn, USD/MWh. Default 0.
        #[serde(default)]
        #[schemars(extend("minimum" = 0, "maximum" = 100000))]
        pub payment_usd_mwh: f64,
    }
}

table! {
    /// How the system operator answers a shortage.
    Operator {
        /// From the need to the effect of an order to a farm without contract, min. Default 0.
        #[serde(default)]
        #[schemars(extend("minimum" = 0, "maximum" = 100000))]
        pub order_delay_minutes: f64,
        /// Shortest time an order stays in force, min. Default 0.
        #[serde(default)]
        #[schemars(extend("minimum" = 0, "maximum" = 100000))]
        pub order_minimum_minutes: f64,
    }
}

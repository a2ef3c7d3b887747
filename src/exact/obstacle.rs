//! Why there is no exact answer.

use std::fmt;

/// Something that exact answers cannot take in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// More zones than two, joined by lines.
    Network(usize),
    /// No zone whose adequacy is asked for.
    NoZone,
    /// Neighbours on a copper plate: their capacity would be the country's.
    Neighbours(Vec<String>),
    /// Two joined zones that are not shed alike.
    Priorities,
    /// Numbers that are drawn: what they are, and the inputs.
    Drawn(&'static str, Vec<String>),
    /// Load that follows a drawn temperature, by zone.
    LoadFollowsWeather(Vec<String>),
    /// Outages that follow the temperature, by plant.
    OutagesFollowWeather(Vec<String>),
    /// Wind along drawn paths, by plant.
    Wind(Vec<String>),
    /// Sun whose units fail or are planned out, by plant.
    FailingSun(Vec<String>),
    /// Units that fail together, by plant.
    CommonCause(Vec<String>),
    /// Units that draw on a store, by plant.
    Storage(Vec<String>),
    /// Hazards, by name.
    Hazards(Vec<String>),
    /// Standing orders to farms, by name.
    Orders(Vec<String>),
    /// Farms in joined zones.
    MiningBehindLines,
    /// A reserve kept before miners run, by zone.
    Reserve(Vec<String>),
    /// Orders that need time, or last longer than the need.
    OrderTimes,
    /// Farms sized by drawn inputs.
    Calibration,
    /// Farms that do not simply give way: why, and their names.
    Farms(&'static str, Vec<String>),
    /// Too many different amounts of capacity, in this zone.
    TooManyAmounts(String),
    /// An answer that would take too long.
    TooMuchWork,
    /// Units or lines whose times are not exponential.
    Memory,
    /// Energy demanded with mining.
    MiningDemand,
}

/// An index without an exact answer where others have one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// `system` or `zone/NAME`.
    pub scope: String,
    /// The index.
    pub index: &'static str,
    /// Why.
    pub reason: Obstacle,
}

impl Obstacle {
    /// A word for programs; it does not change.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Network(_) => "network",
            Self::NoZone => "no-zone",
            Self::Neighbours(_) => "neighbours",
            Self::Priorities => "priorities",
            Self::Drawn(..) => "drawn-input",
            Self::LoadFollowsWeather(_) => "load-follows-weather",
            Self::OutagesFollowWeather(_) => "outages-follow-weather",
            Self::Wind(_) => "wind",
            Self::FailingSun(_) => "failing-sun",
            Self::CommonCause(_) => "common-cause",
            Self::Storage(_) => "storage",
            Self::Hazards(_) => "hazards",
            Self::Orders(_) => "orders",
            Self::MiningBehindLines => "mining-behind-lines",
            Self::Reserve(_) => "reserve",
            Self::OrderTimes => "order-times",
            Self::Calibration => "calibration",
            Self::Farms(..) => "farms",
            Self::TooManyAmounts(_) => "too-many-amounts",
            Self::TooMuchWork => "too-much-work",
            Self::Memory => "memory",
            Self::MiningDemand => "mining-demand",
        }
    }
}

impl fmt::Display for Obstacle {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Network(zones) => write!(
                out,
                "{zones} zones joined by lines that can bind; --copper-plate answers for the grid \
                 without limits"
            ),
            Self::NoZone => write!(out, "no zone whose adequacy is asked for"),
            Self::Neighbours(zones) => {
                write!(out, "neighbours on a copper plate: {}", some(zones))
            }
            Self::Priorities => write!(out, "two joined zones of different priority"),
            Self::Drawn(what, inputs) => write!(out, "{what} drawn: {}", some(inputs)),
            Self::LoadFollowsWeather(zones) => {
                write!(
                    out,
                    "load that follows a drawn temperature: {}",
                    some(zones)
                )
            }
            Self::OutagesFollowWeather(plants) => {
                write!(
                    out,
                    "units whose outages follow the temperature: {}",
                    some(plants)
                )
            }
            Self::Wind(plants) => write!(out, "wind along drawn paths: {}", some(plants)),
            Self::FailingSun(plants) => {
                write!(
                    out,
                    "sun whose units fail or are planned out: {}",
                    some(plants)
                )
            }
            Self::CommonCause(plants) => {
                write!(out, "units that fail together: {}", some(plants))
            }
            Self::Storage(plants) => write!(
                out,
                "storage: what is in it depends on all that was before: {}",
                some(plants)
            ),
            Self::Hazards(hazards) => write!(out, "hazards: {}", some(hazards)),
            Self::Orders(orders) => write!(out, "standing orders to farms: {}", some(orders)),
            Self::MiningBehindLines => write!(out, "farms in zones joined by lines"),
            Self::Reserve(zones) => {
                write!(out, "a reserve kept before miners run: {}", some(zones))
            }
            Self::OrderTimes => write!(out, "orders that need time, or outlast the need"),
            Self::Calibration => write!(out, "farms sized by drawn inputs ([world.calibration])"),
            Self::Farms(why, farms) => write!(out, "farms {why}: {}", some(farms)),
            Self::TooManyAmounts(zone) => write!(
                out,
                "more than {} different amounts of capacity in {zone}",
                super::capacity::MOST_AMOUNTS
            ),
            Self::TooMuchWork => write!(out, "too many cases to sum over in a second"),
            Self::Memory => write!(
                out,
                "times up or down are not exponential: what is seen on the hour depends on more \
                 than their means"
            ),
            Self::MiningDemand => {
                write!(out, "energy demanded depends on how farms restart")
            }
        }
    }
}

/// The first few names, and how many more there are.
fn some(names: &[String]) -> String {
    const SHOWN: usize = 4;
    let mut text = names[..names.len().min(SHOWN)].join(", ");
    if names.len() > SHOWN {
        text.push_str(&format!(" and {} more", names.len() - SHOWN));
    }
    text
}

//! What the grid does with capacity and load: who is served, who is shed, what flows.
//!
//! May enter: the system's zones and lines, amounts of power.
//! May not enter: events, time, randomness, recorders.
//!
//! Zones form a forest (a mesh is refused when a scenario is read). On a tree, least-cost
//! transport with merit levels common to all zones needs no general solver: each zone is a
//! staircase of supply over price, subtrees add, and a line is a clamp.

mod forest;
mod market;

pub use forest::Forest;
pub use market::{MOST_LEVELS, Market};

//! What the grid does with capacity and load: who is served, who is shed, what flows.
//!
//! May enter: the system's zones and lines, amounts of power.
//! May not enter: events, time, randomness, recorders.
//!
//! Parallel lines are one corridor. Where corridors form trees, least-cost transport with merit
//! levels common to all zones needs no general solver: each zone is a staircase of supply over
//! price, subtrees add, and a line is a clamp. Where they form rings, cheapest ways are looked
//! for. Both give the same answers to the same questions.

mod any_market;
mod circuits;
mod forest;
mod market;
mod mesh;
mod network;

pub use any_market::Market;
pub use circuits::{Circuits, surviving};
pub use forest::Forest;
pub use market::{ForestMarket, MOST_LEVELS};
pub use mesh::{Mesh, MeshMarket};
pub use network::{Corridor, Network, Shape};

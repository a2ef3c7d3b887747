//! Exact answers where there are any: capacity outage tables, frequency and duration.
//!
//! May enter: the system, plain numbers.
//! May not enter: randomness, replications, files.
//!
//! [`grids_of`] turns a [`crate::system::System`] into a [`Grid`] of plain numbers for each of its
//! weather years, or says all that stands in the way; [`solve_years`] computes what has an exact
//! answer.

mod answer;
mod band;
mod banded;
mod capacity;
mod chain;
mod course;
mod farms;
mod from_system;
mod grid;
mod lattice;
mod loads;
mod missing;
mod moments;
mod needs;
mod obstacle;
mod rare;
mod side;
mod supply;
mod tie;
mod two_areas;
mod two_lattices;
mod two_moments;
mod units;

pub use answer::{Answer, Exact, OutageRow, OutageTable, solve, solve_years};
pub use capacity::{Amount, Capacity, MOST_AMOUNTS, Tail};
pub use chain::Chain;
pub use from_system::{grid_of, grids_of};
pub use grid::{Area, Forecast, Grid, Stretch, Tie, Unit};
pub use missing::{Conflict, MissingHashrate, MissingRow, Observable, missing_hashrate};
pub use moments::{Cases, Moments};
pub use obstacle::{Missing, Obstacle};

use crate::system::System;

/// The exact indices of a system.
///
/// # Errors
/// Everything that stands in the way.
pub fn answer(system: &System, is_copper_plate: bool) -> Result<Answer, Vec<Obstacle>> {
    solve_years(&grids_of(system, is_copper_plate)?)
}

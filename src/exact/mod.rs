//! Exact answers where there are any: capacity outage tables, frequency and duration.
//!
//! May enter: the system, plain numbers.
//! May not enter: randomness, replications, files.
//!
//! [`grid_of`] turns a [`crate::system::System`] into a [`Grid`] of plain numbers, or says all
//! that stands in the way; [`solve`] computes what has an exact answer.

mod answer;
mod capacity;
mod chain;
mod course;
mod farms;
mod from_system;
mod grid;
mod moments;
mod obstacle;
mod supply;
mod tie;
mod two_areas;

pub use answer::{Answer, Exact, OutageRow, OutageTable, solve};
pub use capacity::{Amount, Capacity, MOST_AMOUNTS, Tail};
pub use chain::Chain;
pub use from_system::grid_of;
pub use grid::{Area, Grid, Stretch, Tie, Unit};
pub use moments::{Cases, Moments};
pub use obstacle::{Missing, Obstacle};

use crate::system::System;

/// Load forecast uncertainty as a seven-step normal: (probability, standard deviations).
///
/// Source: R. Billinton, R. Allan, "Reliability Evaluation of Power Systems", section 2.9.
pub const SEVEN_STEPS: [(f64, f64); 7] = [
    (0.006, -3.0),
    (0.061, -2.0),
    (0.242, -1.0),
    (0.382, 0.0),
    (0.242, 1.0),
    (0.061, 2.0),
    (0.006, 3.0),
];

/// The forecasts of loads whose error has a standard deviation of `share` of them, the same in
/// all of so many areas: (probability, what the load of each area is multiplied with).
pub fn forecast(share: f64, areas: usize) -> Vec<(f64, Vec<f64>)> {
    let step = |&(weight, deviations): &(f64, f64)| (weight, vec![1.0 + share * deviations; areas]);
    SEVEN_STEPS.iter().map(step).collect()
}

/// The exact indices of a system.
///
/// # Errors
/// Everything that stands in the way.
pub fn answer(system: &System, is_copper_plate: bool) -> Result<Answer, Vec<Obstacle>> {
    solve(&grid_of(system, is_copper_plate)?)
}

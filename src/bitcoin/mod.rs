//! Blocks from hashrate, and difficulty from blocks.
//!
//! May enter: a hashrate that is constant piece by piece, draws, header times, heights.
//! May not enter: farms, grids, files, what anybody reported.
//!
//! Truth and observation are two things: here the truth makes blocks, and an [`estimate`] sees
//! nothing but them (`docs/model/bitcoin.md`).

mod chain;
pub mod estimate;
mod fluid;
pub mod inference;
mod mining;
mod target;

pub use chain::{Chain, EPOCH_BLOCKS, EPOCH_SECONDS};
pub use fluid::Fluid;
pub use mining::{Block, Found, Mining, Piece, Step, find_at_known_difficulty};
pub use target::{CompactTarget, Target};

pub use crate::quantity::HASHES_AT_DIFFICULTY_1;

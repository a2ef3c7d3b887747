//! Decides what a finished run puts on paper: the words, the figures, the page.
//!
//! May enter: finished numbers as plain data. Everything here is drawn from them alone.
//! May not enter: the engine's state, randomness, the disk, the clock.

pub mod chart;
pub mod html;
mod numerals;
pub mod words;

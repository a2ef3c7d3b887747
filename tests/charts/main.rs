//! The figures and the page: what must hold for any data, and a gallery to look at.

mod adequacy;
mod backtests;
mod gallery;
mod inference;
mod observers;
mod properties;
mod samples;
mod sweeps;

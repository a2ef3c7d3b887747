//! Networks with rings and parallel lines: against a linear programme, by hand, and against
//! themselves with more or less of something.

#[path = "../support/mod.rs"]
mod support;

mod gmlc;
mod more_or_less;
mod programme;
mod random_networks;
mod scenarios;

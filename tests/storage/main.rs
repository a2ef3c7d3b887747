//! Batteries, pumped stores and reservoirs by the greedy rule: calculations by hand, an
//! independent simulation, conservation, and what a larger store must do.

#[path = "../support/mod.rs"]
mod support;

mod by_hand;
mod laws;
mod levels;
mod plain_simulation;
mod scenarios;

use hashfall::scenario::{Source, read};
use hashfall::system::System;

/// A horizon of `hours` from a Wednesday on, without anything in it.
fn head(hours: u32) -> String {
    format!(
        "schema = 1\n[scenario]\nname = \"t\"\nstart = \"2020-01-01T00:00:00Z\"\nduration_hours = {hours}\n"
    )
}

/// The system of a scenario without a file.
fn system(text: &str) -> System {
    match read(&Source::text(text), &[]) {
        Ok(loaded) => loaded.system,
        Err(mistakes) => panic!("{mistakes}"),
    }
}

/// The mistakes of a scenario, as text.
fn wrong(text: &str) -> String {
    match read(&Source::text(text), &[]) {
        Ok(_) => panic!("no mistake was found"),
        Err(mistakes) => mistakes.to_string(),
    }
}

fn zone(name: &str, load: &str) -> String {
    format!("[[zone]]\nname = \"{name}\"\nload = {{ values = {load} }}\n")
}

fn plant(name: &str, zone: &str, units: u16, capacity_mw: f64, keys: &str) -> String {
    format!(
        "[[plant]]\nname = \"{name}\"\nzone = \"{zone}\"\nunits = {units}\ncapacity_mw = {capacity_mw}\n{keys}\n"
    )
}

/// As many hours of one load.
fn flat(load_mw: f64, hours: usize) -> String {
    format!("{:?}", vec![load_mw; hours])
}

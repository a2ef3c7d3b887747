//! Generation adequacy: estimates against exact values, the page that shows both, and indices
//! that must add up.

#[path = "../../examples/validation/held.rs"]
mod held;
#[path = "../../examples/validation/page.rs"]
#[allow(dead_code, reason = "the page itself is the example's")]
mod page;
#[path = "../../examples/validation/published.rs"]
#[allow(dead_code, reason = "likewise")]
mod published;
#[path = "../../examples/validation/runs.rs"]
mod runs;

mod cells;
mod complete;
mod coverage;
mod exact_values;
mod indices;
mod tails;

/// The run of a name.
fn run(name: &str) -> runs::Run {
    let run = runs::RUNS.into_iter().find(|run| run.name == name);
    run.unwrap_or_else(|| panic!("there is no run {name}"))
}

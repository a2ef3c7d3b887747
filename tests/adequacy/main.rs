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

mod cells;
mod coverage;
mod exact_values;
mod indices;
mod tails;

//! Generation adequacy: estimates against exact values, the page that shows both, and indices
//! that must add up.

#[path = "../../examples/validation/held.rs"]
mod held;

mod coverage;
mod exact_values;
mod indices;

//! Writes `docs/validation.md`: every index that has an exact value, simulated under seeds 1 to 20.
//!
//! `cargo run --release --example validation > docs/validation.md`

mod held;
mod page;
mod published;
mod runs;

fn main() {
    println!("{}", page::page());
}

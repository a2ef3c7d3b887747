//! Writes `docs/ablation.md`: the behaviours of the shipped scenario switched off one at a time.
//!
//! `cargo run --release --example ablation -- [REPLICATIONS] > docs/ablation.md`

mod behaviours;
mod numbers;
mod page;

fn main() {
    let n = std::env::args()
        .nth(1)
        .map_or(2000, |n| n.parse().expect("a number of replications"));
    println!("{}", page::page(n));
}

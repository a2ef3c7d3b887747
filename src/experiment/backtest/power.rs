//! Could counts like these tell a loss from another? Tables are drawn from each, and scored.

use super::rates::{Expected, present_share};
use super::{TOLD_APART_NATS, headline_window};
use crate::random::{Stream, StreamId, poisson};
use crate::stats::score::{Rates, series_score};
use crate::system::System;

/// Tables drawn from each loss.
const TABLES: u32 = 1000;
/// Replications that score them: the first so many.
const SCORING: usize = 4096;

/// How well counts tell one loss from another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Power {
    /// The loss from which tables were drawn, a share of the world.
    pub truth: f64,
    /// The loss that the truth is held against.
    pub other: f64,
    /// Expected advantage of the truth, nats, and its standard error.
    pub expected_nats: f64,
    /// Of the expectation, over tables.
    pub standard_error: f64,
    /// Probability that the truth wins by [`TOLD_APART_NATS`].
    pub wins: f64,
    /// Probability that the other one does.
    pub loses: f64,
}

/// Every ordered pair of the scenario's losses: each takes its share of the world's level over the
/// headline's window, under the level, growth and noise of the replications.
pub fn power(system: &System, expected: &Expected) -> Vec<Power> {
    let losses = &system.observed.tell_apart;
    let window = headline_window(system);
    let level = expected.level.first(SCORING);
    let stories: Vec<Rates> = losses
        .iter()
        .map(|&loss| {
            let present: Vec<f64> = expected
                .begins
                .iter()
                .map(|&begin| present_share(loss, window, begin))
                .collect();
            level.scaled(&present)
        })
        .collect();
    if level.replications() < 2 {
        return Vec::new();
    }
    let mut powers = Vec::new();
    for (truth, rates) in stories.iter().enumerate() {
        // The same luck for every truth.
        let scores: Vec<Vec<f64>> = (0..TABLES)
            .map(|table| {
                let (replication, counts) = draw_table(rates, system.seed, table);
                let score = |rates: &Rates| series_score(rates, &counts, Some(replication));
                stories
                    .iter()
                    .map(|story| score(story).log_likelihood)
                    .collect()
            })
            .collect();
        for other in (0..stories.len()).filter(|&other| other != truth) {
            let ahead: Vec<f64> = scores.iter().map(|of| of[truth] - of[other]).collect();
            powers.push(of_differences((losses[truth], losses[other]), &ahead));
        }
    }
    powers
}

fn of_differences((truth, other): (f64, f64), ahead: &[f64]) -> Power {
    let n = ahead.len() as f64;
    let mean = ahead.iter().sum::<f64>() / n;
    let squares: f64 = ahead.iter().map(|nats| (nats - mean) * (nats - mean)).sum();
    let share = |counts: &dyn Fn(f64) -> bool| {
        ahead.iter().filter(|&&nats| counts(nats)).count() as f64 / n
    };
    Power {
        truth,
        other,
        expected_nats: mean,
        standard_error: libm::sqrt(squares / (n * (n - 1.0))),
        wins: share(&|nats| nats >= TOLD_APART_NATS),
        loses: share(&|nats| nats <= -TOLD_APART_NATS),
    }
}

/// Draws a table of counts from a mixture: one replication, and a Poisson count for each of its
/// days. Returns which replication; to score the table it must be left out.
pub fn draw_table(rates: &Rates, seed: u64, table: u32) -> (usize, Vec<u64>) {
    let chosen = Stream::new(seed, StreamId::of("backtest/table/replication"), table);
    let n = rates.replications();
    let replication = ((chosen.uniform_at(0) * n as f64) as usize).min(n.saturating_sub(1));
    let counts = (0..)
        .zip(rates.of(replication))
        .map(|(day, &mean): (usize, _)| {
            let name = format!("backtest/table/day/{day}");
            let mut stream = Stream::new(seed, StreamId::of(&name), table);
            poisson(&mut stream, mean)
        });
    (replication, counts.collect())
}

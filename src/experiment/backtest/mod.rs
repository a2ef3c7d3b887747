//! A scenario held against what was counted: every future's expected counts, and their scores.
//!
//! What was observed comes in here for the first time: the futures were drawn without it
//! (`docs/model/backtest.md`).

mod power;
mod rates;

pub use power::{Power, draw_table, power};
pub use rates::{Expected, expected, present_share};

use crate::engine::Plan;
use crate::experiment::Results;
use crate::measure::DayRates;
use crate::random::{Stream, StreamId};
use crate::stats::score::{
    Band, CountLaw, Rates, SeriesScore, in_turn, series_score, simultaneous_band, uniformity,
};
use crate::store::StoreError;
use crate::system::{System, Window};

/// Levels of the central intervals whose coverage is counted.
pub const LEVELS: [f64; 3] = [0.5, 0.8, 0.95];
/// Nats below which two stories are not told apart: odds of about 20 to 1.
pub const TOLD_APART_NATS: f64 = 3.0;
/// Name of the rival that is always there.
pub const NO_LOSS: &str = "no loss";
/// Probability with which the band holds all transforms at once.
pub const BAND: f64 = 0.95;

/// A day of the observed table that lies whole within the horizon.
#[derive(Debug, Clone, PartialEq)]
pub struct CountedDay {
    /// Begin, ms since 1970.
    pub unix_ms: i64,
    /// Blocks that were counted.
    pub blocks: u64,
    /// Difficulty at which they were found.
    pub difficulty: f64,
    /// Which day of the [`DayRates`].
    day: usize,
}

/// A counted day with what was foreseen.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoredDay {
    /// What was counted.
    pub counted: CountedDay,
    /// The law of the count over all futures.
    pub law: CountLaw,
    /// Its central intervals at [`LEVELS`].
    pub intervals: [(u64, u64); 3],
    /// Blocks expected with no loss.
    pub no_loss: f64,
    /// Continuous ranked probability score, blocks; and that of each rival.
    pub crps: f64,
    /// In the order of the rivals.
    pub rivals_crps: Vec<f64>,
    /// ln of the probability of the count, given the days before.
    pub log_score: f64,
    /// Randomised probability integral transform, given the days before.
    pub transform: f64,
}

/// A story of the days, scored.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoredStory {
    /// Its name; of the simulation itself the scenario's.
    pub name: String,
    /// All days as one observation.
    pub series: SeriesScore,
    /// Mean over days of the continuous ranked probability score, blocks.
    pub crps: f64,
}

/// How often the counts lay within the central intervals of a level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coverage {
    /// The level.
    pub level: f64,
    /// Days within.
    pub days: usize,
    /// What the intervals hold on average: the level or a little more, for counts are whole.
    pub held: f64,
}

/// Everything that a backtest finds.
#[derive(Debug, Clone, PartialEq)]
pub struct Backtest {
    /// Replications.
    pub replications: usize,
    /// The days, in order.
    pub days: Vec<ScoredDay>,
    /// The simulation.
    pub simulated: ScoredStory,
    /// Its rivals, "no loss" first.
    pub rivals: Vec<ScoredStory>,
    /// By level.
    pub coverage: Vec<Coverage>,
    /// Where the transforms of days would lie together with probability [`BAND`].
    pub band: Band,
    /// Probability that uniform transforms stray as far as these: small speaks against the model.
    pub uniformity: f64,
    /// Whether such counts can tell losses apart, for every pair of them.
    pub power: Vec<Power>,
    /// Losses that were paired, shares of the world over the headline's window.
    pub tell_apart: Vec<f64>,
}

impl Backtest {
    /// How many nats the simulation is ahead of a rival, with the simulation error of that.
    pub fn ahead_of(&self, rival: &ScoredStory) -> (f64, f64) {
        let (ours, theirs) = (&self.simulated.series, &rival.series);
        let error = libm::hypot(ours.simulation_error, theirs.simulation_error);
        (ours.log_likelihood - theirs.log_likelihood, error)
    }

    /// Whether the transforms lie within their band.
    pub fn is_calibrated(&self) -> bool {
        let mut transforms: Vec<f64> = self.days.iter().map(|day| day.transform).collect();
        transforms.sort_by(f64::total_cmp);
        self.band.holds(&transforms)
    }
}

/// The counted days that lie whole within a plan's horizon, in order.
pub fn counted_days(plan: &Plan<'_>) -> Vec<CountedDay> {
    let observed = &plan.system.observed.days;
    let mut counted = Vec::new();
    for (day, slots) in DayRates::days(plan).iter().enumerate() {
        let seen = observed.binary_search_by_key(&slots.unix_ms, |seen| seen.unix_ms);
        if let Some(seen) = seen.ok().and_then(|at| observed.get(at)) {
            counted.push(CountedDay {
                unix_ms: seen.unix_ms,
                blocks: u64::from(seen.blocks),
                difficulty: seen.difficulty,
                day,
            });
        }
    }
    counted
}

/// Over which time rivals without a time of their own, and losses to be told apart, hold.
pub fn headline_window(system: &System) -> (i64, i64) {
    let window: Option<&Window> = system.windows.get(system.headline_window);
    window.map_or((0, system.horizon.0), |window| {
        (window.from.0, window.until.0)
    })
}

/// Scores finished [`DayRates`] against the observed table.
///
/// # Errors
/// What the disk says.
pub fn backtest(plan: &Plan<'_>, results: &Results) -> Result<Backtest, StoreError> {
    let days = counted_days(plan);
    let expected = expected(plan, results, &days)?;
    Ok(score(plan.system, &expected, days))
}

/// Scores expected counts against those that were seen.
pub fn score(system: &System, expected: &Expected, days: Vec<CountedDay>) -> Backtest {
    let counts: Vec<u64> = days.iter().map(|day| day.blocks).collect();
    let rates = &expected.simulated;
    let stories: Vec<(String, Rates)> = rivals(system, expected, &days);
    let steps = in_turn(rates, &counts, None);
    let mut scored = Vec::with_capacity(days.len());
    let mut held = [0.0; LEVELS.len()];
    for ((at, counted), step) in days.into_iter().enumerate().zip(steps) {
        let law = rates.law(at);
        let intervals = LEVELS.map(|level| law.central(level));
        for (held, interval) in held.iter_mut().zip(intervals) {
            *held += law.within(interval);
        }
        let laws: Vec<CountLaw> = stories.iter().map(|(_, rates)| rates.law(at)).collect();
        let rivals_crps = laws.iter().map(|law| law.crps(counted.blocks));
        let stream = StreamId::of(&format!("backtest/transform/{}", counted.unix_ms));
        let uniform = Stream::new(system.seed, stream, 0).uniform_at(0);
        scored.push(ScoredDay {
            crps: law.crps(counted.blocks),
            rivals_crps: rivals_crps.collect(),
            no_loss: laws.first().map_or(f64::NAN, CountLaw::mean),
            log_score: libm::log(step.exactly),
            transform: step.below + uniform * step.exactly,
            intervals,
            law,
            counted,
        });
    }
    let n = scored.len().max(1) as f64;
    let mean = |of: &dyn Fn(&ScoredDay) -> f64| scored.iter().map(of).sum::<f64>() / n;
    let simulated = ScoredStory {
        name: system.name.clone(),
        series: series_score(rates, &counts, None),
        crps: mean(&|day| day.crps),
    };
    let rivals = (0..)
        .zip(&stories)
        .map(|(at, (name, rates)): (usize, _)| ScoredStory {
            name: name.clone(),
            series: series_score(rates, &counts, None),
            crps: mean(&|day| day.rivals_crps[at]),
        });
    let rivals = rivals.collect();
    let coverage = LEVELS.iter().enumerate().map(|(at, &level)| Coverage {
        level,
        days: scored
            .iter()
            .filter(|day| {
                let (low, high) = day.intervals[at];
                (low..=high).contains(&day.counted.blocks)
            })
            .count(),
        held: held[at] / n,
    });
    let transforms: Vec<f64> = scored.iter().map(|day| day.transform).collect();
    Backtest {
        replications: rates.replications(),
        coverage: coverage.collect(),
        band: simultaneous_band(transforms.len(), BAND),
        uniformity: uniformity(&transforms),
        power: power(system, expected),
        tell_apart: system.observed.tell_apart.clone(),
        days: scored,
        simulated,
        rivals,
    }
}

/// The rivals with their expected counts, "no loss" first.
fn rivals(system: &System, expected: &Expected, days: &[CountedDay]) -> Vec<(String, Rates)> {
    let written = &system.observed.rivals;
    let mut stories = vec![(NO_LOSS.to_owned(), expected.level.clone())];
    for rival in written {
        let present: Vec<f64> = days
            .iter()
            .map(|day| {
                let begin = day.unix_ms - system.start_unix_ms;
                present_share(rival.loss, (rival.from, rival.until), begin)
            })
            .collect();
        stories.push((rival.name.clone(), expected.level.scaled(&present)));
    }
    stories
}

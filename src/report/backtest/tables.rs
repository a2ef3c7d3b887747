//! `scores.csv`, `days.csv`, `power.csv`: one row a score, a day, a pair of losses.

use crate::experiment::backtest::{Backtest, LEVELS, ScoredStory};
use crate::report::chart::rfc3339;
use crate::report::number::cell;
use crate::report::{ReportError, Shelf, TableError};
use serde::Serialize;

const SCORES: [&str; 7] = [
    "story",
    "score",
    "unit",
    "value",
    "simulation_error",
    "expected",
    "n",
];
const POWER: [&str; 6] = [
    "true_loss",
    "other_loss",
    "expected_nats",
    "standard_error",
    "wins_by_3_nats",
    "loses_by_3_nats",
];

/// A score of a story.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScoreRow {
    /// The scenario's name, or that of a rival.
    pub story: String,
    /// Which score.
    pub score: String,
    /// Its unit; 1 for a share.
    pub unit: &'static str,
    /// What it is.
    pub value: f64,
    /// How much of it is chance of the replications, one standard error.
    pub simulation_error: Option<f64>,
    /// What it would be on average, were the story true.
    pub expected: Option<f64>,
    /// Days, or replications, of which it is made.
    pub n: usize,
}

/// A counted day.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DayRow {
    /// The day's begin, UTC.
    pub day_utc: String,
    /// Blocks counted.
    pub blocks: u64,
    /// Difficulty.
    pub difficulty: f64,
    /// Blocks foreseen, mean.
    pub expected_blocks: f64,
    /// Central intervals of 50, 80 and 95 %: low and high.
    pub intervals: [(u64, u64); 3],
    /// Continuous ranked probability score, blocks.
    pub crps: f64,
    /// Those of the rivals, in their order.
    pub rivals_crps: Vec<f64>,
    /// ln of the probability of the count, given the days before, nats.
    pub log_score: f64,
    /// Probability integral transform, given the days before.
    pub transform: f64,
}

/// A pair of losses.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PowerRow {
    /// The loss from which tables were drawn, share of the world.
    pub true_loss: f64,
    /// The loss it is held against.
    pub other_loss: f64,
    /// Expected advantage of the truth, nats.
    pub expected_nats: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Probability that the truth wins by 3 nats.
    pub wins_by_3_nats: f64,
    /// Probability that the other one does.
    pub loses_by_3_nats: f64,
}

/// The scores, the simulation's first.
pub fn score_rows(backtest: &Backtest) -> Vec<ScoreRow> {
    let days = backtest.days.len();
    let mut rows = Vec::new();
    let ours = &backtest.simulated;
    of_story(&mut rows, ours, days, backtest.replications);
    let mut more = |score: &str, value: f64, expected: f64| {
        rows.push(ScoreRow {
            story: ours.name.clone(),
            score: score.to_owned(),
            unit: "1",
            value,
            simulation_error: None,
            expected: Some(expected),
            n: days,
        });
    };
    for coverage in &backtest.coverage {
        let name = format!("coverage_{}", (coverage.level * 100.0).round());
        more(
            &name,
            coverage.days as f64 / days.max(1) as f64,
            coverage.held,
        );
    }
    more("pit_p_value", backtest.uniformity, 0.5);
    more(
        "pit_within_band",
        f64::from(u8::from(backtest.is_calibrated())),
        0.95,
    );
    for rival in &backtest.rivals {
        of_story(&mut rows, rival, days, backtest.replications);
        let (ahead, error) = backtest.ahead_of(rival);
        rows.push(ScoreRow {
            story: rival.name.clone(),
            score: "simulation_ahead_by".to_owned(),
            unit: "nat",
            value: ahead,
            simulation_error: Some(error),
            expected: None,
            n: days,
        });
    }
    rows
}

fn of_story(rows: &mut Vec<ScoreRow>, story: &ScoredStory, days: usize, replications: usize) {
    let series = &story.series;
    let mut more = |score: &str, unit, value, simulation_error, n| {
        rows.push(ScoreRow {
            story: story.name.clone(),
            score: score.to_owned(),
            unit,
            value,
            simulation_error,
            expected: None,
            n,
        });
    };
    let error = Some(series.simulation_error);
    more("log_score", "nat", series.log_likelihood, error, days);
    let effective = series.effective_replications;
    more("effective_replications", "1", effective, None, replications);
    more("crps_blocks", "blocks", story.crps, None, days);
}

/// The days.
pub fn day_rows(backtest: &Backtest) -> Vec<DayRow> {
    let row = |day: &crate::experiment::backtest::ScoredDay| DayRow {
        day_utc: rfc3339(day.counted.unix_ms),
        blocks: day.counted.blocks,
        difficulty: day.counted.difficulty,
        expected_blocks: day.law.mean(),
        intervals: day.intervals,
        crps: day.crps,
        rivals_crps: day.rivals_crps.clone(),
        log_score: day.log_score,
        transform: day.transform,
    };
    backtest.days.iter().map(row).collect()
}

/// The pairs of losses.
pub fn power_rows(backtest: &Backtest) -> Vec<PowerRow> {
    let row = |power: &crate::experiment::backtest::Power| PowerRow {
        true_loss: power.truth,
        other_loss: power.other,
        expected_nats: power.expected_nats,
        standard_error: power.standard_error,
        wins_by_3_nats: power.wins,
        loses_by_3_nats: power.loses,
    };
    backtest.power.iter().map(row).collect()
}

/// Writes all three.
pub(super) fn write(shelf: &mut Shelf<'_>, backtest: &Backtest) -> Result<(), ReportError> {
    let optional = |value: Option<f64>| value.map_or_else(String::new, cell);
    shelf.table("scores.csv", &SCORES, |_, table| {
        for row in score_rows(backtest) {
            table.write_record([
                row.story,
                row.score,
                row.unit.to_owned(),
                cell(row.value),
                optional(row.simulation_error),
                optional(row.expected),
                row.n.to_string(),
            ])?;
        }
        Ok::<(), TableError>(())
    })?;
    let mut header = vec![
        "day_utc".to_owned(),
        "blocks".to_owned(),
        "difficulty".to_owned(),
        "expected_blocks".to_owned(),
    ];
    for level in LEVELS {
        let percent = (level * 100.0).round();
        header.extend([format!("low_{percent}"), format!("high_{percent}")]);
    }
    header.extend(["log_score", "pit", "crps_blocks"].map(str::to_owned));
    let rivals = backtest.rivals.iter();
    header.extend(rivals.map(|rival| format!("crps_blocks/{}", rival.name)));
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    shelf.table("days.csv", &header, |_, table| {
        for row in day_rows(backtest) {
            let mut cells = vec![
                row.day_utc,
                row.blocks.to_string(),
                cell(row.difficulty),
                cell(row.expected_blocks),
            ];
            for (low, high) in row.intervals {
                cells.extend([low.to_string(), high.to_string()]);
            }
            cells.extend([cell(row.log_score), cell(row.transform), cell(row.crps)]);
            cells.extend(row.rivals_crps.into_iter().map(cell));
            table.write_record(cells)?;
        }
        Ok::<(), TableError>(())
    })?;
    shelf.table("power.csv", &POWER, |_, table| {
        for row in power_rows(backtest) {
            table.write_record([
                cell(row.true_loss),
                cell(row.other_loss),
                cell(row.expected_nats),
                cell(row.standard_error),
                cell(row.wins_by_3_nats),
                cell(row.loses_by_3_nats),
            ])?;
        }
        Ok::<(), TableError>(())
    })
}

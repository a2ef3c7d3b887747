//! The figure of a backtest.

use super::verdict::verdict;
use crate::experiment::backtest::{Backtest, TOLD_APART_NATS, headline_window};
use crate::report::chart::{BacktestDay, BacktestFigure, Frame, RivalBar, spoken_span};
use crate::report::small_print::{Small, footer};
use crate::system::{self, System};

/// The figure.
pub(super) fn figure(system: &System, backtest: &Backtest, overrides: &[String]) -> BacktestFigure {
    let (first, last) = match (backtest.days.first(), backtest.days.last()) {
        (Some(first), Some(last)) => (first.counted.unix_ms, last.counted.unix_ms),
        _ => (system.start_unix_ms, system.start_unix_ms),
    };
    let subtitle = match system.mode {
        system::Mode::Hindcast => "Hindcast: later sources are allowed",
        system::Mode::Forecast => "Forecast: nothing learnt from the counts is an input",
        system::Mode::Study => "",
    };
    let (from, until) = headline_window(system);
    let is_whole = from == 0 && until == system.horizon.0;
    let headline = verdict(backtest).headline;
    BacktestFigure {
        frame: Frame {
            title: headline.trim_end_matches('.').to_owned(),
            subtitle: subtitle.to_owned(),
            footer: footer(
                system,
                overrides,
                backtest.replications as u64,
                Small {
                    interval: "bands: central intervals of counts",
                    estimator: "mixture of Poisson laws over futures",
                    window: spoken_span(first, last + DAY_MS),
                },
            ),
        },
        days: backtest.days.iter().map(day).collect(),
        window: (!is_whole).then(|| (system.start_unix_ms + from, system.start_unix_ms + until)),
        rivals: backtest
            .rivals
            .iter()
            .map(|rival| {
                let (ahead_nats, error_nats) = backtest.ahead_of(rival);
                RivalBar {
                    name: rival.name.clone(),
                    ahead_nats,
                    error_nats,
                }
            })
            .collect(),
        told_apart_nats: TOLD_APART_NATS,
        transforms: backtest.days.iter().map(|day| day.transform).collect(),
        band: (backtest.band.lower.clone(), backtest.band.upper.clone()),
    }
}

const DAY_MS: i64 = crate::quantity::MS_PER_DAY;

fn day(day: &crate::experiment::backtest::ScoredDay) -> BacktestDay {
    BacktestDay {
        day_utc_ms: day.counted.unix_ms,
        counted: day.counted.blocks as f64,
        median: day.law.quantile(0.5) as f64,
        intervals: day.intervals.map(|(low, high)| (low as f64, high as f64)),
        no_loss: day.no_loss,
    }
}

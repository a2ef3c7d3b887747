//! The figures of observers, with likely data and at the edges.

use crate::samples::{self, DAY, START};
use hashfall::report::chart::*;

const LONG: &str = "the count of blocks as an observatory beyond the mountains publishes it on the last day of every month";
const NONE: f64 = f64::NAN;

pub fn over_time() -> ObserversFigure {
    let axis = samples::axis(21);
    let truth = |t: i64| {
        let day = (t - START) as f64 / DAY as f64;
        if (4.5..9.0).contains(&day) {
            150.0
        } else {
            174.0
        }
    };
    let panel = |name: &str, days: i64| ObserverPanel {
        name: name.into(),
        reads: format!("blocks of {days} days"),
        readings: (1..=21)
            .map(|day| {
                let at = START + day * DAY;
                let wide = 24.0 / (days as f64).sqrt();
                let level = truth(at - days * DAY / 2);
                TimedReading {
                    at_utc_ms: at,
                    p5_ehs: level - wide,
                    median_ehs: level,
                    p95_ehs: level + wide,
                    one_future_ehs: level + wide * ((day * 7 % 5) as f64 - 2.0) / 3.0,
                    observed_ehs: level + wide * ((day * 3 % 7) as f64 - 3.0) / 4.0,
                    observed_lower_95_ehs: level - wide,
                    observed_upper_95_ehs: level + 1.5 * wide,
                }
            })
            .collect(),
        is_series: true,
    };
    let reading = |change: f64| TimedReading {
        at_utc_ms: START + 5 * DAY + DAY / 4,
        p5_ehs: 174.0 * (change - 0.04 + 1.0),
        median_ehs: 174.0 * (1.0 + change),
        p95_ehs: 174.0 * (change + 1.04),
        one_future_ehs: NONE,
        observed_ehs: 174.0 * 0.9,
        observed_lower_95_ehs: NONE,
        observed_upper_95_ehs: NONE,
    };
    ObserversFigure {
        frame: samples::frame(
            "What was there, and what anybody could read of it",
            "World hashrate, EH/s",
        ),
        truth_ehs: samples::fan(&axis, truth, |_| 4.0),
        axis,
        panels: vec![
            panel("One day", 1),
            panel("Three days", 3),
            panel("Seven days", 7),
            ObserverPanel {
                name: "Pools".into(),
                reads: "from left: plain, weighted".into(),
                readings: vec![reading(-0.11), reading(-0.1)],
                is_series: false,
            },
        ],
        events: samples::events(),
    }
}

pub fn readings() -> ReadingsFigure {
    let row = |name: &str, compares: &str, simulated: f64, observed: [f64; 3]| ReadingRow {
        name: name.into(),
        compares: compares.into(),
        p5_percent: simulated - 9.0,
        median_percent: simulated,
        p95_percent: simulated + 9.0,
        truth_percent: simulated + 0.4,
        observed_percent: observed[0],
        observed_lower_95_percent: observed[1],
        observed_upper_95_percent: observed[2],
    };
    ReadingsFigure {
        frame: samples::frame(
            "The same blocks show −10.6 to +0.1 %: the baseline decides",
            "",
        ),
        rows: vec![
            row(
                "Three days before",
                "5 Jan 11:00 to 7 Jan 00:00 against 2 Jan 12:00 to 5 Jan 11:00",
                -12.7,
                [0.0, -15.4, 17.9],
            ),
            row(
                "25 days before",
                "5–10 Jan against 11 Dec–4 Jan",
                -7.2,
                [0.1, -7.2, 7.8],
            ),
            row(
                "Trend",
                "5 Jan 12:00 to 11 Jan 00:00 in a straight trend of 11 Dec–23 Jan",
                -8.9,
                [-6.4, -13.4, 1.1],
            ),
            row(
                "Week after",
                "6–9 Jan against 12–18 Jan",
                -10.4,
                [-10.6, -19.3, -1.0],
            ),
            row(
                "Pools 24 hours",
                "24 h to 6 Jan 06:00 against 5 Jan 06:00",
                -11.0,
                [-10.0, NONE, NONE],
            ),
        ],
    }
}

pub fn all() -> Vec<Drawing> {
    vec![over_time().draw(), readings().draw()]
}

/// Nothing, gaps, long names, one reading.
pub fn edges() -> Vec<(String, Drawing)> {
    let mut cases = Vec::new();
    let mut figure = over_time();
    figure.panels.clear();
    cases.push(("observers-none".into(), figure.draw()));
    let mut figure = over_time();
    for panel in &mut figure.panels {
        panel.name = "A name".into();
        panel.reads = LONG.into();
        for reading in panel.readings.iter_mut().step_by(3) {
            (reading.p5_ehs, reading.observed_ehs) = (NONE, f64::INFINITY);
            reading.one_future_ehs = NONE;
        }
    }
    cases.push(("observers-gaps".into(), figure.draw()));
    let mut figure = over_time();
    figure.truth_ehs = Fan::default();
    figure.events.clear();
    for panel in &mut figure.panels {
        panel.readings.truncate(1);
    }
    cases.push(("observers-single".into(), figure.draw()));
    let mut figure = readings();
    figure.rows.clear();
    cases.push(("readings-none".into(), figure.draw()));
    let mut figure = readings();
    for row in &mut figure.rows {
        (row.name, row.compares) = (LONG.into(), LONG.into());
        (row.median_percent, row.p5_percent, row.truth_percent) = (NONE, NONE, NONE);
    }
    cases.push(("readings-long-and-unknown".into(), figure.draw()));
    cases
}

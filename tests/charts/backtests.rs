//! The figure of a backtest: invented counts, and every edge that a table may have.

use crate::samples::{DAY, Noise, START, frame};
use hashfall::report::chart::*;

fn figure(days: usize, gap: bool) -> BacktestFigure {
    let mut noise = Noise(11);
    let dark = |day: usize| (5..9).contains(&day);
    let mut all: Vec<BacktestDay> = (0..days)
        .map(|day| {
            let middle = if dark(day) { 124.0 } else { 144.0 };
            BacktestDay {
                day_utc_ms: START + day as i64 * DAY,
                counted: (142.0 + 12.0 * noise.normal()).round(),
                median: middle,
                intervals: [9.0, 17.0, 25.0].map(|half| (middle - half, middle + half)),
                no_loss: 145.0 + day as f64 * 0.2,
            }
        })
        .collect();
    if gap && days > 12 {
        all.drain(10..12);
    }
    let n = all.len();
    let even = |shift: f64| {
        (1..=n)
            .map(|rank| (rank as f64 / (n + 1) as f64 + shift).clamp(0.0, 1.0))
            .collect()
    };
    BacktestFigure {
        frame: frame(
            "The counts cannot distinguish the simulation from no loss",
            "Forecast",
        ),
        days: all,
        window: Some((START + 5 * DAY - DAY / 2, START + 9 * DAY + DAY / 12)),
        rivals: [
            ("no loss", -0.9),
            ("a loss of 10 %", 0.4),
            (
                "a very long name of a rival that takes more than one line",
                14.2,
            ),
        ]
        .map(|(name, ahead_nats)| RivalBar {
            name: name.to_owned(),
            ahead_nats,
            error_nats: 0.1,
        })
        .to_vec(),
        told_apart_nats: 3.0,
        transforms: (0..n).map(|_| noise.uniform()).collect(),
        band: (even(-0.2), even(0.2)),
    }
}

pub fn all() -> Vec<Drawing> {
    vec![figure(21, true).draw()]
}

/// A day, two with nothing between, a hundred, none at all; scores that are far off or no numbers.
#[test]
fn every_table_can_be_drawn() {
    let mut strange = figure(3, false);
    strange.rivals[0].ahead_nats = f64::NEG_INFINITY;
    strange.rivals[1].ahead_nats = f64::NAN;
    strange.rivals[2].ahead_nats = -4321.0;
    strange.window = None;
    let mut apart = figure(13, true);
    apart.days.drain(1..10);
    for figure in [
        figure(1, false),
        figure(0, false),
        figure(100, true),
        apart,
        strange,
    ] {
        let drawing = figure.draw();
        assert!(
            !drawing.svg.contains("NaN") && !drawing.svg.contains("inf"),
            "{}",
            drawing.caption
        );
        assert!(drawing.png(PRINT_WIDTH_PX).is_ok());
    }
}

/// The table beside the picture holds what is plotted.
#[test]
fn the_table_is_what_is_plotted() {
    let figure = figure(21, false);
    let drawing = figure.draw();
    let rows = |start: &str| {
        drawing
            .numbers_csv
            .lines()
            .filter(|row| row.starts_with(start))
            .count()
    };
    assert_eq!(
        (rows("counts,"), rows("rivals,"), rows("transforms,")),
        (21 * 9, 6, 63)
    );
    let counted = format!(
        "counts,2022-01-01T00:00:00Z,counted,{}",
        figure.days[0].counted
    );
    assert!(drawing.numbers_csv.contains(&counted));
    assert!(
        drawing
            .alternative_text
            .contains("of 21 days within the 95 % interval")
    );
}

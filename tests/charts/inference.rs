//! The figure of what was truly missing.

use crate::samples::frame;
use hashfall::report::chart::{Drawing, InferenceFigure, InferenceRow};

pub fn figure() -> InferenceFigure {
    let row = |label: &str, observable: &str, middle: f64, half: f64| InferenceRow {
        label: label.into(),
        observable: observable.into(),
        undiluted: (observable == "pools_as_mean").then_some((12.3, 16.0)),
        likelihood_95: (middle - half, middle + half),
        posterior_median: middle,
        posterior_95: (f64::max(0.0, middle - half), f64::min(30.0, middle + half)),
        joint: observable == "both",
    };
    InferenceFigure {
        frame: frame(
            "What was observed allows a true loss of 5 to 16 % of the world's hashrate",
            "A blackout: 5 Jan 10:30 to 7 Jan UTC",
        ),
        rows: vec![
            row(
                "pools lost 10 % in 24 hours, read as a mean",
                "pools_as_mean",
                14.0,
                7.0,
            ),
            row("blocks, against the weeks before", "blocks", 5.0, 15.0),
            row("blocks and pools", "both", 10.0, 6.0),
        ],
        prior: (0.0, 30.0),
        conflict: "Conflict: blocks and pools agree".into(),
    }
}

pub fn edges() -> Vec<(String, Drawing)> {
    let mut long = figure();
    for row in &mut long.rows {
        row.label = "what the largest pools of the world were said to have lost, by a newspaper \
                     that quotes a channel that quotes a website, read as two instants"
            .into();
    }
    let mut wide = figure();
    wide.rows[1].likelihood_95 = (-60.0, 95.0);
    wide.conflict.clear();
    let mut nothing = figure();
    nothing.rows.clear();
    [("long", long), ("wide", wide), ("nothing", nothing)]
        .map(|(case, figure)| (format!("inference-{case}"), figure.draw()))
        .into()
}

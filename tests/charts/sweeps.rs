//! Figures of sweeps: likely data, edges, and what must hold.

use crate::samples::frame;
use hashfall::report::chart::*;

const LONG: &str = "dependable capacity of every hard-coal plant for heat and power in the North and in the South, as a share";

fn value(x: f64, mean: f64) -> SweptValue {
    SweptValue {
        x,
        mean,
        interval_95: (0.9 * mean, 1.1 * mean),
    }
}

pub fn lines() -> SweepLinesFigure {
    let line = |name: &str, slope: f64| SweepLine {
        name: name.into(),
        values: (0..7)
            .map(|step| {
                value(
                    250.0 * f64::from(step),
                    1.0 + slope * f64::from(step * step),
                )
            })
            .collect(),
    };
    let panel = |quantity: &str, unit: &str, index: &str| SweepPanel {
        quantity: quantity.into(),
        unit: unit.into(),
        index: index.into(),
        across: "mining in each of North and South (MW)".into(),
        words: vec![],
        lines: vec![line("1,450", 1.5), line("1,750", 1.0), line("2,350", 0.5)],
        is_joined: true,
        base: Some(2.0),
    };
    SweepLinesFigure {
        frame: frame("LOLE rises from 1.1 to 54 h as mining grows", "A study"),
        lines_are: "North-South limit (MW)".into(),
        panels: vec![
            panel("Time short of supply (LOLE)", "h", "lole_h"),
            panel("Unserved energy (EUE)", "MWh", "eue_mwh"),
        ],
    }
}

pub fn map() -> SweepMapFigure {
    let names = |values: &[i32]| values.iter().map(ToString::to_string).collect();
    let cell = |at: usize| {
        let mean = (1 + at / 7) as f64 * (1 + at % 7) as f64;
        let width = if at < 4 { mean } else { 0.1 * mean };
        MapCell {
            column: at % 7,
            row: at / 7,
            mean,
            interval_95: (mean - width / 2.0, mean + width / 2.0),
        }
    };
    SweepMapFigure {
        frame: frame(
            "LOLE spans 1 to 28 h; 4 of 28 points are in doubt",
            "A study",
        ),
        across: (
            "mining (MW)".into(),
            names(&[1, 250, 500, 750, 1000, 1250, 1500]),
        ),
        down: (
            "North-South limit (MW)".into(),
            names(&[1450, 1750, 2050, 2350]),
        ),
        panels: vec![MapPanel {
            quantity: "Time short of supply (LOLE)".into(),
            unit: "h".into(),
            index: "lole_h".into(),
            cells: (0..28).map(cell).collect(),
        }],
    }
}

pub fn differences() -> SweepDifferencesFigure {
    let bar = |at: i32| DifferenceBar {
        label: format!("{} · 1,450", 250 * at),
        difference: f64::from(at - 2) * 3.0,
        interval_95: (f64::from(at - 2) * 3.0 - 1.0, f64::from(at - 2) * 3.0 + 1.0),
        variance_ratio: 0.1,
    };
    SweepDifferencesFigure {
        frame: frame(
            "6 of 7 points change LOLE beyond doubt",
            "mining (MW) · limit (MW)",
        ),
        quantity: "Time short of supply (LOLE)".into(),
        unit: "h".into(),
        index: "lole_h".into(),
        bars: (0..7).map(bar).collect(),
    }
}

pub fn all() -> Vec<Drawing> {
    vec![lines().draw(), map().draw(), differences().draw()]
}

pub fn edges() -> Vec<(String, Drawing)> {
    let mut cases = Vec::new();
    let mut dots = lines();
    for panel in &mut dots.panels {
        panel.is_joined = false;
        panel.words = ["low", "middle", "high"].map(str::to_owned).to_vec();
        panel.lines.truncate(1);
        panel.lines[0].name = String::new();
        panel.lines[0].values = vec![value(0.0, 3.0), value(1.0, f64::NAN), value(2.0, 5.0)];
        panel.lines[0].values[0].interval_95 = (f64::NAN, f64::NAN);
    }
    cases.push(("sweep-dots-and-words".to_owned(), dots.draw()));
    let mut long = lines();
    long.lines_are = LONG.into();
    for panel in &mut long.panels {
        panel.across = LONG.into();
        panel.quantity = LONG.into();
        for line in &mut panel.lines {
            line.name = LONG.into();
        }
    }
    cases.push(("sweep-lines-long".to_owned(), long.draw()));
    let mut nothing = lines();
    nothing
        .panels
        .iter_mut()
        .for_each(|panel| panel.lines.clear());
    cases.push(("sweep-lines-empty".to_owned(), nothing.draw()));
    let mut wide = map();
    wide.across = (LONG.into(), (0..40).map(|at| format!("{at},000")).collect());
    wide.down = (LONG.into(), vec![LONG.into(), "b".into()]);
    wide.panels[0].cells = (0..80)
        .map(|at| MapCell {
            column: at % 40,
            row: at / 40,
            mean: if at % 9 == 0 {
                f64::NAN
            } else {
                -1e9 * at as f64
            },
            interval_95: (f64::NEG_INFINITY, f64::INFINITY),
        })
        .collect();
    cases.push(("sweep-map-wide".to_owned(), wide.draw()));
    let mut blank = map();
    blank.panels[0].cells.clear();
    cases.push(("sweep-map-empty".to_owned(), blank.draw()));
    let mut bars = differences();
    for bar in &mut bars.bars {
        bar.label = LONG.into();
        bar.difference *= -1e6;
        bar.interval_95 = (f64::NAN, f64::NAN);
    }
    cases.push(("sweep-differences-long".to_owned(), bars.draw()));
    let mut none = differences();
    none.bars.clear();
    cases.push(("sweep-differences-empty".to_owned(), none.draw()));
    cases
}

/// The hatching is in the table too, for whoever cannot see it.
#[test]
fn cells_in_doubt_are_hatched() {
    let drawing = map().draw();
    let hatched = drawing.numbers_csv.matches(",true").count();
    assert_eq!(hatched, 4);
    assert!(
        drawing
            .alternative_text
            .contains("4 of 28 cells are hatched")
    );
    let plain = {
        let mut map = map();
        for cell in &mut map.panels[0].cells {
            cell.interval_95 = (0.99 * cell.mean, 1.01 * cell.mean);
        }
        map.draw()
    };
    let strokes = |drawing: &Drawing| drawing.svg.matches("<polyline").count();
    assert!(
        strokes(&drawing) > strokes(&plain) + 16,
        "strokes are drawn"
    );
}

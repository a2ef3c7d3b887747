//! Figures of grids without mining: likely data, edges, and what must hold.

use crate::samples::{Noise, frame};
use hashfall::report::chart::*;

pub fn month_hours() -> MonthHoursFigure {
    let cell = |at: usize| {
        let (month, hour_of_day) = (at / 24, at % 24);
        let winter = if month == 11 {
            1.0
        } else {
            0.05 * (month % 5) as f64
        };
        let evening = (hour_of_day as f64 - 18.0) / 3.0;
        let lolp = 0.02 * winter * (-evening * evening).exp();
        let lolp = if lolp < 1e-6 { 0.0 } else { lolp };
        MonthHourCell {
            month,
            hour_of_day,
            hours: 30,
            lolp,
            interval_95: (0.9 * lolp, 1.1 * lolp),
        }
    };
    MonthHoursFigure {
        frame: frame(
            "December brings 48 % of the time short of supply",
            "Probability of being short of supply, by month and hour of day",
        ),
        cells: (0..12 * 24).map(cell).collect(),
        clock: "UTC+6".into(),
    }
}

pub fn shortages() -> ShortagesFigure {
    let mut noise = Noise(11);
    let mut point = |replication: u32| {
        let duration_h = (1.0 + noise.normal()).exp();
        let depth_mw = 40.0 * duration_h * (0.8 * noise.normal()).exp();
        ShortagePoint {
            replication,
            duration_h,
            depth_mw,
            energy_mwh: 0.6 * depth_mw * duration_h,
        }
    };
    ShortagesFigure {
        frame: frame(
            "Half of all shortages end within 3.0 h; a tenth holds 55 % of what is unserved",
            "Single shortages of the system by duration and depth",
        ),
        points: (0..700).map(&mut point).collect(),
        replications: 519,
    }
}

pub fn convergence() -> ConvergenceFigure {
    let panel = |quantity: &str, unit: &str, index: &str, exact: f64, exact_known: bool| {
        let mut noise = Noise(5);
        let estimate = |step: i32| {
            let n = 20.0 * 1.1_f64.powi(step);
            let standard_error = 1.7 * exact / n.sqrt();
            EstimateAt {
                n: n as u64,
                mean: exact + 0.5 * standard_error * noise.normal(),
                standard_error,
            }
        };
        ConvergencePanel {
            quantity: quantity.into(),
            unit: unit.into(),
            index: index.into(),
            estimates: (0..60).map(estimate).collect(),
            exact: exact_known.then_some(exact),
        }
    };
    ConvergenceFigure {
        frame: frame(
            "After 5,000 futures LOLE is 9.62 ± 0.38 h: +0.6 standard errors from the exact 9.394175",
            "",
        ),
        panels: vec![
            panel("Time short of supply (LOLE)", "h", "lole_h", 9.394175, true),
            panel("Unserved energy (EUE)", "MWh", "eue_mwh", 1176.3, false),
        ],
    }
}

/// A small battery that often runs out in summer, a large one that hardly ever does, and one that
/// is never asked.
pub fn stores() -> StoresFigure {
    let hours = 168;
    let store = |name: &str, most: f64, size: f64| StoreLevels {
        name: name.into(),
        energy_mwh: 3.0 * size,
        power_mw: size,
        shares: [0.1, 0.2, 0.35, 0.6, 1.0].map(|part| {
            let season = |hour: i32| (-((f64::from(hour) - 90.0) / 40.0).powi(2)).exp();
            let evening = |hour: i32| (-((f64::from(hour % 24) - 19.0) / 3.0).powi(2)).exp();
            let low = |hour: i32| part * most * season(hour) * evening(hour);
            (0..hours).map(low).collect()
        }),
    };
    StoresFigure {
        frame: frame(
            "the-peak-battery stands empty for 21 h of 366 days on average, 60 % of it in July",
            "In the week in which stores are lowest: share of futures that find each so low, %",
        ),
        axis: TimeAxis {
            times_utc_ms: (0..i64::from(hours)).map(|hour| hour * 3_600_000).collect(),
            bin_ms: 3_600_000,
            local: None,
        },
        stores: vec![
            store("the-peak-battery", 0.3, 50.0),
            store("four-hour-battery", 0.2, 200.0),
            store(
                "a-reservoir-with-a-name-that-is-too-long-for-its-line",
                0.02,
                3000.0,
            ),
            store("idle", 0.0, 1.0),
        ],
        left_out: 3,
    }
}

pub fn all() -> Vec<Drawing> {
    vec![
        month_hours().draw(),
        shortages().draw(),
        convergence().draw(),
        stores().draw(),
    ]
}

/// The figures at the edges of what a run may hand over.
pub fn edges() -> Vec<(String, Drawing)> {
    let mut cases = Vec::new();
    let mut never = month_hours();
    for cell in &mut never.cells {
        cell.lolp = 0.0;
    }
    cases.push(("month-hours-never".to_owned(), never.draw()));
    let mut one = month_hours();
    one.cells = vec![MonthHourCell {
        lolp: 1.0,
        ..one.cells[17]
    }];
    cases.push(("month-hours-one".to_owned(), one.draw()));
    let mut wide = month_hours();
    for (at, cell) in wide.cells.iter_mut().enumerate() {
        cell.lolp = 10.0_f64.powi(-((at % 9) as i32));
        cell.hours = 100_000;
    }
    wide.cells.push(MonthHourCell {
        lolp: f64::NAN,
        month: 99,
        ..wide.cells[0]
    });
    cases.push(("month-hours-wide".to_owned(), wide.draw()));
    let mut idle = stores();
    idle.stores.drain(..3);
    cases.push(("stores-never".to_owned(), idle.draw()));
    idle.stores.clear();
    cases.push(("stores-nothing".to_owned(), idle.draw()));
    let mut full = stores();
    for store in &mut full.stores {
        store.shares = [1.0, 1.0, 1.0, 1.0, 1.0].map(|share| vec![share; 4]);
        store.energy_mwh = 1e8;
    }
    full.axis.times_utc_ms.truncate(5);
    full.axis.bin_ms = 3_600_000;
    cases.push(("stores-empty".to_owned(), full.draw()));
    let mut none = shortages();
    none.points.clear();
    cases.push(("shortages-none".to_owned(), none.draw()));
    let mut few = shortages();
    few.points.truncate(1);
    cases.push(("shortages-one".to_owned(), few.draw()));
    let mut far = shortages();
    for (at, point) in far.points.iter_mut().enumerate() {
        let scale = 10.0_f64.powi((at % 13) as i32 - 6);
        point.duration_h *= scale;
        point.depth_mw *= scale;
        point.energy_mwh = if at == 3 { f64::NAN } else { scale * scale };
    }
    cases.push(("shortages-far".to_owned(), far.draw()));
    let mut short = convergence();
    for panel in &mut short.panels {
        panel.estimates.truncate(1);
    }
    cases.push(("convergence-one".to_owned(), short.draw()));
    let mut unknown = convergence();
    for panel in &mut unknown.panels {
        for at in &mut panel.estimates {
            at.mean = 0.0;
            at.standard_error = f64::INFINITY;
        }
    }
    cases.push(("convergence-unknown".to_owned(), unknown.draw()));
    cases
}

fn rows(drawing: &Drawing) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_reader(drawing.numbers_csv.as_bytes());
    let row = |row: Result<csv::StringRecord, csv::Error>| {
        row.expect("a row").iter().map(str::to_owned).collect()
    };
    reader.records().map(row).collect()
}

/// The tables hold the numbers that were given, all of them.
#[test]
fn numbers_of_the_adequacy_figures_are_those_given() {
    let number = |text: &String| -> f64 { text.parse().expect("a number") };
    let figure = month_hours();
    let table = rows(&figure.draw());
    assert_eq!(table.len(), figure.cells.len());
    for (row, cell) in table.iter().zip(&figure.cells) {
        let month: usize = row[0].parse().expect("a month");
        let hour: usize = row[1].parse().expect("an hour");
        assert_eq!((month, hour), (cell.month + 1, cell.hour_of_day));
        assert_eq!(number(&row[3]), cell.lolp);
    }
    let figure = shortages();
    let table = rows(&figure.draw());
    assert_eq!(table.len(), figure.points.len());
    for (row, point) in table.iter().zip(&figure.points) {
        assert_eq!(number(&row[1]), point.duration_h);
        assert_eq!(number(&row[3]), point.energy_mwh);
    }
    let figure = convergence();
    let table = rows(&figure.draw());
    assert_eq!(table.len(), 120);
    for (row, at) in table.iter().zip(&figure.panels[0].estimates) {
        assert_eq!(number(&row[2]), at.mean);
        assert_eq!(number(&row[6]), 9.394175);
    }
    assert!(table[119][6].is_empty());
}

/// A likelier cell is never lighter; what never was looks like no chance at all.
#[test]
fn shades_follow_the_numbers() {
    let mut figure = month_hours();
    figure.cells.truncate(24);
    for (at, cell) in figure.cells.iter_mut().enumerate() {
        cell.lolp = if at == 0 {
            0.0
        } else {
            1e-4 * 1.3_f64.powi(at as i32)
        };
    }
    let svg = figure.draw().svg;
    let document = resvg::usvg::roxmltree::Document::parse(&svg).expect("well-formed");
    // The last 24 blocks before the hours' words are the cells.
    let fills: Vec<u32> = document
        .descendants()
        .filter(|node| node.tag_name().name() == "rect" || node.tag_name().name() == "polygon")
        .filter_map(|node| {
            u32::from_str_radix(node.attribute("fill")?.trim_start_matches('#'), 16).ok()
        })
        .collect();
    let cells = &fills[fills.len() - 24..];
    let red: Vec<u32> = cells.iter().map(|fill| fill >> 16).collect();
    assert!(red[1..].is_sorted_by(|a, b| a >= b), "{red:x?}");
    assert_eq!(cells[0], 0xF2F2F2);
    assert!(red[1] > red[23]);
}

#[test]
fn what_never_lacked_is_said_in_words() {
    for (name, drawing) in edges() {
        if name.ends_with("never") || name.ends_with("none") {
            assert!(drawing.alternative_text.contains("below 3 in "), "{name}");
        }
    }
}

//! What must hold for every figure, with likely data and at every edge.

use crate::samples::{self, DAY, HOUR, START};
use hashfall::report::chart::*;
use resvg::usvg::{self, fontdb, roxmltree};
use std::sync::Arc;

const LONG: &str = "Karaganda-and-Temirtau combined heat and power association, third extension (under the interim operator)";

/// Every figure at the edges of what a run may hand over, each with a name.
pub fn edges() -> Vec<(String, Drawing)> {
    let mut cases = Vec::new();
    for (name, days) in [("one-day", 1), ("one-year", 365), ("ten-years-of-days", 0)] {
        let mut axis = samples::axis(days);
        if days == 0 {
            axis.times_utc_ms = (0..3650).map(|day| START + day * DAY).collect();
            axis.bin_ms = DAY;
        }
        cases.push((
            format!("hashrate-{name}"),
            HashrateFigure {
                axis: axis.clone(),
                national_ehs: samples::fan(
                    &axis,
                    |t| 20.0 + ((t - START) / HOUR % 24) as f64,
                    |_| 2.0,
                ),
                world_ehs: samples::constant(&axis, 170.0),
                ..samples::hashrate()
            }
            .draw(),
        ));
        let mw = |value: f64| {
            axis.times_utc_ms
                .iter()
                .map(|t| value * (1.0 + ((t - START) / HOUR % 24) as f64 / 48.0))
                .collect::<Vec<_>>()
        };
        cases.push((
            format!("supply-{name}"),
            SupplyFigure {
                axis: axis.clone(),
                fuels: vec![
                    FuelSeries {
                        fuel: "coal".into(),
                        served_mw: mw(9000.0),
                    },
                    FuelSeries {
                        fuel: "peat".into(),
                        served_mw: mw(70.0),
                    },
                ],
                curtailed_mining_mw: mw(100.0),
                unserved_mw: mw(0.0),
                reserve_margin_mw: samples::constant(&axis, -250.0),
                ..samples::supply()
            }
            .draw(),
        ));
        cases.push((
            format!("story-{name}"),
            StoryFigure {
                hashrate_ehs: mw(1.0),
                axis: axis.clone(),
                ..samples::story()
            }
            .draw(),
        ));
        cases.push((
            format!("pools-{name}"),
            PoolsFigure {
                mean_percent: samples::constant(&axis, 0.0),
                pools_percent: vec![],
                axis,
                ..samples::pools()
            }
            .draw(),
        ));
    }
    // Nothing, zeros, gaps.
    let empty = TimeAxis {
        times_utc_ms: vec![],
        bin_ms: 0,
        local: None,
    };
    let axis = samples::axis(3);
    let zeros = vec![0.0; axis.times_utc_ms.len()];
    let gaps: Vec<f64> = (0..axis.times_utc_ms.len())
        .map(|i| match i % 7 {
            0 => f64::NAN,
            1 => f64::INFINITY,
            _ => i as f64,
        })
        .collect();
    let gap_fan = Fan {
        p5: gaps.clone(),
        p25: gaps.clone(),
        median: gaps.clone(),
        p75: gaps.clone(),
        p95: gaps.clone(),
    };
    for (name, axis, fan, line) in [
        ("empty", empty, Fan::default(), vec![]),
        ("zeros", axis.clone(), samples::constant(&axis, 0.0), zeros),
        ("gaps", axis, gap_fan, gaps),
    ] {
        cases.push((
            format!("hashrate-{name}"),
            HashrateFigure {
                axis: axis.clone(),
                national_ehs: fan.clone(),
                world_ehs: fan.clone(),
                world_counts: OneDayCounts::default(),
                observed: vec![],
                events: vec![],
                ..samples::hashrate()
            }
            .draw(),
        ));
        cases.push((
            format!("supply-{name}"),
            SupplyFigure {
                axis: axis.clone(),
                fuels: vec![FuelSeries {
                    fuel: "coal".into(),
                    served_mw: line.clone(),
                }],
                curtailed_mining_mw: line.clone(),
                unserved_mw: vec![],
                reserve_margin_mw: fan.clone(),
                ..samples::supply()
            }
            .draw(),
        ));
        cases.push((
            format!("story-{name}"),
            StoryFigure {
                axis: axis.clone(),
                rows: vec![],
                hashrate_ehs: line.clone(),
                ..samples::story()
            }
            .draw(),
        ));
        cases.push((
            format!("pools-{name}"),
            PoolsFigure {
                rows: vec![],
                pools_percent: vec![("a".into(), line.clone())],
                mean_percent: fan,
                axis,
                ..samples::pools()
            }
            .draw(),
        ));
        let value = line.first().copied().unwrap_or(0.0);
        let causes = if line.is_empty() {
            vec![]
        } else {
            vec![CauseOfLoss {
                cause: "link".into(),
                mean: value,
            }]
        };
        cases.push((
            format!("causes-{name}"),
            CausesFigure {
                causes,
                total_mean: value,
                total_p5: value,
                total_median: value,
                total_p95: value,
                ..samples::causes()
            }
            .draw(),
        ));
        let panel = |values: Vec<f64>| ExceedancePanel {
            quantity: "Unserved energy".into(),
            unit: "MWh".into(),
            column: "eue_mwh".into(),
            values,
        };
        cases.push((
            format!("exceedance-{name}"),
            ExceedanceFigure {
                panels: vec![panel(line.clone()), panel(line)],
                ..samples::exceedance()
            }
            .draw(),
        ));
    }
    // One replication, a constant, a single rare loss, gains, very long names.
    let panel = |values: Vec<f64>| ExceedancePanel {
        quantity: LONG.into(),
        unit: "MWh".into(),
        column: "eue_mwh".into(),
        values,
    };
    let mut rare = vec![0.0; 9_999];
    rare.push(7.0);
    cases.push((
        "exceedance-single-and-rare".into(),
        ExceedanceFigure {
            panels: vec![
                panel(vec![3.0]),
                panel(vec![5.0; 40]),
                panel(rare),
                panel(vec![1e-9, 2e9]),
            ],
            ..samples::exceedance()
        }
        .draw(),
    ));
    let mut causes = samples::causes();
    causes.frame = samples::frame(&LONG.repeat(2), LONG);
    for cause in &mut causes.causes {
        cause.mean = -cause.mean / 3.0 + 1.0;
        cause.cause = LONG.into();
    }
    causes.total_mean = causes.causes.iter().map(|cause| cause.mean).sum();
    causes.total_p5 = -90.0;
    causes.unit = LONG.into();
    cases.push(("causes-long-and-negative".into(), causes.draw()));
    let mut pools = samples::pools();
    for row in &mut pools.rows {
        row.pool = LONG.into();
    }
    pools.pools_percent[3].0 = LONG.into();
    pools.change_meaning = LONG.into();
    pools.mean_name = LONG.into();
    cases.push(("pools-long".into(), pools.draw()));
    let mut hashrate = samples::hashrate();
    hashrate.national_name = LONG.into();
    hashrate.axis.local = Some(LocalClock {
        offset_minutes: 345,
        label: LONG.into(),
    });
    hashrate.events = (0..30)
        .map(|i| DatedEvent {
            from_ms: START + 4 * DAY + i * HOUR,
            to_ms: (i % 3 == 0).then_some(START + 6 * DAY),
            label: LONG.into(),
        })
        .collect();
    cases.push(("hashrate-long".into(), hashrate.draw()));
    let mut supply = samples::supply();
    for fuel in &mut supply.fuels {
        fuel.fuel = LONG.into();
    }
    cases.push(("supply-long".into(), supply.draw()));
    let mut story = samples::story();
    for row in &mut story.rows {
        row.name = LONG.into();
    }
    story.rows_per_group = 0;
    cases.push(("story-long".into(), story.draw()));
    cases.extend(crate::observers::edges());
    cases.extend(crate::adequacy::edges());
    cases.extend(crate::sweeps::edges());
    cases.extend(crate::inference::edges());
    cases
}

fn everything() -> Vec<(String, Drawing)> {
    samples::all()
        .into_iter()
        .map(|drawing| (drawing.name.clone(), drawing))
        .chain(edges())
        .collect()
}

fn font_options() -> usvg::Options<'static> {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_data(
        include_bytes!("../../src/report/chart/fonts/DejaVuSans-subset.ttf").to_vec(),
    );
    fonts.load_font_data(
        include_bytes!("../../src/report/chart/fonts/DejaVuSans-Bold-subset.ttf").to_vec(),
    );
    usvg::Options {
        fontdb: Arc::new(fonts),
        ..usvg::Options::default()
    }
}

/// The ink of every text as the renderer lays it out: words, left, top, right, bottom.
fn texts(node: &usvg::Group, found: &mut Vec<(String, f32, f32, f32, f32)>) {
    for child in node.children() {
        match child {
            usvg::Node::Group(group) => texts(group, found),
            usvg::Node::Text(text) => {
                let ink = text.abs_bounding_box();
                let words: String = text.chunks().iter().map(|chunk| chunk.text()).collect();
                found.push((words, ink.left(), ink.top(), ink.right(), ink.bottom()));
            }
            _ => {}
        }
    }
}

#[test]
fn pictures_are_well_formed_and_finite() {
    for (case, drawing) in everything() {
        let document =
            roxmltree::Document::parse(&drawing.svg).unwrap_or_else(|e| panic!("{case}: {e}"));
        let root = document.root_element();
        assert_eq!(root.tag_name().name(), "svg", "{case}");
        assert_eq!(
            root.attribute("aria-label"),
            Some(drawing.alternative_text.as_str()),
            "{case}"
        );
        for text in [
            &drawing.svg,
            &drawing.numbers_csv,
            &drawing.caption,
            &drawing.alternative_text,
        ] {
            assert!(!text.contains("NaN") && !text.contains(" inf"), "{case}");
            assert!(!text.is_empty(), "{case}");
        }
        let standalone = drawing.standalone_svg();
        assert!(roxmltree::Document::parse(&standalone).is_ok(), "{case}");
        assert_eq!(standalone.matches("@font-face").count(), 2, "{case}");
    }
}

/// Measured by the renderer, not by the code under test.
#[test]
fn no_text_is_cut_and_none_overlaps() {
    let options = font_options();
    let mut wrong = Vec::new();
    for (case, drawing) in everything() {
        let tree =
            usvg::Tree::from_str(&drawing.svg, &options).unwrap_or_else(|e| panic!("{case}: {e}"));
        let (width, height) = (tree.size().width(), tree.size().height());
        let mut found = Vec::new();
        texts(tree.root(), &mut found);
        assert!(found.len() > 3, "{case} has hardly any words");
        for (index, a) in found.iter().enumerate() {
            if a.1 < 0.0 || a.2 < 0.0 || a.3 > width || a.4 > height {
                wrong.push(format!("{case}: outside: {a:?} of {width} x {height}"));
            }
            for b in &found[index + 1..] {
                // Boxes are the font's line boxes; letters that clash overlap by more than this.
                let across = a.3.min(b.3) - a.1.max(b.1);
                let down = a.4.min(b.4) - a.2.max(b.2);
                if across > 0.5 && down > 0.5 * (a.4 - a.2).min(b.4 - b.2) {
                    wrong.push(format!(
                        "{case}: overlap {across} x {down}: {a:?} and {b:?}"
                    ));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} faults:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// 6.5 points at 3.5 inches of width.
#[test]
fn no_text_is_smaller_than_the_house_allows() {
    for (case, drawing) in everything() {
        let document =
            roxmltree::Document::parse(&drawing.svg).unwrap_or_else(|e| panic!("{case}: {e}"));
        let root = document.root_element();
        let width: f64 = root
            .attribute("viewBox")
            .and_then(|v| v.split(' ').nth(2))
            .and_then(|v| v.parse().ok())
            .unwrap_or(0.0);
        for text in document
            .descendants()
            .filter(|node| node.has_tag_name("text"))
        {
            let size: f64 = text
                .attribute("font-size")
                .and_then(|v| v.parse().ok())
                .unwrap_or(0.0);
            let points = size / width * 252.0;
            assert!(points >= 6.499, "{case}: {points} pt: {:?}", text.text());
        }
    }
}

#[test]
fn the_same_data_give_the_same_bytes() {
    assert_eq!(samples::all(), samples::all());
    assert_eq!(samples::report().render(), samples::report().render());
    let drawing = samples::causes().draw();
    assert_eq!(
        drawing.png(700).expect("a picture"),
        drawing.png(700).expect("a picture")
    );
}

fn rows(drawing: &Drawing) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_reader(drawing.numbers_csv.as_bytes());
    reader
        .records()
        .map(|row| row.expect("a row").iter().map(str::to_owned).collect())
        .collect()
}

#[test]
fn numbers_of_the_hashrate_are_those_given() {
    let figure = samples::hashrate();
    let rows = rows(&figure.draw());
    for (series, fan) in [
        ("national", &figure.national_ehs),
        ("world", &figure.world_ehs),
    ] {
        for (statistic, values) in [
            ("p5", &fan.p5),
            ("p25", &fan.p25),
            ("median", &fan.median),
            ("p75", &fan.p75),
            ("p95", &fan.p95),
        ] {
            let found: Vec<f64> = rows
                .iter()
                .filter(|r| r[1] == series && r[2] == statistic)
                .map(|r| r[3].parse().expect("a number"))
                .collect();
            assert_eq!(&found, values, "{series} {statistic}");
        }
    }
    let observed: Vec<f64> = rows
        .iter()
        .filter(|r| r[1] == "world_observed_day" && r[2] == "estimate")
        .map(|r| r[3].parse().expect("a number"))
        .collect();
    assert_eq!(
        observed,
        figure
            .observed
            .iter()
            .map(|day| day.hashrate_ehs)
            .collect::<Vec<_>>()
    );
    assert_eq!(rows[0][0], "2022-01-01T00:00:00Z");
}

#[test]
fn numbers_of_the_waterfall_add_up() {
    let figure = samples::causes();
    let drawing = figure.draw();
    let rows = rows(&drawing);
    let value = |cause: &str, statistic: &str| -> f64 {
        rows.iter()
            .find(|r| r[0] == cause && r[1] == statistic)
            .map(|r| r[2].parse().expect("a number"))
            .expect("a row")
    };
    let sum: f64 = figure
        .causes
        .iter()
        .map(|cause| value(&cause.cause, "mean"))
        .sum();
    assert_eq!(sum, value("total", "mean"));
    assert_eq!(value("total", "p95"), figure.total_p95);
    assert!(
        drawing
            .numbers_csv
            .starts_with("cause,statistic,lost_hashrate_ehs_days\n")
    );
}

#[test]
fn numbers_of_pools_supply_and_story_are_those_given() {
    let pools = samples::pools();
    let table = rows(&pools.draw());
    let readings: Vec<f64> = table
        .iter()
        .filter(|r| r[3] == "reading")
        .map(|r| r[4].parse().expect("a number"))
        .collect();
    assert_eq!(
        readings,
        pools
            .rows
            .iter()
            .flat_map(|row| row.readings_percent.clone())
            .collect::<Vec<_>>()
    );
    let supply = samples::supply();
    let table = rows(&supply.draw());
    let coal: Vec<f64> = table
        .iter()
        .filter(|r| r[1] == "served/coal")
        .map(|r| r[3].parse().expect("a number"))
        .collect();
    assert_eq!(coal, supply.fuels[0].served_mw);
    let story = samples::story();
    let table = rows(&story.draw());
    let hashrate: Vec<f64> = table
        .iter()
        .filter(|r| r[0] == "hashrate")
        .map(|r| r[7].parse().expect("a number"))
        .collect();
    assert_eq!(hashrate, story.hashrate_ehs);
    let gateways = table.iter().filter(|r| r[2] == "national gateways").count();
    assert_eq!(gateways, 3);
}

/// Shares on the curve are counts of larger losses, and the marks are order statistics.
#[test]
fn numbers_of_the_exceedance_are_counts() {
    let figure = samples::exceedance();
    let table = rows(&figure.draw());
    let number = |text: &String| -> f64 { text.parse().expect("a number") };
    for panel in &figure.panels {
        let mut sorted = panel.values.clone();
        sorted.sort_by(f64::total_cmp);
        let n = sorted.len() as f64;
        let mine: Vec<_> = table.iter().filter(|row| row[0] == panel.column).collect();
        for row in mine.iter().filter(|row| row[1] == "curve") {
            let loss = number(&row[2]);
            let above = sorted.iter().filter(|value| **value > loss).count() as f64;
            assert_eq!(number(&row[3]), above / n);
            assert!(number(&row[4]) <= number(&row[3]) && number(&row[3]) <= number(&row[5]));
        }
        let mark = |name: &str| {
            mine.iter()
                .find(|row| row[1] == name)
                .map(|row| number(&row[2]))
        };
        assert_eq!(mark("p50"), Some(sorted[4_999]));
        assert_eq!(mark("p95"), Some(sorted[9_499]));
    }
}

/// The picture obeys the data: the waterfall's longest bar is the largest cause, in proportion.
#[test]
fn bars_are_as_long_as_their_numbers() {
    let figure = samples::causes();
    let drawing = figure.draw();
    let document = roxmltree::Document::parse(&drawing.svg).expect("well-formed");
    let widths: Vec<f64> = document
        .descendants()
        .filter(|node| node.has_tag_name("polygon") && node.attribute("fill") == Some("#D55E00"))
        .map(|node| {
            let xs: Vec<f64> = node
                .attribute("points")
                .unwrap_or("")
                .split_whitespace()
                .filter_map(|p| p.split(',').next()?.parse().ok())
                .collect();
            xs.iter().copied().fold(f64::MIN, f64::max)
                - xs.iter().copied().fold(f64::MAX, f64::min)
        })
        .skip(1) // the key
        .collect();
    let means: Vec<f64> = figure
        .causes
        .iter()
        .map(|cause| cause.mean)
        .filter(|mean| *mean > 0.0)
        .collect();
    assert_eq!(widths.len(), means.len());
    let unit = widths[4] / means[4];
    for (width, mean) in widths.iter().zip(&means).filter(|(_, mean)| **mean > 1.0) {
        assert!((width - mean * unit).abs() <= 2.0, "{width} {mean}");
    }
}

#[test]
fn what_never_happened_is_said_in_words() {
    let never = ExceedancePanel {
        quantity: "Unserved energy".into(),
        unit: "MWh".into(),
        column: "eue_mwh".into(),
        values: vec![0.0; 10_000],
    };
    let drawing = ExceedanceFigure {
        panels: vec![never],
        ..samples::exceedance()
    }
    .draw();
    assert!(
        drawing.alternative_text.contains("never in 10,000 futures"),
        "{}",
        drawing.alternative_text
    );
    assert!(drawing.alternative_text.contains("below 3 in 10,000"));
}

#[test]
fn every_picture_becomes_a_png() {
    for drawing in samples::all() {
        let png = drawing.png(PRINT_WIDTH_PX).expect("a picture");
        assert!(png.starts_with(b"\x89PNG"));
        assert_eq!(
            u32::from_be_bytes([png[16], png[17], png[18], png[19]]),
            PRINT_WIDTH_PX
        );
    }
    assert!(samples::causes().draw().png(0).is_err());
    assert!(samples::causes().draw().png(u32::MAX).is_err());
}

#[test]
fn the_page_holds_each_figure_once_and_its_words() {
    let page = samples::report().render();
    for drawing in samples::all() {
        assert_eq!(
            page.matches(&format!("id=\"figure-{}\"", drawing.name))
                .count(),
            1
        );
    }
    assert_eq!(page.matches("<svg").count(), samples::all().len());
    assert_eq!(page.matches("@font-face").count(), 2);
    assert!(!page.contains("NaN") && !page.contains("http-equiv"));
}

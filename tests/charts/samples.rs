//! Invented but likely-looking data for every figure, and every edge that a run may produce.

use hashfall::report::chart::*;
use hashfall::report::html::*;
use hashfall::report::words;

pub const HOUR: i64 = 3_600_000;
pub const DAY: i64 = 24 * HOUR;
/// 2022-01-01T00:00:00Z.
pub const START: i64 = 1_640_995_200_000;

/// A small generator of its own, so that samples never change.
pub struct Noise(pub u64);

impl Noise {
    pub fn uniform(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

pub fn frame(title: &str, subtitle: &str) -> Frame {
    Frame {
        title: title.into(),
        subtitle: subtitle.into(),
        footer: Footer {
            scenario: "kazakhstan-2022".into(),
            replications: 10_000,
            seed: 20_220_105,
            interval: "bands: P5–P95 of futures".into(),
            estimator: "hourly means".into(),
            window: "1–22 January 2022 UTC".into(),
            version: "0.1.0".into(),
            mode: Mode::Forecast,
        },
    }
}

pub fn axis(days: i64) -> TimeAxis {
    TimeAxis {
        times_utc_ms: (0..days * 24).map(|hour| START + hour * HOUR).collect(),
        bin_ms: HOUR,
        local: Some(LocalClock {
            offset_minutes: 360,
            label: "UTC+6".into(),
        }),
    }
}

/// Share of a country that is online at a time.
fn online(time: i64) -> f64 {
    let hour = (time - START) as f64 / HOUR as f64;
    match hour {
        h if (106.0..118.0).contains(&h) => 0.03,
        h if (118.0..121.0).contains(&h) => 0.42,
        h if (121.0..132.0).contains(&h) => 0.03,
        h if (132.0..134.0).contains(&h) => 0.3,
        h if (134.0..144.0).contains(&h) => 0.04,
        h if (144.0..218.0).contains(&h) => 0.5 + (h - 144.0) / 74.0 * 0.12,
        h if (218.0..242.0).contains(&h) => 0.62 + (h - 218.0) / 24.0 * 0.3,
        h if h >= 242.0 => 0.95,
        _ => 1.0,
    }
}

pub fn fan(axis: &TimeAxis, centre: impl Fn(i64) -> f64, spread: impl Fn(i64) -> f64) -> Fan {
    let quantile = |z: f64| {
        axis.times_utc_ms
            .iter()
            .map(|t| centre(*t) + z * spread(*t))
            .collect()
    };
    Fan {
        p5: quantile(-1.645),
        p25: quantile(-0.674),
        median: quantile(0.0),
        p75: quantile(0.674),
        p95: quantile(1.645),
    }
}

pub fn constant(axis: &TimeAxis, value: f64) -> Fan {
    fan(axis, |_| value, |_| 0.0)
}

pub fn events() -> Vec<DatedEvent> {
    let hours = [
        (86.5, None, "mobile traffic falls"),
        (106.5, Some(217.0), "nationwide shutdown"),
        (118.0, Some(121.0), "back for three hours"),
        (132.0, None, "a second window"),
        (144.0, None, "data centres back"),
        (218.0, None, "“significantly restored”"),
        (242.25, None, "stable"),
    ];
    hours
        .into_iter()
        .map(|(from, to, label): (f64, Option<f64>, &str)| DatedEvent {
            from_ms: START + (from * HOUR as f64) as i64,
            to_ms: to.map(|to| START + (to * HOUR as f64) as i64),
            label: label.into(),
        })
        .collect()
}

pub fn hashrate() -> HashrateFigure {
    let axis = axis(21);
    let mut noise = Noise(1);
    let days: Vec<i64> = (0..21).map(|day| START + day * DAY).collect();
    let observed = days
        .iter()
        .map(|day| {
            let value = 150.0 + 27.0 * online(day + DAY / 2) + 14.0 * noise.normal();
            ObservedDay {
                day_utc_ms: *day,
                hashrate_ehs: value,
                lower_95_ehs: value * 0.845,
                upper_95_ehs: value * 1.17,
            }
        })
        .collect();
    HashrateFigure {
        frame: frame(
            "Kazakhstan loses nearly all its hashrate for a day and a half, the world one part in seven",
            "Hourly means over 10,000 simulated futures",
        ),
        national_name: "Kazakhstan".into(),
        national_ehs: fan(&axis, |t| 25.5 * online(t), |t| 2.4 * online(t) + 0.35),
        world_ehs: fan(
            &axis,
            |t| 149.0 + 25.5 * online(t) + (t - START) as f64 / DAY as f64 * 0.3,
            |_| 4.2,
        ),
        world_counts: OneDayCounts {
            p5_ehs: days
                .iter()
                .map(|d| (149.0 + 25.5 * online(d + DAY / 2)) * 0.865)
                .collect(),
            p95_ehs: days
                .iter()
                .map(|d| (149.0 + 25.5 * online(d + DAY / 2)) * 1.14)
                .collect(),
            days_utc_ms: days,
        },
        observed,
        events: events(),
        axis,
    }
}

pub fn pools() -> PoolsFigure {
    let axis = axis(12);
    let table: [(&str, f64, f64, &[f64], bool); 16] = [
        ("Top pools, mean", -12.9, 2.3, &[-10.0], true),
        ("Network", -11.8, 2.0, &[-12.0, -13.4], true),
        ("Foundry USA", 0.0, 0.2, &[], false),
        ("AntPool", -13.1, 3.1, &[-11.6], false),
        ("F2Pool", -14.0, 3.2, &[-12.8], false),
        ("Poolin", -12.2, 3.0, &[], false),
        ("Binance Pool", -11.4, 3.4, &[], false),
        ("ViaBTC", -17.2, 4.0, &[-19.2], false),
        ("SlushPool", -5.0, 1.6, &[], false),
        ("BTC.com", -16.0, 4.1, &[], false),
        ("Luxor", -1.1, 0.6, &[], false),
        ("SBI Crypto", -2.0, 1.0, &[], false),
        ("1THash", -60.0, 14.0, &[-82.0], false),
        ("OKExPool", -38.0, 11.0, &[-46.3], false),
        ("KuCoinPool", -26.0, 8.0, &[-22.7], false),
        ("Other", -9.0, 3.0, &[], false),
    ];
    let rows: Vec<PoolRow> = table
        .into_iter()
        .map(|(pool, median, sd, readings, aggregate)| PoolRow {
            pool: pool.into(),
            change_p5_percent: median - 1.645 * sd,
            change_median_percent: median,
            change_p95_percent: median + 1.645 * sd,
            readings_percent: readings.to_vec(),
            aggregate,
        })
        .collect();
    let path = |depth: f64| {
        axis.times_utc_ms
            .iter()
            .map(|t| depth * 1.3 * (1.0 - online(*t)))
            .collect()
    };
    PoolsFigure {
        frame: frame(
            "Small pools with Kazakh customers lose most; the simulated mean matches the reported −10 % only just",
            "",
        ),
        change_meaning: "24 h mean to 6 Jan 06:00 UTC against 24 h before".into(),
        pools_percent: rows
            .iter()
            .filter(|r| !r.aggregate)
            .map(|r| (r.pool.clone(), path(r.change_median_percent)))
            .collect(),
        rows,
        mean_name: "mean of the top pools".into(),
        mean_percent: fan(
            &axis,
            |t| -17.0 * (1.0 - online(t)),
            |t| 3.2 * (1.0 - online(t)) + 0.1,
        ),
        readings_utc_ms: Some(START + 5 * DAY + 6 * HOUR),
        axis,
    }
}

pub fn supply() -> SupplyFigure {
    let axis = axis(21);
    let shape = |t: i64| {
        let hour = ((t - START) / HOUR) as f64;
        13.4 + 1.1 * ((hour - 13.0) / 24.0 * std::f64::consts::TAU).cos()
            + 0.35 * ((hour - 60.0) / 100.0).sin()
    };
    let mining = |t: i64| 1.15 * (0.25 + 0.75 * online(t));
    let total: Vec<f64> = axis
        .times_utc_ms
        .iter()
        .map(|t| (shape(*t) + mining(*t)) * 1000.0)
        .collect();
    let part = |share: f64| total.iter().map(|v| v * share).collect::<Vec<f64>>();
    let cut: Vec<f64> = axis
        .times_utc_ms
        .iter()
        .map(|t| ((shape(*t) - 13.6) * 160.0).max(0.0))
        .collect();
    SupplyFigure {
        frame: frame(
            "Coal carries two thirds of the load; miners are cut every evening, others hardly ever",
            "Means over 10,000 simulated futures",
        ),
        fuels: vec![
            FuelSeries {
                fuel: "coal".into(),
                served_mw: part(0.69),
            },
            FuelSeries {
                fuel: "gas".into(),
                served_mw: part(0.18),
            },
            FuelSeries {
                fuel: "hydro".into(),
                served_mw: part(0.085),
            },
            FuelSeries {
                fuel: "wind".into(),
                served_mw: part(0.012),
            },
            FuelSeries {
                fuel: "import".into(),
                served_mw: part(0.033),
            },
        ],
        unserved_mw: cut.iter().map(|v| (v - 110.0).max(0.0) * 0.4).collect(),
        curtailed_mining_mw: cut,
        reserve_margin_mw: fan(
            &axis,
            |t| 17_800.0 - (shape(t) + mining(t)) * 1000.0,
            |_| 900.0,
        ),
        axis,
    }
}

pub fn causes() -> CausesFigure {
    let table = [
        ("no supply", 3.21),
        ("frequency shedding", 0.0),
        ("order to curtail", 9.87),
        ("contract", 1.04),
        ("price", 0.41),
        ("internet link", 78.03),
        ("restart and ramp", 5.92),
        ("heat", 0.0),
        ("stale work", 0.003),
    ];
    CausesFigure {
        frame: frame(
            "Four parts in five of the loss are the internet's; the grid takes one in ten",
            "Blackout window, 5 January 10:30 to 10 January 02:00 UTC",
        ),
        quantity: "Lost hashrate".into(),
        unit: "EH/s-days".into(),
        column: "lost_hashrate_ehs_days".into(),
        causes: table
            .iter()
            .map(|(cause, mean)| CauseOfLoss {
                cause: (*cause).into(),
                mean: *mean,
            })
            .collect(),
        total_mean: table.iter().map(|(_, mean)| mean).sum(),
        total_p5: 74.0,
        total_median: 97.3,
        total_p95: 126.0,
    }
}

pub fn story() -> StoryFigure {
    let axis = axis(21);
    let mut noise = Noise(7);
    let mut row =
        |group: &str, name: &str, count: usize, hours: f64, kind: OutageKind, part: f64| StoryRow {
            group: group.into(),
            name: name.into(),
            outages: (0..count)
                .map(|_| {
                    let from = START + (noise.uniform() * 20.0 * DAY as f64) as i64;
                    let to_ms = from + (hours * (0.3 + 1.4 * noise.uniform()) * HOUR as f64) as i64;
                    Outage {
                        from_ms: from,
                        to_ms,
                        part,
                        kind,
                    }
                })
                .collect(),
        };
    let mut rows = vec![];
    for (index, name) in [
        "Ekibastuz GRES-1",
        "Ekibastuz GRES-2",
        "Aksu GRES",
        "Karaganda TETs-3",
        "Pavlodar TETs-3",
        "Zhambyl GRES",
        "Almaty TETs-2",
        "Topar GRES",
        "Rudny TETs",
        "Balkhash TETs",
    ]
    .iter()
    .enumerate()
    {
        let mut one = row(
            "Plants",
            name,
            2 + index % 3,
            44.0,
            OutageKind::Forced,
            1.0 / (1.0 + index as f64 % 4.0),
        );
        one.outages
            .extend(row("Plants", name, 1, 60.0, OutageKind::Derated, 0.2).outages);
        rows.push(one);
    }
    rows.push(row("Lines", "North–South", 1, 3.0, OutageKind::Forced, 1.0));
    rows.push(row(
        "Lines",
        "Russia–North",
        0,
        3.0,
        OutageKind::Forced,
        1.0,
    ));
    let mut gateway = row(
        "Internet",
        "national gateways",
        0,
        1.0,
        OutageKind::Offline,
        1.0,
    );
    for (from, to) in [(106.5, 118.0), (121.0, 132.0), (134.0, 217.0)] {
        let at = |hour: f64| START + (hour * HOUR as f64) as i64;
        gateway.outages.push(Outage {
            from_ms: at(from),
            to_ms: at(to),
            part: 0.97,
            kind: OutageKind::Offline,
        });
    }
    rows.push(gateway);
    rows.push(row(
        "Internet",
        "households",
        5,
        30.0,
        OutageKind::Offline,
        0.8,
    ));
    rows.push(row(
        "Curtailment",
        "north, mining",
        6,
        6.0,
        OutageKind::Curtailed,
        0.35,
    ));
    rows.push(row(
        "Curtailment",
        "south, mining",
        9,
        7.0,
        OutageKind::Curtailed,
        0.8,
    ));
    rows.push(row(
        "Curtailment",
        "south, load",
        1,
        2.0,
        OutageKind::Shed,
        0.2,
    ));
    let values = axis
        .times_utc_ms
        .iter()
        .map(|t| 26.3 * online(*t) * (1.0 - 0.06 * noise.uniform()))
        .collect();
    StoryFigure {
        frame: frame(
            "One future of ten thousand: two plants fail on the day the internet goes dark",
            "Replication 4821, the median by lost hashrate",
        ),
        replication: 4821,
        rows,
        rows_per_group: 8,
        hashrate_name: "Hashrate of Kazakhstan".into(),
        hashrate_ehs: values,
        axis,
    }
}

pub fn exceedance() -> ExceedanceFigure {
    let mut noise = Noise(3);
    let lost: Vec<f64> = (0..10_000)
        .map(|_| (97.0 + 16.0 * noise.normal()).max(0.0))
        .collect();
    let unserved = (0..10_000)
        .map(|_| {
            if noise.uniform() < 0.07 {
                -900.0 * noise.uniform().max(1e-9).ln()
            } else {
                0.0
            }
        })
        .collect();
    ExceedanceFigure {
        frame: frame(
            "One future in twenty loses more than 123 EH/s-days; firm load is rarely touched",
            "",
        ),
        panels: vec![
            ExceedancePanel {
                quantity: "Lost hashrate".into(),
                unit: "EH/s-days".into(),
                column: "lost_hashrate_ehs_days".into(),
                values: lost,
            },
            ExceedancePanel {
                quantity: "Unserved energy".into(),
                unit: "MWh".into(),
                column: "eue_mwh".into(),
                values: unserved,
            },
        ],
    }
}

pub fn all() -> Vec<Drawing> {
    let mut all = vec![
        hashrate().draw(),
        pools().draw(),
        supply().draw(),
        causes().draw(),
        story().draw(),
        exceedance().draw(),
    ];
    all.extend(crate::observers::all());
    all.extend(crate::adequacy::all());
    all.extend(crate::sweeps::all());
    all.extend(crate::backtests::all());
    all.push(crate::inference::figure().draw());
    all
}

pub fn report() -> ReportDocument {
    let claim =
        |claimed: &str, source: &str, simulated: &str, blocks: (f64, f64, f64), value: f64| {
            ClaimRow {
                claimed: claimed.into(),
                source: source.into(),
                simulated: simulated.into(),
                seen_in_blocks: words::change_in_words(blocks.0, blocks.1, blocks.2),
                verdict: words::capitalised(&words::claim_in_words(value, blocks.0, blocks.2)),
            }
        };
    ReportDocument {
        title: "Kazakhstan’s internet blackout, January 2022".into(),
        subtitle: "10,000 simulated futures of 1–22 January 2022, from what was known on 4 January".into(),
        mode: "Forecast".into(),
        headline: format!(
            "While the internet was cut, the world lost {} of its hashrate. Nearly all of it was the missing link; failing plants and orders to curtail took the rest.",
            words::range_in_words(9.6, 12.7, 15.8, "%")
        ),
        key_figures: vec![
            KeyFigure { name: "Lost hashrate, mean of the blackout".into(), median: "22.1".into(), range: "16.9 to 27.4".into(), unit: "EH/s".into(), window: "5 Jan 10:30 – 10 Jan 02:00".into() },
            KeyFigure { name: "Share of the world".into(), median: "12.7".into(), range: "9.6 to 15.8".into(), unit: "%".into(), window: "the same".into() },
            KeyFigure { name: "Unserved energy".into(), median: "0".into(), range: "0 to 310".into(), unit: "MWh".into(), window: "1–22 Jan".into() },
        ],
        claims: vec![
            claim("−10 %", "CoinDesk, 6 January: top pools, 24 hours to 06:00 UTC", "−12.9 % (−16.7 to −9.1)", (-15.4, 0.0, 17.9), -10.0),
            claim("−12 %", "The Block, 5 January: network, hours after the cut", "−13.8 % (−17.0 to −10.4)", (-13.4, -6.4, 1.1), -12.0),
            claim("−13.4 %", "205.0 to 177.33 EH/s, 6 January", "−12.7 % (−15.8 to −9.6)", (-13.4, -6.4, 1.1), -13.4),
            claim("−2.2 %", "CoinDesk, 10 January: the drop that remained", "−5.1 % (−8.0 to −2.6)", (-7.2, 0.1, 7.8), -2.2),
        ],
        evidence: vec![
            format!("Against the four weeks before, the counted hashrate {}.", words::change_in_words(-7.2, 0.1, 7.8)),
            format!("In Xinjiang in April 2021 the same count shows that it {}.", words::change_in_words(-42.2, -32.6, -21.9)),
        ],
        limits: vec![
            "Voltage and the network inside a zone are not modelled.".into(),
            "How many household lines were really back before 11 January is not known; it is drawn.".into(),
        ],
        figures: all(),
        assumptions: vec![
            Assumption { group: String::new(), what: "Share of world hashrate".into(), value: "13–18 %, uniform".into(), basis: "assumed".into(), source: "18.1 % in August 2021 by addresses; the lower end for the rationing since October".into(), assumed: true },
            Assumption { group: String::new(), what: "World hashrate on 4 January".into(), value: "173.7 EH/s, sd 2.2 %".into(), basis: "computed".into(), source: "difficulty epoch of 11–25 December 2021".into(), assumed: false },
        ],
        glossary: vec![
            GlossaryEntry { term: "LOLE".into(), meaning: "Loss of load expectation: mean hours in which capacity is below load.".into() },
            GlossaryEntry { term: "Nine futures of ten".into(), meaning: "From the 5th to the 95th percentile over replications.".into() },
        ],
        reproduce: vec!["cargo install --locked hashfall".into(), "hashfall run kazakhstan-2022 --replications 10000 --seed 20220105".into()],
        digest: "sha256:5f0c7a40c1f5b3a5a6a0b2c7f3f1e0d9c8b7a6958473625140f1e2d3c4b5a697".into(),
        version: "0.1.0".into(),
        ..ReportDocument::default()
    }
}

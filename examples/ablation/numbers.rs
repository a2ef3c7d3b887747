//! The reported numbers that an ablation looks at, and how two runs of equal replications differ.

use hashfall::engine::{Plan, Replicator};
use hashfall::measure::{Ensemble, MiningEnsemble, Sink};
use hashfall::system::System;
use rayon::prelude::*;

/// A number of the summary, of one window and scope.
pub struct Number {
    /// Its name on the page; ends with `(variance)` where the range of outcomes is meant.
    pub name: &'static str,
    /// Window, scope and index as in `summary.csv`.
    pub column: [&'static str; 3],
    /// Unit as on the page, and what turns the column's unit into it.
    pub unit: (&'static str, f64),
    /// The variance over the replications instead of the mean.
    pub variance: bool,
}

const fn mean(
    name: &'static str,
    window: &'static str,
    scope: &'static str,
    index: &'static str,
    unit: &'static str,
) -> Number {
    Number {
        name,
        column: [window, scope, index],
        unit: (unit, 1.0),
        variance: false,
    }
}

const fn scaled(number: Number, unit: &'static str, factor: f64) -> Number {
    Number {
        unit: (unit, factor),
        ..number
    }
}

const fn variance(number: Number, unit: &'static str, factor: f64) -> Number {
    Number {
        unit: (unit, factor),
        variance: true,
        ..number
    }
}

/// The change that an observer reads.
const fn read(name: &'static str, observer: &'static str) -> Number {
    scaled(mean(name, ALL, observer, "change", "%"), "%", 100.0)
}

const NET: &str = "network";
const SYS: &str = "system";
const DARK: &str = "blackout";
const ALL: &str = "all";

/// Every number, in the order of the page.
pub const NUMBERS: [Number; 52] = [
    mean(
        "lost, blackout",
        DARK,
        NET,
        "lost_hashrate_ehs_days",
        "EH/s d",
    ),
    mean("lost, all", ALL, NET, "lost_hashrate_ehs_days", "EH/s d"),
    mean(
        "lost peak hour",
        DARK,
        NET,
        "lost_hashrate_peak_hour_ehs",
        "EH/s",
    ),
    scaled(
        mean("lost share of world", DARK, NET, "lost_share_of_world", "%"),
        "%",
        100.0,
    ),
    mean("lost by link", DARK, NET, "lost_by_cause/link", "EH/s d"),
    mean(
        "lost by restart",
        DARK,
        NET,
        "lost_by_cause/restart",
        "EH/s d",
    ),
    mean(
        "lost by supply",
        DARK,
        NET,
        "lost_by_cause/supply",
        "EH/s d",
    ),
    mean(
        "lost by restart after supply",
        DARK,
        NET,
        "lost_restart_after/supply",
        "EH/s d",
    ),
    mean("lost by order", DARK, NET, "lost_by_cause/order", "EH/s d"),
    scaled(
        mean(
            "revenue lost, gross",
            DARK,
            NET,
            "revenue_lost_gross_usd",
            "USD",
        ),
        "million USD",
        1e-6,
    ),
    scaled(
        mean(
            "revenue lost, net",
            DARK,
            NET,
            "revenue_lost_net_usd",
            "USD",
        ),
        "million USD",
        1e-6,
    ),
    mean("hashrate", ALL, NET, "hashrate_ehs", "EH/s"),
    mean(
        "missing by supply",
        ALL,
        NET,
        "lost_installed_by_cause/supply",
        "EH/s d",
    ),
    mean(
        "missing by order",
        ALL,
        NET,
        "lost_installed_by_cause/order",
        "EH/s d",
    ),
    mean(
        "missing by link",
        ALL,
        NET,
        "lost_installed_by_cause/link",
        "EH/s d",
    ),
    mean(
        "missing by restart",
        ALL,
        NET,
        "lost_installed_by_cause/restart",
        "EH/s d",
    ),
    mean(
        "missing by restart after supply",
        ALL,
        NET,
        "lost_installed_restart_after/supply",
        "EH/s d",
    ),
    mean(
        "missing by restart after order",
        ALL,
        NET,
        "lost_installed_restart_after/order",
        "EH/s d",
    ),
    mean(
        "missing by restart after link",
        ALL,
        NET,
        "lost_installed_restart_after/link",
        "EH/s d",
    ),
    mean(
        "missing by heat",
        ALL,
        NET,
        "lost_installed_by_cause/heat",
        "EH/s d",
    ),
    mean(
        "missing by stale work",
        ALL,
        NET,
        "lost_installed_by_cause/stale",
        "EH/s d",
    ),
    mean("any link", ALL, NET, "lost_installed_any/link", "EH/s d"),
    mean(
        "energy without hashes",
        ALL,
        NET,
        "energy_without_hashes_mwh",
        "MWh",
    ),
    mean("curtailed mining", ALL, SYS, "curtailed_mining_mwh", "MWh"),
    mean(
        "curtailed mining, hours",
        ALL,
        SYS,
        "curtailed_mining_h",
        "h",
    ),
    scaled(
        mean(
            "standing curtailment",
            ALL,
            SYS,
            "standing_curtailed_mining_mwh",
            "MWh",
        ),
        "GWh",
        1e-3,
    ),
    mean(
        "mining on shed feeders",
        ALL,
        SYS,
        "unserved_mining_mwh",
        "MWh",
    ),
    mean("LOLE", ALL, SYS, "lole_h", "h"),
    mean("EUE", ALL, SYS, "eue_mwh", "MWh"),
    mean("LOLF", ALL, SYS, "lolf", "shortages"),
    mean("margin P5", ALL, SYS, "reserve_margin_p5_mw", "MW"),
    mean("margin least", ALL, SYS, "reserve_margin_least_mw", "MW"),
    mean("peak demand", ALL, SYS, "peak_demand_mw", "MW"),
    scaled(
        mean("emissions", ALL, SYS, "emissions_tco2", "t"),
        "kt",
        1e-3,
    ),
    mean(
        "North-South above 90 %",
        ALL,
        "line/north-south",
        "hours_above_90_pct",
        "h",
    ),
    scaled(
        mean("from Russia", ALL, SYS, "served_mwh/import", "MWh"),
        "GWh",
        1e-3,
    ),
    scaled(
        mean("pools' change in 24 h", ALL, NET, "pools_change_24h", "%"),
        "%",
        100.0,
    ),
    mean(
        "to SlushPool",
        ALL,
        "pool/SlushPool",
        "hashrate_from_country_ehs",
        "EH/s",
    ),
    mean(
        "to AntPool",
        ALL,
        "pool/AntPool",
        "hashrate_from_country_ehs",
        "EH/s",
    ),
    mean(
        "ust-kamenogorsk",
        ALL,
        "farm/registered-ust-kamenogorsk",
        "hashrate_ehs",
        "EH/s",
    ),
    mean(
        "ekibastuz-enegix",
        ALL,
        "farm/registered-ekibastuz-enegix",
        "hashrate_ehs",
        "EH/s",
    ),
    mean("blocks found", DARK, NET, "blocks_found", "blocks"),
    mean("days to the retarget", DARK, NET, "days_to_retarget", "d"),
    read("pools read over 24 h", "observer/pools-24-hours"),
    read("pools read as one", "observer/pools-24-hours-weighted"),
    read(
        "read against three days",
        "observer/baseline-three-days-before",
    ),
    read("read within a trend", "observer/baseline-trend"),
    variance(
        mean(
            "lost, blackout (variance)",
            DARK,
            NET,
            "lost_hashrate_ehs_days",
            "",
        ),
        "(EH/s d)²",
        1.0,
    ),
    variance(
        mean(
            "missing by link (variance)",
            ALL,
            NET,
            "lost_installed_by_cause/link",
            "",
        ),
        "(EH/s d)²",
        1.0,
    ),
    variance(
        mean(
            "pools' change in 24 h (variance)",
            ALL,
            NET,
            "pools_change_24h",
            "",
        ),
        "%²",
        100.0,
    ),
    variance(
        mean("emissions (variance)", ALL, SYS, "emissions_tco2", ""),
        "kt²",
        1e-3,
    ),
    variance(
        mean("efficiency (variance)", ALL, NET, "efficiency_j_th", ""),
        "(J/TH)²",
        1.0,
    ),
];

/// Where a number stands in [`NUMBERS`].
pub fn position(name: &str) -> usize {
    NUMBERS
        .iter()
        .position(|number| number.name == name)
        .unwrap_or_else(|| panic!("no number is called {name:?}"))
}

/// The numbers of some replications, `[replication][number]`, in the units of [`NUMBERS`].
pub type Sample = Vec<Vec<f64>>;

/// Runs replications 0 to n - 1 of a system on all cores.
pub fn sample(system: &System, n: u32) -> Sample {
    let plan = Plan::new(system);
    let layout = MiningEnsemble::layout(&plan);
    let columns = NUMBERS.each_ref().map(|number| {
        let [window, scope, index] = number.column;
        layout
            .find(window, scope, index)
            .unwrap_or_else(|| panic!("no column {window} {scope} {index}"))
    });
    (0..n)
        .into_par_iter()
        .map_init(
            || {
                (
                    MiningEnsemble::new(&plan),
                    Replicator::new(&plan),
                    Sink::default(),
                )
            },
            |(ensemble, replicator, sink), replication| {
                ensemble
                    .replicate(replicator, replication, sink)
                    .expect("a replication");
                let value = |(column, number): (&&hashfall::measure::Column, &Number)| {
                    sink.row[column.slot] as f64 * column.scale * number.unit.1
                };
                columns.iter().zip(&NUMBERS).map(value).collect()
            },
        )
        .collect()
}

/// A paired change of one number: the same replications with and without a behaviour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Paired {
    /// As shipped.
    pub shipped: f64,
    /// With the behaviour switched off.
    pub off: f64,
    /// Mean of the paired differences.
    pub change: f64,
    /// Standard error of that mean.
    pub error: f64,
    /// Replications in which the number changed at all.
    pub touched: usize,
}

impl Paired {
    /// The change in standard errors; nothing of nothing is nothing.
    pub fn z(&self) -> f64 {
        if self.change == 0.0 {
            0.0
        } else {
            self.change / self.error
        }
    }
}

/// The paired change of a number. A variance is compared by its replications' squared
/// deviations, so that it too is a mean of paired differences.
pub fn paired(shipped: &Sample, off: &Sample, number: usize) -> Paired {
    let n = shipped.len().min(off.len());
    let column = |sample: &Sample| {
        let values: Vec<f64> = sample[..n].iter().map(|row| row[number]).collect();
        if !NUMBERS[number].variance {
            return values;
        }
        let mean = average(&values);
        values.iter().map(|value| (value - mean).powi(2)).collect()
    };
    let (shipped, off) = (column(shipped), column(off));
    let changes: Vec<f64> = off.iter().zip(&shipped).map(|(b, a)| b - a).collect();
    let change = average(&changes);
    let squares: f64 = changes.iter().map(|d| (d - change).powi(2)).sum();
    Paired {
        shipped: average(&shipped),
        off: average(&off),
        change,
        error: (squares / ((n - 1) * n) as f64).sqrt(),
        touched: changes.iter().filter(|&&d| d != 0.0).count(),
    }
}

fn average(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

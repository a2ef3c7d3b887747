//! Figure 2: what each pool's hashrate did.

use crate::quantity::{MS_PER_DAY, MS_PER_HOUR};
use crate::report::chart::{Fan, PoolRow, PoolsFigure, spoken};
use crate::report::facts::{Facts, Outcomes};
use crate::report::numerals::number;
use crate::report::small_print::Small;
use crate::report::words::{Direction, Verdict, direction, verdict};
use crate::system::Pool;

/// The figure; none without pools or without the two days that are compared.
pub(super) fn figure(facts: &Facts<'_>) -> Option<PoolsFigure> {
    let system = facts.system();
    let (before, after) = system.observed.pool_change_from?;
    let mut pools: Vec<&Pool> = system.pools.iter().collect();
    pools.sort_by(|a, b| {
        b.share
            .total_cmp(&a.share)
            .then_with(|| a.name.cmp(&b.name))
    });
    let mean = facts
        .outcomes("all", "network", "pools_change_24h")?
        .times(100.0);
    let mut rows = vec![row("Pools, plain mean", mean, mean_readings(facts), true)];
    rows.extend(network(facts).map(|change| row("World", change, Vec::new(), true)));
    rows.extend(pools.iter().filter_map(|pool| {
        let scope = format!("pool/{}", pool.name);
        let change = facts
            .outcomes("all", &scope, "hashrate_change_24h")?
            .times(100.0);
        let name = if pool.name == "other" {
            "other pools"
        } else {
            &pool.name
        };
        Some(row(name, change, readings(facts, &pool.name), false))
    }));
    let hours = (before / MS_PER_HOUR) as usize..((before + MS_PER_DAY) / MS_PER_HOUR) as usize;
    let bins = hours.start / facts.stride()..hours.end.div_ceil(facts.stride());
    let paths = pools.iter().filter_map(|pool| {
        let fan = facts.fan("pool_hashrate", &format!("pool/{}", pool.name))?;
        Some((
            pool.name.clone(),
            against(&fan.median, level(&fan.median, bins.clone())),
        ))
    });
    let at = |ms: i64| spoken(system.start_unix_ms.saturating_add(ms));
    let small = Small {
        interval: "bars and bands: P5–P95 of futures",
        estimator: "24 h means; over time hourly means against the median of the day before",
        window: facts.horizon_in_words(),
    };
    Some(PoolsFigure {
        frame: facts.frame(title(facts, mean), "", small),
        change_meaning: format!(
            "mean of 24 h to {} UTC against 24 h to {}",
            at(after + MS_PER_DAY),
            at(before + MS_PER_DAY)
        ),
        rows,
        axis: facts.axis(),
        pools_percent: paths.collect(),
        mean_name: "world".to_owned(),
        mean_percent: world(facts, bins.clone()),
        readings_utc_ms: Some(system.start_unix_ms + after + MS_PER_DAY)
            .filter(|_| !system.observed.pools.is_empty()),
    })
}

fn title(facts: &Facts<'_>, mean: Outcomes) -> String {
    let size = number(mean.median.abs(), 1);
    let said = match direction(mean.p5, mean.p95) {
        Direction::Fell => format!("Pools fell by {size} % on average in 24 hours"),
        Direction::Rose => format!("Pools rose by {size} % on average in 24 hours"),
        _ => return "The pools’ mean change in 24 hours cannot be told from none".to_owned(),
    };
    let Some(&reading) = mean_readings(facts).first() else {
        return said;
    };
    let reported = number(reading.abs(), if reading.fract() == 0.0 { 0 } else { 1 });
    match verdict(reading, mean.p5, mean.p95) {
        Verdict::Fits => format!("{said}, simulated; the {reported} % reported fits"),
        Verdict::Overstates => {
            format!("{said}, simulated: less than the {reported} % reported")
        }
        Verdict::Understates => {
            format!("{said}, simulated: more than the {reported} % reported")
        }
        _ => said,
    }
}

/// Readings of the mean over pools: those of no pool by name that speak of pools.
pub(crate) fn mean_readings(facts: &Facts<'_>) -> Vec<f64> {
    let system = facts.system();
    let of_pools = |name: &str| {
        name.to_lowercase().contains("pools") && system.pools.iter().all(|pool| pool.name != name)
    };
    let readings = system
        .observed
        .pools
        .iter()
        .filter(|reading| of_pools(&reading.pool));
    readings.map(|reading| reading.change_pct).collect()
}

/// Readings of one pool.
pub(crate) fn readings(facts: &Facts<'_>, pool: &str) -> Vec<f64> {
    let readings = facts.system().observed.pools.iter();
    readings
        .filter(|reading| reading.pool == pool)
        .map(|reading| reading.change_pct)
        .collect()
}

/// The world's change over the same 24 hours, where a claim asks for just these.
fn network(facts: &Facts<'_>) -> Option<Outcomes> {
    let observed = &facts.system().observed;
    let (before, after) = observed.pool_change_from?;
    let claim = observed.claims.iter().position(|claim| {
        let baseline = crate::measure::claim_baseline(facts.system(), claim);
        claim.from == after && claim.until == after + MS_PER_DAY && baseline.0 == before
    })?;
    let index = format!("claim_change/{claim}");
    Some(facts.outcomes("all", "network", &index)?.times(100.0))
}

fn row(pool: &str, change: Outcomes, readings: Vec<f64>, aggregate: bool) -> PoolRow {
    PoolRow {
        pool: pool.to_owned(),
        change_p5_percent: change.p5,
        change_median_percent: change.median,
        change_p95_percent: change.p95,
        readings_percent: readings,
        aggregate,
    }
}

/// Mean of the bins; NaN of none.
fn level(values: &[f64], bins: std::ops::Range<usize>) -> f64 {
    let within = values
        .get(bins.start..bins.end.min(values.len()))
        .unwrap_or_default();
    within.iter().sum::<f64>() / within.len() as f64
}

/// Percent against a level.
fn against(values: &[f64], level: f64) -> Vec<f64> {
    values
        .iter()
        .map(|value| 100.0 * (value / level - 1.0))
        .collect()
}

/// The world against the median of its day before. Its bands hold the level too, which nobody
/// knows better before than after.
fn world(facts: &Facts<'_>, bins: std::ops::Range<usize>) -> Fan {
    let Some(fan) = facts.fan("world_hashrate", "network") else {
        return Fan::default();
    };
    let level = level(&fan.median, bins);
    Fan {
        p5: against(&fan.p5, level),
        p25: against(&fan.p25, level),
        median: against(&fan.median, level),
        p75: against(&fan.p75, level),
        p95: against(&fan.p95, level),
    }
}

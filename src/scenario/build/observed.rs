//! What was seen in reality.

use super::inference::inference;
use super::{Context, series};
use crate::quantity::MS_PER_DAY;
use crate::random::special::gamma_quantile;
use crate::scenario::files::Files;
use crate::scenario::raw::{ClaimOf, Scenario};
use crate::scenario::time;
use crate::system::{Claim, Observed, ObservedDay, PoolReading, Rival, TimedBlock, Window};
use std::collections::BTreeSet;

/// The rival that need not be written.
const NO_LOSS: &str = "no loss";

/// Blocks, pool readings and claims; nothing where the scenario gives none.
pub(crate) fn observed(
    raw: &Scenario,
    headline: Option<&Window>,
    files: &mut Files,
    context: &mut Context<'_>,
) -> Observed {
    let Some(written) = &raw.observed else {
        return Observed::default();
    };
    let days = written
        .blocks_csv
        .as_ref()
        .and_then(|csv| days(csv, files, context));
    let block_times = written
        .block_times_csv
        .as_ref()
        .and_then(|csv| block_times(csv, files, context));
    let pools = written
        .pools_csv
        .as_ref()
        .and_then(|csv| pools(csv, files, context));
    let mut pool_change_from = None;
    if let Some(change) = &written.pool_change {
        let (before, after) = (
            context.offset(&change.before_from),
            context.offset(&change.after_from),
        );
        let path = "observed.pool_change";
        if before < 0 || after < before || after + MS_PER_DAY > context.horizon.0 {
            let right =
                "before_from, then after_from, each at least 24 h before the end of the horizon";
            context.wrong(
                path,
                "the two windows do not both lie within the horizon",
                right,
            );
        }
        pool_change_from = Some((before, after));
    }
    let mut claims = Vec::new();
    for (index, claim) in written.claims.iter().enumerate() {
        let (from, until) = (context.offset(&claim.from), context.offset(&claim.until));
        if until <= from {
            let path = format!("observed.claims[{index}].until");
            context.wrong(
                &path,
                "the end does not come after the begin",
                "from before until",
            );
        }
        let of = match claim.of {
            ClaimOf::Pools => "pools",
            ClaimOf::Network => "network",
        };
        claims.push(Claim {
            what: claim.what.clone(),
            percent: claim.percent,
            source: claim.source.clone(),
            from,
            until,
            of: of.to_owned(),
        });
    }
    let observed = Observed {
        days: days.unwrap_or_default(),
        block_times: block_times.unwrap_or_default(),
        pools: pools.unwrap_or_default(),
        pool_change_from,
        claims,
        rivals: rivals(raw, headline, context),
        tell_apart: tell_apart(raw, context),
        inference: None,
    };
    let written = written.inference.as_ref();
    Observed {
        inference: written.map(|keys| inference(keys, &observed, context)),
        ..observed
    }
}

/// The rivals, each with a name of its own and an end after its begin.
fn rivals(raw: &Scenario, headline: Option<&Window>, context: &mut Context<'_>) -> Vec<Rival> {
    let written = raw.observed.iter().flat_map(|observed| &observed.rivals);
    let whole = headline.map_or((0, context.horizon.0), |window| {
        (window.from.0, window.until.0)
    });
    let mut rivals = Vec::<Rival>::new();
    for (index, rival) in written.enumerate() {
        let path = format!("observed.rivals[{index}]");
        let from = rival
            .from
            .as_ref()
            .map_or(whole.0, |text| context.offset(text));
        let until = rival
            .until
            .as_ref()
            .map_or(whole.1, |text| context.offset(text));
        if until <= from {
            let wrong = "the end does not come after the begin";
            context.wrong(&format!("{path}.until"), wrong, "from before until");
        }
        let is_taken = rival.name == NO_LOSS || rivals.iter().any(|other| other.name == rival.name);
        if is_taken {
            let wrong = format!("there is a rival {:?} already", rival.name);
            let right = "a name of its own; \"no loss\" is always there";
            context.wrong(&format!("{path}.name"), wrong, right);
        }
        rivals.push(Rival {
            name: rival.name.clone(),
            loss: rival.loss,
            from,
            until,
        });
    }
    rivals
}

/// The losses to be told apart.
fn tell_apart(raw: &Scenario, context: &mut Context<'_>) -> Vec<f64> {
    let Some(written) = raw.observed.as_ref().map(|observed| &observed.tell_apart) else {
        return Vec::new();
    };
    let rises = written.windows(2).all(|pair| pair[0] < pair[1]);
    let fits = written.iter().all(|loss| (0.0..1.0).contains(loss));
    if !rises || !fits || !(2..=8).contains(&written.len()) {
        context.wrong(
            "observed.tell_apart",
            "these losses cannot be told apart",
            "two to eight shares of the world, rising, from 0 to below 1, as [0, 0.06, 0.13, 0.18]",
        );
    }
    written.clone()
}

fn days(csv: &str, files: &mut Files, context: &mut Context<'_>) -> Option<Vec<ObservedDay>> {
    const PATH: &str = "observed.blocks_csv";
    let sheet = series::sheet(csv, PATH, files, context)?;
    let date = series::column(&sheet, "date_utc", PATH, context);
    let mut values_from = |name: &str, least: f64, most: f64| {
        let column = series::column(&sheet, name, PATH, context)?;
        let right = format!("a number from {least} to {most}");
        series::numbers(
            &sheet,
            column,
            |value| (least..=most).contains(&value),
            &right,
            PATH,
            context,
        )
    };
    let difficulty = values_from("difficulty_mean", 1.0, 1e18);
    let mut values = |name: &str, most: f64| values_from(name, 0.0, most);
    let blocks = values("block_count", 1e6);
    // Estimates may stand in the CSV; else they are computed.
    let mut given = |name: &str| match sheet.column(name) {
        Some(_) => values(name, 1e6).map(Some),
        None => Some(None),
    };
    let estimate = given("hashrate_ehs_from_count");
    let low = given("ci95_lo_ehs");
    let high = given("ci95_hi_ehs");
    let (date, blocks, difficulty, estimate, low, high) =
        (date?, blocks?, difficulty?, estimate?, low?, high?);
    let (mut days, mut seen) = (Vec::with_capacity(sheet.rows.len()), BTreeSet::new());
    for (index, row) in sheet.rows.iter().enumerate() {
        match time::date_or_instant(&row[date].text) {
            Ok(unix_ms) => {
                if !seen.insert(unix_ms) {
                    let wrong = format!("{} stands there twice", row[date].text);
                    context.wrong_at(row[date].place, PATH, wrong, "one row for each UTC day");
                    return None;
                }
                let count = libm::rint(blocks[index]) as u32;
                let computed = ehs_of_a_day(count, difficulty[index]);
                let or = |given: &Option<Vec<f64>>, computed: f64| {
                    given.as_ref().map_or(computed, |given| given[index])
                };
                days.push(ObservedDay {
                    unix_ms,
                    blocks: count,
                    difficulty: difficulty[index],
                    ehs: (
                        or(&estimate, computed.0),
                        or(&low, computed.1),
                        or(&high, computed.2),
                    ),
                });
            }
            Err(wrong) => {
                context.wrong_at(row[date].place, PATH, wrong, "a date, as 2022-01-04");
                return None;
            }
        }
    }
    days.sort_by_key(|day| day.unix_ms);
    Some(days)
}

/// Blocks by header time.
fn block_times(csv: &str, files: &mut Files, context: &mut Context<'_>) -> Option<Vec<TimedBlock>> {
    const PATH: &str = "observed.block_times_csv";
    let sheet = series::sheet(csv, PATH, files, context)?;
    let time = series::column(&sheet, "unix", PATH, context);
    let difficulty = series::column(&sheet, "difficulty", PATH, context);
    let (time, difficulty) = (time?, difficulty?);
    let mut numbers = |column: usize, right: &str, least: f64, most: f64| {
        let allowed = |value: f64| (least..=most).contains(&value);
        series::numbers(&sheet, column, allowed, right, PATH, context)
    };
    let times = numbers(time, "seconds since 1970", 0.0, 1e11);
    let difficulties = numbers(difficulty, "a difficulty, from 1 to 1e18", 1.0, 1e18);
    let mut blocks: Vec<TimedBlock> = times?
        .into_iter()
        .zip(difficulties?)
        .map(|(unix_s, difficulty)| TimedBlock {
            unix_ms: libm::rint(unix_s * 1e3) as i64,
            difficulty,
        })
        .collect();
    // Header times can run backwards; counts go by header time.
    blocks.sort_by_key(|block| block.unix_ms);
    Some(blocks)
}

/// What a day's count says of hashrate, EH/s, and the ends of its exact 95 % interval: those of a
/// Poisson mean (Garwood 1936), quantiles of Gamma laws.
fn ehs_of_a_day(blocks: u32, difficulty: f64) -> (f64, f64, f64) {
    const TAIL: f64 = 0.025;
    // A block takes difficulty times 2^32 hashes.
    let a_block = difficulty * crate::quantity::HASHES_AT_DIFFICULTY_1 / 86_400.0 * 1e-18;
    let blocks = f64::from(blocks);
    let low = if blocks > 0.0 {
        gamma_quantile(blocks, TAIL)
    } else {
        0.0
    };
    let high = gamma_quantile(blocks + 1.0, 1.0 - TAIL);
    (blocks * a_block, low * a_block, high * a_block)
}

fn pools(csv: &str, files: &mut Files, context: &mut Context<'_>) -> Option<Vec<PoolReading>> {
    const PATH: &str = "observed.pools_csv";
    let sheet = series::sheet(csv, PATH, files, context)?;
    let pool = series::column(&sheet, "pool", PATH, context);
    let change = series::column(&sheet, "change_pct", PATH, context);
    let source = series::column(&sheet, "reported_by", PATH, context);
    let (pool, change, source) = (pool?, change?, source?);
    let right = "a change in percent, from -100 to 1000";
    let changes = series::numbers(
        &sheet,
        change,
        |value| (-100.0..=1000.0).contains(&value),
        right,
        PATH,
        context,
    )?;
    let reading = |(row, change_pct): (&Vec<crate::scenario::sheet::Cell>, f64)| PoolReading {
        pool: row[pool].text.clone(),
        change_pct,
        source: row[source].text.clone(),
    };
    Some(sheet.rows.iter().zip(changes).map(reading).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A day of the published table: 1 November 2021.
    #[test]
    fn a_days_estimate_is_the_published_one() {
        let (estimate, low, high) = ehs_of_a_day(148, 21_659_344_833_265.0);
        for (value, published) in [(estimate, 159.35), (low, 134.71), (high, 187.19)] {
            assert!(
                (value - published).abs() < 0.006,
                "{value}, not {published}"
            );
        }
        assert_eq!(ehs_of_a_day(0, 1e13).1, 0.0);
    }
}

//! What was seen in reality.

use super::inference::inference;
use super::{Context, series};
use crate::quantity::MS_PER_DAY;
use crate::scenario::files::Files;
use crate::scenario::raw::{ClaimOf, Scenario};
use crate::scenario::time;
use crate::system::{Claim, Observed, ObservedDay, PoolReading};

/// Blocks, pool readings and claims; nothing where the scenario gives none.
pub(crate) fn observed(raw: &Scenario, files: &mut Files, context: &mut Context<'_>) -> Observed {
    let Some(written) = &raw.observed else {
        return Observed::default();
    };
    let days = written
        .blocks_csv
        .as_ref()
        .and_then(|csv| days(csv, files, context));
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
        pools: pools.unwrap_or_default(),
        pool_change_from,
        claims,
        inference: None,
    };
    let written = written.inference.as_ref();
    Observed {
        inference: written.map(|keys| inference(keys, &observed, context)),
        ..observed
    }
}

fn days(csv: &str, files: &mut Files, context: &mut Context<'_>) -> Option<Vec<ObservedDay>> {
    const PATH: &str = "observed.blocks_csv";
    let sheet = series::sheet(csv, PATH, files, context)?;
    let date = series::column(&sheet, "date_utc", PATH, context);
    let mut values = |name: &str, most: f64| {
        let column = series::column(&sheet, name, PATH, context)?;
        let right = format!("a number from 0 to {most}");
        series::numbers(
            &sheet,
            column,
            |value| (0.0..=most).contains(&value),
            &right,
            PATH,
            context,
        )
    };
    let blocks = values("block_count", 1e6);
    let difficulty = values("difficulty_mean", 1e18);
    let estimate = values("hashrate_ehs_from_count", 1e6);
    let low = values("ci95_lo_ehs", 1e6);
    let high = values("ci95_hi_ehs", 1e6);
    let (date, blocks, difficulty, estimate, low, high) =
        (date?, blocks?, difficulty?, estimate?, low?, high?);
    let mut days = Vec::with_capacity(sheet.rows.len());
    for (index, row) in sheet.rows.iter().enumerate() {
        match time::date_or_instant(&row[date].text) {
            Ok(unix_ms) => days.push(ObservedDay {
                unix_ms,
                blocks: libm::rint(blocks[index]) as u32,
                difficulty: difficulty[index],
                ehs: (estimate[index], low[index], high[index]),
            }),
            Err(wrong) => {
                context.wrong_at(row[date].place, PATH, wrong, "a date, as 2022-01-04");
                return None;
            }
        }
    }
    days.sort_by_key(|day| day.unix_ms);
    Some(days)
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

//! The Bitcoin network around the country, and its money.

use super::numbers::{number, number_or, reach};
use super::{Context, Names, series};
use crate::quantity::MS_PER_DAY;
use crate::scenario::files::Files;
use crate::scenario::mistake::suggestion;
use crate::scenario::raw::{self, Mode, Scenario};
use crate::scenario::time;
use crate::system::{Calibration, Economics, InputId, World};
use std::collections::BTreeMap;

/// World hashrate and the country's part of it.
pub(crate) fn world(raw: &Scenario, names: &Names, context: &mut Context<'_>) -> Option<World> {
    let written = raw.world.as_ref()?;
    let growth = number_or(
        written.growth_per_week.as_ref(),
        0.0,
        "world.growth_per_week",
        context,
    );
    let level_ehs = number(&written.level_ehs, "world.level_ehs", context);
    let weeks = context.hours() as f64 / 168.0;
    let most =
        reach(level_ehs, context)[1] * libm::pow(1.0 + reach(growth, context)[1].max(0.0), weeks);
    if most >= 9_200.0 {
        context.wrong(
            "world.level_ehs",
            format!("the world could grow to {most:.0} EH/s"),
            "less than 9,200 EH/s within the horizon",
        );
    }
    for (index, share) in written.headline_shares.iter().enumerate() {
        if !(*share > 0.0 && *share < 1.0) {
            context.wrong(
                &format!("world.headline_shares[{index}]"),
                format!("{share} is out of range"),
                "a share between 0 and 1",
            );
        }
    }
    if !written.headline_shares.is_empty() && written.calibration.is_none() {
        context.wrong(
            "world.headline_shares",
            "other shares need a calibration",
            "[world.calibration]",
        );
    }
    Some(World {
        level_ehs,
        calibration: written
            .calibration
            .as_ref()
            .and_then(|keys| calibration(keys, raw, names, context)),
        growth_per_week: growth,
        noise_sd: number_or(written.noise_sd.as_ref(), 0.0, "world.noise_sd", context),
        noise_lag1: written.noise_lag1,
        noise_stream: context.stream("world", "world/noise"),
        pool_effective_count: written.pool_effective_count,
        block_interval_s: written.block_interval_s,
        headline_shares: written.headline_shares.clone(),
    })
}

fn calibration(
    keys: &raw::Calibration,
    raw: &Scenario,
    names: &Names,
    context: &mut Context<'_>,
) -> Option<Calibration> {
    let mut input = |key: &str, name: &str, (low, high): (f64, f64)| -> Option<InputId> {
        let path = format!("world.calibration.{key}");
        if !raw.inputs.contains_key(name) {
            let right = suggestion(name, raw.inputs.keys().map(String::as_str));
            context.wrong(&path, format!("there is no input named {name:?}"), right);
            return None;
        }
        let id = *context.input_ids.get(name)?;
        let reach = reach(crate::system::Value::Drawn(id), context);
        let within = reach[0] > low && reach[1] < high;
        if !within && !context.places.any_broken(&format!("inputs.{name}")) {
            context.wrong(
                &path,
                format!("{name:?} can become {} or {}", reach[0], reach[1]),
                format!("more than {low} and less than {high}"),
            );
        }
        Some(id)
    };
    let share = input("share", &keys.share, (0.0, 1.0));
    let running_mw = input("running_mw", &keys.running_mw, (0.0, 1e6));
    let modern = names
        .fleets
        .find(&keys.modern, "world.calibration.modern", context);
    let old = names
        .fleets
        .find(&keys.old, "world.calibration.old", context);
    let [low, high] = keys.efficiency_range_j_th;
    if !(low >= 1.0 && low < high && high <= 100_000.0) {
        context.wrong(
            "world.calibration.efficiency_range_j_th",
            format!("[{low}, {high}] is no range"),
            "[35, 60]: from 1 to 100,000 J/TH, rising",
        );
    }
    Some(Calibration {
        share: share?,
        running_mw: running_mw?,
        efficiency_range_j_th: (low, high),
        pue: keys.pue,
        modern: modern?,
        old: old?,
    })
}

/// Difficulty and price of each day.
pub(crate) fn economics(
    raw: &Scenario,
    files: &mut Files,
    context: &mut Context<'_>,
) -> Option<Economics> {
    let written = raw.economics.as_ref()?;
    let fee_share = number_or(
        written.fee_share.as_ref(),
        0.0,
        "economics.fee_share",
        context,
    );
    // A horizon that begins within a day touches one day more.
    let first_day = context.start_unix_ms.div_euclid(MS_PER_DAY);
    let last_day = (context.start_unix_ms + context.horizon.0 - 1).div_euclid(MS_PER_DAY);
    let days = (last_day - first_day + 1) as usize;
    let whole = Economics {
        difficulty: vec![1.0; days],
        price_usd: vec![1.0; days],
        height: written.height,
        fee_share,
    };
    match (&written.daily, written.difficulty, written.price_usd) {
        (None, Some(difficulty), Some(price_usd)) => {
            if written.hold_after.is_some() {
                context.wrong(
                    "economics.hold_after",
                    "constants are held anyway",
                    "leave it out, or `daily`",
                );
            }
            Some(Economics {
                difficulty: vec![difficulty; days],
                price_usd: vec![price_usd; days],
                ..whole
            })
        }
        (Some(daily), None, None) => {
            let hold_after = hold_after(raw, context)?;
            let (difficulty, price_usd) =
                by_day(daily, (first_day, days), hold_after, files, context)?;
            Some(Economics {
                difficulty,
                price_usd,
                ..whole
            })
        }
        _ => {
            if !context.places.any_broken("economics") {
                context.wrong(
                    "economics",
                    "difficulty or price is missing, or given twice",
                    "difficulty and price_usd, or daily = { csv }",
                );
            }
            None
        }
    }
}

/// The last day whose values are used, in days since 1970.
fn hold_after(raw: &Scenario, context: &mut Context<'_>) -> Option<i64> {
    let path = "economics.hold_after";
    let forecast = raw.scenario.mode == Mode::Forecast;
    let text = raw
        .economics
        .as_ref()
        .and_then(|economics| economics.hold_after.as_ref());
    let Some(text) = text else {
        if forecast {
            context.wrong(
                "economics",
                "a forecast does not know later prices and difficulties",
                "hold_after = the last day that was known",
            );
        }
        return (!forecast).then_some(i64::MAX);
    };
    match time::date_or_instant(text) {
        Err(wrong) => {
            context.wrong(path, wrong, "a date, as \"2022-01-04\"");
            None
        }
        Ok(unix_ms) => {
            if forecast && unix_ms > known_until(raw, context.start_unix_ms) {
                context.wrong(
                    path,
                    "a forecast cannot use what came after scenario.known_until",
                    "a day up to scenario.known_until",
                );
            }
            Some(unix_ms.div_euclid(MS_PER_DAY))
        }
    }
}

/// Until when a forecast knows, ms since 1970; the begin of the horizon unless said otherwise.
pub(crate) fn known_until(raw: &Scenario, start_unix_ms: i64) -> i64 {
    let written = raw.scenario.known_until.as_ref();
    written
        .and_then(|text| time::date_or_instant(text).ok())
        .unwrap_or(start_unix_ms)
}

fn by_day(
    daily: &raw::Daily,
    (first_day, days): (i64, usize),
    hold_after: i64,
    files: &mut Files,
    context: &mut Context<'_>,
) -> Option<(Vec<f64>, Vec<f64>)> {
    let path = "economics.daily";
    let sheet = series::sheet(&daily.csv, "economics.daily.csv", files, context)?;
    let date = series::column(&sheet, "date_utc", path, context);
    let difficulty = series::column(&sheet, &daily.difficulty_column, path, context);
    let price = series::column(&sheet, &daily.price_column, path, context);
    let (date, difficulty, price) = (date?, difficulty?, price?);
    let positive = |value: f64| value > 0.0 && value < 1e18;
    let difficulty = series::numbers(
        &sheet,
        difficulty,
        positive,
        "a positive number",
        path,
        context,
    );
    let price = series::numbers(&sheet, price, positive, "a positive number", path, context);
    let (difficulty, price) = (difficulty?, price?);
    let mut rows: BTreeMap<i64, usize> = BTreeMap::new();
    for (index, row) in sheet.rows.iter().enumerate() {
        match time::date_or_instant(&row[date].text) {
            Ok(unix_ms) => {
                rows.insert(unix_ms.div_euclid(MS_PER_DAY), index);
            }
            Err(wrong) => {
                context.wrong_at(row[date].place, path, wrong, "a date, as 2022-01-04");
                return None;
            }
        }
    }
    let mut values = (Vec::with_capacity(days), Vec::with_capacity(days));
    for day in first_day..first_day + days as i64 {
        match rows.get(&day.min(hold_after)) {
            Some(&index) => {
                values.0.push(difficulty[index]);
                values.1.push(price[index]);
            }
            None => {
                let place = sheet.header_place()?;
                let wrong = format!(
                    "there is no row for day {} of the horizon",
                    day - first_day + 1
                );
                context.wrong_at(place, path, wrong, "a row for every UTC day, or hold_after");
                return None;
            }
        }
    }
    Some(values)
}

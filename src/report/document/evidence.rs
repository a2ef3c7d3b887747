//! What the evidence supports: sentences from rules that read the interval.

use super::percent;
use crate::quantity::MS_PER_DAY;
use crate::report::ReportError;
use crate::report::blocks::{Days, change_percent};
use crate::report::facts::Facts;
use crate::report::figures::{one_day_reach_percent, pool_readings};
use crate::report::numerals::{number, signed};
use crate::report::words::{
    Direction, Verdict, capitalised, chance, change_in_words, direction, verdict,
};
use crate::system::Window;

/// The sentences.
///
/// # Errors
/// What the disk says.
pub(super) fn evidence(facts: &Facts<'_>) -> Result<Vec<String>, ReportError> {
    let mut sentences = Vec::new();
    if facts.has_mining() {
        sentences.extend(simulated(facts));
        sentences.extend(counted(facts));
        sentences.extend(one_day(facts));
        sentences.extend(pools(facts));
    }
    sentences.extend(unserved(facts)?);
    Ok(sentences)
}

/// The simulated change over the headline's window, as a change.
fn simulated(facts: &Facts<'_>) -> Option<String> {
    let window = facts.window().filter(|_| facts.system().has_event())?;
    let change = |index: &str| {
        let loss = facts
            .outcomes(&window.name, "network", index)?
            .times(-100.0);
        Some(change_in_words(loss.p5, loss.median, loss.p95))
    };
    let (country, world) = (
        change("lost_share_of_country")?,
        change("lost_share_of_world")?,
    );
    let name = facts.country_or_farms();
    Some(format!(
        "Simulated, {}: the hashrate of {name} {country} and that of the world {world}, each \
         against the same future without the event; ranges are nine futures of ten.",
        facts.in_window()
    ))
}

/// The headline's days in counted blocks, against several spans before and the week after.
fn counted(facts: &Facts<'_>) -> Vec<String> {
    let system = facts.system();
    let all = &system.observed.days;
    let Some(window) = facts.window().filter(|window| window.name != "all") else {
        return Vec::new();
    };
    let (from, until) = (facts.unix_ms(window.from), facts.unix_ms(window.until));
    let Some(during) = Days::nearest(all, from, until) else {
        return Vec::new();
    };
    let days = during.in_words();
    let mut sentences = Vec::new();
    let mut seen = Vec::new();
    for length in [4, 14, 28] {
        let end = during.from();
        let before = Days::whole(all, end - length * MS_PER_DAY, end);
        let Some((before, ratio)) =
            before.and_then(|before| Some((before, during.against(&before)?)))
        else {
            continue;
        };
        let (low, middle, high) = change_percent(ratio);
        seen.push((length, low, high));
        sentences.push(format!(
            "Counted blocks, {days} ({}) against the {length} days before, {} ({}): the world’s \
             hashrate {}.",
            number(during.blocks() as f64, 0),
            before.in_words(),
            number(before.blocks() as f64, 0),
            change_in_words(low, middle, high),
        ));
    }
    let next = (until + MS_PER_DAY - 1).div_euclid(MS_PER_DAY) * MS_PER_DAY;
    let after = Days::whole(all, next, next + 7 * MS_PER_DAY);
    if let Some((after, ratio)) = after.and_then(|after| Some((after, after.against(&during)?))) {
        let (low, middle, high) = change_percent(ratio);
        sentences.push(format!(
            "Counted blocks, the week after, {} ({}) against {days}: the world’s hashrate {}.",
            after.in_words(),
            number(after.blocks() as f64, 0),
            change_in_words(low, middle, high),
        ));
        if direction(low, high) == Direction::Rose {
            sentences.push(
                "A rise after the event may be its end, and it may be growth that would have come \
                 anyway: which days one compares with decides what blocks seem to say."
                    .to_owned(),
            );
        }
    }
    sentences.extend(fits(facts, window, &seen));
    sentences.extend(days_in_band(facts));
    sentences
}

/// Which of the comparisons before the event allow the simulated change of the world.
fn fits(facts: &Facts<'_>, window: &Window, seen: &[(i64, f64, f64)]) -> Option<String> {
    let change = facts
        .outcomes(&window.name, "network", "lost_share_of_world")?
        .times(-100.0);
    // As it is printed, so that no verdict rests on a digit that is not shown.
    let median = libm::rint(change.median * 10.0) / 10.0;
    let lengths = |fitting: bool| -> Vec<String> {
        let chosen = seen
            .iter()
            .filter(|(_, low, high)| (verdict(median, *low, *high) == Verdict::Fits) == fitting);
        chosen.map(|(length, _, _)| length.to_string()).collect()
    };
    let (fit, not) = (lengths(true), lengths(false));
    let simulated = format!(
        "The simulated change, {} % ({} to {} %),",
        signed(change.median, 1),
        signed(change.p5, 1),
        signed(change.p95, 1)
    );
    let against = |lengths: &[String]| format!("against the {} days before", lengths.join(" and "));
    match (fit.is_empty(), not.is_empty()) {
        (true, true) => None,
        (false, true) => Some(format!("{simulated} fits the count {}.", against(&fit))),
        (true, false) => Some(format!(
            "{simulated} lies outside of what the count {} allows (95 %).",
            against(&not)
        )),
        (false, false) => Some(format!(
            "{simulated} fits the count {}, and lies outside of what the count {} allows (95 %): \
             the baseline decides.",
            against(&fit),
            against(&not)
        )),
    }
}

/// How many observed days lie in the band that a count of the simulated days would show.
fn days_in_band(facts: &Facts<'_>) -> Option<String> {
    let (begins, fan) = facts.daily_fan("block_count_hashrate_day", "network")?;
    let (mut all, mut within) = (0_u32, 0_u32);
    for day in &facts.system().observed.days {
        let Some(index) = begins.iter().position(|&begin| begin == day.unix_ms) else {
            continue;
        };
        all += 1;
        within += u32::from((fan.p5[index]..=fan.p95[index]).contains(&day.ehs.0));
    }
    (all > 0).then(|| {
        format!(
            "Of {all} observed days {within} lie in the band that counts of simulated days would \
             show (figure 1); about nine of ten should."
        )
    })
}

/// How little one day's count can tell.
fn one_day(facts: &Facts<'_>) -> Option<String> {
    let window = facts.window().filter(|_| facts.system().has_event())?;
    let loss = facts
        .outcomes(&window.name, "network", "lost_share_of_world")?
        .times(100.0);
    if direction(loss.p5, loss.p95) != Direction::Rose {
        return None;
    }
    let reach = one_day_reach_percent(facts);
    let days = libm::ceil((reach / loss.median) * (reach / loss.median)).max(1.0);
    let consequence = if days <= 1.0 {
        "lies beyond chance".to_owned()
    } else {
        let days = number(days, 0);
        format!(
            "lies within chance. To see it takes {days} days against a level known for certain, and twice \
             as many against an equally long time before"
        )
    };
    Some(format!(
        "One day’s block count is uncertain by ±{} % (95 %): a loss of {} % {consequence}.",
        number(reach, 0),
        percent(loss.median),
    ))
}

/// How the pools' readings lie in their simulated ranges.
fn pools(facts: &Facts<'_>) -> Option<String> {
    let (mut within, mut all, mut outside) = (0_u32, 0_u32, Vec::new());
    for pool in &facts.system().pools {
        let scope = format!("pool/{}", pool.name);
        let Some(change) = facts.outcomes("all", &scope, "hashrate_change_24h") else {
            continue;
        };
        let change = change.times(100.0);
        for reading in pool_readings(facts, &pool.name) {
            all += 1;
            if verdict(reading, change.p5, change.p95) == Verdict::Fits {
                within += 1;
            } else {
                outside.push(format!(
                    "{} (read {} %, simulated {} to {})",
                    pool.name,
                    signed(reading, 1),
                    signed(change.p5, 1),
                    signed(change.p95, 1)
                ));
            }
        }
    }
    if all == 0 {
        return None;
    }
    let mut words =
        format!("Of {all} pools read at the time, {within} lie within nine futures of ten");
    if !outside.is_empty() {
        words.push_str(&format!("; outside: {}", outside.join(", ")));
    }
    Some(format!("{}.", capitalised(&words)))
}

/// How likely it is that any firm load goes unserved.
fn unserved(facts: &Facts<'_>) -> Result<Option<String>, ReportError> {
    let results = facts.results();
    let column = results.layout.find("all", "system", "eue_mwh");
    let Some(column) = column.filter(|_| !facts.grid_cannot_fail()) else {
        return Ok(None);
    };
    let values = results.slot(column.slot)?;
    let count = values.iter().filter(|&&energy| energy > 0).count() as u64;
    Ok(Some(format!(
        "Firm load left unserved at any time from {}: {}",
        facts.horizon_in_words(),
        lower(&chance(count, results.replications()))
    )))
}

/// The same words with a small first letter, for the middle of a sentence.
fn lower(words: &str) -> String {
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => String::new(),
    }
}

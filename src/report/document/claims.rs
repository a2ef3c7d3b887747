//! Claimed, simulated, seen in blocks.

use crate::measure::claim_baseline;
use crate::quantity::MS_PER_DAY;
use crate::report::blocks::{Days, change_percent};
use crate::report::facts::{Facts, Outcomes};
use crate::report::figures::observed_changes;
use crate::report::html::ClaimRow;
use crate::report::numerals::signed;
use crate::report::words::{capitalised, change_in_words, claim_in_words};
use crate::system::Claim;

/// Days before the event that a claim's days are held against: about one difficulty epoch.
const BASELINE_DAYS: i64 = 14;

/// The table.
pub(super) fn claims(facts: &Facts<'_>) -> Vec<ClaimRow> {
    let claims = facts.system().observed.claims.iter().enumerate();
    let press = claims.map(|(index, claim)| row(facts, index, claim));
    press.chain(observed(facts)).collect()
}

/// What blocks showed by one baseline or another, each held against the same estimator over
/// simulated futures.
fn observed(facts: &Facts<'_>) -> impl Iterator<Item = ClaimRow> {
    let rows = observed_changes(facts).into_iter();
    rows.filter(|row| row.observed_lower_95_percent.is_finite())
        .map(|row| {
            let simulated = Outcomes {
                p5: row.p5_percent,
                median: row.median_percent,
                p95: row.p95_percent,
            };
            let observed = Outcomes {
                p5: row.observed_lower_95_percent,
                median: row.observed_percent,
                p95: row.observed_upper_95_percent,
            };
            let words = claim_in_words(row.observed_percent, simulated.p5, simulated.p95);
            ClaimRow {
                claimed: format!("{} %", signed(row.observed_percent, 1)),
                source: format!("{}: blocks of {}", row.name, row.compares),
                simulated: format!("{}, the same estimator", change(simulated)),
                seen_in_blocks: change(observed),
                verdict: format!("Simulation: {words}."),
            }
        })
}

fn row(facts: &Facts<'_>, index: usize, claim: &Claim) -> ClaimRow {
    let network = facts.outcomes("all", "network", &format!("claim_change/{index}"));
    let network = network.map(|outcomes| outcomes.times(100.0));
    let pools = facts.outcomes("all", "network", "pools_change_24h");
    let pools = pools
        .map(|outcomes| outcomes.times(100.0))
        .filter(|_| claim.of == "pools");
    let simulated = pools.or(network);
    let mut told = simulated.map_or_else(|| "not simulated".to_owned(), change);
    if let (Some(_), Some(network)) = (pools, network) {
        told = format!(
            "{told} as a plain mean over pools; the world: {}",
            change(network)
        );
    }
    let blocks = blocks(facts, claim);
    let mut verdict = Vec::new();
    if let Some(simulated) = simulated {
        let words = claim_in_words(claim.percent, simulated.p5, simulated.p95);
        verdict.push(format!("Simulation: {words}."));
    }
    if let Some((_, low, _, high)) = &blocks {
        verdict.push(format!(
            "Blocks: {}.",
            claim_in_words(claim.percent, *low, *high)
        ));
    }
    let digits = usize::from(claim.percent.fract() != 0.0);
    ClaimRow {
        claimed: format!("{} %", signed(claim.percent, digits)),
        source: format!("{}. {}", capitalised(&claim.what), claim.source),
        simulated: told,
        seen_in_blocks: match blocks {
            Some((days, low, middle, high)) => {
                format!("{days}: hashrate {}", change_in_words(low, middle, high))
            }
            None => "no days observed".to_owned(),
        },
        verdict: verdict.join(" "),
    }
}

/// "−11.3 % (−14.3 to −8.1)".
fn change(outcomes: Outcomes) -> String {
    let digits = 1;
    format!(
        "{} % ({} to {})",
        signed(outcomes.median, digits),
        signed(outcomes.p5, digits),
        signed(outcomes.p95, digits)
    )
}

/// The days nearest the claim's window against the days before the event: which days, and the
/// change in percent with its interval.
fn blocks(facts: &Facts<'_>, claim: &Claim) -> Option<(String, f64, f64, f64)> {
    let system = facts.system();
    let all = &system.observed.days;
    let unix = |ms: i64| system.start_unix_ms.saturating_add(ms);
    let during = Days::nearest(all, unix(claim.from), unix(claim.until))?;
    let (begin, length) = claim_baseline(system, claim);
    // Whole days before both the claim's days and the end of its undisturbed baseline.
    let until = unix(begin + length)
        .min(during.from())
        .div_euclid(MS_PER_DAY)
        * MS_PER_DAY;
    let before = Days::whole(all, until - BASELINE_DAYS * MS_PER_DAY, until)?;
    let (low, middle, high) = change_percent(during.against(&before)?);
    let days = format!("{} against {}", during.in_words(), before.in_words());
    Some((days, low, middle, high))
}

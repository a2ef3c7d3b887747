//! Laws of durations, and what alternates between up and down.

use super::Context;
use crate::random::{DurationLaw, StreamId};
use crate::scenario::raw::{Law, LawWord, Reliability};
use crate::system::Alternation;

/// A law with its mean.
pub(crate) fn duration(law: Option<&Law>, mean_h: f64) -> DurationLaw {
    match law {
        None | Some(Law::Word(LawWord::Exponential)) => DurationLaw::Exponential { mean_h },
        Some(Law::Word(LawWord::Fixed)) => DurationLaw::Fixed { hours: mean_h },
        Some(Law::Weibull { weibull_shape }) => DurationLaw::Weibull {
            mean_h,
            shape: *weibull_shape,
        },
        Some(Law::Lognormal { lognormal_cv }) => DurationLaw::Lognormal {
            mean_h,
            coefficient_of_variation: *lognormal_cv,
        },
    }
}

/// Up and down by itself: none where the table gives no failures.
pub(crate) fn alternation(
    keys: &Reliability,
    path: &str,
    stream: StreamId,
    context: &mut Context<'_>,
) -> Option<Alternation> {
    let (up_h, down_h) = means(keys, path, context)?;
    let up = duration(keys.up_law.as_ref(), up_h);
    let down = duration(keys.down_law.as_ref(), down_h);
    for (key, law) in [("up_law", up), ("down_law", down)] {
        if let Some(mistake) = law.mistake() {
            context.wrong(&format!("{path}.{key}"), "the law has no meaning", mistake);
        }
    }
    Some(Alternation { up, down, stream })
}

/// Mean times up and down, h, from whichever keys give them.
fn means(keys: &Reliability, path: &str, context: &mut Context<'_>) -> Option<(f64, f64)> {
    const YEAR_H: f64 = 8760.0;
    // A key with a mistake looks like one that is absent: enough has been said.
    if context.places.any_broken(path) {
        return None;
    }
    let mut ups = [keys.mttf_h, keys.forced_outage_rate, keys.failures_per_year]
        .into_iter()
        .flatten();
    let mut downs = [keys.mttr_h, keys.repairs_per_year].into_iter().flatten();
    match (ups.by_ref().count(), downs.by_ref().count()) {
        (0, 0) => {
            for (key, law) in [("up_law", &keys.up_law), ("down_law", &keys.down_law)] {
                if law.is_some() {
                    context.wrong(
                        &format!("{path}.{key}"),
                        "a law of what never fails",
                        "mttf_h and mttr_h beside it",
                    );
                }
            }
            return None;
        }
        (1, 1) => {}
        (0, _) => {
            context.wrong(
                path,
                "a repair time without a failure",
                "one of mttf_h, forced_outage_rate, failures_per_year",
            );
            return None;
        }
        (_, 0) => {
            context.wrong(
                path,
                "a failure without a repair time",
                "mttr_h, or repairs_per_year",
            );
            return None;
        }
        _ => {
            let right = "one of mttf_h, forced_outage_rate, failures_per_year, and one of mttr_h, repairs_per_year";
            context.wrong(path, "failures or repairs are given twice", right);
            return None;
        }
    }
    let down_h = keys
        .mttr_h
        .or(keys.repairs_per_year.map(|rate| YEAR_H / rate))?;
    if keys.forced_outage_rate == Some(0.0) {
        return None;
    }
    let from_rate = keys.forced_outage_rate.map(|q| down_h * (1.0 - q) / q);
    let up_h = keys
        .mttf_h
        .or(keys.failures_per_year.map(|rate| YEAR_H / rate))
        .or(from_rate)?;
    Some((up_h, down_h))
}

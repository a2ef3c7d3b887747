//! Parts of a farm: its access, what it does without a pool, its starts, its price.

use super::farms::{exponential, staggered};
use super::numbers::{number, number_or, reach};
use super::{Context, Names, hourly};
use crate::quantity::Span;
use crate::scenario::files::Files;
use crate::scenario::raw::{self, Hold, Mixed};
use crate::system::{
    Access, AccessClassId, LinkLoss, PriceResponse, StartProfile, StartStep, Value,
};

/// The access class, known or drawn. Of a drawn one the class called "rest" comes last, with
/// chance 1: it takes whatever the classes before it leave.
pub(super) fn access(
    written: &raw::Farm,
    path: &str,
    names: &Names,
    context: &mut Context<'_>,
) -> Access {
    let first = Access::Class(AccessClassId::from(0));
    let key = format!("{path}.access");
    match written.access.as_deref() {
        None if names.access_classes.entries.len() == 1 => first,
        None => {
            if !context.places.is_broken(&key) {
                let known: Vec<&str> = names.access_classes.names().collect();
                context.wrong(
                    &key,
                    "the farm has no access class",
                    format!("one of {}, or \"mixed\"", known.join(", ")),
                );
            }
            first
        }
        Some("mixed") => mixed(written, path, names, context).unwrap_or(first),
        Some(name) => names
            .access_classes
            .find(name, &key, context)
            .map_or(first, |id| Access::Class(AccessClassId::from(id))),
    }
}

fn mixed(
    written: &raw::Farm,
    path: &str,
    names: &Names,
    context: &mut Context<'_>,
) -> Option<Access> {
    let key = format!("{path}.mixed_access");
    let Some(chances) = &written.mixed_access else {
        context.wrong(
            &format!("{path}.access"),
            "mixed of what?",
            "mixed_access = { CLASS = NUMBER, OTHER = \"rest\" }",
        );
        return None;
    };
    let (mut drawn, mut rest, mut most) = (Vec::new(), Vec::new(), 0.0);
    for (name, chance) in chances {
        let path = format!("{key}.{name}");
        let id = AccessClassId::from(names.access_classes.find(name, &path, context)?);
        match chance {
            Mixed::Rest(_) => rest.push((id, Value::Fixed(1.0))),
            Mixed::Chance(written) => {
                let value = number(written, &path, context);
                let [low, high] = reach(value, context);
                if !(0.0..=1.0).contains(&low) || !(0.0..=1.0).contains(&high) {
                    context.wrong(&path, "a chance is out of range", "0 to 1");
                }
                most += high;
                drawn.push((id, value));
            }
        }
    }
    let known = drawn
        .iter()
        .all(|(_, value)| matches!(value, Value::Fixed(_)));
    let near_one = (most - 1.0_f64).abs() < 1e-9;
    if rest.len() > 1 || (rest.is_empty() && !known) {
        context.wrong(
            &key,
            "which class takes what the others leave?",
            "\"rest\" for exactly one class",
        );
    } else if rest.is_empty() && !near_one {
        context.wrong(
            &key,
            format!("the chances add up to {most}"),
            "1, or \"rest\" for one class",
        );
    } else if most > 1.0 + 1e-9 {
        context.wrong(
            &key,
            format!("the chances can add up to {most}"),
            "at most 1",
        );
    }
    drawn.extend(rest);
    Some(Access::Mixed(drawn))
}

/// What happens when no pool can be reached.
pub(super) fn link_loss(
    written: Option<&raw::LinkLoss>,
    path: &str,
    context: &mut Context<'_>,
) -> LinkLoss {
    const DEFAULT_MINUTES: f64 = 15.0;
    let Some(written) = written else {
        return LinkLoss {
            hold_minutes: Value::Fixed(DEFAULT_MINUTES),
            hold_power: 1.0,
            after_power: 0.02,
        };
    };
    let path = format!("{path}.hold_minutes");
    let hold_minutes = match &written.hold_minutes {
        Some(Hold::Never(_)) => Value::Fixed(f64::INFINITY),
        Some(Hold::Minutes(minutes)) => number_or(Some(minutes), DEFAULT_MINUTES, &path, context),
        None => Value::Fixed(DEFAULT_MINUTES),
    };
    LinkLoss {
        hold_minutes,
        hold_power: written.hold_power,
        after_power: written.after_power,
    }
}

/// A staircase in one of its three forms.
pub(super) fn start(written: &raw::Start, path: &str, context: &mut Context<'_>) -> StartProfile {
    match (
        &written.table,
        written.boot_minutes,
        written.time_constant_h,
    ) {
        (None, Some(boot), None) => {
            staggered(boot, written.stagger_minutes.unwrap_or(0.0), written.steps)
        }
        (None, None, Some(_)) if written.stagger_minutes.is_some() => {
            context.wrong(
                &format!("{path}.stagger_minutes"),
                "an exponential return has no stagger",
                "boot_minutes, or leave it out",
            );
            staggered(0.0, 0.0, 1)
        }
        (None, None, Some(time_constant_h)) => exponential(time_constant_h, written.steps),
        (Some(table), None, None) => {
            let rising = table
                .windows(2)
                .all(|pair| pair[0][0] < pair[1][0] && pair[0][1] < pair[1][1]);
            let fit = table.iter().all(|[minutes, share]| {
                (0.0..=1e6).contains(minutes) && *share > 0.0 && *share <= 1.0
            });
            if !rising || !fit || table.last().is_none_or(|last| last[1] != 1.0) {
                context.wrong(
                    &format!("{path}.table"),
                    "is no staircase",
                    "[[minutes, share], ...], both rising, the last share 1",
                );
                return staggered(0.0, 0.0, 1);
            }
            let step = |[minutes, share]: &[f64; 2]| StartStep {
                after: Span::from_minutes(*minutes),
                share_ppm: libm::rint(share * 1e6) as i64,
            };
            StartProfile {
                steps: table.iter().map(step).collect(),
            }
        }
        _ => {
            if !context.places.any_broken(path) {
                context.wrong(
                    path,
                    "is not one kind of start",
                    "boot_minutes (and stagger_minutes), time_constant_h, or table",
                );
            }
            staggered(0.0, 0.0, 1)
        }
    }
}

/// Mining only while it pays.
pub(super) fn price_response(
    written: &raw::PriceResponse,
    path: &str,
    files: &mut Files,
    context: &mut Context<'_>,
) -> PriceResponse {
    let price_usd_mwh = match (written.price_usd_mwh, &written.price) {
        (Some(price), None) => vec![price],
        (None, Some(_)) if !context.room_for_hours(path) => vec![0.0],
        (None, Some(series)) => hourly::hourly(
            series,
            &format!("{path}.price"),
            (-1e4, 1e5),
            files,
            context,
        )
        .unwrap_or_else(|| vec![0.0]),
        _ => {
            if !context.places.any_broken(path) {
                context.wrong(
                    path,
                    "the price is missing, or given twice",
                    "price_usd_mwh, or price = { csv, column }",
                );
            }
            vec![0.0]
        }
    };
    PriceResponse {
        price_usd_mwh,
        dead_band: written.dead_band,
        minimum_up: Span::from_hours(written.minimum_up_h),
        minimum_down: Span::from_hours(written.minimum_down_h),
    }
}

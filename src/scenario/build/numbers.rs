//! Numbers that may be uncertain, the inputs they become, and moments.

use super::Context;
use crate::quantity::Instant;
use crate::random::InputLaw;
use crate::scenario::mistake::suggestion;
use crate::scenario::raw::{Delayed, Distribution, Moment as Written, Number, Scenario};
use crate::scenario::schema::plain;
use crate::system::{Input, InputId, Moment, Value};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Units that a table can print.
const UNITS: [&str; 22] = [
    "MW",
    "MWh",
    "GW",
    "EH/s",
    "PH/s",
    "J/TH",
    "ms",
    "s",
    "min",
    "h",
    "d",
    "1/year",
    "share",
    "share/week",
    "°C",
    "%",
    "USD",
    "USD/BTC",
    "USD/MWh",
    "t/MWh",
    "factor",
    "count",
];

/// Endings of keys, and the unit they announce.
const ENDINGS: [(&str, &str); 15] = [
    ("_mw", "MW"),
    ("_ehs", "EH/s"),
    ("_j_th", "J/TH"),
    ("_minutes", "min"),
    ("_h", "h"),
    ("per_year", "1/year"),
    ("per_week", "share/week"),
    ("_share", "share"),
    ("chance", "share"),
    ("_sd", "share"),
    ("spares", "share"),
    ("leaves", "share"),
    ("compliance", "share"),
    ("factor", "factor"),
    ("scale", "factor"),
];

/// The smallest and the largest uniform that a stream can give: half of 2^-52 from either end.
const EXTREMES: [f64; 2] = [f64::EPSILON / 2.0, 1.0 - f64::EPSILON / 2.0];

/// Registers every input: the named ones, and the distributions written in place.
pub(crate) fn inputs(raw: &Scenario, context: &mut Context<'_>) {
    let mut found: BTreeMap<String, (String, Distribution)> = BTreeMap::new();
    for (name, distribution) in &raw.inputs {
        let path = format!("inputs.{name}");
        if distribution.input.is_some() {
            context.wrong(
                &format!("{path}.input"),
                "an input cannot be another input",
                "give it a law of its own",
            );
        }
        if name.is_empty() || name.contains('/') {
            context.wrong(
                &path,
                format!("the name {name:?} is empty or has a slash"),
                "letters, digits, - and _",
            );
        }
        found.insert(name.clone(), (path, distribution.clone()));
    }
    for (path, value) in &context.places.distributions {
        if !path.starts_with("inputs.")
            && !path.starts_with("farm_defaults.")
            && let Ok(distribution) = Distribution::deserialize(value.clone())
        {
            found.insert(context.places.stream(path), (path.clone(), distribution));
        }
    }
    if found.len() > super::context::MOST_ENTITIES {
        context.wrong(
            "inputs",
            format!("{} uncertain inputs", found.len()),
            "fewer than 65,536",
        );
        return;
    }
    for (index, (name, (path, distribution))) in found.into_iter().enumerate() {
        let before = context.findings.len();
        let law = law(&distribution, &path, context);
        if context.findings.len() > before || context.places.any_broken(&path) {
            context.lawless.insert(InputId::from(index));
        }
        let unit = unit(&distribution, &path, context);
        let stream = context.stream(&path, &format!("input/{name}"));
        context.inputs.push(Input {
            name: name.clone(),
            unit,
            law,
            stream,
        });
        context.input_ids.insert(name, InputId::from(index));
    }
}

fn law(written: &Distribution, path: &str, context: &mut Context<'_>) -> InputLaw {
    let mut laws = Vec::new();
    laws.extend(written.value.map(InputLaw::Fixed));
    laws.extend(
        written
            .uniform
            .map(|[low, high]| InputLaw::Uniform { low, high }),
    );
    laws.extend(
        written
            .triangular
            .map(|[low, mode, high]| InputLaw::Triangular { low, mode, high }),
    );
    laws.extend(
        written
            .lognormal
            .map(|[median, sigma]| InputLaw::Lognormal { median, sigma }),
    );
    laws.extend(
        written
            .normal
            .map(|[mean, sd]| match (written.low, written.high) {
                (None, None) => InputLaw::Normal { mean, sd },
                // One end alone: the other as far off as any draw can reach.
                (low, high) => InputLaw::TruncatedNormal {
                    mean,
                    sd,
                    low: low.unwrap_or(mean - 9.0 * sd),
                    high: high.unwrap_or(mean + 9.0 * sd),
                },
            }),
    );
    laws.extend(written.choice.as_ref().map(|values| {
        InputLaw::Choice {
            values: values.clone(),
            weights: written
                .weights
                .clone()
                .unwrap_or_else(|| vec![1.0; values.len()]),
        }
    }));
    if context.places.any_broken(path) {
        return laws.pop().unwrap_or(InputLaw::Fixed(1.0));
    }
    if laws.len() + usize::from(written.input.is_some()) != 1 {
        let right = "exactly one of value, uniform, normal, triangular, lognormal, choice, input";
        context.wrong(path, format!("{} laws for one number", laws.len()), right);
    }
    if written.normal.is_none() && (written.low.is_some() || written.high.is_some()) {
        context.wrong(
            path,
            "low and high belong to a normal law",
            "normal = [mean, sd] beside them",
        );
    }
    if written.choice.is_none() && written.weights.is_some() {
        context.wrong(
            path,
            "weights belong to a choice",
            "choice = [...] beside them",
        );
    }
    let law = laws.pop().unwrap_or(InputLaw::Fixed(1.0));
    if let Some(mistake) = law.mistake() {
        context.wrong(path, "the law has no meaning", mistake);
        return InputLaw::Fixed(1.0);
    }
    law
}

fn unit(written: &Distribution, path: &str, context: &mut Context<'_>) -> &'static str {
    match &written.unit {
        Some(name) => match UNITS.iter().find(|unit| *unit == name) {
            Some(unit) => unit,
            None => {
                let right = suggestion(name, UNITS);
                context.wrong(
                    &format!("{path}.unit"),
                    format!("unknown unit {name:?}"),
                    right,
                );
                ""
            }
        },
        None => ENDINGS
            .iter()
            .find(|(ending, _)| path.ends_with(ending))
            .map_or("", |(_, unit)| unit),
    }
}

/// A number, held against the range of its key whatever it may turn out to be.
pub(crate) fn number(written: &Number, path: &str, context: &mut Context<'_>) -> Value {
    let distribution = match written {
        Number::Fixed(value) => return Value::Fixed(*value),
        Number::Drawn(distribution) => distribution,
    };
    let name = match &distribution.input {
        Some(name) => name.clone(),
        None => context.places.stream(path),
    };
    let Some(&id) = context.input_ids.get(&name) else {
        let known: Vec<String> = context
            .input_ids
            .keys()
            .filter(|name| !name.contains('/'))
            .cloned()
            .collect();
        let right = suggestion(&name, known.iter().map(String::as_str));
        context.wrong(
            &format!("{path}.input"),
            format!("there is no input named {name:?}"),
            right,
        );
        return Value::Fixed(1.0);
    };
    if context.lawless.contains(&id) {
        return Value::Fixed(context.places.limits(path).some());
    }
    let limits = context.places.limits(path);
    let reach = EXTREMES.map(|u| context.inputs[id.at()].law.quantile(u));
    if let Some(&out) = reach.iter().find(|&&value| !limits.allow(value)) {
        context.wrong(
            path,
            format!("{name:?} can become {}, which is out of range", plain(out)),
            limits.words(),
        );
    }
    Value::Drawn(id)
}

/// An optional number with its default.
pub(crate) fn number_or(
    written: Option<&Number>,
    default: f64,
    path: &str,
    context: &mut Context<'_>,
) -> Value {
    written.map_or(Value::Fixed(default), |written| {
        number(written, path, context)
    })
}

/// The least and the greatest value that a number can take.
pub(crate) fn reach(value: Value, context: &Context<'_>) -> [f64; 2] {
    match value {
        Value::Fixed(value) => [value, value],
        Value::Drawn(id) => EXTREMES.map(|u| context.inputs[id.at()].law.quantile(u)),
    }
}

/// A moment; before the horizon counts as its begin, where nothing is drawn.
pub(crate) fn moment(written: &Written, path: &str, context: &mut Context<'_>) -> Moment {
    match written {
        Written::At(at) => Moment {
            at: Instant(context.offset(at).max(0)),
            plus_minutes: Value::Fixed(0.0),
        },
        Written::Delayed(delayed) => {
            let Delayed { at, plus_minutes } = &**delayed;
            let at = context.offset(at);
            if at < 0 && context.horizon_known {
                context.wrong(
                    &format!("{path}.at"),
                    "a moment with a delay lies before the horizon",
                    "a later moment, or one without a delay",
                );
            }
            let plus_minutes = number(plus_minutes, &format!("{path}.plus_minutes"), context);
            Moment {
                at: Instant(at.max(0)),
                plus_minutes,
            }
        }
    }
}

/// Begin and end with their defaults; an end that cannot come after the begin is a mistake.
pub(crate) fn stretch(
    from: Option<&Written>,
    until: Option<&Written>,
    path: &str,
    context: &mut Context<'_>,
) -> (Moment, Moment) {
    let known = |at: Instant| Moment {
        at,
        plus_minutes: Value::Fixed(0.0),
    };
    let (from_path, until_path) = (format!("{path}.from"), format!("{path}.until"));
    let begin = from.map_or(known(Instant::START), |from| {
        moment(from, &from_path, context)
    });
    let finish = until.map_or(known(context.end()), |until| {
        moment(until, &until_path, context)
    });
    if context.places.any_broken(&from_path) || context.places.any_broken(&until_path) {
        return (begin, finish);
    }
    // As written, so that an order of long ago may have begun before the horizon.
    let as_written = |moment: &Written| match moment {
        Written::At(at) => context.offset(at),
        Written::Delayed(delayed) => context.offset(&delayed.at),
    };
    let [earliest, _] = reach(begin.plus_minutes, context);
    let [_, latest] = reach(finish.plus_minutes, context);
    let earliest = from.map_or(0.0, |from| as_written(from) as f64) + earliest * 60_000.0;
    let end = context.end().0 as f64;
    let latest = until.map_or(end, |until| as_written(until) as f64) + latest * 60_000.0;
    if latest <= earliest && from.is_some() && until.is_some() {
        context.wrong(
            &until_path,
            "the end does not come after the begin",
            "from before until",
        );
    } else if context.horizon_known && earliest >= end {
        context.wrong(
            &from_path,
            "begins after the end of the horizon",
            "a moment within the horizon",
        );
    } else if context.horizon_known && latest <= 0.0 {
        context.wrong(
            &until_path,
            "ends before the begin of the horizon",
            "a moment within the horizon",
        );
    }
    (begin, finish)
}

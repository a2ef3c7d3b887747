//! The points of a sweep: which keys take which values together.

use super::build::Context;
use super::raw;
use crate::random::{Stream, StreamId, sobol};

/// Most points of a sweep.
pub const MOST_POINTS: u64 = 10_000;

/// How points are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Design {
    /// Every value of each parameter with every value of the others.
    #[default]
    Grid,
    /// As many strata of each parameter as points, each met once, paired at random.
    LatinHypercube,
    /// Points of the Sobol sequence: even in every projection.
    Sobol,
}

impl Design {
    /// All, by name.
    pub const NAMES: [(&'static str, Self); 3] = [
        ("grid", Self::Grid),
        ("latin-hypercube", Self::LatinHypercube),
        ("sobol", Self::Sobol),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::NAMES
            .iter()
            .find(|(_, design)| *design == self)
            .map_or("grid", |(name, _)| name)
    }
}

/// A parameter: the key it changes, and the values it takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Path as of `--set`; it may mean several keys.
    pub path: String,
    /// What it is called in charts.
    pub label: Option<String>,
    /// Its values.
    pub values: Values,
}

impl Parameter {
    /// What it is called in charts.
    pub fn shown(&self) -> &str {
        self.label.as_deref().unwrap_or(&self.path)
    }
}

/// The values of a parameter.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// These, as text that is put in place of the key's value.
    List(Vec<String>),
    /// Any number between two, for designs that draw; shown with so many decimals.
    Between {
        /// Least.
        from: f64,
        /// Greatest.
        to: f64,
        /// Decimals that are written.
        decimals: usize,
    },
}

/// The parameters of a sweep and how their values are combined.
#[derive(Debug, Clone, PartialEq)]
pub struct Sweep {
    /// How points are chosen.
    pub design: Design,
    /// How many, of a design that draws.
    pub points: Option<u32>,
    /// What varies.
    pub parameters: Vec<Parameter>,
    /// Indices that are drawn first.
    pub show: Vec<String>,
}

/// The sweep that a scenario's own table describes.
pub(crate) fn of_table(raw: &raw::Scenario, context: &mut Context<'_>) -> Option<Sweep> {
    let written = raw.sweep.as_ref()?;
    let mut parameters = Vec::new();
    for (index, parameter) in written.param.iter().enumerate() {
        match parse_values(&parameter.values) {
            Ok(values) => parameters.push(Parameter {
                path: parameter.path.clone(),
                label: parameter.label.clone(),
                values,
            }),
            Err((wrong, right)) => {
                context.wrong(&format!("sweep.param[{index}].values"), wrong, right);
            }
        }
        if let Err((wrong, right)) = may_vary(&parameter.path) {
            context.wrong(&format!("sweep.param[{index}].path"), wrong, right);
        }
    }
    if parameters.len() < written.param.len() {
        return None;
    }
    let sweep = Sweep {
        design: match written.design {
            raw::Design::Grid => Design::Grid,
            raw::Design::LatinHypercube => Design::LatinHypercube,
            raw::Design::Sobol => Design::Sobol,
        },
        points: written.points,
        parameters,
        show: written.show.clone(),
    };
    if let Err((wrong, right)) = sweep.count() {
        context.wrong("sweep", wrong, right);
    }
    Some(sweep)
}

/// Keys that make points comparable may not vary.
///
/// # Errors
/// What is wrong with the path.
pub fn may_vary(path: &str) -> Result<(), Wrong> {
    let kept = ["scenario.seed", "scenario.replications", "scenario.name"];
    let is_kept = kept.contains(&path.trim()) || path.trim().split('.').next() == Some("sweep");
    if is_kept {
        let wrong = format!("{path} is the same at all points, which share their random numbers");
        let right = "a key of the model, as line.north-south.capacity_mw".to_owned();
        return Err((wrong, right));
    }
    Ok(())
}

/// What is wrong, and what would be right.
pub type Wrong = (String, String);

/// How values are written, for whoever wrote them otherwise.
const RIGHT: &str = "as in \"0:3000:500\" (from, to, step), \"0.5:0.9\" (from, to; designs that \
                     draw) or \"a,b,c\"";

/// Values as written: `from:to:step`, `from:to`, or a list with commas.
///
/// # Errors
/// What is wrong with them.
pub fn parse_values(text: &str) -> Result<Values, Wrong> {
    let wrong = |what: &str| Err((format!("{text:?}: {what}"), RIGHT.to_owned()));
    let is_range = text.contains(':') && !text.contains(['"', '\'', '{', '[', ',']);
    if !is_range {
        let values = split_list(text);
        if values.iter().any(String::is_empty) {
            return wrong("an empty value");
        }
        let mut seen = values.clone();
        seen.sort();
        if seen.windows(2).any(|pair| pair[0] == pair[1]) {
            return wrong("a value stands twice");
        }
        return Ok(Values::List(values));
    }
    let parts: Vec<&str> = text.split(':').map(str::trim).collect();
    let mut numbers = Vec::new();
    for part in &parts {
        match part.parse::<f64>() {
            Ok(number) if number.is_finite() && number.abs() < 1e15 => numbers.push(number),
            _ => return wrong(&format!("{part:?} is not a number of a range")),
        }
    }
    match numbers[..] {
        [from, to] if from < to => Ok(Values::Between {
            from,
            to,
            decimals: decimals_between(from, to),
        }),
        [_, _] => wrong("the range is empty"),
        [_, _, 0.0] => wrong("a step of 0 never ends"),
        [from, to, step] => {
            let count = libm::floor((to - from) / step + 1e-9) + 1.0;
            if count < 1.0 {
                return wrong("the range is empty");
            }
            if count > MOST_POINTS as f64 {
                return wrong(&format!("{count} values; at most {MOST_POINTS}"));
            }
            let places = [parts[0], parts[2]].map(decimals_of);
            let places = places[0].max(places[1]);
            let value = |number: u32| format!("{:.places$}", from + f64::from(number) * step);
            Ok(Values::List((0..count as u32).map(value).collect()))
        }
        _ => wrong("a range has two or three numbers"),
    }
}

/// Splits at commas that stand in no bracket or quotes.
fn split_list(text: &str) -> Vec<String> {
    let (mut parts, mut current, mut depth, mut quote) = (Vec::new(), String::new(), 0, None);
    for character in text.chars() {
        match (character, quote) {
            ('"' | '\'', None) => quote = Some(character),
            (c, Some(open)) if c == open => quote = None,
            ('[' | '{', None) => depth += 1,
            (']' | '}', None) => depth -= 1,
            (',', None) if depth == 0 => {
                parts.push(std::mem::take(&mut current).trim().to_owned());
                continue;
            }
            _ => {}
        }
        current.push(character);
    }
    parts.push(current.trim().to_owned());
    parts
}

/// Decimals with which a number was written.
fn decimals_of(text: &str) -> usize {
    match text.split_once('.') {
        Some((_, digits)) if !text.contains(['e', 'E']) => digits.len(),
        None if !text.contains(['e', 'E']) => 0,
        _ => 9,
    }
}

/// Decimals that tell ten thousand values between two numbers apart.
fn decimals_between(from: f64, to: f64) -> usize {
    let places = libm::ceil(-libm::log10((to - from) / 10_000.0));
    places.clamp(0.0, 15.0) as usize
}

impl Sweep {
    /// How many points there are.
    ///
    /// # Errors
    /// Where there are too many, or not said how many.
    pub fn count(&self) -> Result<u64, Wrong> {
        let too_many = |count: String| {
            (
                format!("{count} points"),
                format!("at most {MOST_POINTS}: fewer values, or a design that draws"),
            )
        };
        if self.parameters.is_empty() {
            let right = "--param PATH=VALUES, or a [sweep] table in the scenario";
            return Err(("no parameter varies".to_owned(), right.to_owned()));
        }
        for (place, parameter) in self.parameters.iter().enumerate() {
            let before = &self.parameters[..place];
            if before.iter().any(|other| other.path == parameter.path) {
                return Err((
                    format!("{} varies twice", parameter.path),
                    "each path once".to_owned(),
                ));
            }
        }
        match (self.design, self.points) {
            (Design::Grid, None) => {
                let mut count: u64 = 1;
                for parameter in &self.parameters {
                    let Values::List(values) = &parameter.values else {
                        return Err((
                            format!("{}: a grid needs a step", parameter.path),
                            RIGHT.to_owned(),
                        ));
                    };
                    count = count.saturating_mul(values.len() as u64);
                }
                if count > MOST_POINTS {
                    return Err(too_many(count.to_string()));
                }
                Ok(count)
            }
            (Design::Grid, Some(_)) => Err((
                "a grid has as many points as its values give".to_owned(),
                "leave out the number of points, or take another design".to_owned(),
            )),
            (_, None | Some(0)) => Err((
                format!("a {} needs a number of points", self.design.name()),
                "points, as in --points 64".to_owned(),
            )),
            (_, Some(points)) if u64::from(points) > MOST_POINTS => {
                Err(too_many(points.to_string()))
            }
            (Design::Sobol, Some(_)) if self.parameters.len() > sobol::MOST_DIMENSIONS => Err((
                format!("{} parameters", self.parameters.len()),
                format!("at most {} in a Sobol design", sobol::MOST_DIMENSIONS),
            )),
            (_, Some(points)) => Ok(points.into()),
        }
    }

    /// The values of all points, `[point][parameter]`; those of a design that draws depend on
    /// the study's seed.
    ///
    /// # Errors
    /// As [`Sweep::count`].
    pub fn points(&self, seed: u64) -> Result<Vec<Vec<String>>, Wrong> {
        let count = self.count()?;
        Ok(match self.design {
            Design::Grid => (0..count).map(|number| self.of_grid(number)).collect(),
            Design::LatinHypercube => {
                let strata: Vec<Vec<f64>> = self
                    .parameters
                    .iter()
                    .map(|parameter| latin(seed, &parameter.path, count as u32))
                    .collect();
                let at = |point: usize| {
                    let values = self.parameters.iter().zip(&strata);
                    values
                        .map(|(parameter, strata)| parameter.values.at(strata[point]))
                        .collect()
                };
                (0..count as usize).map(at).collect()
            }
            Design::Sobol => {
                let at = |point: u64| {
                    let values = self.parameters.iter().enumerate();
                    values
                        .map(|(dimension, parameter)| {
                            // The origin of the sequence is a corner: it is left out.
                            let place = sobol::coordinate(dimension, point as u32 + 1);
                            parameter.values.at(place)
                        })
                        .collect()
                };
                (0..count).map(at).collect()
            }
        })
    }

    /// The point of a grid: the last parameter varies fastest.
    fn of_grid(&self, number: u64) -> Vec<String> {
        let mut rest = number;
        let mut values: Vec<String> = Vec::with_capacity(self.parameters.len());
        for parameter in self.parameters.iter().rev() {
            if let Values::List(list) = &parameter.values {
                let length = list.len().max(1) as u64;
                values.extend(list.get((rest % length) as usize).cloned());
                rest /= length;
            }
        }
        values.reverse();
        values
    }
}

impl Values {
    /// The value at a place in 0..1.
    fn at(&self, place: f64) -> String {
        match self {
            Self::List(values) => {
                let index = (place * values.len() as f64) as usize;
                let index = index.min(values.len().saturating_sub(1));
                values.get(index).cloned().unwrap_or_default()
            }
            Self::Between { from, to, decimals } => {
                format!("{:.decimals$}", from + (to - from) * place)
            }
        }
    }
}

/// A place in each of `count` strata of 0..1, in an order drawn from the seed.
fn latin(seed: u64, path: &str, count: u32) -> Vec<f64> {
    let stream = Stream::new(seed, StreamId::of(&format!("sweep/{path}")), 0);
    let mut order: Vec<u32> = (0..count).collect();
    for last in (1..order.len()).rev() {
        let other = (stream.uniform_at(last as u64) * (last + 1) as f64) as usize;
        order.swap(last, other.min(last));
    }
    let within = |(position, stratum): (usize, u32)| {
        let place = stream.uniform_at(u64::from(count) + position as u64);
        (f64::from(stratum) + place) / f64::from(count)
    };
    order.into_iter().enumerate().map(within).collect()
}

#[cfg(test)]
mod tests;

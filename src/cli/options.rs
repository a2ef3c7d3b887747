//! Arguments as meant: validated, defaults filled in.

mod many;

pub use many::{BacktestOptions, CompareOptions, MergeOptions, RunOptions, Side, SweepOptions};

use super::Failure;
use super::arguments::{self, Events, Format, Loudness, Tabular};
use super::talk::Talk;
use crate::report::Telling;
use crate::scenario::{HINDCAST, Source, built_in};
use crate::store::{files_ending_in, is_folder};
use std::path::{Path, PathBuf};

/// A scenario to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScenarioOptions {
    /// As it was typed.
    pub typed: String,
    /// Where it comes from.
    pub source: Source,
    /// Overrides in order, the seed last.
    pub overrides: Vec<(String, String)>,
}

impl ScenarioOptions {
    /// The overrides as the manifest keeps them.
    pub fn overrides_as_text(&self) -> Vec<String> {
        self.overrides
            .iter()
            .map(|(path, value)| format!("{path}={value}"))
            .collect()
    }
}

impl TryFrom<arguments::Scenario> for ScenarioOptions {
    type Error = Failure;

    fn try_from(typed: arguments::Scenario) -> Result<Self, Failure> {
        let mut overrides = Vec::new();
        if typed.hindcast {
            let (path, value) = HINDCAST;
            overrides.push((path.to_owned(), value.to_owned()));
        }
        for text in &typed.set {
            overrides.push(parse_override(text)?);
        }
        if let Some(seed) = typed.seed {
            overrides.push(("scenario.seed".to_owned(), seed.to_string()));
        }
        Ok(Self {
            source: source(&typed.scenario)?,
            typed: typed.scenario,
            overrides,
        })
    }
}

/// `path=value` in its two parts.
pub(super) fn parse_override(text: &str) -> Result<(String, String), Failure> {
    match text.split_once('=') {
        Some((path, value)) if !path.trim().is_empty() && !value.trim().is_empty() => {
            Ok((path.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err(Failure::Usage(format!(
            "--set {text:?} is not PATH=VALUE, as in --set zone.north.reserve_mw=0"
        ))),
    }
}

/// A bare word is the name of a built-in scenario; anything with a folder or an ending is a file.
fn source(typed: &str) -> Result<Source, Failure> {
    let is_bare = !typed.contains(['/', '\\', '.']);
    if !is_bare {
        return Ok(Source::load(typed));
    }
    Source::built_in(typed).ok_or_else(|| {
        let names: Vec<&str> = built_in().map(|scenario| scenario.name).collect();
        let nearest = names
            .iter()
            .map(|name| (strsim::damerau_levenshtein(name, typed), *name))
            .filter(|&(distance, name)| distance <= name.len() / 2)
            .min();
        let hint = nearest.map_or_else(
            || ".".to_owned(),
            |(_, name)| format!("; did you mean {name}?"),
        );
        Failure::Usage(format!(
            "no built-in scenario is called {typed:?}{hint} There are: {}. A file needs its ending \
             or folder, as in {typed}.toml or ./{typed}",
            names.join(", ")
        ))
    })
}

impl TryFrom<arguments::Scenarios> for Vec<ScenarioOptions> {
    type Error = Failure;

    fn try_from(typed: arguments::Scenarios) -> Result<Self, Failure> {
        let mut names = Vec::new();
        for name in typed.scenarios {
            let path = Path::new(&name);
            if !is_folder(path) {
                names.push(name);
                continue;
            }
            let files = files_ending_in(path, ".toml")?;
            if files.is_empty() {
                return Err(Failure::Usage(format!("{name} holds no scenario (*.toml)")));
            }
            names.extend(files.iter().map(|file| file.display().to_string()));
        }
        let one = |scenario| {
            ScenarioOptions::try_from(arguments::Scenario {
                scenario,
                set: typed.set.clone(),
                seed: typed.seed,
                hindcast: typed.hindcast,
            })
        };
        names.into_iter().map(one).collect()
    }
}

impl From<&Loudness> for Talk {
    fn from(typed: &Loudness) -> Self {
        match (typed.quiet, typed.verbose) {
            (true, _) => Self::Quiet,
            (false, 0) => Self::Normal,
            (false, _) => Self::Verbose,
        }
    }
}

impl From<Events> for Telling {
    fn from(typed: Events) -> Self {
        match typed {
            Events::Chosen => Self::Chosen,
            Events::All => Self::All,
        }
    }
}

/// `exact` as meant.
#[derive(Debug, Clone)]
pub struct ExactOptions {
    /// Which scenario.
    pub scenario: ScenarioOptions,
    /// What is printed.
    pub format: Tabular,
    /// Whether the outage table is printed.
    pub with_table: bool,
    /// Whether all zones are taken as one.
    pub is_copper_plate: bool,
}

impl TryFrom<arguments::Exact> for ExactOptions {
    type Error = Failure;

    fn try_from(typed: arguments::Exact) -> Result<Self, Failure> {
        Ok(Self {
            scenario: typed.scenario.try_into()?,
            format: typed.format,
            with_table: typed.table,
            is_copper_plate: typed.copper_plate,
        })
    }
}

/// `infer` as meant.
#[derive(Debug, Clone)]
pub struct InferOptions {
    /// Which scenario.
    pub scenario: ScenarioOptions,
    /// What is printed.
    pub format: Format,
    /// Folder for the chart, if one is wanted.
    pub output: Option<PathBuf>,
}

impl TryFrom<arguments::Infer> for InferOptions {
    type Error = Failure;

    fn try_from(typed: arguments::Infer) -> Result<Self, Failure> {
        Ok(Self {
            scenario: typed.scenario.try_into()?,
            format: typed.format,
            output: typed.output,
        })
    }
}

/// `check` as meant.
#[derive(Debug, Clone)]
pub struct CheckOptions {
    /// Which scenario.
    pub scenario: ScenarioOptions,
    /// Replications, if not the scenario's.
    pub replications: Option<u32>,
}

impl TryFrom<arguments::Check> for CheckOptions {
    type Error = Failure;

    fn try_from(typed: arguments::Check) -> Result<Self, Failure> {
        Ok(Self {
            scenario: typed.scenario.try_into()?,
            replications: typed.replications,
        })
    }
}

/// `replay` as meant.
#[derive(Debug, Clone)]
pub struct ReplayOptions {
    /// Which scenario.
    pub scenario: ScenarioOptions,
    /// Which replication.
    pub replication: u32,
    /// What is printed.
    pub format: Format,
}

impl TryFrom<arguments::Replay> for ReplayOptions {
    type Error = Failure;

    fn try_from(typed: arguments::Replay) -> Result<Self, Failure> {
        let scenario = typed.scenario.try_into()?;
        Ok(Self {
            scenario,
            replication: typed.replication,
            format: typed.format,
        })
    }
}

/// `report` as meant.
#[derive(Debug, Clone)]
pub struct ReportOptions {
    /// The result.
    pub folder: PathBuf,
    /// What is printed.
    pub format: Format,
    /// Whose events are written.
    pub telling: Telling,
    /// Whether charts are drawn.
    pub with_charts: bool,
    /// How much is said.
    pub talk: Talk,
}

impl From<arguments::Report> for ReportOptions {
    fn from(typed: arguments::Report) -> Self {
        Self {
            talk: Talk::from(&typed.talk),
            folder: typed.folder,
            format: typed.format,
            telling: typed.events.into(),
            with_charts: !typed.drawing.no_charts,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_may_hold_an_equals_sign() {
        let parts = parse_override("zone.north.load = { csv = \"a.csv\" }").unwrap();
        assert_eq!(
            parts,
            (
                "zone.north.load".to_owned(),
                "{ csv = \"a.csv\" }".to_owned()
            )
        );
        for bad in ["zone.north", "=1", "a= "] {
            assert_eq!(parse_override(bad).unwrap_err().code(), 2, "{bad}");
        }
    }

    #[test]
    fn a_bare_word_is_built_in() {
        assert!(source("rts79").is_ok());
        let Failure::Usage(words) = source("rts97").unwrap_err() else {
            panic!("usage")
        };
        assert!(words.contains("did you mean rts79?"), "{words}");
        assert_eq!(source("./rts97").unwrap(), Source::load("./rts97"));
    }
}

//! Arguments as meant: validated, defaults filled in.

use super::Failure;
use super::arguments::{self, Events, Format, Loudness, Tabular, When};
use super::talk::Talk;
use crate::experiment::available_cores;
use crate::report::Telling;
use crate::scenario::{Source, built_in};
use std::io::{IsTerminal, stderr};
use std::path::PathBuf;

/// A scenario to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScenarioOptions {
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
        for text in &typed.set {
            overrides.push(parse_override(text)?);
        }
        if let Some(seed) = typed.seed {
            overrides.push(("scenario.seed".to_owned(), seed.to_string()));
        }
        Ok(Self {
            source: source(&typed.scenario)?,
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
        let hint = nearest.map_or(String::new(), |(_, name)| format!("; did you mean {name}?"));
        Failure::Usage(format!(
            "no built-in scenario is called {typed:?}{hint} There are: {}. A file needs its ending \
             or folder, as in {typed}.toml or ./{typed}",
            names.join(", ")
        ))
    })
}

/// `run` as meant.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// Which scenario.
    pub scenario: ScenarioOptions,
    /// Replications, if not the scenario's.
    pub replications: Option<u32>,
    /// Threads.
    pub jobs: usize,
    /// Folder of the result, if not `output/NAME`.
    pub output: Option<PathBuf>,
    /// What is printed.
    pub format: Format,
    /// Whether blocks of earlier runs are forgotten.
    pub is_fresh: bool,
    /// Whose events are written.
    pub telling: Telling,
    /// Whether charts are drawn.
    pub with_charts: bool,
    /// Whether a progress bar is shown.
    pub with_progress: bool,
    /// How much is said.
    pub talk: Talk,
}

impl TryFrom<arguments::Run> for RunOptions {
    type Error = Failure;

    fn try_from(typed: arguments::Run) -> Result<Self, Failure> {
        let talk = Talk::from(&typed.talk);
        Ok(Self {
            scenario: typed.scenario.try_into()?,
            replications: typed.replications,
            jobs: typed.jobs.map_or_else(available_cores, usize::from),
            output: typed.output,
            format: typed.format,
            is_fresh: typed.fresh,
            telling: typed.events.into(),
            with_charts: !typed.no_charts,
            with_progress: match typed.progress {
                When::Always => true,
                When::Never => false,
                When::Auto => stderr().is_terminal() && talk != Talk::Quiet,
            },
            talk,
        })
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
            with_charts: !typed.no_charts,
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

//! Arguments as meant: validated, defaults filled in.

use super::Failure;
use super::arguments::{self, Events, Format, Loudness, Tabular, When};
use super::precision::{Target, parse_targets};
use super::shard::parse_shard;
use super::talk::Talk;
use crate::experiment::{ShardNumber, available_cores};
use crate::report::Telling;
use crate::scenario::sweep::{Design, Parameter, Sweep, may_vary, parse_values};
use crate::scenario::{HINDCAST, Source, built_in};
use crate::store::{files_ending_in, is_folder};
use std::io::{IsTerminal, stderr};
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
        let hint = nearest.map_or(String::new(), |(_, name)| format!("; did you mean {name}?"));
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

/// `run` as meant.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// Which scenarios, at least one.
    pub scenarios: Vec<ScenarioOptions>,
    /// Replications, if not the scenario's.
    pub replications: Option<u32>,
    /// Errors to be reached.
    pub precision: Vec<Target>,
    /// The part to be simulated, if not all.
    pub shard: Option<ShardNumber>,
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
        let shard = typed.shard.as_deref().map(parse_shard).transpose()?;
        let scenarios = Vec::<ScenarioOptions>::try_from(typed.scenarios)?;
        if shard.is_some() && scenarios.len() > 1 {
            return Err(Failure::Usage(
                "--shard takes one scenario; give each its own shards".to_owned(),
            ));
        }
        let precision = typed.precision.as_deref().map(parse_targets).transpose()?;
        Ok(Self {
            scenarios,
            replications: typed.replications,
            precision: precision.unwrap_or_default(),
            shard,
            jobs: typed.jobs.map_or_else(available_cores, usize::from),
            output: typed.output,
            format: typed.format,
            is_fresh: typed.fresh,
            telling: typed.events.into(),
            with_charts: !typed.no_charts,
            with_progress: with_progress(typed.progress, talk),
            talk,
        })
    }
}

fn with_progress(typed: When, talk: Talk) -> bool {
    match typed {
        When::Always => true,
        When::Never => false,
        When::Auto => stderr().is_terminal() && talk != Talk::Quiet,
    }
}

/// `sweep` as meant.
#[derive(Debug, Clone)]
pub struct SweepOptions {
    /// Which scenario.
    pub scenario: ScenarioOptions,
    /// What varies, if not what the scenario says.
    pub design: Option<Sweep>,
    /// Replications, if not the scenario's.
    pub replications: Option<u32>,
    /// Threads.
    pub jobs: usize,
    /// Memory that points may take at a time.
    pub most_memory_bytes: u64,
    /// Folder of the result, if not `output/NAME-sweep`.
    pub output: Option<PathBuf>,
    /// What is printed.
    pub format: Format,
    /// Whether blocks of earlier runs are forgotten.
    pub is_fresh: bool,
    /// Whether charts are drawn.
    pub with_charts: bool,
    /// Whether a progress bar is shown.
    pub with_progress: bool,
    /// How much is said.
    pub talk: Talk,
}

impl TryFrom<arguments::Sweep> for SweepOptions {
    type Error = Failure;

    fn try_from(typed: arguments::Sweep) -> Result<Self, Failure> {
        let talk = Talk::from(&typed.talk);
        let mut parameters = Vec::new();
        for text in &typed.param {
            parameters.push(parse_parameter(text)?);
        }
        let show: Vec<String> = typed
            .show
            .iter()
            .map(|name| name.trim().to_owned())
            .collect();
        let design = match typed.design.unwrap_or_default() {
            arguments::Design::Grid => Design::Grid,
            arguments::Design::LatinHypercube => Design::LatinHypercube,
            arguments::Design::Sobol => Design::Sobol,
        };
        if parameters.is_empty() && !show.is_empty() {
            return Err(Failure::Usage(
                "--show goes with --param; a [sweep] table has its own key `show`".to_owned(),
            ));
        }
        let design = (!parameters.is_empty()).then_some(Sweep {
            design,
            points: typed.points,
            parameters,
            show,
        });
        Ok(Self {
            scenario: typed.scenario.try_into()?,
            design,
            replications: typed.replications,
            jobs: typed.jobs.map_or_else(available_cores, usize::from),
            most_memory_bytes: parse_size(&typed.max_memory)?,
            output: typed.output,
            format: typed.format,
            is_fresh: typed.fresh,
            with_charts: !typed.no_charts,
            with_progress: with_progress(typed.progress, talk),
            talk,
        })
    }
}

/// `path=values` of a sweep.
fn parse_parameter(text: &str) -> Result<Parameter, Failure> {
    let (path, values) = text.split_once('=').unwrap_or((text, ""));
    let (path, values) = (path.trim(), values.trim());
    let wrong = |(wrong, right): (String, String)| {
        Failure::Usage(format!("--param {text:?}: {wrong}; {right}"))
    };
    if path.is_empty() || values.is_empty() {
        let right = "as in --param line.north-south.capacity_mw=1500:2500:100";
        return Err(wrong(("not PATH=VALUES".to_owned(), right.to_owned())));
    }
    may_vary(path).map_err(wrong)?;
    Ok(Parameter {
        path: path.to_owned(),
        label: None,
        values: parse_values(values).map_err(wrong)?,
    })
}

/// A size in bytes: `500MB`, `2GiB`.
fn parse_size(text: &str) -> Result<u64, Failure> {
    const UNITS: [(&str, u64); 7] = [
        ("KiB", 1 << 10),
        ("MiB", 1 << 20),
        ("GiB", 1 << 30),
        ("kB", 1000),
        ("MB", 1_000_000),
        ("GB", 1_000_000_000),
        ("B", 1),
    ];
    let unit = UNITS.iter().find(|(unit, _)| text.trim().ends_with(unit));
    let size = unit.and_then(|(unit, factor)| {
        let number: f64 = text.trim().strip_suffix(unit)?.trim().parse().ok()?;
        let size = number * *factor as f64;
        (1.0..1e18).contains(&size).then_some(size as u64)
    });
    size.ok_or_else(|| Failure::Usage(format!("--max-memory {text}: not a size, as 500MB or 2GiB")))
}

/// `backtest` as meant.
#[derive(Debug, Clone)]
pub struct BacktestOptions {
    /// Which scenario.
    pub scenario: ScenarioOptions,
    /// Replications, if not the scenario's.
    pub replications: Option<u32>,
    /// Threads.
    pub jobs: usize,
    /// Folder of the result, if not `output/NAME-backtest`.
    pub output: Option<PathBuf>,
    /// What is printed.
    pub format: Format,
    /// Whether blocks of earlier backtests are forgotten.
    pub is_fresh: bool,
    /// Whether chart and page are drawn.
    pub with_charts: bool,
    /// Whether a progress bar is shown.
    pub with_progress: bool,
    /// How much is said.
    pub talk: Talk,
}

impl TryFrom<arguments::Backtest> for BacktestOptions {
    type Error = Failure;

    fn try_from(typed: arguments::Backtest) -> Result<Self, Failure> {
        let talk = Talk::from(&typed.talk);
        Ok(Self {
            scenario: typed.scenario.try_into()?,
            replications: typed.replications,
            jobs: typed.jobs.map_or_else(available_cores, usize::from),
            output: typed.output,
            format: typed.format,
            is_fresh: typed.fresh,
            with_charts: !typed.no_charts,
            with_progress: with_progress(typed.progress, talk),
            talk,
        })
    }
}

/// `compare` as meant.
#[derive(Debug, Clone)]
pub struct CompareOptions {
    /// What is compared with.
    pub base: Side,
    /// What is compared.
    pub other: Side,
    /// Replications, if not the scenarios'.
    pub replications: Option<u32>,
    /// Threads.
    pub jobs: usize,
    /// A file for the table.
    pub output: Option<PathBuf>,
    /// What is printed.
    pub format: Tabular,
    /// Whether a progress bar is shown.
    pub with_progress: bool,
    /// How much is said.
    pub talk: Talk,
}

/// One side of a comparison.
#[derive(Debug, Clone)]
pub enum Side {
    /// To be simulated.
    Scenario(ScenarioOptions),
    /// A finished result.
    Result(PathBuf),
}

impl TryFrom<arguments::Compare> for CompareOptions {
    type Error = Failure;

    fn try_from(typed: arguments::Compare) -> Result<Self, Failure> {
        let talk = Talk::from(&typed.talk);
        let side = |name: &str| -> Result<Side, Failure> {
            let path = Path::new(name);
            if is_folder(path) {
                return Ok(Side::Result(path.to_owned()));
            }
            Ok(Side::Scenario(ScenarioOptions::try_from(
                arguments::Scenario {
                    scenario: name.to_owned(),
                    set: typed.set.clone(),
                    seed: typed.seed,
                    hindcast: false,
                },
            )?))
        };
        let (base, other) = (side(&typed.base)?, side(&typed.other)?);
        let simulates = [&base, &other]
            .iter()
            .all(|side| matches!(side, Side::Scenario(_)));
        let is_told = !typed.set.is_empty() || typed.seed.is_some() || typed.replications.is_some();
        if matches!(
            (&base, &other),
            (Side::Scenario(_), Side::Result(_)) | (Side::Result(_), Side::Scenario(_))
        ) {
            return Err(Failure::Usage(
                "compare two scenarios or two finished runs; run the scenario first".to_owned(),
            ));
        }
        if !simulates && is_told {
            return Err(Failure::Usage(
                "--set, --seed and --replications are for scenarios; finished runs have theirs"
                    .to_owned(),
            ));
        }
        Ok(Self {
            base,
            other,
            replications: typed.replications,
            jobs: typed.jobs.map_or_else(available_cores, usize::from),
            output: typed.output,
            format: typed.format,
            with_progress: with_progress(typed.progress, talk),
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

/// `merge` as meant.
#[derive(Debug, Clone)]
pub struct MergeOptions {
    /// Folder of the shards.
    pub folder: PathBuf,
    /// Folder of the result, if not `output/NAME`.
    pub output: Option<PathBuf>,
    /// What is printed.
    pub format: Format,
    /// Whose events are written.
    pub telling: Telling,
    /// Whether charts are drawn.
    pub with_charts: bool,
    /// How much is said.
    pub talk: Talk,
}

impl From<arguments::Merge> for MergeOptions {
    fn from(typed: arguments::Merge) -> Self {
        Self {
            talk: Talk::from(&typed.talk),
            folder: typed.folder,
            output: typed.output,
            format: typed.format,
            telling: typed.events.into(),
            with_charts: !typed.no_charts,
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

//! Options of the verbs that simulate or need none of it again: run, sweep, backtest, compare,
//! merge.

use super::ScenarioOptions;
use crate::cli::Failure;
use crate::cli::arguments::{self, Format, Tabular, When};
use crate::cli::precision::{Target, parse_targets};
use crate::cli::shard::parse_shard;
use crate::cli::talk::Talk;
use crate::experiment::{ShardNumber, available_cores};
use crate::report::Telling;
use crate::scenario::sweep::{Design, Parameter, Sweep, may_vary, parse_values};
use crate::store::is_folder;
use std::io::{IsTerminal, stderr};
use std::path::{Path, PathBuf};

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
            jobs: typed.simulating.threads(),
            output: typed.output,
            format: typed.format,
            is_fresh: typed.fresh,
            telling: typed.events.into(),
            with_charts: !typed.drawing.no_charts,
            with_progress: typed.simulating.shows_progress(),
            talk: typed.simulating.talk(),
        })
    }
}

impl arguments::Simulating {
    fn threads(&self) -> usize {
        self.jobs.map_or_else(available_cores, usize::from)
    }

    fn talk(&self) -> Talk {
        Talk::from(&self.talk)
    }

    fn shows_progress(&self) -> bool {
        match self.progress {
            When::Always => true,
            When::Never => false,
            When::Auto => stderr().is_terminal() && self.talk() != Talk::Quiet,
        }
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
            jobs: typed.simulating.threads(),
            most_memory_bytes: parse_size(&typed.max_memory)?,
            output: typed.output,
            format: typed.format,
            is_fresh: typed.fresh,
            with_charts: !typed.drawing.no_charts,
            with_progress: typed.simulating.shows_progress(),
            talk: typed.simulating.talk(),
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
        Ok(Self {
            scenario: typed.scenario.try_into()?,
            replications: typed.replications,
            jobs: typed.simulating.threads(),
            output: typed.output,
            format: typed.format,
            is_fresh: typed.fresh,
            with_charts: !typed.drawing.no_charts,
            with_progress: typed.simulating.shows_progress(),
            talk: typed.simulating.talk(),
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
            jobs: typed.simulating.threads(),
            output: typed.output,
            format: typed.format,
            with_progress: typed.simulating.shows_progress(),
            talk: typed.simulating.talk(),
        })
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
            with_charts: !typed.drawing.no_charts,
        }
    }
}

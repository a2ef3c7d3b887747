//! Arguments as typed.

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use std::path::PathBuf;

/// When plants fail, lines trip, the grid sheds load or a country's internet goes dark: how much
/// Bitcoin hashrate falls, and how hard did mining lean on the grid?
#[derive(Debug, Parser)]
#[command(name = "hashfall", version, about, propagate_version = true)]
#[command(
    after_help = "Exit codes: 0 done, 1 failed at run time, 2 wrong arguments, 3 mistakes in \
    the scenario, 4 a target was missed, 5 something is missing still, 130 or 143 stopped by a \
    signal: the same command goes on."
)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Simulate a scenario, or several, and write the results
    Run(Run),
    /// Simulate a scenario at many points, all with the same random numbers
    Sweep(Sweep),
    /// Hold a scenario against the block counts that it says were observed, and score it
    Backtest(Backtest),
    /// Pair two scenarios, or two finished runs, index by index
    Compare(Compare),
    /// Put the shards of a run together: the result is that of one machine
    Merge(Merge),
    /// Compute what follows without a draw, or say why nothing does
    Exact(Exact),
    /// Say how much hashrate was truly missing, given what was observed; no simulation
    Infer(Infer),
    /// Say whether a scenario is sound, and what it would cost
    Check(Check),
    /// Tell one replication, event by event
    Replay(Replay),
    /// Write the tables, charts and page of a finished run again, without simulating
    Report(Report),
    /// List the scenarios built into the program
    List,
    /// Print the JSON Schema of scenario files
    Schema,
    /// Write a commented scenario to start from
    Init(Init),
    /// Print completions for a shell
    Completions(Completions),
}

/// Which scenario.
#[derive(Debug, Args)]
pub struct Scenario {
    /// A scenario file, or the name of a built-in scenario (see `hashfall list`)
    #[arg(value_name = "SCENARIO")]
    pub scenario: String,
    /// Change a key: farm.*.compliance=0.7 (may be repeated)
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// Study seed, in place of the scenario's
    #[arg(long, value_name = "SEED", value_parser = clap::value_parser!(u64).range(..=i64::MAX as u64))]
    pub seed: Option<u64>,
    /// With what was learnt later, as the scenario's hindcast table has it; the result is
    /// NAME-hindcast
    #[arg(long)]
    pub hindcast: bool,
}

/// Which scenarios.
#[derive(Debug, Args)]
pub struct Scenarios {
    /// Scenario files, names of built-in scenarios (see `hashfall list`), or folders of files
    #[arg(value_name = "SCENARIO", required = true)]
    pub scenarios: Vec<String>,
    /// Change a key: farm.*.compliance=0.7 (may be repeated)
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// Study seed, in place of the scenario's
    #[arg(long, value_name = "SEED", value_parser = clap::value_parser!(u64).range(..=i64::MAX as u64))]
    pub seed: Option<u64>,
    /// With what was learnt later, as the scenario's hindcast table has it; the result is
    /// NAME-hindcast
    #[arg(long)]
    pub hindcast: bool,
}

/// `run` as typed.
#[derive(Debug, Args)]
pub struct Run {
    /// Which scenarios.
    #[command(flatten)]
    pub scenarios: Scenarios,
    /// Replications, in place of the scenario's; more than before extend a finished run
    #[arg(short = 'n', long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub replications: Option<u32>,
    /// Simulate until these standard errors are reached: lole_h=2%,eue_mwh=50 (tested after
    /// 1024, 2048, 4096 ... replications, at most --replications)
    #[arg(long, value_name = "INDEX=ERROR,...", conflicts_with = "shard")]
    pub precision: Option<String>,
    /// Simulate one part of several, counted from 0, into a file for `hashfall merge`: 3/64, or
    /// slurm for the task of a Slurm array
    #[arg(long, value_name = "K/N", conflicts_with_all = ["charts", "no_charts", "events"])]
    pub shard: Option<String>,
    /// Folder of the result [default: output/NAME]; of several scenarios the folder of their
    /// folders [default: output]; of shards the folder of their files [default: output/NAME.shards]
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// What is printed on stdout
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Forget what earlier runs did, replace what is in the folder, and simulate everything anew
    #[arg(long)]
    pub fresh: bool,
    /// Whose events are written: those of the first, median and worst replication, or all
    #[arg(long, value_enum, default_value_t)]
    pub events: Events,
    /// What is drawn.
    #[command(flatten)]
    pub drawing: Drawing,
    /// How the simulation goes.
    #[command(flatten)]
    pub simulating: Simulating,
}

/// `sweep` as typed.
#[derive(Debug, Args)]
pub struct Sweep {
    /// Which scenario.
    #[command(flatten)]
    pub scenario: Scenario,
    /// What varies, in place of the scenario's own table (may be repeated):
    /// line.north-south.capacity_mw=1500:2500:100, farm.*.compliance=0.7,0.9
    #[arg(long = "param", value_name = "PATH=VALUES")]
    pub param: Vec<String>,
    /// How points are chosen
    #[arg(long, value_enum, requires = "param", value_name = "DESIGN")]
    pub design: Option<Design>,
    /// Points of a design that draws
    #[arg(long, requires = "param", value_name = "N")]
    pub points: Option<u32>,
    /// Indices that stand first on screen and in charts: lole_h,eue_mwh
    #[arg(long, value_name = "INDEX,...", value_delimiter = ',')]
    pub show: Vec<String>,
    /// Replications of each point, in place of the scenario's; more than before extend the sweep
    #[arg(short = 'n', long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub replications: Option<u32>,
    /// Memory that points may take at a time; more of them go in groups: 500MB, 2GiB
    #[arg(long, value_name = "SIZE", default_value = "1GiB")]
    pub max_memory: String,
    /// Folder of the result [default: output/NAME-sweep]
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// What is printed on stdout
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Forget what earlier runs did, and simulate everything anew
    #[arg(long)]
    pub fresh: bool,
    /// What is drawn.
    #[command(flatten)]
    pub drawing: Drawing,
    /// How the simulation goes.
    #[command(flatten)]
    pub simulating: Simulating,
}

/// `backtest` as typed.
#[derive(Debug, Args)]
pub struct Backtest {
    /// Which scenario.
    #[command(flatten)]
    pub scenario: Scenario,
    /// Replications, in place of the scenario's; more than before extend what is there
    #[arg(short = 'n', long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..))]
    pub replications: Option<u32>,
    /// Folder of the result [default: output/NAME-backtest]
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// What is printed on stdout
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Forget what earlier backtests did, and simulate everything anew
    #[arg(long)]
    pub fresh: bool,
    /// What is drawn.
    #[command(flatten)]
    pub drawing: Drawing,
    /// How the simulation goes.
    #[command(flatten)]
    pub simulating: Simulating,
}

/// `compare` as typed.
#[derive(Debug, Args)]
pub struct Compare {
    /// A scenario, or the folder of a finished run
    #[arg(value_name = "A")]
    pub base: String,
    /// What is compared with it, of the same kind
    #[arg(value_name = "B")]
    pub other: String,
    /// Change a key of both scenarios: farm.*.compliance=0.7 (may be repeated)
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// Study seed of both scenarios
    #[arg(long, value_name = "SEED", value_parser = clap::value_parser!(u64).range(..=i64::MAX as u64))]
    pub seed: Option<u64>,
    /// Replications of both, in place of the scenario's
    #[arg(short = 'n', long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub replications: Option<u32>,
    /// Write the table to this file, too
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// What is printed on stdout
    #[arg(long, value_enum, default_value_t)]
    pub format: Tabular,
    /// How the simulation goes.
    #[command(flatten)]
    pub simulating: Simulating,
}

/// How points of a sweep are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Design {
    /// Every value of each parameter with every value of the others
    #[default]
    Grid,
    /// As many strata of each parameter as points, each met once
    LatinHypercube,
    /// Points of the Sobol sequence
    Sobol,
}

/// `merge` as typed.
#[derive(Debug, Args)]
pub struct Merge {
    /// Folder of the shards' files
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// Folder of the result [default: output/NAME]
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// What is printed on stdout
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Whose events are written: those of the first, median and worst replication, or all
    #[arg(long, value_enum, default_value_t)]
    pub events: Events,
    /// What is drawn.
    #[command(flatten)]
    pub drawing: Drawing,
    /// How much is said.
    #[command(flatten)]
    pub talk: Loudness,
}

/// How a simulation goes, as typed.
#[derive(Debug, Args)]
pub struct Simulating {
    /// Threads; they change no result [default: one for each core]
    #[arg(short, long, value_name = "J", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,
    /// Show a progress bar
    #[arg(long, value_enum, default_value_t, value_name = "WHEN")]
    pub progress: When,
    /// How much is said.
    #[command(flatten)]
    pub talk: Loudness,
}

/// What is drawn, as typed.
#[derive(Debug, Args)]
pub struct Drawing {
    /// Draw charts, and the page where there is one, as is the default
    #[arg(long, overrides_with = "no_charts")]
    pub charts: bool,
    /// Draw no charts and no page
    #[arg(long, overrides_with = "charts")]
    pub no_charts: bool,
}

/// How much is said, as typed.
#[derive(Debug, Args)]
pub struct Loudness {
    /// Say nothing but errors
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say what it cost, too
    #[arg(short, long, action = ArgAction::Count)]
    pub verbose: u8,
}

/// `exact` as typed.
#[derive(Debug, Args)]
pub struct Exact {
    /// Which scenario.
    #[command(flatten)]
    pub scenario: Scenario,
    /// What is printed on stdout
    #[arg(long, value_enum, default_value_t)]
    pub format: Tabular,
    /// Print the capacity outage table in place of the indices (in JSON: beside them)
    #[arg(long)]
    pub table: bool,
    /// Take all zones as one, without limits between them
    #[arg(long)]
    pub copper_plate: bool,
}

/// `infer` as typed.
#[derive(Debug, Args)]
pub struct Infer {
    /// Which scenario.
    #[command(flatten)]
    pub scenario: Scenario,
    /// What is printed on stdout
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Folder for the chart, as inference.svg, .png, .csv and .txt [default: none is drawn]
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
}

/// `check` as typed.
#[derive(Debug, Args)]
pub struct Check {
    /// Which scenario.
    #[command(flatten)]
    pub scenario: Scenario,
    /// Replications to reckon with, in place of the scenario's
    #[arg(short = 'n', long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub replications: Option<u32>,
}

/// `replay` as typed.
#[derive(Debug, Args)]
pub struct Replay {
    /// Which scenario.
    #[command(flatten)]
    pub scenario: Scenario,
    /// Which replication, counted from 0
    #[arg(short, long, value_name = "K")]
    pub replication: u32,
    /// What is printed on stdout
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `report` as typed.
#[derive(Debug, Args)]
pub struct Report {
    /// Folder of a finished result
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// What is printed on stdout
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Whose events are written: those of the first, median and worst replication, or all
    #[arg(long, value_enum, default_value_t)]
    pub events: Events,
    /// What is drawn.
    #[command(flatten)]
    pub drawing: Drawing,
    /// How much is said.
    #[command(flatten)]
    pub talk: Loudness,
}

/// `init` as typed.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_value_name = "TEMPLATE"
)]
pub struct Init {
    /// What it is to hold, if not a place.
    #[command(subcommand)]
    pub template: Option<Template>,
    /// The file to write; one that exists is left as it is
    #[arg(value_name = "FILE", default_value = "scenario.toml")]
    pub file: PathBuf,
}

/// What a scenario to start from is to hold.
#[derive(Debug, Subcommand)]
pub enum Template {
    /// A dated event to be held against counts of blocks: a scenario, and a CSV of daily counts
    Event {
        /// The scenario to write; the CSV is named after it
        #[arg(value_name = "FILE", default_value = "my-event.toml")]
        file: PathBuf,
    },
}

/// `completions` as typed.
#[derive(Debug, Args)]
pub struct Completions {
    /// For which shell
    #[arg(value_enum)]
    pub shell: Shell,
}

/// What is printed on stdout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
}

/// What is printed on stdout, where it is a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Tabular {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
    /// For spreadsheets
    Csv,
}

/// Whose events are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Events {
    /// The first, the median and the worst replication
    #[default]
    Chosen,
    /// Every replication; large
    All,
}

/// When to show a progress bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum When {
    /// Where stderr is a terminal
    #[default]
    Auto,
    /// In any case
    Always,
    /// Never
    Never,
}

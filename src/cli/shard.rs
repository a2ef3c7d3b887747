//! `hashfall run --shard K/N`: one part of a run, into a file that can be carried elsewhere.

use super::arguments::Format;
use super::options::RunOptions;
use super::scenario::{load, replications};
use super::signal::Listener;
use super::talk::print;
use super::{Exit, Failure};
use crate::engine::Plan;
use crate::experiment::{
    Control, ExperimentError, Outcome, Progress, SCHEME, ShardNumber, ShardRecord, Task,
    block_folder, gather_study, identity, is_complete, run_study, shard_name,
};
use crate::report::{BITS, OUTPUT_SCHEMA, hexadecimal};
use crate::store::{
    FolderLock, Identity, Place, SHARD_ENDING, Shard, StoreError, create_folder, file_length,
    read_shard, remove_file, remove_folder, write_atomic, write_shard,
};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// How the name of the file ends that a shard leaves which could not be done.
pub(super) const FAILED_ENDING: &str = ".failed.json";
/// Most parts that a run is cut into.
const MOST_SHARDS: u32 = 65_536;

/// What is left of a shard that could not be done.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct FailedShard {
    /// What was to be done.
    #[serde(flatten)]
    pub record: ShardRecord,
    /// The replication that failed.
    pub failed_replication: Option<u32>,
    /// A stable code.
    pub code: String,
    /// In words.
    pub error: String,
}

/// What is printed of a finished shard.
#[derive(Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    record: &'a ShardRecord,
    first_replication: u32,
    end_replication: u32,
    file: String,
}

/// `K/N`, or `slurm` for what Slurm says of the task of an array.
pub(super) fn parse_shard(text: &str) -> Result<ShardNumber, Failure> {
    if text == "slurm" {
        let read = |name: &str| std::env::var(name).ok();
        return of_slurm(read);
    }
    let parts = text.split_once('/');
    let number = parts.and_then(|(index, of)| {
        Some(ShardNumber {
            index: index.trim().parse().ok()?,
            of: of.trim().parse().ok()?,
        })
    });
    let wrong = |why: &str| {
        Failure::Usage(format!(
            "--shard {text}: {why}; as in --shard 3/64, counted from 0"
        ))
    };
    match number {
        None => Err(wrong("not two whole numbers with a / between")),
        Some(ShardNumber { of: 0, .. }) => Err(wrong("there are no parts")),
        Some(number) if number.of > MOST_SHARDS => Err(wrong("at most 65536 parts")),
        Some(number) if number.index >= number.of => {
            let last = number.of - 1;
            Err(wrong(&format!("the last of {} parts is {last}", number.of)))
        }
        Some(number) => Ok(number),
    }
}

/// The part that is this task's of a Slurm array, whatever number the array begins with.
fn of_slurm(read: impl Fn(&str) -> Option<String>) -> Result<ShardNumber, Failure> {
    let number = |name: &str| {
        let text = read(name).ok_or_else(|| {
            Failure::Usage(format!(
                "--shard slurm: {name} is not set; submit with sbatch --array=0-63, or give \
                 --shard K/N"
            ))
        })?;
        text.trim()
            .parse::<u32>()
            .map_err(|_| Failure::Usage(format!("--shard slurm: {name}={text} is no number")))
    };
    let (id, of) = (
        number("SLURM_ARRAY_TASK_ID")?,
        number("SLURM_ARRAY_TASK_COUNT")?,
    );
    let least = match read("SLURM_ARRAY_TASK_MIN") {
        Some(_) => number("SLURM_ARRAY_TASK_MIN")?,
        None => 0,
    };
    let index = id.saturating_sub(least);
    if id < least || index >= of {
        return Err(Failure::Usage(format!(
            "--shard slurm: task {id} of {of} from {least} on is none; the array must have no gaps"
        )));
    }
    Ok(ShardNumber { index, of })
}

/// The command that makes a shard, as it can be typed.
pub(super) fn command(record: &ShardRecord, folder: &Path) -> String {
    let mut words = vec![
        "hashfall".to_owned(),
        "run".to_owned(),
        quoted(&record.scenario),
        format!("-n {}", record.replications),
    ];
    for text in &record.overrides {
        words.push(format!("--set {}", quoted(text)));
    }
    words.push(format!("--shard {}", record.shard));
    words.push(format!("-o {}", quoted(&folder.display().to_string())));
    words.join(" ")
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:@%+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// Simulates one part.
pub(super) fn run_shard(options: &RunOptions, number: ShardNumber) -> Result<Exit, Failure> {
    let Some(scenario) = options.scenarios.first() else {
        return Ok(Exit::Done);
    };
    let loaded = load(scenario)?;
    let plan = Plan::new(&loaded.system);
    let n = replications(&loaded, options.replications)?;
    let name = &loaded.system.name;
    let folder = options.output.clone();
    let folder =
        folder.unwrap_or_else(|| PathBuf::from(super::run::OUTPUT).join(format!("{name}.shards")));
    create_folder(&folder)?;
    let path = folder.join(shard_name(number) + SHARD_ENDING);
    let failed = folder.join(shard_name(number) + FAILED_ENDING);
    let record = ShardRecord {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        bits: BITS,
        output_schema: OUTPUT_SCHEMA,
        scheme: SCHEME.to_owned(),
        name: name.clone(),
        digest: hexadecimal(&loaded.digest),
        seed: loaded.system.seed,
        replications: n,
        shard: number,
        scenario: scenario.typed.clone(),
        overrides: scenario.overrides_as_text(),
    };
    let identity = identity(&loaded.digest, loaded.system.seed, BITS, OUTPUT_SCHEMA);
    // A place for the lock and the blocks; what a finished shard leaves is its file alone.
    let place = Place::new(&folder.join(shard_name(number)))?;
    let lock = FolderLock::acquire(&place)?;
    if !options.is_fresh && is_there(&path, &identity, &record)? {
        options.talk.say(&format!(
            "already done: {} holds this shard; --fresh simulates it anew",
            path.display()
        ));
        return tell(options.format, &record, &path);
    }
    let blocks = block_folder(&place, &identity);
    if options.is_fresh {
        remove_folder(&blocks)?;
    }
    let listener = Listener::begin()?;
    let bar = super::progress::Bar::new(options.with_progress);
    let range = record.range();
    let task = Task {
        folder: &blocks,
        identity: &identity,
        first: range.start,
        replications: range.end,
        jobs: options.jobs,
    };
    let show = |progress: Progress| bar.show(progress);
    let control = Control {
        stop: listener.stop(),
        progress: &show,
    };
    let outcome = run_study(&plan, &task, &control);
    bar.end();
    match outcome {
        Err(error) if error.replication().is_some() => {
            leave_word(&failed, &record, &error)?;
            return Err(Failure::RunTime(format!(
                "shard {number}: {error}; {} says so to `hashfall merge`",
                failed.display()
            )));
        }
        Err(error) => return Err(error.into()),
        Ok(Outcome::Stopped { done, total }) => {
            options.talk.say(&format!(
                "stopped: {done} of {total} replications of shard {number} are kept; the same \
                 command goes on"
            ));
            return Ok(Exit::Stopped(listener.signal()));
        }
        Ok(Outcome::Finished { .. }) => {}
    }
    // Plain data cannot fail to become JSON.
    let header = serde_json::to_vec(&record).unwrap_or_default();
    let shard = gather_study(&plan, &task, header, loaded.contents.clone())?;
    let missing = || Failure::RunTime(format!("blocks of shard {number} vanished; run it again"));
    write_shard(&path, &identity, &shard.ok_or_else(missing)?)?;
    remove_file(&failed)?;
    remove_folder(&place.blocks())?;
    drop(lock);
    options.talk.say(&format!("wrote {}", path.display()));
    tell(options.format, &record, &path)
}

/// Whether a sound file of this very shard is there. One of another run is not overwritten.
fn is_there(path: &Path, identity: &Identity, record: &ShardRecord) -> Result<bool, Failure> {
    if file_length(path).is_none() {
        return Ok(false);
    }
    let (theirs, shard) = match read_shard(path) {
        Ok(found) => found,
        Err(error) if error.is_damage() => return Ok(false),
        Err(error) => return Err(error.into()),
    };
    let found = record_of(&shard, path)?;
    match record.difference(&found) {
        None if theirs == *identity && found.shard == record.shard => {
            Ok(is_complete(record.shard, record.replications, &shard))
        }
        None => Ok(false),
        Some((what, mine, other)) => Err(Failure::RunTime(format!(
            "{} is of another run: {what} {other} instead of {mine}; move it away, or choose \
             another folder with --output",
            path.display()
        ))),
    }
}

/// What a shard says of itself.
pub(super) fn record_of(shard: &Shard, path: &Path) -> Result<ShardRecord, StoreError> {
    serde_json::from_slice(&shard.header).map_err(|_| StoreError::OtherRun {
        path: path.to_owned(),
        what: "header",
    })
}

/// Writes down what could not be done, for whoever merges.
fn leave_word(
    path: &Path,
    record: &ShardRecord,
    error: &ExperimentError,
) -> Result<(), StoreError> {
    let failed = FailedShard {
        record: record.clone(),
        failed_replication: error.replication(),
        code: error.code().to_owned(),
        error: error.to_string(),
    };
    let mut bytes = serde_json::to_vec_pretty(&failed).unwrap_or_default();
    bytes.push(b'\n');
    write_atomic(path, &bytes)
}

fn tell(format: Format, record: &ShardRecord, path: &Path) -> Result<Exit, Failure> {
    let range = record.range();
    let told = Told {
        record,
        first_replication: range.start,
        end_replication: range.end,
        file: path.display().to_string(),
    };
    let text = match format {
        Format::Text => format!(
            "{}: shard {} of {} replications, {} of them from {} on\n",
            record.name,
            record.shard,
            record.replications,
            range.len(),
            range.start
        ),
        Format::Json => {
            let text = serde_json::to_string_pretty(&told);
            text.map_err(|error| Failure::RunTime(error.to_string()))? + "\n"
        }
    };
    print(&text)?;
    Ok(Exit::Done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_counted_from_nought() {
        assert_eq!(
            parse_shard("3/64").unwrap(),
            ShardNumber { index: 3, of: 64 }
        );
        for bad in [
            "5/4", "4/4", "1/0", "-1/4", "1", "1/4/2", "a/b", "0/70000", "",
        ] {
            assert_eq!(parse_shard(bad).unwrap_err().code(), 2, "{bad}");
        }
    }

    #[test]
    fn an_array_may_begin_with_any_number() {
        let slurm = |id: &'static str, of: &'static str, least: Option<&'static str>| {
            of_slurm(move |name| {
                match name {
                    "SLURM_ARRAY_TASK_ID" => Some(id),
                    "SLURM_ARRAY_TASK_COUNT" => Some(of),
                    _ => least,
                }
                .map(str::to_owned)
            })
        };
        let third = ShardNumber { index: 3, of: 64 };
        assert_eq!(slurm("3", "64", None).unwrap(), third);
        assert_eq!(slurm("4", "64", Some("1")).unwrap(), third);
        assert!(slurm("64", "64", None).is_err());
        assert!(slurm("0", "64", Some("1")).is_err());
        assert!(of_slurm(|_| None).is_err());
    }

    #[test]
    fn a_shell_reads_the_command_as_it_was_meant() {
        assert_eq!(quoted("scenarios/a-b_1.toml"), "scenarios/a-b_1.toml");
        assert_eq!(quoted("farm.*.compliance=0.7"), "'farm.*.compliance=0.7'");
        assert_eq!(quoted("it's"), "'it'\\''s'");
    }
}

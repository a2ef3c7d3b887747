//! `hashfall merge`: the shards of a run into the result of one machine.

use super::options::{MergeOptions, ScenarioOptions, parse_override};
use super::run::show_result;
use super::scenario::load;
use super::shard::{FAILED_ENDING, FailedShard, command, record_of};
use super::signal::Listener;
use super::{Exit, Failure};
use crate::engine::Plan;
use crate::experiment::{
    ShardNumber, ShardRecord, Task, block_folder, finished_study, forget_others, identity,
    is_complete, scatter_study,
};
use crate::report::{BITS, Meter, OUTPUT_SCHEMA, Publication, ReportError, hexadecimal, publish};
use crate::scenario::Source;
use crate::store::{
    FolderLock, Place, SHARD_ENDING, Shard, Staging, StoreError, files_ending_in, read_limited,
    read_shard,
};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What a look at the folder found.
struct Found {
    /// What all shards have in common; the number is that of the first.
    record: ShardRecord,
    /// The scenario's files.
    files: Vec<(String, Vec<u8>)>,
    /// Sound shards by number.
    sound: BTreeMap<ShardNumber, PathBuf>,
    /// What is wrong with those that are not.
    wrong: BTreeMap<ShardNumber, String>,
}

pub(super) fn merge(options: MergeOptions) -> Result<Exit, Failure> {
    let found = look(&options.folder)?;
    let record = &found.record;
    check_complete(&found, &options.folder)?;
    let overrides: Result<Vec<_>, _> = record
        .overrides
        .iter()
        .map(|text| parse_override(text))
        .collect();
    let loaded = load(&ScenarioOptions {
        typed: record.scenario.clone(),
        source: Source::kept(found.files.clone()),
        overrides: overrides?,
    })?;
    let same = hexadecimal(&loaded.digest) == record.digest
        && (BITS, OUTPUT_SCHEMA) == (record.bits, record.output_schema)
        && env!("CARGO_PKG_VERSION") == record.version;
    if !same {
        return Err(Failure::RunTime(format!(
            "these shards were written by hashfall {} (bits {}, output schema {}), this is {} \
             (bits {BITS}, output schema {OUTPUT_SCHEMA}); merge them with that version",
            record.version,
            record.bits,
            record.output_schema,
            env!("CARGO_PKG_VERSION"),
        )));
    }
    let target = options.output.clone();
    let target = target.unwrap_or_else(|| PathBuf::from(super::run::OUTPUT).join(&record.name));
    let place = Place::new(&target)?;
    let lock = FolderLock::acquire(&place)?;
    Staging::recover(&place, &lock)?;
    let listener = Listener::begin()?;
    let plan = Plan::new(&loaded.system);
    let identity = identity(&loaded.digest, record.seed, BITS, OUTPUT_SCHEMA);
    let folder = block_folder(&place, &identity);
    let meter = Meter::start();
    let task = Task {
        folder: &folder,
        identity: &identity,
        first: 0,
        replications: record.replications,
        jobs: 1,
    };
    let parts = found.sound.iter().map(|(&number, path)| {
        let (theirs, shard) = read_shard(path)?;
        if theirs != identity {
            let path = path.clone();
            let what = "scenario or seed";
            return Err(StoreError::OtherRun { path, what });
        }
        Ok((number, shard))
    });
    scatter_study(&plan, &task, parts)?;
    let gone = || Failure::RunTime("merged blocks vanished; merge again".to_owned());
    let results = finished_study(&plan, &task)?.ok_or_else(gone)?;
    let publication = Publication {
        place: &place,
        lock: &lock,
        telling: options.telling,
        with_charts: options.with_charts,
        overrides: &record.overrides,
        stop: listener.stop(),
    };
    let cost = meter.read().of_engine(1, 0);
    let (manifest, rows) = match publish(&loaded, &plan, &results, &publication, cost) {
        Err(ReportError::Stopped) => return Ok(Exit::Stopped(listener.signal())),
        published => published?,
    };
    forget_others(&place, &identity)?;
    show_result(options.format, &loaded.system, &manifest, &rows)?;
    let count = found.sound.len();
    options
        .talk
        .say(&format!("wrote {} from {count} shards", target.display()));
    Ok(Exit::Done)
}

/// Looks at every file of the folder, and holds it against the first that is sound.
fn look(folder: &Path) -> Result<Found, Failure> {
    let mut found: Option<(Found, PathBuf)> = None;
    let mut damaged = Vec::new();
    for path in files_ending_in(folder, SHARD_ENDING)? {
        let (_, shard) = match read_shard(&path) {
            Ok(read) => read,
            Err(error) if error.is_damage() => {
                damaged.push((path, error));
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        let record = record_of(&shard, &path)?;
        let (found, first) = match &mut found {
            Some(found) => found,
            None => found.insert((Found::begin(&record, &shard), path.clone())),
        };
        if let Some((what, mine, theirs)) = found.record.difference(&record) {
            return Err(Failure::RunTime(format!(
                "{} and {} are of different runs: {what} {mine} and {theirs}; move one of them \
                 to a folder of its own",
                first.display(),
                path.display()
            )));
        }
        let number = record.shard;
        if let Some(other) = found.sound.get(&number) {
            return Err(Failure::RunTime(format!(
                "{} and {} both hold shard {number}; move one of them away",
                other.display(),
                path.display()
            )));
        }
        if is_complete(number, record.replications, &shard) {
            found.sound.insert(number, path);
        } else {
            let told = "its replications are not those of its number".to_owned();
            found.wrong.insert(number, told);
        }
    }
    let failed = failures(folder)?;
    let Some((mut found, _)) = found.or_else(|| nothing_but_failures(&failed)) else {
        let told: String = damaged
            .iter()
            .map(|(_, error)| format!("\n  {error}"))
            .collect();
        let folder = folder.display();
        return Err(Failure::RunTime(format!(
            "{folder} holds no sound shard (*{SHARD_ENDING}); `hashfall run SCENARIO --shard K/N \
             -o {folder}` writes one{told}"
        )));
    };
    for (path, error) in damaged {
        if let Some(number) = number_in(&path) {
            found.wrong.insert(number, error.to_string());
        }
    }
    for failed in failed {
        if found.record.difference(&failed.record).is_none() {
            found
                .wrong
                .entry(failed.record.shard)
                .or_insert(failed.error);
        }
    }
    Ok(found)
}

impl Found {
    fn begin(record: &ShardRecord, shard: &Shard) -> Self {
        Self {
            record: record.clone(),
            files: shard.files.clone(),
            sound: BTreeMap::new(),
            wrong: BTreeMap::new(),
        }
    }
}

/// What shards that failed have left.
fn failures(folder: &Path) -> Result<Vec<FailedShard>, Failure> {
    const MOST_BYTES: u64 = 16 << 20;
    let mut failed = Vec::new();
    for path in files_ending_in(folder, FAILED_ENDING)? {
        let bytes = read_limited(&path, MOST_BYTES)?.unwrap_or_default();
        let read = serde_json::from_slice(&bytes);
        failed.push(read.map_err(|error| {
            Failure::RunTime(format!("{} cannot be read: {error}", path.display()))
        })?);
    }
    Ok(failed)
}

/// Where every shard failed: enough is known to say what is missing.
fn nothing_but_failures(failed: &[FailedShard]) -> Option<(Found, PathBuf)> {
    let first = failed.first()?;
    let found = Found {
        record: first.record.clone(),
        files: Vec::new(),
        sound: BTreeMap::new(),
        wrong: BTreeMap::new(),
    };
    Some((found, PathBuf::new()))
}

/// The number in the name of a shard's file.
fn number_in(path: &Path) -> Option<ShardNumber> {
    let name = path.file_name()?.to_str()?.strip_suffix(SHARD_ENDING)?;
    let (index, of) = name.strip_prefix("shard-")?.split_once("-of-")?;
    Some(ShardNumber {
        index: index.parse().ok()?,
        of: of.parse().ok()?,
    })
}

/// Nothing may be missing; otherwise the commands for what is are told.
fn check_complete(found: &Found, folder: &Path) -> Result<(), Failure> {
    let record = &found.record;
    let of = record.shard.of;
    let numbers = (0..of).map(|index| ShardNumber { index, of });
    let missing: Vec<ShardNumber> = numbers
        .filter(|number| !found.sound.contains_key(number))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let are = if missing.len() == 1 { "is" } else { "are" };
    let count = missing.len();
    let mut text = format!("{count} of {of} shards {are} missing; nothing was written.");
    for number in &missing {
        if let Some(why) = found.wrong.get(number) {
            text += &format!("\n  shard {number}: {why}");
        }
    }
    text += "\nTo be run, in any order and on any machine, then merged again:";
    for &shard in &missing {
        let record = ShardRecord {
            shard,
            ..record.clone()
        };
        text += &format!("\n  {}", command(&record, folder));
    }
    Err(Failure::Incomplete(text))
}

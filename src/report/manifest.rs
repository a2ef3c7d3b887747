//! `manifest.json`: what a result is, whence it came and what it cost. Written last; the only
//! file of a result that knows the time and the machine.

use super::ReportError;
use crate::store::{Place, file_length, read_limited};
use serde::{Deserialize, Serialize};

use super::shelf::MANIFEST;

/// Version of the tables' columns and of this manifest.
pub const OUTPUT_SCHEMA: u32 = 2;
/// Counts the releases that changed numbers at an equal seed.
pub const BITS: u32 = 3;

/// A file with its digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
    /// Name, relative to the result or to the scenario's folder.
    pub name: String,
    /// Length.
    pub bytes: u64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
}

/// Seconds by phase.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Seconds {
    /// Replications, and their blocks on disk.
    pub engine: f64,
    /// Tables.
    pub tables: f64,
    /// Charts and the page.
    pub charts: f64,
}

/// What a run cost.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    /// Threads of the engine.
    pub threads: usize,
    /// Replications simulated in the last run; the others were there from earlier ones.
    pub replications_simulated: u64,
    /// Time on the wall.
    pub wall_seconds: Seconds,
    /// Processor time of all threads, user and system; absent where the system does not tell.
    pub core_seconds: Option<Seconds>,
    /// Replications simulated for each core-second of the engine.
    pub replications_per_core_second: Option<f64>,
    /// Greatest memory held.
    pub peak_memory_bytes: Option<u64>,
    /// When the result was written, RFC 3339, UTC.
    pub finished_at_utc: String,
    /// Operating system and architecture.
    pub host: String,
}

/// Everything a result says of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the columns of all tables.
    pub output_schema: u32,
    /// Name of the program.
    pub program: String,
    /// Its version.
    pub version: String,
    /// Counts the releases that changed numbers at an equal seed.
    pub bits: u32,
    /// Scheme of the random numbers.
    pub scheme: String,
    /// Scenario name.
    pub name: String,
    /// One line for people.
    pub title: String,
    /// Forecast, hindcast or study.
    pub mode: String,
    /// SHA-256 of the validated scenario with its overrides, hexadecimal.
    pub digest: String,
    /// Study seed.
    pub seed: u64,
    /// Replications.
    pub replications: u32,
    /// Overrides in the order given, `path=value`.
    pub overrides: Vec<String>,
    /// The scenario's files, itself first; copies stand in `scenario/`.
    pub inputs: Vec<FileRecord>,
    /// The result's files, by name.
    pub outputs: Vec<FileRecord>,
    /// Events of a replication, on average.
    pub events_per_replication: f64,
    /// Times that a replication brought its state up to date, on average.
    pub refreshes_per_replication: f64,
    /// The points, if this is a sweep.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sweep: Option<SweepRecord>,
    /// Whether this is a backtest: its tables are scores.
    #[serde(default, skip_serializing_if = "is_not")]
    pub backtest: bool,
    /// Time and machine.
    pub cost: Cost,
}

/// Left out where it does not apply.
fn is_not(flag: &bool) -> bool {
    !flag
}

/// The points of a sweep.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SweepRecord {
    /// How they were chosen.
    pub design: String,
    /// The parameters, as of `--set`.
    pub parameters: Vec<String>,
    /// What the parameters are called in charts.
    pub labels: Vec<String>,
    /// Indices that stand first.
    pub show: Vec<String>,
    /// Values of the parameters where nothing is changed, as far as they are written.
    pub base: Vec<String>,
    /// Values `[point][parameter]`, from point 1 on.
    pub points: Vec<Vec<String>>,
    /// Digest of each point's scenario, that of the base first.
    pub digests: Vec<String>,
}

impl Manifest {
    /// Largest manifest that is read.
    const MOST_BYTES: u64 = 16 << 20;

    /// The manifest of the result at a place; `None` if there is none.
    ///
    /// # Errors
    /// A manifest that cannot be read.
    pub fn read(place: &Place) -> Result<Option<Self>, ReportError> {
        let path = place.result().join(MANIFEST);
        let Some(bytes) = read_limited(&path, Self::MOST_BYTES)? else {
            return Ok(None);
        };
        serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|error| ReportError::Unreadable {
                path: path.display().to_string(),
                what: "a manifest",
                reason: error.to_string(),
            })
    }

    /// As the bytes of its file.
    pub fn to_bytes(&self) -> Vec<u8> {
        // Strings and numbers cannot fail to become JSON; NaN becomes null.
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// Whether all files are still there, at their length.
    pub fn is_whole(&self, place: &Place) -> bool {
        let folder = place.result();
        self.outputs
            .iter()
            .all(|file| file_length(&folder.join(&file.name)) == Some(file.bytes))
    }
}

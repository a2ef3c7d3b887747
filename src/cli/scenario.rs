//! From a scenario's source to a plan, or to its mistakes.

use super::Failure;
use super::options::ScenarioOptions;
use crate::scenario::{Loaded, budget, read};

/// Reads a scenario.
pub(super) fn load(options: &ScenarioOptions) -> Result<Loaded, Failure> {
    read(&options.source, &options.overrides).map_err(|mistakes| Failure::of_mistakes(&mistakes))
}

/// The number of replications: as asked for, if that fits, or the scenario's.
pub(super) fn replications(loaded: &Loaded, asked: Option<u32>) -> Result<u32, Failure> {
    let Some(asked) = asked else {
        return Ok(loaded.system.replications);
    };
    let cost = budget(&loaded.system, u64::from(asked));
    if cost.fits() {
        return Ok(asked);
    }
    Err(Failure::Usage(format!(
        "{asked} replications of this scenario want about {} of memory and {} of disk, which is \
         more than this program takes; ask for fewer with --replications",
        bytes(cost.memory_bytes),
        bytes(cost.disk_bytes),
    )))
}

/// A size as people read it.
pub(super) fn bytes(count: u64) -> String {
    match count {
        0..10_240 => format!("{count} B"),
        10_240..10_485_760 => format!("{} KiB", count >> 10),
        10_485_760..10_737_418_240 => format!("{} MiB", count >> 20),
        _ => format!("{} GiB", count >> 30),
    }
}

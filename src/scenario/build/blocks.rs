//! Blocks one by one, where a scenario asks for them.

use super::numbers::number_or;
use super::{Context, series};
use crate::scenario::files::Files;
use crate::scenario::raw::{self, Scenario};
use crate::system::{Blocks, EpochStart};

/// Blocks of an epoch.
const EPOCH_BLOCKS: u32 = 2016;

/// What the chain is like at the start.
pub(crate) fn blocks(
    raw: &Scenario,
    files: &mut Files,
    context: &mut Context<'_>,
) -> Option<Blocks> {
    let written = raw.blocks.as_ref()?;
    if raw.world.is_none() {
        context.wrong(
            "blocks",
            "blocks are found by the whole world",
            "a table [world], with level_ehs",
        );
    }
    if raw.farm.is_empty() && raw.farms_csv.is_none() {
        context.wrong(
            "blocks",
            "without mining in the country there is nothing to see in blocks",
            "at least one [[farm]]",
        );
    }
    let epoch = written
        .epochs_csv
        .as_ref()
        .and_then(|csv| epoch(csv, written, files, context));
    let demand = written.demand_share.as_ref();
    Some(Blocks {
        difficulty: written.difficulty,
        height: written.height,
        epoch,
        demand_share: number_or(demand, 0.9, "blocks.demand_share", context),
        phase_stream: context.stream("blocks", "blocks/phase"),
        work_stream: context.stream("blocks", "blocks/work"),
    })
}

/// Whether 32 bits can stand in a header: one byte of size up to that of difficulty 1, and 23 bits
/// of mantissa at their full precision.
fn is_target(bits: u32) -> bool {
    (4..=0x1d).contains(&(bits >> 24)) && (0x8000..0x80_0000).contains(&(bits & 0xff_ffff))
}

/// The epoch that contains the start.
fn epoch(
    csv: &str,
    written: &raw::Blocks,
    files: &mut Files,
    context: &mut Context<'_>,
) -> Option<EpochStart> {
    const PATH: &str = "blocks.epochs_csv";
    if written.difficulty.is_some() {
        context.wrong(
            "blocks.difficulty",
            "difficulty is given twice",
            "`difficulty`, or `epochs_csv`",
        );
    }
    let sheet = series::sheet(csv, PATH, files, context)?;
    let heights = series::column(&sheet, "height", PATH, context);
    let times = series::column(&sheet, "unix", PATH, context);
    let bits = series::column(&sheet, "bits_hex", PATH, context);
    let (heights, times, bits) = (heights?, times?, bits?);
    let mut numbers = |column: usize, right: &str, allowed: &dyn Fn(f64) -> bool| {
        series::numbers(&sheet, column, allowed, right, PATH, context)
    };
    let first = |height: f64| height >= 0.0 && height % f64::from(EPOCH_BLOCKS) == 0.0;
    let heights = numbers(heights, "a height divisible by 2016", &first);
    let times = numbers(times, "seconds since 1970", &|time| time >= 0.0);
    let (heights, times) = (heights?, times?);
    let start_s = context.start_unix_ms.div_euclid(1000) as f64;
    let begun = (0..times.len()).filter(|&row| times[row] <= start_s);
    let Some(row) = begun.max_by(|&a, &b| heights[a].total_cmp(&heights[b])) else {
        context.wrong(
            PATH,
            "no epoch of the file begins before the scenario does",
            "the epoch that contains the start",
        );
        return None;
    };
    let cell = &sheet.rows[row][bits];
    let parsed = u32::from_str_radix(&cell.text, 16).ok();
    let Some(bits) = parsed.filter(|&bits| is_target(bits)) else {
        let right = "the target as headers hold it, as 170b98ab";
        context.wrong_at(cell.place, PATH, format!("{:?} is no target", cell.text), right);
        return None;
    };
    let epoch = EpochStart {
        height: heights[row] as u32,
        unix_s: times[row] as i64,
        bits,
    };
    let last = epoch.height + EPOCH_BLOCKS;
    match written.height {
        Some(height) if height > epoch.height && height <= last => Some(epoch),
        Some(height) => {
            context.wrong(
                "blocks.height",
                format!("block {height} is not of the epoch that contains the start"),
                format!("from {} to {last}", epoch.height + 1),
            );
            None
        }
        None => {
            context.wrong(
                "blocks",
                "an epoch from headers needs `height`: the file says where epochs began, not how \
                 many blocks were found since",
                format!("height = {} to {last}", epoch.height + 1),
            );
            None
        }
    }
}

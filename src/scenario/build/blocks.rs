//! Blocks one by one, where a scenario asks for them.

use super::numbers::number_or;
use super::{Context, series};
use crate::scenario::files::Files;
use crate::scenario::raw::{self, Scenario};
use crate::system::{Blocks, EpochStart};

const PATH: &str = "blocks.epochs_csv";
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
    let epochs = written
        .epochs_csv
        .as_ref()
        .and_then(|csv| epochs(csv, written, files, context))
        .unwrap_or_default();
    let epoch = containing_start(&epochs, written, context);
    let demand = written.demand_share.as_ref();
    Some(Blocks {
        difficulty: written.difficulty,
        height: written.height,
        epoch,
        epochs,
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

/// The epochs of a file, by height.
fn epochs(
    csv: &str,
    written: &raw::Blocks,
    files: &mut Files,
    context: &mut Context<'_>,
) -> Option<Vec<EpochStart>> {
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
    let most = f64::from(u32::MAX - EPOCH_BLOCKS);
    let first =
        |height: f64| (0.0..=most).contains(&height) && height % f64::from(EPOCH_BLOCKS) == 0.0;
    let heights = numbers(heights, "a height divisible by 2016", &first);
    let times = numbers(times, "seconds since 1970", &|time| {
        (0.0..=1e11).contains(&time)
    });
    let (heights, times) = (heights?, times?);
    let mut epochs = Vec::with_capacity(sheet.rows.len());
    for (row, (height, time)) in sheet.rows.iter().zip(heights.into_iter().zip(times)) {
        let cell = &row[bits];
        let parsed = u32::from_str_radix(&cell.text, 16).ok();
        let Some(bits) = parsed.filter(|&bits| is_target(bits)) else {
            let right = "the target as headers hold it, as 170b98ab";
            context.wrong_at(
                cell.place,
                PATH,
                format!("{:?} is no target", cell.text),
                right,
            );
            return None;
        };
        epochs.push(EpochStart {
            height: height as u32,
            unix_s: time as i64,
            bits,
        });
    }
    epochs.sort_by_key(|epoch| epoch.height);
    Some(epochs)
}

/// The epoch that contains the start.
fn containing_start(
    epochs: &[EpochStart],
    written: &raw::Blocks,
    context: &mut Context<'_>,
) -> Option<EpochStart> {
    let start_s = context.start_unix_ms.div_euclid(1000);
    if epochs.is_empty() {
        return None;
    }
    let Some(&epoch) = epochs.iter().rev().find(|epoch| epoch.unix_s <= start_s) else {
        context.wrong(
            PATH,
            "no epoch of the file begins before the scenario does",
            "the epoch that contains the start",
        );
        return None;
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

//! Blocks one by one, where a scenario asks for them.

use super::Context;
use crate::scenario::raw::Scenario;
use crate::system::Blocks;

/// What the chain is like at the start.
pub(crate) fn blocks(raw: &Scenario, context: &mut Context<'_>) -> Option<Blocks> {
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
    Some(Blocks {
        difficulty: written.difficulty,
        height: written.height,
        phase_stream: context.stream("blocks", "blocks/phase"),
        work_stream: context.stream("blocks", "blocks/work"),
    })
}

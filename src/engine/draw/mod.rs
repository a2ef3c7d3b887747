//! One future: everything about a replication that is settled before its first event.

mod alike;
mod inputs;
mod links;
mod loads;
mod units;
mod weather;
mod world;

pub use alike::write_what_draws_see;
pub use weather::sun_shares;

use super::futures::Futures;
use super::{EngineError, Plan, hazard};

/// Fills `futures` with the loads of a replication, and nothing else.
pub(super) fn draw_loads_alone(plan: &Plan<'_>, replication: u32, futures: &mut Futures) {
    futures.replication = replication;
    futures.inputs.clear();
    loads::draw_year(plan, replication, futures);
    loads::draw_loads(plan, replication, futures);
}

/// Fills `futures` with replication `replication` of the plan's system.
///
/// # Errors
/// [`EngineError::Calibration`] where no draw of share, load and world level gives an accepted
/// efficiency.
pub(super) fn draw(
    plan: &Plan<'_>,
    replication: u32,
    futures: &mut Futures,
) -> Result<(), EngineError> {
    futures.replication = replication;
    futures.timeline.clear();
    inputs::draw_inputs(plan, replication, futures)?;
    loads::draw_year(plan, replication, futures);
    weather::draw_temperature(plan, replication, futures);
    loads::draw_loads(plan, replication, futures);
    weather::draw_renewables(plan, replication, futures);
    units::draw_units(plan, replication, futures);
    links::draw_links(plan, replication, futures);
    world::draw_world(plan, replication, futures);
    let Futures {
        inputs,
        strikes,
        timeline,
        ..
    } = futures;
    hazard::draw(plan, replication, inputs, strikes, timeline);
    futures.timeline.sort();
    Ok(())
}

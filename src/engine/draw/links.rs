//! Failures of circuits and of the internet side.

use super::super::alternate::{self, Bend};
use super::super::plan::Alternating;
use super::super::{Event, Futures, Plan, Timeline};
use crate::random::Stream;

/// Draws an entity without weather, shocks or repair factor; whether it starts down.
pub(super) fn push_alternating(
    plan: &Plan<'_>,
    replication: u32,
    alternating: &Alternating,
    timeline: &mut Timeline,
    (up_event, down_event): (Event, Event),
) -> bool {
    let stream = Stream::new(plan.system.seed, alternating.stream, replication);
    let bend = Bend {
        repair_factor: 1.0,
        ..Bend::default()
    };
    alternate::draw(alternating, stream, bend, plan.system.horizon, |at, up| {
        timeline.push(at, if up { up_event } else { down_event });
    })
}

pub(super) fn draw_links(plan: &Plan<'_>, replication: u32, futures: &mut Futures) {
    let Futures {
        timeline,
        starts_dark,
        ..
    } = futures;
    starts_dark.clear();
    let mut all = |items: &mut dyn Iterator<Item = Option<&Alternating>>,
                   up: fn(u16) -> Event,
                   down: fn(u16) -> Event| {
        for (index, alternating) in items.enumerate() {
            let Some(alternating) = alternating else {
                continue;
            };
            let events = (up(index as u16), down(index as u16));
            if push_alternating(plan, replication, alternating, timeline, events) {
                starts_dark.push(events.1);
            }
        }
    };
    let circuits = &mut plan.circuits.iter().map(|circuit| circuit.outages.as_ref());
    all(circuits, Event::CircuitUp, Event::CircuitDown);
    all(
        &mut plan.access.iter().map(Option::as_ref),
        Event::AccessUp,
        Event::AccessDown,
    );
    all(
        &mut plan.providers.iter().map(Option::as_ref),
        Event::ProviderUp,
        Event::ProviderDown,
    );
    all(
        &mut plan.gateways.iter().map(Option::as_ref),
        Event::GatewayUp,
        Event::GatewayDown,
    );
    all(
        &mut plan.pools.iter().map(Option::as_ref),
        Event::PoolUp,
        Event::PoolDown,
    );
}

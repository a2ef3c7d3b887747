//! Outages of units: forced, partial, planned, and by a common cause.

use super::super::alternate::{self, Bend, OperationalTime};
use super::super::futures::UnitStart;
use super::super::{Event, Futures, Plan};
use super::links::push_alternating;
use crate::quantity::{Instant, Span};
use crate::random::Stream;

pub(super) fn draw_units(plan: &Plan<'_>, replication: u32, futures: &mut Futures) {
    let system = plan.system;
    let horizon = system.horizon;
    futures
        .operational
        .resize_with(plan.rates.len(), OperationalTime::default);
    for (time, rate) in futures.operational.iter_mut().zip(&plan.rates) {
        let odds = rate.unavailability / (1.0 - rate.unavailability);
        let days = futures.outage_temperature[rate.weather].iter();
        time.set(days.map(|&celsius| {
            let q = (rate.unavailability * rate.table.ratio_at(celsius)).min(0.9);
            q / (1.0 - q) / odds
        }));
    }
    futures.unit_capacity.clear();
    futures.unit_start.clear();
    let mut shocks = Vec::new();
    for plant in &system.plants {
        let first = plant.first_unit.at();
        let since_shock_h = draw_shocks(plan, replication, plant, futures, &mut shocks);
        for index in first..first + usize::from(plant.units) {
            let unit = &system.units[index];
            let dependable = unit.dependable.get(&futures.inputs);
            let capacity = libm::rint(unit.nameplate.0 as f64 * dependable) as i64;
            futures.unit_capacity.push(capacity);
            let timeline = &mut futures.timeline;
            let bend = Bend {
                operational: plan.rate_of[index].map(|rate| &futures.operational[rate]),
                shocks: &shocks,
                own_up: plan.own_up[index],
                since_shock_h,
                repair_factor: unit.repair_factor.get(&futures.inputs),
            };
            let code = index as u16;
            let starts_down = plan.units[index].as_ref().is_some_and(|alternating| {
                let stream = Stream::new(system.seed, alternating.stream, replication);
                alternate::draw(alternating, stream, bend, horizon, |at, up| {
                    timeline.push(
                        at,
                        if up {
                            Event::UnitUp(code)
                        } else {
                            Event::UnitDown(code)
                        },
                    );
                })
            });
            let starts_derated = plan.deratings[index].as_ref().is_some_and(|alternating| {
                let events = (Event::UnitRestored(code), Event::UnitDerated(code));
                push_alternating(plan, replication, alternating, timeline, events)
            });
            let state = plan.chains.of(index).map(|chain| {
                chain.draw(system.seed, replication, horizon, |at, state| {
                    timeline.push(at, Event::UnitEnters(chain.slot(state)));
                })
            });
            let start_state = state.unwrap_or(0);
            futures.unit_start.push(UnitStart {
                down: starts_down
                    || state.is_some_and(|state| plan.state_capacity(index, state) == 0),
                derated: starts_derated,
                state: start_state,
            });
            for &(from, until) in unit.planned.iter().chain(&unit.maintenance) {
                let from = Instant(from.max(0));
                if until > from.0 && from.0 < horizon.0 {
                    timeline.push(from, Event::PlannedBegin(code));
                    if until < horizon.0 {
                        timeline.push(Instant(until), Event::PlannedEnd(code));
                    }
                }
            }
        }
    }
}

/// Common shocks of a plant: a Poisson process at beta times its units' failure rate. Draw k of
/// its stream is the gap before shock k; draw 2^32 the hours since the last one before the
/// start, which is returned.
fn draw_shocks(
    plan: &Plan<'_>,
    replication: u32,
    plant: &crate::system::Plant,
    futures: &Futures,
    shocks: &mut Vec<Instant>,
) -> Option<f64> {
    shocks.clear();
    let first = plant.first_unit.at();
    let alternating = plan.units.get(first).and_then(Option::as_ref)?;
    if plant.beta <= 0.0 {
        return None;
    }
    let mut stream = Stream::new(plan.system.seed, plant.shock_stream, replication);
    let gap = alternating
        .up
        .with_mean_h(alternating.up.mean_h() / plant.beta);
    let operational = plan.rate_of[first].map(|rate| &futures.operational[rate]);
    let mut at = Instant::START;
    while at.0 < plan.system.horizon.0 {
        let hours = gap.draw_h(&mut stream);
        at = match operational {
            Some(time) => time.after(at, hours),
            None => at + Span::from_hours(hours),
        };
        shocks.push(at);
    }
    let first_rate = operational.map_or(1.0, |time| time.rate[0]);
    Some(gap.quantile_h(stream.uniform_at(1 << 32)) / first_rate)
}

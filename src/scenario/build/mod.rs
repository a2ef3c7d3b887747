//! From a scenario as written to the System it means; every mistake of meaning on the way.

mod context;
mod farms;
mod farms_parts;
mod fleets;
mod hazards;
mod internet;
mod names;
mod numbers;
mod observed;
mod operators;
mod plants;
mod reliability;
mod series;
mod study;
mod world;
mod zones;

pub(crate) use context::Context;
pub(crate) use names::Names;
pub(crate) use study::mode;
pub(crate) use world::known_until;

use super::files::Files;
use super::raw::Scenario;
use crate::system::System;

/// Builds the System; it is only whole where the context has found nothing.
pub(crate) fn build(raw: &Scenario, files: &mut Files, context: &mut Context<'_>) -> System {
    let study = study::study(raw, context);
    let names = Names::collect(raw, context);
    numbers::inputs(raw, context);
    let weathers = zones::weathers(raw, &names, context);
    let zones = zones::zones(raw, &names, files, context);
    let lines = zones::lines(raw, &names, context);
    let classes = plants::classes(raw, &names);
    let (plants, units) = plants::plants(raw, &names, files, context);
    plants::need_weather(raw, &names, context);
    let fleets = fleets::fleets(raw, &names, files, context);
    let gateways = internet::gateways(raw, &names, context);
    let providers = internet::providers(raw, &names, context);
    let pools = internet::pools(raw, &names, context);
    let contracts = operators::contracts(raw, &names);
    let farms = farms::farms(raw, &names, &fleets, files, context);
    let hazards = hazards::hazards(raw, &names, &units, context);
    let orders = operators::orders(raw, &names, context);
    let world = world::world(raw, &names, context);
    let economics = world::economics(raw, files, context);
    let observed = observed::observed(raw, files, context);
    let mut system = System {
        name: study.name,
        title: study.title,
        mode: study.mode,
        start_unix_ms: context.start_unix_ms,
        horizon: context.horizon,
        seed: raw.scenario.seed,
        replications: raw.scenario.replications,
        windows: study.windows,
        headline_window: study.headline_window,
        inputs: context.take_inputs(),
        zones,
        lines,
        classes,
        plants,
        units,
        weathers,
        fleets,
        farms,
        pools,
        access_classes: internet::access_classes(&names),
        providers,
        gateways,
        hazards,
        orders,
        contracts,
        operator: operators::operator(raw),
        world,
        economics,
        observed,
        assumptions: Vec::new(),
        milestones: study.milestones,
    };
    zones::reserves(raw, &names, &mut system);
    context.bounds(&system);
    system
}

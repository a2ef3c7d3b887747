//! From a scenario as written to the System it means; every mistake of meaning on the way.

mod blocks;
mod context;
mod farms;
mod farms_parts;
mod fleets;
mod hazards;
mod hourly;
mod inference;
mod internet;
mod maintenance;
mod names;
mod numbers;
mod observed;
mod observers;
mod operators;
mod outputs;
mod plants;
mod reliability;
mod series;
mod states;
mod stores;
mod study;
mod uncertain;
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
    let weather_years = uncertain::weather_years(raw, context);
    let weathers = zones::weathers(raw, &names, files, context);
    let mut zones = zones::zones(raw, &names, files, context);
    let load_forecasts = uncertain::load_forecasts(raw, &names, &mut zones, context);
    let lines = zones::lines(raw, &names, context);
    let classes = plants::classes(raw, &names);
    let mut outputs = outputs::outputs(raw, &names, files, context);
    let stores = stores::stores(raw, &names, &mut outputs.all, files, context);
    uncertain::years_are_used(context);
    let (plants, units) = plants::plants(raw, &names, &outputs, files, context);
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
    let headline = study.windows.get(study.headline_window);
    let observed = observed::observed(raw, headline, files, context);
    let observers = observers::observers(raw, &names, &observed, context);
    let blocks = blocks::blocks(raw, files, context);
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
        load_forecasts,
        weather_years,
        lines,
        classes,
        plants,
        units,
        stores,
        hourly_outputs: outputs.all,
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
        observers,
        blocks,
        assumptions: Vec::new(),
        milestones: study.milestones,
    };
    zones::reserves(raw, &names, &mut system);
    maintenance::place(raw, &mut system, context);
    context.bounds(&system);
    system
}

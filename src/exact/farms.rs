//! Which farms simply give way: cut at once, exactly as much as lacks, and for no longer.
//!
//! For flat mining M of such farms, cut before firm load, E[cut] = EUE(L + M) - EUE(L), and the
//! indices of firm load are those without mining.

use super::obstacle::Obstacle;
use crate::connectivity::{Caller, Links};
use crate::quantity::Span;
use crate::system::{Access, Farm, System, Value};

/// Everything about farms that has no exact answer.
pub(super) fn obstacles(system: &System) -> Vec<Obstacle> {
    let mut found = Vec::new();
    if system.farms.is_empty() {
        return found;
    }
    if system
        .world
        .as_ref()
        .is_some_and(|world| world.calibration.is_some())
    {
        found.push(Obstacle::Calibration);
    }
    if !system.orders.is_empty() {
        let names = system.orders.iter().map(|order| order.name.clone());
        found.push(Obstacle::Orders(names.collect()));
    }
    if system.operator.order_delay > Span::ZERO || system.operator.order_minimum > Span::ZERO {
        found.push(Obstacle::OrderTimes);
    }
    let reserves = system.zones.iter().filter(|zone| zone.reserve.0 > 0);
    let reserves: Vec<String> = reserves.map(|zone| zone.name.clone()).collect();
    if !reserves.is_empty() {
        found.push(Obstacle::Reserve(reserves));
    }
    let links = Links::new(system);
    let mut farms: Vec<(&'static str, Vec<String>)> = Vec::new();
    for farm in &system.farms {
        for why in reasons(system, &links, farm) {
            match farms.iter_mut().find(|(known, _)| *known == why) {
                Some((_, names)) => names.push(farm.name.clone()),
                None => farms.push((why, vec![farm.name.clone()])),
            }
        }
    }
    found.extend(
        farms
            .into_iter()
            .map(|(why, names)| Obstacle::Farms(why, names)),
    );
    found
}

/// Why one farm does not simply give way.
fn reasons(system: &System, links: &Links, farm: &Farm) -> impl Iterator<Item = &'static str> {
    let contract = farm.contract.map(|id| &system.contracts[id.at()]);
    let is_free = contract.is_none_or(|contract| {
        contract.notice == Span::ZERO
            && contract.rest == Span::ZERO
            && contract.maximum.0 == i64::MAX
            && contract.calls == u32::MAX
    });
    let obeys =
        farm.contract.is_some() || (farm.interruptible && farm.compliance == Value::Fixed(1.0));
    let class = match &farm.access {
        Access::Class(class) => class.at(),
        Access::Mixed(_) => 0,
    };
    let caller = Caller {
        providers: &farm.providers,
        pools: &farm.pools,
        class,
        spared: 0,
    };
    let provider_fails = farm.providers.iter().any(|id| {
        let provider = &system.providers[id.at()];
        let mut gateways = provider.gateways.iter();
        provider.outages.is_some() || gateways.any(|id| system.gateways[id.at()].outages.is_some())
    });
    let pool_fails = farm
        .pools
        .iter()
        .any(|id| system.pools[id.at()].outages.is_some());
    let may_fail = farm.access_outages.is_some() || provider_fails || pool_fails;
    let follows_heat = farm.pue_per_degree > 0.0 && system.zones[farm.zone.at()].weather.is_some();
    [
        (!obeys, "that do not give way in every shortage"),
        (!is_free, "whose contract has notice, rest or limits"),
        (farm.price.is_some(), "that respond to prices"),
        (may_fail, "whose links may fail"),
        (links.path(system, caller).is_none(), "that reach no pool"),
        (follows_heat, "whose load follows the temperature"),
    ]
    .into_iter()
    .filter(|(is_so, _)| *is_so)
    .map(|(_, why)| why)
}

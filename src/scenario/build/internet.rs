//! Access classes, gateways, providers and pools.

use super::reliability::alternation;
use super::{Context, Names};
use crate::scenario::raw::Scenario;
use crate::system::{AccessClass, Gateway, GatewayId, Pool, Provider};

/// Access classes, by name.
pub(crate) fn access_classes(names: &Names) -> Vec<AccessClass> {
    names
        .access_classes
        .names()
        .map(|name| AccessClass {
            name: name.to_owned(),
        })
        .collect()
}

/// Gateways, by name.
pub(crate) fn gateways(raw: &Scenario, names: &Names, context: &mut Context<'_>) -> Vec<Gateway> {
    let mut gateways = Vec::new();
    for (name, index) in &names.gateways.entries {
        let path = index.map_or_else(|| "gateway".to_owned(), |index| format!("gateway[{index}]"));
        let stream = context.stream(&path, &format!("gateway/{name}/outage"));
        let keys = index.map(|index| raw.gateway[index].reliability());
        let outages = keys.and_then(|keys| alternation(&keys, &path, stream, context));
        gateways.push(Gateway {
            name: name.clone(),
            outages,
        });
    }
    gateways
}

/// Providers, by name.
pub(crate) fn providers(raw: &Scenario, names: &Names, context: &mut Context<'_>) -> Vec<Provider> {
    let mut providers = Vec::new();
    for (name, index) in &names.providers.entries {
        let path = index.map_or_else(
            || "provider".to_owned(),
            |index| format!("provider[{index}]"),
        );
        let written = index.map(|index| &raw.provider[index]);
        let stream = context.stream(&path, &format!("provider/{name}/outage"));
        let keys = written.map(|provider| provider.reliability());
        let mut gateways: Vec<usize> = match written.and_then(|provider| provider.gateways.as_ref())
        {
            None => (0..names.gateways.entries.len()).collect(),
            Some(list) => {
                if list.is_empty() {
                    context.wrong(
                        &format!("{path}.gateways"),
                        "a provider without a gateway reaches nobody",
                        "at least one gateway",
                    );
                }
                let mut all = Vec::new();
                for (at, pattern) in list.iter().enumerate() {
                    all.extend(names.gateways.all(
                        pattern,
                        &format!("{path}.gateways[{at}]"),
                        context,
                    ));
                }
                all
            }
        };
        gateways.sort_unstable();
        gateways.dedup();
        providers.push(Provider {
            name: name.clone(),
            gateways: gateways.into_iter().map(GatewayId::from).collect(),
            outages: keys.and_then(|keys| alternation(&keys, &path, stream, context)),
            delay_ms: written.map_or(0.0, |provider| provider.delay_ms),
        });
    }
    providers
}

/// Pools, by name; their shares are scaled to add up to 1 exactly.
pub(crate) fn pools(raw: &Scenario, names: &Names, context: &mut Context<'_>) -> Vec<Pool> {
    let share = |index: Option<usize>| index.map_or(1.0, |index| raw.pool[index].share);
    let total: f64 = names
        .pools
        .entries
        .iter()
        .map(|(_, index)| share(*index))
        .sum();
    let broken =
        (0..raw.pool.len()).any(|index| context.places.any_broken(&format!("pool[{index}]")));
    // Published shares are rounded: half a percent off is taken for that.
    if !names.pools.entries.is_empty() && !broken && (total - 1.0).abs() > 0.005 {
        context.wrong(
            "pool",
            format!("the shares of all pools add up to {total}"),
            "1; a pool \"other\" may take the rest",
        );
    }
    let mut pools = Vec::new();
    for (name, index) in &names.pools.entries {
        let path = index.map_or_else(|| "pool".to_owned(), |index| format!("pool[{index}]"));
        let outage = context.stream(&path, &format!("pool/{name}/outage"));
        let keys = index.map(|index| raw.pool[index].reliability());
        pools.push(Pool {
            name: name.clone(),
            share: share(*index) / if total > 0.0 { total } else { 1.0 },
            outages: keys.and_then(|keys| alternation(&keys, &path, outage, context)),
            stream: context.stream(&path, &format!("pool/{name}/share")),
        });
    }
    pools
}

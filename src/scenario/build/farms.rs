//! Mining farms.

use super::farms_parts::{access, link_loss, price_response, start};
use super::numbers::{number, number_or};
use super::reliability::alternation;
use super::{Context, Names};
use crate::quantity::{Efficiency, Power, Span};
use crate::scenario::files::Files;
use crate::scenario::mistake::Finding;
use crate::scenario::raw::{self, Scenario, Status};
use crate::system::{
    ContractId, Farm, FarmStatus, Fleet, PoolId, ProviderId, StartProfile, StartStep, Value, ZoneId,
};

/// Farms, by name.
pub(crate) fn farms(
    raw: &Scenario,
    names: &Names,
    fleets: &[Fleet],
    files: &mut Files,
    context: &mut Context<'_>,
) -> Vec<Farm> {
    let mut farms = Vec::new();
    for (name, index) in names.farms.declared() {
        let farm = farm(raw, (name, index), names, fleets, files, context);
        farms.push(farm);
    }
    if !farms.is_empty() && raw.world.is_none() && !context.places.unknown_table() {
        context.wrong(
            "farm",
            "there are farms, but no [world]",
            "[world] with level_ehs",
        );
    }
    let calibration = raw
        .world
        .as_ref()
        .and_then(|world| world.calibration.as_ref());
    let runs = |farm: &Farm| farm.installed.0 > 0 && farm.running_share > 0.0;
    if calibration.is_some() && !farms.iter().any(runs) && !context.places.any_broken("farm") {
        context.wrong(
            "world.calibration",
            "no farm runs that could be scaled to the running load",
            "a farm with installed_mw and running_share above 0",
        );
    }
    let rates = farms
        .iter()
        .map(|farm| largest_hashrate(farm, context))
        .sum::<f64>();
    // A doubtful efficiency makes a doubtful sum.
    let doubtful = |finding: &Finding| finding.key.ends_with("efficiency_j_th");
    if rates >= 9.2e12
        && !context.findings.iter().any(doubtful)
        && raw
            .world
            .as_ref()
            .is_none_or(|world| world.calibration.is_none())
    {
        context.wrong(
            "farm",
            format!("all farms together could hash at {rates:e} GH/s"),
            "less than 9.2e12 GH/s (9,200 EH/s)",
        );
    }
    farms
}

/// The most that a farm can hash, GH/s.
fn largest_hashrate(farm: &Farm, context: &Context<'_>) -> f64 {
    let best = super::numbers::reach(farm.efficiency_j_th, context)[0];
    let efficiency = Efficiency::from_joules_per_terahash(best).0.max(1) as f64;
    farm.installed.0 as f64 * 1e6 / efficiency
}

fn farm(
    raw: &Scenario,
    (name, index): (&str, usize),
    names: &Names,
    fleets: &[Fleet],
    files: &mut Files,
    context: &mut Context<'_>,
) -> Farm {
    let (written, path) = (&raw.farm[index], format!("farm[{index}]"));
    let key = |key: &str| format!("{path}.{key}");
    let registered = written.status == Status::Registered;
    let access_stream = context.stream(&path, &format!("farm/{name}/access"));
    let zone = names
        .zones
        .find(&written.zone, &key("zone"), context)
        .unwrap_or(0);
    let contract = written
        .contract
        .as_ref()
        .and_then(|name| names.contracts.find(name, &key("contract"), context));
    if written
        .on_link_loss
        .as_ref()
        .is_some_and(|loss| loss.after_power > loss.hold_power)
    {
        context.wrong(
            &key("on_link_loss.after_power"),
            "asleep it would draw more than while holding",
            "at most hold_power",
        );
    }
    Farm {
        name: name.to_owned(),
        zone: ZoneId::from(zone),
        status: if registered {
            FarmStatus::Registered
        } else {
            FarmStatus::Grey
        },
        installed: Power::from_megawatts(written.installed_mw),
        running_share: written.running_share,
        efficiency_j_th: efficiency(raw, written, &path, names, fleets, context),
        pue: written.pue,
        pue_from_c: written.pue_from_c,
        pue_per_degree: written.pue_per_degree,
        heat_per_degree: written.heat_per_degree,
        access: access(written, &path, names, context),
        class_stream: context.stream(&path, &format!("farm/{name}/access-class")),
        access_outages: written.access_outages.as_ref().and_then(|keys| {
            alternation(
                &keys.reliability(),
                &key("access_outages"),
                access_stream,
                context,
            )
        }),
        providers: providers(written, &key("providers"), names, context),
        pools: pools(raw, written, &key("pools"), names, context),
        link_loss: link_loss(written.on_link_loss.as_ref(), &key("on_link_loss"), context),
        start: match &written.start {
            Some(written) => start(written, &key("start"), context),
            None => staggered(10.0, 20.0, 4),
        },
        crew_start: match &written.crew_start {
            Some(written) => start(written, &key("crew_start"), context),
            None => exponential(24.0, 8),
        },
        compliance: number_or(
            written.compliance.as_ref(),
            if registered { 1.0 } else { 0.0 },
            &key("compliance"),
            context,
        ),
        compliance_stream: context.stream(&path, &format!("farm/{name}/compliance")),
        order_needs_link: written.order_needs_link,
        interruptible: written.interruptible.unwrap_or(registered),
        cut_priority: written.cut_priority,
        contract: contract.map(ContractId::from),
        price: written
            .price_response
            .as_ref()
            .map(|price| price_response(price, &key("price_response"), files, context)),
        telecom_battery: Span::from_hours(written.telecom_battery_h),
        pool_fee: written.pool_fee,
        tariff_usd_mwh: written.tariff_usd_mwh,
    }
}

fn efficiency(
    raw: &Scenario,
    written: &raw::Farm,
    path: &str,
    names: &Names,
    fleets: &[Fleet],
    context: &mut Context<'_>,
) -> Value {
    let calibrated = raw
        .world
        .as_ref()
        .is_some_and(|world| world.calibration.is_some());
    match (&written.efficiency_j_th, &written.fleet) {
        (Some(_), Some(_)) => {
            context.wrong(
                &format!("{path}.fleet"),
                "the efficiency is given twice",
                "efficiency_j_th or fleet",
            );
            Value::Fixed(1.0)
        }
        _ if calibrated && (written.efficiency_j_th.is_some() || written.fleet.is_some()) => {
            let key = if written.fleet.is_some() {
                "fleet"
            } else {
                "efficiency_j_th"
            };
            context.wrong(
                &format!("{path}.{key}"),
                "[world.calibration] derives the efficiency of every farm",
                "leave this key out, or the calibration",
            );
            Value::Fixed(1.0)
        }
        (Some(number_written), None) => {
            number(number_written, &format!("{path}.efficiency_j_th"), context)
        }
        (None, Some(fleet)) => {
            let id = names.fleets.find(fleet, &format!("{path}.fleet"), context);
            Value::Fixed(
                id.and_then(|id| fleets.get(id))
                    .map_or(1.0, Fleet::efficiency_j_th),
            )
        }
        (None, None) => {
            if !calibrated && !context.places.any_broken(path) {
                context.wrong(
                    path,
                    "the farm has no efficiency",
                    "efficiency_j_th, fleet, or [world.calibration]",
                );
            }
            Value::Fixed(1.0)
        }
    }
}

fn providers(
    written: &raw::Farm,
    path: &str,
    names: &Names,
    context: &mut Context<'_>,
) -> Vec<ProviderId> {
    let Some(list) = &written.providers else {
        return (0..names.providers.entries.len())
            .map(ProviderId::from)
            .collect();
    };
    if list.is_empty() {
        context.wrong(
            path,
            "a farm without a provider never hashes",
            "at least one provider",
        );
    }
    let mut ids: Vec<ProviderId> = Vec::new();
    for (at, pattern) in list.iter().enumerate() {
        ids.extend(
            names
                .providers
                .all(pattern, &format!("{path}[{at}]"), context)
                .into_iter()
                .map(ProviderId::from),
        );
    }
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// In the order given; by default the largest pool first.
fn pools(
    raw: &Scenario,
    written: &raw::Farm,
    path: &str,
    names: &Names,
    context: &mut Context<'_>,
) -> Vec<PoolId> {
    let mut ids: Vec<usize> = Vec::new();
    match &written.pools {
        Some(list) => {
            if list.is_empty() {
                context.wrong(
                    path,
                    "a farm without a pool never hashes",
                    "at least one pool",
                );
            }
            for (at, name) in list.iter().enumerate() {
                let path = format!("{path}[{at}]");
                for id in names.pools.all(name, &path, context) {
                    if !ids.contains(&id) {
                        ids.push(id);
                    }
                }
            }
        }
        None => {
            let share = |id: &usize| {
                names.pools.entries[*id]
                    .1
                    .map_or(1.0, |index| raw.pool[index].share)
            };
            ids = (0..names.pools.entries.len()).collect();
            // A stable sort: pools of one size stay in the order of their names.
            ids.sort_by(|a, b| share(b).total_cmp(&share(a)));
        }
    }
    ids.into_iter().map(PoolId::from).collect()
}

/// Nothing before the boot ends, then equal steps over the stagger.
pub(super) fn staggered(boot_minutes: f64, stagger_minutes: f64, steps: u16) -> StartProfile {
    let steps = if stagger_minutes > 0.0 {
        i64::from(steps)
    } else {
        1
    };
    let spacing = if steps > 1 {
        stagger_minutes / (steps - 1) as f64
    } else {
        0.0
    };
    let step = |k: i64| StartStep {
        after: Span::from_minutes(boot_minutes + spacing * (k - 1) as f64),
        share_ppm: 1_000_000 * k / steps,
    };
    StartProfile {
        steps: (1..=steps).map(step).collect(),
    }
}

/// Equal steps along 1 - exp(-t / T), each in the middle of its part; the tail is cut there.
pub(super) fn exponential(time_constant_h: f64, steps: u16) -> StartProfile {
    let steps = i64::from(steps);
    let step = |k: i64| {
        let back = (k as f64 - 0.5) / steps as f64;
        StartStep {
            after: Span::from_hours(-time_constant_h * libm::log1p(-back)),
            share_ppm: 1_000_000 * k / steps,
        }
    };
    StartProfile {
        steps: (1..=steps).map(step).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn staggered_starts_end_with_all_machines_at_the_end_of_the_stagger() {
        let profile = staggered(10.0, 20.0, 3);
        let minutes: Vec<i64> = profile
            .steps
            .iter()
            .map(|step| step.after.0 / 60_000)
            .collect();
        assert_eq!(minutes, [10, 20, 30]);
        assert_eq!(
            profile.steps.last().map(|step| step.share_ppm),
            Some(1_000_000)
        );
        assert_eq!(staggered(5.0, 0.0, 4).steps.len(), 1);
    }

    #[test]
    fn an_exponential_return_has_its_median_at_half_of_the_machines() {
        let profile = exponential(24.0, 1);
        let median = Span::from_hours(24.0 * std::f64::consts::LN_2);
        assert_eq!(
            (profile.steps[0].after, profile.steps[0].share_ppm),
            (median, 1_000_000)
        );
        let times: Vec<Span> = exponential(24.0, 8)
            .steps
            .iter()
            .map(|step| step.after)
            .collect();
        assert!(times.windows(2).all(|pair| pair[0] < pair[1]));
    }
}

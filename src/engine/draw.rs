//! One future: everything about a replication that is settled before its first event.

use super::alternate::{self, Bend, OperationalTime};
use super::plan::{Alternating, WIND_LAG1, WIND_SPREAD, WIND_STEP_H, logistic};
use super::state::Futures;
use super::{EngineError, Event, Plan, hazard};
use crate::quantity::{Efficiency, Hashrate, Instant, MS_PER_HOUR, Power, Share, Span};
use crate::random::Stream;
use crate::random::special::{ln_gamma_quantile, normal_quantile};
use crate::system::{Access, Output, System, Zone};

/// Tries to find an efficiency in range before the scenario is called contradictory.
const CALIBRATION_TRIES: u64 = 10_000;

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
    draw_inputs(plan, replication, futures)?;
    draw_temperature(plan, replication, futures);
    draw_loads(plan, futures);
    draw_renewables(plan, replication, futures);
    draw_units(plan, replication, futures);
    draw_links(plan, replication, futures);
    draw_world(plan, replication, futures);
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

fn draw_inputs(
    plan: &Plan<'_>,
    replication: u32,
    futures: &mut Futures,
) -> Result<(), EngineError> {
    let system = plan.system;
    let value_at = |input: usize, ordinal: u64| {
        let input = &system.inputs[input];
        let stream = Stream::new(system.seed, input.stream, replication);
        input.law.quantile(stream.uniform_at(ordinal))
    };
    futures.inputs.clear();
    futures
        .inputs
        .extend((0..system.inputs.len()).map(|input| value_at(input, 0)));
    futures.efficiency_j_th = 0.0;
    let calibration = system.world.as_ref().and_then(|world| {
        world
            .calibration
            .as_ref()
            .map(|calibration| (world.level_ehs, calibration))
    });
    if let Some((level, calibration)) = calibration {
        let drawn = |ordinal: u64| {
            let level = match level {
                crate::system::Value::Fixed(level) => level,
                crate::system::Value::Drawn(input) => value_at(input.at(), ordinal),
            };
            let share = value_at(calibration.share.at(), ordinal);
            let running_mw = value_at(calibration.running_mw.at(), ordinal);
            // MW / (EH/s) is J/TH.
            (
                level,
                share,
                running_mw,
                running_mw / calibration.pue / (share * level),
            )
        };
        let (least, most) = calibration.efficiency_range_j_th;
        let found = (0..CALIBRATION_TRIES)
            .map(drawn)
            .find(|&(.., efficiency)| (least..=most).contains(&efficiency));
        let Some((level_ehs, share, running_mw, efficiency)) = found else {
            return Err(EngineError::Calibration {
                replication,
                seed: system.seed,
            });
        };
        futures.inputs[calibration.share.at()] = share;
        futures.inputs[calibration.running_mw.at()] = running_mw;
        if let crate::system::Value::Drawn(input) = level {
            futures.inputs[input.at()] = level_ehs;
        }
        futures.efficiency_j_th = efficiency;
    }
    size_farms(plan, futures);
    choose_classes(plan, replication, futures);
    Ok(())
}

/// Scales farms to the drawn running load, and gives each its hashrate.
fn size_farms(plan: &Plan<'_>, futures: &mut Futures) {
    let system = plan.system;
    futures.installed.clear();
    futures.installed_hashrate.clear();
    let running_mw = |index: usize| {
        let farm = &system.farms[index];
        farm.installed.megawatts() * farm.running_share
    };
    let world = system.world.as_ref();
    let calibration = world.and_then(|world| Some((world, world.calibration.as_ref()?)));
    let scaled = calibration.map(|(world, calibration)| {
        let nominal: f64 = (0..system.farms.len()).map(running_mw).sum();
        let scale = futures.inputs[calibration.running_mw.at()] / nominal;
        // Machine power of what runs, and the hashrate it stands for: one efficiency for all.
        let machines: f64 = (0..system.farms.len())
            .map(|i| running_mw(i) * scale / system.farms[i].pue)
            .sum();
        let hashrate =
            futures.inputs[calibration.share.at()] * world.level_ehs.get(&futures.inputs);
        (scale, hashrate / machines)
    });
    for farm in &system.farms {
        let (installed, hashrate) = match scaled {
            Some((scale, ehs_per_mw)) => {
                let installed_mw = farm.installed.megawatts() * scale;
                (
                    Power::from_megawatts(installed_mw),
                    installed_mw / farm.pue * ehs_per_mw,
                )
            }
            None => {
                let efficiency = farm.efficiency_j_th.get(&futures.inputs);
                (
                    farm.installed,
                    farm.installed.megawatts() / farm.pue / efficiency,
                )
            }
        };
        futures.installed.push(installed);
        futures
            .installed_hashrate
            .push(Hashrate::from_exahashes(hashrate));
    }
}

fn choose_classes(plan: &Plan<'_>, replication: u32, futures: &mut Futures) {
    let system = plan.system;
    futures.access_class.clear();
    futures.hold_minutes.clear();
    for farm in &system.farms {
        let class = match &farm.access {
            Access::Class(class) => class.at(),
            Access::Mixed(mix) => {
                let stream = Stream::new(system.seed, farm.class_stream, replication);
                // Chances, not weights: the last class takes whatever the others leave.
                let mut left = stream.uniform_at(0);
                let last = mix[mix.len() - 1].0;
                mix.iter()
                    .find(|(_, chance)| {
                        left -= chance.get(&futures.inputs);
                        left < 0.0
                    })
                    .map_or(last, |(class, _)| *class)
                    .at()
            }
        };
        futures.access_class.push(class);
        futures
            .hold_minutes
            .push(farm.link_loss.hold_minutes.get(&futures.inputs));
    }
    futures.spared.clear();
    for farm in 0..system.farms.len() {
        let mut bits = 0_u64;
        // One bit a hazard: validation lets no later one spare anybody.
        for (index, hazard) in system.hazards.iter().enumerate().take(64) {
            let chance = hazard.spares.get(&futures.inputs);
            if chance > 0.0 && plan.closes_gateways(index) {
                let stream = Stream::new(system.seed, hazard.spare_streams[farm], replication);
                bits |= u64::from(stream.uniform_at(0) < chance) << index;
            }
        }
        futures.spared.push(bits);
    }
}

fn draw_temperature(plan: &Plan<'_>, replication: u32, futures: &mut Futures) {
    let system = plan.system;
    let days = system.days();
    futures
        .temperature
        .resize(system.weathers.len(), Vec::new());
    futures
        .outage_temperature
        .resize(system.weathers.len(), Vec::new());
    for (index, weather) in system.weathers.iter().enumerate() {
        let path = &mut futures.temperature[index];
        path.clear();
        if let Some(fixed) = &weather.fixed_daily_c {
            path.extend((0..days).map(|day| fixed[day.min(fixed.len() - 1)]));
        } else {
            let own = Stream::new(system.seed, weather.stream, replication);
            let common = Stream::new(system.seed, weather.common_stream, replication);
            let (a, b) = (
                libm::sqrt(weather.common_share),
                libm::sqrt(1.0 - weather.common_share),
            );
            let fresh = libm::sqrt(1.0 - weather.lag1 * weather.lag1);
            let mut anomaly = 0.0;
            for day in 0..days {
                let innovation = a * normal_quantile(common.uniform_at(day as u64))
                    + b * normal_quantile(own.uniform_at(day as u64));
                anomaly = if day == 0 {
                    innovation
                } else {
                    weather.lag1 * anomaly + fresh * innovation
                };
                path.push(weather.mean_c + weather.daily_sd_c * anomaly);
            }
        }
        let span = weather.outage_mean_days.max(1) as usize;
        let means = &mut futures.outage_temperature[index];
        means.clear();
        for day in 0..days {
            let first = (day + 1).saturating_sub(span);
            let sum: f64 = path[first..=day].iter().sum();
            means.push(sum / (day + 1 - first) as f64);
        }
    }
}

fn draw_loads(plan: &Plan<'_>, futures: &mut Futures) {
    let system = plan.system;
    for (index, zone) in system.zones.iter().enumerate() {
        let factor = zone.scale.factor.get(&futures.inputs);
        let fixed = factor == 1.0 && !zone.scale.contains_mining && zone.response.is_none();
        futures.load_is_drawn[index] = !fixed;
        if fixed {
            continue;
        }
        let mining = if zone.scale.contains_mining {
            let running = |&farm: &usize| {
                let share = Share::from_f64(system.farms[farm].running_share);
                Power(share.of(futures.installed[farm].0))
            };
            plan.farms_of[index].iter().map(running).sum()
        } else {
            Power::ZERO
        };
        let load = &mut futures.loads[index];
        load.hourly.clear();
        for (day, hours) in zone.load.hourly.chunks(24).enumerate() {
            let weather = match (zone.response, zone.weather) {
                (Some(response), Some(weather)) => {
                    response.factor(futures.temperature[weather.at()][day])
                }
                _ => 1.0,
            };
            load.hourly.extend(hours.iter().map(|&hour| {
                let demand = Power(libm::rint(hour.0 as f64 * factor) as i64);
                let firm = (demand - mining).positive();
                Power(libm::rint(firm.0 as f64 * weather) as i64)
            }));
        }
        load.refresh_maxima();
    }
}

fn draw_renewables(plan: &Plan<'_>, replication: u32, futures: &mut Futures) {
    let system = plan.system;
    futures.renewable.resize(plan.renewables.len(), Vec::new());
    let steps = system.hours().div_ceil(WIND_STEP_H);
    let fresh = libm::sqrt(1.0 - WIND_LAG1 * WIND_LAG1);
    for (index, group) in plan.renewables.iter().enumerate() {
        let path = &mut futures.renewable[index];
        path.clear();
        let zone = &system.zones[group.zone];
        match group.output {
            Output::Steady => {}
            Output::Wind(_) => {
                let stream = Stream::new(system.seed, zone.wind_stream, replication);
                let mut level = 0.0;
                for step in 0..steps {
                    let shock = normal_quantile(stream.uniform_at(step as u64));
                    level = if step == 0 {
                        shock
                    } else {
                        WIND_LAG1 * level + fresh * shock
                    };
                    path.push(
                        Share::from_f64(logistic(group.wind_location + WIND_SPREAD * level)).0,
                    );
                }
            }
            Output::Sun(mean) => path.extend(sun_shares(system, zone, mean)),
        }
    }
}

/// What sun of a mean share gives in each of the 24 hours from the start, parts per million of
/// capacity.
pub fn sun_shares<'a>(
    system: &'a System,
    zone: &'a Zone,
    mean: f64,
) -> impl Iterator<Item = i64> + 'a {
    let share = move |hour| daylight(system.local_hour(hour, zone)) * mean;
    (0..24).map(move |hour| Share::from_f64(share(hour)).0)
}

/// Shape of a clear winter day, an arch of a cosine around 13:00 with nine hours of light: its
/// mean over the hour that begins at a local hour. Over 24 hours its mean is exactly 1.
fn daylight(local_hour: f64) -> f64 {
    let risen = |hour: f64| {
        let from_noon = ((hour - 13.0) / 4.5).clamp(-1.0, 1.0);
        libm::sin(std::f64::consts::FRAC_PI_2 * from_noon)
    };
    // The arch rises from -1 to 1: twelve times that over 24 hours is 24.
    12.0 * (risen(local_hour + 1.0) - risen(local_hour))
}

fn draw_units(plan: &Plan<'_>, replication: u32, futures: &mut Futures) {
    let system = plan.system;
    let horizon = system.horizon;
    futures
        .operational
        .resize_with(plan.rates.len(), OperationalTime::default);
    for (time, rate) in futures.operational.iter_mut().zip(&plan.rates) {
        let odds = rate.unavailability / (1.0 - rate.unavailability);
        time.rate.clear();
        time.rate.extend(
            futures.outage_temperature[rate.weather]
                .iter()
                .map(|&celsius| {
                    let q = (rate.unavailability * rate.table.ratio_at(celsius)).min(0.9);
                    q / (1.0 - q) / odds
                }),
        );
    }
    futures.unit_capacity.clear();
    futures.starts_down.clear();
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
            futures.starts_down.push((starts_down, starts_derated));
            for &(from, until) in &unit.planned {
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

/// Draws an entity without weather, shocks or repair factor; whether it starts down.
fn push_alternating(
    plan: &Plan<'_>,
    replication: u32,
    alternating: &Alternating,
    timeline: &mut super::Timeline,
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

fn draw_links(plan: &Plan<'_>, replication: u32, futures: &mut Futures) {
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

fn draw_world(plan: &Plan<'_>, replication: u32, futures: &mut Futures) {
    let system = plan.system;
    futures.rest_of_world.clear();
    futures.pool_share.clear();
    futures.hashprice_usd.clear();
    futures.usd_per_exahash_day.clear();
    let Some(world) = &system.world else {
        futures.pool_share.resize(system.pools.len(), 0.0);
        return;
    };
    let level = world.level_ehs.get(&futures.inputs);
    let share = match &world.calibration {
        Some(calibration) => futures.inputs[calibration.share.at()],
        None => {
            let national: f64 = futures
                .installed_hashrate
                .iter()
                .map(|hashrate| hashrate.exahashes())
                .sum();
            (national / level).min(1.0)
        }
    };
    let growth = world.growth_per_week.get(&futures.inputs);
    let sd = world.noise_sd.get(&futures.inputs);
    let fresh = libm::sqrt(1.0 - world.noise_lag1 * world.noise_lag1);
    let noise = Stream::new(system.seed, world.noise_stream, replication);
    let mut anomaly = 0.0;
    for day in 0..system.days() {
        let shock = normal_quantile(noise.uniform_at(day as u64));
        anomaly = if day == 0 {
            shock
        } else {
            world.noise_lag1 * anomaly + fresh * shock
        };
        let growth = libm::pow(1.0 + growth, day as f64 / 7.0);
        let rest = level * (1.0 - share) * growth * (1.0 + sd * anomaly).max(0.0);
        futures.rest_of_world.push(Hashrate::from_exahashes(rest));
    }
    draw_pools(plan, replication, world.pool_effective_count, futures);
    if let Some(economics) = &system.economics {
        for day in 0..system.days() {
            let last = economics.price_usd.len().min(economics.difficulty.len()) - 1;
            let (price, difficulty) = (
                economics.price_usd[day.min(last)],
                economics.difficulty[day.min(last)],
            );
            let reward = economics.subsidy_btc() * (1.0 + economics.fee_share.get(&futures.inputs));
            // One EH/s over one day is 8.64e22 hashes.
            let per_exahash_day = 8.64e22 / (difficulty * 4_294_967_296.0) * reward * price;
            futures.usd_per_exahash_day.push(per_exahash_day);
            // One EH/s is 1000 PH/s.
            futures.hashprice_usd.push(per_exahash_day / 1000.0);
        }
    }
}

/// Pool shares of the rest of the world: Dirichlet about the centres, as Gamma variates by
/// inversion, one uniform from each pool's own stream; in logarithms, because the variate of a
/// small share can underflow. Without a count the centres are known.
fn draw_pools(plan: &Plan<'_>, replication: u32, count: Option<f64>, futures: &mut Futures) {
    let pools = &plan.system.pools;
    let whole: f64 = pools.iter().map(|pool| pool.share).sum();
    let weight = |pool: &crate::system::Pool| match count {
        Some(count) if pool.share > 0.0 => {
            let stream = Stream::new(plan.system.seed, pool.stream, replication);
            libm::exp(ln_gamma_quantile(
                count * pool.share / whole,
                stream.uniform_at(0),
            ))
        }
        _ => pool.share,
    };
    futures.pool_share.extend(pools.iter().map(weight));
    let total: f64 = futures.pool_share.iter().sum();
    if total > 0.0 {
        futures
            .pool_share
            .iter_mut()
            .for_each(|share| *share /= total);
    }
}

impl Futures {
    /// Efficiency of a farm's machines, from its installed power and hashrate.
    pub fn farm_efficiency(&self, farm: usize, pue: f64) -> Efficiency {
        let hashrate = self.installed_hashrate[farm].exahashes().max(1e-12);
        Efficiency::from_joules_per_terahash(self.installed[farm].megawatts() / pue / hashrate)
    }

    /// Output of a weather-driven group at an hour, parts per million of capacity.
    pub(super) fn renewable_share(&self, plan: &Plan<'_>, group: usize, now: Instant) -> i64 {
        let hour = (now.0 / MS_PER_HOUR) as usize;
        let path = &self.renewable[group];
        match plan.renewables[group].output {
            Output::Steady => Share::ONE.0,
            Output::Wind(_) => path[(hour / WIND_STEP_H).min(path.len() - 1)],
            Output::Sun(_) => path[hour % 24],
        }
    }
}

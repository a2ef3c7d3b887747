//! A system as a grid of plain numbers, or all that stands in the way of an exact answer.

use super::grid::{Area, Grid, Unit};
use super::obstacle::Obstacle;
use super::tie::tie;
use super::{Chain, farms};
use crate::engine::sun_shares;
use crate::quantity::{MS_PER_HOUR, Power, Share};
use crate::random::DurationLaw;
use crate::system::{Alternation, Output, System, Target, Value, Zone};

/// The grid of a system; as a copper plate: all zones as one.
///
/// # Errors
/// Everything about the system that has no exact answer, at once.
pub fn grid_of(system: &System, is_copper_plate: bool) -> Result<Grid, Vec<Obstacle>> {
    let mut obstacles = zone_obstacles(system);
    obstacles.extend(unit_obstacles(system));
    obstacles.extend(farms::obstacles(system));
    obstacles.extend(hazard_obstacles(system));
    let layout = layout(system, is_copper_plate, &mut obstacles);
    if !obstacles.is_empty() {
        return Err(obstacles);
    }
    let mut areas: Vec<Area> = (0..system.zones.len())
        .map(|zone| area(system, zone))
        .collect();
    if layout == Layout::CopperPlate {
        areas = vec![merged(areas)];
    }
    let tie = match layout {
        Layout::Zones if !system.lines.is_empty() => {
            Some(tie(&system.lines).ok_or_else(|| vec![Obstacle::TooMuchWork])?)
        }
        _ => None,
    };
    Ok(Grid {
        hours: system.hours(),
        windows: system.windows.clone(),
        areas,
        tie,
        is_copper_plate: layout == Layout::CopperPlate,
        forecast: Vec::new(),
        has_farms: !system.farms.is_empty(),
    })
}

/// How zones become areas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// Each by itself: one, or two.
    Zones,
    /// All as one.
    CopperPlate,
}

fn layout(system: &System, is_asked: bool, obstacles: &mut Vec<Obstacle>) -> Layout {
    let external = system.zones.iter().filter(|zone| zone.external);
    let external: Vec<String> = external.map(|zone| zone.name.clone()).collect();
    if external.len() == system.zones.len() {
        obstacles.push(Obstacle::NoZone);
    }
    if is_asked {
        if !external.is_empty() {
            obstacles.push(Obstacle::Neighbours(external));
        }
        return Layout::CopperPlate;
    }
    if system.zones.len() <= 2 {
        if let Some(line) = system.lines.first() {
            let (from, to) = (&system.zones[line.from.at()], &system.zones[line.to.at()]);
            if from.priority != to.priority {
                obstacles.push(Obstacle::Priorities);
            }
            if !system.farms.is_empty() {
                obstacles.push(Obstacle::MiningBehindLines);
            }
            let lines = system.lines.iter();
            let limits = lines.flat_map(|line| [line.forward_mw, line.backward_mw]);
            obstacles.extend(drawn(system, "the limit of a line", limits));
        }
        return Layout::Zones;
    }
    if external.is_empty() && nothing_binds(system) {
        return Layout::CopperPlate;
    }
    obstacles.push(Obstacle::Network(system.zones.len()));
    Layout::Zones
}

/// Whether lines join all zones and none can ever bind or fail.
fn nothing_binds(system: &System) -> bool {
    let most = system.nameplate().megawatts();
    let is_wide = |value: Value| matches!(value, Value::Fixed(limit) if limit >= most);
    let all_wide = system.lines.iter().all(|line| {
        let is_whole = line.outages.is_none() && !line.n_minus_1;
        is_whole && is_wide(line.forward_mw) && is_wide(line.backward_mw)
    });
    let mut reached = vec![false; system.zones.len()];
    reached[0] = true;
    for _ in &system.zones {
        for line in &system.lines {
            let either = reached[line.from.at()] || reached[line.to.at()];
            reached[line.from.at()] = either;
            reached[line.to.at()] = either;
        }
    }
    all_wide && reached.into_iter().all(|reached| reached)
}

/// Which of some numbers are drawn, by the names of their inputs.
fn drawn(
    system: &System,
    what: &'static str,
    values: impl Iterator<Item = Value>,
) -> Option<Obstacle> {
    let input = |value| match value {
        Value::Fixed(_) => None,
        Value::Drawn(input) => Some(system.inputs.get(input.at())?.name.clone()),
    };
    let mut names: Vec<String> = values.filter_map(input).collect();
    names.sort();
    names.dedup();
    (!names.is_empty()).then_some(Obstacle::Drawn(what, names))
}

fn zone_obstacles(system: &System) -> Vec<Obstacle> {
    let mut found: Vec<Obstacle> = Vec::new();
    let mut with_weather = Vec::new();
    let scales = system.zones.iter().map(|zone| zone.scale.factor);
    found.extend(drawn(system, "the scale of a load", scales));
    for zone in &system.zones {
        if zone.response.is_some() && daily_means(system, zone).is_none() {
            with_weather.push(zone.name.clone());
        }
    }
    if !with_weather.is_empty() {
        found.push(Obstacle::LoadFollowsWeather(with_weather));
    }
    found
}

/// Daily mean temperatures where they are known, °C.
fn daily_means(system: &System, zone: &Zone) -> Option<Vec<f64>> {
    let weather = &system.weathers[zone.weather?.at()];
    match &weather.fixed_daily_c {
        Some(fixed) => {
            let last = fixed.len().checked_sub(1)?;
            Some((0..system.days()).map(|day| fixed[day.min(last)]).collect())
        }
        None if weather.daily_sd_c == 0.0 => Some(vec![weather.mean_c; system.days()]),
        None => None,
    }
}

fn unit_obstacles(system: &System) -> Vec<Obstacle> {
    let mut found: Vec<Obstacle> = Vec::new();
    let [mut weather, mut wind, mut sun, mut common] = [const { Vec::<String>::new() }; 4];
    for plant in &system.plants {
        let first = plant.first_unit.at();
        let units = &system.units[first..first + usize::from(plant.units)];
        let any = |is: &dyn Fn(&crate::system::Unit) -> bool| units.iter().any(is);
        let note = |is_so: bool, list: &mut Vec<String>| {
            if is_so {
                list.push(plant.name.clone());
            }
        };
        let follows = |unit: &crate::system::Unit| {
            let zone = &system.zones[unit.zone.at()];
            unit.weather.is_some() && unit.outages.is_some() && zone.weather.is_some()
        };
        note(any(&follows), &mut weather);
        note(
            any(&|unit| matches!(unit.output, Output::Wind(_))),
            &mut wind,
        );
        let fails = |unit: &crate::system::Unit| {
            let changes = unit.outages.is_some() || unit.deratings.is_some();
            matches!(unit.output, Output::Sun(_)) && (changes || !unit.planned.is_empty())
        };
        note(any(&fails), &mut sun);
        note(plant.beta > 0.0 && plant.units > 1, &mut common);
    }
    let dependable = system.units.iter().map(|unit| unit.dependable);
    found.extend(drawn(system, "the dependable share of units", dependable));
    let repairs = system.units.iter().map(|unit| unit.repair_factor);
    found.extend(drawn(system, "the factor of repair times", repairs));
    let lists = [
        (
            weather,
            Obstacle::OutagesFollowWeather as fn(Vec<String>) -> Obstacle,
        ),
        (wind, Obstacle::Wind),
        (sun, Obstacle::FailingSun),
        (common, Obstacle::CommonCause),
    ];
    let lists = lists.into_iter().filter(|(names, _)| !names.is_empty());
    found.extend(lists.map(|(names, obstacle)| obstacle(names)));
    found
}

/// Hazards that reach the grid; those of the internet alone reach only farms.
fn hazard_obstacles(system: &System) -> Option<Obstacle> {
    let is_of_grid = |target: &Target| {
        matches!(
            target,
            Target::Zone(_) | Target::Plant(_) | Target::Unit(_) | Target::Line(_)
        )
    };
    let counts = system.hazards.iter().filter(|hazard| {
        !system.farms.is_empty()
            || !hazard.load_changes.is_empty()
            || hazard.targets.iter().any(is_of_grid)
    });
    let names: Vec<String> = counts.map(|hazard| hazard.name.clone()).collect();
    (!names.is_empty()).then_some(Obstacle::Hazards(names))
}

/// A known value; drawn ones are obstacles and never get here.
pub(super) fn known(value: Value) -> f64 {
    match value {
        Value::Fixed(value) => value,
        Value::Drawn(_) => f64::NAN,
    }
}

fn area(system: &System, index: usize) -> Area {
    let zone = &system.zones[index];
    let farms = || system.farms.iter().filter(|farm| farm.zone.at() == index);
    let mut units: Vec<Unit> = system
        .units
        .iter()
        .filter(|unit| unit.zone.at() == index && unit.output == Output::Steady)
        .map(|unit| steady_unit(unit, system.horizon.0))
        .collect();
    units.extend(suns(system, index));
    Area {
        name: zone.name.clone(),
        is_own: !zone.external,
        load_w: load_w(system, index),
        units,
        mining_w: farms().map(|farm| farm.installed.0).sum(),
    }
}

/// Firm load hour by hour, as the engine has it.
fn load_w(system: &System, index: usize) -> Vec<i64> {
    let zone = &system.zones[index];
    let factor = known(zone.scale.factor);
    let running = |farm: &crate::system::Farm| {
        Power(Share::from_f64(farm.running_share).of(farm.installed.0))
    };
    let farms = system.farms.iter().filter(|farm| farm.zone.at() == index);
    let mining: Power = if zone.scale.contains_mining {
        farms.map(running).sum()
    } else {
        Power::ZERO
    };
    let means = zone.response.and(daily_means(system, zone));
    let load = |(hour, load): (usize, &Power)| {
        let weather = match (zone.response, &means) {
            (Some(response), Some(means)) => response.factor(means[hour / 24]),
            _ => 1.0,
        };
        let demand = Power(libm::rint(load.0 as f64 * factor) as i64);
        libm::rint((demand - mining).positive().0 as f64 * weather) as i64
    };
    zone.load.hourly.iter().enumerate().map(load).collect()
}

/// Up and down from the means of an alternation; how long it takes each time matters only for
/// what is seen on the hour.
pub(super) fn chain(alternation: &Alternation, repair_factor: f64) -> Chain {
    let is_memoryless = [alternation.up, alternation.down]
        .iter()
        .all(|law| matches!(law, DurationLaw::Exponential { .. }));
    let down_h = alternation.down.mean_h() * repair_factor;
    Chain::two_state(alternation.up.mean_h(), down_h, is_memoryless)
}

/// A unit that gives all it has while it can: up or down, whole or derated, and nothing while it
/// is planned out.
fn steady_unit(unit: &crate::system::Unit, horizon_ms: i64) -> Unit {
    let full = libm::rint(unit.nameplate.0 as f64 * known(unit.dependable)) as i64;
    let derated = full - libm::rint(full as f64 * unit.derating_share) as i64;
    let outages = unit.outages.as_ref();
    let outages = outages.map(|outages| chain(outages, known(unit.repair_factor)));
    let deratings = unit
        .deratings
        .as_ref()
        .map(|deratings| chain(deratings, 1.0));
    let (chain, capacity_w) = match (outages, deratings) {
        (None, None) => (Chain::firm(), vec![full]),
        (Some(outages), None) => (outages, vec![full, 0]),
        (None, Some(deratings)) => (deratings, vec![full, derated]),
        (Some(outages), Some(deratings)) => (outages.beside(&deratings), vec![full, derated, 0, 0]),
    };
    let mut cuts = vec![0];
    cuts.extend(unit.planned.iter().flat_map(|&(from, until)| [from, until]));
    cuts.retain(|cut| (0..horizon_ms).contains(cut));
    cuts.sort_unstable();
    cuts.dedup();
    let in_force = |from: i64| {
        let is_out = unit
            .planned
            .iter()
            .any(|&(begin, end)| (begin..end).contains(&from));
        let capacity_w = if is_out {
            vec![0; capacity_w.len()]
        } else {
            capacity_w.clone()
        };
        (from, capacity_w)
    };
    Unit {
        course: cuts.into_iter().map(in_force).collect(),
        chain,
    }
}

/// The sun of a zone, class by class, as plants that never fail: their units give a share of
/// their capacity together, so that it is rounded once.
fn suns(system: &System, zone: usize) -> Vec<Unit> {
    let mut groups: Vec<(usize, Output, i64)> = Vec::new();
    for unit in &system.units {
        if unit.zone.at() != zone || !matches!(unit.output, Output::Sun(_)) {
            continue;
        }
        let capacity_w = libm::rint(unit.nameplate.0 as f64 * known(unit.dependable)) as i64;
        let is_same = |group: &&mut (usize, Output, i64)| {
            group.0 == unit.class.at() && group.1 == unit.output
        };
        match groups.iter_mut().find(is_same) {
            Some(group) => group.2 += capacity_w,
            None => groups.push((unit.class.at(), unit.output, capacity_w)),
        }
    }
    let unit = |(_, output, capacity_w): (usize, Output, i64)| {
        let mean = match output {
            Output::Sun(mean) => mean,
            _ => 0.0,
        };
        let shares: Vec<i64> = sun_shares(system, &system.zones[zone], mean).collect();
        let of_hour = |hour: usize| {
            let gives = Share(shares[hour % 24]).of(capacity_w);
            (hour as i64 * MS_PER_HOUR, vec![gives])
        };
        Unit {
            chain: Chain::firm(),
            course: (0..system.hours()).map(of_hour).collect(),
        }
    };
    groups.into_iter().map(unit).collect()
}

/// All areas as one.
fn merged(areas: Vec<Area>) -> Area {
    let mut whole = Area {
        name: "system".to_owned(),
        is_own: true,
        load_w: Vec::new(),
        units: Vec::new(),
        mining_w: 0,
    };
    for area in areas {
        whole
            .load_w
            .resize(area.load_w.len().max(whole.load_w.len()), 0);
        for (sum, load) in whole.load_w.iter_mut().zip(&area.load_w) {
            *sum += load;
        }
        whole.units.extend(area.units);
        whole.mining_w += area.mining_w;
    }
    whole
}

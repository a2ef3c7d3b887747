//! A system as a grid of plain numbers, or all that stands in the way of an exact answer.

use super::grid::{Area, Forecast, Grid};
use super::obstacle::Obstacle;
use super::tie::tie;
use super::{farms, loads, units};
use crate::system::{Output, System, Target, Value};

/// The grid of a system in each of its weather years, with the probability of the year; as a
/// copper plate: all zones as one. Without weather years it is one grid.
///
/// # Errors
/// Everything about the system that has no exact answer, at once.
pub fn grids_of(system: &System, is_copper_plate: bool) -> Result<Vec<(f64, Grid)>, Vec<Obstacle>> {
    let Some(years) = &system.weather_years else {
        return Ok(vec![(1.0, grid_of(system, is_copper_plate, 0)?)]);
    };
    let whole: f64 = years.weights.iter().sum();
    let year = |(year, weight): (usize, &f64)| {
        Ok((weight / whole, grid_of(system, is_copper_plate, year)?))
    };
    years.weights.iter().enumerate().map(year).collect()
}

/// The grid of a system in one of its weather years, counted from 0; where it has none in all.
///
/// # Errors
/// Everything about the system that has no exact answer, at once.
pub fn grid_of(system: &System, is_copper_plate: bool, year: usize) -> Result<Grid, Vec<Obstacle>> {
    let mut obstacles = zone_obstacles(system);
    obstacles.extend(unit_obstacles(system));
    obstacles.extend(farms::obstacles(system));
    obstacles.extend(hazard_obstacles(system));
    let layout = layout(system, is_copper_plate, &mut obstacles);
    if !obstacles.is_empty() {
        return Err(obstacles);
    }
    let mut areas: Vec<Area> = (0..system.zones.len())
        .map(|zone| area(system, zone, year))
        .collect();
    let Some(mut forecast) = loads::forecasts(system, year) else {
        return Err(vec![Obstacle::TooMuchWork]);
    };
    if layout == Layout::CopperPlate {
        areas = vec![merged(areas)];
        for Forecast { load_w, .. } in &mut forecast {
            *load_w = vec![sum_of(load_w)];
        }
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
        forecast,
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
        if zone.response.is_some() && loads::daily_means(system, zone, 0).is_none() {
            with_weather.push(zone.name.clone());
        }
    }
    if !with_weather.is_empty() {
        found.push(Obstacle::LoadFollowsWeather(with_weather));
    }
    found
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
            let fails = unit.outages.is_some() || unit.deratings.is_some();
            let is_planned_out = !unit.planned.is_empty() || unit.maintenance.is_some();
            let changes = fails || is_planned_out || unit.states.is_some();
            matches!(unit.output, Output::Sun(_)) && changes
        };
        note(any(&fails), &mut sun);
        note(plant.beta > 0.0 && plant.units > 1, &mut common);
    }
    let stores = system.stores.iter();
    let stores = stores.map(|store| system.plants[store.plant.at()].name.clone());
    let stores: Vec<String> = stores.collect();
    if !stores.is_empty() {
        found.push(Obstacle::Storage(stores));
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

fn area(system: &System, index: usize, year: usize) -> Area {
    let zone = &system.zones[index];
    let farms = || system.farms.iter().filter(|farm| farm.zone.at() == index);
    Area {
        name: zone.name.clone(),
        is_own: !zone.external,
        load_w: loads::load_w(system, index, year, 1.0),
        units: units::of_zone(system, index, year),
        mining_w: farms().map(|farm| farm.installed.0).sum(),
    }
}

/// All areas as one.
fn merged(areas: Vec<Area>) -> Area {
    let loads: Vec<Vec<i64>> = areas.iter().map(|area| area.load_w.clone()).collect();
    Area {
        name: "system".to_owned(),
        is_own: true,
        load_w: sum_of(&loads),
        mining_w: areas.iter().map(|area| area.mining_w).sum(),
        units: areas.into_iter().flat_map(|area| area.units).collect(),
    }
}

/// The load of all areas together, hour by hour.
fn sum_of(loads_w: &[Vec<i64>]) -> Vec<i64> {
    let hours = loads_w.iter().map(Vec::len).max().unwrap_or(0);
    let of_hour = |hour: usize| loads_w.iter().filter_map(|load| load.get(hour)).sum();
    (0..hours).map(of_hour).collect()
}

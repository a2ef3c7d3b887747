//! From a grid to its exact indices, by window and scope.

use super::capacity::Capacity;
use super::course::{Course, Sums};
use super::grid::{Grid, Stretch};
use super::obstacle::{Missing, Obstacle};
use super::supply::Supply;
use super::two_areas;
use crate::quantity::MS_PER_HOUR;

/// Sums over cases that an answer may take: about a second.
const MOST_SUMS: usize = 60_000_000;

/// One exact index, named as in a summary.
#[derive(Debug, Clone, PartialEq)]
pub struct Exact {
    /// Window of the scenario.
    pub window: String,
    /// `system` or `zone/NAME`.
    pub scope: String,
    /// Index.
    pub index: &'static str,
    /// Unit.
    pub unit: &'static str,
    /// Value.
    pub value: f64,
}

/// The capacity outage table of a zone, or of the system.
#[derive(Debug, Clone, PartialEq)]
pub struct OutageTable {
    /// `system` or `zone/NAME`.
    pub scope: String,
    /// Rows by rising outage.
    pub rows: Vec<OutageRow>,
}

/// A row of an outage table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OutageRow {
    /// Capacity on outage, W.
    pub outage_w: i64,
    /// P(exactly this).
    pub probability: f64,
    /// P(this or more).
    pub cumulative: f64,
    /// How often the outage rises to this or more, an hour.
    pub frequency_per_h: f64,
}

/// The exact answers of a grid.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Answer {
    /// Indices, by window, then zones, then the system.
    pub rows: Vec<Exact>,
    /// Indices that have no exact answer though others have.
    pub missing: Vec<Missing>,
    /// Capacity in force at the begin of the horizon.
    pub tables: Vec<OutageTable>,
}

impl Answer {
    /// The value of an index, if it has one.
    pub fn find(&self, window: &str, scope: &str, index: &str) -> Option<f64> {
        let is = |row: &&Exact| row.window == window && row.scope == scope && row.index == index;
        self.rows.iter().find(is).map(|row| row.value)
    }
}

/// Computes every index of a grid that has an exact answer.
///
/// # Errors
/// Why there is none at all.
pub fn solve(grid: &Grid) -> Result<Answer, Vec<Obstacle>> {
    solve_years(&[(1.0, grid.clone())])
}

/// Likewise of a grid that is one of several, each with its probability: they differ in loads and
/// in what units give.
///
/// # Errors
/// Why there is no answer at all.
pub fn solve_years(years: &[(f64, Grid)]) -> Result<Answer, Vec<Obstacle>> {
    let Some((_, grid)) = years.first() else {
        return Ok(Answer::default());
    };
    let mut mean: Scopes = Vec::new();
    let mut capacities: Vec<Option<Capacity>> = Vec::new();
    let mut work = 0_usize;
    for (weight, year) in years {
        let (scopes, at_begin) = of_year(year, &mut work)?;
        add(&mut mean, scopes, *weight);
        if capacities.is_empty() {
            capacities.resize(at_begin.len(), Some(Capacity::none()));
        }
        for (sum, capacity) in capacities.iter_mut().zip(at_begin) {
            *sum = sum.take().zip(capacity).map(|(mut sum, capacity)| {
                sum.mix(&capacity, *weight);
                sum
            });
        }
    }
    let mut answer = Answer::default();
    for (window, scopes) in grid.windows.iter().zip(&mean) {
        for (scope, sums) in scopes {
            publish(grid, &window.name, scope, sums, &mut answer.rows);
        }
    }
    if let Some(scopes) = mean.last() {
        for (scope, sums) in scopes {
            missing(grid, scope, sums, &mut answer.missing);
        }
    }
    for (area, capacity) in grid.areas.iter().zip(&capacities) {
        if let Some(capacity) = capacity {
            let scope = scope_of(grid, &area.name);
            answer.tables.push(table(scope, capacity));
        }
    }
    Ok(answer)
}

/// What one year comes to, and the capacity of each area in force at its begin, where that table
/// does not grow too large. `work` counts sums over cases.
fn of_year(
    grid: &Grid,
    work: &mut usize,
) -> Result<(Scopes, Vec<Option<Capacity>>), Vec<Obstacle>> {
    let stretches = stretches(grid);
    let mut supplies = Vec::new();
    for area in &grid.areas {
        let supply = Supply::new(area, &stretches);
        supplies.push(supply.ok_or_else(|| vec![Obstacle::TooManyAmounts(area.name.clone())])?);
    }
    let cases: usize = supplies.iter().map(Supply::cases).sum();
    *work = work.saturating_add(cases.saturating_mul(grid.loads().len()));
    if *work > MOST_SUMS {
        return Err(vec![Obstacle::TooMuchWork]);
    }
    let sums = match &supplies[..] {
        [only] => alone(grid, only, &stretches),
        [first, second] => {
            let both = [first.clone(), second.clone()];
            together(grid, &both, &stretches).ok_or_else(|| vec![Obstacle::TooMuchWork])?
        }
        _ => return Err(vec![Obstacle::Network(supplies.len())]),
    };
    let at_begin = supplies.iter().map(|supply| supply.whole(supply.set(0)));
    Ok((sums, at_begin.collect()))
}

/// Adds the sums of a year, times its probability.
fn add(mean: &mut Scopes, year: Scopes, weight: f64) {
    if mean.is_empty() {
        let nothing = |scopes: &Vec<(String, Sums)>| {
            let scopes = scopes
                .iter()
                .map(|(scope, _)| (scope.clone(), Sums::NOTHING));
            scopes.collect()
        };
        *mean = year.iter().map(nothing).collect();
    }
    for (mean, year) in mean.iter_mut().zip(year) {
        for ((_, mean), (_, sums)) in mean.iter_mut().zip(year) {
            mean.add(&sums, weight);
        }
    }
}

/// The horizon cut where an hour begins or a unit's capacity changes.
fn stretches(grid: &Grid) -> Vec<Stretch> {
    let end = grid.hours as i64 * MS_PER_HOUR;
    let mut cuts: Vec<i64> = (0..=grid.hours as i64)
        .map(|hour| hour * MS_PER_HOUR)
        .collect();
    let units = grid.areas.iter().flat_map(|area| &area.units);
    cuts.extend(units.flat_map(|unit| unit.course.iter().map(|step| step.0)));
    cuts.retain(|cut| (0..=end).contains(cut));
    cuts.sort_unstable();
    cuts.dedup();
    let stretch = |ends: &[i64]| Stretch {
        from: ends[0],
        until: ends[1],
        hour: (ends[0] / MS_PER_HOUR) as usize,
    };
    cuts.windows(2).map(stretch).collect()
}

fn scope_of(grid: &Grid, name: &str) -> String {
    if grid.is_copper_plate {
        "system".to_owned()
    } else {
        format!("zone/{name}")
    }
}

/// Sums of each scope in each window.
type Scopes = Vec<Vec<(String, Sums)>>;

/// One area: the zone is the system.
fn alone(grid: &Grid, supply: &Supply<'_>, stretches: &[Stretch]) -> Scopes {
    let area = &grid.areas[0];
    let mut windows = vec![Sums::NOTHING; grid.windows.len()];
    for (weight, loads_w) in grid.loads() {
        let course = Course::of_area(area, supply, stretches, loads_w[0]);
        for (sums, window) in windows.iter_mut().zip(&grid.windows) {
            sums.add(&course.over(window, stretches), weight);
        }
    }
    let scopes = |sums: Sums| {
        let mut scopes = Vec::new();
        if !grid.is_copper_plate {
            scopes.push((scope_of(grid, &area.name), sums));
        }
        scopes.push(("system".to_owned(), sums));
        scopes
    };
    windows.into_iter().map(scopes).collect()
}

/// Two areas, joined or not.
fn together(grid: &Grid, supplies: &[Supply<'_>; 2], stretches: &[Stretch]) -> Option<Scopes> {
    let mut windows = vec![[Sums::NOTHING; 3]; grid.windows.len()];
    for (weight, loads_w) in grid.loads() {
        let loads_w = [loads_w[0], loads_w[1]];
        let mut courses = two_areas::courses(grid, supplies, stretches, loads_w)?;
        if grid.tie.is_none() {
            // Each by itself has all that a single area has.
            for (index, area) in grid.areas.iter().enumerate() {
                let course = Course::of_area(area, &supplies[index], stretches, loads_w[index]);
                if area.is_own {
                    let system = &mut courses[2];
                    for (system, own) in system.curtailed_w.iter_mut().zip(&course.curtailed_w) {
                        *system += own;
                    }
                    // Apart they know nothing of each other.
                    for (system, own) in system.curtailed.iter_mut().zip(&course.curtailed) {
                        *system += own - *system * own;
                    }
                }
                courses[index] = course;
            }
        }
        for (sums, window) in windows.iter_mut().zip(&grid.windows) {
            for (sums, course) in sums.iter_mut().zip(&courses) {
                sums.add(&course.over(window, stretches), weight);
            }
        }
    }
    let scopes = |[first, second, system]: [Sums; 3]| {
        let mut scopes = Vec::new();
        for (area, sums) in grid.areas.iter().zip([first, second]) {
            if area.is_own {
                scopes.push((scope_of(grid, &area.name), sums));
            }
        }
        scopes.push(("system".to_owned(), system));
        scopes
    };
    Some(windows.into_iter().map(scopes).collect())
}

/// Writes the rows of one scope in one window.
fn publish(grid: &Grid, window: &str, scope: &str, sums: &Sums, rows: &mut Vec<Exact>) {
    let mut row = |index: &'static str, unit: &'static str, value: f64| {
        rows.push(Exact {
            window: window.to_owned(),
            scope: scope.to_owned(),
            index,
            unit,
            value,
        });
    };
    let span = grid.windows.iter().find(|known| known.name == window);
    let hours = span.map_or(0.0, |window| (window.until - window.from).hours());
    row("lole_h", "h", sums.lole_h);
    row("lole_d", "d", sums.lole_d);
    row("lolp", "1", sums.lole_h / hours);
    if let Some(lolf) = sums.lolf {
        row("lolf", "1", lolf);
    }
    if let Some(lolev) = sums.lolev {
        row("lolev", "1", lolev);
    }
    if let Some(lolf) = sums.lolf.filter(|&lolf| lolf > 0.0) {
        row("lold_h", "h", sums.lole_h / lolf);
    }
    row("eue_mwh", "MWh", sums.eue_mwh);
    if sums.lole_h > 0.0 {
        row("depth_mw", "MW", sums.eue_mwh / sums.lole_h);
    }
    // With farms more is demanded than firm load, by an amount that depends on their restarts.
    if !grid.has_farms && sums.demand_mwh > 0.0 {
        row("demand_mwh", "MWh", sums.demand_mwh);
        row("neue_ppm", "ppm", sums.eue_mwh / sums.demand_mwh * 1e6);
    }
    if grid.has_farms && scope == "system" {
        row("curtailed_mining_mwh", "MWh", sums.curtailed_mwh);
        row("curtailed_mining_h", "h", sums.curtailed_h);
    }
}

/// Says which indices of a scope have no exact answer, and why.
fn missing(grid: &Grid, scope: &str, sums: &Sums, missing: &mut Vec<Missing>) {
    let units = || grid.areas.iter().flat_map(|area| &area.units);
    let tie_remembers = grid.tie.as_ref().is_some_and(|tie| tie.hourly.is_none());
    let mut without = |index, reason| {
        missing.push(Missing {
            scope: scope.to_owned(),
            index,
            reason,
        });
    };
    if sums.lolf.is_none() {
        without("lolf", Obstacle::TooMuchWork);
    }
    if sums.lolev.is_none() {
        let reason = if tie_remembers || units().any(|unit| !unit.chain.is_memoryless) {
            Obstacle::Memory
        } else {
            Obstacle::TooMuchWork
        };
        without("lolev", reason);
    }
    if grid.has_farms {
        without("neue_ppm", Obstacle::MiningDemand);
    }
}

/// The outage table of a capacity. What is cumulative runs from the largest outage down, from
/// the least likely to the most.
fn table(scope: String, capacity: &Capacity) -> OutageTable {
    let tail = capacity.tail();
    let installed_w = tail.capacity_w.last().copied().unwrap_or(0);
    let row = |at: usize| OutageRow {
        outage_w: installed_w - tail.capacity_w[at],
        probability: capacity.amounts[at].probability,
        cumulative: tail.at_most[at],
        frequency_per_h: if at + 1 == tail.falls.len() {
            // Nothing rises to no outage at all: the sum is 0 but for its rounding.
            0.0
        } else {
            tail.falls[at]
        },
    };
    OutageTable {
        scope,
        rows: (0..tail.capacity_w.len()).rev().map(row).collect(),
    }
}

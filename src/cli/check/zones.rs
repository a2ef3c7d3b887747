//! What stands in each zone, a line each: how much load, plants, lines and mining there are.

use crate::report::number;
use crate::system::{System, Value, Zone, ZoneId};

/// What the columns are; the first three hold for every grid, the others where there is mining.
const HEADS: [&str; 5] = ["peak load", "plants", "lines in", "mining", "reserve"];
const WITHOUT_MINING: usize = 3;

/// The zones as a table, in MW. What is drawn stands with its median.
pub(super) fn zones(system: &System) -> String {
    let columns = if system.farms.is_empty() {
        WITHOUT_MINING
    } else {
        HEADS.len()
    };
    let heads = HEADS.map(str::to_owned);
    let rows = (0..system.zones.len()).map(|index| row(system, index));
    let cells: Vec<[String; HEADS.len()]> = std::iter::once(heads).chain(rows).collect();
    let names = system.zones.iter().map(|zone| format!("  {}", zone.name));
    let names: Vec<String> = std::iter::once("zones, MW".to_owned())
        .chain(names)
        .collect();
    let remarks = std::iter::once(String::new()).chain(system.zones.iter().map(remarks));
    let first = longest(names.iter()).max(14);
    let width = |at: usize| longest(cells.iter().map(|row| &row[at]));
    let mut text = String::new();
    for ((name, row), remark) in names.iter().zip(&cells).zip(remarks) {
        let mut line = format!("{name:<first$}");
        for (at, cell) in row.iter().enumerate().take(columns) {
            line += &format!("{cell:>width$}  ", width = width(at));
        }
        text += (line + &remark).trim_end();
        text.push('\n');
    }
    text
}

fn longest<'a>(texts: impl Iterator<Item = &'a String>) -> usize {
    let lengths = texts.map(|text| text.chars().count());
    lengths.max().unwrap_or(0)
}

/// The numbers of a zone.
fn row(system: &System, index: usize) -> [String; HEADS.len()] {
    let zone = &system.zones[index];
    let is_here = |id: ZoneId| id.at() == index;
    let plants = system.units.iter().filter(|unit| is_here(unit.zone));
    let plants: f64 = plants.map(|unit| unit.nameplate.megawatts()).sum();
    let farms = system.farms.iter().filter(|farm| is_here(farm.zone));
    let mining: f64 = farms.map(|farm| farm.installed.megawatts()).sum();
    let lines = system.lines.iter().filter_map(|line| {
        let limit = match (is_here(line.from), is_here(line.to)) {
            (_, true) => line.forward_mw,
            (true, _) => line.backward_mw,
            _ => return None,
        };
        Some(median(system, limit))
    });
    [
        megawatts(peak(system, zone)),
        megawatts(plants),
        megawatts(lines.sum()),
        megawatts(mining),
        megawatts(zone.reserve.megawatts()),
    ]
}

/// Whole megawatts; of little that is not whole a digit more.
fn megawatts(value: f64) -> String {
    let is_whole = value >= 100.0 || (value - libm::rint(value)).abs() < 0.05;
    number(value, usize::from(!is_whole))
}

/// The largest hour of the profile, or of those of all weather years, MW, before weather.
fn peak(system: &System, zone: &Zone) -> f64 {
    let years = zone.load_by_year.iter().chain([&zone.load]);
    let largest = years.map(|profile| profile.maximum.megawatts());
    largest.fold(0.0, f64::max) * median(system, zone.scale.factor)
}

/// What else must be known of a zone.
fn remarks(zone: &Zone) -> String {
    let remarks = [
        (zone.external, "neighbour"),
        (zone.scale.contains_mining, "load contains mining"),
    ];
    let said = remarks.into_iter().filter(|remark| remark.0);
    said.map(|remark| remark.1).collect::<Vec<_>>().join(", ")
}

/// A number, or the median of what is drawn.
fn median(system: &System, value: Value) -> f64 {
    match value {
        Value::Fixed(value) => value,
        Value::Drawn(input) => system.inputs[input.at()].law.quantile(0.5),
    }
}

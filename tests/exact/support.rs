//! What these tests have in common.

use hashfall::exact::{Answer, Area, Grid, Tie, Unit, answer};
use hashfall::quantity::{Instant, MS_PER_HOUR};
use hashfall::scenario::{Source, read};
use hashfall::system::{System, Window};

/// A built-in scenario with keys changed.
pub fn built_in(name: &str, set: &[(&str, &str)]) -> System {
    let overrides: Vec<(String, String)> = set
        .iter()
        .map(|(path, value)| ((*path).to_owned(), (*value).to_owned()))
        .collect();
    match read(&Source::built_in(name).expect("it is built in"), &overrides) {
        Ok(loaded) => loaded.system,
        Err(mistakes) => panic!("{mistakes}"),
    }
}

/// A scenario from its text.
pub fn system(text: &str) -> System {
    match read(&Source::text(text), &[]) {
        Ok(loaded) => loaded.system,
        Err(mistakes) => panic!("{mistakes}"),
    }
}

pub fn exact(system: &System) -> Answer {
    answer(system, false).unwrap_or_else(|obstacles| panic!("{obstacles:?}"))
}

/// An index over the whole horizon.
pub fn of(answer: &Answer, scope: &str, index: &str) -> f64 {
    let value = answer.find("all", scope, index);
    value.unwrap_or_else(|| panic!("{scope} {index}: {:?}", answer.missing))
}

/// The window of so many hours from the start.
pub fn all(hours: i64) -> Window {
    Window {
        name: "all".to_owned(),
        from: Instant::START,
        until: Instant(hours * MS_PER_HOUR),
    }
}

/// A grid of areas without forecast errors, and a window for each hour beside the whole.
pub fn grid(areas: Vec<Area>, tie: Option<Tie>) -> Grid {
    let hours = areas[0].load_w.len();
    let hour = |hour: usize| Window {
        name: hour.to_string(),
        from: Instant(hour as i64 * MS_PER_HOUR),
        until: Instant((hour as i64 + 1) * MS_PER_HOUR),
    };
    let windows = (0..hours).map(hour).chain([all(hours as i64)]);
    Grid {
        hours,
        windows: windows.collect(),
        areas,
        tie,
        is_copper_plate: false,
        forecast: Vec::new(),
        has_farms: false,
    }
}

pub fn area(name: &str, load_mw: &[f64], units: Vec<Unit>) -> Area {
    Area {
        name: name.to_owned(),
        is_own: true,
        load_w: load_mw.iter().map(|mw| (mw * 1e6) as i64).collect(),
        units,
        mining_w: 0,
    }
}

/// Equal but for rounding.
pub fn is_near(value: f64, reference: f64) -> bool {
    (value - reference).abs() <= 1e-9 * reference.abs() + 1e-13
}

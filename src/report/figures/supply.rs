//! Figure 3: who fed the load, what was cut, what was left in reserve.

use crate::report::chart::{FuelSeries, SupplyFigure};
use crate::report::facts::Facts;
use crate::report::numerals::{digits_for, number};
use crate::report::small_print::Small;

/// Kinds of plant as they are printed, from the bottom of the stack up: what a class's name holds,
/// and the fuel's name. Later lines hold what earlier ones leave.
const FUELS: [(&[&str], &str); 8] = [
    (&["nuclear"], "nuclear"),
    (&["coal", "lignite"], "coal"),
    (&["ccgt", "ocgt", "gas"], "gas"),
    (&["oil"], "oil"),
    (&["hydro"], "hydro"),
    (&["wind"], "wind"),
    (&["solar", "sun"], "solar"),
    (&["import"], "imports"),
];

/// The figure; none where nothing was served hour by hour, or nothing of the grid can fail.
pub(super) fn figure(facts: &Facts<'_>) -> Option<SupplyFigure> {
    let fuels = fuels(facts);
    if fuels.is_empty() || facts.grid_cannot_fail() {
        return None;
    }
    let axis = facts.axis();
    let estimator = format!("stack: means over futures; {}", axis.means());
    let small = Small {
        interval: "margin: P5–P95 of futures",
        estimator: &estimator,
        window: facts.horizon_in_words(),
    };
    Some(SupplyFigure {
        frame: facts.frame(title(facts, &fuels), subtitle(facts), small),
        axis,
        fuels,
        curtailed_mining_mw: facts.means("curtailed_mining").unwrap_or_default(),
        unserved_mw: facts.means("unserved_load").unwrap_or_default(),
        reserve_margin_mw: facts.fan("reserve_margin", "system").unwrap_or_default(),
    })
}

/// What the margin does not say where there are lines.
fn subtitle(facts: &Facts<'_>) -> &'static str {
    if facts.system().lines.is_empty() {
        ""
    } else {
        "The margin is the whole country’s; a zone behind a line may run short before it does."
    }
}

/// Served load by fuel, classes of one fuel together; fuels that serve nothing are left out.
fn fuels(facts: &Facts<'_>) -> Vec<FuelSeries> {
    let mut fuels: Vec<(usize, FuelSeries)> = Vec::new();
    for class in &facts.system().classes {
        let Some(served_mw) = facts.means(&format!("served/{}", class.name)) else {
            continue;
        };
        let name = class.name.to_lowercase();
        let known = FUELS
            .iter()
            .position(|(parts, _)| parts.iter().any(|part| name.contains(part)));
        let (place, fuel) = match known {
            Some(at) => (at, FUELS[at].1.to_owned()),
            None => (FUELS.len(), class.name.clone()),
        };
        match fuels.iter_mut().find(|(_, series)| series.fuel == fuel) {
            Some((_, series)) => {
                for (sum, served) in series.served_mw.iter_mut().zip(served_mw) {
                    *sum += served;
                }
            }
            None => fuels.push((place, FuelSeries { fuel, served_mw })),
        }
    }
    fuels.retain(|(_, series)| series.served_mw.iter().any(|&mw| mw > 0.0));
    fuels.sort_by_key(|(place, _)| *place);
    fuels.into_iter().map(|(_, series)| series).collect()
}

/// The largest fuel's part, and how thin the reserve gets.
fn title(facts: &Facts<'_>, fuels: &[FuelSeries]) -> String {
    let sum = |series: &FuelSeries| series.served_mw.iter().sum::<f64>();
    let all: f64 = fuels.iter().map(sum).sum();
    let largest = fuels.iter().max_by(|a, b| sum(a).total_cmp(&sum(b)));
    let Some(largest) = largest.filter(|_| all > 0.0) else {
        return "Load, cuts and reserve over simulated futures".to_owned();
    };
    let share = 100.0 * sum(largest) / all;
    let fuel = super::super::words::capitalised(&largest.fuel);
    let mut title = match fuels.len() {
        // That all is served by all there is says nothing.
        1 => String::new(),
        _ => format!("{fuel} serves {} % of the load", number(share, 0)),
    };
    let least = facts.outcomes("all", "system", "reserve_margin_least_mw");
    if let Some(least) = least.map(|least| least.times(1e-3)) {
        let words = if least.p5 <= 0.0 {
            "in more than one future of twenty no reserve is left in the worst hour".to_owned()
        } else {
            let digits = digits_for(least.p5).min(1);
            let margin = number(least.p5, digits);
            format!("one future in twenty has at most {margin} GW to spare in its worst hour")
        };
        if !title.is_empty() {
            title.push_str("; ");
        }
        title.push_str(&words);
    }
    super::super::words::capitalised(&title)
}

//! What the figures of a sweep say in their titles, and how indices are called in print.

use crate::report::chart::{MapPanel, SweepLine, SweepPanel, SweptValue};
use crate::report::numerals::{number, three_figures};

/// An index in print.
pub(super) fn quantity(index: &str) -> String {
    match index {
        "lole_h" => "Time short of supply (LOLE)".to_owned(),
        "eue_mwh" => "Unserved energy (EUE)".to_owned(),
        "curtailed_mining_mwh" => "Curtailed mining".to_owned(),
        "lost_hashrate_ehs" => "Lost hashrate".to_owned(),
        "lost_installed_ehs" => "Hashrate below what is installed".to_owned(),
        "lost_share_of_world" => "Lost share of the world's hashrate".to_owned(),
        other => other.to_owned(),
    }
}

/// The same within a sentence.
pub(super) fn short(index: &str) -> String {
    match index {
        "lole_h" => "LOLE".to_owned(),
        "eue_mwh" => "unserved energy".to_owned(),
        "curtailed_mining_mwh" => "curtailed mining".to_owned(),
        "lost_hashrate_ehs" => "lost hashrate".to_owned(),
        "lost_installed_ehs" => "hashrate below what is installed".to_owned(),
        other => other.to_owned(),
    }
}

/// From the first value to the last, along the line that changes most, and the name of that line;
/// it reads the intervals.
pub(super) fn title_of_lines(panel: &SweepPanel, index: &str) -> (String, String) {
    let ends = panel.lines.iter().filter_map(|line| {
        let (first, last) = (line.values.first()?, line.values.last()?);
        Some((line, first, last))
    });
    let change =
        |(_, first, last): &(&SweepLine, &SweptValue, &SweptValue)| (last.mean - first.mean).abs();
    let Some((line, first, last)) = ends.max_by(|a, b| change(a).total_cmp(&change(b))) else {
        return (quantity(index), String::new());
    };
    let name = crate::report::words::capitalised(&short(index));
    // A unit in brackets goes behind the numbers.
    let bracket = panel
        .across
        .strip_suffix(')')
        .and_then(|label| label.rsplit_once(" ("));
    let (across, unit) = bracket.unwrap_or((&panel.across, ""));
    let verb = if first.interval_95.1 < last.interval_95.0 {
        "rises"
    } else if last.interval_95.1 < first.interval_95.0 {
        "falls"
    } else {
        let title = format!("{name} does not clearly change with {across}");
        return (title, line.name.clone());
    };
    if !panel.is_joined {
        return (format!("{name} {verb} with {across}"), String::new());
    }
    let print = three_figures;
    let x = |value: &SweptValue| match panel.words.get(value.x.max(0.0) as usize) {
        Some(words) => words.clone(),
        None if value.x.fract() == 0.0 => number(value.x, 0),
        None => format!("{}", value.x),
    };
    let title = format!(
        "{name} {verb} from {} to {} {} as {across} goes from {} to {} {unit}",
        print(first.mean),
        print(last.mean),
        panel.unit,
        x(first),
        x(last),
    );
    (title.trim_end().to_owned(), line.name.clone())
}

pub(super) fn title_of_map(panel: &MapPanel) -> String {
    let means = || {
        panel
            .cells
            .iter()
            .map(|cell| cell.mean)
            .filter(|v| v.is_finite())
    };
    let (least, most) = (
        means().fold(f64::INFINITY, f64::min),
        means().fold(f64::NEG_INFINITY, f64::max),
    );
    if !least.is_finite() {
        return panel.quantity.clone();
    }
    let doubtful = panel.cells.iter().filter(|cell| cell.is_doubtful()).count();
    let print = three_figures;
    let known = match doubtful {
        0 => "no point is in doubt".to_owned(),
        1 => "one point is in doubt".to_owned(),
        some => format!("{some} of {} points are in doubt", panel.cells.len()),
    };
    format!(
        "{} spans {} to {} {}; {known}",
        crate::report::words::capitalised(&short(&panel.index)),
        print(least),
        print(most),
        panel.unit
    )
}

//! Name, time frame, windows, milestones.

use super::Context;
use crate::quantity::{Instant, MS_PER_DAY, MS_PER_HOUR, Span};
use crate::scenario::mistake::suggestion;
use crate::scenario::raw::{self, Scenario};
use crate::scenario::time;
use crate::system::{Mode, Window};

/// What the scenario's own table says.
pub(crate) struct Study {
    pub name: String,
    pub title: String,
    pub mode: Mode,
    pub windows: Vec<Window>,
    pub headline_window: usize,
    pub milestones: Vec<(i64, String)>,
}

/// The mode as the system has it.
pub(crate) fn mode(mode: raw::Mode) -> Mode {
    match mode {
        raw::Mode::Study => Mode::Study,
        raw::Mode::Forecast => Mode::Forecast,
        raw::Mode::Hindcast => Mode::Hindcast,
    }
}

/// Reads the scenario's own table, and sets the time frame of the context.
pub(crate) fn study(raw: &Scenario, context: &mut Context<'_>) -> Study {
    let written = &raw.scenario;
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let name = &written.name;
    if name.is_empty() || name.starts_with('-') || name.len() > 80 || !name.chars().all(plain) {
        context.wrong(
            "scenario.name",
            format!("{name:?} cannot name a folder"),
            "letters, digits, - and _, as \"kazakhstan-2022\"",
        );
    }
    context.start_unix_ms = time::instant(&written.start).unwrap_or(0);
    if context.start_unix_ms.rem_euclid(MS_PER_HOUR) != 0 {
        context.wrong(
            "scenario.start",
            "does not begin on a whole hour",
            "minutes and seconds 00",
        );
    }
    match horizon(written, context) {
        Some(horizon) => context.horizon = horizon,
        None => context.horizon_known = false,
    }
    if context.places.is_broken("scenario.start") {
        context.horizon_known = false;
    }
    let mut windows = windows(raw, context);
    let all = Window {
        name: "all".to_owned(),
        from: Instant::START,
        until: context.end(),
    };
    windows.push(all);
    let headline_window = windows
        .iter()
        .position(|window| window.name == written.headline_window);
    if headline_window.is_none() {
        let right = suggestion(
            &written.headline_window,
            windows.iter().map(|window| window.name.as_str()),
        );
        context.wrong(
            "scenario.headline_window",
            format!("there is no window named {:?}", written.headline_window),
            right,
        );
    }
    let mut milestones = Vec::new();
    for (index, milestone) in written.milestones.iter().enumerate() {
        let at = context.offset(&milestone.at);
        if context.horizon_known && !(0..=context.horizon.0).contains(&at) {
            context.wrong(
                &format!("scenario.milestones[{index}].at"),
                "lies outside the horizon",
                "a moment within it",
            );
        }
        milestones.push((at, milestone.text.clone()));
    }
    milestones.sort();
    Study {
        name: name.clone(),
        title: written.title.clone().unwrap_or_else(|| name.clone()),
        mode: mode(written.mode),
        windows,
        headline_window: headline_window.unwrap_or(0),
        milestones,
    }
}

fn horizon(written: &raw::Study, context: &mut Context<'_>) -> Option<Span> {
    let milliseconds = match (written.duration_days, written.duration_hours) {
        (Some(days), None) => libm::rint(days * MS_PER_DAY as f64) as i64,
        (None, Some(hours)) => i64::from(hours) * MS_PER_HOUR,
        (None, None) => {
            if !context.places.any_broken("scenario") {
                context.wrong(
                    "scenario",
                    "the length of the horizon is missing",
                    "duration_days, or duration_hours",
                );
            }
            return None;
        }
        (Some(_), Some(_)) => {
            context.wrong(
                "scenario.duration_days",
                "the length of the horizon is given twice",
                "duration_days or duration_hours",
            );
            return None;
        }
    };
    if milliseconds <= 0 || milliseconds % MS_PER_HOUR != 0 {
        context.wrong(
            "scenario.duration_days",
            "is not a whole number of hours",
            "as 21, or 0.5",
        );
        return None;
    }
    Some(Span(milliseconds))
}

fn windows(raw: &Scenario, context: &mut Context<'_>) -> Vec<Window> {
    let mut windows = Vec::new();
    for (index, written) in raw.window.iter().enumerate() {
        let path = format!("window[{index}]");
        if written.name == "all" {
            context.wrong(
                &format!("{path}.name"),
                "the name `all` is taken by the whole horizon",
                "another name",
            );
        }
        let (from, until) = (
            context.offset(&written.from),
            context.offset(&written.until),
        );
        if context.places.any_broken(&path) {
            continue;
        }
        if until <= from {
            context.wrong(
                &format!("{path}.until"),
                "the end does not come after the begin",
                "from before until",
            );
        } else if context.horizon_known && (from < 0 || until > context.horizon.0) {
            let key = if from < 0 { "from" } else { "until" };
            context.wrong(
                &format!("{path}.{key}"),
                "lies outside the horizon",
                "a window within it",
            );
        }
        windows.push(Window {
            name: written.name.clone(),
            from: Instant(from),
            until: Instant(until),
        });
    }
    windows.sort_by(|a, b| a.name.cmp(&b.name));
    windows
}

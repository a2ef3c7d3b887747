//! Figure 4: the loss by cause.

use crate::engine::Cause;
use crate::report::chart::{CauseOfLoss, CausesFigure};
use crate::report::facts::Facts;
use crate::report::numerals::signed;
use crate::report::small_print::Small;
use crate::report::words::{Direction, capitalised, direction};

/// A cause as readers call it.
pub(crate) fn in_words(cause: Cause) -> &'static str {
    match cause {
        Cause::Supply => "no power supply",
        Cause::Order => "order to curtail",
        Cause::Contract => "contract call",
        Cause::Price => "price too high",
        Cause::Link => "no internet link",
        Cause::Restart => "restart and ramp",
        Cause::Heat => "heat",
        Cause::Stale => "stale work",
    }
}

/// A cause as a title calls it, and whether that is a plural.
fn in_title(cause: Cause) -> (&'static str, bool) {
    match cause {
        Cause::Supply => ("missing power", false),
        Cause::Order => ("orders to curtail", true),
        Cause::Contract => ("contract calls", true),
        Cause::Price => ("high prices", true),
        Cause::Link => ("the missing internet link", false),
        Cause::Restart => ("restarts", true),
        Cause::Heat => ("heat", false),
        Cause::Stale => ("stale work", false),
    }
}

/// Means over futures in EH/s-days, in the order of attribution; causes that never took anything
/// are left out.
pub(crate) fn means(facts: &Facts<'_>) -> Vec<(Cause, f64)> {
    let (window, prefix) = (facts.window_name(), facts.loss().by_cause);
    let mean = |cause: Cause| {
        let index = format!("{prefix}{}", cause.name());
        let row = facts.row(window, "network", &index)?;
        row.mean
            .filter(|_| !row.never_happened())
            .map(|mean| (cause, mean))
    };
    Cause::ALL.into_iter().filter_map(mean).collect()
}

/// The figure; none where nothing was lost.
pub(super) fn figure(facts: &Facts<'_>) -> Option<CausesFigure> {
    let names = facts.loss();
    let window = facts.window()?;
    let total = facts.row(&window.name, "network", names.days)?;
    let causes = means(facts);
    if causes.is_empty() {
        return None;
    }
    let against = if facts.system().has_event() {
        "against the same futures without the event"
    } else {
        "against what is installed"
    };
    let gained = causes.iter().any(|&(_, mean)| mean < 0.0) && facts.system().has_event();
    let subtitle = if gained {
        "Green, below zero: this cause takes less than without the event, because another was there \
         first"
    } else {
        ""
    };
    let small = Small {
        interval: "total: P5–P95 of futures",
        estimator: "means over futures, first cause at each instant",
        window: facts.span_in_words(window),
    };
    let total_mean: f64 = causes.iter().map(|(_, mean)| mean).sum();
    Some(CausesFigure {
        frame: facts.frame(title(facts, &causes, total_mean), subtitle, small),
        quantity: format!("Hashrate lost {against}"),
        unit: "EH/s-days".to_owned(),
        column: names.days.to_owned(),
        causes: causes
            .iter()
            .map(|&(cause, mean)| CauseOfLoss {
                cause: in_words(cause).to_owned(),
                mean,
            })
            .collect(),
        total_mean,
        total_p5: total.p5?,
        total_median: total.p50?,
        total_p95: total.p95?,
    })
}

/// The largest cause with its part of the net loss, then up to three others that matter.
fn title(facts: &Facts<'_>, causes: &[(Cause, f64)], total: f64) -> String {
    let (window, names) = (facts.window_name(), facts.loss());
    let range = facts.outcomes(window, "network", names.days);
    // Of what is installed nobody finds more; an event may also save something.
    let has_event = facts.system().has_event();
    let is_loss =
        range.is_some_and(|range| !has_event || direction(range.p5, range.p95) == Direction::Rose);
    if !is_loss || total <= 0.0 {
        return "A loss cannot be told from none; its causes on average".to_owned();
    }
    let mut ordered = causes.to_vec();
    ordered.sort_by(|a, b| b.1.total_cmp(&a.1));
    let percent = |mean: f64| signed(100.0 * mean / total, 0).replace('+', "");
    let Some(&(first, mean)) = ordered.first() else {
        return String::new();
    };
    let takes = if in_title(first).1 { "take" } else { "takes" };
    // Where others gained, the first may take more than there is on balance.
    let part = match mean / total {
        whole if whole >= 0.995 => "all".to_owned(),
        _ => format!("{} %", percent(mean)),
    };
    let mut title = format!(
        "{} {takes} {part} of the loss",
        capitalised(in_title(first).0)
    );
    let matters = |&&(_, mean): &&(Cause, f64)| (mean / total).abs() >= 0.015;
    for (cause, mean) in ordered.iter().skip(1).filter(matters).take(3) {
        title.push_str(&format!(", {} {} %", in_title(*cause).0, percent(*mean)));
    }
    title
}

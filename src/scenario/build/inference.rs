//! What is known beside the observations, for saying how much was truly missing.

use super::Context;
use crate::quantity::MS_PER_DAY;
use crate::scenario::raw;
use crate::system::{Baseline, Inference, Observed, Timeline};

/// The lowest and highest loss that a prior may reach, and its least width.
const LOSSES: (f64, f64, f64) = (0.0, 0.95, 0.01);

/// The table `[observed.inference]`, held against the observations.
pub(crate) fn inference(
    written: &raw::Inference,
    observed: &Observed,
    context: &mut Context<'_>,
) -> Inference {
    let prior = range(written.prior, [0.0, 0.3]);
    if !(prior.0 >= LOSSES.0 && prior.1 <= LOSSES.1 && prior.1 - prior.0 >= LOSSES.2) {
        context.wrong(
            "observed.inference.prior",
            format!("[{}, {}] is no range of losses", prior.0, prior.1),
            "[0, 0.3]: shares of the world from 0 to 0.95, at least 0.01 apart",
        );
    }
    let growth = range(written.growth_per_week, [0.0, 0.03]);
    if !(growth.0 >= -0.5 && growth.0 <= growth.1 && growth.1 <= 0.5) {
        context.wrong(
            "observed.inference.growth_per_week",
            format!("[{}, {}] is no range of growth", growth.0, growth.1),
            "[0, 0.03]: shares per week from -0.5 to 0.5, the lower first",
        );
    }
    let factors = written.pool_factors.clone();
    let pool_factors = factors.unwrap_or_else(|| vec![0.8, 1.0, 1.0, 1.25]);
    let sound = |factor: &f64| *factor > 0.0 && *factor <= 10.0;
    if pool_factors.is_empty() || pool_factors.len() > 100 || !pool_factors.iter().all(sound) {
        context.wrong(
            "observed.inference.pool_factors",
            "these are no factors",
            "[0.8, 1, 1, 1.25]: 1 to 100 numbers above 0 and up to 10",
        );
    }
    let timelines = timelines(written, context);
    let baselines = baselines(written, &timelines, context);
    let inference = Inference {
        timelines,
        baselines,
        prior,
        growth_per_week: growth,
        pools_as_instants: written.pools_as_instants,
        pool_factors,
        pool_error: written.pool_error,
    };
    held_against(&inference, observed, context);
    inference
}

fn range(written: Option<[f64; 2]>, otherwise: [f64; 2]) -> (f64, f64) {
    let [low, high] = written.unwrap_or(otherwise);
    (low, high)
}

fn timelines(written: &raw::Inference, context: &mut Context<'_>) -> Vec<Timeline> {
    if written.timeline.is_empty() || written.timeline.len() > 100 {
        context.wrong(
            "observed.inference.timeline",
            "nothing says when it was dark",
            "1 to 100 [[observed.inference.timeline]], each with name and dark = [{ from, until }]",
        );
    }
    let mut timelines = Vec::with_capacity(written.timeline.len());
    for (index, timeline) in written.timeline.iter().enumerate() {
        let path = format!("observed.inference.timeline[{index}].dark");
        let spans: Vec<(i64, i64)> = timeline
            .dark
            .iter()
            .map(|span| (context.offset(&span.from), context.offset(&span.until)))
            .collect();
        let rising = spans.iter().all(|(from, until)| from < until)
            && spans.windows(2).all(|pair| pair[0].1 <= pair[1].0);
        if (spans.is_empty() || !rising) && !context.places.any_broken(&path) {
            context.wrong(
                &path,
                "the spans are none, end before they begin, or overlap",
                "spans in order, each with from before until",
            );
        }
        timelines.push(Timeline {
            name: timeline.name.clone(),
            dark: spans,
            weight: timeline.weight,
        });
    }
    timelines
}

fn baselines(
    written: &raw::Inference,
    timelines: &[Timeline],
    context: &mut Context<'_>,
) -> Vec<Baseline> {
    let mut baselines = Vec::with_capacity(written.baseline.len());
    for (index, baseline) in written.baseline.iter().enumerate() {
        let path = format!("observed.inference.baseline[{index}]");
        let (from, until) = (
            context.offset(&baseline.from),
            context.offset(&baseline.until),
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
        } else if let Some(dark) = timelines
            .iter()
            .find(|timeline| timeline.dark_ms(from, until) > 0)
        {
            context.wrong(
                &format!("{path}.from"),
                format!(
                    "it was dark within the baseline, by timeline {:?}",
                    dark.name
                ),
                "days before the event, or after it",
            );
        }
        baselines.push(Baseline {
            name: baseline.name.clone(),
            from,
            until,
        });
    }
    baselines
}

/// Whether there is anything to infer from.
fn held_against(inference: &Inference, observed: &Observed, context: &mut Context<'_>) {
    const PATH: &str = "observed.inference";
    if inference.baselines.is_empty() && observed.claims.is_empty() {
        if !context.places.any_broken("observed") {
            context.wrong(
                PATH,
                "there is nothing to infer from",
                "[[observed.inference.baseline]] beside observed.blocks_csv, or [[observed.claims]]",
            );
        }
        return;
    }
    let start = context.start_unix_ms;
    let days = || {
        let begins = observed.days.iter().map(|day| day.unix_ms - start);
        begins.map(|begin| (begin, begin + MS_PER_DAY))
    };
    let is_read = days().next().is_some() && !context.places.any_broken("observed");
    if is_read && !inference.baselines.is_empty() {
        let timelines = || inference.timelines.iter();
        if !days().any(|(from, until)| timelines().any(|one| one.dark_ms(from, until) > 0)) {
            context.wrong(
                &format!("{PATH}.timeline"),
                "no day of observed.blocks_csv was dark",
                "dark spans that touch days of the CSV",
            );
        }
    }
    for (index, baseline) in inference.baselines.iter().enumerate() {
        let inside = |(from, until): (i64, i64)| from >= baseline.from && until <= baseline.until;
        if observed.days.is_empty() {
            if !context.places.any_broken("observed.blocks_csv") {
                let right = "observed.blocks_csv, with a row for every day";
                context.wrong(PATH, "a baseline needs counts of blocks", right);
            }
            return;
        }
        if is_read && !days().any(inside) {
            context.wrong(
                &format!("{PATH}.baseline[{index}].from"),
                "no whole UTC day of observed.blocks_csv lies in the baseline",
                "from and until at midnight UTC, around days of the CSV",
            );
        }
    }
}

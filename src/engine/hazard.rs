//! Strikes of hazards, their windows, and orders: dated with drawn delays, or drawn outright.

use super::{Event, Plan, Timeline};
use crate::quantity::{Instant, Span};
use crate::random::{Sampler, Stream};
use crate::system::{HazardTiming, Moment};

/// One strike of a hazard in one replication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Strike {
    /// The hazard.
    pub hazard: usize,
    /// Which strike of it: the ordinal of the draws that choose what it hits.
    pub ordinal: u64,
}

/// When a moment comes in this replication, not before the start.
pub(super) fn moment(moment: Moment, inputs: &[f64]) -> Instant {
    let delay = Span::from_minutes(moment.plus_minutes.get(inputs));
    (moment.at + delay).max(Instant::START)
}

/// Draws all strikes, windows and orders of one replication into the timeline.
///
/// Draws of the stream `hazard/NAME`: a dated hazard uses draw 0 for its chance; a drawn one
/// uses draws 3k, 3k+1, 3k+2 for the gap before strike k, its chance and its duration.
pub(super) fn draw(
    plan: &Plan<'_>,
    replication: u32,
    inputs: &[f64],
    strikes: &mut Vec<Strike>,
    timeline: &mut Timeline,
) {
    let system = plan.system;
    let horizon = Instant(system.horizon.0);
    let mut happened = Vec::new();
    strikes.clear();
    for (index, hazard) in system.hazards.iter().enumerate() {
        let stream = Stream::new(system.seed, hazard.stream, replication);
        let chance = hazard.chance.get(inputs);
        let mut strike = |from: Instant, until: Instant, ordinal: u64| {
            if until > from && from < horizon {
                let slot = strikes.len() as u16;
                strikes.push(Strike {
                    hazard: index,
                    ordinal,
                });
                timeline.push(from, Event::StrikeBegin(slot));
                if until < horizon {
                    timeline.push(until, Event::StrikeEnd(slot));
                }
            }
        };
        let mut any = false;
        match &hazard.timing {
            HazardTiming::Dated { from, until } => {
                any = stream.uniform_at(0) < chance;
                if any {
                    strike(moment(*from, inputs), moment(*until, inputs), 0);
                }
            }
            HazardTiming::Drawn {
                rate_per_year,
                duration,
                from,
                until,
            } => {
                let duration = Sampler::new(*duration);
                let mean_gap_h = 8760.0 / rate_per_year.get(inputs);
                let mut at = *from;
                for ordinal in 0.. {
                    let gap = -libm::log(stream.uniform_at(3 * ordinal)) * mean_gap_h;
                    at = at + Span::from_hours(gap.min(1e9));
                    if at >= *until || at >= horizon {
                        break;
                    }
                    if stream.uniform_at(3 * ordinal + 1) < chance {
                        let hours = duration.quantile_h(stream.uniform_at(3 * ordinal + 2));
                        strike(at, at + Span::from_hours(hours), ordinal);
                    }
                }
            }
        }
        happened.push(any);
    }
    for (slot, &(hazard, k)) in plan.windows.iter().enumerate() {
        let window = &system.hazards[hazard].windows[k];
        let stream = Stream::new(system.seed, window.stream, replication);
        let (from, until) = (moment(window.from, inputs), moment(window.until, inputs));
        let opens = happened[hazard] && stream.uniform_at(0) < window.chance.get(inputs);
        if opens && until > from && from < horizon {
            timeline.push(from, Event::WindowOpen(slot as u16));
            if until < horizon {
                timeline.push(until, Event::WindowClose(slot as u16));
            }
        }
    }
    for (index, order) in system.orders.iter().enumerate() {
        let (from, until) = (moment(order.from, inputs), moment(order.until, inputs));
        if until > from && from < horizon {
            timeline.push(from, Event::OrderBegin(index as u16));
            if until < horizon {
                timeline.push(until, Event::OrderEnd(index as u16));
            }
        }
    }
}

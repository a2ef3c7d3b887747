//! The verb: replicate.

use super::draw;
use super::futures::Futures;
use super::plain::Days;
use super::rejoin::{REJOIN_EVERY_H, Twin};
use super::{Plan, Recorder, State, View, apply::reaches_somebody};
use crate::quantity::{Instant, MS_PER_HOUR};

/// Rounds of events at one instant before the scenario is said to storm.
const STORM_ROUNDS: u32 = 10_000;

/// Why a replication could not be completed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// Share, load and world level contradict each other.
    #[error(
        "replication {replication} (seed {seed}): no draw of share, running load and world level \
         gives an efficiency within the accepted range; widen the range or the distributions"
    )]
    Calibration {
        /// Replication.
        replication: u32,
        /// Study seed.
        seed: u64,
    },
    /// Events at one instant did not come to an end.
    #[error(
        "replication {replication} (seed {seed}): events at {hours} h did not come to an end; \
         last was {last}"
    )]
    Storm {
        /// Replication.
        replication: u32,
        /// Study seed.
        seed: u64,
        /// Hours since the start, as text.
        hours: String,
        /// The last event.
        last: String,
    },
}

/// What a replication did, beside what its recorders saw.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Run {
    /// Events applied, alarms included.
    pub events: u64,
    /// Times at which the state was brought up to date.
    pub refreshes: u64,
}

impl std::ops::AddAssign for Run {
    fn add_assign(&mut self, other: Self) {
        self.events += other.events;
        self.refreshes += other.refreshes;
    }
}

/// One worker's room for replications of one plan.
pub struct Replicator<'p> {
    plan: &'p Plan<'p>,
    futures: Futures,
    /// The replication whose futures were put in from elsewhere, so that they are not drawn.
    given: Option<u32>,
    state: State,
    twin: State,
    days: Days,
}

impl<'p> Replicator<'p> {
    /// Room for one replication at a time; nothing is allocated while it runs.
    pub fn new(plan: &'p Plan<'p>) -> Self {
        let state = State::new(plan);
        Self {
            plan,
            futures: Futures::new(plan),
            given: None,
            twin: state.clone(),
            days: Days::default(),
            state,
        }
    }

    /// Exchanges what was drawn with another replicator, whose last replication is the next of
    /// this one: it is not drawn again. Both systems must look alike to draws, see
    /// [`super::write_what_draws_see`].
    pub fn take_futures(&mut self, other: &mut Replicator<'_>) {
        std::mem::swap(&mut self.futures, &mut other.futures);
        self.given = Some(self.futures.replication);
    }

    /// Draws a replication, unless it was put in.
    fn draw(&mut self, replication: u32) -> Result<(), EngineError> {
        if self.given.take() == Some(replication) {
            return Ok(());
        }
        draw::draw(self.plan, replication, &mut self.futures)
    }

    /// The last replication: its future, and its state at the horizon.
    pub fn view(&self) -> View<'_> {
        View {
            plan: self.plan,
            futures: &self.futures,
            state: &self.state,
        }
    }

    /// Draws one future, lets it happen, shows it to the recorder, and appends its row.
    ///
    /// # Errors
    /// See [`EngineError`]; the row is then incomplete and must not be used.
    pub fn replicate<R: Recorder>(
        &mut self,
        replication: u32,
        recorder: &mut R,
        row: &mut Vec<i64>,
    ) -> Result<Run, EngineError> {
        if !R::STATE && !R::HOURS && self.plan.plain.is_some() {
            return Ok(self.replicate_plainly(replication, recorder, row));
        }
        self.draw(replication)?;
        let (plan, futures) = (self.plan, &self.futures);
        let mut run = begin(plan, futures, &mut self.state, false, recorder);
        let state = &mut self.state;
        drive(plan, futures, state, recorder, Instant::NEVER, &mut run)?;
        recorder.close(self.view(), row);
        Ok(run)
    }

    /// The same by the short way of plain grids.
    fn replicate_plainly<R: Recorder>(
        &mut self,
        replication: u32,
        recorder: &mut R,
        row: &mut Vec<i64>,
    ) -> Run {
        draw::draw_loads_alone(self.plan, replication, &mut self.futures);
        recorder.begin(self.view());
        let Some(units) = &self.plan.plain else {
            return Run::default();
        };
        let view = View {
            plan: self.plan,
            futures: &self.futures,
            state: &self.state,
        };
        let (events, refreshes) = units.replicate(
            self.plan,
            &self.futures,
            &mut self.days,
            |from, until, lacking| recorder.shortage(view, from, until, &[lacking]),
        );
        recorder.close(view, row);
        Run { events, refreshes }
    }

    /// The same, and beside it the paired run without the event's hazards and orders. It is
    /// equal until the event begins, so it starts there, from a copy of the state; and where it
    /// has come to the same state again after the last of the event, it is equal from there on.
    /// The twin is not closed: whoever owns both takes the difference.
    ///
    /// # Errors
    /// As [`Replicator::replicate`].
    pub fn replicate_paired<R: Recorder, T: Twin<R>>(
        &mut self,
        replication: u32,
        recorder: &mut R,
        twin: &mut T,
        row: &mut Vec<i64>,
    ) -> Result<Run, EngineError> {
        self.draw(replication)?;
        let (plan, futures) = (self.plan, &self.futures);
        let (first, last) = event_span(plan, futures);
        let mut run = Run::default();
        if first == Instant::START {
            // The event is there from the first moment: nothing is shared but the draws.
            run += begin(plan, futures, &mut self.twin, true, twin);
            run += begin(plan, futures, &mut self.state, false, recorder);
        } else {
            run += begin(plan, futures, &mut self.state, false, recorder);
            drive(plan, futures, &mut self.state, recorder, first, &mut run)?;
            self.twin.clone_from(&self.state);
            self.twin.goes_on_without_event();
            twin.fork(recorder);
        }
        let rejoined = R::HOURS && T::HOURS && T::REJOINS && {
            let last = last.max(first);
            self.run_until_equal(last, recorder, twin, &mut run)?
        };
        let futures = &self.futures;
        let state = &mut self.state;
        drive(plan, futures, state, recorder, Instant::NEVER, &mut run)?;
        if rejoined {
            twin.finish(recorder);
        } else {
            let state = &mut self.twin;
            drive(plan, futures, state, twin, Instant::NEVER, &mut run)?;
        }
        recorder.close(self.view(), row);
        Ok(run)
    }

    /// Runs both side by side after the last of the event until they are equal, or until the
    /// horizon is near; true where they are.
    fn run_until_equal<R: Recorder, T: Twin<R>>(
        &mut self,
        last: Instant,
        recorder: &mut R,
        twin: &mut T,
        run: &mut Run,
    ) -> Result<bool, EngineError> {
        let (plan, futures) = (self.plan, &self.futures);
        let every = REJOIN_EVERY_H * MS_PER_HOUR;
        if last == Instant::NEVER {
            return Ok(false);
        }
        let mut at = Instant((last.0 / every + 1) * every);
        while at.0 < plan.system.horizon.0 {
            drive(plan, futures, &mut self.state, recorder, at, run)?;
            drive(plan, futures, &mut self.twin, twin, at, run)?;
            if self.state.goes_on_as(&self.twin, at) {
                settle(plan, futures, &mut self.twin, twin, true, at);
                let state = &self.twin;
                let view = View {
                    plan,
                    futures,
                    state,
                };
                twin.boundary(view, at);
                let past = Instant(at.0 + 1);
                drive(plan, futures, &mut self.state, recorder, past, run)?;
                twin.rejoin(recorder, at);
                return Ok(true);
            }
            at = Instant(at.0 + every);
        }
        Ok(false)
    }
}

/// When the event first reaches somebody, and its last change; [`Instant::NEVER`] where there is
/// none.
fn event_span(plan: &Plan<'_>, futures: &Futures) -> (Instant, Instant) {
    let timeline = futures.timeline();
    let mut ours = (0..timeline.len())
        .filter(|&position| reaches_somebody(plan, futures, timeline.event(position)))
        .map(|position| timeline.time(position));
    let first = ours.next().unwrap_or(Instant::NEVER);
    (first, ours.next_back().unwrap_or(first))
}

/// Sets the first state and shows it.
fn begin<R: Recorder>(
    plan: &Plan<'_>,
    futures: &Futures,
    state: &mut State,
    without_event: bool,
    recorder: &mut R,
) -> Run {
    state.reset(plan, futures, without_event);
    state.refresh(
        plan,
        futures,
        R::HOURS || plan.system.needs_hours(),
        R::ENERGY,
    );
    recorder.begin(View {
        plan,
        futures,
        state,
    });
    state.is_seen();
    Run {
        events: state.cursor as u64,
        refreshes: 1,
    }
}

/// Lets things happen until the horizon, or until just before `stop`.
fn drive<R: Recorder>(
    plan: &Plan<'_>,
    futures: &Futures,
    state: &mut State,
    recorder: &mut R,
    stop: Instant,
    run: &mut Run,
) -> Result<(), EngineError> {
    let hours = R::HOURS || plan.system.needs_hours();
    let horizon = Instant(plan.system.horizon.0);
    if state.now >= horizon {
        return Ok(());
    }
    let mut exogenous = futures.timeline.time(state.cursor);
    loop {
        let boundary = match plan.boundaries.get(state.boundary) {
            Some(&boundary) if hours => boundary,
            _ => horizon,
        };
        let next = exogenous
            .min(state.agenda.next_time())
            .min(boundary)
            .min(horizon);
        // Before settling: whoever goes on from here settles the same stretch.
        if next >= stop {
            return Ok(());
        }
        if next > state.now {
            state.rounds = 0;
            settle(plan, futures, state, recorder, hours, next);
        }
        state.now = next;
        if hours && next == boundary {
            recorder.boundary(
                View {
                    plan,
                    futures,
                    state,
                },
                next,
            );
            state.boundary += 1;
            if next < horizon && next.0 % MS_PER_HOUR == 0 {
                state.hour_begins(plan, futures);
            }
        }
        if next >= horizon {
            return Ok(());
        }
        let mut last = None;
        while exogenous == next {
            let event = futures.timeline.event(state.cursor);
            recorder.event(
                View {
                    plan,
                    futures,
                    state,
                },
                event,
            );
            state.cursor += 1;
            exogenous = futures.timeline.time(state.cursor);
            state.apply(plan, futures, event);
            run.events += 1;
        }
        while state.agenda.next_time() == next {
            let ring = state.agenda.pop();
            recorder.ring(
                View {
                    plan,
                    futures,
                    state,
                },
                ring,
            );
            state.answer(plan, futures, ring);
            state.agenda.answered();
            run.events += 1;
            last = Some(ring);
            state.rounds += 1;
            if state.rounds > STORM_ROUNDS {
                return Err(storm(plan, futures, next, format!("{last:?}")));
            }
        }
        state.refresh(plan, futures, hours, R::ENERGY);
        run.refreshes += 1;
        recorder.changed(View {
            plan,
            futures,
            state,
        });
        state.is_seen();
        state.rounds += 1;
        if state.rounds > STORM_ROUNDS {
            return Err(storm(plan, futures, next, format!("{last:?}")));
        }
    }
}

/// Nothing changes from now until `until`: tells the recorder what goes unserved meanwhile.
fn settle<R: Recorder>(
    plan: &Plan<'_>,
    futures: &Futures,
    state: &mut State,
    recorder: &mut R,
    hours: bool,
    until: Instant,
) {
    if !hours {
        state.scan_shortages(plan, futures, until, |state, from, to, unserved| {
            recorder.shortage(
                View {
                    plan,
                    futures,
                    state,
                },
                from,
                to,
                unserved,
            );
        });
    } else if state.is_short {
        let from = state.now;
        recorder.shortage(
            View {
                plan,
                futures,
                state,
            },
            from,
            until,
            &state.unserved,
        );
    }
}

fn storm(plan: &Plan<'_>, futures: &Futures, at: Instant, last: String) -> EngineError {
    EngineError::Storm {
        replication: futures.replication,
        seed: plan.system.seed,
        hours: format!("{:.3}", at.0 as f64 / MS_PER_HOUR as f64),
        last,
    }
}

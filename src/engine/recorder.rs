//! The contract between the engine and whoever wishes to know something.

use super::{Event, Futures, Plan, Ring, State};
use crate::quantity::Instant;

/// What a recorder may see: everything, and change nothing.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// The plan and, in it, the system.
    pub plan: &'a Plan<'a>,
    /// What was drawn before the first event.
    pub futures: &'a Futures,
    /// How it is now.
    pub state: &'a State,
}

/// Sees one replication go by and closes it into a row of integers.
///
/// The engine calls, in this order: [`Recorder::begin`]; then for every stretch of time
/// [`Recorder::shortage`] if load went unserved in it, [`Recorder::boundary`] at its end if
/// that is an hour or the edge of a window, the events at its end, and [`Recorder::changed`]
/// with the state that holds from there on; at last [`Recorder::close`].
///
/// `HOURS`, `ENERGY` and `STATE` are the grain a recorder asks for; the engine does the least work that
/// serves the finest asked for, and asking for more changes no bit of another's row.
pub trait Recorder {
    /// Wants to be called at every hour, and to see farms and flows.
    const HOURS: bool = false;
    /// Wants generation by class and flows, that is the energy market cleared at every change.
    const ENERGY: bool = false;

    /// Looks at states and events; else at shortages alone, and then the views it is given hold
    /// no state worth looking at.
    const STATE: bool = true;

    /// A replication begins; its first state is in the view.
    fn begin(&mut self, view: View<'_>);
    /// The state has changed, and holds from `view.state.now` on.
    fn changed(&mut self, view: View<'_>) {
        let _ = view;
    }
    /// An hour or the edge of a window is reached; the state is that of the time before it.
    fn boundary(&mut self, view: View<'_>, at: Instant) {
        let _ = (view, at);
    }
    /// Firm load (W, by zone) went unserved over a stretch of time.
    fn shortage(&mut self, view: View<'_>, from: Instant, until: Instant, unserved: &[i64]) {
        let _ = (view, from, until, unserved);
    }
    /// An exogenous event is about to be applied.
    fn event(&mut self, view: View<'_>, event: Event) {
        let _ = (view, event);
    }
    /// An alarm is about to be answered.
    fn ring(&mut self, view: View<'_>, ring: Ring) {
        let _ = (view, ring);
    }
    /// The horizon is reached: the row of this replication, appended.
    fn close(&mut self, view: View<'_>, row: &mut Vec<i64>);
}

/// Records nothing.
impl Recorder for () {
    fn begin(&mut self, _view: View<'_>) {}
    fn close(&mut self, _view: View<'_>, _row: &mut Vec<i64>) {}
}

macro_rules! tuple {
    ($($name:ident . $index:tt),+) => {
        impl<$($name: Recorder),+> Recorder for ($($name,)+) {
            const HOURS: bool = $($name::HOURS)||+;
            const ENERGY: bool = $($name::ENERGY)||+;
            const STATE: bool = $($name::STATE)||+;
            fn begin(&mut self, view: View<'_>) { $(self.$index.begin(view);)+ }
            fn changed(&mut self, view: View<'_>) { $(self.$index.changed(view);)+ }
            fn boundary(&mut self, view: View<'_>, at: Instant) {
                $(self.$index.boundary(view, at);)+
            }
            fn shortage(&mut self, view: View<'_>, from: Instant, until: Instant, unserved: &[i64]) {
                $(self.$index.shortage(view, from, until, unserved);)+
            }
            fn event(&mut self, view: View<'_>, event: Event) { $(self.$index.event(view, event);)+ }
            fn ring(&mut self, view: View<'_>, ring: Ring) { $(self.$index.ring(view, ring);)+ }
            fn close(&mut self, view: View<'_>, row: &mut Vec<i64>) {
                $(self.$index.close(view, row);)+
            }
        }
    };
}
tuple!(A.0);
tuple!(A.0, B.1);
tuple!(A.0, B.1, C.2);
tuple!(A.0, B.1, C.2, D.3);
tuple!(A.0, B.1, C.2, D.3, E.4);

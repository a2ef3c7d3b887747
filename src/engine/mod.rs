//! What happens: one replication of a system, event by event.
//!
//! May enter: the system, dispatch, connectivity, addressed randomness.
//! May not enter: threads, files, statistics over replications, wishes of a single metric.
//!
//! The whole room on one page (see [`Replicator::replicate`]):
//!
//! ```text
//! loop {
//!     let (now, event) = next(&mut timeline, &mut agenda);  // one integer comparison
//!     settle(last..now, recorders);                         // state is constant here
//!     apply(event);                                         // marks what is dirty
//!     refresh();                                            // links, orders, farms, dispatch
//! }
//! ```

mod agenda;
mod alternate;
mod apply;
mod chain;
mod contracts;
mod draw;
mod event;
mod farm;
mod futures;
mod hazard;
mod hourly;
mod hours;
mod ladder;
mod links;
mod marks;
mod plain;
mod plan;
mod prepared;
mod price;
mod recorder;
mod refresh;
mod rejoin;
mod run;
mod shares;
mod slack;
mod state;
mod store;
mod timeline;
mod units;
mod wind;

pub use agenda::Agenda;
pub use draw::{sun_shares, write_what_draws_see};
pub use event::{Event, Ring};
pub use farm::FarmState;
pub use futures::Futures;
pub use plan::Plan;
pub use recorder::{Recorder, View};
pub use rejoin::{REJOIN_EVERY_H, Twin};
pub use run::{EngineError, Replicator, Run};
pub use shares::{Cause, Shares};
pub use state::State;
pub use store::StoreState;
pub use timeline::Timeline;

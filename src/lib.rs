//! hashfall: when plants fail, lines trip, the grid sheds load or a country's internet goes
//! dark, how much Bitcoin hashrate falls, and how hard did mining lean on the grid?
//!
//! It draws thousands of possible futures of one scenario (Monte Carlo over a discrete-event
//! model) and reports estimates that carry their error. This page is a tour of the library
//! under the command line; the manual is in `docs/`, how to add to it in `CONTRIBUTING.md`.
//!
//! # Four nouns, one verb
//!
//! - **System** ([`system::System`]): what exists. Immutable, flat arrays with typed indices,
//!   built once from a validated scenario.
//! - **State** ([`engine::State`]): how it is now, in one replication.
//! - **Dispatch** ([`dispatch::Market`]): what the grid does with that state: who is served, who
//!   is curtailed, who is shed, what flows.
//! - **Recorder** ([`engine::Recorder`]): what one wishes to know. Sees the state, never changes
//!   it, and closes each replication into a row of integers.
//!
//! The verb is *replicate* ([`engine::Replicator::replicate`]): draw one future of the System,
//! let it happen, show it to the Recorders.
//!
//! # From a file to a number
//!
//! ```text
//! scenario.toml + CSV ──scenario──▶ System ──engine::Plan──▶ Replicator
//!                                                               │ replication 0, 1, 2 ...
//!                                                               ▼
//!          summary, charts ◀──stats── columns of i64 ◀──measure── Recorders
//! ```
//!
//! [`scenario::read`] turns text into a [`system::System`], or returns every mistake at once.
//! [`engine::Plan`] computes what follows from the System alone. A [`measure::Ensemble`] is a
//! fixed set of recorders; its [`measure::Layout`] names the integers of a row and how they are
//! published. Since rows are integers, they add up to the same bits in any order, on any number
//! of threads; [`stats`] turns them into estimates at the end.
//!
//! Where an answer follows from the System without any draw, [`exact::answer`] computes it, and
//! else says all that stands in the way. What blocks and pools say of a real event's loss
//! ([`bitcoin::inference`]) needs no draw either: [`exact::missing_hashrate`].
//!
//! # A run in twenty lines
//!
//! A grid of one unit of 100 MW against a load of 80 MW: it is short whenever the unit is out,
//! that is for q = MTTR / (MTTF + MTTR) = 10 % of the time.
//!
//! ```
//! use hashfall::engine::{Plan, Replicator};
//! use hashfall::measure::{Ensemble, GridEnsemble, Sink};
//! use hashfall::scenario::{Source, read};
//! use hashfall::stats::{Estimate, Moments};
//!
//! let text = r#"
//!     schema = 1
//!     [scenario]
//!     name = "tiny"
//!     start = "2024-01-01T00:00:00Z"
//!     duration_days = 100
//!     seed = 7
//!
//!     [[zone]]
//!     name = "town"
//!     load_mw = 80
//!
//!     [[plant]]
//!     name = "only"
//!     zone = "town"
//!     capacity_mw = 100
//!     mttf_h = 90
//!     mttr_h = 10
//! "#;
//! let system = read(&Source::text(text), &[])?.system;
//! let plan = Plan::new(&system);
//! let (mut replicator, mut recorders) = (Replicator::new(&plan), GridEnsemble::new(&plan));
//! let layout = GridEnsemble::layout(&plan);
//! let lole = layout.find("all", "system", "lole_h").expect("every grid has it");
//!
//! let mut hours_short = Moments::default();
//! let mut sink = Sink::default();
//! for replication in 0..400 {
//!     recorders.replicate(&mut replicator, replication, &mut sink)?;
//!     hours_short.add(sink.row[lole.slot]);
//! }
//! let estimate = Estimate::of(&hours_short, lole.scale);
//! assert!((estimate.mean - 240.0).abs() < 4.0 * estimate.standard_error);
//!
//! // Any replication can be had alone, and is the same row to the last bit.
//! let again = &mut Sink::default();
//! GridEnsemble::new(&plan).replicate(&mut Replicator::new(&plan), 399, again)?;
//! assert_eq!(again.row, sink.row);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Rooms and floors
//!
//! Modules stand below in the order of their floors; code may only call downward. Each says in
//! its first lines what it is for, what may enter and what may not. `docs/model/` has a chapter
//! for each room that models something, with equations, their sources and their place here.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

// Floor 0: numbers, chance and files.
pub mod quantity;
pub mod random;
pub mod stats;
pub mod store;
// Floor 1: what exists.
pub mod system;
// Floor 2: pure functions of a state; and the reading of scenarios.
pub mod bitcoin;
pub mod connectivity;
pub mod dispatch;
pub mod scenario;
// Floor 3: what happens.
pub mod engine;
// Floor 4: what one wishes to know, by counting or by reckoning.
pub mod exact;
pub mod measure;
// Floor 5: many replications.
pub mod experiment;
// Floor 6: what people read.
pub mod report;
// Floor 7: what people type.
pub mod cli;

/// The code of the pages that show some, run as a test.
#[cfg(doctest)]
mod pages {
    #[doc = include_str!("../CONTRIBUTING.md")]
    mod contributing {}
}

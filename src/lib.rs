//! hashfall: when plants fail, lines trip, the grid sheds load or a country's internet goes
//! dark, how much Bitcoin hashrate falls, and how hard did mining lean on the grid?
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
pub mod connectivity;
pub mod dispatch;
pub mod scenario;
// Floor 3: what happens.
pub mod engine;
// Floor 4: what one wishes to know.
pub mod measure;
// Floor 5: many replications.
pub mod experiment;
// Floor 6: what people read.
pub mod report;
// Floor 7: what people type.
pub mod cli;

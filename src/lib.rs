//! hashfall: when plants fail, lines trip, the grid sheds load or a country's internet goes
//! dark, how much Bitcoin hashrate falls, and how hard did mining lean on the grid?
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod quantity;
pub mod random;
pub mod scenario;
pub mod system;

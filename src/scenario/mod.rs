//! TOML and CSV into a validated [`System`](crate::system::System), or every mistake at once.
//!
//! May enter: paths, text, the rooms below. The only room that reads input.
//! May not enter: anything of a running simulation, threads, output.

pub mod raw;

//! Exact answers against everything that is known exactly: published indices, tables computed
//! for this project by another program, toys small enough to enumerate, and what must be so.

mod drawn;
mod enumeration;
mod references;
mod support;
mod systems;
mod toys;

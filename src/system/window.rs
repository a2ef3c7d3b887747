//! Reporting windows.

use crate::quantity::Instant;

/// A span of time over which results are reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// Name.
    pub name: String,
    /// Begin.
    pub from: Instant,
    /// End.
    pub until: Instant,
}

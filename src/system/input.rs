//! Uncertain inputs: numbers nobody knows, drawn once a replication.

use super::InputId;
use crate::random::{InputLaw, StreamId};

/// One uncertain input.
#[derive(Debug, Clone)]
pub struct Input {
    /// Its name: the path of its key, or the name it was given so that several keys share it.
    pub name: String,
    /// Unit, for tables.
    pub unit: &'static str,
    /// Its distribution.
    pub law: InputLaw,
    /// The stream `input/NAME`; draw 0 is the value (later draws are tries after a rejection).
    pub stream: StreamId,
}

/// A parameter that is either known or one of the uncertain inputs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    /// Known.
    Fixed(f64),
    /// Drawn.
    Drawn(InputId),
}

impl Value {
    /// Its value in a replication whose drawn inputs are given.
    #[inline]
    pub fn get(self, drawn: &[f64]) -> f64 {
        match self {
            Self::Fixed(value) => value,
            Self::Drawn(input) => drawn[input.at()],
        }
    }
}

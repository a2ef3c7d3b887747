//! Where numbers come from.

/// What a scenario may know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Not tied to an event in the past.
    #[default]
    Study,
    /// Only what was known before the event.
    Forecast,
    /// Later sources allowed; marked on every figure.
    Hindcast,
}

impl Mode {
    /// As printed.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Study => "study",
            Self::Forecast => "forecast",
            Self::Hindcast => "hindcast",
        }
    }
}

/// How a number is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Read in a source.
    Sourced,
    /// Computed from sourced numbers.
    Derived,
    /// Assumed.
    Assumed,
}

/// One modelled number, or group of numbers, and its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assumption {
    /// The entity or key it belongs to.
    pub of: String,
    /// Its value as written.
    pub value: String,
    /// How it is known.
    pub basis: Basis,
    /// The source, or why it was assumed.
    pub source: String,
}

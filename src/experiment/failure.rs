//! The first failure of many threads, the same one as often as can be.

use super::ExperimentError;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// Keeps one error and tells everyone to stop.
#[derive(Debug, Default)]
pub(super) struct Failure {
    met: AtomicBool,
    error: Mutex<Option<ExperimentError>>,
}

impl Failure {
    /// Keeps `error`; of several the one of the lowest replication.
    pub fn keep(&self, error: ExperimentError) {
        let mut kept = self.error.lock().unwrap_or_else(PoisonError::into_inner);
        let order =
            |error: &ExperimentError| error.replication().map_or(u64::MAX, |number| number.into());
        if kept
            .as_ref()
            .is_none_or(|older| order(&error) < order(older))
        {
            *kept = Some(error);
        }
        self.met.store(true, Ordering::Release);
    }

    /// Whether any thread failed.
    pub fn met(&self) -> bool {
        self.met.load(Ordering::Acquire)
    }

    /// The kept error.
    pub fn into_result(self) -> Result<(), ExperimentError> {
        match self
            .error
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
        {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn panicked(replication: u32) -> ExperimentError {
        ExperimentError::Panicked {
            replication,
            seed: 1,
            message: String::new(),
        }
    }

    #[test]
    fn the_lowest_replication_is_named() {
        let failure = Failure::default();
        assert!(!failure.met());
        failure.keep(ExperimentError::Threads("none".to_owned()));
        for replication in [9, 4, 7] {
            failure.keep(panicked(replication));
        }
        assert!(failure.met());
        let error = failure.into_result().unwrap_err();
        assert_eq!(error.replication(), Some(4));
        assert!(Failure::default().into_result().is_ok());
    }
}

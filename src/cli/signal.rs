//! Ctrl-C and TERM: the first asks to stop, a second ends at once.

use super::exit::{Failure, Signal};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Listens for signals.
#[derive(Debug)]
pub struct Listener {
    stop: Arc<AtomicBool>,
    /// The code of the last signal, 0 before the first.
    code: Arc<AtomicUsize>,
}

impl Listener {
    /// Begins to listen; from here on the first signal does not end the program.
    ///
    /// # Errors
    /// Where the system does not allow it.
    pub fn begin() -> Result<Self, Failure> {
        let listener = Self {
            stop: Arc::default(),
            code: Arc::default(),
        };
        for (number, signal) in [(SIGINT, Signal::Interrupt), (SIGTERM, Signal::Terminate)] {
            let code = signal.code();
            // In this order: a signal that finds the flag set ends the program; the first only
            // sets it.
            let second = (number, i32::from(code), Arc::clone(&listener.stop));
            flag::register_conditional_shutdown(second.0, second.1, second.2)
                .and_then(|_| {
                    flag::register_usize(number, Arc::clone(&listener.code), usize::from(code))
                })
                .and_then(|_| flag::register(number, Arc::clone(&listener.stop)))
                .map_err(|error| Failure::RunTime(format!("cannot listen for signals: {error}")))?;
        }
        Ok(listener)
    }

    /// Set once a signal came.
    pub fn stop(&self) -> &AtomicBool {
        &self.stop
    }

    /// The signal that came; an interrupt if none is known.
    pub fn signal(&self) -> Signal {
        match self.code.load(Ordering::SeqCst) {
            code if code == usize::from(Signal::Terminate.code()) => Signal::Terminate,
            _ => Signal::Interrupt,
        }
    }
}

//! The progress bar: how far, how fast, how long yet.

use crate::experiment::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{IsTerminal, Write, stderr};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// Where there is no terminal, a line of text this often.
const BETWEEN_LINES: Duration = Duration::from_secs(1);

/// How progress is shown on stderr.
#[derive(Debug)]
pub enum Bar {
    /// Not at all.
    Hidden,
    /// A bar that is drawn over; it appears with the first report.
    Drawn(OnceLock<ProgressBar>),
    /// Lines of text for a log, with the time of the last.
    Lines(Mutex<Option<Instant>>),
}

impl Bar {
    /// A bar, if it is wanted.
    pub fn new(is_wanted: bool) -> Self {
        match (is_wanted, stderr().is_terminal()) {
            (false, _) => Self::Hidden,
            (true, true) => Self::Drawn(OnceLock::new()),
            (true, false) => Self::Lines(Mutex::default()),
        }
    }

    /// Shows how far it is. Replications of earlier runs count as done, but not for the rate.
    pub fn show(&self, progress: Progress) {
        match self {
            Self::Hidden => {}
            Self::Drawn(cell) => {
                let bar = cell.get_or_init(|| begin(progress.total));
                bar.set_position(progress.done);
                bar.set_message(rate_and_rest(progress));
            }
            Self::Lines(last) => {
                let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
                let is_due = last.is_none_or(|last| last.elapsed() >= BETWEEN_LINES);
                if is_due || progress.done == progress.total {
                    let Progress { done, total, .. } = progress;
                    let _ = writeln!(stderr(), "{done} of {total}  {}", rate_and_rest(progress));
                    *last = Some(Instant::now());
                }
            }
        }
    }

    /// Takes it away.
    pub fn end(&self) {
        if let Self::Drawn(cell) = self
            && let Some(bar) = cell.get()
        {
            bar.finish_and_clear();
        }
    }
}

fn begin(total: u64) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr_with_hz(10));
    let style = ProgressStyle::with_template("{bar:32} {human_pos} of {human_len}  {msg}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.enable_steady_tick(Duration::from_millis(250));
    bar
}

/// Replications a second, and the time left; nothing before the first.
fn rate_and_rest(progress: Progress) -> String {
    if progress.rate <= 0.0 {
        return String::new();
    }
    let left = progress.total.saturating_sub(progress.done) as f64 / progress.rate;
    format!("{:.0}/s, {} left", progress.rate, spoken(left))
}

/// A span as people say it.
pub(super) fn spoken(seconds: f64) -> String {
    let seconds = seconds.clamp(0.0, 1e9) as u64;
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_spoken() {
        assert_eq!(spoken(59.9), "59 s");
        assert_eq!(spoken(61.0), "1 min 1 s");
        assert_eq!(spoken(7260.0), "2 h 1 min");
        assert_eq!(spoken(f64::INFINITY), spoken(1e9));
    }

    #[test]
    fn the_rest_follows_from_the_rate() {
        let progress = Progress {
            done: 400,
            total: 1000,
            rate: 10.0,
        };
        assert_eq!(rate_and_rest(progress), "10/s, 1 min 0 s left");
        assert_eq!(
            rate_and_rest(Progress {
                rate: 0.0,
                ..progress
            }),
            ""
        );
    }
}

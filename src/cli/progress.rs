//! The progress bar: how far, how fast, how long yet.

use crate::experiment::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::OnceLock;
use std::time::Duration;

/// A bar on stderr, or none.
#[derive(Debug, Default)]
pub struct Bar {
    bar: Option<OnceLock<ProgressBar>>,
}

impl Bar {
    /// A bar that appears with the first report of progress, if it is wanted.
    pub fn new(is_wanted: bool) -> Self {
        Self { bar: is_wanted.then(OnceLock::new) }
    }

    /// Shows how far it is. Replications of earlier runs count as done, but not for the rate.
    pub fn show(&self, progress: Progress) {
        let Some(cell) = &self.bar else { return };
        let bar = cell.get_or_init(|| begin(progress.total));
        bar.set_position(progress.done);
        if progress.rate > 0.0 {
            let left = progress.total.saturating_sub(progress.done) as f64 / progress.rate;
            bar.set_message(format!("{:.0}/s, {} left", progress.rate, spoken(left)));
        }
    }

    /// Takes it away.
    pub fn end(&self) {
        if let Some(bar) = self.bar.as_ref().and_then(OnceLock::get) {
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

/// A span as people say it.
fn spoken(seconds: f64) -> String {
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
}

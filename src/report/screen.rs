//! The summary on a terminal: one screen of 80 by 24, with the digits that are known.

use super::Manifest;
use super::numerals::number;
use super::summary::SummaryRow;
use crate::stats::{format_range, format_with_error};
use crate::system::{System, Window};
use std::fmt::Write as _;

/// Columns and lines of the smallest terminal.
const WIDTH: usize = 80;
const LINES: usize = 23;

/// The summary as text, at most 80 by 23.
pub fn screen(system: &System, manifest: &Manifest, rows: &[SummaryRow]) -> String {
    let page = Page { system, rows };
    let mut lines = page.head(manifest);
    let has_mining = rows.iter().any(|row| row.index == "lost_hashrate_ehs");
    lines.extend(if has_mining {
        page.mining()
    } else {
        page.adequacy()
    });
    lines.truncate(LINES);
    let mut text = String::new();
    for line in lines {
        let line: String = line.chars().take(WIDTH).collect();
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

struct Page<'a> {
    system: &'a System,
    rows: &'a [SummaryRow],
}

impl Page<'_> {
    fn head(&self, manifest: &Manifest) -> Vec<String> {
        let days = self.system.hours() as f64 / 24.0;
        let facts = format!(
            "{} replications of {} days, seed {}, {}, hashfall {}",
            number(f64::from(manifest.replications), 0),
            number(days, if days.fract() == 0.0 { 0 } else { 1 }),
            manifest.seed,
            manifest.mode,
            manifest.version,
        );
        vec![manifest.title.clone(), facts, String::new()]
    }

    /// The windows worth a screen: that of the headline, and the whole.
    fn windows(&self) -> Vec<&Window> {
        let all = &self.system.windows;
        let headline = all.get(self.system.headline_window);
        let mut windows: Vec<&Window> = headline.into_iter().chain(all.last()).collect();
        windows.dedup();
        windows
    }

    fn row(&self, window: &str, scope: &str, index: &str) -> Option<&SummaryRow> {
        self.rows.iter().find(|row| row.is(window, scope, index))
    }

    /// Loss of load by window, then by zone.
    fn adequacy(&self) -> Vec<String> {
        let mut lines = vec![format!(
            "{:<18}{:<32}{}",
            "", "mean ± standard error", "P5 to P95 of futures"
        )];
        let indices = [
            ("LOLE", "lole_h"),
            ("LOLF", "lolf"),
            ("LOLEv", "lolev"),
            ("LOLD", "lold_h"),
            ("EUE", "eue_mwh"),
            ("CVaR 95 of EUE", "cvar95_eue_mwh"),
        ];
        let windows = self.windows();
        for window in &windows {
            if windows.len() > 1 {
                lines.push(format!("window {}", window.name));
            }
            for (label, index) in indices {
                lines.extend(
                    self.row(&window.name, "system", index)
                        .map(|row| with_error(label, 18, row)),
                );
            }
        }
        let zones: Vec<_> = self
            .system
            .zones
            .iter()
            .filter(|zone| !zone.external)
            .collect();
        if let (Some(window), true) = (windows.first(), zones.len() > 1) {
            lines.push(String::new());
            for zone in zones {
                let scope = format!("zone/{}", zone.name);
                for (label, index) in [("LOLE", "lole_h"), ("EUE", "eue_mwh")] {
                    let label = format!("{label}, {}", zone.name);
                    let row = self.row(&window.name, &scope, index);
                    lines.extend(row.map(|row| with_error(&label, 18, row)));
                }
            }
        }
        lines
    }

    /// The hashrate lost to the event, then the strain on the grid.
    fn mining(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let windows = self.windows();
        let Some(window) = windows.first() else {
            return lines;
        };
        let name = window.name.as_str();
        let find = |scope: &str, index: &str| self.row(name, scope, index);
        let title = format!("Lost to the event, window {name}");
        lines.push(heading(&title, "median (P5 to P95)"));
        for (label, index) in [
            ("hashrate, mean", "lost_hashrate_ehs"),
            ("hashrate, worst hour", "lost_hashrate_peak_hour_ehs"),
            ("hashes", "lost_hashrate_ehs_days"),
            ("share of the country", "lost_share_of_country"),
            ("share of the world", "lost_share_of_world"),
        ] {
            lines.extend(find("network", index).and_then(|row| range(label, row)));
        }
        let at_shares = "lost_share_of_world_at_share/";
        for row in self.rows.iter().filter(|row| row.window == name) {
            if let Some(share) = row.index.strip_prefix(at_shares) {
                let share = share.trim_end_matches("_pct");
                let label = format!("  if the country has {share} %");
                lines.extend(range(&label, row));
            }
        }
        let net = find("network", "revenue_lost_net_usd");
        lines.extend(net.and_then(|row| range("revenue, net", row)));
        lines.extend(self.causes(name));
        lines.push(String::new());
        lines.push(heading("Strain on the grid", "median (P5 to P95)"));
        for (label, index) in [
            ("mining curtailed", "curtailed_mining_mwh"),
            ("mining curtailed, time", "curtailed_mining_h"),
            ("reserve margin, P5 of hours", "reserve_margin_p5_mw"),
        ] {
            lines.extend(find("system", index).and_then(|row| range(label, row)));
        }
        for (label, index) in [
            ("LOLE, mean and range", "lole_h"),
            ("EUE, mean and range", "eue_mwh"),
        ] {
            lines.extend(find("system", index).map(|row| with_error(label, 30, row)));
        }
        lines
    }

    /// The causes that matter, in one line or two.
    fn causes(&self, window: &str) -> Vec<String> {
        let mut causes: Vec<(&str, f64)> = self
            .rows
            .iter()
            .filter(|row| row.window == window)
            .filter_map(|row| Some((row.index.strip_prefix("lost_by_cause/")?, row.mean?)))
            .collect();
        let total: f64 = causes.iter().map(|cause| cause.1).sum();
        if total <= 0.0 {
            return Vec::new();
        }
        causes.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then(a.0.cmp(b.0)));
        // A cause below half a percent of the loss is left to the table.
        let shown = causes.iter().filter(|cause| cause.1.abs() >= 0.005 * total);
        let words =
            shown.map(|(cause, lost)| format!("{cause} {} %", number(100.0 * lost / total, 0)));
        let mut lines = vec![format!("{:<30}", "by cause, of the mean")];
        for (position, word) in words.enumerate() {
            let comma = if position == 0 { "" } else { ", " };
            let line = lines.last().map_or(0, |line| line.chars().count());
            if line + comma.len() + word.chars().count() > WIDTH {
                lines.push(format!("{:<30}{word}", ""));
            } else if let Some(line) = lines.last_mut() {
                line.push_str(comma);
                line.push_str(&word);
            }
        }
        lines.truncate(2);
        lines
    }
}

fn heading(left: &str, right: &str) -> String {
    if left.chars().count() > 30 {
        return format!("{left}  {right}");
    }
    format!("{left:<30}{right}")
}

/// A unit as it is read: shares are printed in percent.
fn printed_unit(row: &SummaryRow) -> (&str, f64) {
    match row.unit.as_str() {
        "1" if row.index.contains("share") => ("%", 100.0),
        "1" => ("", 1.0),
        "USD" => ("million USD", 1e-6),
        unit => (unit, 1.0),
    }
}

/// A line of a median with its range of outcomes.
fn range(label: &str, row: &SummaryRow) -> Option<String> {
    let (unit, factor) = printed_unit(row);
    let [p5, p50, p95] = [row.p5?, row.p50?, row.p95?].map(|value| value * factor);
    Some(format!("{label:<30}{} {unit}", format_range(p5, p50, p95)))
}

/// A line of a mean with its simulation error, and the range of outcomes where there is one.
fn with_error(label: &str, width: usize, row: &SummaryRow) -> String {
    let (unit, factor) = printed_unit(row);
    let mean = row.mean.map(|mean| mean * factor);
    let error = row.standard_error.map(|error| error * factor);
    let estimate = match (mean, error) {
        (Some(0.0), Some(0.0)) => never(row, factor),
        (Some(mean), Some(error)) => format_with_error(mean, error),
        (Some(mean), None) => format_with_error(mean, f64::INFINITY),
        (None, _) => "nothing".to_owned(),
    };
    let estimate = format!("{estimate} {unit}");
    let outcomes = match (row.p5, row.p50, row.p95) {
        (Some(p5), Some(p50), Some(p95)) => {
            let [p5, p50, p95] = [p5, p50, p95].map(|value| value * factor);
            let range = format_range(p5, p50, p95);
            // Of the three only the outer two: the mean stands beside.
            range.split_once('(').map_or(String::new(), |(_, outer)| {
                outer.trim_end_matches(')').to_owned()
            })
        }
        _ => String::new(),
    };
    format!("{label:<width$}{estimate:<32}{outcomes}")
}

/// What is known of something that never happened.
fn never(row: &SummaryRow, factor: f64) -> String {
    match row.upper_95 {
        Some(upper) => {
            let bound = format_with_error(upper * factor, upper * factor / 2.0);
            let bound = bound.split(' ').next().unwrap_or_default().to_owned();
            format!("below {bound} (none in {})", row.n)
        }
        None => format!("0 (none in {})", row.n),
    }
}

//! The summary on a terminal: one screen of 80 by 24, with the digits that are known.

use super::Manifest;
use super::numerals::{number, signed, three_figures};
use super::small_print::changed;
use super::summary::SummaryRow;
use super::words::horizon;
use crate::stats::{format_exact, format_range, format_with_error};
use crate::system::{System, Window};
use std::fmt::Write as _;

/// Indices of shortages as they are printed.
const OF_SHORTAGES: [(&str, &str); 6] = [
    ("LOLE", "lole_h"),
    ("LOLF", "lolf"),
    ("LOLEv", "lolev"),
    ("LOLD", "lold_h"),
    ("EUE", "eue_mwh"),
    ("CVaR 95 of EUE", "cvar95_eue_mwh"),
];
/// Columns and lines of the smallest terminal.
const WIDTH: usize = 80;
const LINES: usize = 23;
/// Of these, what the head leaves, with a line for what was changed.
const MOST_LINES: usize = LINES - 4;

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
    if lines.len() + 2 <= LINES && rows.iter().any(is_rough) {
        lines.push(String::new());
        lines.push(ROUGH.to_owned());
    }
    lines.truncate(LINES);
    let mut text = String::new();
    for line in lines {
        let line: String = line.chars().take(WIDTH).collect();
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

/// What is said where z means little.
const ROUGH: &str = "From so few shortages the errors are rough themselves, and so is z.";

/// Whether the error of an estimate that is held against an exact value says little: above a
/// quarter of the estimate, which about sixteen replications with a shortage come to.
fn is_rough(row: &SummaryRow) -> bool {
    let (mean, error) = (row.mean.unwrap_or(0.0), row.standard_error.unwrap_or(0.0));
    row.z.is_some() && row.index == "lole_h" && error > 0.25 * mean
}

struct Page<'a> {
    system: &'a System,
    rows: &'a [SummaryRow],
}

impl Page<'_> {
    fn head(&self, manifest: &Manifest) -> Vec<String> {
        let span = horizon(self.system.hours());
        let facts = format!(
            "{} replications of {span}, seed {}, {}, hashfall {}",
            number(f64::from(manifest.replications), 0),
            manifest.seed,
            manifest.mode,
            manifest.version,
        );
        let mut lines = vec![manifest.title.clone(), facts];
        // The title is of the scenario as it was written.
        lines.extend(changed(&manifest.overrides, WIDTH));
        lines.push(String::new());
        lines
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
        // A column for exact answers where there are any.
        let columns = if self.rows.iter().any(|row| row.exact.is_some()) {
            EXACT_ADEQUACY
        } else {
            ADEQUACY
        };
        let heading = ("mean ± standard error", "P5 to P95 of futures", "exact (z)");
        let mut lines = vec![columns.line("", heading.0, heading.1, heading.2)];
        let windows = self.windows();
        for window in &windows {
            if windows.len() > 1 {
                lines.push(format!("window {}", window.name));
            }
            for (label, index) in OF_SHORTAGES {
                lines.extend(
                    self.row(&window.name, "system", index)
                        .map(|row| with_error(label, columns, row)),
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
                    lines.extend(row.map(|row| with_error(&label, columns, row)));
                }
            }
        }
        lines
    }

    /// What is missing of all installed hashrate where nothing is marked as an event.
    fn missing(&self, window: &str) -> Vec<String> {
        let title = format!("Missing of all installed, window {window}");
        let mut lines = vec![heading(&title, "median (P5 to P95)")];
        for (label, index) in [
            ("hashrate, mean", "lost_installed_ehs"),
            ("hashes", "lost_installed_ehs_days"),
        ] {
            let row = self.row(window, "network", index);
            lines.extend(row.and_then(|row| range(label, row)));
        }
        lines.extend(self.causes(window, "lost_installed_by_cause/"));
        lines
    }

    /// The hashrate lost to the event.
    fn lost(&self, name: &str) -> Vec<String> {
        let find = |scope: &str, index: &str| self.row(name, scope, index);
        let title = format!("Lost to the event, window {name}");
        let mut lines = vec![heading(&title, "median (P5 to P95)")];
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
        lines.extend(self.causes(name, "lost_by_cause/"));
        lines
    }

    /// The hashrate lost, then the strain on the grid.
    fn mining(&self) -> Vec<String> {
        let windows = self.windows();
        let Some(window) = windows.first() else {
            return Vec::new();
        };
        let name = window.name.as_str();
        let find = |scope: &str, index: &str| self.row(name, scope, index);
        let has_event = self.system.has_event();
        let mut lines = if has_event {
            self.lost(name)
        } else {
            self.missing(name)
        };
        lines.push(String::new());
        let title = format!("Strain on the grid, window {name}");
        lines.push(heading(&title, "median (P5 to P95)"));
        for (label, index) in [
            ("mining curtailed", "curtailed_mining_mwh"),
            ("mining curtailed, time", "curtailed_mining_h"),
            ("reserve margin, P5 of hours", "reserve_margin_p5_mw"),
        ] {
            lines.extend(find("system", index).and_then(|row| range(label, row)));
        }
        let is_exact = |index| find("system", index).is_some_and(|row| row.exact.is_some());
        let columns = if is_exact("lole_h") {
            EXACT_STRAIN
        } else {
            STRAIN
        };
        if columns.has_exact {
            lines.push(columns.line("", "mean ± error", "P5 to P95", "exact (z)"));
        }
        let short: &[(&str, &str)] = if has_event {
            &[
                ("LOLE, mean and range", "lole_h"),
                ("EUE, mean and range", "eue_mwh"),
            ]
        } else {
            &OF_SHORTAGES
        };
        let cut = [
            ("mining curtailed, mean", "curtailed_mining_mwh"),
            ("the same, time", "curtailed_mining_h"),
        ];
        for &(label, index) in cut.iter().chain(short) {
            // The mean of what is cut stands beside its range only to be held against the exact one.
            if !index.starts_with("curtailed") || is_exact(index) {
                lines.extend(find("system", index).map(|row| with_error(label, columns, row)));
            }
        }
        let blocks = self.blocks(name);
        // What would not fit the screen any more is left to the table.
        if lines.len() + blocks.len() <= MOST_LINES {
            lines.extend(blocks);
        }
        lines
    }

    /// What blocks show of it, where the scenario finds them one by one.
    fn blocks(&self, window: &str) -> Vec<String> {
        let shown = [
            ("blocks short", "blocks_short"),
            ("longest gap", "longest_gap_min"),
            ("until the retarget", "days_to_retarget"),
            ("backlog at its peak, blocks", "backlog_peak_blocks"),
        ];
        let rows = shown.into_iter().filter_map(|(label, index)| {
            let row = self.row(window, "network", index)?;
            range(label, row)
        });
        let mut lines = vec![String::new(), heading("Blocks", "median (P5 to P95)")];
        lines.extend(rows);
        if lines.len() > 2 { lines } else { Vec::new() }
    }

    /// The causes that matter, in one line or two; `by` begins their indices.
    fn causes(&self, window: &str, by: &str) -> Vec<String> {
        let mut causes: Vec<(&str, f64)> = self
            .rows
            .iter()
            .filter(|row| row.window == window)
            .filter_map(|row| Some((row.index.strip_prefix(by)?, row.mean?)))
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
    if left.chars().count() > 28 {
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
fn with_error(label: &str, columns: Columns, row: &SummaryRow) -> String {
    let (unit, factor) = printed_unit(row);
    let mean = row.mean.map(|mean| mean * factor);
    let error = row.standard_error.map(|error| error * factor);
    let estimate = match (mean, error) {
        _ if row.never_happened() => never(row, factor),
        (Some(mean), Some(error)) => format_with_error(mean, error),
        (Some(mean), None) => three_figures(mean),
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
    columns.line(label, &estimate, &outcomes, &exactly(row, factor))
}

/// The exact answer and how many standard errors the estimate lies above it: "9.394175 (+0.4)".
fn exactly(row: &SummaryRow, factor: f64) -> String {
    let Some(exact) = row.exact else {
        return String::new();
    };
    let exact = format_exact(exact * factor);
    match row.z {
        Some(z) => format!("{exact} ({})", signed(z, 1)),
        None => exact,
    }
}

/// Widths of the columns of a line of estimates.
#[derive(Debug, Clone, Copy)]
struct Columns {
    label: usize,
    estimate: usize,
    outcomes: usize,
    has_exact: bool,
}

const fn columns(label: usize, estimate: usize, outcomes: usize, has_exact: bool) -> Columns {
    Columns {
        label,
        estimate,
        outcomes,
        has_exact,
    }
}

const ADEQUACY: Columns = columns(18, 32, 20, false);
const EXACT_ADEQUACY: Columns = columns(15, 24, 22, true);
const STRAIN: Columns = columns(30, 32, 18, false);
const EXACT_STRAIN: Columns = columns(30, 20, 14, true);

impl Columns {
    /// A line; what is too wide for its column still keeps apart from the next.
    fn line(self, label: &str, estimate: &str, outcomes: &str, exact: &str) -> String {
        let mut line = String::new();
        let cells = [(label, self.label), (estimate, self.estimate)];
        let last = [(outcomes, self.outcomes), (exact, 0)];
        for (cell, width) in cells.into_iter().chain(last) {
            line.push_str(cell);
            let gap = width.saturating_sub(cell.chars().count()).max(1);
            line.extend(std::iter::repeat_n(' ', gap));
        }
        line.trim_end().to_owned()
    }
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

//! How low stores run: the chance to find each below a part of what it holds, over time.

use super::clock;
use super::ink::{Ink, SMALL_PT};
use super::lettering::{Weight, width_pt};
use super::numbers::{Numbers, cell, time_cell, word};
use super::page::{KeyEntry, LEFT, Mark, Page, RIGHT, words_height, words_in_box};
use super::panel::{TimeAxis, TimePanel, extremes};
use super::scale::{Scale, digits_for, digits_of, number};
use super::{Drawing, Frame};
use crate::report::words;

/// Levels below which a store is looked for: their names in tables and in print, and their ink.
/// Each holds the one before it; black, blue and its tints are told apart in grey, too.
const LEVELS: [(&str, &str, Ink); 5] = [
    ("empty", "empty", Ink::BLACK),
    ("below_25_pct", "<25 %", Ink::BLUE),
    ("below_50_pct", "25–50 %", Ink(0x5B, 0xA4, 0xCE)),
    ("below_75_pct", "50–75 %", Ink(0x9E, 0xC9, 0xE2)),
    ("below_full", "75–100 %", Ink(0xD4, 0xE7, 0xF2)),
];

/// A store and how full it was.
#[derive(Debug, Clone)]
pub struct StoreLevels {
    /// Its plant.
    pub name: String,
    /// What it holds when full, MWh.
    pub energy_mwh: f64,
    /// What its units give together, MW.
    pub power_mw: f64,
    /// Per bin the share (0 to 1) of futures that find it empty, below a quarter, half
    /// and three quarters of what it holds, and below full: each includes the one before.
    pub shares: [Vec<f64>; 5],
}

/// How likely each store is to be low, over time.
#[derive(Debug, Clone)]
pub struct StoresFigure {
    /// Title, subtitle, footer.
    pub frame: Frame,
    /// Bins of all series.
    pub axis: TimeAxis,
    /// The stores, in the order of print.
    pub stores: Vec<StoreLevels>,
    /// How many more there are.
    pub left_out: usize,
}

const PANEL_HEIGHT: f64 = 54.0;
/// Panels keep one scale where their tops differ by less than this.
const SCALES_APART: f64 = 5.0;
const QUIET: Ink = Ink(0xF2, 0xF2, 0xF2);

impl StoresFigure {
    /// Draws it.
    pub fn draw(&self) -> Drawing {
        let mut page = Page::begin(&self.frame);
        let scales = self.scales();
        let gutter = scales
            .iter()
            .map(Scale::words_width)
            .fold(self.axis.gutter(), f64::max);
        let entry = |(_, words, ink): &(&str, &str, Ink)| KeyEntry {
            mark: Mark::Box(*ink),
            words: (*words).to_owned(),
        };
        page.key(&LEVELS.iter().map(entry).collect::<Vec<_>>());
        let last = self
            .stores
            .iter()
            .rposition(|store| self.is_ever_low(store));
        for (at, (store, scale)) in self.stores.iter().zip(scales).enumerate() {
            page.space(3.0);
            let size = format!(
                "{} MW, {} MWh",
                number(store.power_mw, digits_of(store.power_mw).min(1)),
                number(store.energy_mwh, digits_of(store.energy_mwh).min(1))
            );
            page.heading(&short(&store.name, &size), &size);
            if self.is_ever_low(store) {
                let panel = TimePanel::open(&mut page, &self.axis, gutter, PANEL_HEIGHT, scale);
                self.bands(&mut page, &panel, store);
                if last == Some(at) {
                    panel.clocks(&mut page, &self.axis);
                }
            } else {
                quiet(&mut page, &words::capitalised(&self.never()));
            }
        }
        if self.stores.is_empty() {
            quiet(&mut page, "No store was recorded.");
        }
        if self.left_out > 0 {
            let words = format!(
                "{} more, less often low, are in series.csv.",
                number(self.left_out as f64, 0)
            );
            page.paragraph(&words, SMALL_PT, Weight::Regular, Ink::GREY);
        }
        let notes = "Share of simulated futures in which a store is found empty, below a quarter, half \
                     and three quarters of what it holds, and below full, as an hour begins.";
        page.finish("stores", self.numbers(), &self.details(), notes)
    }

    fn is_ever_low(&self, store: &StoreLevels) -> bool {
        let [.., below_full] = &store.shares;
        extremes(&self.axis, below_full).is_some_and(|(_, (_, most))| most > 0.0)
    }

    /// What is said of a store that nobody saw below full.
    fn never(&self) -> String {
        let n = self.frame.footer.replications;
        format!(
            "never below full in these hours of {}. {}",
            words::futures(n),
            words::chance(0, n)
        )
    }

    /// A scale for each panel, in percent: the same where that leaves something to see in each.
    fn scales(&self) -> Vec<Scale> {
        let top = |store: &StoreLevels| {
            let [.., below_full] = &store.shares;
            extremes(&self.axis, below_full).map_or(0.0, |(_, (_, most))| 100.0 * most)
        };
        let tops: Vec<f64> = self.stores.iter().map(top).collect();
        let most = tops.iter().copied().fold(0.0, f64::max);
        let seen = tops.iter().copied().filter(|&top| top > 0.0);
        let is_one = seen.fold(most, f64::min) * SCALES_APART >= most;
        tops.into_iter()
            .map(|top| Scale::covering([if is_one { most } else { top }], 3, true))
            .collect()
    }

    fn bands(&self, page: &mut Page<'_>, panel: &TimePanel, store: &StoreLevels) {
        let percent =
            |values: &Vec<f64>| -> Vec<f64> { values.iter().map(|share| 100.0 * share).collect() };
        panel.uprights(&mut page.canvas);
        let mut low = vec![0.0; self.axis.times_utc_ms.len()];
        for ((_, _, ink), values) in LEVELS.into_iter().zip(&store.shares) {
            let high = percent(values);
            panel.band(&mut page.canvas, &self.axis, &low, &high, ink);
            low = high;
        }
        panel.line(&mut page.canvas, &self.axis, &low, Ink::BLUE, 0.4);
        panel.grid(&mut page.canvas);
    }

    fn numbers(&self) -> String {
        let mut table = Numbers::with_columns(&["time_utc", "plant", "statistic", "share"]);
        for store in &self.stores {
            for ((name, ..), values) in LEVELS.iter().zip(&store.shares) {
                for (time, value) in self.axis.times_utc_ms.iter().zip(values) {
                    table.row(&[
                        time_cell(*time),
                        word(&store.name),
                        word(name),
                        cell(*value),
                    ]);
                }
            }
        }
        table.finish()
    }

    fn details(&self) -> String {
        let (from, to) = self.axis.range();
        let mut text = format!(
            "Stacked areas over time, {} to {} UTC, one panel a store.",
            clock::spoken(from),
            clock::spoken(to)
        );
        for store in &self.stores {
            let [empty, .., below_full] = &store.shares;
            let most = |values: &Vec<f64>| {
                extremes(&self.axis, values)
                    .map(|(_, (at, most))| (at, 100.0 * most))
                    .filter(|(_, most)| *most > 0.0)
            };
            let print = |(at, most): (i64, f64)| {
                format!(
                    "{} % near {}",
                    number(most, digits_for(most)),
                    clock::spoken(at)
                )
            };
            let told = match (most(below_full), most(empty)) {
                (None, _) => self.never(),
                (Some(low), None) => format!("below full at most {}, never empty", print(low)),
                (Some(low), Some(gone)) => {
                    format!(
                        "below full at most {}, empty at most {}",
                        print(low),
                        print(gone)
                    )
                }
            };
            let told = told.trim_end_matches('.');
            text.push_str(&format!(" {}: {told}.", store.name));
        }
        text
    }
}

/// A name that leaves room for what stands behind it on a line.
fn short(name: &str, after: &str) -> String {
    let width = |words: &str| width_pt(words, SMALL_PT + 1.0, Weight::Bold);
    let room = RIGHT - LEFT - width(after) - 8.0;
    let mut kept: String = name.to_owned();
    while width(&kept) > room && kept.chars().count() > 2 {
        kept.pop();
        kept.pop();
        kept.push('…');
    }
    kept
}

/// A grey box with words, where there is nothing to draw.
fn quiet(page: &mut Page<'_>, words: &str) {
    let top = page.cursor_pt + 1.0;
    let bottom = top + words_height(words, RIGHT - LEFT) + 6.0;
    page.canvas.block((LEFT, top), (RIGHT, bottom), QUIET);
    words_in_box(&mut page.canvas, (LEFT, top), (RIGHT, bottom), words);
    page.cursor_pt = bottom;
}

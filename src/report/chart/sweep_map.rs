//! Two parameters and an index: a map of cells, hatched where the interval is too wide to trust
//! the shade.

use super::canvas::{Align, Canvas, Spot, Text};
use super::ink::{CAPITAL, Ink, LEADING, SMALL_PT};
use super::lettering::{Weight, width_pt};
use super::numbers::{Numbers, cell, word};
use super::page::{KeyEntry, LEFT, Mark, Page, RIGHT};
use super::panel::GUTTER_GAP;
use super::{Drawing, Frame};
use crate::report::numerals::three_figures;

/// A cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MapCell {
    /// Column, from 0.
    pub column: usize,
    /// Row, from 0.
    pub row: usize,
    /// Estimate.
    pub mean: f64,
    /// Ends of the 95 % interval of its simulation error.
    pub interval_95: (f64, f64),
}

/// One index.
#[derive(Debug, Clone, PartialEq)]
pub struct MapPanel {
    /// Name in print.
    pub quantity: String,
    /// Unit in print.
    pub unit: String,
    /// Name of the index in the table.
    pub index: String,
    /// Its cells; those that are not there stay blank.
    pub cells: Vec<MapCell>,
}

/// Indices over two parameters.
#[derive(Debug, Clone)]
pub struct SweepMapFigure {
    /// Title, subtitle, footer.
    pub frame: Frame,
    /// Name of the parameter from left to right, and its values.
    pub across: (String, Vec<String>),
    /// Name of the parameter from top to bottom, and its values.
    pub down: (String, Vec<String>),
    /// The panels.
    pub panels: Vec<MapPanel>,
}

const ROW: f64 = 14.0;
/// An interval wider than this part of the estimate is hatched.
pub(crate) const TOO_WIDE: f64 = 0.5;

impl MapCell {
    /// Whether the interval is too wide to trust the shade, or not known. What happened in no
    /// future at all is known to be less than three in n.
    pub(crate) fn is_doubtful(&self) -> bool {
        if self.mean == 0.0 {
            return false;
        }
        let width = self.interval_95.1 - self.interval_95.0;
        !(width.is_finite() && width <= TOO_WIDE * self.mean.abs()) && width != 0.0
    }
}

/// How an estimate is shaded: from its least to its most.
struct Shades {
    least: f64,
    most: f64,
}

impl Shades {
    fn of(cells: &[MapCell]) -> Self {
        let values = || cells.iter().map(|cell| cell.mean).filter(|v| v.is_finite());
        Self {
            least: values().fold(f64::INFINITY, f64::min),
            most: values().fold(f64::NEG_INFINITY, f64::max),
        }
    }

    fn ink(&self, value: f64) -> Ink {
        let range = self.most - self.least;
        let part = if range > 0.0 {
            (value - self.least) / range
        } else {
            0.0
        };
        Ink::BLUE.tint(0.06 + 0.94 * part)
    }
}

impl SweepMapFigure {
    /// Draws it.
    pub fn draw(&self) -> Drawing {
        let mut page = Page::begin(&self.frame);
        page.key(&[
            KeyEntry {
                mark: Mark::Box(Ink::BLUE),
                words: "the darker, the more".to_owned(),
            },
            KeyEntry {
                mark: Mark::Hatched(Ink::BLUE.tint(0.15), Ink::GREY),
                words: "95 % interval wider than half the estimate".to_owned(),
            },
        ]);
        page.space(2.0);
        let mut table = Numbers::with_columns(&[
            "index", "across", "down", "mean", "lower_95", "upper_95", "hatched",
        ]);
        let mut details = Vec::new();
        for (at, panel) in self.panels.iter().enumerate() {
            if at > 0 {
                page.space(7.0);
            }
            page.heading(&panel.quantity, &panel.unit);
            let known: Vec<MapCell> = panel
                .cells
                .iter()
                .filter(|cell| {
                    cell.mean.is_finite()
                        && cell.column < self.across.1.len()
                        && cell.row < self.down.1.len()
                })
                .copied()
                .collect();
            self.map(&mut page, &known);
            for at in &known {
                table.row(&[
                    word(&panel.index),
                    word(&self.across.1[at.column]),
                    word(&self.down.1[at.row]),
                    cell(at.mean),
                    cell(at.interval_95.0),
                    cell(at.interval_95.1),
                    at.is_doubtful().to_string(),
                ]);
            }
            details.push(self.in_words(panel, &known));
        }
        let notes = "Means over all replications; hatched where the 95 % interval of the simulation \
                     error is wider than half the estimate.";
        page.finish("sweep_map", table.finish(), &details.join(" "), notes)
    }

    fn map(&self, page: &mut Page<'_>, cells: &[MapCell]) {
        let (names, values) = (&self.down.1, &self.across.1);
        let gutter = names
            .iter()
            .map(|name| width_pt(name, SMALL_PT, Weight::Regular))
            .fold(0.0, f64::max)
            .min((RIGHT - LEFT) / 3.0);
        let left = LEFT + gutter + GUTTER_GAP;
        let width = (RIGHT - left) / values.len().max(1) as f64;
        page.paragraph(&self.down.0, SMALL_PT, Weight::Regular, Ink::GREY);
        let top = page.cursor_pt + 1.0;
        let shades = Shades::of(cells);
        let canvas = &mut page.canvas;
        for (row, name) in names.iter().enumerate() {
            let baseline = top + (row as f64 + 0.5) * ROW + SMALL_PT * CAPITAL / 2.0;
            let text = Text::new(
                held_in(name, gutter),
                (left - GUTTER_GAP, baseline),
                SMALL_PT,
            );
            canvas.text(text.ink(Ink::GREY).align(Align::Right));
        }
        for cell in cells {
            let (x, y) = (
                left + cell.column as f64 * width,
                top + cell.row as f64 * ROW,
            );
            // A hair of paper between cells.
            let corners = ((x + 0.3, y + 0.3), (x + width - 0.3, y + ROW - 0.3));
            draw_cell(canvas, corners, cell, shades.ink(cell.mean));
        }
        let bottom = top + names.len() as f64 * ROW;
        let mut taken = f64::NEG_INFINITY;
        for (column, words) in values.iter().enumerate() {
            let centre = left + (column as f64 + 0.5) * width;
            let half = width_pt(words, SMALL_PT, Weight::Regular) / 2.0;
            let held = super::clock::held(centre, half, left, RIGHT);
            if held - half > taken && 2.0 * half < RIGHT - left {
                taken = held + half + 3.0;
                let at = (held, bottom + 2.0 + SMALL_PT);
                let text = Text::new(words, at, SMALL_PT).ink(Ink::GREY);
                canvas.text(text.align(Align::Centre));
            }
        }
        page.cursor_pt = bottom + SMALL_PT * LEADING + 2.5;
        page.paragraph(&self.across.0, SMALL_PT, Weight::Regular, Ink::GREY);
    }

    fn in_words(&self, panel: &MapPanel, known: &[MapCell]) -> String {
        let by_mean = |a: &&MapCell, b: &&MapCell| a.mean.total_cmp(&b.mean);
        let (Some(least), Some(most)) =
            (known.iter().min_by(by_mean), known.iter().max_by(by_mean))
        else {
            return format!("{}: nothing is known.", panel.quantity);
        };
        let at = |cell: &MapCell| {
            format!(
                "{} {} at {} and {}",
                three_figures(cell.mean),
                panel.unit,
                self.across.1[cell.column],
                self.down.1[cell.row]
            )
        };
        let doubtful = known.iter().filter(|cell| cell.is_doubtful()).count();
        format!(
            "{} over {} and {}: from {} to {}; {doubtful} of {} cells are hatched.",
            panel.quantity,
            self.across.0,
            self.down.0,
            at(least),
            at(most),
            known.len()
        )
    }
}

fn draw_cell(canvas: &mut Canvas, (a, b): (Spot, Spot), cell: &MapCell, ink: Ink) {
    canvas.block(a, b, ink);
    if cell.is_doubtful() {
        hatch(canvas, a, b, ink.text_on().tint(0.45));
    }
    let words = three_figures(cell.mean);
    let width = width_pt(&words, SMALL_PT, Weight::Regular);
    if width + 2.0 > b.0 - a.0 {
        return;
    }
    let (x, y) = ((a.0 + b.0) / 2.0, (a.1 + b.1) / 2.0);
    if cell.is_doubtful() {
        // A plate, so that the hatching does not run through the number.
        let half = (width / 2.0 + 1.0, SMALL_PT * 0.5);
        canvas.block((x - half.0, y - half.1), (x + half.0, y + half.1), ink);
    }
    let at = (x, y + SMALL_PT * CAPITAL / 2.0);
    canvas.text(
        Text::new(words, at, SMALL_PT)
            .ink(ink.text_on())
            .align(Align::Centre),
    );
}

/// A name cut to a width, so that something of it stands.
fn held_in(name: &str, width: f64) -> String {
    let fits = |words: &str| width_pt(words, SMALL_PT, Weight::Regular) <= width + 0.01;
    if fits(name) {
        return name.to_owned();
    }
    let mut kept = name.to_owned();
    while kept.pop().is_some() && !fits(&format!("{kept}..")) {}
    format!("{}..", kept.trim_end())
}

/// Diagonal strokes within a box.
fn hatch(canvas: &mut Canvas, a: Spot, b: Spot, ink: Ink) {
    const STEP: f64 = 3.2;
    let (width, height) = (b.0 - a.0, b.1 - a.1);
    let mut start = -height + STEP / 2.0;
    while start < width {
        let (from, to) = ((-start).max(0.0), height.min(width - start));
        if to > from {
            let spot = |t: f64| (a.0 + start + t, b.1 - t);
            canvas.line(vec![spot(from), spot(to)], ink, 0.5);
        }
        start += STEP;
    }
}

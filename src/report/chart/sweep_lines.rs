//! What a parameter does to an index: lines with their simulation error, a line for each value
//! of a second parameter; dots where the points were drawn.

use super::canvas::{Align, Spot, Text};
use super::ink::{CAPITAL, Ink, LEADING, SMALL_PT};
use super::lettering::{Weight, width_pt};
use super::numbers::{Numbers, cell, word};
use super::page::{KeyEntry, LEFT, Mark, Page, RIGHT};
use super::panel::GUTTER_GAP;
use super::scale::{Scale, digits_of, number};
use super::{Drawing, Frame};

/// An estimate at a value of the parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct SweptValue {
    /// The parameter; of words their number, see [`SweepPanel::words`].
    pub x: f64,
    /// Estimate.
    pub mean: f64,
    /// Ends of the 95 % interval of its simulation error.
    pub interval_95: (f64, f64),
}

/// A line, or dots.
#[derive(Debug, Clone, PartialEq)]
pub struct SweepLine {
    /// Value of the second parameter; empty where there is none.
    pub name: String,
    /// Its values.
    pub values: Vec<SweptValue>,
}

/// One index against one parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct SweepPanel {
    /// Name in print: "Time short of supply (LOLE)".
    pub quantity: String,
    /// Unit in print.
    pub unit: String,
    /// Name of the index in the table.
    pub index: String,
    /// Name of the parameter in print.
    pub across: String,
    /// Words of the values 0, 1, 2 ... where the parameter is no number.
    pub words: Vec<String>,
    /// The lines, at most five.
    pub lines: Vec<SweepLine>,
    /// Whether neighbours are joined: not where other parameters differ between them.
    pub is_joined: bool,
    /// The estimate where nothing is changed.
    pub base: Option<f64>,
}

/// Indices against parameters.
#[derive(Debug, Clone)]
pub struct SweepLinesFigure {
    /// Title, subtitle, footer.
    pub frame: Frame,
    /// Name of the parameter that tells the lines apart; empty where there is one line.
    pub lines_are: String,
    /// The panels, from top to bottom.
    pub panels: Vec<SweepPanel>,
}

const HEIGHT: f64 = 78.0;
/// Most lines that eyes follow.
const MOST_LINES: usize = 5;
const INKS: [Ink; MOST_LINES] = [
    Ink::BLUE,
    Ink::VERMILLION,
    Ink::GREEN,
    Ink::PURPLE,
    Ink::ORANGE,
];

impl SweptValue {
    fn is_known(&self) -> bool {
        self.x.is_finite() && self.mean.is_finite()
    }

    /// The interval, as far as it is known.
    fn ends(&self) -> [f64; 2] {
        let (low, high) = self.interval_95;
        [
            if low.is_finite() { low } else { self.mean },
            if high.is_finite() { high } else { self.mean },
        ]
    }
}

impl SweepLinesFigure {
    /// Draws it.
    pub fn draw(&self) -> Drawing {
        let mut page = Page::begin(&self.frame);
        page.key(&self.entries());
        page.space(2.0);
        let mut details = Vec::new();
        let mut table = Numbers::with_columns(&[
            "index",
            "parameter",
            "value",
            "line",
            "mean",
            "lower_95",
            "upper_95",
        ]);
        for (at, panel) in self.panels.iter().enumerate() {
            if at > 0 {
                page.space(8.0);
            }
            let values = panel.known().flat_map(|value| value.ends());
            let up = Scale::covering(values.chain(panel.base), 4, false);
            page.heading(&panel.quantity, &up.unit(&panel.unit));
            draw_panel(&mut page, panel, up);
            for line in panel.lines.iter().take(MOST_LINES) {
                for value in line.values.iter().filter(|value| value.is_known()) {
                    table.row(&[
                        word(&panel.index),
                        word(&panel.across),
                        panel.print_x(value.x),
                        word(&line.name),
                        cell(value.mean),
                        cell(value.interval_95.0),
                        cell(value.interval_95.1),
                    ]);
                }
            }
            details.push(in_words(panel));
        }
        let notes = "Means over all replications with their 95 % simulation error; all points share \
                     their random numbers.";
        page.finish("sweep_lines", table.finish(), &details.join(" "), notes)
    }

    fn entries(&self) -> Vec<KeyEntry> {
        let names = self.panels.first().map_or(&[][..], |panel| &panel.lines);
        let is_joined = self.panels.first().is_none_or(|panel| panel.is_joined);
        let mark = |ink| match is_joined {
            true => Mark::Line(ink),
            false => Mark::DotAndBar(ink),
        };
        let mut entries = Vec::new();
        for (line, ink) in names.iter().zip(INKS) {
            let words = match (names.len(), entries.is_empty()) {
                (1, _) => "mean".to_owned(),
                (_, true) => format!("{}: {}", self.lines_are, line.name),
                _ => line.name.clone(),
            };
            entries.push(KeyEntry {
                mark: mark(ink),
                words,
            });
        }
        if is_joined {
            entries.push(KeyEntry {
                // In its own colour where there is one line.
                mark: Mark::Box(if names.len() == 1 { INKS[0] } else { Ink::GREY }.tint(0.25)),
                words: "its simulation error, 95 %".to_owned(),
            });
        }
        if self.panels.iter().any(|panel| panel.base.is_some()) {
            entries.push(KeyEntry {
                mark: Mark::Dashes(Ink::GREY),
                words: "base".to_owned(),
            });
        }
        entries
    }
}

impl SweepPanel {
    fn print_x(&self, x: f64) -> String {
        match self.words.get(x.max(0.0) as usize) {
            Some(words) if !self.words.is_empty() => word(words),
            _ => cell(x),
        }
    }

    fn known(&self) -> impl Iterator<Item = &SweptValue> {
        let lines = self.lines.iter().take(MOST_LINES);
        lines
            .flat_map(|line| &line.values)
            .filter(|value| value.is_known())
    }
}

fn in_words(panel: &SweepPanel) -> String {
    let mut told = Vec::new();
    for line in panel.lines.iter().take(MOST_LINES) {
        let mut known = line.values.iter().filter(|value| value.is_known());
        let Some(first) = known.next() else { continue };
        let last = known.next_back().unwrap_or(first);
        let print = crate::report::numerals::three_figures;
        let name = match line.name.as_str() {
            "" => String::new(),
            name => format!(" at {name}"),
        };
        told.push(format!(
            "{} {} at {} to {} at {}{name}",
            print(first.mean),
            panel.unit,
            panel.print_x(first.x),
            print(last.mean),
            panel.print_x(last.x),
        ));
    }
    format!(
        "{} against {}: {}.",
        panel.quantity,
        panel.across,
        told.join("; ")
    )
}

fn draw_panel(page: &mut Page<'_>, panel: &SweepPanel, up: Scale) {
    let across = match panel.words.len() {
        0 => Scale::covering(panel.known().map(|value| value.x), 5, false),
        count => Scale {
            low: -0.5,
            high: count as f64 - 0.5,
            step: 1.0,
        },
    };
    let left = LEFT + up.words_width() + GUTTER_GAP;
    let right = RIGHT - 4.0;
    let top = page.cursor_pt + SMALL_PT * CAPITAL / 2.0 + 1.0;
    let bottom = top + HEIGHT;
    let x = |value: f64| left + 2.0 + across.part(value) * (right - left - 2.0);
    let y = |value: f64| bottom - up.part(value) * HEIGHT;
    let canvas = &mut page.canvas;
    for tick in up.ticks() {
        canvas.line(vec![(left, y(tick)), (RIGHT, y(tick))], Ink::PALE, 0.4);
        let at = (left - GUTTER_GAP, y(tick) + SMALL_PT * CAPITAL / 2.0);
        let text = Text::new(number(tick, digits_of(up.step)), at, SMALL_PT).ink(Ink::GREY);
        canvas.text(text.align(Align::Right));
    }
    let lines: Vec<(Vec<&SweptValue>, Ink)> = panel
        .lines
        .iter()
        .zip(INKS)
        .map(|(line, ink)| {
            let known = line.values.iter().filter(|value| value.is_known());
            (known.collect(), ink)
        })
        .collect();
    for (known, ink) in lines.iter().filter(|_| panel.is_joined) {
        let edge = |end: usize| -> Vec<Spot> {
            let spot = |value: &&SweptValue| (x(value.x), y(value.ends()[end]));
            known.iter().map(spot).collect()
        };
        let mut band = edge(1);
        band.extend(edge(0).into_iter().rev());
        if known.len() > 1 {
            canvas.area(band, ink.tint(0.25));
        }
    }
    if let Some(base) = panel.base.filter(|base| base.is_finite()) {
        canvas.dashed(
            &[(left, y(base)), (RIGHT, y(base))],
            Ink::GREY,
            0.8,
            2.6,
            1.6,
        );
    }
    for (known, ink) in &lines {
        let path: Vec<Spot> = known
            .iter()
            .map(|value| (x(value.x), y(value.mean)))
            .collect();
        for (spot, value) in path.iter().zip(known) {
            if !panel.is_joined {
                let [low, high] = value.ends();
                canvas.line(vec![(spot.0, y(low)), (spot.0, y(high))], *ink, 0.6);
            }
            canvas.disc(*spot, 1.5, *ink);
        }
        if panel.is_joined {
            canvas.line(path, *ink, 1.2);
        }
    }
    ticks(page, panel, &across, (left, bottom), &x);
}

/// Ticks with words where they do not touch, and the parameter's name.
fn ticks(
    page: &mut Page<'_>,
    panel: &SweepPanel,
    across: &Scale,
    (left, bottom): (f64, f64),
    x: &dyn Fn(f64) -> f64,
) {
    let marks: Vec<(f64, String)> = match panel.words.len() {
        0 => across
            .ticks()
            .into_iter()
            .map(|tick| (tick, across.words(tick)))
            .collect(),
        _ => (0..)
            .zip(&panel.words)
            .map(|(at, words)| (f64::from(at), words.clone()))
            .collect(),
    };
    let mut taken = f64::NEG_INFINITY;
    for (tick, words) in marks {
        let at = x(tick);
        page.canvas
            .line(vec![(at, bottom), (at, bottom + 2.0)], Ink::GREY, 0.5);
        let half = width_pt(&words, SMALL_PT, Weight::Regular) / 2.0;
        let centre = super::clock::held(at, half, left, RIGHT);
        if centre - half > taken && 2.0 * half < RIGHT - left {
            taken = centre + half + 4.0;
            let text = Text::new(words, (centre, bottom + 2.5 + SMALL_PT), SMALL_PT);
            page.canvas.text(text.ink(Ink::GREY).align(Align::Centre));
        }
    }
    page.cursor_pt = bottom + SMALL_PT * LEADING + 3.0;
    page.paragraph(&panel.across, SMALL_PT, Weight::Regular, Ink::GREY);
}

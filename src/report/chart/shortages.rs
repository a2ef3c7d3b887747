//! Single shortages: how long, how deep, how much.

use super::canvas::{Align, Canvas, Text};
use super::decades::{Decades, round_down};
use super::ink::{CAPITAL, Ink, LEADING, SMALL_PT};
use super::lettering::{Weight, width_pt};
use super::numbers::{Numbers, cell};
use super::page::{LEFT, Page, RIGHT, words_height, words_in_box};
use super::panel::GUTTER_GAP;
use super::scale::{digits_for, number};
use super::{Drawing, Frame};
use crate::report::words;

/// One shortage of the system.
#[derive(Debug, Clone, Copy)]
pub struct ShortagePoint {
    /// The replication it is of.
    pub replication: u32,
    /// How long it lasted, h.
    pub duration_h: f64,
    /// The most that lacked at once, MW.
    pub depth_mw: f64,
    /// Unserved energy, MWh.
    pub energy_mwh: f64,
}

/// Shortages by duration and depth; a disc's area is the energy.
#[derive(Debug, Clone)]
pub struct ShortagesFigure {
    /// Title, subtitle, footer.
    pub frame: Frame,
    /// The shortages.
    pub points: Vec<ShortagePoint>,
    /// The first replications, so many, in which those are all.
    pub replications: u64,
}

const HEIGHT: f64 = 150.0;
/// Decades that an axis shows.
const DECADES: i32 = 4;
const LARGEST_PT: f64 = 6.0;
const SMALLEST_PT: f64 = 0.7;

impl ShortagesFigure {
    /// Draws it.
    pub fn draw(&self) -> Drawing {
        let mut page = Page::begin(&self.frame);
        let known = |point: &&ShortagePoint| {
            let values = [point.duration_h, point.depth_mw, point.energy_mwh];
            values.iter().all(|value| value.is_finite() && *value > 0.0)
        };
        let mut points: Vec<ShortagePoint> = self.points.iter().filter(known).copied().collect();
        let details = if points.is_empty() {
            let n = self.replications;
            let words = format!(
                "Shortages: none in {}. {}",
                words::futures(n),
                words::chance(0, n)
            );
            let height = words_height(&words, RIGHT - LEFT) + 14.0;
            let top = page.cursor_pt + 2.0;
            let ends = ((LEFT, top), (RIGHT, top + height));
            page.canvas.block(ends.0, ends.1, Ink(0xF2, 0xF2, 0xF2));
            words_in_box(&mut page.canvas, ends.0, ends.1, &words);
            page.cursor_pt = top + height;
            words
        } else {
            draw_points(&mut page, &points);
            self.in_words(&points)
        };
        let mut table =
            Numbers::with_columns(&["replication", "duration_h", "depth_mw", "energy_mwh"]);
        points.sort_by_key(|point| point.replication);
        for point in &points {
            table.row(&[
                point.replication.to_string(),
                cell(point.duration_h),
                cell(point.depth_mw),
                cell(point.energy_mwh),
            ]);
        }
        let notes = "Each disc is one shortage of the system in continuous time: its place its \
                     duration and its greatest depth, its area its unserved energy. Discs beyond \
                     the axes stand at their ends.";
        page.finish("shortages", table.finish(), &details, notes)
    }

    fn in_words(&self, points: &[ShortagePoint]) -> String {
        let middle = |value: fn(&ShortagePoint) -> f64| {
            let mut sorted: Vec<f64> = points.iter().map(value).collect();
            sorted.sort_by(f64::total_cmp);
            let median = sorted[(sorted.len() - 1) / 2];
            let largest = sorted[sorted.len() - 1];
            let print = |value: f64| number(value, digits_for(value));
            (print(median), print(largest))
        };
        let (duration, longest) = middle(|point| point.duration_h);
        let (depth, deepest) = middle(|point| point.depth_mw);
        let (energy, most) = middle(|point| point.energy_mwh);
        format!(
            "{} shortages in the first {}. Half last at most {duration} h, the longest {longest} \
             h; half lack at most {depth} MW, the deepest {deepest} MW; half leave at most \
             {energy} MWh unserved, the largest {most} MWh.",
            number(points.len() as f64, 0),
            words::futures(self.replications),
        )
    }
}

/// How large a disc is: its area in proportion to the energy.
struct Sizes {
    most_mwh: f64,
}

impl Sizes {
    fn radius_pt(&self, energy_mwh: f64) -> f64 {
        (LARGEST_PT * libm::sqrt(energy_mwh / self.most_mwh)).max(SMALLEST_PT)
    }
}

fn draw_points(page: &mut Page<'_>, points: &[ShortagePoint]) {
    let across = Decades::covering(points.iter().map(|point| point.duration_h), DECADES);
    let up = Decades::covering(points.iter().map(|point| point.depth_mw), DECADES);
    let most_mwh = points.iter().map(|p| p.energy_mwh).fold(0.0, f64::max);
    let sizes = Sizes { most_mwh };
    key(page, &sizes);
    page.heading("Greatest depth", "MW");
    let gutter = up.ticks().map(Decades::words);
    let gutter = gutter.map(|words| width_pt(&words, SMALL_PT, Weight::Regular));
    let left = LEFT + gutter.fold(0.0, f64::max) + GUTTER_GAP;
    let right = RIGHT - LARGEST_PT;
    let top = page.cursor_pt + LARGEST_PT + 1.0;
    let bottom = top + HEIGHT;
    let x = |value: f64| left + LARGEST_PT + across.part(value) * (right - left - LARGEST_PT);
    let y = |value: f64| bottom - up.part(value) * HEIGHT;
    let canvas = &mut page.canvas;
    for tick in up.ticks() {
        canvas.line(vec![(left, y(tick)), (RIGHT, y(tick))], Ink::PALE, 0.4);
        let at = (left - GUTTER_GAP, y(tick) + SMALL_PT * CAPITAL / 2.0);
        let text = Text::new(Decades::words(tick), at, SMALL_PT).ink(Ink::GREY);
        canvas.text(text.align(Align::Right));
    }
    let foot = bottom + LARGEST_PT;
    for tick in across.ticks() {
        canvas.line(vec![(x(tick), top), (x(tick), foot)], Ink::PALE, 0.4);
        let at = (x(tick), foot + 1.5 + SMALL_PT);
        let text = Text::new(Decades::words(tick), at, SMALL_PT).ink(Ink::GREY);
        canvas.text(text.align(Align::Centre));
    }
    // The largest first, so that none hides a smaller one.
    let mut order: Vec<&ShortagePoint> = points.iter().collect();
    order.sort_by(|a, b| b.energy_mwh.total_cmp(&a.energy_mwh));
    for point in order {
        let centre = (x(point.duration_h), y(point.depth_mw));
        disc(canvas, centre, sizes.radius_pt(point.energy_mwh));
    }
    page.cursor_pt = foot + SMALL_PT * LEADING + 2.0;
    page.cursor_pt += SMALL_PT * LEADING;
    let words = Text::new(
        "Duration, h",
        ((left + RIGHT) / 2.0, page.cursor_pt),
        SMALL_PT,
    );
    page.canvas.text(words.ink(Ink::GREY).align(Align::Centre));
    page.space(2.0);
}

/// A disc with a rim, so that those that touch stay apart.
fn disc(canvas: &mut Canvas, centre: (f64, f64), radius_pt: f64) {
    if radius_pt > 1.2 {
        canvas.disc(centre, radius_pt + 0.35, Ink::WHITE);
        canvas.disc(centre, radius_pt, Ink::BLUE);
        canvas.disc(centre, radius_pt - 0.4, Ink::BLUE.tint(0.4));
    } else {
        canvas.disc(centre, radius_pt, Ink::BLUE);
    }
}

/// Discs of round energies with their words.
fn key(page: &mut Page<'_>, sizes: &Sizes) {
    let mut x = LEFT;
    page.cursor_pt += 2.0 * LARGEST_PT;
    let middle = page.cursor_pt - LARGEST_PT + 1.0;
    let baseline = middle + SMALL_PT * CAPITAL / 2.0;
    let title = Text::new("Unserved energy:", (x, baseline), SMALL_PT);
    x += title.width_pt() + 6.0;
    page.canvas.text(title);
    for part in [0.04, 0.25, 1.0] {
        let energy = round_down(part * sizes.most_mwh);
        let radius = sizes.radius_pt(energy);
        let words = format!("{} MWh", Decades::words(energy));
        let text = Text::new(words, (x + 2.0 * radius + 3.0, baseline), SMALL_PT);
        if text.at.0 + text.width_pt() > RIGHT {
            break;
        }
        disc(&mut page.canvas, (x + radius, middle), radius);
        x = text.at.0;
        x += text.width_pt() + 9.0;
        page.canvas.text(text);
    }
    page.space(5.0);
}

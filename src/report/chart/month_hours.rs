//! When load is lost: months by hours of day, darker where it is likelier.

use super::canvas::{Align, Canvas, Text};
use super::decades::{round_down, round_up};
use super::ink::{CAPITAL, Ink, LEADING, SMALL_PT};
use super::lettering::{Weight, width_pt};
use super::numbers::{Numbers, cell};
use super::page::{KeyEntry, LEFT, Mark, Page, RIGHT, words_height, words_in_box};
use super::panel::GUTTER_GAP;
use super::scale::{digits_for, digits_of, number};
use super::{Drawing, Frame};
use crate::report::words;

/// A month and an hour of day.
#[derive(Debug, Clone, Copy)]
pub struct MonthHourCell {
    /// Month, January is 0.
    pub month: usize,
    /// Hour of day, 0 to 23.
    pub hour_of_day: usize,
    /// Hours of the horizon in it.
    pub hours: usize,
    /// Probability to be short of supply in such an hour.
    pub lolp: f64,
    /// Ends of its 95 % interval.
    pub interval_95: (f64, f64),
}

/// Loss of load by month and hour of day.
#[derive(Debug, Clone)]
pub struct MonthHoursFigure {
    /// Title, subtitle, footer.
    pub frame: Frame,
    /// The cells; those that are not there stay blank.
    pub cells: Vec<MonthHourCell>,
    /// Which clock the hours are of: "UTC", "UTC+6".
    pub clock: String,
}

pub(crate) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const ROW: f64 = 11.0;
/// Never seen in any replication: neither white, which is no hour, nor a shade, which is a chance.
const NEVER: Ink = Ink(0xF2, 0xF2, 0xF2);

/// Classes of shade: their upper ends in percent, rising, each 1, 2 or 5 times a power of ten.
struct Shades {
    ends: Vec<f64>,
}

/// Most classes: eyes tell no more apart.
const MOST_CLASSES: usize = 6;

impl Shades {
    fn of(cells: &[MonthHourCell]) -> Self {
        let most = cells.iter().map(|cell| 100.0 * cell.lolp);
        let most = most.filter(|p| p.is_finite()).fold(0.0, f64::max);
        let least = cells.iter().map(|cell| 100.0 * cell.lolp);
        let least = least.filter(|&p| p > 0.0).fold(f64::INFINITY, f64::min);
        let mut ends = vec![round_up(most)];
        while let Some(&end) = ends.last() {
            let next = round_down(end * 0.6);
            if ends.len() >= MOST_CLASSES || least > next {
                break;
            }
            ends.push(next);
        }
        ends.reverse();
        Self { ends }
    }

    fn ink(&self, class: usize) -> Ink {
        Ink::BLUE.tint(0.1 + 0.9 * (class + 1) as f64 / self.ends.len() as f64)
    }

    fn of_value(&self, lolp: f64) -> Ink {
        if lolp <= 0.0 {
            return NEVER;
        }
        let is_below = |end: &&f64| **end * (1.0 + 1e-9) < 100.0 * lolp;
        let below = self.ends.iter().take_while(is_below).count();
        self.ink(below.min(self.ends.len() - 1))
    }

    fn key(&self, replications: u64) -> Vec<KeyEntry> {
        let print = |class: usize| {
            let end = self.ends[class];
            number(end, digits_of(end))
        };
        let entry = |class: usize| KeyEntry {
            mark: Mark::Box(self.ink(class)),
            words: match class {
                0 => format!("up to {} %", print(0)),
                _ => format!("{}–{}", print(class - 1), print(class)),
            },
        };
        let mut entries = vec![KeyEntry {
            mark: Mark::Box(NEVER),
            words: format!("never in {}", words::futures(replications)),
        }];
        entries.extend((0..self.ends.len()).map(entry));
        entries
    }
}

impl MonthHoursFigure {
    /// Draws it.
    pub fn draw(&self) -> Drawing {
        let mut page = Page::begin(&self.frame);
        let known = |cell: &&MonthHourCell| {
            cell.lolp.is_finite() && cell.month < 12 && cell.hour_of_day < 24
        };
        let cells: Vec<MonthHourCell> = self.cells.iter().filter(known).copied().collect();
        let n = self.frame.footer.replications;
        let details = if cells.iter().any(|cell| cell.lolp > 0.0) {
            let shades = Shades::of(&cells);
            page.key(&shades.key(n));
            page.space(2.0);
            self.grid(&mut page, &cells, &shades);
            self.in_words(&cells)
        } else {
            let words = format!(
                "Short of supply: never in {}. {}",
                words::futures(n),
                words::chance(0, n)
            );
            let height = words_height(&words, RIGHT - LEFT) + 14.0;
            let top = page.cursor_pt + 2.0;
            page.canvas.block((LEFT, top), (RIGHT, top + height), NEVER);
            words_in_box(&mut page.canvas, (LEFT, top), (RIGHT, top + height), &words);
            page.cursor_pt = top + height;
            words
        };
        let mut table = Numbers::with_columns(&[
            "month",
            "hour_of_day",
            "hours",
            "lolp",
            "lower_95",
            "upper_95",
        ]);
        for at in &cells {
            table.row(&[
                (at.month + 1).to_string(),
                at.hour_of_day.to_string(),
                at.hours.to_string(),
                cell(at.lolp),
                cell(at.interval_95.0),
                cell(at.interval_95.1),
            ]);
        }
        let notes = "Probability to be short of supply in an hour of that month and hour of day; \
                     at the right the expected hours short in the whole month.";
        page.finish("lolp_by_month_hour", table.finish(), &details, notes)
    }

    fn grid(&self, page: &mut Page<'_>, cells: &[MonthHourCell], shades: &Shades) {
        let months: Vec<usize> = (0..12)
            .filter(|&month| cells.iter().any(|cell| cell.month == month))
            .collect();
        let gutter = MONTHS.map(|name| width_pt(&name[..3], SMALL_PT, Weight::Regular));
        let gutter = gutter.into_iter().fold(0.0, f64::max);
        let lole: Vec<f64> = months.iter().map(|&month| lole_h(cells, month)).collect();
        let most = lole.iter().copied().fold(0.0, f64::max);
        let print = |hours: f64| number(hours, digits_for(most).min(3));
        let unit = "h short";
        let widest = lole.iter().map(|&hours| print(hours));
        let widest = widest.map(|words| width_pt(&words, SMALL_PT, Weight::Regular));
        let margin = widest.fold(width_pt(unit, SMALL_PT, Weight::Regular), f64::max);
        let (left, right) = (LEFT + gutter + GUTTER_GAP, RIGHT - margin - GUTTER_GAP);
        let width = (right - left) / 24.0;
        let top = page.cursor_pt + SMALL_PT * LEADING;
        let canvas = &mut page.canvas;
        let baseline = top - 3.0;
        let heading = Text::new(unit, (RIGHT, baseline), SMALL_PT).ink(Ink::GREY);
        canvas.text(heading.align(Align::Right));
        for (row, (&month, &lole)) in months.iter().zip(&lole).enumerate() {
            let y = top + row as f64 * ROW;
            let baseline = y + ROW / 2.0 + SMALL_PT * CAPITAL / 2.0;
            let name = &MONTHS[month][..3];
            let name = Text::new(name, (left - GUTTER_GAP, baseline), SMALL_PT);
            canvas.text(name.align(Align::Right));
            for cell in cells.iter().filter(|cell| cell.month == month) {
                let x = left + cell.hour_of_day as f64 * width;
                let ink = shades.of_value(cell.lolp);
                // A hair of paper between cells.
                canvas.block((x + 0.3, y + 0.3), (x + width - 0.3, y + ROW - 0.3), ink);
            }
            let hours = Text::new(print(lole), (RIGHT, baseline), SMALL_PT);
            canvas.text(hours.align(Align::Right));
        }
        let bottom = top + months.len() as f64 * ROW;
        hours_of_day(canvas, (left, width, bottom), &self.clock);
        page.cursor_pt = bottom + SMALL_PT * LEADING + 4.0;
    }

    fn in_words(&self, cells: &[MonthHourCell]) -> String {
        let worst = cells.iter().max_by(|a, b| a.lolp.total_cmp(&b.lolp));
        let worst = worst.map_or(String::new(), |cell| {
            let percent = 100.0 * cell.lolp;
            format!(
                "Likeliest at {:02}:00 {} in {}: {} %.",
                cell.hour_of_day,
                self.clock,
                MONTHS[cell.month],
                number(percent, digits_for(percent))
            )
        });
        let mut months: Vec<(usize, f64)> = (0..12)
            .map(|month| (month, lole_h(cells, month)))
            .filter(|(_, hours)| *hours > 0.0)
            .collect();
        months.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let print = |&(month, hours): &(usize, f64)| {
            format!("{} {} h", MONTHS[month], number(hours, digits_for(hours)))
        };
        let months: Vec<String> = months.iter().map(print).collect();
        format!(
            "{worst} Expected hours short, by month: {}.",
            months.join(", ")
        )
    }
}

/// Expected hours short in a month.
pub(crate) fn lole_h(cells: &[MonthHourCell], month: usize) -> f64 {
    let of_month = cells.iter().filter(|cell| cell.month == month);
    of_month.map(|cell| cell.lolp * cell.hours as f64).sum()
}

/// The hours under the columns, every third, and the clock they are of.
fn hours_of_day(canvas: &mut Canvas, (left, width, bottom): (f64, f64, f64), clock: &str) {
    let baseline = bottom + 2.5 + SMALL_PT;
    for hour in (0..24).step_by(3) {
        let x = left + hour as f64 * width;
        canvas.line(vec![(x, bottom), (x, bottom + 2.0)], Ink::GREY, 0.5);
        let text = Text::new(format!("{hour:02}"), (x, baseline), SMALL_PT).ink(Ink::GREY);
        canvas.text(text.align(Align::Centre));
    }
    let end = left + 24.0 * width;
    canvas.line(vec![(end, bottom), (end, bottom + 2.0)], Ink::GREY, 0.5);
    let text = Text::new(format!("h {clock}"), (end, baseline), SMALL_PT).ink(Ink::GREY);
    canvas.text(text.align(Align::Centre));
}

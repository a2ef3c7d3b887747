//! A dated strip of what happened: numbers on the time axis, their meaning in a list.

use super::canvas::{Align, Canvas, Text};
use super::clock;
use super::ink::{CAPITAL, Ink, LEADING, SMALL_PT};
use super::lettering::{Weight, width_pt, wrap};
use super::page::{LEFT, Page, RIGHT};
use super::panel::TimePanel;

/// Something that happened at a time, or from one time to another.
#[derive(Debug, Clone)]
pub struct DatedEvent {
    /// When it began, Unix ms.
    pub from_ms: i64,
    /// When it ended, if it lasted.
    pub to_ms: Option<i64>,
    /// A few words: "national cut".
    pub label: String,
}

const RADIUS: f64 = 4.1;

/// Events that touch the panel's time, in order of their beginning.
pub(crate) fn within<'a>(events: &'a [DatedEvent], panel: &TimePanel) -> Vec<&'a DatedEvent> {
    let mut chosen: Vec<&DatedEvent> = events
        .iter()
        .filter(|event| {
            event.from_ms <= panel.to && event.to_ms.unwrap_or(event.from_ms) >= panel.from
        })
        .collect();
    chosen.sort_by(|a, b| (a.from_ms, a.to_ms, &a.label).cmp(&(b.from_ms, b.to_ms, &b.label)));
    chosen
}

/// Grey windows and dashed lines behind a panel's data.
pub(crate) fn behind(canvas: &mut Canvas, panel: &TimePanel, events: &[&DatedEvent]) {
    for event in events {
        if let Some(to) = event.to_ms.filter(|to| *to > event.from_ms) {
            let shade = Ink(0xF0, 0xF0, 0xF0);
            canvas.block(
                (panel.x(event.from_ms), panel.top),
                (panel.x(to), panel.bottom),
                shade,
            );
        }
    }
    for event in events {
        let x = panel.x(event.from_ms);
        canvas.dashed(
            &[(x, panel.top), (x, panel.bottom)],
            Ink(0x99, 0x99, 0x99),
            0.4,
            1.6,
            1.4,
        );
    }
}

/// The strip of numbers under a panel and the list that explains them.
pub(crate) fn strip(page: &mut Page<'_>, panel: &TimePanel, events: &[&DatedEvent]) {
    if events.is_empty() {
        return;
    }
    page.space(2.5);
    let widest = width_pt(&events.len().to_string(), SMALL_PT, Weight::Bold);
    let radius = RADIUS.max(widest / 2.0 + 1.2);
    // Each number takes the first row in which it and its bar touch nothing.
    let mut rows: Vec<f64> = Vec::new();
    for (index, event) in events.iter().enumerate() {
        let x = panel.x(event.from_ms);
        let end = event.to_ms.map_or(x, |to| panel.x(to));
        let centre = clock::held(x, radius, panel.left, panel.right);
        let row = rows
            .iter()
            .position(|right| centre - radius >= right + 1.0)
            .unwrap_or_else(|| {
                rows.push(f64::NEG_INFINITY);
                rows.len() - 1
            });
        rows[row] = end.max(centre + radius);
        let y = page.cursor_pt + radius + row as f64 * (radius * 2.0 + 1.2);
        if end > x {
            page.canvas
                .block((x, y - 1.3), (end, y + 1.3), Ink(0xB5, 0xB5, 0xB5));
        }
        page.canvas.disc((centre, y), radius, Ink::BLACK);
        let at = (centre, y + SMALL_PT * CAPITAL / 2.0);
        let text = Text::new((index + 1).to_string(), at, SMALL_PT)
            .bold()
            .ink(Ink::WHITE);
        page.canvas.text(text.align(Align::Centre));
    }
    page.space(rows.len() as f64 * (radius * 2.0 + 1.2) + 2.0);
    page.paragraph("Events, in UTC", SMALL_PT, Weight::Bold, Ink::BLACK);
    list(page, events, widest);
}

/// Two columns, filled from top to bottom, the left one at least as long.
fn list(page: &mut Page<'_>, events: &[&DatedEvent], number_width: f64) {
    const BETWEEN: f64 = 7.0;
    let width = (RIGHT - LEFT - BETWEEN) / 2.0;
    let inset = number_width + 3.0;
    let entries: Vec<Vec<String>> = events
        .iter()
        .map(|event| {
            let words = format!("{} {}", clock::spoken(event.from_ms), event.label);
            wrap(&words, SMALL_PT, Weight::Regular, width - inset)
        })
        .collect();
    let line = SMALL_PT * LEADING;
    let all: usize = entries.iter().map(Vec::len).sum();
    let top = page.cursor_pt;
    let (mut column, mut used, mut deepest) = (0, 0, 0);
    for (index, lines) in entries.iter().enumerate() {
        if column == 0 && used * 2 >= all && index > 0 {
            (column, used) = (1, 0);
        }
        let x = LEFT + f64::from(column) * (width + BETWEEN);
        for (row, words) in lines.iter().enumerate() {
            let baseline = top + (used + row) as f64 * line + SMALL_PT;
            if row == 0 {
                let text = Text::new(
                    (index + 1).to_string(),
                    (x + number_width, baseline),
                    SMALL_PT,
                );
                page.canvas.text(text.bold().align(Align::Right));
            }
            page.canvas
                .text(Text::new(words.as_str(), (x + inset, baseline), SMALL_PT));
        }
        used += lines.len();
        deepest = deepest.max(used);
    }
    page.space(deepest as f64 * line);
}

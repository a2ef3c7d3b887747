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
/// Height of the lines that lead to the numbers.
const LEADER: f64 = 5.5;

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
    page.space(2.0);
    let widest = width_pt(&events.len().to_string(), SMALL_PT, Weight::Bold);
    let radius = RADIUS.max(widest / 2.0 + 1.2);
    let apart = radius * 2.0 + 1.0;
    let room = (panel.right - panel.left) / apart;
    let rows = libm::ceil(events.len() as f64 / libm::floor(room).max(1.0)) as usize;
    let top = page.cursor_pt;
    for row in 0..rows {
        let here: Vec<usize> = (row..events.len()).step_by(rows).collect();
        let wanted: Vec<f64> = here
            .iter()
            .map(|index| panel.x(events[*index].from_ms))
            .collect();
        let centres = spread(&wanted, apart, panel.left + radius, panel.right - radius);
        let y = top + LEADER + radius + row as f64 * (radius * 2.0 + 1.2);
        for ((index, x), centre) in here.iter().zip(wanted).zip(centres) {
            // A short line leads from the moment to its number; only the first row is free to.
            let elbow = vec![(x, top), (x, top + 1.2), (centre, y - radius)];
            let leader = if row == 0 {
                elbow
            } else {
                vec![(x, top), (x, top + 1.2)]
            };
            page.canvas.line(leader, Ink::GREY, 0.5);
            page.canvas.disc((centre, y), radius, Ink::BLACK);
            let at = (centre, y + SMALL_PT * CAPITAL / 2.0);
            let text = Text::new((index + 1).to_string(), at, SMALL_PT).bold();
            page.canvas.text(text.ink(Ink::WHITE).align(Align::Centre));
        }
    }
    page.space(LEADER + rows as f64 * (radius * 2.0 + 1.2) + 1.5);
    page.paragraph("Events, in UTC", SMALL_PT, Weight::Bold, Ink::BLACK);
    list(page, events, widest);
}

/// Moves rising places as little as needed (least squares) so that they stand `apart` from each
/// other between two borders.
fn spread(wanted: &[f64], apart: f64, left: f64, right: f64) -> Vec<f64> {
    // Pool adjacent violators on the places less their ranks' distance.
    let mut pools: Vec<(f64, usize)> = Vec::new();
    for (rank, place) in wanted.iter().enumerate() {
        let mut pool = (place - rank as f64 * apart, 1);
        while let Some(last) = pools.last().copied().filter(|last| last.0 > pool.0) {
            let count = last.1 + pool.1;
            pool = (
                (last.0 * last.1 as f64 + pool.0 * pool.1 as f64) / count as f64,
                count,
            );
            pools.pop();
        }
        pools.push(pool);
    }
    let whole = wanted.len().saturating_sub(1) as f64 * apart;
    pools
        .into_iter()
        .flat_map(|(base, count)| std::iter::repeat_n(base, count))
        .enumerate()
        .map(|(rank, base)| {
            clock::held(base, 0.0, left, (right - whole).max(left)) + rank as f64 * apart
        })
        .collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_spread_by_the_least() {
        assert_eq!(spread(&[10.0, 50.0], 9.0, 0.0, 100.0), vec![10.0, 50.0]);
        assert_eq!(
            spread(&[50.0, 50.0, 50.0], 10.0, 0.0, 100.0),
            vec![40.0, 50.0, 60.0]
        );
        assert_eq!(spread(&[0.0, 1.0], 10.0, 4.0, 100.0), vec![4.0, 14.0]);
        assert_eq!(spread(&[99.0, 99.0], 10.0, 4.0, 96.0), vec![86.0, 96.0]);
    }
}

//! Charts of named rows: their upright rules with words, and names of several lines.

use super::canvas::{Align, Canvas, Text};
use super::ink::{CAPITAL, Ink, LEADING, SMALL_PT};
use super::lettering::Weight;
use super::page::LEFT;
use super::scale::Scale;

/// Upright rules at the ticks, zero stronger, with words on a baseline where they do not touch.
pub(crate) fn uprights(
    canvas: &mut Canvas,
    scale: &Scale,
    x: &dyn Fn(f64) -> f64,
    (top, bottom): (f64, f64),
    baseline: f64,
    print: &dyn Fn(f64) -> String,
) {
    let mut taken = f64::NEG_INFINITY;
    for tick in scale.ticks() {
        let zero = tick.abs() < scale.step * 1e-6;
        let (ink, width) = if zero {
            (Ink::GREY, 0.8)
        } else {
            (Ink::PALE, 0.4)
        };
        canvas.line(vec![(x(tick), top), (x(tick), bottom)], ink, width);
        let text = Text::new(print(tick), (x(tick), baseline), SMALL_PT);
        let half = text.width_pt() / 2.0;
        if x(tick) - half > taken {
            taken = x(tick) + half + 3.0;
            canvas.text(text.ink(Ink::GREY).align(Align::Centre));
        }
    }
}

/// The lines of a row's name, from the left border, centred on the row's middle.
pub(crate) fn name(canvas: &mut Canvas, lines: &[String], middle: f64, weight: Weight) {
    let line = SMALL_PT * LEADING;
    let first = middle - (lines.len() as f64 - 1.0) / 2.0 * line + SMALL_PT * CAPITAL / 2.0;
    for (index, words) in lines.iter().enumerate() {
        let at = (LEFT, first + index as f64 * line);
        canvas.text(Text {
            weight,
            ..Text::new(words.as_str(), at, SMALL_PT)
        });
    }
}

/// Height of a row whose name has so many lines.
pub(crate) fn height(lines: &[String], gap: f64) -> f64 {
    lines.len() as f64 * SMALL_PT * LEADING + gap
}

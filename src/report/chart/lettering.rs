//! The embedded font: how wide a text is, and where it breaks into lines.

use plotters::style::{FontDesc, FontFamily, FontStyle, register_font};
use std::sync::OnceLock;

/// DejaVu Sans first (embedded); Verdana has nearly its widths where a program ignores that.
pub(crate) const FAMILY: &str = "DejaVu Sans, Verdana, Geneva, sans-serif";
/// The regular face, as a TrueType file.
pub(crate) const REGULAR: &[u8] = include_bytes!("fonts/DejaVuSans-subset.ttf");
/// The bold face, as a TrueType file.
pub(crate) const BOLD: &[u8] = include_bytes!("fonts/DejaVuSans-Bold-subset.ttf");

/// plotters scales a face by its height, SVG by its em: (ascent + descent) / em of DejaVu Sans.
const HEIGHT_PER_EM: f64 = (1901.0 + 483.0) / 2048.0;
/// Size at which a text is measured: its widths come back as whole pixels.
const MEASURING_SIZE: f64 = 20_000.0;
/// plotters' font sizes are this much larger than the em that its SVG backend writes.
pub(crate) const PLOTTERS_SIZE_PER_EM: f64 = 1.24;

/// Weight of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    Regular,
    Bold,
}

impl Weight {
    /// The face at a size in the canvas's own units (em).
    pub(crate) fn face(self, em: f64) -> FontDesc<'static> {
        static REGISTERED: OnceLock<bool> = OnceLock::new();
        REGISTERED.get_or_init(|| {
            register_font(FAMILY, FontStyle::Normal, REGULAR).is_ok()
                && register_font(FAMILY, FontStyle::Bold, BOLD).is_ok()
        });
        let style = match self {
            Weight::Regular => FontStyle::Normal,
            Weight::Bold => FontStyle::Bold,
        };
        FontDesc::new(FontFamily::Name(FAMILY), em * PLOTTERS_SIZE_PER_EM, style)
    }
}

/// Width of a text in points at a size in points. Exact: the face has no kerning.
pub(crate) fn width_pt(text: &str, size_pt: f64, weight: Weight) -> f64 {
    let face = weight.face(MEASURING_SIZE / PLOTTERS_SIZE_PER_EM);
    let pixels = match face.box_size(text) {
        Ok((width, _)) => f64::from(width),
        // The face is part of the binary, so this is never taken; a cautious guess if it were.
        Err(_) => 0.75 * MEASURING_SIZE * text.chars().count() as f64,
    };
    pixels / MEASURING_SIZE * HEIGHT_PER_EM * size_pt
}

/// Breaks a text into lines no wider than `width`; the first line may start `indent` further in.
///
/// Breaks at spaces; a word that is wider than a line alone is broken between its letters, so
/// that nothing is ever cut. At least one line, maybe empty.
pub(crate) fn wrap_indented(
    text: &str,
    size_pt: f64,
    weight: Weight,
    width: f64,
    indent: f64,
) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    let room = |lines: &Vec<String>| {
        if lines.len() == 1 {
            width - indent
        } else {
            width
        }
    };
    let fits = |line: &str, room: f64| width_pt(line, size_pt, weight) <= room;
    for word in text.split_whitespace() {
        // Only what fits no line is parted, at its hyphens first and then anywhere.
        let parts: Vec<&str> = if fits(word, width) {
            vec![word]
        } else {
            word.split_inclusive('-').collect()
        };
        for (index, part) in parts.into_iter().enumerate() {
            let last = lines.len() - 1;
            let gap = if lines[last].is_empty() || index > 0 {
                ""
            } else {
                " "
            };
            let joined = format!("{}{gap}{part}", lines[last]);
            if fits(&joined, room(&lines)) {
                lines[last] = joined;
                continue;
            }
            if !lines[last].is_empty() || (indent > 0.0 && last == 0) {
                lines.push(String::new());
            }
            for letter in part.chars() {
                let last = lines.len() - 1;
                let longer = format!("{}{letter}", lines[last]);
                if lines[last].is_empty() || fits(&longer, room(&lines)) {
                    lines[last] = longer;
                } else {
                    lines.push(letter.to_string());
                }
            }
        }
    }
    lines
}

/// [`wrap_indented`] without an indent.
pub(crate) fn wrap(text: &str, size_pt: f64, weight: Weight, width: f64) -> Vec<String> {
    wrap_indented(text, size_pt, weight, width, 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Advance widths of DejaVu Sans: "M" 1767, "i" 569, space 651 of 2048 units.
    #[test]
    fn widths_are_the_advances_of_the_face() {
        for (text, units) in [
            ("M", 1767.0),
            ("i", 569.0),
            ("Mi M", 1767.0 * 2.0 + 569.0 + 651.0),
        ] {
            let width = width_pt(text, 10.0, Weight::Regular);
            assert!((width - units / 204.8).abs() < 0.01, "{text}: {width}");
        }
        assert!(width_pt("Mining", 10.0, Weight::Bold) > width_pt("Mining", 10.0, Weight::Regular));
    }

    #[test]
    fn wrapped_lines_fit_and_lose_nothing() {
        let text = "one ratherlongwordthatdoesnotfitinanylineatall and some short ones";
        for width in [20.0, 45.0, 80.0, 1000.0] {
            let lines = wrap_indented(text, 7.0, Weight::Regular, width, width / 3.0);
            for (index, line) in lines.iter().enumerate() {
                let room = if index == 0 { width * 2.0 / 3.0 } else { width };
                assert!(
                    width_pt(line, 7.0, Weight::Regular) <= room + 1e-9,
                    "{line:?}"
                );
            }
            let kept: String = lines.concat().replace(' ', "");
            assert_eq!(kept, text.replace(' ', ""));
        }
        assert_eq!(wrap("", 7.0, Weight::Regular, 50.0), vec![String::new()]);
    }
}

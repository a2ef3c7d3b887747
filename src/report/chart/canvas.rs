//! The one drawing path: shapes in points, written as SVG through plotters.
//!
//! plotters' SVG backend knows whole units only, so the canvas is twenty units a point (a twip)
//! and the root element's viewBox scales it back. Every other format is made from this SVG.

use super::ink::{Ink, WIDTH_PT};
use super::lettering::{self, PLOTTERS_SIZE_PER_EM, Weight};
use plotters::backend::{DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontDesc, RGBColor, ShapeStyle, TextStyle};

/// Canvas units a point.
const TWIPS: f64 = 20.0;
/// plotters hangs a text from its top by this much of an em.
const TOP_TO_BASELINE: f64 = 0.76;
/// Printed at twice the size it is designed for: 7 inches.
const PRINT_SCALE: f64 = 2.0;

/// A place on the page: points from the left, points from the top.
pub(crate) type Spot = (f64, f64);

/// Where a text hangs on its anchor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Centre,
    Right,
}

/// A text on the page: `at` is on the baseline.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    pub words: String,
    pub at: Spot,
    pub size_pt: f64,
    pub weight: Weight,
    pub align: Align,
    pub ink: Ink,
}

#[derive(Debug, Clone)]
enum Shape {
    Area {
        outline: Vec<Spot>,
        ink: Ink,
    },
    Line {
        path: Vec<Spot>,
        ink: Ink,
        width_pt: f64,
    },
    Disc {
        centre: Spot,
        radius_pt: f64,
        ink: Ink,
    },
    Text(Text),
}

/// Shapes on a page, later ones above earlier ones.
#[derive(Debug, Default)]
pub(crate) struct Canvas {
    shapes: Vec<Shape>,
}

impl Canvas {
    /// A filled outline; closed by itself.
    pub(crate) fn area(&mut self, outline: Vec<Spot>, ink: Ink) {
        if outline.len() > 2 {
            self.shapes.push(Shape::Area { outline, ink });
        }
    }

    /// A filled rectangle between two corners.
    pub(crate) fn block(&mut self, a: Spot, b: Spot, ink: Ink) {
        self.area(vec![a, (b.0, a.1), b, (a.0, b.1)], ink);
    }

    /// A line through all spots.
    pub(crate) fn line(&mut self, path: Vec<Spot>, ink: Ink, width_pt: f64) {
        if path.len() > 1 {
            self.shapes.push(Shape::Line {
                path,
                ink,
                width_pt,
            });
        }
    }

    /// A line broken into dashes of `on` points with gaps of `off` points.
    pub(crate) fn dashed(&mut self, path: &[Spot], ink: Ink, width_pt: f64, on: f64, off: f64) {
        let mut dash: Vec<Spot> = Vec::new();
        let (mut drawing, mut left) = (true, on);
        for pair in path.windows(2) {
            let (mut from, to) = (pair[0], pair[1]);
            if drawing && dash.is_empty() {
                dash.push(from);
            }
            loop {
                let length = libm::hypot(to.0 - from.0, to.1 - from.1);
                if !length.is_finite() || length <= left {
                    left -= if length.is_finite() { length } else { 0.0 };
                    if drawing {
                        dash.push(to);
                    }
                    break;
                }
                let part = left / length;
                from = (
                    from.0 + (to.0 - from.0) * part,
                    from.1 + (to.1 - from.1) * part,
                );
                if drawing {
                    dash.push(from);
                    self.line(std::mem::take(&mut dash), ink, width_pt);
                } else {
                    dash.push(from);
                }
                drawing = !drawing;
                left = if drawing { on } else { off };
            }
        }
        if drawing {
            self.line(dash, ink, width_pt);
        }
    }

    /// A filled circle.
    pub(crate) fn disc(&mut self, centre: Spot, radius_pt: f64, ink: Ink) {
        self.shapes.push(Shape::Disc {
            centre,
            radius_pt,
            ink,
        });
    }

    /// A text; nothing where it is empty.
    pub(crate) fn text(&mut self, text: Text) {
        if !text.words.trim().is_empty() {
            self.shapes.push(Shape::Text(text));
        }
    }

    /// All shapes of another canvas above those of this one.
    pub(crate) fn append(&mut self, other: Canvas) {
        self.shapes.extend(other.shapes);
    }

    /// The page as a complete SVG document of `height_pt` points, with a description for readers
    /// who cannot see it. Names the font, does not hold it.
    pub(crate) fn svg(&self, height_pt: f64, description: &str) -> String {
        let size = (
            units(WIDTH_PT).max(1) as u32,
            units(height_pt).max(1) as u32,
        );
        let mut drawn = String::new();
        {
            let mut backend = SVGBackend::with_string(&mut drawn, size);
            for shape in &self.shapes {
                let written = put(&mut backend, shape);
                debug_assert!(written);
            }
            let _ = backend.present();
        }
        let body = drawn.split_once('\n').map_or("", |(_, body)| body);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}pt\" height=\"{}pt\" \
             viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">\n{body}",
            f64::from(size.0) / TWIPS * PRINT_SCALE,
            f64::from(size.1) / TWIPS * PRINT_SCALE,
            size.0,
            size.1,
            escape(description),
        )
    }
}

/// A text made safe for an attribute or an element of XML.
pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '"' => safe.push_str("&quot;"),
            control if control.is_control() => safe.push(' '),
            other => safe.push(other),
        }
    }
    safe
}

fn units(points: f64) -> i32 {
    // A number that is none lands at the border, visibly, and never as "NaN" in the file.
    if points.is_finite() {
        libm::rint(points * TWIPS).clamp(-1e8, 1e8) as i32
    } else {
        0
    }
}

fn style(ink: Ink, width_pt: f64) -> ShapeStyle {
    let width = units(width_pt).max(1) as u32;
    RGBColor(ink.0, ink.1, ink.2).stroke_width(width)
}

/// Draws a shape; writing to a string cannot fail, so the answer is for a debug build alone.
fn put(backend: &mut SVGBackend<'_>, shape: &Shape) -> bool {
    let written = match shape {
        Shape::Area { outline, ink } => {
            backend.fill_polygon(thinned(outline), &style(*ink, 0.0).filled())
        }
        Shape::Line {
            path,
            ink,
            width_pt,
        } => backend.draw_path(thinned(path), &style(*ink, *width_pt)),
        Shape::Disc {
            centre,
            radius_pt,
            ink,
        } => backend.draw_circle(
            (units(centre.0), units(centre.1)),
            units(*radius_pt).max(1) as u32,
            &style(*ink, 0.0).filled(),
            true,
        ),
        Shape::Text(text) => {
            let em = text.size_pt * TWIPS;
            let face: FontDesc<'static> = text.weight.face(em);
            debug_assert!((face.get_size() - em * PLOTTERS_SIZE_PER_EM).abs() < 1e-6);
            let horizontal = match text.align {
                Align::Left => HPos::Left,
                Align::Centre => HPos::Center,
                Align::Right => HPos::Right,
            };
            let colour = RGBColor(text.ink.0, text.ink.1, text.ink.2);
            let style = TextStyle::from(face)
                .color(&colour)
                .pos(Pos::new(horizontal, VPos::Top));
            let top = units(text.at.1 - TOP_TO_BASELINE * text.size_pt);
            let words: String = text
                .words
                .chars()
                .map(|c| if c.is_control() { ' ' } else { c })
                .collect();
            backend.draw_text(&words, &style, (units(text.at.0), top))
        }
    };
    written.is_ok()
}

/// The path in whole units without what the eye cannot see: repeated spots, middles of
/// horizontal and vertical runs, and all but the ends of what happens within one unit of width.
fn thinned(path: &[Spot]) -> Vec<(i32, i32)> {
    let mut kept: Vec<(i32, i32)> = Vec::with_capacity(path.len());
    for spot in path {
        let next = (units(spot.0), units(spot.1));
        while let [.., a, b] = kept[..] {
            let level = a.1 == b.1 && b.1 == next.1 && between(a.0, b.0, next.0);
            let upright = a.0 == b.0 && b.0 == next.0 && between(a.1, b.1, next.1);
            if level || upright {
                kept.pop();
            } else {
                break;
            }
        }
        if kept.last() != Some(&next) {
            kept.push(next);
        }
    }
    kept
}

fn between(a: i32, b: i32, c: i32) -> bool {
    (a <= b && b <= c) || (a >= b && b >= c)
}

impl Text {
    /// Regular black words from the left at a baseline.
    pub(crate) fn new(words: impl Into<String>, at: Spot, size_pt: f64) -> Self {
        let (weight, align, ink) = (Weight::Regular, Align::Left, Ink::BLACK);
        Self {
            words: words.into(),
            at,
            size_pt,
            weight,
            align,
            ink,
        }
    }
    /// In bold.
    pub(crate) fn bold(self) -> Self {
        Self {
            weight: Weight::Bold,
            ..self
        }
    }
    /// In another colour.
    pub(crate) fn ink(self, ink: Ink) -> Self {
        Self { ink, ..self }
    }
    /// Aligned otherwise.
    pub(crate) fn align(self, align: Align) -> Self {
        Self { align, ..self }
    }
    /// Its width in points.
    pub(crate) fn width_pt(&self) -> f64 {
        lettering::width_pt(&self.words, self.size_pt, self.weight)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thinning_keeps_what_is_seen() {
        let stairs: Vec<Spot> = vec![(0.0, 1.0), (1.0, 1.0), (2.0, 1.0), (2.0, 3.0), (2.0, 2.0)];
        assert_eq!(
            thinned(&stairs),
            vec![(0, 20), (40, 20), (40, 60), (40, 40)]
        );
        assert_eq!(thinned(&[(f64::NAN, 1.0)]), vec![(0, 20)]);
    }

    #[test]
    fn dashes_cover_their_share() {
        let mut canvas = Canvas::default();
        canvas.dashed(
            &[(0.0, 0.0), (6.0, 0.0), (10.0, 0.0)],
            Ink::BLACK,
            1.0,
            2.0,
            1.0,
        );
        let lengths: Vec<f64> = canvas
            .shapes
            .iter()
            .filter_map(|shape| match shape {
                Shape::Line { path, .. } => Some(path[path.len() - 1].0 - path[0].0),
                _ => None,
            })
            .collect();
        // On 0-2, 3-5, 6-8, 9-10.
        assert_eq!(lengths.len(), 4);
        assert!((lengths.iter().sum::<f64>() - 7.0).abs() < 1e-9);
    }

    #[test]
    fn words_are_escaped_and_numbers_finite() {
        let mut canvas = Canvas::default();
        canvas.text(Text::new(
            "a < b & \"c\"\u{7}",
            (f64::NAN, f64::INFINITY),
            7.0,
        ));
        let svg = canvas.svg(50.0, "less < more & \"so\"");
        assert!(!svg.contains("NaN") && !svg.contains("inf"));
        assert!(resvg::usvg::roxmltree::Document::parse(&svg).is_ok());
    }
}

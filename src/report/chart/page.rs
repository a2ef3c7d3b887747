//! The frame that every figure shares: title, subtitle, body from top to bottom, footer.

use super::canvas::{Align, Canvas, Spot, Text};
use super::ink::{CAPITAL, Ink, LABEL_PT, LEADING, MARGIN_PT, SMALL_PT, TITLE_PT, WIDTH_PT};
use super::lettering::{Weight, width_pt, wrap, wrap_indented};
use super::{Drawing, Frame};

/// Left border of everything.
pub(crate) const LEFT: f64 = MARGIN_PT;
/// Right border of everything.
pub(crate) const RIGHT: f64 = WIDTH_PT - MARGIN_PT;

/// A page being drawn from top to bottom.
pub(crate) struct Page<'a> {
    pub(crate) canvas: Canvas,
    frame: &'a Frame,
    /// Points from the top where the next thing begins.
    pub(crate) cursor_pt: f64,
}

/// One entry of a key: how it is drawn, and its words.
pub(crate) struct KeyEntry {
    pub mark: Mark,
    pub words: String,
}

/// How a series looks, for a key.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Mark {
    /// A filled box.
    Box(Ink),
    /// A filled box with diagonal strokes.
    Hatched(Ink, Ink),
    /// A line.
    Line(Ink),
    /// A dashed line.
    Dashes(Ink),
    /// A dot with a vertical bar.
    DotAndBar(Ink),
    /// A dot on a horizontal bar.
    DotOnBar(Ink, Ink),
    /// A dot on a horizontal line with ends.
    Whisker(Ink),
    /// A diamond.
    Diamond(Ink),
}

impl<'a> Page<'a> {
    /// Begins a page with its title and subtitle.
    pub(crate) fn begin(frame: &'a Frame) -> Self {
        let mut page = Self {
            canvas: Canvas::default(),
            frame,
            cursor_pt: MARGIN_PT,
        };
        // Paper and rules are drawn under the rest; their height is known at the end only, so
        // the paper is generous and the viewBox cuts it.
        page.canvas
            .block((0.0, 0.0), (WIDTH_PT, 20_000.0), Ink::WHITE);
        let width = RIGHT - LEFT;
        let size = TITLE_PT
            .into_iter()
            .find(|size| wrap(&frame.title, *size, Weight::Bold, width).len() <= 2)
            .unwrap_or(TITLE_PT[TITLE_PT.len() - 1]);
        page.paragraph(&frame.title, size, Weight::Bold, Ink::BLACK);
        if !frame.subtitle.trim().is_empty() {
            page.space(1.5);
            page.paragraph(&frame.subtitle, LABEL_PT, Weight::Regular, Ink::GREY);
        }
        page.space(4.0);
        page
    }

    /// Moves down.
    pub(crate) fn space(&mut self, points: f64) {
        self.cursor_pt += points;
    }

    /// Wrapped lines over the whole width.
    pub(crate) fn paragraph(&mut self, words: &str, size_pt: f64, weight: Weight, ink: Ink) {
        for line in wrap(words, size_pt, weight, RIGHT - LEFT) {
            self.cursor_pt += size_pt * LEADING;
            let at = (LEFT, self.cursor_pt - size_pt * (LEADING - 1.0));
            self.canvas.text(
                Text {
                    weight,
                    ..Text::new(line, at, size_pt)
                }
                .ink(ink),
            );
        }
    }

    /// The heading of a panel: what it shows, in bold, with its unit.
    pub(crate) fn heading(&mut self, words: &str, unit: &str) {
        let indent = width_pt(words, LABEL_PT, Weight::Bold) + 4.0;
        let whole = RIGHT - LEFT;
        if indent + width_pt(unit, LABEL_PT, Weight::Regular) > whole {
            self.paragraph(words, LABEL_PT, Weight::Bold, Ink::BLACK);
            self.paragraph(unit, LABEL_PT, Weight::Regular, Ink::GREY);
        } else {
            let baseline = self.cursor_pt + LABEL_PT;
            self.paragraph(words, LABEL_PT, Weight::Bold, Ink::BLACK);
            let text = Text::new(unit, (LEFT + indent, baseline), LABEL_PT);
            self.canvas.text(text.ink(Ink::GREY));
        }
    }

    /// A key in as many rows as it takes.
    pub(crate) fn key(&mut self, entries: &[KeyEntry]) {
        const MARK: f64 = 11.0;
        const GAP: f64 = 7.0;
        let line = SMALL_PT * LEADING + 1.0;
        let room = RIGHT - LEFT - MARK - 2.5;
        let mut x = LEFT;
        let mut open = false;
        for entry in entries {
            for (index, words) in wrap(&entry.words, SMALL_PT, Weight::Regular, room)
                .into_iter()
                .enumerate()
            {
                let needed = MARK + 2.5 + width_pt(&words, SMALL_PT, Weight::Regular);
                if !open || index > 0 || x + needed > RIGHT {
                    self.cursor_pt += line;
                    (x, open) = (LEFT, true);
                }
                let baseline = self.cursor_pt - 2.0;
                if index == 0 {
                    self.mark(entry.mark, (x, baseline - SMALL_PT * CAPITAL / 2.0), MARK);
                }
                self.canvas
                    .text(Text::new(words, (x + MARK + 2.5, baseline), SMALL_PT));
                x += needed + GAP;
            }
        }
        self.space(2.0);
    }

    fn mark(&mut self, mark: Mark, (x, y): Spot, width: f64) {
        let canvas = &mut self.canvas;
        let middle = x + width / 2.0;
        match mark {
            Mark::Box(ink) => canvas.block((x, y - 2.5), (x + width, y + 2.5), ink),
            Mark::Hatched(ink, stroke) => {
                canvas.block((x, y - 2.5), (x + width, y + 2.5), ink);
                for step in 0..3 {
                    let foot = x + 0.6 + f64::from(step) * 2.4;
                    canvas.line(vec![(foot, y + 2.5), (foot + 5.0, y - 2.5)], stroke, 0.6);
                }
            }
            Mark::Line(ink) => canvas.line(vec![(x, y), (x + width, y)], ink, 1.4),
            Mark::Dashes(ink) => {
                canvas.dashed(&[(x, y), (x + width, y)], ink, 0.9, 2.6, 1.6);
            }
            Mark::DotAndBar(ink) => {
                canvas.line(vec![(middle, y - 3.2), (middle, y + 3.2)], ink, 0.6);
                canvas.disc((middle, y), 1.4, ink);
            }
            Mark::DotOnBar(bar, dot) => {
                canvas.block((x, y - 1.4), (x + width, y + 1.4), bar);
                canvas.disc((middle, y), 1.7, dot);
            }
            Mark::Whisker(ink) => {
                canvas.line(vec![(x, y), (x + width, y)], ink, 0.9);
                for end in [x + 0.45, x + width - 0.45] {
                    canvas.line(vec![(end, y - 2.0), (end, y + 2.0)], ink, 0.9);
                }
                canvas.disc((middle, y), 1.7, ink);
            }
            Mark::Diamond(ink) => diamond(canvas, (middle, y), 2.9, ink),
        }
    }

    /// Ends the page with its footer and returns the finished drawing.
    ///
    /// `details` says in words what is drawn, for readers who cannot see it; `notes` goes into
    /// the caption after the title.
    pub(crate) fn finish(
        mut self,
        name: &str,
        numbers_csv: String,
        details: &str,
        notes: &str,
    ) -> Drawing {
        let frame = self.frame;
        self.space(5.0);
        let rule = self.cursor_pt;
        self.canvas
            .line(vec![(LEFT, rule), (RIGHT, rule)], Ink::PALE, 0.5);
        self.space(1.0);
        let mode = frame.footer.mode.word();
        let indent = width_pt(mode, SMALL_PT, Weight::Bold) + 4.0;
        let words = frame.footer.words();
        let lines = wrap_indented(&words, SMALL_PT, Weight::Regular, RIGHT - LEFT, indent);
        for (index, line) in lines.into_iter().enumerate() {
            self.space(SMALL_PT * LEADING);
            let baseline = self.cursor_pt;
            let mut x = LEFT;
            if index == 0 {
                let text = Text::new(mode, (LEFT, baseline), SMALL_PT).bold();
                self.canvas.text(text);
                x += indent;
            }
            self.canvas
                .text(Text::new(line, (x, baseline), SMALL_PT).ink(Ink::GREY));
        }
        self.space(MARGIN_PT - 1.0);
        let alternative_text = sentences(&[&frame.title, &frame.subtitle, details]);
        let caption = sentences(&[
            &frame.title,
            &frame.subtitle,
            notes,
            &format!("{mode}: {words}"),
        ]);
        Drawing {
            name: name.to_owned(),
            svg: self.canvas.svg(self.cursor_pt, &alternative_text),
            numbers_csv,
            caption,
            notes: notes.trim().to_owned(),
            alternative_text,
        }
    }
}

/// Joins texts as sentences: each ends with a full stop, empty ones are left out.
fn sentences(parts: &[&str]) -> String {
    let mut whole = String::new();
    for part in parts
        .iter()
        .map(|part| part.trim())
        .filter(|part| !part.is_empty())
    {
        if !whole.is_empty() {
            whole.push(' ');
        }
        whole.push_str(part);
        if !part.ends_with(['.', '!', '?']) {
            whole.push('.');
        }
    }
    whole
}

/// A diamond on white, so that it stands out on bars.
pub(crate) fn diamond(canvas: &mut Canvas, (x, y): Spot, radius: f64, ink: Ink) {
    let shape = |r: f64| vec![(x - r, y), (x, y - r), (x + r, y), (x, y + r)];
    canvas.area(shape(radius + 0.9), Ink::WHITE);
    canvas.area(shape(radius), ink);
}

/// A text in the middle of a box, for what has no picture ("it never happened").
pub(crate) fn words_in_box(canvas: &mut Canvas, a: Spot, b: Spot, words: &str) {
    let lines = wrap(words, LABEL_PT, Weight::Regular, b.0 - a.0 - 12.0);
    let block = lines.len() as f64 * LABEL_PT * LEADING;
    let mut baseline = (a.1 + b.1 - block) / 2.0 + LABEL_PT;
    for line in lines {
        let text = Text::new(line, ((a.0 + b.0) / 2.0, baseline), LABEL_PT);
        canvas.text(text.align(Align::Centre));
        baseline += LABEL_PT * LEADING;
    }
}

/// Height that [`words_in_box`] needs at a width.
pub(crate) fn words_height(words: &str, width: f64) -> f64 {
    wrap(words, LABEL_PT, Weight::Regular, width - 12.0).len() as f64 * LABEL_PT * LEADING
}

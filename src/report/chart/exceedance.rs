//! Figure 6: how likely a loss larger than x is, for two losses.

use super::canvas::{Align, Canvas, Spot, Text};
use super::ink::{Ink, LABEL_PT, LEADING, SMALL_PT};
use super::lettering::{Weight, width_pt};
use super::numbers::{Numbers, cell, word};
use super::page::{KeyEntry, LEFT, Mark, Page, RIGHT, words_height, words_in_box};
use super::panel::GUTTER_GAP;
use super::scale::{Scale, digits_for, digits_of, number};
use super::{Drawing, Frame};
use crate::report::words;

/// One curve: a loss in every replication.
#[derive(Debug, Clone)]
pub struct ExceedancePanel {
    /// What is lost: "Lost hashrate", "Unserved energy".
    pub quantity: String,
    /// Unit in print: "EH/s-days", "MWh".
    pub unit: String,
    /// Name of the series in the table: "lost_hashrate_ehs_days".
    pub column: String,
    /// The loss in each replication, in any order.
    pub values: Vec<f64>,
}

/// Exceedance curves, one panel each, with the 50 % and 95 % marks.
#[derive(Debug, Clone)]
pub struct ExceedanceFigure {
    /// Title, subtitle, footer.
    pub frame: Frame,
    /// The panels, from top to bottom; two by custom.
    pub panels: Vec<ExceedancePanel>,
}

/// At most this many points a curve: denser ones cannot be seen.
const POINTS: usize = 400;
const HEIGHT: f64 = 78.0;
/// What is marked on the curve.
const MARKS: [(&str, f64); 2] = [("P50", 0.5), ("P95", 0.95)];

/// A curve: ascending losses, and the share of futures that lose more.
struct Curve {
    points: Vec<(f64, f64)>,
    /// Half the width of the simultaneous 95 % band (Dvoretzky, Kiefer, Wolfowitz; Massart 1990).
    error: f64,
    sorted: Vec<f64>,
}

impl Curve {
    fn of(values: &[f64]) -> Self {
        let mut sorted: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
        sorted.sort_by(f64::total_cmp);
        let n = sorted.len();
        let error = if n == 0 {
            1.0
        } else {
            libm::sqrt(libm::log(2.0 / 0.05) / (2.0 * n as f64))
        };
        let mut points: Vec<(f64, f64)> = Vec::new();
        let mut at = 0;
        while let Some(value) = sorted.get(at).copied() {
            at += sorted[at..].partition_point(|other| *other <= value);
            points.push((value, (n - at) as f64 / n as f64));
        }
        if points.len() > POINTS {
            // Evenly through the steps, the first and the last included.
            let steps = points.len() - 1;
            points = (0..POINTS)
                .map(|index| points[index * steps / (POINTS - 1)])
                .collect();
        }
        Self {
            points,
            error,
            sorted,
        }
    }

    /// The order statistic ceil(q n).
    fn quantile(&self, q: f64) -> Option<f64> {
        let n = self.sorted.len();
        let rank = libm::ceil(q * n as f64 - 1e-9).max(1.0) as usize;
        self.sorted.get(rank.min(n).saturating_sub(1)).copied()
    }

    /// The curve with its error, and both marks.
    fn record(&self, table: &mut Numbers, column: &str) {
        for (value, share) in &self.points {
            table.row(&[
                word(column),
                word("curve"),
                cell(*value),
                cell(*share),
                cell((share - self.error).max(0.0)),
                cell((share + self.error).min(1.0)),
            ]);
        }
        for (name, q) in MARKS {
            if let Some(value) = self.quantile(q) {
                let name = word(&name.to_lowercase());
                let none = String::new();
                table.row(&[
                    word(column),
                    name,
                    cell(value),
                    cell(1.0 - q),
                    none.clone(),
                    none,
                ]);
            }
        }
    }

    /// In words, where a curve would show nothing.
    fn instead(&self, panel: &ExceedancePanel) -> Option<String> {
        let n = self.sorted.len() as u64;
        let (first, last) = (self.sorted.first().copied(), self.sorted.last().copied());
        match (first, last) {
            (Some(low), Some(high)) if low == high && high == 0.0 => Some(format!(
                "{}: never in {}. {}",
                panel.quantity,
                words::futures(n),
                words::chance(0, n)
            )),
            (Some(low), Some(high)) if low == high => Some(format!(
                "{}: {} {} in {}.",
                panel.quantity,
                number(high, digits_for(high)),
                panel.unit,
                words::every_future(n)
            )),
            (None, _) | (_, None) => Some(format!("{}: no numbers.", panel.quantity)),
            _ => None,
        }
    }
}

impl ExceedanceFigure {
    /// Draws it.
    pub fn draw(&self) -> Drawing {
        let mut page = Page::begin(&self.frame);
        let curves: Vec<Curve> = self
            .panels
            .iter()
            .map(|panel| Curve::of(&panel.values))
            .collect();
        let mut details = Vec::new();
        let mut table = Numbers::with_columns(&[
            "quantity",
            "statistic",
            "loss_exceeded",
            "share_of_futures",
            "lower_95",
            "upper_95",
        ]);
        if curves
            .iter()
            .zip(&self.panels)
            .any(|(curve, panel)| curve.instead(panel).is_none())
        {
            let words = "simulation error of the curve, 95 %".to_owned();
            page.key(&[KeyEntry {
                mark: Mark::Box(Ink::BLUE.tint(0.3)),
                words,
            }]);
            page.space(2.0);
        }
        for (index, (panel, curve)) in self.panels.iter().zip(&curves).enumerate() {
            if index > 0 {
                page.space(8.0);
            }
            let unit = format!("% of futures with more than x {}", panel.unit);
            page.heading(&panel.quantity, &unit);
            match curve.instead(panel) {
                Some(words) => {
                    let height = words_height(&words, RIGHT - LEFT) + 14.0;
                    let top = page.cursor_pt + 2.0;
                    page.canvas
                        .block((LEFT, top), (RIGHT, top + height), Ink(0xF2, 0xF2, 0xF2));
                    words_in_box(&mut page.canvas, (LEFT, top), (RIGHT, top + height), &words);
                    page.cursor_pt = top + height;
                    details.push(words);
                }
                None => {
                    draw_curve(&mut page, curve);
                    details.push(in_words(panel, curve));
                }
            }
            curve.record(&mut table, &panel.column);
        }
        let details = details.join(" ");
        let notes =
            "Share of simulated futures in which the loss is larger than the value on the axis.";
        page.finish("exceedance", table.finish(), &details, notes)
    }
}

fn in_words(panel: &ExceedancePanel, curve: &Curve) -> String {
    let some = curve.sorted.iter().filter(|value| **value > 0.0).count() as u64;
    let at = |q: f64| curve.quantile(q).unwrap_or(0.0);
    let print = |value: f64| format!("{} {}", number(value, digits_for(value)), panel.unit);
    let half = match at(0.5) {
        0.0 => "half or more lose none".to_owned(),
        value => format!("half of all lose {} or more", print(value)),
    };
    format!(
        "{}: some loss in {} of {}; {half}, one in twenty {} or more.",
        panel.quantity,
        number(some as f64, 0),
        words::futures(curve.sorted.len() as u64),
        print(at(0.95)),
    )
}

fn draw_curve(page: &mut Page<'_>, curve: &Curve) {
    let across = Scale::covering(curve.sorted.iter().copied().chain([0.0]), 4, true);
    // Where only few futures lose anything, the axis shows those.
    let most = curve.points.first().map_or(1.0, |first| {
        if first.0 > 0.0 || across.low < 0.0 {
            1.0
        } else {
            first.1 + curve.error
        }
    });
    let up = Scale::covering([0.0, (most * 100.0).min(100.0)], 4, true);
    let gutter = up.words_width();
    let left = LEFT + gutter + GUTTER_GAP;
    let top = page.cursor_pt + SMALL_PT;
    let bottom = top + HEIGHT;
    let x = |value: f64| left + across.part(value) * (RIGHT - left);
    let y = |share: f64| bottom - up.part(share * 100.0) * (bottom - top);
    let canvas = &mut page.canvas;
    for tick in up.ticks() {
        let at = y(tick / 100.0);
        canvas.line(vec![(left, at), (RIGHT, at)], Ink::PALE, 0.4);
        let text = Text::new(
            up.words(tick),
            (left - GUTTER_GAP, at + SMALL_PT * 0.365),
            SMALL_PT,
        );
        canvas.text(text.ink(Ink::GREY).align(Align::Right));
    }
    let shift = |by: f64| {
        let mut path: Vec<Spot> = Vec::new();
        let mut share = if curve
            .points
            .first()
            .is_some_and(|first| first.0 > across.low)
        {
            1.0
        } else {
            f64::NAN
        };
        let mut from = across.low;
        for (value, next) in &curve.points {
            if share.is_finite() {
                let level = y((share + by).clamp(0.0, 1.0));
                path.push((x(from), level));
                path.push((x(*value), level));
            }
            (from, share) = (*value, *next);
        }
        if share.is_finite() {
            path.push((x(from), y((share + by).clamp(0.0, 1.0))));
        }
        path
    };
    let mut band = shift(curve.error);
    band.extend(shift(-curve.error).into_iter().rev());
    canvas.area(band, Ink::BLUE.tint(0.3));
    canvas.line(shift(0.0), Ink::BLUE, 1.3);
    let mut taken = f64::NEG_INFINITY;
    for tick in across.ticks() {
        canvas.line(
            vec![(x(tick), bottom), (x(tick), bottom + 2.0)],
            Ink::GREY,
            0.5,
        );
        let words = number(tick, digits_of(across.step));
        let half = width_pt(&words, SMALL_PT, Weight::Regular) / 2.0;
        let centre = super::clock::held(x(tick), half, left, RIGHT);
        if centre - half > taken {
            taken = centre + half + 4.0;
            let at = (centre, bottom + 2.5 + SMALL_PT);
            canvas.text(
                Text::new(words, at, SMALL_PT)
                    .ink(Ink::GREY)
                    .align(Align::Centre),
            );
        }
    }
    marks(canvas, curve, (left, top, bottom), &x, &y);
    page.cursor_pt = bottom + SMALL_PT * LEADING + 4.0;
}

/// The marks at P50 and P95: a dot on the curve, a dashed line down, words beside it.
fn marks(
    canvas: &mut Canvas,
    curve: &Curve,
    (left, top, bottom): (f64, f64, f64),
    x: &dyn Fn(f64) -> f64,
    y: &dyn Fn(f64) -> f64,
) {
    let mut boxes: Vec<(f64, f64, f64, f64)> = Vec::new();
    for (name, q) in MARKS {
        let Some(value) = curve.quantile(q) else {
            continue;
        };
        let (cx, cy) = (x(value), y(1.0 - q));
        if value > 0.0 {
            canvas.dashed(&[(cx, cy), (cx, bottom)], Ink::GREY, 0.6, 1.8, 1.3);
            canvas.disc((cx, cy), 2.1, Ink::BLACK);
        }
        let words = if value == 0.0 {
            format!("{name}: none")
        } else {
            format!("{name}: {}", number(value, digits_for(value)))
        };
        let text = Text::new(words, (0.0, 0.0), LABEL_PT).bold();
        let (width, height) = (text.width_pt(), LABEL_PT * 0.9);
        // Right of the dot the curve is lower; where the border pushes the words back over it,
        // they stand above it.
        let right = (cx + 5.0).min(RIGHT - width);
        let behind = curve
            .points
            .iter()
            .take_while(|point| x(point.0) < right)
            .last();
        let above = cy.min(y(behind.map_or(1.0, |point| point.1)));
        let base = if right < cx { above } else { cy } - 3.5;
        let places = [
            (right, base),
            (right, base - height - 2.0),
            (right, base - 2.0 * (height + 2.0)),
            ((left + 4.0).max(cx - 5.0 - width), top + height),
        ];
        let clear = |(a, b): (f64, f64)| {
            b - height >= top - SMALL_PT * 0.5
                && boxes.iter().all(|o| {
                    a > o.2 + 2.0
                        || a + width < o.0 - 2.0
                        || b < o.1 - 1.0
                        || b - height > o.3 + 1.0
                })
        };
        let Some(place) = places.into_iter().find(|place| clear(*place)) else {
            continue;
        };
        boxes.push((place.0, place.1 - height, place.0 + width, place.1));
        // The band may run behind the words.
        let (from, to) = (
            (place.0 - 1.0, place.1 - height - 0.5),
            (place.0 + width + 1.0, place.1 + 1.0),
        );
        canvas.block(from, to, Ink::WHITE);
        canvas.text(Text { at: place, ..text });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_count_what_is_larger() {
        let curve = Curve::of(&[3.0, 1.0, 2.0, 2.0]);
        assert_eq!(curve.points, vec![(1.0, 0.75), (2.0, 0.25), (3.0, 0.0)]);
        assert_eq!(curve.quantile(0.5), Some(2.0));
        assert_eq!(curve.quantile(0.95), Some(3.0));
    }

    #[test]
    fn long_curves_are_thinned_but_keep_both_ends() {
        let values: Vec<f64> = (0..10_000).map(f64::from).collect();
        let curve = Curve::of(&values);
        assert_eq!(curve.points.len(), POINTS);
        assert_eq!(curve.points[0], (0.0, 0.9999));
        assert_eq!(curve.points[POINTS - 1], (9999.0, 0.0));
        // 1.3581 / sqrt(n) at 95 %.
        assert!((curve.error - 0.013_581).abs() < 1e-6);
    }
}

//! The layers of a stack over time: their colours, seams, hatching, and names within.

use super::canvas::{Align, Canvas, Text};
use super::ink::{CAPITAL, Ink, SMALL_PT};
use super::lettering::{Weight, width_pt};
use super::page::{KeyEntry, Mark};
use super::panel::{TimeAxis, TimePanel};
use super::scale::Scale;

/// One layer of the stack: its name, look, and both edges in GW.
pub(crate) struct Layer {
    pub name: String,
    pub ink: Ink,
    pub hatch: Option<Ink>,
    pub low: Vec<f64>,
    pub high: Vec<f64>,
}

/// The colour of a fuel: known ones have their own, others one by their place.
pub(crate) fn fuel_ink(fuel: &str, index: usize) -> Ink {
    let fuel = fuel.to_lowercase();
    let known = [
        ("coal", Ink(0x4A, 0x4A, 0x4A)),
        ("lignite", Ink(0x6B, 0x5B, 0x4B)),
        ("gas", Ink::ORANGE),
        ("hydro", Ink::BLUE),
        ("oil", Ink(0x8C, 0x51, 0x0A)),
        ("wind", Ink::GREEN),
        ("solar", Ink(0xF7, 0xD9, 0x6B)),
        ("nuclear", Ink::PURPLE),
        ("import", Ink::SKY),
    ];
    let others = [
        Ink(0xA9, 0xA9, 0xA9),
        Ink::PURPLE,
        Ink::SKY,
        Ink::GREEN,
        Ink(0xC8, 0xB0, 0x90),
    ];
    known
        .iter()
        .find(|(name, _)| fuel.contains(name))
        .map_or(others[index % others.len()], |(_, ink)| *ink)
}

impl Layer {
    /// Draws it, hatched where it is to be known without its colour.
    pub(crate) fn draw(&self, canvas: &mut Canvas, panel: &TimePanel, axis: &TimeAxis) {
        panel.band(canvas, axis, &self.low, &self.high, self.ink);
        if let Some(stroke) = self.hatch {
            hatch(canvas, panel, axis, &self.low, &self.high, stroke);
        }
    }

    /// The bin around which a layer is thick enough, for long enough, to hold its name.
    pub(crate) fn place(
        &self,
        axis: &TimeAxis,
        scale: &Scale,
        (width, height): (f64, f64),
    ) -> Option<usize> {
        let bins = self.low.len();
        let needed = width_pt(&self.name, SMALL_PT, Weight::Bold) + 6.0;
        let (from, to) = axis.range();
        let bin_pt = axis.bin_ms.max(1) as f64 / (to as f64 - from as f64).max(1.0) * width;
        let half = libm::ceil(needed / 2.0 / bin_pt.max(1e-9)).min(1e9) as usize;
        if self.hatch.is_some() || bins < 2 * half + 1 {
            return None;
        }
        let points = |value: f64| scale.part(value) * height;
        let mut best: Option<(usize, f64)> = None;
        // At most some two hundred places are tried, whatever the horizon.
        let stride = (bins / 200).max(1);
        for centre in (half..bins - half).step_by(stride) {
            let span = centre - half..=centre + half;
            let floor = self.low[span.clone()]
                .iter()
                .copied()
                .fold(f64::NEG_INFINITY, f64::max);
            let ceiling = self.high[span]
                .iter()
                .copied()
                .fold(f64::INFINITY, f64::min);
            let thick = points(ceiling) - points(floor);
            // Prefers the thickest, and the middle of the chart among equals.
            let off = (centre as f64 / bins as f64 - 0.5).abs();
            let worth = thick - 6.0 * off;
            if thick >= SMALL_PT + 1.5 && best.is_none_or(|(_, found)| worth > found) {
                best = Some((centre, worth));
            }
        }
        best.map(|(centre, _)| centre)
    }

    /// Writes the name into the layer around a bin.
    pub(crate) fn name_at(
        &self,
        canvas: &mut Canvas,
        panel: &TimePanel,
        axis: &TimeAxis,
        index: usize,
    ) {
        let Some(time) = axis.times_utc_ms.get(index) else {
            return;
        };
        let half = width_pt(&self.name, SMALL_PT, Weight::Bold) / 2.0 + 3.0;
        let x = panel.x(time.saturating_add(axis.bin_ms / 2));
        let near = |time: i64| (panel.x(time) - x).abs() <= half;
        let around: Vec<usize> = axis
            .times_utc_ms
            .iter()
            .enumerate()
            .filter(|(_, time)| near(**time))
            .map(|(index, _)| index)
            .collect();
        let floor = around
            .iter()
            .map(|i| self.low[*i])
            .fold(self.low[index], f64::max);
        let ceiling = around
            .iter()
            .map(|i| self.high[*i])
            .fold(self.high[index], f64::min);
        let y = (panel.y(floor) + panel.y(ceiling)) / 2.0 + SMALL_PT * CAPITAL / 2.0;
        let text = Text::new(self.name.as_str(), (x, y), SMALL_PT).bold();
        canvas.text(text.align(Align::Centre).ink(self.ink.text_on()));
    }

    /// Its entry in a key.
    pub(crate) fn key(&self) -> KeyEntry {
        let mark = match self.hatch {
            Some(stroke) => Mark::Hatched(self.ink, stroke),
            None => Mark::Box(self.ink),
        };
        KeyEntry {
            mark,
            words: self.name.clone(),
        }
    }
}

/// White seams part the layers also in grey; none where it would eat a thin layer.
pub(crate) fn seams(canvas: &mut Canvas, panel: &TimePanel, axis: &TimeAxis, layers: &[Layer]) {
    let thick = |layer: &Layer| {
        let points = |(low, high): (&f64, &f64)| panel.y(*low) - panel.y(*high);
        layer
            .low
            .iter()
            .zip(&layer.high)
            .map(points)
            .fold(0.0, f64::max)
            >= 2.5
    };
    for pair in layers.windows(2).filter(|pair| pair.iter().all(thick)) {
        panel.line(canvas, axis, &pair[1].low, Ink::WHITE, 0.35);
    }
}

/// Diagonal strokes between two step lines, so that the area is known without its colour.
pub(crate) fn hatch(
    canvas: &mut Canvas,
    panel: &TimePanel,
    axis: &TimeAxis,
    low: &[f64],
    high: &[f64],
    ink: Ink,
) {
    const APART: f64 = 3.0;
    const STEP: f64 = 0.35;
    let height = panel.bottom - panel.top;
    let strokes = libm::ceil((panel.right - panel.left + height) / APART) as i32;
    let span = (panel.to as f64 - panel.from as f64) / (panel.right - panel.left);
    let edges = |x: f64| {
        let time = panel.from as f64 + (x - panel.left) * span;
        let index = axis
            .times_utc_ms
            .partition_point(|begin| *begin as f64 <= time)
            .checked_sub(1)?;
        Some((panel.y(*low.get(index)?), panel.y(*high.get(index)?)))
    };
    for stroke in 0..strokes {
        let foot = panel.left - height + f64::from(stroke) * APART;
        let mut begun: Option<(f64, f64)> = None;
        let steps = libm::ceil(height / STEP) as i32;
        for step in 0..=steps {
            let along = f64::from(step) * STEP;
            let (x, y) = (foot + along, panel.bottom - along);
            let inside = (panel.left..=panel.right).contains(&x)
                && edges(x).is_some_and(|(floor, ceiling)| y <= floor && y >= ceiling);
            match (inside, begun) {
                (true, None) => begun = Some((x, y)),
                (false, Some(start)) => {
                    canvas.line(vec![start, (x, y)], ink, 0.35);
                    begun = None;
                }
                _ => {}
            }
        }
    }
}

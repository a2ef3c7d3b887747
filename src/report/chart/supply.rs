//! Figure 3: who fed the load hour by hour, what was cut, and how much was left in reserve.

use super::canvas::{Align, Canvas, Text};
use super::clock;
use super::ink::{CAPITAL, Ink, SMALL_PT};
use super::lettering::{Weight, width_pt};
use super::numbers::{Numbers, cell, time_cell, word};
use super::page::{KeyEntry, LEFT, Mark, Page, RIGHT, words_height, words_in_box};
use super::panel::{Fan, GUTTER_GAP, OUTER, TimeAxis, TimePanel, extremes};
use super::scale::{Scale, digits_for, number};
use super::{Drawing, Frame};

/// Load served by one fuel.
#[derive(Debug, Clone)]
pub struct FuelSeries {
    /// Name in print; known fuels have their own colour.
    pub fuel: String,
    /// Hourly means over futures, MW, per bin.
    pub served_mw: Vec<f64>,
}

/// Stacked served load by fuel with what was cut on top, the cuts enlarged, and the margin.
#[derive(Debug, Clone)]
pub struct SupplyFigure {
    /// Title, subtitle, footer.
    pub frame: Frame,
    /// Bins of all series.
    pub axis: TimeAxis,
    /// Fuels from the bottom up.
    pub fuels: Vec<FuelSeries>,
    /// Mining curtailed, means over futures, MW.
    pub curtailed_mining_mw: Vec<f64>,
    /// Firm load not served, means over futures, MW.
    pub unserved_mw: Vec<f64>,
    /// Reserve margin, MW: its p5, median and p95 are drawn.
    pub reserve_margin_mw: Fan,
}

/// One layer of the stack: its name, look, and both edges in GW.
struct Layer {
    name: String,
    ink: Ink,
    hatch: Option<Ink>,
    low: Vec<f64>,
    high: Vec<f64>,
}

const STACK_HEIGHT: f64 = 104.0;
const CURTAILED: Ink = Ink::YELLOW;
const UNSERVED: Ink = Ink::VERMILLION;

fn fuel_ink(fuel: &str, index: usize) -> Ink {
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

impl SupplyFigure {
    /// Draws it.
    pub fn draw(&self) -> Drawing {
        let mut page = Page::begin(&self.frame);
        let layers = self.layers();
        let tops = layers
            .last()
            .map(|layer| layer.high.clone())
            .unwrap_or_default();
        let scale = Scale::covering(tops, 4, true);
        let cut_scale = Scale::covering(self.cut_top_mw(), 2, true);
        let margin = &self.reserve_margin_mw;
        let margins = [&margin.p5, &margin.median, &margin.p95];
        let margin_scale = Scale::covering(
            margins
                .iter()
                .flat_map(|v| v.iter().map(|value| value / 1000.0)),
            3,
            true,
        );
        let gutter = [&scale, &cut_scale, &margin_scale]
            .iter()
            .map(|scale| scale.words_width())
            .fold(self.axis.gutter(), f64::max);

        page.heading("Load served by fuel", "GW, hourly means");
        let width = RIGHT - LEFT - gutter - GUTTER_GAP;
        let places: Vec<Option<usize>> = layers
            .iter()
            .map(|layer| self.place_inside(layer, &scale, width))
            .collect();
        let outside = layers
            .iter()
            .zip(&places)
            .rev()
            .filter(|(_, place)| place.is_none());
        let key: Vec<KeyEntry> = outside.map(|(layer, _)| layer.key()).collect();
        if !key.is_empty() {
            page.key(&key);
        }
        let panel = TimePanel::open(&mut page, &self.axis, gutter, STACK_HEIGHT, scale);
        panel.grid(&mut page.canvas);
        for layer in &layers {
            self.draw_layer(&mut page.canvas, &panel, layer);
        }
        self.seams(&mut page.canvas, &panel, &layers);
        for (layer, place) in layers.iter().zip(&places) {
            if let Some(index) = place {
                self.name_inside(&mut page.canvas, &panel, layer, *index);
            }
        }

        page.space(8.0);
        self.draw_cuts(&mut page, gutter, cut_scale);
        page.space(8.0);
        page.heading("Reserve margin", "GW");
        let band = Ink::BLUE.tint(OUTER);
        page.key(&[
            KeyEntry {
                mark: Mark::Line(Ink::BLUE),
                words: "median".into(),
            },
            KeyEntry {
                mark: Mark::Box(band),
                words: "P5–P95 of futures".into(),
            },
        ]);
        let panel = TimePanel::open(&mut page, &self.axis, gutter, 56.0, margin_scale);
        panel.uprights(&mut page.canvas);
        let [p5, median, p95] = margins.map(|values| {
            values
                .iter()
                .map(|value| value / 1000.0)
                .collect::<Vec<f64>>()
        });
        panel.band(&mut page.canvas, &self.axis, &p5, &p95, band);
        panel.grid(&mut page.canvas);
        panel.line(&mut page.canvas, &self.axis, &median, Ink::BLUE, 1.1);
        panel.clocks(&mut page, &self.axis);
        let notes = "Load served by fuel, with curtailed mining and unserved energy on top: means over simulated \
                     futures of each hour. Below, the cuts enlarged and the reserve margin.";
        page.finish("supply", self.numbers(), &self.details(), notes)
    }

    /// The stack in GW; a gap counts as nothing in the picture.
    fn layers(&self) -> Vec<Layer> {
        let bins = self.axis.times_utc_ms.len();
        let fuels = self.fuels.iter().enumerate();
        let mut parts: Vec<(String, Ink, Option<Ink>, &[f64])> = fuels
            .map(|(index, f)| {
                (
                    f.fuel.clone(),
                    fuel_ink(&f.fuel, index),
                    None,
                    f.served_mw.as_slice(),
                )
            })
            .collect();
        let hatch = Some(Ink::BLACK);
        parts.push((
            "mining curtailed".into(),
            CURTAILED,
            hatch,
            &self.curtailed_mining_mw,
        ));
        parts.push(("load unserved".into(), UNSERVED, None, &self.unserved_mw));
        let mut low = vec![0.0; bins];
        let mut layers = Vec::new();
        for (name, ink, hatch, values) in parts {
            let high: Vec<f64> = low
                .iter()
                .enumerate()
                .map(|(index, low)| low + finite_or_zero(values, index) / 1000.0)
                .collect();
            layers.push(Layer {
                name,
                ink,
                hatch,
                low,
                high: high.clone(),
            });
            low = high;
        }
        layers
    }

    fn cut_top_mw(&self) -> Vec<f64> {
        (0..self.axis.times_utc_ms.len())
            .map(|index| {
                finite_or_zero(&self.curtailed_mining_mw, index)
                    + finite_or_zero(&self.unserved_mw, index)
            })
            .collect()
    }

    fn draw_layer(&self, canvas: &mut Canvas, panel: &TimePanel, layer: &Layer) {
        panel.band(canvas, &self.axis, &layer.low, &layer.high, layer.ink);
        if let Some(stroke) = layer.hatch {
            hatch(canvas, panel, &self.axis, &layer.low, &layer.high, stroke);
        }
    }

    /// White seams part the layers also in grey; none where it would eat a thin layer.
    fn seams(&self, canvas: &mut Canvas, panel: &TimePanel, layers: &[Layer]) {
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
            panel.line(canvas, &self.axis, &pair[1].low, Ink::WHITE, 0.35);
        }
    }

    /// The bin around which a layer is thick enough, for long enough, to hold its name.
    fn place_inside(&self, layer: &Layer, scale: &Scale, width: f64) -> Option<usize> {
        let bins = layer.low.len();
        let needed = width_pt(&layer.name, SMALL_PT, Weight::Bold) + 6.0;
        let (from, to) = self.axis.range();
        let bin_pt = self.axis.bin_ms.max(1) as f64 / (to as f64 - from as f64).max(1.0) * width;
        let half = libm::ceil(needed / 2.0 / bin_pt.max(1e-9)).min(1e9) as usize;
        if layer.hatch.is_some() || bins < 2 * half + 1 {
            return None;
        }
        let points = |value: f64| scale.part(value) * STACK_HEIGHT;
        let mut best: Option<(usize, f64)> = None;
        // At most some two hundred places are tried, whatever the horizon.
        let stride = (bins / 200).max(1);
        for centre in (half..bins - half).step_by(stride) {
            let span = centre - half..=centre + half;
            let floor = layer.low[span.clone()]
                .iter()
                .copied()
                .fold(f64::NEG_INFINITY, f64::max);
            let ceiling = layer.high[span]
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

    fn name_inside(&self, canvas: &mut Canvas, panel: &TimePanel, layer: &Layer, index: usize) {
        let Some(time) = self.axis.times_utc_ms.get(index) else {
            return;
        };
        let half = width_pt(&layer.name, SMALL_PT, Weight::Bold) / 2.0 + 3.0;
        let x = panel.x(time.saturating_add(self.axis.bin_ms / 2));
        let near = |time: i64| (panel.x(time) - x).abs() <= half;
        let around: Vec<usize> = self
            .axis
            .times_utc_ms
            .iter()
            .enumerate()
            .filter(|(_, time)| near(**time))
            .map(|(index, _)| index)
            .collect();
        let floor = around
            .iter()
            .map(|i| layer.low[*i])
            .fold(layer.low[index], f64::max);
        let ceiling = around
            .iter()
            .map(|i| layer.high[*i])
            .fold(layer.high[index], f64::min);
        let y = (panel.y(floor) + panel.y(ceiling)) / 2.0 + SMALL_PT * CAPITAL / 2.0;
        let text = Text::new(layer.name.as_str(), (x, y), SMALL_PT).bold();
        canvas.text(text.align(Align::Centre).ink(layer.ink.text_on()));
    }

    fn draw_cuts(&self, page: &mut Page<'_>, gutter: f64, scale: Scale) {
        page.heading("What was cut, enlarged", "MW");
        if self.cut_top_mw().iter().all(|value| *value == 0.0) {
            let series = [&self.curtailed_mining_mw, &self.unserved_mw];
            let words = if series
                .iter()
                .all(|values| values.iter().any(|value| value.is_finite()))
            {
                "No mining was curtailed and no load went unserved, in any hour of any future."
            } else {
                "Cuts were not recorded."
            };
            let (top, height) = (
                page.cursor_pt + 1.0,
                words_height(words, RIGHT - LEFT) + 8.0,
            );
            page.canvas
                .block((LEFT, top), (RIGHT, top + height), Ink(0xF2, 0xF2, 0xF2));
            words_in_box(&mut page.canvas, (LEFT, top), (RIGHT, top + height), words);
            page.cursor_pt = top + height;
            return;
        }
        let bins = 0..self.axis.times_utc_ms.len();
        let zero = vec![0.0; bins.len()];
        let curtailed: Vec<f64> = bins
            .map(|index| finite_or_zero(&self.curtailed_mining_mw, index))
            .collect();
        let top = self.cut_top_mw();
        let panel = TimePanel::open(page, &self.axis, gutter, 36.0, scale);
        panel.uprights(&mut page.canvas);
        panel.band(&mut page.canvas, &self.axis, &zero, &curtailed, CURTAILED);
        hatch(
            &mut page.canvas,
            &panel,
            &self.axis,
            &zero,
            &curtailed,
            Ink::BLACK,
        );
        panel.band(&mut page.canvas, &self.axis, &curtailed, &top, UNSERVED);
        panel.line(&mut page.canvas, &self.axis, &curtailed, Ink::BLACK, 0.4);
        panel.grid(&mut page.canvas);
    }

    fn numbers(&self) -> String {
        let mut table = Numbers::with_columns(&["time_utc", "series", "statistic", "power_mw"]);
        for fuel in &self.fuels {
            let name = format!("served/{}", fuel.fuel);
            self.axis.record(&mut table, &name, "mean", &fuel.served_mw);
        }
        self.axis.record(
            &mut table,
            "curtailed_mining",
            "mean",
            &self.curtailed_mining_mw,
        );
        self.axis
            .record(&mut table, "unserved", "mean", &self.unserved_mw);
        let margin = &self.reserve_margin_mw;
        for (statistic, values) in [
            ("p5", &margin.p5),
            ("median", &margin.median),
            ("p95", &margin.p95),
        ] {
            for (time, value) in self.axis.times_utc_ms.iter().zip(values) {
                table.row(&[
                    time_cell(*time),
                    word("reserve_margin"),
                    word(statistic),
                    cell(*value),
                ]);
            }
        }
        table.finish()
    }

    fn details(&self) -> String {
        let (from, to) = self.axis.range();
        let tops: Vec<f64> = self
            .layers()
            .last()
            .map(|layer| layer.high.clone())
            .unwrap_or_default();
        let peak = extremes(&self.axis, &tops).map_or_else(String::new, |(_, high)| {
            format!(
                " The load peaks at {} GW on {} UTC.",
                number(high.1, digits_for(high.1)),
                clock::spoken(high.0)
            )
        });
        let cut = extremes(&self.axis, &self.cut_top_mw()).map_or_else(String::new, |(_, high)| {
            format!(
                " At most {} MW were cut in the mean of an hour.",
                number(high.1, digits_for(high.1))
            )
        });
        let margin = extremes(&self.axis, &self.reserve_margin_mw.p5).map_or_else(
            String::new,
            |(low, _)| {
                let low = (low.0, low.1 / 1000.0);
                format!(
                    " The fifth percentile of the reserve margin falls to {} GW on {} UTC.",
                    number(low.1, digits_for(low.1)),
                    clock::spoken(low.0)
                )
            },
        );
        let fuels: Vec<&str> = self.fuels.iter().map(|fuel| fuel.fuel.as_str()).collect();
        format!(
            "Stacked areas over time, {} to {} UTC, from the bottom: {}, mining curtailed, load unserved.{peak}{cut}{margin}",
            clock::spoken(from),
            clock::spoken(to),
            fuels.join(", "),
        )
    }
}

impl Layer {
    fn key(&self) -> KeyEntry {
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

fn finite_or_zero(values: &[f64], index: usize) -> f64 {
    values
        .get(index)
        .copied()
        .filter(|value| value.is_finite())
        .unwrap_or(0.0)
}

/// Diagonal strokes between two step lines, so that the area is known without its colour.
fn hatch(
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

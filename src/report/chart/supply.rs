//! Figure 3: who fed the load hour by hour, what was cut, and how much was left in reserve.

use super::clock;
use super::ink::Ink;
use super::layers::{self, Layer, fuel_ink, hatch};
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

const STACK_HEIGHT: f64 = 104.0;
const CURTAILED: Ink = Ink::YELLOW;
const UNSERVED: Ink = Ink::VERMILLION;

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

        page.heading("Load served by fuel", &format!("GW, {}", self.axis.means()));
        let width = RIGHT - LEFT - gutter - GUTTER_GAP;
        let places: Vec<Option<usize>> = layers
            .iter()
            .map(|layer| layer.place(&self.axis, &scale, (width, STACK_HEIGHT)))
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
            layer.draw(&mut page.canvas, &panel, &self.axis);
        }
        layers::seams(&mut page.canvas, &panel, &self.axis, &layers);
        for (layer, place) in layers.iter().zip(&places) {
            if let Some(index) = place {
                layer.name_at(&mut page.canvas, &panel, &self.axis, *index);
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

fn finite_or_zero(values: &[f64], index: usize) -> f64 {
    values
        .get(index)
        .copied()
        .filter(|value| value.is_finite())
        .unwrap_or(0.0)
}

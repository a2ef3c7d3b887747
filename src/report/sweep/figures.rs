//! The figures of a sweep: lines, a map of two parameters, bars of paired differences.

use super::titles::{quantity, short, title_of_lines, title_of_map};
use super::{ShownPoint, SweepRow};
use crate::report::chart::{
    DifferenceBar, Drawing, Frame, MapCell, MapPanel, SweepDifferencesFigure, SweepLine,
    SweepLinesFigure, SweepMapFigure, SweepPanel, SweptValue,
};
use crate::report::manifest::SweepRecord;
use crate::report::numerals::{digits_for, number, signed};
use crate::report::small_print::{Small, footer};
use crate::scenario::Loaded;

/// Most indices of a figure.
const MOST_PANELS: usize = 4;
/// Most bars of a figure.
const MOST_BARS: usize = 24;
/// Most lines of a panel: more are a matter for the map.
const MOST_LINES: usize = 5;

/// Everything that the figures are made from.
pub(super) struct Swept<'a> {
    pub loaded: &'a Loaded,
    pub record: &'a SweepRecord,
    /// The base first.
    pub points: &'a [ShownPoint],
    pub replications: u64,
    /// What was changed of the base and all points, as given.
    pub overrides: &'a [String],
}

/// All figures that these points allow.
pub(super) fn figures(swept: &Swept<'_>) -> Vec<Drawing> {
    let mut drawings = Vec::new();
    drawings.extend(swept.lines().map(|figure| figure.draw()));
    drawings.extend(swept.map().map(|figure| figure.draw()));
    drawings.extend(swept.differences().map(|figure| figure.draw()));
    drawings
}

/// A parameter's values as they stand on an axis.
struct Axis {
    /// Number of the parameter.
    parameter: usize,
    label: String,
    /// Different values, numbers by size, words in the order of their points.
    values: Vec<String>,
    is_numeric: bool,
}

impl Axis {
    fn place(&self, value: &str) -> Option<usize> {
        self.values.iter().position(|known| known == value)
    }

    fn x(&self, value: &str) -> f64 {
        if self.is_numeric {
            value.parse().unwrap_or(f64::NAN)
        } else {
            self.place(value).map_or(f64::NAN, |place| place as f64)
        }
    }

    fn words(&self) -> Vec<String> {
        if self.is_numeric {
            Vec::new()
        } else {
            self.values.clone()
        }
    }
}

/// A number as a value is written, with thousands parted; words as they are.
fn printed(value: &str) -> String {
    let decimals = value.split_once('.').map_or(0, |(_, digits)| digits.len());
    match value.parse::<f64>() {
        Ok(parsed) => number(parsed, decimals),
        Err(_) => value.to_owned(),
    }
}

fn estimate(row: &SweepRow) -> (f64, (f64, f64)) {
    let known = |value: Option<f64>| value.unwrap_or(f64::NAN);
    let row = &row.row;
    (known(row.mean), (known(row.lower_95), known(row.upper_95)))
}

impl Swept<'_> {
    /// The points without the base.
    fn changed(&self) -> &[ShownPoint] {
        self.points.get(1..).unwrap_or(&[])
    }

    /// The indices, as rows of the base; those that are nothing everywhere say nothing.
    fn indices(&self) -> Vec<&SweepRow> {
        let rows = self.points.first().map_or(&[][..], |base| &base.rows);
        let is_something = |index: &&SweepRow| {
            self.points.iter().any(|point| {
                let row = self.row(point, index);
                row.is_some_and(|row| row.row.mean.is_some_and(|mean| mean != 0.0))
            })
        };
        rows.iter().filter(is_something).take(MOST_PANELS).collect()
    }

    fn row<'p>(&self, point: &'p ShownPoint, like: &SweepRow) -> Option<&'p SweepRow> {
        let name = &like.row;
        let mut rows = point.rows.iter();
        rows.find(|row| row.row.is(&name.window, &name.scope, &name.index))
    }

    fn axis(&self, parameter: usize) -> Axis {
        let mut values: Vec<String> = Vec::new();
        for point in self.changed() {
            if let Some(value) = point.values.get(parameter)
                && !values.contains(value)
            {
                values.push(value.clone());
            }
        }
        let is_numeric = values.iter().all(|value| value.parse::<f64>().is_ok());
        if is_numeric {
            let number = |value: &String| value.parse::<f64>().unwrap_or(f64::NAN);
            values.sort_by(|a, b| number(a).total_cmp(&number(b)));
        }
        let label = self.record.labels.get(parameter).cloned();
        Axis {
            parameter,
            label: label.unwrap_or_default(),
            values,
            is_numeric,
        }
    }

    fn frame(&self, title: String, interval: &str, estimator: &str) -> Frame {
        let system = &self.loaded.system;
        let window = system.windows.get(system.headline_window);
        Frame {
            title,
            subtitle: system.title.clone(),
            footer: footer(
                system,
                self.overrides,
                self.replications,
                Small {
                    interval,
                    estimator,
                    window: window
                        .map_or(String::new(), |window| format!("window {}", window.name)),
                },
            ),
        }
    }

    fn is_grid(&self) -> bool {
        self.record.design == "grid"
    }

    /// Lines over the parameter with most values; of designs that draw, dots over each.
    fn lines(&self) -> Option<SweepLinesFigure> {
        let axes: Vec<Axis> = (0..self.record.parameters.len())
            .map(|parameter| self.axis(parameter))
            .collect();
        let indices = self.indices();
        let first = *indices.first()?;
        let (mut panels, mut lines_are) = (Vec::new(), String::new());
        if !self.is_grid() {
            for axis in axes.iter().take(MOST_PANELS) {
                panels.push(self.panel(first, axis, None, false));
            }
        } else {
            // The first of those with most values.
            let longest = axes.iter().rev().max_by_key(|axis| axis.values.len())?;
            let others: Vec<&Axis> = axes
                .iter()
                .filter(|axis| axis.parameter != longest.parameter && axis.values.len() > 1)
                .collect();
            let lines = match others[..] {
                [] => None,
                [other] if other.values.len() <= MOST_LINES => Some(other),
                // Too much for lines.
                _ => return None,
            };
            if longest.values.len() < 2 {
                return None;
            }
            lines_are = lines.map_or(String::new(), |axis| axis.label.clone());
            for index in indices {
                panels.push(self.panel(index, longest, lines, true));
            }
        }
        let (title, line) = title_of_lines(panels.first()?, &first.row.index);
        let interval = if self.is_grid() {
            "bands: 95 % of the simulation error"
        } else {
            "bars: 95 % of the simulation error"
        };
        let mut frame = self.frame(title, interval, "means over futures");
        if !line.is_empty() {
            frame.subtitle += &format!("; in the title: {lines_are}, {line}");
        }
        Some(SweepLinesFigure {
            frame,
            lines_are,
            panels,
        })
    }

    fn panel(
        &self,
        index: &SweepRow,
        axis: &Axis,
        lines: Option<&Axis>,
        is_joined: bool,
    ) -> SweepPanel {
        let names = lines.map_or(vec![String::new()], |axis| axis.values.clone());
        let line = |name: &String| {
            let is_of_line = |point: &&ShownPoint| {
                lines.is_none_or(|axis| point.values.get(axis.parameter) == Some(name))
            };
            let mut values: Vec<SweptValue> = self
                .changed()
                .iter()
                .filter(is_of_line)
                .filter_map(|point| {
                    let (mean, interval_95) = estimate(self.row(point, index)?);
                    Some(SweptValue {
                        x: axis.x(point.values.get(axis.parameter)?),
                        mean,
                        interval_95,
                    })
                })
                .collect();
            values.sort_by(|a, b| a.x.total_cmp(&b.x));
            SweepLine {
                name: printed(name),
                values,
            }
        };
        SweepPanel {
            quantity: quantity(&index.row.index),
            unit: index.row.unit.clone(),
            index: index.row.index.clone(),
            across: axis.label.clone(),
            words: axis.words(),
            lines: names.iter().map(line).collect(),
            is_joined,
            base: index.row.mean,
        }
    }

    /// A map, where a grid has two parameters of two values or more.
    fn map(&self) -> Option<SweepMapFigure> {
        let axes: Vec<Axis> = (0..self.record.parameters.len())
            .map(|parameter| self.axis(parameter))
            .filter(|axis| axis.values.len() > 1)
            .collect();
        let [one, two] = &axes[..] else { return None };
        if !self.is_grid() {
            return None;
        }
        let (across, down) = if one.values.len() >= two.values.len() {
            (one, two)
        } else {
            (two, one)
        };
        let panels: Vec<MapPanel> = self
            .indices()
            .into_iter()
            .map(|index| MapPanel {
                quantity: quantity(&index.row.index),
                unit: index.row.unit.clone(),
                index: index.row.index.clone(),
                cells: self
                    .changed()
                    .iter()
                    .filter_map(|point| {
                        let (mean, interval_95) = estimate(self.row(point, index)?);
                        Some(MapCell {
                            column: across.place(point.values.get(across.parameter)?)?,
                            row: down.place(point.values.get(down.parameter)?)?,
                            mean,
                            interval_95,
                        })
                    })
                    .collect(),
            })
            .collect();
        let axis = |axis: &Axis| {
            let values = axis.values.iter().map(|value| printed(value)).collect();
            (axis.label.clone(), values)
        };
        let title = title_of_map(panels.first()?);
        let is_empty = |panel: &MapPanel| panel.cells.iter().any(|cell| cell.mean == 0.0);
        let interval = if panels.iter().any(is_empty) {
            "hatched: 95 % interval wider than half the estimate; 0: in none of the n futures"
        } else {
            "hatched: 95 % interval wider than half the estimate"
        };
        Some(SweepMapFigure {
            frame: self.frame(title, interval, "means over futures"),
            across: axis(across),
            down: axis(down),
            panels,
        })
    }

    /// Bars of the first index.
    fn differences(&self) -> Option<SweepDifferencesFigure> {
        let first = *self.indices().first()?;
        let mut bars: Vec<DifferenceBar> = self
            .changed()
            .iter()
            .filter_map(|point| {
                let paired = self.row(point, first)?.paired?;
                let values: Vec<String> = point.values.iter().map(|value| printed(value)).collect();
                Some(DifferenceBar {
                    label: values.join(" · "),
                    difference: paired.difference,
                    interval_95: (paired.lower_95, paired.upper_95),
                    variance_ratio: paired.variance_ratio.unwrap_or(f64::NAN),
                })
            })
            .collect();
        let total = bars.len();
        let clear = bars.iter().filter(|bar| bar.is_clear()).count();
        let largest = bars
            .iter()
            .max_by(|a, b| a.difference.abs().total_cmp(&b.difference.abs()))?
            .clone();
        // Of many the largest, in the order of their points.
        if total > MOST_BARS {
            let mut sizes: Vec<f64> = bars.iter().map(|bar| bar.difference.abs()).collect();
            sizes.sort_by(f64::total_cmp);
            let least = sizes[total - MOST_BARS];
            bars.retain(|bar| bar.difference.abs() >= least);
            bars.truncate(MOST_BARS);
        }
        let name = short(&first.row.index);
        let unit = &first.row.unit;
        let title = if clear == 0 {
            format!("No point changes {name} beyond doubt")
        } else {
            format!(
                "{clear} of {total} points change {name} beyond doubt, most {}: {} {unit}",
                largest.label,
                signed(largest.difference, digits_for(largest.difference)),
            )
        };
        let names = self.record.labels.join(" · ");
        let mut frame = self.frame(
            title,
            "whiskers: 95 % of the simulation error",
            "paired differences, means over futures",
        );
        frame.subtitle = match total > bars.len() {
            true => format!("{names}; the {} largest of {total}", bars.len()),
            false => names,
        };
        Some(SweepDifferencesFigure {
            frame,
            quantity: quantity(&first.row.index),
            unit: unit.clone(),
            index: first.row.index.clone(),
            bars,
        })
    }
}

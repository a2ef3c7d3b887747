//! Figure 5: one future told as a time chart: what was out, when, and what hashrate it left.

use super::canvas::{Align, Canvas, Text};
use super::clock;
use super::fold::{Drawn, folded, time_out};
use super::ink::{Ink, LEADING, SMALL_PT};
use super::lettering::{Weight, width_pt, wrap};
use super::numbers::{Numbers, cell, time_cell, word};
use super::page::{KeyEntry, LEFT, Mark, Page, RIGHT};
use super::panel::{TimeAxis, TimePanel};
use super::scale::{Scale, digits_for, number};
use super::{Drawing, Frame};

/// Why something was not fully there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OutageKind {
    /// A forced outage of a unit or a line.
    Forced,
    /// A planned outage.
    Planned,
    /// A unit available in part.
    Derated,
    /// No internet.
    Offline,
    /// Mining curtailed.
    Curtailed,
    /// Firm load shed.
    Shed,
    /// A hazard in force, whatever it takes.
    Hazard,
}

impl OutageKind {
    fn word(self) -> &'static str {
        match self {
            OutageKind::Forced => "forced outage",
            OutageKind::Planned => "planned outage",
            OutageKind::Derated => "derated",
            OutageKind::Offline => "no internet",
            OutageKind::Curtailed => "mining curtailed",
            OutageKind::Shed => "load shed",
            OutageKind::Hazard => "hazard in force",
        }
    }
    fn ink(self) -> Ink {
        match self {
            OutageKind::Forced => Ink::VERMILLION,
            OutageKind::Planned => Ink(0x8A, 0x8A, 0x8A),
            OutageKind::Derated => Ink::ORANGE,
            OutageKind::Offline => Ink::BLUE,
            OutageKind::Curtailed => Ink::PURPLE,
            OutageKind::Shed => Ink::BLACK,
            OutageKind::Hazard => Ink(0x6A, 0x6A, 0x6A),
        }
    }
}

/// A stretch in which something was out, wholly or in part.
#[derive(Debug, Clone, Copy)]
pub struct Outage {
    /// When it began, Unix ms.
    pub from_ms: i64,
    /// When it ended, Unix ms; the horizon's end if it did not.
    pub to_ms: i64,
    /// The part that was out, 0 to 1: the height of the bar.
    pub part: f64,
    /// Why.
    pub kind: OutageKind,
}

/// One row: a plant, a line, a gateway, the curtailment of a zone.
#[derive(Debug, Clone)]
pub struct StoryRow {
    /// Heading under which the row stands: "Plants", "Lines", "Internet", "Curtailment".
    pub group: String,
    /// Name of the row.
    pub name: String,
    /// Its outages.
    pub outages: Vec<Outage>,
}

/// One replication from beginning to end, with the national hashrate beneath.
#[derive(Debug, Clone)]
pub struct StoryFigure {
    /// Title, subtitle, footer.
    pub frame: Frame,
    /// Which replication it is.
    pub replication: u64,
    /// Bins of the hashrate; their range is the chart's.
    pub axis: TimeAxis,
    /// The rows; those of one group stand together in the order of the group's first row.
    pub rows: Vec<StoryRow>,
    /// At most this many rows a group; those with the least time out are folded into one. 0 for all.
    pub rows_per_group: usize,
    /// What the line beneath shows: "Hashrate of Kazakhstan".
    pub hashrate_name: String,
    /// That hashrate, EH/s, per bin.
    pub hashrate_ehs: Vec<f64>,
}

const BAR: f64 = 5.6;

impl StoryFigure {
    /// Draws it.
    pub fn draw(&self) -> Drawing {
        let mut page = Page::begin(&self.frame);
        let rows = folded(&self.rows, &self.axis, self.rows_per_group);
        let mut kinds: Vec<OutageKind> = rows
            .iter()
            .flat_map(|row| row.outages.iter().map(|outage| outage.kind))
            .collect();
        kinds.sort_unstable();
        kinds.dedup();
        let mut key: Vec<KeyEntry> = kinds
            .iter()
            .map(|kind| KeyEntry {
                mark: Mark::Box(kind.ink()),
                words: kind.word().into(),
            })
            .collect();
        if rows
            .iter()
            .any(|row| row.outages.iter().any(|outage| outage.part < 0.999))
        {
            let mark = Mark::Box(Ink(0xE4, 0xE4, 0xE4));
            key.push(KeyEntry {
                mark,
                words: "lower bar: out in part".into(),
            });
        }
        if !key.is_empty() {
            page.key(&key);
        }
        let labels: Vec<Vec<String>> = rows
            .iter()
            .map(|row| wrap(&row.name, SMALL_PT, Weight::Regular, 66.0))
            .collect();
        let scale = Scale::covering(self.hashrate_ehs.iter().copied(), 3, true);
        let gutter = labels
            .iter()
            .flatten()
            .map(|line| width_pt(line, SMALL_PT, Weight::Regular))
            .fold(scale.words_width().max(self.axis.gutter()), f64::max);
        let begin = page.cursor_pt;
        // The same horizontal measure for the rows as for the hashrate below them.
        let mut measure = TimePanel::open(&mut page, &self.axis, gutter, 1.0, scale.clone());
        page.cursor_pt = begin;
        if rows.is_empty() {
            page.paragraph(
                "Nothing failed and nothing was cut.",
                SMALL_PT,
                Weight::Regular,
                Ink::BLACK,
            );
        }
        measure.top = page.cursor_pt;
        let mut group = None;
        let mut bars = Canvas::default();
        for (row, lines) in rows.iter().zip(&labels) {
            if group != Some(row.group) {
                page.space(if group.is_some() { 3.0 } else { 0.0 });
                page.paragraph(row.group, SMALL_PT, Weight::Bold, Ink::BLACK);
                group = Some(row.group);
            }
            let line_height = SMALL_PT * LEADING;
            for (index, words) in lines.iter().enumerate() {
                let at = (
                    LEFT + gutter,
                    page.cursor_pt + index as f64 * line_height + SMALL_PT,
                );
                page.canvas
                    .text(Text::new(words.as_str(), at, SMALL_PT).align(Align::Right));
            }
            let height = lines.len() as f64 * line_height;
            let foot = page.cursor_pt + height / 2.0 + BAR / 2.0;
            let rule = vec![(measure.left, foot), (RIGHT, foot)];
            page.canvas.line(rule, Ink::PALE, 0.4);
            for outage in &row.outages {
                draw_bar(&mut bars, &measure, outage, foot);
            }
            page.space(height);
        }
        measure.bottom = page.cursor_pt.max(measure.top);
        if !rows.is_empty() {
            measure.uprights(&mut page.canvas);
        }
        page.canvas.append(bars);

        page.space(6.0);
        page.heading(&self.hashrate_name, "EH/s");
        let panel = TimePanel::open(&mut page, &self.axis, gutter, 56.0, scale);
        panel.uprights(&mut page.canvas);
        let floor = vec![panel.scale.low.max(0.0); self.hashrate_ehs.len()];
        panel.band(
            &mut page.canvas,
            &self.axis,
            &floor,
            &self.hashrate_ehs,
            Ink::BLUE.tint(0.25),
        );
        panel.grid(&mut page.canvas);
        panel.line(
            &mut page.canvas,
            &self.axis,
            &self.hashrate_ehs,
            Ink::BLUE,
            1.1,
        );
        panel.clocks(&mut page, &self.axis);
        let notes = format!(
            "Replication {}: one simulated future, not the likeliest and not what happened.",
            self.replication
        );
        let details = self.details(&rows);
        let numbers = self.numbers(&rows);
        page.finish("one_replication", numbers, &details, &notes)
    }

    fn numbers(&self, rows: &[Drawn<'_>]) -> String {
        let columns = [
            "row_kind",
            "group",
            "name",
            "from_utc",
            "to_utc",
            "outage_kind",
            "part_out",
            "hashrate_ehs",
        ];
        let mut table = Numbers::with_columns(&columns);
        for row in rows {
            for outage in &row.outages {
                table.row(&[
                    word("outage"),
                    word(row.group),
                    word(&row.name),
                    time_cell(outage.from_ms),
                    time_cell(outage.to_ms),
                    word(&outage.kind.word().replace(' ', "_")),
                    cell(outage.part),
                    String::new(),
                ]);
            }
        }
        for (time, value) in self.axis.times_utc_ms.iter().zip(&self.hashrate_ehs) {
            let until = time.saturating_add(self.axis.bin_ms.max(1));
            table.row(&[
                word("hashrate"),
                String::new(),
                word(&self.hashrate_name),
                time_cell(*time),
                time_cell(until),
                String::new(),
                String::new(),
                cell(*value),
            ]);
        }
        table.finish()
    }

    fn details(&self, rows: &[Drawn<'_>]) -> String {
        let mut listed: Vec<String> = rows
            .iter()
            .take(12)
            .map(|row| {
                let hours = time_out(row) as f64 / 3_600_000.0;
                let count = row.outages.len();
                let times = if count == 1 { "once" } else { "times" };
                let count = if count == 1 {
                    String::new()
                } else {
                    format!("{count} ")
                };
                format!(
                    "{} out {count}{times}, {} h",
                    row.name,
                    number(hours, digits_for(hours).min(1))
                )
            })
            .collect();
        if rows.len() > 12 {
            listed.push(format!("and {} more rows", rows.len() - 12));
        }
        let (from, to) = self.axis.range();
        format!(
            "A time chart of replication {}, {} to {} UTC: {}.",
            self.replication,
            clock::spoken(from),
            clock::spoken(to),
            if listed.is_empty() {
                "nothing failed".to_owned()
            } else {
                listed.join("; ")
            },
        )
    }
}

fn draw_bar(canvas: &mut Canvas, measure: &TimePanel, outage: &Outage, foot: f64) {
    let (a, b) = (measure.x(outage.from_ms), measure.x(outage.to_ms));
    // A short outage stays visible; a small part too.
    let b = b.max(a + 0.5).min(RIGHT.max(a + 0.5));
    let height = (BAR * outage.part).max(1.2);
    canvas.block((a, foot - height), (b, foot), outage.kind.ink());
}

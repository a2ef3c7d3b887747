//! The report as one page that needs nothing else: no network, no script, its font inside.
//!
//! May enter: finished words, table rows and drawings.
//! May not enter: numbers still to be judged (that is `words`), the disk, markup from outside.

mod style;
mod tables;

use super::chart::{Drawing, font_faces};
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// Everything that `report.html` says. Empty parts leave no heading behind.
#[derive(Debug, Clone, Default)]
pub struct ReportDocument {
    /// The finding, or the scenario's title.
    pub title: String,
    /// What was simulated, in a line.
    pub subtitle: String,
    /// Mark of the mode: "Forecast", "Hindcast"; empty for none.
    pub mode: String,
    /// The headline: a median with its range of outcomes, in a few sentences.
    pub headline: String,
    /// What the windows are: "blackout: 5 Jan 10:30 to 10 Jan 02:00 UTC; ..."; empty for none.
    pub windows: String,
    /// The key figures.
    pub key_figures: Vec<KeyFigure>,
    /// Means with their simulation error.
    pub estimates: Vec<MeanRow>,
    /// Claimed, simulated, seen in blocks.
    pub claims: Vec<ClaimRow>,
    /// What the evidence supports, one sentence each, from the rules of `words`.
    pub evidence: Vec<String>,
    /// What this does not show, one sentence each.
    pub limits: Vec<String>,
    /// The figures in the order of print.
    pub figures: Vec<Drawing>,
    /// Tables of a kind of their own, after the figures.
    pub tables: Vec<PlainTable>,
    /// The kinds of interval in this report, each with its numbers, one sentence or two each.
    pub intervals: Vec<String>,
    /// Uncertain inputs that move the headline, the strongest first.
    pub drivers: Vec<DriverRow>,
    /// Every modelled number with its source.
    pub assumptions: Vec<Assumption>,
    /// Terms and their meanings.
    pub glossary: Vec<GlossaryEntry>,
    /// Commands that make this report again.
    pub reproduce: Vec<String>,
    /// Digest of the scenario and its data.
    pub digest: String,
    /// Version of the program.
    pub version: String,
}

/// A table with its heading; cells are finished text, the first of a row its name.
#[derive(Debug, Clone, Default)]
pub struct PlainTable {
    /// Heading: "Scores".
    pub heading: String,
    /// Where links lead: "scores".
    pub id: String,
    /// What is to be known before reading it; may be empty.
    pub words: String,
    /// Heads of the columns.
    pub columns: Vec<String>,
    /// Rows, a cell for each column.
    pub rows: Vec<Vec<String>>,
}

/// A key figure with its interval; cells are finished text.
#[derive(Debug, Clone, Default)]
pub struct KeyFigure {
    /// What it is: "Lost hashrate, mean of the blackout".
    pub name: String,
    /// The middle: "22.9".
    pub median: String,
    /// The range of outcomes: "17.4 to 28.6".
    pub range: String,
    /// Its unit.
    pub unit: String,
    /// Window or remark; may be empty.
    pub window: String,
}

/// A mean over futures with its simulation error; cells are finished text.
#[derive(Debug, Clone, Default)]
pub struct MeanRow {
    /// What it is: "LOLE, system".
    pub name: String,
    /// Window.
    pub window: String,
    /// Mean with its standard error and unit: "9.42 ± 0.11 h".
    pub mean: String,
    /// 95 % interval of the mean: "9.21 to 9.64".
    pub interval_95: String,
    /// Nine futures of ten: "0 to 34".
    pub range: String,
    /// The exact answer where there is one.
    pub exact: String,
}

/// An uncertain input and what it does to the headline; cells are finished text.
#[derive(Debug, Clone, Default)]
pub struct DriverRow {
    /// The input.
    pub input: String,
    /// Mean of the headline in the tenth of futures with its lowest values.
    pub at_lowest: String,
    /// The same in the tenth with its highest.
    pub at_highest: String,
    /// Share of the variance that it explains alone: "41 %".
    pub share: String,
}

/// A claim beside what the simulation and the blocks say of it.
#[derive(Debug, Clone, Default)]
pub struct ClaimRow {
    /// The number as published: "−12 %".
    pub claimed: String,
    /// Who said so, when, of what.
    pub source: String,
    /// The same quantity simulated, with its range.
    pub simulated: String,
    /// The same quantity in counted blocks, with its interval.
    pub seen_in_blocks: String,
    /// What may be said of it, from the rules of `words`.
    pub verdict: String,
}

/// A modelled number and where it comes from.
#[derive(Debug, Clone, Default)]
pub struct Assumption {
    /// Heading under which it stands: "Plants"; empty for none.
    pub group: String,
    /// What it is.
    pub what: String,
    /// Its value with unit, or its range.
    pub value: String,
    /// "published", "computed", "assumed".
    pub basis: String,
    /// Its source in words, or the reason for the assumption.
    pub source: String,
    /// Whether it is assumed: marked in print.
    pub assumed: bool,
}

/// A term of the field.
#[derive(Debug, Clone, Default)]
pub struct GlossaryEntry {
    /// The term: "LOLE".
    pub term: String,
    /// Its meaning in a line.
    pub meaning: String,
}

impl ReportDocument {
    /// The complete HTML document.
    pub fn render(&self) -> String {
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta name="generator" content={ "hashfall " (self.version) };
                    title { (self.title) }
                    style { (PreEscaped(style::SHEET)) (PreEscaped(font_faces())) }
                }
                body {
                    header {
                        @if !self.mode.is_empty() { p.mode { (self.mode) } }
                        h1 { (self.title) }
                        @if !self.subtitle.is_empty() { p.subtitle { (self.subtitle) } }
                    }
                    main {
                        @if !self.headline.is_empty() { p.headline { (tied(&self.headline)) } }
                        (self.key_figures())
                        @if self.key_figures.is_empty() { (self.estimates()) }
                        (self.claims())
                        (list("What the evidence supports", "evidence", &self.evidence))
                        (list("What this does not show", "limits", &self.limits))
                        (self.figures())
                        @for table in self.tables.iter().filter(|table| !table.rows.is_empty()) { (table.render()) }
                        @if !self.key_figures.is_empty() { (self.estimates()) }
                        (list("Three kinds of uncertainty", "intervals", &self.intervals))
                        (self.drivers())
                        (self.assumptions())
                        (self.glossary())
                        (self.reproduction())
                    }
                    footer { p { "hashfall " (self.version) @if !self.digest.is_empty() { " · inputs " code { (self.digest) } } } }
                }
            }
        };
        page.into_string()
    }

    fn key_figures(&self) -> Markup {
        html! {
            @if !self.key_figures.is_empty() {
                section id="key-figures" {
                    h2 { "Key figures" }
                    @if !self.windows.is_empty() { p.subtitle { (self.windows) } }
                    table {
                        thead { tr {
                            th scope="col" { "Quantity" }
                            th.number scope="col" { "Median" }
                            th.number scope="col" { "Nine futures of ten" }
                            th scope="col" { "Unit" }
                            th scope="col" { "Window" }
                        } }
                        tbody { @for figure in &self.key_figures { tr {
                            th scope="row" { (figure.name) }
                            td.number data-label="Median" { strong { (figure.median) } }
                            td.number data-label="Nine futures of ten" { (figure.range) }
                            td data-label="Unit" { (figure.unit) }
                            td data-label="Window" { (figure.window) }
                        } } }
                    }
                }
            }
        }
    }

    fn claims(&self) -> Markup {
        html! {
            @if !self.claims.is_empty() {
                section id="claims" {
                    h2 { "Claimed, simulated, seen in blocks" }
                    table {
                        thead { tr {
                            th scope="col" { "Claimed" }
                            th scope="col" { "By" }
                            th scope="col" { "Simulated" }
                            th scope="col" { "Seen in blocks" }
                            th scope="col" { "What may be said" }
                        } }
                        tbody { @for claim in &self.claims { tr {
                            th scope="row" { (claim.claimed) }
                            td data-label="By" { (tied(&claim.source)) }
                            td data-label="Simulated" { (tied(&claim.simulated)) }
                            td data-label="Seen in blocks" { (tied(&claim.seen_in_blocks)) }
                            td data-label="What may be said" { (tied(&claim.verdict)) }
                        } } }
                    }
                }
            }
        }
    }

    fn figures(&self) -> Markup {
        html! {
            @if !self.figures.is_empty() {
                section id="figures" {
                    h2 { "Figures" }
                    div.figures {
                        @for (index, drawing) in self.figures.iter().enumerate() {
                            figure id={ "figure-" (drawing.name) } {
                                // The drawing escapes its own words; its root carries the
                                // alternative text.
                                (PreEscaped(drawing.svg.as_str()))
                                figcaption { strong { "Figure " (index + 1) ". " } (drawing.notes) }
                            }
                        }
                    }
                }
            }
        }
    }

    fn glossary(&self) -> Markup {
        html! {
            @if !self.glossary.is_empty() {
                section id="glossary" {
                    h2 { "Terms" }
                    dl { @for entry in &self.glossary { div { dt { (entry.term) } dd { (entry.meaning) } } } }
                }
            }
        }
    }

    fn reproduction(&self) -> Markup {
        html! {
            @if !self.reproduce.is_empty() {
                section id="reproduce" {
                    h2 { "How to make this again" }
                    pre { code { @for command in &self.reproduce { (command) "\n" } } }
                    @if !self.digest.is_empty() { p { "Digest of the scenario and its data: " code { (self.digest) } } }
                }
            }
        }
    }
}

fn list(heading: &str, id: &str, sentences: &[String]) -> Markup {
    html! {
        @if !sentences.is_empty() {
            section id=(id) {
                h2 { (heading) }
                ul { @for sentence in sentences { li { (tied(sentence)) } } }
            }
        }
    }
}

/// Keeps a percent sign on the line of its number.
fn tied(words: &str) -> String {
    words.replace(" %", "\u{a0}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_empty_leaves_a_heading() {
        let page = ReportDocument {
            title: "T".into(),
            ..ReportDocument::default()
        }
        .render();
        assert!(page.starts_with("<!DOCTYPE html>"));
        assert!(!page.contains("<h2>") && !page.contains("<table"));
    }

    #[test]
    fn words_from_outside_stay_words() {
        let evil = "<script>alert(1)</script> & \"x\"".to_owned();
        let page = ReportDocument {
            title: evil.clone(),
            headline: evil.clone(),
            evidence: vec![evil.clone()],
            reproduce: vec![evil.clone()],
            assumptions: vec![Assumption {
                what: evil.clone(),
                assumed: true,
                ..Assumption::default()
            }],
            glossary: vec![GlossaryEntry {
                term: evil.clone(),
                meaning: evil.clone(),
            }],
            claims: vec![ClaimRow {
                verdict: evil.clone(),
                ..ClaimRow::default()
            }],
            key_figures: vec![KeyFigure {
                name: evil,
                ..KeyFigure::default()
            }],
            ..ReportDocument::default()
        }
        .render();
        assert!(!page.contains("<script"));
        assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp;"));
    }

    #[test]
    fn nothing_is_fetched() {
        let page = ReportDocument {
            title: "T".into(),
            ..ReportDocument::default()
        }
        .render();
        for reference in [
            "src=\"http",
            "href=\"http",
            "url(http",
            "@import",
            "<script",
            "<link",
        ] {
            assert!(!page.contains(reference), "{reference}");
        }
        // One data address a face, and no other.
        assert_eq!(page.matches("url(").count(), 2);
    }
}

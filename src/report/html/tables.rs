//! The page's long tables: means, inputs that matter, assumptions by group.

use super::{Assumption, PlainTable, ReportDocument, tied};
use maud::{Markup, html};

impl PlainTable {
    pub(super) fn render(&self) -> Markup {
        html! {
            section id=(self.id) {
                h2 { (self.heading) }
                @if !self.words.is_empty() { p { (self.words) } }
                table {
                    thead { tr { @for (index, column) in self.columns.iter().enumerate() {
                        @if index == 0 { th scope="col" { (column) } }
                        @else { th.number scope="col" { (column) } }
                    } } }
                    tbody { @for row in &self.rows { tr {
                        @for (cell, column) in row.iter().zip(&self.columns).take(1) {
                            th scope="row" data-label=(column) { (tied(cell)) }
                        }
                        @for (cell, column) in row.iter().zip(&self.columns).skip(1) {
                            td.number data-label=(column) { (tied(cell)) }
                        }
                    } } }
                }
            }
        }
    }
}

impl ReportDocument {
    pub(super) fn estimates(&self) -> Markup {
        let has_exact = self.estimates.iter().any(|row| !row.exact.is_empty());
        html! {
            @if !self.estimates.is_empty() {
                section id="estimates" {
                    h2 { "Means and their simulation error" }
                    @if !self.windows.is_empty() && self.key_figures.is_empty() { p.subtitle { (self.windows) } }
                    table {
                        thead { tr {
                            th scope="col" { "Index" }
                            th.number scope="col" { "Mean ± standard error" }
                            th.number scope="col" { "95 % interval of the mean" }
                            th.number scope="col" { "Nine futures of ten" }
                            @if has_exact { th.number scope="col" { "Exact" } }
                            th scope="col" { "Window" }
                        } }
                        tbody { @for row in &self.estimates { tr {
                            th scope="row" { (row.name) }
                            td.number data-label="Mean ± standard error" { strong { (row.mean) } }
                            td.number data-label="95 % interval of the mean" { (row.interval_95) }
                            td.number data-label="Nine futures of ten" { (row.range) }
                            @if has_exact { td.number data-label="Exact" { (row.exact) } }
                            td data-label="Window" { (row.window) }
                        } } }
                    }
                }
            }
        }
    }

    pub(super) fn drivers(&self) -> Markup {
        html! {
            @if !self.drivers.is_empty() {
                section id="drivers" {
                    h2 { "Which inputs drive it" }
                    p { "What the headline’s mean is in the tenth of futures with the lowest and with the highest value of each uncertain input, and the share of the headline’s variance that this input explains alone." }
                    table {
                        thead { tr {
                            th scope="col" { "Input" }
                            th.number scope="col" { "In its lowest tenth" }
                            th.number scope="col" { "In its highest tenth" }
                            th.number scope="col" { "Variance explained" }
                        } }
                        tbody { @for row in &self.drivers { tr {
                            th scope="row" { (row.input) }
                            td.number data-label="In its lowest tenth" { (row.at_lowest) }
                            td.number data-label="In its highest tenth" { (row.at_highest) }
                            td.number data-label="Variance explained" { strong { (row.share) } }
                        } } }
                    }
                }
            }
        }
    }

    pub(super) fn assumptions(&self) -> Markup {
        let assumed = self
            .assumptions
            .iter()
            .filter(|entry| entry.assumed)
            .count();
        let groups = self.assumptions.chunk_by(|a, b| a.group == b.group);
        html! {
            @if !self.assumptions.is_empty() {
                section id="assumptions" {
                    h2 { "Assumptions and sources" }
                    @if assumed == 0 {
                        p { "None of these entries is assumed." }
                    } @else {
                        p { (assumed) " of " (self.assumptions.len()) " entries are assumed; they are marked " span.assumed { "assumed" } "." }
                    }
                    @for (index, group) in groups.enumerate() {
                        @if group[0].group.is_empty() {
                            (table(group))
                        } @else {
                            details open[index == 0] {
                                summary {
                                    strong { (group[0].group) }
                                    " (" (group.len()) ", assumed: "
                                    (group.iter().filter(|entry| entry.assumed).count()) ")"
                                }
                                (table(group))
                            }
                        }
                    }
                }
            }
        }
    }
}

fn table(entries: &[Assumption]) -> Markup {
    html! {
        table.wide {
            thead { tr {
                th scope="col" { "Input" }
                th scope="col" { "Value" }
                th scope="col" { "Basis" }
                th scope="col" { "Source or reason" }
            } }
            tbody { @for entry in entries { tr class=[entry.assumed.then_some("is-assumed")] {
                th scope="row" { (entry.what) }
                td data-label="Value" { (entry.value) }
                td data-label="Basis" {
                    @if entry.assumed { span.assumed { (entry.basis) } } @else { (entry.basis) }
                }
                td data-label="Source or reason" { (entry.source) }
            } } }
        }
    }
}

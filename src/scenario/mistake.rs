//! Mistakes of a scenario: where, what is wrong, what would be right.

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// Where in which source something stands, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// Number of the source, as counted by `files`.
    pub source: usize,
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
}

/// One mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// File (as named in the scenario), or `--set` for an override.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Path of the key, as `plant.gres-1.mttr_h`; empty where the whole file is meant.
    pub key: String,
    /// What is wrong.
    pub wrong: String,
    /// What would be right.
    pub right: String,
    pub(crate) place: Place,
}

/// Every mistake of a scenario, in the order of the files.
#[derive(Debug, Clone, Default)]
pub struct Mistakes {
    list: Vec<Mistake>,
    sources: Vec<(String, Arc<str>)>,
}

/// A mistake as it is found; where it stands is looked up at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    pub place: Place,
    pub key: String,
    pub wrong: String,
    pub right: String,
}

/// How often one mistake in one CSV is told by itself.
pub(crate) const TOLD: usize = 10;

/// Of a mistake that many rows of a CSV share the first ones, and how many more there are.
fn told(findings: Vec<Finding>) -> Vec<Finding> {
    let mut counts: BTreeMap<(usize, String), (usize, usize)> = BTreeMap::new();
    let mut told: Vec<Finding> = Vec::new();
    for finding in findings {
        if finding.place.source == 0 {
            told.push(finding);
            continue;
        }
        let kind = (finding.place.source, finding.wrong.clone());
        let (count, last) = counts.entry(kind).or_insert((0, 0));
        *count += 1;
        if *count <= TOLD {
            *last = told.len();
            told.push(finding);
        }
    }
    for (count, last) in counts.into_values() {
        if count > TOLD {
            let more = count - TOLD;
            told[last]
                .wrong
                .push_str(&format!("; so in {more} rows more"));
        }
    }
    told
}

impl Mistakes {
    /// Sorts findings by place, drops repetitions, and finds their lines and columns.
    pub(crate) fn locate(mut findings: Vec<Finding>, sources: Vec<(String, Arc<str>)>) -> Self {
        findings.sort_by(|a, b| {
            (a.place, &a.key, &a.wrong, &a.right).cmp(&(b.place, &b.key, &b.wrong, &b.right))
        });
        // Keys of `farm_defaults` are checked once for each farm that takes them.
        findings.dedup_by(|a, b| a.place == b.place && a.wrong == b.wrong);
        let list = told(findings)
            .into_iter()
            .map(|finding| {
                let (file, text) = &sources[finding.place.source];
                let (line, column) = line_and_column(text, finding.place.start);
                Mistake {
                    file: file.clone(),
                    line,
                    column,
                    key: finding.key,
                    wrong: finding.wrong,
                    right: finding.right,
                    place: finding.place,
                }
            })
            .collect();
        Self { list, sources }
    }

    /// The mistakes.
    pub fn iter(&self) -> impl Iterator<Item = &Mistake> {
        self.list.iter()
    }
    /// How many.
    pub fn len(&self) -> usize {
        self.list.len()
    }
    /// True where there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All of them as text for a person: each with file, line, column, the lines around it,
    /// what is wrong and what would be right; the number of mistakes at the end.
    pub fn render(&self, colour: bool) -> String {
        let theme = if colour {
            GraphicalTheme::unicode()
        } else {
            GraphicalTheme::unicode_nocolor()
        };
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_links(false)
            .with_width(100)
            .with_context_lines(1);
        let mut text = String::new();
        for mistake in &self.list {
            let (name, source) = &self.sources[mistake.place.source];
            let shown = Shown {
                mistake,
                source: (!source.is_empty()).then(|| NamedSource::new(name, Arc::clone(source))),
            };
            if handler.render_report(&mut text, &shown).is_err() {
                text.push_str(&mistake.to_string());
            }
            text.push('\n');
        }
        let s = if self.list.len() == 1 { "" } else { "s" };
        text.push_str(&format!("{} mistake{s}\n", self.list.len()));
        text
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: ", self.file, self.line, self.column)?;
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        write!(f, "{}", self.wrong)?;
        if !self.right.is_empty() {
            write!(f, " ({})", self.right)?;
        }
        Ok(())
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for mistake in &self.list {
            writeln!(f, "{mistake}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Mistakes {}

/// Line and column, both from 1, of a byte; columns count characters.
fn line_and_column(text: &str, byte: usize) -> (usize, usize) {
    let before = &text.as_bytes()[..byte.min(text.len())];
    let line = before.iter().filter(|&&b| b == b'\n').count() + 1;
    let line_start = before
        .iter()
        .rposition(|&b| b == b'\n')
        .map_or(0, |at| at + 1);
    // Continuation bytes of UTF-8 do not begin a character.
    let column = before[line_start..]
        .iter()
        .filter(|&&b| b & 0xC0 != 0x80)
        .count()
        + 1;
    (line, column)
}

/// A mistake as miette draws it.
#[derive(Debug)]
struct Shown<'a> {
    mistake: &'a Mistake,
    source: Option<NamedSource<Arc<str>>>,
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mistake = self.mistake;
        if self.source.is_none() {
            write!(f, "{}: ", mistake.file)?;
        }
        if mistake.key.is_empty() {
            write!(f, "{}", mistake.wrong)
        } else {
            write!(f, "{}: {}", mistake.key, mistake.wrong)
        }
    }
}

impl std::error::Error for Shown<'_> {}

impl Diagnostic for Shown<'_> {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let right = &self.mistake.right;
        (!right.is_empty()).then(|| Box::new(right) as Box<dyn fmt::Display>)
    }
    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        self.source
            .as_ref()
            .map(|source| source as &dyn miette::SourceCode)
    }
    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.source.as_ref()?;
        let place = self.mistake.place;
        let label = LabeledSpan::new(None, place.start, place.end - place.start);
        Some(Box::new(std::iter::once(label)))
    }
}

/// The known word nearest to one that is not known, if any is near.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|&(distance, candidate)| {
            distance <= 2.max(word.chars().count().max(candidate.chars().count()) * 2 / 5)
        })
        .min()
        .map(|(_, candidate)| candidate)
}

/// "did you mean `x`?" where something is near, else the list of what is known.
pub(crate) fn suggestion<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    if let Some(near) = nearest(word, known.iter().copied()) {
        return format!("did you mean `{near}`?");
    }
    const SHOWN: usize = 12;
    match known.len() {
        0 => "none is declared".to_owned(),
        n if n <= SHOWN => format!("known: {}", known.join(", ")),
        n => format!(
            "known: {}, and {} more",
            known[..SHOWN].join(", "),
            n - SHOWN
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_not_bytes() {
        assert_eq!(line_and_column("a\n°C = 1", 5), (2, 3));
        assert_eq!(line_and_column("", 0), (1, 1));
        assert_eq!(line_and_column("x", 99), (1, 2));
    }

    #[test]
    fn the_nearest_word_is_near() {
        assert_eq!(
            nearest("mtrr_h", ["mttf_h", "mttr_h", "name"]),
            Some("mttr_h")
        );
        assert_eq!(nearest("quux", ["mttf_h", "name"]), None);
        assert_eq!(suggestion("quux", ["b"]), "known: b");
    }
}

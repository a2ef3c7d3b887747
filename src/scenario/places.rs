//! Where the keys of a scenario stand, what they are called, and which have a mistake.

use super::mistake::Place;
use super::schema::Limits;
use std::collections::{BTreeMap, BTreeSet};

/// Where the keys of a scenario stand. Paths are `plant[3].mttr_h`.
#[derive(Debug, Default)]
pub(crate) struct Places {
    pub(super) places: BTreeMap<String, Place>,
    pub(super) names: BTreeMap<String, String>,
    /// Keys with a mistake: nothing more is said about them.
    pub(super) broken: BTreeSet<String>,
    /// Ranges of numbers that may be distributions.
    pub(super) limits: BTreeMap<String, Limits>,
    /// Distributions: their paths, and what stands there.
    pub(super) distributions: Vec<(String, toml::Value)>,
}

impl Places {
    /// The place of a path, or of the nearest table around it.
    pub(crate) fn of(&self, path: &str) -> Place {
        let mut path = path;
        loop {
            if let Some(&place) = self.places.get(path) {
                return place;
            }
            match path.rfind(['.', '[']) {
                Some(end) => path = &path[..end],
                None => {
                    return Place {
                        source: 0,
                        start: 0,
                        end: 0,
                    };
                }
            }
        }
    }
    pub(crate) fn is_broken(&self, path: &str) -> bool {
        self.broken.contains(path)
    }
    /// True where a table of the scenario has a name that is not known: what it was meant to
    /// be is missing then, and nothing more is said about that.
    pub(crate) fn unknown_table(&self) -> bool {
        self.broken.iter().any(|path| !path.contains(['.', '[']))
    }
    /// True where some key of a table has a mistake: its keys are not weighed together then.
    pub(crate) fn any_broken(&self, path: &str) -> bool {
        let within = format!("{path}.");
        self.is_broken(path)
            || self
                .broken
                .range(within.clone()..)
                .next()
                .is_some_and(|key| key.starts_with(&within))
    }
    pub(crate) fn limits(&self, path: &str) -> Limits {
        self.limits.get(path).copied().unwrap_or_default()
    }
    /// A path with names instead of numbers: `plant.gres-1.mttr_h`.
    pub(crate) fn shown(&self, path: &str) -> String {
        let mut shown = String::new();
        let mut at = 0;
        for (end, _) in path.match_indices(']') {
            let upto = &path[..=end];
            if let (Some(name), Some(open)) = (self.names.get(upto), upto.rfind('[')) {
                shown.push_str(&path[at..open]);
                shown.push('.');
                shown.push_str(name);
                at = end + 1;
            }
        }
        shown.push_str(&path[at..]);
        shown
    }
    /// The stream name of a key: `farm/NAME/on_link_loss.hold_minutes`.
    pub(crate) fn stream(&self, path: &str) -> String {
        match path.split_once('.') {
            Some((first, rest)) => match (self.names.get(first), first.find('[')) {
                (Some(name), Some(open)) => format!("{}/{name}/{rest}", &first[..open]),
                _ => format!("{first}/{rest}"),
            },
            None => path.to_owned(),
        }
    }
}

//! Every modelled number with its source, the uncertain ones first.

use crate::report::html::Assumption;
use crate::report::words::capitalised;
use crate::system::{Basis, System};

/// Kinds of entries in the order of print: the beginning of their key, and the heading.
const GROUPS: [(&str, &str); 18] = [
    ("inputs/", "Uncertain inputs"),
    ("world", "The world around the country"),
    ("economics", "Money"),
    ("hazard/", "Hazards"),
    ("order/", "Orders"),
    ("contract/", "Contracts"),
    ("operator", "The grid operator"),
    ("farm/", "Farms"),
    ("fleet/", "Machines"),
    ("access_class/", "Classes of access"),
    ("provider/", "Internet providers"),
    ("gateway/", "Gateways"),
    ("pool/", "Pools"),
    ("zone/", "Zones"),
    ("weather/", "Weather"),
    ("line/", "Lines"),
    ("class/", "Classes of plants"),
    ("plant/", "Plants"),
];

/// The entries, group by group.
pub(in crate::report) fn assumptions(system: &System) -> Vec<Assumption> {
    let place = |of: &str| {
        let known = GROUPS.iter().position(|(begin, _)| of.starts_with(begin));
        known.unwrap_or(GROUPS.len())
    };
    let mut entries: Vec<(usize, Assumption)> = system
        .assumptions
        .iter()
        .map(|entry| {
            let place = place(&entry.of);
            let (begin, group) = GROUPS
                .get(place)
                .copied()
                .unwrap_or(("", "What was seen, and windows"));
            let what = if begin.ends_with('/') {
                entry.of.strip_prefix(begin).unwrap_or(&entry.of)
            } else {
                &entry.of
            };
            let basis = match entry.basis {
                Basis::Sourced => "sourced",
                Basis::Derived => "derived",
                Basis::Assumed => "assumed",
            };
            let assumption = Assumption {
                group: group.to_owned(),
                what: what.to_owned(),
                value: entry.value.clone(),
                basis: basis.to_owned(),
                source: capitalised(&entry.source),
                assumed: entry.basis == Basis::Assumed,
            };
            (place, assumption)
        })
        .collect();
    // Stable: within a group the order is the system's, by name.
    entries.sort_by_key(|(place, _)| *place);
    entries.into_iter().map(|(_, entry)| entry).collect()
}

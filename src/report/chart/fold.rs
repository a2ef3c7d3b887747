//! Which rows a time chart shows when there are more than paper: the longest out, the rest as one.

use super::panel::TimeAxis;
use super::story::{Outage, StoryRow};

/// A row as drawn.
pub(crate) struct Drawn<'a> {
    pub group: &'a str,
    pub name: String,
    pub outages: Vec<Outage>,
}

/// Rows with outages within the chart, group by group, the long tail of each group folded.
pub(crate) fn folded<'a>(
    all: &'a [StoryRow],
    axis: &TimeAxis,
    rows_per_group: usize,
) -> Vec<Drawn<'a>> {
    let (from, to) = axis.range();
    let mut groups: Vec<&str> = Vec::new();
    for row in all {
        if !groups.contains(&row.group.as_str()) {
            groups.push(&row.group);
        }
    }
    let mut drawn = Vec::new();
    for group in groups {
        let mut rows: Vec<(usize, Drawn<'a>)> = all
            .iter()
            .filter(|row| row.group == group)
            .enumerate()
            .map(|(index, row)| {
                let mut outages: Vec<Outage> = row
                    .outages
                    .iter()
                    .copied()
                    .filter(|outage| outage.from_ms < to && outage.to_ms > from)
                    .map(|outage| Outage {
                        from_ms: outage.from_ms.max(from),
                        to_ms: outage.to_ms.min(to),
                        part: if outage.part.is_finite() {
                            outage.part.clamp(0.0, 1.0)
                        } else {
                            1.0
                        },
                        ..outage
                    })
                    .collect();
                outages.sort_by_key(|outage| (outage.from_ms, outage.to_ms, outage.kind));
                (
                    index,
                    Drawn {
                        group,
                        name: row.name.clone(),
                        outages,
                    },
                )
            })
            .filter(|(_, row)| !row.outages.is_empty())
            .collect();
        let most = if rows_per_group == 0 {
            usize::MAX
        } else {
            rows_per_group
        };
        if rows.len() > most {
            rows.sort_by_key(|(index, row)| (std::cmp::Reverse(time_out(row)), *index));
            let rest = rows.split_off(most.saturating_sub(1));
            rows.sort_by_key(|(index, _)| *index);
            let name = format!("{} others", rest.len());
            let outages = union(rest.into_iter().flat_map(|(_, row)| row.outages).collect());
            rows.push((
                usize::MAX,
                Drawn {
                    group,
                    name,
                    outages,
                },
            ));
        }
        drawn.extend(rows.into_iter().map(|(_, row)| row));
    }
    drawn
}

/// Time out in all, ms; overlapping outages count twice.
pub(crate) fn time_out(row: &Drawn<'_>) -> i64 {
    row.outages
        .iter()
        .map(|outage| outage.to_ms.saturating_sub(outage.from_ms))
        .fold(0, i64::saturating_add)
}

/// Overlapping outages of one kind as one; its part is the largest of them.
fn union(mut outages: Vec<Outage>) -> Vec<Outage> {
    outages.sort_by_key(|outage| (outage.kind, outage.from_ms, outage.to_ms));
    let mut whole: Vec<Outage> = Vec::new();
    for outage in outages {
        match whole.last_mut() {
            Some(last) if last.kind == outage.kind && outage.from_ms <= last.to_ms => {
                last.to_ms = last.to_ms.max(outage.to_ms);
                last.part = last.part.max(outage.part);
            }
            _ => whole.push(outage),
        }
    }
    whole.sort_by_key(|outage| (outage.from_ms, outage.to_ms, outage.kind));
    whole
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::chart::OutageKind;

    #[test]
    fn folding_joins_what_overlaps() {
        let out = |from_ms, to_ms, kind| Outage {
            from_ms,
            to_ms,
            part: 1.0,
            kind,
        };
        let forced = OutageKind::Forced;
        let joined = union(vec![
            out(5, 9, forced),
            out(0, 6, forced),
            out(2, 3, OutageKind::Derated),
        ]);
        let spans: Vec<_> = joined.iter().map(|o| (o.from_ms, o.to_ms)).collect();
        assert_eq!(spans, vec![(0, 9), (2, 3)]);
    }
}

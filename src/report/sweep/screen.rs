//! A sweep on a terminal.

use super::{ShownPoint, SweepRow};
use crate::report::combined::aligned;
use crate::report::manifest::{Manifest, SweepRecord};
use crate::report::number::cell;
use crate::stats::format_with_error;

/// Points that are shown of a long sweep.
const MOST_POINTS: usize = 24;

/// A table for each index that stands first: estimate, difference from the base, and what pairing
/// gained.
pub fn screen(manifest: &Manifest, record: &SweepRecord, points: &[ShownPoint]) -> String {
    let mut text = format!(
        "{}\n{} points and the base, {} replications each, seed {}, hashfall {}\n",
        manifest.title,
        record.points.len(),
        manifest.replications,
        manifest.seed,
        manifest.version,
    );
    let indices: Vec<&SweepRow> = points
        .first()
        .map_or(Vec::new(), |base| base.rows.iter().collect());
    for index in indices {
        let name = &index.row;
        text += &format!("\n{} ({}), window {}\n", name.index, name.unit, name.window);
        let mut lines = vec![heading(record)];
        for point in points.iter().take(MOST_POINTS + 1) {
            let row = point
                .rows
                .iter()
                .find(|row| row.row.is(&name.window, &name.scope, &name.index));
            lines.push(line(point, row));
        }
        text += &aligned(&lines);
        if points.len() > MOST_POINTS + 1 {
            text += &format!("... and {} more points\n", points.len() - MOST_POINTS - 1);
        }
    }
    text
}

fn heading(record: &SweepRecord) -> Vec<String> {
    let mut heading = vec!["point".to_owned()];
    heading.extend(record.labels.iter().cloned());
    heading.extend(
        [
            "mean ± standard error",
            "against the base",
            "variance ratio",
        ]
        .map(str::to_owned),
    );
    heading
}

fn line(point: &ShownPoint, row: Option<&SweepRow>) -> Vec<String> {
    let mut line = vec![point.point.clone()];
    line.extend(point.values.iter().cloned());
    let Some(row) = row else {
        return line;
    };
    let mean = row.row.mean.zip(row.row.standard_error);
    line.push(mean.map_or_else(String::new, |(mean, error)| format_with_error(mean, error)));
    let paired = row.paired.as_ref();
    line.push(paired.map_or_else(String::new, |paired| {
        format_with_error(paired.difference, paired.standard_error)
    }));
    let ratio = paired.and_then(|paired| paired.variance_ratio);
    line.push(ratio.map_or_else(String::new, |ratio| match ratio {
        ratio if ratio < 1e-3 => cell((ratio * 1e6).round() / 1e6),
        ratio => format!("{ratio:.3}"),
    }));
    line
}

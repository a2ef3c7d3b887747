//! `replications.csv`: one row a replication, the stored numbers in their units.

use super::ReportError;
use super::number::{cell, published};
use super::shelf::{Shelf, TableError};
use crate::experiment::Results;
use crate::measure::Column;

/// Writes the table. Of a slot that is published in several units the first is given; the others
/// follow from it.
///
/// # Errors
/// What the disk says.
pub fn write(shelf: &mut Shelf<'_>, results: &Results) -> Result<(), ReportError> {
    let columns = first_columns(&results.layout.columns, results.layout.slots.len());
    let names: Vec<String> = columns.iter().map(|column| name(column)).collect();
    let mut header = vec!["replication"];
    header.extend(names.iter().map(String::as_str));
    shelf.table("replications.csv", &header, |shelf, table| {
        results.each_row::<TableError>(|replication, row| {
            if replication.is_multiple_of(256) {
                shelf.check()?;
            }
            table.write_field(replication.to_string())?;
            for column in &columns {
                let value = row.get(column.slot).copied().unwrap_or_default();
                table.write_field(cell(published(value, column.scale)))?;
            }
            Ok(table.write_record(None::<&[u8]>)?)
        })
    })
}

/// Of each slot the first column that publishes it, in the order of the layout.
fn first_columns(columns: &[Column], slots: usize) -> Vec<&Column> {
    let mut seen = vec![false; slots];
    columns
        .iter()
        .filter(|column| match seen.get_mut(column.slot) {
            Some(seen) => !std::mem::replace(seen, true),
            None => false,
        })
        .collect()
}

/// The name of a column: window, scope and index.
pub(super) fn name(column: &Column) -> String {
    format!("{}/{}/{}", column.window, column.scope, column.index)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Layout;

    #[test]
    fn a_slot_is_given_once() {
        let mut layout = Layout::default();
        let (lost, peak) = (layout.slot("lost"), layout.slot("peak"));
        let at = ("all", "network");
        layout.publish(at, "lost_hashrate_ehs", "EH/s", lost, 1.0);
        layout.publish(at, "lost_hashrate_ehs_days", "EH/s d", lost, 2.0);
        layout.publish(at, "peak", "EH/s", peak, 1.0);
        let names: Vec<String> = first_columns(&layout.columns, 2)
            .into_iter()
            .map(name)
            .collect();
        assert_eq!(names, ["all/network/lost_hashrate_ehs", "all/network/peak"]);
    }
}

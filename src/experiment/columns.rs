//! Per-replication results, read back from blocks column by column within a bound of memory.

use crate::store::{Block, Identity, ReplicationRange, StoreError, read_block};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes of columns that are held at a time.
const MOST_BYTES: usize = 128 << 20;

/// The columns of a finished run.
///
/// They are read from disk in groups of neighbours, as many as fit the bound, and the last group
/// is kept: going through the columns in order reads every block once for each group, and a run
/// whose columns fit the bound is read once.
#[derive(Debug)]
pub struct Columns {
    folder: PathBuf,
    identity: Identity,
    ranges: Vec<ReplicationRange>,
    count: usize,
    replications: usize,
    group: usize,
    held: Mutex<Held>,
}

/// The columns from `first` on.
#[derive(Debug, Default)]
struct Held {
    first: usize,
    columns: Vec<Arc<[i64]>>,
}

impl Columns {
    /// `count` columns in the blocks of `ranges`, which follow each other without a gap.
    pub(super) fn new(
        folder: PathBuf,
        identity: Identity,
        ranges: Vec<ReplicationRange>,
        count: usize,
    ) -> Self {
        Self::bounded(folder, identity, ranges, count, MOST_BYTES)
    }

    fn bounded(
        folder: PathBuf,
        identity: Identity,
        ranges: Vec<ReplicationRange>,
        count: usize,
        most_bytes: usize,
    ) -> Self {
        let replications = ranges
            .iter()
            .map(|range| range.count as usize)
            .sum::<usize>();
        let group = (most_bytes / 8 / replications.max(1)).clamp(1, count.max(1));
        let held = Mutex::default();
        Self {
            folder,
            identity,
            ranges,
            count,
            replications,
            group,
            held,
        }
    }

    /// How many replications each column has.
    pub fn replications(&self) -> usize {
        self.replications
    }

    /// One column, in order of replications; empty where there is no such column.
    ///
    /// # Errors
    /// What the disk says.
    pub fn column(&self, index: usize) -> Result<Arc<[i64]>, StoreError> {
        if index >= self.count {
            return Ok(Arc::default());
        }
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let within = |held: &Held| {
            let offset = index.checked_sub(held.first)?;
            held.columns.get(offset).cloned()
        };
        if let Some(column) = within(&held) {
            return Ok(column);
        }
        let first = index / self.group * self.group;
        // The older group goes before the next is read, so that both never stand side by side.
        *held = Held::default();
        let columns = self.read(first, (first + self.group).min(self.count))?;
        *held = Held { first, columns };
        Ok(within(&held).unwrap_or_default())
    }

    fn read(&self, first: usize, end: usize) -> Result<Vec<Arc<[i64]>>, StoreError> {
        let mut columns = vec![Vec::with_capacity(self.replications); end - first];
        self.each_block(|block| {
            for (column, values) in columns.iter_mut().zip(&block.columns[first..end]) {
                column.extend_from_slice(values);
            }
            Ok(())
        })?;
        Ok(columns.into_iter().map(Arc::from).collect())
    }

    /// Shows every block in order of replications.
    ///
    /// # Errors
    /// What the disk says, and what `see` returns.
    pub fn each_block<E: From<StoreError>>(
        &self,
        mut see: impl FnMut(&Block) -> Result<(), E>,
    ) -> Result<(), E> {
        for &range in &self.ranges {
            let block = read_block(&self.folder, &self.identity, range)?;
            if block.columns.len() != self.count {
                let path = self.folder.clone();
                return Err(StoreError::OtherRun {
                    path,
                    what: "number of columns",
                }
                .into());
            }
            see(&block)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::write_block;

    #[test]
    fn columns_are_the_same_in_groups_of_any_size() {
        let folder = tempfile::tempdir().unwrap();
        let identity = Identity::new(1, [7; 32], "hf1");
        let ranges =
            [(0, 3), (3, 1), (4, 2)].map(|(first, count)| ReplicationRange { first, count });
        for range in ranges {
            let column = |c: u64| {
                (range.first..range.end())
                    .map(|r| (100 * c + r) as i64)
                    .collect()
            };
            let block = Block {
                range,
                columns: (0..5).map(column).collect(),
            };
            write_block(folder.path(), &identity, &block).unwrap();
        }
        for most_bytes in [0, 8 * 6, 8 * 6 * 2, 1 << 20] {
            let path = folder.path().to_owned();
            let columns = Columns::bounded(path, identity, ranges.to_vec(), 5, most_bytes);
            assert_eq!(columns.replications(), 6);
            for index in [0, 4, 1, 2, 3, 0] {
                let expected: Vec<i64> = (0..6).map(|r| 100 * index as i64 + r).collect();
                assert_eq!(
                    *columns.column(index).unwrap(),
                    expected[..],
                    "{most_bytes}"
                );
            }
            assert!(columns.column(5).unwrap().is_empty());
        }
    }
}

//! What the replications of a range demand, those that have it in common counted together.

use crate::measure::Demand;
use crate::stats::CellMoments;
use std::sync::Arc;

/// Tables that are told apart before they are added up.
const MOST_ALIKE: usize = 32;

/// Moments of energy demanded, by month and hour of day.
#[derive(Debug, Clone, Default)]
pub(super) struct DemandPart {
    /// Moments of what is not in `alike`.
    cells: CellMoments,
    /// Tables, and how many replications have each.
    alike: Vec<(Arc<[i64]>, u64)>,
}

impl DemandPart {
    /// So many cells of nothing.
    pub fn new(cells: usize) -> Self {
        Self {
            cells: CellMoments::new(cells),
            alike: Vec::new(),
        }
    }

    /// Forgets all replications.
    pub fn clear(&mut self) {
        self.cells.clear();
        self.alike.clear();
    }

    /// Counts a replication.
    pub fn count(&mut self, demand: &Demand) {
        let Some(table) = demand else {
            return;
        };
        let mut alike = self.alike.iter_mut();
        match alike.find(|(known, _)| Arc::ptr_eq(known, table)) {
            Some((_, replications)) => *replications += 1,
            None => {
                if self.alike.len() == MOST_ALIKE {
                    self.settle();
                }
                self.alike.push((Arc::clone(table), 1));
            }
        }
    }

    /// Adds up what was counted together.
    pub fn settle(&mut self) {
        for (table, replications) in self.alike.drain(..) {
            self.cells.add_alike(&table, replications);
        }
    }

    /// Moments over the replications that were counted and settled.
    pub fn moments(&self) -> &CellMoments {
        &self.cells
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Alike or not, known before or forgotten: each replication counts once.
    #[test]
    fn who_shares_a_table_counts_as_who_does_not() {
        let shared: Vec<Arc<[i64]>> = (0..50).map(|k| Arc::from([k, 7 * k])).collect();
        let (mut together, mut apart) = (DemandPart::new(2), CellMoments::new(2));
        for turn in 0..400 {
            let table = &shared[turn * turn % 50];
            together.count(&Some(Arc::clone(table)));
            apart.add_each(table);
        }
        together.settle();
        assert_eq!(together.moments(), &apart);
        together.clear();
        together.settle();
        assert_eq!(together.moments(), &CellMoments::new(2));
    }
}

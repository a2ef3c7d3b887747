//! Which ranges of replications count already, and which are still to be run.

use crate::store::ReplicationRange;

/// Replications of a block, unless it is the last before a gap ends.
pub const BLOCK_LENGTH: u32 = 256;

/// What is to be done to have every replication of a span once, on disk and in the totals.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Work {
    /// Blocks on disk that count.
    pub kept: Vec<ReplicationRange>,
    /// Blocks on disk that stand in the way and are deleted.
    pub deleted: Vec<ReplicationRange>,
    /// Whether the older totals may be used.
    pub keeps_totals: bool,
    /// Ranges to be simulated.
    pub simulated: Vec<Piece>,
}

/// A range to be simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    /// The replications.
    pub range: ReplicationRange,
    /// Whether the totals hold it already, so that only its block is made anew.
    pub is_counted: bool,
}

/// Compares what is sound on `disk` with what the `totals` hold (`None`: there are no totals to
/// keep), and says what is to be done for the replications `from..n`.
///
/// A range counts if it is in both. One that only the totals hold is simulated for its block
/// alone; one that is only on disk is simulated anew. Totals that hold anything which no list of
/// blocks within `from..n` could explain are given up.
pub(super) fn work(
    disk: &[ReplicationRange],
    totals: Option<&[ReplicationRange]>,
    (from, n): (u64, u64),
) -> Work {
    let mut disk: Vec<_> = disk.to_vec();
    disk.sort();
    let mut work = Work::default();
    // Of blocks that overlap the first stays.
    let mut sound: Vec<ReplicationRange> = Vec::new();
    for range in disk {
        let across = |edge: u64| range.first < edge && range.end() > edge;
        let beyond = range.count == 0 || across(from) || across(n);
        if beyond || sound.last().is_some_and(|last| last.overlaps(&range)) {
            work.deleted.push(range);
        } else {
            sound.push(range);
        }
    }
    let counted = match totals {
        None => sound.clone(),
        Some(listed) => usable(listed, &sound, (from, n)).unwrap_or_default(),
    };
    work.keeps_totals = totals.is_none_or(|listed| listed.len() == counted.len());
    for range in sound {
        if range.first >= n || range.first < from {
            // Beyond what is asked for: it may serve another run.
            continue;
        }
        if counted.contains(&range) {
            work.kept.push(range);
        } else {
            work.deleted.push(range);
        }
    }
    let mut next = from;
    let end = ReplicationRange { first: n, count: 0 };
    let within = |range: &ReplicationRange| (from..n).contains(&range.first);
    for range in counted.into_iter().filter(within).chain([end]) {
        fill(&mut work.simulated, next, range.first);
        if range.count > 0 && !work.kept.contains(&range) {
            work.simulated.push(Piece {
                range,
                is_counted: true,
            });
        }
        next = range.end();
    }
    work
}

/// The ranges of totals in order, if they are disjoint, within `from..n`, and each is on disk or
/// where no block is.
fn usable(
    listed: &[ReplicationRange],
    disk: &[ReplicationRange],
    (from, n): (u64, u64),
) -> Option<Vec<ReplicationRange>> {
    let mut ranges = listed.to_vec();
    ranges.sort();
    let disjoint = ranges.windows(2).all(|pair| !pair[0].overlaps(&pair[1]));
    let explained = ranges.iter().all(|range| {
        let fits = range.count > 0 && range.first >= from && range.end() <= n;
        fits && (disk.contains(range) || !disk.iter().any(|block| block.overlaps(range)))
    });
    (disjoint && explained).then_some(ranges)
}

/// Splits `from..until` into pieces of at most [`BLOCK_LENGTH`].
fn fill(pieces: &mut Vec<Piece>, from: u64, until: u64) {
    let mut first = from;
    while first < until {
        let count = (until - first).min(u64::from(BLOCK_LENGTH)) as u32;
        let range = ReplicationRange { first, count };
        pieces.push(Piece {
            range,
            is_counted: false,
        });
        first = range.end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn range(first: u64, count: u32) -> ReplicationRange {
        ReplicationRange { first, count }
    }
    fn fresh(first: u64, count: u32) -> Piece {
        Piece {
            range: range(first, count),
            is_counted: false,
        }
    }

    #[test]
    fn a_new_run_is_cut_into_blocks() {
        let work = work(&[], None, (0, 600));
        assert_eq!(
            work.simulated,
            [fresh(0, 256), fresh(256, 256), fresh(512, 88)]
        );
    }

    #[test]
    fn an_extension_begins_where_the_short_block_ended() {
        let work = work(&[range(0, 256), range(256, 44)], None, (0, 600));
        assert_eq!(work.kept.len(), 2);
        assert_eq!(work.simulated, [fresh(300, 256), fresh(556, 44)]);
    }

    #[test]
    fn a_range_counts_if_it_is_in_both() {
        let disk = [range(0, 256), range(512, 256)];
        let totals = [range(0, 256), range(256, 256)];
        let work = work(&disk, Some(&totals), (0, 768));
        assert!(work.keeps_totals);
        assert_eq!(work.kept, [range(0, 256)]);
        assert_eq!(work.deleted, [range(512, 256)]);
        let only_block = Piece {
            range: range(256, 256),
            is_counted: true,
        };
        assert_eq!(work.simulated, [only_block, fresh(512, 256)]);
    }

    #[test]
    fn totals_of_more_than_is_asked_for_are_given_up() {
        let disk = [range(0, 256), range(256, 256)];
        let work = work(&disk, Some(&disk), (0, 256));
        assert!(!work.keeps_totals);
        assert_eq!(work.deleted, [range(0, 256)]);
        assert_eq!(work.simulated, [fresh(0, 256)]);
    }

    #[test]
    fn a_block_that_reaches_beyond_is_made_anew() {
        let work = work(&[range(0, 256), range(256, 256)], None, (0, 300));
        assert_eq!(work.deleted, [range(256, 256)]);
        assert_eq!(work.simulated, [fresh(256, 44)]);
    }

    fn some_ranges() -> impl Strategy<Value = Vec<ReplicationRange>> {
        let one = (0_u64..12, 0_u32..4).prop_map(|(first, count)| range(first * 64, count * 64));
        prop::collection::vec(one, 0..10)
    }

    proptest! {
        /// Whatever is found, every replication below n ends up once on disk and once in the
        /// totals.
        #[test]
        fn nothing_is_missing_and_nothing_counts_twice(
            disk in some_ranges(), totals in prop::option::of(some_ranges()), from in 0_u64..400, more in 1_u64..800,
        ) {
            let n = from + more;
            let work = work(&disk, totals.as_deref(), (from, n));
            let mut blocks = vec![0; n as usize];
            let pieces = work.simulated.iter().map(|piece| &piece.range);
            for range in work.kept.iter().chain(pieces) {
                for replication in range.first..range.end() {
                    blocks[replication as usize] += 1;
                }
            }
            let (before, within) = blocks.split_at(from as usize);
            prop_assert!(before.iter().all(|&count| count == 0));
            prop_assert!(within.iter().all(|&count| count == 1));
            if let Some(totals) = totals {
                let mut counted = vec![0; n as usize];
                let held = totals.iter().filter(|_| work.keeps_totals);
                let added = work.simulated.iter().filter(|piece| !piece.is_counted);
                for range in held.chain(added.map(|piece| &piece.range)) {
                    for replication in range.first..range.end() {
                        counted[replication as usize] += 1;
                    }
                }
                let (before, within) = counted.split_at(from as usize);
                prop_assert!(before.iter().all(|&count| count == 0));
                prop_assert!(within.iter().all(|&count| count == 1));
            }
            // Nothing that stays on disk overlaps what is kept or will be written.
            for range in disk.iter().filter(|range| !work.deleted.contains(range)) {
                let kept = work.kept.contains(range) || range.first >= n || range.end() <= from;
                prop_assert!(kept);
            }
        }
    }
}

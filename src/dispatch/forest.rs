//! The zones as trees: who hangs on whom, by which line.

/// Zones in an order in which every parent stands before its children.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forest {
    /// Zones, parents first, siblings side by side in order of their names, trees one after the
    /// other.
    pub order: Vec<usize>,
    /// For each zone its parent zone, none for the root of a tree.
    pub parent: Vec<Option<usize>>,
    /// For each zone the line to its parent.
    pub line: Vec<Option<usize>>,
    /// For each zone, whether that line's `from` end is this zone (else its `to` end).
    pub outward: Vec<bool>,
    /// For each zone its children, in order of their names.
    pub children: Vec<Vec<usize>>,
    /// Roots, one a tree.
    pub roots: Vec<usize>,
    /// For each zone the root of its tree.
    pub root_of: Vec<usize>,
    /// The largest number of lines between a root and a zone.
    pub depth: usize,
}

impl Forest {
    /// Hangs zones on the middle of each tree, by the ends (from, to) of each line; zone numbers
    /// follow their names.
    ///
    /// # Errors
    /// The index of a line that closes a ring.
    pub fn of_lines(zones: usize, lines: &[(usize, usize)]) -> Result<Self, usize> {
        let mut forest = Self {
            order: Vec::with_capacity(zones),
            parent: vec![None; zones],
            line: vec![None; zones],
            outward: vec![false; zones],
            children: vec![Vec::new(); zones],
            roots: Vec::new(),
            root_of: (0..zones).collect(),
            depth: 0,
        };
        let mut level = vec![usize::MAX; zones];
        let mut used = vec![false; lines.len()];
        for first in 0..zones {
            if level[first] != usize::MAX {
                continue;
            }
            let root = middle(first, zones, lines);
            level[root] = 0;
            forest.roots.push(root);
            let mut queue = std::collections::VecDeque::from([root]);
            while let Some(zone) = queue.pop_front() {
                forest.order.push(zone);
                forest.root_of[zone] = root;
                forest.depth = forest.depth.max(level[zone]);
                for (index, &(from, to)) in lines.iter().enumerate() {
                    if used[index] || (from != zone && to != zone) {
                        continue;
                    }
                    used[index] = true;
                    let other = if from == zone { to } else { from };
                    if level[other] != usize::MAX {
                        return Err(index);
                    }
                    level[other] = level[zone] + 1;
                    forest.parent[other] = Some(zone);
                    forest.line[other] = Some(index);
                    forest.outward[other] = from == other;
                    forest.children[zone].push(other);
                }
                forest.children[zone].sort_unstable();
                queue.extend(&forest.children[zone]);
            }
        }
        Ok(forest)
    }
}

/// The zone of a tree from which the farthest is nearest, the first by name of equal ones: a
/// shallow tree is quick to clear, and its prices need few ticks.
pub(super) fn middle(member: usize, zones: usize, lines: &[(usize, usize)]) -> usize {
    let reach = distances(member, zones, lines);
    let farthest = |zone: usize| {
        let known = distances(zone, zones, lines).into_iter().flatten();
        known.max().unwrap_or(0)
    };
    let members = (0..zones).filter(|&zone| reach[zone].is_some());
    members
        .min_by_key(|&zone| (farthest(zone), zone))
        .unwrap_or(member)
}

/// Lines between a zone and every other, none where there is no way.
fn distances(from: usize, zones: usize, lines: &[(usize, usize)]) -> Vec<Option<usize>> {
    let mut distance = vec![None; zones];
    distance[from] = Some(0);
    let mut queue = std::collections::VecDeque::from([from]);
    while let Some(zone) = queue.pop_front() {
        for &(a, b) in lines {
            for (near, far) in [(a, b), (b, a)] {
                if near == zone && distance[far].is_none() {
                    distance[far] = distance[zone].map(|steps: usize| steps + 1);
                    queue.push_back(far);
                }
            }
        }
    }
    distance
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_hangs_on_its_middle() {
        let forest = Forest::of_lines(4, &[(1, 0), (2, 1)]).unwrap();
        assert_eq!(forest.parent, [Some(1), None, Some(1), None]);
        assert_eq!(forest.roots, [1, 3]);
        assert_eq!(forest.outward, [false, false, true, false]);
        assert_eq!(forest.depth, 1);
    }

    #[test]
    fn a_ring_names_the_line_that_closes_it() {
        assert_eq!(Forest::of_lines(3, &[(0, 1), (1, 2), (2, 0)]), Err(1));
        assert_eq!(Forest::of_lines(2, &[(0, 1), (1, 0)]), Err(1));
    }
}

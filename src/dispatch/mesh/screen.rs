//! Is anyone short? By Gale (1957), demand can be met if and only if no set of zones lacks more
//! than the corridors into it let through. Few zones: all sets are looked at, with what enters
//! each kept while limits stand. Many: the lack is carried in, way by way.

use super::Mesh;

/// Zones of a part up to which all its sets are looked at.
const FEW: usize = 6;

/// A part of the mesh, and memory for it.
#[derive(Debug, Clone)]
struct Part {
    /// For each set of its zones, by its bits: what corridors let in. Empty where zones are many.
    entering: Vec<i64>,
    /// What each set lacks.
    lacking: Vec<i64>,
}

/// The question, with what is kept between two askings.
#[derive(Debug, Clone)]
pub(super) struct Screen {
    parts: Vec<Part>,
    are_limits_known: bool,
    /// For parts of many zones: what is spare (lacking: negative), flows, how each was reached.
    spare: Vec<i64>,
    flow: Vec<i64>,
    came: Vec<Option<usize>>,
    seen: Vec<bool>,
    queue: Vec<usize>,
}

impl Screen {
    pub(super) fn new(mesh: &Mesh) -> Self {
        let part = |part: &Vec<usize>| {
            let sets = if part.len() <= FEW {
                1 << part.len()
            } else {
                0
            };
            Part {
                entering: vec![0; sets],
                lacking: vec![0; sets],
            }
        };
        Self {
            parts: mesh.parts.iter().map(part).collect(),
            are_limits_known: false,
            spare: vec![0; mesh.zones()],
            flow: vec![0; mesh.ends.len()],
            came: vec![None; mesh.zones()],
            seen: vec![false; mesh.zones()],
            queue: Vec::with_capacity(mesh.zones()),
        }
    }

    pub(super) fn limits_moved(&mut self) {
        self.are_limits_known = false;
    }

    /// The least that any set of zones is known to have to spare, what corridors let in included,
    /// where zones have these amounts to spare (lacking: negative): negative where somebody is
    /// short, nothing in a part whose zones are too many for its sets to be looked at. What a set
    /// has falls by no more than what its zones lose together.
    pub(super) fn slack(
        &mut self,
        mesh: &Mesh,
        spare: impl Fn(usize) -> i64,
        limits: &[(i64, i64)],
    ) -> i64 {
        let mut least = i64::MAX;
        for (at, zones) in mesh.parts.iter().enumerate() {
            least = least.min(if zones.len() <= FEW {
                if !self.are_limits_known {
                    self.find_entering(mesh, limits);
                }
                self.parts[at].least_slack(zones, &spare)
            } else if self.is_short(mesh, zones, &spare, limits) {
                -1
            } else {
                0
            });
            if least < 0 {
                break;
            }
        }
        least
    }

    /// True where demand cannot be met everywhere in a part of many zones.
    fn is_short(
        &mut self,
        mesh: &Mesh,
        zones: &[usize],
        spare: impl Fn(usize) -> i64,
        limits: &[(i64, i64)],
    ) -> bool {
        let (mut all, mut lacks) = (0, false);
        for &zone in zones {
            let here = spare(zone);
            self.spare[zone] = here;
            all += here;
            lacks |= here < 0;
        }
        lacks && (all < 0 || self.leaves_lack(mesh, zones, limits))
    }

    /// What corridors let into each set of zones.
    fn find_entering(&mut self, mesh: &Mesh, limits: &[(i64, i64)]) {
        self.are_limits_known = true;
        for (part, zones) in self.parts.iter_mut().zip(&mesh.parts) {
            part.entering.fill(0);
            for (set, entering) in part.entering.iter_mut().enumerate() {
                let holds = |zone: usize| {
                    zones
                        .binary_search(&zone)
                        .is_ok_and(|bit| set >> bit & 1 == 1)
                };
                for (&(first, second), &(there, back)) in mesh.ends.iter().zip(limits) {
                    *entering += match (holds(first), holds(second)) {
                        (false, true) if zones.binary_search(&first).is_ok() => there,
                        (true, false) if zones.binary_search(&second).is_ok() => back,
                        _ => 0,
                    };
                }
            }
        }
    }

    /// Carries spare power to every zone that lacks some, by ways of the fewest corridors; true
    /// where a lack is left.
    fn leaves_lack(&mut self, mesh: &Mesh, zones: &[usize], limits: &[(i64, i64)]) -> bool {
        self.flow.fill(0);
        for &zone in zones {
            while self.spare[zone] < 0 {
                let Some(from) = self.find_spare(mesh, zone, limits) else {
                    return true;
                };
                self.bring(mesh, from, zone, limits);
            }
        }
        false
    }

    /// The nearest zone with something to spare for another, walking against the flow to come.
    fn find_spare(&mut self, mesh: &Mesh, to: usize, limits: &[(i64, i64)]) -> Option<usize> {
        self.seen.fill(false);
        self.seen[to] = true;
        self.queue.clear();
        self.queue.push(to);
        let mut next = 0;
        while let Some(&zone) = self.queue.get(next) {
            next += 1;
            if self.spare[zone] > 0 {
                return Some(zone);
            }
            for way in &mesh.ways[zone] {
                if !self.seen[way.to] && self.room(way.corridor, !way.is_along, limits) > 0 {
                    self.seen[way.to] = true;
                    self.came[way.to] = Some(way.corridor);
                    self.queue.push(way.to);
                }
            }
        }
        None
    }

    fn room(&self, corridor: usize, is_along: bool, limits: &[(i64, i64)]) -> i64 {
        let (there, back) = limits[corridor];
        if is_along {
            there - self.flow[corridor]
        } else {
            back + self.flow[corridor]
        }
    }

    /// Brings as much as one has, the other lacks, and the way found lets through.
    fn bring(&mut self, mesh: &Mesh, from: usize, to: usize, limits: &[(i64, i64)]) {
        let mut amount = self.spare[from].min(-self.spare[to]);
        let step = |zone: usize, corridor: usize| {
            let (first, second) = mesh.ends[corridor];
            let is_along = zone == first;
            (is_along, if is_along { second } else { first })
        };
        let mut zone = from;
        while let Some(corridor) = self.came[zone].filter(|_| zone != to) {
            let (is_along, next) = step(zone, corridor);
            amount = amount.min(self.room(corridor, is_along, limits));
            zone = next;
        }
        self.spare[from] -= amount;
        self.spare[to] += amount;
        zone = from;
        while let Some(corridor) = self.came[zone].filter(|_| zone != to) {
            let (is_along, next) = step(zone, corridor);
            self.flow[corridor] += if is_along { amount } else { -amount };
            zone = next;
        }
    }
}

impl Part {
    /// The least of what can enter a set of zones, less what it lacks.
    fn least_slack(&mut self, zones: &[usize], spare: impl Fn(usize) -> i64) -> i64 {
        let mut least = i64::MAX;
        for set in 1..self.entering.len() {
            let lowest = set.trailing_zeros() as usize;
            let lacking = self.lacking[set & (set - 1)] - spare(zones[lowest]);
            self.lacking[set] = lacking;
            least = least.min(self.entering[set] - lacking);
        }
        least
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Both ways to ask, over the same mesh; and the least slack tells the same.
    fn by_sets_and_by_ways(mesh: &Mesh, spare: &[i64], limits: &[(i64, i64)]) -> (bool, bool) {
        let mut screen = Screen::new(mesh);
        screen.find_entering(mesh, limits);
        screen.spare.copy_from_slice(spare);
        let mut by_sets = false;
        let mut by_ways = false;
        for (part, zones) in mesh.parts.iter().enumerate() {
            by_sets |= screen.parts[part].least_slack(zones, |zone| spare[zone]) < 0;
            by_ways |= screen.leaves_lack(mesh, zones, limits);
        }
        let least = screen.slack(mesh, |zone| spare[zone], limits);
        assert_eq!(least < 0, by_sets);
        (by_sets, by_ways)
    }

    #[test]
    fn power_comes_round_where_the_short_way_is_full() {
        // Zone 1 lacks 10; zone 0 has them, 6 go straight and 4 by zone 2.
        let mesh = Mesh::new(3, &[(0, 1), (0, 2), (1, 2)]);
        let with = |last| by_sets_and_by_ways(&mesh, &[10, -10, 0], &[(6, 0), (9, 0), (0, last)]);
        assert_eq!(with(4), (false, false));
        assert_eq!(with(3), (true, true));
    }

    #[test]
    fn the_least_slack_may_go_and_no_watt_more() {
        // Zone 1 lives on what zone 0 has; the way round has 1 left when the straight one is full.
        let mesh = Mesh::new(3, &[(0, 1), (0, 2), (1, 2)]);
        let limits = [(6, 0), (9, 0), (0, 5)];
        let least = |spare: [i64; 3]| Screen::new(&mesh).slack(&mesh, |zone| spare[zone], &limits);
        assert_eq!(least([30, -10, 0]), 1);
        assert_eq!(least([30, -11, 0]), 0);
        assert_eq!(least([30, -12, 0]), -1);
        assert_eq!(least([13, -10, 0]), 1);
        assert_eq!(least([10, -10, 0]), 0);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn sets_and_ways_agree(
            spare in proptest::array::uniform6(-12i64..20),
            limits in proptest::array::uniform15((0i64..8, 0i64..8)),
            present in 0u16..(1 << 15),
        ) {
            let pairs = (0..6).flat_map(|a| (a + 1..6).map(move |b| (a, b)));
            let kept = pairs.zip(limits).enumerate().filter(|(k, _)| present >> k & 1 == 1);
            let (ends, limits): (Vec<_>, Vec<_>) = kept.map(|(_, pair)| pair).unzip();
            let mesh = Mesh::new(6, &ends);
            let (by_sets, by_ways) = by_sets_and_by_ways(&mesh, &spare, &limits);
            prop_assert_eq!(by_sets, by_ways);
        }
    }
}

//! Blocks, exposure and hashes up to every moment that an observer asks for.

use super::super::blocks::{BlockPath, known_hashes};
use super::{days, exposure};
use crate::bitcoin::estimate::Tally;
use crate::engine::View;
use crate::quantity::MS_PER_DAY;
use crate::random::{Stream, StreamId, poisson};
use crate::system::{Reads, System};

/// Sums up to the edges of all spans that observers look at.
///
/// Within the horizon blocks are those that were found. Before the start the world stands at its
/// level at the start, after the end at its last one: there a UTC day's blocks are a Poisson count
/// from a stream of its own, and, where an observer parts the day, each block's moment in it is
/// uniform. So no observer moves what another sees.
#[derive(Debug, Clone)]
pub(super) struct Tallies {
    /// Moments, ms since the start, rising; the start and the end are among them.
    edges: Vec<i64>,
    /// Up to each edge from the first: blocks, blocks for each EH/s, hashes in GH/s ms.
    sums: Vec<Sum>,
    before: Vec<Outside>,
    after: Vec<Outside>,
    start: usize,
    end: usize,
    /// Somebody asks for a span.
    wanted: bool,
}

#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    blocks: f64,
    exposure: f64,
    hashes: f64,
}

/// A UTC day outside of the horizon, or the part of one that does not lie in it.
#[derive(Debug, Clone)]
struct Outside {
    from: i64,
    until: i64,
    /// Edges that part it.
    cuts: std::ops::Range<usize>,
    count: StreamId,
    moments: StreamId,
    /// Hashes a block takes, where known; else as at the start or the end.
    hashes: Option<f64>,
}

impl Tallies {
    /// For the observers of a system.
    pub fn new(system: &System) -> Self {
        let mut edges = vec![0, system.horizon.0];
        let wanted = system
            .observers
            .iter()
            .any(|observer| !matches!(observer.reads, Reads::LastBlocks { .. } | Reads::Pools(_)));
        for observer in &system.observers {
            match &observer.reads {
                Reads::Count { window, at } => {
                    edges.extend(at.iter().flat_map(|at| [at - window, *at]));
                }
                Reads::Change { event, against } => {
                    edges.extend([event.0, event.1, against.0, against.1]);
                }
                Reads::Trend { fit, .. } => {
                    edges.extend(days(*fit).flat_map(|(from, until)| [from, until]));
                }
                Reads::LastBlocks { .. } | Reads::Pools(_) => {}
            }
        }
        edges.sort_unstable();
        edges.dedup();
        let place = |at: i64| edges.partition_point(|&edge| edge < at);
        let (start, end) = (place(0), place(system.horizon.0));
        let (first, last) = (edges[0], edges[edges.len() - 1]);
        let before = outside(system, &edges, (first, 0));
        let after = outside(system, &edges, (system.horizon.0, last));
        Self {
            sums: vec![Sum::default(); edges.len()],
            edges,
            before,
            after,
            start,
            end,
            wanted,
        }
    }

    /// Reads a replication.
    pub fn fill(&mut self, path: &BlockPath, view: View<'_>) {
        if !self.wanted {
            return;
        }
        self.sums.fill(Sum::default());
        let found = &path.found;
        let (first_ghs, last_ghs) = path.outside_ghs(view);
        let (first_hashes, last_hashes) = (found.hashes_at(0.0), found.hashes_at(f64::MAX));
        // First what lies between an edge and the one before it, then sums of that.
        for outside in &self.before {
            outside.fill(&self.edges, &mut self.sums, (first_ghs, first_hashes), view);
        }
        for outside in &self.after {
            outside.fill(&self.edges, &mut self.sums, (last_ghs, last_hashes), view);
        }
        let (mut counted, mut step, mut before) = (0, 0, 0.0);
        for edge in self.start + 1..=self.end {
            let (from, until) = (self.edges[edge - 1] as f64, self.edges[edge] as f64);
            let so_far = counted + found.times_ms[counted..].partition_point(|&at| at < until);
            self.sums[edge].blocks = (so_far - counted) as f64;
            counted = so_far;
            let hashes = path.hashes_until(until);
            self.sums[edge].hashes = hashes - before;
            before = hashes;
            let mut begin = from;
            while let Some(next) = found
                .steps
                .get(step + 1)
                .filter(|next| next.from_ms < until)
            {
                self.sums[edge].exposure +=
                    exposure(next.from_ms - begin, found.steps[step].hashes);
                begin = next.from_ms;
                step += 1;
            }
            self.sums[edge].exposure += exposure(until - begin, found.hashes_at(begin));
        }
        for edge in 1..self.sums.len() {
            let before = self.sums[edge - 1];
            let sum = &mut self.sums[edge];
            sum.blocks += before.blocks;
            sum.exposure += before.exposure;
            sum.hashes += before.hashes;
        }
    }

    fn sum(&self, at: i64) -> Sum {
        let place = self.edges.partition_point(|&edge| edge < at);
        self.sums.get(place).copied().unwrap_or_default()
    }

    /// What was counted between two of the edges.
    pub fn between(&self, from: i64, until: i64) -> Tally {
        let (before, after) = (self.sum(from), self.sum(until));
        Tally {
            blocks: after.blocks - before.blocks,
            exposure: after.exposure - before.exposure,
        }
    }

    /// The world's true mean hashrate between two of the edges, GH/s.
    pub fn mean_hashrate(&self, from: i64, until: i64) -> f64 {
        (self.sum(until).hashes - self.sum(from).hashes) / (until - from) as f64
    }
}

/// The UTC days that touch a stretch outside of the horizon, whole but for the part that lies in it.
fn outside(system: &System, edges: &[i64], (from, until): (i64, i64)) -> Vec<Outside> {
    let day_of = |at: i64| (system.start_unix_ms + at).div_euclid(MS_PER_DAY);
    let midnight = |day: i64| day * MS_PER_DAY - system.start_unix_ms;
    if from == until {
        return Vec::new();
    }
    let before = from < 0;
    let side = if before { "before" } else { "after" };
    let days = day_of(from)..=day_of(until - 1);
    let part = |day: i64| {
        let (mut from_ms, mut until_ms) = (midnight(day), midnight(day + 1));
        if before {
            until_ms = until_ms.min(until);
        } else {
            from_ms = from_ms.max(from);
        }
        let cuts = edges.partition_point(|&edge| edge <= from_ms)
            ..edges.partition_point(|&edge| edge < until_ms);
        let (year, month, date) = super::date(day);
        let name = format!("observer/{side}/{year:04}-{month:02}-{date:02}");
        Outside {
            from: from_ms,
            until: until_ms,
            cuts,
            count: StreamId::of(&name),
            moments: StreamId::of(&format!("{name}/moments")),
            hashes: known_hashes(system, day),
        }
    };
    days.map(part).collect()
}

impl Outside {
    fn fill(
        &self,
        edges: &[i64],
        sums: &mut [Sum],
        (ghs, hashes_then): (f64, f64),
        view: View<'_>,
    ) {
        let hashes = self.hashes.unwrap_or(hashes_then);
        let (seed, replication) = (view.plan.system.seed, view.futures.replication);
        let length = (self.until - self.from) as f64;
        let mut stream = Stream::new(seed, self.count, replication);
        let blocks = poisson(&mut stream, length * ghs * 1e6 / hashes);
        // What comes before an edge is added there; after the last edge nobody looks.
        let mut from = self.from;
        let ends = edges[self.cuts.clone()].iter().chain([&self.until]);
        for (sum, &until) in sums[self.cuts.start..].iter_mut().zip(ends) {
            sum.exposure += exposure((until - from) as f64, hashes);
            sum.hashes += ghs * (until - from) as f64;
            from = until;
        }
        if self.cuts.is_empty() {
            if let Some(sum) = sums.get_mut(self.cuts.end) {
                sum.blocks += blocks as f64;
            }
            return;
        }
        let mut stream = Stream::new(seed, self.moments, replication);
        for _ in 0..blocks {
            let at = self.from as f64 + length * stream.next_uniform();
            let before = edges[self.cuts.clone()].partition_point(|&edge| edge as f64 <= at);
            if let Some(sum) = sums.get_mut(self.cuts.start + before) {
                sum.blocks += 1.0;
            }
        }
    }
}

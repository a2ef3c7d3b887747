//! Estimates beside exact values: the numbers of `tests/adequacy` and of `docs/validation.md`.
//!
//! Seeds 1 to 20, exactly these: each gives an estimate with its own standard error, and so a z.
//! If the engine counts right the z are standard normal: their mean has a standard deviation of
//! 0.22, and the sum of their squares is chi-square with 20 degrees of freedom.

use hashfall::engine::{EngineError, Plan, Replicator, Run};
use hashfall::exact::{Exact, answer};
use hashfall::experiment::Study;
use hashfall::measure::{
    Adequacy, Column, Ensemble, GridEnsemble, Layout, MiningEnsemble, SeriesLayout, Sink, Strain,
};
use hashfall::stats::{Estimate, JointMoments};
use hashfall::system::System;
use rayon::prelude::*;

/// The seeds, exactly as given.
pub const SEEDS: std::ops::RangeInclusive<u64> = 1..=20;
/// The largest |mean of z| accepted, 3.6 of its standard deviations.
pub const LARGEST_MEAN_Z: f64 = 0.8;
/// The 99.99 % point of chi-square with 20 degrees of freedom.
pub const LARGEST_SUM_Z2: f64 = 52.386;

/// The largest pooled standard error over the exact value that proves anything.
pub const LARGEST_ERROR: f64 = 0.01;

/// Exact values of a system that `hashfall exact` has no answer for, by enumeration of its states
/// apart from this program: (scenario, index, unit, value).
pub const ENUMERATED: [(&str, &str, &str, f64); 6] = [
    ("triangle", "lole_h", "h", 1.3756),
    // By its Markov chain of 32 states, cut by cut: failures an hour, and states an hour apart.
    ("triangle", "lolf", "1", 1.57591),
    ("triangle", "lolev", "1", 0.809_106_524_793_6),
    ("triangle", "lold_h", "h", 0.872_892_487_515_1),
    ("triangle", "eue_mwh", "MWh", 12.12885),
    ("triangle", "depth_mw", "MW", 12.12885 / 1.3756),
];

/// An index with its exact value and its estimates.
pub struct Held {
    /// What is exact of it.
    pub exact: Exact,
    /// The estimate under each seed.
    pub seeds: Vec<Estimate>,
}

impl Held {
    /// The mean over all seeds, which have equally many replications.
    pub fn mean(&self) -> f64 {
        self.seeds.iter().map(|seed| seed.mean).sum::<f64>() / self.seeds.len() as f64
    }

    /// Its standard error.
    pub fn standard_error(&self) -> f64 {
        let variance = |seed: &Estimate| seed.standard_error * seed.standard_error;
        let sum: f64 = self.seeds.iter().map(variance).sum();
        sum.sqrt() / self.seeds.len() as f64
    }

    /// How many of those it lies above the exact value.
    pub fn z(&self) -> f64 {
        (self.mean() - self.exact.value) / self.standard_error()
    }

    /// The z of each seed.
    fn each_z(&self) -> impl Iterator<Item = f64> {
        let z = |seed: &Estimate| (seed.mean - self.exact.value) / seed.standard_error;
        self.seeds.iter().map(z)
    }

    /// The mean of the z of the seeds.
    pub fn mean_z(&self) -> f64 {
        self.each_z().sum::<f64>() / self.seeds.len() as f64
    }

    /// The sum of their squares.
    pub fn sum_z2(&self) -> f64 {
        self.each_z().map(|z| z * z).sum()
    }

    /// Whether the z are as they should be.
    pub fn holds(&self) -> bool {
        self.mean_z().abs() < LARGEST_MEAN_Z && self.sum_z2() < LARGEST_SUM_Z2
    }
}

/// Runs a scenario under all seeds and puts its estimates beside its exact values.
pub fn hold(system: &System, replications: u32) -> Vec<Held> {
    hold_against(system, replications, exact(system))
}

/// Likewise beside exact values that are given.
pub fn hold_against(system: &System, replications: u32, exact: Vec<Exact>) -> Vec<Held> {
    let seeds: Vec<Vec<Estimate>> = SEEDS
        .into_par_iter()
        .map(|seed| estimates(system, seed, replications, &exact))
        .collect();
    let held = |(at, exact): (usize, Exact)| Held {
        exact,
        seeds: seeds.iter().map(|seed| seed[at]).collect(),
    };
    exact.iter().cloned().enumerate().map(held).collect()
}

/// The exact values of a system: of a single zone once, without what is the same number in
/// another unit, and without the energy demanded, which mostly does not vary.
pub fn exact(system: &System) -> Vec<Exact> {
    let is_single = system.zones.len() == 1;
    let mut rows = match answer(system, false) {
        Ok(answer) => answer.rows,
        Err(_) => enumerated(&system.name),
    };
    rows.retain(|row| !["lolp", "demand_mwh"].contains(&row.index));
    rows.retain(|row| !(is_single && row.scope.starts_with("zone/")));
    rows
}

fn enumerated(scenario: &str) -> Vec<Exact> {
    let rows = ENUMERATED.iter().filter(|row| row.0 == scenario);
    let exact = |&(_, index, unit, value): &(&str, &'static str, &'static str, f64)| Exact {
        window: "all".to_owned(),
        scope: "system".to_owned(),
        index,
        unit,
        value,
    };
    rows.map(exact).collect()
}

/// The estimates of indices under one seed.
pub fn estimates(system: &System, seed: u64, replications: u32, exact: &[Exact]) -> Vec<Estimate> {
    let mut system = system.clone();
    system.seed = seed;
    match Study::of(&system) {
        Study::Grid => simulated::<GridEnsemble>(&system, replications, exact),
        Study::Mining => simulated::<StrainEnsemble>(&system, replications, exact),
    }
}

/// What has an exact value where there is mining. All that `hashfall run` records takes a quarter
/// longer, and changes no bit of these rows: a test compares them.
pub struct StrainEnsemble((Adequacy, Strain));

impl Ensemble for StrainEnsemble {
    fn new(plan: &Plan<'_>) -> Self {
        Self((Adequacy::new(plan), Strain::new(plan)))
    }

    fn layout(plan: &Plan<'_>) -> Layout {
        let mut layout = Layout::default();
        Adequacy::describe(plan, &mut layout);
        Strain::describe(plan, &mut layout);
        layout
    }

    fn series(plan: &Plan<'_>) -> SeriesLayout {
        MiningEnsemble::series(plan)
    }

    fn replicate(
        &mut self,
        replicator: &mut Replicator<'_>,
        replication: u32,
        sink: &mut Sink,
    ) -> Result<Run, EngineError> {
        sink.clear();
        replicator.replicate(replication, &mut self.0, &mut sink.row)
    }
}

/// Which numbers of a row an index is made of.
struct Made<'l> {
    above: &'l Column,
    /// What it is divided by; none: it is a mean.
    below: Option<&'l Column>,
    factor: f64,
    moments: JointMoments,
}

impl<'l> Made<'l> {
    fn of(layout: &'l Layout, exact: &Exact) -> Self {
        let find = |index: &str| {
            let column = layout.find(&exact.window, &exact.scope, index);
            column.unwrap_or_else(|| panic!("{index} is exact, and not simulated"))
        };
        let (above, below, factor) = match exact.index {
            "lold_h" => ("lole_h", Some("lolf"), 1.0),
            "neue_ppm" => ("eue_mwh", Some("demand_mwh"), 1e6),
            "depth_mw" => ("eue_mwh", Some("lole_h"), 1.0),
            index => (index, None, 1.0),
        };
        Self {
            above: find(above),
            below: below.map(find),
            factor,
            moments: JointMoments::default(),
        }
    }

    fn estimate(&self) -> Estimate {
        match self.below {
            None => Estimate::of(&self.moments.x, self.above.scale),
            Some(below) => {
                let scale = self.above.scale / below.scale * self.factor;
                self.moments.ratio(scale)
            }
        }
    }
}

fn simulated<E: Ensemble>(system: &System, replications: u32, exact: &[Exact]) -> Vec<Estimate> {
    let plan = Plan::new(system);
    let layout = E::layout(&plan);
    let mut made: Vec<Made<'_>> = exact.iter().map(|exact| Made::of(&layout, exact)).collect();
    let (mut ensemble, mut replicator) = (E::new(&plan), Replicator::new(&plan));
    let mut sink = Sink::default();
    for replication in 0..replications {
        ensemble
            .replicate(&mut replicator, replication, &mut sink)
            .expect("a replication");
        for made in &mut made {
            let below = made.below.map_or(0, |below| sink.row[below.slot]);
            made.moments.add(sink.row[made.above.slot], below);
        }
    }
    made.iter().map(Made::estimate).collect()
}

//! How much hashrate was truly missing in an event, from what was observed of it. No draws.

use crate::bitcoin::HASHES_AT_DIFFICULTY_1;
use crate::bitcoin::inference::{
    Count, Likelihood, NetworkReading, PoolNuisance, PoolReading, of_counts, of_network, of_pools,
};
use crate::quantity::{MS_PER_DAY, MS_PER_HOUR};
use crate::system::{Baseline, Claim, Inference, System};

/// Share of likelihood and of posterior that the intervals hold.
const SHARE: f64 = 0.95;
/// Blocks an hour, where a network's hashrate was read off blocks.
const BLOCKS_PER_HOUR: f64 = 6.0;
const MS_PER_WEEK: f64 = 7.0 * MS_PER_DAY as f64;

/// What the observations say of the loss: the mean fraction of the world's hashrate that was
/// absent while it was dark.
#[derive(Debug, Clone, PartialEq)]
pub struct MissingHashrate {
    /// Ends of the uniform prior.
    pub prior: (f64, f64),
    /// From the earliest begin of the dark to its latest end, ms since the scenario's start.
    pub span: (i64, i64),
    /// One row an observable.
    pub rows: Vec<MissingRow>,
    /// How well blocks and pools agree; where there are both.
    pub conflict: Option<Conflict>,
    /// Claims whose windows saw nothing of the dark, in words.
    pub unmoved: Vec<String>,
}

/// What an observable is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Observable {
    /// A claim of pools, read as a mean over its window.
    PoolsAsMean,
    /// A claim of pools, read as two instants.
    PoolsAsInstants,
    /// A claim of the network, read off blocks of its window.
    Network,
    /// Counts of blocks by day against a baseline.
    Blocks,
    /// All claims of pools, the manner unknown.
    Pools,
    /// Blocks against the first baseline, and all claims of pools.
    Both,
}

impl Observable {
    /// Its name in tables and JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::PoolsAsMean => "pools_as_mean",
            Self::PoolsAsInstants => "pools_as_instants",
            Self::Network => "network",
            Self::Blocks => "blocks",
            Self::Pools => "pools",
            Self::Both => "both",
        }
    }
}

/// What one observable says; all losses are shares of the world.
#[derive(Debug, Clone, PartialEq)]
pub struct MissingRow {
    /// What it is.
    pub observable: Observable,
    /// In words: the claim, the baseline.
    pub what: String,
    /// The change it shows, a share, if it is one number.
    pub shown: Option<f64>,
    /// The loss that would show exactly that, (lowest, highest) over timelines.
    pub undiluted: Option<(f64, f64)>,
    /// The loss at which the data are likeliest.
    pub likeliest: f64,
    /// 95 % by likelihood; below zero hashrate rose.
    pub likelihood_95: (f64, f64),
    /// Median of the posterior.
    pub posterior_median: f64,
    /// Shortest 95 % of the posterior.
    pub posterior_95: (f64, f64),
}

/// Two measures of the conflict between blocks and pools.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Conflict {
    /// ln of the evidence of one loss behind both over that of a loss for each (Marshall, Rajguru
    /// and Slosar 2006): above 1 they agree, below -1 they do not, below -3 strongly not.
    pub ln_evidence_ratio: f64,
    /// Twice the smaller of the chances that one loss is above the other, each from its own data.
    pub tail_probability: f64,
}

/// What the observations of a system's event say; `None` without a table `[observed.inference]`.
pub fn missing_hashrate(system: &System) -> Option<MissingHashrate> {
    let inference = system.observed.inference.as_ref()?;
    let reader = Reader { system, inference };
    let mut rows = Vec::new();
    let mut unmoved = Vec::new();
    let mut pools = Vec::new();
    for claim in &system.observed.claims {
        if claim.of == "pools" {
            let reading = reader.pool_reading(claim);
            let moves = |shown: &[f64]| shown.iter().any(|&share| share != 0.0);
            let (mean, instants) = (moves(&reading.as_mean), moves(&reading.as_instants));
            if mean {
                rows.push(reader.pool_row(claim, &reading, Observable::PoolsAsMean));
            }
            if instants {
                rows.push(reader.pool_row(claim, &reading, Observable::PoolsAsInstants));
            }
            if mean || instants {
                pools.push(reading);
                continue;
            }
        } else if let Some(row) = reader.network_row(claim) {
            rows.push(row);
            continue;
        }
        unmoved.push(claim.what.clone());
    }
    let mut first_blocks = None;
    for baseline in &inference.baselines {
        let (row, likelihood) = reader.block_row(baseline);
        rows.push(row);
        first_blocks = first_blocks.or(Some(likelihood));
    }
    let pools = (!pools.is_empty()).then(|| {
        let nuisance = reader.nuisance(inference.pools_as_instants);
        of_pools(&pools, &nuisance, inference.timelines.len())
    });
    if let Some(pools) = &pools {
        let what = "pools, mean or instants".to_owned();
        rows.push(reader.row(Observable::Pools, what, pools));
    }
    let conflict = first_blocks.zip(pools).map(|(blocks, pools)| {
        let both = blocks.with(&pools);
        let what = "blocks and pools".to_owned();
        rows.push(reader.row(Observable::Both, what, &both));
        reader.conflict(&blocks, &pools, &both)
    });
    Some(MissingHashrate {
        prior: inference.prior,
        span: inference.span(),
        rows,
        conflict,
        unmoved,
    })
}

struct Reader<'a> {
    system: &'a System,
    inference: &'a Inference,
}

impl Reader<'_> {
    fn timelines(&self) -> usize {
        self.inference.timelines.len()
    }

    fn weights(&self) -> Vec<f64> {
        let timelines = self.inference.timelines.iter();
        timelines.map(|timeline| timeline.weight).collect()
    }

    /// Dark share of a span by timeline.
    fn dark(&self, from: i64, until: i64) -> Vec<f64> {
        let length = (until - from).max(1) as f64;
        let timelines = self.inference.timelines.iter();
        timelines
            .map(|timeline| timeline.dark_ms(from, until) as f64 / length)
            .collect()
    }

    fn nuisance(&self, instants: f64) -> PoolNuisance {
        PoolNuisance {
            instants,
            factors: self.inference.pool_factors.clone(),
            error: self.inference.pool_error,
        }
    }

    fn row(&self, observable: Observable, what: String, likelihood: &Likelihood) -> MissingRow {
        let curve = likelihood.over(&self.weights());
        let posterior = curve.posterior(self.inference.prior);
        MissingRow {
            observable,
            what,
            shown: None,
            undiluted: None,
            likeliest: curve.best(),
            likelihood_95: curve.likelihood_interval_95(),
            posterior_median: posterior.quantile(0.5),
            posterior_95: posterior.shortest(SHARE),
        }
    }

    /// A row with what it shows, and the losses that would show exactly that.
    fn row_showing(&self, row: MissingRow, change: f64, shown: &[f64]) -> MissingRow {
        let losses = shown.iter().filter(|&&share| share > 0.0);
        // More than everything cannot be missing: that timeline does not go with the reading.
        let losses = losses
            .map(|share| -change / share)
            .filter(|&loss| loss <= 1.0);
        let lowest = losses.clone().fold(f64::INFINITY, f64::min);
        let highest = losses.fold(f64::NEG_INFINITY, f64::max);
        MissingRow {
            shown: Some(change),
            undiluted: (lowest <= highest).then_some((lowest, highest)),
            ..row
        }
    }

    /// Compared with a time before any of it, a window shows its own dark hours.
    fn pool_reading(&self, claim: &Claim) -> PoolReading {
        let dark_at = |at: i64| {
            let timelines = self.inference.timelines.iter();
            timelines.map(move |timeline| f64::from(u8::from(timeline.is_dark(at))))
        };
        let instants = dark_at(claim.until).zip(dark_at(claim.from));
        PoolReading {
            change: claim.percent / 100.0,
            as_mean: self.dark(claim.from, claim.until),
            as_instants: instants.map(|(end, begin)| end - begin).collect(),
        }
    }

    fn pool_row(&self, claim: &Claim, reading: &PoolReading, manner: Observable) -> MissingRow {
        let (instants, shown) = match manner {
            Observable::PoolsAsInstants => (1.0, &reading.as_instants),
            _ => (0.0, &reading.as_mean),
        };
        let one = std::slice::from_ref(reading);
        let likelihood = of_pools(one, &self.nuisance(instants), self.timelines());
        let row = self.row(manner, claim.what.clone(), &likelihood);
        self.row_showing(row, reading.change, shown)
    }

    /// `None` where its window saw nothing of the dark.
    fn network_row(&self, claim: &Claim) -> Option<MissingRow> {
        let shown = self.dark(claim.from, claim.until);
        if shown.iter().all(|&share| share == 0.0) {
            return None;
        }
        let hours = (claim.until - claim.from) as f64 / MS_PER_HOUR as f64;
        let reading = NetworkReading {
            change: claim.percent / 100.0,
            blocks: hours * BLOCKS_PER_HOUR,
            shown,
        };
        let likelihood = of_network(&reading, self.timelines());
        let row = self.row(Observable::Network, claim.what.clone(), &likelihood);
        Some(self.row_showing(row, reading.change, &reading.shown))
    }

    /// Days of the baseline and days that were dark, whole.
    fn counts(&self, baseline: &Baseline) -> Vec<Count> {
        let days = self.system.observed.days.iter();
        days.filter(|day| day.difficulty >= 1.0)
            .filter_map(|day| {
                let from = day.unix_ms - self.system.start_unix_ms;
                let until = from + MS_PER_DAY;
                let dark = self.dark(from, until);
                let is_before = from >= baseline.from && until <= baseline.until;
                let is_dark = dark.iter().any(|&share| share > 0.0);
                (is_before || is_dark).then(|| Count {
                    blocks: day.blocks,
                    blocks_per_ehs: 8.64e22 / (day.difficulty * HASHES_AT_DIFFICULTY_1),
                    weeks: (from + MS_PER_DAY / 2) as f64 / MS_PER_WEEK,
                    dark,
                })
            })
            .collect()
    }

    fn block_row(&self, baseline: &Baseline) -> (MissingRow, Likelihood) {
        let counts = self.counts(baseline);
        let growth = self.inference.growth_per_week;
        let likelihood = of_counts(&counts, growth, self.timelines());
        let row = self.row(Observable::Blocks, baseline.name.clone(), &likelihood);
        // Blocks over exposure: the mean hashrate of some days.
        let level = |is_dark: bool| {
            let days = counts
                .iter()
                .filter(|count| count.dark.iter().any(|&share| share > 0.0) == is_dark);
            let (blocks, exposure) = days.fold((0.0, 0.0), |(blocks, exposure), count| {
                (
                    blocks + f64::from(count.blocks),
                    exposure + count.blocks_per_ehs,
                )
            });
            blocks / exposure
        };
        let change = level(true) / level(false) - 1.0;
        let shown = change.is_finite().then_some(change);
        (MissingRow { shown, ..row }, likelihood)
    }

    fn conflict(&self, blocks: &Likelihood, pools: &Likelihood, both: &Likelihood) -> Conflict {
        let weights = self.weights();
        let posterior = |data: &Likelihood| data.over(&weights).posterior(self.inference.prior);
        let (blocks, pools, both) = (posterior(blocks), posterior(pools), posterior(both));
        let above = blocks.exceeds(&pools);
        Conflict {
            ln_evidence_ratio: both.ln_evidence() - blocks.ln_evidence() - pools.ln_evidence(),
            tail_probability: 2.0 * above.min(1.0 - above),
        }
    }
}

//! Named estimators: what somebody reads off blocks or pools, of the model or of the world.

/// A named estimator over the same truth.
#[derive(Debug, Clone, PartialEq)]
pub struct Observer {
    /// Its name.
    pub name: String,
    /// What it reads.
    pub reads: Reads,
}

/// What an observer reads; all times are ms since the scenario's start, and may lie outside of
/// the horizon.
#[derive(Debug, Clone, PartialEq)]
pub enum Reads {
    /// Blocks over a trailing window of some ms, at the end of each.
    Count {
        /// Length of the window, ms.
        window: i64,
        /// Where the windows end.
        at: Vec<i64>,
    },
    /// The time that the last blocks took.
    LastBlocks {
        /// How many.
        blocks: u32,
        /// When.
        at: Vec<i64>,
    },
    /// The change of pools' readings.
    Pools(PoolReader),
    /// Blocks of one span against those of another.
    Change {
        /// The span in question, from and until.
        event: (i64, i64),
        /// The span it is held against.
        against: (i64, i64),
    },
    /// Daily counts with a trend, and an effect during some days.
    Trend {
        /// Whole UTC days that are fitted, from and until.
        fit: (i64, i64),
        /// The event; a day that it takes a part of counts with that part.
        event: (i64, i64),
        /// Powers of time in the trend.
        degree: u32,
    },
}

/// How pools are read.
#[derive(Debug, Clone, PartialEq)]
pub struct PoolReader {
    /// When the later reading is taken.
    pub at: i64,
    /// When the earlier.
    pub against: i64,
    /// Each reading is a mean over so many ms up to then.
    pub window: i64,
    /// Time constant of the exponential smoothing of what pools show, h; 0 for none.
    pub smoothing_h: f64,
    /// Weighted by hashrate, so that the sum is compared; else a plain mean of changes.
    pub weighted: bool,
    /// The pools that are read, by number.
    pub pools: Vec<usize>,
    /// Reported changes that read just this, percent, in the order of the file.
    pub reported_pct: Vec<f64>,
}

impl Observer {
    /// Moments of its series of readings, ms since start; none where it reads one number.
    pub fn readings(&self) -> &[i64] {
        match &self.reads {
            Reads::Count { at, .. } | Reads::LastBlocks { at, .. } => at,
            _ => &[],
        }
    }

    /// Whether it looks at blocks, and not at pools alone.
    pub fn counts_blocks(&self) -> bool {
        !matches!(self.reads, Reads::Pools(_))
    }
}

//! Single shortages of a replication: when, how long, how deep, how much.

use crate::engine::{EngineError, Plan, Recorder, Replicator, View};
use crate::quantity::{Energy, Instant, Power, Span};

/// One shortage, in continuous time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shortage {
    /// Zone; none: the system, which is short when any zone of its own is.
    pub zone: Option<usize>,
    /// Begin.
    pub from: Instant,
    /// End.
    pub until: Instant,
    /// The most that lacked at once.
    pub depth: Power,
    /// Unserved energy.
    pub energy: Energy,
}

impl Shortage {
    /// How long it lasted.
    pub fn duration(&self) -> Span {
        self.until - self.from
    }
}

/// Replays replications for their shortages.
pub struct ShortageTeller<'p> {
    replicator: Replicator<'p>,
    recorder: Shortages,
    row: Vec<i64>,
}

impl<'p> ShortageTeller<'p> {
    /// Room for replications of a plan.
    pub fn new(plan: &'p Plan<'p>) -> Self {
        let own = |zone: &usize| !plan.system.zones[*zone].external;
        let zones: Vec<usize> = (0..plan.system.zones.len()).filter(own).collect();
        Self {
            replicator: Replicator::new(plan),
            recorder: Shortages {
                open: vec![None; zones.len() + 1],
                zones,
                found: Vec::new(),
            },
            row: Vec::new(),
        }
    }

    /// The shortages of a replication, by begin; of one moment the zones before the system.
    ///
    /// # Errors
    /// As [`Replicator::replicate`].
    pub fn tell(&mut self, replication: u32) -> Result<&[Shortage], EngineError> {
        self.row.clear();
        self.replicator
            .replicate(replication, &mut self.recorder, &mut self.row)?;
        Ok(&self.recorder.found)
    }
}

/// The recorder.
#[derive(Debug)]
struct Shortages {
    /// Zones that count.
    zones: Vec<usize>,
    /// The shortage that goes on in each zone, and in the system.
    open: Vec<Option<Shortage>>,
    found: Vec<Shortage>,
}

impl Shortages {
    /// A stretch in which a scope lacks power; where it begins as the last one ended it is the
    /// same shortage.
    fn note(&mut self, scope: usize, from: Instant, until: Instant, lacking: Power) {
        let energy = lacking * (until - from);
        match &mut self.open[scope] {
            Some(open) if open.until == from => {
                open.until = until;
                open.depth = open.depth.max(lacking);
                open.energy += energy;
            }
            open => {
                let next = Shortage {
                    zone: self.zones.get(scope).copied(),
                    from,
                    until,
                    depth: lacking,
                    energy,
                };
                self.found.extend(open.replace(next));
            }
        }
    }
}

impl Recorder for Shortages {
    const STATE: bool = false;

    fn begin(&mut self, _view: View<'_>) {
        self.open.fill(None);
        self.found.clear();
    }

    fn shortage(&mut self, _view: View<'_>, from: Instant, until: Instant, unserved: &[i64]) {
        let mut total = 0;
        for scope in 0..self.zones.len() {
            let lacking = unserved[self.zones[scope]];
            total += lacking;
            if lacking > 0 {
                self.note(scope, from, until, Power(lacking));
            }
        }
        if total > 0 {
            self.note(self.zones.len(), from, until, Power(total));
        }
    }

    fn close(&mut self, _view: View<'_>, _row: &mut Vec<i64>) {
        self.found
            .extend(self.open.iter_mut().filter_map(Option::take));
        self.found
            .sort_by_key(|found| (found.from, found.zone.unwrap_or(usize::MAX)));
    }
}

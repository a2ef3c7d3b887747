//! A study with a sweep, read: the base and every point, all sound before anything runs.

use super::Failure;
use super::options::ScenarioOptions;
use super::scenario::load;
use crate::engine::Plan;
use crate::experiment::identity;
use crate::report::sweep::known_indices;
use crate::report::{BITS, OUTPUT_SCHEMA, SweepRecord, hexadecimal};
use crate::scenario::sweep::{Sweep, Wrong};
use crate::scenario::{Loaded, Mistakes, read};
use crate::store::Identity;
use std::collections::BTreeSet;

/// Mistakes of points that are told one by one.
const MOST_TOLD: usize = 20;

/// A sweep whose points are all sound.
pub(super) struct Study {
    pub options: ScenarioOptions,
    pub loaded: Loaded,
    pub record: SweepRecord,
    /// Overrides of each point; the base has those of the command line.
    pub overrides: Vec<Vec<(String, String)>>,
    /// Identity of each point, the base first.
    pub identities: Vec<Identity>,
}

impl Study {
    /// A point read once more: so that only those of a group are held.
    pub fn point(&self, number: usize) -> Result<Loaded, Failure> {
        read(&self.options.source, &self.overrides[number])
            .map_err(|mistakes| Failure::of_mistakes(&mistakes))
    }
}

/// Reads the base and every point; all must be sound before anything runs. `design` takes the
/// place of the scenario's own.
pub(super) fn study(options: &ScenarioOptions, design: Option<&Sweep>) -> Result<Study, Failure> {
    let loaded = load(options)?;
    let usage = |(wrong, right): Wrong| Failure::Usage(format!("the sweep: {wrong}; {right}"));
    let Some(design) = design.or(loaded.sweep.as_ref()).cloned() else {
        return Err(Failure::Usage(format!(
            "{} has no [sweep] table, and no --param was given; as in --param \
             line.north-south.capacity_mw=1500:2500:100",
            options.typed
        )));
    };
    let points = design.points(loaded.system.seed).map_err(usage)?;
    let known = known_indices(&Plan::new(&loaded.system));
    for name in &design.show {
        if !known.contains(name) {
            return Err(Failure::Usage(format!(
                "the sweep: this scenario has no index {name:?}; there are: {}",
                known.join(", ")
            )));
        }
    }
    let parameters: Vec<String> = design
        .parameters
        .iter()
        .map(|parameter| parameter.path.clone())
        .collect();
    let of = |loaded: &Loaded| identity(&loaded.digest, loaded.system.seed, BITS, OUTPUT_SCHEMA);
    let mut overrides = vec![options.overrides.clone()];
    let (mut identities, mut digests) = (vec![of(&loaded)], vec![hexadecimal(&loaded.digest)]);
    let mut mistakes = Mistaken::default();
    for (number, values) in (1..).zip(&points) {
        let mut of_point = options.overrides.clone();
        of_point.extend(parameters.iter().cloned().zip(values.iter().cloned()));
        match read(&options.source, &of_point) {
            Ok(point) => {
                identities.push(of(&point));
                digests.push(hexadecimal(&point.digest));
            }
            Err(found) => mistakes.add(number, &found),
        }
        overrides.push(of_point);
    }
    mistakes.into_result()?;
    let base = parameters
        .iter()
        .map(|path| loaded.value_at(path).unwrap_or_default())
        .collect();
    let record = SweepRecord {
        design: design.design.name().to_owned(),
        labels: design
            .parameters
            .iter()
            .map(|parameter| parameter.shown().to_owned())
            .collect(),
        parameters,
        show: design.show,
        base,
        points,
        digests,
    };
    Ok(Study {
        options: options.clone(),
        loaded,
        record,
        overrides,
        identities,
    })
}

/// Mistakes of several points: the first point's in full, of the others what is new.
#[derive(Default)]
struct Mistaken {
    first: Option<String>,
    seen: BTreeSet<String>,
    told: Vec<String>,
    points: usize,
}

impl Mistaken {
    fn add(&mut self, point: usize, found: &Mistakes) {
        self.points += 1;
        if self.first.is_none() {
            let colour = super::talk::stderr_takes_colour();
            self.first = Some(format!("point {point}:\n{}", found.render(colour)));
            self.seen.extend(found.iter().map(ToString::to_string));
            return;
        }
        for mistake in found.iter().map(ToString::to_string) {
            if self.seen.insert(mistake.clone()) {
                self.told.push(format!("point {point}: {mistake}"));
            }
        }
    }

    fn into_result(self) -> Result<(), Failure> {
        let Some(mut text) = self.first else {
            return Ok(());
        };
        for line in self.told.iter().take(MOST_TOLD) {
            text += &format!("{line}\n");
        }
        text += &format!("{} points have mistakes; nothing was run\n", self.points);
        Err(Failure::Scenario(text))
    }
}

//! Named estimators: each kind with the keys it needs.

use super::{Context, Names};
use crate::quantity::{MS_PER_DAY, MS_PER_HOUR};
use crate::scenario::mistake::suggestion;
use crate::scenario::raw::{self, ObserverKind, Scenario, Weighting};
use crate::system::{Observed, Observer, PoolReader, Reads};

/// Most readings of one observer.
const MOST_READINGS: usize = 400;
/// How far beyond the horizon an observer may look, days.
const MOST_DAYS_BEYOND: i64 = 400;

/// The observers, by name.
pub(crate) fn observers(
    raw: &Scenario,
    names: &Names,
    observed: &Observed,
    context: &mut Context<'_>,
) -> Vec<Observer> {
    let mut observers = Vec::new();
    if !raw.observer.is_empty() && raw.world.is_none() {
        context.wrong(
            "observer",
            "blocks and pools are those of the whole world",
            "a table [world], with level_ehs",
        );
    }
    if !raw.observer.is_empty() && raw.farm.is_empty() && raw.farms_csv.is_none() {
        context.wrong(
            "observer",
            "without mining in the country there is nothing to observe",
            "at least one [[farm]]",
        );
    }
    for (name, index) in &names.observers.entries {
        let Some(index) = *index else { continue };
        let mut reader = Reader {
            written: &raw.observer[index],
            path: format!("observer[{index}]"),
            context,
        };
        if reader.context.places.any_broken(&reader.path) {
            continue;
        }
        reader.refuse_foreign_keys();
        if let Some(reads) = reader.reads(names, observed) {
            observers.push(Observer {
                name: name.clone(),
                reads,
            });
        }
    }
    observers
}

struct Reader<'r, 'c, 'p> {
    written: &'r raw::Observer,
    path: String,
    context: &'c mut Context<'p>,
}

impl Reader<'_, '_, '_> {
    fn wrong(&mut self, key: &str, wrong: impl Into<String>, right: impl Into<String>) {
        let path = format!("{}.{key}", self.path);
        self.context.wrong(&path, wrong, right);
    }

    /// A key of another kind would be ignored: that is a mistake.
    fn refuse_foreign_keys(&mut self) {
        use ObserverKind::{Change, Count, LastBlocks, Pools, Trend};
        let written = self.written;
        let keys: [(&str, bool, &[ObserverKind]); 12] = [
            ("at", written.at.is_some(), &[Count, LastBlocks, Pools]),
            ("against_at", written.against_at.is_some(), &[Pools]),
            (
                "from",
                written.from.is_some(),
                &[Count, LastBlocks, Change, Trend],
            ),
            (
                "until",
                written.until.is_some(),
                &[Count, LastBlocks, Change, Trend],
            ),
            ("against_from", written.against_from.is_some(), &[Change]),
            ("against_until", written.against_until.is_some(), &[Change]),
            ("fit_from", written.fit_from.is_some(), &[Trend]),
            ("fit_until", written.fit_until.is_some(), &[Trend]),
            ("smoothing_h", written.smoothing_h != 0.0, &[Pools]),
            ("weighting", written.weighting != Weighting::Plain, &[Pools]),
            ("reported", !written.reported.is_empty(), &[Pools]),
            ("pools", written.pools != ["*"], &[Pools]),
        ];
        for (key, given, kinds) in keys {
            if given && !kinds.contains(&written.kind) {
                let right = format!("leave it out, or kind = {}", in_words(kinds));
                let wrong = format!("an observer of this kind has no use for `{key}`");
                self.wrong(key, wrong, right);
            }
        }
    }

    fn reads(&mut self, names: &Names, observed: &Observed) -> Option<Reads> {
        let written = self.written;
        let window = libm::rint(written.window_h * MS_PER_HOUR as f64) as i64;
        match written.kind {
            ObserverKind::Count => {
                let at = self.readings(window)?;
                Some(Reads::Count { window, at })
            }
            ObserverKind::LastBlocks => {
                let at = self.readings(0)?;
                let beyond = at.iter().any(|&at| at < 0 || at > self.context.horizon.0);
                if beyond {
                    self.wrong(
                        "at",
                        "the last blocks are those before a moment of the horizon",
                        "readings within it",
                    );
                }
                Some(Reads::LastBlocks {
                    blocks: written.blocks,
                    at,
                })
            }
            ObserverKind::Pools => self.pools(window, names, observed),
            ObserverKind::Change => {
                let event = self.span(("from", &written.from), ("until", &written.until));
                let against = self.span(
                    ("against_from", &written.against_from),
                    ("against_until", &written.against_until),
                );
                let (event, against) = (event?, against?);
                if event.0 < against.1 && against.0 < event.1 {
                    self.wrong(
                        "against_from",
                        "the two spans overlap",
                        "spans that share no moment: counts of both are taken for independent",
                    );
                }
                Some(Reads::Change { event, against })
            }
            ObserverKind::Trend => {
                let event = self.span(("from", &written.from), ("until", &written.until));
                let fit = self.span(
                    ("fit_from", &written.fit_from),
                    ("fit_until", &written.fit_until),
                );
                let (event, fit) = (event?, fit?);
                let start = self.context.start_unix_ms;
                let midnight = |at: i64| (start + at).rem_euclid(MS_PER_DAY) == 0;
                if !midnight(fit.0) || !midnight(fit.1) {
                    self.wrong(
                        "fit_from",
                        "the days that are fitted are no whole UTC days",
                        "two UTC midnights, as \"2021-12-11T00:00:00Z\"",
                    );
                }
                let days = (fit.1 - fit.0) / MS_PER_DAY;
                if days < i64::from(written.degree) + 3 {
                    self.wrong(
                        "fit_until",
                        format!("{days} days are too few"),
                        "more days than the trend and the effect have coefficients",
                    );
                }
                if event.0 < fit.0 || event.1 > fit.1 {
                    self.wrong(
                        "from",
                        "the event does not lie within the days that are fitted",
                        "days before or after it on which the trend rests",
                    );
                }
                Some(Reads::Trend {
                    fit,
                    event,
                    degree: written.degree,
                })
            }
        }
    }

    fn pools(&mut self, window: i64, names: &Names, observed: &Observed) -> Option<Reads> {
        let written = self.written;
        let at = self.moment("at", &written.at);
        let against = self.moment("against_at", &written.against_at);
        let (at, against) = (at?, against?);
        if against >= at || against < window || at > self.context.horizon.0 {
            self.wrong(
                "against_at",
                "the two readings and their windows do not both lie within the horizon",
                "against_at before at, and `window_h` of the horizon before it",
            );
        }
        let mut pools = Vec::new();
        for (index, pattern) in written.pools.iter().enumerate() {
            let path = format!("{}.pools[{index}]", self.path);
            pools.extend(names.pools.all(pattern, &path, self.context));
        }
        pools.sort_unstable();
        pools.dedup();
        let mut reported_pct = Vec::new();
        for (index, name) in written.reported.iter().enumerate() {
            let before = reported_pct.len();
            let readings = observed.pools.iter();
            reported_pct.extend(
                readings
                    .filter(|reading| reading.pool == *name)
                    .map(|reading| reading.change_pct),
            );
            if reported_pct.len() == before {
                let known = observed.pools.iter().map(|reading| reading.pool.as_str());
                let right = suggestion(name, known);
                self.wrong(
                    &format!("reported[{index}]"),
                    format!("no reading of {name:?} is in `observed.pools_csv`"),
                    right,
                );
            }
        }
        Some(Reads::Pools(PoolReader {
            at,
            against,
            window,
            smoothing_h: written.smoothing_h,
            weighted: written.weighting == Weighting::ByHashrate,
            pools,
            reported_pct,
        }))
    }

    /// The moments of a series: those whose windows end from `from` + window to `until`.
    fn readings(&mut self, window: i64) -> Option<Vec<i64>> {
        let written = self.written;
        if written.at.is_some() {
            if written.from.is_some() || written.until.is_some() {
                self.wrong(
                    "at",
                    "one reading and a series are both asked for",
                    "`at`, or `from` and `until`",
                );
            }
            return Some(vec![self.moment("at", &written.at)?]);
        }
        let every = libm::rint(written.every_h * MS_PER_HOUR as f64) as i64;
        let midnight = (-self.context.start_unix_ms).rem_euclid(MS_PER_DAY);
        let from = match &written.from {
            Some(_) => self.moment("from", &written.from)? + window,
            // The first whole day of the horizon; its readings may look back before the start.
            None => midnight + every.min(MS_PER_DAY),
        };
        let until = match &written.until {
            Some(_) => self.moment("until", &written.until)?,
            None => self.context.horizon.0,
        };
        let count = (until - from).div_euclid(every) + 1;
        if count < 1 {
            self.wrong(
                "until",
                "no reading fits between the first and the last moment",
                "`until` at least `window_h` after `from`",
            );
            return None;
        }
        if count > MOST_READINGS as i64 {
            self.wrong(
                "every_h",
                format!("{count} readings are too many"),
                format!("at most {MOST_READINGS}: a longer step, or a shorter series"),
            );
            return None;
        }
        Some((0..count).map(|index| from + index * every).collect())
    }

    fn span(
        &mut self,
        (from_key, from): (&str, &Option<String>),
        (until_key, until): (&str, &Option<String>),
    ) -> Option<(i64, i64)> {
        let (from, until) = (self.moment(from_key, from), self.moment(until_key, until));
        let (from, until) = (from?, until?);
        if until <= from {
            self.wrong(
                until_key,
                "the end does not come after the begin",
                format!("`{from_key}` before `{until_key}`"),
            );
            return None;
        }
        Some((from, until))
    }

    /// A moment that this kind needs, ms since start.
    fn moment(&mut self, key: &str, written: &Option<String>) -> Option<i64> {
        let Some(text) = written else {
            let kind = in_words(&[self.written.kind]);
            let wrong = format!("an observer of kind {kind} needs `{key}`");
            self.context.wrong(
                &self.path,
                wrong,
                format!("{key} = \"2022-01-05T11:00:00Z\", say"),
            );
            return None;
        };
        let at = self.context.offset(text);
        let beyond = MOST_DAYS_BEYOND * MS_PER_DAY;
        if self.context.horizon_known && !(-beyond..=self.context.horizon.0 + beyond).contains(&at)
        {
            let right = format!("a moment within {MOST_DAYS_BEYOND} days of it");
            self.wrong(key, "lies far outside of the horizon", right);
            return None;
        }
        Some(at)
    }
}

fn in_words(kinds: &[ObserverKind]) -> String {
    let word = |kind: &ObserverKind| match kind {
        ObserverKind::Count => "\"count\"",
        ObserverKind::LastBlocks => "\"last-blocks\"",
        ObserverKind::Pools => "\"pools\"",
        ObserverKind::Change => "\"change\"",
        ObserverKind::Trend => "\"trend\"",
    };
    kinds.iter().map(word).collect::<Vec<_>>().join(" or ")
}

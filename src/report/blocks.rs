//! What counted blocks say of a span of days: exact comparisons of observed counts.

use super::chart::spoken;
use crate::quantity::{MS_PER_DAY, MS_PER_HOUR};
use crate::stats::{RateRatio, rate_ratio_95};
use crate::system::ObservedDay;

/// A run of observed UTC days.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Days<'a> {
    days: &'a [ObservedDay],
}

impl<'a> Days<'a> {
    /// The observed days from one to another moment, Unix ms, that lie in the span by at least
    /// half; of a span that holds half of no day, the day it touches most. None where a day in
    /// between was not observed.
    pub(super) fn nearest(all: &'a [ObservedDay], from: i64, until: i64) -> Option<Self> {
        let shared = |day: i64| (until.min(day + MS_PER_DAY) - from.max(day)).max(0);
        let first = from.div_euclid(MS_PER_DAY) * MS_PER_DAY;
        let touched = (0..)
            .map(|index| first + index * MS_PER_DAY)
            .take_while(|&day| day < until);
        let touched: Vec<i64> = touched.collect();
        let mut chosen: Vec<i64> = touched
            .iter()
            .copied()
            .filter(|&day| 2 * shared(day) >= MS_PER_DAY)
            .collect();
        if chosen.is_empty() {
            let most = touched.into_iter().max_by_key(|&day| (shared(day), -day))?;
            chosen.push(most);
        }
        Self::whole(all, *chosen.first()?, chosen.last()? + MS_PER_DAY)
    }

    /// The observed days that fill a span exactly; none where one of them was not observed.
    pub(super) fn whole(all: &'a [ObservedDay], from: i64, until: i64) -> Option<Self> {
        let begin = all.partition_point(|day| day.unix_ms < from);
        let end = all.partition_point(|day| day.unix_ms < until);
        let days = all.get(begin..end)?;
        let wanted = (until - from) / MS_PER_DAY;
        (wanted > 0 && days.len() as i64 == wanted).then_some(Self { days })
    }

    /// Begin of the first day, Unix ms.
    pub(super) fn from(&self) -> i64 {
        self.days.first().map_or(0, |day| day.unix_ms)
    }

    /// Blocks found.
    pub(super) fn blocks(&self) -> u64 {
        self.days.iter().map(|day| u64::from(day.blocks)).sum()
    }

    /// Blocks expected for each unit of hashrate: the sum of 1 / difficulty.
    fn exposure(&self) -> f64 {
        self.days.iter().map(|day| 1.0 / day.difficulty).sum()
    }

    /// "5–9 Jan", "22 Dec–4 Jan", "10 Jan".
    pub(super) fn in_words(&self) -> String {
        let Some((first, last)) = self.days.first().zip(self.days.last()) else {
            return "no days".to_owned();
        };
        // A date is that of its noon; the hour is cut off.
        let date = |day: &ObservedDay| {
            let words = spoken(day.unix_ms + 12 * MS_PER_HOUR);
            words
                .rsplit_once(' ')
                .map_or(words.clone(), |(date, _)| date.to_owned())
        };
        let (from, until) = (date(first), date(last));
        if from == until {
            return from;
        }
        let month = |date: &str| date.split_once(' ').map(|(_, month)| month.to_owned());
        match from.split_once(' ') {
            Some((day, _)) if month(&from) == month(&until) => format!("{day}–{until}"),
            _ => format!("{from}–{until}"),
        }
    }

    /// Their hashrate against that of other days, with the exact 95 % interval of two Poisson
    /// rates, each day weighted by its difficulty.
    pub(super) fn against(&self, before: &Self) -> Option<RateRatio> {
        let first = (before.blocks(), before.exposure());
        rate_ratio_95(first, (self.blocks(), self.exposure()))
    }
}

/// A ratio's change in percent: lower end, estimate, upper end.
pub(super) fn change_percent(ratio: RateRatio) -> (f64, f64, f64) {
    let percent = |ratio: f64| 100.0 * (ratio - 1.0);
    (
        percent(ratio.lower_95),
        percent(ratio.ratio),
        percent(ratio.upper_95),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1 January 2022, and blocks of single days from there on.
    const START: i64 = 1_640_995_200_000;

    fn days(blocks: &[u32]) -> Vec<ObservedDay> {
        let day = |(index, &blocks): (usize, &u32)| ObservedDay {
            unix_ms: START + index as i64 * MS_PER_DAY,
            blocks,
            difficulty: 2e13,
            ehs: (0.0, 0.0, 0.0),
        };
        blocks.iter().enumerate().map(day).collect()
    }

    #[test]
    fn a_span_takes_the_days_it_holds_half_of() {
        let all = days(&[1; 12]);
        let hours = |from: i64, until: i64| {
            let at = |hour: i64| START + hour * MS_PER_HOUR;
            Days::nearest(&all, at(from), at(until)).map(|days| days.in_words())
        };
        // 5 January 10:30 to 10 January 02:00, in whole hours.
        assert_eq!(hours(4 * 24 + 10, 9 * 24 + 2).as_deref(), Some("5–9 Jan"));
        assert_eq!(hours(4 * 24 + 6, 5 * 24 + 6).as_deref(), Some("5 Jan"));
        assert_eq!(hours(4 * 24 + 12, 5 * 24 + 12).as_deref(), Some("5–6 Jan"));
        assert_eq!(hours(4 * 24 + 12, 4 * 24 + 18).as_deref(), Some("5 Jan"));
        assert_eq!(hours(11 * 24, 13 * 24), None);
        assert_eq!(hours(-48, -24), None);
    }

    #[test]
    fn days_of_two_months_name_both() {
        let all = days(&[1; 40]);
        let span = Days::whole(&all, START + 29 * MS_PER_DAY, START + 33 * MS_PER_DAY);
        assert_eq!(
            span.map(|days| days.in_words()).as_deref(),
            Some("30 Jan–2 Feb")
        );
    }

    /// Twice the difficulty halves the blocks of an equal hashrate.
    #[test]
    fn difficulty_is_taken_off() {
        let mut all = days(&[144, 144, 72, 72]);
        for day in &mut all[2..] {
            day.difficulty *= 2.0;
        }
        let before = Days::whole(&all, START, START + 2 * MS_PER_DAY).unwrap();
        let after = Days::whole(&all, START + 2 * MS_PER_DAY, START + 4 * MS_PER_DAY).unwrap();
        let ratio = after.against(&before).unwrap();
        assert!((ratio.ratio - 1.0).abs() < 1e-12);
        assert!(ratio.lower_95 < 1.0 && ratio.upper_95 > 1.0);
    }
}

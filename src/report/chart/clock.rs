//! Time on paper: RFC 3339 in tables, days and hours in two zones under a chart.

use super::ink::SMALL_PT;
use super::lettering::{Weight, width_pt};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

const MS_PER_HOUR: i64 = 3_600_000;
const MS_PER_DAY: i64 = 24 * MS_PER_HOUR;

/// A second clock beside UTC, for readers who were there.
#[derive(Debug, Clone)]
pub struct LocalClock {
    /// Minutes ahead of UTC: 360 for UTC+6.
    pub offset_minutes: i32,
    /// Short name of the row: "UTC+6", "Almaty". A long one is spelled out on a line of its own.
    pub label: String,
}

/// A time in RFC 3339, UTC: `2022-01-05T10:30:00Z`. Times beyond the year 9999 are held there.
pub fn rfc3339(unix_ms: i64) -> String {
    stamp(unix_ms).to_string()
}

fn stamp(unix_ms: i64) -> Timestamp {
    let far = if unix_ms < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    };
    Timestamp::from_millisecond(unix_ms).unwrap_or(far)
}

fn civil(unix_ms: i64) -> DateTime {
    Offset::UTC.to_datetime(stamp(unix_ms))
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

fn month_name(date: DateTime) -> &'static str {
    MONTHS
        .get(usize::from(date.month().unsigned_abs()).saturating_sub(1))
        .copied()
        .unwrap_or("")
}

/// A time as a reader says it: "5 Jan 10:30", midnight as "7 Jan".
pub(crate) fn spoken(unix_ms: i64) -> String {
    let date = civil(unix_ms);
    if date.hour() == 0 && date.minute() == 0 {
        format!("{} {}", date.day(), month_name(date))
    } else {
        format!(
            "{} {} {:02}:{:02}",
            date.day(),
            month_name(date),
            date.hour(),
            date.minute()
        )
    }
}

/// From one time to another, with the year: "1 Jan to 22 Jan 2022 UTC", "1 Jan 2020 to 1 Jan 2021
/// UTC", "5 Jan 10:30 to 10 Jan 2022 02:00 UTC".
pub(crate) fn spoken_span(from_ms: i64, until_ms: i64) -> String {
    let (from, until) = (civil(from_ms).year(), civil(until_ms).year());
    let with_year = |unix_ms: i64, year: i16| {
        let words = spoken(unix_ms);
        match words.match_indices(' ').nth(1) {
            Some((end, _)) => format!("{} {year}{}", &words[..end], &words[end..]),
            None => format!("{words} {year}"),
        }
    };
    let begin = if from == until {
        spoken(from_ms)
    } else {
        with_year(from_ms, from)
    };
    format!("{begin} to {} UTC", with_year(until_ms, until))
}

/// A mark on a time axis: its time (UTC, Unix ms) and its words.
pub(crate) type TimeTick = (i64, String);

/// The centre of something `half` wide to each side, moved so that it stays between two borders.
pub(crate) fn held(centre: f64, half: f64, left: f64, right: f64) -> f64 {
    centre.min(right - half).max(left + half)
}

/// How far apart ticks stand.
#[derive(Clone, Copy)]
enum Step {
    Hours(i64),
    Days(i64),
    Months(i64),
}

const STEPS: [Step; 18] = [
    Step::Hours(1),
    Step::Hours(2),
    Step::Hours(3),
    Step::Hours(6),
    Step::Hours(12),
    Step::Days(1),
    Step::Days(2),
    Step::Days(3),
    Step::Days(7),
    Step::Days(14),
    Step::Months(1),
    Step::Months(2),
    Step::Months(3),
    Step::Months(6),
    Step::Months(12),
    Step::Months(24),
    Step::Months(60),
    Step::Months(120),
];

/// The densest ticks between two times, in the same steps on every clock (minutes ahead of UTC),
/// whose words neither touch nor leave an axis of `width` points.
pub(crate) fn ticks(from: i64, to: i64, clocks: &[i32], width: f64) -> Vec<Vec<TimeTick>> {
    let span = (to - from).max(1) as f64;
    let place = |at: i64| (at - from) as f64 / span * width;
    for step in STEPS {
        // Far more ticks than a page holds are not worth making.
        if (to - from) / step.shortest_ms() > 40 {
            continue;
        }
        let rows: Vec<Vec<TimeTick>> = clocks
            .iter()
            .map(|minutes| {
                let ahead = i64::from(*minutes) * 60_000;
                let local = marks(from + ahead, to + ahead, from, step);
                local
                    .into_iter()
                    .map(|(at, words)| (at - ahead, words))
                    .collect()
            })
            .collect();
        if rows
            .iter()
            .all(|row| !row.is_empty() && apart(row, &place, width))
        {
            return rows;
        }
    }
    clocks
        .iter()
        .map(|minutes| vec![(from, spoken(from + i64::from(*minutes) * 60_000))])
        .collect()
}

/// Whether the words of a row stand clear of each other.
fn apart(row: &[TimeTick], place: &dyn Fn(i64) -> f64, width: f64) -> bool {
    let mut right = f64::NEG_INFINITY;
    row.iter().all(|(at, words)| {
        let half = width_pt(words, SMALL_PT, Weight::Regular) / 2.0;
        let centre = held(place(*at), half, 0.0, width);
        let clear = centre - half >= right;
        right = centre + half + 5.0;
        clear
    })
}

impl Step {
    fn shortest_ms(self) -> i64 {
        match self {
            Step::Hours(n) => n * MS_PER_HOUR,
            Step::Days(n) => n * MS_PER_DAY,
            Step::Months(n) => n * 28 * MS_PER_DAY,
        }
    }
}

/// The first whole multiple of `step` at or after a time, counted in steps.
fn first_at(from: i64, step: i64) -> i64 {
    from.div_euclid(step) + i64::from(from.rem_euclid(step) > 0)
}

/// Ticks on a local clock (its own "Unix ms") of one step. Days are counted from the first
/// midnight after `origin`, so that the rows of several clocks name the same days.
fn marks(from: i64, to: i64, origin: i64, step: Step) -> Vec<TimeTick> {
    match step {
        Step::Hours(hours) => {
            let step = hours * MS_PER_HOUR;
            (first_at(from, step)..=to.div_euclid(step))
                .map(|index| index * step)
                .map(|at| {
                    let midnight = at.rem_euclid(MS_PER_DAY) == 0;
                    let hour = format!("{:02}:00", civil(at).hour());
                    (at, if midnight { spoken(at) } else { hour })
                })
                .collect()
        }
        Step::Days(days) => {
            let anchor = first_at(origin, MS_PER_DAY);
            let mut named = 0;
            (first_at(from, MS_PER_DAY)..=to.div_euclid(MS_PER_DAY))
                .filter(|day| (day - anchor).rem_euclid(days) == 0)
                .map(|day| {
                    let at = day * MS_PER_DAY;
                    let month = civil(at).month();
                    let again = std::mem::replace(&mut named, month) == month;
                    (
                        at,
                        if again {
                            civil(at).day().to_string()
                        } else {
                            spoken(at)
                        },
                    )
                })
                .collect()
        }
        Step::Months(months) => months_between(from, to, months),
    }
}

/// Firsts of every so many months, counted from January; years are named once.
fn months_between(from: i64, to: i64, months: i64) -> Vec<TimeTick> {
    let start = civil(from);
    let mut index = i64::from(start.year()) * 12 + i64::from(start.month()) - 1;
    let mut marks = Vec::new();
    let mut named = None;
    while let Some(at) = first_of_month(index).filter(|at| *at <= to) {
        let (year, month) = (index.div_euclid(12), index.rem_euclid(12));
        if at >= from && index.rem_euclid(months) == 0 {
            let name = MONTHS[usize::try_from(month).unwrap_or(0)];
            let again = named.replace(year) == Some(year);
            let words = match (again, months >= 12) {
                (true, _) => name.to_owned(),
                (false, true) => year.to_string(),
                (false, false) => format!("{name} {year}"),
            };
            marks.push((at, words));
        }
        index += 1;
    }
    marks
}

/// Midnight of the first of a month, counted in months from January of the year 0.
fn first_of_month(index: i64) -> Option<i64> {
    let year = i16::try_from(index.div_euclid(12)).ok()?;
    let month = i8::try_from(index.rem_euclid(12) + 1).ok()?;
    let date = jiff::civil::Date::new(year, month, 1).ok()?;
    Some(
        Offset::UTC
            .to_timestamp(date.at(0, 0, 0, 0))
            .ok()?
            .as_millisecond(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2022-01-05T10:30:00Z.
    const CUT: i64 = 1_641_378_600_000;

    #[test]
    fn spans_name_the_year_once_where_there_is_one() {
        let day = 86_400_000;
        let year_2022 = 1_640_995_200_000;
        assert_eq!(
            spoken_span(year_2022, year_2022 + 21 * day),
            "1 Jan to 22 Jan 2022 UTC"
        );
        assert_eq!(
            spoken_span(year_2022, year_2022 + 365 * day),
            "1 Jan 2022 to 1 Jan 2023 UTC"
        );
        let (from, until) = (year_2022 + day / 2, year_2022 + 9 * day + day / 12);
        assert_eq!(
            spoken_span(from, until),
            "1 Jan 12:00 to 10 Jan 2022 02:00 UTC"
        );
    }

    #[test]
    fn times_are_written_as_rfc_3339() {
        assert_eq!(rfc3339(CUT), "2022-01-05T10:30:00Z");
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00Z");
        assert_eq!(spoken(CUT), "5 Jan 10:30");
        assert!(rfc3339(i64::MAX).starts_with("9999-"));
    }

    #[test]
    fn ticks_stand_on_local_midnights_and_fit() {
        let midnight = CUT - CUT.rem_euclid(MS_PER_DAY);
        for (days, offset) in [(1, 0), (1, 360), (22, 0), (22, 360), (365, 330), (3650, 0)] {
            let end = midnight + days * MS_PER_DAY;
            let rows = ticks(midnight, end, &[0, offset], 220.0);
            assert_eq!(rows.len(), 2);
            for (row, ahead) in rows.iter().zip([0, i64::from(offset) * 60_000]) {
                assert!(row.len() >= 3, "{days} {row:?}");
                assert!(row.iter().all(|(at, _)| (midnight..=end).contains(at)));
                if days == 22 {
                    assert!(
                        row.iter()
                            .all(|(at, _)| (at + ahead).rem_euclid(MS_PER_DAY) == 0)
                    );
                }
            }
        }
        // Both clocks name the same days, six hours apart.
        let rows = ticks(midnight, midnight + 22 * MS_PER_DAY, &[0, 360], 220.0);
        assert!(
            rows[1]
                .iter()
                .all(|(at, _)| rows[0].iter().any(|(utc, _)| utc - at == 6 * MS_PER_HOUR))
        );
        assert_eq!(ticks(CUT, CUT + 1, &[0], 220.0)[0].len(), 1);
    }
}

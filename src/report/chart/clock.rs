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
    /// Short name of the row, such as "UTC+6" or "Almaty".
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

const STEPS: [Step; 16] = [
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
    Step::Months(120),
];

/// The densest ticks between two times whose words do not touch on a clock `offset_minutes`
/// ahead of UTC, and that keep within the axis of `width` points.
pub(crate) fn ticks(from: i64, to: i64, offset_minutes: i32, width: f64) -> Vec<TimeTick> {
    let offset = i64::from(offset_minutes) * 60_000;
    let span = (to - from).max(1) as f64;
    let mut best = Vec::new();
    for step in STEPS {
        // Far more ticks than a page holds are not worth making.
        let step_ms = match step {
            Step::Hours(n) => n * MS_PER_HOUR,
            Step::Days(n) => n * MS_PER_DAY,
            Step::Months(n) => n * 28 * MS_PER_DAY,
        };
        if (to - from) / step_ms > 40 {
            continue;
        }
        let marks = marks(from + offset, to + offset, step);
        let mut right = f64::NEG_INFINITY;
        let mut fits = true;
        for (at, words) in &marks {
            let half = width_pt(words, SMALL_PT, Weight::Regular) / 2.0;
            let centre = held((at - offset - from) as f64 / span * width, half, 0.0, width);
            fits &= centre - half >= right;
            right = centre + half + 5.0;
        }
        if fits && !marks.is_empty() {
            best = marks
                .into_iter()
                .map(|(at, words)| (at - offset, words))
                .collect();
            break;
        }
    }
    if best.is_empty() {
        best.push((from, spoken(from + offset)));
    }
    best
}

/// Ticks on a local clock (its own "Unix ms") of one step.
fn marks(from: i64, to: i64, step: Step) -> Vec<TimeTick> {
    match step {
        Step::Hours(hours) => {
            let step = hours * MS_PER_HOUR;
            let first = from.div_euclid(step) + i64::from(from.rem_euclid(step) > 0);
            (first..=to.div_euclid(step))
                .map(|index| index * step)
                .map(|at| {
                    let date = civil(at);
                    let midnight = at.rem_euclid(MS_PER_DAY) == 0;
                    let hour = format!("{:02}:00", date.hour());
                    (at, if midnight { spoken(at) } else { hour })
                })
                .collect()
        }
        Step::Days(days) => {
            let first = from.div_euclid(MS_PER_DAY) + i64::from(from.rem_euclid(MS_PER_DAY) > 0);
            let mut named = 0;
            (first..=to.div_euclid(MS_PER_DAY))
                .step_by(usize::try_from(days).unwrap_or(1))
                .map(|day| {
                    let date = civil(day * MS_PER_DAY);
                    let words = if named == date.month() {
                        date.day().to_string()
                    } else {
                        spoken(day * MS_PER_DAY)
                    };
                    named = date.month();
                    (day * MS_PER_DAY, words)
                })
                .collect()
        }
        Step::Months(months) => {
            let start = civil(from);
            let mut index = i64::from(start.year()) * 12 + i64::from(start.month()) - 1;
            let mut marks = Vec::new();
            let mut named = None;
            loop {
                let (year, month) = (index.div_euclid(12), index.rem_euclid(12));
                let date = jiff::civil::Date::new(
                    i16::try_from(year).unwrap_or(i16::MAX),
                    i8::try_from(month + 1).unwrap_or(1),
                    1,
                );
                let at = date
                    .ok()
                    .and_then(|date| Offset::UTC.to_timestamp(date.at(0, 0, 0, 0)).ok())
                    .map(Timestamp::as_millisecond);
                let Some(at) = at.filter(|at| *at <= to) else {
                    break;
                };
                if at >= from && month % months.min(12) == 0 && year % (months / 12).max(1) == 0 {
                    let name = MONTHS[usize::try_from(month).unwrap_or(0)];
                    let words = if named == Some(year) {
                        name.to_owned()
                    } else if months >= 12 {
                        year.to_string()
                    } else {
                        format!("{name} {year}")
                    };
                    named = Some(year);
                    marks.push((at, words));
                }
                index += 1;
            }
            marks
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2022-01-05T10:30:00Z.
    const CUT: i64 = 1_641_378_600_000;

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
            let ticks = ticks(midnight, end, offset, 220.0);
            assert!(ticks.len() >= 2, "{days} {ticks:?}");
            assert!(ticks.iter().all(|(at, _)| (midnight..=end).contains(at)));
            if days == 22 {
                let phase = (i64::from(offset) * 60_000).rem_euclid(MS_PER_DAY);
                assert!(
                    ticks
                        .iter()
                        .all(|(at, _)| (at + phase).rem_euclid(MS_PER_DAY) == 0)
                );
            }
        }
        assert_eq!(ticks(CUT, CUT + 1, 0, 220.0).len(), 1);
    }
}

//! Named time zones, from the database that is part of the program: the same on every machine.

use super::mistake::suggestion;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};

/// A time zone by its name in the IANA database; what would be right where there is none.
pub(crate) fn named(name: &str) -> Result<TimeZone, String> {
    let database = TimeZoneDatabase::bundled();
    database.get(name).map_err(|_| {
        let known: Vec<String> = database.available().map(|name| name.to_string()).collect();
        match suggestion(name, known.iter().map(String::as_str)) {
            near if near.starts_with("did you mean") => near,
            _ => "a name of the IANA database, as \"Asia/Almaty\"".to_owned(),
        }
    })
}

/// A zone's clock between two instants (ms since 1970): minutes ahead of UTC at the first, and
/// every later (instant, minutes) at which that changes.
pub(crate) fn offsets(zone: &TimeZone, from_ms: i64, until_ms: i64) -> (i32, Vec<(i64, i32)>) {
    let Ok(from) = Timestamp::from_millisecond(from_ms) else {
        return (0, Vec::new());
    };
    let minutes = |seconds: i32| seconds.div_euclid(60);
    let first = minutes(zone.to_offset(from).seconds());
    let mut changes: Vec<(i64, i32)> = zone
        .following(from)
        .map(|change| (change.timestamp().as_millisecond(), change.offset()))
        .take_while(|&(at, _)| at < until_ms)
        .map(|(at, offset)| (at, minutes(offset.seconds())))
        .collect();
    // What changed may have been a name alone.
    let mut before = first;
    changes.retain(|&(_, now)| std::mem::replace(&mut before, now) != now);
    (first, changes)
}

/// Milliseconds since 1970 of a local time without offset; of a time that the clock shows twice
/// the later where that is `expected`, else the earlier.
pub(crate) fn local(text: &str, zone: &TimeZone, expected: Option<i64>) -> Result<i64, String> {
    let written: DateTime = text
        .parse()
        .map_err(|_| format!("{text:?} is not a local time"))?;
    let meant = zone.to_ambiguous_timestamp(written);
    let is_skipped = matches!(meant.offset(), AmbiguousOffset::Gap { .. });
    let earlier = meant.earlier();
    let later = zone.to_ambiguous_timestamp(written).later();
    match (is_skipped, earlier, later) {
        (true, ..) => Err(format!("{text:?} does not exist: the clock skips it")),
        (_, Ok(_), Ok(later)) if Some(later.as_millisecond()) == expected => {
            Ok(later.as_millisecond())
        }
        (_, Ok(earlier), _) => Ok(earlier.as_millisecond()),
        _ => Err(format!("{text:?} is out of range")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::time::instant;
    use super::*;

    fn at(text: &str) -> i64 {
        instant(text).unwrap()
    }

    #[test]
    fn clocks_change_when_they_did() {
        // Two zones of Kazakhstan became one on 1 March 2024.
        let almaty = named("Asia/Almaty").unwrap();
        let year = (at("2024-01-01T00:00:00Z"), at("2025-01-01T00:00:00Z"));
        let moved = at("2024-02-29T18:00:00Z");
        assert_eq!(offsets(&almaty, year.0, year.1), (360, vec![(moved, 300)]));
        let aktau = named("Asia/Aqtau").unwrap();
        assert_eq!(offsets(&aktau, year.0, year.1), (300, vec![]));
        let berlin = named("Europe/Berlin").unwrap();
        let (winter, changes) = offsets(&berlin, year.0, year.1);
        let (summer, back) = (at("2024-03-31T01:00:00Z"), at("2024-10-27T01:00:00Z"));
        assert_eq!((winter, changes), (60, vec![(summer, 120), (back, 60)]));
    }

    #[test]
    fn hours_that_come_twice_or_never_are_told_apart() {
        let berlin = named("Europe/Berlin").unwrap();
        let hour = |text, expected| local(text, &berlin, expected);
        assert_eq!(
            hour("2024-07-01T12:00", None),
            Ok(at("2024-07-01T10:00:00Z"))
        );
        assert_eq!(
            hour("2024-07-01 12:00:00", None),
            Ok(at("2024-07-01T10:00:00Z"))
        );
        let (first, second) = (at("2024-10-27T00:00:00Z"), at("2024-10-27T01:00:00Z"));
        assert_eq!(hour("2024-10-27T02:00", Some(first)), Ok(first));
        assert_eq!(hour("2024-10-27T02:00", Some(second)), Ok(second));
        assert!(hour("2024-03-31T02:00", None).is_err_and(|wrong| wrong.contains("skips it")));
        assert!(hour("soon", None).is_err());
    }

    #[test]
    fn a_wrong_name_is_answered_with_a_near_one() {
        assert!(named("Asia/Almatty").is_err_and(|right| right.contains("`Asia/Almaty`")));
        assert!(named("Middle of the sea").is_err_and(|right| right.contains("IANA")));
    }
}

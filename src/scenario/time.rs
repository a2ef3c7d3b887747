//! Points in time as written: RFC 3339 with an offset, or a date.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

/// What a right time looks like.
pub(crate) const RIGHT: &str =
    "RFC 3339 with an offset, as \"2022-01-05T10:45:00Z\" or \"2022-01-05T16:45:00+06:00\"";

/// Milliseconds since 1970 of an RFC 3339 time; what is wrong with it otherwise.
pub(crate) fn instant(text: &str) -> Result<i64, String> {
    if let Ok(timestamp) = text.parse::<Timestamp>() {
        return Ok(timestamp.as_millisecond());
    }
    if text.parse::<DateTime>().is_ok() || text.parse::<Date>().is_ok() {
        return Err(format!("{text:?} is a local time without offset"));
    }
    Err(format!("{text:?} is not a point in time"))
}

/// Milliseconds since 1970 of the begin of a UTC day (YYYY-MM-DD), or of an RFC 3339 time.
pub(crate) fn date_or_instant(text: &str) -> Result<i64, String> {
    if let Ok(timestamp) = text.parse::<Timestamp>() {
        return Ok(timestamp.as_millisecond());
    }
    match text.parse::<Date>() {
        Ok(date) if text.len() == 10 => match date.to_zoned(jiff::tz::TimeZone::UTC) {
            Ok(midnight) => Ok(midnight.timestamp().as_millisecond()),
            Err(_) => Err(format!("{text:?} is out of range")),
        },
        _ => Err(format!(
            "{text:?} is neither a date (YYYY-MM-DD) nor a time with an offset"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_count_and_their_absence_is_named() {
        assert_eq!(instant("1970-01-01T06:00:00+06:00"), Ok(0));
        assert_eq!(instant("1970-01-01T00:01Z"), Ok(60_000));
        assert!(
            instant("2022-01-05T10:45:00").is_err_and(|wrong| wrong.contains("without offset"))
        );
        assert!(instant("soon").is_err());
        assert!(instant("2022-13-05T10:45:00Z").is_err());
    }

    #[test]
    fn dates_begin_their_day() {
        assert_eq!(date_or_instant("1970-01-02"), Ok(86_400_000));
        assert_eq!(
            date_or_instant("2022-01-04"),
            instant("2022-01-04T00:00:00Z")
        );
        assert!(date_or_instant("2022-01").is_err());
    }
}

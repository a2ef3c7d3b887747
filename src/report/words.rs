//! From intervals to words: the rules by which a sentence may claim something.
//!
//! A change is said to have happened only where its whole interval, as printed, lies on one side
//! of zero. Everything else is "cannot be told from no change". No sentence is stronger than
//! the digits beside it.

use super::numerals::{digits_for, digits_of, number, signed};

/// What an interval of a change allows one to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// The whole interval lies below zero.
    Fell,
    /// The whole interval lies above zero.
    Rose,
    /// The interval holds zero.
    CannotTell,
    /// There is no interval: an end is not a number.
    NoEvidence,
}

/// The direction of a change by its interval as it will be printed, so that "fell by 0.0" cannot
/// be said. Ends may come in either order.
pub fn direction(low: f64, high: f64) -> Direction {
    if !low.is_finite() || !high.is_finite() {
        return Direction::NoEvidence;
    }
    let (low, high) = (low.min(high), low.max(high));
    let smallest = libm::pow(10.0, -(change_digits(low, high) as f64)) / 2.0;
    if high <= -smallest {
        Direction::Fell
    } else if low >= smallest {
        Direction::Rose
    } else {
        Direction::CannotTell
    }
}

/// A change in percent with its interval, in words without a subject:
/// "fell by 25.6 % (19.3 to 31.3 %)".
pub fn change_in_words(low: f64, mid: f64, high: f64) -> String {
    let (low, high) = if low <= high {
        (low, high)
    } else {
        (high, low)
    };
    let digits = change_digits(low, high);
    let size = |value: f64| number(value.abs(), digits);
    let middle = |verb: &str| {
        if mid.is_finite() {
            format!("{verb} by {} %", size(mid))
        } else {
            verb.to_owned()
        }
    };
    match direction(low, high) {
        Direction::Fell => format!("{} ({} to {} %)", middle("fell"), size(high), size(low)),
        Direction::Rose => format!("{} ({} to {} %)", middle("rose"), size(low), size(high)),
        Direction::CannotTell => format!(
            "cannot be told from no change: anything from {} to {} % fits",
            signed(low, digits),
            signed(high, digits)
        ),
        Direction::NoEvidence => "cannot be estimated from this evidence".to_owned(),
    }
}

/// The least that an interval of a fall supports: "fell by at least 21.9 %"; where it holds zero,
/// the most that can be ruled out: "a fall of more than 13.4 % can be ruled out".
pub fn at_least_in_words(low: f64, high: f64) -> String {
    let (low, high) = if low <= high {
        (low, high)
    } else {
        (high, low)
    };
    let digits = change_digits(low, high);
    let size = |value: f64| number(value.abs(), digits);
    match direction(low, high) {
        Direction::Fell => format!("fell by at least {} %", size(high)),
        Direction::Rose => format!("rose by at least {} %", size(low)),
        Direction::CannotTell if low < 0.0 => {
            format!(
                "may not have fallen at all; a fall of more than {} % can be ruled out",
                size(low)
            )
        }
        Direction::CannotTell => "did not fall".to_owned(),
        Direction::NoEvidence => "cannot be estimated from this evidence".to_owned(),
    }
}

/// How a claimed number stands to an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Within the interval.
    Fits,
    /// Further from zero than the whole interval.
    Overstates,
    /// Nearer to zero than the whole interval.
    Understates,
    /// Of the other sign than the whole interval.
    Contradicts,
    /// There is no interval or no claim.
    NoEvidence,
}

/// Judges a claimed change by an interval, ends included.
pub fn verdict(claim: f64, low: f64, high: f64) -> Verdict {
    if ![claim, low, high].iter().all(|value| value.is_finite()) {
        return Verdict::NoEvidence;
    }
    let (low, high) = (low.min(high), low.max(high));
    if (low..=high).contains(&claim) {
        Verdict::Fits
    } else if (low > 0.0 && claim < 0.0) || (high < 0.0 && claim > 0.0) {
        Verdict::Contradicts
    } else if claim < low && low <= 0.0 || claim > high && high >= 0.0 {
        Verdict::Overstates
    } else {
        Verdict::Understates
    }
}

/// A claimed change beside an interval in words: "a change of −10.0 % fits the interval (−13.4 to
/// +1.1 %), and so does no change".
pub fn claim_in_words(claim: f64, low: f64, high: f64) -> String {
    let (low, high) = if low <= high {
        (low, high)
    } else {
        (high, low)
    };
    let digits = change_digits(low, high);
    let claimed = signed(claim, if claim == libm::rint(claim) { 0 } else { 1 });
    let interval = format!("({} to {} %)", signed(low, digits), signed(high, digits));
    match verdict(claim, low, high) {
        Verdict::Fits if low <= 0.0 && high >= 0.0 => {
            format!("a change of {claimed} % fits the interval {interval}, and so does no change")
        }
        Verdict::Fits => format!("a change of {claimed} % fits the interval {interval}"),
        Verdict::Overstates => {
            format!("a change of {claimed} % is larger than the interval allows {interval}")
        }
        Verdict::Understates => {
            format!("a change of {claimed} % is smaller than the interval allows {interval}")
        }
        Verdict::Contradicts => {
            format!("a change of {claimed} % has the wrong sign for the interval {interval}")
        }
        Verdict::NoEvidence => "there is no interval to hold the claim against".to_owned(),
    }
}

/// A quantity over futures: "22.9 EH/s (17.4 to 28.6 in nine futures of ten)".
pub fn range_in_words(p5: f64, median: f64, p95: f64, unit: &str) -> String {
    let unit = if unit.is_empty() {
        String::new()
    } else {
        format!(" {unit}")
    };
    if p5 == p95 && p5 == 0.0 {
        return format!("0{unit} in at least nine futures of ten");
    }
    match range_in_parts(p5, median, p95) {
        Some((median, range)) => format!("{median}{unit} ({range} in nine futures of ten)"),
        None => "no numbers".to_owned(),
    }
}

/// A quantity over futures for two cells of a table: "22.9" and "17.4 to 28.6". `None` where
/// something is not a number.
pub fn range_in_parts(p5: f64, median: f64, p95: f64) -> Option<(String, String)> {
    if ![p5, median, p95].iter().all(|value| value.is_finite()) {
        return None;
    }
    // Digits by the larger of the spread and a thousandth of the value: no false precision.
    let spread = (p95 - p5).abs();
    let digits = if spread > 0.0 {
        range_digits(spread)
    } else {
        digits_for(median)
    };
    let print = |value: f64| number(rounded(value, spread), digits);
    Some((print(median), format!("{} to {}", print(p5), print(p95))))
}

/// A value whose spread has more than three digits before the point, to two figures of it.
fn rounded(value: f64, spread: f64) -> f64 {
    if spread < 300.0 {
        return value;
    }
    let step = libm::pow(10.0, libm::floor(libm::log10(spread)) - 1.0);
    libm::rint(value / step) * step
}

/// "10,000 futures", "one future".
pub fn futures(n: u64) -> String {
    if n == 1 {
        "one future".to_owned()
    } else {
        format!("{} futures", number(n as f64, 0))
    }
}

/// "every one of 10,000 futures", "the only future".
pub fn every_future(n: u64) -> String {
    if n == 1 {
        "the only future".to_owned()
    } else {
        format!("every one of {}", futures(n))
    }
}

/// A chance from a count, as a sentence. Never "0 %": with nothing seen in n the 95 % upper limit
/// is 3 in n (the rule of three), and with all of n seen the lower one is its mirror.
pub fn chance(count: u64, n: u64) -> String {
    let whole = number(n as f64, 0);
    if n <= 3 {
        return format!("{} cannot tell how likely it is.", capitalised(&futures(n)));
    }
    if count == 0 {
        return format!("The chance is below 3 in {whole} (95 % limit).");
    }
    if count >= n {
        return format!(
            "The chance is above {} in {whole} (95 % limit).",
            number((n - 3) as f64, 0)
        );
    }
    let share = count as f64 / n as f64;
    let error = libm::sqrt(share * (1.0 - share) / n as f64) * 100.0;
    let digits = digits_of(error).min(4);
    format!(
        "The chance is {} % ± {} %.",
        number(share * 100.0, digits),
        number(error, digits)
    )
}

/// How long a horizon of so many hours is: "1 hour", "30 hours", "364 days".
pub fn horizon(hours: usize) -> String {
    let days = hours as f64 / 24.0;
    match hours {
        1 => "1 hour".to_owned(),
        2..=47 if hours != 24 => format!("{hours} hours"),
        24 => "1 day".to_owned(),
        _ => format!("{} days", number(days, usize::from(days.fract() != 0.0))),
    }
}

/// The same words with a capital first letter.
pub fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// One decimal for intervals of a point and more; one more for each power of ten below.
fn change_digits(low: f64, high: f64) -> usize {
    let width = (high - low).abs();
    if width > 0.0 && width.is_finite() {
        (digits_of(width) + 1).clamp(1, 6)
    } else {
        1
    }
}

/// Two figures of the spread.
fn range_digits(spread: f64) -> usize {
    if spread >= 30.0 {
        0
    } else {
        (digits_of(spread) + 1).min(9)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The intervals of `event_tests` and `event_effects`: what blocks may say of January 2022.
    #[test]
    fn the_published_intervals_read_right() {
        assert_eq!(
            change_in_words(-13.4, -6.4, 1.1),
            "cannot be told from no change: anything from −13.4 to +1.1 % fits"
        );
        assert_eq!(
            change_in_words(-19.3, -10.6, -1.0),
            "fell by 10.6 % (1.0 to 19.3 %)"
        );
        assert_eq!(
            change_in_words(1.0, 11.8, 23.9),
            "rose by 11.8 % (1.0 to 23.9 %)"
        );
        assert_eq!(at_least_in_words(-42.2, -21.9), "fell by at least 21.9 %");
        assert_eq!(
            at_least_in_words(-15.4, 17.9),
            "may not have fallen at all; a fall of more than 15.4 % can be ruled out"
        );
    }

    #[test]
    fn claims_are_judged() {
        assert_eq!(verdict(-10.0, -13.4, 1.1), Verdict::Fits);
        assert_eq!(verdict(-20.0, -13.4, 1.1), Verdict::Overstates);
        assert_eq!(verdict(-2.2, -19.3, -10.0), Verdict::Understates);
        assert_eq!(verdict(-2.2, 1.0, 3.0), Verdict::Contradicts);
        assert_eq!(verdict(5.0, 1.0, 3.0), Verdict::Overstates);
        assert_eq!(verdict(f64::NAN, 1.0, 3.0), Verdict::NoEvidence);
        assert_eq!(
            claim_in_words(-10.0, -13.4, 1.1),
            "a change of −10 % fits the interval (−13.4 to +1.1 %), and so does no change"
        );
    }

    #[test]
    fn nothing_seen_is_not_impossible() {
        assert_eq!(
            chance(0, 10_000),
            "The chance is below 3 in 10,000 (95 % limit)."
        );
        assert_eq!(
            chance(10_000, 10_000),
            "The chance is above 9,997 in 10,000 (95 % limit)."
        );
        assert_eq!(chance(0, 1), "One future cannot tell how likely it is.");
        assert_eq!(chance(250, 10_000), "The chance is 2.5 % ± 0.2 %.");
    }

    #[test]
    fn ranges_carry_two_figures_of_their_spread() {
        assert_eq!(
            range_in_words(17.41, 22.94, 28.63, "EH/s"),
            "22.9 EH/s (17.4 to 28.6 in nine futures of ten)"
        );
        assert_eq!(
            range_in_words(0.0, 0.0, 0.0, "MWh"),
            "0 MWh in at least nine futures of ten"
        );
        assert_eq!(range_in_words(f64::NAN, 0.0, 0.0, "MWh"), "no numbers");
    }

    proptest! {
        /// The one law: no "fell" and no "rose" where zero lies in the interval.
        #[test]
        fn no_direction_where_zero_fits(a in -50.0..50.0f64, b in -50.0..50.0f64, mid in -50.0..50.0f64) {
            let (low, high) = (a.min(b), a.max(b));
            let words = change_in_words(a, mid, b);
            let holds_zero = low <= 0.0 && high >= 0.0;
            if holds_zero {
                prop_assert!(!words.contains("fell") && !words.contains("rose"), "{}", words);
            }
            if low < -0.1 && high < -0.1 {
                prop_assert!(words.starts_with("fell"), "{}", words);
            }
            prop_assert!(!words.contains("by 0.0 %") || mid.abs() < 0.06);
        }

        /// Never stronger than printed: an end that prints as zero counts as zero.
        #[test]
        fn an_end_printed_as_zero_claims_nothing(high in -0.04..0.0f64) {
            prop_assert_eq!(direction(-9.0, high), Direction::CannotTell);
        }
    }
}

//! How many digits a number deserves.

/// Most digits after the point that are ever printed.
const MOST_DECIMALS: i32 = 15;

/// Digits after the point at which `size` shows `significant` digits; negative left of it.
fn decimals(size: f64, significant: i32) -> i32 {
    if size == 0.0 || !size.is_finite() {
        return 0;
    }
    let leading = |value: f64| libm::floor(libm::log10(value.abs())) as i32;
    let first = significant - 1 - leading(size);
    // 0.0996 to two digits is 0.10, not 0.100: look again at what it rounds to.
    let rounded = rounded(size, first);
    significant - 1 - leading(if rounded == 0.0 { size } else { rounded })
}

/// `value` rounded to that many digits after the point (before it, where negative).
fn rounded(value: f64, decimals: i32) -> f64 {
    let power = libm::pow(10.0, f64::from(decimals.abs().min(300)));
    if decimals >= 0 {
        libm::rint(value * power) / power
    } else {
        libm::rint(value / power) * power
    }
}

/// `value` with that many digits after the point; rounded to tens, hundreds, ... if negative.
fn fixed(value: f64, decimals: i32) -> String {
    let text = if decimals < 0 {
        format!("{:.0}", rounded(value, decimals))
    } else {
        format!(
            "{value:.places$}",
            places = decimals.min(MOST_DECIMALS) as usize
        )
    };
    // A negative number that rounds to nothing is nothing.
    match text.strip_prefix('-') {
        Some(digits) if digits.chars().all(|c| c == '0' || c == '.') => digits.to_owned(),
        _ => text,
    }
}

/// `value` to that many significant digits.
pub(super) fn format_significant(value: f64, significant: i32) -> String {
    fixed(value, decimals(value, significant))
}

/// "13.12 ± 0.12": the error to two significant digits, the mean to as many places.
///
/// Without a spread (error 0) the mean stands alone with up to six significant digits; with an
/// infinite error it is said to be unknown; NaN is "nothing".
pub fn format_with_error(mean: f64, standard_error: f64) -> String {
    if mean.is_nan() || standard_error.is_nan() {
        return "nothing".to_owned();
    }
    if standard_error == 0.0 {
        return plain(mean);
    }
    if standard_error.is_infinite() {
        return format!("{} (error unknown)", plain(mean));
    }
    let places = decimals(standard_error, 2);
    format!(
        "{} ± {}",
        fixed(mean, places),
        fixed(standard_error, places)
    )
}

/// A number known to the last digit, in seven of them, without trailing zeros.
pub fn format_exact(value: f64) -> String {
    let text = fixed(value, decimals(value, 7));
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// Up to six significant digits, without trailing zeros.
fn plain(value: f64) -> String {
    let text = fixed(value, decimals(value, 6));
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// "13.1 (9.2 to 17.4)": a median with its range of outcomes, to two digits of the range's width.
pub fn format_range(p5: f64, p50: f64, p95: f64) -> String {
    let width = (p95 - p5).abs();
    if width == 0.0 || !width.is_finite() {
        return format!("{} ({} to {})", plain(p50), plain(p5), plain(p95));
    }
    let places = decimals(width, 2);
    format!(
        "{} ({} to {})",
        fixed(p50, places),
        fixed(p5, places),
        fixed(p95, places)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_decides_the_digits() {
        assert_eq!(format_with_error(13.1234, 0.1234), "13.12 ± 0.12");
        assert_eq!(format_with_error(1176.298, 12.34), "1176 ± 12");
        assert_eq!(format_with_error(1_176_298.0, 1234.0), "1176300 ± 1200");
        assert_eq!(format_with_error(0.5, 0.0996), "0.50 ± 0.10");
        assert_eq!(format_with_error(0.5, 99.6), "0 ± 100");
        assert_eq!(
            format_with_error(-0.000_123, 0.000_045),
            "-0.000123 ± 0.000045"
        );
        assert_eq!(format_with_error(-0.001, 0.1), "0.00 ± 0.10");
    }

    #[test]
    fn without_an_error_the_number_stands_alone() {
        assert_eq!(format_with_error(13.0, 0.0), "13");
        assert_eq!(format_with_error(2.0 / 3.0, 0.0), "0.666667");
        assert_eq!(format_with_error(1200.0, 0.0), "1200");
        assert_eq!(format_with_error(0.0, 0.0), "0");
        assert_eq!(format_with_error(7.5, f64::INFINITY), "7.5 (error unknown)");
        assert_eq!(format_with_error(f64::NAN, 1.0), "nothing");
    }

    #[test]
    fn a_range_prints_the_digits_of_its_width() {
        assert_eq!(format_range(9.21, 13.08, 17.43), "13.1 (9.2 to 17.4)");
        assert_eq!(format_range(0.0, 12.3, 431.0), "10 (0 to 430)");
        assert_eq!(format_range(5.0, 5.0, 5.0), "5 (5 to 5)");
        assert_eq!(
            format_range(0.001_2, 0.001_5, 0.001_9),
            "0.00150 (0.00120 to 0.00190)"
        );
    }

    #[test]
    fn extremes_do_not_panic() {
        for value in [0.0, -0.0, 1e300, -1e300, 1e-300, f64::INFINITY, f64::NAN] {
            for error in [0.0, 1e-300, 1e300, f64::INFINITY, f64::NAN] {
                assert!(!format_with_error(value, error).is_empty());
                assert!(!format_range(value, error, value).is_empty());
            }
        }
    }
}

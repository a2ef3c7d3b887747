//! Numbers as a newspaper prints them.

/// Decimals that tell multiples of `step` apart.
pub(crate) fn digits_of(step: f64) -> usize {
    if step.is_finite() && step > 0.0 {
        (-libm::floor(libm::log10(step) + 1e-9)).clamp(0.0, 9.0) as usize
    } else {
        0
    }
}

/// Decimals that show about three figures of a value.
pub(crate) fn digits_for(value: f64) -> usize {
    match value.abs() {
        v if v >= 100.0 || v == 0.0 => 0,
        v if v >= 10.0 => 1,
        v if v >= 1.0 => 2,
        v => (digits_of(v) + 1).min(9),
    }
}

/// A number in print: a true minus, thousands parted, never a negative zero.
pub(crate) fn number(value: f64, digits: usize) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let plain = format!("{:.digits$}", value.abs());
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let zero = plain.chars().all(|c| c == '0' || c == '.');
    let sign = if value < 0.0 && !zero { "−" } else { "" };
    if fraction.is_empty() {
        format!("{sign}{grouped}")
    } else {
        format!("{sign}{grouped}.{fraction}")
    }
}

/// A number in print with about three figures: what an estimate of a picture can support.
pub(crate) fn three_figures(value: f64) -> String {
    let mut unit = 1.0;
    while value.abs() / unit >= 1000.0 && unit < 1e12 {
        unit *= 10.0;
    }
    if unit > 1.0 {
        number(libm::rint(value / unit) * unit, 0)
    } else {
        number(value, digits_for(value))
    }
}

/// [`number`] with a plus where it is positive.
pub(crate) fn signed(value: f64, digits: usize) -> String {
    let plain = number(value, digits);
    let zero = !plain.chars().any(|c| c.is_ascii_digit() && c != '0');
    if value > 0.0 && !zero {
        format!("+{plain}")
    } else {
        plain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(number(-1234567.4, 0), "−1,234,567");
        assert_eq!(number(-0.01, 1), "0.0");
        assert_eq!(signed(3.0, 1), "+3.0");
        assert_eq!(signed(0.01, 1), "0.0");
        assert_eq!(number(f64::NAN, 1), "–");
        let three = [
            0.0,
            0.0123,
            12.34,
            999.6,
            1061.4,
            -125_441.0,
            999_600.0,
            f64::NAN,
        ];
        assert_eq!(
            three.map(three_figures),
            [
                "0",
                "0.012",
                "12.3",
                "1,000",
                "1,060",
                "−125,000",
                "1,000,000",
                "–"
            ]
        );
        assert_eq!(
            (
                digits_for(123.0),
                digits_for(12.0),
                digits_for(1.2),
                digits_for(0.012)
            ),
            (0, 1, 2, 3)
        );
    }
}

//! Numbers in tables: as precise as they are known, the same on every machine.

/// One stored integer in its unit.
///
/// Scales are mostly one over a whole number (milliseconds to hours, Wh to MWh): dividing by it
/// is rounded once, so that two hours are 2 and not 2.0000000000000004.
pub(crate) fn published(value: i64, scale: f64) -> f64 {
    let inverse = libm::rint(1.0 / scale);
    if inverse.abs() >= 1.0 && (scale * inverse - 1.0).abs() < 1e-12 {
        value as f64 / inverse
    } else {
        value as f64 * scale
    }
}

/// A number in a table: the shortest text that reads back as the same; nothing where it is not
/// finite.
pub(crate) fn cell(value: f64) -> String {
    if !value.is_finite() {
        return String::new();
    }
    // Minus zero is nothing anyone measured.
    format!("{}", if value == 0.0 { 0.0 } else { value })
}

/// A number that is known to no more than `step`: no digit finer than the step's first.
pub(crate) fn stepped_cell(value: f64, step: f64) -> String {
    if !value.is_finite() || !step.is_finite() || step <= 0.0 {
        return cell(value);
    }
    let places = -(libm::floor(libm::log10(step) + 1e-9) as i32);
    let power = libm::pow(10.0, f64::from(places.abs().min(300)));
    let rounded = if places >= 0 {
        libm::rint(value * power) / power
    } else {
        libm::rint(value / power) * power
    };
    cell(rounded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_hours_are_whole() {
        for hours in 0..10_000 {
            assert_eq!(
                cell(published(hours * 3_600_000, 1.0 / 3_600_000.0)),
                hours.to_string()
            );
        }
        assert_eq!(cell(published(123_456, 1e-6)), "0.123456");
        assert_eq!(cell(published(-3, 2.5)), "-7.5");
    }

    #[test]
    fn what_is_not_finite_is_left_out() {
        assert_eq!(cell(f64::NAN) + &cell(f64::INFINITY), "");
        assert_eq!(cell(-0.0), "0");
        assert_eq!(cell(1e21), "1000000000000000000000");
    }

    #[test]
    fn no_digit_is_finer_than_the_step() {
        assert_eq!(stepped_cell(12.3456, 0.03), "12.35");
        assert_eq!(stepped_cell(1234.5, 30.0), "1230");
        assert_eq!(stepped_cell(1234.5, 1.95), "1234");
        assert_eq!(stepped_cell(0.5, f64::NAN), "0.5");
    }
}

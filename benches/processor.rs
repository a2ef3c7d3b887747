//! Processor time, which other programs on the machine hardly move; for benches only.

use std::fs;

/// Nanoseconds of processor time that this thread has used, user and system.
///
/// Falls back on the whole process, to a hundredth of a second, where the system does not count
/// finer, and on zero where it does not count at all.
pub fn nanoseconds() -> u64 {
    // The count is brought up to date when the thread offers its place.
    std::thread::yield_now();
    let fine = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let fine = fine.and_then(|text| text.split_ascii_whitespace().next()?.parse().ok());
    let coarse = || hashfall::store::processor_seconds().map(|seconds| (seconds * 1e9) as u64);
    fine.or_else(coarse).unwrap_or(0)
}

/// Seconds of processor time that a piece of work takes on this thread.
#[allow(dead_code, reason = "each bench uses its part")]
pub fn seconds(work: impl FnOnce()) -> f64 {
    let before = nanoseconds();
    work();
    (nanoseconds() - before) as f64 * 1e-9
}

/// The middle value (the upper of two); NaN of none.
#[allow(dead_code, reason = "each bench uses its part")]
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

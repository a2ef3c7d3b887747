//! What the system says of this process: for the manifest, never for a result.

use std::fs;

/// Clock ticks a second in `/proc`: fixed by the interface of Linux.
const TICKS_PER_SECOND: f64 = 100.0;

/// Seconds of processor time that this process has used on all its threads, user and system,
/// to a hundredth; `None` where the system has no `/proc`.
pub fn processor_seconds() -> Option<f64> {
    parse_processor_seconds(&fs::read_to_string("/proc/self/stat").ok()?)
}

/// The greatest memory that this process has held so far, bytes; `None` where the system has no
/// `/proc`.
pub fn peak_memory_bytes() -> Option<u64> {
    parse_peak_memory(&fs::read_to_string("/proc/self/status").ok()?)
}

fn parse_processor_seconds(stat: &str) -> Option<f64> {
    // The second field is the program's name in brackets, and may hold spaces and brackets.
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_ascii_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some((user + system) as f64 / TICKS_PER_SECOND)
}

fn parse_peak_memory(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kibibytes.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_program_does_not_shift_the_fields() {
        let stat = "7 (a) b (c) S 1 7 7 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 3 0 99 1 2";
        assert_eq!(parse_processor_seconds(stat), Some(3.0));
        assert_eq!(parse_processor_seconds("7 (short) S 1"), None);
    }

    #[test]
    fn memory_is_in_bytes() {
        let status = "Name:\thashfall\nVmPeak:\t  9000 kB\nVmHWM:\t  2048 kB\n";
        assert_eq!(parse_peak_memory(status), Some(2 << 20));
        assert_eq!(parse_peak_memory("Name:\tx\n"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_has_used_something() {
        assert!(processor_seconds().is_some_and(|seconds| seconds >= 0.0));
        assert!(peak_memory_bytes().is_some_and(|bytes| bytes > 1 << 20));
    }
}

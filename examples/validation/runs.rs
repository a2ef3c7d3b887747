//! What is simulated: built-in scenarios that have exact values, as they are or with keys changed.

use hashfall::scenario::{Loaded, Source, read};

/// A system, and how often it is simulated.
#[derive(Debug, Clone, Copy)]
pub struct Run {
    /// Its own name: the scenario's, and what is changed of it.
    pub name: &'static str,
    /// The built-in scenario.
    pub scenario: &'static str,
    /// Keys changed, as `--set` has them: path, value.
    pub set: &'static [(&'static str, &'static str)],
    /// Replications of each seed: enough for [`crate::held::LARGEST_ERROR`] in every index.
    pub replications: u32,
}

/// All of them, in the order of the page.
pub const RUNS: [Run; 20] = [
    as_it_is("rbts", 25_000),
    changed(
        "rbts at its peak in all hours",
        "rbts",
        &[
            ("scenario.duration_hours", "8760"),
            ("zone", r#"[{ name = "system", load_mw = 185 }]"#),
        ],
        2_000,
    ),
    // Times that are not exponential leave every index as it is but `lolev`, which has no answer.
    changed(
        "rbts with times of other laws",
        "rbts",
        &[
            ("plant.*.up_law", "{ weibull_shape = 2.0 }"),
            ("plant.*.down_law", "{ lognormal_cv = 1.2 }"),
        ],
        18_000,
    ),
    changed(
        "rbts with maintenance",
        "rbts",
        &[("plant.h40-hydro.maintenance", "{ weeks = 2 }")],
        20_000,
    ),
    as_it_is("rbts-derated", 32_000),
    // A year's EUE has a standard deviation of 2,922 MWh: 1 % of 1,176 takes 61,700 years.
    as_it_is("rts79", 3_300),
    changed(
        "rts79 at its peak in all hours",
        "rts79",
        &[
            ("scenario.duration_hours", "8760"),
            ("zone", r#"[{ name = "system", load_mw = 2850 }]"#),
        ],
        1_000,
    ),
    as_it_is("rts79-lfu", 3_900),
    as_it_is("rts79-mining", 3_300),
    changed(
        "rts79-mining of 50 MW",
        "rts79-mining",
        &[("farm.mining.installed_mw", "50")],
        3_300,
    ),
    changed(
        "rts79-mining of 200 MW",
        "rts79-mining",
        &[("farm.mining.installed_mw", "200")],
        3_300,
    ),
    as_it_is("rts79-two-area", 9_000),
    changed(
        "rts79-two-area without a tie",
        "rts79-two-area",
        &[("line.tie.capacity_mw", "0")],
        3_300,
    ),
    // The wider the tie, the rarer a shortage.
    changed(
        "rts79-two-area with a tie of 300 MW",
        "rts79-two-area",
        &[("line.tie.capacity_mw", "300")],
        19_000,
    ),
    changed(
        "rts79-two-area with a tie that never binds",
        "rts79-two-area",
        &[("line.tie.capacity_mw", "100000")],
        34_000,
    ),
    // Without limits of lines it is a copper plate; and as it is it hardly ever fails.
    changed(
        "rts-gmlc as a copper plate at 1.2 of its load",
        "rts-gmlc",
        &[("zone.*.scale", "1.2"), ("line.*.capacity_mw", "100000")],
        1_000,
    ),
    as_it_is("toy-one-zone", 5_000),
    as_it_is("toy-one-zone-varying", 5_000),
    as_it_is("toy-two-zones", 9_000),
    as_it_is("triangle", 4_000),
];

const fn as_it_is(scenario: &'static str, replications: u32) -> Run {
    changed(scenario, scenario, &[], replications)
}

const fn changed(
    name: &'static str,
    scenario: &'static str,
    set: &'static [(&'static str, &'static str)],
    replications: u32,
) -> Run {
    Run {
        name,
        scenario,
        set,
        replications,
    }
}

impl Run {
    /// Its scenario, with the keys changed.
    pub fn load(&self) -> Loaded {
        load(self.scenario, self.set)
    }
}

/// A built-in scenario with keys changed.
pub fn load(scenario: &str, set: &[(&str, &str)]) -> Loaded {
    let source = Source::built_in(scenario);
    let source = source.unwrap_or_else(|| panic!("{scenario} is not built in"));
    let owned = |&(path, value): &(&str, &str)| (path.to_owned(), value.to_owned());
    match read(&source, &set.iter().map(owned).collect::<Vec<_>>()) {
        Ok(loaded) => loaded,
        Err(mistakes) => panic!("{mistakes}"),
    }
}

/// The first letters of a scenario's digest.
pub fn digest(loaded: &Loaded) -> String {
    let bytes = loaded.digest[..8].iter();
    bytes.map(|byte| format!("{byte:02x}")).collect()
}

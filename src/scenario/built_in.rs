//! Scenarios built into the program: the same files as in `scenarios/`.

/// A scenario built into the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BuiltIn {
    /// Its name, for `hashfall run NAME`.
    pub name: &'static str,
    /// Its file in `scenarios/`.
    pub file: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// Embeds files of `scenarios/` under their names there.
macro_rules! embed {
    ($($file:literal),+ $(,)?) => {
        &[$(($file, include_str!(concat!("../../scenarios/", $file)))),+]
    };
}

/// Every file of `scenarios/` that a scenario is or reads.
static FILES: &[(&str, &str)] = embed![
    "data/bitcoin/block_times.csv",
    "data/bitcoin/daily_blocks.csv",
    "data/bitcoin/daily_blocks_2021.csv",
    "data/bitcoin/difficulty_epochs.csv",
    "data/bitcoin/pool_readings.csv",
    "data/bitcoin/pool_readings_xinjiang.csv",
    "data/bitcoin/pools.csv",
    "data/fleet/asic_efficiency.csv",
    "data/kazakhstan/farms.csv",
    "data/kazakhstan/load.csv",
    "data/kazakhstan/plants.csv",
    "data/kazakhstan/steam_unavailability.csv",
    "data/rts79/hourly_load.csv",
    "data/rts79/plants.csv",
    "data/rts_gmlc/hourly.csv",
    "data/rts_gmlc/plants.csv",
    "country-dark-5-days.toml",
    "kazakhstan-2022-cutoff.toml",
    "kazakhstan-2022-firm19.toml",
    "kazakhstan-2022.toml",
    "rbts-derated.toml",
    "rbts.toml",
    "rts-gmlc-storage.toml",
    "rts-gmlc.toml",
    "rts79-lfu.toml",
    "rts79-mining.toml",
    "rts79-two-area.toml",
    "rts79.toml",
    "sweep-coal-outage.toml",
    "sweep-mining-growth.toml",
    "toy-one-zone-varying.toml",
    "toy-one-zone.toml",
    "toy-two-zones.toml",
    "triangle.toml",
    "uri-2021.toml",
    "xinjiang-2021.toml",
];

/// The scenarios built into the program, by name.
pub fn built_in() -> impl Iterator<Item = BuiltIn> {
    FILES.iter().filter_map(|&(file, text)| {
        let name = file.strip_suffix(".toml")?;
        Some(BuiltIn { name, file, text })
    })
}

/// The file of a built-in scenario.
pub(crate) fn scenario_file(name: &str) -> Option<&'static str> {
    let name = name.strip_suffix(".toml").unwrap_or(name);
    built_in()
        .find(|scenario| scenario.name == name)
        .map(|scenario| scenario.file)
}

/// The text of a built-in file.
pub(crate) fn file(name: &str) -> Option<&'static str> {
    let name = name.strip_prefix("./").unwrap_or(name);
    FILES
        .iter()
        .find(|(file, _)| *file == name)
        .map(|(_, text)| *text)
}

/// A commented scenario to start from; it runs as it is, without any file beside it.
pub fn starter() -> &'static str {
    include_str!("starter.toml")
}

/// A commented event to start from, and the counts of blocks beside it; both invented.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventTemplate {
    /// The scenario.
    pub scenario: String,
    /// Name of the CSV that it reads, beside it.
    pub blocks_csv: String,
    /// The CSV.
    pub blocks: &'static str,
}

impl EventTemplate {
    /// For an event of a name; `None` where that cannot name a folder.
    pub fn new(name: &str) -> Option<Self> {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let sound = !name.is_empty() && !name.starts_with('-') && name.len() <= 80;
        if !sound || !name.chars().all(plain) {
            return None;
        }
        let blocks_csv = format!("{name}-blocks.csv");
        let text = include_str!("event.toml").replace("SCENARIO_NAME", name);
        Some(Self {
            scenario: text.replace("BLOCKS_CSV", &blocks_csv),
            blocks_csv,
            blocks: include_str!("event_blocks.csv"),
        })
    }
}

//! What a run will cost: events, memory, disk; and whether it fits at all.

use crate::quantity::MS_PER_HOUR;
use crate::system::{
    Alternation, HazardTiming, LoadForecast, Order, StateModel, System, Value, Zone,
};

/// Largest memory that a run may want.
pub const LARGEST_MEMORY_BYTES: u64 = 16 << 30;
/// Largest disk space that a run may want.
pub const LARGEST_DISK_BYTES: u64 = 1 << 40;

/// Bins of an hourly histogram, as `measure` keeps them; and of one of what is in a store.
const BINS: u64 = 512;
const LEVEL_BINS: u64 = 201;
/// Bytes of a count in a histogram.
const COUNT_BYTES: u64 = 4;
/// Moments of time and energy short in an hour, and hours of a month and hour of day.
const SHORTAGE_BYTES_AN_HOUR: u64 = 64;
const MONTH_HOURS: u64 = 12 * 24;
/// The program itself, its charts, and the planes of an exact answer.
const PROGRAM_BYTES: u64 = 128 << 20;
/// Columns of i64 that every window has, about.
const COLUMNS_A_WINDOW: u64 = 60;

/// An estimate of what a run costs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Budget {
    /// Events of a replication, about.
    pub events_per_replication: f64,
    /// Memory at its peak, bytes: at most about this.
    pub memory_bytes: u64,
    /// Disk for what is kept of all replications, bytes: at most about this.
    pub disk_bytes: u64,
}

impl Budget {
    /// True where it fits.
    pub fn fits(&self) -> bool {
        self.memory_bytes <= LARGEST_MEMORY_BYTES && self.disk_bytes <= LARGEST_DISK_BYTES
    }
}

/// Estimates what `replications` of a system cost, on one thread.
pub fn budget(system: &System, replications: u64) -> Budget {
    let hours = system.horizon.0 as f64 / MS_PER_HOUR as f64;
    let cycles = |outages: &Option<Alternation>| {
        outages.as_ref().map_or(0.0, |law| {
            2.0 * hours / (law.up.mean_h() + law.down.mean_h())
        })
    };
    let moves = |states: &Option<StateModel>| {
        states.as_ref().map_or(0.0, |model| {
            let shares = model.stationary();
            let rates = (0..shares.len()).map(|state| shares[state] / model.mean_h(state));
            hours * rates.sum::<f64>()
        })
    };
    let units: f64 = system
        .units
        .iter()
        .map(|unit| cycles(&unit.outages) + cycles(&unit.deratings) + moves(&unit.states))
        .sum();
    let lines: f64 = system
        .lines
        .iter()
        .map(|line| cycles(&line.outages) * f64::from(line.circuits))
        .sum();
    let links = system
        .providers
        .iter()
        .map(|provider| cycles(&provider.outages))
        .sum::<f64>()
        + system
            .gateways
            .iter()
            .map(|gateway| cycles(&gateway.outages))
            .sum::<f64>()
        + system
            .pools
            .iter()
            .map(|pool| cycles(&pool.outages))
            .sum::<f64>()
        + system
            .farms
            .iter()
            .map(|farm| cycles(&farm.access_outages))
            .sum::<f64>();
    let farms = system.farms.len() as f64;
    let hazards: f64 = system
        .hazards
        .iter()
        .map(|hazard| {
            let strikes = match hazard.timing {
                HazardTiming::Dated { .. } => 1.0 + hazard.windows.len() as f64,
                HazardTiming::Drawn {
                    rate_per_year,
                    from,
                    until,
                    ..
                } => mean(rate_per_year, system) * (until - from).hours() / 8760.0,
            };
            // Each strike ends, and farms that it reaches hold, stop, boot and ramp.
            strikes * (2.0 + 6.0 * farms.min(hazard.targets.len() as f64 * farms))
        })
        .sum();
    let orders = system
        .orders
        .iter()
        .map(|order: &Order| 2.0 + 2.0 * order.farms.len() as f64)
        .sum::<f64>();
    let whole_hours = system.hours() as u64;
    let Sizes {
        columns,
        series,
        loads,
    } = Sizes::of(system);
    let bins = series * BINS + system.stores.len() as u64 * LEVEL_BINS;
    let histograms = bins * whole_hours * COUNT_BYTES;
    let scopes = system.zones.len() as u64 + 1;
    let shortages = scopes * SHORTAGE_BYTES_AN_HOUR * (whole_hours + MONTH_HOURS);
    // Order statistics read one column at a time; blocks of 256 rows are held whole.
    let rows = replications
        .saturating_mul(16)
        .saturating_add(256 * columns * 8);
    Budget {
        events_per_replication: units + lines + links + hazards + orders,
        memory_bytes: loads
            .saturating_add(histograms)
            .saturating_add(rows)
            .saturating_add(PROGRAM_BYTES),
        disk_bytes: replications
            .saturating_mul(columns * 8)
            .saturating_add(histograms)
            .saturating_add(shortages),
    }
}

/// How many numbers of a kind a system has.
struct Sizes {
    /// Integers of a replication.
    columns: u64,
    /// Hourly series that are recorded, but for what is in stores.
    series: u64,
    /// Bytes of loads and hourly outputs.
    loads: u64,
}

impl Sizes {
    fn of(system: &System) -> Self {
        let entities =
            system.zones.len() + system.farms.len() + system.pools.len() + system.lines.len();
        let entities = entities as u64;
        let has_mining = !system.farms.is_empty() || system.world.is_some();
        let copies = |zone: &Zone| {
            let steps = zone.forecast.map_or(0, |_| LoadForecast::STEPS.len());
            4 + zone.load_by_year.len().max(1) * steps + zone.load_by_year.len()
        };
        let outputs = system.hourly_outputs.iter();
        let profiles = system.zones.iter().map(copies).sum::<usize>()
            + outputs.map(|output| output.by_year.len()).sum::<usize>();
        Self {
            columns: system.windows.len() as u64 * (COLUMNS_A_WINDOW + 6 * entities),
            series: if has_mining { 2 * entities + 12 } else { 0 },
            loads: profiles as u64 * system.hours() as u64 * 8,
        }
    }
}

/// What one point of a sweep holds in memory while its group is simulated, bytes, about: its
/// scenario and plan once; for each thread a future, two states, the recorders' hours and a block.
/// It does not depend on the number of replications.
pub fn point_memory(system: &System, threads: usize) -> u64 {
    let Sizes {
        columns,
        series,
        loads,
    } = Sizes::of(system);
    let hours = system.hours() as u64;
    // Two recorders of the hashrate, one of the strain, and what they close with; what is in
    // stores once, and once closed.
    let recorders = (4 * series + 2 * system.stores.len() as u64) * hours * 8;
    let block = 2 * 256 * columns * 8;
    let each_thread = loads + recorders + block;
    2 * loads + (256 << 10) + each_thread * threads as u64
}

fn mean(value: Value, system: &System) -> f64 {
    match value {
        Value::Fixed(value) => value,
        Value::Drawn(input) => system.inputs[input.at()].law.mean(),
    }
}

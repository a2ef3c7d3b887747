//! What is kept hour by hour: histograms for fans, sums for means.

use super::strain::hourly;
use super::{Hashrate, ShortageLayout, Sink, Stores, Strain};
use super::{blocks, observed};
use crate::engine::{Plan, View};
use crate::quantity::round_half_even;
use crate::random::InputLaw;
use crate::stats::Bins;
use crate::system::{System, Value};

/// A series kept as one histogram per time step.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesKind {
    /// Name, as `national_hashrate`.
    pub name: String,
    /// `network`, `system` or `pool/NAME`.
    pub scope: String,
    /// Unit of `scale` times the stored integer.
    pub unit: &'static str,
    /// Bins of the stored integer; they follow from the scenario alone.
    pub bins: Bins,
    /// Turns the stored integer into the unit.
    pub scale: f64,
}

/// A series kept as a sum per time step, for means.
#[derive(Debug, Clone, PartialEq)]
pub struct MeanSeries {
    /// Name, as `served/hard-coal`.
    pub name: String,
    /// Scope.
    pub scope: String,
    /// Unit of `scale` times the stored integer.
    pub unit: &'static str,
    /// Turns the stored integer into the unit.
    pub scale: f64,
}

/// All series of a system.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SeriesLayout {
    /// Hours of the hourly series.
    pub hours: usize,
    /// Days of the daily series.
    pub days: usize,
    /// Hourly fans.
    pub hourly: Vec<SeriesKind>,
    /// Daily fans.
    pub daily: Vec<SeriesKind>,
    /// Hourly means.
    pub sums: Vec<MeanSeries>,
    /// When it is short.
    pub shortages: ShortageLayout,
}

const BINS: u32 = 512;
/// Hashrates are binned in GH/s, power in kW.
const GHS: f64 = 1e-9;
const KW_TO_MW: f64 = 1e-3;

impl SeriesLayout {
    /// The series of a system with mining.
    pub fn of_mining(plan: &Plan<'_>) -> Self {
        let system = plan.system;
        let (level, share) = world_bounds(system);
        let country = level * share * 1.1;
        let kind = |name: &str, scope: &str, unit, low: f64, high: f64, scale: f64| SeriesKind {
            name: name.to_owned(),
            scope: scope.to_owned(),
            unit,
            bins: Bins::spanning((low / scale) as i64, (high / scale) as i64, BINS),
            scale,
        };
        let hashrate =
            |name: &str, scope: &str, high: f64| kind(name, scope, "EH/s", 0.0, high, GHS);
        let installed_mw = mining_bound_mw(system);
        let nameplate_mw = system.nameplate().megawatts();
        let mut hourly = vec![
            hashrate("national_hashrate", "network", country),
            hashrate("national_hashrate_without_event", "network", country),
            kind(
                "world_hashrate",
                "network",
                "EH/s",
                level * 0.4,
                level * 1.4,
                GHS,
            ),
            kind(
                "reserve_margin",
                "system",
                "MW",
                -0.4 * nameplate_mw,
                0.6 * nameplate_mw,
                KW_TO_MW,
            ),
            kind("mining_power", "system", "MW", 0.0, installed_mw, KW_TO_MW),
        ];
        for pool in &system.pools {
            let scope = format!("pool/{}", pool.name);
            let high = level * (2.0 * pool.share + 0.01) + country * 0.3;
            hourly.push(hashrate("pool_hashrate", &scope, high));
        }
        hourly.extend(Stores::fans(system));
        let world = |name: &str| kind(name, "network", "EH/s", 0.0, level * 2.0, GHS);
        let mut daily = vec![
            world("world_hashrate_day"),
            world("block_count_hashrate_day"),
        ];
        if system.blocks.is_some() {
            let [interval, found] = blocks::daily_bins();
            let kind = |name: &str, unit, bins, scale| SeriesKind {
                name: name.to_owned(),
                scope: "network".to_owned(),
                unit,
                bins,
                scale,
            };
            daily.push(kind("block_interval_day", "s", interval, 1e-3));
            daily.push(kind("blocks_found_day", "1", found, 1.0));
        }
        let mut sums = vec![
            "curtailed_mining",
            "unserved_load",
            "demand_served",
            "mining_power",
        ]
        .into_iter()
        .map(str::to_owned)
        .collect::<Vec<_>>();
        sums.extend(
            system
                .classes
                .iter()
                .map(|class| format!("served/{}", class.name)),
        );
        Self {
            hours: system.hours(),
            days: observed::days(system),
            hourly,
            daily,
            sums: sums
                .into_iter()
                .map(|name| MeanSeries {
                    name,
                    scope: "system".to_owned(),
                    unit: "MW",
                    scale: KW_TO_MW,
                })
                .collect(),
            shortages: ShortageLayout::of(plan),
        }
    }

    /// The series of a system without mining: what is in its stores.
    pub fn of_grid(plan: &Plan<'_>) -> Self {
        let hourly: Vec<SeriesKind> = Stores::fans(plan.system).collect();
        Self {
            hours: if hourly.is_empty() {
                0
            } else {
                plan.system.hours()
            },
            hourly,
            shortages: ShortageLayout::of(plan),
            ..Self::default()
        }
    }

    /// Fills a sink with the series of a finished replication of a system without mining.
    pub(super) fn fill_grid(&self, stores: &Stores, sink: &mut Sink) {
        let mut fans = Fans::of(self, sink);
        for levels in stores.hours() {
            fans.next(levels, |_| 0, as_is);
        }
    }

    /// Fills a sink with the series of a finished replication.
    pub(super) fn fill(
        &self,
        view: View<'_>,
        main: &Hashrate,
        twin: &Hashrate,
        (strain, stores): (&Strain, &Stores),
        sink: &mut Sink,
    ) {
        let futures = view.futures;
        let rest = |day: usize| futures.rest_of_world.get(day).map_or(0, |rest| rest.0);
        let kw = |watts: i64| watts / 1000;
        let margin = strain.hours(hourly::MARGIN);
        let (national, without, power) = (main.national(), twin.national(), main.power());
        let mut fans = Fans::of(self, sink);
        let nobody = |_: usize| 0;
        fans.next(national, nobody, as_is);
        fans.next(without, nobody, as_is);
        fans.next(national, rest, as_is);
        fans.next(margin, nobody, kw);
        fans.next(power, nobody, kw);
        for (pool, &share) in futures.pool_share.iter().enumerate() {
            let others = |day: usize| round_half_even(rest(day) as f64 * share);
            fans.next(main.pool(pool), others, as_is);
        }
        for levels in stores.hours() {
            fans.next(levels, nobody, as_is);
        }
        let mut sums = Columns::new(&mut sink.sums, self.hours, self.sums.len());
        let first =
            [hourly::CURTAILED, hourly::UNSERVED, hourly::DEMAND].map(|at| strain.hours(at));
        let classes = self.sums.len() - first.len() - 1;
        let classes = (0..classes).map(|class| strain.hours(hourly::CLASSES + class));
        for hours in first.into_iter().chain([power]).chain(classes) {
            sums.next(hours, |_| 0, kw);
        }
    }
}

/// The codes of the fans, series by series.
struct Fans<'a> {
    columns: Columns<'a, u16>,
    kinds: std::slice::Iter<'a, SeriesKind>,
}

impl<'a> Fans<'a> {
    fn of(layout: &'a SeriesLayout, sink: &'a mut Sink) -> Self {
        Self {
            columns: Columns::new(&mut sink.hourly, layout.hours, layout.hourly.len()),
            kinds: layout.hourly.iter(),
        }
    }

    /// The next series: what is known hour by hour, what others add to it on a day, and that in
    /// the unit of the series.
    #[inline]
    fn next(&mut self, hours: &[i64], others: impl Fn(usize) -> i64, in_unit: impl Fn(i64) -> i64) {
        if let Some(kind) = self.kinds.next() {
            let code_of = |value| kind.bins.code_of(in_unit(value));
            self.columns.next(hours, others, code_of);
        }
    }
}

/// What is kept in its own unit.
fn as_is(value: i64) -> i64 {
    value
}

/// A table `[series][hour]` that is filled series by series.
struct Columns<'a, T> {
    series: std::slice::ChunksExactMut<'a, T>,
}

impl<'a, T: Copy + Default> Columns<'a, T> {
    fn new(table: &'a mut Vec<T>, hours: usize, series: usize) -> Self {
        table.resize(hours * series, T::default());
        Self {
            series: table.chunks_exact_mut(hours.max(1)),
        }
    }

    /// The next series: a code for each hour's value and what others add to it on that day. Values
    /// that stay are coded once.
    #[inline]
    fn next(&mut self, hours: &[i64], others: impl Fn(usize) -> i64, code_of: impl Fn(i64) -> T) {
        let Some(codes) = self.series.next() else {
            return;
        };
        let (mut known, mut code) = (0, code_of(0));
        for (day, (hours, codes)) in hours.chunks(24).zip(codes.chunks_mut(24)).enumerate() {
            let others = others(day);
            for (value, place) in hours.iter().zip(codes) {
                let value = value + others;
                if value != known {
                    (known, code) = (value, code_of(value));
                }
                *place = code;
            }
        }
    }
}

/// A level of an uncertain number that is hardly ever passed.
fn high(system: &System, value: Value) -> f64 {
    match value {
        Value::Fixed(value) => value,
        Value::Drawn(input) => {
            let law: &InputLaw = &system.inputs[input.at()].law;
            law.quantile(0.9999)
        }
    }
}

/// High levels of world hashrate (EH/s) and of the country's installed part of it.
fn world_bounds(system: &System) -> (f64, f64) {
    let farms_mw = |running: bool| -> f64 {
        let part = |farm: &crate::system::Farm| if running { farm.running_share } else { 1.0 };
        system
            .farms
            .iter()
            .map(|farm| farm.installed.megawatts() * part(farm))
            .sum()
    };
    let installed_ehs = || -> f64 {
        let of_farm = |farm: &crate::system::Farm| {
            farm.installed.megawatts() / farm.pue / low(system, farm.efficiency_j_th)
        };
        system.farms.iter().map(of_farm).sum::<f64>().max(1e-6)
    };
    let Some(world) = &system.world else {
        return (installed_ehs(), 1.0);
    };
    let level = high(system, world.level_ehs);
    let share = match &world.calibration {
        Some(calibration) => {
            let share = high(system, Value::Drawn(calibration.share));
            share * farms_mw(false) / farms_mw(true)
        }
        // The farms are what they are, however much there is elsewhere.
        None => installed_ehs() / level,
    };
    (level, share.min(1.0))
}

/// A level of an uncertain number that it hardly ever goes below.
fn low(system: &System, value: Value) -> f64 {
    match value {
        Value::Fixed(value) => value,
        Value::Drawn(input) => system.inputs[input.at()].law.quantile(0.0001),
    }
}

/// Most that mining can draw, MW.
fn mining_bound_mw(system: &System) -> f64 {
    let installed: f64 = system
        .farms
        .iter()
        .map(|farm| farm.installed.megawatts())
        .sum();
    let calibration = system
        .world
        .as_ref()
        .and_then(|world| world.calibration.as_ref());
    let scale = calibration.map_or(1.0, |calibration| {
        let running: f64 = system
            .farms
            .iter()
            .map(|farm| farm.installed.megawatts() * farm.running_share)
            .sum();
        high(system, Value::Drawn(calibration.running_mw)) / running
    });
    (installed * scale * 1.05).max(1e-3)
}

//! Small systems built in code, for tests that calculate by hand.
#![allow(dead_code)]

pub mod unserved;

use hashfall::engine::Plan;
use hashfall::measure::{Ensemble, GridEnsemble, Layout, MiningEnsemble, Sink};
use hashfall::quantity::{Instant, MS_PER_HOUR, Power, Span};
use hashfall::random::{DurationLaw, StreamId};
use hashfall::system::*;
use std::collections::BTreeMap;

/// A system of `hours` hours without anything in it.
pub fn empty(hours: i64) -> System {
    System {
        name: "test".into(),
        title: "Test".into(),
        mode: Mode::Study,
        start_unix_ms: 1_641_340_800_000, // 2022-01-05T00:00:00Z
        horizon: Span(hours * MS_PER_HOUR),
        seed: 1,
        replications: 1,
        windows: vec![Window {
            name: "all".into(),
            from: Instant::START,
            until: Instant(hours * MS_PER_HOUR),
        }],
        headline_window: 0,
        inputs: vec![],
        zones: vec![],
        load_forecasts: vec![],
        weather_years: None,
        lines: vec![],
        classes: vec![],
        plants: vec![],
        units: vec![],
        stores: vec![],
        hourly_outputs: vec![],
        weathers: vec![],
        fleets: vec![],
        farms: vec![],
        pools: vec![],
        access_classes: vec![AccessClass { name: "any".into() }],
        providers: vec![],
        gateways: vec![],
        hazards: vec![],
        orders: vec![],
        contracts: vec![],
        operator: Operator::default(),
        world: None,
        economics: None,
        blocks: None,
        observed: Observed::default(),
        observers: vec![],
        assumptions: vec![],
        milestones: vec![],
    }
}

/// Adds a window before `all`.
pub fn window(system: &mut System, name: &str, from_h: f64, until_h: f64) {
    let at = |hours: f64| Instant(Span::from_hours(hours).0);
    let last = system.windows.len() - 1;
    let window = Window {
        name: name.into(),
        from: at(from_h),
        until: at(until_h),
    };
    system.windows.insert(last, window);
}

/// Adds a zone with this load, MW by hour.
pub fn zone(system: &mut System, name: &str, load_mw: &[f64]) -> ZoneId {
    let hourly = load_mw
        .iter()
        .map(|&mw| Power::from_megawatts(mw))
        .collect();
    system.zones.push(Zone {
        name: name.into(),
        external: false,
        utc_offset_minutes: 0,
        clock_changes: vec![],
        load: LoadProfile::new(hourly),
        load_by_year: vec![],
        forecast: None,
        scale: LoadScale {
            factor: Value::Fixed(1.0),
            contains_mining: false,
        },
        response: None,
        weather: None,
        reserve: Power::ZERO,
        priority: 0,
        wind_stream: StreamId::of(&format!("wind/{name}")),
    });
    ZoneId::from(system.zones.len() - 1)
}

/// Adds a zone whose load never changes.
pub fn flat_zone(system: &mut System, name: &str, load_mw: f64) -> ZoneId {
    let hours = system.hours();
    zone(system, name, &vec![load_mw; hours])
}

/// Adds a merit class.
pub fn class(system: &mut System, name: &str, cost_usd_mwh: f64, tco2_mwh: f64) -> ClassId {
    let start = StartTimes::default();
    system.classes.push(Class {
        name: name.into(),
        cost_usd_mwh,
        tco2_mwh,
        start,
    });
    ClassId::from(system.classes.len() - 1)
}

/// Exponential failures and repairs.
pub fn exponential(name: &str, mttf_h: f64, mttr_h: f64) -> Alternation {
    Alternation {
        up: DurationLaw::Exponential { mean_h: mttf_h },
        down: DurationLaw::Exponential { mean_h: mttr_h },
        stream: StreamId::of(name),
    }
}

/// Adds a plant of `units` equal units; `times` are MTTF and MTTR in hours, if it can fail.
pub fn plant(
    system: &mut System,
    name: &str,
    (zone, class): (ZoneId, ClassId),
    units: u16,
    capacity_mw: f64,
    times: Option<(f64, f64)>,
) -> PlantId {
    let id = PlantId::from(system.plants.len());
    system.plants.push(Plant {
        name: name.into(),
        zone,
        class,
        first_unit: UnitId::from(system.units.len()),
        units,
        beta: 0.0,
        shock_stream: StreamId::of(&format!("plant/{name}/shock")),
    });
    for unit in 1..=units {
        let stream = format!("plant/{name}/unit-{unit}/outage");
        system.units.push(Unit {
            name: format!("{name}/unit-{unit}"),
            plant: id,
            zone,
            class,
            nameplate: Power::from_megawatts(capacity_mw),
            dependable: Value::Fixed(1.0),
            output: Output::Steady,
            outages: times.map(|(mttf, mttr)| exponential(&stream, mttf, mttr)),
            states: None,
            deratings: None,
            derating_share: 0.0,
            repair_factor: Value::Fixed(1.0),
            weather: None,
            planned: vec![],
            maintenance: None,
        });
    }
    id
}

/// Adds a line that never fails.
pub fn line(system: &mut System, name: &str, from: ZoneId, to: ZoneId, limit_mw: f64) -> LineId {
    system.lines.push(Line {
        name: name.into(),
        from,
        to,
        forward_mw: Value::Fixed(limit_mw),
        backward_mw: Value::Fixed(limit_mw),
        circuits: 1,
        n_minus_1: false,
        outages: None,
        report_above: 0.9,
    });
    LineId::from(system.lines.len() - 1)
}

/// One gateway, one provider, one pool: enough internet for any farm.
pub fn internet(system: &mut System) {
    system.gateways.push(Gateway {
        name: "border".into(),
        outages: None,
    });
    system.providers.push(Provider {
        name: "telecom".into(),
        gateways: vec![GatewayId(0)],
        outages: None,
        delay_ms: 0.0,
    });
    system.pools.push(Pool {
        name: "pool".into(),
        share: 1.0,
        outages: None,
        stream: StreamId::of("pool/pool/share"),
    });
}

/// At once, and all.
pub fn instant_start() -> StartProfile {
    StartProfile {
        steps: vec![StartStep {
            after: Span(0),
            share_ppm: 1_000_000,
        }],
    }
}

/// Adds a farm of `load_mw` at 50 J/TH (20 EH/s a GW) that comes back at once and holds for
/// ever; needs [`internet`].
pub fn farm(system: &mut System, name: &str, zone: ZoneId, load_mw: f64) -> FarmId {
    system.farms.push(Farm {
        name: name.into(),
        zone,
        status: FarmStatus::Registered,
        installed: Power::from_megawatts(load_mw),
        running_share: 1.0,
        efficiency_j_th: Value::Fixed(50.0),
        pue: 1.0,
        pue_from_c: 100.0,
        pue_per_degree: 0.0,
        heat_per_degree: 0.0,
        access: Access::Class(AccessClassId(0)),
        class_stream: StreamId::of(&format!("farm/{name}/access-class")),
        access_outages: None,
        providers: vec![ProviderId(0)],
        pools: vec![PoolId(0)],
        link_loss: LinkLoss {
            hold_minutes: Value::Fixed(f64::INFINITY),
            hold_power: 1.0,
            after_power: 0.0,
        },
        start: instant_start(),
        crew_start: instant_start(),
        compliance: Value::Fixed(1.0),
        compliance_stream: StreamId::of(&format!("farm/{name}/compliance")),
        order_needs_link: false,
        interruptible: false,
        cut_priority: 0,
        contract: None,
        price: None,
        telecom_battery: Span::from_hours(4.0),
        pool_fee: 0.0,
        tariff_usd_mwh: 40.0,
    });
    FarmId::from(system.farms.len() - 1)
}

/// Adds a hazard that strikes from one hour to another.
pub fn hazard(
    system: &mut System,
    name: &str,
    event: bool,
    (from_h, until_h): (f64, f64),
    targets: Vec<Target>,
) -> HazardId {
    let moment = |hours: f64| Moment {
        at: Instant(Span::from_hours(hours).0),
        plus_minutes: Value::Fixed(0.0),
    };
    system.hazards.push(Hazard {
        name: name.into(),
        event,
        timing: HazardTiming::Dated {
            from: moment(from_h),
            until: moment(until_h),
        },
        chance: Value::Fixed(1.0),
        each_chance: Value::Fixed(1.0),
        target_streams: (0..targets.len())
            .map(|k| StreamId::of(&format!("hazard/{name}/{k}")))
            .collect(),
        targets,
        load_changes: vec![],
        spares: Value::Fixed(0.0),
        windows: vec![],
        stream: StreamId::of(&format!("hazard/{name}")),
        spare_streams: vec![],
    });
    HazardId::from(system.hazards.len() - 1)
}

/// Published values of one replication, by index.
pub struct Outcome {
    layout: Layout,
    sink: Sink,
}

impl Outcome {
    /// An index of a window and scope, in its unit.
    pub fn get(&self, window: &str, scope: &str, index: &str) -> f64 {
        let column = self
            .layout
            .find(window, scope, index)
            .unwrap_or_else(|| panic!("no column {window} {scope} {index}"));
        self.sink.row[column.slot] as f64 * column.scale
    }
    /// An index of the network over the whole horizon.
    pub fn network(&self, index: &str) -> f64 {
        self.get("all", "network", index)
    }
    /// An index of the system over the whole horizon.
    pub fn system(&self, index: &str) -> f64 {
        self.get("all", "system", index)
    }
    /// The row as stored, by the name of its slot.
    pub fn slot(&self, name: &str) -> i64 {
        let at = self.layout.slots.iter().position(|slot| slot.name == name);
        self.sink.row[at.unwrap_or_else(|| panic!("no slot {name}"))]
    }
    /// All slots by their names.
    pub fn named(&self) -> BTreeMap<&str, i64> {
        let names = self.layout.slots.iter().map(|slot| slot.name.as_str());
        names.zip(self.sink.row.iter().copied()).collect()
    }
    /// All slots.
    pub fn row(&self) -> &[i64] {
        &self.sink.row
    }
}

/// Runs one replication with all the recorders of a mining system.
pub fn run(system: &System, replication: u32) -> Outcome {
    run_with::<MiningEnsemble>(system, replication)
}

/// Runs one replication with the recorders of a grid alone.
pub fn run_grid(system: &System, replication: u32) -> Outcome {
    run_with::<GridEnsemble>(system, replication)
}

fn run_with<E: Ensemble>(system: &System, replication: u32) -> Outcome {
    let plan = Plan::new(system);
    let mut ensemble = E::new(&plan);
    let mut sink = Sink::default();
    let mut replicator = hashfall::engine::Replicator::new(&plan);
    ensemble
        .replicate(&mut replicator, replication, &mut sink)
        .expect("a replication");
    Outcome {
        layout: E::layout(&plan),
        sink,
    }
}

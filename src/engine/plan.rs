//! What follows from a system alone, computed once for all replications.

use super::chain::Chains;
use super::draw::sun_shares;
use super::hourly::HourlyPlan;
use super::plain::PlainUnits;
use super::prepared::PreparedLoads;
use super::store::{self, StorePlan};
use super::wind;
use crate::dispatch::Network;
use crate::quantity::{Instant, MS_PER_HOUR, Share};
use crate::random::{Sampler, StreamId};
use crate::system::{
    Alternation, ContractId, Farm, HourlyOutputId, Output, System, Target, WeatherTable,
};

/// Samplers of one alternating entity.
#[derive(Debug, Clone)]
pub(super) struct Alternating {
    pub up: Sampler,
    pub down: Sampler,
    pub stream: StreamId,
    /// Long-run unavailability, MTTR / (MTTF + MTTR).
    pub unavailability: f64,
}

impl Alternating {
    pub fn new(alternation: &Alternation) -> Self {
        let (up, down) = (Sampler::new(alternation.up), Sampler::new(alternation.down));
        let unavailability = down.mean_h() / (up.mean_h() + down.mean_h());
        Self {
            up,
            down,
            stream: alternation.stream,
            unavailability,
        }
    }
}

/// One circuit of a line.
#[derive(Debug, Clone)]
pub(super) struct Circuit {
    pub line: usize,
    pub outages: Option<Alternating>,
}

/// Units of one zone, class and kind that follow the weather together.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Renewable {
    pub zone: usize,
    pub class: usize,
    /// Location of the wind path in logits, so that the mean output is right; nothing for sun.
    pub wind_location: f64,
    /// What sun gives in each of the 24 hours from the start, parts per million of capacity;
    /// nothing for wind.
    pub sun: Vec<i64>,
    /// Hours of the day from the start at which its output may move, one bit each.
    moves: u32,
}

impl Renewable {
    /// Units of a zone and class that follow its wind, or its sun.
    fn new(system: &System, zone: usize, class: usize, output: Output) -> Self {
        let sun = match output {
            Output::Sun(mean) => sun_shares(system, &system.zones[zone], mean).collect(),
            _ => Vec::new(),
        };
        let moves = |hour: usize| match sun.get(hour) {
            Some(share) => *share != sun[(hour + 23) % 24],
            None => hour.is_multiple_of(wind::WIND_STEP_H),
        };
        Self {
            zone,
            class,
            wind_location: match output {
                Output::Wind(mean) => wind::location(mean),
                _ => 0.0,
            },
            moves: (0..24).map(|hour| u32::from(moves(hour)) << hour).sum(),
            sun,
        }
    }

    /// Whether its output may be another than in the hour before.
    #[inline]
    pub fn moves(&self, hour: usize) -> bool {
        self.moves >> (hour % 24) & 1 != 0
    }
}

/// Where what a unit gives while it is available comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Gives {
    /// Its dependable capacity.
    Steady,
    /// Its part of a group of [`Plan::renewables`].
    Group(usize),
    /// An hourly output.
    Hourly(HourlyOutputId),
    /// The capacity of its state.
    States,
}

/// What a change of a unit needs to know of it, side by side: units change in no order.
#[derive(Debug, Clone, Copy)]
pub(super) struct UnitPlace {
    pub zone: usize,
    pub class: usize,
    pub gives: Gives,
}

/// Units whose failure rate follows the same temperature by the same table.
#[derive(Debug, Clone)]
pub(super) struct HazardRate {
    pub weather: usize,
    pub table: WeatherTable,
    pub unavailability: f64,
}

/// A system with everything the engine computes ahead.
#[derive(Debug)]
pub struct Plan<'s> {
    /// The system.
    pub system: &'s System,
    pub(super) network: Network,
    /// For each line under the N-1 rule all such lines of its corridor, itself among them, and
    /// whether each runs along the corridor; for others none.
    pub(super) secured_with: Vec<Vec<(usize, bool)>>,
    pub(super) units: Vec<Option<Alternating>>,
    pub(super) deratings: Vec<Option<Alternating>>,
    /// Units with more states than up and down.
    pub(super) chains: Chains,
    pub(super) circuits: Vec<Circuit>,
    pub(super) access: Vec<Option<Alternating>>,
    pub(super) providers: Vec<Option<Alternating>>,
    pub(super) gateways: Vec<Option<Alternating>>,
    pub(super) pools: Vec<Option<Alternating>>,
    /// Own failures of a unit in a plant with common shocks: mean up time over (1 - beta).
    pub(super) own_up: Vec<Option<Sampler>>,
    pub(super) renewables: Vec<Renewable>,
    /// Where each unit stands, and what it gives.
    pub(super) unit_places: Vec<UnitPlace>,
    /// Units with an hourly output, together.
    pub(super) hourly: HourlyPlan,
    pub(super) loads: PreparedLoads,
    pub(super) stores: StorePlan,
    /// For the short way, where the grid is plain enough for it.
    pub(super) plain: Option<PlainUnits>,
    pub(super) rates: Vec<HazardRate>,
    /// For each unit its entry of [`Plan::rates`].
    pub(super) rate_of: Vec<Option<usize>>,
    /// Farms of each zone in the order in which the ladder cuts them.
    pub(super) cut_order: Vec<Vec<Candidate>>,
    /// Windows of all hazards: (hazard, window).
    pub(super) windows: Vec<(usize, usize)>,
    /// Hours and window edges, at which recorders look.
    pub(super) boundaries: Vec<Instant>,
    /// Share of work that arrives too late by each provider, parts per million:
    /// 1 - exp(-delay / block interval).
    pub(super) stale: Vec<i64>,
    /// True where some farm can be cut by the ladder or a contract.
    pub(super) has_ladder: bool,
    /// Zones with farms, and farms of each zone.
    pub(super) mining_zones: Vec<usize>,
    pub(super) farms_of: Vec<Vec<usize>>,
    /// Farms that feel the temperature, and farms that follow a price.
    pub(super) heated: Vec<usize>,
    pub(super) priced: Vec<usize>,
}

impl<'s> Plan<'s> {
    /// Prepares a system.
    pub fn new(system: &'s System) -> Self {
        let alternating = |a: &Option<Alternation>| a.as_ref().map(Alternating::new);
        let mut renewables: Vec<Renewable> = Vec::new();
        let mut rates: Vec<HazardRate> = Vec::new();
        let mut unit_places = Vec::with_capacity(system.units.len());
        let mut rate_of = Vec::with_capacity(system.units.len());
        for unit in &system.units {
            let mut group = || {
                let (zone, class) = (unit.zone.at(), unit.class.at());
                let group = Renewable::new(system, zone, class, unit.output);
                Gives::Group(position_or_push(&mut renewables, group, |a, b| a == b))
            };
            unit_places.push(UnitPlace {
                zone: unit.zone.at(),
                class: unit.class.at(),
                gives: match unit.output {
                    Output::Steady if unit.states.is_some() => Gives::States,
                    Output::Steady => Gives::Steady,
                    Output::Hourly(output) => Gives::Hourly(output),
                    Output::Wind(_) | Output::Sun(_) => group(),
                },
            });
            let weather = system.zones[unit.zone.at()].weather;
            rate_of.push(match (&unit.outages, &unit.weather, weather) {
                (Some(outages), Some(table), Some(weather)) => {
                    let rate = HazardRate {
                        weather: weather.at(),
                        table: table.clone(),
                        unavailability: Alternating::new(outages).unavailability,
                    };
                    Some(position_or_push(&mut rates, rate, |a, b| {
                        a.weather == b.weather
                            && a.table == b.table
                            && a.unavailability == b.unavailability
                    }))
                }
                _ => None,
            });
        }
        let own_up = system
            .units
            .iter()
            .map(|unit| {
                let beta = system.plants[unit.plant.at()].beta;
                let own = Alternating::new(unit.outages.as_ref()?).up;
                Some(own.with_mean_h(own.mean_h() / (1.0 - beta)))
            })
            .collect();
        let mut farms_of = vec![Vec::new(); system.zones.len()];
        for (index, farm) in system.farms.iter().enumerate() {
            farms_of[farm.zone.at()].push(index);
        }
        let cut_order = farms_of.iter().map(|farms| cut_order(system, farms));
        let network = Network::new(system);
        let stores = StorePlan::new(system);
        Self {
            secured_with: network.secured_with(system),
            network,
            plain: PlainUnits::new(system),
            units: system
                .units
                .iter()
                .map(|unit| alternating(&unit.outages))
                .collect(),
            deratings: system
                .units
                .iter()
                .map(|unit| alternating(&unit.deratings))
                .collect(),
            chains: Chains::new(system),
            circuits: circuits(system),
            access: system
                .farms
                .iter()
                .map(|farm| alternating(&farm.access_outages))
                .collect(),
            providers: system
                .providers
                .iter()
                .map(|item| alternating(&item.outages))
                .collect(),
            gateways: system
                .gateways
                .iter()
                .map(|item| alternating(&item.outages))
                .collect(),
            pools: system
                .pools
                .iter()
                .map(|item| alternating(&item.outages))
                .collect(),
            own_up,
            renewables,
            hourly: HourlyPlan::new(system, |unit| stores.of_unit(unit).is_some()),
            unit_places,
            loads: PreparedLoads::new(system),
            stores,
            rates,
            rate_of,
            cut_order: cut_order.collect(),
            windows: system
                .hazards
                .iter()
                .enumerate()
                .flat_map(|(hazard, item)| (0..item.windows.len()).map(move |k| (hazard, k)))
                .collect(),
            stale: stale(system),
            boundaries: boundaries(system),
            has_ladder: system
                .farms
                .iter()
                .any(|farm| farm.interruptible || farm.contract.is_some()),
            mining_zones: (0..system.zones.len())
                .filter(|&zone| !farms_of[zone].is_empty())
                .collect(),
            farms_of,
            heated: farms_where(system, |farm| {
                (farm.pue_per_degree > 0.0 || farm.heat_per_degree > 0.0)
                    && system.zones[farm.zone.at()].weather.is_some()
            }),
            priced: farms_where(system, |farm| farm.price.is_some()),
            system,
        }
    }

    /// Capacity of a unit in one of its states, W; its nameplate where it has no states.
    pub(super) fn state_capacity(&self, unit: usize, state: u8) -> i64 {
        let unit = &self.system.units[unit];
        let states = unit.states.as_ref();
        let state = states.and_then(|model| model.states.get(usize::from(state)));
        state.map_or(unit.nameplate, |state| state.capacity).0
    }

    /// Levels of dispatch that are supply: merit classes, and behind them those of stores.
    pub(super) fn supply_levels(&self) -> usize {
        let stores = if self.system.stores.is_empty() {
            0
        } else {
            store::LEVELS
        };
        self.system.classes.len() + stores
    }

    /// The level of dispatch at which a zone's load goes unserved.
    pub(super) fn unserved_level(&self, zone: usize) -> usize {
        self.supply_levels() + usize::from(self.system.zones[zone].priority)
    }

    /// Zones and corridors.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// Farms of a zone.
    pub fn farms_of(&self, zone: usize) -> &[usize] {
        &self.farms_of[zone]
    }

    /// The line a circuit belongs to.
    pub fn line_of_circuit(&self, circuit: u16) -> usize {
        self.circuits[usize::from(circuit)].line
    }

    /// Unit and state of the index of an [`crate::engine::Event::UnitEnters`].
    pub fn unit_state(&self, slot: u16) -> (u16, u8) {
        self.chains.unit_state(slot)
    }

    /// Hazard and number of a window.
    pub fn window(&self, slot: u16) -> (usize, usize) {
        self.windows[usize::from(slot)]
    }

    /// Hazards that close gateways for the farm `spared` bits: at most 64 are told apart.
    pub(super) fn closes_gateways(&self, hazard: usize) -> bool {
        let targets = &self.system.hazards[hazard].targets;
        targets
            .iter()
            .any(|target| matches!(target, Target::Gateway(_)))
    }
}

/// A farm that the ladder may cut.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub farm: usize,
    pub contract: Option<ContractId>,
    pub interruptible: bool,
    /// An order reaches it only over its link.
    pub needs_link: bool,
}

/// Farms in the order in which the ladder cuts them.
fn cut_order(system: &System, farms: &[usize]) -> Vec<Candidate> {
    let mut farms = farms.to_vec();
    farms.sort_by_key(|&farm| (system.farms[farm].cut_priority, farm));
    let candidate = |farm: usize| Candidate {
        farm,
        contract: system.farms[farm].contract,
        interruptible: system.farms[farm].interruptible,
        needs_link: system.farms[farm].order_needs_link,
    };
    farms.into_iter().map(candidate).collect()
}

fn stale(system: &System) -> Vec<i64> {
    let interval_s = system
        .world
        .as_ref()
        .map_or(600.0, |world| world.block_interval_s);
    let share = |delay_ms: f64| 1.0 - libm::exp(-delay_ms / 1000.0 / interval_s);
    let of = |provider: &crate::system::Provider| Share::from_f64(share(provider.delay_ms)).0;
    system.providers.iter().map(of).collect()
}

fn position_or_push<T>(items: &mut Vec<T>, item: T, same: impl Fn(&T, &T) -> bool) -> usize {
    match items.iter().position(|other| same(other, &item)) {
        Some(position) => position,
        None => {
            items.push(item);
            items.len() - 1
        }
    }
}

fn circuits(system: &System) -> Vec<Circuit> {
    let mut circuits = Vec::new();
    for (index, line) in system.lines.iter().enumerate() {
        for circuit in 1..=line.circuits {
            let outages = line.outages.as_ref().map(|outages| {
                let name = format!("line/{}/circuit-{circuit}/outage", line.name);
                Alternating {
                    stream: StreamId::of(&name),
                    ..Alternating::new(outages)
                }
            });
            circuits.push(Circuit {
                line: index,
                outages,
            });
        }
    }
    circuits
}

/// Every hour after the start, every window edge, and the end of the horizon, in order.
fn boundaries(system: &System) -> Vec<Instant> {
    let hours = system.hours() as i64;
    let mut all: Vec<Instant> = (1..=hours)
        .map(|hour| Instant(hour * MS_PER_HOUR))
        .collect();
    for window in &system.windows {
        all.extend([window.from, window.until]);
    }
    all.retain(|&at| at > Instant::START && at.0 <= system.horizon.0);
    all.sort_unstable();
    all.dedup();
    all
}

/// Farms of which something holds.
fn farms_where(system: &System, holds: impl Fn(&Farm) -> bool) -> Vec<usize> {
    let farms = system.farms.iter().enumerate();
    farms
        .filter(|(_, farm)| holds(farm))
        .map(|(index, _)| index)
        .collect()
}

//! How it is now, in one replication: flat vectors, reset without allocating.

use super::farm::FarmState;
use super::marks::Marks;
use super::slack::Slack;
use super::store::{StoreState, Stores};
use super::{Agenda, Plan};
use crate::connectivity::Links;
use crate::dispatch::Market;
use crate::quantity::Instant;

/// Reasons for a unit to be out.
pub(super) mod reason {
    /// Forced outage.
    pub const FORCED: u8 = 1;
    /// Planned outage.
    pub const PLANNED: u8 = 2;
    /// A hazard, or a dark zone.
    pub const STRUCK: u8 = 4;
    /// Starting after that.
    pub const STARTING: u8 = 8;
}

/// A unit's state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UnitState {
    /// Set of reasons to be out; available when empty.
    pub(super) reasons: u8,
    /// Strikes that now hold it down.
    pub(super) strikes: u16,
    /// Planned outages that now hold it down.
    pub(super) planned: u16,
    /// Its state, of a unit that has several.
    pub(super) state: u8,
    /// A partial outage lasts.
    pub(super) derated: bool,
    pub(super) off_since: Instant,
    /// What it adds to its zone's capacity now, W (weather-driven units: to its group; those of an
    /// hourly group: to what that gives while all is there).
    pub contribution: i64,
}

impl UnitState {
    /// Index of its state, of a unit that has several; else 0.
    pub fn state(&self) -> u8 {
        self.state
    }
    /// Able to run.
    pub fn is_available(&self) -> bool {
        self.reasons == 0
    }
}

/// A zone's state. Powers in W.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ZoneState {
    /// Capacity of its plants.
    pub capacity: i64,
    /// Firm load, before what hazards switch off.
    pub firm: i64,
    /// Load that hazards switch on or off now.
    pub(super) load_change: i64,
    /// The part of it that counts as unserved.
    pub(super) load_cut: i64,
    /// Reasons to be dark.
    pub(super) dark: u16,
    /// Mining wanted now, and if all were released.
    pub wanted: i64,
    pub(super) released: i64,
    /// What the operator keeps in reserve.
    pub(super) reserve: i64,
    /// Mining wanted and not served.
    pub mining_unserved: i64,
}

/// The last time the ladder cut a zone's farms.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cut {
    /// What was needed on the rungs of contracts and of orders, W.
    pub needs: [i64; 2],
    /// Its farms have changed since, or changed by it.
    pub again: bool,
    /// An order held somebody down until then.
    pub until: Instant,
    /// All run free.
    pub free: bool,
    /// What farms offer on those rungs, W, where it is known.
    pub offers: Option<[i64; 2]>,
    /// The ladder's market has been told of them, and of the zone's load.
    pub offered: bool,
}

impl Cut {
    /// It never did.
    pub const NEVER: Self = Self {
        needs: [0; 2],
        again: true,
        until: Instant::NEVER,
        free: true,
        offers: None,
        offered: false,
    };

    /// Something of the zone's farms changed.
    #[inline]
    pub fn look_again(&mut self) {
        self.again = true;
        self.offers = None;
        self.offered = false;
    }

    /// A ceiling moved, or an order came or went. What its farm offers is what it would draw
    /// without; but one without a path may take orders only once it is warned.
    #[inline]
    pub fn moved(&mut self, has_path: bool) {
        if has_path {
            self.again = true;
        } else {
            self.look_again();
        }
    }
}

impl ZoneState {
    /// Firm load after what hazards switched.
    #[inline]
    pub fn firm_now(&self) -> i64 {
        (self.firm + self.load_change).max(0)
    }

    /// What its load, all its miners and its reserve ask for, W.
    #[inline]
    pub(super) fn with_reserve(&self) -> i64 {
        self.firm_now() + self.reserve + self.released
    }
}

/// A contract's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ContractState {
    /// May be called.
    #[default]
    Idle,
    /// Called; power must be off when the notice is over.
    Noticed,
    /// In force since then.
    Called(Instant),
    /// Over; may not be called again yet.
    Resting,
}

/// What must be looked at again before time goes on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Dirty {
    /// Something on the internet side changed.
    pub links: bool,
    /// Capacity, load, or a farm's leave to run changed.
    pub balance: bool,
    /// What farms would draw if released changed.
    pub margin: bool,
    /// Line limits changed.
    pub lines: bool,
    /// Some farm changed.
    pub farms: bool,
}

/// Everything that changes during a replication.
#[derive(Debug, Clone)]
pub struct State {
    /// Now.
    pub now: Instant,
    /// Units.
    pub units: Vec<UnitState>,
    /// What groups with an hourly output give while all is there, W; and their units that are
    /// out, or in part.
    pub(super) hourly_total: Vec<i64>,
    pub(super) units_away: Marks,
    /// Available nameplate of weather-driven groups, W.
    pub(super) group_available: Vec<i64>,
    /// Present capacity of those groups, W.
    pub(super) group_capacity: Vec<i64>,
    /// Capacity, `[zone][class]`, W.
    pub(super) capacity: Vec<i64>,
    /// Zones.
    pub zones: Vec<ZoneState>,
    /// Zones of which the ladder's market, or that of energy, has not been told that capacity, load
    /// or mining changed; and for each zone the classes whose capacity the latter has not been told
    /// of, one bit each.
    pub(super) unseen_by_ladder: Marks,
    pub(super) unseen_by_balance: Marks,
    pub(super) touched_classes: Vec<u64>,
    /// A hazard keeps load of some zone switched off.
    pub(super) cut_by_hazard: bool,
    /// What the ladder's question leaves to spare, and what load leaves; and room to say it zone by
    /// zone.
    pub(super) ladder_slack: Slack,
    pub(super) balance_slack: Slack,
    pub(super) spare: Vec<i64>,
    /// Capacity, lines or firm load changed at the last refresh, not farms alone.
    pub grid_changed: bool,
    /// Limits of lines may have changed at the last refresh.
    pub lines_changed: bool,
    /// Circuits out of service of each line.
    pub(super) circuits_down: Vec<u16>,
    /// Hazards that hold a whole line open.
    pub(super) line_struck: Vec<u16>,
    /// Limits of each line now: forward, backward, W.
    pub line_limit: Vec<(i64, i64)>,
    /// Internet side.
    pub(super) links: Links,
    /// Farms.
    pub farms: Vec<FarmState>,
    /// Farms to be looked at; those of them whose leave to run may have changed; and those of
    /// which what they would draw if released may have changed.
    pub(super) dirty_farms: Marks,
    pub(super) farms_to_follow: Marks,
    pub(super) farms_to_release: Marks,
    /// Farms that must look for their path again.
    pub(super) farms_to_link: Marks,
    /// Farms that changed since the recorders last looked.
    pub changed_farms: Vec<u16>,
    /// Those of them of which more than what runs may have changed.
    pub changed_leaves: Vec<u16>,
    pub(super) order_active: Vec<bool>,
    /// Contracts.
    pub contracts: Vec<ContractState>,
    pub(super) contract_calls: Vec<u32>,
    /// The operator's ladder is in use.
    pub(super) ladder_active: bool,
    pub(super) cuts: Vec<Cut>,
    /// Firm load not served in each zone, W.
    pub unserved: Vec<i64>,
    /// True while firm load of some zone goes unserved.
    pub is_short: bool,
    /// Some farm may feel heat today: hardly ever in a winter.
    pub(super) warm_day: bool,
    /// At the last clearing somebody lacked supply: with mining, and without any.
    pub(super) lacked_supply: bool,
    pub(super) bare_lacked: bool,
    pub(super) dirty: Dirty,
    pub(super) agenda: Agenda,
    /// Run without the event's hazards and orders.
    pub(super) without_event: bool,
    pub(super) ladder_market: Market,
    pub(super) energy_market: Market,
    pub(super) bare_market: Market,
    /// Next event of the timeline, and next boundary.
    pub(super) cursor: usize,
    pub(super) boundary: usize,
    pub(super) stores: Stores,
    /// Rounds at the present instant, to stop a storm.
    pub(super) rounds: u32,
}

/// Levels of the ladder's market: supply, then what may be cut, cheapest first.
pub(super) mod rung {
    pub const SUPPLY: usize = 0;
    pub const CONTRACT: usize = 1;
    pub const ORDER: usize = 2;
    pub const RESERVE: usize = 3;
    pub const REST: usize = 4;
    pub const COUNT: usize = 5;
    /// All of them, one bit each.
    pub const ALL: u64 = (1 << COUNT) - 1;
}

impl State {
    /// Room for the state of a plan's system.
    pub fn new(plan: &Plan<'_>) -> Self {
        let system = plan.system;
        let (zones, lines, farms) = (system.zones.len(), system.lines.len(), system.farms.len());
        let classes = system.classes.len();
        let priorities = system
            .zones
            .iter()
            .map(|zone| zone.priority)
            .max()
            .unwrap_or(0);
        let market = || {
            let supply = plan.supply_levels();
            let levels = supply + usize::from(priorities) + 1;
            Market::new(&plan.network, supply, levels)
        };
        Self {
            now: Instant::START,
            units: vec![UnitState::default(); system.units.len()],
            hourly_total: vec![0; plan.hourly.groups.len()],
            units_away: Marks::none(system.units.len()),
            group_available: vec![0; plan.renewables.len()],
            group_capacity: vec![0; plan.renewables.len()],
            capacity: vec![0; zones * classes],
            zones: vec![ZoneState::default(); zones],
            unseen_by_ladder: Marks::none(zones),
            unseen_by_balance: Marks::none(zones),
            touched_classes: vec![0; zones],
            cut_by_hazard: false,
            ladder_slack: Slack::UNKNOWN,
            balance_slack: Slack::UNKNOWN,
            spare: vec![0; zones],
            grid_changed: true,
            lines_changed: true,
            circuits_down: vec![0; lines],
            line_struck: vec![0; lines],
            line_limit: vec![(0, 0); lines],
            links: Links::new(system),
            farms: vec![FarmState::default(); farms],
            dirty_farms: Marks::none(farms),
            farms_to_follow: Marks::none(farms),
            farms_to_release: Marks::none(farms),
            farms_to_link: Marks::none(farms),
            changed_farms: Vec::with_capacity(farms),
            changed_leaves: Vec::with_capacity(farms),
            order_active: vec![false; system.orders.len()],
            contracts: vec![ContractState::default(); system.contracts.len()],
            contract_calls: vec![0; system.contracts.len()],
            ladder_active: false,
            cuts: vec![Cut::NEVER; zones],
            unserved: vec![0; zones],
            is_short: false,
            warm_day: true,
            lacked_supply: true,
            bare_lacked: true,
            dirty: Dirty::default(),
            agenda: Agenda::new(system),
            without_event: false,
            ladder_market: Market::new(&plan.network, rung::CONTRACT, rung::COUNT),
            energy_market: market(),
            bare_market: market(),
            cursor: 0,
            boundary: 0,
            stores: Stores {
                states: vec![StoreState::default(); system.stores.len()],
                wanted: vec![0; zones],
            },
            rounds: 0,
        }
    }

    /// The recorders have seen all that changed.
    #[inline]
    pub(super) fn is_seen(&mut self) {
        self.changed_farms.clear();
        self.changed_leaves.clear();
        self.energy_market.forget_moves();
        if self.grid_changed {
            self.bare_market.forget_moves();
        }
    }

    /// The energy market as last cleared: supply by class, then unserved load by priority.
    pub fn energy(&self) -> &Market {
        &self.energy_market
    }

    /// The same without any mining.
    pub fn bare(&self) -> &Market {
        &self.bare_market
    }

    /// Whether a farm is cut by the ladder or its contract now.
    pub fn is_curtailed(&self, farm: usize) -> bool {
        let farm = &self.farms[farm];
        farm.ladder.min(farm.contract) < crate::quantity::Share::ONE.0
    }

    /// Marks a farm of which anything may have changed.
    pub(super) fn touch(&mut self, farm: usize) {
        self.farms_to_release.mark(farm);
        self.touch_leave(farm);
    }

    /// Marks a farm whose leave to run changed, but not what it would draw if the ladder and its
    /// contract let it.
    pub(super) fn touch_leave(&mut self, farm: usize) {
        self.farms_to_follow.mark(farm);
        self.touch_machines(farm);
    }

    /// Marks a farm whose machines alone changed.
    pub(super) fn touch_machines(&mut self, farm: usize) {
        self.dirty_farms.mark(farm);
        self.dirty.farms = true;
    }

    /// Marks a zone whose capacity or load changed, so that it has so much less to spare, W, or
    /// more where negative.
    #[inline]
    pub(super) fn touch_zone(&mut self, zone: usize, less: i64) {
        self.unseen_by_ladder.mark(zone);
        self.unseen_by_balance.mark(zone);
        self.ladder_slack.fall(less);
        self.balance_slack.fall(less);
    }

    /// How much may go is not known any more.
    pub(super) fn forget_slack(&mut self) {
        (self.ladder_slack, self.balance_slack) = (Slack::UNKNOWN, Slack::UNKNOWN);
    }
}

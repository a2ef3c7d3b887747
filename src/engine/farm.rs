//! A farm in motion: from what it may do to what it does, and why the rest is missing.

pub(super) use super::shares::WHOLE;
use super::{Agenda, Cause, Ring, Shares};
use crate::quantity::{Instant, Power, Share};
use crate::system::Farm;

/// A farm's state. Shares are in parts per million of installed machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FarmState {
    /// All its machines at normal power, W.
    pub installed: Power,
    /// Its zone.
    pub(super) zone: u16,
    /// Power it wants, W.
    pub wants: i64,
    /// Power it gets, W.
    pub draws: i64,
    /// Power it would draw if the ladder and its contract let it, W.
    pub(super) at_release: i64,
    /// Reasons without supply: dark zone, local power.
    pub dark: u16,
    /// Share of load shed by feeder rotation in its zone.
    pub shed: i64,
    /// Left by the orders in force.
    pub order: i64,
    /// Left by the ladder.
    pub ladder: i64,
    /// Left by the contract.
    pub contract: i64,
    /// It pays.
    pub pays: bool,
    /// Reasons for the last mile to be down.
    pub access_down: u16,
    /// The telecom site has no power left.
    pub battery_empty: bool,
    /// A pool can be reached.
    pub link: bool,
    /// No link, and the operator has cut power.
    pub asleep: bool,
    /// The pool it mines to (or last did).
    pub pool: u16,
    /// Work lost to the path's delay.
    pub stale: i64,
    /// Lost to heat.
    pub heat: i64,
    /// Wall power over that at the reference temperature.
    pub power_factor: i64,
    /// Machines that hash, or would with a link.
    pub ready: i64,
    /// Where the start under way leads; equals `ready` without one.
    pub goal: i64,
    base: i64,
    step: u16,
    began: Instant,
    /// Reasons for the crew to be away.
    pub crew_away: u16,
    /// What brought machines down last.
    pub trigger: Cause,
    /// The operator's order has reached it.
    pub warned: bool,
    /// An order is on its way.
    pub warning: bool,
    /// Obeys the present call.
    pub complies: bool,
    /// An order keeps it down until then.
    pub held_until: Instant,
    /// Price: no change before then.
    pub price_until: Instant,
    /// Strikes by hazards it slips past, one bit each.
    pub spared: u64,
}

impl Default for FarmState {
    fn default() -> Self {
        Self {
            installed: Power(0),
            zone: 0,
            wants: 0,
            draws: 0,
            at_release: 0,
            dark: 0,
            shed: 0,
            order: WHOLE,
            ladder: WHOLE,
            contract: WHOLE,
            pays: true,
            access_down: 0,
            battery_empty: false,
            link: true,
            asleep: false,
            pool: 0,
            stale: 0,
            heat: 0,
            power_factor: WHOLE,
            ready: WHOLE,
            goal: WHOLE,
            base: WHOLE,
            step: 0,
            began: Instant::START,
            crew_away: 0,
            trigger: Cause::Supply,
            warned: false,
            warning: false,
            complies: true,
            held_until: Instant::START,
            price_until: Instant::START,
            spared: 0,
        }
    }
}

impl FarmState {
    /// Share with supply: nothing in the dark, else what feeder rotation leaves.
    #[inline]
    pub fn supply(&self) -> i64 {
        if self.dark > 0 { 0 } else { WHOLE - self.shed }
    }

    /// What it could draw if the ladder and the contract let it: the operator's question is
    /// what happens on release, so a start under way counts as finished.
    #[inline]
    pub fn released(&self) -> i64 {
        if self.dark > 0 || !self.pays {
            0
        } else {
            self.order
        }
    }

    /// What it may run now. Feeder rotation takes its share of that at every instant, and is
    /// taken to pass too quickly from feeder to feeder for restarts to be told apart.
    #[inline]
    pub fn allowed(&self) -> i64 {
        self.released().min(self.ladder).min(self.contract)
    }

    /// Until when an order holds it down, if one does.
    #[inline]
    pub(super) fn held(&self, now: Instant) -> Option<Instant> {
        ((self.ladder < WHOLE) & (self.held_until > now)).then_some(self.held_until)
    }

    /// Machines without a path: share of normal power that each draws.
    pub fn power_share(&self, farm: &Farm) -> f64 {
        match (self.link, self.asleep) {
            (true, _) => 1.0,
            (false, false) => farm.link_loss.hold_power,
            (false, true) => farm.link_loss.after_power,
        }
    }

    /// Power drawn by a share of the machines in the present link state.
    #[inline(always)]
    pub fn power_of(&self, farm: &Farm, share: i64) -> i64 {
        let full = Share(self.power_factor).part_of(Share(share).part_of(self.installed.0));
        if self.link {
            return full;
        }
        self.power_without_path(farm, full)
    }

    /// What machines without a path draw that would draw so much with one.
    fn power_without_path(&self, farm: &Farm, full: i64) -> i64 {
        Share::from_f64(self.power_share(farm)).part_of(full)
    }

    /// Power it wants from the grid now: ready machines, or all permitted ones asleep.
    #[inline]
    pub fn wanted(&self, farm: &Farm) -> i64 {
        let machines = if self.asleep && !self.link {
            self.allowed()
        } else {
            self.ready
        };
        self.power_of(farm, machines)
    }

    /// What each cause takes of its hashes.
    #[inline]
    pub fn shares(&self) -> Shares {
        let none_if = |free: bool| if free { 0 } else { WHOLE };
        let restarting = if self.link {
            (self.allowed() - self.ready).max(0)
        } else {
            0
        };
        Shares {
            taken: [
                if self.dark > 0 { WHOLE } else { self.shed },
                WHOLE - self.order.min(self.ladder),
                WHOLE - self.contract,
                none_if(self.pays),
                none_if(self.link),
                restarting,
                self.heat,
                self.stale,
            ],
        }
    }

    /// Brings `ready` in line with what is allowed: at once downward, by steps upward.
    #[inline]
    pub(super) fn follow(&mut self, farm: &Farm, index: u16, now: Instant, agenda: &mut Agenda) {
        let allowed = self.allowed();
        if allowed < self.ready {
            self.trigger = self.binding(allowed);
            self.ready = allowed;
        }
        if self.goal > allowed {
            self.goal = allowed;
        }
        let sleeping = self.asleep && !self.link;
        if sleeping || self.goal <= self.ready {
            self.goal = self.ready;
            agenda.cancel(Ring::FarmStep(index));
        }
        if !sleeping && allowed > self.goal {
            self.base = self.ready;
            self.goal = allowed;
            self.step = 0;
            self.began = now;
            self.advance(farm, index, now, agenda);
        }
        if !sleeping {
            self.nothing_comes_back(allowed);
        }
    }

    /// The next step of a start that goes on.
    #[inline]
    pub(super) fn step(&mut self, farm: &Farm, index: u16, now: Instant, agenda: &mut Agenda) {
        self.advance(farm, index, now, agenda);
        if self.goal <= self.ready {
            agenda.cancel(Ring::FarmStep(index));
        }
        self.nothing_comes_back(self.allowed());
    }

    /// Where all that is allowed runs, what would come back, should a ceiling rise, comes back
    /// from that.
    fn nothing_comes_back(&mut self, allowed: i64) {
        if self.ready == allowed {
            self.trigger = self.binding(allowed);
        }
    }

    /// Takes the steps of a start that are due and sets the alarm for the next.
    pub(super) fn advance(&mut self, farm: &Farm, index: u16, now: Instant, agenda: &mut Agenda) {
        let profile = if self.crew_away > 0 {
            &farm.crew_start
        } else {
            &farm.start
        };
        while let Some(step) = profile.steps.get(usize::from(self.step)) {
            let due = self.began + step.after;
            if due > now {
                agenda.set(Ring::FarmStep(index), due);
                return;
            }
            self.step += 1;
            let back = Share(step.share_ppm).of(self.goal - self.base);
            self.ready = (self.base + back).clamp(self.ready, self.goal);
        }
        self.ready = self.goal;
        agenda.cancel(Ring::FarmStep(index));
    }

    /// The crew left or came back: what is still to come comes by the other staircase, from here.
    pub(super) fn change_crew(
        &mut self,
        farm: &Farm,
        index: u16,
        now: Instant,
        agenda: &mut Agenda,
    ) {
        if self.goal > self.ready {
            self.base = self.ready;
            self.step = 0;
            self.began = now;
            self.advance(farm, index, now, agenda);
        }
    }

    /// The link went down, or came back: machines hold for a while, then sleep.
    pub(super) fn link_changed(
        &mut self,
        up: bool,
        hold_minutes: f64,
        index: u16,
        now: Instant,
        agenda: &mut Agenda,
    ) {
        self.link = up;
        if up {
            self.asleep = false;
            agenda.cancel(Ring::HoldEnd(index));
        } else if hold_minutes <= 0.0 {
            self.fall_asleep(index, agenda);
        } else if hold_minutes.is_finite() {
            let hold = crate::quantity::Span::from_minutes(hold_minutes);
            agenda.set(Ring::HoldEnd(index), now + hold);
        }
    }

    /// A start that is over leaves no trace.
    pub(super) fn forget_start(&mut self) {
        if self.goal == self.ready {
            (self.base, self.step, self.began) = (self.ready, 0, Instant::START);
        }
    }

    /// The operator cuts power to machines that have nothing to do.
    pub(super) fn fall_asleep(&mut self, index: u16, agenda: &mut Agenda) {
        self.asleep = true;
        if self.ready > 0 {
            self.trigger = Cause::Link;
        }
        self.ready = 0;
        self.goal = 0;
        agenda.cancel(Ring::FarmStep(index));
        agenda.cancel(Ring::HoldEnd(index));
    }

    /// The cause that leaves the least, the first of equal ones; supply where all is left.
    fn binding(&self, allowed: i64) -> Cause {
        if self.dark > 0 || allowed == WHOLE {
            Cause::Supply
        } else if self.order.min(self.ladder) <= allowed {
            Cause::Order
        } else if self.contract <= allowed {
            Cause::Contract
        } else {
            Cause::Price
        }
    }
}

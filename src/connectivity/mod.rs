//! Which farm reaches which pool: access, provider, gateway, pool, each up or down.
//!
//! May enter: the system's links, counts of what is down.
//! May not enter: time, events, power.
//!
//! A path is up if all its parts are; a farm is connected if any path is up. Providers are
//! tried in the order of the scenario, then pools in the farm's failover order.

use crate::system::{GatewayId, HazardId, PoolId, ProviderId, System};

/// What is down on the internet side, as counts of reasons.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Links {
    /// Reasons for each provider to be down.
    pub provider_down: Vec<u16>,
    /// Reasons for each gateway to be down for everybody.
    pub gateway_down: Vec<u16>,
    /// Reasons for each pool to be down.
    pub pool_down: Vec<u16>,
    /// `[hazard][gateway]`: strikes of the hazard that now close the gateway.
    closed: Vec<u16>,
    /// The same by gateway, all hazards together.
    closings: Vec<u16>,
    /// `[hazard][class]`: windows of the hazard now open for the class.
    pub open: Vec<u16>,
    gateways: usize,
    classes: usize,
}

/// The way a farm now mines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Path {
    /// By this provider.
    pub provider: ProviderId,
    /// To this pool.
    pub pool: PoolId,
}

/// Who asks for a path.
#[derive(Debug, Clone, Copy)]
pub struct Caller<'a> {
    /// Its providers in order of preference.
    pub providers: &'a [ProviderId],
    /// Its pools in failover order.
    pub pools: &'a [PoolId],
    /// Its access class.
    pub class: usize,
    /// One bit for each hazard (by index) whose gateways it slips past.
    pub spared: u64,
}

impl Links {
    /// Everything up.
    pub fn new(system: &System) -> Self {
        let (hazards, gateways) = (system.hazards.len(), system.gateways.len());
        let classes = system.access_classes.len().max(1);
        Self {
            provider_down: vec![0; system.providers.len()],
            gateway_down: vec![0; gateways],
            pool_down: vec![0; system.pools.len()],
            closed: vec![0; hazards * gateways],
            closings: vec![0; gateways],
            open: vec![0; hazards * classes],
            gateways,
            classes,
        }
    }

    /// Everything up again, keeping the memory.
    pub fn clear(&mut self) {
        let all = [
            &mut self.provider_down,
            &mut self.gateway_down,
            &mut self.pool_down,
            &mut self.closed,
            &mut self.closings,
            &mut self.open,
        ];
        for counts in all {
            counts.fill(0);
        }
    }

    /// A hazard closes a gateway once more, or (`by` -1) once less.
    pub fn close(&mut self, hazard: HazardId, gateway: GatewayId, by: i32) {
        let of_hazard = &mut self.closed[hazard.at() * self.gateways + gateway.at()];
        let in_all = &mut self.closings[gateway.at()];
        for count in [of_hazard, in_all] {
            *count = (i32::from(*count) + by) as u16;
        }
    }

    /// The count of windows of a hazard open for a class.
    pub fn opening(&mut self, hazard: HazardId, class: usize) -> &mut u16 {
        &mut self.open[hazard.at() * self.classes + class]
    }

    /// The first path that is up, if any.
    pub fn path(&self, system: &System, caller: Caller<'_>) -> Option<Path> {
        let pool = caller
            .pools
            .iter()
            .copied()
            .find(|pool| self.pool_down[pool.at()] == 0)?;
        let provider = caller.providers.iter().copied().find(|provider| {
            self.provider_down[provider.at()] == 0
                && system.providers[provider.at()]
                    .gateways
                    .iter()
                    .any(|&gateway| self.passes(gateway, caller))
        })?;
        Some(Path { provider, pool })
    }

    /// Whether a gateway lets a caller through.
    fn passes(&self, gateway: GatewayId, caller: Caller<'_>) -> bool {
        if self.gateway_down[gateway.at()] > 0 {
            return false;
        }
        // Hardly anything closes a gateway, and then mostly one hazard.
        let mut left = self.closings[gateway.at()];
        let mut hazard = 0;
        while left > 0 {
            let closings = self.closed[hazard * self.gateways + gateway.at()];
            let opens = || {
                self.open[hazard * self.classes + caller.class] > 0
                    || (hazard < 64 && caller.spared >> hazard & 1 == 1)
            };
            if closings > 0 && !opens() {
                return false;
            }
            left -= closings;
            hazard += 1;
        }
        true
    }
}

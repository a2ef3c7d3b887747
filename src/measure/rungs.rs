//! Rungs of the operator's ladder: by what a farm is cut.

use crate::system::System;

/// By what mining is curtailed, in the order in which the ladder asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rung {
    /// A contract called by forecast, its notice ahead.
    ContractWithNotice,
    /// A contract that acts at once.
    Contract,
    /// An order, as far as it is obeyed.
    Order,
}

impl Rung {
    const ALL: [Self; 3] = [Self::ContractWithNotice, Self::Contract, Self::Order];

    /// As in the name of an index.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ContractWithNotice => "contract_with_notice",
            Self::Contract => "contract",
            Self::Order => "order",
        }
    }

    /// The rung on which a farm stands: of its contract if it has one, else of orders.
    pub fn of_farm(system: &System, farm: usize) -> Self {
        match system.farms[farm].contract {
            Some(id) if system.contracts[id.at()].notice.0 > 0 => Self::ContractWithNotice,
            Some(_) => Self::Contract,
            None => Self::Order,
        }
    }

    /// The rungs on which any farm of a system can be cut; orders at least.
    pub fn of_system(system: &System) -> Vec<Self> {
        let farms = || system.farms.iter().enumerate();
        let on = |rung: Self| {
            let is_on = |(farm, _)| Self::of_farm(system, farm) == rung;
            farms().any(is_on)
        };
        let mut rungs = Self::ALL.to_vec();
        rungs.retain(|&rung| rung == Self::Order || on(rung));
        rungs
    }
}

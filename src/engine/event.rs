//! What can happen, in the order in which it happens when it happens at once.

use crate::system::MOST_STATES;

/// Kind of the code of a unit that enters state 0; states up to [`MOST_STATES`] follow.
const FIRST_STATE: u64 = 4;

// Every state has a kind of its own, below the next event's.
const _: () = assert!(FIRST_STATE as usize + MOST_STATES == 36);

/// An event drawn ahead: nothing in the system can move it.
///
/// At one instant lower kinds come first: what comes back before what goes down, plants before
/// links, and orders last, so that the operator sees the state of that instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Event {
    /// A unit is repaired.
    UnitUp(u16),
    /// A unit fails.
    UnitDown(u16),
    /// A unit's partial outage ends.
    UnitRestored(u16),
    /// A unit's partial outage begins.
    UnitDerated(u16),
    /// A unit of several states enters one; better states come first.
    UnitEnters {
        /// Index of the state in [`crate::system::StateModel::states`].
        state: u8,
        /// The unit.
        unit: u16,
    },
    /// A unit's planned outage ends.
    PlannedEnd(u16),
    /// A unit's planned outage begins.
    PlannedBegin(u16),
    /// A circuit (index over all lines) is repaired.
    CircuitUp(u16),
    /// A circuit fails.
    CircuitDown(u16),
    /// A farm's last mile is repaired.
    AccessUp(u16),
    /// A farm's last mile fails.
    AccessDown(u16),
    /// A provider is repaired.
    ProviderUp(u16),
    /// A provider fails.
    ProviderDown(u16),
    /// A gateway is repaired.
    GatewayUp(u16),
    /// A gateway fails.
    GatewayDown(u16),
    /// A pool is repaired.
    PoolUp(u16),
    /// A pool fails.
    PoolDown(u16),
    /// A strike of a hazard ends.
    StrikeEnd(u16),
    /// A strike of a hazard begins.
    StrikeBegin(u16),
    /// A window of a hazard closes.
    WindowClose(u16),
    /// A window of a hazard opens.
    WindowOpen(u16),
    /// An order ends.
    OrderEnd(u16),
    /// An order comes into force.
    OrderBegin(u16),
}

impl Event {
    /// Kind and index in 24 bits, in the order of ties.
    pub fn code(self) -> u64 {
        let (kind, index) = match self {
            Self::UnitUp(i) => (0, i),
            Self::UnitDown(i) => (1, i),
            Self::UnitRestored(i) => (2, i),
            Self::UnitDerated(i) => (3, i),
            Self::UnitEnters { state, unit } => (FIRST_STATE + u64::from(state), unit),
            Self::PlannedEnd(i) => (36, i),
            Self::PlannedBegin(i) => (37, i),
            Self::CircuitUp(i) => (38, i),
            Self::CircuitDown(i) => (39, i),
            Self::AccessUp(i) => (40, i),
            Self::AccessDown(i) => (41, i),
            Self::ProviderUp(i) => (42, i),
            Self::ProviderDown(i) => (43, i),
            Self::GatewayUp(i) => (44, i),
            Self::GatewayDown(i) => (45, i),
            Self::PoolUp(i) => (46, i),
            Self::PoolDown(i) => (47, i),
            Self::StrikeEnd(i) => (48, i),
            Self::StrikeBegin(i) => (49, i),
            Self::WindowClose(i) => (50, i),
            Self::WindowOpen(i) => (51, i),
            Self::OrderEnd(i) => (52, i),
            Self::OrderBegin(i) => (53, i),
        };
        (kind << 16) | u64::from(index)
    }

    /// True for what happens to the internet side.
    #[inline]
    pub(super) fn is_of_links(self) -> bool {
        matches!(
            self,
            Self::AccessUp(_)
                | Self::AccessDown(_)
                | Self::ProviderUp(_)
                | Self::ProviderDown(_)
                | Self::GatewayUp(_)
                | Self::GatewayDown(_)
                | Self::PoolUp(_)
                | Self::PoolDown(_)
        )
    }

    /// The event of a code made by [`Event::code`].
    #[inline]
    pub fn from_code(code: u64) -> Self {
        let i = code as u16;
        match (code >> 16) as u8 {
            0 => Self::UnitUp(i),
            1 => Self::UnitDown(i),
            2 => Self::UnitRestored(i),
            3 => Self::UnitDerated(i),
            kind @ 4..36 => Self::UnitEnters {
                state: kind - FIRST_STATE as u8,
                unit: i,
            },
            36 => Self::PlannedEnd(i),
            37 => Self::PlannedBegin(i),
            38 => Self::CircuitUp(i),
            39 => Self::CircuitDown(i),
            40 => Self::AccessUp(i),
            41 => Self::AccessDown(i),
            42 => Self::ProviderUp(i),
            43 => Self::ProviderDown(i),
            44 => Self::GatewayUp(i),
            45 => Self::GatewayDown(i),
            46 => Self::PoolUp(i),
            47 => Self::PoolDown(i),
            48 => Self::StrikeEnd(i),
            49 => Self::StrikeBegin(i),
            50 => Self::WindowClose(i),
            51 => Self::WindowOpen(i),
            52 => Self::OrderEnd(i),
            _ => Self::OrderBegin(i),
        }
    }
}

/// An alarm of the agenda: one slot for each entity and kind, set and cancelled by the state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ring {
    /// A unit has started after an outage that the grid caused.
    UnitStarted(u16),
    /// The next step of a farm's start.
    FarmStep(u16),
    /// A farm's operator stops holding.
    HoldEnd(u16),
    /// A farm's telecom battery is empty.
    BatteryEmpty(u16),
    /// A farm may (or must) look at the ladder again: warning over, or shortest time served.
    LadderTurn(u16),
    /// A farm may look at the price again.
    PriceTurn(u16),
    /// A contract's notice is over, its longest call ends, or its rest ends.
    ContractTurn(u16),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_come_back_and_keep_the_written_order() {
        let all = [
            Event::UnitUp(3),
            Event::UnitDown(3),
            Event::UnitRestored(1),
            Event::UnitDerated(1),
            Event::UnitEnters { state: 0, unit: 9 },
            Event::UnitEnters { state: 1, unit: 3 },
            Event::UnitEnters { state: 31, unit: 0 },
            Event::PlannedEnd(9),
            Event::PlannedBegin(9),
            Event::CircuitUp(0),
            Event::CircuitDown(0),
            Event::AccessUp(5),
            Event::AccessDown(5),
            Event::ProviderUp(1),
            Event::ProviderDown(1),
            Event::GatewayUp(2),
            Event::GatewayDown(2),
            Event::PoolUp(65_535),
            Event::PoolDown(0),
            Event::StrikeEnd(7),
            Event::StrikeBegin(7),
            Event::WindowClose(4),
            Event::WindowOpen(4),
            Event::OrderEnd(6),
            Event::OrderBegin(6),
        ];
        for pair in all.windows(2) {
            assert!(pair[0].code() < pair[1].code());
            assert!(pair[0] < pair[1]);
        }
        for event in all {
            assert_eq!(Event::from_code(event.code()), event);
        }
    }
}

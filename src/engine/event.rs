//! What can happen, in the order in which it happens when it happens at once.

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
    /// A unit of several states enters one (index over all such units and states, better states
    /// first): see [`crate::engine::Plan::unit_state`].
    UnitEnters(u16),
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
            Self::UnitEnters(i) => (4, i),
            Self::PlannedEnd(i) => (5, i),
            Self::PlannedBegin(i) => (6, i),
            Self::CircuitUp(i) => (7, i),
            Self::CircuitDown(i) => (8, i),
            Self::AccessUp(i) => (9, i),
            Self::AccessDown(i) => (10, i),
            Self::ProviderUp(i) => (11, i),
            Self::ProviderDown(i) => (12, i),
            Self::GatewayUp(i) => (13, i),
            Self::GatewayDown(i) => (14, i),
            Self::PoolUp(i) => (15, i),
            Self::PoolDown(i) => (16, i),
            Self::StrikeEnd(i) => (17, i),
            Self::StrikeBegin(i) => (18, i),
            Self::WindowClose(i) => (19, i),
            Self::WindowOpen(i) => (20, i),
            Self::OrderEnd(i) => (21, i),
            Self::OrderBegin(i) => (22, i),
        };
        (kind << 16) | u64::from(index)
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
            4 => Self::UnitEnters(i),
            5 => Self::PlannedEnd(i),
            6 => Self::PlannedBegin(i),
            7 => Self::CircuitUp(i),
            8 => Self::CircuitDown(i),
            9 => Self::AccessUp(i),
            10 => Self::AccessDown(i),
            11 => Self::ProviderUp(i),
            12 => Self::ProviderDown(i),
            13 => Self::GatewayUp(i),
            14 => Self::GatewayDown(i),
            15 => Self::PoolUp(i),
            16 => Self::PoolDown(i),
            17 => Self::StrikeEnd(i),
            18 => Self::StrikeBegin(i),
            19 => Self::WindowClose(i),
            20 => Self::WindowOpen(i),
            21 => Self::OrderEnd(i),
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
    /// A store is full, or empty.
    StoreTurn(u16),
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
            Event::UnitEnters(3),
            Event::UnitEnters(9),
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

//! Typed indices, so that a farm's number can never address a plant.

macro_rules! indices {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u16);
        impl $name {
            /// As an array index.
            #[inline]
            pub const fn at(self) -> usize {
                self.0 as usize
            }
        }
        impl From<usize> for $name {
            /// Validation bounds every kind to fewer than 65,536 entities.
            fn from(index: usize) -> Self {
                debug_assert!(index <= u16::MAX as usize);
                Self(index as u16)
            }
        }
    )+};
}

indices! {
    /// A zone of the grid.
    ZoneId,
    /// A line between two zones.
    LineId,
    /// A load forecast.
    LoadForecastId,
    /// An hourly output.
    HourlyOutputId,
    /// A merit class of plants.
    ClassId,
    /// A plant.
    PlantId,
    /// A generating unit.
    UnitId,
    /// A temperature model.
    WeatherId,
    /// A mining farm.
    FarmId,
    /// A mining pool.
    PoolId,
    /// An internet provider.
    ProviderId,
    /// An international gateway.
    GatewayId,
    /// A class of internet access.
    AccessClassId,
    /// A hazard.
    HazardId,
    /// An order in force.
    OrderId,
    /// An interruptible contract.
    ContractId,
    /// An uncertain input.
    InputId,
}

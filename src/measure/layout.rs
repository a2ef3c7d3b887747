//! Names for the numbers of a row.

/// One stored integer of a replication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// What it is, for people who read the blocks.
    pub name: String,
}

/// One published index: a stored integer times a scale.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Window it refers to.
    pub window: String,
    /// `system`, `zone/NAME`, `farm/NAME`, `pool/NAME`, `line/NAME` or `network`.
    pub scope: String,
    /// Index name, as `lole_h`.
    pub index: String,
    /// Unit, as `h`.
    pub unit: &'static str,
    /// Which integer of the row.
    pub slot: usize,
    /// Turns the integer into the unit.
    pub scale: f64,
}

/// All integers of a row, and what is published of them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Layout {
    /// Stored integers, in order.
    pub slots: Vec<Slot>,
    /// Published indices, in order.
    pub columns: Vec<Column>,
}

impl Layout {
    /// Adds a stored integer and returns its place.
    pub fn slot(&mut self, name: impl Into<String>) -> usize {
        self.slots.push(Slot { name: name.into() });
        self.slots.len() - 1
    }

    /// Publishes a stored integer.
    pub fn publish(
        &mut self,
        (window, scope): (&str, &str),
        index: &str,
        unit: &'static str,
        slot: usize,
        scale: f64,
    ) {
        self.columns.push(Column {
            window: window.to_owned(),
            scope: scope.to_owned(),
            index: index.to_owned(),
            unit,
            slot,
            scale,
        });
    }

    /// The column of an index, if it exists.
    pub fn find(&self, window: &str, scope: &str, index: &str) -> Option<&Column> {
        self.columns.iter().find(|column| {
            column.window == window && column.scope == scope && column.index == index
        })
    }
}

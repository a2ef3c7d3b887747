//! Zones and the lines between them.

use super::{Alternation, LoadForecastId, LoadProfile, LoadResponse, Value, WeatherId, ZoneId};
use crate::quantity::{Instant, Power};

/// A part of the grid without bottlenecks inside.
#[derive(Debug, Clone)]
pub struct Zone {
    /// Name.
    pub name: String,
    /// A neighbour system: its own load and adequacy are not reported.
    pub external: bool,
    /// Local time at the start of the horizon, minutes ahead of UTC.
    pub utc_offset_minutes: i32,
    /// When its clocks change within the horizon, in order, and to how many minutes ahead.
    pub clock_changes: Vec<(Instant, i32)>,
    /// Hourly load before scale and weather.
    pub load: LoadProfile,
    /// The same in each of the weather years (`load` is the first); empty where every year has
    /// the same.
    pub load_by_year: Vec<LoadProfile>,
    /// Load forecast uncertainty that acts on it.
    pub forecast: Option<LoadForecastId>,
    /// What the profile is multiplied with.
    pub scale: LoadScale,
    /// How load answers temperature.
    pub response: Option<LoadResponse>,
    /// Temperature model, for load and for outage rates.
    pub weather: Option<WeatherId>,
    /// Reserve the operator keeps before it lets miners run.
    pub reserve: Power,
    /// Firm load of a lower priority is shed first; 0 is shed first.
    pub priority: u8,
    /// Shares the rest of wind drawn for the zone: stream of its wind path.
    pub wind_stream: crate::random::StreamId,
}

impl Zone {
    /// Local time at an instant, minutes ahead of UTC.
    pub fn minutes_ahead(&self, at: Instant) -> i32 {
        let changes = self.clock_changes.iter().rev();
        let mut passed = changes.filter(|(change, _)| *change <= at);
        passed.next().map_or(self.utc_offset_minutes, |(_, to)| *to)
    }

    /// Hourly load before scale and weather, in a weather year.
    pub fn load_of_year(&self, year: usize) -> &LoadProfile {
        self.load_by_year.get(year).unwrap_or(&self.load)
    }
}

/// How a profile becomes firm load.
#[derive(Debug, Clone, Copy)]
pub struct LoadScale {
    /// Multiplies the profile (1 where the profile is in MW already).
    pub factor: Value,
    /// The profile is a statistic of demand, which contains the mining that ran: subtract it.
    pub contains_mining: bool,
}

/// A line, or a set of equal circuits, between two zones.
#[derive(Debug, Clone)]
pub struct Line {
    /// Name.
    pub name: String,
    /// One end; flow from it is positive.
    pub from: ZoneId,
    /// The other end.
    pub to: ZoneId,
    /// Limit from `from` to `to` with all circuits in service, MW.
    pub forward_mw: Value,
    /// Limit the other way, MW.
    pub backward_mw: Value,
    /// Equal circuits; the limits are shared equally among them.
    pub circuits: u16,
    /// Counts only for what survives the loss of any one circuit of its corridor that is under
    /// the same rule.
    pub n_minus_1: bool,
    /// Failures of a circuit, if it can fail. Streams `line/NAME/circuit-K/outage`.
    pub outages: Option<Alternation>,
    /// Hours of this line near its limit are reported (share of the limit, 0 to 1).
    pub report_above: f64,
}

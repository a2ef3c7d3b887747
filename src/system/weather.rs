//! Temperature of a zone and the load that follows it.

use crate::random::StreamId;

/// Daily mean temperature: first-order autoregression around a mean, sinusoidal within the day.
#[derive(Debug, Clone)]
pub struct Weather {
    /// Name (the zone's).
    pub name: String,
    /// Mean, °C.
    pub mean_c: f64,
    /// Standard deviation of daily means, °C.
    pub daily_sd_c: f64,
    /// Correlation of one day with the next.
    pub lag1: f64,
    /// Half the range within a day, °C; warmest at 15:00 local time.
    pub diurnal_amplitude_c: f64,
    /// Share of the variance of daily innovations that all zones have in common.
    pub common_share: f64,
    /// Days over which temperature is averaged before it acts on outages.
    pub outage_mean_days: u32,
    /// Stream `weather/NAME`; draw d is day d's innovation.
    pub stream: StreamId,
    /// Stream `weather/common`.
    pub common_stream: StreamId,
    /// Fixed path of daily means instead of a drawn one.
    pub fixed_daily_c: Option<Vec<f64>>,
    /// The same for each of the weather years; empty where every year has the same.
    pub fixed_by_year: Vec<Vec<f64>>,
}

impl Weather {
    /// The fixed path of daily means in a weather year, if there is one.
    pub fn fixed_of_year(&self, year: usize) -> Option<&[f64]> {
        let path = self.fixed_by_year.get(year).or(self.fixed_daily_c.as_ref());
        path.map(Vec::as_slice)
    }

    /// What a local hour (0 to 24, fractions allowed) lies above the day's mean, °C.
    pub fn within_day_c(&self, local_hour: f64) -> f64 {
        let angle = std::f64::consts::TAU * (local_hour - 15.0) / 24.0;
        self.diurnal_amplitude_c * libm::cos(angle)
    }
}

/// Load rises by a share for each degree below a base; the profile holds at a reference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LoadResponse {
    /// Below this temperature load rises, °C.
    pub base_c: f64,
    /// Rise per degree, as a share.
    pub per_degree: f64,
    /// The temperature at which the profile is right, °C.
    pub reference_c: f64,
    /// Load never exceeds the profile times this (heat networks and the record peak bound it).
    pub maximum_factor: f64,
}

impl LoadResponse {
    /// What the profile is multiplied with on a day of this mean temperature.
    pub fn factor(&self, celsius: f64) -> f64 {
        let rise = |t: f64| 1.0 + self.per_degree * (self.base_c - t).max(0.0);
        (rise(celsius) / rise(self.reference_c)).min(self.maximum_factor)
    }
}

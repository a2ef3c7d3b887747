//! One area through time: how likely it is short in each stretch, and what that adds up to.
//!
//! The horizon is a straight line: a shortage that the horizon begins with counts as one, and
//! the last hour does not lead back to the first. So
//! LOLF = P(short at the begin) + Σ falls of capacity + Σ P(enough before a step, short after it),
//! and LOLEv the same with the states seen on whole hours.

use super::grid::{Area, Stretch};
use super::supply::Supply;
use crate::quantity::{MS_PER_DAY, MS_PER_HOUR};
use crate::system::Window;

/// Sums of an area, or of the system, over a window. All of them are linear: under several
/// forecasts they are the mean of what each gives.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Sums {
    /// Time short, h.
    pub lole_h: f64,
    /// Days that are short as the hour of their largest load begins.
    pub lole_d: f64,
    /// Unserved energy, MWh.
    pub eue_mwh: f64,
    /// Energy demanded by firm load, MWh.
    pub demand_mwh: f64,
    /// Mining cut, MWh, and for how long, h.
    pub curtailed_mwh: f64,
    pub curtailed_h: f64,
    /// Shortages in continuous time, where they are known.
    pub lolf: Option<f64>,
    /// Runs of shortage seen on the hour, where they are known.
    pub lolev: Option<f64>,
}

impl Sums {
    /// Nothing yet, of everything.
    pub const NOTHING: Self = Self {
        lole_h: 0.0,
        lole_d: 0.0,
        eue_mwh: 0.0,
        demand_mwh: 0.0,
        curtailed_mwh: 0.0,
        curtailed_h: 0.0,
        lolf: Some(0.0),
        lolev: Some(0.0),
    };

    /// Adds another's, times a weight.
    pub fn add(&mut self, other: &Self, weight: f64) {
        let both = |a: Option<f64>, b: Option<f64>| Some(a? + weight * b?);
        self.lole_h += weight * other.lole_h;
        self.lole_d += weight * other.lole_d;
        self.eue_mwh += weight * other.eue_mwh;
        self.demand_mwh += weight * other.demand_mwh;
        self.curtailed_mwh += weight * other.curtailed_mwh;
        self.curtailed_h += weight * other.curtailed_h;
        self.lolf = both(self.lolf, other.lolf);
        self.lolev = both(self.lolev, other.lolev);
    }
}

/// What is known of each stretch, under one forecast.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Course {
    /// P(short).
    pub short: Vec<f64>,
    /// Expected unserved power, W.
    pub lacking_w: Vec<f64>,
    /// Firm load, W.
    pub load_w: Vec<i64>,
    /// Expected mining cut, W, and P(some is).
    pub curtailed_w: Vec<f64>,
    pub curtailed: Vec<f64>,
    /// How often failures make it short, an hour; nothing where that is not known.
    pub falls: Vec<f64>,
    /// P(enough in the stretch before, short in this one), from the second stretch on.
    pub steps: Option<Vec<f64>>,
    /// P(enough on the hour before, short on this one), from the second hour on.
    pub hourly_steps: Option<Vec<f64>>,
}

impl Course {
    /// An area alone under a load of each hour, W.
    pub fn of_area(
        area: &Area,
        supply: &Supply<'_>,
        stretches: &[Stretch],
        hourly_w: &[i64],
    ) -> Self {
        let load_w = loads(hourly_w, stretches);
        let per = |value: &dyn Fn(usize, i64) -> f64| -> Vec<f64> {
            let loads = load_w.iter().enumerate();
            loads
                .map(|(at, &load)| value(supply.set(at), load))
                .collect()
        };
        let lacking_w = per(&|set, load| supply.lacking_w(set, load));
        // What lacks with mining on top, less what lacks without: E[(L + M - C)⁺ - (L - C)⁺].
        let (mut curtailed_w, mut curtailed) =
            (vec![0.0; stretches.len()], vec![0.0; stretches.len()]);
        if area.mining_w > 0 {
            let with_mining = per(&|set, load| supply.lacking_w(set, load + area.mining_w));
            let both = with_mining.iter().zip(&lacking_w);
            curtailed_w = both.map(|(with, without)| with - without).collect();
            curtailed = per(&|set, load| supply.short(set, load + area.mining_w));
        }
        let hours = on_the_hour(stretches);
        let hourly_loads: Vec<i64> = hours.iter().map(|&at| load_w[at]).collect();
        Self {
            short: per(&|set, load| supply.short(set, load)),
            curtailed_w,
            curtailed,
            lacking_w,
            falls: per(&|set, load| supply.falls_below(set, load)),
            steps: supply.steps(&load_w),
            hourly_steps: supply.hourly_steps(&hours, &hourly_loads),
            load_w,
        }
    }

    /// The stretch with which the hour of the largest load begins, the first of several, day by day.
    fn daily_peaks(&self, stretches: &[Stretch]) -> Vec<usize> {
        let mut peaks: Vec<usize> = Vec::new();
        let day = |at: usize| stretches[at].from / MS_PER_DAY;
        for at in on_the_hour(stretches) {
            match peaks.last_mut() {
                Some(peak) if day(*peak) == day(at) => {
                    if self.load_w[at] > self.load_w[*peak] {
                        *peak = at;
                    }
                }
                _ => peaks.push(at),
            }
        }
        peaks
    }

    /// What it adds up to over a window.
    pub fn over(&self, window: &Window, stretches: &[Stretch]) -> Sums {
        let mut sums = Sums::NOTHING;
        let mut falls = 0.0;
        let mut first = None;
        for (at, stretch) in stretches.iter().enumerate() {
            let hours = stretch.hours_within(window);
            if hours <= 0.0 {
                continue;
            }
            first.get_or_insert(at);
            sums.lole_h += self.short[at] * hours;
            sums.eue_mwh += self.lacking_w[at] * 1e-6 * hours;
            sums.demand_mwh += self.load_w[at] as f64 * 1e-6 * hours;
            sums.curtailed_mwh += self.curtailed_w[at] * 1e-6 * hours;
            sums.curtailed_h += self.curtailed[at] * hours;
            falls += self.falls.get(at).map_or(0.0, |falls| falls * hours);
        }
        let in_window = |at: &&usize| {
            let begin = stretches[**at].from;
            window.from.0 <= begin && begin < window.until.0
        };
        let peaks = self.daily_peaks(stretches);
        sums.lole_d = peaks
            .iter()
            .filter(in_window)
            .map(|&at| self.short[at])
            .sum();
        let begins_short = first.map_or(0.0, |at| self.short[at]);
        sums.lolf = self.steps.as_ref().map(|steps| {
            let inside = |at: &usize| {
                let begin = stretches[at + 1].from;
                window.from.0 < begin && begin < window.until.0
            };
            let steps = (0..steps.len()).filter(inside).map(|at| steps[at]);
            begins_short + falls + steps.sum::<f64>()
        });
        sums.lolev = self.hourly_steps.as_ref().map(|steps| {
            let on_the_hour = on_the_hour(stretches);
            let from = (window.from.0 + MS_PER_HOUR - 1).div_euclid(MS_PER_HOUR) as usize;
            let until = (window.until.0 + MS_PER_HOUR - 1).div_euclid(MS_PER_HOUR) as usize;
            let begins = if from < until {
                on_the_hour.get(from)
            } else {
                None
            };
            let later = steps.iter().take(until.saturating_sub(1)).skip(from);
            begins.map_or(0.0, |&at| self.short[at]) + later.sum::<f64>()
        });
        sums
    }
}

/// The load of each stretch from that of each hour, W.
pub(super) fn loads(hourly_w: &[i64], stretches: &[Stretch]) -> Vec<i64> {
    let load = |stretch: &Stretch| hourly_w.get(stretch.hour).copied().unwrap_or(0);
    stretches.iter().map(load).collect()
}

/// The stretches that begin with each whole hour.
pub(super) fn on_the_hour(stretches: &[Stretch]) -> Vec<usize> {
    let begins = |at: &usize| stretches[*at].from % MS_PER_HOUR == 0;
    (0..stretches.len()).filter(begins).collect()
}

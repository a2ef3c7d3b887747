//! Outputs that are given hour by hour: a plant's own, or one shared among several.

use super::{Context, Names, hourly};
use crate::quantity::Power;
use crate::scenario::files::Files;
use crate::scenario::raw::{Output, Scenario, Series};
use crate::system::{HourlyOutput, HourlyOutputId, Output as Gives};
use std::collections::BTreeMap;

/// Outputs by plant: for each unit its own.
pub(crate) struct Outputs {
    pub all: Vec<HourlyOutput>,
    units: BTreeMap<usize, Vec<HourlyOutputId>>,
}

impl Outputs {
    /// What a unit (counted from 1) of a plant (by the number of its table) gives.
    pub(crate) fn of(&self, table: usize, output: Option<&Output>, unit: u16) -> Gives {
        match output {
            None => Gives::Steady,
            Some(Output::Wind { wind }) => Gives::Wind(*wind),
            Some(Output::Sun { sun }) => Gives::Sun(*sun),
            Some(Output::Hourly { .. } | Output::Total { .. }) => {
                let units = self.units.get(&table);
                let id = units.and_then(|units| units.get(usize::from(unit - 1)));
                // Without one there was a mistake.
                id.map_or(Gives::Steady, |&id| Gives::Hourly(id))
            }
        }
    }
}

/// Plants, by the number of their table, that share a total, and where it is first named.
type Sharers<'r> = BTreeMap<String, (&'r Series, String, Vec<usize>)>;

/// Reads every hourly output.
pub(crate) fn outputs(
    raw: &Scenario,
    names: &Names,
    files: &mut Files,
    context: &mut Context<'_>,
) -> Outputs {
    let mut outputs = Outputs {
        all: Vec::new(),
        units: BTreeMap::new(),
    };
    let mut totals: Sharers<'_> = BTreeMap::new();
    for (_, index) in names.plants.declared() {
        let plant = &raw.plant[index];
        match &plant.output {
            Some(Output::Hourly { hourly_mw }) => {
                let path = format!("plant[{index}].output.hourly_mw");
                let limits = (0.0, plant.capacity_mw);
                let series = read(hourly_mw, &path, limits, 1, files, context);
                let id = HourlyOutputId::from(outputs.all.len());
                outputs
                    .all
                    .extend(series.map(|by_year| HourlyOutput { by_year }));
                if outputs.all.len() > id.at() {
                    let units = vec![id; usize::from(plant.units)];
                    outputs.units.insert(index, units);
                }
            }
            Some(Output::Total { total_mw }) => {
                let path = format!("plant[{index}].output.total_mw");
                let sharers = totals
                    .entry(same(total_mw))
                    .or_insert_with(|| (total_mw, path, Vec::new()));
                sharers.2.push(index);
            }
            _ => {}
        }
    }
    for (series, path, plants) in totals.into_values() {
        let units = |&index: &usize| {
            let capacity = Power::from_megawatts(raw.plant[index].capacity_mw).0;
            vec![capacity; usize::from(raw.plant[index].units)]
        };
        let capacities: Vec<i64> = plants.iter().flat_map(units).collect();
        let most: f64 = capacities
            .iter()
            .map(|&watts| Power(watts).megawatts())
            .sum();
        let limits = (0.0, most);
        let Some(totals) = read(series, &path, limits, capacities.len(), files, context) else {
            continue;
        };
        let first = outputs.all.len();
        let mut shares = vec![Vec::with_capacity(totals.len()); capacities.len()];
        for year in &totals {
            for (unit, hours) in shared(year, &capacities).into_iter().enumerate() {
                shares[unit].push(hours);
            }
        }
        outputs
            .all
            .extend(shares.into_iter().map(|by_year| HourlyOutput { by_year }));
        let mut ids = (first..outputs.all.len()).map(HourlyOutputId::from);
        for index in plants {
            let own = ids.by_ref().take(usize::from(raw.plant[index].units));
            outputs.units.insert(index, own.collect());
        }
    }
    outputs
}

/// A series in W, for each weather year.
pub(super) fn read(
    series: &Series,
    path: &str,
    limits: (f64, f64),
    units: usize,
    files: &mut Files,
    context: &mut Context<'_>,
) -> Option<Vec<Vec<i64>>> {
    let years = context.years.len().max(1);
    if !context.room_for_series(path, units * years) {
        return None;
    }
    let by_year = hourly::yearly(series, path, limits, files, context)?;
    let watts = |hour: f64| Power::from_megawatts(hour).0;
    let year = |hours: Vec<f64>| hours.into_iter().map(watts).collect();
    Some(by_year.into_iter().map(year).collect())
}

/// A total shared by capacity, in whole watts; those left over go one each to the first.
fn shared(totals: &[i64], capacities: &[i64]) -> Vec<Vec<i64>> {
    let whole: i128 = capacities
        .iter()
        .map(|&capacity| i128::from(capacity))
        .sum();
    let mut shares = vec![Vec::with_capacity(totals.len()); capacities.len()];
    for &total in totals {
        let share =
            |&capacity: &i64| (i128::from(total) * i128::from(capacity) / whole.max(1)) as i64;
        let left: i64 = total - capacities.iter().map(share).sum::<i64>();
        for (unit, capacity) in capacities.iter().enumerate() {
            let more = i64::from((unit as i64) < left);
            shares[unit].push(share(capacity) + more);
        }
    }
    shares
}

/// What makes two series the same, whoever says where they come from.
fn same(series: &Series) -> String {
    format!(
        "{:?} {:?} {:?} {:?} {}",
        series.csv, series.column, series.values, series.begins, series.factor
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn watts_left_over_go_to_the_first() {
        let shares = shared(&[10, 100, 0], &[50, 50, 50]);
        assert_eq!(shares, [[4, 34, 0], [3, 33, 0], [3, 33, 0]]);
    }

    proptest! {
        #[test]
        fn shares_add_up_and_stay_within_capacity(
            capacities in prop::collection::vec(1..400_000_000_i64, 1..8),
            part in 0.0..=1.0_f64,
        ) {
            let whole: i64 = capacities.iter().sum();
            let total = (whole as f64 * part) as i64;
            let shares = shared(&[total], &capacities);
            prop_assert_eq!(shares.iter().map(|share| share[0]).sum::<i64>(), total);
            for (share, capacity) in shares.iter().zip(&capacities) {
                prop_assert!((0..=*capacity).contains(&share[0]));
            }
        }
    }
}

//! What plants draw on.

use super::context::MOST_ENTITIES;
use super::{Context, Names, outputs};
use crate::quantity::{Energy, Power, Share, Span};
use crate::scenario::files::Files;
use crate::scenario::raw::{self, Scenario};
use crate::system::{HourlyOutput, HourlyOutputId, Inflow, PlantId, Store};

/// Most that can run into a store, MW.
const MOST_INFLOW_MW: f64 = 1e6;

/// The stores of all plants that have one; what runs into them by the hour goes to `hourly`.
pub(crate) fn stores(
    raw: &Scenario,
    names: &Names,
    hourly: &mut Vec<HourlyOutput>,
    files: &mut Files,
    context: &mut Context<'_>,
) -> Vec<Store> {
    let mut stores = Vec::new();
    for (plant, (_, index)) in names.plants.declared().enumerate() {
        let (written, path) = (&raw.plant[index], format!("plant[{index}].storage"));
        let Some(storage) = &written.storage else {
            continue;
        };
        if written.output.is_some() {
            context.wrong(
                &path,
                "a plant that gives what the weather or a series says, and what is in its store",
                "inflow_mw in its storage, and no output",
            );
        }
        let nameplate = Power::from_megawatts(written.capacity_mw).0 * i64::from(written.units);
        let charge = match (storage.charge_mw, &storage.inflow_mw) {
            (Some(charge_mw), _) => Power::from_megawatts(charge_mw),
            (None, None) => Power(nameplate),
            (None, Some(_)) => Power::ZERO,
        };
        if charge == Power::ZERO && storage.inflow_mw.is_none() {
            context.wrong(
                &format!("{path}.charge_mw"),
                "nothing ever fills this store",
                "a charge_mw above 0, or an inflow_mw",
            );
        }
        let energy = Power::from_megawatts(storage.energy_mwh) * Span::from_hours(1.0);
        let efficiency = Share::from_f64(storage.efficiency);
        if energy == Energy::ZERO || efficiency.0 == 0 {
            let key = if energy == Energy::ZERO {
                "energy_mwh"
            } else {
                "efficiency"
            };
            context.wrong(
                &format!("{path}.{key}"),
                "too small to be told from nothing",
                "at least a watt-hour, and a millionth",
            );
        }
        stores.push(Store {
            plant: PlantId::from(plant),
            energy,
            charge,
            efficiency,
            initial: Power::from_megawatts(storage.energy_mwh * storage.initial_share)
                * Span::from_hours(1.0),
            inflow: inflow(storage.inflow_mw.as_ref(), &path, hourly, files, context),
        });
    }
    stores
}

fn inflow(
    written: Option<&raw::Inflow>,
    path: &str,
    hourly: &mut Vec<HourlyOutput>,
    files: &mut Files,
    context: &mut Context<'_>,
) -> Inflow {
    let none = Inflow::Steady(Power::ZERO);
    match written {
        None => none,
        Some(raw::Inflow::Steady(inflow_mw)) => {
            let path = format!("{path}.inflow_mw");
            if !(0.0..=MOST_INFLOW_MW).contains(inflow_mw) {
                let right = format!("a number from 0 to {MOST_INFLOW_MW}");
                context.wrong(&path, format!("{inflow_mw} does not fit here"), right);
                return none;
            }
            Inflow::Steady(Power::from_megawatts(*inflow_mw))
        }
        Some(raw::Inflow::Hourly(series)) => {
            let path = format!("{path}.inflow_mw");
            let limits = (0.0, MOST_INFLOW_MW);
            // Without a series there was a mistake.
            let Some(by_year) = outputs::read(series, &path, limits, 1, files, context) else {
                return none;
            };
            if hourly.len() >= MOST_ENTITIES {
                context.wrong(
                    &path,
                    format!("more than {MOST_ENTITIES} series of outputs and inflows"),
                    "fewer units that share a total_mw, or fewer inflows",
                );
                return none;
            }
            hourly.push(HourlyOutput { by_year });
            Inflow::Hourly(HourlyOutputId::from(hourly.len() - 1))
        }
    }
}

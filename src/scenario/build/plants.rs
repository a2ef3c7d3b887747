//! Merit classes, plants and their units.

use super::numbers::number_or;
use super::outputs::Outputs;
use super::reliability::{alternation, duration};
use super::states::{self, Outages};
use super::{Context, Names, series};
use crate::quantity::{Power, Span};
use crate::random::{DurationLaw, StreamId};
use crate::scenario::files::Files;
use crate::scenario::raw::{self, Scenario};
use crate::system::{
    Alternation, Class, ClassId, Output, Plant, PlantId, StartTimes, StateModel, Unit, UnitId,
    WeatherTable, ZoneId,
};

/// Merit classes, cheapest first.
pub(crate) fn classes(raw: &Scenario, names: &Names) -> Vec<Class> {
    let class = |(name, index): &(String, Option<usize>)| {
        let written = index.map(|index| &raw.class[index]);
        let start = written.and_then(|class| class.start.as_ref());
        Class {
            name: name.clone(),
            cost_usd_mwh: written.map_or(0.0, |class| class.cost_usd_mwh),
            tco2_mwh: written.map_or(0.0, |class| class.tco2_mwh),
            start: start.map_or_else(StartTimes::default, |start| StartTimes {
                hot: Span::from_hours(start.hot_h),
                warm: Span::from_hours(start.warm_h),
                cold: Span::from_hours(start.cold_h),
            }),
        }
    };
    names.classes.entries.iter().map(class).collect()
}

/// Plants by name, and their units, each plant's together.
pub(crate) fn plants(
    raw: &Scenario,
    names: &Names,
    outputs: &Outputs,
    files: &mut Files,
    context: &mut Context<'_>,
) -> (Vec<Plant>, Vec<Unit>) {
    let (mut plants, mut units) = (Vec::new(), Vec::new());
    for (name, index) in names.plants.declared() {
        let (written, path) = (&raw.plant[index], format!("plant[{index}]"));
        let zone = names
            .zones
            .find(&written.zone, &format!("{path}.zone"), context)
            .unwrap_or(0);
        let class_name = written.class.as_deref().unwrap_or(super::names::UNCLASSED);
        let class = names
            .classes
            .find(class_name, &format!("{path}.class"), context)
            .unwrap_or(0);
        if units.len() + usize::from(written.units) > super::context::MOST_ENTITIES {
            context.wrong(&path, "more than 65,535 units in all", "group small units");
            break;
        }
        let first_unit = UnitId::from(units.len());
        let plant = Plant {
            name: name.to_owned(),
            zone: ZoneId::from(zone),
            class: ClassId::from(class),
            first_unit,
            units: written.units,
            beta: written.beta,
            shock_stream: context.stream(&path, &format!("plant/{name}/shock")),
        };
        let model = unit_model(
            written,
            &path,
            &plant,
            PlantId::from(plants.len()),
            files,
            context,
        );
        for number in 1..=written.units {
            let output = outputs.of(index, written.output.as_ref(), number);
            let own = unit(written, &path, &plant, number, &model, context);
            units.push(Unit { output, ..own });
        }
        plants.push(plant);
    }
    (plants, units)
}

/// What all units of a plant have in common.
fn unit_model(
    written: &raw::Plant,
    path: &str,
    plant: &Plant,
    id: PlantId,
    files: &mut Files,
    context: &mut Context<'_>,
) -> Unit {
    if written.beta > 0.0
        && alternation(&written.reliability(), path, plant.shock_stream, context).is_none()
        && !context.places.any_broken(path)
    {
        context.wrong(
            &format!("{path}.beta"),
            "a common cause of units that never fail",
            "mttf_h and mttr_h",
        );
    }
    let memory = written
        .up_law
        .as_ref()
        .is_some_and(|law| !matches!(duration(Some(law), 1.0), DurationLaw::Exponential { .. }));
    // Shocks have no memory: beside another law of own failures they would change each unit's
    // own share of time down.
    if written.beta > 0.0 && memory {
        context.wrong(
            &format!("{path}.beta"),
            "a common cause beside up times that are not exponential",
            "no up_law, or beta = 0",
        );
    }
    let (outages, states) = match states::outages(written, path, context) {
        None => (None, None),
        Some(Outages::Plain(alternation)) => (Some(alternation), None),
        Some(Outages::States(states)) => (None, Some(states)),
    };
    Unit {
        name: String::new(),
        plant: id,
        zone: plant.zone,
        class: plant.class,
        nameplate: Power::from_megawatts(written.capacity_mw),
        dependable: number_or(
            written.dependable_share.as_ref(),
            1.0,
            &format!("{path}.dependable_share"),
            context,
        ),
        output: Output::Steady,
        outages,
        states,
        deratings: None,
        derating_share: written
            .derating
            .as_ref()
            .map_or(0.0, |derating| derating.share),
        repair_factor: number_or(
            written.repair_factor.as_ref(),
            1.0,
            &format!("{path}.repair_factor"),
            context,
        ),
        weather: temperature(written, path, files, context),
        planned: Vec::new(),
        maintenance: None,
    }
}

/// Name of the stream of a unit's outages.
fn outage_name(plant: &str, number: u16) -> String {
    format!("plant/{plant}/unit-{number}/outage")
}

/// The stream of a unit's outages.
pub(super) fn outage_stream(plant: &str, number: u16) -> StreamId {
    StreamId::of(&outage_name(plant, number))
}

fn unit(
    written: &raw::Plant,
    path: &str,
    plant: &Plant,
    number: u16,
    model: &Unit,
    context: &mut Context<'_>,
) -> Unit {
    let name = format!("{}/unit-{number}", plant.name);
    let outage = context.stream(path, &outage_name(&plant.name, number));
    let derating = context.stream(path, &format!("plant/{name}/derating"));
    let stream = outage;
    let outages = match model.outages.clone() {
        Some(alternation) => Some(Alternation {
            stream,
            ..alternation
        }),
        None => alternation(&written.reliability(), path, stream, context),
    };
    let states = model
        .states
        .clone()
        .map(|states| StateModel { stream, ..states });
    let deratings = written.derating.as_ref().and_then(|keys| {
        let path = format!("{path}.derating");
        let alternation = alternation(&keys.reliability(), &path, derating, context);
        if alternation.is_none() && !context.places.any_broken(&path) {
            context.wrong(
                &path,
                "a derating that never happens",
                "mttf_h and mttr_h beside its share",
            );
        }
        alternation
    });
    if model.weather.is_some() && outages.is_none() && !context.places.any_broken(path) {
        context.wrong(
            &format!("{path}.temperature"),
            "failures follow temperature, but there are none",
            "mttf_h and mttr_h",
        );
    }
    Unit {
        name,
        outages,
        states,
        deratings,
        planned: planned(written, path, number, context),
        ..model.clone()
    }
}

fn planned(
    written: &raw::Plant,
    path: &str,
    number: u16,
    context: &mut Context<'_>,
) -> Vec<(i64, i64)> {
    let end = context.horizon.0;
    let mut spans = Vec::new();
    for (index, outage) in written.planned.iter().enumerate() {
        let path = format!("{path}.planned[{index}]");
        let from = outage.from.as_ref().map_or(0, |text| context.offset(text));
        let until = outage
            .until
            .as_ref()
            .map_or(end, |text| context.offset(text));
        if context.places.any_broken(&path) {
            continue;
        }
        if until <= from {
            context.wrong(
                &format!("{path}.until"),
                "the end does not come after the begin",
                "from before until",
            );
        }
        let units = outage.units.as_deref();
        if let Some(wrong) = units
            .into_iter()
            .flatten()
            .find(|&&unit| unit < 1 || unit > written.units)
        {
            context.wrong(
                &format!("{path}.units"),
                format!("there is no unit {wrong}"),
                format!("1 to {}", written.units),
            );
        }
        let (from, until) = (from.max(0), until.min(end));
        if units.is_none_or(|units| units.contains(&number)) && from < until {
            spans.push((from, until));
        }
    }
    joined(spans)
}

/// Spans of time in order, those that touch as one: the end of a span within another must not
/// bring a unit back.
fn joined(mut spans: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    spans.sort_unstable();
    spans.dedup_by(|next, kept| {
        let touches = next.0 <= kept.1;
        if touches {
            kept.1 = kept.1.max(next.1);
        }
        touches
    });
    spans
}

/// The temperature at which a failure rate is right as given, °C.
const REFERENCE_C: f64 = 10.0;

fn temperature(
    written: &raw::Plant,
    path: &str,
    files: &mut Files,
    context: &mut Context<'_>,
) -> Option<WeatherTable> {
    let keys = written.temperature.as_ref()?;
    let path = format!("{path}.temperature");
    let (celsius, unavailability) =
        match (&keys.csv, &keys.column, &keys.celsius, &keys.unavailability) {
            (Some(csv), Some(name), None, None) => {
                let sheet = series::sheet(csv, &format!("{path}.csv"), files, context)?;
                let celsius = series::column(&sheet, "deg_c", &path, context);
                let values = series::column(&sheet, name, &path, context);
                let (celsius, values) = (celsius?, values?);
                let celsius = series::numbers(
                    &sheet,
                    celsius,
                    |c| c.abs() <= 100.0,
                    "a temperature, °C",
                    &path,
                    context,
                );
                let values = series::numbers(
                    &sheet,
                    values,
                    |q| q > 0.0,
                    "a positive number",
                    &path,
                    context,
                );
                (celsius?, values?)
            }
            (None, None, Some(celsius), Some(values)) => (celsius.clone(), values.clone()),
            _ => {
                context.wrong(
                    &path,
                    "the table of temperatures is not whole",
                    "csv and column, or celsius and unavailability",
                );
                return None;
            }
        };
    let rising = celsius.windows(2).all(|pair| pair[0] < pair[1]);
    if celsius.len() < 2 || celsius.len() != unavailability.len() || !rising {
        context.wrong(
            &path,
            "temperatures do not rise, or do not pair with values",
            "two or more rising temperatures, each with a value",
        );
        return None;
    }
    if unavailability.iter().any(|&q| q <= 0.0) {
        context.wrong(
            &path,
            "an unavailability is zero or negative",
            "positive numbers",
        );
        return None;
    }
    if celsius[0] > REFERENCE_C || celsius[celsius.len() - 1] < REFERENCE_C {
        context.wrong(
            &path,
            "the table does not reach 10 °C, where failure rates are right as given",
            "temperatures on both sides of 10",
        );
        return None;
    }
    let mut table = WeatherTable {
        celsius,
        ratio: unavailability,
        extrapolate: keys.extrapolate,
    };
    let reference = table.ratio_at(REFERENCE_C);
    table.ratio.iter_mut().for_each(|ratio| *ratio /= reference);
    Some(table)
}

/// A plant that follows the weather needs a zone that has one.
pub(crate) fn need_weather(raw: &Scenario, names: &Names, context: &mut Context<'_>) {
    for (_, index) in names.plants.declared() {
        let plant = &raw.plant[index];
        let zone = names
            .zones
            .get(&plant.zone)
            .and_then(|id| names.zones.entries[id].1);
        let dry = zone.is_some_and(|zone| raw.zone[zone].weather.is_none());
        if plant.temperature.is_some() && dry {
            let wrong = format!(
                "failures follow temperature, but zone {:?} has no weather",
                plant.zone
            );
            context.wrong(
                &format!("plant[{index}].temperature"),
                wrong,
                "weather = \"NAME\" in the zone",
            );
        }
    }
}

//! Machine mixes.

use super::{Context, Names, series};
use crate::scenario::files::Files;
use crate::scenario::mistake::suggestion;
use crate::scenario::raw::{self, Scenario};
use crate::system::Fleet;

/// Machine mixes, by name.
pub(crate) fn fleets(
    raw: &Scenario,
    names: &Names,
    files: &mut Files,
    context: &mut Context<'_>,
) -> Vec<Fleet> {
    let mut fleets = Vec::new();
    for (name, index) in names.fleets.declared() {
        let (written, path) = (&raw.fleet[index], format!("fleet[{index}]"));
        if written.models.is_empty() {
            context.wrong(
                &format!("{path}.models"),
                "the mix has no machine",
                "models = [{ model = \"...\", j_per_th = 34 }]",
            );
        }
        let listed = listed(written, &path, files, context);
        let mut models = Vec::new();
        for (at, model) in written.models.iter().enumerate() {
            let path = format!("{path}.models[{at}]");
            let from_list = || {
                listed
                    .iter()
                    .find(|(name, _)| *name == model.model)
                    .map(|(_, j_per_th)| *j_per_th)
            };
            match model.j_per_th.or_else(from_list) {
                Some(j_per_th) => models.push((model.model.clone(), j_per_th, model.weight)),
                None if context.places.any_broken(&path) => {}
                None if written.efficiency_csv.is_none() => context.wrong(
                    &path,
                    format!("{:?} has no efficiency", model.model),
                    "j_per_th, or the fleet's efficiency_csv",
                ),
                None if !listed.is_empty() => {
                    let right =
                        suggestion(&model.model, listed.iter().map(|(name, _)| name.as_str()));
                    context.wrong(
                        &format!("{path}.model"),
                        format!("{:?} is not in the list of efficiencies", model.model),
                        right,
                    );
                }
                None => {}
            }
        }
        if models.is_empty() {
            models.push((String::new(), 1.0, 1.0));
        }
        fleets.push(Fleet {
            name: name.to_owned(),
            models,
        });
    }
    fleets
}

/// (model, J/TH) of a fleet's list.
fn listed(
    written: &raw::Fleet,
    path: &str,
    files: &mut Files,
    context: &mut Context<'_>,
) -> Vec<(String, f64)> {
    let Some(csv) = &written.efficiency_csv else {
        return Vec::new();
    };
    let path = format!("{path}.efficiency_csv");
    let Some(sheet) = series::sheet(csv, &path, files, context) else {
        return Vec::new();
    };
    let model = series::column(&sheet, "model", &path, context);
    let j_per_th = series::column(&sheet, "j_per_th", &path, context);
    let (Some(model), Some(j_per_th)) = (model, j_per_th) else {
        return Vec::new();
    };
    let right = "an efficiency from 1 to 1e9 J/TH";
    let values = series::numbers(
        &sheet,
        j_per_th,
        |value| (1.0..=1e9).contains(&value),
        right,
        &path,
        context,
    );
    let models = sheet.rows.iter().map(|row| row[model].text.clone());
    models.zip(values.unwrap_or_default()).collect()
}

//! `hashfall infer`: how much hashrate was truly missing, given what was observed. No simulation.

use super::arguments::Format;
use super::options::InferOptions;
use super::scenario::load;
use super::talk::{Talk, print};
use super::{Exit, Failure};
use crate::exact::missing_hashrate;
use crate::report::chart::PRINT_WIDTH_PX;
use crate::report::{MissingAsData, ReportError, missing_figure, missing_screen};
use crate::store::{create_folder, write_atomic};

pub(super) fn infer(options: InferOptions) -> Result<Exit, Failure> {
    let loaded = load(&options.scenario)?;
    let system = &loaded.system;
    let missing = missing_hashrate(system).ok_or_else(|| {
        Failure::RunTime(format!(
            "{} has nothing to infer from: it takes a table [observed.inference] that says when \
             it was dark, beside observed.blocks_csv or [[observed.claims]]; `hashfall init event` \
             writes an example",
            system.name
        ))
    })?;
    let text = match options.format {
        Format::Text => missing_screen(system, &missing),
        Format::Json => {
            let text = serde_json::to_string_pretty(&MissingAsData::of(system, &missing));
            text.map_err(|error| Failure::RunTime(error.to_string()))? + "\n"
        }
    };
    print(&text)?;
    if let Some(folder) = &options.output {
        let drawing =
            missing_figure(system, &missing, &options.scenario.overrides_as_text()).draw();
        let png = drawing.png(PRINT_WIDTH_PX).map_err(ReportError::from)?;
        let caption = format!("{}\n\n{}\n", drawing.caption, drawing.alternative_text);
        create_folder(folder)?;
        for (extension, bytes) in [
            ("svg", drawing.standalone_svg().as_bytes()),
            ("png", &png),
            ("csv", drawing.numbers_csv.as_bytes()),
            ("txt", caption.as_bytes()),
        ] {
            let file = folder.join(format!("{}.{extension}", drawing.name));
            write_atomic(&file, bytes)?;
        }
        Talk::Normal.say(&format!("drew {}", folder.join("inference.svg").display()));
    }
    Ok(Exit::Done)
}

//! From a finished run to its figures and its page.

use super::chart::{Drawing, PRINT_WIDTH_PX};
use super::facts::Facts;
use super::{Finished, ReportError, Shelf, document, figures};

/// Draws what a finished run has to show: `charts/NAME.svg`, `.png`, `.csv` and `.txt`, and
/// `report.html`, each put on the shelf.
///
/// # Errors
/// What the disk says; a figure that cannot be printed; [`ReportError::Stopped`].
pub fn draw(finished: &Finished<'_>, shelf: &mut Shelf<'_>) -> Result<(), ReportError> {
    let facts = Facts { run: finished };
    let drawings = figures::all(&facts)?;
    for drawing in &drawings {
        shelf.check()?;
        put(drawing, shelf)?;
    }
    let page = document::document(&facts, drawings)?.render();
    shelf.put("report.html", page.as_bytes())
}

/// One figure: picture twice, numbers, caption with the text for those who cannot see it.
pub(super) fn put(drawing: &Drawing, shelf: &mut Shelf<'_>) -> Result<(), ReportError> {
    let name = |extension: &str| format!("charts/{}.{extension}", drawing.name);
    shelf.put(&name("svg"), drawing.standalone_svg().as_bytes())?;
    shelf.put(&name("png"), &drawing.png(PRINT_WIDTH_PX)?)?;
    shelf.put(&name("csv"), drawing.numbers_csv.as_bytes())?;
    let caption = format!("{}\n\n{}\n", drawing.caption, drawing.alternative_text);
    shelf.put(&name("txt"), caption.as_bytes())
}

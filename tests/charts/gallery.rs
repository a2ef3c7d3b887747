//! Writes every figure and the page to a folder, for eyes: set `HASHFALL_GALLERY` to it and run
//! `cargo test --test charts gallery -- --ignored`.

use crate::{properties, samples};
use std::path::PathBuf;

#[test]
#[ignore = "for eyes: needs HASHFALL_GALLERY"]
fn gallery() {
    let Some(folder) = std::env::var_os("HASHFALL_GALLERY").map(PathBuf::from) else {
        return;
    };
    std::fs::create_dir_all(&folder).expect("a folder for the pictures");
    let write =
        |name: String, bytes: &[u8]| std::fs::write(folder.join(name), bytes).expect("written");
    let edges = properties::edges()
        .into_iter()
        .map(|(case, drawing)| (format!("edge-{case}"), drawing));
    let plain = samples::all()
        .into_iter()
        .map(|drawing| (drawing.name.clone(), drawing));
    for (name, drawing) in plain.chain(edges) {
        write(format!("{name}.svg"), drawing.standalone_svg().as_bytes());
        write(
            format!("{name}.png"),
            &drawing.png(1400).expect("a picture"),
        );
        write(
            format!("{name}-360.png"),
            &drawing.png(360).expect("a picture"),
        );
        write(format!("{name}.csv"), drawing.numbers_csv.as_bytes());
        write(
            format!("{name}.txt"),
            format!("{}\n\n{}", drawing.caption, drawing.alternative_text).as_bytes(),
        );
    }
    write("report.html".into(), samples::report().render().as_bytes());
}

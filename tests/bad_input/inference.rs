//! Mistakes in what an inference is to know.

use hashfall::scenario::{EventTemplate, Source, read};
use std::fs;

/// The mistakes of the event template with some text replaced, rendered.
fn with(from: &str, to: &str) -> String {
    let template = EventTemplate::new("my-event").expect("a name");
    assert!(template.scenario.contains(from), "{from}");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("my-event.toml");
    fs::write(&file, template.scenario.replacen(from, to, 1)).expect("written");
    fs::write(folder.path().join(&template.blocks_csv), template.blocks).expect("written");
    match read(&Source::load(&file), &[]) {
        Ok(_) => String::new(),
        Err(mistakes) => mistakes.to_string(),
    }
}

#[test]
fn the_template_is_sound() {
    assert_eq!(with("seed = 1", "seed = 2"), "");
}

#[test]
fn each_mistake_says_what_would_be_right() {
    for (from, to, wrong, right) in [
        (
            "prior = [0, 0.3]",
            "prior = [0.3, 0]",
            "no range of losses",
            "from 0 to 0.95",
        ),
        (
            "growth_per_week = [0, 0.03]",
            "growth_per_week = [0.1, 0]",
            "no range of growth",
            "the lower first",
        ),
        (
            "prior = [0, 0.3]",
            "pool_factors = [0]",
            "no factors",
            "above 0",
        ),
        ("prior = [0, 0.3]", "pool_factors = []", "no factors", "0.8"),
        (
            "prior = [0, 0.3]",
            "pool_eror = 0.1",
            "pool_eror",
            "pool_error",
        ),
        (
            "dark = [{ from = \"2030-01-20T06:00:00Z\", until = \"2030-01-25T00:00:00Z\" }]",
            "dark = [{ from = \"2030-01-25T06:00:00Z\", until = \"2030-01-25T00:00:00Z\" }]",
            "end before they begin",
            "from before until",
        ),
        (
            "dark = [{ from = \"2030-01-20T06:00:00Z\", until = \"2030-01-25T00:00:00Z\" }]",
            "dark = []",
            "the spans are none",
            "from before until",
        ),
        (
            "from = \"2030-01-07T00:00:00Z\"\nuntil = \"2030-01-20T00:00:00Z\"",
            "from = \"2030-01-07T00:00:00Z\"\nuntil = \"2030-01-22T00:00:00Z\"",
            "it was dark within the baseline",
            "days before the event",
        ),
        (
            "from = \"2030-01-07T00:00:00Z\"\nuntil = \"2030-01-20T00:00:00Z\"",
            "from = \"2029-01-07T00:00:00Z\"\nuntil = \"2029-01-20T00:00:00Z\"",
            "no whole UTC day",
            "midnight UTC",
        ),
        (
            "blocks_csv = \"my-event-blocks.csv\"",
            "note = \"none\"",
            "a baseline needs counts",
            "observed.blocks_csv",
        ),
    ] {
        let found = with(from, to);
        assert!(
            found.contains(wrong) && found.contains(right),
            "{to}:\n{found}"
        );
    }
}

//! Forecast and hindcast: what each may know.

use super::{COUNTS, Desk, SMALL, table};
use hashfall::scenario::{HINDCAST, Loaded, Source, built_in, read};
use hashfall::system::Mode;

fn with(source: &Source, overrides: &[(&str, &str)]) -> Result<Loaded, String> {
    let overrides: Vec<(String, String)> = overrides
        .iter()
        .map(|(path, value)| ((*path).to_owned(), (*value).to_owned()))
        .collect();
    read(source, &overrides).map_err(|mistakes| mistakes.to_string())
}

fn kazakhstan() -> Source {
    Source::built_in("kazakhstan-2022").expect("built in")
}

#[test]
fn a_forecast_refuses_what_came_later_and_a_hindcast_takes_it() {
    for (path, value, words) in [
        (
            "inputs.kazakhstan-share.known_since",
            "2022-05-17",
            "a forecast cannot know what was learnt on 2022-05-17",
        ),
        (
            "world.known_since",
            "2022-01-10",
            "a forecast cannot know what was learnt on 2022-01-10",
        ),
        (
            "economics.hold_after",
            "2022-01-05",
            "a forecast cannot use what came after",
        ),
    ] {
        let refused = with(&kazakhstan(), &[(path, value)]).expect_err("refused");
        assert!(refused.contains(words), "{refused}");
        assert!(
            with(&kazakhstan(), &[HINDCAST, (path, value)]).is_ok(),
            "{path}"
        );
    }
}

#[test]
fn kazakhstan_has_both_modes() {
    let forecast = with(&kazakhstan(), &[]).expect("sound");
    let hindcast = with(&kazakhstan(), &[HINDCAST]).expect("sound");
    assert_eq!(
        (forecast.system.mode, hindcast.system.mode),
        (Mode::Forecast, Mode::Hindcast)
    );
    assert_eq!(hindcast.system.name, "kazakhstan-2022-hindcast");
    assert_eq!(hindcast.name_in_file(), "kazakhstan-2022");
    assert!(hindcast.system.title.ends_with("(hindcast)"));
    assert_ne!(forecast.digest, hindcast.digest);
    // Difficulty rose on 8 January: a forecast does not know it, a hindcast does.
    let of = |loaded: &Loaded| {
        let economics = loaded.system.economics.clone().expect("money");
        (
            economics.difficulty[4],
            economics.difficulty[12],
            economics.price_usd[20],
        )
    };
    let (held, known) = (of(&forecast), of(&hindcast));
    assert_eq!(held.0, held.1);
    assert!(known.1 > known.0 && known.2 != held.2);
    // What is written over a hindcast has the last word.
    let fixed = [HINDCAST, ("inputs.kazakhstan-share", "0.15")];
    let fixed = with(&kazakhstan(), &fixed).expect("sound");
    assert_eq!(
        fixed.value_at("inputs.kazakhstan-share.value").as_deref(),
        Some("0.15")
    );
}

/// A forecast is the same whether or not the file says what a hindcast would know.
#[test]
fn a_forecast_takes_no_heed_of_the_hindcast() {
    let counts = table(&COUNTS);
    let whole = Desk::new(SMALL, &counts).load();
    let (before, _) = SMALL.split_once("[hindcast]").expect("the table");
    let without = Desk::new(before, &counts).load();
    assert_eq!(whole.digest, without.digest);
    assert_eq!(whole.system.assumptions, without.system.assumptions);
    assert!(whole.offers_hindcast && !without.offers_hindcast && !whole.is_hindcast);
}

#[test]
fn mistakes_of_a_hindcast_have_their_place() {
    let counts = table(&COUNTS);
    let broken = SMALL.replace(
        "\"world.growth_per_week\" = 0.01",
        "\"world.growht\" = 0.01",
    );
    let desk = Desk::new(&broken, &counts);
    let source = Source::load(desk.path("small.toml"));
    let found = with(&source, &[HINDCAST]).expect_err("a mistake");
    let line = 1 + broken
        .lines()
        .position(|line| line.contains("growht"))
        .expect("a line");
    assert!(found.contains(&format!("small.toml:{line}")), "{found}");
    assert!(found.contains("growht"), "{found}");
    let unknown = SMALL.replace("[hindcast.set]", "[hindcast.sets]");
    let desk = Desk::new(&unknown, &counts);
    let source = Source::load(desk.path("small.toml"));
    let found = with(&source, &[]).expect_err("a mistake");
    assert!(found.contains("sets"), "{found}");
    let none = with(&Source::built_in("rts79").expect("built in"), &[HINDCAST]);
    assert!(none.expect_err("none").contains("[hindcast.set]"));
}

/// Priors stand committed with their sources: every uncertain input of a scenario that is held
/// against counts says where it comes from, in a forecast since when, and in a hindcast, too.
#[test]
fn priors_of_scored_scenarios_have_sources() {
    let mut scored = 0;
    for scenario in built_in() {
        let source = Source::built_in(scenario.name).expect("built in");
        let plain = with(&source, &[]).expect("sound");
        if plain.system.observed.days.is_empty() {
            continue;
        }
        scored += 1;
        let mut modes = vec![plain];
        if modes[0].offers_hindcast {
            modes.push(with(&source, &[HINDCAST]).expect("sound"));
        }
        for loaded in modes {
            let system = &loaded.system;
            assert_ne!(
                system.mode,
                Mode::Study,
                "{}: counts are history",
                system.name
            );
            let written: toml::Table = loaded.text.parse().expect("TOML");
            let inputs = written["inputs"].as_table().expect("priors");
            assert!(!inputs.is_empty());
            for name in inputs.keys() {
                let of = format!("inputs/{name}");
                let known = system.assumptions.iter().find(|item| item.of == of);
                let source = known.map_or("", |item| item.source.trim());
                assert!(!source.is_empty(), "{}: {of} has no source", system.name);
            }
            // Numbers drawn where they stand have the source of their table, or of what holds it.
            for table in ["world", "economics"] {
                let known = system.assumptions.iter().find(|item| item.of == table);
                assert!(known.is_none_or(|item| !item.source.is_empty()), "{table}");
            }
        }
    }
    assert!(scored >= 1);
}

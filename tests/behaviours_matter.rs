//! Every behaviour of the shipped scenario matters, or is known not to: one test for each row of
//! `docs/ablation.md`, which switches it off in a few paired replications and looks at the
//! direction of the change. An engine that forgets a behaviour shows no change, and fails here.
//!
//! It cannot do otherwise: without the behaviour both runs are the same, and no number differs.
//! The few that leave the numbers of this scenario alone are held to that, bit by bit.
//!
//! Replications are few, but always the same: these tests are not left to chance.

#[path = "../examples/ablation/behaviours.rs"]
mod behaviours;
#[path = "../examples/ablation/numbers.rs"]
mod numbers;

use behaviours::{Behaviour, Expect, Switch, digest, groups, scenario};
use numbers::{Sample, paired, position, sample};
use std::sync::LazyLock;

/// Replications of every variant.
const REPLICATIONS: u32 = 160;

/// The scenario as shipped, run once for all tests.
static SHIPPED: LazyLock<Sample> = LazyLock::new(|| sample(&scenario(&[]), REPLICATIONS));

fn all() -> Vec<Behaviour> {
    groups()
        .into_iter()
        .flat_map(|(_, members)| members)
        .collect()
}

/// Switches a behaviour off and holds what happens against what is expected.
fn matters(test: &str) {
    let name = test.replace('_', "-");
    let behaviour = all()
        .into_iter()
        .find(|behaviour| behaviour.name == name)
        .unwrap_or_else(|| panic!("no behaviour is called {name}"));
    let off = sample(&behaviour.system(), REPLICATIONS);
    let wrong: Vec<String> = behaviour
        .expect
        .iter()
        .filter_map(|&(number, expect)| {
            let change = paired(&SHIPPED, &off, position(number));
            let as_expected = match expect {
                Expect::Rises => change.z() > 3.0,
                Expect::Falls => change.z() < -3.0,
                Expect::RisesSlightly => change.change > 0.0,
                Expect::FallsSlightly => change.change < 0.0,
                Expect::Stays => change.touched == 0,
            };
            (!as_expected).then(|| format!("{number} {expect:?}: {change:?}, z {:.2}", change.z()))
        })
        .collect();
    let off = behaviour.off;
    assert!(wrong.is_empty(), "{name}: {off}\n{}", wrong.join("\n"));
}

macro_rules! behaviours_matter {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                matters(stringify!($name));
            }
        )*

        #[test]
        fn every_behaviour_has_its_test() {
            let tested: Vec<String> = [$(stringify!($name)),*]
                .iter()
                .map(|name| name.replace('_', "-"))
                .collect();
            let listed: Vec<&str> = all().iter().map(|behaviour| behaviour.name).collect();
            assert_eq!(tested, listed);
        }
    };
}

behaviours_matter! {
    kill_switch together throttling unrest_power unrest_each unrest_staff standing_order event_twin
    mixed_access household_access until_the_end night_window noon_window data_centre_window
    household_windows tenth_window spares dish cut_start
    hold_short hold_ever sleep_power boot_stagger crew_start battery heat
    ladder reserve compliance obedience grey order_delay order_minimum cut_priority order_by_link
    north_south_limit line_outages russian_supply west_tie central_asia zone_blackouts
    forced_outages common_cause deratings repair_factor dependable cold_outages cold_load
    weather_paths wind_and_sun merit_order start_times mining_in_statistics
    access_outages provider_outages second_provider several_providers gateway_outages abroad
    pool_outages second_pool delay
    growth noise pool_prior inputs rejection fees
    epoch pools_window pools_weighting dilution trend
}

/// The page is that of the behaviours as they are now, and every test that it names exists.
#[test]
fn the_page_lists_every_behaviour_and_every_guard_exists() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/ablation.md");
    let page = std::fs::read_to_string(path).expect("the page");
    assert!(
        page.contains(&format!(", scenario {}, ", digest())),
        "the scenario has changed: cargo run --release --example ablation -- 1000 > docs/ablation.md"
    );
    for (title, _) in groups() {
        assert!(page.contains(&format!("\n## {title}\n")), "{title}");
    }
    for behaviour in all() {
        let heading = format!("\n### {}\n", behaviour.name);
        assert!(
            page.contains(&heading),
            "{} is not on the page",
            behaviour.name
        );
        let how = match behaviour.switch {
            Switch::Set(overrides) => format!("{}={}", overrides[0].0, overrides[0].1),
            Switch::System(how, _) => how.to_owned(),
        };
        assert!(page.contains(&how), "the page does not know: {how}");
        for guard in behaviour.guards {
            let (file, test) = guard.split_once("::").expect("FILE::TEST");
            let path = format!("{}/tests/{file}.rs", env!("CARGO_MANIFEST_DIR"));
            let text = std::fs::read_to_string(&path).expect("a file of tests");
            assert!(
                text.contains(&format!("fn {test}(")),
                "{guard} does not exist"
            );
        }
        for (number, _) in behaviour.expect {
            position(number);
        }
    }
}

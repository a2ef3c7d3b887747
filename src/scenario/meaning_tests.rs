//! What tables mean: each kind built from a small scenario and held against hand-made values.

mod study;

use super::*;
use crate::quantity::{Instant, MS_PER_HOUR, Power, Span};
use crate::random::DurationLaw;
use crate::system::{
    Access, AccessClassId, FarmId, FarmStatus, GatewayId, HazardTiming, OrderShare, Output, PoolId,
    Target, Value, ZoneId,
};

const BASE: &str = r#"
schema = 1
[scenario]
name = "t"
start = "2022-01-01T00:00:00Z"
duration_days = 2
[world]
level_ehs = 170
[[zone]]
name = "south"
load_mw = 50
weather = "w"
[[zone]]
name = "north"
load_mw = 100
weather = "w"
[[weather]]
name = "w"
mean_c = -10
"#;

fn system(tables: &str) -> System {
    let text = format!("{BASE}{tables}");
    read(&Source::text(text), &[])
        .unwrap_or_else(|mistakes| panic!("{mistakes}"))
        .system
}

fn wrong(tables: &str) -> String {
    match read(&Source::text(format!("{BASE}{tables}")), &[]) {
        Ok(_) => panic!("no mistake was found"),
        Err(mistakes) => mistakes.to_string(),
    }
}

const FARMS: &str = r#"
[[farm]]
name = "b"
zone = "north"
installed_mw = 10
efficiency_j_th = 40
[[farm]]
name = "a"
zone = "south"
status = "grey"
installed_mw = 20
efficiency_j_th = 90
"#;

#[test]
fn a_farm_alone_gets_the_documented_defaults() {
    let system = system(FARMS);
    let [grey, registered] = &system.farms[..] else {
        panic!("two farms")
    };
    assert_eq!((grey.name.as_str(), grey.zone), ("a", ZoneId(1)));
    assert_eq!(
        (grey.status, grey.compliance, grey.interruptible),
        (FarmStatus::Grey, Value::Fixed(0.0), false)
    );
    assert_eq!(
        (
            registered.status,
            registered.compliance,
            registered.interruptible
        ),
        (FarmStatus::Registered, Value::Fixed(1.0), true)
    );
    assert_eq!(registered.access, Access::Class(AccessClassId(0)));
    assert_eq!(registered.pools, [PoolId(0)]);
    assert_eq!(registered.telecom_battery, Span::from_hours(4.0));
    assert_eq!(registered.link_loss.hold_minutes, Value::Fixed(15.0));
    let last = registered.start.steps.last().expect("steps");
    assert_eq!(
        (last.after, last.share_ppm),
        (Span::from_minutes(30.0), 1_000_000)
    );
    // What the scenario leaves out is there once, and never fails.
    assert_eq!(system.providers[0].gateways, [GatewayId(0)]);
    assert_eq!(
        (
            system.providers[0].name.as_str(),
            system.gateways[0].name.as_str(),
            system.pools[0].name.as_str()
        ),
        ("internet", "border", "pool")
    );
    assert!(system.gateways[0].outages.is_none() && system.pools[0].share == 1.0);
}

#[test]
fn farm_defaults_fill_what_a_farm_leaves_out_key_by_key() {
    let tables = format!(
        "{FARMS}on_link_loss = {{ hold_minutes = \"never\" }}\n[farm_defaults]\npue = 1.1\non_link_loss = {{ hold_minutes = 5, after_power = 0.01 }}\n"
    );
    let system = system(&tables);
    let [own, default] = &system.farms[..] else {
        panic!("two farms")
    };
    assert_eq!((own.pue, default.pue), (1.1, 1.1));
    assert_eq!(own.link_loss.hold_minutes, Value::Fixed(f64::INFINITY));
    assert_eq!(
        (own.link_loss.after_power, default.link_loss.hold_minutes),
        (0.01, Value::Fixed(5.0))
    );
}

#[test]
fn the_reserve_is_the_largest_unit_where_mining_can_be_cut() {
    let plants = "[[plant]]\nname = \"p\"\nzone = \"north\"\ncapacity_mw = 70\nunits = 2\n[[plant]]\nname = \"q\"\nzone = \"south\"\ncapacity_mw = 90\n";
    let system = system(&format!("{FARMS}{plants}"));
    // The south has a grey farm only: nothing there can be ordered off.
    assert_eq!(
        (system.zones[0].reserve, system.zones[1].reserve),
        (Power::from_megawatts(70.0), Power::ZERO)
    );
    assert_eq!(
        (system.units.len(), system.units[1].name.as_str()),
        (3, "p/unit-2")
    );
}

#[test]
fn mixed_access_adds_up_to_one_and_the_rest_comes_last() {
    let mixed = |access: &str| {
        format!(
            "{FARMS}access = \"mixed\"\nmixed_access = {access}\n[[access_class]]\nname = \"d\"\n[[access_class]]\nname = \"h\"\n[farm_defaults]\naccess = \"h\"\n"
        )
    };
    let built = system(&mixed("{ d = \"rest\", h = { uniform = [0.2, 0.8] } }"));
    let Access::Mixed(classes) = &built.farms[0].access else {
        panic!("mixed")
    };
    assert_eq!(classes[0].0, AccessClassId(1));
    assert_eq!(classes[1], (AccessClassId(0), Value::Fixed(1.0)));
    assert!(wrong(&mixed("{ d = 0.5, h = 0.6 }")).contains("add up to 1.1"));
    assert!(
        wrong(&mixed("{ d = 0.5, h = { uniform = [0, 1] } }"))
            .contains("\"rest\" for exactly one class")
    );
    assert!(
        wrong(&mixed("{ d = { uniform = [0.5, 1.5] }, h = \"rest\" }")).contains("out of range")
    );
}

#[test]
fn reliability_in_any_of_its_forms_is_the_same() {
    let line = |keys: &str| {
        format!(
            "[[line]]\nname = \"l\"\nfrom = \"south\"\nto = \"north\"\ncapacity_mw = 30\n{keys}"
        )
    };
    let means = |keys: &str| {
        let outages = system(&line(keys)).lines[0]
            .outages
            .clone()
            .expect("it fails");
        (outages.up.mean_h(), outages.down.mean_h())
    };
    assert_eq!(means("mttf_h = 90\nmttr_h = 10\n"), (90.0, 10.0));
    assert_eq!(
        means("forced_outage_rate = 0.1\nmttr_h = 10\n"),
        (90.0, 10.0)
    );
    assert_eq!(
        means("failures_per_year = 97.33333333333333\nrepairs_per_year = 876\n"),
        (90.0, 10.0)
    );
    let law = system(&line(
        "mttf_h = 90\nmttr_h = 10\nup_law = { weibull_shape = 2 }\ndown_law = \"fixed\"\n",
    ));
    let outages = law.lines[0].outages.clone().expect("it fails");
    assert_eq!(
        outages.up,
        DurationLaw::Weibull {
            mean_h: 90.0,
            shape: 2.0
        }
    );
    assert_eq!(outages.down, DurationLaw::Fixed { hours: 10.0 });
    let sound = system(&line(""));
    assert!(sound.lines[0].outages.is_none());
    assert_eq!(
        (sound.lines[0].from, sound.lines[0].backward_mw),
        (ZoneId(1), Value::Fixed(30.0))
    );
}

#[test]
fn hazards_name_their_targets_by_pattern() {
    let hazard = r#"
[[gateway]]
name = "east"
[[gateway]]
name = "west"
[[access_class]]
name = "d"
[[hazard]]
name = "cut"
event = true
from = "2022-01-01T10:00:00Z"
takes_down = ["gateway/*", "zone/n?rth", "crew/b", "gateway/east"]
load_changes = [{ zone = "south", change_mw = -5, unserved = true }]
[[hazard.window]]
access_classes = ["*"]
from = { at = "2022-01-01T20:00:00Z", plus_minutes = 10 }
until = "2022-01-01T22:00:00Z"
[[hazard]]
name = "storm"
rate_per_year = 2
duration_mean_h = 5
duration_law = { lognormal_cv = 1 }
takes_down = ["farm/*"]
each_chance = 0.5
"#;
    let system = system(&format!("{FARMS}{hazard}"));
    let [cut, storm] = &system.hazards[..] else {
        panic!("two hazards")
    };
    assert_eq!(
        cut.targets,
        [
            Target::Zone(ZoneId(0)),
            Target::Gateway(GatewayId(0)),
            Target::Gateway(GatewayId(1)),
            Target::Crew(FarmId(1))
        ]
    );
    let stream = crate::random::StreamId::of("hazard/cut/gateway/west");
    assert_eq!(
        (cut.target_streams[2], cut.spare_streams.len()),
        (stream, 2)
    );
    let HazardTiming::Dated { from, until } = cut.timing else {
        panic!("dated")
    };
    assert_eq!(
        (from.at, until.at),
        (Instant(10 * MS_PER_HOUR), Instant(48 * MS_PER_HOUR))
    );
    assert_eq!(cut.windows[0].classes, [AccessClassId(0)]);
    assert_eq!(cut.windows[0].from.plus_minutes, Value::Fixed(10.0));
    assert_eq!(
        (cut.load_changes[0].change, cut.load_changes[0].unserved),
        (Power::from_megawatts(-5.0), true)
    );
    let HazardTiming::Drawn {
        duration, until, ..
    } = storm.timing
    else {
        panic!("drawn")
    };
    assert_eq!((duration.mean_h(), until), (5.0, Instant(48 * MS_PER_HOUR)));
    assert_eq!(
        storm.targets,
        [Target::Farm(FarmId(0)), Target::Farm(FarmId(1))]
    );
}

#[test]
fn orders_and_contracts() {
    let tables = r#"
contract = "c"
[[contract]]
name = "c"
notice_minutes = 10
[[order]]
name = "autumn"
from = "2021-10-15T00:00:00Z"
leaves = "running"
certain = true
[[order]]
name = "cut-off"
farms = ["b"]
from = "2022-01-01T06:00:00Z"
"#;
    let system = system(&format!("{FARMS}{tables}"));
    let [autumn, cut] = &system.orders[..] else {
        panic!("two orders")
    };
    assert_eq!(
        (autumn.from.at, autumn.share, autumn.certain),
        (Instant::START, OrderShare::Running, true)
    );
    assert_eq!(autumn.farms, [FarmId(0), FarmId(1)]);
    assert_eq!(
        (cut.farms.as_slice(), cut.share),
        (&[FarmId(1)][..], OrderShare::Share(Value::Fixed(0.0)))
    );
    assert_eq!(system.farms[0].contract, Some(crate::system::ContractId(0)));
    assert_eq!(
        (system.contracts[0].notice, system.contracts[0].calls),
        (Span::from_minutes(10.0), u32::MAX)
    );
}

#[test]
fn classes_stand_in_merit_order_with_the_unclassed_at_no_cost() {
    let tables = r#"
[[class]]
name = "gas"
cost_usd_mwh = 30
[[class]]
name = "coal"
cost_usd_mwh = 10
start = { hot_h = 2, warm_h = 4, cold_h = 8 }
[[plant]]
name = "p"
zone = "north"
class = "coal"
capacity_mw = 5
output = { wind = 0.3 }
planned = [{ until = "2022-01-01T05:00:00Z" }]
[[plant]]
name = "q"
zone = "north"
capacity_mw = 5
"#;
    let system = system(tables);
    let names: Vec<&str> = system
        .classes
        .iter()
        .map(|class| class.name.as_str())
        .collect();
    assert_eq!(names, ["unclassed", "coal", "gas"]);
    assert_eq!(system.classes[1].start.warm, Span::from_hours(4.0));
    assert_eq!(
        (system.units[0].class.at(), system.units[0].output),
        (1, Output::Wind(0.3))
    );
    assert_eq!(system.units[0].planned, [(0, 5 * MS_PER_HOUR)]);
}

//! Against a second simulation that shares nothing with the program: floats and hours, from one
//! change to the next.

use super::*;
use proptest::prelude::*;
use support::run_grid;

const HOURS: usize = 72;

/// A unit of a plant or of a store, out from one minute to another.
#[derive(Debug, Clone)]
struct Unit {
    capacity_mw: f64,
    out_min: (u32, u32),
}

#[derive(Debug, Clone)]
struct Store {
    units: Vec<Unit>,
    energy_mwh: f64,
    charge_mw: f64,
    efficiency: f64,
    initial_share: f64,
    inflow_mw: Vec<f64>,
}

#[derive(Debug, Clone)]
struct Case {
    load_mw: Vec<f64>,
    units: Vec<Unit>,
    stores: Vec<Store>,
}

fn unit() -> impl Strategy<Value = Unit> {
    let minutes = 60 * HOURS as u32;
    (10.0..60.0_f64, 0..minutes, 1..900_u32).prop_map(move |(capacity_mw, from, length)| Unit {
        capacity_mw: (capacity_mw * 1e3).round() / 1e3,
        out_min: (from, (from + length).min(minutes)),
    })
}

fn store() -> impl Strategy<Value = Store> {
    let inflow = prop_oneof![
        Just(vec![0.0; HOURS]),
        prop::collection::vec(0.0..25.0_f64, HOURS)
    ];
    let units = prop::collection::vec(unit(), 1..3);
    (
        units,
        5.0..300.0_f64,
        1.0..50.0_f64,
        0.5..=1.0_f64,
        0.0..=1.0_f64,
        inflow,
    )
        .prop_map(
            |(mut units, energy_mwh, charge_mw, efficiency, initial_share, inflow_mw)| {
                // Units of a plant are equal.
                let capacity_mw = units[0].capacity_mw;
                units
                    .iter_mut()
                    .for_each(|unit| unit.capacity_mw = capacity_mw);
                let rounded = |value: f64| (value * 1e4).round() / 1e4;
                Store {
                    units,
                    energy_mwh: rounded(energy_mwh),
                    charge_mw: rounded(charge_mw),
                    efficiency: rounded(efficiency),
                    initial_share: rounded(initial_share),
                    inflow_mw: inflow_mw.into_iter().map(rounded).collect(),
                }
            },
        )
}

fn case() -> impl Strategy<Value = Case> {
    let load = prop::collection::vec(40.0..200.0_f64, HOURS);
    let units = prop::collection::vec(unit(), 2..6);
    let stores = prop::collection::vec(store(), 1..4);
    (load, units, stores).prop_map(|(load_mw, units, stores)| Case {
        load_mw: load_mw
            .into_iter()
            .map(|mw| (mw * 1e3).round() / 1e3)
            .collect(),
        units,
        stores,
    })
}

fn planned(unit: &Unit, number: usize) -> String {
    let at = |minute: u32| {
        let (day, hour, minute) = (1 + minute / 1440, minute / 60 % 24, minute % 60);
        format!("2020-01-{day:02}T{hour:02}:{minute:02}:00Z")
    };
    let (from, until) = unit.out_min;
    format!(
        "{{ from = {:?}, until = {:?}, units = [{number}] }}",
        at(from),
        at(until)
    )
}

fn text(case: &Case) -> String {
    let mut text = head(HOURS as u32) + &zone("z", &format!("{:?}", case.load_mw));
    for (index, unit) in case.units.iter().enumerate() {
        let keys = format!("planned = [{}]", planned(unit, 1));
        text += &plant(&format!("g{index}"), "z", 1, unit.capacity_mw, &keys);
    }
    for (index, store) in case.stores.iter().enumerate() {
        let outages: Vec<String> = (1..)
            .zip(&store.units)
            .map(|(number, unit)| planned(unit, number))
            .collect();
        let Store {
            energy_mwh,
            charge_mw,
            efficiency,
            initial_share,
            inflow_mw,
            ..
        } = store;
        let keys = format!(
            "planned = [{}]\nstorage = {{ energy_mwh = {energy_mwh:?}, charge_mw = {charge_mw:?}, efficiency = {efficiency:?}, initial_share = {initial_share:?}, inflow_mw = {{ values = {inflow_mw:?} }} }}",
            outages.join(", ")
        );
        let units = store.units.len() as u16;
        text += &plant(
            &format!("s{index}"),
            "z",
            units,
            store.units[0].capacity_mw,
            &keys,
        );
    }
    text
}

#[derive(Debug, Default)]
struct Answer {
    short_h: f64,
    unserved_mwh: f64,
    level_mwh: Vec<f64>,
    given_mwh: Vec<f64>,
    taken_mwh: Vec<f64>,
    passed_mwh: Vec<f64>,
}

const NOTHING: f64 = 1e-9;

fn simulate(case: &Case) -> Answer {
    let stores = &case.stores;
    let mut answer = Answer {
        level_mwh: stores
            .iter()
            .map(|s| s.energy_mwh * s.initial_share)
            .collect(),
        given_mwh: vec![0.0; stores.len()],
        taken_mwh: vec![0.0; stores.len()],
        passed_mwh: vec![0.0; stores.len()],
        ..Answer::default()
    };
    let nameplate = |store: &Store| store.units.iter().map(|unit| unit.capacity_mw).sum::<f64>();
    let mut order: Vec<usize> = (0..stores.len()).collect();
    order.sort_by(|&a, &b| {
        let lasts = |s: usize| stores[s].energy_mwh / nameplate(&stores[s]);
        lasts(b).total_cmp(&lasts(a)).then(a.cmp(&b))
    });
    let mut changes: Vec<f64> = (0..=HOURS).map(|hour| hour as f64).collect();
    let all = case
        .units
        .iter()
        .chain(stores.iter().flat_map(|store| &store.units));
    changes
        .extend(all.flat_map(|unit| [unit.out_min.0, unit.out_min.1].map(|m| f64::from(m) / 60.0)));
    changes.sort_by(f64::total_cmp);
    for pair in changes.windows(2) {
        let (mut now, until) = (pair[0], pair[1]);
        let middle_min = (now + until) * 30.0;
        let up = |unit: &&Unit| {
            !(f64::from(unit.out_min.0) <= middle_min && middle_min < f64::from(unit.out_min.1))
        };
        let power = |units: &[Unit]| {
            units
                .iter()
                .filter(up)
                .map(|unit| unit.capacity_mw)
                .sum::<f64>()
        };
        let hour = ((now + until) / 2.0) as usize;
        while until - now > 1e-12 {
            let mut lacking = case.load_mw[hour.min(HOURS - 1)] - power(&case.units);
            let inflow = |s: usize| stores[s].inflow_mw[hour.min(HOURS - 1)];
            let is_full = |s: usize| answer.level_mwh[s] > stores[s].energy_mwh - NOTHING;
            let river = |s: usize| {
                if is_full(s) {
                    inflow(s).min(power(&stores[s].units))
                } else {
                    0.0
                }
            };
            lacking -= (0..stores.len()).map(river).sum::<f64>();
            let (mut given, mut taken) = (vec![0.0; stores.len()], vec![0.0; stores.len()]);
            if lacking > 0.0 {
                for &s in &order {
                    let most = power(&stores[s].units);
                    let most = if answer.level_mwh[s] > NOTHING {
                        most
                    } else {
                        most.min(inflow(s))
                    };
                    given[s] = (most - river(s)).min(lacking);
                    lacking -= given[s];
                }
            } else {
                for &s in order.iter().rev() {
                    if !is_full(s) {
                        let most =
                            stores[s].charge_mw * power(&stores[s].units) / nameplate(&stores[s]);
                        taken[s] = most.min(-lacking);
                        lacking += taken[s];
                    }
                }
            }
            // Drawn on, it is not full any longer, and what runs in is drawn on with the rest.
            let still_full = |s: usize| is_full(s) && given[s] == 0.0;
            let given: Vec<f64> = (0..stores.len())
                .map(|s| {
                    if given[s] > 0.0 {
                        given[s] + river(s)
                    } else {
                        0.0
                    }
                })
                .collect();
            let gain = |s: usize| {
                let inflow = if still_full(s) { 0.0 } else { inflow(s) };
                inflow + taken[s] * stores[s].efficiency - given[s]
            };
            let lasts = |s: usize| match gain(s) {
                gain if gain > NOTHING => (stores[s].energy_mwh - answer.level_mwh[s]) / gain,
                gain if gain < -NOTHING => answer.level_mwh[s] / -gain,
                _ => f64::INFINITY,
            };
            let span = (0..stores.len())
                .map(lasts)
                .fold(until - now, f64::min)
                .max(1e-10);
            let gains: Vec<f64> = (0..stores.len()).map(gain).collect();
            let passed: Vec<f64> = (0..stores.len())
                .map(|s| if still_full(s) { inflow(s) } else { 0.0 })
                .collect();
            for s in 0..stores.len() {
                answer.level_mwh[s] =
                    (answer.level_mwh[s] + gains[s] * span).clamp(0.0, stores[s].energy_mwh);
                answer.given_mwh[s] += given[s] * span;
                answer.taken_mwh[s] += taken[s] * span;
                answer.passed_mwh[s] += passed[s] * span;
            }
            if lacking > NOTHING {
                answer.short_h += span;
                answer.unserved_mwh += lacking * span;
            }
            now += span;
        }
    }
    answer
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]
    /// Some milliseconds of some hundred megawatts may lie between them.
    #[test]
    fn both_come_to_the_same(case in case()) {
        let outcome = run_grid(&system(&text(&case)), 0);
        let answer = simulate(&case);
        let near = |ours: f64, theirs: f64, what: &str| {
            prop_assert!((ours - theirs).abs() < 0.01, "{what}: {ours} or {theirs}");
            Ok(())
        };
        near(outcome.system("eue_mwh"), answer.unserved_mwh, "unserved")?;
        near(outcome.system("lole_h"), answer.short_h, "time short")?;
        for (index, store) in case.stores.iter().enumerate() {
            let of = |name: &str| outcome.get("all", &format!("plant/s{index}"), name);
            near(of("discharged_mwh"), answer.given_mwh[index], "discharged")?;
            near(of("charged_mwh"), answer.taken_mwh[index], "charged")?;
            near(of("stored_at_end_mwh"), answer.level_mwh[index], "in store")?;
            // An inflow of nothing is none whether or not it is full.
            if store.inflow_mw.iter().any(|&mw| mw > 0.0) {
                near(of("passed_mwh"), answer.passed_mwh[index], "passed")?;
            }
        }
    }
}

//! What is drawn has the law it was given: inputs, hazards, weather, pools; and the draws of
//! the Kazakhstan scenario keep their identities.

mod support;

use hashfall::engine::{Plan, Recorder, Replicator, View};
use hashfall::quantity::{MS_PER_HOUR, Share, Span};
use hashfall::random::{DurationLaw, InputLaw, StreamId};
use hashfall::scenario::{Source, read};
use hashfall::system::*;
use support::*;

/// Reads something off every future of a system.
fn futures(system: &System, n: u32, mut read: impl FnMut(View<'_>)) {
    struct Reader<F>(F);
    impl<F: FnMut(View<'_>)> Recorder for Reader<F> {
        fn begin(&mut self, view: View<'_>) {
            (self.0)(view);
        }
        fn close(&mut self, _view: View<'_>, _row: &mut Vec<i64>) {}
    }
    let plan = Plan::new(system);
    let mut replicator = Replicator::new(&plan);
    for replication in 0..n {
        replicator
            .replicate(replication, &mut Reader(&mut read), &mut vec![])
            .expect("a replication");
    }
}

/// Sample mean within three standard errors of its exact value.
fn mean_is(what: &str, values: &[f64], exact: f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values
        .iter()
        .map(|value| (value - mean).powi(2))
        .sum::<f64>()
        / (n - 1.0);
    let z = (mean - exact) / (variance / n).sqrt();
    println!("{what}: {mean:.6} is {exact:.6} at z = {z:+.2}");
    assert!(z.abs() < 3.0, "{what}: {mean} against {exact}, z = {z}");
}

fn quantile(sorted: &[f64], p: f64) -> f64 {
    sorted[((sorted.len() - 1) as f64 * p).round() as usize]
}

#[test]
fn inputs_follow_their_laws() {
    let mut system = empty(1);
    flat_zone(&mut system, "zone", 1.0);
    let laws = [
        (
            "uniform",
            InputLaw::Uniform {
                low: 2.0,
                high: 5.0,
            },
        ),
        ("normal", InputLaw::Normal { mean: 3.0, sd: 2.0 }),
        (
            "truncated",
            InputLaw::TruncatedNormal {
                mean: 0.0,
                sd: 1.0,
                low: -0.5,
                high: 2.0,
            },
        ),
        (
            "triangular",
            InputLaw::Triangular {
                low: 1.0,
                mode: 2.0,
                high: 6.0,
            },
        ),
        (
            "lognormal",
            InputLaw::Lognormal {
                median: 4.0,
                sigma: 0.7,
            },
        ),
        (
            "choice",
            InputLaw::Choice {
                values: vec![3.0, 1.0, 2.0],
                weights: vec![0.5, 0.2, 0.3],
            },
        ),
    ];
    for (name, law) in &laws {
        system.inputs.push(Input {
            name: (*name).into(),
            unit: "1",
            law: law.clone(),
            stream: StreamId::of(&format!("input/{name}")),
        });
    }
    let mut drawn = vec![Vec::new(); laws.len()];
    futures(&system, 20_000, |view| {
        for (values, value) in drawn.iter_mut().zip(&view.futures.inputs) {
            values.push(*value);
        }
    });
    for ((name, law), values) in laws.iter().zip(&drawn) {
        mean_is(name, values, law.mean());
        if *name == "choice" {
            let twos: Vec<f64> = values
                .iter()
                .map(|&v| f64::from(u8::from(v == 2.0)))
                .collect();
            mean_is("choice is 2", &twos, 0.3);
            continue;
        }
        for p in [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99] {
            let below = law.quantile(p);
            let share: Vec<f64> = values
                .iter()
                .map(|&v| f64::from(u8::from(v <= below)))
                .collect();
            mean_is(&format!("{name} P{}", 100.0 * p), &share, p);
        }
    }
    // No input knows another.
    for a in 0..5 {
        for b in 0..a {
            let (x, y) = (&drawn[a], &drawn[b]);
            let r = correlation(x, y);
            assert!(
                r.abs() < 3.5 / (x.len() as f64).sqrt(),
                "inputs {a} and {b}: {r}"
            );
        }
    }
}

fn correlation(x: &[f64], y: &[f64]) -> f64 {
    let n = x.len() as f64;
    let mean = |v: &[f64]| v.iter().sum::<f64>() / n;
    let (mx, my) = (mean(x), mean(y));
    let cov = |a: &[f64], ma: f64, b: &[f64], mb: f64| {
        a.iter()
            .zip(b)
            .map(|(a, b)| (a - ma) * (b - mb))
            .sum::<f64>()
    };
    cov(x, mx, y, my) / (cov(x, mx, x, mx) * cov(y, my, y, my)).sqrt()
}

#[test]
fn hazards_strike_as_often_and_as_long_as_they_are_given() {
    let mut system = empty(1500);
    let zone = flat_zone(&mut system, "zone", 100.0);
    let coal = class(&mut system, "coal", 1.0, 1.0);
    plant(&mut system, "plant", (zone, coal), 1, 200.0, None);
    // Zones a, b: each hit in 0.4 of the strikes, on its own.
    flat_zone(&mut system, "other", 100.0);
    plant(&mut system, "plant-2", (ZoneId(1), coal), 1, 200.0, None);
    let targets = vec![Target::Zone(ZoneId(0)), Target::Zone(ZoneId(1))];
    hazard(&mut system, "storm", true, (0.0, 1.0), targets);
    let storm = &mut system.hazards[0];
    storm.timing = HazardTiming::Drawn {
        rate_per_year: Value::Fixed(400.0),
        duration: DurationLaw::Lognormal {
            mean_h: 2.0,
            coefficient_of_variation: 0.8,
        },
        from: hashfall::quantity::Instant(300 * MS_PER_HOUR),
        until: hashfall::quantity::Instant(1100 * MS_PER_HOUR),
    };
    storm.chance = Value::Fixed(0.5);
    storm.each_chance = Value::Fixed(0.4);
    let (mut strikes, mut lengths, mut firsts) = (vec![], vec![], vec![]);
    futures(&system, 1500, |view| {
        let timeline = view.futures.timeline();
        let mut begun = std::collections::BTreeMap::new();
        let mut count = 0.0;
        for position in 0..timeline.len() {
            let at = timeline.time(position).0;
            match timeline.event(position) {
                hashfall::engine::Event::StrikeBegin(slot) => {
                    assert!((300..1100).contains(&(at / MS_PER_HOUR)));
                    if count == 0.0 {
                        firsts.push(at as f64 / MS_PER_HOUR as f64);
                    }
                    begun.insert(slot, at);
                    count += 1.0;
                }
                hashfall::engine::Event::StrikeEnd(slot) => {
                    let from = begun.remove(&slot).expect("it began");
                    lengths.push((at - from) as f64 / MS_PER_HOUR as f64);
                }
                _ => {}
            }
        }
        strikes.push(count);
    });
    let expected = 400.0 * 0.5 * 800.0 / 8760.0;
    mean_is("strikes", &strikes, expected);
    // A Poisson count's variance is its mean.
    let spread: Vec<f64> = strikes.iter().map(|n| (n - expected).powi(2)).collect();
    mean_is("variance of strikes", &spread, expected);
    mean_is("hours of a strike", &lengths, 2.0);
    mean_is("hour of the first", &firsts, 300.0 + 8760.0 / 200.0);
    // Hours in the dark: rate x chance x each chance x length, where strikes do not overlap
    // (a busy-period correction: 1 - exp(-rho)).
    let dark: Vec<f64> = (0..600)
        .map(|replication| {
            let outcome = run_grid(&system, replication);
            outcome.get("all", "zone/zone", "lole_h") / 800.0
        })
        .collect();
    let rho = 400.0 * 0.5 * 0.4 * 2.0 / 8760.0;
    // The infinite-server queue starts empty at 300 h; two hours of 800 are nothing.
    mean_is("share of time in the dark", &dark, 1.0 - libm::exp(-rho));
}

#[test]
fn temperature_has_its_mean_spread_memory_and_company() {
    let mut system = empty(24 * 40);
    for name in ["a", "b"] {
        system.weathers.push(Weather {
            name: name.into(),
            mean_c: -8.0,
            daily_sd_c: 5.0,
            lag1: 0.7,
            diurnal_amplitude_c: 0.0,
            common_share: 0.4,
            outage_mean_days: 3,
            stream: StreamId::of(&format!("weather/{name}")),
            common_stream: StreamId::of("weather/common"),
            fixed_daily_c: None,
            fixed_by_year: vec![],
        });
    }
    flat_zone(&mut system, "zone", 1.0);
    let (mut first, mut last, mut squares, mut memory, mut company) =
        (vec![], vec![], vec![], vec![], vec![]);
    futures(&system, 8000, |view| {
        let (a, b) = (&view.futures.temperature[0], &view.futures.temperature[1]);
        first.push(a[0]);
        last.push(a[39]);
        squares.push((a[0] + 8.0).powi(2));
        memory.push((a[20] + 8.0) * (a[21] + 8.0));
        company.push((a[30] + 8.0) * (b[30] + 8.0));
    });
    mean_is("first day", &first, -8.0);
    mean_is("last day", &last, -8.0);
    mean_is("variance", &squares, 25.0);
    mean_is("covariance of neighbouring days", &memory, 0.7 * 25.0);
    mean_is("covariance of zones", &company, 0.4 * 25.0);
}

#[test]
fn kazakhstan_keeps_its_identities() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/scenarios/kazakhstan-2022.toml"
    );
    let mut system = match read(&Source::load(path), &[]) {
        Ok(loaded) => loaded.system,
        Err(mistakes) => panic!("{}", mistakes.render(false)),
    };
    // Draws follow from the scenario alone; a day is enough to make them.
    system.horizon = Span(24 * MS_PER_HOUR);
    system.windows.clear();
    for zone in &mut system.zones {
        zone.load.hourly.truncate(24);
    }
    let world = system.world.clone().expect("a world");
    let calibration = world.calibration.clone().expect("a calibration");
    let Value::Drawn(level) = world.level_ehs else {
        panic!("the level is drawn");
    };
    let mut columns = [const { Vec::new() }; 4];
    let mut like_data_centre = vec![];
    let mut beyond_chance = [vec![], vec![]];
    let mut statistics = 0;
    futures(&system, 10_000, |view| {
        let futures = view.futures;
        let share = futures.inputs[calibration.share.at()];
        let running_mw = futures.inputs[calibration.running_mw.at()];
        let level = futures.inputs[level.at()];
        let farms = || system.farms.iter().enumerate();
        // Running hashrate is the share of the world, running power the drawn load.
        let running_ehs: f64 = farms()
            .map(|(i, farm)| futures.installed_hashrate[i].exahashes() * farm.running_share)
            .sum();
        assert!(
            (running_ehs / (share * level) - 1.0).abs() < 1e-6,
            "{running_ehs}"
        );
        let power: f64 = farms()
            .map(|(i, farm)| futures.installed[i].megawatts() * farm.running_share)
            .sum();
        assert!((power / running_mw - 1.0).abs() < 1e-6, "{power}");
        // Efficiency follows, and stays in range.
        let efficiency = running_mw / calibration.pue / (share * level);
        assert!((efficiency / futures.efficiency_j_th - 1.0).abs() < 1e-12);
        assert!((35.0..=60.0).contains(&efficiency), "{efficiency}");
        // On the first day the rest of the world is what the country leaves, but for noise.
        let rest = futures.rest_of_world[0].exahashes();
        assert!((rest / (level * (1.0 - share)) - 1.0).abs() < 0.2);
        // Load less running mining is firm; both together are the published demand.
        for (zone, definition) in system.zones.iter().enumerate() {
            if let (true, Some(response), Some(weather)) = (
                definition.scale.contains_mining,
                definition.response,
                definition.weather,
            ) {
                let of = |&farm: &usize| {
                    let share = Share::from_f64(system.farms[farm].running_share);
                    share.of(futures.installed[farm].0)
                };
                let mining: i64 = view.plan.farms_of(zone).iter().map(of).sum();
                let factor = definition.scale.factor.get(&futures.inputs);
                let published = definition.load.hourly[0].0 as f64 * factor;
                let cold = response.factor(futures.temperature[weather.at()][0]);
                let firm = futures.load(view.plan, zone).hourly[0].0 as f64 / cold;
                // Mining is subtracted before the weather; each step is rounded to a watt.
                assert!(
                    (firm + mining as f64 - published).abs() <= 2.0,
                    "zone {zone}"
                );
                statistics += 1;
            }
        }
        for (column, value) in columns
            .iter_mut()
            .zip([share, running_mw, level, efficiency])
        {
            column.push(value);
        }
        for (index, farm) in system.farms.iter().enumerate() {
            if let Access::Mixed(mix) = &farm.access {
                let class = futures.access_class[index];
                for (at, (id, chance)) in mix[..mix.len() - 1].iter().enumerate() {
                    let is = f64::from(u8::from(class == id.at()));
                    beyond_chance[at].push(is - chance.get(&futures.inputs));
                }
                let name = &system.access_classes[class].name;
                like_data_centre.push(f64::from(u8::from(name == "data-centre")));
            }
        }
    });
    assert_eq!(statistics, 30_000, "three zones in each future");
    println!("realised          P5        P25        P50        P75        P95");
    for (name, column) in ["share", "load MW", "world EH/s", "J/TH"]
        .iter()
        .zip(&mut columns)
    {
        column.sort_by(f64::total_cmp);
        let at = [0.05, 0.25, 0.5, 0.75, 0.95].map(|p| quantile(column, p));
        println!("{name:10} {at:10.4?}");
    }
    let [share, load, level, efficiency] = &columns;
    // Pairs outside 35-60 J/TH are drawn again, so the ends of share and load are rarer.
    assert!(share[0] >= 0.13 && share[share.len() - 1] <= 0.18);
    assert!(load[0] >= 1000.0 && load[load.len() - 1] <= 1500.0);
    assert!((quantile(level, 0.5) - 173.7).abs() < 0.5);
    assert!(quantile(efficiency, 0.05) > 35.0 && quantile(efficiency, 0.95) < 60.0);
    let like: f64 = like_data_centre.iter().sum::<f64>() / like_data_centre.len() as f64;
    println!("mixed farms like a data centre: {like:.4}");
    assert!((like - 0.5).abs() < 0.01, "uniform between 0.2 and 0.8");
    for beyond in &beyond_chance {
        // Farms of one future share its chance but not their draws.
        mean_is(
            "share of a mixed class, beyond its drawn chance",
            beyond,
            0.0,
        );
    }
}

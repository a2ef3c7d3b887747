//! The world around the country, and what follows the sky: drawn as they are given.

mod support;

use hashfall::engine::{Plan, Recorder, Replicator, View};
use hashfall::quantity::Instant;
use hashfall::random::StreamId;
use hashfall::system::*;
use support::*;

/// Replications of the statistical tests.
const REPLICATIONS: u32 = 64_000;

/// Lets something look at every future, and at every hour of it.
fn watch(system: &System, n: u32, hours: bool, look: impl FnMut(View<'_>, Instant)) {
    struct Begin<F>(F);
    impl<F: FnMut(View<'_>, Instant)> Recorder for Begin<F> {
        fn begin(&mut self, view: View<'_>) {
            (self.0)(view, Instant::START);
        }
        fn close(&mut self, _view: View<'_>, _row: &mut Vec<i64>) {}
    }
    struct Hours<F>(F);
    impl<F: FnMut(View<'_>, Instant)> Recorder for Hours<F> {
        const HOURS: bool = true;
        fn begin(&mut self, _view: View<'_>) {}
        fn boundary(&mut self, view: View<'_>, at: Instant) {
            (self.0)(view, at);
        }
        fn close(&mut self, _view: View<'_>, _row: &mut Vec<i64>) {}
    }
    fn all(system: &System, n: u32, recorder: &mut impl Recorder) {
        let plan = Plan::new(system);
        let mut replicator = Replicator::new(&plan);
        for replication in 0..n {
            replicator
                .replicate(replication, recorder, &mut vec![])
                .expect("a replication");
        }
    }
    if hours {
        all(system, n, &mut Hours(look));
    } else {
        all(system, n, &mut Begin(look));
    }
}

/// Sample mean within three standard errors of its exact value.
fn mean_is(what: &str, values: &[f64], exact: f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    let z = (mean - exact) / (squares / ((n - 1.0) * n)).sqrt();
    assert!(z.abs() < 3.0, "{what}: {mean} against {exact}, z = {z}");
}

/// A farm of 10 EH/s in a world of 100.
fn world(hours: i64) -> System {
    let mut system = empty(hours);
    let zone = flat_zone(&mut system, "zone", 0.0);
    let class = class(&mut system, "coal", 10.0, 1.0);
    plant(&mut system, "plant", (zone, class), 1, 1000.0, None);
    internet(&mut system);
    farm(&mut system, "farm", zone, 500.0);
    system.world = Some(World {
        level_ehs: Value::Fixed(100.0),
        calibration: None,
        growth_per_week: Value::Fixed(0.0),
        noise_sd: Value::Fixed(0.0),
        noise_lag1: 0.5,
        noise_stream: StreamId::of("world/noise"),
        pool_effective_count: None,
        block_interval_s: 600.0,
        headline_shares: vec![],
    });
    system
}

fn of(system: &mut System) -> &mut World {
    system.world.as_mut().expect("a world")
}

#[test]
fn the_rest_of_the_world_grows_and_trembles() {
    let mut system = world(15 * 24);
    of(&mut system).growth_per_week = Value::Fixed(0.03);
    watch(&system, 1, false, |view, _| {
        for (day, factor) in [(0, 1.0), (7, 1.03), (14, 1.0609)] {
            let rest = view.futures.rest_of_world[day].exahashes();
            assert!((rest - 90.0 * factor).abs() < 1e-6, "day {day}: {rest}");
        }
    });
    of(&mut system).growth_per_week = Value::Fixed(0.0);
    of(&mut system).noise_sd = Value::Fixed(0.02);
    let (mut noise, mut squares, mut memory) = (vec![], vec![], vec![]);
    watch(&system, REPLICATIONS, false, |view, _| {
        let anomaly = |day: usize| view.futures.rest_of_world[day].exahashes() / 90.0 - 1.0;
        noise.push(anomaly(9));
        squares.push(anomaly(9).powi(2));
        memory.push(anomaly(9) * anomaly(10));
    });
    mean_is("noise", &noise, 0.0);
    mean_is("its variance", &squares, 4e-4);
    mean_is("its memory of a day", &memory, 2e-4);
}

#[test]
fn pool_shares_follow_their_prior() {
    let mut system = world(24);
    let template = system.pools[0].clone();
    system.pools = [("a", 0.5), ("b", 0.3), ("c", 0.2)]
        .into_iter()
        .map(|(name, share)| Pool {
            name: name.into(),
            share,
            stream: StreamId::of(&format!("pool/{name}/share")),
            ..template.clone()
        })
        .collect();
    watch(&system, 1, false, |view, _| {
        assert_eq!(view.futures.pool_share, [0.5, 0.3, 0.2]);
    });
    of(&mut system).pool_effective_count = Some(200.0);
    let (mut share, mut spread) = (vec![], vec![]);
    watch(&system, REPLICATIONS, false, |view, _| {
        let shares = &view.futures.pool_share;
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        share.push(shares[1]);
        spread.push((shares[1] - 0.3).powi(2));
    });
    mean_is("share", &share, 0.3);
    // A share of a Dirichlet law has the variance p (1 - p) / (count + 1).
    mean_is("its variance", &spread, 0.3 * 0.7 / 201.0);
}

#[test]
fn fees_and_price_make_the_revenue() {
    let mut system = world(24);
    system.farms[0].pool_fee = 0.02;
    let all_day = (0.0, 24.0);
    let targets = vec![Target::Gateway(GatewayId(0))];
    hazard(&mut system, "cut", true, all_day, targets);
    system.economics = Some(Economics {
        difficulty: vec![2.4e13],
        price_usd: vec![45_000.0],
        height: 716_599,
        fee_share: Value::Fixed(0.0),
    });
    // 10 EH/s for a day are this many blocks of 6.25 BTC, less what the pool keeps.
    let blocks = 10.0 * 8.64e22 / (2.4e13 * 4_294_967_296.0);
    let expected = blocks * 6.25 * 45_000.0 * 0.98;
    let lost = |system: &System| run(system, 0).network("revenue_lost_gross_usd");
    assert!((lost(&system) / expected - 1.0).abs() < 1e-6);
    if let Some(economics) = &mut system.economics {
        economics.fee_share = Value::Fixed(0.02);
    }
    assert!((lost(&system) / (1.02 * expected) - 1.0).abs() < 1e-6);
}

#[test]
fn wind_and_sun_have_their_means_and_wind_its_memory() {
    let of_kind = |output: Output, n: u32| {
        let mut system = empty(48);
        let zone = flat_zone(&mut system, "zone", 0.0);
        let class = class(&mut system, "sky", 0.0, 0.0);
        plant(&mut system, "plant", (zone, class), 1, 100.0, None);
        system.units[0].output = output;
        let mut hours = vec![];
        watch(&system, n, true, |view, _| {
            hours.push(view.state.zones[0].capacity as f64 / 1e8);
        });
        assert_eq!(hours.len(), 48 * n as usize);
        hours
    };
    let wind = of_kind(Output::Wind(0.33), REPLICATIONS);
    let at = |hour: usize| -> Vec<f64> { wind.iter().skip(hour).step_by(48).copied().collect() };
    let (first, later) = (at(3), at(6));
    mean_is("wind", &first, 0.33);
    mean_is("wind, later", &at(47), 0.33);
    let covariance = |a: &[f64], b: &[f64]| {
        let products = a.iter().zip(b).map(|(x, y)| (x - 0.33) * (y - 0.33));
        products.sum::<f64>() / a.len() as f64
    };
    let correlation = covariance(&first, &later) / covariance(&first, &first);
    assert!((0.85..0.95).contains(&correlation), "{correlation}");

    let sun = of_kind(Output::Sun(0.08), 1);
    let mean = sun.iter().sum::<f64>() / 48.0;
    assert!((mean / 0.08 - 1.0).abs() < 1e-4, "{mean}");
    let noon = sun.iter().copied().fold(0.0, f64::max);
    assert!(sun[12] == noon && sun[13] == noon && sun[36] == noon);
    assert!(sun[0] == 0.0 && sun[20] == 0.0);
}

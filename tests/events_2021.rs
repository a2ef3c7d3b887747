//! The two events of 2021: what their scenarios say of each day's blocks, against the blocks.

use hashfall::engine::{Plan, Recorder, Replicator, View};
use hashfall::quantity::{Instant, MS_PER_DAY, Share};
use hashfall::random::special::ln_gamma;
use hashfall::scenario::{Loaded, Source, read};

/// Mean world hashrate of each day, GH/s: as it is, and with every farm at work.
struct Days {
    /// Hashrate of the country now, GH/s, since when it holds, and its integral by day, GH/s ms.
    now: i64,
    since: Instant,
    sums: Vec<i128>,
    with_loss: Vec<f64>,
    without_loss: Vec<f64>,
}

impl Days {
    fn until(&mut self, at: Instant) {
        let mut from = self.since.0;
        while from < at.0 {
            let day = from / MS_PER_DAY;
            let end = at.0.min((day + 1) * MS_PER_DAY);
            self.sums[day as usize] += i128::from(self.now) * i128::from(end - from);
            from = end;
        }
        self.since = at;
    }

    fn look(&mut self, view: View<'_>) {
        let installed = &view.futures.installed_hashrate;
        let farms = installed.iter().zip(&view.state.farms);
        self.now = farms
            .map(|(installed, farm)| Share(farm.shares().effective()).of(installed.0))
            .sum();
    }
}

impl Recorder for Days {
    fn begin(&mut self, view: View<'_>) {
        self.sums = vec![0; view.plan.system.days()];
        self.since = Instant::START;
        self.look(view);
    }

    fn changed(&mut self, view: View<'_>) {
        self.until(view.state.now);
        self.look(view);
    }

    fn close(&mut self, view: View<'_>, _row: &mut Vec<i64>) {
        self.until(Instant(view.plan.system.horizon.0));
        let rest = view.futures.rest_of_world.iter().map(|rest| rest.0 as f64);
        let all: i64 = view.futures.installed_hashrate.iter().map(|h| h.0).sum();
        self.without_loss = rest.clone().map(|rest| rest + all as f64).collect();
        let country = self.sums.iter().map(|&sum| sum as f64 / MS_PER_DAY as f64);
        self.with_loss = country.zip(rest).map(|(own, rest)| own + rest).collect();
    }
}

fn loaded(name: &str, overrides: &[(&str, &str)]) -> Loaded {
    let overrides: Vec<_> = overrides
        .iter()
        .map(|&(key, value)| (key.to_owned(), value.to_owned()))
        .collect();
    let source = Source::built_in(name).expect("it is built in");
    match read(&source, &overrides) {
        Ok(loaded) => loaded,
        Err(mistakes) => panic!("{mistakes}"),
    }
}

/// ln of the mean over replications of the probability of all days' counts together: (with the
/// event, without it), and the mean share of the world that was missing over the headline window.
fn joint_log_scores(name: &str, replications: u32) -> (f64, f64, f64) {
    let system = loaded(name, &[]).system;
    let window = &system.windows[system.headline_window];
    let days: Vec<(usize, f64, f64)> = system
        .observed
        .days
        .iter()
        .filter_map(|day| {
            let at = day.unix_ms - system.start_unix_ms;
            let inside = at >= window.from.0 && at < window.until.0;
            inside.then(|| {
                // Blocks that one GH/s finds in a day.
                let a_gigahash = 8.64e13 / (day.difficulty * 4_294_967_296.0);
                (
                    (at / MS_PER_DAY) as usize,
                    f64::from(day.blocks),
                    a_gigahash,
                )
            })
        })
        .collect();
    assert!(!days.is_empty());
    let plan = Plan::new(&system);
    let mut replicator = Replicator::new(&plan);
    let mut recorder = Days {
        now: 0,
        since: Instant::START,
        sums: vec![],
        with_loss: vec![],
        without_loss: vec![],
    };
    let (mut with, mut without, mut lost) = (vec![], vec![], 0.0);
    for replication in 0..replications {
        replicator
            .replicate(replication, &mut recorder, &mut vec![])
            .expect("it runs");
        let ln = |hashrate: &[f64]| -> f64 {
            let of_day = |&(day, blocks, a_gigahash): &(usize, f64, f64)| {
                let expected = hashrate[day] * a_gigahash;
                blocks * libm::log(expected) - expected - ln_gamma(blocks + 1.0)
            };
            days.iter().map(of_day).sum()
        };
        with.push(ln(&recorder.with_loss));
        without.push(ln(&recorder.without_loss));
        let sum = |hashrate: &[f64]| days.iter().map(|&(day, ..)| hashrate[day]).sum::<f64>();
        lost += 1.0 - sum(&recorder.with_loss) / sum(&recorder.without_loss);
    }
    let mean = |values: &[f64]| {
        let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = values.iter().map(|v| libm::exp(v - most)).sum();
        most + libm::log(sum / values.len() as f64)
    };
    (mean(&with), mean(&without), lost / f64::from(replications))
}

/// The clear positive: a fall that block counts show beyond doubt, and that was foreseen in kind.
#[test]
fn xinjiang_beats_no_loss_by_ten_nats() {
    let (with, without, lost) = joint_log_scores("xinjiang-2021", 4000);
    println!("xinjiang: {with:.2} against {without:.2}, {lost:.3} of the world missing");
    assert!(with - without > 10.0, "{with} against {without}");
    assert!((0.12..0.22).contains(&lost), "{lost}");
}

/// Nobody knows how much was in Texas: the counts neither prove nor refute a small loss.
#[test]
fn uri_can_hardly_be_told_from_no_loss() {
    let (with, without, lost) = joint_log_scores("uri-2021", 4000);
    println!("uri: {with:.2} against {without:.2}, {lost:.3} of the world missing");
    assert!((with - without).abs() < 3.0, "{with} against {without}");
    assert!((0.005..0.06).contains(&lost), "{lost}");
}

/// A forecast: knowing the epoch in which the event fell would be a mistake with a name.
#[test]
fn a_forecast_of_them_refuses_what_came_later() {
    for name in ["xinjiang-2021", "uri-2021"] {
        let later = [("inputs.world-level-ehs.known_since", "2021-05-01")];
        let overrides = later.map(|(key, value)| (key.to_owned(), value.to_owned()));
        let source = Source::built_in(name).expect("it is built in");
        let mistakes = read(&source, &overrides).expect_err("it cannot know");
        assert!(
            mistakes.to_string().contains("a forecast cannot know"),
            "{mistakes}"
        );
    }
}

//! The gate: tables that were drawn from the model itself.

use super::{COUNTS, ahead_of, small};
use hashfall::engine::Plan;
use hashfall::experiment::backtest::{
    Expected, LEVELS, NO_LOSS, backtest, draw_table, power, score,
};
use hashfall::random::{Stream, StreamId, poisson};
use hashfall::stats::score::{Rates, in_turn, series_score, uniformity};

/// Tables drawn.
const TABLES: u32 = 2000;
const SEED: u64 = 77;

/// Mean and its standard error.
fn mean(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (mean, (squares / (n * (n - 1.0))).sqrt())
}

fn part(rates: &Rates, replications: std::ops::Range<usize>) -> Rates {
    let rows = replications.flat_map(|replication| rates.of(replication).to_vec());
    Rates::new(rates.days(), rows.collect())
}

/// 2,000 tables, each from a replication of its own that the forecast has not seen.
#[test]
fn central_intervals_cover_what_they_say() {
    let (_, _, _, expected) = small(6000);
    let known = part(&expected.simulated, 0..4000);
    let laws: Vec<_> = (0..known.days()).map(|day| known.law(day)).collect();
    for level in LEVELS {
        let intervals: Vec<_> = laws.iter().map(|law| law.central(level)).collect();
        let held: f64 = laws
            .iter()
            .zip(&intervals)
            .map(|(law, &interval)| law.within(interval))
            .sum::<f64>()
            / laws.len() as f64;
        assert!(held >= level && held < level + 0.04, "{level}: {held}");
        let of_table = |table: u32| {
            let rates = expected.simulated.of(4000 + table as usize);
            let within = (0..)
                .zip(rates)
                .zip(&intervals)
                .filter(|((day, rate), interval)| {
                    let stream = StreamId::of(&format!("count/{day}"));
                    let count = poisson(&mut Stream::new(SEED, stream, table), **rate);
                    let day: u32 = *day;
                    let _ = day;
                    (interval.0..=interval.1).contains(&count)
                });
            within.count() as f64 / laws.len() as f64
        };
        let covered: Vec<f64> = (0..TABLES).map(of_table).collect();
        let (covered, error) = mean(&covered);
        // Half as much again for the forecast's own 4,000 replications.
        let z = (covered - held) / (error * 1.5_f64.sqrt());
        assert!(
            z.abs() < 3.0,
            "{level}: {covered} where {held} are held, z = {z}"
        );
    }
}

/// Days share what was drawn once; given the days before, their transforms are uniform and
/// independent all the same.
#[test]
fn transforms_are_uniform_within_tables_and_over_them() {
    let (_, _, _, expected) = small(400);
    let rates = &expected.simulated;
    let (mut all, mut rejected, mut plain) = (Vec::new(), 0, Vec::new());
    for table in 0..TABLES {
        let (_, counts) = draw_table(rates, SEED, table);
        let uniforms = Stream::new(SEED, StreamId::of("transforms"), table);
        let transforms: Vec<f64> = (0..)
            .zip(in_turn(rates, &counts, None))
            .map(|(day, step)| step.below + uniforms.uniform_at(day) * step.exactly)
            .collect();
        rejected += u32::from(uniformity(&transforms) < 0.05);
        plain.push(transforms.iter().sum::<f64>() / transforms.len() as f64);
        all.extend(transforms);
    }
    // Kolmogorov's distance of all 24,000 at the level 0.001.
    all.sort_by(f64::total_cmp);
    let n = all.len() as f64;
    let distance = (0..)
        .zip(&all)
        .map(|(i, x)| {
            let i = f64::from(i);
            (x - i / n).abs().max(((i + 1.0) / n - x).abs())
        })
        .fold(0.0, f64::max);
    assert!(distance * n.sqrt() < 1.95, "{}", distance * n.sqrt());
    // The band's level of 5 %, within three standard errors.
    let share = f64::from(rejected) / f64::from(TABLES);
    assert!(
        (share - 0.05).abs() < 3.0 * (0.05_f64 * 0.95 / 2000.0).sqrt(),
        "{share}"
    );
    // Were days dependent, means of tables would vary more than 1 / (12 days).
    let (_, error) = mean(&plain);
    let variance = error * error * f64::from(TABLES);
    let ratio = variance * 12.0 * rates.days() as f64;
    assert!(
        (ratio - 1.0).abs() < 3.0 * (2.0 / f64::from(TABLES)).sqrt(),
        "{ratio}"
    );
}

/// The plain laws of days know nothing of each other: of one table their transforms are
/// dependent, which is why they are not what is printed.
#[test]
fn transforms_of_days_alone_are_not_independent() {
    let (_, _, _, expected) = small(400);
    let rates = &expected.simulated;
    let laws: Vec<_> = (0..rates.days()).map(|day| rates.law(day)).collect();
    let means: Vec<f64> = (0..TABLES)
        .map(|table| {
            let (_, counts) = draw_table(rates, SEED, table);
            let sum: f64 = laws
                .iter()
                .zip(&counts)
                .map(|(law, &count)| law.transform(count, 0.5))
                .sum();
            sum / laws.len() as f64
        })
        .collect();
    let (_, error) = mean(&means);
    let ratio = error * error * f64::from(TABLES) * 12.0 * rates.days() as f64;
    assert!(ratio > 1.15, "{ratio}");
}

#[test]
fn the_joint_score_prefers_the_truth_on_average() {
    let (_, _, _, expected) = small(1500);
    for (truth, other) in [
        (&expected.simulated, &expected.level),
        (&expected.level, &expected.simulated),
    ] {
        let ahead: Vec<f64> = (0..400)
            .map(|table| {
                let (replication, counts) = draw_table(truth, SEED, table);
                let of = |rates| series_score(rates, &counts, Some(replication)).log_likelihood;
                of(truth) - of(other)
            })
            .collect();
        let (mean, error) = mean(&ahead);
        assert!(mean > 10.0 * error && mean > 1.0, "{mean} ± {error}");
    }
}

/// With rates that are known, the expected advantage is the Kullback-Leibler distance of
/// Poisson laws: the sum over days of a ln(a/b) - a + b.
#[test]
fn power_is_exact_where_it_can_be() {
    let (mut loaded, ..) = small(16);
    let begins: Vec<i64> = (0..10).map(|day| day * 86_400_000).collect();
    let fixed = Rates::new(10, vec![144.0; 40]);
    let known = Expected::new(fixed.clone(), fixed, begins);
    let system = &mut loaded.system;
    system.observed.tell_apart = vec![0.0, 0.2];
    // Four and a half days of the ten are dark.
    let distance = |a: f64, b: f64| a * (a / b).ln() - a + b;
    let (full, dark, half) = (144.0, 144.0 * 0.8, 144.0 * 0.85);
    let powers = power(system, &known);
    let exact_none = 3.0 * distance(full, dark) + 2.0 * distance(full, half);
    let exact_loss = 3.0 * distance(dark, full) + 2.0 * distance(half, full);
    for (power, exact) in powers.iter().zip([exact_none, exact_loss]) {
        let z = (power.expected_nats - exact) / power.standard_error;
        assert!(z.abs() < 3.5, "{power:?}, exact {exact}");
    }
}

fn scored(n: u32) -> super::Backtest {
    let (loaded, _, days, expected) = small(n);
    score(&loaded.system, &expected, days)
}

/// Everything of a backtest belongs together, and a clear loss is seen.
#[test]
fn a_clear_loss_is_seen() {
    let backtest = scored(3000);
    assert_eq!(backtest.days.len(), COUNTS.len());
    let sum: f64 = backtest.days.iter().map(|day| day.log_score).sum();
    let joint = backtest.simulated.series.log_likelihood;
    assert!((sum - joint).abs() < 1e-8, "{sum} {joint}");
    assert!(ahead_of(&backtest, NO_LOSS) > 3.0);
    assert!(backtest.is_calibrated() && backtest.uniformity > 0.05);
    let crps = backtest.days.iter().map(|day| day.crps).sum::<f64>() / 12.0;
    assert!((crps - backtest.simulated.crps).abs() < 1e-12);
    assert!(backtest.rivals[0].crps > crps, "no loss is further off");
    for (coverage, least) in backtest.coverage.iter().zip([4, 8, 11]) {
        assert!(coverage.days >= least, "{coverage:?}");
    }
}

/// Larger: the whole way of 300 tables through the program's own scoring.
#[test]
#[ignore = "minutes"]
fn many_whole_backtests() {
    let (mut loaded, results, mut days, expected) = small(4000);
    loaded.system.observed.tell_apart = vec![];
    let plan = Plan::new(&loaded.system);
    assert_eq!(backtest(&plan, &results).expect("scores").days.len(), 12);
    let (mut left, mut ahead) = (0, Vec::new());
    for table in 0..300 {
        let (_, counts) = draw_table(&expected.simulated, SEED, table);
        for (day, count) in days.iter_mut().zip(counts) {
            day.blocks = count;
        }
        let scored = score(&loaded.system, &expected, days.clone());
        left += u32::from(!scored.is_calibrated());
        ahead.push(ahead_of(&scored, NO_LOSS));
    }
    assert!(
        (6..=26).contains(&left),
        "{left} of 300 leave a band of 5 %"
    );
    let (mean, error) = mean(&ahead);
    assert!(mean > 5.0 * error, "{mean} ± {error}");
}

//! What a replication costs, and what its parts cost, in processor time.
//!
//! `cargo bench --bench engine -- kazakhstan` runs the benches whose names hold a word.

mod processor;

use criterion::measurement::{Measurement, ValueFormatter, WallTime};
use criterion::{Criterion, criterion_group, criterion_main};
use hashfall::dispatch::{Forest, ForestMarket};
use hashfall::engine::{Agenda, Plan, Recorder, Replicator, Ring, View};
use hashfall::measure::{Adequacy, Ensemble, GridEnsemble, Hashrate, MiningEnsemble, Sink, Strain};
use hashfall::quantity::Instant;
use hashfall::random::{DurationLaw, Sampler, Stream, StreamId};
use hashfall::scenario::{Source, read};
use hashfall::system::System;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hint::black_box;
use std::time::Duration;

/// Processor time of the bench's thread: other programs on the machine hardly move it.
struct ProcessorTime;

impl Measurement for ProcessorTime {
    type Intermediate = u64;
    type Value = u64;
    fn start(&self) -> u64 {
        processor::nanoseconds()
    }
    fn end(&self, begun: u64) -> u64 {
        (processor::nanoseconds() - begun).max(1)
    }
    fn add(&self, one: &u64, other: &u64) -> u64 {
        one + other
    }
    fn zero(&self) -> u64 {
        0
    }
    fn to_f64(&self, value: &u64) -> f64 {
        *value as f64
    }
    fn formatter(&self) -> &dyn ValueFormatter {
        WallTime.formatter()
    }
}

type Bench = Criterion<ProcessorTime>;

fn system(name: &str) -> System {
    read(&Source::built_in(name).expect("built in"), &[])
        .expect("sound")
        .system
}

/// A bench of one recorder, or of none, over replications 0, 1, 2, ...
fn recorded<R: Recorder>(bench: &mut Bench, name: &str, plan: &Plan<'_>, mut recorder: R) {
    let (mut replicator, mut row, mut next) = (Replicator::new(plan), Vec::new(), 0);
    bench.bench_function(name, |bencher| {
        bencher.iter(|| {
            row.clear();
            next += 1;
            replicator.replicate(next, &mut recorder, &mut row)
        });
    });
}

/// A bench of what `hashfall run` records.
fn whole<E: Ensemble>(bench: &mut Bench, name: &str, plan: &Plan<'_>) {
    let (mut replicator, mut ensemble) = (Replicator::new(plan), E::new(plan));
    let (mut sink, mut next) = (Sink::default(), 0);
    bench.bench_function(name, |bencher| {
        bencher.iter(|| {
            next += 1;
            ensemble.replicate(&mut replicator, next, &mut sink)
        });
    });
}

fn adequacy(bench: &mut Bench) {
    for name in ["rts79", "rbts"] {
        let system = system(name);
        let plan = Plan::new(&system);
        recorded(bench, &format!("{name}/bare"), &plan, ());
        whole::<GridEnsemble>(bench, &format!("{name}/whole"), &plan);
    }
}

/// Asks for the finest grain and records nothing.
struct Finest;

impl Recorder for Finest {
    const HOURS: bool = true;
    const ENERGY: bool = true;
    fn begin(&mut self, _view: View<'_>) {}
    fn close(&mut self, _view: View<'_>, _row: &mut Vec<i64>) {}
}

/// The parts add up: bare engine, the market at every change, then each recorder; `whole` also
/// runs the twin without the event and fills the hourly series.
fn kazakhstan(bench: &mut Bench) {
    let system = system("kazakhstan-2022");
    let plan = Plan::new(&system);
    recorded(bench, "kazakhstan/bare", &plan, ());
    recorded(bench, "kazakhstan/finest", &plan, Finest);
    recorded(bench, "kazakhstan/adequacy", &plan, Adequacy::new(&plan));
    recorded(bench, "kazakhstan/hashrate", &plan, Hashrate::new(&plan));
    recorded(bench, "kazakhstan/strain", &plan, Strain::new(&plan));
    let all = (
        Adequacy::new(&plan),
        Hashrate::new(&plan),
        Strain::new(&plan),
    );
    recorded(bench, "kazakhstan/unpaired", &plan, all);
    whole::<MiningEnsemble>(bench, "kazakhstan/whole", &plan);
}

/// Five zones in a tree, ten levels of supply, curtailment and shedding; demand moves by a little
/// from clearing to clearing, as it does from hour to hour.
fn market(bench: &mut Bench) {
    const LEVELS: usize = 14;
    const MW: i64 = 1_000_000;
    let forest = Forest::of_lines(5, &[(0, 1), (0, 2), (0, 3), (1, 4)]).expect("a tree");
    let mut market = ForestMarket::new(forest, LEVELS - 1, LEVELS);
    let demand = [6_000, 4_000, 2_000, 8_000, 3_000].map(|mw: i64| mw * MW);
    for (zone, &demand) in demand.iter().enumerate() {
        for level in 0..LEVELS - 1 {
            market.offer(
                zone,
                level,
                (300 + 100 * ((zone + 3 * level) % 7) as i64) * MW,
            );
        }
        market.offer(zone, LEVELS - 1, demand);
        market.limits(zone, 700 * MW, 700 * MW);
    }
    let mut turn = 0_i64;
    let mut move_demand = move |market: &mut ForestMarket| {
        turn += 1;
        for (zone, &demand) in demand.iter().enumerate() {
            market.demand(zone, demand + (turn * (zone as i64 + 3) % 17 - 8) * 20 * MW);
        }
    };
    bench.bench_function("market/screen", |bencher| {
        bencher.iter(|| {
            move_demand(&mut market);
            market.is_short()
        });
    });
    bench.bench_function("market/clear", |bencher| {
        bencher.iter(|| {
            move_demand(&mut market);
            market.clear();
            market.price(4)
        });
    });
    // A farm's step: one zone's demand moves by a few megawatts, and the last prices mostly hold.
    let mut step = 0_i64;
    bench.bench_function("market/step", |bencher| {
        bencher.iter(|| {
            step += 1;
            market.demand(1, demand[1] + step % 7 * 3 * MW);
            if !market.hold() {
                market.clear();
            }
            market.export(1)
        });
    });
}

/// A hundred alarms; the earliest rings and is set again, a drawn time later.
fn queues(bench: &mut Bench) {
    const ALARMS: u16 = 100;
    let system = system("kazakhstan-2022");
    let farms = system.farms.len() as u16;
    let ring = |k: u16| match k / farms {
        0 => Ring::FarmStep(k % farms),
        1 => Ring::HoldEnd(k % farms),
        2 => Ring::BatteryEmpty(k % farms),
        3 => Ring::LadderTurn(k % farms),
        _ => Ring::PriceTurn(k % farms),
    };
    let mut stream = Stream::new(1, StreamId::of("bench/queue"), 0);
    let spans: Vec<i64> = (0..4096)
        .map(|_| 1 + (stream.next_uniform() * 7.2e6) as i64)
        .collect();
    let span = |turn: usize| spans[turn % spans.len()];

    let mut agenda = Agenda::new(&system);
    for k in 0..ALARMS.min(5 * farms) {
        agenda.set(ring(k), Instant(span(usize::from(k))));
    }
    let mut turn = 0;
    bench.bench_function("queue/agenda", |bencher| {
        bencher.iter(|| {
            turn += 1;
            let now = agenda.next_time();
            let ring = agenda.pop();
            agenda.set(ring, Instant(now.0 + span(turn)));
        });
    });
    let alarms = (0..ALARMS.min(5 * farms)).map(|k| Reverse((span(usize::from(k)), k)));
    let mut heap: BinaryHeap<_> = alarms.collect();
    let mut in_place = heap.clone();
    bench.bench_function("queue/binary heap", |bencher| {
        bencher.iter(|| {
            turn += 1;
            if let Some(Reverse((now, k))) = heap.pop() {
                heap.push(Reverse((now + span(turn), k)));
            }
        });
    });
    bench.bench_function("queue/binary heap in place", |bencher| {
        bencher.iter(|| {
            turn += 1;
            if let Some(mut top) = in_place.peek_mut() {
                top.0.0 += span(turn);
            }
        });
    });
}

fn chance(bench: &mut Bench) {
    let mut stream = Stream::new(1, StreamId::of("bench/chance"), 0);
    bench.bench_function("chance/next uniform", |bencher| {
        bencher.iter(|| stream.next_uniform())
    });
    let mut ordinal = 0;
    bench.bench_function("chance/uniform at", |bencher| {
        bencher.iter(|| {
            ordinal += 1;
            stream.uniform_at(ordinal)
        });
    });
    let mean_h = 40.0;
    let laws = [
        ("exponential", DurationLaw::Exponential { mean_h }),
        ("weibull", DurationLaw::Weibull { mean_h, shape: 1.7 }),
        (
            "lognormal",
            DurationLaw::Lognormal {
                mean_h,
                coefficient_of_variation: 0.8,
            },
        ),
    ];
    for (name, law) in laws {
        let sampler = Sampler::new(law);
        bench.bench_function(&format!("chance/{name}"), |bencher| {
            bencher.iter(|| black_box(&sampler).draw_h(&mut stream));
        });
        bench.bench_function(&format!("chance/{name} residual"), |bencher| {
            bencher.iter(|| {
                let (length, fraction) = (stream.next_uniform(), stream.next_uniform());
                black_box(&sampler).residual_h(length, || fraction)
            });
        });
    }
}

criterion_group! {
    name = engine;
    config = Criterion::default()
        .with_measurement(ProcessorTime)
        .sample_size(20)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .without_plots();
    targets = adequacy, kazakhstan, market, queues, chance
}
criterion_main!(engine);

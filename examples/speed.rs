use hashfall::engine::{Plan, Replicator, Run};
use hashfall::measure::*;
use hashfall::scenario::{Source, read};
fn go<E: Ensemble>(system: &hashfall::system::System, n: u32) {
    let plan = Plan::new(system).unwrap();
    let mut e = E::new(&plan);
    let mut r = Replicator::new(&plan);
    let mut sink = Sink::default();
    let layout = E::layout(&plan);
    let t = std::time::Instant::now();
    let mut run = Run::default();
    let mut sums = vec![0f64; layout.slots.len()];
    let mut sq = vec![0f64; layout.slots.len()];
    for k in 0..n {
        run += e.replicate(&mut r, k, &mut sink).unwrap();
        for (i, &x) in sink.row.iter().enumerate() {
            sums[i] += x as f64;
            sq[i] += (x as f64).powi(2);
        }
    }
    let s = t.elapsed().as_secs_f64();
    println!(
        "{n} reps {s:.3}s, {:.1} us/rep, {} events/rep {} refreshes/rep",
        s / n as f64 * 1e6,
        run.events / n as u64,
        run.refreshes / n as u64
    );
    for c in &layout.columns {
        let n = n as f64;
        let m = sums[c.slot] / n;
        let v = (sq[c.slot] / n - m * m).max(0.0) / n;
        println!(
            "{:10} {:28} {:40} {:>14.6} +- {:.6} {}",
            c.window,
            c.scope,
            c.index,
            m * c.scale,
            v.sqrt() * c.scale,
            c.unit
        );
    }
}
fn main() {
    let name = std::env::args().nth(1).unwrap();
    let n: u32 = std::env::args().nth(2).unwrap().parse().unwrap();
    let source = if name.ends_with(".toml") {
        Source::load(&name)
    } else {
        Source::built_in(&name).unwrap()
    };
    let loaded = match read(&source, &[]) {
        Ok(l) => l,
        Err(m) => {
            eprintln!("{}", m.render(false));
            std::process::exit(3)
        }
    };
    if loaded.system.farms.is_empty() {
        go::<GridEnsemble>(&loaded.system, n)
    } else {
        go::<MiningEnsemble>(&loaded.system, n)
    }
}

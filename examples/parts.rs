use hashfall::engine::*;
use hashfall::measure::*;
use hashfall::scenario::{Source, read};
struct E1;
impl Recorder for E1 {
    const HOURS: bool = true;
    const ENERGY: bool = true;
    fn begin(&mut self, _: View<'_>) {}
    fn close(&mut self, _: View<'_>, _: &mut Vec<i64>) {}
}
fn t(name: &str, mut f: impl FnMut(u32)) {
    let n = 200;
    let s = std::time::Instant::now();
    for k in 0..n {
        f(k);
    }
    println!(
        "{name:30} {:.0} us",
        s.elapsed().as_secs_f64() / n as f64 * 1e6
    );
}
fn main() {
    let l = read(&Source::built_in("kazakhstan-2022").unwrap(), &[]).unwrap();
    let p = Plan::new(&l.system).unwrap();
    let mut r = Replicator::new(&p);
    let mut row = vec![];
    t("bare", |k| {
        r.replicate(k, &mut (), &mut row).unwrap();
        row.clear();
    });
    t("energy", |k| {
        r.replicate(k, &mut E1, &mut row).unwrap();
        row.clear();
    });
    let mut h = Hashrate::new(&p);
    t("hashrate", |k| {
        r.replicate(k, &mut h, &mut row).unwrap();
        row.clear();
    });
    let mut h = Strain::new(&p);
    t("strain", |k| {
        r.replicate(k, &mut h, &mut row).unwrap();
        row.clear();
    });
    let mut e = MiningEnsemble::new(&p);
    let mut sink = Sink::default();
    t("ensemble", |k| {
        e.replicate(&mut r, k, &mut sink).unwrap();
    });
}

//! The Bitcoin network around the country, and what hashes are worth.

use super::super::{Futures, Plan};
use crate::quantity::Hashrate;
use crate::random::Stream;
use crate::random::special::{ln_gamma_quantile, normal_quantile};

pub(super) fn draw_world(plan: &Plan<'_>, replication: u32, futures: &mut Futures) {
    let system = plan.system;
    futures.country_share = 0.0;
    futures.rest_of_world.clear();
    futures.pool_share.clear();
    futures.hashprice_usd.clear();
    futures.usd_per_exahash_day.clear();
    let Some(world) = &system.world else {
        futures.pool_share.resize(system.pools.len(), 0.0);
        return;
    };
    let level = world.level_ehs.get(&futures.inputs);
    let share = match &world.calibration {
        Some(calibration) => futures.inputs[calibration.share.at()],
        None => {
            let national: f64 = futures
                .installed_hashrate
                .iter()
                .map(|hashrate| hashrate.exahashes())
                .sum();
            (national / level).min(1.0)
        }
    };
    futures.country_share = share;
    let growth = world.growth_per_week.get(&futures.inputs);
    let sd = world.noise_sd.get(&futures.inputs);
    let fresh = libm::sqrt(1.0 - world.noise_lag1 * world.noise_lag1);
    let mut noise = Stream::new(system.seed, world.noise_stream, replication);
    let mut anomaly = 0.0;
    for day in 0..system.days() {
        let shock = normal_quantile(noise.next_uniform());
        anomaly = if day == 0 {
            shock
        } else {
            world.noise_lag1 * anomaly + fresh * shock
        };
        let growth = libm::pow(1.0 + growth, day as f64 / 7.0);
        let rest = level * (1.0 - share) * growth * (1.0 + sd * anomaly).max(0.0);
        futures.rest_of_world.push(Hashrate::from_exahashes(rest));
    }
    draw_pools(plan, replication, world.pool_effective_count, futures);
    if let Some(economics) = &system.economics {
        for day in 0..system.days() {
            let last = economics.price_usd.len().min(economics.difficulty.len()) - 1;
            let (price, difficulty) = (
                economics.price_usd[day.min(last)],
                economics.difficulty[day.min(last)],
            );
            let reward = economics.subsidy_btc() * (1.0 + economics.fee_share.get(&futures.inputs));
            // One EH/s over one day is 8.64e22 hashes.
            let per_exahash_day =
                8.64e22 / (difficulty * crate::quantity::HASHES_AT_DIFFICULTY_1) * reward * price;
            futures.usd_per_exahash_day.push(per_exahash_day);
            // One EH/s is 1000 PH/s.
            futures.hashprice_usd.push(per_exahash_day / 1000.0);
        }
    }
}

/// Pool shares of the rest of the world: Dirichlet about the centres, as Gamma variates by
/// inversion, one uniform from each pool's own stream; in logarithms, because the variate of a
/// small share can underflow. Without a count the centres are known.
fn draw_pools(plan: &Plan<'_>, replication: u32, count: Option<f64>, futures: &mut Futures) {
    let pools = &plan.system.pools;
    let whole: f64 = pools.iter().map(|pool| pool.share).sum();
    let weight = |pool: &crate::system::Pool| match count {
        Some(count) if pool.share > 0.0 => {
            let stream = Stream::new(plan.system.seed, pool.stream, replication);
            libm::exp(ln_gamma_quantile(
                count * pool.share / whole,
                stream.uniform_at(0),
            ))
        }
        _ => pool.share,
    };
    futures.pool_share.extend(pools.iter().map(weight));
    let total: f64 = futures.pool_share.iter().sum();
    if total > 0.0 {
        futures
            .pool_share
            .iter_mut()
            .for_each(|share| *share /= total);
    }
}

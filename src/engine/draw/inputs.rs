//! What nobody knows about the world: uncertain inputs, and what of the farms follows from them.

use super::super::{EngineError, Futures, Plan};
use crate::quantity::{Efficiency, Hashrate, Power};
use crate::random::Stream;
use crate::system::Access;

/// Tries to find an efficiency in range before the scenario is called contradictory.
const CALIBRATION_TRIES: u64 = 10_000;

pub(super) fn draw_inputs(
    plan: &Plan<'_>,
    replication: u32,
    futures: &mut Futures,
) -> Result<(), EngineError> {
    let system = plan.system;
    let value_at = |input: usize, ordinal: u64| {
        let input = &system.inputs[input];
        let stream = Stream::new(system.seed, input.stream, replication);
        input.law.quantile(stream.uniform_at(ordinal))
    };
    futures.inputs.clear();
    futures
        .inputs
        .extend((0..system.inputs.len()).map(|input| value_at(input, 0)));
    futures.efficiency_j_th = 0.0;
    let calibration = system.world.as_ref().and_then(|world| {
        world
            .calibration
            .as_ref()
            .map(|calibration| (world.level_ehs, calibration))
    });
    if let Some((level, calibration)) = calibration {
        let drawn = |ordinal: u64| {
            let level = match level {
                crate::system::Value::Fixed(level) => level,
                crate::system::Value::Drawn(input) => value_at(input.at(), ordinal),
            };
            let share = value_at(calibration.share.at(), ordinal);
            let running_mw = value_at(calibration.running_mw.at(), ordinal);
            // MW / (EH/s) is J/TH.
            (
                level,
                share,
                running_mw,
                running_mw / calibration.pue / (share * level),
            )
        };
        let (least, most) = calibration.efficiency_range_j_th;
        let found = (0..CALIBRATION_TRIES)
            .map(drawn)
            .find(|&(.., efficiency)| (least..=most).contains(&efficiency));
        let Some((level_ehs, share, running_mw, efficiency)) = found else {
            return Err(EngineError::Calibration {
                replication,
                seed: system.seed,
            });
        };
        futures.inputs[calibration.share.at()] = share;
        futures.inputs[calibration.running_mw.at()] = running_mw;
        if let crate::system::Value::Drawn(input) = level {
            futures.inputs[input.at()] = level_ehs;
        }
        futures.efficiency_j_th = efficiency;
    }
    size_farms(plan, futures);
    choose_classes(plan, replication, futures);
    Ok(())
}

/// Scales farms to the drawn running load, and gives each its hashrate.
fn size_farms(plan: &Plan<'_>, futures: &mut Futures) {
    let system = plan.system;
    futures.installed.clear();
    futures.installed_hashrate.clear();
    let running_mw = |index: usize| {
        let farm = &system.farms[index];
        farm.installed.megawatts() * farm.running_share
    };
    let world = system.world.as_ref();
    let calibration = world.and_then(|world| Some((world, world.calibration.as_ref()?)));
    let scaled = calibration.map(|(world, calibration)| {
        let nominal: f64 = (0..system.farms.len()).map(running_mw).sum();
        let scale = futures.inputs[calibration.running_mw.at()] / nominal;
        // Machine power of what runs, and the hashrate it stands for: one efficiency for all.
        let machines: f64 = (0..system.farms.len())
            .map(|i| running_mw(i) * scale / system.farms[i].pue)
            .sum();
        let hashrate =
            futures.inputs[calibration.share.at()] * world.level_ehs.get(&futures.inputs);
        (scale, hashrate / machines)
    });
    for farm in &system.farms {
        let (installed, hashrate) = match scaled {
            Some((scale, ehs_per_mw)) => {
                let installed_mw = farm.installed.megawatts() * scale;
                (
                    Power::from_megawatts(installed_mw),
                    installed_mw / farm.pue * ehs_per_mw,
                )
            }
            None => {
                let efficiency = farm.efficiency_j_th.get(&futures.inputs);
                (
                    farm.installed,
                    farm.installed.megawatts() / farm.pue / efficiency,
                )
            }
        };
        futures.installed.push(installed);
        futures
            .installed_hashrate
            .push(Hashrate::from_exahashes(hashrate));
    }
}

fn choose_classes(plan: &Plan<'_>, replication: u32, futures: &mut Futures) {
    let system = plan.system;
    futures.access_class.clear();
    futures.hold_minutes.clear();
    for farm in &system.farms {
        let class = match &farm.access {
            Access::Class(class) => class.at(),
            Access::Mixed(mix) => {
                let stream = Stream::new(system.seed, farm.class_stream, replication);
                // Chances, not weights: the last class takes whatever the others leave.
                let mut left = stream.uniform_at(0);
                let last = mix[mix.len() - 1].0;
                mix.iter()
                    .find(|(_, chance)| {
                        left -= chance.get(&futures.inputs);
                        left < 0.0
                    })
                    .map_or(last, |(class, _)| *class)
                    .at()
            }
        };
        futures.access_class.push(class);
        futures
            .hold_minutes
            .push(farm.link_loss.hold_minutes.get(&futures.inputs));
    }
    futures.spared.clear();
    for farm in 0..system.farms.len() {
        let mut bits = 0_u64;
        // One bit a hazard: validation lets no later one spare anybody.
        for (index, hazard) in system.hazards.iter().enumerate().take(64) {
            let chance = hazard.spares.get(&futures.inputs);
            if chance > 0.0 && plan.closes_gateways(index) {
                let stream = Stream::new(system.seed, hazard.spare_streams[farm], replication);
                bits |= u64::from(stream.uniform_at(0) < chance) << index;
            }
        }
        futures.spared.push(bits);
    }
}

impl Futures {
    /// Efficiency of a farm's machines, from its installed power and hashrate.
    pub fn farm_efficiency(&self, farm: usize, pue: f64) -> Efficiency {
        let hashrate = self.installed_hashrate[farm].exahashes().max(1e-12);
        Efficiency::from_joules_per_terahash(self.installed[farm].megawatts() / pue / hashrate)
    }
}

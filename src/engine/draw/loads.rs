//! Firm load of every zone.

use super::super::{Futures, Plan};
use crate::quantity::{Power, Share};

pub(super) fn draw_loads(plan: &Plan<'_>, futures: &mut Futures) {
    let system = plan.system;
    for (index, zone) in system.zones.iter().enumerate() {
        let factor = zone.scale.factor.get(&futures.inputs);
        let fixed = factor == 1.0 && !zone.scale.contains_mining && zone.response.is_none();
        futures.load_is_drawn[index] = !fixed;
        if fixed {
            continue;
        }
        let mining = if zone.scale.contains_mining {
            let running = |&farm: &usize| {
                let share = Share::from_f64(system.farms[farm].running_share);
                Power(share.of(futures.installed[farm].0))
            };
            plan.farms_of[index].iter().map(running).sum()
        } else {
            Power::ZERO
        };
        let load = &mut futures.loads[index];
        load.hourly.clear();
        for (day, hours) in zone.load.hourly.chunks(24).enumerate() {
            let weather = match (zone.response, zone.weather) {
                (Some(response), Some(weather)) => {
                    response.factor(futures.temperature[weather.at()][day])
                }
                _ => 1.0,
            };
            load.hourly.extend(hours.iter().map(|&hour| {
                let demand = Power(libm::rint(hour.0 as f64 * factor) as i64);
                let firm = (demand - mining).positive();
                Power(libm::rint(firm.0 as f64 * weather) as i64)
            }));
        }
        load.refresh_maxima();
    }
}

//! When two systems draw the same future, so that it need be drawn only once for both.

use crate::quantity::Power;
use crate::system::{System, Value};
use std::fmt::{self, Write};

/// Writes all of a system but what no draw looks at: two systems that write the same draw the
/// same futures, under every plan made from them.
///
/// What is left out is a short list of what sweeps like to vary, each item read by `apply`,
/// `refresh` and the recorders alone: limits of lines, compliance, reserves, the ladder's order,
/// and words. Whoever lets a draw look at one of them takes it off the list.
///
/// # Errors
/// Where `to` fails.
pub fn write_what_draws_see(system: &System, to: &mut impl Write) -> fmt::Result {
    let mut system = system.clone();
    system.title.clear();
    system.assumptions.clear();
    system.milestones.clear();
    system.replications = 0;
    for line in &mut system.lines {
        line.forward_mw = Value::Fixed(0.0);
        line.backward_mw = Value::Fixed(0.0);
        line.n_minus_1 = false;
        line.report_above = 0.0;
    }
    for farm in &mut system.farms {
        farm.compliance = Value::Fixed(0.0);
        farm.cut_priority = 0;
    }
    for zone in &mut system.zones {
        zone.reserve = Power::ZERO;
    }
    write!(to, "{system:?}")
}

#[cfg(test)]
mod tests {
    use super::super::draw;
    use super::*;
    use crate::engine::{Futures, Plan};
    use crate::scenario::{Source, read, starter};

    fn system(set: &[(&str, &str)]) -> System {
        let set: Vec<(String, String)> = set
            .iter()
            .map(|(path, value)| ((*path).to_owned(), (*value).to_owned()))
            .collect();
        let loaded = read(&Source::text(starter()), &set);
        loaded.unwrap_or_else(|wrong| panic!("{wrong}")).system
    }

    fn seen(system: &System) -> String {
        let mut text = String::new();
        write_what_draws_see(system, &mut text).unwrap();
        text
    }

    fn drawn(system: &System) -> Vec<String> {
        let plan = Plan::new(system);
        let mut futures = Futures::new(&plan);
        let one = |replication| {
            draw(&plan, replication, &mut futures).unwrap();
            format!("{futures:?}")
        };
        (0..20).map(one).collect()
    }

    #[test]
    fn systems_that_look_alike_to_draws_draw_the_same() {
        let base = system(&[]);
        for set in [
            ("line.north-south.capacity_mw", "200"),
            ("farm.*.compliance", "0.1"),
            ("zone.*.reserve_mw", "77"),
            ("farm.*.cut_priority", "3"),
        ] {
            let other = system(&[set]);
            assert_eq!(seen(&base), seen(&other), "{set:?}");
            assert_eq!(drawn(&base), drawn(&other), "{set:?}");
        }
    }

    #[test]
    fn what_draws_look_at_tells_systems_apart() {
        let base = system(&[]);
        for set in [
            ("plant.*.mttr_h", "9"),
            ("farm.*.on_link_loss.hold_minutes", "7"),
            ("line.north-south.circuits", "3"),
            ("scenario.seed", "99"),
            ("farm.*.installed_mw", "50"),
        ] {
            assert_ne!(seen(&base), seen(&system(&[set])), "{set:?}");
        }
    }
}

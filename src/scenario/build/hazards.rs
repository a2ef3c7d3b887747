//! Misfortunes: when, how likely, and what they take down.

use super::names::Kind;
use super::numbers::{moment, number, number_or, stretch};
use super::reliability::duration;
use super::{Context, Names};
use crate::quantity::Power;
use crate::scenario::mistake::suggestion;
use crate::scenario::raw::{self, Moment as Written, Scenario};
use crate::system::{
    AccessClassId, FarmId, GatewayId, Hazard, HazardTiming, HazardWindow, LineId, LoadChange,
    Moment, PlantId, PoolId, ProviderId, Target, Unit, UnitId, Value, ZoneId,
};

/// Most draws that hazards may address: targets and farms, of all hazards together.
const MOST_STREAMS: usize = 1_000_000;

/// Kinds that a hazard can take down.
const KINDS: [&str; 10] = [
    "zone", "plant", "unit", "line", "farm", "access", "crew", "provider", "gateway", "pool",
];

/// Hazards that can spare farms: one bit each in a farm's state.
const MOST_SPARING: usize = 64;

/// Hazards, by name.
pub(crate) fn hazards(
    raw: &Scenario,
    names: &Names,
    units: &[Unit],
    context: &mut Context<'_>,
) -> Vec<Hazard> {
    let mut hazards = Vec::new();
    let mut streams = 0;
    for (name, index) in names.hazards.declared() {
        let path = format!("hazard[{index}]");
        let written = &raw.hazard[index];
        let targets = targets(written, &path, names, units, context);
        streams += targets.len() + names.farms.entries.len();
        if streams > MOST_STREAMS {
            context.wrong(
                &path,
                format!("hazards address more than {MOST_STREAMS} targets and farms"),
                "fewer hazards, or grouped farms",
            );
            break;
        }
        if written.spares.is_some() && hazards.len() >= MOST_SPARING {
            context.wrong(
                &format!("{path}.spares"),
                format!("only the first {MOST_SPARING} hazards by name can spare farms"),
                "an earlier name, or no spares",
            );
        }
        hazards.push(hazard(written, name, &path, targets, names, units, context));
    }
    hazards
}

fn hazard(
    written: &raw::Hazard,
    name: &str,
    path: &str,
    targets: Vec<Target>,
    names: &Names,
    units: &[Unit],
    context: &mut Context<'_>,
) -> Hazard {
    let key = |key: &str| format!("{path}.{key}");
    if targets.is_empty() && written.load_changes.is_empty() && !context.places.any_broken(path) {
        let found_none = context
            .findings
            .iter()
            .any(|finding| finding.key.starts_with(&context.places.shown(path)));
        if !found_none {
            context.wrong(
                path,
                "the hazard does nothing",
                "takes_down, or load_changes",
            );
        }
    }
    let mut target_streams = Vec::with_capacity(targets.len());
    for target in &targets {
        let target = target_name(*target, names, units);
        target_streams.push(context.stream(path, &format!("hazard/{name}/{target}")));
    }
    let mut spare_streams = Vec::with_capacity(names.farms.entries.len());
    for farm in names.farms.names() {
        spare_streams.push(context.stream(path, &format!("hazard/{name}/spare/{farm}")));
    }
    Hazard {
        name: name.to_owned(),
        event: written.event,
        timing: timing(written, path, context),
        chance: number_or(written.chance.as_ref(), 1.0, &key("chance"), context),
        each_chance: number_or(
            written.each_chance.as_ref(),
            1.0,
            &key("each_chance"),
            context,
        ),
        targets,
        load_changes: load_changes(written, path, names, context),
        spares: number_or(written.spares.as_ref(), 0.0, &key("spares"), context),
        windows: windows(written, name, path, names, context),
        stream: context.stream(path, &format!("hazard/{name}")),
        target_streams,
        spare_streams,
    }
}

fn timing(written: &raw::Hazard, path: &str, context: &mut Context<'_>) -> HazardTiming {
    let (from, until) = stretch(written.from.as_ref(), written.until.as_ref(), path, context);
    let Some(rate) = &written.rate_per_year else {
        for (key, given) in [
            ("duration_mean_h", written.duration_mean_h.is_some()),
            ("duration_law", written.duration_law.is_some()),
        ] {
            if given {
                context.wrong(
                    &format!("{path}.{key}"),
                    "a dated hazard ends when `until` says",
                    "rate_per_year beside it, or leave it out",
                );
            }
        }
        return HazardTiming::Dated { from, until };
    };
    for (key, given) in [("from", &written.from), ("until", &written.until)] {
        if matches!(given, Some(Written::Delayed(_))) {
            context.wrong(
                &format!("{path}.{key}"),
                "the limits of a drawn hazard are known moments",
                "a moment without plus_minutes",
            );
        }
    }
    if written.duration_mean_h.is_none() && !context.places.any_broken(path) {
        context.wrong(path, "how long does a strike last?", "duration_mean_h");
    }
    let law = duration(
        written.duration_law.as_ref(),
        written.duration_mean_h.unwrap_or(1.0),
    );
    if let Some(mistake) = law.mistake() {
        context.wrong(
            &format!("{path}.duration_law"),
            "the law has no meaning",
            mistake,
        );
    }
    HazardTiming::Drawn {
        rate_per_year: number(rate, &format!("{path}.rate_per_year"), context),
        duration: law,
        from: from.at,
        until: until.at.min(context.end()),
    }
}

fn windows(
    written: &raw::Hazard,
    name: &str,
    path: &str,
    names: &Names,
    context: &mut Context<'_>,
) -> Vec<HazardWindow> {
    let mut windows = Vec::new();
    if written.rate_per_year.is_some() && !written.window.is_empty() {
        context.wrong(
            &format!("{path}.window"),
            "windows belong to a dated hazard",
            "from and until instead of rate_per_year",
        );
    }
    for (index, window) in written.window.iter().enumerate() {
        let path = format!("{path}.window[{index}]");
        let mut classes = Vec::new();
        for (at, pattern) in window.access_classes.iter().enumerate() {
            classes.extend(names.access_classes.all(
                pattern,
                &format!("{path}.access_classes[{at}]"),
                context,
            ));
        }
        classes.sort_unstable();
        classes.dedup();
        if window.access_classes.is_empty() && !context.places.any_broken(&path) {
            context.wrong(
                &format!("{path}.access_classes"),
                "lets nobody through",
                "at least one access class",
            );
        }
        let (from, until): (Moment, Moment) =
            stretch(Some(&window.from), Some(&window.until), &path, context);
        if let Some(begin) = &written.from {
            let begin = moment(begin, &format!("{path}.from"), context);
            if matches!(begin.plus_minutes, Value::Fixed(_)) && until.at < begin.at {
                context.wrong(
                    &format!("{path}.until"),
                    "the window ends before its hazard begins",
                    "a window within the hazard",
                );
            }
        }
        windows.push(HazardWindow {
            classes: classes.into_iter().map(AccessClassId::from).collect(),
            from,
            until,
            chance: number_or(
                window.chance.as_ref(),
                1.0,
                &format!("{path}.chance"),
                context,
            ),
            stream: context.stream(&path, &format!("hazard/{name}/window-{}", index + 1)),
        });
    }
    windows
}

fn load_changes(
    written: &raw::Hazard,
    path: &str,
    names: &Names,
    context: &mut Context<'_>,
) -> Vec<LoadChange> {
    let mut changes = Vec::new();
    for (index, change) in written.load_changes.iter().enumerate() {
        let path = format!("{path}.load_changes[{index}]");
        if change.unserved && change.change_mw > 0.0 {
            context.wrong(
                &format!("{path}.unserved"),
                "load that is switched on is not unserved",
                "a negative change_mw",
            );
        }
        if let Some(zone) = names
            .zones
            .find(&change.zone, &format!("{path}.zone"), context)
        {
            changes.push(LoadChange {
                zone: ZoneId::from(zone),
                change: Power::from_megawatts(change.change_mw),
                unserved: change.unserved,
            });
        }
    }
    changes
}

/// Everything that the patterns of `takes_down` mean, sorted, each once.
fn targets(
    written: &raw::Hazard,
    path: &str,
    names: &Names,
    units: &[Unit],
    context: &mut Context<'_>,
) -> Vec<Target> {
    let mut targets = Vec::new();
    for (index, text) in written.takes_down.iter().enumerate() {
        let path = format!("{path}.takes_down[{index}]");
        let Some((kind, pattern)) = text.split_once('/') else {
            context.wrong(
                &path,
                format!("{text:?} names no kind"),
                format!("KIND/NAME, where the kind is one of {}", KINDS.join(", ")),
            );
            continue;
        };
        let mut add = |names: &Kind, make: &dyn Fn(usize) -> Target, context: &mut Context<'_>| {
            targets.extend(names.all(pattern, &path, context).into_iter().map(make));
        };
        match kind {
            "zone" => add(&names.zones, &|id| Target::Zone(ZoneId::from(id)), context),
            "plant" => add(
                &names.plants,
                &|id| Target::Plant(PlantId::from(id)),
                context,
            ),
            "line" => add(&names.lines, &|id| Target::Line(LineId::from(id)), context),
            "farm" => add(&names.farms, &|id| Target::Farm(FarmId::from(id)), context),
            "access" => add(
                &names.farms,
                &|id| Target::Access(FarmId::from(id)),
                context,
            ),
            "crew" => add(&names.farms, &|id| Target::Crew(FarmId::from(id)), context),
            "provider" => add(
                &names.providers,
                &|id| Target::Provider(ProviderId::from(id)),
                context,
            ),
            "gateway" => add(
                &names.gateways,
                &|id| Target::Gateway(GatewayId::from(id)),
                context,
            ),
            "pool" => add(&names.pools, &|id| Target::Pool(PoolId::from(id)), context),
            "unit" => targets.extend(unit_targets(pattern, &path, units, context)),
            _ => context.wrong(
                &path,
                format!("unknown kind {kind:?}"),
                suggestion(kind, KINDS),
            ),
        }
    }
    targets.sort_unstable();
    targets.dedup();
    targets
}

fn unit_targets(
    pattern: &str,
    path: &str,
    units: &[Unit],
    context: &mut Context<'_>,
) -> Vec<Target> {
    let fits = |(_, unit): &(usize, &Unit)| crate::scenario::pattern::matches(pattern, &unit.name);
    let hits: Vec<Target> = units
        .iter()
        .enumerate()
        .filter(fits)
        .map(|(id, _)| Target::Unit(UnitId::from(id)))
        .collect();
    if hits.is_empty() {
        let right = suggestion(pattern, units.iter().map(|unit| unit.name.as_str()));
        context.wrong(path, format!("no unit fits {pattern:?}"), right);
    }
    hits
}

/// `KIND/NAME`, for the stream of a target.
fn target_name(target: Target, names: &Names, units: &[Unit]) -> String {
    let (kind, name) = match target {
        Target::Zone(id) => ("zone", &names.zones.entries[id.at()].0),
        Target::Plant(id) => ("plant", &names.plants.entries[id.at()].0),
        Target::Unit(id) => ("unit", &units[id.at()].name),
        Target::Line(id) => ("line", &names.lines.entries[id.at()].0),
        Target::Farm(id) => ("farm", &names.farms.entries[id.at()].0),
        Target::Access(id) => ("access", &names.farms.entries[id.at()].0),
        Target::Provider(id) => ("provider", &names.providers.entries[id.at()].0),
        Target::Gateway(id) => ("gateway", &names.gateways.entries[id.at()].0),
        Target::Pool(id) => ("pool", &names.pools.entries[id.at()].0),
        Target::Crew(id) => ("crew", &names.farms.entries[id.at()].0),
    };
    format!("{kind}/{name}")
}

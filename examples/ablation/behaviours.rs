//! The behaviours of the shipped scenario, each with the way to switch it off and what is
//! expected to happen then: written down before the first run, as a check of the model.

use hashfall::random::InputLaw;
use hashfall::scenario::{Loaded, Source, read};
use hashfall::system::{
    Access, AccessClassId, GatewayId, Output, ProviderId, StartTimes, System, Target, Value,
};

/// How a behaviour is switched off.
pub enum Switch {
    /// By overrides, as `--set path=value` gives them.
    Set(&'static [(&'static str, &'static str)]),
    /// In the system itself, where no override can: what is done, and the doing.
    System(&'static str, fn(&mut System)),
}

/// What switching off does to a number, in the paired mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// It rises by more than three standard errors.
    Rises,
    /// It falls by more than three standard errors.
    Falls,
    /// It rises: so little, or so seldom, that few replications make no three errors.
    RisesSlightly,
    /// It falls: so little, or so seldom, that few replications make no three errors.
    FallsSlightly,
    /// It does not change by a bit in any replication.
    Stays,
}

/// One behaviour.
pub struct Behaviour {
    /// Name; also that of its test in `tests/behaviours_matter.rs`, with underscores.
    pub name: &'static str,
    /// What is switched off.
    pub off: &'static str,
    /// How.
    pub switch: Switch,
    /// Numbers by name and what happens to them.
    pub expect: &'static [(&'static str, Expect)],
    /// Tests with an answer by hand that fail without the behaviour, beside the paired one.
    pub guards: &'static [&'static str],
}

impl Behaviour {
    /// The shipped scenario without this behaviour.
    pub fn system(&self) -> System {
        match self.switch {
            Switch::Set(overrides) => scenario(overrides),
            Switch::System(_, change) => {
                let mut system = scenario(&[]);
                change(&mut system);
                system
            }
        }
    }
}

/// The shipped scenario with overrides.
pub fn scenario(overrides: &[(&str, &str)]) -> System {
    loaded(overrides).system
}

/// What decides the numbers of the shipped scenario, as the first eight bytes of its digest.
pub fn digest() -> String {
    let digest = loaded(&[]).digest;
    digest[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn loaded(overrides: &[(&str, &str)]) -> Loaded {
    let source = Source::built_in("kazakhstan-2022").expect("it is built in");
    let overrides: Vec<(String, String)> = overrides
        .iter()
        .map(|&(path, value)| (path.to_owned(), value.to_owned()))
        .collect();
    match read(&source, &overrides) {
        Ok(loaded) => loaded,
        Err(mistakes) => panic!("{}", mistakes.render(false)),
    }
}

use Expect::{Falls, FallsSlightly, Rises, RisesSlightly, Stays};
use Switch::{Set, System as In};

macro_rules! behaviour {
    ($name:literal, $off:literal, $switch:expr, [$($number:literal $expect:expr),+ $(,)?], [$($guard:literal),* $(,)?]) => {
        Behaviour {
            name: $name,
            off: $off,
            switch: $switch,
            expect: &[$(($number, $expect)),+],
            guards: &[$($guard),*],
        }
    };
}

/// Groups of behaviours: title and members.
pub fn groups() -> Vec<(&'static str, Vec<Behaviour>)> {
    vec![
        ("The event", event()),
        ("Access classes and windows", windows()),
        ("What an operator of machines does", machines()),
        ("The grid operator", operator()),
        ("Lines and neighbours", lines()),
        ("Plants, load and weather", plants()),
        ("Paths to the pools", paths()),
        ("The world outside, and what nobody knows", world()),
        ("Blocks, and what observers read", readings()),
    ]
}

fn event() -> Vec<Behaviour> {
    vec![
        behaviour!("kill-switch", "no national cut",
            Set(&[("hazard.kill-switch.chance", "0")]),
            ["lost, blackout" Falls, "lost by link" Falls, "lost by restart" Falls,
             "revenue lost, gross" Falls, "revenue lost, net" Falls, "energy without hashes" Falls,
             "curtailed mining" Rises, "emissions" Rises],
            ["hand_calculations::a_link_that_is_down_for_d_hours_loses_exactly_s_h_d"]),
        behaviour!("together", "each gateway is cut by a chance of its own, 3 in 4, not all at once",
            Set(&[("hazard.kill-switch.each_chance", "0.75")]),
            ["lost, blackout" Falls, "lost by link" Falls],
            ["drawn::hazards_strike_as_often_and_as_long_as_they_are_given"]),
        behaviour!("throttling", "mobile internet not throttled on 4-5 January",
            Set(&[("hazard.mobile-throttling.chance", "0")]),
            ["lost, all" Falls, "energy without hashes" Falls],
            ["behaviours/zones::two_hazards_on_one_target_last_until_the_later_ends"]),
        behaviour!("unrest-power", "unrest takes no farm's power",
            Set(&[("hazard.unrest-power-*.chance", "0")]),
            ["lost by supply" Falls, "lost, blackout" Falls],
            ["behaviours/zones::two_hazards_on_one_target_last_until_the_later_ends"]),
        behaviour!("unrest-each", "unrest strikes every site it can, not each by chance",
            Set(&[("hazard.unrest-power-*.each_chance", "1")]),
            ["lost by supply" Rises, "lost, blackout" Rises],
            ["drawn::hazards_strike_as_often_and_as_long_as_they_are_given"]),
        behaviour!("unrest-staff", "crews come to work",
            Set(&[("hazard.unrest-staff-*.chance", "0")]),
            ["lost by restart" Falls, "lost, blackout" Falls, "lost, all" Falls],
            ["behaviours/plants::without_its_crew_a_farm_comes_back_by_the_crews_staircase"]),
        behaviour!("standing-order", "the autumn rationing is lifted",
            In("the order is taken out", |system| system.orders.clear()),
            ["standing curtailment" Falls, "missing by order" Falls, "hashrate" Rises,
             "lost, blackout" Rises, "curtailed mining" Rises],
            ["hand_calculations::an_order_in_force_takes_its_share",
             "hand_calculations::a_standing_order_is_no_part_of_the_event"]),
        behaviour!("event-twin", "the cut belongs to every winter, not to the event",
            Set(&[("hazard.kill-switch.event", "false")]),
            ["lost, blackout" Falls, "missing by link" Stays],
            ["behaviours/zones::hazards_that_belong_to_the_event_are_off_in_the_paired_run_alone"]),
    ]
}

fn windows() -> Vec<Behaviour> {
    vec![
        behaviour!("mixed-access", "mixed farms are treated like data centres",
            Set(&[("inputs.mixed-like-data-centre", "1"), ("inputs.mixed-until-the-end", "0")]),
            ["lost, blackout" Falls, "lost by link" Falls],
            ["drawn::kazakhstan_keeps_its_identities"]),
        behaviour!("household-access", "households are treated like data centres",
            In("every farm has the class `data-centre`", |system| {
                for farm in &mut system.farms {
                    farm.access = Access::Class(AccessClassId(0));
                }
            }),
            ["lost, blackout" Falls, "lost by link" Falls],
            ["behaviours/links::a_kill_switch_lets_a_class_through_in_its_windows"]),
        behaviour!("until-the-end", "no farm waits for the 11th",
            Set(&[("inputs.mixed-until-the-end", "0")]),
            ["lost, all" Falls, "lost by link" Falls],
            ["drawn::kazakhstan_keeps_its_identities"]),
        behaviour!("night-window", "nothing restored in the night of the 5th",
            Set(&[("hazard.kill-switch.window.0.chance", "0")]),
            ["lost, blackout" Rises, "lost by link" Rises, "lost by restart" Falls],
            ["behaviours/links::a_kill_switch_lets_a_class_through_in_its_windows"]),
        behaviour!("noon-window", "nothing restored at noon of the 6th",
            Set(&[("hazard.kill-switch.window.1.chance", "0")]),
            ["lost, blackout" Rises, "lost by link" Rises, "lost by restart" Falls],
            ["behaviours/links::a_kill_switch_lets_a_class_through_in_its_windows"]),
        behaviour!("data-centre-window", "data centres not back from the 7th",
            Set(&[("hazard.kill-switch.window.2.chance", "0")]),
            ["lost, blackout" Rises, "lost by link" Rises, "lost, all" Rises],
            ["behaviours/links::a_kill_switch_lets_a_class_through_in_its_windows"]),
        behaviour!("household-windows", "no windows for households on the 7th, 8th and 9th",
            Set(&[("inputs.household-window-chance", "0")]),
            ["lost, blackout" Rises, "lost by link" Rises, "lost by restart" Falls],
            ["behaviours/links::a_kill_switch_lets_a_class_through_in_its_windows"]),
        behaviour!("tenth-window", "households not back on the 10th",
            Set(&[("hazard.kill-switch.window.6.chance", "0")]),
            ["lost, all" Rises],
            ["behaviours/links::a_kill_switch_lets_a_class_through_in_its_windows"]),
        behaviour!("spares", "nobody slips past the switch",
            Set(&[("hazard.kill-switch.spares", "0")]),
            ["lost, blackout" Rises, "lost by link" Rises],
            ["behaviours/links::a_spared_farm_slips_past_the_switch_but_not_past_a_dead_gateway"]),
        behaviour!("dish", "no farm has a satellite dish",
            In("the provider `satellite` is taken from the farms that have it", |system| {
                let satellite = system.providers.iter().position(|p| p.name == "satellite");
                for farm in &mut system.farms {
                    farm.providers.retain(|id| Some(id.at()) != satellite);
                }
            }),
            ["lost, blackout" Rises, "lost by link" Rises],
            ["behaviours/links::a_farm_fails_over_to_its_next_provider"]),
        behaviour!("cut-start", "the cut comes at its earliest, 10:30",
            Set(&[("inputs.cut-start-minutes", "0")]),
            ["lost, blackout" Rises, "lost by link" Rises], []),
    ]
}

fn machines() -> Vec<Behaviour> {
    vec![
        behaviour!("hold-short", "power is cut at once when the link goes (hold 0)",
            Set(&[("farm.*.on_link_loss.hold_minutes", "0")]),
            ["energy without hashes" Falls, "missing by restart after link" Rises],
            ["hand_calculations::after_holding_machines_sleep_and_must_start_again"]),
        behaviour!("hold-ever", "power is never cut when the link goes",
            Set(&[("farm.*.on_link_loss.hold_minutes", "never")]),
            ["energy without hashes" Rises, "missing by restart after link" Falls,
             "lost, blackout" Falls, "curtailed mining" Rises],
            ["hand_calculations::a_link_that_returns_within_the_hold_needs_no_start"]),
        behaviour!("sleep-power", "machines asleep draw nothing",
            Set(&[("farm.*.on_link_loss.after_power", "0")]),
            ["energy without hashes" Falls, "emissions" Falls],
            ["hand_calculations::after_holding_machines_sleep_and_must_start_again"]),
        behaviour!("boot-stagger", "machines start at once",
            Set(&[("farm.*.start.boot_minutes", "0"), ("farm.*.start.stagger_minutes", "0")]),
            ["missing by restart" Falls, "lost by restart" Falls, "lost, blackout" Falls],
            ["hand_calculations::after_holding_machines_sleep_and_must_start_again",
             "behaviours/plants::what_is_interrupted_while_it_comes_back_goes_on_from_where_it_stands"]),
        behaviour!("crew-start", "a site without crew starts like any other",
            In("`crew_start` is made equal to `start`", |system| {
                for farm in &mut system.farms {
                    farm.crew_start = farm.start.clone();
                }
            }),
            ["lost by restart" Falls, "lost, blackout" Falls],
            ["behaviours/plants::without_its_crew_a_farm_comes_back_by_the_crews_staircase"]),
        behaviour!("battery", "telecom sites run for ever without the grid",
            Set(&[("farm.*.telecom_battery_h", "1000")]),
            ["any link" FallsSlightly],
            ["hand_calculations::telecom_batteries_keep_the_link_but_not_the_machines"]),
        behaviour!("heat", "no throttling and no cooling beyond the reference",
            Set(&[("farm.*.heat_per_degree", "0"), ("farm.*.pue_per_degree", "0")]),
            ["missing by heat" Stays, "hashrate" Stays, "emissions" Stays],
            ["hand_calculations::heat_takes_hashes_and_raises_power"]),
    ]
}

fn operator() -> Vec<Behaviour> {
    vec![
        behaviour!("ladder", "mining cannot be cut in a shortage",
            Set(&[("farm.*.interruptible", "false")]),
            ["curtailed mining" Falls, "missing by order" Falls, "EUE" Rises, "LOLE" Rises],
            ["hand_calculations::a_shortage_cuts_interruptible_mining_by_exactly_the_missing_megawatts"]),
        behaviour!("reserve", "no reserve is kept before miners run",
            Set(&[("zone.*.reserve_mw", "0")]),
            ["curtailed mining" Falls, "missing by order" Falls, "EUE" Rises],
            ["hand_calculations::a_reserve_cuts_mining_before_anything_lacks_and_is_spent_before_load_is_shed"]),
        behaviour!("compliance", "every order is obeyed",
            Set(&[("farm.*.compliance", "1")]),
            ["curtailed mining" Rises, "missing by order" Rises],
            ["behaviours/orders::compliance_is_drawn_for_each_call_anew"]),
        behaviour!("obedience", "no order is obeyed",
            Set(&[("farm.*.compliance", "0")]),
            ["curtailed mining" Falls, "EUE" Rises],
            ["behaviours/orders::compliance_is_drawn_for_each_call_anew"]),
        behaviour!("grey", "grey farms are found, and obey like others",
            Set(&[("farm.grey-*.interruptible", "true"), ("farm.grey-*.compliance", "0.9")]),
            ["curtailed mining" Rises, "EUE" Falls, "mining on shed feeders" Falls],
            ["behaviours/orders::grey_farms_ignore_orders_and_calls",
             "hand_calculations::grey_mining_rides_on_the_feeders_and_shares_their_fate"]),
        behaviour!("order-delay", "an order acts at once",
            Set(&[("operator.order_delay_minutes", "0")]),
            ["curtailed mining" Rises, "EUE" FallsSlightly],
            ["behaviours/orders::an_order_takes_its_delay_and_stays_its_shortest_time"]),
        behaviour!("order-minimum", "an order may end at once",
            Set(&[("operator.order_minimum_minutes", "0")]),
            ["curtailed mining" Falls, "curtailed mining, hours" Falls],
            ["behaviours/orders::an_order_takes_its_delay_and_stays_its_shortest_time"]),
        behaviour!("cut-priority", "farms are cut in the order of the file",
            Set(&[("farm.*.cut_priority", "0")]),
            ["ust-kamenogorsk" Rises, "ekibastuz-enegix" Falls],
            ["behaviours/orders::the_ladder_goes_by_priority_and_cuts_only_the_last_in_part"]),
        behaviour!("order-by-link", "orders come by telephone, not over the link",
            Set(&[("farm.*.order_needs_link", "false")]),
            ["missing by order" Rises, "lost by order" Rises],
            ["behaviours/orders::an_order_that_needs_the_link_does_not_arrive_while_it_is_down"]),
    ]
}

fn lines() -> Vec<Behaviour> {
    vec![
        behaviour!("north-south-limit", "the North-South line carries anything",
            Set(&[("line.north-south.capacity_mw", "20000")]),
            ["North-South above 90 %" Falls, "emissions" RisesSlightly],
            ["hand_calculations::a_plant_outage_cuts_its_zone_and_through_the_limit_its_neighbour"]),
        behaviour!("line-outages", "lines do not fail",
            In("outages of lines are taken out", |system| {
                for line in &mut system.lines {
                    line.outages = None;
                }
            }),
            ["North-South above 90 %" Falls, "margin P5" RisesSlightly],
            ["availability::deratings_circuits_and_last_miles_start_stationary"]),
        behaviour!("russian-supply", "Russia sells nothing to the North",
            Set(&[("line.russia-north.capacity_mw", "0")]),
            ["from Russia" Falls, "curtailed mining" Rises, "EUE" Rises, "LOLE" Rises,
             "margin P5" Falls],
            ["hand_calculations::a_plant_outage_cuts_its_zone_and_through_the_limit_its_neighbour"]),
        behaviour!("west-tie", "the West is an island",
            Set(&[("line.russia-west.capacity_mw", "0")]),
            ["margin P5" Falls, "from Russia" FallsSlightly, "EUE" RisesSlightly],
            ["hand_calculations::a_plant_outage_cuts_its_zone_and_through_the_limit_its_neighbour"]),
        behaviour!("central-asia", "no line to Central Asia",
            Set(&[("line.south-central-asia.capacity_mw", "0")]),
            ["curtailed mining" Stays, "EUE" Stays, "margin P5" Stays],
            ["behaviours/zones::a_neighbour_adds_to_the_margin_only_what_it_has_to_spare"]),
        behaviour!("zone-blackouts", "no zone goes dark",
            Set(&[("hazard.blackout-*.chance", "0")]),
            ["missing by supply" FallsSlightly, "EUE" FallsSlightly, "LOLE" FallsSlightly],
            ["hand_calculations::a_dark_zone_loses_its_farms_and_its_load"]),
    ]
}

fn plants() -> Vec<Behaviour> {
    vec![
        behaviour!("forced-outages", "units do not fail",
            In("outages of units are taken out", |system| {
                for unit in &mut system.units {
                    unit.outages = None;
                }
            }),
            ["curtailed mining" Falls, "EUE" Falls, "margin P5" Rises, "emissions" Rises],
            ["availability::units_of_every_law_start_stationary_and_stay_so"]),
        behaviour!("common-cause", "units of a plant fail apart (beta 0)",
            Set(&[("plant.*.beta", "0")]),
            ["curtailed mining" FallsSlightly, "EUE" FallsSlightly],
            ["availability::common_causes_keep_each_units_share_and_join_their_outages"]),
        behaviour!("deratings", "no partial outages",
            In("deratings of units are taken out", |system| {
                for unit in &mut system.units {
                    unit.deratings = None;
                }
            }),
            ["margin P5" Rises, "curtailed mining" Falls],
            ["behaviours/plants::a_derating_takes_its_share_and_an_outage_the_rest"]),
        behaviour!("repair-factor", "repairs take no longer than usual",
            Set(&[("inputs.emergency-hours", "1")]),
            ["margin P5" Rises, "curtailed mining" Falls],
            ["availability::the_repair_factor_stretches_repairs_alone"]),
        behaviour!("dependable", "all of the listed capacity can be had",
            Set(&[("inputs.dependable-*", "1")]),
            ["margin P5" Rises, "curtailed mining" Falls, "EUE" Falls],
            ["kazakhstan::plants_add_up_to_the_list_and_to_the_dependable_19_gw"]),
        behaviour!("cold-outages", "units fail as at 10 °C in any weather",
            In("tables of unavailability against temperature are taken out", |system| {
                for unit in &mut system.units {
                    unit.weather = None;
                }
            }),
            ["margin P5" Rises, "curtailed mining" Falls],
            ["availability::steady_cold_brings_the_tables_unavailability"]),
        behaviour!("cold-load", "load does not follow the temperature",
            In("load responses are taken out: the profile holds as on the coldest day", |system| {
                for zone in &mut system.zones {
                    zone.response = None;
                }
            }),
            ["margin P5" Falls, "curtailed mining" Rises, "emissions" Rises],
            ["behaviours/zones::load_follows_the_days_temperature"]),
        behaviour!("weather-paths", "every day has the mean temperature",
            Set(&[("weather.*.daily_sd_c", "0")]),
            ["peak demand" Falls, "North-South above 90 %" Falls, "emissions" Falls],
            ["drawn::temperature_has_its_mean_spread_memory_and_company"]),
        behaviour!("wind-and-sun", "wind and sun give their mean at all times",
            In("output becomes steady at its mean share", |system| {
                for unit in &mut system.units {
                    let mean = match unit.output {
                        Output::Steady | Output::Hourly(_) => continue,
                        Output::Wind(mean) | Output::Sun(mean) => mean,
                    };
                    unit.output = Output::Steady;
                    unit.dependable = Value::Fixed(mean);
                }
            }),
            ["margin least" Rises, "emissions" Falls],
            ["world::wind_and_sun_have_their_means_and_wind_its_memory"]),
        behaviour!("merit-order", "stored water is spent first, not last",
            Set(&[("class.hydro-stored.cost_usd_mwh", "1")]),
            ["emissions" Falls, "curtailed mining" Stays, "EUE" Stays],
            []),
        behaviour!("start-times", "after a zone's blackout plants are back at once",
            In("start times of all classes are zero", |system| {
                for class in &mut system.classes {
                    class.start = StartTimes::default();
                }
            }),
            ["EUE" FallsSlightly, "LOLE" FallsSlightly],
            ["behaviours/plants::after_a_dark_zone_plants_start_hot_warm_or_cold"]),
        behaviour!("mining-in-statistics", "published demand is taken as firm load, mining comes on top",
            Set(&[("zone.north.contains_mining", "false"), ("zone.south.contains_mining", "false"),
                  ("zone.west.contains_mining", "false")]),
            ["peak demand" Rises, "margin P5" Falls, "curtailed mining" Rises, "EUE" Rises],
            ["behaviours/zones::firm_load_and_running_mining_are_the_published_demand"]),
    ]
}

fn paths() -> Vec<Behaviour> {
    vec![
        behaviour!("access-outages", "no last mile fails",
            In("outages of farms' access are taken out", |system| {
                for farm in &mut system.farms {
                    farm.access_outages = None;
                }
            }),
            ["missing by link" Falls, "missing by restart after link" Falls, "hashrate" Rises,
             "energy without hashes" Falls],
            ["availability::deratings_circuits_and_last_miles_start_stationary"]),
        behaviour!("provider-outages", "no provider fails",
            In("outages of providers are taken out", |system| {
                for provider in &mut system.providers {
                    provider.outages = None;
                }
            }),
            ["missing by link" Falls, "hashrate" Rises],
            ["behaviours/links::a_farm_fails_over_to_its_next_provider"]),
        behaviour!("second-provider", "a farm has only its first provider on the ground",
            In("lists of providers are cut to one, and the dish where there is one", |system| {
                let satellite = system.providers.iter().position(|p| p.name == "satellite");
                for farm in &mut system.farms {
                    let first = farm.providers[0];
                    farm.providers.retain(|&id| id == first || Some(id.at()) == satellite);
                }
            }),
            ["missing by link" Rises, "hashrate" Falls],
            ["behaviours/links::a_farm_fails_over_to_its_next_provider"]),
        behaviour!("several-providers", "one provider on the ground for all farms",
            In("every list of providers is `kazakhtelecom`, and the dish where there is one", |system| {
                let at = |name: &str| system.providers.iter().position(|p| p.name == name);
                let (one, satellite) = (at("kazakhtelecom"), at("satellite"));
                let (Some(one), Some(satellite)) = (one, satellite) else { return };
                for farm in &mut system.farms {
                    let dish = farm.providers.iter().any(|id| id.at() == satellite);
                    farm.providers = vec![ProviderId::from(one)];
                    farm.providers.extend(dish.then(|| ProviderId::from(satellite)));
                }
            }),
            ["missing by stale work" Falls, "missing by link (variance)" RisesSlightly],
            ["behaviours/links::a_farm_fails_over_to_its_next_provider"]),
        behaviour!("gateway-outages", "no gateway fails by itself",
            In("outages of gateways are taken out", |system| {
                for gateway in &mut system.gateways {
                    gateway.outages = None;
                }
            }),
            ["missing by link" Falls],
            ["behaviours/links::a_spared_farm_slips_past_the_switch_but_not_past_a_dead_gateway"]),
        behaviour!("abroad", "the switch reaches the teleport abroad too",
            In("the hazard takes down `gateway/*`", |system| {
                let abroad = system.gateways.iter().position(|g| g.name == "teleport-abroad");
                let cut = system.hazards.iter_mut().find(|h| h.name == "kill-switch");
                if let (Some(at), Some(cut)) = (abroad, cut) {
                    cut.targets.push(Target::Gateway(GatewayId::from(at)));
                    cut.target_streams.push(cut.target_streams[0]);
                }
            }),
            ["lost, blackout" Rises, "lost by link" Rises],
            ["behaviours/links::a_farm_fails_over_to_its_next_provider"]),
        behaviour!("pool-outages", "no pool fails",
            In("outages of pools are taken out", |system| {
                for pool in &mut system.pools {
                    pool.outages = None;
                }
            }),
            ["to SlushPool" Rises],
            ["behaviours/links::a_farm_fails_over_to_its_next_pool_and_without_any_loses_its_link"]),
        behaviour!("second-pool", "a farm has only its first pool",
            In("lists of pools are cut to one", |system| {
                for farm in &mut system.farms {
                    farm.pools.truncate(1);
                }
            }),
            ["missing by link" Rises, "hashrate" Falls],
            ["behaviours/links::a_farm_fails_over_to_its_next_pool_and_without_any_loses_its_link"]),
        behaviour!("delay", "paths take no time",
            Set(&[("provider.*.delay_ms", "0")]),
            ["missing by stale work" Falls, "hashrate" Rises],
            ["hand_calculations::a_satellite_path_costs_stale_shares"]),
    ]
}

fn world() -> Vec<Behaviour> {
    vec![
        behaviour!("growth", "the rest of the world does not grow",
            Set(&[("world.growth_per_week", "0")]),
            ["lost share of world" Rises, "lost, blackout" Stays],
            ["world::the_rest_of_the_world_grows_and_trembles"]),
        behaviour!("noise", "the rest of the world is steady from day to day",
            Set(&[("world.noise_sd", "0")]),
            ["pools' change in 24 h (variance)" FallsSlightly, "lost, blackout" Stays],
            ["world::the_rest_of_the_world_grows_and_trembles"]),
        behaviour!("pool-prior", "pools' shares of the world are known",
            In("the prior's effective count is taken out", |system| {
                if let Some(world) = &mut system.world {
                    world.pool_effective_count = None;
                }
            }),
            ["pools' change in 24 h (variance)" Falls, "lost, blackout" Stays],
            ["world::pool_shares_follow_their_prior"]),
        behaviour!("inputs", "every uncertain input lies at its median",
            In("laws of the inputs become known numbers", |system| {
                for input in &mut system.inputs {
                    input.law = InputLaw::Fixed(input.law.quantile(0.5));
                }
            }),
            ["lost, blackout (variance)" Falls, "efficiency (variance)" Falls,
             "emissions (variance)" Falls],
            ["drawn::inputs_follow_their_laws"]),
        behaviour!("rejection", "share and load are accepted at any J/TH",
            Set(&[("world.calibration.efficiency_range_j_th", "[1, 1000]")]),
            ["efficiency (variance)" Rises],
            ["drawn::kazakhstan_keeps_its_identities"]),
        behaviour!("fees", "blocks carry no fees",
            Set(&[("economics.fee_share", "0")]),
            ["revenue lost, gross" Falls, "lost, blackout" Stays],
            ["world::fees_and_price_make_the_revenue"]),
    ]
}

fn readings() -> Vec<Behaviour> {
    vec![
        behaviour!("epoch", "the epoch of the headers is not known: the next block lies anywhere in one",
            In("height, epoch and difficulty of the chain are taken out", |system| {
                if let Some(blocks) = &mut system.blocks {
                    (blocks.height, blocks.epoch, blocks.difficulty) = (None, None, None);
                }
            }),
            ["days to the retarget" Rises, "lost, blackout" Stays],
            ["observers/consequences::the_epoch_is_that_of_the_headers",
             "bitcoin/scenario::a_given_height_fixes_the_phase"]),
        behaviour!("pools-window", "pools are read over six hours and the same of the day before, not over 24 h",
            Set(&[("observer.pools-24-hours.window_h", "6")]),
            ["pools read over 24 h" Falls, "pools read as one" Stays, "lost, blackout" Stays],
            ["observers/simulated::pools_are_read_as_they_show_themselves"]),
        behaviour!("pools-weighting", "pools are read one by one, not by their sum",
            Set(&[("observer.pools-24-hours-weighted.weighting", "plain")]),
            ["pools read as one" Falls, "pools read over 24 h" Stays, "lost, blackout" Stays],
            ["observers/simulated::pools_are_read_as_they_show_themselves"]),
        behaviour!("dilution", "the observer looks on for a week after the lights are back",
            Set(&[("observer.baseline-three-days-before.until", "2022-01-14T00:00:00Z")]),
            ["read against three days" Rises, "read within a trend" Stays, "lost, blackout" Stays],
            ["bitcoin/windows::a_window_partly_dark_dilutes"]),
        behaviour!("trend", "the observer fits a level, not a trend, while the world grows",
            Set(&[("observer.baseline-trend.degree", "0")]),
            ["read within a trend" Rises, "read against three days" Stays, "lost, blackout" Stays],
            ["observers/real::the_regression_gives_the_published_effects"]),
    ]
}

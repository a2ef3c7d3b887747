//! Ten thousand random networks against the linear programme.

use super::programme::{LEVEL, PRIORITIES, Question};
use hashfall::dispatch::{Market, Network};
use rayon::prelude::*;
use std::ops::Add;

const LEVELS: usize = 3;

/// SplitMix64 (Steele, Lea and Flood, 2014): plenty for test cases.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Below `end`.
    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// From 0 on; nothing one time in five.
    fn amount(&mut self, end: u64) -> i64 {
        if self.chance(20) {
            0
        } else {
            self.below(end) as i64
        }
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at as u64 + 1) as usize);
        }
    }
}

/// Three to seven zones, most pairs of them joined, some by up to three lines. Every second
/// network has small numbers, so that ties are many.
fn question(dice: &mut Dice) -> Question {
    let zones = 3 + dice.below(5) as usize;
    let size = if dice.chance(50) { 12 } else { 1_000_000 };
    let mut question = Question::default();
    for _ in 0..zones {
        let offers = (0..LEVELS).map(|_| dice.amount(size));
        question.offers.push(offers.collect());
        let priority = dice.below(PRIORITIES as u64) as usize;
        question.demand.push((dice.amount(2 * size), priority));
    }
    let joined = 20 + dice.below(80);
    for one in 0..zones {
        for other in one + 1..zones {
            while dice.chance(joined) {
                let (from, to) = if dice.chance(50) {
                    (one, other)
                } else {
                    (other, one)
                };
                let line = (from, to, dice.amount(size), dice.amount(size));
                question.lines.push(line);
                if dice.chance(70) {
                    break;
                }
            }
        }
    }
    question
}

/// What the market answers.
#[derive(Debug, PartialEq, Eq)]
struct Answer {
    is_short: bool,
    taken: Vec<Vec<i64>>,
    /// By corridor.
    flows: Vec<i64>,
}

impl Answer {
    fn of(question: &Question) -> Self {
        let ends: Vec<_> = question.lines.iter().map(|line| (line.0, line.1)).collect();
        let limits: Vec<_> = question.lines.iter().map(|line| (line.2, line.3)).collect();
        let network = Network::of_lines(question.offers.len(), &ends);
        let mut market = Market::new(&network, LEVELS, LEVELS + PRIORITIES);
        for (zone, offers) in question.offers.iter().enumerate() {
            for (level, &offer) in offers.iter().enumerate() {
                market.offer(zone, level, offer);
            }
            let (demand, priority) = question.demand[zone];
            market.offer(zone, LEVELS + priority, demand);
            market.demand(zone, demand);
        }
        for (index, corridor) in network.corridors().iter().enumerate() {
            let (there, back) = corridor.limits(&limits);
            market.limits(index, there, back);
        }
        let is_short = market.is_short();
        market.clear();
        let levels = 0..LEVELS + PRIORITIES;
        Self {
            is_short,
            taken: (0..question.offers.len())
                .map(|zone| {
                    levels
                        .clone()
                        .map(|level| market.taken(zone, level))
                        .collect()
                })
                .collect(),
            flows: (0..network.corridors().len())
                .map(|corridor| market.flow(corridor))
                .collect(),
        }
    }

    fn shed(&self, zone: usize) -> i64 {
        self.taken[zone][LEVELS..].iter().sum()
    }

    fn ticks(&self) -> f64 {
        let at = |taken: &Vec<i64>| -> f64 {
            let levels = taken.iter().enumerate();
            levels
                .map(|(level, &amount)| level as f64 * LEVEL * amount as f64)
                .sum()
        };
        let flows: f64 = self.flows.iter().map(|flow| flow.abs() as f64).sum();
        self.taken.iter().map(at).sum::<f64>() + flows
    }
}

/// Zones of networks that have been held against the programme.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    /// All of them, whose unserved load the written order settles.
    zones: u32,
    /// Those of networks that shed whose unserved load is the same in every best answer.
    settled: u32,
    /// Those of them that shed.
    settled_short: u32,
    /// Those whose unserved load cost alone leaves open.
    open: u32,
    corridors: u32,
}

impl Add for Counts {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            zones: self.zones + other.zones,
            settled: self.settled + other.settled,
            settled_short: self.settled_short + other.settled_short,
            open: self.open + other.open,
            corridors: self.corridors + other.corridors,
        }
    }
}

/// Holds one network against the programme: cost and levels, then each zone by itself against
/// what the best answers leave it, then all of it against the one that the written order picks.
fn hold(number: u64) -> Counts {
    let question = question(&mut Dice(number));
    let answer = Answer::of(&question);
    let optimum = question.optimum();
    // Solvers come near; the least difference of two different answers is 1.
    let near = |one: f64, other: f64| (one - other).abs() < 0.5;
    assert!(
        near(answer.ticks(), optimum.ticks),
        "{number}: {} and {} of {question:?}",
        answer.ticks(),
        optimum.ticks
    );
    for (level, &total) in optimum.by_level.iter().enumerate() {
        let own: i64 = answer.taken.iter().map(|taken| taken[level]).sum();
        assert!(
            near(own as f64, total),
            "{number}, level {level}: {own} and {total}"
        );
    }
    let zones = question.offers.len();
    let shed: Vec<i64> = (0..zones).map(|zone| answer.shed(zone)).collect();
    let sheds = shed.iter().any(|&shed| shed > 0);
    assert_eq!(answer.is_short, sheds, "{number}");
    let mut counts = Counts {
        zones: zones as u32,
        corridors: answer.flows.len() as u32,
        ..Counts::default()
    };
    // Where nothing is shed in all, no zone has a choice.
    for (zone, &shed) in shed.iter().enumerate().filter(|_| sheds) {
        let (least, most) = optimum.ends(zone);
        assert!(
            least <= shed && shed <= most,
            "{number}, zone {zone}: {shed} is not from {least} to {most} in {question:?}"
        );
        let is_settled = least == most;
        counts.settled += u32::from(is_settled);
        counts.settled_short += u32::from(is_settled && shed > 0);
        counts.open += u32::from(!is_settled);
    }
    let picked = optimum.picked();
    assert_eq!(shed, picked.shed, "{number}: {question:?}");
    let flows: Vec<i64> = picked.flows.into_values().collect();
    assert_eq!(answer.flows, flows, "{number}: {question:?}");
    counts
}

/// That zones are many of each kind keeps the cases from growing tame.
#[test]
fn ten_thousand_random_networks_agree_with_a_linear_programme() {
    let counts = (0..10_000_u64).into_par_iter().map(hold);
    let counts = counts.reduce(Counts::default, Counts::add);
    println!("{counts:?}");
    assert!(
        counts.zones >= 49_000
            && counts.settled >= 22_900
            && counts.settled_short >= 7_000
            && counts.open >= 900,
        "{counts:?}: the cases prove little"
    );
}

/// Lines in any order and from either end, and all amounts a thousandfold.
#[test]
fn the_order_and_direction_of_lines_change_nothing() {
    for number in 0..2_000 {
        let mut dice = Dice(number);
        let mut question = question(&mut dice);
        let answer = Answer::of(&question);
        dice.shuffle(&mut question.lines);
        for line in &mut question.lines {
            if dice.chance(50) {
                *line = (line.1, line.0, line.3, line.2);
            }
        }
        assert_eq!(Answer::of(&question), answer, "{number}");
        for amount in question.offers.iter_mut().flatten() {
            *amount *= 1000;
        }
        question.demand.iter_mut().for_each(|zone| zone.0 *= 1000);
        question.lines.iter_mut().for_each(|line| {
            (line.2, line.3) = (line.2 * 1000, line.3 * 1000);
        });
        let larger = Answer::of(&question);
        let flows: Vec<i64> = answer.flows.iter().map(|flow| flow * 1000).collect();
        assert_eq!(larger.flows, flows, "{number}");
    }
}

/// Nothing is sent by a zone that sheds unless it passes through: each zone's own offers cover
/// its demand before anybody of equal priority gets anything.
#[test]
fn a_zone_that_sheds_exports_nothing_to_an_equal() {
    let mut seen = 0;
    for number in 0..2_000 {
        let mut question = question(&mut Dice(number));
        for zone in &mut question.demand {
            zone.1 = 0;
        }
        let answer = Answer::of(&question);
        for zone in 0..question.offers.len() {
            if answer.shed(zone) == 0 {
                continue;
            }
            seen += 1;
            let supplied: i64 = answer.taken[zone][..LEVELS].iter().sum();
            let offered: i64 = question.offers[zone].iter().sum();
            let demand = question.demand[zone].0;
            assert_eq!(supplied, offered, "{number}: all of it runs");
            assert!(
                supplied + answer.shed(zone) <= demand,
                "{number}: zone {zone} exports"
            );
        }
    }
    assert!(seen > 1_000);
}

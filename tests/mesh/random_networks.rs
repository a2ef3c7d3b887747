//! Ten thousand random networks against the linear programme.

use super::programme::{LEVEL, PRIORITIES, Question};
use hashfall::dispatch::{Market, Network};
use rayon::prelude::*;

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

/// Holds one network against the programme; how many zones shed what the optimum leaves no
/// choice about, and how many had a choice.
fn hold(number: u64) -> (u32, u32) {
    let mut dice = Dice(number);
    let question = question(&mut dice);
    let answer = Answer::of(&question);
    let optimum = question.solve(|_| 0.0);
    // Solvers come near; the least difference of two different answers is 1.
    let near = |one: f64, other: f64| (one - other).abs() < 1e-9 * (1e6 + one.abs());
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
    let all_shed: i64 = (0..question.offers.len())
        .map(|zone| answer.shed(zone))
        .sum();
    assert_eq!(answer.is_short, all_shed > 0, "{number}");
    if all_shed == 0 {
        return (0, 0);
    }
    // Leaning one way and the other moves who sheds, wherever that is open.
    let leans: Vec<f64> = question
        .offers
        .iter()
        .map(|_| dice.below(1000) as f64 / 4000.0)
        .collect();
    let [one, other] = [1.0, -1.0].map(|sign| question.solve(|zone| sign * leans[zone]).shed);
    let is_settled = one
        .iter()
        .zip(&other)
        .all(|(&one, &other)| near(one, other));
    let mut counts = (0, 0);
    for zone in 0..question.offers.len() {
        let shed = answer.shed(zone);
        if is_settled {
            assert!(
                near(shed as f64, one[zone]),
                "{number}, zone {zone}: {shed} and {one:?}"
            );
            counts.0 += u32::from(shed > 0);
        } else {
            counts.1 += u32::from(shed > 0);
        }
    }
    counts
}

#[test]
fn ten_thousand_random_networks_agree_with_a_linear_programme() {
    let counts = (0..10_000_u64).into_par_iter().map(hold);
    let (settled, open) = counts.reduce(|| (0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
    println!("zones that shed: {settled} as the optimum leaves no choice, {open} with a choice");
    assert!(
        settled > 5_000 && open > 500,
        "{settled} and {open}: the cases prove little"
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

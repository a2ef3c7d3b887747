//! Random small systems, state by state.

use super::support::{area, grid, is_near, of};
use hashfall::exact::{Area, Chain, Tie, Unit, solve};
use hashfall::quantity::MS_PER_HOUR;
use proptest::prelude::*;

/// Every state of every unit: (probability, capacity in each hour, W), states kept over time.
fn enumerate(units: &[Unit], hours: usize) -> Vec<(f64, Vec<i64>)> {
    let mut all = vec![(1.0, vec![0; hours])];
    for unit in units {
        let mut next = Vec::new();
        for (probability, capacity_w) in &all {
            for (state, share) in unit.chain.probability.iter().enumerate() {
                let sum =
                    |hour: usize| capacity_w[hour] + unit.at(hour as i64 * MS_PER_HOUR)[state];
                next.push((probability * share, (0..hours).map(sum).collect()));
            }
        }
        all = next;
    }
    all
}

/// Units of two and three states, some of them with another capacity in a later hour.
fn any_units(most: usize) -> impl Strategy<Value = Vec<Unit>> {
    let rate = 0.001..2.0_f64;
    let two = (
        1..30_i64,
        rate.clone(),
        rate.clone(),
        prop::option::of((1..3_i64, 0..30_i64)),
    );
    let two = two.prop_map(|(full, fail, repair, later)| {
        let mut course = vec![(0, vec![full, 0])];
        course.extend(later.map(|(hour, mw)| (hour * MS_PER_HOUR, vec![mw, 0])));
        Unit {
            chain: Chain::two_state(1.0 / fail, 1.0 / repair, true),
            course,
        }
    });
    let three = (1..30_i64, 1..30_i64, prop::collection::vec(rate, 6));
    let three = three.prop_map(|(full, part, rates)| {
        let rates = vec![
            vec![0.0, rates[0], rates[1]],
            vec![rates[2], 0.0, rates[3]],
            vec![rates[4], rates[5], 0.0],
        ];
        Unit::steady(
            Chain::of_rates(&rates),
            vec![full.max(part), part.min(full), 0],
        )
    });
    prop::collection::vec(prop_oneof![two, three], 1..=most)
}

/// Megawatts above are watts here, so that the numbers are small.
fn small_area(name: &str, load_w: &[i64], units: Vec<Unit>) -> Area {
    Area {
        load_w: load_w.to_vec(),
        ..area(name, &[], units)
    }
}

/// A circuit that is up so much of the time, for a few hours at a time.
fn line(up: f64) -> Chain {
    Chain::two_state(7.0 * up, 7.0 * (1.0 - up), true)
}

/// Two areas and a line as one Markov chain of all their states together.
struct Joint<'a> {
    units: [&'a [Unit]; 2],
    line: &'a Chain,
    /// What the line carries in each of its states, there and back.
    limits_w: [(i64, i64); 2],
    loads_w: &'a [(i64, i64)],
}

impl Joint<'_> {
    /// Every chain: the first area's units, the second's, the line.
    fn chains(&self) -> Vec<&Chain> {
        let units = self.units.iter().flat_map(|units| units.iter());
        units.map(|unit| &unit.chain).chain([self.line]).collect()
    }

    /// Every state of all of them.
    fn states(&self) -> Vec<Vec<usize>> {
        let mut all = vec![Vec::new()];
        for chain in self.chains() {
            let with = |known: &Vec<usize>| {
                let next = |state| known.iter().copied().chain([state]).collect();
                (0..chain.len()).map(next).collect::<Vec<Vec<usize>>>()
            };
            all = all.iter().flat_map(with).collect();
        }
        all
    }

    fn probability(&self, state: &[usize]) -> f64 {
        let chains = self.chains();
        let each = chains.iter().zip(state);
        each.map(|(chain, &state)| chain.probability[state])
            .product()
    }

    /// Who is short in an hour: the first, the second, either.
    fn short(&self, state: &[usize], hour: usize) -> [bool; 3] {
        let mut states = state.iter();
        let mut over = [0, 1].map(|k| {
            let gives = |unit: &Unit| unit.at(hour as i64 * MS_PER_HOUR)[*states.next().unwrap()];
            self.units[k].iter().map(gives).sum::<i64>()
        });
        over[0] -= self.loads_w[hour].0;
        over[1] -= self.loads_w[hour].1;
        let (forward, backward) = self.limits_w[*states.next().unwrap()];
        let first = over[0] < 0 && over[0] + over[1].clamp(0, backward) < 0;
        let second = over[1] < 0 && over[1] + over[0].clamp(0, forward) < 0;
        [first, second, first || second]
    }

    /// By scope: begins short, falls an hour of each hour, steps into each hour but the first,
    /// and the same as seen on the hour, by going through every pair of states.
    fn count(&self) -> [(f64, f64); 3] {
        let (chains, states) = (self.chains(), self.states());
        let within: Vec<_> = chains
            .iter()
            .map(|chain| chain.within(MS_PER_HOUR))
            .collect();
        let mut counted = [(0.0, 0.0); 3];
        let hours = self.loads_w.len();
        for from in &states {
            let p = self.probability(from);
            let was: Vec<_> = (0..hours).map(|hour| self.short(from, hour)).collect();
            for to in &states {
                let pairs = || from.iter().zip(to);
                let chance: f64 = within
                    .iter()
                    .zip(pairs())
                    .map(|(within, (&from, &to))| within[from][to])
                    .product();
                let mut moves = (0..from.len()).filter(|&k| from[k] != to[k]);
                let rate = match (moves.next(), moves.next()) {
                    (Some(k), None) => chains[k].rates[from[k]][to[k]],
                    _ => 0.0,
                };
                for hour in 0..hours {
                    let is = self.short(to, hour);
                    for (k, (lolf, lolev)) in counted.iter_mut().enumerate() {
                        let begins = !was[hour][k] && is[k];
                        *lolf += p * rate * f64::from(u8::from(begins));
                        let begins = hour > 0 && !was[hour - 1][k] && is[k];
                        *lolev += p * chance * f64::from(u8::from(begins));
                    }
                }
            }
            for (k, (lolf, lolev)) in counted.iter_mut().enumerate() {
                let begins = |hour: usize| was[hour][k] && (hour == 0 || !was[hour - 1][k]);
                let begun = (0..hours).filter(|&hour| begins(hour)).count();
                *lolf += p * begun as f64;
                *lolev += p * f64::from(u8::from(was[0][k]));
            }
        }
        counted
    }
}

/// P(at least a, then below b) from one hour to the next, with every pair of states.
fn hourly_step(units: &[Unit], hour: i64, a: i64, b: i64) -> f64 {
    let mut all = vec![(1.0, 0, 0)];
    for unit in units {
        let within = unit.chain.within(MS_PER_HOUR);
        let (before, now) = (
            unit.at((hour - 1) * MS_PER_HOUR),
            unit.at(hour * MS_PER_HOUR),
        );
        let mut next = Vec::new();
        for &(p, x, y) in &all {
            for (from, row) in within.iter().enumerate() {
                for (to, chance) in row.iter().enumerate() {
                    let p = p * unit.chain.probability[from] * chance;
                    next.push((p, x + before[from], y + now[to]));
                }
            }
        }
        all = next;
    }
    let wanted = all.iter().filter(|&&(_, x, y)| x >= a && y < b);
    wanted.map(|case| case.0).sum()
}

/// How often one unit's transition takes the sum from a load or more to less than it, an hour.
fn falls(units: &[Unit], hour: i64, load_w: i64) -> f64 {
    let mut sum = 0.0;
    for (index, unit) in units.iter().enumerate() {
        let mut others = units.to_vec();
        others.remove(index);
        let gives = unit.at(hour * MS_PER_HOUR);
        for (p, rest) in enumerate(&others, hour as usize + 1) {
            let rest = rest[hour as usize];
            for (from, row) in unit.chain.rates.iter().enumerate() {
                for (to, rate) in row.iter().enumerate() {
                    if rest + gives[from] >= load_w && rest + gives[to] < load_w {
                        sum += p * unit.chain.probability[from] * rate;
                    }
                }
            }
        }
    }
    sum
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn one_area_is_as_by_enumeration(
        units in any_units(5),
        loads in prop::collection::vec(0..90_i64, 3),
        mining in 0..20_i64,
    ) {
        let mut one = grid(vec![small_area("only", &loads, units.clone())], None);
        one.areas[0].mining_w = mining;
        one.has_farms = true;
        let answer = solve(&one).unwrap();
        let states = enumerate(&units, 3);
        let mean = |value: &dyn Fn(&[i64]) -> f64| -> f64 {
            states.iter().map(|(p, capacity)| p * value(capacity)).sum()
        };
        let lacks = |capacity: &[i64], hour: usize| (loads[hour] - capacity[hour]).max(0);
        let cut = |capacity: &[i64], hour: usize| {
            (loads[hour] + mining - capacity[hour]).clamp(0, mining)
        };
        let short = |c: &[i64], hour: usize| f64::from(u8::from(c[hour] < loads[hour]));
        let over = |value: &dyn Fn(&[i64], usize) -> f64| -> f64 {
            (0..3).map(|hour| mean(&|c| value(c, hour))).sum()
        };
        prop_assert!(is_near(of(&answer, "system", "lole_h"), over(&short)));
        let eue = over(&|c, hour| lacks(c, hour) as f64 * 1e-6);
        prop_assert!(is_near(of(&answer, "system", "eue_mwh") * 1e6, eue * 1e6));
        let curtailed = over(&|c, hour| cut(c, hour) as f64);
        prop_assert!(is_near(of(&answer, "system", "curtailed_mining_mwh") * 1e6, curtailed));
        // The horizon is a line: short at the begin, falls of capacity, steps of load.
        let steps: f64 = (1..3)
            .map(|hour| mean(&|c| (1.0 - short(c, hour - 1)) * short(c, hour)))
            .sum();
        let fallen: f64 = (0..3).map(|hour| falls(&units, hour as i64, loads[hour])).sum();
        let begins = mean(&|c| short(c, 0));
        prop_assert!(is_near(of(&answer, "system", "lolf"), begins + fallen + steps));
        let runs: f64 = (1..3)
            .map(|hour| hourly_step(&units, hour as i64, loads[hour - 1], loads[hour]))
            .sum();
        prop_assert!(is_near(of(&answer, "system", "lolev"), begins + runs));
        // And a window is as long as it is.
        prop_assert!(is_near(answer.find("1", "system", "lolp").unwrap(), mean(&|c| short(c, 1))));
    }

    #[test]
    fn two_areas_are_as_by_enumeration(
        (left, right) in (any_units(3), any_units(3)),
        loads in prop::collection::vec((0..60_i64, 0..60_i64), 3),
        (forward, backward, up) in (0..40_i64, 0..40_i64, 0.0..1.0_f64),
    ) {
        let [a, b]: [Vec<i64>; 2] = [
            loads.iter().map(|pair| pair.0).collect(),
            loads.iter().map(|pair| pair.1).collect(),
        ];
        let areas = vec![small_area("a", &a, left.clone()), small_area("b", &b, right.clone())];
        let tie = Tie::of_chain(&line(up), &[(forward, backward), (0, 0)]);
        let answer = solve(&grid(areas, Some(tie.clone()))).unwrap();
        let (mut short, mut any, mut lacking) = ([0.0; 2], 0.0, [0.0; 2]);
        for (p, c) in &enumerate(&left, 3) {
            for (q, d) in &enumerate(&right, 3) {
                for &(chance, forward, backward) in &tie.states {
                    for hour in 0..3 {
                        let over = [c[hour] - a[hour], d[hour] - b[hour]];
                        let helped = [
                            over[0] + over[1].clamp(0, backward),
                            over[1] + over[0].clamp(0, forward),
                        ];
                        // Help changes nothing for who needs none.
                        let lacks = [0, 1].map(|k| (-helped[k]).max(0).min((-over[k]).max(0)));
                        let p = p * q * chance;
                        for k in 0..2 {
                            short[k] += p * f64::from(u8::from(lacks[k] > 0));
                            lacking[k] += p * lacks[k] as f64;
                        }
                        any += p * f64::from(u8::from(lacks[0] + lacks[1] > 0));
                    }
                }
            }
        }
        for (k, scope) in ["zone/a", "zone/b"].into_iter().enumerate() {
            prop_assert!(is_near(of(&answer, scope, "lole_h"), short[k]));
            prop_assert!(is_near(of(&answer, scope, "eue_mwh") * 1e6, lacking[k]));
        }
        prop_assert!(is_near(of(&answer, "system", "lole_h"), any));
        prop_assert!(is_near(of(&answer, "system", "eue_mwh") * 1e6, lacking[0] + lacking[1]));
    }

    /// How often, in continuous time and on the hour, from the joint Markov chain.
    #[test]
    fn two_areas_fall_short_as_often_as_by_enumeration(
        (left, right) in (any_units(2), any_units(2)),
        loads_w in prop::collection::vec((0..40_i64, 0..40_i64), 3),
        (forward, backward, up) in (0..30_i64, 0..30_i64, 0.0..1.0_f64),
        is_joined: bool,
    ) {
        let circuit = if is_joined { line(up) } else { Chain::firm().beside(&Chain::two_state(1.0, 0.0, true)) };
        let limits_w = if is_joined { [(forward, backward), (0, 0)] } else { [(0, 0); 2] };
        let areas = vec![
            small_area("a", &loads_w.iter().map(|pair| pair.0).collect::<Vec<_>>(), left.clone()),
            small_area("b", &loads_w.iter().map(|pair| pair.1).collect::<Vec<_>>(), right.clone()),
        ];
        let tie = is_joined.then(|| Tie::of_chain(&circuit, &limits_w));
        let answer = solve(&grid(areas, tie)).unwrap();
        prop_assert!(answer.missing.is_empty());
        let units = [&left[..], &right[..]];
        let joint = Joint { units, line: &circuit, limits_w, loads_w: &loads_w };
        for (scope, (lolf, lolev)) in ["zone/a", "zone/b", "system"].into_iter().zip(joint.count()) {
            let (value, seen) = (of(&answer, scope, "lolf"), of(&answer, scope, "lolev"));
            prop_assert!(is_near(value, lolf), "{} lolf {} {}", scope, value, lolf);
            prop_assert!(is_near(seen, lolev), "{} lolev {} {}", scope, seen, lolev);
        }
    }

    /// A line of several circuits, and two lines, are as their states one by one.
    #[test]
    fn a_tie_changes_as_its_circuits_do(
        (one, two) in (0.1..0.9_f64, 0.1..0.9_f64), limits in [0..30_i64, 0..30_i64, 0..30_i64],
    ) {
        let [a, b, c] = limits;
        let (first, second) = (line(one), line(two));
        let apart = Tie::of_chain(&first, &[(a, b), (0, 0)])
            .beside(&Tie::of_chain(&second, &[(c, 0), (0, 0)]));
        let joint = first.beside(&second);
        let whole = Tie::of_chain(&joint, &[(a + c, b), (a, b), (c, 0), (0, 0)]);
        let flat = |rows: &[Vec<f64>]| rows.concat();
        prop_assert_eq!(apart.states.len(), whole.states.len());
        let all = |tie: &Tie| {
            let shares = tie.states.iter().map(|state| state.0).collect::<Vec<_>>();
            [shares, flat(&tie.flows_per_h), flat(tie.hourly.as_ref().unwrap())].concat()
        };
        for (one, other) in all(&apart).into_iter().zip(all(&whole)) {
            prop_assert!((one - other).abs() < 1e-12, "{:?} {:?}", apart, whole);
        }
        // What leaves a state comes back to it, and an hour changes no probability.
        for (state, &(probability, ..)) in whole.states.iter().enumerate() {
            let leaves: f64 = whole.flows_per_h[state].iter().sum();
            let enters: f64 = whole.flows_per_h.iter().map(|row| row[state]).sum();
            prop_assert!((leaves - enters).abs() < 1e-12);
            let row: f64 = whole.hourly.as_ref().unwrap()[state].iter().sum();
            prop_assert!((row - probability).abs() < 1e-12);
        }
    }
}

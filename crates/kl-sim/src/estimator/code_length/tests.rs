//! Codes of many sequences: they come back, are as long as they should be, and begin none of each other.

mod planted;

use super::coder::Decoder;
use super::scorer::CodeScorer;
use super::*;
use crate::prelude::*;
use kl_math::distribution::Distribution;
use proptest::prelude::*;

fn pair(p: &[f64], q: &[f64]) -> Pair {
    let law = |weights: &[f64]| {
        let sum: f64 = weights.iter().sum();
        Arc::new(Distribution::of_weights(&weights.iter().map(|weight| weight / sum).collect::<Vec<_>>()).unwrap())
    };
    Pair::new(law(p), law(q)).unwrap()
}

/// The lengths of the codes of a sequence, which is decoded, too.
fn lengths(pair: &Pair, symbols: &[u32]) -> [u64; 2] {
    let mut scorer = CodeScorer::new(CodedLaw::of_pair(pair).unwrap(), symbols.len() as u64);
    symbols.iter().for_each(|&symbol| scorer.push(symbol));
    let lengths = scorer.finish().expect("each code is decoded");
    scorer.restart();
    symbols.iter().for_each(|&symbol| scorer.push(symbol));
    assert_eq!(scorer.finish(), Some(lengths));
    lengths
}

/// Σ over the sequence of the log ratios, nats.
fn log_ratio(pair: &Pair, symbols: &[u32]) -> f64 {
    match pair {
        Pair::Chains(pair) => {
            let (ratios, states) = (pair.chains().event_log_ratios(), pair.chains().states());
            let steps = symbols.windows(2).map(|step| ratios[states * (step[0] as usize + 1) + step[1] as usize]);
            symbols.first().map_or(0.0, |&first| ratios[first as usize]) + steps.sum::<f64>()
        }
        _ => symbols.iter().map(|&symbol| pair.symbols().unwrap().log_ratios()[symbol as usize]).sum(),
    }
}

/// Numbers that look random.
fn scrambled(seed: u64) -> impl Iterator<Item = u64> {
    (1..).map(move |step: u64| {
        let mut word = seed.wrapping_add(step.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    })
}

/// All sequences of length `n` over `alphabet` symbols.
fn sequences(alphabet: u32, n: u32) -> impl Iterator<Item = Vec<u32>> {
    (0..alphabet.pow(n)).map(move |number| (0..n).map(|place| number / alphabet.pow(place) % alphabet).collect())
}

fn assert_within_bound(pair: &Pair, symbols: &[u32]) {
    let [source, model] = lengths(pair, symbols);
    let excess = (model as f64 - source as f64) * LN_2;
    let bound = CodeLength::bound(pair, symbols.len() as u64).unwrap() * symbols.len() as f64;
    assert!((excess - log_ratio(pair, symbols)).abs() <= bound, "{excess} {} {bound}", log_ratio(pair, symbols));
}

/// What a law of powers of 1/2 codes is known without a coder: a symbol of mass 2⁻ᵏ is k bits, and the end of the code 0.
#[test]
fn powers_of_two_are_coded_exactly() {
    let pair = pair(&[0.5, 0.25, 0.125, 0.125], &[0.125, 0.125, 0.25, 0.5]);
    let bits = [[1, 2, 3, 3], [3, 3, 2, 1]];
    for n in 1..=6 {
        for symbols in sequences(4, n) {
            let expected = bits.map(|bits| symbols.iter().map(|&symbol| bits[symbol as usize]).sum::<u64>());
            assert_eq!(lengths(&pair, &symbols), expected, "{symbols:?}");
        }
    }
}

/// No code begins another of the same length of sequence: Σ 2^−ℓ ≤ 1, and each bit string is decoded to its own sequence alone.
#[test]
fn codes_are_a_prefix_code() {
    let pair = pair(&[0.7, 0.2, 0.1], &[0.01, 0.98, 0.01]);
    for side in [0, 1] {
        for n in 1..=6 {
            let sum: f64 =
                sequences(3, n).map(|symbols| 0.5_f64 * libm::exp2(1.0 - lengths(&pair, &symbols)[side] as f64)).sum();
            // Each code is at most 2 bits longer than the logarithm of its chance.
            assert!((0.25..=1.0).contains(&sum), "{sum}");
        }
    }
}

/// Two bits are not too many: some sequence comes near to the bound, and none goes beyond it.
#[test]
fn the_bound_is_nearly_met() {
    let pair = pair(&[0.51, 0.3, 0.19], &[0.26, 0.33, 0.41]);
    let mut most = 0.0_f64;
    for symbols in (1..=8).flat_map(|n| sequences(3, n)) {
        assert_within_bound(&pair, &symbols);
        let [source, model] = lengths(&pair, &symbols);
        most = most.max((model as f64 - source as f64 - log_ratio(&pair, &symbols) / LN_2).abs());
    }
    assert!((1.2..2.0).contains(&most), "{most}");
}

#[test]
fn one_law_is_coded_the_same_twice() {
    let law = [0.1, 0.2, 0.3, 0.4];
    for symbols in (1..=5).flat_map(|n| sequences(4, n)) {
        let [source, model] = lengths(&pair(&law, &law), &symbols);
        assert_eq!(source, model);
    }
    // What is certain costs nothing.
    assert_eq!(lengths(&pair(&[1.0, 0.0], &[1.0, 0.0]), &[0; 1000]), [0, 0]);
}

/// Frozen: another length is another code, which is value-breaking.
#[test]
fn lengths_of_fixed_sequences() {
    let symbols: Vec<u32> = scrambled(57).take(1_000).map(|word| (word % 5) as u32).collect();
    let found = lengths(&pair(&[0.1, 0.15, 0.2, 0.25, 0.3], &[0.9, 0.05, 0.03, 0.02 - 1e-12, 1e-12]), &symbols);
    assert_eq!(found, FROZEN[0]);
    let chain = MarkovChain::new([0.5, 0.3, 0.2], [[0.9, 0.05, 0.05], [0.1, 0.8, 0.1], [0.2, 0.2, 0.6]]).unwrap();
    let chains = Pair::of(chain, Categorical::new([0.2, 0.3, 0.5]).unwrap()).unwrap();
    let symbols: Vec<u32> = symbols.iter().map(|symbol| symbol % 3).collect();
    assert_eq!(lengths(&chains, &symbols), FROZEN[1]);
}

const FROZEN: [[u64; 2]; 2] = [[2398, 11193], [2350, 1819]];

/// Codes found by their definition, in whole numbers of any size (tests/reference/code_lengths.py): the same number of bits, and at most
/// two more or fewer than without any rounding.
#[test]
fn lengths_of_an_independent_coder() {
    let text = include_str!("../../../../../tests/reference/code_lengths.csv");
    let law = |rows: &str| -> Distribution {
        let row = |row: &str| row.split(' ').map(|mass| mass.parse().unwrap()).collect::<Vec<f64>>();
        let rows: Vec<Vec<f64>> = rows.split(';').map(row).collect();
        match rows.as_slice() {
            [masses] => Categorical::new(masses.clone()).unwrap().into(),
            [initial, transitions @ ..] => MarkovChain::new(initial.clone(), transitions.to_vec()).unwrap().into(),
            [] => unreachable!("a law has a row"),
        }
    };
    let mut compared = 0;
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let pair = Pair::of(law(fields[0]), law(fields[1])).unwrap();
        let symbols: Vec<u32> = fields[2].split(' ').map(|symbol| symbol.parse().unwrap()).collect();
        let bits = |from: usize| [from, from + 1].map(|field| fields[field].parse::<u64>().unwrap());
        let found = lengths(&pair, &symbols);
        assert_eq!(found, bits(3), "{} symbols of {} and {}", symbols.len(), fields[0], fields[1]);
        assert!(found.iter().zip(bits(5)).all(|(&found, exact)| found.abs_diff(exact) <= 2), "{found:?}");
        assert_within_bound(&pair, &symbols);
        compared += 1;
    }
    assert_eq!(compared, 19);
}

/// A code that is changed is that of another sequence, or of none; the last two bits may be others, for they only name a part of the
/// interval.
#[test]
fn a_changed_bit_shows() {
    let pair = pair(&[0.6, 0.3, 0.1], &[0.3, 0.3, 0.4]);
    let [law, _] = CodedLaw::of_pair(&pair).unwrap();
    let symbols: Vec<u32> = scrambled(1).take(200).map(|word| (word % 3) as u32).collect();
    let mut encoder = super::coder::Encoder::default();
    let mut before = None;
    for &symbol in &symbols {
        law.encode(&mut encoder, before, symbol as usize).unwrap();
        before = Some(symbol as usize);
    }
    let bits = encoder.finish().clone();
    assert!(law.decodes(&bits, &symbols));
    for changed in 0..bits.len() - 2 {
        let mut other = bits::Bits::default();
        (0..bits.len()).for_each(|place| other.push(bits.read(place, 1) ^ u64::from(place == changed), 1));
        assert!(!law.decodes(&other, &symbols), "{changed}");
    }
    assert_eq!(Decoder::new(&bits).next(law.table(0).unwrap()), Some(symbols[0] as usize));
}

/// Estimates of sequences that come whole and of those that come in segments are of the same codes.
#[test]
fn trials_agree_with_theory() {
    let chain = || MarkovChain::new([0.5, 0.5], [[0.9, 0.1], [0.3, 0.7]]).unwrap();
    let independent = pair(&[0.2, 0.3, 0.5], &[0.5, 0.3, 0.2]);
    let with_memory = Pair::of(chain(), Categorical::new([0.6, 0.4]).unwrap()).unwrap();
    let same = Pair::of(chain(), chain()).unwrap();
    for (pair, n, trials) in [
        (&independent, 1, 2_000),
        (&independent, 10, 2_000),
        (&independent, 3_000, 50),
        (&independent, 200_000, 2),
        (&with_memory, 10, 2_000),
        (&with_memory, 100_000, 2),
        (&same, 100, 100),
    ] {
        let results = Experiment::new(pair.clone()).estimator(CodeLength).length(n).trials(trials).run().unwrap();
        let found = &results[0].comparison;
        assert_eq!(results[0].verdict, Verdict::Agree, "{n} {found:?}");
        assert_eq!((found.failed_trials, found.exact_match), (0, Some(true)));
        assert_eq!(found.same_as.as_ref().unwrap().compared, trials);
    }
    assert_eq!(Experiment::new(same).estimator(CodeLength).run().unwrap()[0].comparison.mean, Some(0.0));
}

/// The mean has a test of its own where the spread is more than coding can add.
#[test]
fn the_mean_is_tested_where_it_can_be() {
    let pair = pair(&[0.2, 0.3, 0.5], &[0.5, 0.3, 0.2]);
    let tested = |n, trials| {
        let results = Experiment::new(pair.clone()).estimator(CodeLength).length(n).trials(trials).run().unwrap();
        results[0].comparison.p_value_bound
    };
    assert_eq!(tested(10, 1_000), None);
    assert!(tested(3_000, 20).is_some_and(|p_value| p_value > 1e-3));
}

#[test]
fn what_cannot_be_coded_is_refused() {
    let refused = |pair: &Pair, n: u64| CodeLength.suits(pair, n).unwrap_err();
    let values = Pair::of(Normal::new(0.0, 1.0).unwrap(), Normal::new(1.0, 1.0).unwrap()).unwrap();
    assert!(refused(&values, 1).starts_with("codes symbols of a finite alphabet"));
    assert!(refused(&pair(&[0.5, 0.5], &[1.0, 0.0]), 1).contains("has no code under Q for the symbol"));
    assert!(refused(&pair(&[0.5, 0.5], &[0.4, 0.6]), (1 << 24) + 1).contains("16777216"));
    let large = vec![1.0; 65_537];
    assert!(refused(&pair(&large, &large), 1).contains("65537"));
    assert_eq!(CodeLength.suits(&pair(&large[1..], &large[1..]), 1 << 24), Ok(()));
    let never = MarkovChain::new([1.0, 0.0], [[1.0, 0.0], [0.5, 0.5]]).unwrap();
    let chains = |p: [[f64; 2]; 2]| Pair::of(MarkovChain::new([1.0, 0.0], p).unwrap(), never.clone()).unwrap();
    // A way that Q cannot go matters where P comes to it.
    assert_eq!(CodeLength.suits(&chains([[1.0, 0.0], [0.5, 0.5]]), 5), Ok(()));
    assert!(refused(&chains([[0.5, 0.5], [0.5, 0.5]]), 5).contains("no code"));
}

/// Probabilities, some of them very small, of an alphabet.
fn weights(alphabet: usize) -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(prop_oneof![0.1f64..1.0, 1e-6f64..1e-3, Just(1e-12)], alphabet)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Whatever the laws, the alphabet and the sequence, each code is decoded and the difference is within the bound.
    #[test]
    fn every_sequence_comes_back(
        (p, q) in (1usize..=300).prop_flat_map(|alphabet| (weights(alphabet), weights(alphabet))),
        length in prop_oneof![0usize..50, 0usize..=5_000],
        seed in any::<u64>(),
    ) {
        let (pair, alphabet) = (pair(&p, &q), p.len() as u64);
        let symbols: Vec<u32> = scrambled(seed).take(length).map(|word| (word % alphabet) as u32).collect();
        if length == 0 {
            prop_assert_eq!(lengths(&pair, &symbols), [0, 0]);
        } else {
            assert_within_bound(&pair, &symbols);
        }
    }

    /// The same with memory.
    #[test]
    fn every_chain_comes_back(
        rows in (1usize..=6).prop_flat_map(|states| (prop::collection::vec(weights(states), states + 1), weights(states))),
        length in 1usize..2_000,
        seed in any::<u64>(),
    ) {
        let (rows, q) = rows;
        let normalised = |row: &Vec<f64>| row.iter().map(|mass| mass / row.iter().sum::<f64>()).collect::<Vec<f64>>();
        let rows: Vec<Vec<f64>> = rows.iter().map(normalised).collect();
        let chain = MarkovChain::new(rows[0].clone(), rows[1..].to_vec());
        let (Ok(chain), Ok(model)) = (chain, Categorical::new(normalised(&q))) else { return Ok(()) };
        let Ok(pair) = Pair::of(chain, model) else { return Ok(()) };
        let symbols: Vec<u32> = scrambled(seed).take(length).map(|word| (word % q.len() as u64) as u32).collect();
        assert_within_bound(&pair, &symbols);
    }
}

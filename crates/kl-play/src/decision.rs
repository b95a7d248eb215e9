//! How soon one can tell.

use crate::Coins;
use crate::coins::law;
use crate::door::LONGEST;
use kl_math::law::{Binomial, SignError};

/// The error rates whose lengths are told.
const RATES: [f64; 2] = [0.05, 0.01];

/// A number of tosses.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Length {
    Of(u64),
    /// More than a sequence of the page has.
    Longer,
    /// The coins are one.
    Never,
}

impl Coins {
    /// The chance that a sequence of `n` tosses of P favours Q, and that one of Q favours P; then the chances that they favour neither. Then
    /// for errors of 5 % and of 1 %: the smallest number of tosses after which a test can keep to them both ways; NaN if it is more than
    /// 10,000, infinite if none is enough, since the coins are one.
    pub fn decisions(&self, n: u64) -> Option<Vec<f64>> {
        let of_p = SignError::of(&law(&self.pair, n)?);
        let of_q = SignError::of(&law(&self.reversed, n)?);
        let lengths = RATES.map(|rate| match self.smallest_length(rate) {
            Length::Of(length) => length as f64,
            Length::Longer => f64::NAN,
            Length::Never => f64::INFINITY,
        });
        Some([of_p.below, of_q.below, of_p.tie, of_q.tie].into_iter().chain(lengths).collect())
    }

    /// What [`kl_math::decision::fixed::smallest_length`] says, for two coins and as far as the page goes: that searches for pairs of
    /// every kind and sequences of every length, and is larger than all the rest of the page.
    ///
    /// X counts the side that speaks for P. The test decides Q where X < c, with the largest c that errs rarely enough if P is tossed. As
    /// the sequence grows by a toss, c grows by 1 at most.
    fn smallest_length(&self, rate: f64) -> Length {
        let Some(side) = self.pair.log_ratios().iter().position(|&ratio| ratio > 0.0) else {
            return Length::Never;
        };
        let counts = |probabilities: &[_], n: u64| {
            let (own, other) = (probabilities[side], probabilities[1 - side]);
            Binomial::new(n, own, other)
        };
        let of_p = |n: u64| counts(self.pair.source_probabilities(), n);
        let of_q = |n: u64| counts(self.pair.model_probabilities(), n);
        // P(X < c + 1): whether c may be one more.
        let grows = |n: u64, c: u64| c < n && of_p(n).lower_tail(c) <= rate;
        let longest = u64::from(LONGEST);
        let last = largest(longest, |c| c == 0 || of_p(longest).lower_tail(c - 1) <= rate);
        // The randomised test, which errs the less the longer the sequence is, and less than the others, errs more often than this.
        if of_q(longest).upper_tail(last + 1) > rate {
            return Length::Longer;
        }
        let mut c = 0;
        for n in 1..=longest {
            c += u64::from(grows(n, c));
            if of_q(n).upper_tail(c) <= rate {
                return Length::Of(n);
            }
        }
        Length::Longer
    }
}

/// The largest number up to `most` that will do, if all below it do.
fn largest(most: u64, will_do: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (0, most);
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        if will_do(middle) { low = middle } else { high = middle - 1 }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;
    use kl_math::decision::fixed::{FixedTest, Truth, rates, smallest_length};
    use kl_math::distribution::{Categorical, Pair};

    fn coin(heads: u32) -> Categorical {
        let share = f64::from(heads) / 10_000.0;
        Categorical::new([share, 1.0 - share]).unwrap()
    }

    /// Of coins that are near and far, skewed and fair, on either side.
    #[test]
    fn lengths_and_errors_are_those_of_the_library() {
        for (p, q) in [
            (5_000, 4_000),
            (4_000, 5_000),
            (5_000, 4_800),
            (9_000, 3_500),
            (700, 900),
            (9_900, 9_999),
            (1, 9_999),
            (20, 10),
            (6_667, 3_333),
        ] {
            let (coins, pair) = (Coins::of(p, q).unwrap(), Pair::of(coin(p), coin(q)).unwrap());
            for rate in RATES {
                let expected = match smallest_length(&pair, rate, rate).unwrap().n {
                    n if n <= u64::from(LONGEST) => Length::Of(n),
                    _ => Length::Longer,
                };
                assert_eq!(coins.smallest_length(rate), expected, "{p} {q} {rate}");
            }
            for n in [1, 10, 99] {
                let test = FixedTest::at(0.0, n).unwrap();
                let expected = [rates(&pair, Truth::P, &test).unwrap().q, rates(&pair, Truth::Q, &test).unwrap().p];
                let found = coins.decisions(n).unwrap();
                // A test at 0 decides P where the sum is 0.
                for (found, expected) in [found[0], found[1] + found[3]].into_iter().zip(expected) {
                    assert!((found - expected).abs() <= 1e-9 * expected, "{p} {q} {n}: {found} {expected}");
                }
            }
        }
    }

    /// Both signs were once said to be wrong, with the sums of 0 on one side.
    #[test]
    fn coins_that_mirror_each_other_err_equally_often() {
        let found = Coins::of(6_000, 4_000).unwrap().decisions(10).unwrap();
        // P(X < 5) and P(X = 5) of Binomial(10, 0.6).
        let expected = [0.166_238_617_6, 0.166_238_617_6, 0.200_658_124_8, 0.200_658_124_8];
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        }
    }

    #[test]
    fn equal_coins_are_never_told_apart_and_near_ones_late() {
        let found = Coins::of(3_000, 3_000).unwrap().decisions(50).unwrap();
        assert_eq!(found, [0.0, 0.0, 1.0, 1.0, f64::INFINITY, f64::INFINITY]);
        assert!(Coins::of(5_000, 5_001).unwrap().decisions(50).unwrap()[4].is_nan());
    }
}

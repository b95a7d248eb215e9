//! Samplers of single values, for any generator.

use super::base::BaseSampler;
use super::symbols::cumulative;
use crate::simulation::words::Words;
use kl_math::distribution::{
    Bernoulli, Beta, Binomial, Categorical, Cauchy, Dirichlet, Exponential, Family, Gamma, Geometric, Gumbel,
    InverseGamma, Laplace, Logistic, Lognormal, MultivariateNormal, NegativeBinomial, Normal, Pareto, Poisson,
    StudentT, TruncatedNormal, Uniform, Values, Weibull,
};
use kl_math::numeric::DoubleDouble;
use rand::Rng;
use rand::distr::Distribution;

/// A family whose values any generator can draw.
///
/// The sampler is a [`rand::distr::Distribution`]. Its accuracy is that of the samplers of a simulation: some 1e-13 in total
/// variation.
///
/// ```
/// use kl_math::distribution::{Categorical, Normal, Poisson};
/// use kl_sim::simulation::{Role, Sampled, StreamKey};
/// use rand::distr::Distribution;
///
/// let mut random = StreamKey::of_studies(57, "example", 1).stream(0);
/// let x: f64 = Normal::new(10.0, 0.1)?.sampler().sample(&mut random);
/// let count: u64 = Poisson::new(3.0)?.sampler().sample(&mut random);
/// let symbol: usize = Categorical::new([0.2, 0.8])?.sampler().sample(&mut random);
/// assert!((9.0..11.0).contains(&x) && count < 50 && symbol < 2);
/// # Ok::<(), kl_math::distribution::ParameterErrors>(())
/// ```
pub trait Sampled {
    /// A number, a count, a vector, or the place of a symbol in its alphabet.
    type Value;

    /// What draws values.
    type Sampler: Distribution<Self::Value>;

    /// Returns the sampler of this law. It may hold a table: make it once and draw often.
    fn sampler(&self) -> Self::Sampler;
}

/// Draws numbers, counts or vectors of one law.
#[derive(Debug)]
pub struct FamilySampler<F> {
    family: F,
    base: BaseSampler,
}

impl<F: Values + Clone> FamilySampler<F> {
    fn new(family: &F) -> Self {
        Self { family: family.clone(), base: BaseSampler::of(&family.base_variable()) }
    }

    /// A value that is a single number.
    fn number(&self, random: &mut (impl Words + ?Sized)) -> f64 {
        let (draw, width) = self.base.draw_few(random);
        self.family.value(draw.get(..width).unwrap_or(&draw), &mut Vec::new()).value()
    }

    fn vector(&self, random: &mut (impl Words + ?Sized)) -> Vec<f64> {
        let mut draw = Vec::new();
        self.base.draw(random, &mut draw);
        self.family.coordinates(&draw, &mut Vec::new())
    }
}

macro_rules! sampled {
    ($Value:ty, |$sampler:ident, $random:ident| $draw:expr, [$($Family:ident),* $(,)?]) => {
        $(
            impl Distribution<$Value> for FamilySampler<$Family> {
                fn sample<R: Rng + ?Sized>(&self, $random: &mut R) -> $Value {
                    let $sampler = self;
                    $draw
                }
            }

            impl Sampled for $Family {
                type Value = $Value;
                type Sampler = FamilySampler<Self>;

                fn sampler(&self) -> FamilySampler<Self> {
                    FamilySampler::new(self)
                }
            }
        )*
    };
}

sampled!(
    f64,
    |sampler, random| sampler.number(random),
    [
        Beta,
        Cauchy,
        Exponential,
        Gamma,
        Gumbel,
        InverseGamma,
        Laplace,
        Logistic,
        Lognormal,
        Normal,
        Pareto,
        StudentT,
        TruncatedNormal,
        Uniform,
        Weibull
    ]
);
sampled!(u64, |sampler, random| sampler.number(random) as u64, [Binomial, Geometric, NegativeBinomial, Poisson]);
sampled!(Vec<f64>, |sampler, random| sampler.vector(random), [Dirichlet, MultivariateNormal]);

/// Draws symbols of a finite alphabet, as their places from 0: one 64-bit word a symbol. Each probability is right to 2⁻⁶⁴.
#[derive(Clone, Debug)]
pub struct SymbolSampler {
    /// ⌊2⁶⁴ · P(a symbol up to this one)⌋.
    ends: Vec<u128>,
}

impl SymbolSampler {
    fn new(probabilities: &[DoubleDouble]) -> Self {
        Self { ends: cumulative(probabilities) }
    }
}

impl Distribution<usize> for SymbolSampler {
    fn sample<R: Rng + ?Sized>(&self, random: &mut R) -> usize {
        let uniform = u128::from(random.next_u64());
        self.ends.partition_point(|&end| end <= uniform)
    }
}

macro_rules! symbols {
    ($($Family:ident),*) => {
        $(impl Sampled for $Family {
            type Value = usize;
            type Sampler = SymbolSampler;

            fn sampler(&self) -> SymbolSampler {
                SymbolSampler::new(self.mass_function().probabilities())
            }
        })*
    };
}

symbols!(Bernoulli, Categorical);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulation::{Stream, StreamKey};
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha20Rng;

    /// Of the same stream a sampler of a family draws what the sampler of its base variable draws.
    #[test]
    fn values_are_made_of_base_variables() {
        fn check<F, T>(law: F, number: impl Fn(T) -> Vec<f64>)
        where
            F: Sampled<Value = T> + Values + Clone + Family,
        {
            let key = StreamKey::of_studies(57, "test", 1);
            let (mut stream, mut plain, sampler) = (key.stream(0), key.stream(0), law.sampler());
            let base = BaseSampler::of(&law.base_variable());
            for _ in 0..50 {
                let mut draw = Vec::new();
                base.draw(&mut plain, &mut draw);
                let expected = law.coordinates(&draw, &mut Vec::new());
                assert_eq!(number(sampler.sample(&mut stream)), expected, "{}", F::NAME);
            }
        }
        let one = |x: f64| vec![x];
        check(Normal::new(1.0, 2.0).unwrap(), one);
        check(Exponential::new(3.0).unwrap(), one);
        check(Gamma::new(2.5, 1.0).unwrap(), one);
        check(Beta::new(0.5, 2.0).unwrap(), one);
        check(Cauchy::new(0.0, 1.0).unwrap(), one);
        check(Logistic::new(1.0, 2.0).unwrap(), one);
        check(Gumbel::new(1.0, 2.0).unwrap(), one);
        check(StudentT::new(1.0, 2.0, 3.0).unwrap(), one);
        check(InverseGamma::new(2.0, 3.0).unwrap(), one);
        check(TruncatedNormal::new(1.0, 2.0, 3.0, 4.0).unwrap(), one);
        check(TruncatedNormal::below(1.0, 2.0, -3.0).unwrap(), one);
        check(Laplace::new(0.0, 1.0).unwrap(), one);
        check(Uniform::new(-1.0, 1.0).unwrap(), one);
        check(Weibull::new(1.5, 2.0).unwrap(), one);
        check(Poisson::new(3.0).unwrap(), |k: u64| vec![k as f64]);
        check(Geometric::new(0.2).unwrap(), |k: u64| vec![k as f64]);
        check(Binomial::new(40.0, 0.3).unwrap(), |k: u64| vec![k as f64]);
        check(Dirichlet::new([1.0, 2.0, 3.0]).unwrap(), |x: Vec<f64>| x);
        check(MultivariateNormal::new([0.0, 1.0], [[1.0, 0.5], [0.5, 2.0]]).unwrap(), |x: Vec<f64>| x);
    }

    /// Draws from another generator of the ecosystem, with a fixed seed, against mean and variance: each of the 12 tests of a
    /// right sampler fails with chance below 2e-9 (six standard errors of a mean of 10⁵ draws).
    #[test]
    fn another_generator_drives_the_samplers() {
        fn check(what: &str, draws: impl Iterator<Item = f64>, mean: f64, variance: f64, fourth: f64) {
            let draws: Vec<f64> = draws.take(100_000).collect();
            let count = draws.len() as f64;
            let found = draws.iter().sum::<f64>() / count;
            let spread = draws.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / count;
            assert!((found - mean).abs() < 6.0 * (variance / count).sqrt(), "{what}: mean {found}");
            let error = ((fourth - variance * variance) / count).sqrt();
            assert!((spread - variance).abs() < 6.0 * error, "{what}: variance {spread}");
        }
        let random = || ChaCha20Rng::seed_from_u64(57);
        check("normal", Normal::new(1.0, 2.0).unwrap().sampler().sample_iter(random()), 1.0, 4.0, 48.0);
        check("exponential", Exponential::new(0.5).unwrap().sampler().sample_iter(random()), 2.0, 4.0, 144.0);
        check("uniform", Uniform::new(0.0, 1.0).unwrap().sampler().sample_iter(random()), 0.5, 1.0 / 12.0, 1.0 / 80.0);
        let counts = Poisson::new(3.0).unwrap().sampler().sample_iter(random());
        check("poisson", counts.map(|k| k as f64), 3.0, 3.0, 30.0);
        let gamma = Gamma::new(2.0, 1.0).unwrap().sampler().sample_iter(random());
        check("gamma", gamma, 2.0, 2.0, 24.0);
        let symbols = Categorical::new([0.5, 0.25, 0.25]).unwrap().sampler().sample_iter(random());
        // Places 0, 1, 2: E = ¾, Var = 11/16, E(x − ¾)⁴ = 197/256.
        check("categorical", symbols.map(|place| place as f64), 0.75, 0.6875, 197.0 / 256.0);
    }

    /// Frozen draws: a change here is value-breaking.
    #[test]
    fn the_first_symbols_are_frozen() {
        let sampler = Categorical::new([0.125, 0.25, 0.625]).unwrap().sampler();
        let drawn: Vec<usize> = sampler.sample_iter(ChaCha20Rng::seed_from_u64(57)).take(24).collect();
        insta::assert_snapshot!(format!("{drawn:?}"), @"[1, 2, 2, 2, 1, 2, 2, 1, 2, 2, 2, 2, 2, 1, 2, 0, 2, 2, 2, 2, 1, 2, 0, 1]");
    }

    /// A symbol without probability is never drawn, whatever the word.
    #[test]
    fn words_at_the_ends_are_symbols_with_mass() {
        struct Constant(u64);
        impl rand::TryRng for Constant {
            type Error = std::convert::Infallible;
            fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
                Ok(self.0 as u32)
            }
            fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
                Ok(self.0)
            }
            fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
                bytes.fill(self.0 as u8);
                Ok(())
            }
        }
        let sampler = Categorical::new([0.0, 0.5, 0.0, 0.5, 0.0]).unwrap().sampler();
        let drawn = [0, (1 << 63) - 1, 1 << 63, u64::MAX].map(|word| sampler.sample(&mut Constant(word)));
        assert_eq!(drawn, [1, 1, 3, 3]);
    }

    /// Our streams drive distributions of the ecosystem: the mean of 10⁵ uniform numbers within six standard errors, which a
    /// right stream misses with chance 2e-9.
    #[test]
    fn a_stream_drives_other_distributions() {
        let mut stream: Stream = StreamKey::of_studies(57, "test", 1).stream(0);
        let mean = (0..100_000).map(|_| stream.random::<f64>()).sum::<f64>() / 1e5;
        assert!((mean - 0.5).abs() < 6.0 / (12.0f64 * 1e5).sqrt(), "{mean}");
        // The numbers are the bytes, little-endian, however they are read.
        let (mut words, mut bytes) = (StreamKey::of_studies(57, "test", 2), [0; 12]);
        words.stream(0).fill_bytes(&mut bytes);
        let mut stream = words.stream(0);
        assert_eq!(stream.next_u32().to_le_bytes(), bytes[..4]);
        assert_eq!(stream.next_u64().to_le_bytes(), bytes[4..]);
        words = StreamKey::of_studies(57, "test", 3);
        assert_ne!(words.stream(0).next_u64(), words.stream(1).next_u64());
    }
}

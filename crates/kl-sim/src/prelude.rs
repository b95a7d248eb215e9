//! What most programs need: `use kl_sim::prelude::*`.

pub use crate::comparison::{Comparison, Verdict};
pub use crate::estimator::{CountEstimator, Estimator, LogRatio, NearestNeighbours, RaoBlackwell, SymbolMean};
pub use crate::experiment::{Experiment, ExperimentResult};
pub use crate::simulation::Sampled;
pub use kl_math::distribution::{
    Bernoulli, Beta, Binomial, Categorical, Cauchy, Dirichlet, Exponential, Gamma, Geometric, Gumbel, InverseGamma,
    Laplace, Logistic, Lognormal, MarkovChain, MultivariateNormal, NegativeBinomial, Normal, Pair, Pareto, Poisson,
    StudentT, TruncatedNormal, Uniform, Weibull,
};
/// The trait that draws: `sampler.sample(&mut generator)`.
pub use rand::distr::Distribution as _;

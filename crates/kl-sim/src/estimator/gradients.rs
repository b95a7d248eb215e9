//! The names and settings of estimators of a gradient in files.

use super::weights::{LOSS_WEIGHTS, WEIGHTS, weighting};
use super::{DrawMean, Estimator, Setting, SettingForm, SettingValue, Settings, name_with};
use kl_math::distribution::Pair;
use kl_math::divergence::{Baseline, GradientRule, NormalLaws, Quantity, Side, Term};
use std::sync::Arc;

/// An estimator of the gradient of KL(P‖Q) that a file may name, before its settings and its component are known.
#[derive(Clone, Copy, Debug)]
pub struct GradientKind {
    /// Its name in files.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub meaning: &'static str,
    way: Way,
}

/// How a gradient is made of draws.
#[derive(Clone, Copy, Debug)]
enum Way {
    Loss(Term),
    Reward(Term),
    Reparameterized,
}

const fn loss(name: &'static str, term: Term, meaning: &'static str) -> GradientKind {
    GradientKind { name, meaning, way: Way::Loss(term) }
}

const fn reward(name: &'static str, term: Term, meaning: &'static str) -> GradientKind {
    GradientKind { name, meaning, way: Way::Reward(term) }
}

/// The estimators of a gradient that a file may name, with l = ln(p/q), r = q/p, and s = ∇ ln p (Tang & Munos 2025, arXiv 2506.09477).
pub const GRADIENTS: &[GradientKind] = &[
    loss("k1_as_loss", Term::K1, "the mean of s, the gradient of l as it stands: its mean is 0 for P, and right for Q"),
    loss("k2_as_loss", Term::K2, "the mean of l s, the gradient of ½ l²: right for P where sequences are from P"),
    loss("k3_as_loss", Term::K3, "the mean of (1 − r) s, the gradient of r − 1 + l: for P its mean is that of KL(Q‖P)"),
    reward("k1_as_reward", Term::K1, "the mean of (l − b) s: right for P, whatever the baseline b"),
    reward("k2_as_reward", Term::K2, "the mean of (½ l² − b) s: biased"),
    reward("k3_as_reward", Term::K3, "the mean of (r − 1 + l − b) s: biased by the gradient of KL(Q‖P)"),
    GradientKind {
        name: "reparameterized",
        meaning: "of normals: the derivative of l along x = mean + std_dev ε, ε held fixed: right for P",
        way: Way::Reparameterized,
    },
];

const BASELINE: &str = "baseline";

const REWARD_SETTINGS: &[Setting] = &{
    let [importance, clip, over] = *WEIGHTS else { panic!("three settings") };
    let form = SettingForm::WordOrNumber(&["none", "mean", "leave_one_out"], -1e6, 1e6);
    [Setting { name: BASELINE, form, example: "baseline = 0.1" }, importance, clip, over]
};

impl GradientKind {
    /// Its settings.
    pub fn settings(&self) -> &'static [Setting] {
        match self.way {
            Way::Loss(_) => LOSS_WEIGHTS,
            Way::Reward(_) => REWARD_SETTINGS,
            Way::Reparameterized => &[],
        }
    }

    /// Whether it is one for these parameters: samples do not depend on Q, so that all but losses have nothing to do there.
    pub fn suits(&self, side: Side) -> bool {
        matches!(self.way, Way::Loss(_)) || side == Side::Source
    }

    /// The estimator of one component, by its place and its name, with settings that are each in their range.
    pub fn make(&self, settings: &Settings, side: Side, component: usize, name: &str) -> Arc<dyn Estimator> {
        let baseline = match settings.get(BASELINE) {
            Some(SettingValue::Number(number)) => Baseline::Constant(*number),
            Some(SettingValue::Word("mean")) => Baseline::Mean,
            Some(SettingValue::Word("leave_one_out")) => Baseline::LeaveOneOut,
            _ => Baseline::Constant(0.0),
        };
        let rule = match self.way {
            Way::Loss(term) => GradientRule::Loss(term),
            Way::Reward(term) => GradientRule::Reward(term, baseline),
            Way::Reparameterized => GradientRule::Reparameterized,
        };
        let of_all = name_with(self.name, settings.iter().map(|(&key, &value)| (key, value)));
        let quantity = Quantity::Gradient { side, rule, component };
        let written = (self.name, settings.clone());
        Arc::new(DrawMean::written_as(format!("{of_all}[{name}]"), written, quantity, weighting(settings)))
    }
}

/// The names of the parameters that a gradient of KL(P‖Q) has components for: the symbols of P, whose logits they are, or the parameters of
/// a normal as they are written; none where there are no such.
pub fn components(pair: &Pair, side: Side) -> Option<Vec<String>> {
    let of_normals = || Some(NormalLaws::of(pair)?.component_names(side).map(str::to_owned).to_vec());
    pair.symbols().map(|symbols| symbols.symbols().to_vec()).or_else(of_normals)
}

/// The name of an estimator without its component, and the component, if it has one.
///
/// ```
/// use kl_sim::estimator::split_component;
/// assert_eq!(split_component("k3_as_loss[H]"), ("k3_as_loss", Some("H")));
/// assert_eq!(split_component("k3"), ("k3", None));
/// ```
pub fn split_component(name: &str) -> (&str, Option<&str>) {
    let split = name.strip_suffix(']').and_then(|name| name.split_once('['));
    split.map_or((name, None), |(estimator, component)| (estimator, Some(component)))
}

//! The names and settings of estimators of a gradient in files.

use super::weights::{LOSS_WEIGHTS, WEIGHTS, weighting};
use super::{DrawMean, Estimator, PathMean, Setting, SettingForm, SettingValue, Settings, name_with};
use kl_math::distribution::Pair;
use kl_math::divergence::{Baseline, Credit, GradientRule, Importance, NormalLaws, Quantity, Side, Term, WeightSpan};
use kl_math::path::{PathQuantity, path_components};
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
    RaoBlackwell,
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
    GradientKind {
        name: "rao_blackwell_gradient",
        meaning: "of symbols and chains: the gradient of KL of each step's law in place of what was drawn: right for P",
        way: Way::RaoBlackwell,
    },
];

const BASELINE: &str = "baseline";
const CREDIT: &str = "credit";

/// How a loss is made of a sequence.
const OF_LOSS: Setting =
    Setting { name: CREDIT, form: SettingForm::Word(&["symbol", "sequence"]), example: "credit = \"sequence\"" };

/// What a symbol's score is multiplied with.
const OF_REWARD: Setting = Setting {
    name: CREDIT,
    form: SettingForm::Word(&["symbol", "reward_to_go", "sequence"]),
    example: "credit = \"reward_to_go\"",
};

const LOSS_SETTINGS: &[Setting] = &{
    let [importance, clip, over, differentiate] = *LOSS_WEIGHTS else { panic!("four settings") };
    [OF_LOSS, importance, clip, over, differentiate]
};

const MEAN_SETTINGS: &[Setting] = &{
    let [importance, clip, over] = *WEIGHTS else { panic!("three settings") };
    let form = SettingForm::Word(&["symbol", "reward_to_go"]);
    [Setting { name: CREDIT, form, example: "credit = \"symbol\"" }, importance, clip, over]
};

const REWARD_SETTINGS: &[Setting] = &{
    let [importance, clip, over] = *WEIGHTS else { panic!("three settings") };
    let form = SettingForm::WordOrNumber(&["none", "mean", "leave_one_out"], -1e6, 1e6);
    [Setting { name: BASELINE, form, example: "baseline = 0.1" }, OF_REWARD, importance, clip, over]
};

impl GradientKind {
    /// Its settings.
    pub fn settings(&self) -> &'static [Setting] {
        match self.way {
            Way::Loss(_) => LOSS_SETTINGS,
            Way::Reward(_) => REWARD_SETTINGS,
            Way::Reparameterized => &[],
            Way::RaoBlackwell => MEAN_SETTINGS,
        }
    }

    /// Whether it is one for these parameters: samples do not depend on Q, so that all but losses have nothing to do there.
    pub fn suits(&self, side: Side) -> bool {
        matches!(self.way, Way::Loss(_)) || side == Side::Source
    }

    /// The estimator of one component for pairs such as this one, by the component's place and its name, with settings that are each in
    /// their range; none where there is no such component.
    pub fn make(
        &self,
        settings: &Settings,
        pair: &Pair,
        side: Side,
        (place, name): (usize, &str),
    ) -> Option<Arc<dyn Estimator>> {
        let baseline = match settings.get(BASELINE) {
            Some(SettingValue::Number(number)) => Baseline::Constant(*number),
            Some(SettingValue::Word("mean")) => Baseline::Mean,
            Some(SettingValue::Word("leave_one_out")) => Baseline::LeaveOneOut,
            _ => Baseline::Constant(0.0),
        };
        let credit = match settings.get(CREDIT).and_then(|value| value.word()) {
            Some("symbol") => Credit::Symbol,
            Some("sequence") => Credit::Sequence,
            Some(_) => Credit::RewardToGo,
            // What an earlier symbol does to later ones is part of the gradient.
            None if pair.chains().is_some() && matches!(self.way, Way::Reward(_) | Way::RaoBlackwell) => {
                Credit::RewardToGo
            }
            None => Credit::Symbol,
        };
        let rule = match self.way {
            Way::Loss(term) => Some(GradientRule::Loss(term)),
            Way::Reward(term) => Some(GradientRule::Reward(term, baseline)),
            Way::Reparameterized => Some(GradientRule::Reparameterized),
            Way::RaoBlackwell => None,
        };
        let weighting = weighting(settings);
        let is_of_draws = credit == Credit::Symbol
            && weighting.span == WeightSpan::Symbol
            && weighting.importance != Importance::SelfNormalised
            && matches!(baseline, Baseline::Constant(_))
            && pair.chains().is_none();
        let name = format!("{}[{name}]", name_with(self.name, settings.iter().map(|(&key, &value)| (key, value))));
        let written = (self.name, settings.clone());
        Some(match rule.filter(|_| is_of_draws) {
            Some(rule) => {
                let quantity = Quantity::Gradient { side, rule, component: place };
                Arc::new(DrawMean::written_as(name, written, quantity, weighting))
            }
            None => {
                let (component, _) = path_components(pair, side)?.into_iter().nth(place)?;
                let quantity = match rule {
                    Some(rule) => PathQuantity::Gradient { side, rule, credit, component },
                    None => PathQuantity::MeanGradient { side, credit, component },
                };
                Arc::new(PathMean::written_as(name, written, quantity, weighting))
            }
        })
    }
}

/// The names of the parameters that a gradient of KL(P‖Q) has components for: the symbols of P, whose logits they are, the
/// transitions of a chain, `a → b`, with `initial a` where its start is given, or the parameters of a normal as they are written; none where
/// there are no such.
pub fn components(pair: &Pair, side: Side) -> Option<Vec<String>> {
    let of_normals = || Some(NormalLaws::of(pair)?.component_names(side).map(str::to_owned).to_vec());
    let of_symbols = || Some(path_components(pair, side)?.into_iter().map(|(_, name)| name).collect());
    of_symbols().or_else(of_normals)
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

//! The settings by which an estimator weighs what another distribution drew.

use super::{DrawMean, Estimator, PathMean, Setting, SettingForm, SettingValue, Settings, name_with};
use kl_math::divergence::{Importance, Quantity, Term, WeightSpan, Weighting};
use kl_math::path::PathQuantity;
use std::sync::Arc;

const IMPORTANCE: &str = "importance";
const CLIP: &str = "clip";
const OVER: &str = "over";
const DIFFERENTIATE: &str = "differentiate_weight";

/// How a draw counts.
const IMPORTANCE_SETTING: Setting = Setting {
    name: IMPORTANCE,
    form: SettingForm::Word(&["none", "ratio", "clipped", "self_normalised"]),
    example: "importance = \"ratio\"",
};

/// The most that a weight may be.
const CLIP_SETTING: Setting = Setting { name: CLIP, form: SettingForm::Number(1e-6, 1e6), example: "clip = 2" };

/// Of what a weight is.
const OVER_SETTING: Setting = Setting {
    name: OVER,
    form: SettingForm::Word(&["symbol", "prefix", "sequence", "geometric_mean"]),
    example: "over = \"prefix\"",
};

/// Whether the weight is differentiated, too.
const DIFFERENTIATE_SETTING: Setting =
    Setting { name: DIFFERENTIATE, form: SettingForm::Flag, example: "differentiate_weight = true" };

/// The settings of an estimate of KL(P‖Q).
pub(super) const WEIGHTS: &[Setting] = &[IMPORTANCE_SETTING, CLIP_SETTING, OVER_SETTING];

/// Those of an estimate of its gradient by a loss.
pub(super) const LOSS_WEIGHTS: &[Setting] = &[IMPORTANCE_SETTING, CLIP_SETTING, OVER_SETTING, DIFFERENTIATE_SETTING];

/// Whether a setting of that name is of weights.
pub(super) fn is_weight(name: &str) -> bool {
    LOSS_WEIGHTS.iter().any(|setting| setting.name == name)
}

/// What is wrong with settings that each are right: the name of a setting, and what is wrong with it.
pub fn conflict(settings: &Settings) -> Option<(&'static str, &'static str)> {
    let importance = settings.get(IMPORTANCE).and_then(|value| value.word()).unwrap_or("none");
    let has = |name| settings.contains_key(name);
    match importance {
        "clipped" if !has(CLIP) => Some((IMPORTANCE, "needs the largest weight beside it, such as clip = 2")),
        "clipped" => None,
        _ if has(CLIP) => Some((CLIP, "is for importance = \"clipped\"")),
        "none" if has(OVER) => Some((OVER, "is of weights: write importance = \"ratio\" beside it")),
        _ => None,
    }
}

/// The weights that settings ask for.
pub(super) fn weighting(settings: &Settings) -> Weighting {
    let word = |name: &str| settings.get(name).and_then(|value| value.word());
    let importance = match word(IMPORTANCE) {
        Some("ratio") => Importance::Ratio,
        Some("clipped") => {
            Importance::Clipped(settings.get(CLIP).and_then(|value| value.number()).unwrap_or(f64::INFINITY))
        }
        Some("self_normalised") => Importance::SelfNormalised,
        _ => Importance::Unweighted,
    };
    let span = match word(OVER) {
        Some("prefix") => WeightSpan::Prefix,
        Some("sequence") => WeightSpan::Sequence,
        Some("geometric_mean") => WeightSpan::GeometricMean,
        _ => WeightSpan::Symbol,
    };
    let is_differentiated = settings.get(DIFFERENTIATE) == Some(&SettingValue::Flag(true));
    Weighting { importance, span, is_differentiated }
}

/// Whether settings ask for what an unweighted mean does not do.
pub(super) fn is_weighed(settings: &Settings) -> bool {
    weighting(settings) != Weighting::default()
}

/// An estimate of KL(P‖Q) by a term, with weights.
pub(super) fn weighed_term(kind: &'static str, term: Term, settings: &Settings) -> Arc<dyn Estimator> {
    let name = name_with(kind, settings.iter().map(|(&key, &value)| (key, value)));
    let (written, weighting) = ((kind, settings.clone()), weighting(settings));
    if weighting.span != WeightSpan::Symbol || weighting.importance == Importance::SelfNormalised {
        return Arc::new(PathMean::written_as(name, written, PathQuantity::Divergence(term), weighting));
    }
    Arc::new(DrawMean::written_as(name, written, Quantity::Divergence(term), weighting))
}

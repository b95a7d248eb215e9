//! Log ratios that are linear in a sum of counts.

use super::log_ratio_law::Passing;
use crate::law::{Atom, SumLaw};

/// Where Λ rises with the sum S, the smallest S whose Λ reaches `bound`, and true; else the largest one, and false.
pub(super) fn sum_at(law: &SumLaw, start: f64, step: f64, bound: f64) -> (f64, bool) {
    let (sum, rises) = ((bound - start) / step, step > 0.0);
    if !law.is_whole() {
        return (sum, rises);
    }
    let reaches = |sum: f64| start + step * sum >= bound;
    let near = sum.round();
    let nearby = [-2.0, -1.0, 0.0, 1.0, 2.0].map(|more| near + more);
    let found = if rises {
        nearby.into_iter().find(|&sum| reaches(sum))
    } else {
        nearby.into_iter().rev().find(|&sum| reaches(sum))
    };
    (found.unwrap_or(near), rises)
}

/// The smallest atom v of start + step · S with P(Λ ≤ v) > `level`.
pub(super) fn passing_sum(law: &SumLaw, start: f64, step: f64, level: f64) -> Passing {
    let rises = step > 0.0;
    let value = |sum: f64| start + step * sum;
    let atom = |sum: f64| Atom { value: value(sum), mass: law.mass_between(sum - 1.0, sum) };
    let [least, most] = law.support();
    let (mean, std_dev) = law.moments();
    // Chances up to Λ of the sum pass the level there, and not yet one further out.
    let passes = |sum: f64| if rises { law.lower_tail(sum) > level } else { law.upper_tail(sum) > level };
    let mut width = 1.0 + std_dev;
    let (mut outer, mut inner) = if rises { (least - 1.0, mean.floor()) } else { (mean.ceil(), mean.ceil()) };
    if rises {
        while inner < most && !passes(inner) {
            (inner, width) = ((inner + width).floor().min(most), 2.0 * width);
        }
    } else {
        while outer <= most && passes(outer) {
            (outer, width) = ((outer + width).floor().min(most + 1.0), 2.0 * width);
        }
        let mut width = 1.0 + std_dev;
        while inner > least && !passes(inner) {
            (inner, width) = ((inner - width).floor().max(least), 2.0 * width);
        }
    }
    while (outer - inner).abs() > 1.0 {
        let middle = (0.5 * (outer + inner)).floor();
        if middle == outer || middle == inner {
            break;
        }
        if passes(middle) { inner = middle } else { outer = middle }
    }
    let neighbour = |sum: f64| (least..=most).contains(&sum).then(|| value(sum));
    let outward = if rises { -1.0 } else { 1.0 };
    Passing { before: neighbour(inner + outward), at: atom(inner), after: neighbour(inner - outward) }
}

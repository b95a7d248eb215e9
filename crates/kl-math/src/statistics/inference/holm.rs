//! Many tests under one budget of false alarms.

/// Which of the hypotheses Holm's step-down procedure rejects, at family-wise error rate `false_alarm`.
///
/// The chance of any false rejection is at most `false_alarm`, under any dependence of the tests, and for
/// p-values that are only upper bounds (Holm 1979).
///
/// ```
/// use kl_math::statistics::holm;
/// assert_eq!(holm(&[0.04, 0.001, 0.02], 0.05), [true, true, true]);
/// assert_eq!(holm(&[0.04, 0.001, 0.03], 0.05), [false, true, false]);
/// ```
pub fn holm(p_values: &[f64], false_alarm: f64) -> Vec<bool> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    let mut rejected = vec![false; p_values.len()];
    for (place, &test) in order.iter().enumerate() {
        if p_values[test] > false_alarm / (p_values.len() - place) as f64 {
            break;
        }
        rejected[test] = true;
    }
    rejected
}

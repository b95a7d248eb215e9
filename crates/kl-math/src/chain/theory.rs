//! What is known beforehand of a whole sequence's log ratio.

use super::pair::ChainPair;
use super::stationary::members;
use super::steps::{Cumulants, Cumulated, Entry, Mean, Plain, Steps, Way, cumulants_of};

/// What theory says of S = ln(P(x₁ … x_N)/Q(x₁ … x_N)), x ~ P, in powers of nats; of the whole sequence, not per
/// symbol.
///
/// ```
/// use kl_math::chain::{ChainLaw, ChainPair, ChainTheory};
/// use kl_math::numeric::DoubleDouble;
/// let [half, quarter, rest] = [0.5, 0.25, 0.75].map(DoubleDouble::from);
/// let source = ChainLaw { initial: &[half; 2], transition: &[half; 4] };
/// let model = ChainLaw { initial: &[half; 2], transition: &[quarter, rest, half, half] };
/// let theory = ChainTheory::of(&ChainPair::new(source, model)?, 3);
/// // Each of the two steps adds ½ KL(½, ½ ‖ ¼, ¾) = ¼ ln(4/3).
/// assert!((theory.mean / 0.143_841_036_225_890_44 - 1.0).abs() < 1e-15);
/// # Ok::<(), kl_math::chain::ChainError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChainTheory {
    /// E\[S\] = KL of the two laws of sequences; +∞ where P can make a sequence that Q cannot.
    pub mean: f64,
    /// Variance, third and fourth cumulant of S, if the mean is finite.
    pub spread: Option<ChainSpread>,
    /// P(S = +∞).
    pub infinite_mass: f64,
    /// lim E\[S\]/N = Σ πᵢ Pᵢⱼ ln(Pᵢⱼ/Qᵢⱼ), nats a symbol: +∞ if an event that Q lacks can ever happen. None where P
    /// may end up in one of several closed classes: then S/N has a limit that is random.
    pub rate: Option<f64>,
    /// lim Var\[S\]/N, nats² a symbol; none where there is no finite rate.
    pub asymptotic_variance: Option<f64>,
}

/// Cumulants of S from the second on, in powers of nats.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChainSpread {
    /// Var\[S\].
    pub variance: f64,
    /// κ₃.
    pub third: f64,
    /// κ₄.
    pub fourth: f64,
}

impl ChainTheory {
    /// The theory of sequences of `n` symbols, n ≥ 1, in time O(K³ log n).
    ///
    /// Mean and variance are sums of positive terms, right to 1e-14 of themselves however near Q is to P and for any n
    /// up to 1e15; the third and fourth cumulant lose more only where their own terms cancel.
    pub fn of(pair: &ChainPair, n: u64) -> Self {
        let is_infinite = pair.can_be_infinite(n);
        let asymptotic_variance = match (pair.rate, pair.classes.as_slice()) {
            // Where states hardly leave each other the equations may be singular in doubles.
            (Some(rate), &[class]) if rate.is_finite() => {
                Some(pair.asymptotic_variance(class, rate)).filter(|variance| variance.is_finite())
            }
            _ => None,
        };
        Self {
            mean: pair.mean(n, is_infinite),
            spread: (!is_infinite).then(|| spread(pair, n)),
            infinite_mass: if is_infinite { pair.infinite_mass(n) } else { 0.0 },
            rate: pair.rate,
            asymptotic_variance,
        }
    }
}

/// The second to fourth cumulant.
fn spread(pair: &ChainPair, n: u64) -> ChainSpread {
    let steps = Steps::of(pair.entries(cumulants_of), &Cumulated);
    let ends = steps.after(n.saturating_sub(1), vec![cumulants_of(0.0); pair.states], &|row, ends| {
        Cumulated.mixed(row.iter().map(|entry| (entry.mass, Cumulated.joined(&entry.value, &ends[entry.to]))))
    });
    let first = pair.first_entries().map(|(to, mass, value)| (mass, Cumulated.joined(&cumulants_of(value), &ends[to])));
    let Cumulants { variance, third, fourth, .. } = Cumulated.mixed(first);
    ChainSpread { variance, third, fourth }
}

impl ChainPair {
    /// P(S = +∞) for `n` symbols: the mass that has gone to a state of its own, all of it in positive terms.
    fn infinite_mass(&self, n: u64) -> f64 {
        let lost = self.states;
        let rows = (0..self.states).map(|from| {
            let events = self.row(from).map(|(to, mass, ratio)| Entry {
                to: if ratio.is_infinite() { lost } else { to },
                mass,
                value: (),
            });
            events.collect()
        });
        let rows: Vec<Vec<Entry<()>>> = rows.chain([vec![Entry { to: lost, mass: 1.0, value: () }]]).collect();
        let mut ends = vec![0.0; self.states];
        ends.push(1.0);
        let chances = Steps::of(rows, &Plain)
            .after(n.saturating_sub(1), ends, &|row, ends| row.iter().map(|entry| entry.mass * ends[entry.to]).sum());
        self.first().map(|(to, mass, ratio)| if ratio.is_infinite() { mass } else { mass * chances[to] }).sum::<f64>()
    }

    /// E\[S\]: KL of the first symbol and, for each state, the visits to expect times KL of its row.
    pub(super) fn mean(&self, n: u64, is_infinite: bool) -> f64 {
        if is_infinite {
            return f64::INFINITY;
        }
        // A row's KL is what one step from it adds: so the values of all entries of a row are the same.
        let rows = (self.entries(|_| 0.0).into_iter().zip(&self.divergences[1..])).map(|(mut row, &kl)| {
            row.iter_mut().for_each(|entry| entry.value = kl);
            row
        });
        let steps = Steps::of(rows.collect(), &Mean);
        let rest = steps.after(n.saturating_sub(1), vec![0.0; self.states], &|row, ends| {
            row.iter().map(|entry| entry.mass * (entry.value + ends[entry.to])).sum()
        });
        self.divergences[0] + self.first().map(|(to, mass, _)| mass * rest[to]).sum::<f64>()
    }

    /// Σ πᵢ Pᵢⱼ (ℓᵢⱼ − r + hⱼ − hᵢ)², where h = g − r + Ph and g is the mean of ℓ in each row.
    fn asymptotic_variance(&self, class: u64, rate: f64) -> f64 {
        let places: Vec<usize> = members(class).collect();
        let place = |state: usize| places.iter().position(|&other| other == state).unwrap_or(0);
        // (I − P + 1πᵀ) h = g − r.
        let rows = places.iter().map(|&from| {
            let mut row: Vec<f64> = places.iter().map(|&to| self.stationary[to]).collect();
            row[place(from)] += 1.0;
            self.row(from).for_each(|(to, mass, _)| row[place(to)] -= mass);
            row.push(self.divergences[from + 1] - rate);
            row
        });
        let potential = solved(rows.collect());
        let step = |from: usize, (to, mass, ratio): (usize, f64, f64)| {
            let value = ratio - rate + (potential[place(to)] - potential[place(from)]);
            mass * value * value
        };
        let states = places.iter();
        states.map(|&from| self.stationary[from] * self.row(from).map(|event| step(from, event)).sum::<f64>()).sum()
    }
}

/// The solution of a system of linear equations, each row ending with its right-hand side; by elimination with row
/// pivots.
fn solved(mut rows: Vec<Vec<f64>>) -> Vec<f64> {
    let size = rows.len();
    for step in 0..size {
        let pivot = (step..size).fold(
            step,
            |best, row| {
                if rows[row][step].abs() > rows[best][step].abs() { row } else { best }
            },
        );
        rows.swap(step, pivot);
        let (done, below) = rows.split_at_mut(step + 1);
        let pivot = &done[step];
        for row in below {
            let share = row[step] / pivot[step];
            row.iter_mut().zip(pivot).skip(step).for_each(|(entry, above)| *entry -= share * above);
        }
    }
    let mut solution = vec![0.0; size];
    for step in (0..size).rev() {
        let known: f64 = (step + 1..size).map(|column| rows[step][column] * solution[column]).sum();
        solution[step] = (rows[step][size] - known) / rows[step][step];
    }
    solution
}

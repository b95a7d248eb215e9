//! Many steps of a chain at once, with what is known of the ways they stand for.

/// What one step or many, from one state to another, say of the sum of log ratios on the way, given both ends.
pub(super) trait Way {
    type Value: Copy;

    /// Of one way after another.
    fn joined(&self, first: &Self::Value, second: &Self::Value) -> Self::Value;

    /// Of several ways, one of which is taken, each with its chance; the chances sum to one.
    fn mixed(&self, ways: impl Iterator<Item = (f64, Self::Value)> + Clone) -> Self::Value;
}

/// One entry of a matrix that is not 0.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<T> {
    pub(super) to: usize,
    pub(super) mass: f64,
    pub(super) value: T,
}

/// A power of the transition matrix, with the cumulants of the paths that it sums.
pub(super) struct Steps<'a, W: Way> {
    rows: Vec<Vec<Entry<W::Value>>>,
    way: &'a W,
}

/// What the steps add to a column of what comes after them.
pub(super) type Before<'a, T, C> = dyn Fn(&[Entry<T>], &[C]) -> C + 'a;

impl<'a, W: Way> Steps<'a, W> {
    pub(super) fn of(rows: Vec<Vec<Entry<W::Value>>>, way: &'a W) -> Self {
        Self { rows, way }
    }

    /// The column for `steps` steps and then `ends`: step by step if they are few, else by squaring.
    pub(super) fn after<C>(mut self, steps: u64, ends: Vec<C>, before: &Before<'_, W::Value, C>) -> Vec<C> {
        let states = self.rows.len() as u64;
        let mut column = ends;
        let mut left = steps;
        if steps <= states * u64::from(steps.checked_ilog2().unwrap_or(0)) {
            for _ in 0..steps {
                column = self.rows.iter().map(|row| before(row, &column)).collect();
            }
            return column;
        }
        while left > 0 {
            if left & 1 == 1 {
                column = self.rows.iter().map(|row| before(row, &column)).collect();
            }
            left >>= 1;
            if left > 0 {
                self.rows = self.squared();
            }
        }
        column
    }

    /// Twice as many steps. Each row is divided by its sum: without that, rounding errors would double with the steps.
    fn squared(&self) -> Vec<Vec<Entry<W::Value>>> {
        let states = self.rows.len();
        let mut through: Vec<Vec<(f64, W::Value)>> = vec![Vec::new(); states];
        let square = |row: &Vec<Entry<W::Value>>| {
            through.iter_mut().for_each(Vec::clear);
            for first in row {
                for second in &self.rows[first.to] {
                    let way = self.way.joined(&first.value, &second.value);
                    through[second.to].push((first.mass * second.mass, way));
                }
            }
            let probabilities: Vec<f64> = through.iter().map(|ways| ways.iter().map(|(mass, _)| mass).sum()).collect();
            let whole: f64 = probabilities.iter().sum();
            let entries = through.iter().zip(probabilities).enumerate().filter(|(_, (_, mass))| *mass > 0.0);
            let entries = entries.map(|(to, (ways, mass))| {
                let value = self.way.mixed(ways.iter().map(|&(part, way)| (part / mass, way)));
                Entry { to, mass: mass / whole, value }
            });
            entries.collect()
        };
        self.rows.iter().map(square).collect()
    }
}

/// Nothing but the probabilities.
pub(super) struct Plain;

impl Way for Plain {
    type Value = ();

    fn joined(&self, (): &(), (): &()) {}

    fn mixed(&self, _: impl Iterator<Item = (f64, ())> + Clone) {}
}

/// A mean whose parts are all ≥ 0.
pub(super) struct Mean;

impl Way for Mean {
    type Value = f64;

    fn joined(&self, first: &f64, second: &f64) -> f64 {
        first + second
    }

    fn mixed(&self, ways: impl Iterator<Item = (f64, f64)> + Clone) -> f64 {
        ways.map(|(chance, mean)| chance * mean).sum()
    }
}

/// The first four cumulants.
pub(super) struct Cumulated;

/// The cumulants of a sum on its way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Cumulants {
    pub(super) mean: f64,
    pub(super) variance: f64,
    pub(super) third: f64,
    pub(super) fourth: f64,
    /// The mean sum of the sizes of what is added up: rounding is a part of it.
    size: f64,
}

/// Those of one value.
pub(super) fn cumulants_of(value: f64) -> Cumulants {
    Cumulants { mean: value, variance: 0.0, third: 0.0, fourth: 0.0, size: value.abs() }
}

impl Way for Cumulated {
    type Value = Cumulants;

    fn joined(&self, first: &Cumulants, second: &Cumulants) -> Cumulants {
        Cumulants {
            mean: first.mean + second.mean,
            variance: first.variance + second.variance,
            third: first.third + second.third,
            fourth: first.fourth + second.fourth,
            size: first.size + second.size,
        }
    }

    /// The law of total cumulance, from each way's distance to the mean of all: no moments about a far-off point. A distance
    /// that rounding can make is none: sums that are constant have no variance.
    fn mixed(&self, ways: impl Iterator<Item = (f64, Cumulants)> + Clone) -> Cumulants {
        const ROUNDING: f64 = 8.0 * f64::EPSILON;
        let mut all = Cumulants { mean: 0.0, variance: 0.0, third: 0.0, fourth: 0.0, size: 0.0 };
        for (chance, way) in ways.clone() {
            all.mean += chance * way.mean;
            all.variance += chance * way.variance;
            all.third += chance * way.third;
            all.fourth += chance * way.fourth;
            all.size += chance * way.size;
        }
        let [mut second, mut third, mut fourth] = [0.0; 3];
        for (chance, way) in ways {
            let distance = way.mean - all.mean;
            let d1 = if distance.abs() <= ROUNDING * (way.size + all.size) { 0.0 } else { distance };
            let (d2, d3) = (way.variance - all.variance, way.third - all.third);
            let square = d1 * d1;
            second += chance * square;
            third += chance * d1 * (square + 3.0 * d2);
            fourth += chance * (square * (square + 6.0 * d2) + 3.0 * d2 * d2 + 4.0 * d1 * d3);
        }
        Cumulants {
            mean: all.mean,
            variance: all.variance + second,
            third: all.third + third,
            fourth: all.fourth + (fourth - 3.0 * second * second),
            size: all.size,
        }
    }
}

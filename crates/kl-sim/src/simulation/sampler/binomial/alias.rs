//! One of many, each with its weight, in constant time.

/// Walker's table in the form of Vose (1991), "A linear algorithm for generating random numbers with a given
/// distribution": column i keeps i with some chance, and gives another otherwise.
///
/// The chance of each is right to K·2⁻⁶⁴ and a few ulp of its own.
#[derive(Debug)]
pub(in crate::simulation::sampler) struct Alias {
    columns: Vec<Column>,
}

#[derive(Clone, Copy, Debug)]
struct Column {
    /// 2⁶⁴ times the chance to keep this one.
    keep: u64,
    other: u32,
}

impl Alias {
    /// A table for weights that are not negative, of which one is positive.
    pub(in crate::simulation::sampler) fn new(weights: &[f64]) -> Self {
        const SCALE: f64 = 18_446_744_073_709_551_616.0; // 2^64
        let scale = weights.len() as f64 / weights.iter().sum::<f64>();
        let mut shares: Vec<f64> = weights.iter().map(|weight| weight * scale).collect();
        let mut columns: Vec<Column> =
            (0..weights.len()).map(|place| Column { keep: u64::MAX, other: place as u32 }).collect();
        let (mut small, mut large): (Vec<usize>, Vec<usize>) =
            (0..weights.len()).partition(|&place| shares[place] < 1.0);
        while let (Some(&poor), Some(&rich)) = (small.last(), large.last()) {
            small.pop();
            // A number from 2⁶⁴ on becomes the largest there is.
            columns[poor] = Column { keep: (shares[poor] * SCALE) as u64, other: rich as u32 };
            shares[rich] -= 1.0 - shares[poor];
            if shares[rich] < 1.0 {
                large.pop();
                small.push(rich);
            }
        }
        // What is left over keeps itself: its share is one but for rounding. Only nothing must stay nothing.
        if let Some(most) = (0..weights.len()).max_by(|&a, &b| weights[a].total_cmp(&weights[b])) {
            for place in small.into_iter().filter(|&place| weights[place] == 0.0) {
                columns[place] = Column { keep: 0, other: most as u32 };
            }
        }
        Self { columns }
    }

    /// The one that a uniform number of 64 bits stands for.
    pub(in crate::simulation::sampler) fn pick(&self, uniform: u64) -> usize {
        let product = u128::from(uniform) * self.columns.len() as u128;
        let (place, fraction) = ((product >> 64) as usize, product as u64);
        let column = self.columns[place];
        if fraction < column.keep { place } else { column.other as usize }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The chance of each, by the columns.
    fn chances(alias: &Alias) -> Vec<f64> {
        let columns = alias.columns.len() as f64;
        let mut chances = vec![0.0; alias.columns.len()];
        for (place, column) in alias.columns.iter().enumerate() {
            let keep = column.keep as f64 / 18_446_744_073_709_551_616.0;
            chances[place] += keep / columns;
            chances[column.other as usize] += (1.0 - keep) / columns;
        }
        chances
    }

    proptest! {
        #[test]
        fn every_chance_is_that_of_its_weight(weights in proptest::collection::vec(0.0f64..1.0, 1..300)) {
            let sum: f64 = weights.iter().sum();
            prop_assume!(sum > 0.0);
            for (chance, weight) in chances(&Alias::new(&weights)).iter().zip(&weights) {
                prop_assert!((chance - weight / sum).abs() < 1e-14);
                prop_assert!(*weight > 0.0 || *chance == 0.0);
            }
        }
    }

    #[test]
    fn columns_are_picked_by_the_uniform_number() {
        let alias = Alias::new(&[1.0, 3.0]);
        let picks = [0, u64::MAX / 4 - 1, u64::MAX / 4 + 2, u64::MAX].map(|uniform| alias.pick(uniform));
        assert_eq!(picks, [0, 0, 1, 1]);
    }
}

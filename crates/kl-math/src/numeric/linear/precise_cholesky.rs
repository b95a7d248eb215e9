//! Cholesky's factor to twice the digits of a double.

use crate::numeric::{DoubleDouble, Positive};

/// The lower triangle L of a positive definite matrix LLᵀ, to 106 bits: where the matrix is nearly singular, as many digits
/// are lost as its condition has, and a double has only sixteen.
#[derive(Clone, Debug, PartialEq)]
pub struct PreciseCholesky {
    rows: Vec<Vec<DoubleDouble>>,
}

fn dot(a: &[DoubleDouble], b: &[DoubleDouble]) -> DoubleDouble {
    a.iter().zip(b).map(|(&a, &b)| a * b).sum()
}

impl PreciseCholesky {
    /// The factor of a symmetric matrix; none if it is not positive definite.
    ///
    /// ```
    /// use kl_math::numeric::{DoubleDouble, PreciseCholesky};
    /// let of = |row: [f64; 2]| row.map(DoubleDouble::from).to_vec();
    /// let factor = PreciseCholesky::of(&[of([1.0, 1.0 - 1e-12]), of([1.0 - 1e-12, 1.0])]).expect("positive definite");
    /// // v with Lv = (1, 0): (1, −(1−ε)/√(1 − (1−ε)²)).
    /// let solved = factor.solve_lower(&of([1.0, 0.0]))[1].to_f64();
    /// let epsilon: f64 = 1.0 - (1.0 - 1e-12);
    /// assert!((solved * (epsilon * (2.0 - epsilon)).sqrt() / (epsilon - 1.0) - 1.0).abs() < 1e-15);
    /// ```
    pub fn of(matrix: &[Vec<DoubleDouble>]) -> Option<Self> {
        let mut rows: Vec<Vec<DoubleDouble>> = Vec::with_capacity(matrix.len());
        for (i, row) in matrix.iter().enumerate() {
            let mut factor: Vec<DoubleDouble> = Vec::with_capacity(i + 1);
            for (j, above) in rows.iter().enumerate() {
                let sum = dot(&factor, above);
                factor.push((row[j] - sum) / above[j]);
            }
            let square = row[i] - dot(&factor, &factor);
            if !(square.to_f64() > 0.0 && square.to_f64().is_finite()) {
                return None;
            }
            factor.push(Positive::new(square).sqrt().to_double_double());
            rows.push(factor);
        }
        Some(Self { rows })
    }

    /// L⁻¹v.
    pub fn solve_lower(&self, v: &[DoubleDouble]) -> Vec<DoubleDouble> {
        let mut solved: Vec<DoubleDouble> = Vec::with_capacity(v.len());
        for (row, &value) in self.rows.iter().zip(v) {
            let rest = value - dot(row, &solved);
            solved.push(rest / row[solved.len()]);
        }
        solved
    }

    /// L⁻ᵀv.
    pub fn solve_upper(&self, v: &[DoubleDouble]) -> Vec<DoubleDouble> {
        let mut solved = v.to_vec();
        for i in (0..solved.len()).rev() {
            solved[i] = solved[i] / self.rows[i][i];
            for j in 0..i {
                solved[j] = solved[j] - self.rows[i][j] * solved[i];
            }
        }
        solved
    }

    /// Lv.
    pub fn times(&self, v: &[DoubleDouble]) -> Vec<DoubleDouble> {
        self.rows.iter().map(|row| dot(row, v)).collect()
    }

    /// Lᵀv.
    pub fn transposed_times(&self, v: &[DoubleDouble]) -> Vec<DoubleDouble> {
        (0..v.len()).map(|i| (i..v.len()).map(|k| self.rows[k][i] * v[k]).sum()).collect()
    }

    /// The column of L with this number.
    pub fn column(&self, number: usize) -> Vec<DoubleDouble> {
        self.rows.iter().map(|row| row.get(number).copied().unwrap_or(DoubleDouble::ZERO)).collect()
    }

    /// L⁻¹ M L⁻ᵀ for a symmetric M.
    pub fn whitened(&self, matrix: &[Vec<DoubleDouble>]) -> Vec<Vec<DoubleDouble>> {
        // The rows of L⁻¹M are its columns, for M is symmetric.
        let columns: Vec<Vec<DoubleDouble>> = matrix.iter().map(|row| self.solve_lower(row)).collect();
        let size = columns.len();
        let half: Vec<Vec<DoubleDouble>> = (0..size).map(|i| (0..size).map(|j| columns[j][i]).collect()).collect();
        half.iter().map(|row| self.solve_lower(row)).collect()
    }

    /// ln(|L|/|M|), half of that of the two matrices.
    pub fn log_determinant_over(&self, other: &Self) -> DoubleDouble {
        let ends = self.rows.iter().zip(&other.rows).filter_map(|(row, other)| row.last().zip(other.last()));
        ends.map(|(&a, &b)| Positive::new(a).precise_log_over(Positive::new(b))).sum()
    }
}

//! Small symmetric matrices.

/// The lower triangle L of a positive definite matrix LLᵀ.
#[derive(Clone, Debug, PartialEq)]
pub struct Cholesky {
    rows: Vec<Vec<f64>>,
}

impl Cholesky {
    /// The factor of a symmetric matrix; none if it is not positive definite.
    ///
    /// ```
    /// use kl_runner::numeric::Cholesky;
    /// let factor = Cholesky::of(&[vec![4.0, 2.0], vec![2.0, 10.0]]).expect("positive definite");
    /// assert_eq!(factor.solve_lower(&[2.0, 7.0]), [1.0, 2.0]);
    /// assert!(Cholesky::of(&[vec![1.0, 2.0], vec![2.0, 1.0]]).is_none());
    /// ```
    pub fn of(matrix: &[Vec<f64>]) -> Option<Self> {
        let mut rows: Vec<Vec<f64>> = Vec::with_capacity(matrix.len());
        for (i, row) in matrix.iter().enumerate() {
            let mut factor: Vec<f64> = Vec::with_capacity(i + 1);
            for (j, above) in rows.iter().enumerate() {
                let sum: f64 = factor.iter().zip(above).map(|(a, b)| a * b).sum();
                factor.push((row[j] - sum) / above[j]);
            }
            let square = row[i] - factor.iter().map(|a| a * a).sum::<f64>();
            if !(square > 0.0 && square.is_finite()) {
                return None;
            }
            factor.push(square.sqrt());
            rows.push(factor);
        }
        Some(Self { rows })
    }

    /// L⁻¹v.
    pub fn solve_lower(&self, v: &[f64]) -> Vec<f64> {
        let mut solved: Vec<f64> = Vec::with_capacity(v.len());
        for (row, value) in self.rows.iter().zip(v) {
            let sum: f64 = row.iter().zip(&solved).map(|(a, b)| a * b).sum();
            solved.push((value - sum) / row[solved.len()]);
        }
        solved
    }

    /// L⁻ᵀv.
    pub fn solve_upper(&self, v: &[f64]) -> Vec<f64> {
        let mut solved = v.to_vec();
        for i in (0..solved.len()).rev() {
            solved[i] /= self.rows[i][i];
            for j in 0..i {
                solved[j] -= self.rows[i][j] * solved[i];
            }
        }
        solved
    }

    /// Lᵀv.
    pub fn transposed_times(&self, v: &[f64]) -> Vec<f64> {
        (0..v.len()).map(|i| (i..v.len()).map(|k| self.rows[k][i] * v[k]).sum()).collect()
    }

    /// L⁻¹ M L⁻ᵀ for a symmetric M.
    pub fn whitened(&self, matrix: &[Vec<f64>]) -> Vec<Vec<f64>> {
        // The rows of L⁻¹M are its columns, for M is symmetric.
        let columns: Vec<Vec<f64>> = matrix.iter().map(|row| self.solve_lower(row)).collect();
        let size = columns.len();
        let half: Vec<Vec<f64>> = (0..size).map(|i| (0..size).map(|j| columns[j][i]).collect()).collect();
        half.iter().map(|row| self.solve_lower(row)).collect()
    }
}

/// The eigenvalues of a symmetric matrix, by Jacobi's rotations (Golub & Van Loan, "Matrix computations", 8.5).
///
/// ```
/// use kl_runner::numeric::eigenvalues;
/// let mut values = eigenvalues(vec![vec![2.0, 1.0], vec![1.0, 2.0]]);
/// values.sort_by(f64::total_cmp);
/// assert!((values[0] - 1.0).abs() < 1e-15 && (values[1] - 3.0).abs() < 1e-15);
/// ```
#[expect(clippy::needless_range_loop, reason = "a rotation mixes two rows, and two columns")]
pub fn eigenvalues(mut matrix: Vec<Vec<f64>>) -> Vec<f64> {
    /// Convergence is quadratic: far fewer sweeps are ever needed.
    const SWEEPS: usize = 60;
    let size = matrix.len();
    for _ in 0..SWEEPS {
        let mut is_diagonal = true;
        for p in 0..size {
            for q in p + 1..size {
                let off = matrix[p][q];
                let scale = (matrix[p][p].abs() * matrix[q][q].abs()).sqrt();
                if off == 0.0 || off.abs() < 1e-18 * scale {
                    continue;
                }
                is_diagonal = false;
                let theta = (matrix[q][q] - matrix[p][p]) / (2.0 * off);
                let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
                let cos = 1.0 / (t * t + 1.0).sqrt();
                let sin = t * cos;
                for k in 0..size {
                    let (a, b) = (matrix[k][p], matrix[k][q]);
                    (matrix[k][p], matrix[k][q]) = (cos * a - sin * b, sin * a + cos * b);
                }
                for k in 0..size {
                    let (a, b) = (matrix[p][k], matrix[q][k]);
                    (matrix[p][k], matrix[q][k]) = (cos * a - sin * b, sin * a + cos * b);
                }
                (matrix[p][q], matrix[q][p]) = (0.0, 0.0);
            }
        }
        if is_diagonal {
            break;
        }
    }
    (0..size).map(|i| matrix[i][i]).collect()
}

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
    /// use kl_math::numeric::Cholesky;
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

    /// Lv.
    pub fn times(&self, v: &[f64]) -> Vec<f64> {
        self.rows.iter().map(|row| row.iter().zip(v).map(|(a, b)| a * b).sum()).collect()
    }

    /// The column of L with this number.
    pub fn column(&self, number: usize) -> Vec<f64> {
        self.rows.iter().map(|row| row.get(number).copied().unwrap_or(0.0)).collect()
    }

    /// ln |L|, half of that of the matrix.
    pub fn log_determinant(&self) -> f64 {
        self.rows.iter().filter_map(|row| row.last()).map(|&a| libm::log(a)).sum()
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

/// The eigenvalues of a symmetric matrix, ascending; see [`eigen`].
///
/// ```
/// use kl_math::numeric::eigenvalues;
/// let values = eigenvalues(vec![vec![2.0, 1.0], vec![1.0, 2.0]]);
/// assert!((values[0] - 1.0).abs() < 1e-15 && (values[1] - 3.0).abs() < 1e-15);
/// ```
pub fn eigenvalues(matrix: Vec<Vec<f64>>) -> Vec<f64> {
    eigen(matrix).0
}

/// The eigenvalues λ of a symmetric matrix A, ascending, and orthonormal eigenvectors: A v = λ v for the v of the same
/// number. By Jacobi's rotations (Golub & Van Loan, "Matrix computations", 8.5), each within some ulp of the largest
/// |λ|. A vector's sign is arbitrary, but the same on every machine; so is the basis that equal λ share.
///
/// ```
/// use kl_math::numeric::eigen;
/// let (values, vectors) = eigen(vec![vec![2.0, 1.0], vec![1.0, 2.0]]);
/// assert!((values[1] - 3.0).abs() < 1e-15);
/// assert!((vectors[1][0] - vectors[1][1]).abs() < 1e-15 && (vectors[1][0].abs() - 0.5f64.sqrt()).abs() < 1e-15);
/// ```
#[expect(clippy::needless_range_loop, reason = "a rotation mixes two rows, and two columns")]
pub fn eigen(mut matrix: Vec<Vec<f64>>) -> (Vec<f64>, Vec<Vec<f64>>) {
    /// Convergence is quadratic: far fewer sweeps are ever needed.
    const SWEEPS: usize = 60;
    let size = matrix.len();
    // The product of all rotations, transposed: its rows become the eigenvectors.
    let mut vectors: Vec<Vec<f64>> =
        (0..size).map(|i| (0..size).map(|j| if i == j { 1.0 } else { 0.0 }).collect()).collect();
    let rotate_rows = |rows: &mut [Vec<f64>], p: usize, q: usize, cos: f64, sin: f64| {
        for k in 0..size {
            let (a, b) = (rows[p][k], rows[q][k]);
            (rows[p][k], rows[q][k]) = (cos * a - sin * b, sin * a + cos * b);
        }
    };
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
                let t = 1f64.copysign(theta) / (theta.abs() + (theta * theta + 1.0).sqrt());
                let cos = 1.0 / (t * t + 1.0).sqrt();
                let sin = t * cos;
                for k in 0..size {
                    let (a, b) = (matrix[k][p], matrix[k][q]);
                    (matrix[k][p], matrix[k][q]) = (cos * a - sin * b, sin * a + cos * b);
                }
                rotate_rows(&mut matrix, p, q, cos, sin);
                rotate_rows(&mut vectors, p, q, cos, sin);
                (matrix[p][q], matrix[q][p]) = (0.0, 0.0);
            }
        }
        if is_diagonal {
            break;
        }
    }
    let mut pairs: Vec<(f64, Vec<f64>)> =
        vectors.into_iter().enumerate().map(|(i, vector)| (matrix[i][i], vector)).collect();
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    pairs.into_iter().unzip()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn dot(a: &[f64], b: &[f64]) -> f64 {
        a.iter().zip(b).map(|(a, b)| a * b).sum()
    }

    #[track_caller]
    fn check(matrix: &[Vec<f64>]) {
        let (values, vectors) = eigen(matrix.to_vec());
        assert_eq!(eigenvalues(matrix.to_vec()), values);
        assert!(values.is_sorted() && values.len() == matrix.len());
        let largest = values.iter().fold(0.0f64, |largest, value| largest.max(value.abs()));
        for (i, (value, vector)) in values.iter().zip(&vectors).enumerate() {
            for (row, v) in matrix.iter().zip(vector) {
                let error = (dot(row, vector) - value * v).abs();
                assert!(error <= 2e-14 * largest, "{matrix:?}: {error:e}");
            }
            for (j, other) in vectors.iter().enumerate() {
                let expected = if i == j { 1.0 } else { 0.0 };
                assert!((dot(vector, other) - expected).abs() < 2e-14, "{matrix:?}: {i} {j}");
            }
        }
    }

    #[test]
    fn eigenvectors_of_special_matrices() {
        assert_eq!(eigen(Vec::new()), (Vec::new(), Vec::new()));
        check(&[vec![-3.0]]);
        for size in 1..9usize {
            let matrix = |entry: fn(usize, usize) -> f64| -> Vec<Vec<f64>> {
                (0..size).map(|i| (0..size).map(|j| entry(i, j)).collect()).collect()
            };
            check(&matrix(|_, _| 0.0));
            check(&matrix(|_, _| 1.0));
            check(&matrix(|i, j| if i == j { 5.0 - i as f64 } else { 0.0 }));
            // Hilbert's, whose eigenvalues span ten decades; and one with λ of both signs.
            check(&matrix(|i, j| 1.0 / (i + j + 1) as f64));
            check(&matrix(|i, j| i.abs_diff(j) as f64));
        }
    }

    #[test]
    fn known_eigenvalues_are_met() {
        // The path of n springs: 2 − 2 cos(kπ/(n+1)).
        let n = 7;
        let entry = |i: usize, j: usize| [2.0, -1.0].get(i.abs_diff(j)).copied().unwrap_or(0.0);
        let matrix = (0..n).map(|i| (0..n).map(|j| entry(i, j)).collect()).collect();
        for (k, value) in eigenvalues(matrix).into_iter().enumerate() {
            let angle = std::f64::consts::PI * (k + 1) as f64 / (n + 1) as f64;
            assert!((value - (2.0 - 2.0 * libm::cos(angle))).abs() < 1e-14);
        }
    }

    proptest! {
        #[test]
        fn eigenvectors_of_any_matrix(entries in proptest::collection::vec(-1.0..1.0f64, 36), scale in -100..100i32) {
            let scale = libm::ldexp(1.0, scale);
            let matrix: Vec<Vec<f64>> =
                (0..6).map(|i| (0..6).map(|j| scale * (entries[6 * i + j] + entries[6 * j + i])).collect()).collect();
            check(&matrix);
        }
    }
}

//! The nearest of many points.

/// So few points are looked at one by one.
const LEAF: usize = 8;

/// Points of a space of some dimensions, ordered so that the nearest to any place are found without looking at all (a k-d
/// tree).
///
/// ```
/// use kl_math::numeric::Neighbours;
/// let points = Neighbours::new(2, &[0.0, 0.0, 3.0, 4.0, 6.0, 8.0]);
/// assert_eq!(points.distance(&[0.0, 0.0], 2, None), Some(5.0));
/// // Not to the point itself.
/// assert_eq!(points.distance(&[3.0, 4.0], 1, Some(1)), Some(5.0));
/// ```
#[derive(Clone, Debug)]
pub struct Neighbours {
    dimensions: usize,
    /// The coordinates of the points, in the order of the tree.
    points: Vec<f64>,
    /// Where each stood before.
    places: Vec<usize>,
}

/// What is looked for.
struct Search<'a> {
    query: &'a [f64],
    besides: Option<usize>,
    /// The smallest distances so far, ascending: |x| on the line, else squares.
    nearest: Vec<f64>,
}

impl Neighbours {
    /// Points by their coordinates, one after the other, `dimensions` of each.
    pub fn new(dimensions: usize, coordinates: &[f64]) -> Self {
        let count = coordinates.len() / dimensions.max(1);
        let mut places: Vec<usize> = (0..count).collect();
        arrange(dimensions, coordinates, &mut places, 0);
        let point = |&place: &usize| coordinates.iter().skip(place * dimensions).take(dimensions).copied();
        Self { dimensions, points: places.iter().flat_map(point).collect(), places }
    }

    /// The Euclidean distance to the `k`th nearest of the points, from 1, the one at place `besides` aside; none if there
    /// are not so many.
    pub fn distance(&self, query: &[f64], k: usize, besides: Option<usize>) -> Option<f64> {
        let mut search = Search { query, besides, nearest: vec![f64::INFINITY; k] };
        let others = self.places.len() - usize::from(besides.is_some_and(|place| place < self.places.len()));
        if k == 0 || k > others {
            return None;
        }
        self.visit(&mut search, 0, self.places.len(), 0);
        let found = search.nearest.last().copied()?;
        Some(if self.dimensions == 1 { found } else { found.sqrt() })
    }

    fn visit(&self, search: &mut Search<'_>, start: usize, end: usize, axis: usize) {
        if end - start <= LEAF {
            (start..end).for_each(|node| self.look_at(search, node));
            return;
        }
        let middle = start + (end - start) / 2;
        let (query, next) = (search.query[axis], (axis + 1) % self.dimensions);
        let ahead = query - self.points[middle * self.dimensions + axis];
        let (near, far) =
            if ahead < 0.0 { ((start, middle), (middle + 1, end)) } else { ((middle + 1, end), (start, middle)) };
        self.visit(search, near.0, near.1, next);
        self.look_at(search, middle);
        if self.size(ahead) < search.reach() {
            self.visit(search, far.0, far.1, next);
        }
    }

    fn look_at(&self, search: &mut Search<'_>, node: usize) {
        if search.besides == Some(self.places[node]) {
            return;
        }
        let point = &self.points[node * self.dimensions..(node + 1) * self.dimensions];
        // Terms come in one order, whatever the tree is.
        let distance = point.iter().zip(search.query).map(|(a, b)| self.size(a - b)).sum();
        search.take(distance);
    }

    /// What a difference along one axis adds.
    fn size(&self, difference: f64) -> f64 {
        if self.dimensions == 1 { difference.abs() } else { difference * difference }
    }
}

impl Search<'_> {
    /// How near a point must be to count.
    fn reach(&self) -> f64 {
        self.nearest.last().copied().unwrap_or(0.0)
    }

    fn take(&mut self, distance: f64) {
        if distance < self.reach() {
            self.nearest.pop();
            let place = self.nearest.partition_point(|&nearer| nearer <= distance);
            self.nearest.insert(place, distance);
        }
    }
}

/// Puts the middle one along the axis in the middle, and so on in both halves.
fn arrange(dimensions: usize, coordinates: &[f64], places: &mut [usize], axis: usize) {
    if places.len() <= LEAF {
        return;
    }
    let middle = places.len() / 2;
    let along = |place: usize| coordinates[place * dimensions + axis];
    places.select_nth_unstable_by(middle, |&a, &b| along(a).total_cmp(&along(b)).then(a.cmp(&b)));
    let next = (axis + 1) % dimensions;
    let (before, after) = places.split_at_mut(middle);
    arrange(dimensions, coordinates, before, next);
    arrange(dimensions, coordinates, &mut after[1..], next);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// By looking at all.
    fn brute_force(dimensions: usize, points: &[f64], query: &[f64], k: usize, besides: Option<usize>) -> Option<f64> {
        let all = points.chunks(dimensions).enumerate().filter(|&(place, _)| Some(place) != besides);
        let mut distances: Vec<f64> = all
            .map(|(_, point)| {
                let squares: f64 = point.iter().zip(query).map(|(a, b)| (a - b) * (a - b)).sum();
                if dimensions == 1 { (point[0] - query[0]).abs() } else { squares.sqrt() }
            })
            .collect();
        distances.sort_by(f64::total_cmp);
        k.checked_sub(1).and_then(|place| distances.get(place).copied())
    }

    proptest! {
        /// Coordinates on a coarse grid, so that many are the same.
        #[test]
        fn the_tree_finds_what_looking_at_all_finds(
            dimensions in 1usize..4,
            coordinates in proptest::collection::vec(-6i8..6, 0..240),
            k in 0usize..6,
        ) {
            let points: Vec<f64> = coordinates.iter().map(|&x| f64::from(x) / 3.0).collect();
            let points = &points[..points.len() / dimensions * dimensions];
            let tree = Neighbours::new(dimensions, points);
            for (place, point) in points.chunks(dimensions).enumerate() {
                let found = tree.distance(point, k, Some(place));
                prop_assert_eq!(found, brute_force(dimensions, points, point, k, Some(place)));
                let elsewhere: Vec<f64> = point.iter().map(|x| x * 0.7 + 0.1).collect();
                prop_assert_eq!(tree.distance(&elsewhere, k, None), brute_force(dimensions, points, &elsewhere, k, None));
            }
        }
    }
}

//! The nearest of many points.

/// So few points are looked at one by one.
const LEAF: usize = 8;

/// Points of a space of some dimensions, ordered so that the nearest to any place are found without looking at all: on a line by
/// their coordinate, else in a k-d tree.
///
/// ```
/// use kl_math::numeric::KdTree;
/// let points = KdTree::new(2, &[0.0, 0.0, 3.0, 4.0, 6.0, 8.0]);
/// assert_eq!(points.distance(&[0.0, 0.0], 2, None), Some(5.0));
/// // Not to the point itself.
/// assert_eq!(points.distance(&[3.0, 4.0], 1, Some(1)), Some(5.0));
/// ```
#[derive(Clone, Debug)]
pub struct KdTree {
    dimensions: usize,
    /// The coordinates of the points, in the order of the tree.
    points: Vec<f64>,
    /// Where each stood before.
    places: Vec<usize>,
}

/// What is looked for.
struct Search<'a> {
    query: &'a [f64],
    /// No point has the place `usize::MAX`.
    besides: usize,
    /// The squares of the smallest distances so far, ascending.
    nearest: &'a mut [f64],
    /// How near a point must be to count: the last of them.
    reach: f64,
}

impl KdTree {
    /// Points by their coordinates, one after the other, `dimensions` of each.
    pub fn new(dimensions: usize, coordinates: &[f64]) -> Self {
        let count = coordinates.len() / dimensions.max(1);
        let mut places: Vec<usize> = (0..count).collect();
        if dimensions == 1 {
            let along = |&place: &usize| coordinates.get(place).copied().unwrap_or(f64::NAN);
            places.sort_unstable_by(|a, b| along(a).total_cmp(&along(b)).then(a.cmp(b)));
        } else {
            arrange(dimensions, coordinates, &mut places, 0);
        }
        let point = |&place: &usize| coordinates.iter().skip(place * dimensions).take(dimensions).copied();
        Self { dimensions, points: places.iter().flat_map(point).collect(), places }
    }

    /// The Euclidean distance to the `k`th nearest of the points, from 1, the one at place `besides` aside; none if there
    /// are not so many.
    pub fn distance(&self, query: &[f64], k: usize, besides: Option<usize>) -> Option<f64> {
        /// So few distances need no memory of their own.
        const FEW: usize = 8;
        let others = self.places.len() - usize::from(besides.is_some_and(|place| place < self.places.len()));
        if k == 0 || k > others {
            return None;
        }
        if let (1, &[query]) = (self.dimensions, query) {
            return Some(self.distance_on_line(query, k, besides.unwrap_or(usize::MAX)));
        }
        let (mut few, mut many) = ([f64::INFINITY; FEW], Vec::new());
        let nearest = few.get_mut(..k).unwrap_or_else(|| {
            many.resize(k, f64::INFINITY);
            &mut many
        });
        let besides = besides.unwrap_or(usize::MAX);
        let search = Search { query: query.get(..self.dimensions)?, besides, nearest, reach: f64::INFINITY };
        let found = match self.dimensions {
            2 => self.search::<2>(search),
            3 => self.search::<3>(search),
            _ => self.search::<ANY>(search),
        };
        Some(found.sqrt())
    }

    /// The same on a line: the next point outward is the nearer one of two.
    fn distance_on_line(&self, query: f64, k: usize, besides: usize) -> f64 {
        let middle = self.points.partition_point(|&point| point < query);
        let (mut below, mut above) = (middle, middle);
        let mut found = f64::INFINITY;
        let mut left = k;
        while left > 0 {
            let lower = below.checked_sub(1).map_or(f64::INFINITY, |place| query - self.points[place]);
            let upper = self.points.get(above).map_or(f64::INFINITY, |point| point - query);
            let is_above = below == 0 || (above < self.points.len() && upper < lower);
            let place = if is_above {
                above += 1;
                above - 1
            } else {
                below -= 1;
                below
            };
            match self.places.get(place) {
                Some(&place) if place == besides => {}
                Some(_) => {
                    found = if is_above { upper } else { lower };
                    left -= 1;
                }
                None => return f64::INFINITY,
            }
        }
        found
    }

    /// In a number of dimensions that is known beforehand, or in [`ANY`].
    fn search<const D: usize>(&self, mut search: Search<'_>) -> f64 {
        self.visit::<D>(&mut search, 0, self.places.len(), 0);
        search.reach
    }

    fn visit<const D: usize>(&self, search: &mut Search<'_>, start: usize, end: usize, axis: usize) {
        let dimensions = if D == ANY { self.dimensions } else { D };
        if end - start <= LEAF {
            self.look_at::<D>(search, start, end);
            return;
        }
        let middle = start + (end - start) / 2;
        let (query, next) = (search.query[axis], if axis + 1 == dimensions { 0 } else { axis + 1 });
        let ahead = query - self.points[middle * dimensions + axis];
        let (near, far) =
            if ahead < 0.0 { ((start, middle), (middle + 1, end)) } else { ((middle + 1, end), (start, middle)) };
        self.visit::<D>(search, near.0, near.1, next);
        // Beyond the plane, and on it, nothing is nearer than the plane.
        if ahead * ahead < search.reach {
            self.look_at::<D>(search, middle, middle + 1);
            self.visit::<D>(search, far.0, far.1, next);
        }
    }

    /// Takes the points of these nodes one by one.
    fn look_at<const D: usize>(&self, search: &mut Search<'_>, start: usize, end: usize) {
        let dimensions = if D == ANY { self.dimensions } else { D };
        let (points, query) = (&self.points[start * dimensions..end * dimensions], &search.query[..dimensions]);
        for (point, &place) in points.chunks_exact(dimensions).zip(&self.places[start..end]) {
            // Terms come in one order, whatever the tree is.
            let distance: f64 = point.iter().zip(query).map(|(a, b)| (a - b) * (a - b)).sum();
            if distance < search.reach && place != search.besides {
                search.reach = insert(search.nearest, distance);
            }
        }
    }
}

/// A number of dimensions that is not known beforehand.
const ANY: usize = 0;

/// Puts a distance that is smaller than the last one in its place, instead of the last; returns the new last one.
fn insert(nearest: &mut [f64], distance: f64) -> f64 {
    let mut place = nearest.len().saturating_sub(1);
    while place > 0 && nearest[place - 1] > distance {
        nearest[place] = nearest[place - 1];
        place -= 1;
    }
    if let Some(slot) = nearest.get_mut(place) {
        *slot = distance;
    }
    nearest.last().copied().unwrap_or(0.0)
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
            dimensions in 1usize..6,
            coordinates in proptest::collection::vec(-6i8..6, 0..240),
            k in 0usize..12,
        ) {
            let points: Vec<f64> = coordinates.iter().map(|&x| f64::from(x) / 3.0).collect();
            let points = &points[..points.len() / dimensions * dimensions];
            let tree = KdTree::new(dimensions, points);
            for (place, point) in points.chunks(dimensions).enumerate() {
                let found = tree.distance(point, k, Some(place));
                prop_assert_eq!(found, brute_force(dimensions, points, point, k, Some(place)));
                let elsewhere: Vec<f64> = point.iter().map(|x| x * 0.7 + 0.1).collect();
                prop_assert_eq!(tree.distance(&elsewhere, k, None), brute_force(dimensions, points, &elsewhere, k, None));
            }
        }
    }
}

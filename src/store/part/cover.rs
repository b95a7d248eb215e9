//! Which parts cover all blocks, and which are missing.

use crate::plan::{BlockRow, PartNumber, Place};
use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::ops::Range;

/// A way from the first block to the last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cover {
    /// The parts that are there, one after the other, by their place in the list.
    pub(super) parts: Vec<usize>,
    /// Those of M that are not.
    pub(super) missing: Vec<PartNumber>,
}

#[derive(Clone, Copy)]
enum Step {
    There(usize),
    Missing(PartNumber),
}

/// The best way from the first block to a place.
#[derive(Clone, Copy)]
struct Way {
    /// How many of its parts are missing.
    missing: usize,
    /// How many parts it has.
    steps: usize,
    /// The last of them, and where it starts.
    last: Option<(Step, Place)>,
}

/// The way that needs the fewest parts of `of` besides those that are there, and of these the fewest; none if there is no way.
///
/// Parts of different M go together where they end at the same place.
pub(super) fn cover(row: &BlockRow, there: &[Range<Place>], of: Option<NonZeroU32>) -> Option<Cover> {
    let present = there.iter().enumerate().map(|(index, range)| (range.clone(), Step::There(index)));
    let absent = of.into_iter().flat_map(PartNumber::all).map(|number| (row.part(number), Step::Missing(number)));
    let mut steps: Vec<(Range<Place>, Step)> = present.chain(absent).filter(|(range, _)| !range.is_empty()).collect();
    // Those that are there come first.
    steps.sort_by_key(|(range, _)| (range.start, range.end));
    let mut best: BTreeMap<Place, Way> = BTreeMap::new();
    best.insert(Place::default(), Way { missing: 0, steps: 0, last: None });
    for (range, step) in steps {
        let Some(&Way { missing, steps, .. }) = best.get(&range.start) else { continue };
        let missing = missing + usize::from(matches!(step, Step::Missing(_)));
        let way = Way { missing, steps: steps + 1, last: Some((step, range.start)) };
        if best.get(&range.end).is_none_or(|other| (way.missing, way.steps) < (other.missing, other.steps)) {
            best.insert(range.end, way);
        }
    }
    let mut found = Cover::default();
    let mut place = row.end();
    loop {
        match &best.get(&place)?.last {
            Some((Step::There(index), start)) => {
                found.parts.push(*index);
                place = *start;
            }
            Some((Step::Missing(number), start)) => {
                found.missing.push(*number);
                place = *start;
            }
            None => break,
        }
    }
    found.parts.reverse();
    found.missing.reverse();
    Some(found)
}

/// Numbers as `sbatch --array=` reads them: `5,9-12`.
pub(super) fn listed(numbers: &[PartNumber]) -> String {
    let numbers: Vec<u32> = numbers.iter().map(|number| number.part()).collect();
    let runs = numbers.chunk_by(|one, next| one + 1 == *next);
    let shown = runs.filter_map(|run| match (run.first()?, run.last()?) {
        (first, last) if first == last => Some(first.to_string()),
        (first, last) => Some(format!("{first}-{last}")),
    });
    shown.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::planned_sampling;
    use crate::experiment_file::{self, Source};

    fn row() -> BlockRow {
        // Two groups of many blocks.
        let text = "seed = 1\ntrials = 1_000_000\nN = [1_000, 2_000]\nP = [0.5, 0.5]\nQ = [0.4, 0.6]\n";
        let source = Source { name: "coin.toml".to_owned(), text: text.to_owned() };
        BlockRow::of(&experiment_file::read(&source, "coin", &[]).unwrap(), planned_sampling)
    }

    fn number(text: &str) -> PartNumber {
        text.parse().unwrap()
    }

    /// The parts used and the parts missing, as a user names them.
    fn found(there: &[&str], of: u32) -> Option<(String, String)> {
        let (row, numbers) = (row(), there.iter().map(|text| number(text)).collect::<Vec<_>>());
        let ranges: Vec<_> = numbers.iter().map(|&number| row.part(number)).collect();
        let cover = cover(&row, &ranges, NonZeroU32::new(of))?;
        let parts: Vec<String> = cover.parts.iter().map(|&index| numbers[index].to_string()).collect();
        Some((parts.join(" "), listed(&cover.missing)))
    }

    #[test]
    fn parts_that_are_missing_are_named() {
        let of = |parts: &str, missing: &str| Some((parts.to_owned(), missing.to_owned()));
        assert_eq!(found(&[], 7), of("", "1-7"));
        assert_eq!(found(&["2/7", "5/7", "1/7"], 7), of("1/7 2/7 5/7", "3-4,6-7"));
        assert_eq!(found(&["1/2", "2/2"], 0), of("1/2 2/2", ""));
        assert_eq!(found(&["1/2"], 0), None);
        // Of different M: quarters and eighths end at the same places, sevenths do not.
        assert_eq!(found(&["1/4", "2/4"], 8), of("1/4 2/4", "5-8"));
        assert_eq!(found(&["1/7", "2/7", "3/7", "4/7"], 8), of("", "1-8"));
        assert_eq!(found(&["1/7", "2/7", "3/7", "4/7"], 7), of("1/7 2/7 3/7 4/7", "5-7"));
        assert_eq!(found(&["1/4", "2/4", "1/2", "2/2"], 4), of("1/2 2/2", ""));
        assert_eq!(found(&["1/2", "5/8", "7/8", "8/8", "6/8"], 0), of("1/2 5/8 6/8 7/8 8/8", ""));
    }
}

//! Counts on the command line.

use super::SampleError;

/// A list of counts: `12,30,8`, or with symbols `a=12,b=30,c=8`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountList {
    /// The symbols, if they are named.
    pub symbols: Option<Vec<String>>,
    /// How often each was seen.
    pub counts: Vec<u64>,
}

/// Lengths up to this are exact in a double, and sums of their squares in 128 bits.
const MOST: u64 = 1_000_000_000_000;

impl CountList {
    /// Reads a list; `flag` is its name in messages.
    ///
    /// ```
    /// use kl_runner::given_samples::CountList;
    /// assert_eq!(CountList::read("--p-counts", "12, 3_000, 8").expect("a list").counts, [12, 3_000, 8]);
    /// assert_eq!(CountList::read("--p-counts", "a=1,b=0").expect("a list").symbols.unwrap(), ["a", "b"]);
    /// assert_eq!(CountList::read("--p-counts", "1,-2,x").unwrap_err().len(), 2);
    /// ```
    ///
    /// # Errors
    ///
    /// All mistakes in it.
    pub fn read(flag: &'static str, text: &str) -> Result<Self, Vec<SampleError>> {
        let mistake = |item: &str, rule: &'static str, help: &'static str| SampleError::Counts {
            flag,
            item: item.to_owned(),
            rule,
            help,
        };
        let (mut counts, mut symbols, mut mistakes) = (Vec::new(), Vec::new(), Vec::new());
        for item in text.split(',').map(str::trim) {
            let (symbol, number) = match item.rsplit_once('=') {
                Some((symbol, number)) => (Some(symbol.trim().to_owned()), number.trim()),
                None => (None, item),
            };
            match number.replace('_', "").parse::<u64>() {
                Ok(count) if count <= MOST => counts.push(count),
                Ok(_) => mistakes.push(mistake(item, "a count is at most 1e12", "write a smaller number")),
                Err(_) => mistakes.push(mistake(
                    item,
                    "a count is a whole number, 0 or more",
                    "write for example 12,30,8 or a=12,b=30,c=8",
                )),
            }
            if let Some(symbol) = &symbol
                && symbols.contains(&Some(symbol.clone()))
            {
                mistakes.push(mistake(item, "a symbol is given once", "add its counts up"));
            }
            symbols.push(symbol);
        }
        let named = symbols.iter().flatten().count();
        if named > 0 && named < symbols.len() {
            let item = text.to_owned();
            let (rule, help) = ("all counts have a symbol, or none", "write for example 12,30,8 or a=12,b=30,c=8");
            mistakes.push(SampleError::Counts { flag, item, rule, help });
        }
        if mistakes.is_empty() && counts.iter().sum::<u64>() == 0 {
            mistakes.push(mistake(text, "all counts are 0", "write for example 12,30,8"));
        }
        if mistakes.is_empty()
            && counts.iter().try_fold(0u64, |sum, &count| sum.checked_add(count).filter(|&sum| sum <= MOST)).is_none()
        {
            mistakes.push(mistake(text, "the sum of counts is at most 1e12", "write smaller numbers"));
        }
        if mistakes.is_empty() {
            let symbols = (named > 0).then(|| symbols.into_iter().flatten().collect());
            Ok(Self { symbols, counts })
        } else {
            Err(mistakes)
        }
    }
}

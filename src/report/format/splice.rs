//! Documents with reports between markers.

use std::fmt;

/// The start of a marker; its arguments follow.
const START: &str = "<!-- runner report ";

/// The end of a marker.
const END: &str = " -->";

/// The line after a report.
const CLOSE: &str = "<!-- end of runner report -->";

/// A mistake in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpliceError {
    /// The line, from 1.
    pub line: usize,
}

impl fmt::Display for SpliceError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "line {}: a report begins here, but no line `{CLOSE}` ends it", self.line)
    }
}

/// Returns `text` with the lines between each marker `<!-- runner report ARGUMENTS -->` and `<!-- end of runner report -->`
/// replaced by what `report` returns for the arguments, and the number of markers.
///
/// ```
/// use kl_runner::report::splice;
/// let text = "# Results\n<!-- runner report results/coin -->\nold\n<!-- end of runner report -->\n";
/// let spliced = splice(text, &mut |arguments, _| Ok::<_, ()>(format!("report of {arguments}\n")))?;
/// assert_eq!(spliced, Ok((text.replace("old", "\nreport of results/coin\n"), 1)));
/// # Ok::<(), ()>(())
/// ```
pub fn splice<E>(
    text: &str,
    report: &mut dyn FnMut(&str, usize) -> Result<String, E>,
) -> Result<Result<(String, usize), SpliceError>, E> {
    let (mut spliced, mut count) = (String::with_capacity(text.len()), 0);
    let mut lines = text.split_inclusive('\n').zip(1..);
    let mut fence: Option<&str> = None;
    while let Some((line, number)) = lines.next() {
        spliced.push_str(line);
        let trimmed = line.trim();
        // A marker in a code block is an example.
        let mark = ["```", "~~~"].into_iter().find(|mark| trimmed.starts_with(mark));
        match (fence, mark) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark => fence = None,
            _ => {}
        }
        let arguments = trimmed.strip_prefix(START).and_then(|rest| rest.strip_suffix(END)).filter(|_| fence.is_none());
        let Some(arguments) = arguments else { continue };
        let report = report(arguments.trim(), number)?;
        // The start of another report is not the end of this one.
        let is_marker = |line: &str| line.trim() == CLOSE || line.trim().starts_with(START);
        let close = lines.by_ref().map(|(line, _)| line).find(|line| is_marker(line));
        let Some(close) = close.filter(|line| line.trim() == CLOSE) else {
            return Ok(Err(SpliceError { line: number }));
        };
        // Markdown wants a blank line between a comment and a table.
        spliced.push_str(&format!("\n{}\n{close}", report.trim_end_matches('\n').to_owned() + "\n"));
        count += 1;
    }
    Ok(Ok((spliced, count)))
}

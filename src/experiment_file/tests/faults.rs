//! Helpers: a message on one line, and marks for the places of mistakes.

use super::message;

/// The title and the help of each message.
pub(crate) fn parts(messages: &str) -> Vec<(&str, String)> {
    let one = |message: &'_ str| {
        let help: Vec<String> = message.split("= help: ").skip(1).map(|help| help.trim().to_owned()).collect();
        help.join(" | ")
    };
    let titles = messages.split("\n\n").map(|message| {
        let title = message.lines().next().and_then(|line| line.strip_prefix("error: ")).expect("a title");
        (title, one(message))
    });
    titles.collect()
}

/// Each message on a line: its place, what it underlines, its title and its help.
pub(crate) fn brief(messages: &str) -> String {
    let line = |((title, help), message): ((&str, String), &str)| {
        let place = match place(message) {
            Some((place, underlined)) => format!("{place} «{underlined}» "),
            None => String::new(),
        };
        format!("{place}{title} | {help}")
    };
    parts(messages).into_iter().zip(messages.split("\n\n")).map(line).collect::<Vec<_>>().join("\n")
}

/// The place of a message, and the underlined text.
fn place(message: &str) -> Option<(String, String)> {
    let lines: Vec<&str> = message.lines().collect();
    let row = lines.iter().position(|line| line.trim_start().starts_with("--> "))?;
    let marks = row + lines[row..].iter().position(|line| line.contains('^'))?;
    let is_mark = |c: &char| *c == '^';
    let start = lines[marks].chars().take_while(|c| !is_mark(c)).count();
    let length = lines[marks].chars().filter(is_mark).count();
    let underlined = lines[marks - 1].chars().skip(start).take(length).collect();
    let place = lines[row].trim_start().trim_start_matches("--> ").trim_start_matches("coin.toml:");
    Some((place.to_owned(), underlined))
}

/// The text without its marks, and the line, column and length of each marked range, in the order of the file.
fn unmarked(marked: &str) -> (String, Vec<[usize; 3]>) {
    let (mut text, mut places, mut open) = (String::new(), Vec::new(), Vec::new());
    let (mut line, mut column) = (1, 1);
    for c in marked.chars() {
        match c {
            '«' => {
                open.push(places.len());
                places.push([line, column, 0]);
            }
            '»' => {
                let opened: usize = open.pop().expect("an open mark");
                places[opened][2] = column - places[opened][1];
            }
            _ => {
                text.push(c);
                (line, column) = if c == '\n' { (line + 1, 1) } else { (line, column + 1) };
            }
        }
    }
    assert!(open.is_empty(), "a mark is left open");
    (text, places)
}

/// The line, column and length of the underlines in the messages.
fn underlined(messages: &str) -> Vec<[usize; 3]> {
    let lines: Vec<&str> = messages.lines().collect();
    let arrows = lines.iter().enumerate().filter(|(_, line)| line.trim_start().starts_with("--> "));
    arrows
        .map(|(index, line)| {
            let mut numbers = line.rsplit(':').map(|number| number.parse().expect("a number"));
            let (column, row) = (numbers.next().expect("a column"), numbers.next().expect("a line"));
            let marks = lines[index..].iter().find(|line| line.contains('^')).expect("a line that is underlined");
            [row, column, marks.matches('^').count()]
        })
        .collect()
}

/// The messages of a marked text, whose mistakes are exactly those that are marked, each with a help.
pub(crate) fn checked(marked: &str) -> String {
    let (text, places) = unmarked(marked);
    let message = message(&text);
    assert_eq!(underlined(&message), places, "{text}\n{message}");
    for one in message.split("\n\n") {
        assert!(one.contains("= help: "), "no help:\n{one}");
    }
    message
}

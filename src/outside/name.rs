//! Names that become file names.

use super::printable;

/// A name that cannot be a file name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name:?}, which is not a plain file name: {rule}")]
pub struct NameError {
    /// The name.
    pub name: String,
    /// The rule that it breaks.
    pub rule: &'static str,
}

/// The longest name in bytes; with an extension, it is valid on any file system.
const LONGEST: usize = 200;

/// Names of devices on Windows, with any extension.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// Checks that a name is a plain file name on any system, which cannot lead out of its folder.
///
/// ```
/// use kl_runner::outside::check_name;
/// assert!(check_name("how-soon 2.1").is_ok());
/// assert!(["", "..", "../pwn", "a\\b", "C:", "nul.csv", ".hidden", "a\u{1b}"].iter().all(|name| check_name(name).is_err()));
/// ```
pub fn check_name(name: &str) -> Result<(), NameError> {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    let is_port = ["com", "lpt"].iter().any(|port| stem.strip_prefix(port).is_some_and(is_one_digit));
    let rule = if name.is_empty() {
        "it is empty"
    } else if name.len() > LONGEST {
        "it is longer than 200 bytes"
    } else if name.contains(['/', '\\', ':']) {
        "it contains `/`, `\\` or `:`"
    } else if name.starts_with('.') {
        "it begins with a dot"
    } else if printable(name) != name {
        "it contains a control character"
    } else if name.ends_with(['.', ' ']) {
        "it ends in a dot or a space, which some systems drop"
    } else if is_port || DEVICES.contains(&stem.as_str()) {
        "it is the name of a device on Windows"
    } else {
        return Ok(());
    };
    Err(NameError { name: name.to_owned(), rule })
}

fn is_one_digit(text: &str) -> bool {
    let mut letters = text.chars();
    matches!((letters.next(), letters.next()), (Some('0'..='9' | '¹' | '²' | '³'), None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_names() {
        let long = "x".repeat(LONGEST);
        for name in [
            "coin",
            "index",
            "a b",
            "größe",
            "v1.2",
            "console",
            "com",
            "com10",
            "auxiliary",
            "nulls",
            "-",
            "~",
            long.as_str(),
        ] {
            assert_eq!(check_name(name), Ok(()), "{name}");
        }
        let long = long + "x";
        for name in [
            "",
            ".",
            "..",
            "...",
            "/",
            "/etc/passwd",
            "../../etc/passwd",
            "a/b",
            "a\\b",
            "C:\\x",
            "c:x",
            "a:stream",
            ".git",
            "a.",
            "a ",
            "CON",
            "con.toml",
            "Nul",
            "nul .csv",
            "COM1",
            "lpt9.x",
            "com¹",
            "a\0b",
            "a\nb",
            "\u{202e}gnp",
            "\u{feff}a",
            long.as_str(),
        ] {
            let message = check_name(name).unwrap_err().to_string();
            assert!(printable(&message) == message, "{message}");
        }
    }
}

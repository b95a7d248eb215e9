//! Links to files.

/// Returns a path as it is written in a link.
///
/// ```
/// use kl_runner::report::link_to;
/// assert_eq!(link_to("50 % (new)#2/größe.html"), "50%20%25%20%28new%29%232/größe.html");
/// ```
pub fn link_to(path: &str) -> String {
    let encode = |c: char| match c {
        '.' | '-' | '_' | '/' | '~' => c.to_string(),
        c if c.is_ascii() && !c.is_ascii_alphanumeric() => format!("%{:02X}", u32::from(c)),
        c => c.to_string(),
    };
    path.chars().map(encode).collect()
}

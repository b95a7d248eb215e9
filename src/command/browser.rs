//! Pages, opened in the user's browser.

use super::output::{say, shown_path};
use crate::outside::printable;
use crate::report::link_to;
use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::path::Path;
use std::process::{Command, Stdio};

/// Opens a page that was written. Where that fails, a message says how to see it: the page is there all the same.
pub(crate) fn open_page(path: &Path) {
    let shown = shown_path(path);
    say(&match open(path) {
        Ok(()) => format!("opened {shown} in the browser\n"),
        Err(reason) => {
            let page = address(path);
            format!(
                "note: {shown} is not opened, since {}\n  help: open {page} in a browser, copy the file to a machine with one, or name one, as in BROWSER=firefox\n",
                printable(&reason)
            )
        }
    });
}

fn open(path: &Path) -> Result<(), String> {
    let named = |name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
    let path = std::path::absolute(path).map_err(|error| error.to_string())?;
    if let Some(browsers) = named("BROWSER") {
        return open_with(&browsers, &path, has_screen(named));
    }
    if !has_screen(named) {
        return Err("there is no display".to_owned());
    }
    open::that_detached(&path).map_err(|error| format!("no browser could be started: {error}"))
}

/// Whether a window would be seen by the person who typed the command.
fn has_screen(named: impl Fn(&str) -> Option<String>) -> bool {
    if cfg!(any(windows, target_os = "macos")) {
        named("SSH_CONNECTION").is_none()
    } else {
        ["DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"].into_iter().any(|name| named(name).is_some())
    }
}

/// Starts the first of the browsers that can be, separated by `:` as in the manual of xdg-open. `%s` stands for the page.
fn open_with(browsers: &str, path: &Path, has_screen: bool) -> Result<(), String> {
    let separator = if cfg!(windows) { ';' } else { ':' };
    let mut reason = "BROWSER names none".to_owned();
    for browser in browsers.split(separator).filter(|browser| !browser.trim().is_empty()) {
        match start(browser, path, has_screen) {
            Ok(()) => return Ok(()),
            Err(error) => reason = format!("BROWSER names {browser:?}, which could not be started: {error}"),
        }
    }
    Err(reason)
}

fn start(browser: &str, path: &Path, has_screen: bool) -> io::Result<()> {
    // A path of Windows has backslashes, and a browser of it has spaces in its path.
    let words = match cfg!(windows) {
        true => Some(vec![browser.trim().to_owned()]),
        false => shlex::split(browser),
    };
    let words = words.ok_or_else(|| io::Error::other("a quote is not closed"))?;
    let mut words: Vec<OsString> = words.into_iter().map(OsString::from).collect();
    let mut is_named = false;
    for word in words.iter_mut().skip(1).filter(|word| word.as_os_str() == "%s") {
        *word = path.into();
        is_named = true;
    }
    if !is_named {
        words.push(path.into());
    }
    let mut words = words.into_iter();
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words);
    // Without a screen it is a browser of the terminal, which is needed while it runs.
    if !has_screen && io::stdin().is_terminal() && io::stdout().is_terminal() {
        let status = command.status()?;
        return if status.success() { Ok(()) } else { Err(io::Error::other(status.to_string())) };
    }
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().map(drop)
}

/// The address of a page as a browser takes it.
fn address(path: &Path) -> String {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let path = link_to(&path.to_string_lossy().replace('\\', "/"));
    // A drive of Windows has no slash before it.
    format!("file://{}{path}", if path.starts_with('/') { "" } else { "/" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_those_of_files() {
        let page = if cfg!(windows) { r"C:\my pages\a.html" } else { "/my pages/a.html" };
        let address = address(Path::new(page));
        assert!(address.starts_with("file:///") && address.ends_with("/my%20pages/a.html"), "{address}");
    }

    #[test]
    fn a_screen_is_where_the_person_is() {
        let with = |set: &'static str| move |name: &str| (name == set).then(|| "1".to_owned());
        let is_desktop = cfg!(any(windows, target_os = "macos"));
        assert_eq!(has_screen(with("")), is_desktop);
        assert!(has_screen(with("DISPLAY")));
        assert!(!has_screen(with("SSH_CONNECTION")));
    }

    #[test]
    fn a_browser_that_is_none_is_told() {
        let told = open_with("no-such-browser:another 'one", Path::new("a.html"), true).unwrap_err();
        assert_eq!(told, "BROWSER names \"another 'one\", which could not be started: a quote is not closed");
        assert_eq!(open_with(" : ", Path::new("a.html"), true).unwrap_err(), "BROWSER names none");
    }
}

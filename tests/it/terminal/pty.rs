//! A pseudo-terminal, and what a program writes to it.

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use std::fs::File;
use std::io::Read;
use std::process::{Command, Stdio};

/// What a program wrote to a terminal of `columns` columns, both streams, and its exit code.
pub(super) fn on_terminal(mut command: Command, columns: u16) -> (String, Option<i32>) {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let name = ptsname(&master, Vec::new()).unwrap().into_string().unwrap();
    let terminal = || File::options().read(true).write(true).open(&name).unwrap();
    let size = Winsize { ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    tcsetwinsize(terminal(), size).unwrap();
    command.env("TERM", "xterm-256color").stdin(Stdio::null()).stdout(terminal()).stderr(terminal());
    let mut child = command.spawn().unwrap();
    // The command holds two ends of the terminal: reading ends only when all are closed.
    drop(command);
    let (mut master, mut bytes) = (File::from(master), Vec::new());
    // Linux reports the end as an error.
    let _ = master.read_to_end(&mut bytes);
    let code = child.wait().unwrap().code();
    (String::from_utf8(bytes).unwrap(), code)
}

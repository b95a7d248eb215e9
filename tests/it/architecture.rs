//! ARCHITECTURE.md lists the rooms of each crate from top to bottom, and imports lead downward only.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The rooms that ARCHITECTURE.md lists for each folder of sources, from top to bottom.
fn listed() -> Vec<(String, Vec<String>)> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md")).unwrap();
    let mut folders: Vec<(String, Vec<String>)> = Vec::new();
    let mut is_inside = false;
    for line in text.lines() {
        if let Some(folder) = line.strip_prefix("<!-- rooms of ").and_then(|rest| rest.strip_suffix(" -->")) {
            folders.push((folder.to_owned(), Vec::new()));
            is_inside = true;
        } else if line == "<!-- end of rooms -->" {
            is_inside = false;
        } else if let Some(rest) = line.strip_prefix("| `").filter(|_| is_inside) {
            let (room, _) = rest.split_once('`').unwrap();
            folders.last_mut().unwrap().1.push(room.to_owned());
        }
    }
    folders
}

/// The rooms of a folder, by its files and folders.
fn rooms(folder: &Path) -> BTreeSet<String> {
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let rooms = names.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned());
    rooms.filter(|room| room != "lib" && room != "main").collect()
}

/// The source files of a room, without its tests.
fn files(room: &Path) -> Vec<PathBuf> {
    let mut files = vec![room.with_extension("rs")];
    let mut folders = vec![room.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for path in entries.map(|entry| entry.unwrap().path()) {
            let is_tests = path.file_stem().is_some_and(|stem| stem == "tests");
            if path.is_dir() && !is_tests {
                folders.push(path);
            } else if !is_tests && path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.retain(|file| file.exists());
    files
}

/// The rooms of its own crate that a file names in code, tests aside.
fn imported(file: &Path) -> BTreeSet<String> {
    let text = std::fs::read_to_string(file).unwrap();
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    let named = lines.flat_map(|line| line.split("crate::").skip(1));
    named.map(|rest| rest.chars().take_while(|&c| c.is_ascii_lowercase() || c == '_').collect()).collect()
}

#[test]
fn imports_lead_downward_and_every_room_is_listed() {
    let folders = listed();
    assert_eq!(folders.len(), 3);
    for (folder, order) in folders {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(&folder);
        assert_eq!(order.iter().cloned().collect::<BTreeSet<_>>(), rooms(&root), "the rooms of {folder}");
        let mut imports = 0;
        for (place, room) in order.iter().enumerate() {
            for file in files(&root.join(room)) {
                for import in imported(&file) {
                    let Some(other) = order.iter().position(|other| *other == import) else { continue };
                    imports += usize::from(other != place);
                    assert!(other >= place, "{} imports {import}, which is above {room}", file.display());
                }
            }
        }
        assert!(imports > 5, "{folder}: only {imports} imports found");
    }
}

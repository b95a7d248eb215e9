//! Files beside an experiment file.

use crate::outside::{MOST_AT_ONCE, read_input};
use serde_json::{Map, Value as Json};
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// The files that distributions are read from, each read once.
#[derive(Debug, Default)]
pub(crate) struct Files {
    /// What their paths are relative to.
    pub(super) folder: PathBuf,
    read: RefCell<BTreeMap<String, Contents>>,
}

/// The bytes of a file, and their SHA-256.
#[derive(Clone, Debug)]
pub(super) struct Contents {
    pub(super) bytes: Rc<[u8]>,
    sha256: String,
}

impl Files {
    /// Paths are relative to the folder of the experiment file `name`.
    pub(crate) fn beside(name: &str) -> Self {
        Self { folder: Path::new(name).parent().unwrap_or(Path::new("")).to_owned(), ..Self::default() }
    }

    pub(super) fn read(&self, path: &str) -> io::Result<Contents> {
        if let Some(known) = self.read.borrow().get(path) {
            return Ok(known.clone());
        }
        let bytes = read_input(&self.folder.join(path), MOST_AT_ONCE)?;
        let sha256 = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let contents = Contents { bytes: bytes.into(), sha256 };
        self.read.borrow_mut().insert(path.to_owned(), contents.clone());
        Ok(contents)
    }

    /// The SHA-256 of each file, by its path as written; none without files.
    pub(crate) fn digests(&self) -> Option<Json> {
        let read = self.read.borrow();
        let digests: Map<String, Json> =
            read.iter().map(|(path, contents)| (path.clone(), contents.sha256.as_str().into())).collect();
        (!digests.is_empty()).then_some(Json::Object(digests))
    }
}

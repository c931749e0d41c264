//! The sources, for tests that read the house off them.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every Rust file below a folder, with its text.
pub fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
    assert!(!found.is_empty(), "{} holds no source", folder.display());
    found
}

/// The text of every integration test.
pub fn sources_of_tests() -> String {
    let all = sources(&root().join("crates/api/tests/it"));
    all.into_iter().map(|(_, text)| text).collect()
}

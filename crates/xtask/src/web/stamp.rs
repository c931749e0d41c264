//! A fingerprint of everything the build reads, so that a second build does nothing.

use super::Mode;
use crate::setup::Toolchain;
use crate::workspace;
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// Files and folders that the app is made of, this build's own code among them.
const INPUTS: [&str; 8] = [
    "frontend",
    "crates/client",
    "crates/domain",
    "crates/xtask/src/web",
    "crates/xtask/src/web.rs",
    "Cargo.toml",
    "Cargo.lock",
    ".cargo/config.toml",
];

/// The fingerprint: SHA-256 over names and contents, the mode and the compiler's version.
///
/// # Errors
/// When an input can't be read.
pub fn of_inputs(mode: Mode, toolchain: Toolchain) -> Result<String> {
    let mut hash = Sha256::new();
    hash.update(mode.name());
    hash.update(toolchain.version()?);
    for input in INPUTS {
        let mut files = Vec::new();
        collect(&workspace::path(input), &mut files)?;
        files.sort();
        for file in files {
            let content = fs::read(&file).with_context(|| file.display().to_string())?;
            hash.update(file.to_string_lossy().as_bytes());
            hash.update(content.len().to_le_bytes());
            hash.update(content);
        }
    }
    Ok(format!("{:x}", hash.finalize()))
}

/// All files below a path, without installed packages.
///
/// # Errors
/// When a folder can't be read.
pub fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_file() {
        files.push(path.to_path_buf());
        return Ok(());
    }
    for entry in fs::read_dir(path).with_context(|| path.display().to_string())? {
        let entry = entry?;
        if entry.file_name() != "node_modules" {
            collect(&entry.path(), files)?;
        }
    }
    Ok(())
}

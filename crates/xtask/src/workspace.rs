//! Where things stand in the repository.

use std::path::{Path, PathBuf};

/// The repository's root folder.
pub fn root() -> PathBuf {
    // crates/xtask is two levels below the root; the path is the one this program was compiled from.
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// A path below the root.
pub fn path(relative: &str) -> PathBuf {
    root().join(relative)
}

/// Cargo's folder for native builds: `CARGO_TARGET_DIR`, or `target`.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(dir) if !dir.is_empty() => root().join(dir),
        _ => path("target"),
    }
}

/// The server's binary as `cargo build` leaves it.
pub fn portal_binary() -> PathBuf {
    target().join("debug").join(format!("portal{}", std::env::consts::EXE_SUFFIX))
}

/// Whether a build server runs this: no incremental artefacts, no colours, nothing interactive.
pub fn on_ci() -> bool {
    std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false")
}

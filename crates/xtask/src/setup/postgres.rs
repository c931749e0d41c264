//! PostgreSQL's server programs, for the tests' own cluster.

use super::apt;
use crate::proc::{self, tell};
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// The folder with `initdb`, `postgres` and `pg_isready`: the newest under Debian's layout, or the one on PATH.
pub fn binaries() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<(u32, PathBuf)> = versions
        .filter_map(|version| Some((version.file_name().to_str()?.parse().ok()?, version.path().join("bin"))))
        .filter(|(_, bin)| is_complete(bin))
        .collect();
    found.sort();
    if let Some((_, bin)) = found.pop() {
        return Some(bin);
    }
    let initdb = proc::which("initdb")?.canonicalize().ok()?;
    initdb.parent().filter(|bin| is_complete(bin)).map(Path::to_path_buf)
}

fn is_complete(bin: &Path) -> bool {
    ["initdb", "postgres", "pg_isready"].iter().all(|name| proc::is_program(&bin.join(name)))
}

/// Finds the server or installs it. With `TEST_DATABASE_URL` set nothing is needed.
pub fn find_or_install() -> Result<()> {
    if std::env::var_os("TEST_DATABASE_URL").is_some_and(|url| !url.is_empty()) {
        tell("the server named by TEST_DATABASE_URL");
        return Ok(());
    }
    programs()
}

/// Finds the server's programs or installs them.
pub fn programs() -> Result<()> {
    if binaries().is_none() {
        apt::install(&["postgresql"])
            .context("PostgreSQL's server is needed: install it, or name a server in TEST_DATABASE_URL")?;
    }
    let bin = binaries().context("PostgreSQL was installed, but initdb can't be found")?;
    tell(&format!("{}", bin.display()));
    Ok(())
}

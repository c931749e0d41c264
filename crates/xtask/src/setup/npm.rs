//! npm packages, exactly as the lock file names them.

use crate::proc::{self, tell};
use crate::workspace;
use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use std::fs;

/// Installs the packages of a folder with a `package-lock.json`, unless that very lock file was installed before.
///
/// # Errors
/// When Node is missing or older than 20, or npm fails.
pub fn install(folder: &str) -> Result<()> {
    let dir = workspace::path(folder);
    let lock =
        fs::read(dir.join("package-lock.json")).with_context(|| format!("{folder}/package-lock.json"))?;
    let wanted = format!("{:x}", Sha256::digest(&lock));
    let stamp = dir.join("node_modules/.portal-lock");
    if fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        tell("as the lock file says");
        return Ok(());
    }
    check_node()?;
    tell(&format!("installs {folder}/node_modules by npm ci"));
    let mut npm = proc::command("npm");
    npm.current_dir(&dir)
        .args(["ci", "--no-progress", "--loglevel=error"])
        // Browsers come from the system where it has one; see `browser`.
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    proc::run(&mut npm)?;
    fs::write(stamp, wanted)?;
    Ok(())
}

fn check_node() -> Result<()> {
    let version = proc::output(proc::command("node").arg("--version"))
        .context("Node 20 or later is needed: install it from nodejs.org or your distribution")?;
    let major = version.trim().trim_start_matches('v').split('.').next().and_then(|m| m.parse::<u32>().ok());
    if major.is_none_or(|major| major < 20) {
        bail!("Node 20 or later is needed, this is {}", version.trim());
    }
    Ok(())
}

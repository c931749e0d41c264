//! The tests' Python: a virtual environment below `target`, with the servers that integration tests talk to: for
//! mail, for files and for payments.

use super::apt;
use crate::proc::{self, tell};
use crate::workspace;
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;

/// Which packages, at which versions.
const REQUIREMENTS: &str = "crates/api/tests/it/outbox/requirements.txt";

/// Installs the packages, unless that very list was installed before. The tests look for them beside the built binaries.
///
/// # Errors
/// When Python is missing and can't be installed, or pip fails.
pub fn find_or_install() -> Result<()> {
    let list = workspace::path(REQUIREMENTS);
    let wanted = format!("{:x}", Sha256::digest(fs::read(&list).context(REQUIREMENTS)?));
    let environment = workspace::target().join("python");
    let stamp = environment.join(".portal-requirements");
    if fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        tell("as the list of requirements says");
        return Ok(());
    }
    tell(&format!("makes {}", environment.display()));
    if let Err(error) = make(&environment) {
        // Debian's python3 comes without the module that makes environments.
        if !apt::is_here() {
            return Err(
                error.context("Python 3.9 or later with its venv module is needed for the tests' servers")
            );
        }
        apt::install(&["python3-venv"])?;
        make(&environment)?;
    }
    proc::run(
        proc::command(environment.join("bin/python"))
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"])
            .arg(&list),
    )?;
    fs::write(stamp, wanted)?;
    Ok(())
}

fn make(environment: &Path) -> Result<()> {
    proc::output(proc::command("python3").args(["-m", "venv", "--clear"]).arg(environment)).map(drop)
}

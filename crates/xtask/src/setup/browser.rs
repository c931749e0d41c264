//! A Chromium for the browser tests.

use super::apt;
use crate::proc::{self, tell};
use anyhow::{Context, Result};
use std::path::PathBuf;

/// The browser that the tests drive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Browser {
    /// A program on this machine.
    Installed(PathBuf),
    /// The one that Playwright downloaded for itself.
    Playwright,
}

/// A browser that is there: the one named by `PORTAL_E2E_CHROMIUM`, the system's, or Playwright's own.
pub fn find() -> Option<Browser> {
    if let Some(named) = std::env::var_os("PORTAL_E2E_CHROMIUM").filter(|named| !named.is_empty()) {
        return Some(Browser::Installed(named.into()));
    }
    let installed = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
    if let Some(program) = installed.iter().find_map(|name| proc::which(name)) {
        return Some(Browser::Installed(program));
    }
    let asked = "process.stdout.write(require('@playwright/test').chromium.executablePath())";
    let path =
        proc::output(proc::command("node").current_dir(crate::workspace::path("e2e")).args(["-e", asked]));
    path.ok().filter(|path| proc::is_program(path.as_ref())).map(|_| Browser::Playwright)
}

/// Finds a browser or installs one.
pub fn find_or_install() -> Result<Browser> {
    if let Some(found) = find() {
        tell(&match &found {
            Browser::Installed(program) => format!("{}", program.display()),
            Browser::Playwright => "Playwright's own Chromium".to_owned(),
        });
        return Ok(found);
    }
    // Ubuntu's package of that name only points to a snap, which a test can't drive: take Playwright's there.
    if apt::is_here() && !is_ubuntu() && apt::knows("chromium") {
        apt::install(&["chromium"])?;
    } else {
        tell("downloads Chromium by Playwright");
        let mut npx = proc::command("npx");
        proc::run(npx.current_dir(crate::workspace::path("e2e")).args([
            "playwright",
            "install",
            "chromium",
        ]))?;
    }
    find().context("Chromium was installed but can't be found; name it in PORTAL_E2E_CHROMIUM")
}

fn is_ubuntu() -> bool {
    std::fs::read_to_string("/etc/os-release").is_ok_and(|text| text.lines().any(|line| line == "ID=ubuntu"))
}

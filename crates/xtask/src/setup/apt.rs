//! Debian's and Ubuntu's packages.

use crate::proc::{self, tell};
use anyhow::{Result, bail};
use std::process::Command;
use std::sync::Once;

/// Whether this system installs packages by apt.
pub fn is_here() -> bool {
    proc::which("apt-get").is_some()
}

/// Whether apt knows a package of that name.
pub fn knows(package: &str) -> bool {
    refresh();
    let policy = proc::output(proc::command("apt-cache").args(["policy", package])).unwrap_or_default();
    policy.lines().any(|line| line.trim().strip_prefix("Candidate:").is_some_and(|c| c.trim() != "(none)"))
}

/// Installs packages, as root or by sudo.
///
/// # Errors
/// When this user may not, or apt fails.
pub fn install(packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    if !is_here() {
        bail!("this system has no apt-get; install by hand: {list}");
    }
    refresh();
    tell(&format!("installs {list} by apt-get"));
    let mut apt = privileged("apt-get")?;
    apt.args(["-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Use-Pty=0", "-qq", "install", "-y"])
        .arg("--no-install-recommends")
        .args(packages);
    proc::run(&mut apt)
}

/// Reads the package lists anew, once a run. Lists that can't be read show in the install that follows.
fn refresh() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tell("reads apt's package lists");
        let update = privileged("apt-get").and_then(|mut apt| {
            proc::output(apt.args(["-o", "DPkg::Lock::Timeout=300", "-q", "update"])).map(drop)
        });
        if let Err(error) = update {
            tell(&format!("{error:#}"));
        }
    });
}

/// A command with root's rights.
fn privileged(program: &str) -> Result<Command> {
    if is_root() {
        let mut command = proc::command(program);
        command.env("DEBIAN_FRONTEND", "noninteractive");
        return Ok(command);
    }
    if proc::which("sudo").is_none() {
        bail!("`{program}` needs root; run it by hand or install sudo");
    }
    let mut command = proc::command("sudo");
    command.args(["DEBIAN_FRONTEND=noninteractive", program]);
    Ok(command)
}

/// Whether this process is root.
pub fn is_root() -> bool {
    proc::output(proc::command("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

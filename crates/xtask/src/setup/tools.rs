//! Cargo's helpers from crates.io, at versions that the project's Rust builds.

use crate::proc::{self, tell};
use anyhow::Result;

const NEXTEST: &str = "0.9.132";
const DENY: &str = "0.20.2";

/// Whether tests run by cargo-nextest; otherwise `cargo test` does it. Installs it when missing.
///
/// # Errors
/// Never: without it the tests run by `cargo test`.
pub fn cargo_nextest() -> Result<bool> {
    if has("nextest") {
        tell("cargo-nextest");
        return Ok(true);
    }
    tell("installs cargo-nextest, which takes some minutes once");
    if let Err(error) =
        install("cargo-nextest", NEXTEST, &["--no-default-features", "--features", "default-no-update"])
    {
        tell(&format!("{error:#}"));
        tell("tests run by `cargo test` instead");
        return Ok(false);
    }
    Ok(true)
}

/// Makes sure of cargo-deny, which checks dependencies.
///
/// # Errors
/// When it is missing and can't be built.
pub fn cargo_deny() -> Result<()> {
    if has("deny") {
        tell("cargo-deny");
        return Ok(());
    }
    tell("installs cargo-deny, which takes a minute or two once");
    // It has little to do here: unoptimized it is built in half the time.
    install("cargo-deny", DENY, &["--debug"])
}

fn has(helper: &str) -> bool {
    proc::output(proc::cargo().args([helper, "--version"])).is_ok()
}

fn install(name: &str, version: &str, more: &[&str]) -> Result<()> {
    // Into cargo's own folder, where the next clone finds it; never among the project's artefacts.
    let mut cargo = proc::cargo();
    cargo
        .env_remove("CARGO_TARGET_DIR")
        .args(["install", "--locked", "--version", version])
        .args(more)
        .arg(name);
    proc::run(&mut cargo)
}

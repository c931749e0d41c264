//! `cargo xtask check`: the code held to its rules. Every step runs, whatever the one before it found.

use crate::proc::{self, step, tell};
use crate::setup;
use crate::tally::Tally;
use crate::test::PACKAGES;
use crate::workspace;
use anyhow::Result;
use std::process::ExitCode;

/// Runs all checks and counts.
///
/// # Errors
/// When the wasm toolchain is missing. A failing check is no error; it counts in the exit code.
pub fn run() -> Result<ExitCode> {
    let toolchain = setup::for_building()?;
    let checks: [(&str, &dyn Fn() -> Result<()>); 6] = [
        ("format", &|| proc::run(proc::cargo().args(["fmt", "--all", "--check"]))),
        ("lints", &|| {
            let deny = ["--", "--deny", "warnings"];
            proc::run(proc::cargo().arg("clippy").args(PACKAGES).arg("--all-targets").args(deny))
        }),
        ("lints of the page", &|| {
            setup::wasm_clippy(toolchain)?;
            // The profile of the app's build, whose proc-macros and build scripts are there already.
            let package = ["--package", "portal-frontend", "--profile", "web"];
            proc::run(toolchain.cargo("clippy").args(package).args(["--", "--deny", "warnings"]))
        }),
        ("docs", &|| {
            let mut doc = proc::cargo();
            doc.arg("doc").args(PACKAGES).arg("--no-deps");
            proc::run(doc.env("RUSTDOCFLAGS", "--deny warnings"))
        }),
        ("dependencies", &dependencies),
        ("types of the browser tests", &|| {
            setup::e2e_packages()?;
            let tsc = workspace::path("e2e/node_modules/.bin/tsc");
            proc::run(proc::command(tsc).current_dir(workspace::path("e2e")).arg("--noEmit"))
        }),
    ];
    let mut parts = Vec::new();
    for (name, check) in checks {
        step(name);
        let outcome = check();
        if let Err(error) = &outcome {
            eprintln!("error: {error:#}");
        }
        parts.push((name.to_owned(), Tally::of(outcome.is_ok())));
    }
    Ok(Tally::close(&parts))
}

/// cargo-deny: licences, sources, version floors, and known vulnerabilities where their database can be fetched.
fn dependencies() -> Result<()> {
    setup::cargo_deny()?;
    proc::run(proc::cargo().args([
        "deny",
        "check",
        "--hide-inclusion-graph",
        "bans",
        "licenses",
        "sources",
    ]))?;
    if let Err(error) = proc::output(proc::cargo().args(["deny", "fetch", "db"])) {
        tell(
            "!!! The database of known vulnerabilities can't be fetched from here, so advisories were NOT checked.",
        );
        tell(&format!("!!! {}", format!("{error:#}").lines().next().unwrap_or_default()));
        return Ok(());
    }
    proc::run(proc::cargo().args([
        "deny",
        "check",
        "--hide-inclusion-graph",
        "--disable-fetch",
        "advisories",
    ]))
}

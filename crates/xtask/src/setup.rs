//! Finds or installs what building and testing need, step by step.
//!
//! The ordinary way comes first (rustup, an installed browser, a database server on PATH); the distribution's packages
//! are the fall-back, for machines that reach package registries and nothing else. Each step says which it took.

mod apt;
mod browser;
mod npm;
mod postgres;
mod python;
mod tools;
mod wasm;

pub use apt::is_root;
pub use browser::{Browser, find as find_browser};
pub use postgres::binaries as postgres_binaries;
pub use tools::{cargo_deny, cargo_nextest};
pub use wasm::{Toolchain, clippy as wasm_clippy};

use crate::proc::step;
use anyhow::Result;

/// What `web build` and `run` need: the WebAssembly toolchain and the frontend's npm packages.
///
/// # Errors
/// When something is missing and can't be installed; the message says what to do by hand.
pub fn for_building() -> Result<Toolchain> {
    step("WebAssembly toolchain");
    let toolchain = wasm::find_or_install()?;
    step("npm packages of the page build");
    npm::install("frontend")?;
    Ok(toolchain)
}

/// What the tests need beyond building: the browser tests' packages, a browser, PostgreSQL, servers for mail,
/// files and payments, the test runner.
///
/// # Errors
/// When something is missing and can't be installed; the message says what to do by hand.
pub fn for_testing() -> Result<()> {
    step("npm packages of the browser tests");
    npm::install("e2e")?;
    step("browser");
    browser::find_or_install()?;
    step("PostgreSQL");
    postgres::find_or_install()?;
    step("mail, file and payment servers of the tests");
    python::find_or_install()?;
    step("test runner");
    tools::cargo_nextest()?;
    Ok(())
}

/// What `bench` needs beyond cargo: PostgreSQL's server programs.
///
/// # Errors
/// When they are missing and can't be installed; the message says what to do by hand.
pub fn for_measuring() -> Result<()> {
    step("PostgreSQL's programs");
    postgres::programs()
}

/// The packages that `check` uses for types of the browser tests.
///
/// # Errors
/// When npm can't install them.
pub fn e2e_packages() -> Result<()> {
    npm::install("e2e")
}

//! Building the single-page app: from `frontend/` to a folder that the server can serve.
//!
//! cargo -> wasm-bindgen -> Binaryen -> esbuild for the code; sass -> unused rules out -> both themes in one -> esbuild
//! for the styles; then hashed names, integrity values, brotli and gzip siblings, the page itself and the size budget.
//! Nothing is downloaded: tools come from npm's lock file, libraries from cargo's.

mod assets;
mod code;
mod css;
mod packs;
mod page;
mod sections;
mod sizes;
mod stamp;
mod styles;
mod theme;
mod used;

use crate::proc::{step, tell};
use crate::setup::Toolchain;
use crate::{setup, workspace};
use anyhow::{Context, Result};
use clap::Subcommand;
use std::fs;
use std::path::PathBuf;
use std::time::Instant;

/// What can be done with the app.
#[derive(Subcommand)]
pub enum Verb {
    /// Build it into target/web/dist.
    Build {
        /// Quick to build, slow to load: not optimised, not compressed, panics with line numbers.
        #[arg(long)]
        dev: bool,
    },
}

/// How the app is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// For people: small and compressed.
    Release,
    /// For whoever writes it.
    Dev,
}

impl Mode {
    /// The mode's name, for folders and messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Dev => "dev",
        }
    }
}

/// Carries out a verb of the command line.
///
/// # Errors
/// When a tool is missing or fails, or the app is over its size budget.
pub fn carry_out(verb: &Verb) -> Result<()> {
    match verb {
        Verb::Build { dev: true } => build(Mode::Dev, setup::for_building()?),
        Verb::Build { dev: false } => {
            build(Mode::Release, setup::for_building()?)?;
            check_budget()
        }
    }
}

/// The folder that the server serves.
pub fn dist() -> PathBuf {
    workspace::path("target/web/dist")
}

/// Builds the app, unless nothing changed since the last build of that mode.
///
/// # Errors
/// When a tool is missing or fails.
pub fn build(mode: Mode, toolchain: Toolchain) -> Result<()> {
    let begun = Instant::now();
    step(&format!("single-page app ({})", mode.name()));
    let stamp = stamp::of_inputs(mode, toolchain)?;
    let stamp_file = workspace::path("target/web/dist.stamp");
    if dist().join("index.html").is_file()
        && fs::read_to_string(&stamp_file).is_ok_and(|found| found == stamp)
    {
        tell("nothing changed");
        return Ok(());
    }
    // A build that fails half-way must not pass for a finished one.
    let _ = fs::remove_file(&stamp_file);

    let code = code::build(mode, toolchain)?;
    let styles = styles::build(mode)?;
    let fresh = workspace::path("target/web/dist.new");
    if fresh.exists() {
        fs::remove_dir_all(&fresh)?;
    }
    let mut dist = assets::Dist::new(&fresh, mode)?;
    page::write(&mut dist, &code, &styles)?;
    let sizes = dist.finish();

    // Into place at once, so that a running server never meets half a build.
    if self::dist().exists() {
        fs::remove_dir_all(self::dist())?;
    }
    fs::rename(&fresh, self::dist()).context("target/web/dist")?;
    if mode == Mode::Release {
        sizes::report(&sizes)?;
    }
    fs::write(stamp_file, stamp)?;
    tell(&format!("target/web/dist is ready after {} s", begun.elapsed().as_secs()));
    Ok(())
}

/// Holds the app, as last built for release, to its size budget.
///
/// # Errors
/// When it is over.
pub fn check_budget() -> Result<()> {
    sizes::weight()?.check()
}

/// A program from the frontend's npm packages.
fn npm_tool(name: &str) -> std::process::Command {
    crate::proc::command(workspace::path("frontend/node_modules/.bin").join(name))
}

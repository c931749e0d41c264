//! `cargo xtask run`: from a fresh clone to a portal with a demo practice.

use crate::proc::{self, step, tell};
use crate::test::PACKAGES;
use crate::{setup, web, workspace};
use anyhow::{Context, Result, bail};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// How the portal is run.
#[derive(clap::Args)]
pub struct Options {
    /// Where it listens.
    #[arg(long, default_value = "127.0.0.1:8080")]
    address: SocketAddr,
    /// Where its database and files stand.
    #[arg(long, default_value = "portal-data")]
    data: PathBuf,
}

/// Sets up, builds, migrates, seeds and serves, until the portal is stopped.
///
/// # Errors
/// When a step fails; the portal's own exit code is passed on.
pub fn run(options: &Options) -> Result<ExitCode> {
    // Minutes of building would be in vain otherwise.
    TcpListener::bind(options.address)
        .with_context(|| format!("{} is taken; choose another by --address", options.address))?;
    let toolchain = setup::for_building()?;
    step("server");
    build_server()?;
    web::build(web::Mode::Release, toolchain)?;

    let data = workspace::root().join(&options.data);
    std::fs::create_dir_all(&data).with_context(|| data.display().to_string())?;
    step("database");
    proc::run(portal(options, &data).arg("migrate"))?;
    step("demo practice");
    proc::run(portal(options, &data).args(["seed", "--demo"]))?;
    step(&format!("the portal listens at {}", public_url(options)));
    tell("Ctrl-C stops it. Sign-ins of the demo practice stand above.");
    let status = portal(options, &data).arg("serve").status().context("portal serve")?;
    if status.success() {
        return Ok(ExitCode::SUCCESS);
    }
    match status.code() {
        Some(code) => bail!("the portal ended with code {code}"),
        // A signal: whoever sent it knows.
        None => Ok(ExitCode::SUCCESS),
    }
}

/// Builds the server's binary.
///
/// In the dev profile, since the tests use the same artefacts; hashing, compression and SQLite are optimised there too.
fn build_server() -> Result<()> {
    proc::run(proc::cargo().arg("build").args(PACKAGES).args(["--bin", "portal"]))
}

fn portal(options: &Options, data: &Path) -> Command {
    let mut portal = proc::command(workspace::portal_binary());
    portal
        .env("PORTAL_DATABASE_URL", format!("sqlite:{}", data.join("portal.db").display()))
        .env("PORTAL_DATA_DIR", data)
        .env("PORTAL_ADDRESS", options.address.to_string())
        .env("PORTAL_PUBLIC_URL", public_url(options))
        .env("PORTAL_WEB_DIR", web::dist());
    portal
}

/// What a browser on this machine enters.
fn public_url(options: &Options) -> String {
    let port = options.address.port();
    match options.address.ip() {
        ip if ip.is_unspecified() || ip.is_loopback() => format!("http://localhost:{port}"),
        _ => format!("http://{}", options.address),
    }
}

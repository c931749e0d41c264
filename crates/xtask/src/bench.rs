//! `cargo xtask bench`: what requests cost, on both databases. The measuring itself is in `crates/bench`.

use crate::proc::{self, step};
use crate::test::Cluster;
use crate::{setup, workspace};
use anyhow::Result;

/// How to measure.
#[derive(clap::Args)]
pub struct Options {
    /// Handed to the measuring program, e.g. `--rounds 3 --only list,write`.
    #[arg(last = true)]
    measuring: Vec<String>,
}

/// Builds for release, starts a database server, measures.
///
/// # Errors
/// When a step fails.
pub fn run(options: &Options) -> Result<()> {
    setup::for_measuring()?;
    step("server and load tool, for release");
    let bins = ["--bin", "portal", "--bin", "portal-bench"];
    let packages = ["--package", "portal-api", "--package", "portal-bench"];
    proc::run(proc::cargo().args(["build", "--release"]).args(packages).args(bins))?;
    step("PostgreSQL");
    let cluster = Cluster::for_measuring()?;
    step("measurement");
    let built = workspace::target().join("release");
    let mut measure = proc::command(built.join("portal-bench"));
    measure.arg("run").arg("--portal").arg(built.join("portal"));
    measure.arg("--folder").arg(workspace::target().join("bench"));
    measure.arg("--postgres").arg(cluster.url()).arg("--postgres-pid").arg(cluster.pid()?.to_string());
    measure.arg("--charts").arg(workspace::path("../shared/data/synthea"));
    measure.arg("--page").arg(workspace::path("docs/performance.md"));
    proc::run(measure.args(&options.measuring))
}

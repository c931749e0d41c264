//! `cargo xtask test`: every test, on both databases and in a real browser.

mod browser;
mod cluster;
mod native;

pub use cluster::Cluster;
pub use native::PACKAGES;

use crate::proc::step;
use crate::tally::Tally;
use crate::{setup, web};
use anyhow::{Result, anyhow};
use std::process::ExitCode;
use std::thread;

/// Which tests run.
#[derive(clap::Args)]
pub struct Options {
    /// Only one kind of tests.
    #[arg(long, value_enum)]
    only: Option<Kind>,
    /// Handed to the test runner, e.g. part of a test's name.
    #[arg(last = true)]
    filter: Vec<String>,
}

/// Kinds of tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// Tests inside the crates, without a server or database.
    Unit,
    /// Tests against a served portal on SQLite and on PostgreSQL, and examples in the docs.
    Integration,
    /// Tests in a browser.
    Browser,
}

/// Sets up and runs the tests, and counts.
///
/// # Errors
/// When something needed is missing. Failing tests are no error; they count in the exit code.
pub fn run(options: &Options) -> Result<ExitCode> {
    let wants = |kind| options.only.is_none_or(|only| only == kind);
    let toolchain = setup::for_building()?;
    setup::for_testing()?;
    let mut parts = Vec::new();

    // Lives until the end of this function, however it ends.
    let cluster = if options.only == Some(Kind::Unit) {
        None
    } else {
        step("PostgreSQL for the tests");
        Some(Cluster::for_tests()?)
    };
    let cluster = cluster.as_ref();

    let page = wants(Kind::Browser).then(|| compile(options, toolchain));
    if wants(Kind::Unit) || wants(Kind::Integration) {
        step("unit and integration tests");
        parts.push((
            "unit and integration".to_owned(),
            native::tests(options.only, cluster, &options.filter)?,
        ));
    }
    if wants(Kind::Integration) && options.filter.is_empty() {
        step("examples in the docs");
        let examples = native::examples(cluster)?;
        // A project may have none; then there is nothing to say.
        if examples != Tally::default() {
            parts.push(("examples in the docs".to_owned(), examples));
        }
    }
    if let Some(built) = page {
        if built.is_ok() {
            step("size budget");
            let budget = web::check_budget();
            if let Err(error) = &budget {
                eprintln!("error: {error:#}");
            }
            parts.push(("size budget".to_owned(), Tally::of(budget.is_ok())));
        }
        step("browser tests");
        parts.push(("browser".to_owned(), browser::tests(built, cluster, &options.filter)?));
    }
    Ok(Tally::close(&parts))
}

/// Builds the page for the tests in a browser, and beside it the native tests when they are to run, too: each of the two
/// leaves a processor idle for minutes.
fn compile(options: &Options, toolchain: setup::Toolchain) -> Result<()> {
    step("the page, for release");
    if options.only.is_some() {
        return web::build(web::Mode::Release, toolchain);
    }
    thread::scope(|scope| {
        let page = scope.spawn(|| web::build(web::Mode::Release, toolchain));
        // What fails here fails again, and is told, when the tests are to run.
        let _ = native::compile();
        page.join().unwrap_or_else(|_| Err(anyhow!("the build of the page broke down")))
    })
}

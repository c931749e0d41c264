//! What stands behind `cargo xtask`: set-up, run, test, check and the build of the single-page app.
//!
//! Each verb is a module. `setup` finds or installs tools, `web` builds the page, `run` and `test` put both together,
//! `bench` measures,
//! `check` holds the code to the house's rules.

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::process::ExitCode;

mod bench;
mod check;
mod proc;
mod run;
mod setup;
mod tally;
mod test;
mod web;
mod workspace;

/// Works on the patient portal: builds, runs, tests and checks it.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Find or install what building needs (and with --tests what testing needs).
    Setup {
        /// Also a browser, PostgreSQL, a mail server, the test runner and the browser tests' packages.
        #[arg(long)]
        tests: bool,
    },
    /// The single-page app.
    #[command(subcommand)]
    Web(web::Verb),
    /// Set up, build and serve the portal with a demo practice on embedded SQLite.
    Run(run::Options),
    /// Set up and run every test: unit, integration on both databases, browser.
    Test(test::Options),
    /// Measure what requests cost, on both databases, and write the figures into docs/performance.md.
    Bench(bench::Options),
    /// Hold the code to its rules: format, lints, docs, dependencies, types.
    Check,
}

fn main() -> ExitCode {
    match carry_out(Cli::parse().verb) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn carry_out(verb: Verb) -> Result<ExitCode> {
    match verb {
        Verb::Setup { tests } => {
            setup::for_building()?;
            if tests {
                setup::for_testing()?;
            }
        }
        Verb::Web(verb) => web::carry_out(&verb)?,
        Verb::Run(options) => return run::run(&options),
        Verb::Test(options) => return test::run(&options),
        Verb::Bench(options) => bench::run(&options)?,
        Verb::Check => return check::run(),
    }
    Ok(ExitCode::SUCCESS)
}

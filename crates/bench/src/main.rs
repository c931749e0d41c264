//! What a request costs: the processor time of server and database, as a multiple of a bare actix handler's.
//!
//! One run starts a bare handler and the real `portal serve` on SQLite and on PostgreSQL, fills the portals through
//! their own import and API, and measures all three in turns. Processor time comes from the kernel's accounts of each
//! process, so that neither this program's own work nor a busy machine counts; the ratio cancels the machine's speed.
//! Everything is bounded in count and time and stays on the loopback interface.

mod cases;
mod chart;
mod charts;
mod flood;
mod hello;
mod load;
mod machine;
mod mailbox;
mod measure;
mod page;
mod people;
mod portal;
mod process;
mod trail;

use anyhow::Result;
use clap::{Args, Parser, Subcommand};
use std::{path::PathBuf, process::ExitCode};

// The portal's own, so that the bare handler is no slower than it could be.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Measures what a request costs. Started by `cargo xtask bench`.
#[derive(Parser)]
#[command(name = "portal-bench")]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Serve the bare handler until standard input closes
    Hello,
    /// Measure
    Run(Options),
}

/// How to measure.
#[derive(Args)]
struct Options {
    /// The server's binary, built for release
    #[arg(long)]
    portal: PathBuf,
    /// A folder for databases; emptied first
    #[arg(long)]
    folder: PathBuf,
    /// An empty database of a PostgreSQL server of our own
    #[arg(long)]
    postgres: String,
    /// The process that this server began with
    #[arg(long)]
    postgres_pid: u32,
    /// Synthea bundles, when there are any
    #[arg(long)]
    charts: Option<PathBuf>,
    /// The page whose figures are written anew
    #[arg(long)]
    page: Option<PathBuf>,
    /// How often each thing is measured; the median counts
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=50))]
    rounds: u32,
    /// How long each measurement lasts, in milliseconds
    #[arg(long, default_value_t = 600, value_parser = clap::value_parser!(u64).range(50..=10_000))]
    milliseconds: u64,
    /// Only these requests, by name; no figures are written then
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
}

fn main() -> ExitCode {
    match carry_out() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn carry_out() -> Result<()> {
    match Cli::parse().verb {
        Verb::Hello => hello::serve(),
        Verb::Run(options) => {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(measure::run(&options))
        }
    }
}

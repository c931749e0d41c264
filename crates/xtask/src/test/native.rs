//! Tests that cargo builds and runs.

use super::{Cluster, Kind};
use crate::proc::{self, Heard};
use crate::setup;
use crate::tally::Tally;
use anyhow::Result;

/// All crates; of the page only the logic that needs no browser builds natively.
///
/// Every native build names the same packages: another choice would turn on other features of shared crates and build
/// them twice.
pub const PACKAGES: [&str; 1] = ["--workspace"];
/// Tests inside the crates, and those of their folders `tests`.
const ALL_KINDS: [&str; 3] = ["--lib", "--bins", "--tests"];

/// Compiles unit and integration tests.
///
/// # Errors
/// When they don't compile.
pub fn compile() -> Result<()> {
    let mut cargo = proc::cargo();
    match setup::cargo_nextest()? {
        true => cargo.args(["nextest", "run", "--no-run"]),
        false => cargo.args(["test", "--no-run"]),
    };
    proc::run(cargo.args(PACKAGES).args(ALL_KINDS))
}

/// Runs unit and integration tests, by cargo-nextest or `cargo test`.
///
/// # Errors
/// When cargo can't be started.
pub fn tests(only: Option<Kind>, cluster: Option<&Cluster>, filter: &[String]) -> Result<Tally> {
    let kinds: &[&str] = match only {
        Some(Kind::Unit) => &["--lib", "--bins"],
        Some(Kind::Integration) => &["--test", "*"],
        _ => &ALL_KINDS,
    };
    let mut cargo = proc::cargo();
    if let Some(cluster) = cluster {
        cluster.hand_to(&mut cargo);
    }
    if setup::cargo_nextest()? {
        cargo
            .args(["nextest", "run", "--no-fail-fast", "--no-tests=pass"])
            .args(PACKAGES)
            .args(kinds)
            .args(filter);
        let heard = proc::hear(&mut cargo)?;
        Ok(read_nextest(&heard))
    } else {
        cargo.args(["test", "--no-fail-fast"]).args(PACKAGES).args(kinds).arg("--").args(filter);
        let heard = proc::hear(&mut cargo)?;
        Ok(read_cargo_test(&heard))
    }
}

/// Runs the examples in doc comments.
///
/// # Errors
/// When cargo can't be started.
pub fn examples(cluster: Option<&Cluster>) -> Result<Tally> {
    let mut cargo = proc::cargo();
    if let Some(cluster) = cluster {
        cargo.env("TEST_DATABASE_URL", cluster.url());
    }
    cargo.args(["test", "--doc", "--no-fail-fast"]).args(PACKAGES);
    Ok(read_cargo_test(&proc::hear(&mut cargo)?))
}

/// Reads `Summary [ 1.2s] 5 tests run: 3 passed (1 slow), 1 failed, 1 timed out, 0 skipped`.
fn read_nextest(heard: &Heard) -> Tally {
    let summary = heard.text.lines().rev().find(|line| line.trim_start().starts_with("Summary ["));
    let mut tally = Tally::default();
    if let Some((_, counts)) = summary.and_then(|line| line.split_once("run:")) {
        for part in counts.split(',') {
            let mut words = part.split_whitespace();
            let count = words.next().and_then(|n| n.parse::<usize>().ok()).unwrap_or(0);
            match words.next() {
                Some("passed") => tally.passed += count,
                Some("skipped") | None => {}
                // failed, timed out, exec failed, not run ..
                Some(_) => tally.failed += count,
            }
        }
    }
    at_least_one_failure(tally, heard)
}

/// Adds up the lines `test result: ok. 3 passed; 0 failed; ..`.
fn read_cargo_test(heard: &Heard) -> Tally {
    let mut tally = Tally::default();
    for line in heard.text.lines().filter_map(|line| line.strip_prefix("test result:")) {
        let number = |word: &str| {
            let before = line.split_once(word).map_or("", |(before, _)| before.trim_end());
            before.rsplit([' ', ';']).next().and_then(|n| n.parse::<usize>().ok()).unwrap_or(0)
        };
        tally.add(Tally { passed: number("passed"), failed: number("failed") });
    }
    at_least_one_failure(tally, heard)
}

/// A run that failed without a failing test (it did not compile, say) counts as one failure.
fn at_least_one_failure(mut tally: Tally, heard: &Heard) -> Tally {
    if !heard.success && tally.failed == 0 {
        tally.failed = 1;
    }
    tally
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn heard(text: &str, success: bool) -> Heard {
        Heard { text: text.into(), success }
    }

    #[test]
    fn the_summary_of_nextest_is_read() {
        let all = "     Summary [   3.1s] 12 tests run: 12 passed (2 slow), 3 skipped\n";
        assert_eq!(read_nextest(&heard(all, true)), Tally { passed: 12, failed: 0 });
        let some =
            "     Summary [   3.1s] 12 tests run: 9 passed (1 leaky), 1 failed, 2 timed out, 0 skipped\n";
        assert_eq!(read_nextest(&heard(some, false)), Tally { passed: 9, failed: 3 });
    }

    #[test]
    fn the_results_of_cargo_test_are_added_up() {
        let text = "test result: ok. 3 passed; 0 failed; 0 ignored\nx\ntest result: FAILED. 1 passed; 2 failed; 0 ignored";
        assert_eq!(read_cargo_test(&heard(text, false)), Tally { passed: 4, failed: 2 });
    }

    #[test]
    fn a_run_that_does_not_compile_counts_as_a_failure() {
        assert_eq!(read_nextest(&heard("error: could not compile", false)), Tally { passed: 0, failed: 1 });
        assert_eq!(read_cargo_test(&heard("", false)), Tally { passed: 0, failed: 1 });
        assert_eq!(read_cargo_test(&heard("", true)), Tally::default());
    }

    /// Every crate below ours with the features chosen for it, when these kinds of dependencies count.
    fn features(edges: &str) -> BTreeSet<String> {
        let mut tree = proc::cargo();
        tree.args(["tree", "--offline", "--prefix=none", "--format={p} {f}", "--edges", edges])
            .args(PACKAGES);
        let tree = proc::output(&mut tree).unwrap();
        tree.lines().map(|line| line.trim_end_matches(" (*)").to_owned()).collect()
    }

    #[test]
    fn tests_turn_on_no_feature_that_would_build_a_shared_crate_twice() {
        let (built, tested) = (features("normal,build"), features("normal,build,dev"));
        assert!(!built.is_empty());
        let twice: Vec<_> = built.difference(&tested).collect();
        assert!(twice.is_empty(), "name the tests' features of these in crates/xtask/Cargo.toml: {twice:#?}");
    }
}

//! Tests in a real browser, by Playwright.

use super::Cluster;
use super::native::PACKAGES;
use crate::proc;
use crate::setup::{self, Browser};
use crate::tally::Tally;
use crate::{web, workspace};
use anyhow::{Context, Result};
use std::fs;

/// Runs the browser tests against the portal's binary and the app as built.
///
/// # Errors
/// When Playwright can't be started or its report can't be read.
pub fn tests(built: Result<()>, cluster: Option<&Cluster>, filter: &[String]) -> Result<Tally> {
    if let Err(error) = built.and_then(|()| build_server()) {
        eprintln!("error: {error:#}");
        return Ok(Tally::of(false));
    }
    let report = workspace::path("e2e/test-results/report.json");
    let _ = fs::remove_file(&report);
    let mut playwright = proc::command("npx");
    playwright
        .current_dir(workspace::path("e2e"))
        .args(["--no-install", "playwright", "test", "--reporter=list,json"])
        .args(filter)
        .env("PLAYWRIGHT_JSON_OUTPUT_NAME", &report)
        .env("PORTAL_BINARY", workspace::portal_binary())
        .env("PORTAL_WEB_DIR", web::dist());
    if let Some(Browser::Installed(program)) = setup::find_browser() {
        playwright.env("PORTAL_E2E_CHROMIUM", program);
    }
    if let Some(cluster) = cluster {
        cluster.hand_to(&mut playwright);
    }
    let ended = proc::run(&mut playwright);
    let mut tally = match fs::read_to_string(&report) {
        Ok(text) => read_report(&text)?,
        Err(_) => Tally::default(),
    };
    if ended.is_err() && tally.failed == 0 {
        tally.failed = 1;
    }
    Ok(tally)
}

/// The server that the tests start. The integration tests have built it already, with these very options.
fn build_server() -> Result<()> {
    proc::run(proc::cargo().arg("build").args(PACKAGES).args(["--lib", "--bins", "--tests"]))
}

/// Counts from Playwright's JSON report.
fn read_report(text: &str) -> Result<Tally> {
    let report: serde_json::Value = serde_json::from_str(text).context("Playwright's report")?;
    let count = |of: &str| report["stats"][of].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
    // A test that passes only at the second try has failed once; the project allows no second try.
    Ok(Tally { passed: count("expected"), failed: count("unexpected") + count("flaky") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn playwrights_counts_are_read_and_a_flaky_test_counts_as_failed() {
        let report = r#"{"stats":{"expected":7,"unexpected":2,"flaky":1,"skipped":3}}"#;
        assert_eq!(read_report(report).unwrap(), Tally { passed: 7, failed: 3 });
        assert!(read_report("not json").is_err());
    }
}

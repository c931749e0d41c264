//! A chart of 5,000 observations against smaller ones: a page of its list must not grow with it, and the memory that
//! writing its record takes must grow no faster than the chart does.
//!
//! A record is written by the command line, in a process of its own: the same bytes by the same code as in the server, and
//! what the process holds is what the record took. What it holds for a chart of one report is taken off.

use anyhow::{Context, Result, bail, ensure};
use portal_client::Portal;
use portal_domain::{
    ids::{PatientId, ResultId},
    integrations::ImportView,
    results::{BulkRelease, MOST_RELEASED, ReleaseTarget},
};
use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};
use uuid::Uuid;

use crate::{
    chart,
    load::{Connection, Shot},
    mailbox::{Growth, p99},
    people::{self, Integrator, Person},
    portal::{Server, Site},
    process,
};

/// The formats, as the command line calls them.
pub const FORMATS: [&str; 4] = ["pdf", "ccda", "fhir", "text"];
/// The charts by their number of reports, of four observations each; the first is what a process holds anyway.
const REPORTS: [u32; 4] = [1, 250, 500, 1_250];
/// Numbers of people that nobody else has; their reports are numbered in thousands.
const FIRST: u32 = 5_000;

/// One record written.
#[derive(Clone, Copy, Debug, Default)]
pub struct Export {
    /// From the start of the process to its end, in milliseconds.
    pub ms: f64,
    /// The most resident memory of the process, in MiB.
    pub mib: f64,
}

/// What was measured on one engine.
#[derive(Clone, Debug)]
pub struct Charts {
    /// The first page of the list.
    pub list: Growth,
    /// By format: the charts of [`REPORTS`].
    pub exports: Vec<(&'static str, [Export; REPORTS.len()])>,
}

impl Charts {
    /// How much more memory the chart of 5,000 observations takes than that of 1,000, each without what the process holds
    /// anyway. The chart is 5 times as large.
    pub fn growth(exports: &[Export; REPORTS.len()]) -> f64 {
        let [bare, thousand, _, five_thousand] = exports.each_ref().map(|one| one.mib);
        // A few pages more or less are no measure of a chart.
        (five_thousand - bare).max(1.0) / (thousand - bare).max(1.0)
    }
}

/// Takes the charts in, releases their results, and asks.
pub async fn measure(
    site: &Site,
    server: &Server,
    integrator: &Integrator,
    small: &Person,
) -> Result<Charts> {
    let provider = signed_in(site, server, "provider").await?;
    let desk = signed_in(site, server, "front_desk").await?;
    let mut connection = Connection::open(server.address).await?;
    let mut charts = Vec::new();
    for (place, reports) in REPORTS.into_iter().enumerate() {
        let number = FIRST + 10 * place as u32;
        let bundle = chart::bundle(number, reports).to_string();
        let answer = connection.send(&integrator.import(server, &bundle).await?).await?;
        let view: ImportView = serde_json::from_slice(&answer.body)?;
        let (patient, results) = imported(&view)?;
        release(&provider, patient, &results).await?;
        charts.push((number, patient));
    }
    let (number, patient) = *charts.last().context("no chart was made")?;
    let practice = desk.practice().await?;
    people::enrol(server, &desk, patient, &people::username(number), practice.terms.version).await?;
    let answer = connection.send(&people::sign_in(server, number, None)).await?;
    let cookie = answer.header("set-cookie").and_then(|value| value.split(';').next());
    let cookie = cookie.context("no cookie was set")?.to_owned();
    let list = |patient: PatientId, cookie: &str| {
        let path = format!("/api/v1/patients/{patient}/results?limit=20");
        Shot::new("GET", &path, &[("Cookie", cookie)], "", 200)
    };
    let few_ms = p99(&mut connection, &list(small.patient, &small.cookie)).await?;
    let many_ms = p99(&mut connection, &list(patient, &cookie)).await?;
    let words = "first page of results: a chart of 5,000 observations against one of 112";

    let folder = site.folder().join("exports");
    fs::create_dir_all(&folder)?;
    let mut exports = Vec::new();
    for format in FORMATS {
        let mut of_format = [Export::default(); REPORTS.len()];
        for (place, (_, patient)) in charts.iter().enumerate() {
            of_format[place] = export(site, *patient, format, &folder.join(format!("{place}.{format}")))?;
        }
        exports.push((format, of_format));
    }
    Ok(Charts { list: Growth { words, few_ms, many_ms }, exports })
}

async fn signed_in(site: &Site, server: &Server, role: &str) -> Result<Portal> {
    let portal = Portal::at(&server.base());
    portal.sign_in(&site.staff(role)?).await?;
    Ok(portal)
}

/// The patient and the results that an import made.
fn imported(view: &ImportView) -> Result<(PatientId, Vec<ResultId>)> {
    let of = |kind: &str| -> Vec<Uuid> {
        view.entries.iter().filter(|entry| entry.resource_type == kind).filter_map(|entry| entry.id).collect()
    };
    let patient = PatientId(*of("Patient").first().context("no patient was made")?);
    Ok((patient, of("DiagnosticReport").into_iter().map(ResultId).collect()))
}

/// Releases all of them, a hundred at a time.
async fn release(provider: &Portal, patient: PatientId, results: &[ResultId]) -> Result<()> {
    for some in results.chunks(MOST_RELEASED) {
        let target = |id: &ResultId| ReleaseTarget { patient_id: patient, result_id: *id, version: 1 };
        let asked = BulkRelease { results: some.iter().map(target).collect(), comment: None };
        let outcomes = provider.release_results(&asked, Uuid::new_v4()).await?;
        let failed = outcomes.iter().find_map(|outcome| outcome.problem.as_ref());
        ensure!(failed.is_none(), "a result was not released: {failed:?}");
    }
    Ok(())
}

/// Writes one record by the command line.
fn export(site: &Site, patient: PatientId, format: &str, out: &Path) -> Result<Export> {
    let begun = Instant::now();
    let id = patient.to_string();
    let file = out.to_string_lossy().into_owned();
    let mut child = site.start(&["export", "--patient", &id, "--format", format, "--out", &file])?;
    let mut mib = 0.0_f64;
    let status = loop {
        // What it held last is gone with it; a look every millisecond misses little.
        mib = mib.max(process::most_resident_mib(child.id()).unwrap_or_default());
        match child.try_wait()? {
            Some(status) => break status,
            None if begun.elapsed() > Duration::from_secs(120) => bail!("{format} takes too long"),
            None => std::thread::sleep(Duration::from_millis(1)),
        }
    };
    ensure!(status.success(), "portal export --format {format} failed");
    ensure!(fs::metadata(out)?.len() > 0, "{} is empty", out.display());
    Ok(Export { ms: begun.elapsed().as_secs_f64() * 1e3, mib })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_process_holds_anyway_is_no_part_of_the_chart() {
        let mib = |mib| Export { ms: 0.0, mib };
        let linear = [mib(50.0), mib(60.0), mib(70.0), mib(100.0)];
        assert!((Charts::growth(&linear) - 5.0).abs() < 1e-9);
        let nothing = [mib(50.0), mib(50.1), mib(50.1), mib(50.2)];
        assert!((Charts::growth(&nothing) - 1.0).abs() < 1e-9);
    }
}

//! Importing one bundle.

use std::{collections::HashSet, sync::Arc, time::Duration};

use portal_domain::{
    access::{Action, Category, may},
    fhir::{self, BundleError, Outcome, Reading, ReportGroup},
    integrations::ImportView,
    problem::{Code, FieldError, Problem},
};
use tokio::{sync::Semaphore, task::spawn_blocking, time::timeout};

use super::{filing, store};
use crate::{
    app::App,
    error::{Error, Result},
    platform::{auth::Actor, idempotency::Once, secret},
};

/// How many bundles are read at a time: each may take some hundred megabytes.
static AT_ONCE: Semaphore = Semaphore::const_new(2);
/// How long a bundle waits for its turn before its sender is told to come back.
const TURN: Duration = Duration::from_secs(10);
/// How many mistakes an answer names.
const MAX_ERRORS: usize = 200;

/// A bundle that was read, with what need not be computed again when the transaction runs again.
pub struct Prepared {
    /// What was read.
    pub reading: Reading,
    /// SHA-256 of each record's content; empty for what is not kept.
    pub hashes: Vec<Vec<u8>>,
    /// What makes a report.
    pub groups: Vec<ReportGroup>,
    /// The entries of all observations that stand in one of them.
    pub grouped: HashSet<usize>,
}

/// What became of a bundle, or what is wrong with it.
pub enum Imported {
    /// All of it was kept.
    Kept(ImportView),
    /// Nothing was kept: the bundle can't be read.
    Unreadable(BundleError),
    /// Nothing was kept: these entries are wrong.
    Refused(Vec<Mistake>),
}

/// One mistake in a bundle.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Mistake {
    /// The entry, from 0.
    pub entry: usize,
    /// Where in the resource: `Observation.status`.
    pub path: String,
    /// What is wrong.
    pub message: String,
}

/// Refuses those who may not import, before anything of the bundle is taken in.
pub async fn check(app: &App, actor: &Actor) -> Result<()> {
    let permitted = match actor.who() {
        Some(who) => may(who, Action::Import, Category::Chart, None).is_ok(),
        None => actor.is_operator(),
    };
    if permitted {
        return Ok(());
    }
    // Says no in the same words as every other act, and records it.
    app.read(actor, |work| work.permit(Action::Import, Category::Chart)).await
}

/// Imports a bundle that came by the API. The identity domain is the client's, and the portal's own for staff.
pub async fn import_by_api(app: &App, actor: &Actor, bytes: Vec<u8>, once: Once) -> Result<ImportView> {
    let source = match actor.client_id() {
        Some(client) => app.db.read(move |conn| store::source_system(conn, client)).await?,
        None => STAFF_SOURCE.to_owned(),
    };
    match import(app, actor, source, bytes, Some(once)).await? {
        Imported::Kept(view) => Ok(view),
        Imported::Unreadable(error) => {
            Err(Problem::new(Code::BundleRefused).detail(error.to_string()).into())
        }
        Imported::Refused(mistakes) => Err(refusal(&mistakes).into()),
    }
}

/// The identity domain of what staff upload.
const STAFF_SOURCE: &str = "staff";

/// Imports one bundle of a source system: all of it or nothing.
pub async fn import(
    app: &App,
    actor: &Actor,
    source: String,
    bytes: Vec<u8>,
    once: Option<Once>,
) -> Result<Imported> {
    check(app, actor).await?;
    let permit =
        timeout(TURN, AT_ONCE.acquire()).await.map_err(|_| Error::Unavailable)?.map_err(Error::internal)?;
    let prepared = match spawn_blocking(move || prepare(&bytes)).await.map_err(Error::internal)? {
        Ok(prepared) => Arc::new(prepared),
        Err(error) => return Ok(Imported::Unreadable(error)),
    };
    let mistakes = mistakes(&prepared.reading);
    if !mistakes.is_empty() {
        return Ok(Imported::Refused(mistakes));
    }
    let kept = app
        .write(actor, move |work| {
            let act = |work: &mut crate::platform::work::Work<'_>| filing::file(work, &source, &prepared);
            match &once {
                Some(once) => once.run(work, act),
                None => act(work),
            }
        })
        .await;
    drop(permit);
    match kept {
        Ok(view) => {
            // What came in may be the policy's to release.
            app.releasing.notify_one();
            Ok(Imported::Kept(view))
        }
        Err(Error::Problem(problem)) if problem.code == Code::BundleRefused => {
            Ok(Imported::Refused(problem.errors.iter().filter_map(Mistake::of_field).collect()))
        }
        Err(why) => Err(why),
    }
}

fn prepare(bytes: &[u8]) -> Result<Prepared, BundleError> {
    let reading = fhir::read_bundle(bytes)?;
    let hash = |entry: &fhir::EntryReading| entry.record().map(|record| secret::hash(&record.canonical()));
    let hashes = reading.entries.iter().map(|entry| hash(entry).unwrap_or_default()).collect();
    let groups = reading.reports();
    let grouped = groups.iter().flat_map(ReportGroup::entries).collect();
    Ok(Prepared { reading, hashes, groups, grouped })
}

fn mistakes(reading: &Reading) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    for entry in &reading.entries {
        if let Outcome::Invalid { problems } = &entry.outcome {
            mistakes.extend(problems.iter().map(|problem| Mistake::of(entry.index, problem)));
        }
    }
    mistakes
}

/// The answer that names the entries at fault.
pub fn refusal(mistakes: &[Mistake]) -> Problem {
    let mut entries: Vec<usize> = mistakes.iter().map(|mistake| mistake.entry).collect();
    entries.sort_unstable();
    entries.dedup();
    let more = if mistakes.len() > MAX_ERRORS {
        format!(" The first {MAX_ERRORS} mistakes are listed.")
    } else {
        String::new()
    };
    let detail = match entries.as_slice() {
        [one] => format!("Entry {one} is invalid.{more}"),
        entries => format!("{} entries are invalid.{more}", entries.len()),
    };
    let errors = mistakes.iter().take(MAX_ERRORS).map(Mistake::to_field).collect();
    Problem { errors, ..Problem::new(Code::BundleRefused).detail(detail) }
}

impl Mistake {
    /// A mistake that was found in that entry.
    pub fn of(entry: usize, problem: &fhir::Problem) -> Self {
        Self { entry, path: problem.path.clone(), message: problem.message.clone() }
    }

    /// As a field error: the field is `entry[3] Observation.status`.
    fn to_field(&self) -> FieldError {
        FieldError::new(format!("entry[{}] {}", self.entry, self.path), "invalid", self.message.clone())
    }

    fn of_field(field: &FieldError) -> Option<Self> {
        let (entry, path) = field.field.strip_prefix("entry[")?.split_once("] ")?;
        Some(Self { entry: entry.parse().ok()?, path: path.to_owned(), message: field.message.clone() })
    }
}

//! `portal export`: the health record of one patient, or of everybody.

use std::{
    io::{ErrorKind, Write},
    path::Path,
    sync::Arc,
};

use portal_domain::{
    access::{Action, Category},
    ids::PatientId,
    record::{DateRange, RecordFormat},
};
use tempfile::NamedTempFile;

use super::{gather::gather, making::write, store};
use crate::{
    app::App,
    error::{Error, Result},
    platform::auth::Actor,
};

/// Writes one patient's record to a new file. The patient is named by medical record number or id; a file that is there
/// already is never overwritten, and nothing is left of one that could not be written whole.
pub async fn export_file(app: &App, patient: &str, format: RecordFormat, out: &Path) -> Result<()> {
    let named = patient.to_owned();
    let found = app.db.read(move |conn| store::by_mrn(conn, &named)).await?;
    let id = found.or_else(|| patient.parse::<PatientId>().ok());
    let id =
        id.ok_or_else(|| Error::internal(format!("no patient has the record number or id {patient}")))?;
    let bytes = bytes(app, id, format).await.map_err(|why| match why {
        Error::Denied(_) => Error::internal(format!("no patient has the id {id}")),
        other => other,
    })?;
    if write_new(out, &bytes)? {
        return Ok(());
    }
    Err(Error::internal(format!("{} is there already: name a new file", out.display())))
}

/// How far an export of everybody is.
#[derive(Debug, Default)]
pub struct Exported {
    /// How many patients there were at its beginning.
    pub patients: u64,
    /// How many files were written.
    pub written: u64,
    /// How many were there already.
    pub kept: u64,
    /// How many could not be written.
    pub failed: u64,
    /// The last patient's record number and what went wrong with it, if something did.
    pub failure: Option<(String, Error)>,
}

impl Exported {
    /// How many patients are done with.
    pub fn done(&self) -> u64 {
        self.written + self.kept + self.failed
    }
}

/// Writes everybody's record into a folder, a file each: `<record number>_<id>.<extension>`. What is there already is
/// kept, so a run that was broken off goes on where it stood; one patient's trouble holds up nobody else.
///
/// # Errors
/// When the folder can't be made, or the patients can't be listed.
pub async fn export_all(
    app: &App,
    format: RecordFormat,
    folder: &Path,
    mut tell: impl FnMut(&Exported),
) -> Result<Exported> {
    std::fs::create_dir_all(folder).map_err(|why| unwritable(folder, &why))?;
    let patients = app.db.read(store::count_patients).await?;
    let mut state = Exported { patients, ..Exported::default() };
    let mut after = None;
    loop {
        let some = app.db.read(move |conn| store::patients_after(conn, after)).await?;
        let Some((last, _)) = some.last() else { return Ok(state) };
        after = Some(*last);
        for (id, mrn) in some {
            let out = folder.join(file_name(&mrn, id, format));
            state.failure = None;
            match export_unless_there(app, id, format, &out).await {
                Ok(true) => state.written += 1,
                Ok(false) => state.kept += 1,
                Err(why) => {
                    state.failed += 1;
                    state.failure = Some((mrn, why));
                }
            }
            tell(&state);
        }
    }
}

async fn export_unless_there(app: &App, id: PatientId, format: RecordFormat, out: &Path) -> Result<bool> {
    // Nobody's record is read, nor that noted, for a file that would not be written.
    if out.exists() {
        return Ok(false);
    }
    write_new(out, &bytes(app, id, format).await?)
}

/// The id keeps names apart that a file system thinks equal.
fn file_name(mrn: &str, id: PatientId, format: RecordFormat) -> String {
    let safe = |letter: char| if letter.is_ascii_alphanumeric() || letter == '-' { letter } else { '-' };
    let mrn: String = mrn.chars().map(safe).take(64).collect();
    format!("{mrn}_{id}.{}", format.extension())
}

async fn bytes(app: &App, id: PatientId, format: RecordFormat) -> Result<Vec<u8>> {
    let record = app
        .read(&Actor::operator(), move |work| {
            let grant = work.grant(Action::Export, Category::Chart, id)?;
            gather(work, &grant, &[], DateRange::default())
        })
        .await?;
    let record = Arc::new(record);
    let written = tokio::task::spawn_blocking(move || write(&record, format));
    written.await.map_err(Error::internal)?
}

/// Writes a file that is there whole or not at all, for the operator's eyes only; false when there is one already.
fn write_new(out: &Path, bytes: &[u8]) -> Result<bool> {
    let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let written = NamedTempFile::with_prefix_in(".health-record-", folder).and_then(|mut file| {
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        Ok(file)
    });
    match written.and_then(|file| Ok(file.persist_noclobber(out)?)) {
        Ok(_) => Ok(true),
        Err(why) if why.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(why) => Err(unwritable(out, &why)),
    }
}

fn unwritable(path: &Path, why: &std::io::Error) -> Error {
    Error::internal(format!("{} can't be written: {why}", path.display()))
}

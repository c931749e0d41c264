//! `portal export --patient ...`

use std::{
    fs::OpenOptions,
    io::{ErrorKind, Write},
    path::Path,
};

use portal_domain::{
    access::{Action, Category},
    ids::PatientId,
    record::{DateRange, RecordFormat},
};

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
    let record = app
        .read(&Actor::operator(), move |work| {
            let grant = work.grant(Action::Export, Category::Chart, id)?;
            gather(work, &grant, &[], DateRange::default())
        })
        .await
        .map_err(|why| match why {
            Error::Denied(_) => Error::internal(format!("no patient has the id {id}")),
            other => other,
        })?;
    write_new(out, &write(&record, format)?)
}

fn write_new(out: &Path, bytes: &[u8]) -> Result<()> {
    let told = |why: std::io::Error| match why.kind() {
        ErrorKind::AlreadyExists => {
            Error::internal(format!("{} is there already: name a new file", out.display()))
        }
        _ => Error::internal(format!("{} can't be written: {why}", out.display())),
    };
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    // Health data: for the operator's eyes.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(out).map_err(told)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    written.map_err(|why| {
        drop(std::fs::remove_file(out));
        told(why)
    })
}

//! Attached files: kept sealed in a folder or an S3-compatible store, refused when a scanner says so (MSG-3).

mod scanner;
mod store;

use std::{path::Path, time::Duration};

use actix_web::{error::PayloadError, web::Bytes};
use futures_util::{Stream, stream};
use portal_api::{
    error::{Error, Result},
    platform::{
        files::{Arrived, Files, FilesSettings, ScannerSettings, StoreSettings},
        secret::Sealer,
    },
};
use portal_domain::problem::{Code, Problem};

use crate::harness::portal::SECRET;

/// A file's bytes as a browser sends them.
fn body(parts: &[&'static [u8]]) -> impl Stream<Item = Result<Bytes, PayloadError>> + use<> {
    let parts: Vec<_> = parts.iter().map(|part| Ok(Bytes::from_static(part))).collect();
    stream::iter(parts)
}

/// Files in this folder, looked at by this scanner.
fn files(folder: &Path, scanner: Option<ScannerSettings>) -> Files {
    let settings = FilesSettings { store: StoreSettings::Folder(folder.into()), scanner };
    Files::open(&settings, Sealer::new(SECRET).unwrap()).unwrap()
}

async fn receive(files: &Files, parts: &[&'static [u8]]) -> Result<Arrived> {
    files.receive("note.txt", body(parts), 6 << 20).await
}

/// What a refusal tells the caller.
#[track_caller]
fn refused<T>(answer: Result<T>) -> Problem {
    answer.map(|_| ()).expect_err("a refusal").to_problem()
}

/// How many objects a folder holds.
fn objects(folder: &Path) -> usize {
    std::fs::read_dir(folder).unwrap().count()
}

/// A scanner's settings that a test need not wait long for.
fn patient_for(address: &str, patience: Duration) -> ScannerSettings {
    ScannerSettings { address: address.parse().unwrap(), patience }
}

#[actix_web::test]
async fn a_file_that_is_empty_or_too_large_or_something_else_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(folder.path(), None);
    for (name, parts, limit, code) in [
        ("note.txt", vec![], 10, "file_empty"),
        ("note.txt", vec![&b"123456"[..], b"12345"], 10, "file_too_large"),
        ("note.pdf", vec![&b"no pdf"[..]], 10, "file_content"),
        ("note.exe", vec![&b"MZ"[..]], 10, "file_kind"),
    ] {
        let problem = refused(files.receive(name, body(&parts), limit).await);
        assert_eq!((problem.code, problem.errors[0].code.as_str()), (Code::Invalid, code), "{name}");
        assert_eq!(problem.errors[0].field, "file");
    }
    let exact = files.receive("note.txt", body(&[b"12345", b"12345"]), 10).await.unwrap();
    assert_eq!(exact.size(), 10);
}

#[actix_web::test]
async fn an_upload_that_breaks_off_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(folder.path(), None);
    let broken = stream::iter([Ok(Bytes::from_static(b"half")), Err(PayloadError::Incomplete(None))]);
    let problem = refused(files.receive("note.txt", broken, 10).await);
    assert_eq!(problem.code, Code::BadRequest);
    assert_eq!(objects(folder.path()), 0);
}

#[test]
fn a_dead_scanner_is_told_apart_from_a_busy_portal() {
    use actix_web::ResponseError;
    let answer = Error::from(Code::ScanUnavailable).error_response();
    assert_eq!(answer.headers().get("retry-after").unwrap(), "60");
}

//! `portal import FILE...`

use std::{
    io::{Read, Write},
    path::{Path, PathBuf},
};

use portal_domain::fhir::{BundleError, MAX_BUNDLE_BYTES};
use serde::Serialize;

use super::service::{Imported, import};
use crate::{app::App, error::Result, platform::auth::Actor};

/// What is printed for one file.
#[derive(Debug, Default, Serialize)]
struct Line {
    file: String,
    created: u32,
    updated: u32,
    unchanged: u32,
    ignored: u32,
    problems: Vec<ProblemLine>,
}

/// One mistake: of an entry, or of the whole file when `entry` is null.
#[derive(Debug, Serialize)]
struct ProblemLine {
    entry: Option<usize>,
    path: String,
    message: String,
}

/// Imports each file as a bundle of this source system and prints one JSON line for it. Whether all were kept.
pub async fn import_files(app: &App, source: &str, files: &[PathBuf], out: &mut impl Write) -> Result<bool> {
    let mut all_kept = true;
    for path in files {
        let line = import_file(app, source, path).await?;
        all_kept &= line.problems.is_empty();
        writeln!(out, "{}", serde_json::to_string(&line)?)?;
        out.flush()?;
    }
    Ok(all_kept)
}

async fn import_file(app: &App, source: &str, path: &Path) -> Result<Line> {
    let file = path.display().to_string();
    let whole = |message: String| ProblemLine { entry: None, path: "Bundle".to_owned(), message };
    let bytes = match read(path) {
        Ok(bytes) => bytes,
        Err(why) => return Ok(Line { file, problems: vec![whole(why)], ..Line::default() }),
    };
    Ok(match import(app, &Actor::operator(), source.to_owned(), bytes, None).await? {
        Imported::Kept(view) => Line {
            file,
            created: view.created,
            updated: view.updated,
            unchanged: view.unchanged,
            ignored: view.ignored,
            problems: Vec::new(),
        },
        Imported::Unreadable(error) => {
            Line { file, problems: vec![whole(error.to_string())], ..Line::default() }
        }
        Imported::Refused(mistakes) => {
            let problem = |mistake: super::service::Mistake| ProblemLine {
                entry: Some(mistake.entry),
                path: mistake.path,
                message: mistake.message,
            };
            Line { file, problems: mistakes.into_iter().map(problem).collect(), ..Line::default() }
        }
    })
}

/// The file, or why it can't be read. A file that is too large is not taken into memory.
fn read(path: &Path) -> Result<Vec<u8>, String> {
    let failed = |why: std::io::Error| format!("The file can't be read: {why}.");
    let file = std::fs::File::open(path).map_err(failed)?;
    let size = file.metadata().map_err(failed)?.len();
    let bytes = usize::try_from(size).unwrap_or(usize::MAX);
    if bytes > MAX_BUNDLE_BYTES {
        return Err(BundleError::TooLarge { bytes, limit: MAX_BUNDLE_BYTES }.to_string());
    }
    let mut text = Vec::with_capacity(bytes);
    // A pipe has no length: one byte more than allowed is enough to be refused.
    file.take(MAX_BUNDLE_BYTES as u64 + 1).read_to_end(&mut text).map_err(failed)?;
    Ok(text)
}

//! Attached files' bytes, behind an object store: a folder or an S3-compatible service. Which files there are, whose and
//! of what name is kept by those who attach them.
//!
//! A file is at most some MiB, so it is held in memory while its content is compared with its name, scanned, hashed and
//! sealed. Only then is it stored, whole or not at all: an upload that breaks off leaves nothing behind. Objects are
//! sealed with the portal's secret under their own id, so neither who reads the store nor who swaps two objects gains
//! anything.

mod download;
mod scanner;
mod settings;

use std::{fmt, sync::Arc};

use actix_web::{error::PayloadError, web::Bytes};
use futures_util::{Stream, StreamExt};
use object_store::{ObjectStore, ObjectStoreExt, PutPayload, path::Path};
use portal_domain::{
    files::{self, FileKind, FileRefused},
    problem::{Code, Problem},
};
use uuid::Uuid;

pub use download::{attachment, saved};
pub use scanner::{ScannerAddress, ScannerSettings};
pub use settings::{FilesSettings, StoreSettings};

use self::scanner::Scanner;
use super::{
    body_deadline::broken,
    clock::new_id,
    secret::{Sealer, hash},
};
use crate::error::{Error, Result};

/// A file that arrived whole, is what its name says, and was scanned.
pub struct Arrived {
    /// What it is.
    pub kind: FileKind,
    /// SHA-256 of its bytes.
    pub sha256: Vec<u8>,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Arrived {
    /// Its size in bytes.
    pub fn size(&self) -> u64 {
        self.bytes.len() as u64
    }
}

/// The store. Cheap to clone.
#[derive(Clone)]
pub struct Files(Arc<Inside>);

struct Inside {
    store: Box<dyn ObjectStore>,
    prefix: Path,
    place: String,
    sealer: Sealer,
    scanner: Option<Scanner>,
}

impl Files {
    /// Opens the store that the settings name. A folder is made where it is missing; a service is not asked yet.
    pub fn open(settings: &FilesSettings, sealer: Sealer) -> Result<Self> {
        let (store, prefix) = settings.store.open()?;
        let place = settings.store.to_string();
        let scanner = settings.scanner.clone().map(Scanner::new);
        Ok(Self(Arc::new(Inside { store, prefix, place, sealer, scanner })))
    }

    /// Takes a file as it comes over the network: 422 of the field `file` when it is empty, larger than `limit` bytes or
    /// not what `name` says, [`Code::FileInfected`] and [`Code::ScanUnavailable`] when a scanner says so.
    /// Nothing is stored yet.
    pub async fn receive(
        &self,
        name: &str,
        body: impl Stream<Item = Result<Bytes, PayloadError>>,
        limit: u64,
    ) -> Result<Arrived> {
        let bytes = collect(body, limit).await?;
        let kind = files::sniff(name, &bytes).map_err(refused)?;
        self.scan(&bytes).await?;
        Ok(Arrived { kind, sha256: hash(&bytes), bytes })
    }

    /// The same for what is told from its content alone, which the caller looks into.
    pub async fn receive_bytes(
        &self,
        body: impl Stream<Item = Result<Bytes, PayloadError>>,
        limit: u64,
    ) -> Result<Vec<u8>> {
        let bytes = collect(body, limit).await?;
        self.scan(&bytes).await?;
        Ok(bytes)
    }

    async fn scan(&self, bytes: &[u8]) -> Result<()> {
        match &self.0.scanner {
            Some(scanner) => scanner.scan(bytes).await,
            None => Ok(()),
        }
    }

    /// Keeps a file under a new id. It is durable when this returns.
    pub async fn put(&self, id: Uuid, file: &Arrived) -> Result<()> {
        self.put_bytes(id, &file.bytes).await
    }

    /// Keeps what the portal itself wrote under a new id. It is durable when this returns.
    pub async fn put_bytes(&self, id: Uuid, bytes: &[u8]) -> Result<()> {
        let sealed = self.0.sealer.seal(&purpose(id), bytes)?;
        self.0.store.put(&self.path(id), PutPayload::from(sealed)).await.map_err(away)?;
        Ok(())
    }

    /// The bytes of a file; [`Code::NotFound`] when there is none of this id.
    pub async fn get(&self, id: Uuid) -> Result<Vec<u8>> {
        let found = match self.0.store.get(&self.path(id)).await {
            Err(object_store::Error::NotFound { .. }) => return Err(Code::NotFound.into()),
            found => found.map_err(away)?,
        };
        let sealed = found.bytes().await.map_err(away)?;
        self.0.sealer.open(&purpose(id), &sealed)
    }

    /// Forgets a file; one that is gone already is no error.
    pub async fn delete(&self, id: Uuid) -> Result<()> {
        match self.0.store.delete(&self.path(id)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(why) => Err(away(why)),
        }
    }

    /// Tries the store and the scanner without keeping anything. Answers what is wrong.
    pub async fn try_out(&self) -> Result<(), String> {
        let id = new_id();
        let in_words = |why: Error| match why {
            Error::Unavailable => "the store does not answer or refuses; the log says why".to_owned(),
            other => other.to_string(),
        };
        let trial = Arrived { kind: FileKind::Txt, sha256: Vec::new(), bytes: b"portal check".to_vec() };
        self.put(id, &trial).await.map_err(in_words)?;
        self.get(id).await.map_err(in_words)?;
        self.delete(id).await.map_err(in_words)?;
        match &self.0.scanner {
            Some(scanner) => {
                scanner.scan(&trial.bytes).await.map_err(|_| "the scanner does not answer".to_owned())
            }
            None => Ok(()),
        }
    }

    fn path(&self, id: Uuid) -> Path {
        self.0.prefix.clone().join(id.to_string())
    }
}

/// Where files go, in words.
impl fmt::Display for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scanned = if self.0.scanner.is_some() { ", scanned" } else { "" };
        write!(f, "{}{scanned}", self.0.place)
    }
}

/// The whole body, of at most `limit` bytes.
async fn collect(body: impl Stream<Item = Result<Bytes, PayloadError>>, limit: u64) -> Result<Vec<u8>> {
    let mut body = std::pin::pin!(body);
    let mut bytes = Vec::new();
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|why| Error::from(broken(&why)))?;
        if (bytes.len() + chunk.len()) as u64 > limit {
            return Err(refused(FileRefused::TooLarge));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// What a file is sealed for: one object is never another.
fn purpose(id: Uuid) -> String {
    format!("file {id}")
}

fn refused(why: FileRefused) -> Error {
    Problem::invalid(vec![why.at("file")]).into()
}

/// What the caller is told when the store is out of reach or full.
fn away(why: object_store::Error) -> Error {
    tracing::warn!(%why, "the store of files does not answer");
    Error::Unavailable
}

//! Where files are kept, and how such a place is opened.

use std::{fmt, os::unix::fs::DirBuilderExt, path::PathBuf};

use object_store::{
    ClientOptions, ObjectStore, RetryConfig, aws::AmazonS3Builder, local::LocalFileSystem, path::Path,
};

use super::ScannerSettings;
use crate::error::{Error, Result};

/// `PORTAL_FILES_*` and `PORTAL_CLAMD_ADDRESS`.
#[derive(Clone, Debug)]
pub struct FilesSettings {
    /// Where files are kept.
    pub store: StoreSettings,
    /// What scans them, if anything.
    pub scanner: Option<ScannerSettings>,
}

/// A place for files.
#[derive(Clone)]
pub enum StoreSettings {
    /// A folder.
    Folder(PathBuf),
    /// A bucket of an S3-compatible service.
    S3 {
        /// The bucket's name.
        bucket: String,
        /// What objects' names begin with; may be empty.
        prefix: String,
        /// The service's address; that of AWS when there is none.
        endpoint: Option<String>,
        /// The region that requests are signed for.
        region: String,
        /// The access key's id.
        key_id: String,
        /// The access key.
        key: String,
    },
}

impl StoreSettings {
    pub(super) fn open(&self) -> Result<(Box<dyn ObjectStore>, Path)> {
        match self {
            Self::Folder(folder) => {
                std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
                let store = LocalFileSystem::new_with_prefix(folder).map_err(Error::internal)?;
                Ok((Box::new(store.with_fsync(true)), Path::default()))
            }
            Self::S3 { bucket, prefix, endpoint, region, key_id, key } => {
                // The HTTP client takes its cryptography from the process; another one that stands already will do.
                drop(rustls::crypto::ring::default_provider().install_default());
                let plain = endpoint.as_ref().is_some_and(|endpoint| endpoint.starts_with("http://"));
                let retry = RetryConfig { max_retries: 2, ..RetryConfig::default() };
                let mut builder = AmazonS3Builder::new()
                    .with_bucket_name(bucket)
                    .with_region(region)
                    .with_access_key_id(key_id)
                    .with_secret_access_key(key)
                    .with_retry(retry)
                    .with_client_options(ClientOptions::new().with_allow_http(plain));
                if let Some(endpoint) = endpoint {
                    builder = builder.with_endpoint(endpoint);
                }
                let store = builder.build().map_err(Error::internal)?;
                Ok((Box::new(store), Path::parse(prefix).map_err(Error::internal)?))
            }
        }
    }
}

/// In words, without the key.
impl fmt::Display for StoreSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => write!(f, "{}", folder.display()),
            Self::S3 { bucket, prefix, endpoint, .. } => {
                write!(f, "s3://{bucket}/{prefix} at {}", endpoint.as_deref().unwrap_or("AWS"))
            }
        }
    }
}

impl fmt::Debug for StoreSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

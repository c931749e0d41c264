//! Password hashing: argon2id in a bounded pool, off the threads that answer requests.

use std::sync::{Arc, LazyLock};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use portal_domain::accounts::{PASSWORD_HASH_KIB, PASSWORD_HASH_PASSES};
use tokio::{sync::Semaphore, task::spawn_blocking};
use unicode_normalization::UnicodeNormalization;

use crate::error::{Error, Result};

/// One lane, with the cost that the domain tells.
static ARGON2: LazyLock<Argon2<'static>> = LazyLock::new(|| {
    let params = Params::new(PASSWORD_HASH_KIB, PASSWORD_HASH_PASSES, 1, None).unwrap_or(Params::DEFAULT);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
});

/// A hash of nobody's password: an unknown username costs the same time as a wrong password (SEC-4).
static DUMMY: LazyLock<String> = LazyLock::new(|| hash_now("nobody's password").unwrap_or_default());

/// Bounds how many hashes are computed at a time.
#[derive(Clone)]
pub struct Passwords {
    permits: Arc<Semaphore>,
}

impl Passwords {
    /// At most `at_once` hashes at a time; a caller who waits longer than a second is told to come back.
    pub fn new(at_once: usize) -> Self {
        LazyLock::force(&DUMMY);
        Self { permits: Arc::new(Semaphore::new(at_once)) }
    }

    /// The hash to store, in PHC string format.
    pub async fn hash(&self, password: &str) -> Result<String> {
        let password = password.to_owned();
        self.compute(move || hash_now(&password)).await
    }

    /// Whether the password is the one that was hashed. Without a hash the answer is no, after the same time.
    pub async fn verify(&self, password: &str, hash: Option<String>) -> Result<bool> {
        let password = password.to_owned();
        self.compute(move || {
            let known = hash.is_some();
            let hash = hash.unwrap_or_else(|| DUMMY.clone());
            let parsed = PasswordHash::new(&hash).map_err(Error::internal)?;
            Ok(ARGON2.verify_password(normal(&password).as_bytes(), &parsed).is_ok() && known)
        })
        .await
    }

    async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let permit =
            tokio::time::timeout(std::time::Duration::from_secs(1), self.permits.clone().acquire_owned())
                .await
                .map_err(|_| Error::Unavailable)?
                .map_err(Error::internal)?;
        spawn_blocking(move || {
            let _permit = permit;
            work()
        })
        .await
        .map_err(Error::internal)?
    }
}

/// The same password typed on another keyboard is the same bytes: NFC.
fn normal(password: &str) -> String {
    password.nfc().collect()
}

fn hash_now(password: &str) -> Result<String> {
    let hash = ARGON2.hash_password(normal(password).as_bytes()).map_err(Error::internal)?;
    Ok(hash.to_string())
}

//! Password hashing: argon2id in a bounded pool, off the threads that answer requests.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::{
        PasswordHasher,
        phc::{Output, PasswordHash},
    },
};
use portal_domain::accounts::{PASSWORD_HASH_KIB, PASSWORD_HASH_PASSES};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::spawn_blocking,
};
use unicode_normalization::UnicodeNormalization;

use crate::error::{Error, Result};

/// One lane, with the cost that the domain tells.
static ARGON2: LazyLock<Argon2<'static>> = LazyLock::new(|| {
    let params = Params::new(PASSWORD_HASH_KIB, PASSWORD_HASH_PASSES, 1, None).unwrap_or(Params::DEFAULT);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
});

/// A hash that no password has, of the same cost: an unknown username takes as long as a wrong password (SEC-4).
/// It is spelled, not computed: a hash at start would keep its memory ever after.
static NOBODYS: LazyLock<String> = LazyLock::new(|| {
    let (salt, output) = ("A".repeat(22), "A".repeat(43));
    format!("$argon2id$v=19$m={PASSWORD_HASH_KIB},t={PASSWORD_HASH_PASSES},p=1${salt}${output}")
});

/// The memory of hashes that are not computed just now, kept for the next ones: to get it from the system each time and to
/// have it cleared costs a sixth of a hash (docs/performance.md). There are as many as were ever needed at a time.
static MEMORY: Mutex<Vec<Vec<Block>>> = Mutex::new(Vec::new());

/// Bounds how many hashes are computed at a time.
#[derive(Clone)]
pub struct Passwords {
    permits: Arc<Semaphore>,
    /// Who may wait for a permit.
    places: Arc<Semaphore>,
}

/// A place in the queue for one hash.
pub struct Room {
    _place: OwnedSemaphorePermit,
}

/// So many callers may wait for each hash under way: about half a second's work.
const WAITING: usize = 16;

impl Passwords {
    /// At most `at_once` hashes at a time; a caller who waits longer than a second, or finds the queue full, is told to
    /// come back.
    pub fn new(at_once: usize) -> Self {
        let places = Arc::new(Semaphore::new(at_once * (1 + WAITING)));
        Self { permits: Arc::new(Semaphore::new(at_once)), places }
    }

    /// A place in the queue, taken before anything else is done for a caller: who finds no place is refused at once,
    /// and a flood of callers never asks the database for more than the queue holds.
    pub fn room(&self) -> Result<Room> {
        let place = self.places.clone().try_acquire_owned().map_err(|_| Error::Unavailable)?;
        Ok(Room { _place: place })
    }

    /// The hash to store, in PHC string format.
    pub async fn hash(&self, password: &str) -> Result<String> {
        let password = password.to_owned();
        self.compute(self.room()?, move || hash_now(&password)).await
    }

    /// Whether the password is the one that was hashed. Without a hash the answer is no, after the same time.
    pub async fn verify(&self, password: &str, hash: Option<String>) -> Result<bool> {
        self.verify_in(self.room()?, password, hash).await
    }

    /// The same in a place that was taken before.
    pub async fn verify_in(&self, room: Room, password: &str, hash: Option<String>) -> Result<bool> {
        let password = password.to_owned();
        self.compute(room, move || {
            let known = hash.is_some();
            let hash = hash.unwrap_or_else(|| NOBODYS.clone());
            let parsed = PasswordHash::new(&hash).map_err(Error::internal)?;
            Ok(is_hash_of(&parsed, normal(&password).as_bytes())? && known)
        })
        .await
    }

    async fn compute<T: Send + 'static>(
        &self,
        room: Room,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let permit =
            tokio::time::timeout(std::time::Duration::from_secs(1), self.permits.clone().acquire_owned())
                .await
                .map_err(|_| Error::Unavailable)?
                .map_err(Error::internal)?;
        spawn_blocking(move || {
            let _held = (permit, room);
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

/// Whether this is a hash of the password. The outputs are compared in constant time.
fn is_hash_of(hash: &PasswordHash, password: &[u8]) -> Result<bool> {
    let (Some(salt), Some(expected)) = (&hash.salt, &hash.hash) else {
        return Err(Error::internal("a stored password hash without salt or output"));
    };
    let algorithm = Algorithm::try_from(hash.algorithm.as_str()).map_err(Error::internal)?;
    let version = hash.version.map_or(Ok(Version::V0x13), Version::try_from).map_err(Error::internal)?;
    let params = Params::try_from(hash).map_err(Error::internal)?;
    let kept = || MEMORY.lock().unwrap_or_else(PoisonError::into_inner);
    let mut memory = kept().pop().unwrap_or_default();
    memory.resize(params.block_count(), Block::new());
    let mut output = vec![0; expected.len()];
    let done = Argon2::new(algorithm, version, params).hash_password_into_with_memory(
        password,
        salt,
        &mut output,
        &mut memory,
    );
    kept().push(memory);
    done.map_err(Error::internal)?;
    Ok(Output::new(&output).map_err(Error::internal)? == *expected)
}

fn hash_now(password: &str) -> Result<String> {
    let hash = ARGON2.hash_password(normal(password).as_bytes()).map_err(Error::internal)?;
    Ok(hash.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_finds_the_queue_full_is_told_to_come_back_and_the_others_are_served() {
        let passwords = Passwords::new(1);
        let tries = (0..100).map(|_| {
            let passwords = passwords.clone();
            async move { passwords.verify("Correct-Horse-7", None).await }
        });
        let answers = futures_util::future::join_all(tries).await;
        let served = answers.iter().filter(|answer| matches!(answer, Ok(false))).count();
        let refused = answers.iter().filter(|answer| matches!(answer, Err(Error::Unavailable))).count();
        assert_eq!((served + refused, refused >= 100 - 1 - WAITING), (100, true), "{served} served");
        assert!(served >= 1);
        let rooms: Vec<_> = std::iter::from_fn(|| passwords.room().ok()).collect();
        assert_eq!(rooms.len(), 1 + WAITING, "the places are free again");
        assert!(matches!(passwords.verify("Correct-Horse-7", None).await, Err(Error::Unavailable)));
    }

    #[test]
    fn nobodys_hash_costs_what_a_real_one_costs_and_fits_no_password() {
        let cost = |hash: &str| hash.rsplitn(3, '$').last().unwrap().to_owned();
        assert_eq!(cost(&NOBODYS), cost(&hash_now("Correct-Horse-7").unwrap()));
        let parsed = PasswordHash::new(&NOBODYS).unwrap();
        assert!(!is_hash_of(&parsed, b"Correct-Horse-7").unwrap());
    }

    #[test]
    fn what_an_earlier_password_left_in_memory_changes_no_answer() {
        use argon2::password_hash::PasswordVerifier;
        let passwords = ["Correct-Horse-7", "correct-horse-7", "Blue-Whale-77-Sings", ""];
        for one in passwords {
            let hash = hash_now(one).unwrap();
            let parsed = PasswordHash::new(&hash).unwrap();
            for other in passwords {
                let said = is_hash_of(&parsed, other.as_bytes()).unwrap();
                assert_eq!(said, ARGON2.verify_password(other.as_bytes(), &parsed).is_ok(), "{one} {other}");
                assert_eq!(said, one == other, "{one} {other}");
            }
        }
    }
}

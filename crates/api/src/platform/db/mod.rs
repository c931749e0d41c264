//! The database: say `read` or `write`, never open a transaction by hand.
//!
//! Reads run inline on SQLite (WAL readers wait for nobody) and on a pool on PostgreSQL. Writes are
//! durable, serialised transactions: on SQLite one thread commits whatever waits in one fsync, on
//! PostgreSQL they are SERIALIZABLE and run again when the engine says so. This room knows no feature.

mod append;
mod conn;
mod migrate;
mod postgres;
pub mod schema;
mod sqlite;
mod types;

use std::sync::Arc;

use diesel::result::{DatabaseErrorKind, Error as DbError};

pub use append::Appender;
pub use conn::{Conn, MultiBackend, Native, columns};
pub use migrate::{Engine, fingerprint, pending, revert_all, run as migrate};
pub(super) use postgres::another_run_may_do;
pub use types::{AnyId, Document, Guid, Instant, Json, Word};

use crate::error::{Error, Result};

/// The handle that everybody shares.
#[derive(Clone)]
pub struct Db(Arc<Store>);

enum Store {
    Postgres(postgres::Pool),
    Sqlite(sqlite::File),
}

impl Db {
    /// Opens the database at `url` (`postgres://...` or `sqlite:PATH`); `connections` bounds the pool on PostgreSQL.
    /// The schema must be up to date: see [`migrate`].
    pub fn open(url: &str, connections: u32) -> Result<Self> {
        let store = match Engine::of(url)? {
            Engine::Postgres => Store::Postgres(postgres::Pool::open(url, connections)?),
            Engine::Sqlite => Store::Sqlite(sqlite::File::open(url)?),
        };
        Ok(Self(Arc::new(store)))
    }

    /// Which engine answers.
    pub fn engine(&self) -> Engine {
        match &*self.0 {
            Store::Postgres(_) => Engine::Postgres,
            Store::Sqlite(_) => Engine::Sqlite,
        }
    }

    /// The server's address on PostgreSQL; none on SQLite.
    pub fn postgres_url(&self) -> Option<&str> {
        match &*self.0 {
            Store::Postgres(pool) => Some(pool.url()),
            Store::Sqlite(_) => None,
        }
    }

    /// Reads. The connection refuses writes.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        match &*self.0 {
            Store::Postgres(pool) => pool.read(work).await,
            Store::Sqlite(file) => file.read(work),
        }
    }

    /// Something that adds rows of one kind for many requests at once. `insert` adds them all, in one statement on
    /// PostgreSQL; `name` is its thread's.
    pub fn appender<T: Clone + Send + 'static>(
        &self,
        name: &str,
        insert: append::Insert<T>,
    ) -> Result<Appender<T>> {
        Appender::start(self, name, insert)
    }

    /// One durable transaction. `work` may run more than once (PostgreSQL serialization failures), so
    /// it changes nothing but the database: no mail, no HTTP, no hashing in here.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Conn) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        match &*self.0 {
            Store::Postgres(pool) => pool.write(work).await,
            Store::Sqlite(file) => file.write(work).await,
        }
    }
}

/// Lets the transaction under way answer before it is on the disk: for what may be lost with a machine that crashes, such
/// as the count of a wrong password. What was answered before is never lost by it.
pub fn need_not_outlive_a_crash(conn: &mut Conn) -> Result<()> {
    use diesel::connection::SimpleConnection;
    match conn {
        Conn::Pg(pg) => Ok(pg.batch_execute("SET LOCAL synchronous_commit = off")?),
        // Its writes go to the disk together anyhow.
        Conn::Sqlite(_) => Ok(()),
    }
}

/// What a caller is told when the database is out of reach or overloaded: come back in a second.
fn busy(why: impl std::fmt::Display) -> Error {
    tracing::warn!(%why, "the database does not answer");
    Error::Unavailable
}

/// Whether an engine says that it can't just now (away, stopping, full, locked), rather than that we asked wrongly.
pub fn is_outage(why: &DbError) -> bool {
    const SAID: [&str; 12] = [
        // SQLite
        "database or disk is full",
        "database is locked",
        "disk I/O error",
        "attempt to write a readonly database",
        "unable to open database file",
        // PostgreSQL
        "server closed the connection",
        "terminating connection",
        "the database system is",
        "no connection to the server",
        "could not receive data from server",
        "could not send data to server",
        "No space left on device",
    ];
    match why {
        DbError::DatabaseError(
            DatabaseErrorKind::ClosedConnection
            | DatabaseErrorKind::SerializationFailure
            | DatabaseErrorKind::UnableToSendCommand,
            _,
        )
        | DbError::BrokenTransactionManager => true,
        DbError::DatabaseError(DatabaseErrorKind::Unknown, info) => {
            SAID.iter().any(|said| info.message().contains(said))
        }
        _ => false,
    }
}

/// Whether the database answers and holds the portal's tables.
pub fn is_there(conn: &mut Conn) -> Result<()> {
    use diesel::prelude::*;
    schema::practices::table.select(schema::practices::id).first::<AnyId>(conn).optional()?;
    Ok(())
}

//! PostgreSQL: a pool on blocking threads, reads in autocommit, writes SERIALIZABLE with retry.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use diesel::{
    Connection, PgConnection,
    connection::{AnsiTransactionManager as Transactions, SimpleConnection, TransactionManager},
    r2d2::R2D2Connection,
    result::{DatabaseErrorKind, Error as DbError},
};
use tokio::{
    runtime::Handle,
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use super::{Conn, busy};
use crate::error::{Error, Result};

/// How long a request waits for a connection before it is told to come back.
const WAIT: Duration = Duration::from_secs(1);
/// How often a transaction is tried when others keep getting in its way.
const TRIES: u32 = 12;
/// Times are UTC whatever the server's zone; reads can't write by mistake.
const SETTINGS: &str = "SET TIME ZONE 'UTC'; SET default_transaction_read_only = on;";

pub struct Pool {
    url: String,
    pool: r2d2::Pool<Manager>,
    permits: Arc<Semaphore>,
    /// Whose threads the work runs on. Each worker has a runtime; one for all keeps the threads, and what memory their
    /// allocators keep, as few as the connections.
    runtime: Handle,
    /// Shared by transactions that try their luck together, held alone by one that others got in the way of.
    gate: Arc<RwLock<()>>,
}

struct Manager(String);

impl r2d2::ManageConnection for Manager {
    type Connection = Conn;
    type Error = Error;

    fn connect(&self) -> Result<Conn> {
        connect(&self.0).map(Conn::Pg)
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<()> {
        Ok(conn.ping()?)
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        conn.is_broken()
    }
}

fn connect(url: &str) -> Result<PgConnection> {
    let mut conn = PgConnection::establish(url)?;
    conn.batch_execute(SETTINGS)?;
    Ok(conn)
}

/// A connection for rows that are only added, each statement a transaction of its own.
pub fn connect_for_appending(url: &str) -> Result<Conn> {
    let mut conn = PgConnection::establish(url)?;
    conn.batch_execute("SET TIME ZONE 'UTC';")?;
    Ok(Conn::Pg(conn))
}

impl Pool {
    pub fn open(url: &str, connections: u32) -> Result<Self> {
        // Checks that the server answers at all, with its own words when it does not.
        connect(url)?;
        let pool = r2d2::Pool::builder()
            .max_size(connections)
            .min_idle(Some(1))
            .connection_timeout(WAIT)
            .test_on_check_out(false)
            .build_unchecked(Manager(url.into()));
        let (permits, runtime) = (Arc::new(Semaphore::new(connections as usize)), Handle::current());
        Ok(Self { url: url.into(), pool, permits, runtime, gate: Arc::default() })
    }

    /// The server's address.
    pub fn url(&self) -> &str {
        &self.url
    }

    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.on_a_thread(work).await
    }

    pub async fn write<T: Send + 'static>(
        &self,
        mut work: impl FnMut(&mut Conn) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let gate = self.gate.clone();
        self.on_a_thread(move |conn| {
            let together = gate.read().unwrap_or_else(PoisonError::into_inner);
            match transact(conn, &mut work) {
                Err(Error::Database(why)) if another_run_may_do(&why) => drop(together),
                done => return done,
            }
            // From here on only other processes can get in the way.
            let _alone = gate.write().unwrap_or_else(PoisonError::into_inner);
            for run in 2..TRIES {
                match transact(conn, &mut work) {
                    Err(Error::Database(why)) if another_run_may_do(&why) => {
                        tracing::debug!(run, "a transaction runs again");
                        step_aside(run);
                    }
                    done => return done,
                }
            }
            match transact(conn, &mut work) {
                Err(Error::Database(why)) if is_conflict(&why) => Err(busy(why)),
                done => done,
            }
        })
        .await
    }

    async fn on_a_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let permit = self.permit().await?;
        let pool = self.pool.clone();
        let task = move || {
            let _permit = permit;
            let mut conn = pool.get().map_err(busy)?;
            work(&mut conn)
        };
        self.runtime
            .spawn_blocking(task)
            .await
            .map_err(|why| Error::internal(format!("a database task ended early: {why}")))?
    }

    async fn permit(&self) -> Result<OwnedSemaphorePermit> {
        timeout(WAIT, self.permits.clone().acquire_owned()).await.map_err(busy)?.map_err(busy)
    }
}

/// Lets the others go first, for a little longer and less alike each time.
fn step_aside(run: u32) {
    let mut random = [0];
    // Without randomness the wait is merely alike.
    let _ = getrandom::fill(&mut random);
    std::thread::sleep(Duration::from_micros(u64::from(random[0]) << run.min(7)));
}

fn transact<T>(conn: &mut Conn, work: &mut impl FnMut(&mut Conn) -> Result<T>) -> Result<T> {
    Transactions::begin_transaction_sql(pg(conn)?, "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE")?;
    let result = work(conn);
    let conn = pg(conn)?;
    match result {
        Ok(value) => {
            Transactions::commit_transaction(conn)?;
            Ok(value)
        }
        Err(why) => {
            // When even this fails the connection is broken, and the pool drops it.
            drop(Transactions::rollback_transaction(conn));
            Err(why)
        }
    }
}

fn pg(conn: &mut Conn) -> Result<&mut PgConnection> {
    match conn {
        Conn::Pg(pg) => Ok(pg),
        Conn::Sqlite(_) => Err(Error::internal("the pool holds a foreign connection")),
    }
}

/// Whether others got in the way (rather than the act being wrong).
fn is_conflict(why: &DbError) -> bool {
    matches!(why, DbError::DatabaseError(DatabaseErrorKind::SerializationFailure, _))
}

/// Whether the engine asks to run the transaction again. A unique violation counts: a concurrent
/// transaction got there first, and the second run sees its row and says so in the domain's words.
pub fn another_run_may_do(why: &DbError) -> bool {
    match why {
        DbError::DatabaseError(
            DatabaseErrorKind::SerializationFailure | DatabaseErrorKind::UniqueViolation,
            _,
        ) => true,
        DbError::DatabaseError(_, info) => info.message().contains("deadlock detected"),
        _ => false,
    }
}

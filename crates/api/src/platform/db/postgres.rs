//! PostgreSQL: a pool on blocking threads, reads in autocommit, writes SERIALIZABLE with retry.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use diesel::{
    Connection, PgConnection,
    connection::{AnsiTransactionManager as Transactions, SimpleConnection, TransactionManager},
    r2d2::R2D2Connection,
    result::{DatabaseErrorKind, Error as DbError},
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::spawn_blocking,
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
    /// Held by the one of those transactions that got in each other's way whose turn it is.
    turn: Arc<Mutex<()>>,
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
        let permits = Arc::new(Semaphore::new(connections as usize));
        Ok(Self { url: url.into(), pool, permits, turn: Arc::default() })
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
        let turn = self.turn.clone();
        self.on_a_thread(move |conn| {
            let mut in_turn = None;
            for _ in 1..TRIES {
                match transact(conn, &mut work) {
                    Err(Error::Database(why)) if another_run_may_do(&why) => {
                        tracing::debug!("a transaction runs again");
                        // One after the other: all at once they would go on getting in each other's way.
                        in_turn =
                            in_turn.or_else(|| Some(turn.lock().unwrap_or_else(PoisonError::into_inner)));
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
        spawn_blocking(move || {
            let _permit = permit;
            let mut conn = pool.get().map_err(busy)?;
            work(&mut conn)
        })
        .await
        .map_err(|why| Error::internal(format!("a database task ended early: {why}")))?
    }

    async fn permit(&self) -> Result<OwnedSemaphorePermit> {
        timeout(WAIT, self.permits.clone().acquire_owned()).await.map_err(busy)?.map_err(busy)
    }
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

/// Whether the engine asks to run the transaction again. A unique violation counts: a concurrent
/// transaction got there first, and the second run sees its row and says so in the domain's words.
fn another_run_may_do(why: &DbError) -> bool {
    is_conflict(why) || matches!(why, DbError::DatabaseError(DatabaseErrorKind::UniqueViolation, _))
}

/// Whether the transaction got in the way of others.
fn is_conflict(why: &DbError) -> bool {
    match why {
        DbError::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => true,
        DbError::DatabaseError(_, info) => info.message().contains("deadlock detected"),
        _ => false,
    }
}

//! SQLite: readers inline on each worker thread, one writer thread with group commit.

use std::{
    cell::RefCell,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc,
    thread,
};

use diesel::{
    Connection, SqliteConnection,
    connection::{AnsiTransactionManager as Transactions, SimpleConnection, TransactionManager},
};
use tokio::sync::oneshot;

use super::{Conn, busy};
use crate::error::{Error, Result};

/// WAL with FULL: an acknowledged commit survives a power cut. A writer waits for a lock of another
/// process (a backup, the command line) rather than fail.
const SETTINGS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
     PRAGMA busy_timeout = 5000; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8000;";

/// How many acts may share one commit, and how many may wait for the writer.
const GROUP: usize = 256;
const QUEUE: usize = 1024;

/// Work for the writer.
type Job = Box<dyn FnOnce(&mut Conn) -> Done + Send>;

/// What one job left behind.
struct Done {
    failed: bool,
    /// Answers the caller, once the shared commit is known to be kept or lost.
    answer: Box<dyn FnOnce(bool)>,
}

/// An SQLite database file with its writer.
pub struct File {
    path: String,
    writer: mpsc::SyncSender<Job>,
}

thread_local! {
    /// This thread's reader, with the path it reads.
    static READER: RefCell<Option<(String, Conn)>> = const { RefCell::new(None) };
}

/// The path in a `sqlite:PATH` address.
pub fn path_of(url: &str) -> &str {
    let path = url.strip_prefix("sqlite:").unwrap_or(url);
    path.strip_prefix("//").unwrap_or(path)
}

/// Opens the file with the settings that durability needs.
pub fn connect(url: &str) -> Result<SqliteConnection> {
    let mut conn = SqliteConnection::establish(path_of(url))?;
    conn.batch_execute(SETTINGS)?;
    Ok(conn)
}

impl File {
    pub fn open(url: &str) -> Result<Self> {
        let conn = Conn::Sqlite(connect(url)?);
        let (writer, jobs) = mpsc::sync_channel(QUEUE);
        let path: String = path_of(url).into();
        let file = path.clone();
        thread::Builder::new().name("sqlite-writer".into()).spawn(move || write_all(conn, &file, &jobs))?;
        Ok(Self { path, writer })
    }

    pub fn read<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        READER.with_borrow_mut(|slot| {
            if slot.as_ref().is_none_or(|(open, _)| *open != self.path) {
                let mut conn = connect(&self.path)?;
                conn.batch_execute("PRAGMA query_only = ON;")?;
                *slot = Some((self.path.clone(), Conn::Sqlite(conn)));
            }
            match slot {
                Some((_, conn)) => work(conn),
                None => Err(Error::Unavailable),
            }
        })
    }

    pub async fn write<T: Send + 'static>(
        &self,
        mut work: impl FnMut(&mut Conn) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |conn| {
            let result = in_savepoint(conn, &mut work);
            Done {
                failed: result.is_err(),
                // Nobody waits any more when the request was dropped; the commit stands all the same.
                answer: Box::new(move |kept| {
                    drop(answer.send(if kept { result } else { result.and(Err(Error::Unavailable)) }));
                }),
            }
        });
        self.writer.try_send(job).map_err(busy)?;
        answered.await.map_err(busy)?
    }
}

/// Runs one act so that its failure undoes only itself.
fn in_savepoint<T>(conn: &mut Conn, work: &mut impl FnMut(&mut Conn) -> Result<T>) -> Result<T> {
    Transactions::begin_transaction(lite(conn)?)?;
    let result = catch_unwind(AssertUnwindSafe(|| work(conn)))
        .unwrap_or_else(|_| Err(Error::internal("a write panicked")));
    let conn = lite(conn)?;
    match &result {
        Ok(_) => Transactions::commit_transaction(conn)?,
        Err(_) => Transactions::rollback_transaction(conn)?,
    }
    result
}

fn lite(conn: &mut Conn) -> Result<&mut SqliteConnection> {
    match conn {
        Conn::Sqlite(lite) => Ok(lite),
        Conn::Pg(_) => Err(Error::internal("the SQLite writer holds a foreign connection")),
    }
}

/// The writer's life: one group after the other. After a failure it goes on with a new connection, because SQLite may
/// have ended the transaction by itself (a full disk), which diesel does not know.
fn write_all(mut conn: Conn, path: &str, jobs: &mpsc::Receiver<Job>) {
    while let Ok(first) = jobs.recv() {
        if let Err(why) = write_group(&mut conn, first, jobs) {
            drop(busy(why));
            match connect(path) {
                Ok(fresh) => conn = Conn::Sqlite(fresh),
                Err(why) => drop(busy(why)),
            }
        }
    }
}

/// Takes what waits, gives each act a savepoint, commits them together, then answers. Jobs that are dropped unanswered
/// are told to come back; nothing of them was written.
fn write_group(conn: &mut Conn, first: Job, jobs: &mpsc::Receiver<Job>) -> Result<()> {
    Transactions::begin_transaction_sql(lite(conn)?, "BEGIN IMMEDIATE")?;
    let mut answers = Vec::new();
    let mut next = Some(first);
    while let Some(job) = next {
        let done = job(conn);
        answers.push(done.answer);
        if done.failed && !in_transaction(conn) {
            // What follows must not run outside of a transaction.
            break;
        }
        next = if answers.len() < GROUP { jobs.try_recv().ok() } else { None };
    }
    let kept = Transactions::commit_transaction(lite(conn)?);
    answers.into_iter().for_each(|answer| answer(kept.is_ok()));
    Ok(kept?)
}

/// Whether the group's transaction still stands.
fn in_transaction(conn: &mut Conn) -> bool {
    // BEGIN inside a transaction is refused; outside it succeeds and is taken back at once.
    let outside = conn.batch_execute("BEGIN").is_ok();
    if outside {
        drop(conn.batch_execute("ROLLBACK"));
    }
    !outside
}

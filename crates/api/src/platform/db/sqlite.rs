//! SQLite: readers inline on each worker thread, one writer thread with group commit.

use std::{
    cell::RefCell,
    iter::once,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc,
    thread,
};

use diesel::{Connection, SqliteConnection, connection::SimpleConnection};
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

/// Work for the writer: answers once the shared commit is known to be kept or lost.
type Job = Box<dyn FnOnce(&mut Conn) -> Box<dyn FnOnce(bool)> + Send>;

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
        thread::Builder::new().name("sqlite-writer".into()).spawn(move || commit_all(conn, &jobs))?;
        Ok(Self { path: path_of(url).into(), writer })
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
            Box::new(move |kept| {
                // Nobody waits any more when the request was dropped; the commit stands all the same.
                let _ = answer.send(if kept { result } else { result.and(Err(Error::Unavailable)) });
            })
        });
        self.writer.try_send(job).map_err(busy)?;
        answered.await.map_err(busy)?
    }
}

/// Runs one act so that its failure undoes only itself.
fn in_savepoint<T>(conn: &mut Conn, work: &mut impl FnMut(&mut Conn) -> Result<T>) -> Result<T> {
    conn.batch_execute("SAVEPOINT act")?;
    let result = catch_unwind(AssertUnwindSafe(|| work(conn)))
        .unwrap_or_else(|_| Err(Error::internal("a write panicked")));
    conn.batch_execute(if result.is_ok() { "RELEASE act" } else { "ROLLBACK TO act; RELEASE act" })?;
    result
}

/// The writer: takes what waits, gives each act a savepoint, commits them together, then answers.
fn commit_all(mut conn: Conn, jobs: &mpsc::Receiver<Job>) {
    while let Ok(first) = jobs.recv() {
        if let Err(why) = conn.batch_execute("BEGIN IMMEDIATE") {
            // The job is dropped unanswered: its caller gets 503, and nothing was written.
            drop(busy(why));
            continue;
        }
        let mut answers = Vec::new();
        for job in once(first).chain(jobs.try_iter().take(GROUP - 1)) {
            answers.push(job(&mut conn));
            // A full disk makes SQLite end the whole transaction: what follows must not run outside of one.
            if !in_transaction(&mut conn) {
                break;
            }
        }
        let kept = conn.batch_execute("COMMIT");
        if let Err(why) = &kept {
            drop(busy(why));
            drop(conn.batch_execute("ROLLBACK"));
        }
        answers.into_iter().for_each(|answer| answer(kept.is_ok()));
    }
}

/// Whether the transaction still stands: a savepoint outside of one would begin (and end) its own.
fn in_transaction(conn: &mut Conn) -> bool {
    // BEGIN inside a transaction is refused; outside it succeeds and is taken back at once.
    let outside = conn.batch_execute("BEGIN").is_ok();
    if outside {
        drop(conn.batch_execute("ROLLBACK"));
    }
    !outside
}

//! Rows that are only ever added, by many requests at once, durable before any of them goes on.
//!
//! On SQLite the writer's group commit does all of it. On PostgreSQL one thread with a connection of its own takes
//! whatever waits and adds it in one statement: one round trip and one fsync for all, instead of three for each.

use std::{sync::mpsc, thread};

use tokio::sync::oneshot;

use super::{Conn, Db, Store, busy, postgres};
use crate::error::{Error, Result};

/// How many requests may share one statement, and how many may wait.
const GROUP: usize = 256;
const QUEUE: usize = 1024;

/// Adds rows in exactly one statement on PostgreSQL, where no transaction is open: all of them or none.
pub type Insert<T> = fn(&mut Conn, &[T]) -> Result<()>;

/// Adds rows of one kind. Cheap to clone; its thread ends with the last clone.
#[derive(Clone)]
pub struct Appender<T>(Way<T>);

#[derive(Clone)]
enum Way<T> {
    ByTheWriter(Db, Insert<T>),
    ByAThread(mpsc::SyncSender<Waiting<T>>),
}

struct Waiting<T> {
    rows: Vec<T>,
    written: oneshot::Sender<bool>,
}

impl<T: Clone + Send + 'static> Appender<T> {
    pub(super) fn start(db: &Db, name: &str, insert: Insert<T>) -> Result<Self> {
        let Store::Postgres(pool) = &*db.0 else { return Ok(Self(Way::ByTheWriter(db.clone(), insert))) };
        let url = pool.url().to_owned();
        let (sender, waiting) = mpsc::sync_channel(QUEUE);
        thread::Builder::new().name(name.into()).spawn(move || append_all(&url, insert, &waiting))?;
        Ok(Self(Way::ByAThread(sender)))
    }

    /// Returns once the rows are durable. An error means that they may not be there.
    pub async fn append(&self, rows: Vec<T>) -> Result<()> {
        match &self.0 {
            Way::ByTheWriter(db, insert) => {
                let insert = *insert;
                db.write(move |conn| insert(conn, &rows)).await
            }
            Way::ByAThread(sender) => {
                let (written, answer) = oneshot::channel();
                sender.try_send(Waiting { rows, written }).map_err(busy)?;
                if answer.await.unwrap_or(false) { Ok(()) } else { Err(Error::Unavailable) }
            }
        }
    }
}

/// The thread's life: one group after the other. After a failure it goes on with a new connection.
fn append_all<T>(url: &str, insert: Insert<T>, waiting: &mpsc::Receiver<Waiting<T>>) {
    let mut conn = None;
    while let Ok(first) = waiting.recv() {
        let mut group = vec![first];
        group.extend(waiting.try_iter().take(GROUP - 1));
        let rows: Vec<T> = group.iter_mut().flat_map(|one| std::mem::take(&mut one.rows)).collect();
        let written = append_one(&mut conn, url, insert, &rows);
        if let Err(why) = &written {
            tracing::error!(%why, "rows can't be added");
            conn = None;
        }
        for one in group {
            // Nobody waits any more when the request was dropped; the rows stand all the same.
            let _ = one.written.send(written.is_ok());
        }
    }
}

fn append_one<T>(conn: &mut Option<Conn>, url: &str, insert: Insert<T>, rows: &[T]) -> Result<()> {
    let conn = match conn {
        Some(conn) => conn,
        None => conn.insert(postgres::connect_for_appending(url)?),
    };
    insert(conn, rows)
}

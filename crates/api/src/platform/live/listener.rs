//! Announcements by way of PostgreSQL (NOTIFY, LISTEN): in the order of commits, and only of what was committed.

use std::{
    sync::Weak,
    thread,
    time::{Duration, Instant},
};

use diesel::{
    Connection, PgConnection, RunQueryDsl, connection::SimpleConnection, dsl::select, sql_types::Text,
};

use super::{Inside, Rung};
use crate::{error::Result, platform::db::Conn};

/// The channel of all portals on one database.
const CHANNEL: &str = "portal_live";
/// How often it is looked into: well below the two seconds in which a page hears of something.
const EVERY: Duration = Duration::from_millis(150);
/// How often the connection is tried, so that one that died in silence is noticed.
const TRIED_EVERY: Duration = Duration::from_secs(15);
/// How long to wait before a new connection.
const PAUSE: Duration = Duration::from_secs(1);

diesel::define_sql_function! {
    /// Sends a notification when the transaction is committed.
    fn pg_notify(channel: Text, payload: Text) -> Nullable<Text>;
}

/// Sends text to every process at commit; nothing on SQLite.
pub fn notify(conn: &mut Conn, text: &str) -> Result<()> {
    if let Conn::Pg(conn) = conn {
        select(pg_notify(CHANNEL, text)).execute(conn)?;
    }
    Ok(())
}

/// Hears until nobody holds `inside` any more, on a thread and a connection of its own, which stands when this returns.
pub fn start(url: String, inside: Weak<Inside>) -> Result<()> {
    let mut conn = connect(&url)?;
    thread::Builder::new().name("live-listener".into()).spawn(move || {
        while let Err(why) = listen(&mut conn, &inside) {
            tracing::warn!(%why, "announcements are not heard; a new connection is made");
            conn = loop {
                thread::sleep(PAUSE);
                match (connect(&url), inside.upgrade()) {
                    (_, None) => return,
                    (Ok(conn), Some(inside)) => {
                        // What was said meanwhile, nobody here heard.
                        inside.ring(Rung::Missed);
                        break conn;
                    }
                    (Err(why), _) => tracing::warn!(%why, "announcements are still not heard"),
                }
            };
        }
    })?;
    Ok(())
}

fn connect(url: &str) -> Result<PgConnection> {
    let mut conn = PgConnection::establish(url)?;
    conn.batch_execute(&format!("LISTEN {CHANNEL}"))?;
    Ok(conn)
}

fn listen(conn: &mut PgConnection, inside: &Weak<Inside>) -> Result<()> {
    let mut tried = Instant::now();
    loop {
        let Some(inside) = inside.upgrade() else { return Ok(()) };
        for notification in conn.notifications_iter() {
            match serde_json::from_str(&notification?.payload) {
                Ok(said) => inside.ring(Rung::Said(said)),
                // A newer portal on the same database says what this one does not know.
                Err(_) => inside.ring(Rung::Missed),
            }
        }
        drop(inside);
        if tried.elapsed() >= TRIED_EVERY {
            conn.batch_execute("SELECT 1")?;
            tried = Instant::now();
        }
        thread::sleep(EVERY);
    }
}

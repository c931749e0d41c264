//! The care teams' queues.

use super::ThreadRow;
use crate::{
    error::Result,
    having_words,
    platform::{
        db::{Conn, schema::threads},
        page::{Cursor, Keyset},
        search,
    },
};
use diesel::prelude::*;
use portal_domain::{
    ids::{AccountId, TeamId, ThreadId},
    messages::{QueueFolder, ThreadState},
    page::Page,
    search::Realm,
    time::Time,
};

/// Counting stops here.
const MOST: i64 = 1_000;

/// Which threads are asked for.
pub struct Asked<'a> {
    /// Of these teams.
    pub teams: &'a [TeamId],
    /// And, once overdue, of the teams that these look after.
    pub escalated_from: &'a [TeamId],
    /// Which of them.
    pub folder: QueueFolder,
    /// Whose are mine: the reader's, and those of whom the reader covers.
    pub owners: &'a [AccountId],
    /// With these words.
    pub words: Option<&'a search::Query>,
    /// Now.
    pub now: Time,
}

impl Asked<'_> {
    /// Whether what waits is asked for, which comes by its due time.
    fn waits(&self) -> bool {
        matches!(self.folder, QueueFolder::Waiting | QueueFolder::Unclaimed | QueueFolder::Mine)
    }
}

/// One page: what waits in the order of its due time, the rest newest first.
pub fn queue(conn: &mut Conn, asked: &Asked<'_>, keyset: &Keyset) -> Result<Page<ThreadRow>> {
    // Each team's rows come in their order out of an index; asked for together they would all be sorted first.
    let mut rows = Vec::new();
    for team in asked.teams {
        rows.extend(of_team(conn, *team, false, asked, keyset)?);
    }
    if matches!(asked.folder, QueueFolder::Waiting | QueueFolder::Unclaimed) {
        for team in asked.escalated_from {
            rows.extend(of_team(conn, *team, true, asked, keyset)?);
        }
    }
    let waits = asked.waits();
    if waits {
        rows.sort_by_key(|row| (row.due_at, row.id.0));
    } else {
        rows.sort_by_key(|row| std::cmp::Reverse((row.last_at, row.id.0)));
    }
    Ok(keyset.page(rows, |row: &ThreadRow| Cursor {
        at: if waits { row.due_at.unwrap_or(row.last_at) } else { row.last_at },
        id: row.id.0,
    }))
}

/// The first rows of one team behind the cursor; `late` keeps those that are overdue.
fn of_team(
    conn: &mut Conn,
    team: TeamId,
    late: bool,
    asked: &Asked<'_>,
    keyset: &Keyset,
) -> Result<Vec<ThreadRow>> {
    use threads::dsl as t;
    let mut query = threads::table.into_boxed().filter(t::team_id.eq(team));
    if asked.waits() {
        // A due time is there exactly while somebody waits.
        query = query.filter(t::waiting_since.is_not_null()).filter(t::due_at.is_not_null());
    }
    if late {
        query = query.filter(t::due_at.lt(asked.now));
    }
    query = match asked.folder {
        QueueFolder::Waiting => query,
        QueueFolder::Unclaimed => query.filter(t::owner_id.is_null()),
        QueueFolder::Mine => query.filter(t::owner_id.eq_any(asked.owners.to_vec())),
        QueueFolder::Open => query.filter(t::state.eq(ThreadState::Open)),
        QueueFolder::Closed => query.filter(t::state.eq(ThreadState::Closed)),
    };
    having_words!(conn, query, t::id, Realm::Queue, &[team.0], asked.words);
    if let Some(Cursor { at, id }) = keyset.after {
        let id = ThreadId(id);
        query = if asked.waits() {
            query.filter(t::due_at.gt(at).or(t::due_at.eq(at).and(t::id.gt(id))))
        } else {
            query.filter(t::last_at.lt(at).or(t::last_at.eq(at).and(t::id.lt(id))))
        };
    }
    query = if asked.waits() {
        query.order((t::due_at.asc(), t::id.asc()))
    } else {
        query.order((t::last_at.desc(), t::id.desc()))
    };
    Ok(query.limit(keyset.rows()).select(ThreadRow::as_select()).load(conn)?)
}

/// What waits in a team's queue: all, without an owner, overdue; each counted up to a thousand.
pub fn counts(conn: &mut Conn, team: TeamId, now: Time) -> Result<(i64, i64, i64)> {
    use threads::dsl as t;
    let waiting: Vec<(Option<AccountId>, Option<Time>)> = threads::table
        .filter(t::team_id.eq(team))
        .filter(t::waiting_since.is_not_null())
        .order((t::due_at.asc(), t::id.asc()))
        .select((t::owner_id, t::due_at))
        .limit(MOST)
        .load(conn)?;
    let unclaimed = waiting.iter().filter(|(owner, _)| owner.is_none()).count();
    let overdue = waiting.iter().filter(|(_, due)| due.is_some_and(|due| due < now)).count();
    let count = |n: usize| i64::try_from(n).unwrap_or(MOST);
    Ok((count(waiting.len()), count(unclaimed), count(overdue)))
}

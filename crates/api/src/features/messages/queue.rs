//! What a care team does with the threads of its queue (MSG-7).

use portal_domain::{
    access::{Action, Category},
    ids::{AccountId, MessageId, PatientId, TeamId, ThreadId},
    live::LiveKind,
    messages::{
        Assignment, BulkOutcome, Closing, NewNote, QueueEntry, QueueFolder, QueueList, QueueQuery, Rerouting,
        Side, StaffThread, TeamCounts, ThreadState, is_overdue,
    },
    page::PageQuery,
    problem::{Code, Problem},
};

use super::{
    service,
    store::{self, Asked, MessageRow, ThreadRow},
    views,
};
use crate::{
    app::App,
    error::{Error, Result},
    features::{accounts, care_teams, practice},
    platform::{
        access::Grant, auth::Actor, clock::new_id, db::Json, etag::IfMatch, idempotency::Once,
        live::Audience, page::Keyset, search, work::Work,
    },
};

/// Most threads that are closed at once.
const MOST_CLOSED: usize = 100;

/// The reader's teams, with what waits there.
pub async fn teams(app: &App, actor: &Actor) -> Result<Vec<TeamCounts>> {
    app.read(actor, |work| {
        work.permit(Action::View, Category::Messages)?;
        let locations = practice::locations(work.conn)?;
        let mut counts = Vec::new();
        for team in care_teams::own_teams(work)? {
            let (waiting, unclaimed, overdue) = store::counts(work.conn, team.id, work.now)?;
            counts.push(TeamCounts {
                team: care_teams::choice(&team, &locations),
                waiting,
                unclaimed,
                overdue,
            });
        }
        Ok(counts)
    })
    .await
}

/// A page of the reader's queues.
pub async fn list(app: &App, actor: &Actor, query: QueueQuery) -> Result<QueueList> {
    let keyset = Keyset::parse(&PageQuery { cursor: query.cursor, limit: query.limit })?;
    let words = search::Query::parse(query.q.as_deref());
    app.read(actor, move |work| {
        work.permit(Action::View, Category::Messages)?;
        let mut own: Vec<TeamId> = care_teams::own_teams(work)?.iter().map(|team| team.id).collect();
        if let Some(team) = query.team {
            care_teams::must_be_member(work, team)?;
            own = vec![team];
        }
        let all = care_teams::teams(work.conn)?;
        let escalates_here = |to: Option<TeamId>| to.is_some_and(|to| own.contains(&to));
        let from = all.iter().filter(|team| escalates_here(team.escalates_to) && !own.contains(&team.id));
        let escalated_from: Vec<TeamId> = from.map(|team| team.id).collect();
        let reader = work.actor.account_id()?;
        let mut owners = care_teams::covers_for(work.conn, reader, work.now)?;
        owners.push(reader);
        let asked = Asked {
            teams: &own,
            escalated_from: &escalated_from,
            folder: query.folder.unwrap_or(QueueFolder::Waiting),
            owners: &owners,
            words: words.as_ref(),
            now: work.now,
        };
        let page = store::queue(work.conn, &asked, &keyset)?;
        let mut shown: Vec<PatientId> = page.items.iter().map(|row| row.patient_id).collect();
        shown.sort_unstable();
        shown.dedup();
        work.note_shown(Category::Messages, &shown);
        Ok(QueueList { items: views::entries(work, page.items)?, next: page.next })
    })
    .await
}

/// Refuses whoever does not work in the queue where this thread shows: its team's, or once it is overdue the one that
/// looks after that team.
pub fn must_work_on(work: &mut Work<'_>, thread: &ThreadRow) -> Result<()> {
    let team = views::team_of(work.conn, thread)?;
    if let (Some(to), true) = (team.escalates_to, is_overdue(thread.due_at, work.now))
        && care_teams::must_be_member(work, to).is_ok()
    {
        return Ok(());
    }
    care_teams::must_be_member(work, thread.team_id)
}

/// The thread, for who works on it.
fn of_mine(
    work: &mut Work<'_>,
    action: Action,
    patient: PatientId,
    id: ThreadId,
) -> Result<(Grant, ThreadRow)> {
    let grant = work.grant_about(action, Category::Messages, patient, id.0)?;
    if !work.actor.is_staff() {
        return Err(Code::RoleRequired.into());
    }
    let thread = service::find(work.conn, &grant, id)?;
    must_work_on(work, &thread)?;
    Ok((grant, thread))
}

/// Opens a thread: what the patient wrote counts as opened from here on (MSG-6, MSG-8).
pub async fn open(app: &App, actor: &Actor, patient: PatientId, id: ThreadId) -> Result<StaffThread> {
    app.write(actor, move |work| {
        let (grant, mut thread) = of_mine(work, Action::View, patient, id)?;
        if store::open_messages(work.conn, &grant, id, Side::Patient, work.now)? > 0 {
            // The patient sees at once that it was opened (MSG-8).
            work.announce(Audience::Patient(patient), LiveKind::Inbox, id.0);
            let rows = store::messages(work.conn, &grant, id, true)?;
            store::index(work.conn, &thread, &rows)?;
            let waited = thread.waiting_since;
            service::wait_anew(work.conn, &mut thread, &rows)?;
            if thread.waiting_since != waited {
                views::change(work, &grant, &mut thread)?;
            }
        }
        views::for_staff(work, &grant, &thread)
    })
    .await
}

/// Claims a thread that nobody has; of several who try, one gets it.
pub async fn claim(app: &App, actor: &Actor, patient: PatientId, id: ThreadId) -> Result<QueueEntry> {
    app.write(actor, move |work| {
        let (grant, mut thread) = of_mine(work, Action::Act, patient, id)?;
        care_teams::must_be_member(work, thread.team_id)?;
        let claimer = work.actor.account_id()?;
        match thread.owner_id {
            Some(owner) if owner != claimer => {
                let names = accounts::names(work.conn, &[owner])?;
                let name = names.get(&owner).map_or("A colleague", String::as_str);
                return Err(Problem::new(Code::AlreadyClaimed).detail(format!("{name} has it.")).into());
            }
            Some(_) => {}
            None => {
                thread.owner_id = Some(claimer);
                views::change(work, &grant, &mut thread)?;
            }
        }
        views::entry(work, &thread)
    })
    .await
}

/// Gives a thread to a colleague, or back to the queue.
pub async fn assign(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: ThreadId,
    seen: IfMatch,
    to: Assignment,
) -> Result<QueueEntry> {
    app.write(actor, move |work| {
        let (grant, mut thread) = of_mine(work, Action::Act, patient, id)?;
        seen.check(thread.version)?;
        if let Some(owner) = to.owner {
            check_owner(work, thread.team_id, owner)?;
        }
        thread.owner_id = to.owner;
        views::change(work, &grant, &mut thread)?;
        views::entry(work, &thread)
    })
    .await
}

fn check_owner(work: &mut Work<'_>, team: TeamId, owner: AccountId) -> Result<()> {
    if care_teams::members(work.conn, team)?.iter().any(|member| member.id == owner) {
        return Ok(());
    }
    Err(Problem::field("owner", "unknown", "Choose a member of this care team.").into())
}

/// Sends a thread to another team. The patient's waiting time goes on; the due time is the other team's.
pub async fn reroute(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: ThreadId,
    seen: IfMatch,
    to: Rerouting,
) -> Result<QueueEntry> {
    let note = if to.note.trim().is_empty() { None } else { Some(NewNote { text: to.note }.check()?) };
    let note_id = MessageId(new_id());
    app.write(actor, move |work| {
        let (grant, mut thread) = of_mine(work, Action::Act, patient, id)?;
        seen.check(thread.version)?;
        let team = care_teams::find(work.conn, to.team_id)?.filter(|team| team.is_open != 0);
        if team.is_none() || to.team_id == thread.team_id {
            return Err(Problem::field("team_id", "unknown", "Choose another care team that is open.").into());
        }
        if let Some(text) = &note {
            add_note(work, &grant, &thread, note_id, text)?;
        }
        thread.team_id = to.team_id;
        thread.owner_id = None;
        let rows = store::messages(work.conn, &grant, id, true)?;
        if thread.waiting_since.is_some() {
            service::wait_anew(work.conn, &mut thread, &rows)?;
        }
        views::change(work, &grant, &mut thread)?;
        store::index(work.conn, &thread, &rows)?;
        views::entry(work, &thread)
    })
    .await
}

fn add_note(work: &mut Work<'_>, grant: &Grant, thread: &ThreadRow, id: MessageId, text: &str) -> Result<()> {
    let row = MessageRow {
        thread_id: thread.id,
        at: work.now,
        id,
        patient_id: grant.patient(),
        side: Side::Note,
        author_id: work.actor.account_id()?,
        opened_at: None,
        recalled_at: None,
        education: Json::of(&[(); 0])?,
        body: text.to_owned(),
    };
    store::insert_message(work.conn, grant, &row)
}

/// Adds a note that no patient ever sees.
pub async fn note(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: ThreadId,
    note: NewNote,
    once: Once,
) -> Result<StaffThread> {
    let text = note.check()?;
    let note_id = MessageId(new_id());
    app.write(actor, move |work| {
        let (grant, thread) = of_mine(work, Action::Act, patient, id)?;
        once.run(work, |work| {
            add_note(work, &grant, &thread, note_id, &text)?;
            let rows = store::messages(work.conn, &grant, id, true)?;
            store::index(work.conn, &thread, &rows)
        })?;
        views::for_staff(work, &grant, &thread)
    })
    .await
}

/// Ends a thread, or opens it again.
pub async fn set_state(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: ThreadId,
    seen: IfMatch,
    state: ThreadState,
) -> Result<QueueEntry> {
    app.write(actor, move |work| {
        let (grant, mut thread) = of_mine(work, Action::Act, patient, id)?;
        seen.check(thread.version)?;
        set(work, &grant, &mut thread, state)?;
        views::entry(work, &thread)
    })
    .await
}

fn set(work: &mut Work<'_>, grant: &Grant, thread: &mut ThreadRow, state: ThreadState) -> Result<()> {
    if thread.state == state {
        return Err(Problem::new(Code::WrongState).detail(format!("Its state is {state}.")).into());
    }
    thread.state = state;
    match state {
        ThreadState::Closed => (thread.waiting_since, thread.due_at) = (None, None),
        ThreadState::Open => {
            let rows = store::messages(work.conn, grant, thread.id, true)?;
            service::wait_anew(work.conn, thread, &rows)?;
        }
    }
    views::change(work, grant, thread)
}

/// Ends several threads, each for itself: what can't be ended is told, the rest is.
pub async fn close_all(app: &App, actor: &Actor, closing: Closing) -> Result<Vec<BulkOutcome>> {
    if closing.threads.is_empty() || closing.threads.len() > MOST_CLOSED {
        return Err(Problem::field("threads", "out_of_range", "Choose 1 to 100 items.").into());
    }
    app.write(actor, move |work| {
        work.permit(Action::Act, Category::Messages)?;
        let mut outcomes = Vec::new();
        for selected in &closing.threads {
            let (id, seen) = (selected.thread_id, IfMatch::of(selected.version));
            let problem = match work.one_of_several(|work| close_one(work, id, seen)) {
                Ok(()) => None,
                Err(Error::Problem(problem)) => Some(*problem),
                Err(Error::Denied(_)) => Some(Code::NotFound.into()),
                Err(other) => return Err(other),
            };
            outcomes.push(BulkOutcome { thread_id: selected.thread_id, problem });
        }
        Ok(outcomes)
    })
    .await
}

fn close_one(work: &mut Work<'_>, id: ThreadId, seen: IfMatch) -> Result<()> {
    let patient = store::patient_of(work.conn, id)?.ok_or(Code::NotFound)?;
    let (grant, mut thread) = of_mine(work, Action::Act, patient, id)?;
    seen.check(thread.version)?;
    // A list tells the subject alone: what nobody read is not put away with the rest.
    let rows = store::messages(work.conn, &grant, id, false)?;
    if rows.iter().any(MessageRow::is_unopened) {
        let detail = "It holds a message that nobody has opened.";
        return Err(Problem::new(Code::WrongState).detail(detail).into());
    }
    set(work, &grant, &mut thread, ThreadState::Closed)
}

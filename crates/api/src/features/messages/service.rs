//! What a patient does with threads.

use portal_domain::{
    access::{Action, Category},
    ids::{AttachmentId, MessageId, PatientId, ThreadId},
    mail::{Sent, SentItem},
    messages::{SentThread, Side, ThreadState, ThreadView, may_recall},
    problem::Code,
};

use super::{
    attachments,
    store::{self, Named, ThreadRow},
    views,
};
use crate::{
    app::App,
    error::{Error, Result},
    features::{care_teams, mail},
    platform::{access::Grant, auth::Actor, db::Conn, idempotency::Once, page::Keyset, search, work::Work},
};

/// Leave to do something with a thread, or with a part of it. Of whoever acts for the patient it is leave for the bills where
/// the thread is about one (decision 0046). Staff work in it as in any other.
pub fn grant_on(work: &mut Work<'_>, action: Action, patient: PatientId, named: Named) -> Result<Grant> {
    let category = match work.actor.is_staff() {
        true => Category::Messages,
        false => store::category_of_named(work.conn, patient, named)?,
    };
    work.grant_about(action, category, patient, named.id())
}

/// A thread as its patient sees it. Staff open it in their queue instead ([`super::queue`]).
pub async fn open(app: &App, actor: &Actor, patient: PatientId, id: ThreadId) -> Result<ThreadView> {
    app.read(actor, move |work| {
        let grant = grant_on(work, Action::View, patient, Named::Thread(id))?;
        must_be_the_patient(work)?;
        let thread = find(work.conn, &grant, id)?;
        views::for_patient(work, &grant, &thread)
    })
    .await
}

/// Staff see messages by opening a thread as their team's; a look that leaves no mark would undo MSG-6.
fn must_be_the_patient(work: &Work<'_>) -> Result<()> {
    if work.actor.is_staff() { Err(Code::RoleRequired.into()) } else { Ok(()) }
}

/// Marks what staff wrote as opened (MSG-8).
pub async fn mark_read(app: &App, actor: &Actor, patient: PatientId, id: ThreadId) -> Result<()> {
    app.write(actor, move |work| {
        let grant = grant_on(work, Action::Act, patient, Named::Thread(id))?;
        must_be_the_patient(work)?;
        find(work.conn, &grant, id)?;
        // Where the patient has an account, only the patient has opened what the patient opened.
        if grant.proxy().is_none() || !mail::has_owner(work.conn, patient)? {
            store::open_messages(work.conn, &grant, id, Side::Staff, work.now)?;
        }
        mail::mark_subject_read(work, &grant, id.0)
    })
    .await
}

/// Takes a message back that no member of staff has opened (MSG-6). Its text and files are gone from here on, in searches as well.
pub async fn recall(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: MessageId,
    once: Once,
) -> Result<ThreadView> {
    let (view, files) = app
        .write(actor, move |work| {
            let grant = grant_on(work, Action::Act, patient, Named::Message(id))?;
            must_be_the_patient(work)?;
            // The text of a message is kept in its thread alone, not beside the key.
            let thread = once.run(work, |work| {
                let message =
                    store::message(work.conn, &grant, id)?.filter(|message| message.side != Side::Note);
                let message = message.ok_or(Code::NotFound)?;
                if !may_recall(message.side, message.opened_at, message.recalled_at) {
                    let opened = message.side == Side::Patient && message.recalled_at.is_none();
                    return Err(if opened { Code::MessageOpened } else { Code::WrongState }.into());
                }
                store::recall(work.conn, &grant, &message, work.now)?;
                let mut thread = find(work.conn, &grant, message.thread_id)?;
                let rows = store::messages(work.conn, &grant, thread.id, true)?;
                if rows.iter().find(|row| row.side != Side::Note).is_some_and(|first| first.id == id) {
                    thread.subject = None;
                }
                wait_anew(work.conn, &mut thread, &rows)?;
                views::change(work, &grant, &mut thread)?;
                store::index(work.conn, &thread, &rows)?;
                Ok(thread.id)
            })?;
            let files: Vec<AttachmentId> =
                store::of_messages(work.conn, &grant, &[id])?.into_iter().map(|file| file.id).collect();
            files.iter().try_for_each(|file| store::remove_file(work.conn, *file))?;
            let thread = find(work.conn, &grant, thread)?;
            Ok((views::for_patient(work, &grant, &thread)?, files))
        })
        .await?;
    attachments::forget_bytes(app, &files).await;
    Ok(view)
}

/// Sets since when the patient waits, and by when an answer is due, from what the thread holds. In a closed one nobody
/// waits.
pub fn wait_anew(conn: &mut Conn, thread: &mut ThreadRow, rows: &[store::MessageRow]) -> Result<()> {
    let is_open = thread.state == ThreadState::Open;
    thread.waiting_since = if is_open { store::waiting_since(rows) } else { None };
    let team = views::team_of(conn, thread)?;
    thread.due_at = thread.waiting_since.map(|since| care_teams::due(conn, &team, since)).transpose()?;
    Ok(())
}

/// A thread of the grant's patient.
pub fn find(conn: &mut Conn, grant: &Grant, id: ThreadId) -> Result<ThreadRow> {
    store::thread(conn, grant, id)?.ok_or_else(|| Error::from(Code::NotFound))
}

/// What the patient wrote, as sent items, and one more than a page holds (MSG-6). The grant is the mailbox's.
pub fn sent(
    conn: &mut Conn,
    grant: &Grant,
    words: Option<&search::Query>,
    keyset: &Keyset,
) -> Result<Vec<SentItem>> {
    let threads = store::sent(conn, grant, words, keyset)?;
    let ids: Vec<ThreadId> = threads.iter().map(|thread| thread.id).collect();
    let newest = store::newest_of_patient(conn, grant, &ids)?;
    let teams = care_teams::teams(conn)?;
    let item = |thread: ThreadRow| {
        let message = newest.iter().find(|message| message.thread_id == thread.id)?;
        let team = teams.iter().find(|team| team.id == thread.team_id)?;
        let sent = SentThread {
            thread_id: thread.id,
            message_id: message.id,
            subject: thread.subject,
            team: team.name.clone(),
            opened_at: message.opened_at,
            recalled_at: message.recalled_at,
            can_recall: may_recall(message.side, message.opened_at, message.recalled_at),
        };
        Some(SentItem { at: thread.sent_at?, what: Sent::Message(sent) })
    };
    Ok(threads.into_iter().filter_map(item).collect())
}

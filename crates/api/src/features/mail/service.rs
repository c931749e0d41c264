//! Reading the mailbox.

use std::cmp::Reverse;

use portal_domain::{
    access::{Action, Category},
    ids::{InboxItemId, PatientId},
    mail::{Folder, Inbox, InboxQuery, Sent, SentItem},
    page::{Page, PageQuery},
    problem::Code,
};

use super::{notice, store};
use crate::{
    app::App,
    error::Result,
    features::{appointments, messages},
    platform::{
        access::Grant,
        auth::Actor,
        db::Conn,
        page::{Cursor, Keyset},
        search,
    },
};

/// A folder of what arrived.
pub async fn inbox(app: &App, actor: &Actor, patient: PatientId, query: InboxQuery) -> Result<Inbox> {
    let keyset = Keyset::parse(&PageQuery { cursor: query.cursor, limit: query.limit })?;
    let folder = query.folder.unwrap_or(Folder::Inbox);
    let words = search::Query::parse(query.q.as_deref());
    app.read(actor, move |work| {
        let grant = work.grant(Action::View, Category::Mail, patient)?;
        let unread = store::unread(work.conn, &grant)?;
        let page = store::inbox(work.conn, &grant, folder, words.as_ref(), &keyset)?;
        Ok(Inbox { items: page.items, next: page.next, unread })
    })
    .await
}

/// Puts an item away, or takes it out of the archive.
pub async fn archive(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    item: InboxItemId,
    away: bool,
) -> Result<()> {
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Act, Category::Mail, patient, item.0)?;
        // A mailbox with an owner is put in order by the owner.
        if grant.proxy().is_some() && store::has_owner(work.conn, patient)? {
            return Err(Code::NotFound.into());
        }
        let at = away.then_some(work.now);
        if !store::archive(work.conn, &grant, item, at)? {
            return Err(Code::NotFound.into());
        }
        notice::read_up(work.conn, patient)
    })
    .await
}

/// Marks an item as read.
pub async fn mark_read(app: &App, actor: &Actor, patient: PatientId, item: InboxItemId) -> Result<()> {
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Act, Category::Mail, patient, item.0)?;
        if !store::mark_read(work.conn, &grant, item, work.now)? {
            return Err(Code::NotFound.into());
        }
        notice::read_up(work.conn, patient)
    })
    .await
}

/// What the patient sent: messages, and appointment requests (MSG-6). Requests have no words to search.
pub async fn sent(app: &App, actor: &Actor, patient: PatientId, query: InboxQuery) -> Result<Page<SentItem>> {
    let keyset = Keyset::parse(&PageQuery { cursor: query.cursor, limit: query.limit })?;
    let words = search::Query::parse(query.q.as_deref());
    app.read(actor, move |work| {
        let grant = work.grant(Action::View, Category::Mail, patient)?;
        let mut sent = match grant.sees(Category::Messages) || grant.sees(Category::Billing) {
            true => messages::sent(work.conn, &grant, words.as_ref(), &keyset)?,
            false => Vec::new(),
        };
        if words.is_none() && grant.sees(Category::Appointments) {
            sent.extend(appointments::sent(work.conn, &grant, &keyset)?);
        }
        sent.sort_by_key(|item| Reverse(place(item)));
        let page = keyset.page(sent, place);
        Ok(page)
    })
    .await
}

fn place(item: &SentItem) -> Cursor {
    let id = match &item.what {
        Sent::Appointment(request) => request.appointment_id.0,
        Sent::Message(thread) => thread.thread_id.0,
    };
    Cursor { at: item.at, id }
}

/// What the newest messages are called that whoever holds this leave sees in the inbox.
pub fn titles_of_messages(conn: &mut Conn, grant: &Grant) -> Result<Vec<String>> {
    let page = store::inbox(conn, grant, Folder::Inbox, None, &Keyset::longest()?)?;
    let messages = page.items.into_iter().filter(|item| item.kind.is_message());
    Ok(messages.map(|item| item.title).collect())
}

//! Reading the mailbox.

use portal_domain::{
    access::{Action, Category},
    ids::{InboxItemId, PatientId},
    mail::{Inbox, SentItem},
    page::{Page, PageQuery},
    problem::Code,
};

use super::store;
use crate::{
    app::App,
    error::Result,
    features::appointments,
    platform::{auth::Actor, page::Keyset},
};

/// What arrived.
pub async fn inbox(app: &App, actor: &Actor, patient: PatientId, query: PageQuery) -> Result<Inbox> {
    let keyset = Keyset::parse(&query)?;
    app.read(actor, move |work| {
        let grant = work.grant(Action::View, Category::Mail, patient)?;
        let unread = store::unread(work.conn, &grant)?;
        let page = store::inbox(work.conn, &grant, &keyset)?;
        Ok(Inbox { items: page.items, next: page.next, unread })
    })
    .await
}

/// Marks an item as read.
pub async fn mark_read(app: &App, actor: &Actor, patient: PatientId, item: InboxItemId) -> Result<()> {
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Act, Category::Mail, patient, item.0)?;
        if store::mark_read(work.conn, &grant, item, work.now)? { Ok(()) } else { Err(Code::NotFound.into()) }
    })
    .await
}

/// What the patient sent: appointment requests so far (MSG-6).
pub async fn sent(app: &App, actor: &Actor, patient: PatientId, query: PageQuery) -> Result<Page<SentItem>> {
    let keyset = Keyset::parse(&query)?;
    app.read(actor, move |work| {
        let grant = work.grant(Action::View, Category::Mail, patient)?;
        appointments::sent(work.conn, &grant, &keyset)
    })
    .await
}

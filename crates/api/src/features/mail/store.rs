//! Rows of the inbox.

use diesel::prelude::*;
use portal_domain::{
    accounts::NoticeChoice,
    ids::{AccountId, InboxItemId, PatientId},
    mail::{Folder, InboxItem, ItemKind, MOST_UNREAD},
    outbox::MailKind,
    page::Page,
    search::Realm,
    time::Time,
};
use uuid::Uuid;

use crate::{
    error::Result,
    having_words,
    platform::{
        access::Grant,
        clock::new_id,
        db::{
            AnyId, Conn, MultiBackend,
            schema::{accounts, inbox_items, outbox_mails},
        },
        page::{Cursor, Keyset},
        search,
    },
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = inbox_items, check_for_backend(MultiBackend))]
struct ItemRow {
    at: Time,
    id: InboxItemId,
    kind: ItemKind,
    subject_id: AnyId,
    title: String,
    read_at: Option<Time>,
    archived_at: Option<Time>,
}

/// Something that arrives.
#[derive(Clone, Debug)]
pub struct Delivery<'a> {
    /// For whom.
    pub patient: PatientId,
    /// What it tells.
    pub kind: ItemKind,
    /// What to open.
    pub subject: Uuid,
    /// The name of the thing.
    pub title: &'a str,
}

/// Puts something into the inbox, inside the transaction of what it tells.
pub fn deliver(conn: &mut Conn, delivery: &Delivery<'_>, now: Time) -> Result<()> {
    // A thread's words are kept by the room that knows its messages; the rest is found by its title.
    if delivery.kind != ItemKind::Message {
        let (owner, texts) = (delivery.patient.0, [delivery.title]);
        search::index(conn, Realm::Mailbox, owner, delivery.subject, &texts)?;
    }
    diesel::insert_into(inbox_items::table)
        .values((
            inbox_items::patient_id.eq(delivery.patient),
            inbox_items::at.eq(now),
            inbox_items::id.eq(InboxItemId(new_id())),
            inbox_items::kind.eq(delivery.kind),
            inbox_items::subject_id.eq(AnyId(delivery.subject)),
            inbox_items::title.eq(delivery.title),
        ))
        .execute(conn)?;
    Ok(())
}

/// The patient's account and its verified address, if its owner wants notices (NTF-2).
pub fn wants_notices(conn: &mut Conn, patient: PatientId) -> Result<Option<(AccountId, String)>> {
    let wanting = accounts::table
        .filter(accounts::patient_id.eq(patient))
        .filter(accounts::notices.eq(NoticeChoice::Now))
        .filter(accounts::disabled_at.is_null());
    let found: Option<(AccountId, Option<String>)> =
        wanting.select((accounts::id, accounts::email)).first(conn).optional()?;
    Ok(found.and_then(|(account, email)| Some((account, email?))))
}

/// Whether a notice went out to an account since then.
pub fn was_told_since(conn: &mut Conn, account: AccountId, since: Time) -> Result<bool> {
    let told = outbox_mails::table
        .filter(outbox_mails::account_id.eq(account))
        .filter(outbox_mails::kind.eq(MailKind::SomethingNew))
        .filter(outbox_mails::created_at.gt(since));
    Ok(diesel::select(diesel::dsl::exists(told)).get_result(conn)?)
}

/// Takes away the news of a thing that was withdrawn, inside the same transaction: it would lead nowhere.
pub fn withdraw(conn: &mut Conn, patient: PatientId, subject: Uuid) -> Result<()> {
    let about = inbox_items::patient_id.eq(patient).and(inbox_items::subject_id.eq(AnyId(subject)));
    diesel::delete(inbox_items::table.filter(about)).execute(conn)?;
    search::forget(conn, Realm::Mailbox, subject)
}

/// Takes away the news of a thing that went to many and was withdrawn, inside the same transaction.
pub fn withdraw_from_all(conn: &mut Conn, subject: Uuid) -> Result<()> {
    diesel::delete(inbox_items::table.filter(inbox_items::subject_id.eq(AnyId(subject)))).execute(conn)?;
    search::forget(conn, Realm::Mailbox, subject)
}

/// Gives the news of a thing another name, wherever it arrived.
pub fn rename(conn: &mut Conn, subject: Uuid, title: &str) -> Result<()> {
    let about = inbox_items::table.filter(inbox_items::subject_id.eq(AnyId(subject)));
    let owners: Vec<PatientId> = about.select(inbox_items::patient_id).load(conn)?;
    diesel::update(about).set(inbox_items::title.eq(title)).execute(conn)?;
    search::index_for_all(
        conn,
        Realm::Mailbox,
        &owners.iter().map(|owner| owner.0).collect::<Vec<_>>(),
        subject,
        title,
    )
}

/// One page of a folder, newest first.
pub fn inbox(
    conn: &mut Conn,
    grant: &Grant,
    folder: Folder,
    words: Option<&search::Query>,
    keyset: &Keyset,
) -> Result<Page<InboxItem>> {
    use inbox_items::dsl as i;
    let mut query = inbox_items::table.into_boxed().filter(i::patient_id.eq(grant.patient()));
    query = match folder {
        Folder::Inbox => query.filter(i::archived_at.is_null()),
        Folder::Archive => query.filter(i::archived_at.is_not_null()),
    };
    having_words!(conn, query, i::subject_id, Realm::Mailbox, &[grant.patient().0], words);
    if let Some(Cursor { at, id }) = keyset.after {
        query = query.filter(i::at.lt(at).or(i::at.eq(at).and(i::id.lt(InboxItemId(id)))));
    }
    let rows: Vec<ItemRow> = query
        .order((i::at.desc(), i::id.desc()))
        .limit(keyset.rows())
        .select(ItemRow::as_select())
        .load(conn)?;
    let page = keyset.page(rows, |row| Cursor { at: row.at, id: row.id.0 });
    Ok(page.map(|row| InboxItem {
        id: row.id,
        kind: row.kind,
        at: row.at,
        title: row.title,
        subject_id: row.subject_id.0,
        read_at: row.read_at,
        archived: row.archived_at.is_some(),
    }))
}

/// Unread items in the whole inbox, counted up to [`MOST_UNREAD`].
pub fn unread(conn: &mut Conn, grant: &Grant) -> Result<i64> {
    let unread = inbox_items::table
        .filter(inbox_items::patient_id.eq(grant.patient()))
        .filter(inbox_items::read_at.is_null())
        .filter(inbox_items::archived_at.is_null())
        .select(inbox_items::id)
        .limit(MOST_UNREAD);
    let counted: Vec<InboxItemId> = unread.load(conn)?;
    Ok(counted.len().try_into().unwrap_or(MOST_UNREAD))
}

/// Puts an item away since `at`, or back into the inbox. False when there is no such item.
pub fn archive(conn: &mut Conn, grant: &Grant, item: InboxItemId, at: Option<Time>) -> Result<bool> {
    let own = inbox_items::table
        .filter(inbox_items::patient_id.eq(grant.patient()))
        .filter(inbox_items::id.eq(item));
    Ok(diesel::update(own).set(inbox_items::archived_at.eq(at)).execute(conn)? > 0)
}

/// Marks an item as read; the first time counts. False when there is no such item.
pub fn mark_read(conn: &mut Conn, grant: &Grant, item: InboxItemId, now: Time) -> Result<bool> {
    let own = inbox_items::table
        .filter(inbox_items::patient_id.eq(grant.patient()))
        .filter(inbox_items::id.eq(item));
    let Some(read_at) = own.select(inbox_items::read_at).first::<Option<Time>>(conn).optional()? else {
        return Ok(false);
    };
    if read_at.is_none() {
        diesel::update(own).set(inbox_items::read_at.eq(now)).execute(conn)?;
    }
    Ok(true)
}

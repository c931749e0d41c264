//! Rows of the inbox.

use std::collections::HashMap;

use diesel::prelude::*;
use portal_domain::{
    ids::{AccountId, InboxItemId, PatientId},
    mail::{Folder, InboxItem, ItemKind, MOST_UNREAD},
    notifications::NotificationChoices,
    page::Page,
    search::Realm,
    time::Time,
};
use uuid::Uuid;

use crate::{
    but_hidden,
    error::Result,
    having_words,
    platform::{
        access::Grant,
        clock::new_id,
        db::{
            AnyId, Conn, Json, MultiBackend,
            schema::{accounts, inbox_items, proxy_reads},
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
    if !delivery.kind.is_message() {
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

/// The account of a patient, as far as it matters for telling its owner.
pub struct Owner {
    /// The account.
    pub id: AccountId,
    /// The verified address.
    pub email: Option<String>,
    /// When which news is mailed (NTF-2).
    pub choices: NotificationChoices,
}

/// The patient's account, unless there is none or it is switched off.
pub fn account_of(conn: &mut Conn, patient: PatientId) -> Result<Option<Owner>> {
    let account =
        accounts::table.filter(accounts::patient_id.eq(patient)).filter(accounts::disabled_at.is_null());
    let found: Option<(AccountId, Option<String>, Json)> =
        account.select((accounts::id, accounts::email, accounts::notice_choices)).first(conn).optional()?;
    found.map(|(id, email, choices)| Ok(Owner { id, email, choices: choices.read()? })).transpose()
}

/// Whether anything in the inbox that arrived since then is unread.
pub fn has_unread_since(conn: &mut Conn, patient: PatientId, since: Time) -> Result<bool> {
    let unread = inbox_items::table
        .filter(inbox_items::patient_id.eq(patient))
        .filter(inbox_items::at.ge(since))
        .filter(inbox_items::read_at.is_null())
        .filter(inbox_items::archived_at.is_null());
    Ok(diesel::select(diesel::dsl::exists(unread)).get_result(conn)?)
}

/// Takes away the news of a thing that was withdrawn, inside the same transaction: it would lead nowhere.
pub fn withdraw(conn: &mut Conn, patient: PatientId, subject: Uuid) -> Result<()> {
    let about = inbox_items::patient_id.eq(patient).and(inbox_items::subject_id.eq(AnyId(subject)));
    diesel::delete(inbox_items::table.filter(about)).execute(conn)?;
    // Others may have news of the same thing.
    search::index(conn, Realm::Mailbox, patient.0, subject, &[])
}

/// Who has news of a thing, with the account.
pub fn accounts_told_of(conn: &mut Conn, subject: Uuid) -> Result<Vec<(PatientId, AccountId)>> {
    let told = inbox_items::table
        .inner_join(accounts::table.on(accounts::patient_id.eq(inbox_items::patient_id.nullable())))
        .filter(inbox_items::subject_id.eq(AnyId(subject)))
        .select((inbox_items::patient_id, accounts::id));
    Ok(told.load(conn)?)
}

/// Takes away the news of a thing that went to many.
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
    if let Some(kinds) = grant.item_kinds() {
        query = query.filter(i::kind.eq_any(kinds));
    }
    but_hidden!(query, grant, i::subject_id);
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
    let rows = read_by(conn, grant, rows)?;
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

/// The same items with what the reader has read: somebody who acts for the patient has marks of their own.
fn read_by(conn: &mut Conn, grant: &Grant, mut rows: Vec<ItemRow>) -> Result<Vec<ItemRow>> {
    let Some(account) = grant.proxy() else { return Ok(rows) };
    let ids: Vec<InboxItemId> = rows.iter().map(|row| row.id).collect();
    let read: Vec<(InboxItemId, Time)> = proxy_reads::table
        .filter(proxy_reads::account_id.eq(account))
        .filter(proxy_reads::item_id.eq_any(ids))
        .select((proxy_reads::item_id, proxy_reads::read_at))
        .load(conn)?;
    let read: HashMap<InboxItemId, Time> = read.into_iter().collect();
    rows.iter_mut().for_each(|row| row.read_at = read.get(&row.id).copied());
    Ok(rows)
}

/// Marks these items as read by whoever acts for the patient; the first time counts.
fn mark_read_by(conn: &mut Conn, account: AccountId, items: &[InboxItemId], now: Time) -> Result<()> {
    for item in items {
        let known = proxy_reads::table.find((account, *item));
        if diesel::select(diesel::dsl::exists(known)).get_result(conn)? {
            continue;
        }
        diesel::insert_into(proxy_reads::table)
            .values((
                proxy_reads::account_id.eq(account),
                proxy_reads::item_id.eq(*item),
                proxy_reads::read_at.eq(now),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Whether the item is there for whoever holds this leave.
fn seen_item(conn: &mut Conn, grant: &Grant, item: InboxItemId) -> Result<bool> {
    let own = inbox_items::table
        .filter(inbox_items::patient_id.eq(grant.patient()))
        .filter(inbox_items::id.eq(item));
    let found: Option<(ItemKind, AnyId)> =
        own.select((inbox_items::kind, inbox_items::subject_id)).first(conn).optional()?;
    let seen = |kind: &ItemKind| grant.item_kinds().is_none_or(|kinds| kinds.contains(kind));
    Ok(found.is_some_and(|(kind, subject)| seen(&kind) && !grant.hides(subject.0)))
}

/// Unread items in the whole inbox, counted up to [`MOST_UNREAD`].
pub fn unread(conn: &mut Conn, grant: &Grant) -> Result<i64> {
    if let (Some(account), Some(kinds)) = (grant.proxy(), grant.item_kinds()) {
        let read = proxy_reads::table
            .filter(proxy_reads::account_id.eq(account))
            .filter(proxy_reads::item_id.eq(inbox_items::id));
        let unread = inbox_items::table
            .filter(inbox_items::patient_id.eq(grant.patient()))
            .filter(inbox_items::kind.eq_any(kinds))
            .filter(inbox_items::archived_at.is_null())
            .filter(diesel::dsl::not(diesel::dsl::exists(read)))
            .filter(inbox_items::subject_id.ne_all(grant.hidden()))
            .select(inbox_items::id)
            .limit(MOST_UNREAD);
        let counted: Vec<InboxItemId> = unread.load(conn)?;
        return Ok(counted.len().try_into().unwrap_or(MOST_UNREAD));
    }
    let unread = inbox_items::table
        .filter(inbox_items::patient_id.eq(grant.patient()))
        .filter(inbox_items::read_at.is_null())
        .filter(inbox_items::archived_at.is_null())
        .select(inbox_items::id)
        .limit(MOST_UNREAD);
    let counted: Vec<InboxItemId> = unread.load(conn)?;
    Ok(counted.len().try_into().unwrap_or(MOST_UNREAD))
}

/// Whether the patient has an account, whose inbox it then is.
pub fn has_owner(conn: &mut Conn, patient: PatientId) -> Result<bool> {
    let account = accounts::table.filter(accounts::patient_id.eq(patient));
    Ok(diesel::select(diesel::dsl::exists(account)).get_result(conn)?)
}

/// Puts an item away since `at`, or back into the inbox. False when there is no such item.
pub fn archive(conn: &mut Conn, grant: &Grant, item: InboxItemId, at: Option<Time>) -> Result<bool> {
    if !seen_item(conn, grant, item)? {
        return Ok(false);
    }
    let own = inbox_items::table
        .filter(inbox_items::patient_id.eq(grant.patient()))
        .filter(inbox_items::id.eq(item));
    Ok(diesel::update(own).set(inbox_items::archived_at.eq(at)).execute(conn)? > 0)
}

/// Marks the news of a thing as read; the first time counts.
pub fn mark_subject_read(conn: &mut Conn, grant: &Grant, subject: Uuid, now: Time) -> Result<()> {
    let about = inbox_items::table
        .filter(inbox_items::patient_id.eq(grant.patient()))
        .filter(inbox_items::subject_id.eq(AnyId(subject)));
    if let Some(account) = grant.proxy() {
        let items: Vec<InboxItemId> = about.select(inbox_items::id).load(conn)?;
        return mark_read_by(conn, account, &items, now);
    }
    let about = about.filter(inbox_items::read_at.is_null());
    diesel::update(about).set(inbox_items::read_at.eq(now)).execute(conn)?;
    Ok(())
}

/// Marks an item as read; the first time counts. False when there is no such item.
pub fn mark_read(conn: &mut Conn, grant: &Grant, item: InboxItemId, now: Time) -> Result<bool> {
    if !seen_item(conn, grant, item)? {
        return Ok(false);
    }
    if let Some(account) = grant.proxy() {
        mark_read_by(conn, account, &[item], now)?;
        return Ok(true);
    }
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

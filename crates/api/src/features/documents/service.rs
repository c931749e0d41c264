//! What staff and patients do with documents.

use portal_domain::{
    access::{Action, Category},
    documents::{DocumentFile, DocumentState, DocumentView, DocumentWithdrawal, NewDocument, WithdrawalView},
    ids::{AccountId, DocumentId, PatientId},
    mail::ItemKind,
    page::{Page, PageQuery},
    problem::{Code, Problem},
    time::Time,
};
use uuid::Uuid;

use super::store::{self, Row};
use crate::{
    app::App,
    error::{Error, Result},
    features::{
        accounts, health_record,
        mail::{self, Delivery},
        practice, transmissions,
    },
    platform::{
        access::Grant, auth::Actor, clock::new_id, db::Conn, etag::IfMatch, idempotency::Once, page::Keyset,
        work::Work,
    },
};

/// Attaches a document to a chart; the patient sees nothing of it yet.
pub async fn create(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    new: NewDocument,
    once: Once,
) -> Result<DocumentView> {
    let id = DocumentId(new_id());
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Change, Category::Documents, patient, id.0)?;
        let created_by = work.actor.account_id()?;
        let new = new.clone();
        once.run(work, |work| {
            let today = work.now.utc().with_timezone(&practice::zone(work.conn)?).date_naive();
            let new = new.check(today).map_err(Problem::invalid)?;
            let row = Row {
                patient_id: grant.patient(),
                created_at: work.now,
                id,
                created_by,
                title: new.title,
                kind: new.kind,
                on_date: new.date,
                text: new.text,
                file_id: None,
                file_name: None,
                file_size: None,
                released_at: None,
                released_by: None,
                read_at: None,
                withdrawn_at: None,
                withdrawn_by: None,
                withdrawn_because: None,
                version: 1,
            };
            store::insert(work.conn, &row)?;
            view(work, &grant, row)
        })
    })
    .await
}

/// The documents of a chart, newest first: for its patient the released ones, for staff all.
pub async fn list(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    query: PageQuery,
) -> Result<Page<DocumentView>> {
    let keyset = Keyset::parse(&query)?;
    app.read(actor, move |work| {
        let grant = work.grant(Action::View, Category::Documents, patient)?;
        let page = store::page(work.conn, &grant, &keyset)?;
        let mut views = views(work, &grant, page.items)?;
        // A list is for choosing: twenty long letters would weigh a megabyte.
        views.iter_mut().for_each(|view| view.text.clear());
        Ok(Page { items: views, next: page.next })
    })
    .await
}

/// One of them, with what it says.
pub async fn open(app: &App, actor: &Actor, patient: PatientId, id: DocumentId) -> Result<DocumentView> {
    app.read(actor, move |work| {
        let grant = work.grant_about(Action::View, Category::Documents, patient, id.0)?;
        let row = found(work, &grant, id)?;
        view(work, &grant, row)
    })
    .await
}

/// Shows a document to its patient; the inbox item is part of the same transaction.
pub async fn release(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: DocumentId,
    seen: IfMatch,
    once: Once,
) -> Result<DocumentView> {
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Release, Category::Documents, patient, id.0)?;
        let by = work.actor.account_id()?;
        once.run(work, |work| {
            let mut row = found(work, &grant, id)?;
            must_be(&row, DocumentState::Unreleased)?;
            seen.check(row.version)?;
            if row.text.is_empty() && row.file_id.is_none() {
                let message = "Write a text or attach a file first.";
                return Err(Problem::field("text", "document_empty", message).into());
            }
            (row.released_at, row.released_by) = (Some(work.now), Some(by));
            row.version += 1;
            store::save(work.conn, &row)?;
            let kind = ItemKind::DocumentReleased;
            mail::deliver(work, &Delivery { patient, kind, subject: id.0, title: &row.title })?;
            view(work, &grant, row)
        })
    })
    .await
}

/// Takes a released document back: it, its inbox item and a waiting e-mail go in one transaction.
pub async fn withdraw(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: DocumentId,
    withdrawal: DocumentWithdrawal,
    seen: IfMatch,
    once: Once,
) -> Result<DocumentView> {
    let reason = withdrawal.check().map_err(|error| Problem::invalid(vec![error]))?.reason;
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Release, Category::Documents, patient, id.0)?;
        let by = work.actor.account_id()?;
        once.run(work, |work| {
            let mut row = found(work, &grant, id)?;
            must_be(&row, DocumentState::Released)?;
            seen.check(row.version)?;
            (row.withdrawn_at, row.withdrawn_by) = (Some(work.now), Some(by));
            row.withdrawn_because = Some(reason.clone());
            row.version += 1;
            store::save(work.conn, &row)?;
            mail::withdraw(work.conn, patient, id.0)?;
            // Copies of the record that were made with it end, as they do with a release that is taken back.
            let since = row.released_at.unwrap_or(work.now);
            let ended = health_record::withdraw_since(work.conn, &grant, since, work.now)?;
            transmissions::end_with(work, &grant, &ended)?;
            view(work, &grant, row)
        })
    })
    .await
}

/// Throws a document away that was never released.
pub async fn discard(app: &App, actor: &Actor, patient: PatientId, id: DocumentId) -> Result<()> {
    let file = app
        .write(actor, move |work| {
            let grant = work.grant_about(Action::Change, Category::Documents, patient, id.0)?;
            let row = found(work, &grant, id)?;
            must_be(&row, DocumentState::Unreleased)?;
            store::remove(work.conn, id)?;
            Ok(row.file_id)
        })
        .await?;
    if let Some(file) = file {
        super::files::forget_bytes(app, file.0).await;
    }
    Ok(())
}

/// Whoever reads it for the patient opened it: its inbox item is read by them, and by the patient the document, too.
pub async fn mark_read(app: &App, actor: &Actor, patient: PatientId, id: DocumentId) -> Result<()> {
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Act, Category::Documents, patient, id.0)?;
        let mut row = found(work, &grant, id)?;
        if row.read_at.is_none() && grant.proxy().is_none() {
            row.read_at = Some(work.now);
            store::save(work.conn, &row)?;
        }
        mail::mark_subject_read(work, &grant, id.0)
    })
    .await
}

pub(super) fn found(work: &mut Work<'_>, grant: &Grant, id: DocumentId) -> Result<Row> {
    store::find(work.conn, grant, id)?.ok_or_else(|| Code::NotFound.into())
}

/// The state comes before the version: whoever lost a race learns who won it.
pub(super) fn must_be(row: &Row, state: DocumentState) -> Result<()> {
    if row.state() == state {
        return Ok(());
    }
    Err(Problem::new(Code::WrongState).detail(format!("Its state is {}.", row.state())).into())
}

pub(super) fn view(work: &mut Work<'_>, grant: &Grant, row: Row) -> Result<DocumentView> {
    let one = views(work, grant, vec![row])?.into_iter().next();
    one.ok_or_else(|| Error::internal("a view of one row is one view"))
}

fn views(work: &mut Work<'_>, grant: &Grant, rows: Vec<Row>) -> Result<Vec<DocumentView>> {
    let people: Vec<AccountId> =
        rows.iter().flat_map(|row| [Some(row.created_by), row.withdrawn_by]).flatten().collect();
    let names = accounts::names(work.conn, &people)?;
    let name = |id: AccountId| names.get(&id).cloned().unwrap_or_default();
    let staff = grant.sees_unreleased();
    let of = |row: Row| {
        let state = row.state();
        let withdrawn = row.withdrawn_at.zip(row.withdrawn_by).filter(|_| staff);
        DocumentView {
            id: row.id,
            title: row.title,
            kind: row.kind,
            date: row.on_date,
            text: row.text,
            file: row.file_name.zip(row.file_size).map(|(name, size)| DocumentFile { name, size }),
            author: name(row.created_by),
            created_at: row.created_at,
            state,
            released_at: row.released_at,
            read_at: row.read_at,
            withdrawal: withdrawn.map(|(at, by)| WithdrawalView {
                at,
                by: name(by),
                reason: row.withdrawn_because.unwrap_or_default(),
            }),
            version: row.version,
        }
    };
    Ok(rows.into_iter().map(of).collect())
}

/// The newest documents that whoever holds this leave sees, with their names and when they came.
pub fn shown(conn: &mut Conn, grant: &Grant) -> Result<Vec<(Uuid, String, Option<Time>)>> {
    let page = store::page(conn, grant, &Keyset::longest()?)?;
    Ok(page.items.into_iter().map(|row| (row.id.0, row.title, Some(row.created_at))).collect())
}

//! What people do with requests to correct the record.

use chrono::TimeDelta;
use portal_domain::{
    access::{Action, Category},
    amendments::{
        AmendmentAnswer, AmendmentQueueQuery, AmendmentState, AmendmentView, DUE_DAYS, MOST_WAITING,
        NewAmendment,
    },
    ids::{AccountId, AmendmentId, PatientId},
    live::LiveKind,
    mail::ItemKind,
    messages::is_overdue,
    page::{Page, PageQuery},
    problem::{Code, Problem},
};

use super::store::{self, Row};
use crate::{
    app::App,
    error::{Error, Result},
    features::{
        accounts,
        mail::{self, Delivery},
        patients,
    },
    platform::{
        access::Grant, auth::Actor, clock::new_id, etag::IfMatch, idempotency::Once, live::Audience,
        page::Keyset, work::Work,
    },
};

/// Asks for a correction; the practice has 60 days to act on it.
pub async fn request(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    new: NewAmendment,
    once: Once,
) -> Result<AmendmentView> {
    let id = AmendmentId(new_id());
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Act, Category::Amendments, patient, id.0)?;
        let requested_by = work.actor.account_id()?;
        once.run(work, |work| {
            let new = new.clone().check()?;
            if store::waiting(work.conn, &grant)? >= MOST_WAITING as i64 {
                let message = "Wait until the practice has answered some of these.";
                return Err(Problem::field("entry", "too_many_waiting", message).into());
            }
            let row = Row {
                patient_id: patient,
                id,
                state: AmendmentState::Pending,
                section: new.section,
                entry: new.entry,
                wrong: new.wrong,
                correct: new.right,
                requested_by,
                requested_at: work.now,
                due_at: work.now.plus(TimeDelta::days(DUE_DAYS)),
                denial: None,
                words: String::new(),
                closed_by: None,
                closed_at: None,
                version: 1,
                updated_at: work.now,
            };
            store::insert(work.conn, &grant, &row)?;
            work.announce(Audience::Staff, LiveKind::Queue, id.0);
            view(work, row)
        })
    })
    .await
}

/// A patient's requests, newest first.
pub async fn list(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    query: PageQuery,
) -> Result<Page<AmendmentView>> {
    let keyset = Keyset::parse(&query)?;
    app.read(actor, move |work| {
        let grant = work.grant(Action::View, Category::Amendments, patient)?;
        let page = store::list(work.conn, &grant, &keyset)?;
        views(work, page)
    })
    .await
}

/// The practice's queue, soonest due first.
pub async fn queue(app: &App, actor: &Actor, query: AmendmentQueueQuery) -> Result<Page<AmendmentView>> {
    let keyset = Keyset::parse(&PageQuery { cursor: query.cursor, limit: query.limit })?;
    let state = query.state.unwrap_or(AmendmentState::Pending);
    app.read(actor, move |work| {
        // Who may look at any patient's request may look at all of them.
        work.permit(Action::View, Category::Amendments)?;
        let page = store::queue(work.conn, state, &keyset)?;
        let page = work.nearby(page, |row| row.patient_id)?;
        work.note_shown(Category::Amendments, &patients_of(&page.items));
        views(work, page)
    })
    .await
}

/// One request.
pub async fn open(app: &App, actor: &Actor, patient: PatientId, id: AmendmentId) -> Result<AmendmentView> {
    app.read(actor, move |work| {
        let grant = work.grant_about(Action::View, Category::Amendments, patient, id.0)?;
        let row = find(work, &grant, id)?;
        view(work, row)
    })
    .await
}

/// The patient takes a request back that nobody has answered yet.
pub async fn withdraw(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: AmendmentId,
    once: Once,
) -> Result<AmendmentView> {
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Act, Category::Amendments, patient, id.0)?;
        let by = work.actor.account_id()?;
        once.run(work, |work| {
            let mut row = find(work, &grant, id)?;
            row.state.must_wait()?;
            row.state = AmendmentState::Withdrawn;
            let row = close(work, &grant, row, by)?;
            view(work, row)
        })
    })
    .await
}

/// Answers a request; the item of the patient's inbox is part of the same transaction.
pub async fn answer(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: AmendmentId,
    answer: AmendmentAnswer,
    seen: IfMatch,
    once: Once,
) -> Result<AmendmentView> {
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Decide, Category::Amendments, patient, id.0)?;
        let by = work.actor.account_id()?;
        once.run(work, |work| {
            let mut row = find(work, &grant, id)?;
            let answer = answer.clone().check()?;
            // The state comes before the version: whoever lost a race learns who won it.
            row.state.must_wait()?;
            seen.check(row.version)?;
            row.state = answer.state();
            (row.denial, row.words) = (answer.denial, answer.words);
            let row = close(work, &grant, row, by)?;
            let (kind, title) = (ItemKind::AmendmentAnswered, row.entry.as_str());
            mail::deliver(work, &Delivery { patient, kind, subject: id.0, title })?;
            view(work, row)
        })
    })
    .await
}

fn close(work: &mut Work<'_>, grant: &Grant, row: Row, by: AccountId) -> Result<Row> {
    let row = Row {
        closed_by: Some(by),
        closed_at: Some(work.now),
        version: row.version + 1,
        updated_at: work.now,
        ..row
    };
    store::close(work.conn, grant, &row)?;
    work.announce(Audience::Staff, LiveKind::Queue, row.id.0);
    Ok(row)
}

fn find(work: &mut Work<'_>, grant: &Grant, id: AmendmentId) -> Result<Row> {
    store::find(work.conn, grant, id)?.ok_or_else(|| Code::NotFound.into())
}

fn patients_of(rows: &[Row]) -> Vec<PatientId> {
    let mut patients: Vec<PatientId> = rows.iter().map(|row| row.patient_id).collect();
    patients.sort_unstable();
    patients.dedup();
    patients
}

fn view(work: &mut Work<'_>, row: Row) -> Result<AmendmentView> {
    let page = views(work, Page { items: vec![row], next: None })?;
    page.items.into_iter().next().ok_or_else(|| Error::internal("a view of one row is one view"))
}

/// Puts names beside the rows, a query for each kind.
fn views(work: &mut Work<'_>, page: Page<Row>) -> Result<Page<AmendmentView>> {
    let patients = patients::summaries(work.conn, &patients_of(&page.items))?;
    let staff: Vec<AccountId> = page.items.iter().filter_map(|row| row.closed_by).collect();
    let names = accounts::names(work.conn, &staff)?;
    let mut items = Vec::with_capacity(page.items.len());
    for row in page.items {
        let patient = patients.get(&row.patient_id).cloned();
        items.push(AmendmentView {
            id: row.id,
            patient: patient.ok_or_else(|| Error::internal("an amendment's patient is gone"))?,
            state: row.state,
            section: row.section,
            entry: row.entry,
            wrong: row.wrong,
            right: row.correct,
            requested_at: row.requested_at,
            due_at: row.due_at,
            is_overdue: row.state == AmendmentState::Pending && is_overdue(Some(row.due_at), work.now),
            denial: row.denial,
            words: row.words,
            closed_at: row.closed_at,
            closed_by: row.closed_by.and_then(|id| names.get(&id).cloned()),
            version: row.version,
        });
    }
    Ok(Page { items, next: page.next })
}

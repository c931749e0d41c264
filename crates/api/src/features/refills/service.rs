//! What people do with requests for refills and renewals.

use std::collections::HashMap;

use portal_domain::{
    access::{Action, Category},
    ids::{AccountId, ChartItemId, MedicationRequestId, MedicationRequestItemId, PatientId},
    live::LiveKind,
    mail::ItemKind,
    messages::{due_at, is_overdue},
    page::{Page, PageQuery},
    patients::PatientSummary,
    problem::{Code, Problem},
    refills::{
        AnswerView, DUE_HOURS, ItemState, MedicationRequestView, MedicationView, NewMedicationRequest,
        RefillAnswer, RefillQueueQuery, RequestItemView, RequestState, Withdrawal,
    },
    time::Time,
};

use super::{
    medications,
    store::{self, AnswerRow, ItemRow, Row},
};
use crate::{
    app::App,
    error::{Error, Result},
    features::{
        accounts,
        mail::{self, Delivery},
        patients, practice,
    },
    platform::{
        access::Grant, auth::Actor, clock::new_id, etag::IfMatch, idempotency::Once, live::Audience,
        page::Keyset, work::Work,
    },
};

/// Asks for refills and renewals, all or none of them: each must be what the medication list offers now (MED-2).
pub async fn request(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    new: NewMedicationRequest,
    once: Once,
) -> Result<MedicationRequestView> {
    let id = MedicationRequestId(new_id());
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Act, Category::Medications, patient, id.0)?;
        let requested_by = work.actor.account_id()?;
        once.run(work, |work| {
            let offered: HashMap<ChartItemId, MedicationView> =
                medications::of(work, &grant)?.into_iter().map(|view| (view.id, view)).collect();
            let new = new.clone().check(|id| {
                let view = offered.get(&id)?;
                Some(match view.can_request {
                    Some(kind) => Ok(kind),
                    None => Err(view.why_not?),
                })
            })?;
            let row = Row {
                patient_id: patient,
                id,
                state: RequestState::Open,
                pharmacy: new.pharmacy,
                note: new.note,
                requested_by,
                requested_at: work.now,
                due_at: due_at(work.now, DUE_HOURS, &practice::zone(work.conn)?),
                version: 1,
                updated_at: work.now,
            };
            let items = (0..).zip(&new.items).map(|(position, item)| ItemRow {
                patient_id: patient,
                request_id: id,
                position,
                id: MedicationRequestItemId(new_id()),
                medication_id: item.medication,
                drug: offered.get(&item.medication).map(|view| view.drug.clone()).unwrap_or_default(),
                kind: item.kind,
                state: ItemState::Waiting,
                reason: None,
                words: String::new(),
                closed_by: None,
                closed_at: None,
            });
            store::insert(work.conn, &grant, &row, &items.collect::<Vec<_>>())?;
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
) -> Result<Page<MedicationRequestView>> {
    let keyset = Keyset::parse(&query)?;
    app.read(actor, move |work| {
        let grant = work.grant(Action::View, Category::Medications, patient)?;
        let page = store::list(work.conn, &grant, &keyset)?;
        views(work, page)
    })
    .await
}

/// The practice's queue, longest waiting first.
pub async fn queue(app: &App, actor: &Actor, query: RefillQueueQuery) -> Result<Page<MedicationRequestView>> {
    let keyset = Keyset::parse(&PageQuery { cursor: query.cursor, limit: query.limit })?;
    let state = query.state.unwrap_or(RequestState::Open);
    app.read(actor, move |work| {
        // Who may look at any patient's request may look at all of them.
        work.permit(Action::View, Category::Medications)?;
        let page = store::queue(work.conn, state, &keyset)?;
        let page = work.nearby(page, |row| row.patient_id)?;
        work.note_shown(Category::Medications, &patients_of(&page.items));
        views(work, page)
    })
    .await
}

/// One request.
pub async fn open(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: MedicationRequestId,
) -> Result<MedicationRequestView> {
    app.read(actor, move |work| {
        let grant = work.grant_about(Action::View, Category::Medications, patient, id.0)?;
        let row = find(work, &grant, id)?;
        view(work, row)
    })
    .await
}

/// The patient takes medications of a request back that nobody has answered yet.
pub async fn withdraw(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: MedicationRequestId,
    back: Withdrawal,
    once: Once,
) -> Result<MedicationRequestView> {
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Act, Category::Medications, patient, id.0)?;
        let by = work.actor.account_id()?;
        once.run(work, |work| {
            let row = find(work, &grant, id)?;
            let (mut items, _) = store::parts(work.conn, std::slice::from_ref(&row))?;
            back.check(|id| items.iter().any(|item| item.id == id))?;
            for item in items.iter_mut().filter(|item| back.items.contains(&item.id)) {
                must_wait(item)?;
                item.state = ItemState::Withdrawn;
                close(work, &grant, item, by)?;
            }
            let row = changed(work, &grant, row, &items)?;
            view(work, row)
        })
    })
    .await
}

/// Answers medications of a request; the patient's inbox item is part of the same transaction. The chart is not changed.
pub async fn answer(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: MedicationRequestId,
    answer: RefillAnswer,
    seen: IfMatch,
    once: Once,
) -> Result<MedicationRequestView> {
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Decide, Category::Medications, patient, id.0)?;
        let by = work.actor.account_id()?;
        once.run(work, |work| {
            let row = find(work, &grant, id)?;
            let (mut items, answers) = store::parts(work.conn, std::slice::from_ref(&row))?;
            let answer = answer.clone().check(|id| items.iter().any(|item| item.id == id))?;
            // The state comes before the version: whoever lost a race learns who won it.
            for given in &answer.items {
                items.iter().filter(|item| item.id == given.item).try_for_each(must_wait)?;
            }
            seen.check(row.version)?;
            let mut drugs = Vec::new();
            for given in answer.items {
                for item in items.iter_mut().filter(|item| item.id == given.item) {
                    item.state = given.outcome.state();
                    item.reason = given.reason;
                    item.words.clone_from(&given.words);
                    close(work, &grant, item, by)?;
                    drugs.push(item.drug.clone());
                }
            }
            let written = AnswerRow {
                patient_id: patient,
                request_id: id,
                position: answers.last().map_or(0, |last| last.position + 1),
                message: answer.message,
                answered_by: by,
                answered_at: work.now,
            };
            store::insert_answer(work.conn, &grant, &written)?;
            let row = changed(work, &grant, row, &items)?;
            let title = drugs.join(", ");
            let kind = ItemKind::MedicationsAnswered;
            mail::deliver(work, &Delivery { patient, kind, subject: id.0, title: &title })?;
            view(work, row)
        })
    })
    .await
}

fn must_wait(item: &ItemRow) -> Result<()> {
    if item.state == ItemState::Waiting {
        return Ok(());
    }
    Err(Problem::new(Code::WrongState).detail(format!("Its state is {}.", item.state)).into())
}

fn close(work: &mut Work<'_>, grant: &Grant, item: &mut ItemRow, by: AccountId) -> Result<()> {
    item.closed_by = Some(by);
    item.closed_at = Some(work.now);
    store::close(work.conn, grant, item)
}

/// The request after its medications changed.
fn changed(work: &mut Work<'_>, grant: &Grant, row: Row, items: &[ItemRow]) -> Result<Row> {
    let row = Row {
        state: RequestState::of(items.iter().map(|item| item.state)),
        version: row.version + 1,
        updated_at: work.now,
        ..row
    };
    store::change(work.conn, grant, &row)?;
    work.announce(Audience::Staff, LiveKind::Queue, row.id.0);
    Ok(row)
}

fn find(work: &mut Work<'_>, grant: &Grant, id: MedicationRequestId) -> Result<Row> {
    store::find(work.conn, grant, id)?.ok_or_else(|| Code::NotFound.into())
}

fn patients_of(rows: &[Row]) -> Vec<PatientId> {
    let mut patients: Vec<PatientId> = rows.iter().map(|row| row.patient_id).collect();
    patients.sort_unstable();
    patients.dedup();
    patients
}

fn view(work: &mut Work<'_>, row: Row) -> Result<MedicationRequestView> {
    let page = views(work, Page { items: vec![row], next: None })?;
    page.items.into_iter().next().ok_or_else(|| Error::internal("a view of one row is one view"))
}

/// Puts medications, answers and names beside the rows, a query for each kind.
fn views(work: &mut Work<'_>, page: Page<Row>) -> Result<Page<MedicationRequestView>> {
    let patients = patients::summaries(work.conn, &patients_of(&page.items))?;
    let (items, answers) = store::parts(work.conn, &page.items)?;
    let staff: Vec<AccountId> = answers.iter().map(|answer| answer.answered_by).collect();
    let names = accounts::names(work.conn, &staff)?;
    let mut views = Vec::with_capacity(page.items.len());
    for row in page.items {
        let patient = patients
            .get(&row.patient_id)
            .ok_or_else(|| Error::internal("a medication request's patient is gone"))?;
        let parts = Parts { patient: patient.clone(), items: &items, answers: &answers, names: &names };
        views.push(parts.of(row, work.now));
    }
    Ok(Page { items: views, next: page.next })
}

/// What stands beside the rows of a page.
struct Parts<'p> {
    patient: PatientSummary,
    items: &'p [ItemRow],
    answers: &'p [AnswerRow],
    names: &'p HashMap<AccountId, String>,
}

impl Parts<'_> {
    fn of(self, row: Row, now: Time) -> MedicationRequestView {
        let items = self.items.iter().filter(|item| item.request_id == row.id);
        let answers = self.answers.iter().filter(|answer| answer.request_id == row.id);
        MedicationRequestView {
            id: row.id,
            patient: self.patient,
            state: row.state,
            items: items.map(item_view).collect(),
            pharmacy: row.pharmacy,
            note: row.note,
            requested_at: row.requested_at,
            due_at: row.due_at,
            is_overdue: row.state == RequestState::Open && is_overdue(Some(row.due_at), now),
            answers: answers
                .map(|answer| AnswerView {
                    at: answer.answered_at,
                    by: self.names.get(&answer.answered_by).cloned().unwrap_or_default(),
                    message: answer.message.clone(),
                })
                .collect(),
            version: row.version,
        }
    }
}

fn item_view(row: &ItemRow) -> RequestItemView {
    RequestItemView {
        id: row.id,
        medication_id: row.medication_id,
        drug: row.drug.clone(),
        kind: row.kind,
        state: row.state,
        reason: row.reason,
        words: row.words.clone(),
        closed_at: row.closed_at,
    }
}

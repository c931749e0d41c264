//! What people do with a request of either kind.

use chrono::TimeDelta;
use portal_domain::{
    access::{Action, may},
    ids::{AccountId, PatientId, PetitionId},
    live::LiveKind,
    messages::is_overdue,
    page::{Page, PageQuery},
    petitions::{MOST_WAITING, Petition, PetitionQueueQuery, PetitionState, Petitioned},
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
        access::Grant, auth::Actor, clock::new_id, db::Json, etag::IfMatch, idempotency::Once,
        live::Audience, page::Keyset, work::Work,
    },
};

/// Asks; the practice has the days of that kind to act on it.
pub async fn request<P: Petition>(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    new: P,
    once: Once,
) -> Result<P::View> {
    let id = PetitionId(new_id());
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Act, P::CATEGORY, patient, id.0)?;
        let requested_by = work.actor.account_id()?;
        once.run(work, |work| {
            let new = new.clone().check()?;
            if store::waiting(work.conn, &grant, P::KIND)? >= MOST_WAITING as i64 {
                let message = "Wait until the practice has answered some of these.";
                return Err(Problem::field(P::NAMED_BY, "too_many_waiting", message).into());
            }
            let row = Row {
                patient_id: patient,
                id,
                kind: P::KIND,
                state: PetitionState::Pending,
                section: new.section(),
                ask: Json::of(&new)?,
                requested_by,
                requested_at: work.now,
                due_at: work.now.plus(TimeDelta::days(P::DUE_DAYS)),
                denial: None,
                words: String::new(),
                closed_by: None,
                closed_at: None,
                version: 1,
                updated_at: work.now,
            };
            store::insert(work.conn, &grant, &row)?;
            work.announce(Audience::Staff, LiveKind::Queue, id.0);
            view::<P>(work, row)
        })
    })
    .await
}

/// The state outside of which a request is not there for who asks: staff who do not answer see what was agreed, which binds
/// everybody, and no more.
fn only<P: Petition>(work: &Work<'_>) -> Option<PetitionState> {
    let answers = work.actor.who().is_none_or(|who| may(who, Action::Decide, P::CATEGORY, None).is_ok());
    (work.actor.is_staff() && !answers).then_some(PetitionState::Accepted)
}

/// A patient's requests, newest first.
pub async fn list<P: Petition>(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    query: PageQuery,
) -> Result<Page<P::View>> {
    let keyset = Keyset::parse(&query)?;
    app.read(actor, move |work| {
        let grant = work.grant(Action::View, P::CATEGORY, patient)?;
        let page = store::list(work.conn, &grant, P::KIND, only::<P>(work), &keyset)?;
        views::<P>(work, page)
    })
    .await
}

/// The practice's queue, soonest due first.
pub async fn queue<P: Petition>(
    app: &App,
    actor: &Actor,
    query: PetitionQueueQuery,
) -> Result<Page<P::View>> {
    let keyset = Keyset::parse(&PageQuery { cursor: query.cursor, limit: query.limit })?;
    let state = query.state.unwrap_or(PetitionState::Pending);
    app.read(actor, move |work| {
        // Who may answer any patient's request may look at all of them.
        work.permit(Action::Decide, P::CATEGORY)?;
        let page = store::queue(work.conn, P::KIND, state, &keyset)?;
        let page = work.nearby(page, |row| row.patient_id)?;
        work.note_shown(P::CATEGORY, &patients_of(&page.items));
        views::<P>(work, page)
    })
    .await
}

/// One request.
pub async fn open<P: Petition>(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: PetitionId,
) -> Result<P::View> {
    app.read(actor, move |work| {
        let grant = work.grant_about(Action::View, P::CATEGORY, patient, id.0)?;
        let row = find::<P>(work, &grant, id)?;
        view::<P>(work, row)
    })
    .await
}

/// The patient takes a request back that nobody has answered yet, or ends what was agreed where that kind ends.
pub async fn withdraw<P: Petition>(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: PetitionId,
    once: Once,
) -> Result<P::View> {
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Act, P::CATEGORY, patient, id.0)?;
        let by = work.actor.account_id()?;
        once.run(work, |work| {
            let mut row = find::<P>(work, &grant, id)?;
            row.state = P::taken_back(row.state)?;
            let row = close(work, &grant, row, by)?;
            view::<P>(work, row)
        })
    })
    .await
}

/// Answers a request; the item of the patient's inbox is part of the same transaction.
pub async fn answer<P: Petition>(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: PetitionId,
    answer: P::Answer,
    seen: IfMatch,
    once: Once,
) -> Result<P::View> {
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Decide, P::CATEGORY, patient, id.0)?;
        let by = work.actor.account_id()?;
        once.run(work, |work| {
            let mut row = find::<P>(work, &grant, id)?;
            let ask: P = row.ask.read()?;
            let decision = ask.decide(answer.clone())?;
            // The state comes before the version: whoever lost a race learns who won it.
            row.state.must_wait()?;
            seen.check(row.version)?;
            row.state = decision.state();
            (row.denial, row.words) = (decision.denial.map(str::to_owned), decision.words);
            let row = close(work, &grant, row, by)?;
            let (kind, title) = (P::ANSWERED, ask.name());
            mail::deliver(work, &Delivery { patient, kind, subject: id.0, title })?;
            view::<P>(work, row)
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

fn find<P: Petition>(work: &mut Work<'_>, grant: &Grant, id: PetitionId) -> Result<Row> {
    let only = only::<P>(work);
    let found = store::find(work.conn, grant, P::KIND, id)?;
    found.filter(|row| only.is_none_or(|state| row.state == state)).ok_or_else(|| Code::NotFound.into())
}

fn patients_of(rows: &[Row]) -> Vec<PatientId> {
    let mut patients: Vec<PatientId> = rows.iter().map(|row| row.patient_id).collect();
    patients.sort_unstable();
    patients.dedup();
    patients
}

fn view<P: Petition>(work: &mut Work<'_>, row: Row) -> Result<P::View> {
    let page = views::<P>(work, Page { items: vec![row], next: None })?;
    page.items.into_iter().next().ok_or_else(|| Error::internal("a view of one row is one view"))
}

/// Puts names beside the rows, a query for each kind.
fn views<P: Petition>(work: &mut Work<'_>, page: Page<Row>) -> Result<Page<P::View>> {
    let patients = patients::summaries(work.conn, &patients_of(&page.items))?;
    let staff: Vec<AccountId> = page.items.iter().filter_map(|row| row.closed_by).collect();
    let names = accounts::names(work.conn, &staff)?;
    let mut items = Vec::with_capacity(page.items.len());
    for row in page.items {
        let patient = patients.get(&row.patient_id).cloned();
        let petitioned = Petitioned {
            id: row.id,
            patient: patient.ok_or_else(|| Error::internal("a request's patient is gone"))?,
            state: row.state,
            requested_at: row.requested_at,
            due_at: row.due_at,
            is_overdue: row.state == PetitionState::Pending && is_overdue(Some(row.due_at), work.now),
            words: row.words,
            closed_at: row.closed_at,
            closed_by: row.closed_by.and_then(|id| names.get(&id).cloned()),
            version: row.version,
        };
        items.push(row.ask.read::<P>()?.view(petitioned, row.denial.as_deref()));
    }
    Ok(Page { items, next: page.next })
}

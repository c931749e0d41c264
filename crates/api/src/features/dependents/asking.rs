//! Requests to look after somebody: staff check them, for the requester learns nothing of charts by asking.

use portal_domain::{
    access::{Action, Category},
    accounts::AccountEvent,
    dependents::{
        DependentApproval, DependentDenial, DependentQueueQuery, DependentRequestState, DependentRequestView,
        GrantSource, MOST_REQUESTS, NewDependentRequest,
    },
    ids::{DependentRequestId, PatientId},
    live::LiveKind,
    messages::{due_at, is_overdue},
    page::{Page, PageQuery},
    problem::{Code, Problem},
};

use super::{
    giving::{Giving, give},
    store::{self, RequestRow},
};
use crate::{
    app::App,
    error::{Error, Result},
    features::{accounts, patients, practice},
    platform::{
        access::Grant, auth::Actor, clock::new_id, etag::IfMatch, idempotency::Once, live::Audience,
        page::Keyset, work::Work,
    },
};

/// By when staff should have answered, in hours of working days.
const DUE_HOURS: i64 = 48;

/// Asks to look after somebody. Whether there is such a chart is not told.
pub async fn request(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    new: NewDependentRequest,
    once: Once,
) -> Result<DependentRequestView> {
    let new = new.check()?;
    let id = DependentRequestId(new_id());
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Act, Category::Proxies, patient, id.0)?;
        let requested_by = work.actor.account_id()?;
        once.run(work, |work| {
            work.actor.must_be_proven(work.now)?;
            if store::count_open(work.conn, &grant)? >= MOST_REQUESTS {
                let detail = "Ten requests wait, the most there can be. Please wait for the answers.";
                return Err(Problem::new(Code::WrongState).detail(detail).into());
            }
            let new = new.clone();
            let row = RequestRow {
                patient_id: patient,
                id,
                state: DependentRequestState::Open,
                requested_by,
                requested_at: work.now,
                due_at: due_at(work.now, DUE_HOURS, &practice::zone(work.conn)?),
                given_name: new.given_name,
                family_name: new.family_name,
                birth_date: new.birth_date,
                relationship: new.relationship,
                reason: new.reason,
                answer: String::new(),
                decided_by: None,
                decided_at: None,
                version: 1,
            };
            store::insert_request(work.conn, &grant, &row)?;
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
) -> Result<Page<DependentRequestView>> {
    let keyset = Keyset::parse(&query)?;
    app.read(actor, move |work| {
        let grant = work.grant(Action::View, Category::Proxies, patient)?;
        let page = store::requests(work.conn, &grant, &keyset)?;
        views(work, page)
    })
    .await
}

/// The practice's queue, longest waiting first.
pub async fn queue(
    app: &App,
    actor: &Actor,
    query: DependentQueueQuery,
) -> Result<Page<DependentRequestView>> {
    let keyset = Keyset::parse(&PageQuery { cursor: query.cursor, limit: query.limit })?;
    let state = query.state.unwrap_or(DependentRequestState::Open);
    app.read(actor, move |work| {
        work.permit(Action::View, Category::Proxies)?;
        let page = store::queue(work.conn, state, &keyset)?;
        let page = work.nearby(page, |row| row.patient_id)?;
        let mut shown: Vec<PatientId> = page.items.iter().map(|row| row.patient_id).collect();
        shown.sort_unstable();
        shown.dedup();
        work.note_shown(Category::Proxies, &shown);
        views(work, page)
    })
    .await
}

/// One request.
pub async fn open(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: DependentRequestId,
) -> Result<DependentRequestView> {
    app.read(actor, move |work| {
        let grant = work.grant_about(Action::View, Category::Proxies, patient, id.0)?;
        let row = find(work, &grant, id)?;
        view(work, row)
    })
    .await
}

/// Staff approve a request, for the chart that they found. Its date of birth must be the one that was written: names are
/// alike more often.
pub async fn approve(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: DependentRequestId,
    approval: DependentApproval,
    seen: IfMatch,
    once: Once,
) -> Result<DependentRequestView> {
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Decide, Category::Proxies, patient, id.0)?;
        let by = work.actor.account_id()?;
        once.run(work, |work| {
            let row = waiting(work, &grant, id)?;
            seen.check(row.version)?;
            let today = practice::today(work.conn, work.now)?;
            let errors: Vec<_> = approval
                .terms
                .check(today)
                .into_iter()
                .map(|mut error| {
                    error.field = format!("terms.{}", error.field);
                    error
                })
                .collect();
            if !errors.is_empty() {
                return Err(Problem::invalid(errors).into());
            }
            work.grant_about(Action::Decide, Category::Proxies, approval.dependent, id.0)?;
            if patients::summary(work.conn, approval.dependent)?.birth_date != row.birth_date {
                let message = "This patient has another date of birth than the one that was written.";
                return Err(Problem::field("dependent", "birth_date_differs", message).into());
            }
            let giving = Giving {
                account: row.requested_by,
                patient: approval.dependent,
                relationship: row.relationship,
                source: GrantSource::Request,
                terms: &approval.terms,
                has_assent: approval.has_assent,
                approved_by: by,
            };
            give(work, &giving)?;
            decided(work, &grant, row, DependentRequestState::Approved, String::new())
        })
    })
    .await
}

/// Staff say no to a request, and why.
pub async fn deny(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: DependentRequestId,
    denial: DependentDenial,
    seen: IfMatch,
    once: Once,
) -> Result<DependentRequestView> {
    let reason = denial.check().map_err(|error| Problem::invalid(vec![error]))?;
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Decide, Category::Proxies, patient, id.0)?;
        once.run(work, |work| {
            let row = waiting(work, &grant, id)?;
            seen.check(row.version)?;
            let (account, whom) = (row.requested_by, format!("{} {}", row.given_name, row.family_name));
            accounts::tell(work, account, AccountEvent::DependentDenied, &whom)?;
            decided(work, &grant, row, DependentRequestState::Denied, reason.clone())
        })
    })
    .await
}

fn waiting(work: &mut Work<'_>, grant: &Grant, id: DependentRequestId) -> Result<RequestRow> {
    let row = find(work, grant, id)?;
    match row.state {
        DependentRequestState::Open => Ok(row),
        state => Err(Problem::new(Code::WrongState).detail(format!("Its state is {state}.")).into()),
    }
}

fn decided(
    work: &mut Work<'_>,
    grant: &Grant,
    row: RequestRow,
    state: DependentRequestState,
    answer: String,
) -> Result<DependentRequestView> {
    let row = RequestRow {
        state,
        answer,
        decided_by: Some(work.actor.account_id()?),
        decided_at: Some(work.now),
        version: row.version + 1,
        ..row
    };
    store::decide(work.conn, grant, &row)?;
    work.announce(Audience::Staff, LiveKind::Queue, row.id.0);
    view(work, row)
}

fn find(work: &mut Work<'_>, grant: &Grant, id: DependentRequestId) -> Result<RequestRow> {
    store::request(work.conn, grant, id)?.ok_or_else(|| Code::NotFound.into())
}

fn view(work: &mut Work<'_>, row: RequestRow) -> Result<DependentRequestView> {
    let page = views(work, Page { items: vec![row], next: None })?;
    page.items.into_iter().next().ok_or_else(|| Error::internal("a view of one row is one view"))
}

fn views(work: &mut Work<'_>, page: Page<RequestRow>) -> Result<Page<DependentRequestView>> {
    let ids: Vec<PatientId> = page.items.iter().map(|row| row.patient_id).collect();
    let people = patients::summaries(work.conn, &ids)?;
    let mut items = Vec::with_capacity(page.items.len());
    for row in page.items {
        let asked_by = people.get(&row.patient_id).cloned();
        items.push(DependentRequestView {
            id: row.id,
            version: row.version,
            state: row.state,
            asked_by: asked_by.ok_or_else(|| Error::internal("a request's patient is gone"))?,
            is_overdue: row.state == DependentRequestState::Open && is_overdue(Some(row.due_at), work.now),
            given_name: row.given_name,
            family_name: row.family_name,
            birth_date: row.birth_date,
            relationship: row.relationship,
            reason: row.reason,
            requested_at: row.requested_at,
            due_at: row.due_at,
            answer: row.answer,
        });
    }
    Ok(Page { items, next: page.next })
}

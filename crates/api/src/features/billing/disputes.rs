//! What a patient questions of a bill (PAY-4): a conversation with the billing team, linked to the thing, until staff decide
//! or the patient takes it back (decision 0046). Paying goes on meanwhile.

use chrono::TimeDelta;
use portal_domain::{
    access::{Action, Category},
    billing::{
        DISPUTE_DUE_DAYS, DisputeAbout, DisputeDecision, DisputeOutcome, DisputeQuery, DisputeState,
        DisputeSubject, DisputeView, Disputed, MOST_DISPUTES, NewDispute, TransactionKind,
    },
    ids::{
        AccountId, DisputeId, LedgerTransactionId, MessageId, PatientId, PaymentId, StatementId, ThreadId,
    },
    live::LiveKind,
    messages::{StaffName, TeamCategory, is_overdue},
    page::{Page, PageQuery},
    problem::{Code, Problem},
};

use super::{
    service::Account,
    store::{self, DisputeRow},
};
use crate::{
    app::App,
    error::{Error, Result},
    features::{accounts, care_teams, messages, patients, practice},
    platform::{
        access::Grant, auth::Actor, clock::new_id, db::AnyId, idempotency::Once, live::Audience,
        page::Keyset, work::Work,
    },
};

/// Questions something, which opens its conversation. 409 `already_disputed` while the same thing is questioned.
pub async fn open(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    new: NewDispute,
    once: Once,
) -> Result<DisputeView> {
    let currency = app.settings.currency;
    let (id, fresh) = (DisputeId(new_id()), messages::Fresh::drawn());
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Act, Category::Billing, patient, id.0)?;
        let opened_by = work.actor.account_id()?;
        // What the patient writes is kept in the conversation alone, not beside the key.
        let id = once.run(work, |work| {
            let new = new.clone().check()?;
            let account = Account::of(work, &grant, currency)?;
            let disputed = found(work, &grant, new.about, &account)?;
            if store::open_about(work.conn, &grant, disputed.about.id)? {
                return Err(Code::AlreadyDisputed.into());
            }
            if store::open_disputes(work.conn, &grant)? >= MOST_DISPUTES {
                let message = "Wait until the billing team has answered some of your questions.";
                return Err(Problem::field("about", "too_many_disputes", message).into());
            }
            let team = care_teams::teams(work.conn)?
                .into_iter()
                .filter(|team| team.is_open != 0 && team.category == TeamCategory::Billing)
                // That of the whole practice before those of one location.
                .min_by_key(|team| team.location_id.is_some())
                .ok_or_else(|| {
                    let message =
                        "The billing team takes no messages here. Please call any of our locations.";
                    Problem::field("about", "no_billing_team", message)
                })?;
            messages::begin_dispute(work, &grant, team.id, &disputed.subject(), id, &new.text, fresh)?;
            let row = DisputeRow {
                payer_id: patient,
                id,
                state: DisputeState::Open,
                subject_kind: disputed.about.kind,
                subject_id: AnyId(disputed.about.id),
                line_kind: disputed.line,
                amount: disputed.amount.amount,
                currency: disputed.amount.currency,
                day: disputed.date,
                statement_id: disputed.statement_id,
                number: disputed.number,
                reason: new.reason,
                thread_id: fresh.thread,
                opened_by,
                opened_at: work.now,
                due_at: work.now.plus(TimeDelta::days(DISPUTE_DUE_DAYS)),
                outcome: None,
                answer: String::new(),
                closed_by: None,
                closed_at: None,
            };
            store::insert_dispute(work.conn, &grant, &row)?;
            announce(work, patient, id);
            Ok(id)
        })?;
        let row = find(work, &grant, id)?;
        view(work, row)
    })
    .await
}

/// `open` without a key: the demo's.
pub async fn dispute_now(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    new: NewDispute,
) -> Result<DisputeView> {
    open(app, actor, patient, new, Once::without_key()).await
}

/// The thing as it stands on the account, by whichever of its names it was called.
fn found(work: &mut Work<'_>, grant: &Grant, about: DisputeAbout, account: &Account) -> Result<Disputed> {
    use DisputeSubject as S;
    let found = match about.kind {
        S::Statement => account.statement(StatementId(about.id)).map(|one| Disputed {
            about,
            line: None,
            amount: one.billed,
            date: one.date,
            statement_id: Some(one.id),
            number: one.number,
        }),
        S::Line | S::Payment => match store::find(work.conn, grant, LedgerTransactionId(about.id))? {
            Some(row) => {
                let is_payment = matches!(row.kind, TransactionKind::Payment | TransactionKind::DeskPayment);
                let kind = if is_payment { S::Payment } else { S::Line };
                let fits = is_payment || about.kind == S::Line;
                fits.then(|| Disputed {
                    about: DisputeAbout { kind, id: about.id },
                    line: (!is_payment).then_some(row.kind),
                    amount: row.money(),
                    date: row.day,
                    statement_id: row.statement_id,
                    number: String::new(),
                })
            }
            None => attempted(work, grant, about)?,
        },
    };
    found.ok_or_else(|| Code::NotFound.into())
}

/// A payment that never counted: it may have been taken from the card all the same.
fn attempted(work: &mut Work<'_>, grant: &Grant, about: DisputeAbout) -> Result<Option<Disputed>> {
    if about.kind != DisputeSubject::Payment {
        return Ok(None);
    }
    let Some(row) = store::payment(work.conn, grant, PaymentId(about.id))? else { return Ok(None) };
    Ok(Some(Disputed {
        about,
        line: None,
        amount: row.money(),
        date: practice::today(work.conn, row.begun_at)?,
        statement_id: row.statement_id,
        number: String::new(),
    }))
}

/// A patient's, the newest first.
pub async fn list(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    query: DisputeQuery,
) -> Result<Page<DisputeView>> {
    let keyset = Keyset::parse(&PageQuery { cursor: query.cursor, limit: query.limit })?;
    app.read(actor, move |work| {
        let grant = work.grant(Action::View, Category::Billing, patient)?;
        let page = store::disputes(work.conn, &grant, query.state, &keyset)?;
        Ok(Page { items: views(work, page.items)?, next: page.next })
    })
    .await
}

/// One of them.
pub async fn one(app: &App, actor: &Actor, patient: PatientId, id: DisputeId) -> Result<DisputeView> {
    app.read(actor, move |work| {
        let grant = work.grant_about(Action::View, Category::Billing, patient, id.0)?;
        let row = find(work, &grant, id)?;
        view(work, row)
    })
    .await
}

/// The practice's, soonest due first.
pub async fn queue(app: &App, actor: &Actor, query: DisputeQuery) -> Result<Page<DisputeView>> {
    let keyset = Keyset::parse(&PageQuery { cursor: query.cursor, limit: query.limit })?;
    let state = query.state.unwrap_or(DisputeState::Open);
    app.read(actor, move |work| {
        work.permit(Action::View, Category::Billing)?;
        let page = store::dispute_queue(work.conn, state, &keyset)?;
        let page = work.nearby(page, |row| row.payer_id)?;
        work.note_shown(Category::Billing, &payers_of(&page.items));
        Ok(Page { items: views(work, page.items)?, next: page.next })
    })
    .await
}

/// The patient takes it back. The conversation stays, and waits for nobody.
pub async fn withdraw(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: DisputeId,
    once: Once,
) -> Result<DisputeView> {
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Act, Category::Billing, patient, id.0)?;
        once.run(work, |work| {
            let row = find(work, &grant, id)?;
            row.state.must_be_open()?;
            messages::rest(work, &grant, row.thread_id)?;
            close(work, &grant, row, DisputeOutcome::Withdrawn, String::new())
        })?;
        let row = find(work, &grant, id)?;
        view(work, row)
    })
    .await
}

/// Staff decide. The answer becomes a message of the conversation, under its rules: the one who decides works in the queue
/// where it stands, and has read what the patient wrote.
pub async fn decide(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: DisputeId,
    decision: DisputeDecision,
    once: Once,
) -> Result<DisputeView> {
    let message = MessageId(new_id());
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Change, Category::Billing, patient, id.0)?;
        once.run(work, |work| {
            let row = find(work, &grant, id)?;
            row.state.must_be_open()?;
            let posted = store::posted_since(work.conn, &grant, row.opened_at)?;
            let decision = decision.clone().check(&posted)?;
            messages::answer(work, &grant, row.thread_id, &decision.answer, message)?;
            close(work, &grant, row, decision.outcome, decision.answer)
        })?;
        let row = find(work, &grant, id)?;
        view(work, row)
    })
    .await
}

fn close(
    work: &mut Work<'_>,
    grant: &Grant,
    row: DisputeRow,
    outcome: DisputeOutcome,
    answer: String,
) -> Result<()> {
    let row = DisputeRow {
        state: DisputeState::Resolved,
        outcome: Some(outcome),
        answer,
        closed_by: Some(work.actor.account_id()?),
        closed_at: Some(work.now),
        ..row
    };
    store::close_dispute(work.conn, grant, &row)?;
    announce(work, row.payer_id, row.id);
    Ok(())
}

fn announce(work: &mut Work<'_>, patient: PatientId, id: DisputeId) {
    work.announce(Audience::Staff, LiveKind::Queue, id.0);
    work.announce(Audience::Patient(patient), LiveKind::Inbox, id.0);
}

fn find(work: &mut Work<'_>, grant: &Grant, id: DisputeId) -> Result<DisputeRow> {
    store::dispute(work.conn, grant, id)?.ok_or_else(|| Code::NotFound.into())
}

fn payers_of(rows: &[DisputeRow]) -> Vec<PatientId> {
    let mut payers: Vec<PatientId> = rows.iter().map(|row| row.payer_id).collect();
    payers.sort_unstable();
    payers.dedup();
    payers
}

fn view(work: &mut Work<'_>, row: DisputeRow) -> Result<DisputeView> {
    let views = views(work, vec![row])?;
    views.into_iter().next().ok_or_else(|| Error::internal("a view of one row is one view"))
}

/// Puts names beside the rows, a query for each kind.
fn views(work: &mut Work<'_>, rows: Vec<DisputeRow>) -> Result<Vec<DisputeView>> {
    let patients = patients::summaries(work.conn, &payers_of(&rows))?;
    let threads: Vec<ThreadId> = rows.iter().map(|row| row.thread_id).collect();
    let owners = messages::owners(work.conn, &threads)?;
    let people: Vec<AccountId> =
        rows.iter().filter_map(|row| row.closed_by).chain(owners.values().copied()).collect();
    let names = accounts::names(work.conn, &people)?;
    let now = work.now;
    rows.into_iter()
        .map(|row| {
            let patient = patients.get(&row.payer_id).cloned();
            let owner = owners.get(&row.thread_id).copied();
            Ok(DisputeView {
                id: row.id,
                patient: patient.ok_or_else(|| Error::internal("a dispute of nobody"))?,
                disputed: row.disputed(),
                reason: row.reason,
                state: row.state,
                thread_id: row.thread_id,
                opened_at: row.opened_at,
                due_at: row.due_at,
                is_overdue: row.state == DisputeState::Open && is_overdue(Some(row.due_at), now),
                owner: owner.map(|id| StaffName { id, name: names.get(&id).cloned().unwrap_or_default() }),
                outcome: row.outcome,
                closed_at: row.closed_at,
                closed_by: row.closed_by.and_then(|by| names.get(&by).cloned()),
                answer: row.answer,
            })
        })
        .collect()
}

//! One message to each patient of a cohort. Who belongs to it is decided when it is sent; the conversations are begun in
//! small transactions, the first at once and the rest by [`deliver_due`], so that no other act waits long and a restart
//! goes on where it was. A recipient's row and the conversation are one transaction: nobody gets it twice.

use portal_domain::{
    access::{Action, Category, Who, roles_for},
    audience::Audience,
    ids::{CohortMessageId, PatientId},
    live::LiveKind,
    messages::{CohortMessageView, CohortRecipient, MOST_PATIENTS, NewCohortMessage},
    notices::Reach,
    page::{Page, PageQuery},
    problem::{Code, Problem},
};

use super::{
    sending::{self, Fresh},
    store::cohort::{self as store, CohortRow},
};
use crate::{
    app::App,
    error::{Error, Result},
    features::{accounts, audiences, care_teams, patients, practice},
    platform::{auth::Actor, clock::new_id, db::Json, idempotency::Once, live, page::Keyset, work::Work},
};

/// Patients who get a message in one transaction.
const BATCH: usize = 50;

/// How many patients belong to a cohort today.
pub async fn reach(app: &App, actor: &Actor, audience: Audience) -> Result<Reach> {
    let errors = audience.check("audience");
    if !errors.is_empty() {
        return Err(Problem::invalid(errors).into());
    }
    app.read(actor, move |work| {
        work.permit(Action::View, Category::Messages)?;
        audiences::permit(work, &audience)?;
        practice::must_be_ours(work.conn, "audience.location_id", audience.location_id)?;
        let today = practice::today(work.conn, work.now)?;
        Ok(Reach { patients: audiences::count(work.conn, &audience, today)? })
    })
    .await
}

/// Sends a message to a cohort. Its first patients have it as soon as this returns.
pub async fn send(
    app: &App,
    actor: &Actor,
    message: NewCohortMessage,
    once: Once,
) -> Result<CohortMessageView> {
    let message = message.check()?;
    let id = CohortMessageId(new_id());
    let sent = app
        .write(actor, move |work| {
            work.permit(Action::Act, Category::Messages)?;
            care_teams::must_be_member(work, message.team_id)?;
            audiences::permit(work, &message.audience)?;
            once.run(work, |work| order(work, id, &message))
        })
        .await?;
    // It is sent: what can't be delivered at once is delivered by upkeep, and an error would invite to send it again.
    if let Err(why) = deliver(app, sent).await {
        tracing::warn!(%why, "the first patients of a cohort get their message later");
    }
    open(app, actor, sent).await
}

/// Keeps the message and who gets it.
fn order(work: &mut Work<'_>, id: CohortMessageId, message: &NewCohortMessage) -> Result<CohortMessageId> {
    if care_teams::find(work.conn, message.team_id)?.is_none_or(|team| team.is_open == 0) {
        return Err(Problem::field("team_id", "unknown", "Choose a care team that is open.").into());
    }
    practice::must_be_ours(work.conn, "audience.location_id", message.audience.location_id)?;
    let today = practice::today(work.conn, work.now)?;
    let patients = audiences::patients(work.conn, &message.audience, today, MOST_PATIENTS + 1)?;
    let count = i64::try_from(patients.len()).map_err(Error::internal)?;
    message.check_reach(count)?;
    let row = CohortRow {
        id,
        team_id: message.team_id,
        sent_by: work.actor.account_id()?,
        sent_at: work.now,
        subject: message.subject.clone(),
        body: message.text.clone(),
        audience: Json::of(&message.audience)?,
        patients: count,
        done_at: None,
    };
    store::insert(work.conn, &row, &patients)?;
    Ok(id)
}

/// Delivers until nobody waits; answers how many conversations were begun.
pub async fn deliver_due(app: &App) -> Result<usize> {
    let mut delivered = 0;
    // Mostly nobody waits: then nothing is written, and no other write is held up.
    while let Some(row) = app.db.read(store::undone).await? {
        delivered += deliver(app, row.id).await?;
    }
    Ok(delivered)
}

/// Delivers one batch, in the sender's name; 0 when nobody waits for this message any more.
async fn deliver(app: &App, id: CohortMessageId) -> Result<usize> {
    let row = app.db.read(move |conn| store::find(conn, id)).await?.ok_or(Code::NotFound)?;
    if row.done_at.is_some() {
        return Ok(0);
    }
    // The sender was allowed to when it was sent; what is left of it is the same act, whatever became of the account.
    let roles = roles_for(Action::Act, Category::Messages).to_vec();
    let sender = Actor::account(row.sent_by, Who::Staff(roles), None);
    let fresh: Vec<Fresh> = std::iter::repeat_with(Fresh::drawn).take(BATCH).collect();
    app.write(&sender, move |work| batch(work, &row, &fresh)).await
}

fn batch(work: &mut Work<'_>, row: &CohortRow, fresh: &[Fresh]) -> Result<usize> {
    let limit = i64::try_from(fresh.len()).map_err(Error::internal)?;
    let waiting = store::undelivered(work.conn, row.id, limit)?;
    for (patient, fresh) in waiting.iter().zip(fresh) {
        let grant = work.grant_about(Action::Act, Category::Messages, *patient, fresh.thread.0)?;
        sending::begin_for_cohort(work, &grant, row, *fresh)?;
        let Fresh { thread, message } = *fresh;
        store::delivered(work.conn, &grant, row.id, thread, message, work.now)?;
    }
    if waiting.len() < fresh.len() {
        store::finish(work.conn, row.id, work.now)?;
    }
    work.announce(live::Audience::Staff, LiveKind::Queue, row.team_id.0);
    Ok(waiting.len())
}

/// What the reader's teams sent to cohorts, newest first.
pub async fn list(app: &App, actor: &Actor, query: PageQuery) -> Result<Page<CohortMessageView>> {
    let keyset = Keyset::parse(&query)?;
    app.read(actor, move |work| {
        work.permit(Action::View, Category::Messages)?;
        let teams: Vec<_> = care_teams::own_teams(work)?.iter().map(|team| team.id).collect();
        let page = store::page(work.conn, &teams, &keyset)?;
        let views: Result<Vec<CohortMessageView>> = page.items.iter().map(|row| view(work, row)).collect();
        Ok(Page { items: views?, next: page.next })
    })
    .await
}

/// One message to a cohort.
pub async fn open(app: &App, actor: &Actor, id: CohortMessageId) -> Result<CohortMessageView> {
    app.read(actor, move |work| {
        work.permit(Action::View, Category::Messages)?;
        let row = of_own_team(work, id)?;
        view(work, &row)
    })
    .await
}

/// Who gets it, and who opened it.
pub async fn recipients(
    app: &App,
    actor: &Actor,
    id: CohortMessageId,
    query: PageQuery,
) -> Result<Page<CohortRecipient>> {
    let keyset = Keyset::parse(&query)?;
    app.read(actor, move |work| {
        work.permit(Action::View, Category::Messages)?;
        let row = of_own_team(work, id)?;
        audiences::permit(work, &row.audience.read()?)?;
        let page = store::recipients(work.conn, &row, &keyset)?;
        let shown: Vec<PatientId> = page.items.iter().map(|(patient, ..)| *patient).collect();
        work.note_shown(Category::Messages, &shown);
        let mut known = patients::summaries(work.conn, &shown)?;
        let recipient = |(patient, thread_id, delivered_at, opened_at)| {
            let patient = known.remove(&patient);
            Ok(CohortRecipient {
                patient: patient.ok_or_else(|| Error::internal("a recipient's chart is gone"))?,
                thread_id,
                delivered_at,
                opened_at,
            })
        };
        let items: Result<Vec<CohortRecipient>> = page.items.into_iter().map(recipient).collect();
        Ok(Page { items: items?, next: page.next })
    })
    .await
}

/// A message of one of the reader's teams; another team's is not there.
fn of_own_team(work: &mut Work<'_>, id: CohortMessageId) -> Result<CohortRow> {
    let found = store::find(work.conn, id)?;
    let teams = care_teams::own_teams(work)?;
    found.filter(|row| teams.iter().any(|team| team.id == row.team_id)).ok_or_else(|| Code::NotFound.into())
}

fn view(work: &mut Work<'_>, row: &CohortRow) -> Result<CohortMessageView> {
    let team = care_teams::find(work.conn, row.team_id)?;
    let names = accounts::names(work.conn, &[row.sent_by])?;
    let (delivered, opened) = store::counts(work.conn, row.id)?;
    Ok(CohortMessageView {
        id: row.id,
        team: team.map(|team| team.name).unwrap_or_default(),
        subject: row.subject.clone(),
        text: row.body.clone(),
        audience: row.audience.read()?,
        sent_by: names.get(&row.sent_by).cloned().unwrap_or_default(),
        sent_at: row.sent_at,
        patients: row.patients,
        delivered,
        opened,
    })
}

//! Notices as patients read and acknowledge them.

use portal_domain::{
    access::{Action, Category},
    ids::{NoticeId, PatientId},
    language,
    notices::{PatientNotice, Phase, phase},
    problem::Code,
};

use super::{deliver, service, store};
use crate::{
    app::App,
    error::{Error, Result},
    features::{accounts, audiences},
    platform::{auth::Actor, work::Work},
};

/// What is running for a patient, the most severe first.
pub async fn current(app: &App, actor: &Actor, patient: PatientId) -> Result<Vec<PatientNotice>> {
    app.read(actor, move |work| {
        work.grant(Action::View, Category::Notices, patient)?;
        let mut found = Vec::new();
        for row in store::running(work.conn, work.now)? {
            if is_for(work, &row, patient)? {
                found.push(view(work, &row, patient)?);
            }
        }
        found.sort_by_key(|notice| std::cmp::Reverse(notice.severity));
        Ok(found)
    })
    .await
}

/// One notice.
pub async fn open(app: &App, actor: &Actor, patient: PatientId, id: NoticeId) -> Result<PatientNotice> {
    app.read(actor, move |work| {
        work.grant_about(Action::View, Category::Notices, patient, id.0)?;
        let row = visible(work, patient, id)?;
        view(work, &row, patient)
    })
    .await
}

/// The patient confirms having read it. The first time counts.
pub async fn acknowledge(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: NoticeId,
) -> Result<PatientNotice> {
    app.write(actor, move |work| {
        work.grant_about(Action::Act, Category::Notices, patient, id.0)?;
        let row = visible(work, patient, id)?;
        let by = work.actor.account_id()?;
        if row.must_acknowledge == 0 {
            return Err(Code::WrongState.into());
        }
        if store::recipient(work.conn, id, patient)?.is_none() {
            // Read on the home page before it came into the inbox.
            deliver::one(work, &row, patient)?;
        }
        store::acknowledge(work.conn, &row, patient, by, work.now)?;
        view(work, &row, patient)
    })
    .await
}

/// A notice that this patient may see: it has begun, was not taken back, and is or was meant for this patient.
fn visible(work: &mut Work<'_>, patient: PatientId, id: NoticeId) -> Result<store::Row> {
    let row = store::find(work.conn, id)?.ok_or(Code::NotFound)?;
    let shown = match phase(row.starts_at, row.ends_at, row.withdrawn_at.is_some(), work.now) {
        Phase::Running => is_for(work, &row, patient)?,
        Phase::Ended => store::recipient(work.conn, id, patient)?.is_some(),
        Phase::Scheduled | Phase::Withdrawn => false,
    };
    if shown { Ok(row) } else { Err(Code::NotFound.into()) }
}

/// Whether a running notice is for this patient: who got it keeps it, even when the audience moves on.
fn is_for(work: &mut Work<'_>, row: &store::Row, patient: PatientId) -> Result<bool> {
    if store::recipient(work.conn, row.id, patient)?.is_some() {
        return Ok(true);
    }
    let today = service::today(work)?;
    audiences::holds(work.conn, &row.audience()?, today, patient)
}

fn view(work: &mut Work<'_>, row: &store::Row, patient: PatientId) -> Result<PatientNotice> {
    let account = accounts::of_patient(work.conn, patient)?;
    let wanted = account.map(|account| account.language).unwrap_or_default();
    let texts = row.texts()?;
    let text = language::chosen(&texts, &wanted, |text| &text.language)
        .cloned()
        .ok_or_else(|| Error::internal("a notice without text"))?;
    let other_texts = texts.into_iter().filter(|other| other.language != text.language).collect();
    let recipient = store::recipient(work.conn, row.id, patient)?;
    Ok(PatientNotice {
        id: row.id,
        severity: row.severity,
        must_acknowledge: row.must_acknowledge != 0,
        starts_on: row.starts_on,
        ends_on: row.ends_on,
        ended: work.now >= row.ends_at,
        text,
        other_texts,
        acknowledged_at: recipient.and_then(|recipient| recipient.acknowledged_at),
    })
}

//! Reading and releasing results.

use portal_domain::{
    access::{Action, Category},
    chart::{ChartReport, systems},
    ids::{AccountId, PatientId, ResultId},
    live::LiveKind,
    mail::ItemKind,
    problem::{Code, FieldError, Problem},
    results::{
        MAX_COMMENT, MAX_RECALL_WORDS, Recall, RecallReason, Recalled, Release, ReportStatus, ResultView,
    },
    sensitivity::SensitiveKind,
    text::{self, Lines},
};

use super::{
    store::{self, Row, SummaryRow},
    view,
};
use crate::{
    app::App,
    error::Result,
    features::{
        health_record,
        mail::{self, Delivery},
        patients, transmissions,
    },
    platform::{
        access, audit_trail, auth::Actor, etag::IfMatch, idempotency::Once, live::Audience, work::Work,
    },
};

/// One result with its values.
pub async fn open(app: &App, actor: &Actor, patient: PatientId, id: ResultId) -> Result<ResultView> {
    app.read(actor, move |work| {
        let grant = work.grant_about(Action::View, Category::Results, patient, id.0)?;
        let row = store::find(work.conn, &grant, id)?.ok_or(Code::NotFound)?;
        let patient = patients::summary(work.conn, patient)?;
        let mut view = view::result(work.conn, &grant, patient, row)?;
        // What was taken back is not named either.
        if let Some(replaced) = view.replaces
            && store::find(work.conn, &grant, replaced)?.is_none()
        {
            view.replaces = None;
        }
        Ok(view)
    })
    .await
}

/// Releases a result; the patient's inbox item is part of the same transaction (LAB-1). The provider releases the
/// version that the provider saw.
pub async fn release(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: ResultId,
    release: Release,
    seen: IfMatch,
    once: Once,
) -> Result<ResultView> {
    let comment = comment(release.comment.as_deref())?;
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Release, Category::Results, patient, id.0)?;
        let by = work.actor.account_id()?;
        once.run(work, |work| {
            let row = store::find(work.conn, &grant, id)?.ok_or(Code::NotFound)?;
            may_be_released(work, &row, seen)?;
            publish(work, &row, Some(by), comment.as_deref(), true)?;
            let row = store::find(work.conn, &grant, id)?.ok_or(Code::NotFound)?;
            let patient = patients::summary(work.conn, patient)?;
            view::result(work.conn, &grant, patient, row)
        })
    })
    .await
}

/// Refuses what is not to be released by a provider: it is released, was never true, was corrected since, or is held.
pub(super) fn may_be_released(work: &mut Work<'_>, row: &Row, seen: IfMatch) -> Result<()> {
    if row.summary.released_at.is_some() {
        return Err(Code::AlreadyReleased.into());
    }
    // What was never true is not made visible, even while it is still open on a provider's screen; nor what was
    // taken back and corrected since.
    if row.summary.status == ReportStatus::EnteredInError || row.replaced_by.is_some() {
        return Err(Code::WrongState.into());
    }
    // A colleague may have held it: whoever releases it lifts that first, and so has read why.
    if !store::holds(work.conn, &[row.summary.id], work.now)?.is_empty() {
        return Err(Code::ResultHeld.into());
    }
    seen.check(row.summary.version)
}

/// Makes a result visible with all that belongs to it, inside the caller's transaction: by a provider, or (none) by a
/// policy. What is news gets an item of the inbox.
pub(super) fn publish(
    work: &mut Work<'_>,
    row: &Row,
    by: Option<AccountId>,
    comment: Option<&str>,
    is_news: bool,
) -> Result<()> {
    let SummaryRow { patient_id: patient, id, title, .. } = &row.summary;
    store::release(work.conn, row, by, comment, work.now)?;
    keep_back(work, row)?;
    patients::touch_chart(work.conn, *patient, work.now)?;
    if is_news {
        let delivery = Delivery { patient: *patient, kind: ItemKind::ResultReleased, subject: id.0, title };
        mail::deliver(work, &delivery)?;
    }
    work.announce(Audience::Staff, LiveKind::Queue, id.0);
    Ok(())
}

/// What the practice keeps from whoever acts for the patient is kept back before anybody sees it (PRX-4): a sensitive test,
/// and what corrects a result that is kept back.
fn keep_back(work: &mut Work<'_>, row: &Row) -> Result<()> {
    let (patient, id) = (row.summary.patient_id, row.summary.id.0);
    let report: ChartReport = row.body.read()?;
    let values = store::values(work.conn, row)?;
    let own = report.code.coding.filter(|coding| coding.system == systems::LOINC).map(|coding| coding.code);
    let of_values =
        values.into_iter().filter(|value| value.code_system == systems::LOINC).map(|value| value.code);
    let codes: Vec<String> = own.into_iter().chain(of_values).collect();
    let (_, policies) = store::policies(work.conn)?;
    let by_policy = policies.keeps_back(report.category, &codes);
    let by_line = match row.summary.replaces {
        Some(replaced) => access::is_kept_back(work.conn, patient, replaced.0)?,
        None => false,
    };
    if by_policy || by_line {
        access::keep_back(work.conn, patient, SensitiveKind::Result, id, None, work.now)?;
    }
    Ok(())
}

/// Takes back a mistaken release. Result, inbox item, waiting e-mail and the files of health records made with it
/// go in one transaction; what the result had replaced stands as before. A result that a released one corrects is reached through it, so that one is taken back
/// first.
pub async fn recall(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: ResultId,
    recall: Recall,
    seen: IfMatch,
    once: Once,
) -> Result<Recalled> {
    let words = recall_words(&recall)?;
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Release, Category::Results, patient, id.0)?;
        let by = work.actor.account_id()?;
        once.run(work, |work| {
            let row = store::find(work.conn, &grant, id)?.ok_or(Code::NotFound)?;
            let released_at = row.summary.released_at.ok_or(Code::WrongState)?;
            if row.replaced_by.is_some() || row.summary.status == ReportStatus::EnteredInError {
                return Err(Code::WrongState.into());
            }
            seen.check(row.summary.version)?;
            let opened_at = audit_trail::first_opened(work.conn, patient, id.0, released_at, work.now)?;
            let kept = store::Recall { by, reason: recall.reason, words: words.as_deref(), opened_at };
            store::recall(work.conn, &row, released_at, &kept, work.now)?;
            patients::touch_chart(work.conn, patient, work.now)?;
            mail::withdraw(work.conn, patient, id.0)?;
            let ended = health_record::withdraw_since(work.conn, &grant, released_at, work.now)?;
            transmissions::end_with(work, &grant, &ended)?;
            work.announce(Audience::Patient(patient), LiveKind::Inbox, id.0);
            work.announce(Audience::Staff, LiveKind::Queue, id.0);
            let row = store::find(work.conn, &grant, id)?.ok_or(Code::NotFound)?;
            let patient = patients::summary(work.conn, patient)?;
            Ok(Recalled { opened_at, result: view::result(work.conn, &grant, patient, row)? })
        })
    })
    .await
}

fn recall_words(recall: &Recall) -> Result<Option<String>> {
    let typed = recall.words.as_deref().unwrap_or_default();
    let words = text::clean("words", typed, MAX_RECALL_WORDS, Lines::Many)
        .map_err(|error| Problem::invalid(vec![error]))?;
    if recall.reason == RecallReason::Other && words.is_empty() {
        let error = FieldError::new("words", "required", "Say why the release is taken back.");
        return Err(Problem::invalid(vec![error]).into());
    }
    Ok((!words.is_empty()).then_some(words))
}

/// What a provider tells the patient, as it is kept.
pub(super) fn comment(typed: Option<&str>) -> Result<Option<String>> {
    let typed = typed.unwrap_or_default();
    let comment = text::clean("comment", typed, MAX_COMMENT, Lines::Many)
        .map_err(|error| Problem::invalid(vec![error]))?;
    Ok((!comment.is_empty()).then_some(comment))
}

//! Reading and releasing results.

use portal_domain::{
    access::{Action, Category},
    ids::{PatientId, ResultId},
    live::LiveKind,
    mail::ItemKind,
    page::{Page, PageQuery},
    problem::{Code, FieldError, Problem},
    results::{
        MAX_COMMENT, MAX_RECALL_WORDS, Recall, RecallReason, Recalled, Release, ReportStatus, ResultSummary,
        ResultView, UnreleasedResult,
    },
    text::{self, Lines},
};

use super::{store, view};
use crate::{
    app::App,
    error::{Error, Result},
    features::{
        health_record,
        mail::{self, Delivery},
        patients, transmissions,
    },
    platform::{audit_trail, auth::Actor, etag::IfMatch, idempotency::Once, live::Audience, page::Keyset},
};

/// A page of results, or the news that the reader holds it already.
pub enum Listed {
    /// The page with its tag.
    Page(Page<ResultSummary>, String),
    /// Nothing changed since the reader's tag.
    Held(String),
}

/// A patient's results. `held` are the tags of what the reader has.
pub async fn list(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    query: PageQuery,
    held: impl Fn(&str) -> bool + Send + 'static,
) -> Result<Listed> {
    let keyset = Keyset::parse(&query)?;
    app.read(actor, move |work| {
        let grant = work.grant(Action::View, Category::Results, patient)?;
        // The version is read first: a page read after it is never older than its tag.
        let tag = if grant.sees_unreleased() {
            format!("\"staff-{}\"", patients::chart_version(work.conn, &grant)?)
        } else {
            // The chart's version rises with every import: it would tell that something waits for release (LAB-1).
            let (count, changed) = store::released_version(work.conn, &grant)?;
            format!("\"patient-{count}-{changed}\"")
        };
        if held(&tag) {
            return Ok(Listed::Held(tag));
        }
        let page = store::list(work.conn, &grant, &keyset)?;
        Ok(Listed::Page(page.map(|row| view::summary(&row)), tag))
    })
    .await
}

/// What waits for release in the practice.
pub async fn unreleased(app: &App, actor: &Actor, query: PageQuery) -> Result<Page<UnreleasedResult>> {
    let keyset = Keyset::parse(&query)?;
    app.read(actor, move |work| {
        work.permit(Action::Release, Category::Results)?;
        let page = store::unreleased(work.conn, &keyset)?;
        let mut ids: Vec<PatientId> = page.items.iter().map(|row| row.patient_id).collect();
        ids.sort_unstable();
        ids.dedup();
        let patients = patients::summaries(work.conn, &ids)?;
        work.note_shown(Category::Results, &ids);
        let mut items = Vec::with_capacity(page.items.len());
        for row in page.items {
            let patient = patients.get(&row.patient_id).cloned();
            let patient = patient.ok_or_else(|| Error::internal("a result's patient is gone"))?;
            items.push(UnreleasedResult { patient, result: view::summary(&row) });
        }
        Ok(Page { items, next: page.next })
    })
    .await
}

/// One result with its values.
pub async fn open(app: &App, actor: &Actor, patient: PatientId, id: ResultId) -> Result<ResultView> {
    app.read(actor, move |work| {
        let grant = work.grant_about(Action::View, Category::Results, patient, id.0)?;
        let row = store::find(work.conn, &grant, id)?.ok_or(Code::NotFound)?;
        let patient = patients::summary(work.conn, patient)?;
        let mut view = view::result(work.conn, patient, row)?;
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
    let comment = comment(&release)?;
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Release, Category::Results, patient, id.0)?;
        let by = work.actor.account_id()?;
        once.run(work, |work| {
            let row = store::find(work.conn, &grant, id)?.ok_or(Code::NotFound)?;
            if row.summary.released_at.is_some() {
                return Err(Code::AlreadyReleased.into());
            }
            // What was never true is not made visible, even while it is still open on a provider's screen; nor what was
            // taken back and corrected since.
            if row.summary.status == ReportStatus::EnteredInError || row.replaced_by.is_some() {
                return Err(Code::WrongState.into());
            }
            seen.check(row.version)?;
            store::release(work.conn, &row, by, comment.as_deref(), work.now)?;
            patients::touch_chart(work.conn, patient, work.now)?;
            let title = &row.summary.title;
            let delivery = Delivery { patient, kind: ItemKind::ResultReleased, subject: id.0, title };
            mail::deliver(work, &delivery)?;
            work.announce(Audience::Staff, LiveKind::Queue, id.0);
            let row = store::find(work.conn, &grant, id)?.ok_or(Code::NotFound)?;
            let patient = patients::summary(work.conn, patient)?;
            view::result(work.conn, patient, row)
        })
    })
    .await
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
            seen.check(row.version)?;
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
            Ok(Recalled { opened_at, result: view::result(work.conn, patient, row)? })
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

fn comment(release: &Release) -> Result<Option<String>> {
    let typed = release.comment.as_deref().unwrap_or_default();
    let comment = text::clean("comment", typed, MAX_COMMENT, Lines::Many)
        .map_err(|error| Problem::invalid(vec![error]))?;
    Ok((!comment.is_empty()).then_some(comment))
}

//! Drafts (MSG-2): kept as they are typed, each for its writer alone.

use portal_domain::{
    access::{Action, Category},
    ids::{AccountId, AttachmentId, DraftId, EducationId, PatientId},
    messages::{DraftText, DraftView, MAX_DRAFTS},
    page::{Page, PageQuery},
    problem::{Code, Problem},
};

use super::{
    attachments,
    service::{self, grant_on},
    store::{self, DraftRow, Named},
    views,
};
use crate::{
    app::App,
    error::{Error, Result},
    features::{care_teams, education},
    platform::{
        access::Grant, auth::Actor, clock::new_id, db::Json, etag::IfMatch, idempotency::Once, page::Keyset,
        work::Work,
    },
};

/// The writer's drafts.
pub async fn list(app: &App, actor: &Actor, patient: PatientId, query: PageQuery) -> Result<Page<DraftView>> {
    let keyset = Keyset::parse(&query)?;
    app.read(actor, move |work| {
        let grant = work.grant(Action::View, Category::Messages, patient)?;
        let writer = work.actor.account_id()?;
        let page = store::drafts(work.conn, &grant, writer, &keyset)?;
        let views: Result<Vec<DraftView>> =
            page.items.iter().map(|row| views::draft(work.conn, &grant, row)).collect();
        Ok(Page { items: views?, next: page.next })
    })
    .await
}

/// One of them.
pub async fn open(app: &App, actor: &Actor, patient: PatientId, id: DraftId) -> Result<DraftView> {
    app.read(actor, move |work| {
        let grant = grant_on(work, Action::View, patient, Named::Draft(id))?;
        let writer = work.actor.account_id()?;
        let row = find(work, &grant, writer, id)?;
        views::draft(work.conn, &grant, &row)
    })
    .await
}

/// Begins a draft. An answer to a thread is there once: a second beginning opens the one that is there.
pub async fn begin(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    content: DraftText,
    once: Once,
) -> Result<DraftView> {
    let content = content.check()?;
    let id = DraftId(new_id());
    app.write(actor, move |work| {
        let named = content.thread_id.map_or(Named::Draft(id), Named::Thread);
        let grant = grant_on(work, Action::Act, patient, named)?;
        let account_id = work.actor.account_id()?;
        once.run(work, |work| {
            check_target(work, &grant, &content)?;
            if let Some(thread) = content.thread_id
                && let Some(there) = store::answer_draft(work.conn, &grant, account_id, thread)?
            {
                return views::draft(work.conn, &grant, &there);
            }
            if store::count_drafts(work.conn, &grant, account_id)? >= MAX_DRAFTS {
                return Err(Code::TooManyDrafts.into());
            }
            let row = DraftRow {
                account_id,
                patient_id: patient,
                id,
                thread_id: content.thread_id,
                body: Json::of(&content)?,
                saved_at: work.now,
                version: 1,
            };
            store::insert_draft(work.conn, &grant, &row)?;
            views::draft(work.conn, &grant, &row)
        })
    })
    .await
}

/// Saves a draft as it is; 412 when another page saved it since, and nothing is lost.
pub async fn save(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: DraftId,
    seen: IfMatch,
    content: DraftText,
) -> Result<DraftView> {
    let content = content.check()?;
    app.write(actor, move |work| {
        let grant = grant_on(work, Action::Act, patient, Named::Draft(id))?;
        let writer = work.actor.account_id()?;
        let mut row = find(work, &grant, writer, id)?;
        seen.check(row.version)?;
        if content.thread_id != row.thread_id {
            return Err(Problem::field("thread_id", "fixed", "A draft stays with its conversation.").into());
        }
        check_target(work, &grant, &content)?;
        row.body = Json::of(&content)?;
        row.saved_at = work.now;
        row.version += 1;
        store::save_draft(work.conn, &row)?;
        views::draft(work.conn, &grant, &row)
    })
    .await
}

/// Throws a draft away, with its files.
pub async fn delete(app: &App, actor: &Actor, patient: PatientId, id: DraftId) -> Result<()> {
    let files = app
        .write(actor, move |work| {
            let grant = grant_on(work, Action::Act, patient, Named::Draft(id))?;
            let writer = work.actor.account_id()?;
            let row = find(work, &grant, writer, id)?;
            let files: Vec<AttachmentId> =
                store::of_draft(work.conn, id)?.into_iter().map(|file| file.id).collect();
            files.iter().try_for_each(|file| store::remove_file(work.conn, *file))?;
            store::remove_draft(work.conn, &row)?;
            Ok(files)
        })
        .await?;
    attachments::forget_bytes(app, &files).await;
    Ok(())
}

/// A draft of the writer's about the grant's patient.
pub fn find(work: &mut Work<'_>, grant: &Grant, writer: AccountId, id: DraftId) -> Result<DraftRow> {
    store::draft(work.conn, grant, writer, id)?.ok_or_else(|| Error::from(Code::NotFound))
}

/// Only care teams send material, and only what readers find in the library.
pub fn check_education(work: &mut Work<'_>, named: &[EducationId]) -> Result<()> {
    if named.is_empty() {
        return Ok(());
    }
    if !work.actor.is_staff() {
        let why = "Only care teams send educational material.";
        return Err(Problem::field("education", "not_allowed", why).into());
    }
    education::must_be_there(work, "education", named)
}

/// What a draft names must be there, and staff write in their own teams' names.
fn check_target(work: &mut Work<'_>, grant: &Grant, content: &DraftText) -> Result<()> {
    check_education(work, &content.education)?;
    if let Some(thread) = content.thread_id {
        let thread = service::find(work.conn, grant, thread)?;
        return if work.actor.is_staff() { super::queue::must_work_on(work, &thread) } else { Ok(()) };
    }
    let Some(team) = content.team_id else { return Ok(()) };
    if care_teams::find(work.conn, team)?.is_none() {
        return Err(Problem::field("team_id", "unknown", "Choose one of the care teams.").into());
    }
    if work.actor.is_staff() { care_teams::must_be_member(work, team) } else { Ok(()) }
}

//! What staff would like a patient to read, and whether it was read.

use std::collections::HashMap;

use portal_domain::{
    access::{Action, Category},
    education::{EducationAssignment, NewEducationAssignment},
    ids::{EducationId, PatientId},
    mail::ItemKind,
    problem::Code,
};

use super::{library, store};
use crate::{
    app::App,
    error::{Error, Result},
    features::{
        accounts,
        mail::{self, Delivery},
    },
    platform::{access::Grant, auth::Actor, idempotency::Once, work::Work},
};

/// Assigns an item to a patient; it arrives in the inbox. A second time changes nothing.
pub async fn assign(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    new: NewEducationAssignment,
    once: Once,
) -> Result<Vec<EducationAssignment>> {
    app.write(actor, move |work| {
        let id = new.education_id;
        let grant = work.grant_about(Action::Change, Category::Education, patient, id.0)?;
        let by = work.actor.account_id()?;
        once.run(work, |work| {
            library::must_be_there(work, "education_id", &[id])?;
            if store::assign(work.conn, &grant, id, by, work.now)? {
                let language = accounts::of_patient(work.conn, patient)?.map(|account| account.language);
                let version = library::version(work, id)?;
                let title = library::summary(&version, &language.unwrap_or_default())?.title;
                let kind = ItemKind::EducationAssigned;
                mail::deliver(work, &Delivery { patient, kind, subject: id.0, title: &title })?;
            }
            assignments(work, &grant)
        })
    })
    .await
}

/// Takes an assignment back, out of the inbox too.
pub async fn take_back(app: &App, actor: &Actor, patient: PatientId, id: EducationId) -> Result<()> {
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Change, Category::Education, patient, id.0)?;
        if !store::take_back(work.conn, &grant, id)? {
            return Err(Code::NotFound.into());
        }
        mail::withdraw(work.conn, patient, id.0)
    })
    .await
}

/// What was assigned to a patient, the newest first. The patient sees what stands in the library.
pub async fn list(app: &App, actor: &Actor, patient: PatientId) -> Result<Vec<EducationAssignment>> {
    app.read(actor, move |work| {
        let grant = work.grant(Action::View, Category::Education, patient)?;
        assignments(work, &grant)
    })
    .await
}

/// The patient opened an assigned item; its news counts as read with it.
pub async fn mark_read(app: &App, actor: &Actor, patient: PatientId, id: EducationId) -> Result<()> {
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Act, Category::Education, patient, id.0)?;
        if !store::is_assigned(work.conn, &grant, id)? {
            return Err(Code::NotFound.into());
        }
        library::version(work, id)?;
        store::mark_read(work.conn, &grant, id, work.now)?;
        mail::mark_subject_read(work, &grant, id.0)
    })
    .await
}

fn assignments(work: &mut Work<'_>, grant: &Grant) -> Result<Vec<EducationAssignment>> {
    let rows = store::assigned(work.conn, grant)?;
    let mut by: Vec<_> = rows.iter().map(|row| row.assigned_by).collect();
    by.sort_unstable();
    by.dedup();
    let names = accounts::names(work.conn, &by)?;
    let wanted = library::own_language(work)?;
    let ids: Vec<EducationId> = rows.iter().map(|row| row.item_id).collect();
    let mut versions: HashMap<_, _> = HashMap::new();
    for (version, retired) in store::current(work.conn, &ids)? {
        versions.insert(version.item_id, (library::summary(&version, &wanted)?, retired.is_some()));
    }
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let known = versions.get(&row.item_id).cloned();
        let (item, is_retired) =
            known.ok_or_else(|| Error::internal("an assigned item was never published"))?;
        if is_retired && !work.actor.is_staff() {
            continue;
        }
        found.push(EducationAssignment {
            item,
            assigned_at: row.assigned_at,
            assigned_by: names.get(&row.assigned_by).cloned().unwrap_or_default(),
            read_at: row.read_at,
            is_retired,
        });
    }
    Ok(found)
}

//! Restricting records, changing to whom they are open, lifting it.

use std::collections::{HashMap, HashSet};

use portal_domain::{
    access::{Action, Category},
    ids::{AccountId, PatientId},
    page::{Page, PageQuery},
    problem::Problem,
    restricted::{NewRestrictedRecord, RestrictedRecord, RestrictedStanding, StaffChoice},
};

use super::store::{self, Row};
use crate::{
    app::App,
    error::{Error, Result},
    features::{accounts, patients},
    platform::{access::Grant, auth::Actor, etag::IfMatch, page::Keyset, work::Work},
};

/// What is restricted, for who watches over access; each patient can see that it was read.
pub async fn list(app: &App, actor: &Actor, query: PageQuery) -> Result<Page<RestrictedRecord>> {
    let keyset = Keyset::parse(&query)?;
    app.read(actor, move |work| {
        work.permit(Action::View, Category::RestrictedAccess)?;
        let page = store::page(work.conn, &keyset)?;
        let shown: Vec<PatientId> = page.items.iter().map(|row| row.patient_id).collect();
        work.note_shown(Category::RestrictedAccess, &shown);
        Ok(Page { items: views(work, page.items)?, next: page.next })
    })
    .await
}

/// Whether a record is restricted, and whom one can name.
pub async fn open(app: &App, actor: &Actor, patient: PatientId) -> Result<RestrictedStanding> {
    app.read(actor, move |work| {
        let grant = work.grant(Action::View, Category::RestrictedAccess, patient)?;
        standing(work, &grant)
    })
    .await
}

/// Restricts a record to named staff, from the next request on.
pub async fn restrict(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    seen: IfMatch,
    new: NewRestrictedRecord,
) -> Result<RestrictedStanding> {
    let new = new.check()?;
    app.write(actor, move |work| {
        let grant = work.grant(Action::Change, Category::RestrictedAccess, patient)?;
        let before = store::find(work.conn, &grant)?;
        seen.check(before.as_ref().map_or(0, |row| row.version))?;
        must_be_staff(work, &new.staff)?;
        let held = before.as_ref().filter(|row| row.lifted_at.is_none());
        let row = Row {
            patient_id: patient,
            reason: new.reason,
            since: held.map_or(work.now, |row| row.since),
            changed_by: work.actor.account_id()?,
            lifted_at: None,
            version: before.as_ref().map_or(0, |row| row.version) + 1,
        };
        store::put(work.conn, &grant, &row)?;
        store::name(work.conn, &grant, &new.staff)?;
        standing(work, &grant)
    })
    .await
}

/// Opens a record again as others are. What is not restricted stays so.
pub async fn lift(app: &App, actor: &Actor, patient: PatientId) -> Result<RestrictedStanding> {
    app.write(actor, move |work| {
        let grant = work.grant(Action::Change, Category::RestrictedAccess, patient)?;
        if let Some(row) = store::find(work.conn, &grant)?.filter(|row| row.lifted_at.is_none()) {
            let changed_by = work.actor.account_id()?;
            let row = Row { changed_by, lifted_at: Some(work.now), version: row.version + 1, ..row };
            store::put(work.conn, &grant, &row)?;
            store::name(work.conn, &grant, &[])?;
        }
        standing(work, &grant)
    })
    .await
}

/// Names are those of staff who can sign in: a record could otherwise be open to nobody.
fn must_be_staff(work: &mut Work<'_>, named: &[AccountId]) -> Result<()> {
    let staff: HashSet<AccountId> = accounts::staff_accounts(work.conn)?
        .into_iter()
        .filter(|(row, _)| row.disabled_at.is_none())
        .map(|(row, _)| row.id)
        .collect();
    if named.iter().all(|account| staff.contains(account)) {
        return Ok(());
    }
    Err(Problem::field("staff", "unknown", "Name staff of the practice who can sign in.").into())
}

fn standing(work: &mut Work<'_>, grant: &Grant) -> Result<RestrictedStanding> {
    let patient = grant.patient();
    let found = store::find(work.conn, grant)?;
    let version = found.as_ref().map_or(0, |row| row.version);
    let named = store::named(work.conn, &[patient])?.remove(&patient).unwrap_or_default();
    let mut staff: Vec<StaffChoice> = accounts::staff_accounts(work.conn)?
        .into_iter()
        .map(|(row, roles)| (row.disabled_at.is_some(), row.id, row.display_name, roles))
        .map(|(disabled, id, name, roles)| {
            (disabled, StaffChoice { id, name, roles, is_named: named.contains(&id) })
        })
        .filter(|(disabled, one)| !disabled || one.is_named)
        .map(|(_, one)| one)
        .collect();
    staff.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
    let held = found.filter(|row| row.lifted_at.is_none());
    let restricted = views(work, held.into_iter().collect())?.into_iter().next();
    Ok(RestrictedStanding { patient: patients::summary(work.conn, patient)?, restricted, staff, version })
}

fn views(work: &mut Work<'_>, rows: Vec<Row>) -> Result<Vec<RestrictedRecord>> {
    let ids: Vec<PatientId> = rows.iter().map(|row| row.patient_id).collect();
    let people = patients::summaries(work.conn, &ids)?;
    let named: HashMap<PatientId, Vec<AccountId>> = store::named(work.conn, &ids)?;
    let by: Vec<AccountId> = rows.iter().map(|row| row.changed_by).collect();
    let names = accounts::names(work.conn, &by)?;
    let view = |row: Row| {
        let patient = people.get(&row.patient_id).cloned();
        Ok(RestrictedRecord {
            patient: patient.ok_or_else(|| Error::internal("the patient of a restricted record is gone"))?,
            reason: row.reason,
            since: row.since,
            by: names.get(&row.changed_by).cloned().unwrap_or_default(),
            named: named.get(&row.patient_id).map_or(0, |staff| staff.len() as i64),
        })
    };
    rows.into_iter().map(view).collect()
}

//! Opening a record in an emergency, and who hears of it.

use portal_domain::{
    access::{Action, Category, Circle, EMERGENCY_LASTS, Role},
    accounts::AccountEvent,
    emergency::{EmergencyAccessView, EmergencyStanding, NewEmergencyAccess},
    ids::{AccountId, EmergencyAccessId, PatientId},
    page::{Page, PageQuery},
    problem::{Code, Problem},
};

use super::store::{self, Row};
use crate::{
    app::App,
    error::{Error, Result},
    features::{accounts, patients},
    platform::{auth::Actor, clock::new_id, idempotency::Once, page::Keyset, work::Work},
};

/// Whether the record opens only in an emergency, and what holds now.
pub async fn standing(app: &App, actor: &Actor, patient: PatientId) -> Result<EmergencyStanding> {
    app.read(actor, move |work| {
        work.grant(Action::View, Category::EmergencyAccess, patient)?;
        standing_of(work, patient)
    })
    .await
}

/// Opens a record for four hours. Whoever has to do with the patient anyhow needs none and gets none: the trail would say
/// of ordinary work that it was an emergency.
pub async fn begin(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    new: NewEmergencyAccess,
    once: Once,
) -> Result<EmergencyAccessView> {
    let new = new.check()?;
    let id = EmergencyAccessId(new_id());
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Act, Category::EmergencyAccess, patient, id.0)?;
        let account_id = work.actor.account_id()?;
        once.run(work, |work| {
            if work.nearness(patient)?.is_near() {
                let detail = "This record is open to your role as it is.";
                return Err(Problem::new(Code::WrongState).detail(detail).into());
            }
            let row = Row {
                patient_id: patient,
                id,
                account_id,
                reason: new.reason,
                note: new.note.clone(),
                begun_at: work.now,
                ends_at: work.now.plus(EMERGENCY_LASTS),
            };
            // One at a time: what holds still ends here.
            store::end(work.conn, &grant, account_id, work.now)?;
            store::insert(work.conn, &grant, &row)?;
            tell_officers(work, account_id)?;
            view(work, row)
        })
    })
    .await
}

/// Ends the own emergency access before its time.
pub async fn end(app: &App, actor: &Actor, patient: PatientId) -> Result<EmergencyStanding> {
    app.write(actor, move |work| {
        let grant = work.grant(Action::Act, Category::EmergencyAccess, patient)?;
        let account = work.actor.account_id()?;
        store::end(work.conn, &grant, account, work.now)?;
        standing_of(work, patient)
    })
    .await
}

/// Who opened whose record and why, for who watches over access; each patient can see that it was read.
pub async fn list(app: &App, actor: &Actor, query: PageQuery) -> Result<Page<EmergencyAccessView>> {
    let keyset = Keyset::parse(&query)?;
    app.read(actor, move |work| {
        work.permit(Action::View, Category::Audit)?;
        let page = store::page(work.conn, &keyset)?;
        let mut shown: Vec<PatientId> = page.items.iter().map(|row| row.patient_id).collect();
        shown.sort_unstable();
        shown.dedup();
        work.note_shown(Category::Audit, &shown);
        views(work, page)
    })
    .await
}

/// Every privacy officer hears of it at once; by mail that something happened, in the account who did it.
fn tell_officers(work: &mut Work<'_>, by: AccountId) -> Result<()> {
    let name = accounts::names(work.conn, &[by])?.remove(&by).unwrap_or_default();
    for (officer, roles) in accounts::staff_accounts(work.conn)? {
        if officer.disabled_at.is_none() && roles.contains(&Role::PrivacyOfficer) {
            accounts::tell(work, officer.id, AccountEvent::EmergencyAccess, &name)?;
        }
    }
    Ok(())
}

fn standing_of(work: &mut Work<'_>, patient: PatientId) -> Result<EmergencyStanding> {
    let nearness = work.nearness(patient)?;
    let open = match nearness.emergency_at(work.now).filter(|_| !nearness.is_near()) {
        Some(id) => Some(store::one(work.conn, id)?),
        None => None,
    };
    let open = open.map(|row| view(work, row)).transpose()?;
    let is_restricted = nearness.circle == Circle::Closed;
    Ok(EmergencyStanding { is_needed: !nearness.is_near(), is_restricted, open })
}

fn view(work: &mut Work<'_>, row: Row) -> Result<EmergencyAccessView> {
    let page = views(work, Page { items: vec![row], next: None })?;
    page.items.into_iter().next().ok_or_else(|| Error::internal("a view of one row is one view"))
}

fn views(work: &mut Work<'_>, page: Page<Row>) -> Result<Page<EmergencyAccessView>> {
    let ids: Vec<PatientId> = page.items.iter().map(|row| row.patient_id).collect();
    let people = patients::summaries(work.conn, &ids)?;
    let accounts_of: Vec<AccountId> = page.items.iter().map(|row| row.account_id).collect();
    let names = accounts::names(work.conn, &accounts_of)?;
    let mut items = Vec::with_capacity(page.items.len());
    for row in page.items {
        let patient = people.get(&row.patient_id).cloned();
        items.push(EmergencyAccessView {
            id: row.id,
            patient: patient.ok_or_else(|| Error::internal("the patient of an emergency is gone"))?,
            by: names.get(&row.account_id).cloned().unwrap_or_default(),
            reason: row.reason,
            note: row.note,
            begun_at: row.begun_at,
            ends_at: row.ends_at,
        });
    }
    Ok(Page { items, next: page.next })
}

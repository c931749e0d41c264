//! What billing staff do with plans: see which run and which are paused, and end one.

use portal_domain::{
    access::{Action, Category},
    billing::{PaymentPlanView, PlanQuery, PlanSummary, StopPlan},
    ids::{PatientId, PaymentPlanId},
    mail::ItemKind,
    page::{Page, PageQuery},
    problem::Code,
};

use super::{
    service::{ended, tell, view},
    store,
};
use crate::{
    app::App,
    error::{Error, Result},
    features::patients,
    platform::{auth::Actor, idempotency::Once, page::Keyset},
};

/// The practice's plans, what changed last first.
pub async fn queue(app: &App, actor: &Actor, query: PlanQuery) -> Result<Page<PlanSummary>> {
    let keyset = Keyset::parse(&PageQuery { cursor: query.cursor, limit: query.limit })?;
    app.read(actor, move |work| {
        work.permit(Action::View, Category::Billing)?;
        let page = store::page(work.conn, query.state, &keyset)?;
        let page = work.nearby(page, |row| row.payer_id)?;
        let payers: Vec<PatientId> = page.items.iter().map(|row| row.payer_id).collect();
        let names = patients::summaries(work.conn, &payers)?;
        let mut items = Vec::with_capacity(page.items.len());
        for row in page.items {
            let patient = names.get(&row.payer_id).cloned();
            let patient = patient.ok_or_else(|| Error::internal("a plan of nobody"))?;
            let grant = work.grant(Action::View, Category::Billing, row.payer_id)?;
            items.push(PlanSummary { patient, plan: view(work, &grant, row)? });
        }
        Ok(Page { items, next: page.next })
    })
    .await
}

/// Ends a plan, for a reason that the patient reads.
pub async fn stop(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: PaymentPlanId,
    why: StopPlan,
    once: Once,
) -> Result<PaymentPlanView> {
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Change, Category::Billing, patient, id.0)?;
        once.run(work, |work| {
            let why = why.clone().check()?;
            let shown = ended(work, &grant, id, &why.reason)?;
            let plan = store::plan(work.conn, &grant, id)?.ok_or(Error::from(Code::NotFound))?;
            tell(work, patient, &plan, ItemKind::PlanEnded, "")?;
            Ok(shown)
        })
    })
    .await
}

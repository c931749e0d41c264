//! A patient's payment plan that is not over, and ending it.

use leptos::prelude::*;
use portal_domain::{
    billing::{PaymentPlanView, StopPlan},
    ids::PatientId,
};

use super::{ledger_page::Ledger, plans_page::facts};
use crate::{
    api::ask,
    shared::{
        field::TextField,
        form::{ErrorSummary, Form, Submit},
        load::{load_keeping, loaded},
    },
    text::t,
};

/// The field of the reason; another form of this page has a reason as well.
const FIELD: &str = "plan_reason";

/// The part of the patient's page.
#[component]
pub fn PlanPart(patient: PatientId, ledger: Ledger) -> impl IntoView {
    let plans = load_keeping(move || {
        // What was done to the account may have shortened the plan.
        ledger.said.track();
        async move { ask(async |portal| portal.payment_plans(patient).await).await }
    });
    loaded(plans, t("what.plans"), move |plans| {
        let live = plans.into_iter().find(|plan| !plan.state.is_over());
        live.map(|plan| view! { <Live patient plan ledger /> }).into_any()
    })
}

#[component]
fn Live(patient: PatientId, plan: PaymentPlanView, ledger: Ledger) -> impl IntoView {
    let (reason, id) = (RwSignal::new(String::new()), plan.id);
    // Its own, since a press here is not a press of the forms above.
    let form = Form::new();
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let why = StopPlan { reason: reason.get_untracked() };
        if let Err(mut problem) = why.clone().check() {
            problem.errors.iter_mut().for_each(|error| error.field = FIELD.into());
            return form.refuse(problem.errors);
        }
        let key = form.key();
        form.send(
            async move { ask(async |portal| portal.stop_payment_plan(patient, id, &why, key).await).await },
            move |_| ledger.done(t("staff_billing.plan_stopped").into()),
        );
    };
    view! {
        <h2 class="nhsuk-heading-m nhsuk-u-margin-top-5" id="plan">
            {t("staff_billing.plan")}
        </h2>
        <p>{facts(&plan)}</p>
        <details class="nhsuk-details">
            <summary class="nhsuk-details__summary">
                <span class="nhsuk-details__summary-text">{t("staff_billing.plan_stop")}</span>
            </summary>
            <div class="nhsuk-details__text">
                <ErrorSummary form />
                <form on:submit=send novalidate>
                    <TextField
                        form
                        name=FIELD
                        label=t("staff_billing.reason")
                        hint=t("staff_billing.reason_hint")
                        value=reason
                    />
                    <Submit form label=t("staff_billing.plan_stop").to_string() warning=true />
                </form>
            </div>
        </details>
    }
    .into_any()
}

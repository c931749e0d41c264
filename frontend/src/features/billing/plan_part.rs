//! The payment plan on the page of all bills: the one that is not over, or the way to one.

use leptos::prelude::*;
use portal_domain::{
    access::Category,
    billing::{BillingView, FEWEST_INSTALMENTS, PaymentPlanView, PlanState, most_instalments},
};

use super::sum;
use crate::{
    acting::link,
    api::{ApiError, ask},
    session::Session,
    shared::{
        intl::{self, Style},
        load::{Load, load_keeping, loaded},
        sharing::Shared,
    },
    text::{t, t_with, t_word},
};

/// The patient's plans, as they are now.
pub fn load_plans() -> Load<Vec<PaymentPlanView>> {
    let session = Session::here();
    load_keeping(move || {
        let patient = session.patient();
        async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            ask(async |portal| portal.payment_plans(patient).await).await
        }
    })
}

/// The part of the page.
#[component]
pub fn PlanPart(view: BillingView, plans: Load<Vec<PaymentPlanView>>) -> impl IntoView {
    let can_begin = view.pays_online
        && most_instalments(view.payable) >= FEWEST_INSTALMENTS
        && Shared::here().acts(Category::Billing);
    loaded(plans, t("what.plans"), move |plans| match plans.into_iter().find(|plan| !plan.state.is_over()) {
        Some(plan) => live_plan(&plan),
        None if can_begin => view! {
            <p class="nhsuk-u-margin-top-3">
                <a href=link("/billing/plan/new")>{t("plan.begin")}</a>
            </p>
        }
        .into_any(),
        None => ().into_any(),
    })
}

fn live_plan(plan: &PaymentPlanView) -> AnyView {
    let text = match (plan.state, plan.next()) {
        (PlanState::Paused, _) => {
            let why = plan.pause.map(|why| t_word("plan_pause", why.as_str()).to_owned());
            view! { <p><strong class="nhsuk-tag nhsuk-tag--yellow">{t("plan.paused")}</strong> " " {why}</p> }
                .into_any()
        }
        (_, Some(next)) => {
            let on = next.next_try_on.unwrap_or(next.due_on);
            let line = [("amount", next.takes.shown()), ("date", intl::calendar(on, Style::Date))];
            let line = line.each_ref().map(|(name, text)| (*name, text.as_str()));
            let failed = next
                .failure
                .map(|why| view! { <p>{t("plan.failed")} " " {t_word("payment_failure", why.as_str())}</p> });
            view! {
                <p>{t_with("plan.next", &line)}</p>
                {failed}
            }
            .into_any()
        }
        _ => ().into_any(),
    };
    view! {
        <section class="app-box nhsuk-u-margin-top-4" aria-labelledby="plan">
            <h2 class="nhsuk-heading-s" id="plan">
                {t("plan.title")}
            </h2>
            <p>{t("plan.left")} " " <strong>{sum(plan.left)}</strong></p>
            {text}
            <p class="nhsuk-u-margin-bottom-0">
                <a href=link(&format!("/billing/plan/{}", plan.id))>{t("plan.open")}</a>
            </p>
        </section>
    }
    .into_any()
}

//! The practice's payment plans: those that are paused want somebody to look.

use leptos::prelude::*;
use portal_domain::{
    access::{Action, Category},
    billing::{PaymentPlanView, PlanQuery, PlanState, PlanSummary},
};

use super::back;
use crate::{
    api::ask,
    shared::{
        intl::{self, Style},
        list::{Address, Empty, Rows, listing, load_rows},
        live::live,
        page::Page,
    },
    staff::parts::for_role,
    text::{t, t_with, t_word},
};

/// `/staff/billing/plans/live?show=paused`
#[component]
pub fn PlansPage() -> AnyView {
    for_role(Action::View, Category::Billing, || view! { <Open /> }.into_any())
}

#[component]
fn Open() -> impl IntoView {
    let address = Address::here();
    let is_paused = Memo::new(move |_| address.get("show") == "paused");
    let list = load_rows(move || {
        let state = is_paused.get().then_some(PlanState::Paused);
        move |page| async move {
            let query = PlanQuery { state, cursor: page.cursor, limit: page.limit };
            ask(async |portal| portal.practice_payment_plans(&query).await).await
        }
    });
    let filter = move || {
        let (href, label) = match is_paused.get() {
            true => ("/staff/billing/plans/live", t("staff_billing.plans_all")),
            false => ("/staff/billing/plans/live?show=paused", t("staff_billing.plans_paused")),
        };
        view! { <a href=href>{label}</a> }
    };
    view! {
        <Page title=t("staff_billing.plans").to_string() section=t("staff_billing.title") back=back()>
            <p class="no-print">{live(filter)}</p>
            {listing(
                list,
                t("what.plans"),
                || view! { <Empty text=t("staff_billing.no_plans") /> }.into_any(),
                move || view! { <Rows load=list id="plans" row=row /> }.into_any(),
            )}
        </Page>
    }
    .into_any()
}

/// What was paid of a plan, and what comes.
pub fn facts(plan: &PaymentPlanView) -> String {
    let (total, paid, left) = (plan.total.shown(), plan.paid.shown(), plan.left.shown());
    let mut text = t_with("staff_billing.plan_facts", &[("total", &total), ("paid", &paid), ("left", &left)]);
    if let Some(next) = plan.next().filter(|_| plan.state == PlanState::Running) {
        let date = intl::calendar(next.next_try_on.unwrap_or(next.due_on), Style::ShortDate);
        let next = [("amount", next.takes.shown()), ("date", date)];
        text += " · ";
        text +=
            &t_with("staff_billing.plan_next", &next.each_ref().map(|(name, text)| (*name, text.as_str())));
    }
    if let Some(why) = plan.pause {
        text += " · ";
        text += t_word("staff_plan_pause", why.as_str());
    }
    text
}

fn row(one: PlanSummary) -> AnyView {
    let href = format!("/staff/billing/patients/{}", one.patient.id);
    let tag = (one.plan.state == PlanState::Paused).then(
        || view! { <strong class="nhsuk-tag nhsuk-tag--yellow">{t("staff_billing.plan_paused")}</strong> },
    );
    view! {
        <li class="app-row app-row--wide">
            <a class="app-row__link" href=href>
                <bdi>{one.patient.full_name()}</bdi>
            </a>
            <p class="app-row__meta">
                <bdi>{facts(&one.plan)}</bdi>
            </p>
            <div class="app-row__side">{tag}</div>
        </li>
    }
    .into_any()
}

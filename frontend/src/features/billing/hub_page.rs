//! What is owed now, what insurers have not decided, statements, and every charge and payment.

use chrono::Datelike;
use leptos::prelude::*;
use portal_domain::{
    access::Category,
    billing::{BillingView, PaymentPlanView, StatementSummary},
    live::LiveKind,
};

use super::{
    cards_part::CardsPart,
    line,
    plan_part::{PlanPart, load_plans},
    questions::{Questioned, Questions},
    sum,
};
use crate::{
    acting::link,
    api::{ApiError, ask},
    news::News,
    session::Session,
    shared::{
        intl::{self, Style},
        list::{Empty, Rows, listing, load_rows},
        load::{Load, load_keeping, loaded},
        page::Page,
        practice::Practice,
        sharing::Shared,
    },
    text::{t, t_with},
};

/// `/billing`
#[component]
pub fn HubPage() -> AnyView {
    let session = Session::here();
    Questions::provide();
    let bills = load_keeping(move || {
        let patient = session.patient();
        async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            ask(async |portal| portal.billing(patient).await).await
        }
    });
    let lines = load_rows(move || {
        let patient = session.patient();
        move |page| async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            ask(async |portal| portal.billing_lines(patient, &page).await).await
        }
    });
    let plans = load_plans();
    let pays_online = Memo::new(move |_| bills.read(|view| view.pays_online).unwrap_or_default());
    News::here().on(LiveKind::Inbox, move || {
        bills.refresh();
        plans.refresh();
        lines.refresh();
    });
    view! {
        <Page title=t("billing.title").to_string() reading=true>
            {loaded(bills, t("what.bills"), move |view| view! { <Bills view plans /> }.into_any())}
            <Questioned />
            <CardsPart pays_online />
            <h2 class="nhsuk-heading-m nhsuk-u-margin-top-5">{t("billing.lines")}</h2>
            {listing(
                lines,
                t("what.bills"),
                || view! { <Empty text=t("billing.no_lines") /> }.into_any(),
                move || view! { <Rows load=lines id="lines" row=line /> }.into_any(),
            )}
        </Page>
    }
    .into_any()
}

#[component]
fn Bills(view: BillingView, plans: Load<Vec<PaymentPlanView>>) -> impl IntoView {
    let may_pay = view.pays_online && view.payable.is_positive() && Shared::here().acts(Category::Billing);
    let pay = may_pay.then(|| {
        view! {
            <a class="nhsuk-button nhsuk-u-margin-bottom-0" href=link("/billing/pay/all")>
                {t("billing.pay")}
            </a>
        }
    });
    let owes = match view.balance.amount {
        ..0 => {
            let credit = view.balance.negated().unwrap_or(view.balance);
            view! { <p>{t("billing.credit")} " " <strong>{sum(credit)}</strong></p> }.into_any()
        }
        0 => view! { <p class="nhsuk-u-margin-bottom-0">{t("billing.nothing_owed")}</p> }.into_any(),
        _ => view! {
            <p class="app-figure">
                <span>{t("billing.owed")}</span>
                " "
                <strong class="app-figure__value">{sum(view.balance)}</strong>
            </p>
        }
        .into_any(),
    };
    let held = view.held.is_positive().then(|| {
        view! { <p>{t_with("billing.held", &[("amount", &view.held.shown())])}</p> }
    });
    let offline =
        (!view.pays_online && view.payable.is_positive()).then(|| view! { <p>{t("billing.offline")}</p> });
    let pending = view.insurance_pending.is_positive().then(|| {
        view! {
            <section class="app-box nhsuk-u-margin-top-4" aria-labelledby="pending">
                <h2 class="nhsuk-heading-s" id="pending">
                    {t("billing.pending")}
                </h2>
                <p>
                    <strong>{sum(view.insurance_pending)}</strong>
                </p>
                <p class="nhsuk-u-margin-bottom-0">{t("billing.pending_text")}</p>
            </section>
        }
    });
    let elsewhere = view.billed_elsewhere.then(|| view! { <p>{t("billing.elsewhere")}</p> });
    let plan = view! { <PlanPart view=view.clone() plans /> };
    let statements: Vec<_> = view.statements.into_iter().map(statement).collect();
    let statements = match statements.is_empty() {
        true => view! { <Empty text=t("billing.no_statements") /> }.into_any(),
        false => view! {
            <ul class="app-rows" id="statements">
                {statements}
            </ul>
        }
        .into_any(),
    };
    let year = intl::today(&Practice::here().zone()).year();
    view! {
        <section class="app-box" aria-label=t("billing.owed_label")>
            {owes} {held} {offline} {pay}
        </section>
        {plan}
        {pending}
        {elsewhere}
        <h2 class="nhsuk-heading-m nhsuk-u-margin-top-5">{t("billing.statements")}</h2>
        {statements}
        <p class="nhsuk-u-margin-top-4">
            <a href=link(&format!("/billing/years/{year}"))>{t("billing.year_link")}</a>
        </p>
    }
    .into_any()
}

fn statement(one: StatementSummary) -> AnyView {
    let tag = match one.open.is_positive() {
        true => view! { <strong class="nhsuk-tag nhsuk-tag--yellow">{t("billing.open")} " " {sum(one.open)}</strong> }
            .into_any(),
        false => view! { <strong class="nhsuk-tag nhsuk-tag--green">{t("billing.paid")}</strong> }.into_any(),
    };
    view! {
        <li class="app-row">
            <a class="app-row__link" href=link(&format!("/billing/statements/{}", one.id))>
                {t_with("billing.statement", &[("number", &one.number)])}
            </a>
            <p class="app-row__meta">
                {intl::calendar(one.date, Style::Date)} " · " {sum(one.billed)}
            </p>
            <div class="app-row__side">{tag}</div>
        </li>
    }
    .into_any()
}

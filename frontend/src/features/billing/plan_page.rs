//! One payment plan: what was paid and what comes, another card, paying the next one now, ending it.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal_domain::{
    access::Category,
    billing::{InstalmentState, InstalmentView, NewPlanCard, PaymentMethodView, PaymentPlanView},
    ids::PaymentPlanId,
    live::LiveKind,
    problem::{Code, Problem},
};

use super::{
    back,
    cards_part::{AddCard, choices, chosen},
    sum,
};
use crate::{
    acting::link,
    api::{ApiError, ask},
    news::News,
    session::Session,
    shared::{
        choice::Radios,
        dialog::Confirm,
        done::Done,
        form::{ErrorSummary, Form, Submit},
        intl::{self, Style},
        list::Address,
        load::{Load, load_keeping, loaded},
        page::Page,
        practice::Practice,
        sharing::Shared,
        summary::{Fact, summary},
    },
    text::{t, t_with, t_word},
};

type Facts = (PaymentPlanView, Vec<PaymentMethodView>);

/// `/billing/plan/:id`
#[component]
pub fn PlanPage() -> AnyView {
    let (session, params, form) = (Session::here(), use_params_map(), Form::new());
    let said = RwSignal::new(String::new());
    let acts = Shared::here().acts(Category::Billing);
    let id = Memo::new(move |_| {
        params.with(|params| params.get("id")).and_then(|id| id.parse::<PaymentPlanId>().ok())
    });
    let facts = load_keeping(move || {
        let (patient, id) = (session.patient(), id.get());
        async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            let (plans, cards) = ask(async |portal| {
                let cards = if acts { portal.payment_methods(patient).await? } else { vec![] };
                Ok((portal.payment_plans(patient).await?, cards))
            })
            .await?;
            let plan = plans.into_iter().find(|plan| Some(plan.id) == id);
            let plan = plan.ok_or_else(|| ApiError::Problem(Box::new(Problem::new(Code::NotFound))))?;
            Ok((plan, cards))
        }
    });
    News::here().on(LiveKind::Inbox, move || facts.refresh());
    view! {
        <Page title=t("plan.title").to_string() section=t("billing.title") form=form back=back() reading=true>
            <ErrorSummary form />
            <Done said />
            {loaded(
                facts,
                t("what.plans"),
                move |view| view! { <Opened view load=facts form said /> }.into_any(),
            )}
        </Page>
    }
    .into_any()
}

#[component]
fn Opened(view: Facts, load: Load<Facts>, form: Form, said: RwSignal<String>) -> impl IntoView {
    let (plan, cards) = view;
    let zone = Practice::here().zone();
    let pause = plan.pause.map(|why| view! { <p>{t_word("plan_pause", why.as_str())}</p> });
    let may_act = !plan.state.is_over() && Shared::here().acts(Category::Billing);
    let acts = may_act.then(|| view! { <Acts plan=plan.clone() cards load form said /> });
    let facts = vec![
        Fact::text(t("plan.state"), t_word("plan_state", plan.state.as_str())),
        Fact::view(t("plan.total"), sum(plan.total)),
        Fact::view(t("plan.paid"), sum(plan.paid)),
        Fact::view(t("plan.left_fact"), view! { <strong>{sum(plan.left)}</strong> }.into_any()),
        Fact::text(t("plan.card"), plan.card),
        Fact::text(t("plan.agreed_at"), intl::format(plan.agreed_at, Style::Short, &zone)),
        Fact::maybe(t("plan.ended_at"), plan.ended_at.map(|at| intl::format(at, Style::Short, &zone))),
        Fact::text(t("plan.end_reason"), plan.end_reason),
    ];
    let rows: Vec<_> = plan.instalments.into_iter().map(row).collect();
    view! {
        {pause}
        {summary(facts)}
        <h2 class="nhsuk-heading-m nhsuk-u-margin-top-5">{t("plan.schedule")}</h2>
        <ul class="app-rows" id="instalments">
            {rows}
        </ul>
        {acts}
    }
    .into_any()
}

fn row(one: InstalmentView) -> AnyView {
    let day = intl::calendar(one.due_on, Style::Date);
    let title = match (one.state, one.payment) {
        (InstalmentState::Paid, Some(payment)) => view! {
            <a class="app-row__link" href=link(&format!("/billing/payments/{payment}"))>
                {day}
            </a>
        }
        .into_any(),
        _ => view! { <strong class="app-row__text">{day}</strong> }.into_any(),
    };
    let is_needless = one.state == InstalmentState::Waiting && !one.takes.is_positive();
    let state = if is_needless { InstalmentState::Dropped } else { one.state };
    let mut meta = vec![t_word("instalment_state", state.as_str()).to_owned()];
    if state == InstalmentState::Waiting {
        meta.extend(one.failure.map(|why| t_word("payment_failure", why.as_str()).to_owned()));
        let again = one.next_try_on.map(|on| intl::calendar(on, Style::Date));
        meta.extend(again.map(|date| t_with("plan.tried_again", &[("date", &date)])));
    }
    view! {
        <li class="app-row">
            {title}
            <p class="app-row__meta">
                <bdi>{meta.join(" · ")}</bdi>
            </p>
            <div class="app-row__side">
                <strong>{sum(one.takes)}</strong>
            </div>
        </li>
    }
    .into_any()
}

#[component]
fn Acts(
    plan: PaymentPlanView,
    cards: Vec<PaymentMethodView>,
    load: Load<Facts>,
    form: Form,
    said: RwSignal<String>,
) -> impl IntoView {
    let (session, address, confirm) = (Session::here(), Address::here(), RwSignal::new(false));
    let id = plan.id;
    let pay = move |_| {
        let Some(patient) = session.patient() else { return };
        let key = form.key();
        form.send_or(
            async move { ask(async |portal| portal.pay_next_instalment(patient, id, key).await).await },
            move |payment| match payment.pay_at {
                // Refused only for what is no address.
                Some(to) => drop(window().location().assign(&to)),
                None => address.go(&link(&format!("/billing/payments/{}", payment.id))),
            },
            move |_| load.refresh(),
        );
    };
    let can_pay = plan.is_own_card && plan.next().is_some();
    let pay = can_pay.then(|| {
        view! {
            <p class="nhsuk-u-margin-top-4">
                <button type="button" class="nhsuk-button" on:click=pay>
                    {t("plan.pay_next")}
                </button>
            </p>
        }
    });
    let end = Callback::new(move |()| {
        let Some(patient) = session.patient() else { return };
        let key = form.key();
        form.send_or(
            async move { ask(async |portal| portal.end_payment_plan(patient, id, key).await).await },
            move |_| {
                said.set(t("plan.ended").into());
                load.again();
            },
            move |_| load.refresh(),
        );
    });
    view! {
        {pay}
        <CardForm id cards load form said />
        <p>
            <button type="button" class="nhsuk-button nhsuk-button--secondary" on:click=move |_| confirm.set(true)>
                {t("plan.end")}
            </button>
        </p>
        <Confirm
            open=confirm
            id="end-plan"
            title=Signal::derive(|| t("plan.end_title").to_string())
            text=Signal::derive(|| t("plan.end_text").to_string())
            yes=t("plan.end")
            act=end
        />
    }
    .into_any()
}

#[component]
fn CardForm(
    id: PaymentPlanId,
    cards: Vec<PaymentMethodView>,
    load: Load<Facts>,
    form: Form,
    said: RwSignal<String>,
) -> impl IntoView {
    let choices = choices(&cards);
    let session = Session::here();
    let card = RwSignal::new(choices.first().map(|one| one.value.clone()).unwrap_or_default());
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (Some(patient), Some(method)) = (session.patient(), card.with_untracked(|card| chosen(card)))
        else {
            return;
        };
        let (new, key) = (NewPlanCard { method }, form.key());
        form.send_or(
            async move { ask(async |portal| portal.change_plan_card(patient, id, new, key).await).await },
            move |plan| {
                said.set(t_with("plan.card_changed", &[("card", &plan.card)]));
                load.again();
            },
            move |_| load.refresh(),
        );
    };
    let is_none = choices.is_empty();
    view! {
        <details class="nhsuk-details">
            <summary class="nhsuk-details__summary">
                <span class="nhsuk-details__summary-text">{t("plan.change_card")}</span>
            </summary>
            <div class="nhsuk-details__text">
                {(!is_none)
                    .then(|| {
                        view! {
                            <form on:submit=send novalidate>
                                <Radios form name="method" legend=t("plan.which_card") choices value=card />
                                <Submit form label=t("plan.change_card").to_string() />
                            </form>
                        }
                    })} <AddCard form />
            </div>
        </details>
    }
    .into_any()
}

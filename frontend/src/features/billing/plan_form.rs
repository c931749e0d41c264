//! Agreeing to a payment plan: how many payments, on which day, with which card, and what that means day by day.

use leptos::prelude::*;
use portal_domain::{
    billing::{
        BillingView, Due, FEWEST_INSTALMENTS, Money, NewPlan, PaymentMethodView, most_instalments, schedule,
    },
    problem::FieldError,
};

use super::{
    back,
    cards_part::{AddCard, choices, chosen},
    sum,
};
use crate::{
    acting::link,
    api::{ApiError, ask},
    session::Session,
    shared::{
        choice::{Checkbox, Choice, Radios, Select},
        form::{ErrorSummary, Form, Submit},
        intl::{self, Style},
        list::Address,
        live::live,
        load::{Load, load, loaded},
        page::Page,
        practice::Practice,
    },
    text::{t, t_with},
};

type Facts = (BillingView, Vec<PaymentMethodView>);

/// `/billing/plan/new`
#[component]
pub fn PlanForm() -> AnyView {
    let (session, form) = (Session::here(), Form::new());
    let facts = load(move || {
        let patient = session.patient();
        async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            ask(async |portal| Ok((portal.billing(patient).await?, portal.payment_methods(patient).await?)))
                .await
        }
    });
    view! {
        <Page title=t("plan.new_title").to_string() section=t("billing.title") form=form back=back()>
            <ErrorSummary form />
            {loaded(facts, t("what.bills"), move |view| view! { <Terms view load=facts form /> }.into_any())}
        </Page>
    }
    .into_any()
}

#[component]
fn Terms(view: Facts, load: Load<Facts>, form: Form) -> impl IntoView {
    let (bills, cards) = view;
    let amount = bills.payable;
    let most = most_instalments(amount);
    if most < FEWEST_INSTALMENTS || !bills.pays_online {
        return view! { <p>{t("plan.too_little")}</p> }.into_any();
    }
    let choices = choices(&cards);
    if choices.is_empty() {
        return view! {
            <p>{t("plan.no_card")}</p>
            <AddCard form />
        }
        .into_any();
    }
    let (session, address) = (Session::here(), Address::here());
    let count = RwSignal::new(FEWEST_INSTALMENTS.to_string());
    let day = RwSignal::new("1".to_owned());
    let card = RwSignal::new(choices.first().map(|one| one.value.clone()).unwrap_or_default());
    let agreed = RwSignal::new(false);
    let counts = (FEWEST_INSTALMENTS..=most)
        .map(|count| {
            let each = Money::new(amount.amount / count, amount.currency).shown();
            let text = [("count", count.to_string()), ("amount", each)];
            Choice::new(
                count.to_string(),
                t_with("plan.count", &text.each_ref().map(|(n, v)| (*n, v.as_str()))),
            )
        })
        .collect::<Vec<_>>();
    let days = (1..=31).map(|day: u32| Choice::new(day.to_string(), day.to_string())).collect::<Vec<_>>();
    let dues = Memo::new(move |_| {
        let (count, day) = (count.with(|text| text.parse()), day.with(|text| text.parse()));
        let (Ok(count), Ok(day)) = (count, day) else { return Vec::new() };
        schedule(amount.amount, count, day, intl::today(&Practice::here().zone()))
            .into_iter()
            .map(|Due { on, amount }| (on, amount))
            .collect()
    });
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(patient) = session.patient() else { return };
        if !agreed.get_untracked() {
            return form.refuse(vec![FieldError::new(
                "agreed",
                "agreement_missing",
                t("field_error.agreement_missing"),
            )]);
        }
        let Some(method) = card.with_untracked(|card| chosen(card)) else { return };
        let Some((first_due, _)) = dues.with_untracked(|dues| dues.first().copied()) else { return };
        let number = |text: RwSignal<String>| text.with_untracked(|text| text.parse().unwrap_or_default());
        let (instalments, day) = (number(count), number(day));
        let new = NewPlan { amount, instalments, day, method, first_due, agreed: true };
        let key = form.key();
        form.send_or(
            async move { ask(async |portal| portal.create_payment_plan(patient, &new, key).await).await },
            move |plan| address.go(&link(&format!("/billing/plan/{}", plan.id))),
            // Something was paid or billed meanwhile: show what is owed now.
            move |error| {
                if error.fields().iter().any(|field| field.field == "amount") {
                    load.refresh();
                }
            },
        );
    };
    let shown = live(move || {
        let dues = dues.get();
        let rows = dues.into_iter().map(|(on, cents)| {
            view! {
                <tr>
                    <td>{intl::calendar(on, Style::Date)}</td>
                    <td class="app-money">{sum(Money::new(cents, amount.currency))}</td>
                </tr>
            }
        });
        view! {
            <table class="nhsuk-table" id="schedule">
                <caption class="nhsuk-table__caption nhsuk-table__caption--s">{t("plan.schedule")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t("plan.day_taken")}</th>
                        <th scope="col">{t("billing.amount")}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        }
    });
    view! {
        <p>{t("billing.you_owe")} " " <strong>{sum(amount)}</strong></p>
        <form on:submit=send novalidate>
            <Select form name="instalments" label=t("plan.how_many") choices=counts value=count />
            <Select form name="day" label=t("plan.which_day") choices=days value=day />
            <p class="nhsuk-hint">{t("plan.day_hint")}</p>
            <Radios form name="method" legend=t("plan.which_card") choices value=card />
            <div aria-live="polite">{shown}</div>
            <h2 class="nhsuk-heading-s">{t("plan.terms_title")}</h2>
            <p>{t_with("plan.terms", &[("amount", &amount.shown())])}</p>
            <p>{t("plan.terms_declined")}</p>
            <p>{t("plan.terms_end")}</p>
            <Checkbox form name="agreed" label=t("plan.agree") value=agreed />
            <Submit form label=t("plan.make").to_string() />
        </form>
    }
    .into_any()
}

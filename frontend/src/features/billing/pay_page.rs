//! How much to pay, and with which card: a kept one, or another that the gateway's own page asks for.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal_domain::{
    billing::{BillingView, Money, NewPayment, PaymentMethodView},
    ids::StatementId,
    problem::FieldError,
};

use super::{
    back,
    cards_part::{choices as card_choices, chosen},
    sum,
};
use crate::{
    api::{ApiError, ask},
    session::Session,
    shared::{
        choice::{Checkbox, Choice, Radios},
        field::{Kind, TextField},
        form::{ErrorSummary, Form, Submit},
        list::Address,
        live::live,
        load::{Load, load, loaded},
        page::Page,
    },
    text::{t, t_with},
};

/// `/billing/pay/:statement`, where `all` is no statement.
#[component]
pub fn PayPage() -> AnyView {
    let (session, form) = (Session::here(), Form::new());
    let bills = load(move || {
        let patient = session.patient();
        async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            ask(async |portal| {
                let bills = portal.billing(patient).await?;
                // Without a gateway nothing is paid here.
                let cards = if bills.pays_online { portal.payment_methods(patient).await? } else { vec![] };
                Ok((bills, cards))
            })
            .await
        }
    });
    view! {
        <Page title=t("billing.pay_title").to_string() section=t("billing.title") form=form back=back()>
            <ErrorSummary form />
            {loaded(bills, t("what.bills"), move |view| view! { <Choose view load=bills form /> }.into_any())}
        </Page>
    }
    .into_any()
}

type Facts = (BillingView, Vec<PaymentMethodView>);

/// The answer that is no kept card.
const ANOTHER: &str = "another";

#[component]
fn Choose(view: Facts, load: Load<Facts>, form: Form) -> impl IntoView {
    let (view, cards) = view;
    let (session, params, address) = (Session::here(), use_params_map(), Address::here());
    if !view.payable.is_positive() || !view.pays_online {
        let text = if view.pays_online { t("billing.nothing_payable") } else { t("billing.offline") };
        return view! { <p>{text}</p> }.into_any();
    }
    let wanted =
        params.with_untracked(|params| params.get("id")).and_then(|id| id.parse::<StatementId>().ok());
    let statement =
        view.statements.iter().find(|one| Some(one.id) == wanted && one.open.is_positive()).cloned();
    let (payable, currency) = (view.payable, view.payable.currency);
    let of_statement =
        statement.as_ref().map(|one| Money::new(one.open.amount.min(payable.amount), currency));
    let statement_id = statement.as_ref().map(|one| one.id);
    let mut choices = Vec::new();
    if let (Some(one), Some(amount)) = (&statement, of_statement) {
        let text = [("number", one.number.as_str()), ("amount", &amount.shown())];
        choices.push(Choice::new("statement", t_with("billing.pay_this", &text)));
    }
    choices.push(Choice::new("all", t_with("billing.pay_all", &[("amount", &payable.shown())])));
    choices.push(Choice::new("part", t("billing.pay_part")));
    let how = RwSignal::new(if statement.is_some() { "statement" } else { "all" }.to_owned());
    let typed = RwSignal::new(String::new());
    let mut cards = card_choices(&cards);
    let has_cards = !cards.is_empty();
    cards.push(Choice::new(ANOTHER, t("cards.another")));
    let card = RwSignal::new(cards.first().map(|one| one.value.clone()).unwrap_or_default());
    let keep = RwSignal::new(false);
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(patient) = session.patient() else { return };
        let part = || typed.with_untracked(|text| Money::read(text, currency));
        let (amount, statement) = match how.get_untracked().as_str() {
            "all" => (Some(payable), None),
            "statement" => (of_statement, statement_id),
            _ => (part(), statement_id),
        };
        let Some(amount) = amount else {
            return form.refuse(vec![FieldError::new("amount", "not_money", t("field_error.not_money"))]);
        };
        let method = card.with_untracked(|card| chosen(card));
        let keep = method.is_none() && keep.get_untracked();
        let new = NewPayment { amount, statement, method, keep };
        if let Err(problem) = new.check(payable, of_statement.filter(|_| statement.is_some())) {
            return form.refuse(problem.errors);
        }
        let key = form.key();
        form.send_or(
            async move { ask(async |portal| portal.pay(patient, &new, key).await).await },
            move |payment| match payment.pay_at {
                // Refused only for what is no address.
                Some(to) => drop(window().location().assign(&to)),
                None => address.go(&crate::acting::link(&format!("/billing/payments/{}", payment.id))),
            },
            // Something was paid or billed meanwhile: show what is owed now. Otherwise the form stays, to try again.
            move |error| {
                if !error.fields().is_empty() {
                    load.refresh();
                }
            },
        );
    };
    let is_part = Memo::new(move |_| how.with(|how| how == "part"));
    let is_another = Memo::new(move |_| card.with(|card| card == ANOTHER));
    let which = has_cards
        .then(|| view! { <Radios form name="method" legend=t("cards.which") choices=cards value=card /> });
    let go =
        Signal::derive(
            move || {
                if is_another.get() { t("billing.go_on").to_string() } else { t("cards.pay").into() }
            },
        );
    view! {
        <p>{t("billing.you_owe")} " " <strong>{sum(payable)}</strong></p>
        <form on:submit=send novalidate>
            <Radios form name="how" legend=t("billing.how_much") choices value=how />
            {live(move || {
                is_part
                    .get()
                    .then(|| {
                        let kind = Kind { width: "nhsuk-input--width-10", keyboard: "decimal", ..Kind::default() };
                        view! {
                            <TextField
                                form
                                name="amount"
                                label=t("billing.amount")
                                hint=t("billing.amount_hint")
                                value=typed
                                kind
                            />
                        }
                    })
            })}
            {which}
            {live(move || match is_another.get() {
                true => view! {
                    <Checkbox form name="keep" label=t("cards.keep") value=keep />
                    <p class="app-quiet">{t("billing.gateway_text")} " " {t("cards.keep_text")}</p>
                }
                .into_any(),
                false => view! { <p class="app-quiet">{t("cards.pay_text")}</p> }.into_any(),
            })}
            <Submit form label=go />
        </form>
    }
    .into_any()
}

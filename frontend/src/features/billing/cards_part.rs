//! The cards of the own login: kept, looked at, taken away. Whose card it is, is its login's to see, whomever it pays for.

use leptos::prelude::*;
use portal_domain::{
    access::Category,
    billing::{PaymentMethodView, RemoveMethodQuery},
    ids::PaymentMethodId,
};

use super::last_month;
use crate::{
    acting::link,
    api::{ApiError, ask},
    session::Session,
    shared::{
        choice::Choice,
        dialog::Confirm,
        done::Done,
        form::{ErrorSummary, Form},
        list::Address,
        live::live,
        load::{Load, load_keeping, loaded},
        sharing::Shared,
    },
    text::{t, t_with},
};

/// What the list's buttons share.
#[derive(Clone, Copy)]
struct Cards {
    /// The card that is to go.
    asked: RwSignal<Option<PaymentMethodView>>,
    confirm: RwSignal<bool>,
}

/// The own cards, as they are now.
pub fn load_cards() -> Load<Vec<PaymentMethodView>> {
    let session = Session::here();
    load_keeping(move || {
        let patient = session.patient();
        async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            ask(async |portal| portal.payment_methods(patient).await).await
        }
    })
}

/// The cards that can pay, as answers.
pub fn choices(cards: &[PaymentMethodView]) -> Vec<Choice> {
    let one = |card: &PaymentMethodView| {
        Choice::new(card.id.to_string(), card.label())
            .hint(t_with("cards.until", &[("month", &last_month(card))]))
    };
    cards.iter().filter(|card| card.can_pay).map(one).collect()
}

/// The chosen one of them; none for any other answer.
pub fn chosen(value: &str) -> Option<PaymentMethodId> {
    value.parse().ok()
}

/// The list on the page of all bills. Whoever may only look has no use for cards.
#[component]
pub fn CardsPart(
    /// Whether the practice takes payments online.
    pays_online: Memo<bool>,
) -> impl IntoView {
    if !Shared::here().acts(Category::Billing) {
        return ().into_any();
    }
    let (form, said, session) = (Form::new(), RwSignal::new(String::new()), Session::here());
    let list = load_cards();
    let cards = Cards { asked: RwSignal::new(None), confirm: RwSignal::new(false) };
    provide_context(cards);
    let act = Callback::new(move |()| {
        let (Some(card), Some(patient)) = (cards.asked.get_untracked(), session.patient()) else { return };
        // The question said what happens to the plan.
        let query = RemoveMethodQuery { pause_plans: card.in_plan };
        said.set(String::new());
        form.send_or(
            async move {
                ask(async |portal| portal.remove_payment_method(patient, card.id, query).await).await
            },
            move |()| {
                said.set(t("cards.removed").into());
                list.again();
            },
            move |_| list.again(),
        );
    });
    let question = Signal::derive(move || {
        let card = cards.asked.get();
        let label = card.as_ref().map(PaymentMethodView::label).unwrap_or_default();
        t_with("cards.remove_title", &[("card", &label)])
    });
    let about = Signal::derive(move || {
        let in_plan = cards.asked.with(|card| card.as_ref().is_some_and(|card| card.in_plan));
        if in_plan { t("cards.remove_in_plan").to_string() } else { t("cards.remove_text").into() }
    });
    view! {
        <section aria-labelledby="cards-title">
            <h2 class="nhsuk-heading-m nhsuk-u-margin-top-5" id="cards-title">
                {t("cards.title")}
            </h2>
            <ErrorSummary form />
            <Done said />
            {loaded(list, t("what.cards"), rows)}
            {live(move || pays_online.get().then(|| view! { <AddCard form /> }))}
            <Confirm open=cards.confirm id="remove-card" title=question text=about yes=t("cards.remove_yes") act />
        </section>
    }
    .into_any()
}

fn rows(cards: Vec<PaymentMethodView>) -> AnyView {
    if cards.is_empty() {
        return view! { <p class="app-quiet">{t("cards.none")}</p> }.into_any();
    }
    let rows: Vec<_> = cards.into_iter().map(row).collect();
    view! {
        <ul class="app-rows" id="cards">
            {rows}
        </ul>
    }
    .into_any()
}

fn row(card: PaymentMethodView) -> AnyView {
    let cards = expect_context::<Cards>();
    let label = card.label();
    let until = t_with("cards.until", &[("month", &last_month(&card))]);
    let tag = match (card.is_expired, card.can_pay) {
        (true, _) => Some(t("cards.expired")),
        (_, false) => Some(t("cards.unusable")),
        _ => None,
    };
    let tag = tag.map(|text| view! { <strong class="nhsuk-tag nhsuk-tag--grey">{text}</strong> });
    let in_plan = card.in_plan.then(|| format!(" · {}", t("cards.in_plan")));
    let name = format!("{}: {label}", t("cards.remove"));
    let choose = move |_| {
        cards.asked.set(Some(card.clone()));
        cards.confirm.set(true);
    };
    view! {
        <li class="app-row">
            <strong class="app-row__text">
                <bdi>{label}</bdi>
            </strong>
            <p class="app-row__meta">{until} {in_plan}</p>
            <div class="app-row__side">
                {tag}
                " "
                <button
                    type="button"
                    class="nhsuk-button nhsuk-button--secondary nhsuk-button--small app-row__button"
                    aria-label=name
                    on:click=choose
                >
                    {t("cards.remove")}
                </button>
            </div>
        </li>
    }
    .into_any()
}

/// Leads to the gateway's page, which asks for the card.
#[component]
pub fn AddCard(
    /// Whose errors.
    form: Form,
) -> impl IntoView {
    let (session, address) = (Session::here(), Address::here());
    let add = move |_| {
        let Some(patient) = session.patient() else { return };
        let key = form.key();
        form.send(
            async move { ask(async |portal| portal.add_payment_method(patient, key).await).await },
            move |card| match card.add_at {
                // Refused only for what is no address.
                Some(to) => drop(window().location().assign(&to)),
                None => address.go(&link(&format!("/billing/cards/{}", card.id))),
            },
        );
    };
    view! {
        <p class="nhsuk-u-margin-top-4">
            <button type="button" class="nhsuk-button nhsuk-button--secondary" on:click=add>
                {t("cards.add")}
            </button>
        </p>
    }
    .into_any()
}

//! Where people come back to from the gateway's page, when a card was to be kept without a payment.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal_domain::{
    billing::{MethodState, PaymentMethodView},
    ids::PaymentMethodId,
    live::LiveKind,
    problem::{Code, Problem},
};

use super::back;
use crate::{
    acting::link,
    api::{ApiError, ask},
    news::News,
    session::Session,
    shared::{
        load::{Load, load_keeping, loaded},
        page::Page,
    },
    text::{t, t_with, t_word},
};

/// `/billing/cards/:id`
#[component]
pub fn CardPage() -> AnyView {
    let (session, params) = (Session::here(), use_params_map());
    let id = Memo::new(move |_| {
        params.with(|params| params.get("id")).and_then(|id| id.parse::<PaymentMethodId>().ok())
    });
    let card = load_keeping(move || {
        let (patient, id) = (session.patient(), id.get());
        async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            let id = id.ok_or_else(|| ApiError::Problem(Box::new(Problem::new(Code::NotFound))))?;
            ask(async |portal| portal.check_payment_method(patient, id).await).await
        }
    });
    News::here().on(LiveKind::Inbox, move || card.refresh());
    let title = Signal::derive(move || {
        let state = card.read(|view| view.state).unwrap_or(MethodState::Adding);
        t_word("card_title", state.as_str()).to_owned()
    });
    view! {
        <Page title section=t("billing.title") back=back()>
            {loaded(card, t("what.cards"), move |view| view! { <Opened view load=card /> }.into_any())}
        </Page>
    }
    .into_any()
}

#[component]
fn Opened(view: PaymentMethodView, load: Load<PaymentMethodView>) -> impl IntoView {
    match view.state {
        MethodState::Kept => view! {
            <p role="status">{t_with("cards.kept", &[("card", &view.label())])}</p>
            <p>
                <a href=link("/billing")>{t("cards.to_bills")}</a>
            </p>
        }
        .into_any(),
        MethodState::Adding => {
            let go_on = view.add_at.map(|to| {
                view! {
                    <p>
                        <a class="nhsuk-button" rel="external" href=to>
                            {t("billing.to_card")}
                        </a>
                    </p>
                }
            });
            view! {
                <p role="status">{t("cards.waits")}</p>
                {go_on}
                <p>
                    <button type="button" class="nhsuk-button nhsuk-button--secondary" on:click=move |_| load.again()>
                        {t("billing.look_again")}
                    </button>
                </p>
            }
            .into_any()
        }
        MethodState::Removing | MethodState::Removed => view! {
            <p>{t("cards.not_kept")}</p>
            <p>
                <a href=link("/billing")>{t("cards.to_bills")}</a>
            </p>
        }
        .into_any(),
    }
}

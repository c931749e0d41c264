//! Where a payment stands, and its receipt. People come here from the gateway's page, from the inbox and from the list.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal_domain::{
    access::Category,
    billing::{DisputeSubject, PaymentState, PaymentView},
    ids::PaymentId,
    live::LiveKind,
    problem::{Code, Problem},
};

use super::{back, question, questions::Questions, sum};
use crate::{
    acting::link,
    api::{ApiError, ask, receipt_pdf_path},
    news::News,
    session::Session,
    shared::{
        form::{ErrorSummary, Form},
        intl::{self, Style},
        load::{Load, load_keeping, loaded},
        page::Page,
        people::{PrintButton, PrintHead},
        practice::Practice,
        sharing::Shared,
        summary::{Fact, summary},
    },
    text::{t, t_with, t_word},
};

/// `/billing/payments/:id`
#[component]
pub fn PaymentPage() -> AnyView {
    let (session, params, form) = (Session::here(), use_params_map(), Form::new());
    let acts = Shared::here().acts(Category::Billing);
    Questions::provide();
    let id = Memo::new(move |_| {
        params.with(|params| params.get("id")).and_then(|id| id.parse::<PaymentId>().ok())
    });
    let payment = load_keeping(move || {
        let (patient, id) = (session.patient(), id.get());
        async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            let id = id.ok_or_else(|| ApiError::Problem(Box::new(Problem::new(Code::NotFound))))?;
            let view = ask(async |portal| portal.payment(patient, id).await).await?;
            // Nobody has said anything yet: the gateway is asked.
            if view.state == PaymentState::Pending && acts {
                return ask(async |portal| portal.check_payment(patient, id).await).await;
            }
            Ok(view)
        }
    });
    News::here().on(LiveKind::Inbox, move || payment.refresh());
    let title = Signal::derive(move || {
        let state = payment.read(|view| view.state);
        state.map_or_else(|| t("billing.payment"), |state| t_word("payment_title", state.as_str())).to_owned()
    });
    view! {
        <Page title section=t("billing.title") form=form back=back() reading=true>
            <ErrorSummary form />
            {loaded(
                payment,
                t("what.payment"),
                move |view| view! { <Opened view load=payment form /> }.into_any(),
            )}
        </Page>
    }
    .into_any()
}

#[component]
fn Opened(view: PaymentView, load: Load<PaymentView>, form: Form) -> impl IntoView {
    let again = || {
        view! {
            <p>
                <a class="nhsuk-button" href=link("/billing/pay/all")>
                    {t("billing.try_again")}
                </a>
            </p>
        }
    };
    // A bank may have taken it all the same.
    let asked = |view: &PaymentView| {
        let about = t_with("billing.payment_named", &[("receipt", &view.receipt)]);
        question(DisputeSubject::Payment, view.id.0, about)
    };
    match view.state {
        PaymentState::Succeeded => receipt(view),
        PaymentState::Pending => view! { <Waits view load form /> }.into_any(),
        PaymentState::Failed => {
            let why = view.failure.map(|why| t_word("payment_failure", why.as_str()));
            view! {
                <p>{why}</p>
                <p>{t("billing.nothing_charged")}</p>
                {again()}
                {asked(&view)}
            }
            .into_any()
        }
        PaymentState::Cancelled => view! {
            <p>{t("billing.nothing_charged")}</p>
            {again()}
            {asked(&view)}
        }
        .into_any(),
    }
}

fn receipt(view: PaymentView) -> AnyView {
    let zone = Practice::here().zone();
    let at = view.settled_at.map(|at| intl::format(at, Style::Full, &zone));
    let session = Session::here();
    let patient = session.subject().map(|patient| view! { <PrintHead patient /> });
    let paper = session.patient().map(|patient| {
        view! {
            <p class="no-print">
                <a href=receipt_pdf_path(patient, view.id) download="" rel="external">
                    {t("billing.receipt_pdf")}
                </a>
            </p>
        }
    });
    let about = t_with("billing.payment_named", &[("receipt", &view.receipt)]);
    let asked = question(DisputeSubject::Payment, view.id.0, about);
    let mut facts = vec![
        Fact::view(t("billing.amount_paid"), view! { <strong>{sum(view.amount)}</strong> }.into_any()),
        Fact::maybe(t("billing.paid_at"), at),
        Fact::text(t("billing.method"), view.method),
        Fact::maybe(t("billing.statement_number"), view.statement),
        Fact::text(t("billing.receipt_number"), view.receipt),
    ];
    if view.refunded.is_positive() {
        facts.push(Fact::view(t("billing.refunded"), sum(view.refunded)));
    }
    view! {
        {patient}
        <p>{t("billing.thanks")}</p>
        {summary(facts)}
        {asked}
        {paper}
        <PrintButton />
    }
    .into_any()
}

#[component]
fn Waits(view: PaymentView, load: Load<PaymentView>, form: Form) -> impl IntoView {
    let session = Session::here();
    let id = view.id;
    let give_up = move |_| {
        let Some(patient) = session.patient() else { return };
        form.send_or(
            async move { ask(async |portal| portal.cancel_payment(patient, id).await).await },
            move |view| load.put(view),
            move |_| load.refresh(),
        );
    };
    let go_on = view.pay_at.map(|to| {
        view! {
            <p>
                <a class="nhsuk-button" rel="external" href=to>
                    {t("billing.to_card")}
                </a>
            </p>
        }
    });
    let buttons = Shared::here().acts(Category::Billing).then(|| {
        view! {
            {go_on}
            <p class="app-cluster">
                <button type="button" class="nhsuk-button nhsuk-button--secondary" on:click=move |_| load.again()>
                    {t("billing.look_again")}
                </button>
                <button type="button" class="nhsuk-button nhsuk-button--secondary" on:click=give_up>
                    {t("billing.give_up")}
                </button>
            </p>
        }
    });
    view! {
        <p>{t("billing.amount_paid")} ": " {sum(view.amount)}</p>
        <p role="status">{t("billing.waits")}</p>
        {buttons}
    }
    .into_any()
}

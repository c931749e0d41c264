//! One statement: its lines, what is open of it, on paper too.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal_domain::{
    access::Category,
    billing::{DisputeSubject, StatementView},
    ids::StatementId,
    problem::{Code, Problem},
};

use super::{back, line, question, questions::Questions, sum};
use crate::{
    acting::link,
    api::{ApiError, ask, statement_pdf_path},
    session::Session,
    shared::{
        intl,
        load::{load, loaded},
        page::Page,
        people::{PrintButton, PrintHead},
        sharing::Shared,
        summary::{Fact, summary},
    },
    text::{t, t_with},
};

/// `/billing/statements/:id`
#[component]
pub fn StatementPage() -> AnyView {
    let (session, params) = (Session::here(), use_params_map());
    Questions::provide();
    let id = Memo::new(move |_| {
        params.with(|params| params.get("id")).and_then(|id| id.parse::<StatementId>().ok())
    });
    let statement = load(move || {
        let (patient, id) = (session.patient(), id.get());
        async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            let id = id.ok_or_else(|| ApiError::Problem(Box::new(Problem::new(Code::NotFound))))?;
            ask(async |portal| portal.statement(patient, id).await).await
        }
    });
    let title = Signal::derive(move || {
        let number = statement.read(|view| view.statement.number.clone()).unwrap_or_default();
        t_with("billing.statement", &[("number", &number)])
    });
    view! {
        <Page title section=t("billing.title") back=back() reading=true>
            {loaded(statement, t("what.bills"), |view| view! { <Opened view /> }.into_any())}
        </Page>
    }
    .into_any()
}

#[component]
fn Opened(view: StatementView) -> impl IntoView {
    let one = view.statement;
    let pay = (one.open.is_positive() && Shared::here().acts(Category::Billing)).then(|| {
        view! {
            <a class="nhsuk-button no-print" href=link(&format!("/billing/pay/{}", one.id))>
                {t("billing.pay_statement")}
            </a>
        }
    });
    let lines: Vec<_> = view.lines.into_iter().map(line).collect();
    view! {
        <PrintHead patient=view.payer.clone() />
        {summary(
            vec![
                Fact::text(t("billing.payer"), view.payer.full_name()),
                Fact::text(t("billing.date"), intl::date(one.date)),
                Fact::view(t("billing.billed"), sum(one.billed)),
                Fact::view(t("billing.open"), view! { <strong>{sum(one.open)}</strong> }.into_any()),
            ],
        )}
        {pay}
        <h2 class="nhsuk-heading-m">{t("billing.on_statement")}</h2>
        <ul class="app-rows" id="statement-lines">
            {lines}
        </ul>
        {question(DisputeSubject::Statement, one.id.0, t_with("billing.statement", &[("number", &one.number)]))}
        <p class="no-print">
            <a href=statement_pdf_path(view.payer.id, one.id) download="" rel="external">
                {t("billing.statement_pdf")}
            </a>
        </p>
        <PrintButton />
    }
    .into_any()
}

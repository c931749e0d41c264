//! A calendar year for tax: what was paid, what came back, what was charged; on paper too.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal_domain::{
    billing::{LedgerLine, YearView},
    problem::{Code, Problem},
};

use super::{back, line, sum};
use crate::{
    acting::link,
    api::{ApiError, ask, year_pdf_path},
    session::Session,
    shared::{
        list::Empty,
        load::{load, loaded},
        page::Page,
        people::{PrintButton, PrintHead},
        summary::{Fact, summary},
    },
    text::{t, t_with},
};

/// `/billing/years/:year`
#[component]
pub fn YearPage() -> AnyView {
    let (session, params) = (Session::here(), use_params_map());
    let year =
        Memo::new(move |_| params.with(|params| params.get("id")).and_then(|year| year.parse::<i32>().ok()));
    let view = load(move || {
        let (patient, year) = (session.patient(), year.get());
        async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            let year = year.ok_or_else(|| ApiError::Problem(Box::new(Problem::new(Code::NotFound))))?;
            ask(async |portal| portal.billing_year(patient, year).await).await
        }
    });
    let title = Signal::derive(move || {
        let year = year.get().map(|year| year.to_string()).unwrap_or_default();
        t_with("billing.year_title", &[("year", &year)])
    });
    view! {
        <Page title section=t("billing.title") back=back() reading=true>
            {loaded(view, t("what.bills"), |view| view! { <Opened view /> }.into_any())}
        </Page>
    }
    .into_any()
}

#[component]
fn Opened(view: YearView) -> impl IntoView {
    let paper = Session::here().patient().map(|patient| {
        view! {
            <p class="no-print">
                <a href=year_pdf_path(patient, view.year) download="" rel="external">
                    {t("billing.year_pdf")}
                </a>
            </p>
        }
    });
    let others: Vec<_> = view
        .years
        .iter()
        .filter(|year| **year != view.year)
        .map(|year| {
            view! {
                <a href=link(&format!("/billing/years/{year}"))>{year.to_string()}</a>
                " "
            }
        })
        .collect();
    let others = (!others.is_empty()).then(|| {
        view! { <p class="no-print">{t("billing.other_years")} " " {others}</p> }
    });
    view! {
        <PrintHead patient=view.payer.clone() />
        <p>{t("billing.year_text")}</p>
        {summary(
            vec![
                Fact::text(t("billing.payer"), view.payer.full_name()),
                Fact::view(t("billing.year_paid"), sum(view.paid)),
                Fact::view(t("billing.year_returned"), sum(view.returned)),
                Fact::view(t("billing.year_spent"), view! { <strong>{sum(view.spent)}</strong> }.into_any()),
                Fact::view(t("billing.year_charged"), sum(view.charged)),
            ],
        )}
        {paper}
        {others}
        <h2 class="nhsuk-heading-m">{t("billing.year_payments")}</h2>
        {lines("year-payments", view.payments, t("billing.year_no_payments"))}
        <h2 class="nhsuk-heading-m nhsuk-u-margin-top-5">{t("billing.year_charges")}</h2>
        {lines("year-charges", view.charges, t("billing.year_no_charges"))}
        <div class="nhsuk-u-margin-top-5">
            <PrintButton />
        </div>
    }
    .into_any()
}

fn lines(id: &'static str, lines: Vec<LedgerLine>, none: &'static str) -> AnyView {
    if lines.is_empty() {
        return view! { <Empty text=none /> }.into_any();
    }
    let rows: Vec<_> = lines.into_iter().map(line).collect();
    view! {
        <ul class="app-rows" id=id>
            {rows}
        </ul>
    }
    .into_any()
}

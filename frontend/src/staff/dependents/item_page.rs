//! One request: who asks to look after whom, why, and the decision.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal_domain::{
    access::{Action, Category},
    dependents::{DependentRequestState, DependentRequestView},
    ids::{DependentRequestId, PatientId},
    patients::{PatientQuery, PatientSummary},
    problem::{Code, Problem},
};

use super::{decide_form::DecideForm, queue_page::ROOT};
use crate::{
    api::{ApiError, ask},
    session::Session,
    shared::{
        form::{ErrorSummary, Form},
        intl::{self, Style},
        live::follow,
        load::{load, loaded},
        practice::Practice,
        summary::{Fact, summary},
    },
    staff::parts::{ItemHeading, PatientBar},
    text::{t, t_word},
};

/// A request with the charts that may be meant.
#[derive(Clone, PartialEq)]
pub struct Seen {
    /// The request.
    pub request: DependentRequestView,
    /// Charts with that family name and date of birth.
    pub charts: Vec<PatientSummary>,
}

/// `/staff/dependents/:patient/:id`
#[component]
pub fn ItemPage() -> AnyView {
    let (session, params) = (Session::here(), use_params_map());
    let ids = Memo::new(move |_| {
        params.with(|params| {
            let patient = params.get("patient")?.parse::<PatientId>().ok()?;
            Some((patient, params.get("id")?.parse::<DependentRequestId>().ok()?))
        })
    });
    let item = load(move || {
        let ids = ids.get();
        async move {
            let (patient, id) =
                ids.ok_or_else(|| ApiError::Problem(Box::new(Problem::new(Code::NotFound))))?;
            let request = ask(async |portal| portal.dependent_request(patient, id).await).await?;
            let query = PatientQuery {
                q: Some(request.family_name.clone()),
                birth_date: Some(request.birth_date),
                ..Default::default()
            };
            let charts = ask(async |portal| portal.patients(&query).await).await?.items;
            Ok(Seen { request, charts })
        }
    });
    let form = Form::new();
    // Errors and key belong to one request.
    follow(move |first| {
        ids.track();
        if !first {
            form.renew();
        }
    });
    let may_decide = session.may(Action::Decide, Category::Proxies);
    view! {
        <p class="staff-split__back">
            <a class="nhsuk-back-link" href=ROOT>
                {t("queue.back")}
            </a>
        </p>
        {loaded(
            item,
            t("what.request"),
            move |seen: Seen| {
                let is_open = seen.request.state == DependentRequestState::Open;
                let decide = (is_open && may_decide)
                    .then(|| view! { <DecideForm seen=seen.clone() load=item form /> });
                view! {
                    <ItemHeading id="request-title" title=t("dependents.item") />
                    <PatientBar patient=seen.request.asked_by.clone() />
                    <ErrorSummary form />
                    {facts(&seen.request)}
                    {decide}
                }
                    .into_any()
            },
        )}
    }
    .into_any()
}

fn facts(request: &DependentRequestView) -> AnyView {
    let zone = Practice::here().zone();
    let whom = format!("{} {}", request.given_name, request.family_name);
    summary(vec![
        Fact::text(t("dependents.whom"), whom),
        Fact::text(t("dependents.born"), intl::date(request.birth_date)),
        Fact::text(t("dependents.is"), t_word("relationship", request.relationship.as_str())),
        Fact::text(t("dependents.why"), request.reason.clone()),
        Fact::text(t("dependents.asked"), intl::format(request.requested_at, Style::Full, &zone)),
        Fact::text(t("dependents.due"), intl::format(request.due_at, Style::Full, &zone)),
        Fact::text(t("dependents.state"), t_word("dependent_request", request.state.as_str())),
        Fact::text(t("dependents.answer"), request.answer.clone()),
    ])
}

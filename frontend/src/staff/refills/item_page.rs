//! One request: who asks for what, what the chart says of it, and the answers.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal_domain::{
    access::{Action, Category},
    ids::{MedicationRequestId, PatientId},
    problem::{Code, Problem},
    refills::{ItemState, MedicationRequestView, MedicationView, RequestItemView},
};

use super::{answer_form::AnswerForm, queue_page::ROOT};
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

/// A request with what the chart says now.
#[derive(Clone, PartialEq)]
pub struct Seen {
    /// The request.
    pub request: MedicationRequestView,
    /// The patient's medications.
    pub medications: Vec<MedicationView>,
}

/// `/staff/refills/:patient/:id`
#[component]
pub fn ItemPage() -> AnyView {
    let (session, params) = (Session::here(), use_params_map());
    let ids = Memo::new(move |_| {
        params.with(|params| {
            let patient = params.get("patient")?.parse::<PatientId>().ok()?;
            Some((patient, params.get("id")?.parse::<MedicationRequestId>().ok()?))
        })
    });
    let item = load(move || {
        let ids = ids.get();
        async move {
            let (patient, id) =
                ids.ok_or_else(|| ApiError::Problem(Box::new(Problem::new(Code::NotFound))))?;
            let request = ask(async |portal| portal.medication_request(patient, id).await).await?;
            let medications = ask(async |portal| portal.medications(patient).await).await?;
            Ok(Seen { request, medications })
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
    let may_answer = session.may(Action::Decide, Category::Medications);
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
                let waits = seen.request.items.iter().any(|item| item.state == ItemState::Waiting);
                let answer = (waits && may_answer).then(|| view! { <AnswerForm seen=seen.clone() load=item form /> });
                view! {
                    <ItemHeading id="item-title" title=t("refills.request") />
                    <PatientBar patient=seen.request.patient.clone() />
                    <ErrorSummary form />
                    {facts(&seen.request)}
                    {answered(&seen.request)}
                    {answer}
                }
                    .into_any()
            },
        )}
    }
    .into_any()
}

fn facts(request: &MedicationRequestView) -> AnyView {
    let zone = Practice::here().zone();
    summary(vec![
        Fact::text(t("refills.asked_at"), intl::format(request.requested_at, Style::Full, &zone)),
        Fact::text(t("refills.due"), intl::format(request.due_at, Style::Full, &zone)),
        Fact::text(t("refills.pharmacy"), request.pharmacy.clone()),
        Fact::text(t("queue.note"), request.note.clone()),
    ])
}

/// What is answered or taken back already.
fn answered(request: &MedicationRequestView) -> AnyView {
    let line = |item: &RequestItemView| {
        let why = item.reason.map(|reason| t_word("refill_reason", reason.as_str()));
        view! {
            <li>
                <bdi>{item.drug.clone()}</bdi>
                ": "
                {t_word("refill_item", item.state.as_str())}
                {why.map(|why| view! { ". " {why} })}
            </li>
        }
        .into_any()
    };
    let closed: Vec<_> =
        request.items.iter().filter(|item| item.state != ItemState::Waiting).map(line).collect();
    if closed.is_empty() {
        return ().into_any();
    }
    view! {
        <h3 class="nhsuk-heading-s">{t("refills.answered")}</h3>
        <ul class="nhsuk-list nhsuk-list--bullet">{closed}</ul>
    }
    .into_any()
}

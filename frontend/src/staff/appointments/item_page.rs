//! One request: who asks for what, and the decision.

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use portal_domain::{
    access::{Action, Category},
    appointments::AppointmentView,
    ids::{AppointmentId, PatientId},
    problem::{Code, Problem},
};

use super::{
    decide_form::{DecideForm, Decision},
    queue_page::ROOT,
};
use crate::{
    api::{ApiError, ask},
    session::Session,
    shared::{
        appointment::{Place, StateTag, minutes, preferred, when},
        form::{ErrorSummary, Form},
        intl::{self, Style},
        live::follow,
        load::{load, loaded},
        summary::{Fact, summary},
    },
    staff::parts::{ItemHeading, PatientBar},
    text::{t, t_count, t_with, t_word},
};

/// `/staff/queue/appointments/:patient/:id`
#[component]
pub fn ItemPage() -> AnyView {
    let session = Session::here();
    let params = use_params_map();
    let query = use_query_map();
    let ids = Memo::new(move |_| {
        params.with(|params| {
            let patient = params.get("patient")?.parse::<PatientId>().ok()?;
            Some((patient, params.get("id")?.parse::<AppointmentId>().ok()?))
        })
    });
    let item = load(move || {
        let ids = ids.get();
        async move {
            let (patient, id) =
                ids.ok_or_else(|| ApiError::Problem(Box::new(Problem::new(Code::NotFound))))?;
            ask(async |portal| portal.appointment(patient, id).await).await
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
    let may_decide = session.may(Action::Decide, Category::Appointments);
    view! {
        <p class="staff-split__back">
            <a class="nhsuk-back-link" href=move || format!("{ROOT}{}", query.with(|query| query.to_query_string()))>
                {t("queue.back")}
            </a>
        </p>
        {loaded(
            item,
            t("what.request"),
            move |view: AppointmentView| {
                let title = t_with("queue.request", &[("reference", &view.reference)]);
                let decisions = Decision::possible(view.state);
                let action = match (may_decide, decisions.is_empty()) {
                    (_, true) => ().into_any(),
                    (false, _) => view! { <p class="nhsuk-inset-text">{t("decide.needs_role")}</p> }.into_any(),
                    (true, _) => view! { <DecideForm view=view.clone() load=item form decisions /> }.into_any(),
                };
                view! {
                    <ItemHeading id="item-title" title />
                    <PatientBar patient=view.patient.clone() />
                    <ErrorSummary form />
                    <p>
                        <StateTag state=view.state />
                    </p>
                    {facts(&view)}
                    {action}
                }
                    .into_any()
            },
        )}
    }
    .into_any()
}

fn facts(view: &AppointmentView) -> AnyView {
    let zone = &view.location.time_zone;
    let wanted = view
        .wanted_provider
        .as_ref()
        .map_or_else(|| t("appointment.first_available").into(), |one| one.name.clone());
    let times: Vec<String> = view.preferred.iter().copied().map(preferred).collect();
    let times = if times.is_empty() { t("appointment.any_time").into() } else { times.join("\n") };
    summary(vec![
        Fact::maybe(t("appointment.when"), when(view)),
        Fact::maybe(
            t("appointment.length"),
            minutes(view).map(|minutes| t_count("appointment.minutes", minutes)),
        ),
        Fact::maybe(t("appointment.provider"), view.provider.as_ref().map(|provider| provider.name.clone())),
        Fact::text(t("appointment.reason"), t_word("reason", view.reason.as_str())),
        Fact::text(t("queue.wanted"), wanted),
        Fact::text(t("queue.times"), times),
        Fact::text(t("queue.note"), view.note.clone()),
        Fact::view(t("appointment.where"), view! { <Place location=view.location.clone() /> }.into_any()),
        Fact::text(t("appointment.sent"), intl::format(view.requested_at, Style::Full, zone)),
        Fact::maybe(t("appointment.answered"), view.decided_at.map(|at| intl::format(at, Style::Full, zone))),
        Fact::text(t("queue.decision_note"), view.decision_note.clone()),
    ])
}

//! Last page: is all of this right? Only now it is sent.

use leptos::prelude::*;

use super::draft::{Draft, Step};
use crate::{
    acting::link,
    api::{ApiError, ask},
    session::Session,
    shared::{
        appointment::preferred,
        form::{ErrorSummary, Submit},
        intl,
        list::Address,
        live::live,
        page::Page,
        practice::Practice,
    },
    text::{t, t_word},
};

/// `/appointments/request/check`
#[component]
pub fn CheckPage() -> AnyView {
    let session = Session::here();
    let practice = Practice::here();
    let draft = Draft::here();
    let address = Address::here();
    let form = draft.form;
    form.clear();
    draft.require_answers_before(Step::Check);
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(request) = untrack(|| draft.request()) else { return address.go(Step::Where.href()) };
        let request = match request.check(intl::today(&untrack(|| draft.zone()))) {
            Ok(request) => request,
            Err(problem) => return form.refuse(problem.errors),
        };
        let (patient, key) = (session.patient(), form.key());
        form.send(
            async move {
                let patient = patient.ok_or(ApiError::SignedOut)?;
                ask(async |portal| portal.request_appointment(patient, &request, key).await).await
            },
            // The questions leave the history: going back must not send again.
            move |sent| address.replace(&format!("/appointments/done/{}", sent.id)),
        );
    };
    let location = move || practice.0.read(|practice| draft.chosen_location(practice)).flatten();
    let provider = move || {
        draft
            .chosen_provider()
            .map_or_else(|| t("appointment.first_available").to_string(), |provider| provider.name)
    };
    let times = move || match draft.preferred() {
        Ok(times) if !times.is_empty() => times.into_iter().map(preferred).collect::<Vec<_>>().join("\n"),
        _ => t("appointment.any_time").into(),
    };
    let reason = move || t_word("reason", &draft.reason.get()).to_string();
    view! {
        <Page
            title=t("request.check").to_string()
            caption=Step::Check.caption()
            section=t("nav.request")
            form=form
            back=Step::Check.back()
            reading=true
        >
            <ErrorSummary form />
            <dl class="nhsuk-summary-list">
                <Answer
                    question=t("appointment.where")
                    step=Step::Where
                    answer=Signal::derive(move || location().map(|location| location.name).unwrap_or_default())
                />
                <Answer question=t("appointment.wanted") step=Step::Who answer=Signal::derive(provider) />
                <Answer question=t("appointment.reason") step=Step::Why answer=Signal::derive(reason) />
                <Answer question=t("appointment.times") step=Step::When answer=Signal::derive(times) />
                <Answer
                    question=t("appointment.note")
                    step=Step::Why
                    answer=Signal::derive(move || match draft.note.get() {
                        note if note.trim().is_empty() => t("request.no_note").into(),
                        note => note,
                    })
                />
            </dl>
            <p>{t("request.what_next")}</p>
            <form on:submit=send novalidate>
                <Submit form label=t("request.send").to_string() />
            </form>
        </Page>
    }
    .into_any()
}

/// One answer with the way to change it.
#[component]
fn Answer(question: &'static str, step: Step, answer: Signal<String>) -> impl IntoView {
    view! {
        <div class="nhsuk-summary-list__row">
            <dt class="nhsuk-summary-list__key">{question}</dt>
            <dd class="nhsuk-summary-list__value app-lines">
                <bdi>{live(move || answer.get())}</bdi>
            </dd>
            <dd class="nhsuk-summary-list__actions">
                <a href=link(&format!("{}?change=1", step.href()))>
                    {t("request.change")} <span class="nhsuk-u-visually-hidden">" " {question}</span>
                </a>
            </dd>
        </div>
    }
    .into_any()
}

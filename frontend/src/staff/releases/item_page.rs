//! One result before its release: whose it is, what the patient will read, and a word from the provider.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal_domain::{
    ids::{PatientId, ResultId},
    problem::{Code, Problem},
    results::{MAX_COMMENT, Release, ReportStatus, ResultView, Waiting},
    text::{Lines, clean},
};

use super::{
    hold_form::{Held, HoldForm, HoldInForce, Turn},
    queue_page::{Queue, href, place},
    recall_form::TakeBack,
};
use crate::{
    api::{ApiError, ask},
    shared::{
        field::TextArea,
        form::{ErrorSummary, Form, Submit},
        list::Address,
        live::follow,
        load::{Load, load, loaded},
        result::ResultBody,
    },
    staff::{
        parts::{ItemHeading, PatientBar},
        templates::TemplatePicker,
    },
    text::{t, t_with},
};

/// A result, and what it waits for unless it is released.
#[derive(Clone)]
pub struct Opened {
    /// As the patient will read it.
    view: ResultView,
    /// None once it is released.
    waiting: Option<Waiting>,
}

async fn opened(patient: PatientId, id: ResultId) -> Result<Opened, ApiError> {
    let view = ask(async |portal| portal.result(patient, id).await).await?;
    if view.summary.released_at.is_some() {
        return Ok(Opened { view, waiting: None });
    }
    match ask(async |portal| portal.result_waiting(patient, id).await).await {
        Ok(waiting) => Ok(Opened { view, waiting: Some(waiting) }),
        // Somebody released it just now.
        Err(error) if error.code() == Some(Code::AlreadyReleased) => {
            let view = ask(async |portal| portal.result(patient, id).await).await?;
            Ok(Opened { view, waiting: None })
        }
        Err(error) => Err(error),
    }
}

/// `/staff/queue/releases/:patient/:id`
#[component]
pub fn ItemPage() -> AnyView {
    let params = use_params_map();
    let ids = Memo::new(move |_| {
        params.with(|params| {
            let patient = params.get("patient")?.parse::<PatientId>().ok()?;
            Some((patient, params.get("id")?.parse::<ResultId>().ok()?))
        })
    });
    let result = load(move || {
        let ids = ids.get();
        async move {
            let (patient, id) =
                ids.ok_or_else(|| ApiError::Problem(Box::new(Problem::new(Code::NotFound))))?;
            opened(patient, id).await
        }
    });
    let form = Form::new();
    let comment = RwSignal::new(String::new());
    // Comment, errors and key belong to one result.
    follow(move |first| {
        ids.track();
        if !first {
            form.renew();
            comment.set(String::new());
        }
    });
    view! {
        <p class="staff-split__back">
            <a class="nhsuk-back-link" href="/staff/queue/releases">
                {t("queue.back")}
            </a>
        </p>
        {loaded(
            result,
            t("what.result"),
            move |opened| view! { <Item opened load=result form comment /> }.into_any(),
        )}
    }
    .into_any()
}

#[component]
fn Item(opened: Opened, load: Load<Opened>, form: Form, comment: RwSignal<String>) -> impl IntoView {
    let Opened { view, waiting } = opened;
    let queue = expect_context::<Queue>();
    let address = Address::here();
    let (patient, id, version) = (view.patient.id, view.summary.id, view.version);
    let released = view.summary.released_at.is_some();
    let name = view.patient.full_name();
    let done = t_with("release.done", &[("title", &view.summary.title), ("name", &name)]);
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let text = match comment.with_untracked(|comment| clean("comment", comment, MAX_COMMENT, Lines::Many))
        {
            Ok(text) => text,
            Err(error) => return form.refuse(vec![error]),
        };
        let release = Release { comment: Some(text).filter(|text| !text.is_empty()) };
        let (key, done) = (form.key(), done.clone());
        form.send_or(
            async move {
                ask(async |portal| portal.release_result(patient, id, version, &release, key).await).await
            },
            move |_| {
                let next = untrack(|| queue.list.read(|page| after(&page.items, id))).flatten();
                let query = address.query();
                queue.done.set(done);
                queue.released.set(Some(place(patient, id)));
                queue.list.again();
                address.replace(&format!("{}{query}", next.as_deref().unwrap_or("/staff/queue/releases")));
            },
            // Somebody was faster or the laboratory corrected it: the provider looks again before deciding.
            move |error| {
                if matches!(error.code(), Some(Code::StaleVersion | Code::AlreadyReleased | Code::ResultHeld))
                {
                    load.again();
                    queue.list.again();
                }
            },
        );
    };
    let action = if released {
        view! {
            <p class="app-done">{t("release.already")}</p>
            {(view.replaced_by.is_none() && view.summary.status != ReportStatus::EnteredInError)
                .then(|| view! { <TakeBack patient id version load /> })}
        }
        .into_any()
    } else {
        let held = Held { patient, id, version, load };
        let hold = waiting.as_ref().and_then(|waiting| waiting.hold.clone());
        let by_policy = waiting.as_ref().is_some_and(|waiting| waiting.releases_at.is_some());
        match hold {
            Some(hold) => view! { <HoldInForce hold by_policy held /> }.into_any(),
            None => view! {
                <form on:submit=send novalidate>
                    <TextArea
                        form
                        name="comment"
                        label=t("release.comment")
                        hint=t("release.comment_hint")
                        value=comment
                        max=MAX_COMMENT
                    />
                    <TemplatePicker form text=comment field="comment" />
                    <Submit form label=t_with("release.to", &[("name", &name)]) />
                </form>
                <HoldForm held />
            }
            .into_any(),
        }
    };
    view! {
        <ItemHeading id="item-title" title=view.summary.title.clone() />
        <PatientBar patient=view.patient.clone() />
        {waiting.map(|waiting| view! { <Turn waiting /> })}
        <ErrorSummary form />
        <div class="staff-preview" role="region" aria-label=t("release.preview")>
            <p class="app-quiet">{t("release.preview")}</p>
            <ResultBody result=view links=false draft=(!released).then_some(comment) />
        </div>
        {action}
    }
    .into_any()
}

/// The item after `id` in the list, else the one before.
fn after(items: &[portal_domain::results::UnreleasedResult], id: ResultId) -> Option<String> {
    let at = items.iter().position(|item| item.result.id == id)?;
    items.get(at + 1).or_else(|| at.checked_sub(1).and_then(|before| items.get(before))).map(href)
}

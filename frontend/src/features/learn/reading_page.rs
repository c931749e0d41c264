//! One item of the library. Seeing it is reading it: what was assigned is marked as read.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal_domain::{
    education::{EducationReading, ReadingQuery},
    ids::EducationId,
    messages::TopicKind,
    problem::{Code, Problem},
};

use crate::{
    acting::link,
    api::{ApiError, ask},
    logic::paths::compose_href,
    session::Session,
    shared::{
        intl::{self, Style},
        list::Address,
        live::{follow, go_on},
        load::{load, loaded},
        page::{Back, Page},
        people::PrintButton,
        practice::Practice,
        reading::Reading,
    },
    text::{t, t_with, t_word},
};

/// `/learn/:id?language=`
#[component]
pub fn ReadingPage() -> AnyView {
    let (session, params, address) = (Session::here(), use_params_map(), Address::here());
    let id = Memo::new(move |_| {
        params.with(|params| params.get("id")).and_then(|id| id.parse::<EducationId>().ok())
    });
    let language = Memo::new(move |_| Some(address.get("language")).filter(|tag| !tag.is_empty()));
    let item = load(move || {
        let (id, query) = (id.get(), ReadingQuery { language: language.get() });
        async move {
            let id = id.ok_or_else(|| ApiError::Problem(Box::new(Problem::new(Code::NotFound))))?;
            ask(async |portal| portal.read_education(id, &query).await).await
        }
    });
    follow(move |_| {
        let (Some(id), Some(patient)) = (item.read(|item| item.summary.id), session.patient()) else {
            return;
        };
        go_on(async move {
            let assigned = ask(async |portal| portal.assigned_education(patient).await).await;
            let unread = |one: &portal_domain::education::EducationAssignment| {
                one.item.id == id && one.read_at.is_none()
            };
            if assigned.is_ok_and(|assigned| assigned.iter().any(unread)) {
                // When this fails it stays unread, and is marked the next time.
                let _ = ask(async |portal| portal.mark_education_read(patient, id).await).await;
            }
        });
    });
    let title = Signal::derive(move || {
        item.read(|item| item.summary.title.clone()).unwrap_or_else(|| t("nav.learn").into())
    });
    view! {
        <Page
            title
            section=t("nav.learn")
            back=Back { href: link("/learn"), label: t("nav.learn") }
            reading=true
        >
            {loaded(item, t("what.reading"), opened)}
        </Page>
    }
    .into_any()
}

fn opened(view: EducationReading) -> AnyView {
    let date = intl::format(view.published_at, Style::Date, &Practice::here().zone());
    let (id, title) = (view.summary.id, view.summary.title.clone());
    let topic = t_word("education_topic", view.summary.topic.as_str());
    view! {
        <p class="app-quiet">{topic} ". " {t_with("learn.published", &[("date", &date)])}</p>
        <Reading view path=link(&format!("/learn/{id}")) />
        <p class="app-quiet">{t("learn.no_advice")}</p>
        <div class="app-cluster no-print">
            <a class="nhsuk-button nhsuk-button--secondary" href=link(&compose_href(TopicKind::Education, id, &title))>
                {t("learn.ask")}
            </a>
            <PrintButton />
        </div>
    }
    .into_any()
}

//! One document: what it says, and its file.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal_domain::{
    documents::DocumentView,
    ids::DocumentId,
    problem::{Code, Problem},
};

use crate::{
    acting::link,
    api::{ApiError, ask, document_file_path},
    session::Session,
    shared::{
        intl,
        live::go_on,
        load::{load, loaded},
        page::{Back, Page},
        people::{PrintButton, PrintHead},
        summary::{Fact, summary},
    },
    text::{t, t_with, t_word},
};

/// `/chart/documents/:id`
#[component]
pub fn DetailPage() -> AnyView {
    let (session, params) = (Session::here(), use_params_map());
    let id = Memo::new(move |_| {
        params.with(|params| params.get("id")).and_then(|id| id.parse::<DocumentId>().ok())
    });
    let document = load(move || {
        let (patient, id) = (session.patient(), id.get());
        async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            let id = id.ok_or_else(|| ApiError::Problem(Box::new(Problem::new(Code::NotFound))))?;
            ask(async |portal| portal.document(patient, id).await).await
        }
    });
    let title = Signal::derive(move || {
        document.read(|document| document.title.clone()).unwrap_or_else(|| t("documents.one").into())
    });
    view! {
        <Page
            title
            section=t("documents.title")
            back=Back { href: link("/chart/documents"), label: t("documents.title") }
            reading=true
        >
            {loaded(document, t("what.document"), |view| view! { <Opened view /> }.into_any())}
        </Page>
    }
    .into_any()
}

#[component]
fn Opened(view: DocumentView) -> impl IntoView {
    let session = Session::here();
    let (id, patient) = (view.id, session.patient());
    if let Some(patient) = patient.filter(|_| view.read_at.is_none()) {
        go_on(async move {
            // A mark that is lost is set when the document is opened next.
            let _ = ask(async |portal| portal.mark_document_read(patient, id).await).await;
        });
    }
    let owner = session.subject();
    let facts = vec![
        Fact::text(t("documents.kind"), t_word("document_kind", view.kind.as_str())),
        Fact::text(t("documents.date"), intl::date(view.date)),
        Fact::text(t("documents.author"), view.author),
    ];
    let file = view.file.zip(patient).map(|(file, patient)| {
        let size = t_with("thread.file_size", &[("size", &(file.size / 1024 + 1).to_string())]);
        let name = file.name.clone();
        view! {
            <p>
                <a href=document_file_path(patient, id) download=name>
                    {t("documents.save")}
                    " "
                    <bdi>{file.name}</bdi>
                </a>
                " "
                {size}
            </p>
        }
    });
    let text = (!view.text.is_empty()).then(
        || view! { <div class="app-lines app-box nhsuk-u-margin-bottom-4"><bdi>{view.text}</bdi></div> },
    );
    view! {
        {owner.map(|patient| view! { <PrintHead patient /> })}
        {summary(facts)}
        {text}
        {file}
        <PrintButton />
    }
    .into_any()
}

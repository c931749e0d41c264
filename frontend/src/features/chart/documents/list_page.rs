//! The documents, newest first.

use leptos::prelude::*;
use portal_domain::{documents::DocumentView, live::LiveKind};

use crate::{
    acting::link,
    api::{ApiError, ask},
    news::News,
    session::Session,
    shared::{
        intl,
        list::{Empty, Rows, listing, load_rows},
        page::Page,
    },
    text::{t, t_with, t_word},
};

use super::super::back;

/// `/chart/documents`
#[component]
pub fn ListPage() -> AnyView {
    let session = Session::here();
    let documents = load_rows(move || {
        let patient = session.patient();
        move |page| async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            ask(async |portal| portal.documents(patient, &page).await).await
        }
    });
    // What was released or withdrawn comes with an item of the inbox.
    News::here().on(LiveKind::Inbox, move || documents.refresh());
    view! {
        <Page title=t("documents.title").to_string() section=t("nav.chart") back=back()>
            <p class="nhsuk-lede-text">{t("documents.intro")}</p>
            {listing(
                documents,
                t("what.documents"),
                || view! { <Empty text=t("documents.empty") /> }.into_any(),
                move || view! { <Rows load=documents id="documents" row=row /> }.into_any(),
            )}
        </Page>
    }
    .into_any()
}

fn row(document: DocumentView) -> AnyView {
    let about = t_with(
        "documents.about",
        &[
            ("kind", t_word("document_kind", document.kind.as_str())),
            ("date", &intl::date(document.date)),
            ("author", &document.author),
        ],
    );
    let unread = document
        .read_at
        .is_none()
        .then(|| view! { <strong class="nhsuk-tag nhsuk-tag--blue">{t("documents.unread")}</strong> });
    view! {
        <li class="app-row">
            <a class="app-row__link" href=link(&format!("/chart/documents/{}", document.id))>
                <bdi>{document.title}</bdi>
            </a>
            <p class="app-row__meta">{about}</p>
            <div class="app-row__side">{unread}</div>
        </li>
    }
    .into_any()
}

//! A patient's documents, and attaching one more.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal_domain::{
    access::{Action, Category},
    documents::{DocumentKind, DocumentState, DocumentView, MAX_TEXT, NewDocument},
    ids::PatientId,
    problem::{Code, Problem},
};

use crate::{
    api::{ApiError, ask},
    shared::{
        choice::{Choice, Radios},
        date_field::{DateField, DateText},
        field::{Kind, TextArea, TextField},
        form::{ErrorSummary, Form, Submit},
        intl,
        list::{Address, Empty, Rows, listing, load_rows},
        load::{load, loaded},
        page::{Back, Page},
        practice::Practice,
    },
    staff::parts::{PatientBar, for_role},
    text::{t, t_with, t_word},
};

/// The patient that the address names.
pub(super) fn patient_of_address() -> Memo<Option<PatientId>> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get("id")).and_then(|id| id.parse::<PatientId>().ok()))
}

pub(super) fn nothing() -> ApiError {
    ApiError::Problem(Box::new(Problem::new(Code::NotFound)))
}

/// `/staff/patients/:id/documents`
#[component]
pub fn DocumentsPage() -> AnyView {
    for_role(Action::View, Category::Documents, page)
}

fn page() -> AnyView {
    let id = patient_of_address();
    let patient = load(move || {
        let id = id.get();
        async move {
            let id = id.ok_or_else(nothing)?;
            ask(async |portal| portal.patient(id).await).await
        }
    });
    let documents = load_rows(move || {
        let id = id.get();
        move |page| async move {
            let id = id.ok_or_else(nothing)?;
            ask(async |portal| portal.documents(id, &page).await).await
        }
    });
    // Rows link within this patient's page.
    provide_context(Of(id));
    let form = Form::new();
    let back = Back {
        href: id
            .get_untracked()
            .map_or_else(|| "/staff/patients".into(), |id| format!("/staff/patients/{id}")),
        label: t("patient.title"),
    };
    view! {
        <Page title=t("documents.title").to_string() section=t("staff.nav.patients") form=form back=back>
            {loaded(
                patient,
                t("what.patient"),
                move |patient| {
                    let id = patient.summary.id;
                    view! {
                        <PatientBar patient=patient.summary />
                        {listing(
                            documents,
                            t("what.documents"),
                            || view! { <Empty text=t("documents.none") /> }.into_any(),
                            move || view! { <Rows load=documents id="documents" row=row /> }.into_any(),
                        )}
                        <h2 class="nhsuk-heading-m nhsuk-u-margin-top-5">{t("documents.attach")}</h2>
                        <ErrorSummary form />
                        <New form patient=id />
                    }
                        .into_any()
                },
            )}
        </Page>
    }
    .into_any()
}

/// Whose documents the rows are.
#[derive(Clone, Copy)]
struct Of(Memo<Option<PatientId>>);

fn row(document: DocumentView) -> AnyView {
    let patient = expect_context::<Of>().0.get_untracked().map(|id| id.to_string()).unwrap_or_default();
    let about = t_with(
        "documents.about",
        &[
            ("kind", t_word("document_kind", document.kind.as_str())),
            ("date", &intl::date(document.date)),
            ("author", &document.author),
        ],
    );
    view! {
        <li class="app-row">
            <a class="app-row__link" href=format!("/staff/patients/{patient}/documents/{}", document.id)>
                <bdi>{document.title}</bdi>
            </a>
            <p class="app-row__meta">{about}</p>
            <div class="app-row__side">{state_tag(document.state)}</div>
        </li>
    }
    .into_any()
}

/// Where it stands, as a tag.
pub(super) fn state_tag(state: DocumentState) -> AnyView {
    let colour = match state {
        DocumentState::Unreleased => "nhsuk-tag nhsuk-tag--yellow",
        DocumentState::Released => "nhsuk-tag nhsuk-tag--green",
        DocumentState::Withdrawn => "nhsuk-tag nhsuk-tag--grey",
    };
    view! { <strong class=colour>{t_word("document_state", state.as_str())}</strong> }.into_any()
}

/// The document to be. Its file, if any, follows on its own page.
#[component]
fn New(form: Form, patient: PatientId) -> impl IntoView {
    let (address, practice) = (Address::here(), Practice::here());
    let text = |value: &str| RwSignal::new(value.to_string());
    let (title, kind, body) = (text(""), text(DocumentKind::VisitSummary.as_str()), text(""));
    let date = DateText::new();
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let today = intl::today(&practice.zone());
        let mut errors = Vec::new();
        let day = date.parse("date").map_err(|error| errors.push(error)).unwrap_or(today);
        let new = NewDocument {
            title: title.get_untracked(),
            kind: kind.with_untracked(|kind| kind.parse()).unwrap_or(DocumentKind::Other),
            date: day,
            text: body.get_untracked(),
        };
        let new = match new.check(today) {
            Ok(new) if errors.is_empty() => new,
            Ok(_) => return form.refuse(errors),
            Err(more) => return form.refuse(more.into_iter().chain(errors).collect()),
        };
        let key = form.key();
        form.send(
            async move { ask(async |portal| portal.create_document(patient, &new, key).await).await },
            move |view| address.go(&format!("/staff/patients/{patient}/documents/{}", view.id)),
        );
    };
    let kinds = DocumentKind::ALL.iter();
    let kinds =
        kinds.map(|kind| Choice::new(kind.as_str(), t_word("document_kind", kind.as_str()))).collect();
    view! {
        <form on:submit=send novalidate class="app-reading-page">
            <TextField form name="title" label=t("documents.name") value=title kind=Kind::default() />
            <Radios form name="kind" legend=t("documents.kind") choices=kinds value=kind />
            <DateField form name="date" legend=t("documents.date") hint=t("documents.date_hint") value=date />
            <TextArea
                form
                name="text"
                label=t("documents.text")
                hint=t("documents.text_hint")
                value=body
                max=MAX_TEXT
            />
            <Submit form label=t("documents.go_on").to_string() />
        </form>
    }
    .into_any()
}

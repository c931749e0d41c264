//! One document before the staff: its file, its release, taking it back.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal_domain::{
    access::{Action, Category},
    documents::{DocumentState, DocumentView, DocumentWithdrawal, MAX_WITHDRAWAL},
    files::{FileKind, FileLimits, FileRefused},
    ids::{DocumentId, PatientId},
    problem::{Code, FieldError},
};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, HtmlInputElement};

use super::documents_page::{nothing, patient_of_address, state_tag};
use crate::{
    api::{ApiError, ask, document_file_path},
    shared::{
        done::Done,
        field::TextArea,
        form::{ErrorSummary, FieldMessage, Form, Submit},
        intl::{self, Style},
        list::Address,
        load::{Load, load, loaded},
        page::{Back, Page},
        practice::Practice,
        summary::{Fact, summary},
    },
    staff::parts::{PatientBar, for_role},
    text::{t, t_with, t_word},
};

/// `/staff/patients/:id/documents/:document`
#[component]
pub fn DocumentPage() -> AnyView {
    for_role(Action::View, Category::Documents, page)
}

#[derive(Clone, Copy)]
struct Desk {
    patient: PatientId,
    load: Load<DocumentView>,
    form: Form,
    said: RwSignal<String>,
}

fn page() -> AnyView {
    let (id, params) = (patient_of_address(), use_params_map());
    let document = Memo::new(move |_| {
        params.with(|params| params.get("document")).and_then(|id| id.parse::<DocumentId>().ok())
    });
    let patient = load(move || {
        let id = id.get();
        async move {
            let id = id.ok_or_else(nothing)?;
            ask(async |portal| portal.patient(id).await).await
        }
    });
    let view = load(move || {
        let ids = id.get().zip(document.get());
        async move {
            let (patient, document) = ids.ok_or_else(nothing)?;
            ask(async |portal| portal.document(patient, document).await).await
        }
    });
    let (form, said) = (Form::new(), RwSignal::new(String::new()));
    let title = Signal::derive(move || {
        view.read(|view| view.title.clone()).unwrap_or_else(|| t("documents.one").into())
    });
    let all = id.get_untracked().map(|id| format!("/staff/patients/{id}/documents"));
    let back = Back { href: all.unwrap_or_else(|| "/staff/patients".into()), label: t("documents.title") };
    view! {
        <Page title section=t("documents.title") form=form back=back>
            {loaded(
                patient,
                t("what.patient"),
                move |patient| {
                    let desk = Desk { patient: patient.summary.id, load: view, form, said };
                    let name = patient.summary.full_name();
                    view! {
                        <PatientBar patient=patient.summary />
                        <ErrorSummary form />
                        <Done said />
                        {loaded(view, t("what.document"), move |view| desk.opened(view, name.clone()))}
                    }
                        .into_any()
                },
            )}
        </Page>
    }
    .into_any()
}

impl Desk {
    fn opened(self, view: DocumentView, name: String) -> AnyView {
        let zone = Practice::here().zone();
        let at = |time| intl::format(time, Style::Short, &zone);
        let file = view.file.clone().map(|file| {
            let href = document_file_path(self.patient, view.id);
            let name = file.name.clone();
            let link = view! {
                <a href=href download=name>
                    <bdi>{file.name}</bdi>
                </a>
            };
            Fact::view(t("documents.file"), link.into_any())
        });
        let withdrawal = view.withdrawal.clone();
        let mut facts = vec![
            Fact::view(t("documents.state"), state_tag(view.state)),
            Fact::text(t("documents.kind"), t_word("document_kind", view.kind.as_str())),
            Fact::text(t("documents.date"), intl::date(view.date)),
            Fact::text(t("documents.author"), view.author.clone()),
            Fact::maybe(t("documents.released"), view.released_at.map(at)),
            Fact::maybe(t("documents.read"), view.read_at.map(at)),
            Fact::maybe(t("documents.withdrawn"), withdrawal.as_ref().map(|one| at(one.at))),
            Fact::maybe(t("documents.withdrawn_by"), withdrawal.as_ref().map(|one| one.by.clone())),
            Fact::maybe(t("documents.reason"), withdrawal.map(|one| one.reason)),
        ];
        facts.extend(file);
        let text = (!view.text.is_empty()).then(|| {
            view! {
                <div class="app-lines app-box nhsuk-u-margin-bottom-4">
                    <bdi>{view.text.clone()}</bdi>
                </div>
            }
        });
        let below = match view.state {
            DocumentState::Unreleased => self.unreleased(view, name),
            DocumentState::Released => self.released(view),
            DocumentState::Withdrawn => ().into_any(),
        };
        view! {
            {summary(facts)}
            {text}
            {below}
        }
        .into_any()
    }

    fn unreleased(self, view: DocumentView, name: String) -> AnyView {
        let address = Address::here();
        let (id, version, patient) = (view.id, view.version, self.patient);
        let title = view.title.clone();
        let release = {
            let name = name.clone();
            move |_| {
                let (key, said) =
                    (self.form.key(), t_with("documents.done", &[("title", &title), ("name", &name)]));
                self.form.send_or(
                    async move {
                        ask(async |portal| portal.release_document(patient, id, version, key).await).await
                    },
                    move |view| {
                        self.load.put(view);
                        self.said.set(said);
                    },
                    move |error| self.look_again(&error),
                );
            }
        };
        let discard = move |_| {
            self.form.send(
                async move { ask(async |portal| portal.discard_document(patient, id).await).await },
                move |()| address.replace(&format!("/staff/patients/{patient}/documents")),
            );
        };
        let has_file = view.file.is_some();
        view! {
            {(!has_file).then(|| view! { <FileField desk=self id /> })}
            <div class="nhsuk-button-group">
                <button type="button" class="nhsuk-button" on:click=release>
                    {t_with("documents.release", &[("name", &name)])}
                </button>
                <button type="button" class="nhsuk-button nhsuk-button--secondary" on:click=discard>
                    {t("documents.discard")}
                </button>
            </div>
        }
        .into_any()
    }

    fn released(self, view: DocumentView) -> AnyView {
        let reason = RwSignal::new(String::new());
        let (id, version, patient) = (view.id, view.version, self.patient);
        let send = move |event: leptos::ev::SubmitEvent| {
            event.prevent_default();
            let why = match (DocumentWithdrawal { reason: reason.get_untracked() }).check() {
                Ok(why) => why,
                Err(error) => return self.form.refuse(vec![error]),
            };
            let key = self.form.key();
            self.form.send_or(
                async move {
                    ask(async |portal| portal.withdraw_document(patient, id, version, &why, key).await).await
                },
                move |view| {
                    self.load.put(view);
                    self.said.set(t("documents.withdrawn_done").into());
                },
                move |error| self.look_again(&error),
            );
        };
        view! {
            <details class="nhsuk-details">
                <summary class="nhsuk-details__summary">
                    <span class="nhsuk-details__summary-text">{t("documents.withdraw")}</span>
                </summary>
                <div class="nhsuk-details__text">
                    <form on:submit=send novalidate>
                        <TextArea
                            form=self.form
                            name="reason"
                            label=t("documents.reason")
                            hint=t("documents.reason_hint")
                            value=reason
                            max=MAX_WITHDRAWAL
                        />
                        <Submit form=self.form label=t("documents.withdraw").to_string() warning=true />
                    </form>
                </div>
            </details>
        }
        .into_any()
    }

    /// A colleague was faster.
    fn look_again(self, error: &ApiError) {
        if matches!(error.code(), Some(Code::StaleVersion | Code::WrongState)) {
            self.load.again();
        }
    }

    fn take(self, id: DocumentId, file: File) {
        let refused = match FileKind::named(&file.name()) {
            None => Some(FileRefused::Kind),
            Some(_) if file.size() > FileLimits::USUAL.each as f64 => Some(FileRefused::TooLarge),
            Some(_) => None,
        };
        if let Some(why) = refused {
            return self.form.refuse(vec![why.at("file")]);
        }
        let patient = self.patient;
        self.form.send(
            async move {
                let buffer = JsFuture::from(file.array_buffer()).await.map_err(|_| ApiError::Network)?;
                let bytes = js_sys::Uint8Array::new(&buffer).to_vec();
                let name = file.name();
                ask(async |portal| portal.upload_document_file(patient, id, &name, bytes.clone()).await).await
            },
            move |view| {
                self.load.put(view);
                self.said.set(t("documents.file_done").into());
            },
        );
    }
}

#[component]
fn FileField(desk: Desk, id: DocumentId) -> impl IntoView {
    let choose = move |event: web_sys::Event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let Some(input) = input else { return };
        let file = input.files().and_then(|files| files.get(0));
        // The same file may be chosen again.
        input.set_value("");
        match file {
            Some(file) => desk.take(id, file),
            None => {
                desk.form.refuse(vec![FieldError::new("file", "file_empty", t("field_error.file_empty"))])
            }
        }
    };
    view! {
        <div class="nhsuk-form-group">
            <label class="nhsuk-label" for="file">
                {t("documents.add_file")}
            </label>
            <div class="nhsuk-hint" id="file-hint">
                {t("documents.file_hint")}
            </div>
            <FieldMessage form=desk.form name="file" />
            <input
                class="app-file-input"
                type="file"
                id="file"
                aria-describedby="file-hint"
                accept=".doc,.docx,.gif,.jpg,.jpeg,.pdf,.png,.rtf,.txt,.xls,.xlsx"
                on:change=choose
            />
        </div>
    }
    .into_any()
}

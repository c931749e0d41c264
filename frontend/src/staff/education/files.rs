//! The files of an item: uploaded at once, gone along with the next version once the draft is saved.

use leptos::prelude::*;
use portal_domain::{
    education::{EducationContent, EducationFile, EducationView, MAX_FILES},
    files::{FileKind, FileLimits},
    ids::{EducationFileId, EducationId},
};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, HtmlInputElement};

use crate::{
    api::{ApiError, ask},
    shared::live::{go_on, live},
    text::{t, t_with},
};

/// The files that the draft names so far.
#[derive(Clone, Copy)]
pub struct Attached(RwSignal<Vec<EducationFile>>);

impl Attached {
    /// Those of a draft.
    pub fn of(item: Option<&EducationView>, content: &EducationContent) -> Self {
        let known = item.map(|item| item.files.as_slice()).unwrap_or_default();
        let named = content.files.iter().filter_map(|id| known.iter().find(|file| file.id == *id).cloned());
        Self(RwSignal::new(named.collect()))
    }

    /// Their ids.
    pub fn ids(self) -> Vec<EducationFileId> {
        self.0.with(|files| files.iter().map(|file| file.id).collect())
    }
}

/// The field.
#[component]
pub fn Files(
    /// To which item.
    item: EducationId,
    /// Those that are there.
    attached: Attached,
) -> impl IntoView {
    let (said, busy) = (RwSignal::new(String::new()), RwSignal::new(false));
    let choose = move |event: web_sys::Event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let Some(input) = input else { return };
        let file = input.files().and_then(|files| files.get(0));
        // The same file may be chosen again.
        input.set_value("");
        let Some(file) = file.filter(|_| !busy.get_untracked()) else { return };
        let name = file.name();
        let refuse = move |why: &str| said.set(t_with("files.refused", &[("name", &name), ("why", why)]));
        if FileKind::named(&file.name()).is_none() {
            return refuse(t("library.file_kind"));
        }
        if file.size() > FileLimits::USUAL.each as f64 || attached.0.with_untracked(Vec::len) >= MAX_FILES {
            return refuse(t("library.file_large"));
        }
        said.set(String::new());
        busy.set(true);
        go_on(async move {
            let answer = send(item, &file).await;
            busy.try_set(false);
            match answer {
                Ok(file) => drop(attached.0.try_update(|files| files.push(file))),
                Err(error) => {
                    let why = error.fields().first().map(|field| field.message.clone());
                    refuse(&why.unwrap_or_else(|| t("error.network").into()));
                }
            }
        });
    };
    let row = move |file: EducationFile| {
        let (id, label) = (file.id, t_with("files.remove_what", &[("name", &file.name)]));
        view! {
            <li class="app-files__row">
                <bdi>{file.name}</bdi>
                <button
                    type="button"
                    class="nhsuk-button nhsuk-button--secondary nhsuk-button--small"
                    aria-label=label
                    on:click=move |_| attached.0.update(|files| files.retain(|other| other.id != id))
                >
                    {t("files.remove")}
                </button>
            </li>
        }
        .into_any()
    };
    view! {
        <div class="nhsuk-form-group" class:nhsuk-form-group--error=move || !said.with(String::is_empty)>
            <label class="nhsuk-label" for="files">
                {t("learn.files")}
            </label>
            <div class="nhsuk-hint" id="files-hint">
                {t("library.files_hint")}
            </div>
            <div role="alert">
                {live(move || {
                    let said = said.get();
                    (!said.is_empty()).then(|| view! { <p class="nhsuk-error-message">{said}</p> })
                })}
            </div>
            <input
                class="app-file-input"
                type="file"
                id="files"
                aria-describedby="files-hint"
                accept=".doc,.docx,.gif,.jpg,.jpeg,.pdf,.png,.rtf,.txt,.xls,.xlsx"
                on:change=choose
            />
            <p role="status">{live(move || busy.get().then(|| t("form.busy")))}</p>
            <ul class="app-files">
                {live(move || attached.0.get().into_iter().map(row).collect_view())}
            </ul>
        </div>
    }
    .into_any()
}

async fn send(item: EducationId, file: &File) -> Result<EducationFile, ApiError> {
    let buffer = JsFuture::from(file.array_buffer()).await.map_err(|_| ApiError::Network)?;
    let bytes = js_sys::Uint8Array::new(&buffer).to_vec();
    let name = file.name();
    ask(async |portal| portal.upload_education_file(item, &name, bytes.clone()).await).await
}

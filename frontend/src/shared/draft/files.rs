//! The files of a draft (MSG-3): chosen, on their way with how far they are, attached.

use leptos::prelude::*;
use portal_domain::{
    files::{FileKind, FileLimits, FileRefused},
    ids::{AttachmentId, DraftId},
    messages::AttachmentView,
    problem::Problem,
};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::{File, HtmlInputElement, ProgressEvent, XmlHttpRequest};

use super::Draft;
use crate::{
    api::{ask, upload_path},
    shared::live::{go_on, live},
    text::{t, t_with, t_word},
};

const LIMITS: FileLimits = FileLimits::USUAL;

/// A file on its way.
#[derive(Clone, Copy)]
struct Upload {
    number: usize,
    name: StoredValue<String>,
    size: u64,
    percent: RwSignal<u32>,
    request: StoredValue<XmlHttpRequest, LocalStorage>,
}

/// What the parts of this page share.
#[derive(Clone, Copy)]
struct Desk {
    draft: Draft,
    uploads: RwSignal<Vec<Upload>>,
    /// What was refused and why, a line each.
    said: RwSignal<Vec<String>>,
    count: StoredValue<usize>,
}

/// Files to attach, with those that are.
#[component]
pub fn Files(
    /// To which draft.
    draft: Draft,
) -> impl IntoView {
    let desk = Desk {
        draft,
        uploads: RwSignal::new(Vec::new()),
        said: RwSignal::new(Vec::new()),
        count: StoredValue::new(0),
    };
    let choose = move |event: web_sys::Event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let Some(input) = input else { return };
        desk.said.set(Vec::new());
        if let Some(files) = input.files() {
            for file in (0..files.length()).filter_map(|place| files.get(place)) {
                desk.take(file);
            }
        }
        // The same file may be chosen again.
        input.set_value("");
    };
    view! {
        <div class="nhsuk-form-group" class:nhsuk-form-group--error=move || !desk.said.with(Vec::is_empty)>
            <label class="nhsuk-label" for="files">{t("files.label")}</label>
            <div class="nhsuk-hint" id="files-hint">{t("files.hint")}</div>
            {live(move || {
                let lines = desk.said.get();
                let line = |line| view! { <p class="nhsuk-error-message">{line}</p> };
                (!lines.is_empty())
                    .then(|| view! { <div role="alert">{lines.into_iter().map(line).collect_view()}</div> })
            })}
            <input
                class="app-file-input"
                type="file"
                id="files"
                multiple
                aria-describedby="files-hint"
                accept=".doc,.docx,.gif,.jpg,.jpeg,.pdf,.png,.rtf,.txt,.xls,.xlsx"
                on:change=choose
            />
            <ul class="app-files">
                {live(move || draft.files().into_iter().map(|file| attached(desk, file)).collect_view())}
                {live(move || desk.uploads.get().into_iter().map(|upload| on_its_way(desk, upload)).collect_view())}
            </ul>
        </div>
    }
    .into_any()
}

fn attached(desk: Desk, file: AttachmentView) -> AnyView {
    let (id, label) = (file.id, t_with("files.remove_what", &[("name", &file.name)]));
    let size = t_with("thread.file_size", &[("size", &(file.size / 1024 + 1).to_string())]);
    view! {
        <li class="app-files__row">
            <span>
                <bdi>{file.name}</bdi>
                " "
                <span class="app-quiet">{size}</span>
            </span>
            <button
                type="button"
                class="nhsuk-button nhsuk-button--secondary nhsuk-button--small"
                aria-label=label
                on:click=move |_| desk.remove(id)
            >
                {t("files.remove")}
            </button>
        </li>
    }
    .into_any()
}

fn on_its_way(desk: Desk, upload: Upload) -> AnyView {
    let name = upload.name.get_value();
    let (label, cancel) =
        (t_with("files.sending", &[("name", &name)]), t_with("files.cancel_what", &[("name", &name)]));
    view! {
        <li class="app-files__row">
            <span>
                <bdi>{name}</bdi>
                " "
                <progress max="100" aria-label=label prop:value=move || upload.percent.get()></progress>
                " "
                {live(move || t_with("files.percent", &[("percent", &upload.percent.get().to_string())]))}
            </span>
            <button
                type="button"
                class="nhsuk-button nhsuk-button--secondary nhsuk-button--small"
                aria-label=cancel
                on:click=move |_| {
                    // Aborting a request that has ended does nothing.
                    let _ = upload.request.with_value(XmlHttpRequest::abort);
                    desk.end(upload.number);
                }
            >
                {t("files.cancel")}
            </button>
        </li>
    }
    .into_any()
}

impl Desk {
    fn say(self, name: &str, why: &str) {
        self.said.try_update(|said| said.push(t_with("files.refused", &[("name", name), ("why", why)])));
    }

    fn end(self, number: usize) {
        self.uploads.try_update(|uploads| uploads.retain(|upload| upload.number != number));
        self.draft.on_their_way(self.uploads.try_with_untracked(Vec::len).unwrap_or_default());
    }

    /// Sends a file, unless it is clear already that it will be refused.
    fn take(self, file: File) {
        let (name, size) = (file.name(), file.size() as u64);
        let attached = self.draft.files_now();
        let sizes = attached.iter().map(|file| u64::try_from(file.size).unwrap_or_default());
        let sizes = sizes.chain(self.uploads.get_untracked().into_iter().map(|upload| upload.size));
        let present: Vec<(u64, &[u8])> = sizes.map(|size| (size, [].as_slice())).collect();
        let refused = match FileKind::named(&name) {
            None => Some(FileRefused::Kind),
            // Whether it is there already only the server can tell.
            Some(_) => LIMITS.admit(&present, size, b"unknown").err(),
        };
        if let Some(why) = refused {
            return self.say(&name, &why.to_string());
        }
        let Ok(request) = XmlHttpRequest::new() else { return self.say(&name, t("error.network")) };
        let number = self.count.try_update_value(|count| {
            *count += 1;
            *count
        });
        let upload = Upload {
            number: number.unwrap_or_default(),
            name: StoredValue::new(name),
            size,
            percent: RwSignal::new(0),
            request: StoredValue::new_local(request),
        };
        self.uploads.update(|uploads| uploads.push(upload));
        self.draft.on_their_way(self.uploads.with_untracked(Vec::len));
        self.draft.begun(Box::new(move |draft| match draft {
            Some(draft) => self.send(upload, draft, file),
            None => {
                self.say(&upload.name.get_value(), t("error.network"));
                self.end(upload.number);
            }
        }));
    }

    fn send(self, upload: Upload, draft: DraftId, file: File) {
        let name = upload.name.get_value();
        let is_wanted = self.uploads.with_untracked(|all| all.iter().any(|one| one.number == upload.number));
        if !is_wanted {
            return; // Cancelled while the draft was begun.
        }
        let request = upload.request.get_value();
        let query = js_sys::encode_uri_component(&name);
        let address = format!("{}?name={query}", upload_path(self.draft.patient, draft));
        let progress = Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| {
            let share = if event.total() > 0.0 { event.loaded() / event.total() } else { 0.0 };
            upload.percent.try_set((share * 100.0) as u32);
        });
        let answered = {
            let (request, name) = (request.clone(), name.clone());
            Closure::<dyn Fn()>::new(move || {
                self.hear(&request, &name);
                self.end(upload.number);
            })
        };
        let lost = {
            let name = name.clone();
            Closure::<dyn Fn()>::new(move || {
                self.say(&name, t("error.network"));
                self.end(upload.number);
            })
        };
        if let Ok(sending) = request.upload() {
            sending.set_onprogress(Some(function(progress).unchecked_ref()));
        }
        request.set_onload(Some(function(answered).unchecked_ref()));
        request.set_onerror(Some(function(lost).unchecked_ref()));
        let sent = request
            .open("POST", &address)
            .and_then(|()| request.set_request_header("content-type", "application/octet-stream"))
            .and_then(|()| request.send_with_opt_blob(Some(&file)));
        if sent.is_err() {
            self.say(&name, t("error.network"));
            self.end(upload.number);
        }
    }

    /// What the server says of a file.
    fn hear(self, request: &XmlHttpRequest, name: &str) {
        let body = request.response_text().ok().flatten().unwrap_or_default();
        if request.status() == Ok(201)
            && let Ok(file) = serde_json::from_str::<AttachmentView>(&body)
        {
            return self.draft.with_files(move |files| files.push(file));
        }
        let why = match serde_json::from_str::<Problem>(&body) {
            Ok(problem) => match problem.errors.first() {
                Some(error) => error.message.clone(),
                None => t_word("problem", problem.code.as_str()).to_string(),
            },
            Err(_) => t("error.network").to_string(),
        };
        self.say(name, &why);
    }

    fn remove(self, file: AttachmentId) {
        let Some(seen) = self.draft.seen_now() else { return };
        let patient = self.draft.patient;
        go_on(async move {
            match ask(async |portal| portal.remove_attachment(patient, seen.id, file).await).await {
                Ok(()) => self.draft.with_files(move |files| files.retain(|other| other.id != file)),
                Err(_) => {
                    self.said.try_update(|said| said.push(t("error.network").to_string()));
                }
            }
        });
    }
}

/// A closure that lives as long as the browser holds it.
fn function<T: ?Sized + wasm_bindgen::closure::WasmClosure>(closure: Closure<T>) -> JsValue {
    closure.into_js_value()
}

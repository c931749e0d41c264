//! A form's life: its errors, whether it is on its way, and the key by which the server knows a repeat.

use std::future::Future;

use leptos::prelude::*;
use portal_domain::problem::{Code, FieldError};
use uuid::Uuid;
use wasm_bindgen::JsCast;

use super::{
    live::{Work, follow, go_on, live},
    problem_view::sentence,
};
use crate::{
    api::ApiError,
    text::{t, t_word, t_word_opt},
};

/// One form on one page.
#[derive(Clone, Copy)]
pub struct Form {
    errors: RwSignal<Vec<FieldError>>,
    failure: RwSignal<Option<ApiError>>,
    busy: RwSignal<bool>,
    /// Raised at each refusal, so that the summary takes focus each time.
    told: RwSignal<u32>,
    key: StoredValue<Uuid>,
}

impl Form {
    /// A form without errors.
    pub fn new() -> Self {
        Self {
            errors: RwSignal::new(Vec::new()),
            failure: RwSignal::new(None),
            busy: RwSignal::new(false),
            told: RwSignal::new(0),
            key: StoredValue::new(Uuid::new_v4()),
        }
    }

    /// The key by which the server knows a repeat of this act. It stays until the server has answered.
    pub fn key(self) -> Uuid {
        self.key.get_value()
    }

    /// Whether an answer is under way.
    pub fn busy(self) -> bool {
        self.busy.get()
    }

    /// Whether something is wrong.
    pub fn wrong(self) -> bool {
        self.failure.with(Option::is_some) || !self.errors.with(Vec::is_empty)
    }

    /// Shows what is wrong; nothing was sent.
    pub fn refuse(self, errors: Vec<FieldError>) {
        self.failure.set(None);
        self.errors.set(errors);
        self.told.update(|told| *told += 1);
    }

    /// Says what went wrong with something that is no field and no request.
    pub fn say(self, sentence: &str) {
        self.refuse(vec![FieldError::new("", "said", sentence)]);
    }

    /// Shows a refusal of the whole request at the one field that it is about.
    pub fn refuse_at(self, field: &str, code: Code) {
        let message = t_word("problem", code.as_str());
        self.refuse(vec![FieldError::new(field, code.as_str(), message)]);
    }

    /// Begins anew, for another thing: no errors and another key.
    pub fn renew(self) {
        self.clear();
        self.key.set_value(Uuid::new_v4());
    }

    /// Forgets what was wrong.
    pub fn clear(self) {
        self.failure.set(None);
        self.errors.set(Vec::new());
    }

    /// The message of a field, when it is at fault.
    pub fn message(self, field: &str) -> Option<String> {
        self.errors.with(|errors| errors.iter().find(|error| error.field == field).map(words_of))
    }

    /// The code of the last refusal.
    pub fn code(self) -> Option<Code> {
        self.failure.with(|failure| failure.as_ref().and_then(ApiError::code))
    }

    /// Sends: nothing else is sent meanwhile, a refusal is shown, and `done` gets the answer.
    pub fn send<T: 'static>(
        self,
        call: impl Future<Output = Result<T, ApiError>> + 'static,
        done: impl FnOnce(T) + 'static,
    ) {
        self.send_or(call, done, |_| ());
    }

    /// [`Form::send`] that also hands over what went wrong, after it is shown.
    pub fn send_or<T: 'static>(
        self,
        call: impl Future<Output = Result<T, ApiError>> + 'static,
        done: impl FnOnce(T) + 'static,
        failed: impl FnOnce(ApiError) + 'static,
    ) {
        self.carry_out(Box::pin(call), Box::new(done), Box::new(failed));
    }

    fn carry_out<T: 'static>(
        self,
        call: Work<Result<T, ApiError>>,
        done: Box<dyn FnOnce(T)>,
        failed: Box<dyn FnOnce(ApiError)>,
    ) {
        if self.busy.get_untracked() {
            return;
        }
        self.clear();
        self.busy.set(true);
        go_on(async move {
            let answer = call.await;
            if self.busy.try_set(false).is_some() {
                return; // The page is gone.
            }
            match answer {
                Ok(answer) => {
                    // The next act on this page is another one.
                    self.key.try_set_value(Uuid::new_v4());
                    done(answer);
                }
                // Nothing was done, and the person knows why: the form stands as it stood.
                Err(ApiError::Unconfirmed) => {}
                Err(error) => {
                    self.fail(&error);
                    failed(error);
                }
            }
        });
    }

    /// Shows what went wrong.
    pub fn fail(self, error: &ApiError) {
        // Once the server has decided about this key the next try is another act. Without a decision the same act may be on
        // its way, and done by now.
        if error.is_decided() {
            self.key.set_value(Uuid::new_v4());
        }
        self.errors.set(error.fields().to_vec());
        let about_fields = !error.fields().is_empty();
        self.failure.set((!about_fields).then(|| error.clone()));
        self.told.update(|told| *told += 1);
    }
}

/// What is wrong with a field: the catalogue's words where it has them, else the rule's own.
fn words_of(error: &FieldError) -> String {
    t_word_opt("field_error", &error.code).map_or_else(|| error.message.clone(), Into::into)
}

/// Moves focus to the element of this id.
pub fn focus(id: &str) {
    let element = document().get_element_by_id(id);
    if let Some(element) = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        // An element that can't take focus stays as it is.
        let _ = element.focus();
    }
}

/// An id for a field path such as `preferred[0].date`.
pub fn id_of(field: &str) -> String {
    field.replace(['[', ']', '.'], "-")
}

/// What is wrong with the form, above it, with a link to each field. Takes focus at every refusal.
#[component]
pub fn ErrorSummary(
    /// Whose errors.
    form: Form,
) -> impl IntoView {
    let summary = NodeRef::<leptos::html::Div>::new();
    follow(move |_| {
        if form.told.get() > 0 {
            request_animation_frame(move || {
                if let Some(summary) = summary.try_get_untracked().flatten() {
                    let _ = summary.focus();
                }
            });
        }
    });
    let link = |error: &FieldError| {
        if error.field.is_empty() {
            return view! { <li>{words_of(error)}</li> }.into_any();
        }
        let id = id_of(&error.field);
        let href = format!("#{id}");
        let go = move |event: leptos::ev::MouseEvent| {
            event.prevent_default();
            event.stop_propagation();
            focus(&id);
        };
        view! {
            <li>
                <a href=href on:click=go>
                    {words_of(error)}
                </a>
            </li>
        }
        .into_any()
    };
    live(move || {
        form.wrong().then(|| {
            let failure = form.failure.get().map(|failure| view! { <li>{sentence(&failure)}</li> });
            view! {
                <div class="nhsuk-error-summary" tabindex="-1" node_ref=summary>
                    <div role="alert">
                        <h2 class="nhsuk-error-summary__heading">{t("form.problem")}</h2>
                        <div class="nhsuk-error-summary__body">
                            <ul class="nhsuk-list nhsuk-error-summary__list">
                                {failure} {form.errors.get().iter().map(link).collect_view()}
                            </ul>
                        </div>
                    </div>
                </div>
            }
            .into_any()
        })
    })
}

/// The button that sends a form: off and saying so while an answer is under way.
#[component]
pub fn Submit(
    /// Whose button.
    form: Form,
    /// What it does.
    #[prop(into)]
    label: Signal<String>,
    /// Whether it undoes or refuses something.
    #[prop(optional)]
    warning: bool,
) -> impl IntoView {
    let class = if warning { "nhsuk-button nhsuk-button--warning" } else { "nhsuk-button" };
    view! {
        <button type="submit" class=class aria-disabled=move || form.busy().then_some("true")>
            {live(move || if form.busy() { t("form.busy").to_string() } else { label.get() })}
        </button>
    }
    .into_any()
}

/// The message of a field, above it.
#[component]
pub fn FieldMessage(
    /// Whose.
    form: Form,
    /// The field's path.
    name: &'static str,
) -> impl IntoView {
    live(move || {
        form.message(name).map(|message| {
            view! {
                <span class="nhsuk-error-message" id=format!("{}-error", id_of(name))>
                    <span class="nhsuk-u-visually-hidden">{t("form.error")}</span>
                    " "
                    {message}
                </span>
            }
            .into_any()
        })
    })
}

/// What describes a field: its hint and its message, as `aria-describedby` wants them.
pub fn described_by(form: Form, name: &'static str, hint: bool) -> impl Fn() -> Option<String> + Clone {
    move || {
        let id = id_of(name);
        match (hint, form.message(name).is_some()) {
            (true, true) => Some(format!("{id}-hint {id}-error")),
            (true, false) => Some(format!("{id}-hint")),
            (false, true) => Some(format!("{id}-error")),
            (false, false) => None,
        }
    }
}

/// The class of the box round a field.
pub fn group_class(form: Form, name: &'static str) -> impl Fn() -> &'static str + Clone {
    move || match form.message(name) {
        Some(_) => "nhsuk-form-group nhsuk-form-group--error",
        None => "nhsuk-form-group",
    }
}

//! Fields to type in. A field is never emptied by a refusal.

use leptos::prelude::*;

use super::{
    form::{FieldMessage, Form, described_by, group_class, id_of},
    live::live,
};
use crate::{
    kept::keep_field,
    text::{t, t_count},
};

/// What kind of text a field takes, for keyboards and password managers.
#[derive(Clone, Copy, Default)]
pub struct Kind {
    /// The `autocomplete` token.
    pub autocomplete: &'static str,
    /// Whether it is a code or a name: no spelling, no capitals.
    pub verbatim: bool,
    /// A class for the width.
    pub width: &'static str,
    /// The input's type where it is not `text`: `date`, `time`, `search`, `email`.
    pub input: &'static str,
    /// The keyboard that a phone shows, where the type does not say it: `numeric`.
    pub keyboard: &'static str,
}

/// One line of text.
#[component]
pub fn TextField(
    /// Whose errors.
    form: Form,
    /// The field's path in requests; also its id.
    name: &'static str,
    /// Its label.
    label: &'static str,
    /// The text.
    value: RwSignal<String>,
    /// A word of help.
    #[prop(optional)]
    hint: Option<&'static str>,
    /// What is typed.
    #[prop(optional)]
    kind: Kind,
) -> impl IntoView {
    let id = id_of(name);
    // A code is of this moment only.
    if kind.autocomplete != "one-time-code" {
        keep_field(name, value);
    }
    let invalid = move || form.message(name).is_some();
    let class = move || match (kind.width, invalid()) {
        ("", true) => "nhsuk-input nhsuk-input--error".to_string(),
        ("", false) => "nhsuk-input".into(),
        (width, true) => format!("nhsuk-input nhsuk-input--error {width}"),
        (width, false) => format!("nhsuk-input {width}"),
    };
    view! {
        <div class=group_class(form, name)>
            <label class="nhsuk-label" for=id.clone()>
                {label}
            </label>
            {hint.map(|hint| view! { <div class="nhsuk-hint" id=format!("{id}-hint")>{hint}</div> })}
            <FieldMessage form name />
            <input
                class=class
                id=id
                name=name
                type=if kind.input.is_empty() { "text" } else { kind.input }
                autocomplete=(!kind.autocomplete.is_empty()).then_some(kind.autocomplete)
                inputmode=(!kind.keyboard.is_empty()).then_some(kind.keyboard)
                spellcheck=kind.verbatim.then_some("false")
                autocapitalize=kind.verbatim.then_some("none")
                aria-describedby=described_by(form, name, hint.is_some())
                aria-invalid=move || invalid().then_some("true")
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            />
        </div>
    }
    .into_any()
}

/// A password, hidden until asked for. Pasting and password managers work.
#[component]
pub fn PasswordField(
    /// Whose errors.
    form: Form,
    /// The field's path in requests; also its id.
    name: &'static str,
    /// Its label.
    label: &'static str,
    /// The text.
    value: RwSignal<String>,
    /// `current-password` or `new-password`.
    autocomplete: &'static str,
    /// An element that says more, by id.
    #[prop(optional)]
    about: Option<&'static str>,
) -> impl IntoView {
    let shown = RwSignal::new(false);
    let invalid = move || form.message(name).is_some();
    let describe = described_by(form, name, false);
    let describe = move || match (describe(), about) {
        (Some(own), Some(about)) => Some(format!("{own} {about}")),
        (own, about) => own.or_else(|| about.map(Into::into)),
    };
    let class = move || {
        if invalid() {
            "nhsuk-input nhsuk-input--error nhsuk-password-input__input"
        } else {
            "nhsuk-input nhsuk-password-input__input"
        }
    };
    view! {
        <div class=move || {
            if invalid() {
                "nhsuk-form-group nhsuk-form-group--error nhsuk-password-input"
            } else {
                "nhsuk-form-group nhsuk-password-input"
            }
        }>
            <label class="nhsuk-label" for=name>
                {label}
            </label>
            <FieldMessage form name />
            <div class="nhsuk-input-wrapper">
                <input
                    class=class
                    id=name
                    name=name
                    type=move || if shown.get() { "text" } else { "password" }
                    autocomplete=autocomplete
                    spellcheck="false"
                    autocapitalize="none"
                    aria-describedby=describe
                    aria-invalid=move || invalid().then_some("true")
                    prop:value=move || value.get()
                    on:input=move |event| value.set(event_target_value(&event))
                />
                <button
                    type="button"
                    class="nhsuk-button nhsuk-button--secondary nhsuk-button--small nhsuk-password-input__toggle"
                    aria-controls=name
                    aria-label=move || if shown.get() { t("password.hide_password") } else { t("password.show_password") }
                    on:click=move |_| shown.update(|shown| *shown = !*shown)
                >
                    {live(move || if shown.get() { t("password.hide") } else { t("password.show") })}
                </button>
            </div>
        </div>
    }
    .into_any()
}

/// Several lines of text, with a count of what is left once it is little.
#[component]
pub fn TextArea(
    /// Whose errors.
    form: Form,
    /// The field's path in requests; also its id.
    name: &'static str,
    /// Its label.
    label: &'static str,
    /// The text.
    value: RwSignal<String>,
    /// The longest text, in characters.
    max: usize,
    /// A word of help.
    #[prop(optional)]
    hint: Option<&'static str>,
    /// Lines shown.
    #[prop(default = 4)]
    rows: u32,
) -> impl IntoView {
    let id = id_of(name);
    keep_field(name, value);
    let invalid = move || form.message(name).is_some();
    let left = Memo::new(move |_| max as i64 - value.with(|value| value.trim().chars().count()) as i64);
    let count = move || match left.get() {
        left if left < 0 => t_count("form.too_many_characters", -left),
        left if left <= max as i64 / 4 => t_count("form.characters_left", left),
        _ => String::new(),
    };
    view! {
        <div class=group_class(form, name)>
            <label class="nhsuk-label" for=id.clone()>
                {label}
            </label>
            {hint.map(|hint| view! { <div class="nhsuk-hint" id=format!("{id}-hint")>{hint}</div> })}
            <FieldMessage form name />
            <textarea
                class=move || if invalid() { "nhsuk-textarea nhsuk-textarea--error" } else { "nhsuk-textarea" }
                id=id
                name=name
                rows=rows
                aria-describedby=described_by(form, name, hint.is_some())
                aria-invalid=move || invalid().then_some("true")
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            ></textarea>
            <p class="app-quiet" role="status">
                {count}
            </p>
        </div>
    }
    .into_any()
}

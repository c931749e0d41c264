//! One of several answers, or yes.

use leptos::prelude::*;

use super::form::{FieldMessage, Form, described_by, group_class, id_of};
use crate::kept::keep_field;

/// An answer to choose.
#[derive(Clone)]
pub struct Choice {
    /// What the form keeps.
    pub value: String,
    /// What people read.
    pub label: String,
    /// A line below it; may be empty.
    pub hint: String,
}

impl Choice {
    /// An answer without a second line.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), hint: String::new() }
    }

    /// The same with a second line.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

/// A question with one answer.
#[component]
pub fn Radios(
    /// Whose errors.
    form: Form,
    /// The field's path in requests; also the id of its first answer.
    name: &'static str,
    /// The question.
    legend: &'static str,
    /// Whether the question stands in the page's heading already, so that only screen readers need it here.
    #[prop(optional)]
    hidden_legend: bool,
    /// The answers.
    choices: Vec<Choice>,
    /// The chosen answer's value.
    value: RwSignal<String>,
) -> impl IntoView {
    let id = id_of(name);
    keep_field(name, value);
    let item = move |(index, choice): (usize, Choice)| {
        let own_id = if index == 0 { id.clone() } else { format!("{id}-{index}") };
        let hint_id = format!("{own_id}-hint");
        let (mine, checked) = (choice.value.clone(), choice.value.clone());
        let hint = !choice.hint.is_empty();
        view! {
            <div class="nhsuk-radios__item">
                <input
                    class="nhsuk-radios__input"
                    id=own_id.clone()
                    name=name
                    type="radio"
                    value=choice.value
                    aria-describedby=hint.then(|| hint_id.clone())
                    prop:checked=move || value.with(|value| *value == checked)
                    on:change=move |_| value.set(mine.clone())
                />
                <label class="nhsuk-label nhsuk-radios__label" for=own_id>
                    <bdi>{choice.label}</bdi>
                </label>
                {hint
                    .then(|| {
                        view! {
                            <div class="nhsuk-hint nhsuk-radios__hint" id=hint_id>
                                {choice.hint}
                            </div>
                        }
                    })}
            </div>
        }
        .into_any()
    };
    let legend_class = if hidden_legend {
        "nhsuk-u-visually-hidden"
    } else {
        "nhsuk-fieldset__legend nhsuk-fieldset__legend--s"
    };
    view! {
        <div class=group_class(form, name)>
            <fieldset class="nhsuk-fieldset" aria-describedby=described_by(form, name, false)>
                <legend class=legend_class>{legend}</legend>
                <FieldMessage form name />
                <div class="nhsuk-radios">{choices.into_iter().enumerate().map(item).collect_view()}</div>
            </fieldset>
        </div>
    }
    .into_any()
}

/// A box to tick.
#[component]
pub fn Checkbox(
    /// Whose errors.
    form: Form,
    /// The field's path in requests; also its id.
    name: &'static str,
    /// What is agreed to.
    label: &'static str,
    /// Whether it is ticked.
    value: RwSignal<bool>,
) -> impl IntoView {
    view! {
        <div class=group_class(form, name)>
            <FieldMessage form name />
            <div class="nhsuk-checkboxes">
                <div class="nhsuk-checkboxes__item">
                    <input
                        class="nhsuk-checkboxes__input"
                        id=name
                        name=name
                        type="checkbox"
                        aria-describedby=described_by(form, name, false)
                        prop:checked=move || value.get()
                        on:change=move |event| value.set(event_target_checked(&event))
                    />
                    <label class="nhsuk-label nhsuk-checkboxes__label" for=name>
                        {label}
                    </label>
                </div>
            </div>
        </div>
    }
    .into_any()
}

/// Several answers of a list.
#[component]
pub fn Checkboxes(
    /// Whose errors.
    form: Form,
    /// The field's path in requests; also the id of its first answer.
    name: &'static str,
    /// The question.
    legend: &'static str,
    /// The answers.
    choices: Vec<Choice>,
    /// The values of those that are ticked.
    value: RwSignal<Vec<String>>,
) -> impl IntoView {
    let id = id_of(name);
    let item = move |(index, choice): (usize, Choice)| {
        let own_id = if index == 0 { id.clone() } else { format!("{id}-{index}") };
        let hint_id = format!("{own_id}-hint");
        let (mine, checked) = (choice.value.clone(), choice.value.clone());
        let hint = !choice.hint.is_empty();
        let tick = move |event: leptos::ev::Event| {
            let ticked = event_target_checked(&event);
            value.update(|value| {
                value.retain(|other| *other != mine);
                if ticked {
                    value.push(mine.clone());
                }
            });
        };
        view! {
            <div class="nhsuk-checkboxes__item">
                <input
                    class="nhsuk-checkboxes__input"
                    id=own_id.clone()
                    name=name
                    type="checkbox"
                    value=choice.value
                    aria-describedby=hint.then(|| hint_id.clone())
                    prop:checked=move || value.with(|value| value.contains(&checked))
                    on:change=tick
                />
                <label class="nhsuk-label nhsuk-checkboxes__label" for=own_id>
                    {choice.label}
                </label>
                {hint
                    .then(|| {
                        view! {
                            <div class="nhsuk-hint nhsuk-checkboxes__hint" id=hint_id>
                                {choice.hint}
                            </div>
                        }
                    })}
            </div>
        }
        .into_any()
    };
    view! {
        <div class=group_class(form, name)>
            <fieldset class="nhsuk-fieldset" aria-describedby=described_by(form, name, false)>
                <legend class="nhsuk-fieldset__legend nhsuk-fieldset__legend--s">{legend}</legend>
                <FieldMessage form name />
                <div class="nhsuk-checkboxes">{choices.into_iter().enumerate().map(item).collect_view()}</div>
            </fieldset>
        </div>
    }
    .into_any()
}

/// One of many, in little room.
#[component]
pub fn Select(
    /// Whose errors.
    form: Form,
    /// The field's path in requests; also its id.
    name: &'static str,
    /// Its label.
    label: &'static str,
    /// The answers.
    choices: Vec<Choice>,
    /// The chosen answer's value.
    value: RwSignal<String>,
) -> impl IntoView {
    let id = id_of(name);
    keep_field(name, value);
    let option = move |choice: Choice| {
        let mine = choice.value.clone();
        view! {
            <option value=choice.value prop:selected=move || value.with(|value| *value == mine)>
                {choice.label}
            </option>
        }
        .into_any()
    };
    view! {
        <div class=group_class(form, name)>
            <label class="nhsuk-label" for=id.clone()>
                {label}
            </label>
            <FieldMessage form name />
            <select
                class="nhsuk-select"
                id=id
                name=name
                aria-describedby=described_by(form, name, false)
                on:change=move |event| value.set(event_target_value(&event))
            >
                {choices.into_iter().map(option).collect_view()}
            </select>
        </div>
    }
    .into_any()
}

//! A date in three fields: people know their date of birth by heart and type it faster than any calendar opens.

use leptos::prelude::*;
use portal_domain::{
    problem::FieldError,
    time::{Date, is_plausible},
};

use super::form::{FieldMessage, Form, described_by, group_class, id_of};
use crate::{kept::keep_field, text::t};

/// What is typed of a date.
#[derive(Clone, Copy)]
pub struct DateText {
    /// Month of the year.
    pub month: RwSignal<String>,
    /// Day of the month.
    pub day: RwSignal<String>,
    /// Year with four digits.
    pub year: RwSignal<String>,
}

impl DateText {
    /// Nothing typed yet.
    pub fn new() -> Self {
        let text = || RwSignal::new(String::new());
        Self { month: text(), day: text(), year: text() }
    }

    /// Whether nothing is typed.
    pub fn is_empty(self) -> bool {
        [self.month, self.day, self.year].into_iter().all(|part| part.with(|part| part.trim().is_empty()))
    }

    /// The date, or what is wrong with it at `field`.
    pub fn parse(self, field: &str) -> Result<Date, FieldError> {
        if self.is_empty() {
            return Err(FieldError::new(field, "date_missing", t("field_error.date_missing")));
        }
        let part = |text: RwSignal<String>| text.with(|text| text.trim().parse::<u32>().ok());
        let date = || Date::from_ymd_opt(part(self.year)? as i32, part(self.month)?, part(self.day)?);
        date()
            .filter(|date| is_plausible(*date))
            .ok_or_else(|| FieldError::new(field, "not_a_date", t("field_error.not_a_date")))
    }
}

/// A date to type.
#[component]
pub fn DateField(
    /// Whose errors.
    form: Form,
    /// The field's path in requests; also the id of its first part.
    name: &'static str,
    /// What date.
    legend: &'static str,
    /// A word of help.
    hint: &'static str,
    /// What is typed.
    value: DateText,
    /// Whether it is the own date of birth, so that the browser may fill it in.
    #[prop(optional)]
    birthday: bool,
) -> impl IntoView {
    let id = id_of(name);
    let hint_id = format!("{id}-hint");
    for (own, text) in [("month", value.month), ("day", value.day), ("year", value.year)] {
        keep_field(&format!("{name}-{own}"), text);
    }
    let part = move |label: &'static str, own: &'static str, width: &'static str, text: RwSignal<String>| {
        // The summary's link leads to the first part.
        let part_id = if own == "month" { id.clone() } else { format!("{id}-{own}") };
        let autocomplete = birthday.then(|| format!("bday-{own}"));
        let class = move || match form.message(name) {
            Some(_) => format!("nhsuk-input nhsuk-date-input__input nhsuk-input--error {width}"),
            None => format!("nhsuk-input nhsuk-date-input__input {width}"),
        };
        view! {
            <div class="nhsuk-date-input__item">
                <label class="nhsuk-label nhsuk-date-input__label" for=part_id.clone()>
                    {label}
                </label>
                <input
                    class=class
                    id=part_id
                    name=format!("{name}-{own}")
                    type="text"
                    inputmode="numeric"
                    maxlength=if own == "year" { "4" } else { "2" }
                    autocomplete=autocomplete
                    prop:value=move || text.get()
                    on:input=move |event| text.set(event_target_value(&event))
                />
            </div>
        }
        .into_any()
    };
    view! {
        <div class=group_class(form, name)>
            <fieldset class="nhsuk-fieldset" role="group" aria-describedby=described_by(form, name, true)>
                <legend class="nhsuk-fieldset__legend">{legend}</legend>
                <div class="nhsuk-hint" id=hint_id>
                    {hint}
                </div>
                <FieldMessage form name />
                <div class="nhsuk-date-input">
                    {part(t("date.month"), "month", "nhsuk-input--width-2", value.month)}
                    {part(t("date.day"), "day", "nhsuk-input--width-2", value.day)}
                    {part(t("date.year"), "year", "nhsuk-input--width-4", value.year)}
                </div>
            </fieldset>
        </div>
    }
    .into_any()
}

//! What the practice decides for everybody: how strict accounts are (SEC-2, SEC-3, ENR-1), and whether health records are
//! offered online (PHR-1).

use leptos::prelude::*;
use portal_domain::{
    access::{Action, Category},
    practice::{Policies, PoliciesView},
    problem::{Code, FieldError},
};

use super::ages::Ages;
use crate::{
    api::ask,
    shared::{
        choice::Checkbox,
        done::Done,
        field::{Kind, TextField},
        form::{ErrorSummary, Form, Submit},
        load::{Load, load, loaded},
        page::Page,
    },
    staff::parts::for_role,
    text::t,
};

/// `/staff/settings/policies`
#[component]
pub fn PoliciesPage() -> AnyView {
    for_role(Action::Change, Category::Settings, || {
        let form = Form::new();
        let said = RwSignal::new(String::new());
        let policies = load(|| ask(async |portal| portal.policies().await));
        view! {
            <Page title=t("staff.nav.policies").to_string() section=t("shell.staff_portal") form=form reading=true>
                <ErrorSummary form />
                <Done said />
                {loaded(
                    policies,
                    t("what.policies"),
                    move |view| view! { <PoliciesForm view form said policies /> }.into_any(),
                )}
                <Ages />
            </Page>
        }
        .into_any()
    })
}

/// A whole number that was typed, or what to do about it.
fn number(field: &str, text: RwSignal<String>) -> Result<i64, FieldError> {
    let wrong = |_| FieldError::new(field, "not_a_number", t("field_error.not_a_number"));
    text.with_untracked(|text| text.trim().parse()).map_err(wrong)
}

#[component]
fn PoliciesForm(
    view: PoliciesView,
    form: Form,
    said: RwSignal<String>,
    policies: Load<PoliciesView>,
) -> impl IntoView {
    let PoliciesView { version, policies: now } = view;
    let text = |number: i64| RwSignal::new(number.to_string());
    let (patients, staff, hours) =
        (text(now.patient_idle_minutes), text(now.staff_idle_minutes), text(now.enrolment_token_hours));
    let second_step = RwSignal::new(now.staff_second_step);
    let health_records = RwSignal::new(now.health_records);
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        said.set(String::new());
        let mut errors = Vec::new();
        let mut read =
            |field: &str, text| number(field, text).map_err(|error| errors.push(error)).unwrap_or_default();
        let changed = Policies {
            patient_idle_minutes: read("patient_idle_minutes", patients),
            staff_idle_minutes: read("staff_idle_minutes", staff),
            staff_second_step: second_step.get_untracked(),
            enrolment_token_hours: read("enrolment_token_hours", hours),
            health_records: health_records.get_untracked(),
        };
        if errors.is_empty() {
            errors = changed.check();
        }
        if !errors.is_empty() {
            return form.refuse(errors);
        }
        form.send_or(
            async move { ask(async |portal| portal.change_policies(version, &changed).await).await },
            move |view| {
                policies.put(view);
                said.set(t("policies.saved").into());
            },
            // Somebody else was faster: their version is shown, the message says so.
            move |error| {
                if error.code() == Some(Code::StaleVersion) {
                    policies.again();
                }
            },
        );
    };
    let kind = Kind {
        width: "nhsuk-input--width-4",
        keyboard: "numeric",
        autocomplete: "off",
        ..Default::default()
    };
    view! {
        <form on:submit=send novalidate>
            <TextField
                form
                name="patient_idle_minutes"
                label=t("policies.patient_idle")
                hint=t("policies.idle_hint")
                value=patients
                kind
            />
            <TextField
                form
                name="staff_idle_minutes"
                label=t("policies.staff_idle")
                hint=t("policies.idle_hint")
                value=staff
                kind
            />
            <TextField
                form
                name="enrolment_token_hours"
                label=t("policies.hours")
                hint=t("policies.hours_hint")
                value=hours
                kind
            />
            <Checkbox form name="staff_second_step" label=t("policies.second_step") value=second_step />
            <p class="app-quiet">{t("policies.second_step_text")}</p>
            <Checkbox form name="health_records" label=t("policies.health_records") value=health_records />
            <p class="app-quiet">{t("policies.health_records_text")}</p>
            <Submit form label=t("policies.save").to_string() />
        </form>
    }
    .into_any()
}

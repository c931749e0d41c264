//! To whom one record is restricted, and why (ADM-6).

use leptos::prelude::*;
use portal_domain::{
    access::{Action, Category},
    ids::PatientId,
    problem::{Code, FieldError, Problem},
    restricted::{NewRestrictedRecord, RestrictedReason, RestrictedStanding, StaffChoice},
};

use crate::{
    api::{ApiError, ask},
    shared::{
        choice::{Checkboxes, Choice, Radios},
        done::Done,
        form::{ErrorSummary, Form, Submit},
        intl::{self, Style},
        list::Address,
        load::{Load, load, loaded},
        page::{Back, Page},
        practice::Practice,
    },
    staff::parts::{PatientBar, for_role},
    text::{t, t_with, t_word},
};

/// `/staff/reports/restricted?patient=`
#[component]
pub fn RestrictedPage() -> AnyView {
    for_role(Action::Change, Category::RestrictedAccess, || view! { <Open /> }.into_any())
}

#[component]
fn Open() -> impl IntoView {
    let (address, form, said) = (Address::here(), Form::new(), RwSignal::new(String::new()));
    let patient = Memo::new(move |_| address.get("patient").parse::<PatientId>().ok());
    let standing = load(move || {
        let patient = patient.get();
        async move {
            let id = patient.ok_or_else(|| ApiError::Problem(Box::new(Problem::new(Code::NotFound))))?;
            ask(async |portal| portal.restricted_record(id).await).await
        }
    });
    view! {
        <Page
            title=t("restricted.one").to_string()
            section=t("shell.staff_portal")
            form=form
            back=Back { href: "/staff/reports/restricted".into(), label: t("restricted.title") }
        >
            <ErrorSummary form />
            <Done said />
            {loaded(
                standing,
                t("what.restricted"),
                move |seen: RestrictedStanding| view! { <Fields seen load=standing form said /> }.into_any(),
            )}
        </Page>
    }
    .into_any()
}

/// How the record stands, and the form that changes it.
#[component]
fn Fields(
    seen: RestrictedStanding,
    load: Load<RestrictedStanding>,
    form: Form,
    said: RwSignal<String>,
) -> impl IntoView {
    let (patient, version) = (seen.patient.id, seen.version);
    let held = seen.restricted.clone();
    let reason = RwSignal::new(held.as_ref().map(|held| held.reason.as_str().to_owned()).unwrap_or_default());
    let named: Vec<String> =
        seen.staff.iter().filter(|one| one.is_named).map(|one| one.id.to_string()).collect();
    let staff = RwSignal::new(named);
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        said.set(String::new());
        let Ok(reason) = reason.with_untracked(|word| word.parse::<RestrictedReason>()) else {
            let missing = FieldError::new("reason", "required", t("field_error.required"));
            return form.refuse(vec![missing]);
        };
        let staff = staff.with_untracked(|ids| ids.iter().filter_map(|id| id.parse().ok()).collect());
        let new = match (NewRestrictedRecord { reason, staff }).check() {
            Ok(new) => new,
            Err(problem) => return form.refuse(problem.errors),
        };
        form.send_or(
            async move { ask(async |portal| portal.restrict_record(patient, version, &new).await).await },
            move |after| {
                said.set(t("restricted.done").into());
                load.put(after);
            },
            // Another officer was quicker: show how it stands now.
            move |error| {
                if error.code() == Some(Code::StaleVersion) {
                    load.again();
                }
            },
        );
    };
    let lift = move |_| {
        said.set(String::new());
        form.send(
            async move { ask(async |portal| portal.lift_restriction(patient).await).await },
            move |after| {
                said.set(t("restricted.lifted").into());
                load.put(after);
            },
        );
    };
    let stands = match &held {
        None => t("restricted.is_open").to_owned(),
        Some(held) => {
            let since = intl::format(held.since, Style::Date, &Practice::here().zone());
            t_with("restricted.since", &[("date", &since), ("name", &held.by)])
        }
    };
    let is_held = held.is_some();
    let reasons: Vec<Choice> = RestrictedReason::ALL
        .iter()
        .map(|reason| Choice::new(reason.as_str(), t_word("restricted_reason", reason.as_str())))
        .collect();
    let choices: Vec<Choice> = seen.staff.into_iter().map(choice).collect();
    let label = if is_held { t("restricted.change") } else { t("restricted.save") };
    let lift = is_held.then(|| {
        view! {
            <button type="button" class="nhsuk-button nhsuk-button--secondary" on:click=lift>
                {t("restricted.lift")}
            </button>
        }
    });
    view! {
        <PatientBar patient=seen.patient link=false />
        <p>{stands}</p>
        <form on:submit=save novalidate>
            <Radios form name="reason" legend=t("restricted.reason") choices=reasons value=reason />
            <p class="nhsuk-inset-text">{t("restricted.staff_hint")}</p>
            <Checkboxes form name="staff" legend=t("restricted.staff") choices value=staff />
            <div class="app-cluster">
                <Submit form label=label.to_string() />
                {lift}
            </div>
        </form>
    }
    .into_any()
}

/// A member of staff with the roles beside the name.
fn choice(one: StaffChoice) -> Choice {
    let roles: Vec<&str> = one.roles.iter().map(|role| t_word("role", role.as_str())).collect();
    Choice::new(one.id.to_string(), one.name).hint(roles.join(", "))
}

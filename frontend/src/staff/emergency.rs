//! Records of other locations, and those that are restricted to others (ADM-6): the form that asks why, in place of the page, and the banner while an
//! emergency access holds.

use leptos::prelude::*;
use portal_domain::{
    emergency::{EmergencyAccessView, EmergencyReason, EmergencyStanding, MAX_NOTE, NewEmergencyAccess},
    ids::PatientId,
    problem::FieldError,
};

use crate::{
    api::ask,
    shared::{
        choice::{Choice, Radios},
        field::TextArea,
        form::{ErrorSummary, Form, Submit},
        intl::{self, Style},
        live::live,
        load::{Load, load},
        page::Page,
        people::Name,
        practice::Practice,
    },
    text::{t, t_with, t_word},
};

/// The sections whose addresses name a patient first.
const ABOUT_PATIENTS: [&str; 5] =
    ["/staff/patients/", "/staff/queue/", "/staff/refills/", "/staff/dependents/", "/staff/corrections/"];

/// About whom a page is, by its path.
fn patient_in(path: &str) -> Option<PatientId> {
    let about = ABOUT_PATIENTS.iter().any(|section| path.starts_with(section));
    path.split('/').filter(|_| about).find_map(|part| part.parse().ok())
}

/// How the member of staff stands to the patient of the page; none while the page is about nobody.
pub type Standing = Load<Option<EmergencyStanding>>;

/// Asks how one stands to the patient of each page that is opened.
pub fn standing(path: Memo<String>) -> (Memo<Option<PatientId>>, Standing) {
    let patient = Memo::new(move |_| path.with(|path| patient_in(path)));
    let standing = load(move || {
        let patient = patient.get();
        async move {
            match patient {
                Some(patient) => ask(async |portal| portal.emergency_standing(patient).await).await.map(Some),
                None => Ok(None),
            }
        }
    });
    (patient, standing)
}

/// Whether the page waits for a reason.
pub fn is_shut(standing: Standing) -> bool {
    let shut = |one: &EmergencyStanding| one.is_needed && one.open.is_none();
    standing.read(|one| one.as_ref().is_some_and(shut)).unwrap_or(false)
}

/// The form or the banner; nothing for ordinary work.
pub fn gate(patient: Memo<Option<PatientId>>, standing: Standing) -> AnyView {
    live(move || match standing.get().flatten() {
        Some(EmergencyStanding { open: Some(access), .. }) => view! { <Banner access /> }.into_any(),
        Some(EmergencyStanding { is_needed: true, is_restricted, .. }) => {
            let patient = patient.get_untracked();
            patient.map(|patient| view! { <Ask patient is_restricted /> }).into_any()
        }
        _ => ().into_any(),
    })
}

/// What was loaded without leave, or with it, is loaded anew.
fn load_anew() {
    // Refused only by a browser that is closing.
    let _ = window().location().reload();
}

/// In place of a page that opens only in an emergency.
#[component]
fn Ask(patient: PatientId, is_restricted: bool) -> impl IntoView {
    let form = Form::new();
    let (reason, note) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let chosen = reason.with_untracked(|word| word.parse::<EmergencyReason>().ok());
        let Some(reason) = chosen else {
            let missing = FieldError::new(
                "reason",
                "emergency_reason_missing",
                t("field_error.emergency_reason_missing"),
            );
            return form.refuse(vec![missing]);
        };
        let new = match (NewEmergencyAccess { reason, note: note.get_untracked() }).check() {
            Ok(new) => new,
            Err(problem) => return form.refuse(problem.errors),
        };
        let key = form.key();
        let sent = async move { ask(async |portal| portal.begin_emergency(patient, &new, key).await).await };
        form.send(sent, |_| load_anew());
    };
    let choice =
        |reason: &EmergencyReason| Choice::new(reason.as_str(), t_word("emergency_reason", reason.as_str()));
    let choices: Vec<Choice> = EmergencyReason::ALL.iter().map(choice).collect();
    view! {
        <Page title=t("emergency.title").to_string() section=t("staff.nav.patients") form=form reading=true>
            <ErrorSummary form />
            <p>{if is_restricted { t("emergency.restricted") } else { t("emergency.other_location") }}</p>
            <p>{t("emergency.told")}</p>
            <form on:submit=send novalidate>
                <Radios form name="reason" legend=t("emergency.reason") choices value=reason />
                <TextArea
                    form
                    name="note"
                    label=t("emergency.note")
                    hint=t("emergency.note_hint")
                    value=note
                    max=MAX_NOTE
                    rows=3
                />
                <Submit form label=t("emergency.open").to_string() warning=true />
            </form>
            <p>
                <a href="/staff/patients">{t("emergency.back")}</a>
            </p>
        </Page>
    }
    .into_any()
}

/// Says on every page about the patient that an emergency access holds, and ends it.
#[component]
fn Banner(access: EmergencyAccessView) -> impl IntoView {
    let form = Form::new();
    let patient = access.patient.id;
    let until = intl::format(access.ends_at, Style::Clock, &Practice::here().zone());
    let end = move |_| {
        form.send(ask(async move |portal| portal.end_emergency(patient).await), |_| load_anew());
    };
    view! {
        <section class="app-acting staff-emergency" aria-label=t("emergency.label")>
            <strong>{t("emergency.holds")}</strong>
            " "
            <Name name=access.patient.full_name() />
            ". "
            {t_with("emergency.until", &[("time", &until)])}
            " "
            {t_word("emergency_reason", access.reason.as_str())}
            " "
            <button type="button" class="app-acting__switch no-print" on:click=end>
                {t("emergency.end")}
            </button>
            <ErrorSummary form />
        </section>
    }
    .into_any()
}

//! Assigning the open item to a patient, who is found by name or number.

use leptos::prelude::*;
use portal_domain::{
    education::NewEducationAssignment,
    ids::EducationId,
    patients::{PatientQuery, PatientSummary},
};

use crate::{
    api::ask,
    shared::{
        form::{ErrorSummary, Form},
        intl,
        live::{go_on, live},
    },
    text::{t, t_with},
};

/// Patients that one search shows.
const SHOWN: u32 = 8;

/// The field, and who it finds.
#[component]
pub fn AssignTo(
    /// Which item.
    id: EducationId,
    /// Says what was done.
    said: RwSignal<String>,
) -> impl IntoView {
    let form = Form::new();
    let words = RwSignal::new(String::new());
    let found = RwSignal::new(None::<Vec<PatientSummary>>);
    let look = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let q = Some(words.get_untracked().trim().to_string()).filter(|q| !q.is_empty());
        let query = PatientQuery { q, birth_date: None, cursor: None, limit: Some(SHOWN) };
        go_on(async move {
            match ask(async |portal| portal.patients(&query).await).await {
                Ok(page) => drop(found.try_set(Some(page.items))),
                Err(error) => form.fail(&error),
            }
        });
    };
    let row = move |patient: PatientSummary| {
        let name = patient.full_name();
        let label = t_with("library.assign_who", &[("name", &name)]);
        let born =
            t_with("library.born", &[("date", &intl::date(patient.birth_date)), ("mrn", &patient.mrn)]);
        let (shown, who) = (name.clone(), patient.id);
        let assign = move |_| {
            let (key, name) = (form.key(), name.clone());
            let new = NewEducationAssignment { education_id: id };
            said.set(String::new());
            form.send(
                async move { ask(async |portal| portal.assign_education(who, &new, key).await).await },
                move |_| {
                    found.set(None);
                    words.set(String::new());
                    said.set(t_with("library.assigned_to", &[("name", &name)]));
                },
            );
        };
        view! {
            <li class="app-files__row">
                <span>
                    <bdi>{shown}</bdi>
                    " "
                    <span class="app-quiet">{born}</span>
                </span>
                <button
                    type="button"
                    class="nhsuk-button nhsuk-button--secondary nhsuk-button--small"
                    aria-label=label
                    on:click=assign
                >
                    {t("library.assign")}
                </button>
            </li>
        }
        .into_any()
    };
    view! {
        <section class="no-print" aria-labelledby="assign">
            <h2 class="nhsuk-heading-m nhsuk-u-margin-top-5" id="assign">
                {t("library.assign_title")}
            </h2>
            <ErrorSummary form />
            <form on:submit=look novalidate role="search">
                <label class="nhsuk-label" for="assign-q">
                    {t("search.q")}
                </label>
                <div class="app-cluster">
                    <input
                        class="nhsuk-input app-search__words"
                        id="assign-q"
                        type="search"
                        autocomplete="off"
                        prop:value=move || words.get()
                        on:input=move |event| words.set(event_target_value(&event))
                    />
                    <button type="submit" class="nhsuk-button nhsuk-button--secondary nhsuk-button--small">
                        {t("mail.search_do")}
                    </button>
                </div>
            </form>
            <div role="status">
                {live(move || {
                    found
                        .get()
                        .map(|patients| {
                            if patients.is_empty() {
                                return view! { <p>{t("search.none")}</p> }.into_any();
                            }
                            view! { <ul class="app-files">{patients.into_iter().map(row).collect_view()}</ul> }.into_any()
                        })
                })}
            </div>
        </section>
    }
    .into_any()
}

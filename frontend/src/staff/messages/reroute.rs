//! Sending a conversation to another team, with a word for the colleagues. The patient hears nothing of it.

use leptos::prelude::*;
use portal_domain::{
    ids::TeamId,
    messages::{MAX_BODY, NewNote, Rerouting, StaffThread, TeamChoice},
    problem::{Code, FieldError},
};

use super::queue_page::Queue;
use crate::{
    api::ask,
    shared::{
        choice::{Choice, Select},
        field::TextArea,
        form::{ErrorSummary, Form, Submit},
        list::Address,
        load::{Load, load, loaded},
    },
    text::{t, t_with},
};

/// The form, folded until it is wanted.
#[component]
pub fn RerouteForm(thread: Load<StaffThread>) -> impl IntoView {
    let patient = untrack(|| thread.read(|view| view.entry.patient.id));
    let Some(patient) = patient else { return ().into_any() };
    let teams = load(move || ask(async move |portal| portal.team_choices(patient).await));
    view! {
        <details class="nhsuk-details no-print">
            <summary class="nhsuk-details__summary">
                <span class="nhsuk-details__summary-text">{t("team_thread.reroute_open")}</span>
            </summary>
            <div class="nhsuk-details__text">
                {loaded(teams, t("what.teams"), move |teams| view! { <Other thread teams /> }.into_any())}
            </div>
        </details>
    }
    .into_any()
}

#[component]
fn Other(thread: Load<StaffThread>, teams: Vec<TeamChoice>) -> impl IntoView {
    let (queue, address, form) = (expect_context::<Queue>(), Address::here(), Form::new());
    let (team, note) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let current = untrack(|| thread.read(|view| view.team.team.id));
    let others: Vec<TeamChoice> = teams.into_iter().filter(|team| Some(team.id) != current).collect();
    if others.is_empty() {
        return view! { <p>{t("team_thread.reroute_none")}</p> }.into_any();
    }
    let choice = |team: &TeamChoice| {
        let name = match &team.location {
            Some(place) => format!("{}, {place}", team.name),
            None => team.name.clone(),
        };
        Choice::new(team.id.to_string(), name)
    };
    let choices = std::iter::once(Choice::new("", t("team_thread.reroute_choose")))
        .chain(others.iter().map(choice))
        .collect::<Vec<_>>();
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Ok(team_id) = team.get_untracked().parse::<TeamId>() else {
            let missing = t("team_thread.reroute_missing");
            return form.refuse(vec![FieldError::new("team_id", "team_missing", missing)]);
        };
        let text = note.get_untracked();
        if let (false, Err(problem)) = (text.trim().is_empty(), NewNote { text: text.clone() }.check()) {
            let here = |error| FieldError { field: "reroute_note".into(), ..error };
            return form.refuse(problem.errors.into_iter().map(here).collect());
        }
        let name = others.iter().find(|team| team.id == team_id).map(|team| team.name.clone());
        let Some(seen) = untrack(|| thread.read(|view| view.entry.clone())) else { return };
        let to = Rerouting { team_id, note: text };
        form.send_or(
            async move { ask(async |portal| portal.reroute_thread(&seen, &to).await).await },
            move |entry| {
                let said = t_with("team_thread.rerouted", &[("team", &name.unwrap_or_default())]);
                queue.again();
                let works_there =
                    queue.teams.read(|teams| teams.iter().any(|counts| counts.team.id == team_id));
                if untrack(|| works_there) == Some(true) {
                    if let Some(view) = untrack(|| thread.get()) {
                        thread.put(StaffThread { entry, ..view });
                    }
                    thread.again();
                } else {
                    // It is out of reach from here on.
                    address.go(&super::queue_page::root(address));
                }
                queue.done.set(said);
            },
            move |error| {
                if matches!(error.code(), Some(Code::StaleVersion)) {
                    thread.again();
                    queue.again();
                }
            },
        );
    };
    view! {
        <ErrorSummary form />
        <form on:submit=send novalidate>
            <Select form name="team_id" label=t("team_thread.reroute_to") choices value=team />
            <TextArea
                form
                name="reroute_note"
                label=t("team_thread.reroute_note")
                hint=t("team_thread.note_hint")
                value=note
                max=MAX_BODY
                rows=3
            />
            <Submit form label=t("team_thread.reroute").to_string() />
        </form>
    }
    .into_any()
}

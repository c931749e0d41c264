//! The decision about a request: for which chart, how much; or no, and why.

use leptos::prelude::*;
use portal_domain::{
    dependents::{DependentApproval, DependentDenial, MAX_REASON},
    patients::PatientSummary,
    problem::{Code, FieldError},
};

use super::{
    item_page::Seen,
    queue_page::{Queue, ROOT},
};
use crate::{
    api::{ApiError, ask},
    shared::{
        choice::{Checkbox, Choice, Radios},
        field::TextArea,
        form::{Form, Submit},
        grant_terms::{Chosen, TermsFields},
        intl,
        list::Address,
        live::live,
        load::Load,
    },
    text::{t, t_with},
};

/// The form below a request.
#[component]
pub fn DecideForm(
    /// What is decided about, as it was seen.
    seen: Seen,
    /// Where it came from, to look again.
    load: Load<Seen>,
    /// Errors and key.
    form: Form,
) -> impl IntoView {
    let (queue, address) = (expect_context::<Queue>(), Address::here());
    let (decision, chart, reason) =
        (RwSignal::new("approve".to_string()), RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (chosen, assent) = (Chosen::new(), RwSignal::new(false));
    if let [only] = seen.charts.as_slice() {
        chart.set(only.id.to_string());
    }
    let request = seen.request.clone();
    let name = request.asked_by.full_name();
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (request, key) = (request.clone(), form.key());
        let said = t_with("decide.done", &[("name", &request.asked_by.full_name())]);
        let done = move |_| {
            queue.done.set(said);
            address.replace(ROOT);
            queue.list.again();
        };
        // A colleague decided meanwhile: show how it stands now.
        let lost = move |error: ApiError| {
            if matches!(error.code(), Some(Code::WrongState | Code::StaleVersion)) {
                load.again();
                queue.list.again();
            }
        };
        if decision.with_untracked(|word| word == "deny") {
            let denial = DependentDenial { reason: reason.get_untracked() };
            if let Err(error) = denial.check() {
                return form.refuse(vec![error]);
            }
            let sent =
                async move { ask(async |portal| portal.deny_dependent(&request, &denial, key).await).await };
            return form.send_or(sent, done, lost);
        }
        let mut errors = Vec::new();
        let dependent = chart.with_untracked(|id| id.parse().ok());
        if dependent.is_none() {
            errors.push(FieldError::new(
                "dependent",
                "dependent_missing",
                t("field_error.dependent_missing"),
            ));
        }
        let terms = chosen.read().map_err(|error| errors.push(error));
        let (Some(dependent), Ok(terms)) = (dependent, terms) else { return form.refuse(errors) };
        let approval = DependentApproval { dependent, terms, has_assent: assent.get_untracked() };
        let sent =
            async move { ask(async |portal| portal.approve_dependent(&request, &approval, key).await).await };
        form.send_or(sent, done, lost);
    };
    let charts = seen.charts;
    let decisions =
        vec![Choice::new("approve", t("dependents.approve")), Choice::new("deny", t("dependents.deny"))];
    let denies = Memo::new(move |_| decision.with(|word| word == "deny"));
    view! {
        <form on:submit=send novalidate>
            <Radios form name="decision" legend=t("decide.legend") choices=decisions value=decision />
            {live(move || match denies.get() {
                true => view! {
                    <TextArea
                        form
                        name="reason"
                        label=t("dependents.reason")
                        hint=t("decide.note_hint")
                        value=reason
                        max=MAX_REASON
                        rows=3
                    />
                }
                .into_any(),
                false => view! {
                    {found(form, &charts, chart)}
                    <TermsFields form chosen />
                    <Checkbox form name="has_assent" label=t("dependents.assent") value=assent />
                }
                .into_any(),
            })}
            <Submit form label=t_with("dependents.send", &[("name", &name)]) />
        </form>
    }
    .into_any()
}

/// The charts that may be meant.
fn found(form: Form, charts: &[PatientSummary], value: RwSignal<String>) -> AnyView {
    if charts.is_empty() {
        return view! { <p class="nhsuk-inset-text" id="dependent">{t("dependents.no_chart")}</p> }
            .into_any();
    }
    let choice = |one: &PatientSummary| {
        let hint = t_with("dependents.chart", &[("mrn", &one.mrn), ("date", &intl::date(one.birth_date))]);
        Choice::new(one.id.to_string(), one.full_name()).hint(hint)
    };
    let choices: Vec<Choice> = charts.iter().map(choice).collect();
    view! { <Radios form name="dependent" legend=t("dependents.which") choices value /> }.into_any()
}

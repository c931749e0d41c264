//! A part of the chart, entry by entry, with the ways to say what is wrong or missing.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal_domain::{
    live::LiveKind,
    page::Page as Items,
    proposals::{
        ChartEntryView, ProposalChange, ProposalField, ProposalState, ProposalSubject, ProposalSummary,
    },
};

use super::{Told, load_told, nothing_here, offers, page_of, propose_href};
use crate::{
    api::{ApiError, ask},
    features::chart::{amendments, back, restrictions},
    news::News,
    session::Session,
    shared::{
        list::Empty,
        live::live,
        load::{Load, load_keeping, loaded},
        page::Page,
        people::{PrintButton, PrintHead},
        proposal::facts,
    },
    text::{t, t_word},
};

/// `/chart/allergies` and its like. From one of these pages to another the router keeps this one.
#[component]
pub fn EntriesPage() -> AnyView {
    let params = use_params_map();
    let part = Memo::new(move |_| params.with(|params| params.get("part")).unwrap_or_default());
    live(move || {
        let part = part.get();
        match part.as_str() {
            "corrections" => return amendments::list(),
            "limits" => return restrictions::list(),
            _ => {}
        }
        let is_it = |about: &&ProposalSubject| page_of(**about).ends_with(&format!("/{part}"));
        match ProposalSubject::ALL.iter().find(is_it) {
            Some(about) => view! { <Entries about=*about /> }.into_any(),
            None => nothing_here(),
        }
    })
    .into_any()
}

#[component]
fn Entries(about: ProposalSubject) -> impl IntoView {
    let session = Session::here();
    let entries = load_keeping(move || {
        let patient = session.patient();
        async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            ask(async |portal| portal.chart_entries(patient, about).await).await
        }
    });
    News::here().on(LiveKind::Inbox, move || entries.refresh());
    let told = load_told(about);
    let patient = session.subject();
    let add = about.allows(ProposalChange::Add).then(|| {
        view! {
            <p class="no-print nhsuk-u-margin-top-4">
                <a class="nhsuk-button nhsuk-button--secondary" href=propose_href(about, ProposalChange::Add, None)>
                    {t_word("proposal_asks", &format!("{about}_add"))}
                </a>
            </p>
        }
    });
    view! {
        <Page
            title=t_word("proposal_part", about.as_str()).to_string()
            section=t("nav.chart")
            back=back()
            reading=true
        >
            {patient.map(|patient| view! { <PrintHead patient /> })}
            {loaded(entries, t("what.section"), move |views| list(about, views, told))}
            {add}
            <Told told />
            <PrintButton />
        </Page>
    }
    .into_any()
}

fn list(about: ProposalSubject, views: Vec<ChartEntryView>, told: Load<Items<ProposalSummary>>) -> AnyView {
    let (current, past): (Vec<_>, Vec<_>) = views.into_iter().partition(|view| view.is_current);
    let none_known = (about == ProposalSubject::Allergy && current.is_empty()).then(|| no_allergies(told));
    let shown = if current.is_empty() {
        view! { <Empty text=t("section.empty") /> }.into_any()
    } else {
        let cards: Vec<_> = current.into_iter().map(|view| card(view, told)).collect();
        view! {
            <ul class="app-plain-list app-entries" id="entries">
                {cards}
            </ul>
        }
        .into_any()
    };
    let past = (!past.is_empty()).then(|| {
        let cards: Vec<_> = past.into_iter().map(|view| card(view, told)).collect();
        view! {
            <details class="nhsuk-details nhsuk-u-margin-top-5" id="past">
                <summary class="nhsuk-details__summary">
                    <span class="nhsuk-details__summary-text">{t("entries.past")}</span>
                </summary>
                <div class="nhsuk-details__text">
                    <ul class="app-plain-list app-entries">{cards}</ul>
                </div>
            </details>
        }
    });
    view! { {shown} {none_known} {past} }.into_any()
}

/// The way to say that there is no allergy, while nothing else is said.
fn no_allergies(told: Load<Items<ProposalSummary>>) -> AnyView {
    let about = ProposalSubject::Allergy;
    live(move || {
        let waits =
            |page: &Items<ProposalSummary>| page.items.iter().any(|one| one.state == ProposalState::Pending);
        let nothing_waits = told.read(|page| !waits(page)).unwrap_or(false);
        nothing_waits.then(|| {
            view! {
                <p class="no-print">
                    <a href=propose_href(about, ProposalChange::NoneKnown, None)>
                        {t("entries.no_allergies")}
                    </a>
                </p>
            }
        })
    })
    .into_any()
}

fn card(view: ChartEntryView, told: Load<Items<ProposalSummary>>) -> AnyView {
    let state = view.fields.get(ProposalField::Status).to_owned();
    let state = (!state.is_empty()).then(|| {
        let class = if view.is_current { "nhsuk-tag nhsuk-tag--green" } else { "nhsuk-tag nhsuk-tag--grey" };
        view! { <strong class=class>{state}</strong> }
    });
    let name = view.name.clone();
    let heading = (view.about != ProposalSubject::Contact).then(|| {
        view! {
            <div class="app-cluster nhsuk-u-margin-bottom-2">
                <h2 class="nhsuk-heading-s">
                    <bdi>{view.name.clone()}</bdi>
                </h2>
                {state}
            </div>
        }
    });
    let mut says = view.fields.clone().typed();
    if let Some(field) = view.about.name_field() {
        says.set(field, "");
    }
    let ways = (view.is_current && !view.is_none_known).then(|| offers(view.about, view.item, name, told));
    view! { <li class="app-box">{heading} {facts(&says)} {ways}</li> }.into_any()
}

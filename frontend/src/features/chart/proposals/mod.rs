//! What the patient knows better than the chart: entries to add, to correct and to end, and what became of it (MED-1).

pub(super) mod entries_page;
mod proposal_page;
mod propose_page;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal_domain::{
    ids::ChartItemId,
    live::LiveKind,
    page::Page as Items,
    proposals::{ProposalChange, ProposalState, ProposalSubject, ProposalSummary, ProposalsQuery},
};

use crate::{
    acting::link,
    api::{ApiError, ask},
    features::chart::{amendments, back, restrictions},
    news::News,
    session::Session,
    shared::{
        intl::{self, Style},
        list::{Empty, Rows, load_rows},
        live::live,
        load::Load,
        page::Page,
        practice::Practice,
        proposal::{asks, state_tag},
    },
    text::{t, t_with, t_word},
};

/// The page of a part of the chart.
pub fn page_of(about: ProposalSubject) -> &'static str {
    match about {
        ProposalSubject::Medication => "/chart/medications",
        ProposalSubject::Allergy => "/chart/allergies",
        ProposalSubject::Contact => "/chart/contact",
        ProposalSubject::Insurance => "/chart/insurance",
        ProposalSubject::FamilyHistory => "/chart/family-history",
        ProposalSubject::SocialHistory => "/chart/social-history",
    }
}

/// The form that proposes something.
pub fn propose_href(about: ProposalSubject, change: ProposalChange, item: Option<ChartItemId>) -> String {
    let item = item.map(|item| format!("?item={item}")).unwrap_or_default();
    link(&format!("/chart/propose/{about}.{change}{item}"))
}

/// `/chart/:part/:id`. From one of these pages to another the router keeps this one.
#[component]
pub fn ThingPage() -> AnyView {
    let params = use_params_map();
    let named = Memo::new(move |_| {
        let of = |name| params.with(|params| params.get(name)).unwrap_or_default();
        (of("part"), of("id"))
    });
    live(move || {
        let (part, id) = named.get();
        match part.as_str() {
            "corrections" => amendments::one(&id),
            "limits" => restrictions::one(&id),
            "propose" => view! { <propose_page::ProposePage /> }.into_any(),
            "proposals" => view! { <proposal_page::ProposalPage /> }.into_any(),
            _ => nothing_here(),
        }
    })
    .into_any()
}

/// An address below My Chart that leads nowhere.
fn nothing_here() -> AnyView {
    view! {
        <Page title=t("nav.chart").to_string() back=back()>
            <Empty text=t("section.empty") />
        </Page>
    }
    .into_any()
}

/// What the patient told about a part of the chart.
pub fn load_told(about: ProposalSubject) -> Load<Items<ProposalSummary>> {
    let session = Session::here();
    let told = load_rows(move || {
        let patient = session.patient();
        move |page| async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            let query = ProposalsQuery { about: Some(about), cursor: page.cursor, limit: page.limit };
            ask(async |portal| portal.proposals(patient, &query).await).await
        }
    });
    // An answer comes as an item of the inbox.
    News::here().on(LiveKind::Inbox, move || told.refresh());
    told
}

/// What was told, newest first, apart from the chart; nothing while nothing was.
#[component]
pub fn Told(told: Load<Items<ProposalSummary>>) -> impl IntoView {
    let some = Memo::new(move |_| told.read(|page| !page.items.is_empty()).unwrap_or(false));
    live(move || {
        some.get().then(|| {
            view! {
                <section class="nhsuk-u-margin-top-5 no-print" aria-labelledby="told-heading">
                    <h2 class="nhsuk-heading-m" id="told-heading">
                        {t("told.heading")}
                    </h2>
                    <p class="app-quiet">{t("told.apart")}</p>
                    <Rows load=told id="told" row=row />
                </section>
            }
        })
    })
}

fn row(proposal: ProposalSummary) -> AnyView {
    let at = intl::format(proposal.proposed_at, Style::Date, &Practice::here().zone());
    let said = match proposal.state {
        ProposalState::Pending => t_with("told.waits", &[("date", &at)]),
        _ => t_with("told.on", &[("date", &at)]),
    };
    view! {
        <li class="app-row app-row--wide">
            <a class="app-row__link" href=link(&format!("/chart/proposals/{}", proposal.id))>
                {asks(&proposal)}
                ": "
                <bdi>{proposal.name.clone()}</bdi>
            </a>
            <p class="app-row__meta">{said}</p>
            <div class="app-row__side">{state_tag(proposal.state)}</div>
        </li>
    }
    .into_any()
}

/// The ways to say that an entry is not right, or what was said already and waits.
pub fn offers(
    about: ProposalSubject,
    item: Option<ChartItemId>,
    name: String,
    told: Load<Items<ProposalSummary>>,
) -> AnyView {
    live(move || {
        let waits = |page: &Items<ProposalSummary>| {
            let mut all = page.items.iter();
            let is_it = |one: &&ProposalSummary| {
                one.state == ProposalState::Pending && one.about == about && one.item == item
            };
            all.find(|one| is_it(one) && (item.is_some() || about == ProposalSubject::Contact)).cloned()
        };
        if let Some(waiting) = told.read(waits).flatten() {
            let at = intl::format(waiting.proposed_at, Style::Date, &Practice::here().zone());
            return view! {
                <p class="nhsuk-u-margin-bottom-2 no-print">
                    <a href=link(&format!("/chart/proposals/{}", waiting.id))>{t_with("told.waits", &[("date", &at)])}</a>
                </p>
            }
            .into_any();
        }
        let link = |change: ProposalChange| {
            view! {
                <a href=propose_href(about, change, item)>
                    {t_word("proposal_offer", &format!("{about}_{change}"))}
                    <span class="nhsuk-u-visually-hidden">": " <bdi>{name.clone()}</bdi></span>
                </a>
            }
        };
        let remove = about.allows(ProposalChange::Remove).then(|| link(ProposalChange::Remove));
        view! { <p class="app-cluster nhsuk-u-margin-bottom-2 no-print">{link(ProposalChange::Change)} {remove}</p> }
            .into_any()
    })
    .into_any()
}

//! My Chart: what the practice knows about the patient, and the health record to take along. A section of the download.

mod amendments;
mod documents;
mod elsewhere;
mod hub_page;
mod medications;
mod petitions;
mod proposals;
mod read_about;
mod records;
mod restrictions;
mod results;
mod section_page;
mod vital_signs_page;

use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::Route,
    path,
};

use crate::{
    acting::link,
    shared::{
        page::Back,
        people::PrintButton,
        section::{Opened, lazy},
    },
    text::{self, t},
};

/// The pages.
#[derive(Clone, Copy)]
enum ChartPage {
    Hub,
    Section,
    VitalSigns,
    Results,
    Tests,
    Result,
    Records,
    NewRecord,
    Record,
    SendRecord,
    SentRecords,
    Documents,
    Document,
    Elsewhere,
    ElsewhereRecord,
    Medications,
    MedicationRequest,
}

/// The section of the download that holds these pages.
#[wasm_split(chart, wasm_split_path = leptos::wasm_split, fallible)]
fn open(page: ChartPage) -> Opened {
    text::bring(text::CHART);
    Ok(match page {
        ChartPage::Hub => view! { <hub_page::HubPage /> }.into_any(),
        ChartPage::Section => view! { <section_page::SectionPage /> }.into_any(),
        ChartPage::VitalSigns => view! { <vital_signs_page::VitalSignsPage /> }.into_any(),
        ChartPage::Results => view! { <results::list_page::ListPage /> }.into_any(),
        ChartPage::Tests => view! { <results::tests_page::TestsPage /> }.into_any(),
        ChartPage::Result => view! { <results::detail_page::DetailPage /> }.into_any(),
        ChartPage::Records => view! { <records::list_page::ListPage /> }.into_any(),
        ChartPage::NewRecord => view! { <records::request_page::RequestPage /> }.into_any(),
        ChartPage::Record => view! { <records::detail_page::DetailPage /> }.into_any(),
        ChartPage::SendRecord => view! { <records::send_page::SendPage /> }.into_any(),
        ChartPage::SentRecords => view! { <records::sent_page::SentPage /> }.into_any(),
        ChartPage::Documents => view! { <documents::list_page::ListPage /> }.into_any(),
        ChartPage::Document => view! { <documents::detail_page::DetailPage /> }.into_any(),
        ChartPage::Elsewhere => view! { <elsewhere::list_page::ListPage /> }.into_any(),
        ChartPage::ElsewhereRecord => view! { <elsewhere::detail_page::DetailPage /> }.into_any(),
        ChartPage::Medications => view! { <medications::list_page::ListPage /> }.into_any(),
        ChartPage::MedicationRequest => view! { <medications::request_page::RequestPage /> }.into_any(),
    })
}

/// The pages of what patients tell about their chart.
#[derive(Clone, Copy)]
enum ToldPage {
    Part,
    PartThing,
}

/// The section of the download that holds these pages. Its words stand with those of the chart.
#[wasm_split(told, wasm_split_path = leptos::wasm_split, fallible)]
fn open_told(page: ToldPage) -> Opened {
    text::bring(text::CHART);
    Ok(match page {
        ToldPage::Part => view! { <proposals::entries_page::EntriesPage /> }.into_any(),
        ToldPage::PartThing => view! { <proposals::ThingPage /> }.into_any(),
    })
}

/// A patient's pages.
#[component(transparent)]
pub fn PatientRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/chart") view=lazy(|| open(ChartPage::Hub)) />
        <Route path=path!("/chart/sections/:section") view=lazy(|| open(ChartPage::Section)) />
        <Route path=path!("/chart/vital-signs") view=lazy(|| open(ChartPage::VitalSigns)) />
        <Route path=path!("/chart/results") view=lazy(|| open(ChartPage::Results)) />
        <Route path=path!("/chart/tests") view=lazy(|| open(ChartPage::Tests)) />
        <Route path=path!("/chart/results/:id") view=lazy(|| open(ChartPage::Result)) />
        <Route path=path!("/chart/records") view=lazy(|| open(ChartPage::Records)) />
        <Route path=path!("/chart/records/new") view=lazy(|| open(ChartPage::NewRecord)) />
        <Route path=path!("/chart/records/sent") view=lazy(|| open(ChartPage::SentRecords)) />
        <Route path=path!("/chart/records/:id") view=lazy(|| open(ChartPage::Record)) />
        <Route path=path!("/chart/records/:id/send") view=lazy(|| open(ChartPage::SendRecord)) />
        <Route path=path!("/chart/documents") view=lazy(|| open(ChartPage::Documents)) />
        <Route path=path!("/chart/documents/:id") view=lazy(|| open(ChartPage::Document)) />
        <Route path=path!("/chart/elsewhere") view=lazy(|| open(ChartPage::Elsewhere)) />
        <Route path=path!("/chart/elsewhere/:id") view=lazy(|| open(ChartPage::ElsewhereRecord)) />
        <Route path=path!("/chart/medications") view=lazy(|| open(ChartPage::Medications)) />
        <Route path=path!("/chart/medications/requests/:id") view=lazy(|| open(ChartPage::MedicationRequest)) />
        // Allergies and what else patients know better, what they told of it, and the forms that tell it: two routes for
        // all, because each route weighs before anybody signs in. After the pages with an address of their own.
        <Route path=path!("/chart/:part") view=lazy(|| open_told(ToldPage::Part)) />
        <Route path=path!("/chart/:part/:id") view=lazy(|| open_told(ToldPage::PartThing)) />
    }
    .into_inner()
    .into_any_nested_route()
}

/// The way back to the sections.
fn back() -> Back {
    Back { href: link("/chart"), label: t("nav.chart") }
}

/// What to do about something wrong, and the button that prints the page.
#[component]
fn Wrong(
    /// The section that it stands in, as its word.
    #[prop(optional)]
    section: &'static str,
) -> impl IntoView {
    view! {
        <p class="nhsuk-u-margin-top-4 no-print">
            {t("section.wrong")} " " <a href=link("/mail/new")>{t("section.write")}</a> " "
            <a href=link(&format!("{}/new?section={section}", amendments::ROOT))>{t("corrections.ask")}</a>
        </p>
        <PrintButton />
    }
    .into_any()
}

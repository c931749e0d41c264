//! The slices: each has its pages and the list of its routes. They never use each other; they link by path.

pub mod accounts;
pub mod appointments;
pub mod billing;
pub mod chart;
pub mod copies;
pub mod enrolment;
pub mod family;
pub mod frame;
pub mod home;
pub mod learn;
pub mod mail;
pub mod notices;
pub mod practice;
pub mod recovery;
pub mod settings;

use leptos::{prelude::*, wasm_split::wasm_split};

use crate::{shared::section::Opened, text};

/// The pages that a patient opens every day. The chart, which draws, is a section of its own.
#[derive(Clone, Copy)]
enum PatientPage {
    Frame,
    Home,
    Inbox,
    Sent,
    Drafts,
    Archive,
    Compose,
    Thread,
    Notice,
    Library,
    Reading,
    Appointments,
    Appointment,
    /// What holds the questions of a request together.
    Request,
    Where,
    Who,
    Why,
    When,
    Check,
    RequestSent,
}

/// The section of the download that holds these pages.
#[wasm_split(patient, wasm_split_path = leptos::wasm_split, fallible)]
fn open(page: PatientPage) -> Opened {
    text::bring(text::PATIENT);
    Ok(match page {
        PatientPage::Frame => view! { <frame::PatientFrame /> }.into_any(),
        PatientPage::Home => view! { <home::home_page::HomePage /> }.into_any(),
        PatientPage::Inbox => view! { <mail::inbox_page::InboxPage /> }.into_any(),
        PatientPage::Sent => view! { <mail::sent_page::SentPage /> }.into_any(),
        PatientPage::Drafts => view! { <mail::drafts_page::DraftsPage /> }.into_any(),
        PatientPage::Archive => view! { <mail::inbox_page::ArchivePage /> }.into_any(),
        PatientPage::Compose => view! { <mail::compose_page::ComposePage /> }.into_any(),
        PatientPage::Thread => view! { <mail::thread_page::ThreadPage /> }.into_any(),
        PatientPage::Notice => view! { <notices::detail_page::DetailPage /> }.into_any(),
        PatientPage::Library => view! { <learn::list_page::ListPage /> }.into_any(),
        PatientPage::Reading => view! { <learn::reading_page::ReadingPage /> }.into_any(),
        PatientPage::Appointments => view! { <appointments::list_page::ListPage /> }.into_any(),
        PatientPage::Appointment => view! { <appointments::detail_page::DetailPage /> }.into_any(),
        PatientPage::Request => view! { <appointments::request::Flow /> }.into_any(),
        PatientPage::Where => view! { <appointments::request::WherePage /> }.into_any(),
        PatientPage::Who => view! { <appointments::request::WhoPage /> }.into_any(),
        PatientPage::Why => view! { <appointments::request::WhyPage /> }.into_any(),
        PatientPage::When => view! { <appointments::request::WhenPage /> }.into_any(),
        PatientPage::Check => view! { <appointments::request::CheckPage /> }.into_any(),
        PatientPage::RequestSent => view! { <appointments::done_page::DonePage /> }.into_any(),
    })
}

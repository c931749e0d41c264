//! The staff's side: dense screens and queues, each as far as the role allows.

pub mod appointments;
mod audience;
pub mod audit;
pub mod billing;
pub mod board;
pub mod cohort;
pub mod corrections;
pub mod dependents;
pub mod documents;
pub mod education;
mod emergency;
pub mod frame;
mod letter;
pub mod messages;
pub mod notices;
mod parts;
pub mod patients;
mod petitions;
mod proposals;
pub mod refills;
pub mod releases;
pub mod settings;
mod templates;

use leptos::{prelude::*, wasm_split::wasm_split};

use crate::{shared::section::Opened, text};

/// The pages of every day, and who works here in which team.
#[derive(Clone, Copy)]
enum StaffPage {
    Frame,
    Board,
    Patients,
    Patient,
    Elsewhere,
    ElsewhereRecord,
    People,
    Teams,
    Team,
}

/// The section of the download that holds these pages: patients never load it.
#[wasm_split(staff, wasm_split_path = leptos::wasm_split, fallible)]
fn open(page: StaffPage) -> Opened {
    text::bring(text::STAFF);
    Ok(match page {
        StaffPage::Frame => view! { <frame::StaffFrame /> }.into_any(),
        StaffPage::Board => view! { <board::BoardPage /> }.into_any(),
        StaffPage::Patients => view! { <patients::search_page::SearchPage /> }.into_any(),
        StaffPage::Patient => view! { <patients::patient_page::PatientPage /> }.into_any(),
        StaffPage::Elsewhere => view! { <patients::elsewhere_page::ListPage /> }.into_any(),
        StaffPage::ElsewhereRecord => view! { <patients::elsewhere_page::DetailPage /> }.into_any(),
        StaffPage::Teams => view! { <settings::teams_page::TeamsPage /> }.into_any(),
        StaffPage::Team => view! { <settings::team_page::TeamPage /> }.into_any(),
        StaffPage::People => view! { <settings::people_page::PeoplePage /> }.into_any(),
    })
}

/// The pages on which staff write to patients, conversations and messages to many.
#[derive(Clone, Copy)]
enum DeskPage {
    Messages,
    NoMessage,
    Message,
    WriteMessage,
    Texts,
    CohortMessages,
    NewCohortMessage,
    CohortMessage,
}

/// The section of the download that holds these pages.
#[wasm_split(desk, wasm_split_path = leptos::wasm_split, fallible)]
fn open_desk(page: DeskPage) -> Opened {
    text::bring(text::DESK);
    Ok(match page {
        DeskPage::Messages => view! { <messages::queue_page::QueuePage /> }.into_any(),
        DeskPage::NoMessage => view! { <messages::queue_page::NothingOpen /> }.into_any(),
        DeskPage::Message => view! { <messages::thread_page::ThreadPage /> }.into_any(),
        DeskPage::WriteMessage => view! { <messages::write_page::WritePage /> }.into_any(),
        DeskPage::Texts => view! { <messages::texts_page::TextsPage /> }.into_any(),
        DeskPage::CohortMessages => view! { <cohort::list_page::ListPage /> }.into_any(),
        DeskPage::NewCohortMessage => view! { <cohort::new_page::NewPage /> }.into_any(),
        DeskPage::CohortMessage => view! { <cohort::item_page::ItemPage /> }.into_any(),
    })
}

/// The pages of billing staff.
#[derive(Clone, Copy)]
enum BillingPage {
    Balances,
    Part,
}

/// The section of the download that holds these pages.
#[wasm_split(billing, wasm_split_path = leptos::wasm_split, fallible)]
fn open_billing(page: BillingPage) -> Opened {
    text::bring(text::DESK);
    Ok(match page {
        BillingPage::Balances => view! { <billing::balances_page::BalancesPage /> }.into_any(),
        BillingPage::Part => view! { <billing::Part /> }.into_any(),
    })
}

/// The pages on which staff answer what waits, one request after the other, and attach documents.
#[derive(Clone, Copy)]
enum Queues {
    Releases,
    NoRelease,
    Release,
    Appointments,
    NoAppointment,
    Appointment,
    Corrections,
    NoCorrection,
    Correction,
    Refills,
    NoRefill,
    Refill,
    Dependents,
    NoDependent,
    Dependent,
    Documents,
    Document,
}

/// The section of the download that holds these pages. Its words stand with those of the desk and of the staff.
#[wasm_split(queues, wasm_split_path = leptos::wasm_split, fallible)]
fn open_queue(page: Queues) -> Opened {
    text::bring(text::STAFF);
    text::bring(text::DESK);
    Ok(match page {
        Queues::Releases => view! { <releases::queue_page::QueuePage /> }.into_any(),
        Queues::NoRelease => view! { <releases::queue_page::NothingOpen /> }.into_any(),
        Queues::Release => view! { <releases::item_page::ItemPage /> }.into_any(),
        Queues::Appointments => view! { <appointments::queue_page::QueuePage /> }.into_any(),
        Queues::NoAppointment => view! { <appointments::queue_page::NothingOpen /> }.into_any(),
        Queues::Appointment => view! { <appointments::item_page::ItemPage /> }.into_any(),
        Queues::Corrections => view! { <corrections::QueuePage /> }.into_any(),
        Queues::NoCorrection => view! { <corrections::NothingOpen /> }.into_any(),
        Queues::Correction => view! { <corrections::ItemPage /> }.into_any(),
        Queues::Refills => view! { <refills::queue_page::QueuePage /> }.into_any(),
        Queues::NoRefill => view! { <refills::queue_page::NothingOpen /> }.into_any(),
        Queues::Refill => view! { <refills::item_page::ItemPage /> }.into_any(),
        Queues::Dependents => view! { <dependents::queue_page::QueuePage /> }.into_any(),
        Queues::NoDependent => view! { <dependents::queue_page::NothingOpen /> }.into_any(),
        Queues::Dependent => view! { <dependents::item_page::ItemPage /> }.into_any(),
        Queues::Documents => view! { <documents::documents_page::DocumentsPage /> }.into_any(),
        Queues::Document => view! { <documents::document_page::DocumentPage /> }.into_any(),
    })
}

/// The pages of the few who run the practice: what it publishes (notices and the health library), its policies, and the
/// reports of the audit trail.
#[derive(Clone, Copy)]
enum PracticePage {
    Notices,
    NewNotice,
    Notice,
    EditNotice,
    Library,
    NewReading,
    Reading,
    EditReading,
    Report,
    Policies,
    ReleaseRules,
    ReleaseRule,
}

/// The section of the download that holds these pages. Its words stand with those of the desk.
#[wasm_split(practice, wasm_split_path = leptos::wasm_split, fallible)]
fn open_practice(page: PracticePage) -> Opened {
    text::bring(text::DESK);
    Ok(match page {
        PracticePage::Notices => view! { <notices::list_page::ListPage /> }.into_any(),
        PracticePage::NewNotice => view! { <notices::edit_page::NewPage /> }.into_any(),
        PracticePage::Notice => view! { <notices::item_page::ItemPage /> }.into_any(),
        PracticePage::EditNotice => view! { <notices::edit_page::EditPage /> }.into_any(),
        PracticePage::Library => view! { <education::list_page::ListPage /> }.into_any(),
        PracticePage::NewReading => view! { <education::edit_page::NewPage /> }.into_any(),
        PracticePage::Reading => view! { <education::item_page::ItemPage /> }.into_any(),
        PracticePage::Report => view! { <audit::Report /> }.into_any(),
        PracticePage::EditReading => view! { <education::edit_page::EditPage /> }.into_any(),
        PracticePage::Policies => view! { <settings::policies_page::PoliciesPage /> }.into_any(),
        PracticePage::ReleaseRules => view! { <settings::releases_page::ReleasesPage /> }.into_any(),
        PracticePage::ReleaseRule => view! { <settings::release_rule_page::RulePage /> }.into_any(),
    })
}

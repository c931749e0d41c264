//! The mailbox: what arrived for a patient, and what the patient sent.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    access::Category,
    appointments::{Reason, State},
    ids::{AppointmentId, InboxItemId},
    messages::SentThread,
    time::Time,
    words::words,
};

/// Unread items are counted up to so many: a mailbox of years must not cost more than a small one.
pub const MOST_UNREAD: i64 = 100;

words! {
    /// What an inbox item tells.
    ItemKind {
        /// A result was released (LAB-1); the subject is the result.
        ResultReleased = "result_released",
        /// A request was approved (APT-1); the subject is the appointment.
        AppointmentConfirmed = "appointment_confirmed",
        /// A request was denied; the subject is the appointment.
        AppointmentDenied = "appointment_denied",
        /// The clinic offers another time; the subject is the appointment.
        AppointmentProposed = "appointment_proposed",
        /// The clinic cancelled; the subject is the appointment.
        AppointmentCancelled = "appointment_cancelled",
        /// A care team wrote; the subject is the thread, the title its subject.
        Message = "message",
        /// The billing team wrote about something that is questioned (PAY-4); the subject is the thread, the title its subject.
        BillingMessage = "billing_message",
        /// Something happened to the account (SEC-7); the subject is the event, the title its word.
        AccountEvent = "account_event",
        /// The practice has an important notice (NOT-1); the subject is the notice.
        Notice = "notice",
        /// The practice would like the patient to read something (EDU-1); the subject is the item of the library.
        EducationAssigned = "education_assigned",
        /// A health record is ready (PHR-4); the subject is the record.
        HealthRecordReady = "health_record_ready",
        /// A health record could not be made; the subject is the record.
        HealthRecordFailed = "health_record_failed",
        /// Staff released a document (PHR-6); the subject is the document.
        DocumentReleased = "document_released",
        /// The practice answered a request for refills or renewals (MED-2); the subject is the request, the title the drugs.
        MedicationsAnswered = "medications_answered",
        /// The practice answered a proposed change of the chart (MED-1); the subject is the proposal, the title its entry.
        ProposalAnswered = "proposal_answered",
        /// The practice answered a request to correct the record (PHR-6); the subject is the request, the title its entry.
        AmendmentAnswered = "amendment_answered",
        /// The practice answered a request not to share or use something; the subject is the request, the title what it is about.
        RestrictionAnswered = "restriction_answered",
        /// A payment was received, online or at the desk (PAY-1); the subject is the transaction, the title the amount.
        PaymentReceived = "payment_received",
        /// Money went back (PAY-4); the subject is the payment, the title the amount.
        PaymentRefunded = "payment_refunded",
        /// Money that was to go back did not arrive (PAY-4); the subject is the payment, the title the amount.
        RefundFailed = "refund_failed",
        /// An instalment will be taken in three days (PAY-1); the subject is the plan, the title the amount.
        InstalmentSoon = "instalment_soon",
        /// An instalment was declined and is tried again; the subject is the plan, the title the amount.
        InstalmentDeclined = "instalment_declined",
        /// A payment plan takes nothing until the patient does something; the subject is the plan.
        PlanPaused = "plan_paused",
        /// Staff ended a payment plan; the subject is the plan.
        PlanEnded = "plan_ended",
    }
}

impl ItemKind {
    /// Whether somebody wrote in a thread, which is its subject.
    pub const fn is_message(self) -> bool {
        matches!(self, Self::Message | Self::BillingMessage)
    }

    /// What it tells of: whoever acts for the patient sees the item who may see that. Of the account nobody else may.
    pub fn category(self) -> Category {
        match self {
            Self::ResultReleased => Category::Results,
            Self::AppointmentConfirmed
            | Self::AppointmentDenied
            | Self::AppointmentProposed
            | Self::AppointmentCancelled => Category::Appointments,
            Self::Message => Category::Messages,
            Self::AccountEvent => Category::Account,
            Self::Notice => Category::Notices,
            Self::EducationAssigned => Category::Education,
            Self::DocumentReleased => Category::Documents,
            Self::ProposalAnswered => Category::Proposals,
            Self::AmendmentAnswered => Category::Amendments,
            Self::RestrictionAnswered => Category::Restrictions,
            Self::HealthRecordReady | Self::HealthRecordFailed => Category::Chart,
            Self::MedicationsAnswered => Category::Medications,
            Self::BillingMessage
            | Self::PaymentReceived
            | Self::PaymentRefunded
            | Self::RefundFailed
            | Self::InstalmentSoon
            | Self::InstalmentDeclined
            | Self::PlanPaused
            | Self::PlanEnded => Category::Billing,
        }
    }
}

/// Something that arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InboxItem {
    /// The id.
    pub id: InboxItemId,
    /// What it tells.
    pub kind: ItemKind,
    /// When it arrived.
    pub at: Time,
    /// The name of the thing: a test, a location.
    pub title: String,
    /// What to open, as the kind tells.
    pub subject_id: Uuid,
    /// When the patient opened it; null while unread.
    pub read_at: Option<Time>,
    /// Whether it was put into the archive.
    pub archived: bool,
}

words! {
    /// A folder of what arrived.
    Folder {
        /// What was not put away.
        Inbox = "inbox",
        /// What was put away.
        Archive = "archive",
    }
}

/// Which items of the mailbox are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct InboxQuery {
    /// The folder; `inbox` when absent. Not used by Sent Items.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<Folder>,
    /// Words that must occur, or begin a word that occurs, in the title or in the messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// The `next` of the page before; absent for the first page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Items a page, 1 to 100; 20 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 100))]
    pub limit: Option<u32>,
}

/// One page of the inbox, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Inbox {
    /// The items.
    pub items: Vec<InboxItem>,
    /// Send this as `cursor` for the next page; null on the last one.
    pub next: Option<String>,
    /// Unread items in the whole inbox, counted up to 100: a hundred means "a hundred or more".
    pub unread: i64,
}

/// Something the patient sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SentItem {
    /// When it was sent.
    pub at: Time,
    /// What it is.
    #[serde(flatten)]
    pub what: Sent,
}

/// What a patient can send.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Sent {
    /// An appointment request (MSG-6).
    Appointment(SentRequest),
    /// A message to a care team.
    Message(SentThread),
}

/// An appointment request in Sent Items.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SentRequest {
    /// The request.
    pub appointment_id: AppointmentId,
    /// To which location.
    pub location: String,
    /// What it was about.
    pub reason: Reason,
    /// Where it stands.
    pub state: State,
    /// Whether it can still be recalled (APT-4).
    pub can_recall: bool,
}

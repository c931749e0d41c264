//! Inbox items in words, and where they lead.

use portal_domain::mail::{InboxItem, ItemKind};

use crate::{
    acting::link,
    logic::wording::plain_name,
    text::{t_word, t_word_with},
};

/// What an item tells: `New lab result: Hemoglobin A1c`.
pub fn inbox_title(item: &InboxItem) -> String {
    let title = match item.kind {
        ItemKind::ResultReleased => plain_name(&item.title),
        ItemKind::AccountEvent => t_word("account_event", &item.title).into(),
        _ => item.title.clone(),
    };
    t_word_with("inbox_item", item.kind.as_str(), &[("title", &title)])
}

/// The page of what an item is about. It carries the item, so that opening it marks it as read wherever it is opened.
pub fn inbox_href(item: &InboxItem) -> String {
    let (id, subject) = (item.id, item.subject_id);
    let path = match item.kind {
        ItemKind::ResultReleased => format!("/chart/results/{subject}?item={id}"),
        ItemKind::AppointmentConfirmed
        | ItemKind::AppointmentDenied
        | ItemKind::AppointmentProposed
        | ItemKind::AppointmentCancelled => format!("/appointments/{subject}?item={id}"),
        ItemKind::Message | ItemKind::BillingMessage => format!("/mail/threads/{subject}?item={id}"),
        ItemKind::Notice => format!("/notices/{subject}?item={id}"),
        ItemKind::EducationAssigned => format!("/learn/{subject}?item={id}"),
        ItemKind::HealthRecordReady | ItemKind::HealthRecordFailed => {
            format!("/chart/records/{subject}?item={id}")
        }
        ItemKind::MedicationsAnswered => format!("/chart/medications/requests/{subject}?item={id}"),
        ItemKind::DocumentReleased => format!("/chart/documents/{subject}?item={id}"),
        ItemKind::ProposalAnswered => format!("/chart/proposals/{subject}?item={id}"),
        ItemKind::RestrictionAnswered => format!("/chart/limits/{subject}?item={id}"),
        ItemKind::AmendmentAnswered => format!("/chart/corrections/{subject}?item={id}"),
        ItemKind::PaymentReceived | ItemKind::PaymentRefunded | ItemKind::RefundFailed => {
            format!("/billing/payments/{subject}?item={id}")
        }
        ItemKind::InstalmentSoon
        | ItemKind::InstalmentDeclined
        | ItemKind::PlanPaused
        | ItemKind::PlanEnded => format!("/billing/plan/{subject}?item={id}"),
        ItemKind::AccountEvent => format!("/account/activity?item={id}"),
    };
    link(&path)
}

//! "You have something new" by e-mail: for what, when, and what became of it (NTF-1 to NTF-3).

use serde::{Deserialize, Serialize};

use crate::{
    accounts::NoticeChoice,
    ids::MailId,
    mail::ItemKind,
    outbox::{MailKind, MailState},
    time::Time,
    words::words,
};

words! {
    /// What news is about, as its reader chooses. News of the account itself is not on the list: that is mailed by
    /// itself and can't be switched off (NTF-2).
    NotificationKind {
        /// A care team wrote.
        Messages = "messages",
        /// An appointment was booked, denied, offered at another time or cancelled.
        Appointments = "appointments",
        /// A result was released.
        Results = "results",
        /// The practice has a notice.
        Notices = "notices",
        /// Somebody assigned something to read.
        Education = "education",
        /// A health record is ready, or could not be made; staff released a document; a request to correct the record was
        /// answered.
        HealthRecords = "health_records",
        /// A request for a refill or renewal was answered, or a proposed change of the chart.
        Medications = "medications",
        /// An instalment of a payment plan falls due, or the plan needs something done.
        Bills = "bills",
    }
}

impl NotificationKind {
    /// What kind of news an inbox item is; none for what is mailed in any case.
    pub fn of(item: ItemKind) -> Option<Self> {
        match item {
            ItemKind::ResultReleased => Some(Self::Results),
            ItemKind::AppointmentConfirmed
            | ItemKind::AppointmentDenied
            | ItemKind::AppointmentProposed
            | ItemKind::AppointmentCancelled => Some(Self::Appointments),
            ItemKind::Message | ItemKind::BillingMessage => Some(Self::Messages),
            ItemKind::Notice => Some(Self::Notices),
            ItemKind::EducationAssigned => Some(Self::Education),
            ItemKind::HealthRecordReady
            | ItemKind::HealthRecordFailed
            | ItemKind::DocumentReleased
            | ItemKind::AmendmentAnswered
            | ItemKind::RestrictionAnswered => Some(Self::HealthRecords),
            ItemKind::MedicationsAnswered | ItemKind::ProposalAnswered => Some(Self::Medications),
            ItemKind::InstalmentSoon
            | ItemKind::InstalmentDeclined
            | ItemKind::PlanPaused
            | ItemKind::PlanEnded => Some(Self::Bills),
            // A receipt stands in the inbox; nobody needs a mail about what was just paid.
            ItemKind::AccountEvent
            | ItemKind::PaymentReceived
            | ItemKind::PaymentRefunded
            | ItemKind::RefundFailed => None,
        }
    }
}

/// When each kind of news is mailed (NTF-2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NotificationChoices {
    /// Messages of care teams.
    #[serde(default)]
    pub messages: NoticeChoice,
    /// Appointments.
    #[serde(default)]
    pub appointments: NoticeChoice,
    /// Released results.
    #[serde(default)]
    pub results: NoticeChoice,
    /// Notices of the practice.
    #[serde(default)]
    pub notices: NoticeChoice,
    /// What was assigned to read.
    #[serde(default)]
    pub education: NoticeChoice,
    /// Health records.
    #[serde(default)]
    pub health_records: NoticeChoice,
    /// Answers to requests for refills and renewals.
    #[serde(default)]
    pub medications: NoticeChoice,
    /// Payment plans.
    #[serde(default)]
    pub bills: NoticeChoice,
}

impl NotificationChoices {
    /// The same choice for everything.
    pub fn all(choice: NoticeChoice) -> Self {
        let mut choices = Self::default();
        for kind in NotificationKind::ALL {
            *choices.of_mut(*kind) = choice;
        }
        choices
    }

    /// The choice for one kind.
    pub fn of(mut self, kind: NotificationKind) -> NoticeChoice {
        *self.of_mut(kind)
    }

    /// The choice for one kind, to be changed.
    pub fn of_mut(&mut self, kind: NotificationKind) -> &mut NoticeChoice {
        match kind {
            NotificationKind::Messages => &mut self.messages,
            NotificationKind::Appointments => &mut self.appointments,
            NotificationKind::Results => &mut self.results,
            NotificationKind::Notices => &mut self.notices,
            NotificationKind::Education => &mut self.education,
            NotificationKind::HealthRecords => &mut self.health_records,
            NotificationKind::Medications => &mut self.medications,
            NotificationKind::Bills => &mut self.bills,
        }
    }
}

/// The token of a mail's unsubscribe link (RFC 8058). It signs nobody in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct Unsubscribe {
    /// As it stands in the link.
    pub token: String,
}

/// An e-mail to a patient, as staff see it (NTF-3). It never tells what the mail says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MailView {
    /// The id.
    pub id: MailId,
    /// What it is about.
    pub kind: MailKind,
    /// Where it stands.
    pub state: MailState,
    /// Why it waits, failed or was not sent; null when there is nothing to say.
    pub reason: Option<String>,
    /// The address with all but the first letter of its name hidden; empty when there was none.
    pub to: String,
    /// How often it was tried.
    pub attempts: i64,
    /// When it was written.
    pub created_at: Time,
    /// When it is sent or tried again; null when it is done with.
    pub due_at: Option<Time>,
    /// When a mail server took it.
    pub sent_at: Option<Time>,
}

/// An address of which staff see enough to compare it, and no more: `a…@example.org`.
pub fn masked(address: &str) -> String {
    match address.split_once('@') {
        Some((name, domain)) => match name.chars().next() {
            Some(first) => format!("{first}…@{domain}"),
            None => format!("…@{domain}"),
        },
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_a_choice_of_its_own() {
        for kind in NotificationKind::ALL {
            let mut choices = NotificationChoices::default();
            *choices.of_mut(*kind) = NoticeChoice::Daily;
            for other in NotificationKind::ALL {
                let expected = if other == kind { NoticeChoice::Daily } else { NoticeChoice::Now };
                assert_eq!(choices.of(*other), expected, "{kind} and {other}");
            }
        }
        assert_eq!(NotificationChoices::all(NoticeChoice::Now), NotificationChoices::default());
    }

    #[test]
    fn what_an_older_portal_kept_reads_as_now_where_it_knew_no_choice() {
        let kept: NotificationChoices = serde_json::from_str(r#"{"messages":"off"}"#).unwrap();
        assert_eq!((kept.messages, kept.results), (NoticeChoice::Off, NoticeChoice::Now));
    }

    #[test]
    fn an_address_is_masked_but_for_its_first_letter_and_domain() {
        assert_eq!(masked("anna.lund@example.org"), "a…@example.org");
        assert_eq!(masked("@example.org"), "…@example.org");
        assert_eq!(masked(""), "");
    }
}

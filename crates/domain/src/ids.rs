//! Identifiers: one type a noun, so that a patient's id can't stand where a result's is meant.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Declares identifier types over a UUID (version 7 when made by the portal).
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
        #[cfg_attr(feature = "sql", derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow))]
        #[cfg_attr(feature = "sql", diesel(sql_type = crate::sql::Guid))]
        pub struct $name(pub Uuid);

        #[cfg(feature = "sql")]
        crate::sql::stored_as_guid!($name);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )+};
}

ids! {
    /// A sign-in: of a patient or of a member of staff.
    AccountId,
    /// A request for an appointment, and the appointment it becomes.
    AppointmentId,
    /// An item in a patient's inbox.
    InboxItemId,
    /// A registered integrator (an OAuth 2 client).
    ClientId,
    /// An enrolment token handed out by a location (ENR-1).
    EnrolmentTokenId,
    /// A location of the practice.
    LocationId,
    /// A person with a chart.
    PatientId,
    /// A practitioner: who orders, sees and releases.
    ProviderId,
    /// A result: one diagnostic report with its observations.
    ResultId,
    /// One measured or observed value.
    ObservationId,
    /// A row of the chart whose kind the context names.
    ChartItemId,
    /// An organization, such as a performing laboratory.
    OrganizationId,
    /// A browser that an account signed in from (SEC-7).
    DeviceId,
    /// A session, as its owner names it when ending it.
    SessionId,
    /// A link, a step or a desk token of an account that works once.
    AccountTokenId,
    /// A passkey of an account.
    PasskeyId,
    /// A WebAuthn ceremony under way.
    CeremonyId,
    /// An e-mail in the outbox.
    MailId,
    /// A care team.
    TeamId,
    /// A message to a cohort of patients.
    CohortMessageId,
    /// A conversation between a patient and a care team.
    ThreadId,
    /// One message of a thread.
    MessageId,
    /// A message that is being written.
    DraftId,
    /// A file of a draft or a message.
    AttachmentId,
    /// A text that staff reuse.
    TemplateId,
    /// An important notice of the practice (NOT-1).
    NoticeId,
    /// An item of the education library (EDU-1).
    EducationId,
    /// A health record that a patient asked for (PHR-1).
    HealthRecordId,
    /// A copy of a health record that was sent to somebody.
    TransmissionId,
    /// A record that a patient brought from another clinic.
    OutsideRecordId,
    /// A document that staff attached to a chart (PHR-6).
    DocumentId,
    /// A request for refills and renewals (MED-2).
    MedicationRequestId,
    /// One medication of such a request.
    MedicationRequestItemId,
    /// A transaction of the ledger (PAY-1).
    LedgerTransactionId,
    /// A statement that the billing system sent (PAY-1).
    StatementId,
    /// A payment by the gateway, from its begin (PAY-3).
    PaymentId,
    /// Money that goes back to a card (PAY-4).
    RefundId,
    /// What the practice would give up of a balance (PAY-4).
    WriteOffId,
    /// Something of a bill that a patient questions (PAY-4).
    DisputeId,
    /// A card that a gateway keeps for a login (PAY-2).
    PaymentMethodId,
    /// A balance that is paid in instalments (PAY-1).
    PaymentPlanId,
    /// A request that the law gives: to correct the record, or to limit what is done with it.
    PetitionId,
    /// What a patient asks the chart to become (MED-1).
    ProposalId,
    /// A file that goes with an item of the education library.
    EducationFileId,
    /// What one account may do for another patient (PRX-2).
    ProxyGrantId,
    /// An invitation to look after a patient, which works once.
    ProxyInviteId,
    /// A record that staff opened in an emergency (ADM-6).
    EmergencyAccessId,
    /// A request to look after somebody, which staff check (PRX-1).
    DependentRequestId,
}

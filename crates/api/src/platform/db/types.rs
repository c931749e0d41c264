//! Teaches the pair of engines the domain's stored types, and adds JSON documents.

use std::io::Write;

use diesel::{
    backend::Backend,
    deserialize::FromSqlRow,
    deserialize::{self, FromSql},
    expression::AsExpression,
    pg::Pg,
    query_builder::QueryId,
    serialize::{self, IsNull, Output, ToSql},
    sql_types::{HasSqlType, SqlType, Text},
    sqlite::Sqlite,
};
use portal_domain::{ids::*, sql::stored_as_guid, time::Time};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

pub use portal_domain::sql::{Guid, Instant, Word};

use super::conn::MultiBackend;

/// SQL type: `jsonb` on PostgreSQL, JSON `TEXT` on SQLite.
#[derive(Default, Clone, Copy, SqlType, QueryId)]
#[diesel(postgres_type(name = "jsonb"), sqlite_type(name = "Text"))]
pub struct Document;

macro_rules! sql_types {
    ($($sql:ty),+) => {$(
        impl HasSqlType<$sql> for MultiBackend {
            fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
                MultiBackend::lookup_sql_type::<$sql>(lookup)
            }
        }
    )+};
}
sql_types!(Guid, Instant, Word, Document);

/// Tells the pair of engines how `$rust` is stored as `$sql`, and how it is read.
macro_rules! bridge {
    ($($sql:ty => $($rust:ty),+;)+) => {$($(
        stored!($sql => $rust);
        impl FromSql<$sql, MultiBackend> for $rust {
            fn from_sql(v: <MultiBackend as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                v.from_sql::<$rust, $sql>()
            }
        }
    )+)+};
}

/// Only how it is stored: words are read by one impl for every engine, beside their declaration.
macro_rules! stored {
    ($sql:ty => $($rust:ty),+) => {$(
        impl ToSql<$sql, MultiBackend> for $rust {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
                out.set_value((<$sql>::default(), self));
                Ok(IsNull::No)
            }
        }
    )+};
}

/// An id whose noun the row tells (an audit entry's subject, an actor).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Guid)]
pub struct AnyId(pub Uuid);
stored_as_guid!(AnyId);

/// A struct kept whole, as JSON: `jsonb` on PostgreSQL, `TEXT` on SQLite.
#[derive(Clone, Debug, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = Document)]
pub struct Json(pub String);

bridge! {
    Guid => AnyId, AccountId, AppointmentId, InboxItemId, ClientId, EnrolmentTokenId, LocationId, PatientId, ProviderId,
        ResultId, ObservationId, ChartItemId, OrganizationId, MailId, DeviceId, SessionId, AccountTokenId, PasskeyId,
        CeremonyId, TeamId, ThreadId, MessageId, DraftId, AttachmentId, TemplateId, NoticeId, EducationId,
        EducationFileId, CohortMessageId, HealthRecordId, MedicationRequestId, MedicationRequestItemId, ProxyGrantId, ProxyInviteId, EmergencyAccessId, DependentRequestId, TransmissionId, DocumentId, OutsideRecordId, ProposalId, PetitionId,
        LedgerTransactionId, StatementId, PaymentId, RefundId, WriteOffId, DisputeId, PaymentMethodId, PaymentPlanId;
    Instant => Time;
    Document => Json;
}

stored!(
    Word => portal_domain::access::Action, portal_domain::access::Category, portal_domain::access::Role,
        portal_domain::access::Basis, portal_domain::access::Level,
        portal_domain::billing::Currency, portal_domain::billing::LedgerAccount, portal_domain::billing::PaymentFailure,
        portal_domain::billing::DisputeOutcome, portal_domain::billing::DisputeReason,
        portal_domain::billing::DisputeState, portal_domain::billing::DisputeSubject,
        portal_domain::billing::PaymentState, portal_domain::billing::TransactionKind, portal_domain::billing::WriteOffState,
        portal_domain::billing::MethodState, portal_domain::billing::PlanState, portal_domain::billing::PauseReason,
        portal_domain::billing::InstalmentState,
        portal_domain::accounts::AccountEvent, portal_domain::petitions::PetitionKind,
        portal_domain::petitions::PetitionState, portal_domain::record::Section,
        portal_domain::accounts::PasskeyPurpose, portal_domain::accounts::TokenPurpose,
        portal_domain::appointments::Reason, portal_domain::appointments::State, portal_domain::audit::ActorKind,
        portal_domain::audit::Outcome, portal_domain::dependents::DependentRequestState, portal_domain::dependents::GrantSource, portal_domain::dependents::Relationship, portal_domain::education::EducationTopic, portal_domain::emergency::EmergencyReason, portal_domain::mail::ItemKind, portal_domain::messages::Side, portal_domain::messages::TeamCategory, portal_domain::documents::DocumentKind,
        portal_domain::messages::ThreadState, portal_domain::messages::TopicKind, portal_domain::notices::Severity, portal_domain::outbox::MailKind,
        portal_domain::outbox::MailState, portal_domain::outside::OutsideFormat, portal_domain::outside::OutsideEntryKind, portal_domain::outside::OutsideEntryState, portal_domain::outside::OutsideDismissReason, portal_domain::patients::Gender, portal_domain::record::RecordFailure,
        portal_domain::record::RecordFormat,
        portal_domain::record::RecordState, portal_domain::refills::RequestState, portal_domain::refills::ItemState,
        portal_domain::refills::RequestKind, portal_domain::refills::DeclineReason,
        portal_domain::restricted::RestrictedReason,
        portal_domain::results::Flag, portal_domain::results::HoldReason, portal_domain::results::RecallReason, portal_domain::results::ReportStatus,
        portal_domain::search::Realm, portal_domain::sensitivity::SensitiveKind, portal_domain::transmissions::TransmissionWay,
        portal_domain::proposals::ProposalChange, portal_domain::proposals::ProposalDeclineReason,
        portal_domain::proposals::ProposalOrigin, portal_domain::proposals::ProposalState,
        portal_domain::proposals::ProposalSubject
);

impl Json {
    /// The JSON text of `value`.
    pub fn of<T: Serialize>(value: &T) -> serde_json::Result<Self> {
        serde_json::to_string(value).map(Self)
    }

    /// The value again. An error means that the row was written by something else than this code.
    pub fn read<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        serde_json::from_str(&self.0)
    }
}

impl ToSql<Document, Pg> for Json {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        // The binary format of jsonb is a version byte, then the JSON text.
        out.write_all(&[1])?;
        out.write_all(self.0.as_bytes())?;
        Ok(IsNull::No)
    }
}
impl ToSql<Document, Sqlite> for Json {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.as_str());
        Ok(IsNull::No)
    }
}
impl FromSql<Document, Pg> for Json {
    fn from_sql(v: <Pg as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        match v.as_bytes().split_first() {
            Some((1, text)) => Ok(Self(String::from_utf8(text.to_vec())?)),
            _ => Err("unknown jsonb version".into()),
        }
    }
}
impl FromSql<Document, Sqlite> for Json {
    fn from_sql(v: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        FromSql::<Text, Sqlite>::from_sql(v).map(Self)
    }
}

//! How the domain's words are stored: native types on each engine, one Rust type for both.

use chrono::{DateTime, Utc};
use diesel::{
    AsExpression, FromSqlRow,
    backend::Backend,
    deserialize::{self, FromSql, Queryable},
    expression::AsExpression as IntoExpression,
    internal::derives::as_expression::Bound,
    pg::Pg,
    query_builder::QueryId,
    serialize::{self, IsNull, Output, ToSql},
    sql_types::{BigInt, Binary, HasSqlType, Nullable, SqlType, Text, Timestamptz},
    sqlite::Sqlite,
};
use portal_domain::{ids::*, time::Time};
use serde::{Serialize, de::DeserializeOwned};
use std::io::Write;
use uuid::Uuid;

use super::conn::MultiBackend;

/// SQL type: `uuid` on PostgreSQL, a 16-byte `BLOB` on SQLite.
#[derive(Default, Clone, Copy, SqlType, QueryId)]
#[diesel(postgres_type(name = "uuid"), sqlite_type(name = "Binary"))]
pub struct Guid;

/// SQL type: `timestamptz` on PostgreSQL, microseconds since 1970 (`INTEGER`) on SQLite.
#[derive(Default, Clone, Copy, SqlType, QueryId)]
#[diesel(postgres_type(name = "timestamptz"), sqlite_type(name = "Long"))]
pub struct Instant;

/// SQL type: a word of a closed list, stored as `text` on both engines.
#[derive(Default, Clone, Copy, SqlType, QueryId)]
#[diesel(postgres_type(name = "text"), sqlite_type(name = "Text"))]
pub struct Word;

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

/// Teaches `MultiBackend` and diesel's expressions that `$rust` is stored as `$sql`. The types are
/// the domain's, which knows no database; the SQL types are ours, so the impls may stand here.
macro_rules! bridge {
    ($sql:ty => $rust:ty) => {
        impl FromSql<$sql, MultiBackend> for $rust {
            fn from_sql(v: <MultiBackend as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                v.from_sql::<$rust, $sql>()
            }
        }
        impl ToSql<$sql, MultiBackend> for $rust {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
                out.set_value((<$sql>::default(), self));
                Ok(IsNull::No)
            }
        }
        impl<DB: Backend> Queryable<$sql, DB> for $rust
        where
            $rust: FromSql<$sql, DB>,
        {
            type Row = Self;
            fn build(row: Self) -> deserialize::Result<Self> {
                Ok(row)
            }
        }
        bridge!(@expression $sql => $rust);
        bridge!(@expression $sql => &$rust);
    };
    (@expression $sql:ty => $rust:ty) => {
        impl IntoExpression<$sql> for $rust {
            type Expression = Bound<$sql, Self>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }
        impl IntoExpression<Nullable<$sql>> for $rust {
            type Expression = Bound<Nullable<$sql>, Self>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }
    };
}

macro_rules! guids {
    ($($rust:ident),+ $(,)?) => {$(
        impl ToSql<Guid, Pg> for $rust {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                ToSql::<diesel::sql_types::Uuid, Pg>::to_sql(&self.0, out)
            }
        }
        impl ToSql<Guid, Sqlite> for $rust {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                out.set_value(self.0.as_bytes().as_slice());
                Ok(IsNull::No)
            }
        }
        impl FromSql<Guid, Pg> for $rust {
            fn from_sql(v: <Pg as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                FromSql::<diesel::sql_types::Uuid, Pg>::from_sql(v).map(Self)
            }
        }
        impl FromSql<Guid, Sqlite> for $rust {
            fn from_sql(v: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                let bytes: Vec<u8> = FromSql::<Binary, Sqlite>::from_sql(v)?;
                Ok(Self(Uuid::from_slice(&bytes)?))
            }
        }
        bridge!(Guid => $rust);
    )+};
}

/// An id whose noun the row tells (an audit entry's subject, an actor).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AnyId(pub Uuid);

guids!(
    AnyId,
    AccountId,
    AppointmentId,
    InboxItemId,
    ClientId,
    EnrolmentTokenId,
    LocationId,
    PatientId,
    ProviderId,
    ResultId,
    ObservationId,
    ChartItemId,
    OrganizationId,
);

impl ToSql<Instant, Pg> for Time {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ToSql::<Timestamptz, Pg>::to_sql(&self.utc(), &mut out.reborrow())
    }
}
impl ToSql<Instant, Sqlite> for Time {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.micros());
        Ok(IsNull::No)
    }
}
impl FromSql<Instant, Pg> for Time {
    fn from_sql(v: <Pg as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let at: DateTime<Utc> = FromSql::<Timestamptz, Pg>::from_sql(v)?;
        Ok(Time::from_micros(at.timestamp_micros())?)
    }
}
impl FromSql<Instant, Sqlite> for Time {
    fn from_sql(v: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Time::from_micros(FromSql::<BigInt, Sqlite>::from_sql(v)?)?)
    }
}
bridge!(Instant => Time);

/// Enums declared by the domain (`as_str`, `FromStr`) are stored as [`Word`].
macro_rules! words {
    ($($rust:ty),+ $(,)?) => {$(
        impl ToSql<Word, Pg> for $rust {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                out.write_all(self.as_str().as_bytes())?;
                Ok(IsNull::No)
            }
        }
        impl ToSql<Word, Sqlite> for $rust {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                out.set_value(self.as_str());
                Ok(IsNull::No)
            }
        }
        impl FromSql<Word, Pg> for $rust {
            fn from_sql(v: <Pg as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                let text: String = FromSql::<Text, Pg>::from_sql(v)?;
                Ok(text.parse::<$rust>()?)
            }
        }
        impl FromSql<Word, Sqlite> for $rust {
            fn from_sql(v: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                let text: String = FromSql::<Text, Sqlite>::from_sql(v)?;
                Ok(text.parse::<$rust>()?)
            }
        }
        bridge!(Word => $rust);
    )+};
}

words!(
    portal_domain::access::Action,
    portal_domain::access::Category,
    portal_domain::access::Role,
    portal_domain::appointments::Reason,
    portal_domain::appointments::State,
    portal_domain::audit::ActorKind,
    portal_domain::audit::Outcome,
    portal_domain::mail::ItemKind,
    portal_domain::patients::Gender,
    portal_domain::results::Flag,
    portal_domain::results::ReportStatus,
);

/// A struct kept whole, as JSON: `jsonb` on PostgreSQL, `TEXT` on SQLite.
#[derive(Clone, Debug, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = Document)]
pub struct Json(pub String);

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
impl FromSql<Document, MultiBackend> for Json {
    fn from_sql(v: <MultiBackend as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        v.from_sql::<Json, Document>()
    }
}
impl ToSql<Document, MultiBackend> for Json {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
        out.set_value((Document, self));
        Ok(IsNull::No)
    }
}

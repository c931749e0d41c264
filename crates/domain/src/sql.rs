//! How the domain's words are stored: native types on each engine, one Rust type for both.
//!
//! Only this stands here, because Rust wants it beside the types; queries and tables are the server's.

use std::io::Write;

use chrono::{DateTime, Utc};
use diesel::{
    backend::Backend,
    deserialize::{self, FromSql},
    pg::Pg,
    query_builder::QueryId,
    serialize::{self, IsNull, Output, ToSql},
    sql_types::{BigInt, SqlOrd, SqlType, Timestamptz},
    sqlite::Sqlite,
};

use crate::time::Time;

/// SQL type: `uuid` on PostgreSQL, a 16-byte `BLOB` on SQLite.
#[derive(Default, Clone, Copy, SqlType, QueryId)]
#[diesel(postgres_type(name = "uuid"), sqlite_type(name = "Binary"))]
pub struct Guid;

/// SQL type: `timestamptz` on PostgreSQL, microseconds since 1970 (`INTEGER`) on SQLite.
#[derive(Default, Clone, Copy, SqlType, QueryId)]
#[diesel(postgres_type(name = "timestamptz"), sqlite_type(name = "Long"))]
pub struct Instant;

impl SqlOrd for Instant {}

/// SQL type: a word of a closed list, stored as `text` on both engines.
#[derive(Default, Clone, Copy, SqlType, QueryId)]
#[diesel(postgres_type(name = "text"), sqlite_type(name = "Text"))]
pub struct Word;

/// Stores a newtype over a UUID as [`Guid`].
#[macro_export]
macro_rules! stored_as_guid {
    ($rust:ident) => {
        impl diesel::serialize::ToSql<$crate::sql::Guid, diesel::pg::Pg> for $rust {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, diesel::pg::Pg>,
            ) -> diesel::serialize::Result {
                diesel::serialize::ToSql::<diesel::sql_types::Uuid, diesel::pg::Pg>::to_sql(&self.0, out)
            }
        }
        impl diesel::serialize::ToSql<$crate::sql::Guid, diesel::sqlite::Sqlite> for $rust {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, diesel::sqlite::Sqlite>,
            ) -> diesel::serialize::Result {
                out.set_value(self.0.as_bytes().as_slice());
                Ok(diesel::serialize::IsNull::No)
            }
        }
        impl diesel::deserialize::FromSql<$crate::sql::Guid, diesel::pg::Pg> for $rust {
            fn from_sql(
                value: <diesel::pg::Pg as diesel::backend::Backend>::RawValue<'_>,
            ) -> diesel::deserialize::Result<Self> {
                diesel::deserialize::FromSql::<diesel::sql_types::Uuid, diesel::pg::Pg>::from_sql(value)
                    .map(Self)
            }
        }
        impl diesel::deserialize::FromSql<$crate::sql::Guid, diesel::sqlite::Sqlite> for $rust {
            fn from_sql(
                value: <diesel::sqlite::Sqlite as diesel::backend::Backend>::RawValue<'_>,
            ) -> diesel::deserialize::Result<Self> {
                let bytes: Vec<u8> = diesel::deserialize::FromSql::<
                    diesel::sql_types::Binary,
                    diesel::sqlite::Sqlite,
                >::from_sql(value)?;
                Ok(Self(uuid::Uuid::from_slice(&bytes)?))
            }
        }
    };
}
pub use stored_as_guid;

/// Stores an enum declared by `words!` as [`Word`].
macro_rules! stored_as_word {
    ($rust:ident) => {
        impl diesel::serialize::ToSql<$crate::sql::Word, diesel::pg::Pg> for $rust {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, diesel::pg::Pg>,
            ) -> diesel::serialize::Result {
                std::io::Write::write_all(out, self.as_str().as_bytes())?;
                Ok(diesel::serialize::IsNull::No)
            }
        }
        impl diesel::serialize::ToSql<$crate::sql::Word, diesel::sqlite::Sqlite> for $rust {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, diesel::sqlite::Sqlite>,
            ) -> diesel::serialize::Result {
                out.set_value(self.as_str());
                Ok(diesel::serialize::IsNull::No)
            }
        }
        impl<DB: diesel::backend::Backend> diesel::deserialize::FromSql<$crate::sql::Word, DB> for $rust
        where
            String: diesel::deserialize::FromSql<diesel::sql_types::Text, DB>,
        {
            fn from_sql(value: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
                let text: String =
                    diesel::deserialize::FromSql::<diesel::sql_types::Text, DB>::from_sql(value)?;
                Ok(text.parse::<Self>()?)
            }
        }
    };
}
pub(crate) use stored_as_word;

impl ToSql<Instant, Pg> for Time {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        // The binary format of timestamptz: microseconds since 2000-01-01, big-endian.
        out.write_all(&(self.micros() - POSTGRES_EPOCH).to_be_bytes())?;
        Ok(IsNull::No)
    }
}

/// 2000-01-01T00:00:00Z in microseconds since 1970.
const POSTGRES_EPOCH: i64 = 946_684_800_000_000;

impl ToSql<Instant, Sqlite> for Time {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.micros());
        Ok(IsNull::No)
    }
}

impl FromSql<Instant, Pg> for Time {
    fn from_sql(value: <Pg as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let at: DateTime<Utc> = FromSql::<Timestamptz, Pg>::from_sql(value)?;
        Ok(Time::from_micros(at.timestamp_micros())?)
    }
}

impl FromSql<Instant, Sqlite> for Time {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Time::from_micros(FromSql::<BigInt, Sqlite>::from_sql(value)?)?)
    }
}

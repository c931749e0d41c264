//! One diesel text, two engines.

use diesel::{
    QueryResult, RunQueryDsl, Selectable,
    pg::Pg,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    sqlite::Sqlite,
};

pub use pair::{Conn, MultiBackend};

/// Kept apart because the derive writes public items without docs.
mod pair {
    #![expect(missing_docs, reason = "the derive writes items that can't carry docs")]

    use diesel::{pg::PgConnection, sqlite::SqliteConnection};

    /// A connection to whichever engine the practice runs. Queries are written once against this type.
    #[derive(diesel::MultiConnection)]
    pub enum Conn {
        /// PostgreSQL, for practices with several machines.
        Pg(PgConnection),
        /// SQLite, the embedded default.
        Sqlite(SqliteConnection),
    }
}

/// A query that both engines can build but their common text can't express (`ON CONFLICT`, unions,
/// aggregate filters): each engine writes its own SQL.
#[derive(Clone, Copy)]
pub struct Native<Q>(pub Q);

impl<Q: QueryFragment<Pg> + QueryFragment<Sqlite>> QueryFragment<MultiBackend> for Native<Q> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        MultiBackend::walk_variant_ast(&self.0, pass)
    }
}

impl<Q> QueryId for Native<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q: Query> Query for Native<Q> {
    type SqlType = Q::SqlType;
}

impl<Q> RunQueryDsl<Conn> for Native<Q> {}

/// The columns of a `Selectable` for `RETURNING`, where `as_returning` would bind to one engine.
pub fn columns<T: Selectable<MultiBackend>>() -> T::SelectExpression {
    T::construct_selection()
}

/// Compiles `$body` once per engine with `$c` as the native connection: for batch inserts and
/// whatever else the common text can't express.
#[macro_export]
macro_rules! each_engine {
    ($conn:expr, $c:ident => $body:expr) => {
        match $conn {
            $crate::platform::db::Conn::Pg($c) => $body,
            $crate::platform::db::Conn::Sqlite($c) => $body,
        }
    };
}

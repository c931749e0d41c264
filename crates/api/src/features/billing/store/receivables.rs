//! Rows of the whole ledger, for sums that are about nobody.

use std::collections::HashMap;

use diesel::{dsl::sql, prelude::*, sql_types::BigInt};
use portal_domain::{
    billing::TransactionKind,
    ids::{PatientId, StatementId},
    time::{Date, Time},
};

use crate::{
    error::Result,
    platform::db::{
        Conn,
        schema::{ledger_balances, ledger_transactions},
    },
};

/// A transaction without its words: whose account, its day, its statement, what it is and how much.
pub type BareRow = (PatientId, Date, Option<StatementId>, TransactionKind, i64);

/// The transactions of the accounts that are not even, account by account.
pub fn of_accounts_that_owe(conn: &mut Conn) -> Result<Vec<BareRow>> {
    use ledger_transactions::dsl as t;
    Ok(ledger_transactions::table
        .inner_join(ledger_balances::table.on(ledger_balances::payer_id.eq(t::payer_id)))
        .filter(ledger_balances::receivable.ne(0))
        .order(t::payer_id)
        .select((t::payer_id, t::day, t::statement_id, t::kind, t::amount))
        .load(conn)?)
}

/// What was posted of each kind in a span of time.
pub fn sums_between(conn: &mut Conn, from: Time, to: Time) -> Result<HashMap<TransactionKind, i64>> {
    use ledger_transactions::dsl as t;
    let sums: Vec<(TransactionKind, i64)> = ledger_transactions::table
        .group_by(t::kind)
        .filter(t::posted_at.ge(from))
        .filter(t::posted_at.lt(to))
        .select((t::kind, sql::<BigInt>("CAST(SUM(amount) AS BIGINT)")))
        .load(conn)?;
    Ok(sums.into_iter().collect())
}

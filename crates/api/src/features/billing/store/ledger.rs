//! Transactions with their entries, which are only ever added.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use portal_domain::{
    billing::{Balances, Currency, LedgerAccount, Money, Posting, TransactionKind},
    ids::{AccountId, LedgerTransactionId, PatientId, StatementId},
    page::Page,
    time::{Date, Time},
};

use crate::{
    error::{Error, Result},
    platform::{
        access::Grant,
        clock::new_id,
        db::{
            Conn, MultiBackend,
            schema::{ledger_balances, ledger_entries, ledger_transactions, statements},
        },
        page::{Cursor, Keyset},
    },
};

/// A transaction as stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = ledger_transactions, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct TransactionRow {
    pub payer_id: PatientId,
    pub id: LedgerTransactionId,
    pub patient_id: PatientId,
    pub posted_at: Time,
    pub day: Date,
    pub kind: TransactionKind,
    pub amount: i64,
    pub currency: Currency,
    pub description: String,
    pub statement_id: Option<StatementId>,
    pub source_id: Option<String>,
    pub reverses: Option<LedgerTransactionId>,
    pub posted_by: Option<AccountId>,
}

impl TransactionRow {
    pub fn money(&self) -> Money {
        Money::new(self.amount, self.currency)
    }

    /// What it does to what the patient owes.
    pub fn owed(&self) -> Result<Money> {
        self.kind.owed(self.money()).map_err(Error::internal)
    }
}

#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = ledger_entries, check_for_backend(MultiBackend))]
struct EntryRow {
    payer_id: PatientId,
    transaction_id: LedgerTransactionId,
    position: i64,
    account: LedgerAccount,
    amount: i64,
}

/// A statement of the billing system.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = statements, check_for_backend(MultiBackend))]
pub struct StatementRow {
    pub payer_id: PatientId,
    pub id: StatementId,
    pub number: String,
    pub day: Date,
}

#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = ledger_balances, check_for_backend(MultiBackend))]
struct BalanceRow {
    payer_id: PatientId,
    receivable: i64,
    insurance_pending: i64,
    changed_at: Time,
}

/// Writes a transaction with its entries, and what they sum to.
pub fn post(conn: &mut Conn, row: &TransactionRow) -> Result<()> {
    let posting = Posting::of(row.kind, row.money()).map_err(Error::internal)?;
    diesel::insert_into(ledger_transactions::table).values(row.clone()).execute(conn)?;
    let mut change = Balances::default();
    for (position, entry) in (0..).zip(posting.entries()) {
        let entry = EntryRow {
            payer_id: row.payer_id,
            transaction_id: row.id,
            position,
            account: entry.account,
            amount: entry.amount.amount,
        };
        change = change.with(entry.account, entry.amount);
        diesel::insert_into(ledger_entries::table).values(entry).execute(conn)?;
    }
    use ledger_balances::dsl as b;
    let kept = ledger_balances::table.find(row.payer_id);
    let known = diesel::update(kept)
        .set((
            b::receivable.eq(b::receivable + change.receivable),
            b::insurance_pending.eq(b::insurance_pending + change.insurance_pending),
            b::changed_at.eq(row.posted_at),
        ))
        .execute(conn)?;
    if known == 0 {
        let first = BalanceRow {
            payer_id: row.payer_id,
            receivable: change.receivable,
            insurance_pending: change.insurance_pending,
            changed_at: row.posted_at,
        };
        diesel::insert_into(ledger_balances::table).values(first).execute(conn)?;
    }
    Ok(())
}

/// What a patient's entries sum to: the balance is that, and nothing that is kept beside it.
pub fn balances(conn: &mut Conn, grant: &Grant) -> Result<Balances> {
    let entries: Vec<(LedgerAccount, i64)> = ledger_entries::table
        .filter(ledger_entries::payer_id.eq(grant.patient()))
        .select((ledger_entries::account, ledger_entries::amount))
        .load(conn)?;
    Ok(entries.into_iter().fold(Balances::default(), |sum, (account, amount)| sum.with(account, amount)))
}

/// All transactions of a patient's account, the oldest first.
pub fn transactions(conn: &mut Conn, grant: &Grant) -> Result<Vec<TransactionRow>> {
    use ledger_transactions::dsl as t;
    Ok(ledger_transactions::table
        .filter(t::payer_id.eq(grant.patient()))
        .order((t::day, t::posted_at, t::id))
        .select(TransactionRow::as_select())
        .load(conn)?)
}

/// One page of them, the newest first.
pub fn page(conn: &mut Conn, grant: &Grant, keyset: &Keyset) -> Result<Page<TransactionRow>> {
    use ledger_transactions::dsl as t;
    let mut query = ledger_transactions::table.into_boxed().filter(t::payer_id.eq(grant.patient()));
    if let Some(Cursor { at, id }) = keyset.after {
        let id = LedgerTransactionId(id);
        query = query.filter(t::posted_at.lt(at).or(t::posted_at.eq(at).and(t::id.lt(id))));
    }
    let rows = query.order((t::posted_at.desc(), t::id.desc())).limit(keyset.rows());
    let rows = rows.select(TransactionRow::as_select()).load(conn)?;
    Ok(keyset.page(rows, |row: &TransactionRow| Cursor { at: row.posted_at, id: row.id.0 }))
}

/// One of the patient's account; none when it is another's or nobody's.
pub fn find(conn: &mut Conn, grant: &Grant, id: LedgerTransactionId) -> Result<Option<TransactionRow>> {
    let found = ledger_transactions::table.find((grant.patient(), id)).select(TransactionRow::as_select());
    Ok(found.first(conn).optional()?)
}

/// Which of the patient's transactions were taken back.
pub fn reversed(conn: &mut Conn, grant: &Grant) -> Result<HashSet<LedgerTransactionId>> {
    use ledger_transactions::dsl as t;
    let reversed: Vec<Option<LedgerTransactionId>> = ledger_transactions::table
        .filter(t::payer_id.eq(grant.patient()))
        .filter(t::reverses.is_not_null())
        .select(t::reverses)
        .load(conn)?;
    Ok(reversed.into_iter().flatten().collect())
}

/// Whether something about the patient stands on somebody else's account.
pub fn billed_elsewhere(conn: &mut Conn, grant: &Grant) -> Result<bool> {
    use ledger_transactions::dsl as t;
    let elsewhere = ledger_transactions::table
        .filter(t::patient_id.eq(grant.patient()))
        .filter(t::payer_id.ne(grant.patient()));
    Ok(diesel::select(diesel::dsl::exists(elsewhere)).get_result(conn)?)
}

/// The transaction that a line of the billing system became.
pub fn posted_from(conn: &mut Conn, source_id: &str) -> Result<Option<TransactionRow>> {
    let found = ledger_transactions::table.filter(ledger_transactions::source_id.eq(source_id));
    Ok(found.select(TransactionRow::as_select()).first(conn).optional()?)
}

/// The payer's statement of this number; made where it is not there yet.
pub fn statement_named(conn: &mut Conn, payer: PatientId, number: &str, day: Date) -> Result<StatementId> {
    use statements::dsl as s;
    let known: Option<StatementId> = statements::table
        .filter(s::payer_id.eq(payer))
        .filter(s::number.eq(number))
        .select(s::id)
        .first(conn)
        .optional()?;
    if let Some(id) = known {
        return Ok(id);
    }
    let row = StatementRow { payer_id: payer, id: StatementId(new_id()), number: number.into(), day };
    let id = row.id;
    diesel::insert_into(statements::table).values(row).execute(conn)?;
    Ok(id)
}

/// A patient's statements, the oldest first.
pub fn statements(conn: &mut Conn, grant: &Grant) -> Result<Vec<StatementRow>> {
    use statements::dsl as s;
    Ok(statements::table
        .filter(s::payer_id.eq(grant.patient()))
        .order((s::day, s::number))
        .select(StatementRow::as_select())
        .load(conn)?)
}

/// One of the patient's.
pub fn statement(conn: &mut Conn, grant: &Grant, id: StatementId) -> Result<Option<StatementRow>> {
    let found = statements::table.find((grant.patient(), id)).select(StatementRow::as_select());
    Ok(found.first(conn).optional()?)
}

/// One page of the practice's balances, what changed last first.
pub fn balances_page(conn: &mut Conn, keyset: &Keyset) -> Result<Page<(PatientId, Balances, Time)>> {
    use ledger_balances::dsl as b;
    let mut query = ledger_balances::table.into_boxed();
    if let Some(Cursor { at, id }) = keyset.after {
        let id = PatientId(id);
        query = query.filter(b::changed_at.lt(at).or(b::changed_at.eq(at).and(b::payer_id.lt(id))));
    }
    let rows = query.order((b::changed_at.desc(), b::payer_id.desc())).limit(keyset.rows());
    let rows: Vec<BalanceRow> = rows.select(BalanceRow::as_select()).load(conn)?;
    let rows = rows.into_iter().map(|row| {
        let sums = Balances { receivable: row.receivable, insurance_pending: row.insurance_pending };
        (row.payer_id, sums, row.changed_at)
    });
    Ok(keyset.page(rows.collect(), |(payer, _, at)| Cursor { at: *at, id: payer.0 }))
}

/// The kinds of what was posted to the patient's account since then and not taken back.
pub fn posted_since(conn: &mut Conn, grant: &Grant, from: Time) -> Result<Vec<TransactionKind>> {
    use ledger_transactions::dsl as t;
    let rows: Vec<(LedgerTransactionId, TransactionKind, Option<LedgerTransactionId>)> =
        ledger_transactions::table
            .filter(t::payer_id.eq(grant.patient()))
            .filter(t::posted_at.ge(from))
            .select((t::id, t::kind, t::reverses))
            .load(conn)?;
    let back: HashSet<LedgerTransactionId> = rows.iter().filter_map(|row| row.2).collect();
    Ok(rows.into_iter().filter(|row| !back.contains(&row.0)).map(|row| row.1).collect())
}

/// What was posted in a span of time: how many and how much of each kind.
pub fn posted_between(conn: &mut Conn, from: Time, to: Time) -> Result<HashMap<TransactionKind, (i64, i64)>> {
    use ledger_transactions::dsl as t;
    let rows: Vec<(TransactionKind, i64)> = ledger_transactions::table
        .filter(t::posted_at.ge(from))
        .filter(t::posted_at.lt(to))
        .select((t::kind, t::amount))
        .load(conn)?;
    let mut sums = HashMap::new();
    for (kind, amount) in rows {
        let (count, sum): &mut (i64, i64) = sums.entry(kind).or_default();
        *count += 1;
        *sum += amount;
    }
    Ok(sums)
}

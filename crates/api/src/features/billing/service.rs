//! What a patient owes, statement by statement, and the lines behind it.

use std::collections::{HashMap, HashSet};

use portal_domain::{
    access::{Action, Category},
    billing::{
        BillingView, Currency, LedgerLine, Money, StatementSummary, StatementView, TransactionKind,
        open_amounts,
    },
    ids::{LedgerTransactionId, PatientId, StatementId},
    page::{Page, PageQuery},
    problem::Code,
};

use super::store::{self, Held, StatementRow, TransactionRow};
use crate::{
    app::App,
    error::{Error, Result},
    features::patients,
    platform::{access::Grant, auth::Actor, page::Keyset, work::Work},
};

/// A patient's account as it stands.
pub struct Account {
    currency: Currency,
    /// What is owed.
    pub balance: Money,
    held: Vec<Held>,
    insurance_pending: Money,
    /// The oldest first, each with what it bills and what is open of it.
    statements: Vec<(StatementRow, i64, i64)>,
}

impl Account {
    /// Reads it.
    pub fn of(work: &mut Work<'_>, grant: &Grant, currency: Currency) -> Result<Self> {
        let sums = store::balances(work.conn, grant)?;
        let rows = store::transactions(work.conn, grant)?;
        let named = store::statements(work.conn, grant)?;
        let money = |amount| Money::new(amount, currency);
        Ok(Self {
            currency,
            balance: money(sums.receivable),
            insurance_pending: money(sums.insurance_pending),
            held: store::held(work.conn, grant)?,
            statements: with_open(named, &rows)?,
        })
    }

    fn held(&self) -> i64 {
        self.held.iter().map(|held| held.amount).sum()
    }

    /// What can be paid now: what is owed and not being paid already.
    pub fn payable(&self) -> Money {
        Money::new((self.balance.amount - self.held()).max(0), self.currency)
    }

    /// The same of one statement; none when the patient has no such statement.
    pub fn payable_of(&self, id: StatementId) -> Option<Money> {
        let (_, _, open) = self.statements.iter().find(|(row, ..)| row.id == id)?;
        let held: i64 =
            self.held.iter().filter(|held| held.statement == Some(id)).map(|held| held.amount).sum();
        Some(Money::new((open - held).max(0), self.currency))
    }

    /// One statement with what is open of it; none when the patient has no such statement.
    pub fn statement(&self, id: StatementId) -> Option<StatementSummary> {
        self.summaries().into_iter().find(|statement| statement.id == id)
    }

    fn summaries(&self) -> Vec<StatementSummary> {
        self.statements
            .iter()
            .rev()
            .map(|(row, billed, open)| StatementSummary {
                id: row.id,
                number: row.number.clone(),
                date: row.day,
                billed: Money::new(*billed, self.currency),
                open: Money::new(*open, self.currency),
            })
            .collect()
    }
}

/// What each statement bills and what is open of it. What names no statement is a bill of its own, after all others, or
/// pays the oldest.
fn with_open(named: Vec<StatementRow>, rows: &[TransactionRow]) -> Result<Vec<(StatementRow, i64, i64)>> {
    let (mut billed, mut owed) = (HashMap::new(), HashMap::new());
    let (mut unbilled, mut credit) = (0, 0);
    for row in rows {
        let amount = row.owed()?.amount;
        match row.statement_id {
            Some(id) => {
                *owed.entry(id).or_insert(0) += amount;
                if row.kind.is_from_outside() {
                    *billed.entry(id).or_insert(0) += amount;
                }
            }
            None if row.kind.is_from_outside() && amount > 0 => unbilled += amount,
            None => credit -= amount,
        }
    }
    // More went back than was paid without naming a statement: that is owed again.
    unbilled += (-credit).max(0);
    let mut each: Vec<i64> = named.iter().map(|row| owed.get(&row.id).copied().unwrap_or(0)).collect();
    each.push(unbilled);
    let open = open_amounts(&each, credit.max(0));
    let statements = named.into_iter().zip(open).map(|(row, open)| {
        let billed = billed.get(&row.id).copied().unwrap_or(0);
        (row, billed, open)
    });
    Ok(statements.collect())
}

/// What a patient owes.
pub async fn summary(app: &App, actor: &Actor, patient: PatientId) -> Result<BillingView> {
    let (currency, pays_online) = (app.settings.currency, app.gateways.taking().is_some());
    app.read(actor, move |work| {
        let grant = work.grant(Action::View, Category::Billing, patient)?;
        let account = Account::of(work, &grant, currency)?;
        Ok(BillingView {
            balance: account.balance,
            held: Money::new(account.held(), currency),
            payable: account.payable(),
            insurance_pending: account.insurance_pending,
            statements: account.summaries(),
            pays_online,
            billed_elsewhere: store::billed_elsewhere(work.conn, &grant)?,
        })
    })
    .await
}

/// What was charged and paid, the newest first.
pub async fn lines(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    query: PageQuery,
) -> Result<Page<LedgerLine>> {
    let keyset = Keyset::parse(&query)?;
    app.read(actor, move |work| {
        let grant = work.grant(Action::View, Category::Billing, patient)?;
        let page = store::page(work.conn, &grant, &keyset)?;
        Ok(Page { items: told(work, &grant, page.items)?, next: page.next })
    })
    .await
}

/// One statement with its lines.
pub async fn statement(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: StatementId,
) -> Result<StatementView> {
    let currency = app.settings.currency;
    app.read(actor, move |work| {
        let grant = work.grant_about(Action::View, Category::Billing, patient, id.0)?;
        let account = Account::of(work, &grant, currency)?;
        let statement = account.statement(id).ok_or(Error::from(Code::NotFound))?;
        let mut rows = store::transactions(work.conn, &grant)?;
        rows.retain(|row| row.statement_id == Some(id));
        let lines = told(work, &grant, rows)?;
        Ok(StatementView { statement, payer: patients::summary(work.conn, patient)?, lines })
    })
    .await
}

/// Rows as their reader may see them: what a line about somebody else is for is told to those who may see that person's
/// bills (decision 0042), and what a line is for to nobody from whom something of that patient is kept back: no line names
/// the visit or the test that it is about, so each could tell of it (PRX-4, decision 0036).
pub fn told(work: &mut Work<'_>, grant: &Grant, rows: Vec<TransactionRow>) -> Result<Vec<LedgerLine>> {
    let others: HashSet<PatientId> =
        rows.iter().map(|row| row.patient_id).filter(|patient| *patient != grant.patient()).collect();
    let mut seen = HashSet::new();
    for other in &others {
        if work.may_read_of(Category::Billing, *other)? {
            seen.insert(*other);
        }
    }
    let seen_ones: Vec<PatientId> = seen.iter().copied().collect();
    work.note_shown(Category::Billing, &seen_ones);
    let names = patients::summaries(work.conn, &others.into_iter().collect::<Vec<_>>())?;
    let numbers: HashMap<StatementId, String> =
        store::statements(work.conn, grant)?.into_iter().map(|row| (row.id, row.number)).collect();
    let reversed: HashSet<LedgerTransactionId> = store::reversed(work.conn, grant)?;
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        let is_other = row.patient_id != grant.patient();
        let hidden = if is_other { !seen.contains(&row.patient_id) } else { grant.hides_any() };
        let about = names.get(&row.patient_id).filter(|_| is_other);
        lines.push(LedgerLine {
            id: row.id,
            at: row.posted_at,
            date: row.day,
            kind: row.kind,
            amount: row.money(),
            owed: row.owed()?,
            about: about.map(|patient| patient.given_name.clone()),
            statement: row.statement_id.and_then(|id| numbers.get(&id).cloned()),
            is_reversed: reversed.contains(&row.id),
            description: if hidden { String::new() } else { row.description },
        });
    }
    Ok(lines)
}

/// A transaction that the portal makes itself, on the patient's own account.
pub fn own(
    work: &Work<'_>,
    grant: &Grant,
    kind: TransactionKind,
    amount: Money,
    day: portal_domain::time::Date,
) -> TransactionRow {
    TransactionRow {
        payer_id: grant.patient(),
        id: LedgerTransactionId(crate::platform::clock::new_id()),
        patient_id: grant.patient(),
        posted_at: work.now,
        day,
        kind,
        amount: amount.amount,
        currency: amount.currency,
        description: String::new(),
        statement_id: None,
        source_id: None,
        reverses: None,
        posted_by: work.actor.account_id().ok(),
    }
}

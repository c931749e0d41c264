//! PAY-1 to PAY-4: the ledger and what comes in, paying once and once only, and what staff do with money.

mod crashes;
mod desk;
mod disputes;
mod intake;
pub mod methods;
mod papers;
mod paying;
mod plans;
mod random;
mod receivables;
mod reconcile;
mod stripe;

use diesel::prelude::*;
use portal_api::{
    features::billing,
    platform::{
        auth::Actor,
        db::schema::{ledger_balances, ledger_entries},
        gateway::sandbox::Card,
    },
};
use portal_domain::{
    billing::{
        BilledPerson, BillingImport, BillingLine, BillingView, Currency, LedgerAccount, Money,
        NewBillingLines, NewPayment, PaymentView, TransactionKind,
    },
    ids::{LedgerTransactionId, PatientId, StatementId},
};
use std::collections::HashMap;
use uuid::Uuid;

use crate::harness::{charts::BIRTH_DATE, people::Person, portal::TestPortal};

/// The card that pays.
pub const PAYS: Card = Card::Pays;

pub fn usd(amount: i64) -> Money {
    Money::new(amount, Currency::Usd)
}

/// A line that charges somebody born as everybody is.
pub fn charge(mrn: &str, cents: i64) -> BillingLine {
    BillingLine {
        id: Uuid::new_v4().to_string(),
        patient: BilledPerson { mrn: mrn.into(), birth_date: BIRTH_DATE.parse().unwrap() },
        guarantor: None,
        kind: TransactionKind::Charge,
        amount: usd(cents),
        date: "2026-09-01".parse().unwrap(),
        description: "Office visit".into(),
        statement: None,
    }
}

/// Posts lines as the billing system does.
pub async fn posted(portal: &TestPortal, lines: Vec<BillingLine>) -> BillingImport {
    let import = billing::post(&portal.app, &Actor::operator(), NewBillingLines { lines }).await.unwrap();
    assert_eq!(import.refused, 0, "{import:?}");
    import
}

/// Anna, who owes so much.
pub async fn owing(portal: &TestPortal, cents: i64) -> Person {
    let anna = portal.patient("Anna").await;
    posted(portal, vec![charge(&portal.mrn(anna.patient()), cents)]).await;
    anna
}

pub async fn bills(person: &Person) -> BillingView {
    person.portal.billing(person.patient()).await.unwrap()
}

pub async fn begin(
    person: &Person,
    cents: i64,
    statement: Option<StatementId>,
) -> portal_client::Result<PaymentView> {
    let new = NewPayment::new(usd(cents), statement);
    person.portal.pay(person.patient(), &new, Uuid::new_v4()).await
}

/// The gateway's side pays, fails or waits.
pub async fn at_gateway(portal: &TestPortal, payment: &PaymentView, card: Card) {
    let sandbox = portal.app.sandbox.clone().unwrap();
    sandbox.pay(&payment.id.to_string(), card).await.unwrap();
}

/// Every transaction sums to zero, and so does the whole ledger; what is kept for the list of balances is what the entries
/// say. Answers what each patient owes.
pub async fn ledger_balances_hold(portal: &TestPortal) -> HashMap<PatientId, i64> {
    let (entries, kept) = portal
        .app
        .db
        .read(|conn| {
            let entries: Vec<(PatientId, LedgerTransactionId, LedgerAccount, i64)> = ledger_entries::table
                .select((
                    ledger_entries::payer_id,
                    ledger_entries::transaction_id,
                    ledger_entries::account,
                    ledger_entries::amount,
                ))
                .load(conn)?;
            let kept: Vec<(PatientId, i64, i64)> = ledger_balances::table
                .select((
                    ledger_balances::payer_id,
                    ledger_balances::receivable,
                    ledger_balances::insurance_pending,
                ))
                .load(conn)?;
            Ok((entries, kept))
        })
        .await
        .unwrap();
    let mut of_transactions: HashMap<LedgerTransactionId, i64> = HashMap::new();
    let (mut owed, mut pending) = (HashMap::new(), HashMap::new());
    for (payer, transaction, account, amount) in entries {
        *of_transactions.entry(transaction).or_default() += amount;
        *owed.entry(payer).or_insert(0) += if account == LedgerAccount::Receivable { amount } else { 0 };
        *pending.entry(payer).or_insert(0) +=
            if account == LedgerAccount::InsurancePending { amount } else { 0 };
    }
    assert!(of_transactions.values().all(|sum| *sum == 0), "a transaction does not sum to zero");
    assert_eq!(kept.len(), owed.len());
    for (payer, receivable, insurance_pending) in kept {
        assert_eq!((receivable, insurance_pending), (owed[&payer], pending[&payer]));
    }
    owed
}

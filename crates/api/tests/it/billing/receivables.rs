//! What the practice is owed in all (PAY-4): the sums are those of the ledger, whatever was posted, and name nobody.
//!
//! A failure prints its seed: `PAY_SEED=7 cargo nextest run -p portal-api --test it billing::receivables` does the same again.

use std::collections::BTreeMap;

use chrono::{Datelike, TimeDelta};
use chrono_tz::Tz;
use diesel::prelude::*;
use portal_api::platform::db::schema::ledger_transactions;
use portal_domain::{
    access::Role,
    billing::{
        AgeBucket, BillingLine, DeskMethod, NewDeskPayment, NewVoid, NewWriteOff, Receivables,
        TransactionKind, WriteOffDecision,
    },
    ids::{LedgerTransactionId, PatientId},
    problem::Code,
    restricted::{NewRestrictedRecord, RestrictedReason},
    time::{Date, Time},
};
use uuid::Uuid;

use super::{
    charge, ledger_balances_hold, owing, posted,
    random::{Random, seed},
    usd,
};
use crate::harness::{on_both, people::Person, portal::TestPortal, refused};

/// Rows as they stand, read without any of the code that sums them.
async fn rows(portal: &TestPortal) -> Vec<(Time, TransactionKind, i64)> {
    let all = portal.app.db.read(|conn| {
        use ledger_transactions::dsl as t;
        Ok(ledger_transactions::table.select((t::posted_at, t::kind, t::amount)).load(conn)?)
    });
    all.await.unwrap()
}

fn of(month: Date) -> String {
    month.format("%Y-%m").to_string()
}

/// Every sum is what the rows say.
async fn sums_hold(portal: &TestPortal, staff: &Person, seed: u64) -> Receivables {
    let told = staff.portal.receivables().await.unwrap();
    let balances = ledger_balances_hold(portal).await;
    let owed: i64 = balances.values().filter(|balance| **balance > 0).sum();
    let credit: i64 = balances.values().filter(|balance| **balance < 0).sum();
    let open: i64 = told.aging.iter().map(|one| one.open.amount).sum();
    assert_eq!(
        (open, told.credit.amount, told.owed.amount),
        (owed, -credit, owed + credit),
        "PAY_SEED={seed}"
    );
    assert_eq!(told.aging.len(), AgeBucket::ALL.len());

    let zone: Tz = portal.visitor().practice().await.unwrap().locations[0].time_zone.parse().unwrap();
    let mut months: BTreeMap<String, [i64; 4]> = BTreeMap::new();
    let mut owed_at_end: BTreeMap<String, i64> = BTreeMap::new();
    for (at, kind, amount) in rows(portal).await {
        use TransactionKind as K;
        let month = of(at.utc().with_timezone(&zone).date_naive());
        let (column, counts, owes) = match kind {
            K::Charge | K::PatientShare => (0, amount, amount),
            K::Payment | K::DeskPayment => (1, amount, -amount),
            K::Void => (1, -amount, amount),
            K::Adjustment | K::WriteOff => (2, amount, -amount),
            K::Refund => (3, amount, amount),
            K::RefundFailed => (3, -amount, -amount),
            K::InsurancePending | K::InsurancePayment | K::InsuranceAdjustment => continue,
        };
        months.entry(month.clone()).or_default()[column] += counts;
        *owed_at_end.entry(month).or_default() += owes;
    }
    assert_eq!(told.months.len(), 12);
    assert_eq!(of(told.months[11].month), of(told.day));
    for one in &told.months {
        let name = of(one.month);
        let sums = [one.charged, one.paid, one.adjusted, one.refunded].map(|sum| sum.amount);
        assert_eq!(sums, months.get(&name).copied().unwrap_or_default(), "PAY_SEED={seed} {name}");
        let until: i64 = owed_at_end.range(..=name.clone()).map(|(_, change)| change).sum();
        assert_eq!(one.owed.amount, until, "PAY_SEED={seed} {name}");
    }
    assert_eq!(told.months[11].owed, told.owed, "PAY_SEED={seed}");
    told
}

/// Something of what can happen to an account.
async fn happens(portal: &TestPortal, dice: &mut Random, staff: &[Person; 2], who: (PatientId, &str)) {
    let ((patient, mrn), [biller, admin], key) = (who, staff, Uuid::new_v4);
    let some = |dice: &mut Random, most| 1 + dice.below(most) as i64;
    match dice.below(8) {
        0..=3 => {
            use TransactionKind as K;
            let kinds = [K::Charge, K::Charge, K::PatientShare, K::Adjustment, K::InsurancePending];
            let statement = (dice.below(2) == 0).then(|| format!("S-{patient}-{}", dice.below(3)));
            let days_ago = TimeDelta::days(dice.below(120) as i64);
            let date = portal.clock.now().plus(-days_ago).utc().date_naive();
            let kind = kinds[dice.below(5) as usize];
            let line = BillingLine { kind, date, statement, ..charge(mrn, some(dice, 9_000)) };
            posted(portal, vec![line]).await;
        }
        4 | 5 => {
            let amount = usd(some(dice, 4_000));
            let cash = NewDeskPayment { amount, method: DeskMethod::Cash, check_number: String::new() };
            let Ok(taken) = biller.portal.take_payment(patient, &cash, key()).await else { return };
            if dice.below(3) == 0 {
                let why = NewVoid { reason: "Typed twice".into() };
                let id = LedgerTransactionId(taken.id.0);
                biller.portal.void_payment(patient, id, &why, key()).await.unwrap();
            }
        }
        6 => {
            let new = NewWriteOff { amount: usd(some(dice, 2_000)), reason: "Hardship".into() };
            let Ok(asked) = biller.portal.ask_write_off(patient, &new, key()).await else { return };
            let yes = WriteOffDecision { approve: true };
            admin.portal.decide_write_off(patient, asked.id, yes, key()).await.unwrap();
        }
        // An adjustment may make it a credit.
        _ => {
            let line = BillingLine { kind: TransactionKind::Adjustment, ..charge(mrn, some(dice, 12_000)) };
            posted(portal, vec![line]).await;
        }
    }
}

on_both! {
    async fn the_sums_are_those_of_any_ledger(portal) {
        let seed = seed();
        println!("PAY_SEED={seed}");
        let mut dice = Random(seed);
        let people = [owing(&portal, 5_000).await, owing(&portal, 100).await, owing(&portal, 70_000).await];
        let who: Vec<(PatientId, String)> =
            people.iter().map(|one| (one.patient(), portal.mrn(one.patient()))).collect();
        let mut staff = [portal.staff(Role::Billing).await, portal.staff(Role::Admin).await];
        for _ in 0..7 {
            for _ in 0..12 {
                let (patient, mrn) = &who[dice.below(3) as usize];
                happens(&portal, &mut dice, &staff, (*patient, mrn)).await;
            }
            sums_hold(&portal, &staff[0], seed).await;
            // Months pass, and sessions end.
            portal.clock.advance(TimeDelta::days(20 + dice.below(50) as i64));
            let [biller, admin] = &staff;
            staff = [portal.sign_in(&biller.session.username).await, portal.sign_in(&admin.session.username).await];
        }
        let told = sums_hold(&portal, &staff[1], seed).await;
        let table = staff[1].portal.receivables_table().await.unwrap();
        assert_eq!(table.lines().count(), 1 + 4 + 2 + 12 * 5);
        let owed = format!("{},all,owed,{},USD\r\n", told.day, told.owed.plain());
        assert!(table.contains(&owed), "{table}");
    }

    async fn ages_are_counted_from_the_day_of_what_is_open(portal) {
        let (anna, biller) = (portal.patient("Anna").await, portal.staff(Role::Billing).await);
        let mrn = portal.mrn(anna.patient());
        // Today is October 5.
        let of_day = |date: &str, cents| BillingLine { date: date.parse().unwrap(), ..charge(&mrn, cents) };
        posted(&portal, vec![
            of_day("2026-10-05", 1), of_day("2026-09-05", 10), of_day("2026-09-04", 100),
            of_day("2026-08-06", 1_000), of_day("2026-08-05", 10_000), of_day("2026-07-07", 100_000),
            of_day("2026-07-06", 1_000_000), of_day("2020-01-01", 5_000_000),
        ]).await;
        let aging = async || biller.portal.receivables().await.unwrap().aging.iter().map(|one| one.open.amount).collect::<Vec<_>>();
        assert_eq!(aging().await, [11, 1_100, 110_000, 6_000_000]);
        let cash = NewDeskPayment { amount: usd(5_500_000), method: DeskMethod::Cash, check_number: String::new() };
        biller.portal.take_payment(anna.patient(), &cash, Uuid::new_v4()).await.unwrap();
        assert_eq!(aging().await, [11, 1_100, 110_000, 500_000], "the oldest is paid first");
        assert_eq!(portal.clock.now().utc().date_naive().month(), 10);
    }

    async fn nothing_is_left_out_for_anybody_and_only_billing_and_administrators_ask(portal) {
        let anna = owing(&portal, 5_000).await;
        let (officer, named) = (portal.staff(Role::PrivacyOfficer).await, portal.staff(Role::Billing).await);
        let to = NewRestrictedRecord { reason: RestrictedReason::Prominent, staff: vec![named.session.account_id] };
        officer.portal.restrict_record(anna.patient(), 0, &to).await.unwrap();
        for role in [Role::Billing, Role::Admin] {
            let told = portal.staff(role).await.portal.receivables().await.unwrap();
            assert_eq!((told.owed, told.months[11].charged), (usd(5_000), usd(5_000)), "{role}");
            let json = serde_json::to_string(&told).unwrap();
            assert!(!json.contains(&anna.patient().to_string()) && !json.contains("Office visit"), "{json}");
        }
        for staff in [portal.desk().await, portal.staff(Role::Provider).await] {
            assert_eq!(refused(staff.portal.receivables().await).code, Code::RoleRequired);
            assert_eq!(refused(staff.portal.receivables_table().await).code, Code::RoleRequired);
        }
        assert_eq!(refused(anna.portal.receivables().await).code, Code::RoleRequired);
    }
}

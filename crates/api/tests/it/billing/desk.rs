//! What billing staff do at the desk: take money, take a mistake back, write off with a second person, close the day.

use portal_domain::{
    access::Role,
    billing::{
        DeskMethod, NewDeskPayment, NewVoid, NewWriteOff, TransactionKind, WriteOffDecision, WriteOffState,
    },
    ids::LedgerTransactionId,
    problem::Code,
};
use uuid::Uuid;

use super::{bills, ledger_balances_hold, owing, usd};
use crate::harness::{on_both, refused};

fn cash(cents: i64) -> NewDeskPayment {
    NewDeskPayment { amount: usd(cents), method: DeskMethod::Cash, check_number: String::new() }
}

on_both! {
    async fn a_payment_at_the_desk_has_a_receipt_and_is_taken_back_once(portal) {
        let anna = owing(&portal, 5_000).await;
        let billing = portal.staff(Role::Billing).await;
        let take = async |cents| billing.portal.take_payment(anna.patient(), &cash(cents), Uuid::new_v4()).await;
        assert_eq!(refused(take(5_001).await).errors[0].code, "over_payment");
        let taken = take(2_000).await.unwrap();
        assert_eq!(anna.portal.payment(anna.patient(), taken.id).await.unwrap().method, "Cash");
        assert_eq!(bills(&anna).await.balance, usd(3_000));
        let void = async || {
            let why = NewVoid { reason: "Typed for another patient".into() };
            billing.portal.void_payment(anna.patient(), LedgerTransactionId(taken.id.0), &why, Uuid::new_v4()).await
        };
        assert_eq!(void().await.unwrap().refunded, usd(2_000));
        assert_eq!(refused(void().await).code, Code::WrongState);
        assert_eq!(ledger_balances_hold(&portal).await[&anna.patient()], 5_000);
        let lines = billing.portal.billing_lines(anna.patient(), &Default::default()).await.unwrap().items;
        let line = |kind| lines.iter().find(|line| line.kind == kind).unwrap();
        assert!(line(TransactionKind::DeskPayment).is_reversed && !line(TransactionKind::Void).is_reversed);
    }

    async fn a_write_off_needs_a_second_person_and_a_balance(portal) {
        let anna = owing(&portal, 5_000).await;
        let (first, second) = (portal.staff(Role::Billing).await, portal.staff(Role::Admin).await);
        let new = NewWriteOff { amount: usd(4_000), reason: "Hardship".into() };
        let asked = first.portal.ask_write_off(anna.patient(), &new, Uuid::new_v4()).await.unwrap();
        assert!(!asked.can_decide);
        let yes = WriteOffDecision { approve: true };
        let decide = async |who: &crate::harness::people::Person, id| {
            who.portal.decide_write_off(anna.patient(), id, yes, Uuid::new_v4()).await
        };
        assert_eq!(refused(decide(&first, asked.id).await).code, Code::SecondPerson);
        assert_eq!(bills(&anna).await.balance, usd(5_000), "nothing is given up before somebody agrees");
        let waiting = second.portal.write_offs(&Default::default()).await.unwrap().items;
        assert!(waiting.len() == 1 && waiting[0].can_decide);
        let late = first.portal.ask_write_off(anna.patient(), &new, Uuid::new_v4()).await.unwrap();
        assert_eq!(decide(&second, asked.id).await.unwrap().state, WriteOffState::Approved);
        assert_eq!(refused(decide(&second, asked.id).await).code, Code::WrongState);
        assert_eq!(refused(decide(&second, late.id).await).errors[0].code, "over_payment");
        assert_eq!(ledger_balances_hold(&portal).await[&anna.patient()], 1_000);
    }

    async fn the_day_is_closed_by_kind_with_what_the_drawer_must_hold(portal) {
        let anna = owing(&portal, 5_000).await;
        let billing = portal.staff(Role::Billing).await;
        for cents in [1_000, 500] {
            billing.portal.take_payment(anna.patient(), &cash(cents), Uuid::new_v4()).await.unwrap();
        }
        let close = billing.portal.daily_close(&Default::default()).await.unwrap();
        assert_eq!((close.day.to_string().as_str(), close.desk, close.gateway), ("2026-10-05", usd(1_500), usd(0)));
        let sums: Vec<_> = close.sums.iter().map(|sum| (sum.kind, sum.count, sum.amount)).collect();
        assert_eq!(sums, [(TransactionKind::Charge, 1, usd(5_000)), (TransactionKind::DeskPayment, 2, usd(1_500))]);
        let table = billing.portal.daily_close_table(&Default::default()).await.unwrap();
        assert!(table.contains("2026-10-05,desk_payment,2,15.00,USD\r\n"), "{table}");
        let yesterday = portal_domain::billing::CloseQuery { day: Some("2026-10-04".parse().unwrap()) };
        assert!(billing.portal.daily_close(&yesterday).await.unwrap().sums.is_empty());
        let balances = billing.portal.balances(&Default::default()).await.unwrap().items;
        assert_eq!((balances[0].patient.id, balances[0].balance), (anna.patient(), usd(3_500)));
    }
}

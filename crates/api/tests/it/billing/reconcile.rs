//! The day's payments in the ledger beside what the gateway has (PAY-4).

use portal_domain::{
    access::Role,
    billing::{CloseQuery, DifferenceKind, NewRefund, PaymentView, Reconciliation},
    problem::Code,
};
use uuid::Uuid;

use super::{
    PAYS, at_gateway, begin, owing,
    stripe::{
        by_stripe,
        front::{Fault, GOOD},
        reference,
    },
    usd,
};
use crate::harness::{on_both, people::Person, portal::TestPortal, refused};

async fn of(staff: &Person, gateway: &str) -> Reconciliation {
    let all = staff.portal.reconciliation(&Default::default()).await.unwrap();
    all.into_iter().find(|one| one.gateway == gateway).unwrap()
}

fn told(found: &Reconciliation) -> Vec<(DifferenceKind, Uuid, i64, i64)> {
    let one = |one: &portal_domain::billing::Difference| {
        (one.kind, one.payment.0, one.ledger.amount, one.at_gateway.amount)
    };
    found.differences.iter().map(one).collect()
}

async fn paid(portal: &TestPortal, anna: &Person, cents: i64) -> PaymentView {
    let payment = begin(anna, cents, None).await.unwrap();
    at_gateway(portal, &payment, PAYS).await;
    anna.portal.check_payment(anna.patient(), payment.id).await.unwrap()
}

on_both! {
    async fn books_that_agree_say_so_and_what_waits_is_counted(portal) {
        let anna = owing(&portal, 9_000).await;
        let staff = portal.staff(Role::Billing).await;
        let payment = paid(&portal, &anna, 4_000).await;
        let refund = NewRefund { amount: usd(1_000), reason: "Paid twice".into() };
        staff.portal.refund_payment(anna.patient(), payment.id, &refund, Uuid::new_v4()).await.unwrap();
        begin(&anna, 500, None).await.unwrap();
        let found = of(&staff, "sandbox").await;
        assert!(found.differences.is_empty(), "{found:?}");
        let sums = (found.count, found.ledger, found.at_gateway, found.waiting);
        assert_eq!(sums, (1, usd(3_000), usd(3_000), 1));
        let other = CloseQuery { day: Some("2026-10-04".parse().unwrap()) };
        assert_eq!(staff.portal.reconciliation(&other).await.unwrap()[0].count, 0);
    }

    async fn what_stripe_took_or_gave_back_without_the_ledger_is_listed(portal) {
        let Some((portal, stripe)) = by_stripe(&portal).await else { return };
        let anna = owing(&portal, 9_000).await;
        let staff = portal.staff(Role::Billing).await;
        let mut payments = Vec::new();
        for cents in [1_000, 2_000, 3_000] {
            let payment = begin(&anna, cents, None).await.unwrap();
            assert!(stripe.pay(reference(&payment), GOOD).await);
            payments.push(payment);
        }
        // Nobody has come back from the second one, and the third was given back in part at Stripe.
        for at in [0, 2] {
            anna.portal.check_payment(anna.patient(), payments[at].id).await.unwrap();
        }
        stripe.give_back(reference(&payments[2]), 700).await;
        let found = of(&staff, "stripe").await;
        assert_eq!((found.count, found.ledger, found.at_gateway, found.waiting), (2, usd(4_000), usd(5_300), 1));
        assert_eq!(told(&found), [
            (DifferenceKind::OnlyAtGateway, payments[1].id.0, 0, 2_000),
            (DifferenceKind::Refunded, payments[2].id.0, 3_000, 2_300),
        ]);
        assert!(found.differences.iter().all(|one| one.patient.as_ref().unwrap().id == anna.patient()));
        anna.portal.check_payment(anna.patient(), payments[1].id).await.unwrap();
        assert_eq!(of(&staff, "stripe").await.differences.len(), 1);
        stripe.fault(Fault::Refuse(500));
        assert_eq!(refused(staff.portal.reconciliation(&Default::default()).await).code, Code::Unavailable);
    }
}

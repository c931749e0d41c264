//! Refunds that Stripe accepts and that fail later, and what the audit trail keeps of questions to a gateway.

use diesel::prelude::*;
use futures_util::future::join_all;
use portal_api::platform::db::{AnyId, schema::audit_entries};
use portal_domain::{
    billing::{FailedRefund, TransactionKind},
    ids::PaymentId,
    mail::ItemKind,
};

use super::*;

/// Anna, who paid 50 dollars by Stripe, of which 20 are to go back; and who asked for that.
async fn refunded(portal: &TestPortal, stripe: &Front, status: &'static str) -> (Person, Person, PaymentId) {
    let (anna, staff) = (owing(portal, 5_000).await, portal.staff(Role::Billing).await);
    let payment = begin(&anna, 5_000, None).await.unwrap();
    assert!(stripe.pay(reference(&payment), GOOD).await);
    check(&anna, &payment).await;
    stripe.refunds_are(status).await;
    let view = give_back(&staff, &anna, payment.id, 2_000).await.unwrap();
    assert_eq!((view.refunded, owed(portal, anna.patient()).await), (usd(2_000), 2_000));
    (anna, staff, payment.id)
}

async fn give_back(
    staff: &Person,
    anna: &Person,
    payment: PaymentId,
    cents: i64,
) -> portal_client::Result<PaymentView> {
    let new = NewRefund { amount: usd(cents), reason: "Paid twice".into() };
    staff.portal.refund_payment(anna.patient(), payment, &new, Uuid::new_v4()).await
}

/// The refund's id, as the ledger has it.
async fn refund_of(anna: &Person) -> Uuid {
    let lines = anna.portal.billing_lines(anna.patient(), &Default::default()).await.unwrap().items;
    lines.iter().find(|line| line.kind == TransactionKind::Refund).unwrap().id.0
}

fn ended(portal: &TestPortal, kind: &str, refund: Uuid) -> Message {
    let object = json!({ "id": "re_1", "status": "failed", "metadata": { "portal_refund": refund } });
    message(SECRET, portal.clock.now().utc().timestamp(), kind, object)
}

async fn failed(portal: &TestPortal) -> Vec<FailedRefund> {
    let staff = portal.staff(Role::Billing).await;
    staff.portal.failed_refunds(&Default::default()).await.unwrap().items
}

/// How many entries of the audit trail name this.
async fn entries(portal: &TestPortal, subject: Uuid) -> i64 {
    let of = audit_entries::table.filter(audit_entries::subject_id.eq(AnyId(subject)));
    portal.app.db.read(move |conn| Ok(of.count().get_result(conn)?)).await.unwrap()
}

on_both! {
    async fn one_that_fails_after_it_was_accepted_is_turned_around_once_and_everybody_is_told(portal) {
        let Some((portal, stripe)) = by_stripe(&portal).await else { return };
        let (anna, staff, payment) = refunded(&portal, &stripe, "pending").await;
        let (patient, refund) = (anna.patient(), refund_of(&anna).await);
        // It is under way and counts, and nothing that says so is believed.
        let told = ended(&portal, "refund.failed", refund);
        let forged = Message { signature: told.signature.replace("v1=", "v1=0"), ..told.clone() };
        assert_eq!(carry(&portal.base, &forged).await, Some(403));
        assert_eq!(carry(&portal.base, &told).await, Some(204));
        let nobodys = ended(&portal, "refund.failed", Uuid::new_v4());
        assert_eq!(carry(&portal.base, &nobodys).await, Some(204));
        assert_eq!(owed(&portal, patient).await, 2_000);
        assert!(failed(&portal).await.is_empty());

        stripe.refunds_are("failed").await;
        for kind in ["refund.failed", "refund.updated", "charge.refund.updated"] {
            let told = ended(&portal, kind, refund);
            let answers = join_all((0..4).map(|_| carry(&portal.base, &told))).await;
            assert!(answers.iter().all(|answer| *answer == Some(204)), "{answers:?}");
        }
        assert_eq!(owed(&portal, patient).await, 0);
        let lines = anna.portal.billing_lines(patient, &Default::default()).await.unwrap().items;
        let of = |kind| lines.iter().filter(|line| line.kind == kind).collect::<Vec<_>>();
        let (back, turned) = (of(TransactionKind::Refund), of(TransactionKind::RefundFailed));
        assert!(back.len() == 1 && back[0].is_reversed);
        assert_eq!((turned.len(), turned[0].amount, turned[0].owed), (1, usd(2_000), usd(-2_000)));
        assert_eq!(anna.portal.payment(patient, payment).await.unwrap().refunded, usd(0));
        let inbox = anna.portal.inbox(patient, &Default::default()).await.unwrap().items;
        let news: Vec<_> = inbox.iter().filter(|item| item.kind == ItemKind::RefundFailed).collect();
        assert!(news.len() == 1 && news[0].subject_id == payment.0 && news[0].title == "$20.00", "{inbox:?}");
        let list = failed(&portal).await;
        assert_eq!((list.len(), list[0].payment, list[0].amount, list[0].patient.id), (1, payment, usd(2_000), patient));
        let close = staff.portal.daily_close(&Default::default()).await.unwrap();
        assert_eq!(close.gateway, usd(5_000), "the practice has all of it still");

        // All of the payment can be given back again, and once something was, nothing is left to do.
        stripe.refunds_are("succeeded").await;
        let too_much = refused(give_back(&staff, &anna, payment, 5_001).await);
        assert!(too_much.errors[0].message.contains("$50.00"), "{too_much:?}");
        assert_eq!(give_back(&staff, &anna, payment, 3_000).await.unwrap().refunded, usd(3_000));
        assert!(failed(&portal).await.is_empty());
        assert_eq!(owed(&portal, patient).await, 3_000);
    }

    async fn without_a_message_the_portal_asks_each_hour_until_it_knows(portal) {
        let Some((portal, stripe)) = by_stripe(&portal).await else { return };
        let (anna, ..) = refunded(&portal, &stripe, "pending").await;
        let patient = anna.patient();
        let later = async |minutes| {
            portal.clock.advance(TimeDelta::minutes(minutes));
            billing::settle_due(&portal.app).await.unwrap()
        };
        assert_eq!(later(59).await, 0, "it is not asked each minute");
        assert_eq!(later(2).await, 1);
        assert_eq!((later(59).await, owed(&portal, patient).await), (0, 2_000));
        stripe.refunds_are("canceled").await;
        assert_eq!((later(2).await, owed(&portal, patient).await), (1, 0));
        assert_eq!((later(120).await, failed(&portal).await.len()), (0, 1));
        // A month later it stands in the ledger alone.
        portal.clock.advance(TimeDelta::days(31));
        assert!(failed(&portal).await.is_empty());
    }

    async fn one_that_was_given_back_is_asked_about_no_more_unless_stripe_says_something(portal) {
        let Some((portal, stripe)) = by_stripe(&portal).await else { return };
        let (anna, ..) = refunded(&portal, &stripe, "pending").await;
        let refund = refund_of(&anna).await;
        stripe.refunds_are("succeeded").await;
        portal.clock.advance(TimeDelta::minutes(61));
        assert_eq!(billing::settle_due(&portal.app).await.unwrap(), 1);
        portal.clock.advance(TimeDelta::days(2));
        assert_eq!(billing::settle_due(&portal.app).await.unwrap(), 0);
        assert_eq!(owed(&portal, anna.patient()).await, 2_000);
        // The card's account was closed meanwhile.
        stripe.refunds_are("failed").await;
        assert_eq!(carry(&portal.base, &ended(&portal, "refund.failed", refund)).await, Some(204));
        assert_eq!(owed(&portal, anna.patient()).await, 0);
    }

    async fn a_gateway_that_is_asked_again_and_again_leaves_one_entry_when_something_came_of_it(portal) {
        let Some((portal, stripe)) = by_stripe(&portal).await else { return };
        let (anna, staff) = (owing(&portal, 5_000).await, portal.staff(Role::Billing).await);
        let payment = begin(&anna, 5_000, None).await.unwrap();
        let before = entries(&portal, payment.id.0).await;
        portal.clock.advance(TimeDelta::minutes(2));
        for _ in 0..5 {
            stripe.fault(Fault::Refuse(500));
            assert!(billing::settle_due(&portal.app).await.is_err());
            billing::settle_due(&portal.app).await.unwrap();
        }
        assert_eq!(entries(&portal, payment.id.0).await, before, "nothing came of it");
        assert!(stripe.pay(reference(&payment), GOOD).await);
        for _ in 0..3 {
            billing::settle_due(&portal.app).await.unwrap();
        }
        assert_eq!(entries(&portal, payment.id.0).await, before + 1);

        // A refund that was cut off, with a gateway that is away for long.
        stripe.fault_third(Fault::Lose);
        assert_eq!(refused(give_back(&staff, &anna, payment.id, 1_000).await).code, Code::Unavailable);
        portal.clock.advance(TimeDelta::minutes(2));
        for _ in 0..5 {
            stripe.fault(Fault::Stall);
            assert!(billing::settle_due(&portal.app).await.is_err());
        }
        billing::settle_due(&portal.app).await.unwrap();
        assert_eq!(entries(&portal, refund_of(&anna).await).await, 1);
    }
}

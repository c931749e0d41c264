//! Stripe behind the same trait (PAY-2, PAY-3): settled once by what Stripe says when it is asked, whatever its messages say
//! and however often it does not answer.

pub mod cards;
pub mod front;
mod intents;
mod local;
mod refunds;

use chrono::TimeDelta;
use portal_api::{
    features::billing,
    platform::{clock::Clock, gateway::GatewaySettings},
};
use portal_domain::{
    access::Role,
    billing::{NewRefund, PaymentFailure, PaymentState, PaymentView},
    ids::PatientId,
    problem::Code,
};
use serde_json::{Value, json};
use uuid::Uuid;

use self::front::{ASKING, DECLINED, Fault, Front, GOOD, Message, Pays, SECRET, message};
use super::{at_gateway, begin, bills, ledger_balances_hold, owing, usd};
use crate::harness::{on_both, people::Person, portal::TestPortal, refused, wire::wire};

/// Where messages arrive.
const EVENTS: &str = "/gateway/stripe/events";

/// A practice that takes payments by Stripe, at the time that it really is.
pub async fn by_stripe(portal: &TestPortal) -> Option<(TestPortal, Front)> {
    portal.clock.advance(Clock::System.now().since(portal.clock.now()));
    let stripe = Front::open(portal.clock.clone()).await?;
    let beside = portal.beside(|settings| {
        settings.gateway = GatewaySettings::Stripe;
        settings.stripe = Some(stripe.settings());
    });
    Some((beside.await, stripe))
}

/// What Stripe calls a payment: the end of the address of its page.
pub fn reference(payment: &PaymentView) -> &str {
    payment.pay_at.as_deref().expect("not settled").rsplit('/').next().unwrap()
}

/// Carries a message to the portal; the status of its answer, if one came.
pub async fn carry(base: &str, message: &Message) -> Option<u16> {
    let sent = wire().post(format!("{base}{EVENTS}"));
    let sent = sent.header("Stripe-Signature", &message.signature).header("Content-Type", "application/json");
    let answer = sent.body(message.body.clone()).send().await.ok()?;
    Some(answer.status().as_u16())
}

fn completed(portal: &TestPortal, reference: &str, ago: i64) -> Message {
    let at = portal.clock.now().utc().timestamp() - ago;
    message(SECRET, at, "checkout.session.completed", json!({ "id": reference, "payment_status": "paid" }))
}

async fn state(anna: &Person, payment: &PaymentView) -> PaymentState {
    anna.portal.payment(anna.patient(), payment.id).await.unwrap().state
}

async fn check(anna: &Person, payment: &PaymentView) -> PaymentView {
    anna.portal.check_payment(anna.patient(), payment.id).await.unwrap()
}

async fn owed(portal: &TestPortal, patient: PatientId) -> i64 {
    ledger_balances_hold(portal).await[&patient]
}

on_both! {
    async fn a_card_pays_on_stripes_page_and_its_signed_message_settles_it_once(portal) {
        let Some((portal, mut stripe)) = by_stripe(&portal).await else { return };
        let anna = owing(&portal, 5_000).await;
        let payment = begin(&anna, 5_000, None).await.unwrap();
        let page = payment.pay_at.clone().unwrap();
        assert!(page.starts_with("https://checkout.stripe.com/"), "{page}");
        assert!(stripe.pay(reference(&payment), ASKING).await);
        // Signed by localstripe, which knows nothing of this portal.
        let told = stripe.message().await;
        assert!(told.body.contains("payment_intent.succeeded"));
        for _ in 0..3 {
            assert_eq!(carry(&portal.base, &told).await, Some(204));
        }
        assert_eq!(state(&anna, &payment).await, PaymentState::Succeeded);
        let settled = check(&anna, &payment).await;
        assert_eq!((settled.method.as_str(), settled.pay_at), ("Visa ending in 3220", None));
        assert_eq!(owed(&portal, anna.patient()).await, 0);
        assert_eq!(anna.portal.billing_lines(anna.patient(), &Default::default()).await.unwrap().items.len(), 2);
    }

    async fn forged_late_and_foreign_messages_pay_nothing(portal) {
        let Some((portal, stripe)) = by_stripe(&portal).await else { return };
        let anna = owing(&portal, 5_000).await;
        let (mine, other) = (begin(&anna, 1_000, None).await.unwrap(), begin(&anna, 2_000, None).await.unwrap());
        assert!(stripe.pay(reference(&other), GOOD).await);
        let good = completed(&portal, reference(&other), 0);
        let forged = Message { signature: good.signature.replace("v1=", "v1=0"), ..good.clone() };
        let moved = Message { body: completed(&portal, reference(&mine), 0).body, ..good.clone() };
        let at = portal.clock.now().utc().timestamp();
        let of_another = message("whsec_of_another", at, "checkout.session.completed", json!({ "id": reference(&other) }));
        for bad in [forged, moved, of_another, completed(&portal, reference(&other), 301), completed(&portal, reference(&other), -301)] {
            assert_eq!(carry(&portal.base, &bad).await, Some(403), "{bad:?}");
        }
        assert_eq!(owed(&portal, anna.patient()).await, 5_000);
        // Genuine, and about nobody, about something else, or saying what is not so.
        let about = |kind: &str, object: Value| message(SECRET, at, kind, object);
        for other in [
            about("checkout.session.completed", json!({ "id": "cs_test_of_another_shop" })),
            about("payment_intent.succeeded", json!({ "id": "pi_1", "metadata": { "portal_payment": Uuid::new_v4() } })),
            about("payment_intent.succeeded", json!({ "id": "pi_1", "metadata": { "portal_payment": "../../x" } })),
            about("payment_intent.succeeded", json!({ "id": "pi_1", "metadata": null })),
            about("payout.paid", json!({ "id": "po_1" })),
            about("checkout.session.completed", json!({})),
            completed(&portal, reference(&mine), 0),
        ] {
            assert_eq!(carry(&portal.base, &other).await, Some(204), "{other:?}");
        }
        assert_eq!(state(&anna, &mine).await, PaymentState::Pending);
        assert_eq!(owed(&portal, anna.patient()).await, 5_000);
        assert_eq!(carry(&portal.base, &completed(&portal, reference(&other), 299)).await, Some(204));
        assert_eq!(owed(&portal, anna.patient()).await, 3_000);
        // A message of another gateway's, and to one that there is none of.
        let elsewhere = portal.wire.post(format!("{}/gateway/nobody/events", portal.base));
        let elsewhere = elsewhere.header("Content-Type", "application/json").body("{}").send().await.unwrap();
        assert_eq!(elsewhere.status(), 404);
    }

    async fn a_declined_card_can_be_replaced_on_the_page_and_a_late_bank_is_waited_for(portal) {
        let Some((portal, stripe)) = by_stripe(&portal).await else { return };
        let anna = owing(&portal, 5_000).await;
        let payment = begin(&anna, 3_000, None).await.unwrap();
        assert!(!stripe.pay(reference(&payment), DECLINED).await);
        assert_eq!(check(&anna, &payment).await.state, PaymentState::Pending);
        assert!(stripe.pay(reference(&payment), GOOD).await);
        assert!(!stripe.pay(reference(&payment), GOOD).await, "Stripe's page is closed after it was paid");
        assert_eq!(check(&anna, &payment).await.state, PaymentState::Succeeded);
        let slow = begin(&anna, 2_000, None).await.unwrap();
        assert!(stripe.pay(reference(&slow), Pays::Bank).await);
        let early = check(&anna, &slow).await.state;
        assert!(early == PaymentState::Pending || early == PaymentState::Succeeded);
        while check(&anna, &slow).await.state == PaymentState::Pending {}
        assert_eq!(owed(&portal, anna.patient()).await, 0);
        assert_eq!(bills(&anna).await.payable, usd(0));
    }

    async fn what_is_given_up_closes_the_page_and_what_was_paid_in_that_moment_counts(portal) {
        let Some((portal, stripe)) = by_stripe(&portal).await else { return };
        let anna = owing(&portal, 5_000).await;
        let payment = begin(&anna, 5_000, None).await.unwrap();
        let cancelled = anna.portal.cancel_payment(anna.patient(), payment.id).await.unwrap();
        assert_eq!(cancelled.state, PaymentState::Cancelled);
        assert!(!stripe.pay(reference(&payment), GOOD).await);
        // The opposite order: the page was faster.
        let payment = begin(&anna, 5_000, None).await.unwrap();
        assert!(stripe.pay(reference(&payment), GOOD).await);
        let paid = anna.portal.cancel_payment(anna.patient(), payment.id).await.unwrap();
        assert_eq!((paid.state, paid.failure), (PaymentState::Succeeded, None::<PaymentFailure>));
        assert_eq!(owed(&portal, anna.patient()).await, 0);
    }

    async fn nothing_is_begun_twice_while_stripe_is_away_stalls_or_loses_its_answer(portal) {
        let Some((portal, stripe)) = by_stripe(&portal).await else { return };
        let anna = owing(&portal, 5_000).await;
        let new = portal_domain::billing::NewPayment::new(usd(5_000), None);
        let key = Uuid::new_v4();
        for fault in [Fault::Refuse(500), Fault::Refuse(429), Fault::Refuse(401), Fault::Stall, Fault::Lose] {
            stripe.fault(fault);
            let refusal = refused(anna.portal.pay(anna.patient(), &new, key).await);
            assert_eq!(refusal.code, Code::Unavailable, "{fault:?}");
            assert_eq!(bills(&anna).await.payable, usd(0), "its amount is held meanwhile");
        }
        let payment = anna.portal.pay(anna.patient(), &new, key).await.unwrap();
        assert_eq!(stripe.sessions().await.len(), 1);
        assert!(stripe.pay(reference(&payment), GOOD).await);
        for fault in [Fault::Refuse(503), Fault::Stall] {
            stripe.fault(fault);
            let refusal = refused(anna.portal.check_payment(anna.patient(), payment.id).await);
            assert_eq!(refusal.code, Code::Unavailable, "{fault:?}");
            stripe.fault(fault);
            assert_eq!(carry(&portal.base, &completed(&portal, reference(&payment), 0)).await, Some(503), "Stripe tries again");
        }
        // Nobody comes back and no message arrives any more: the portal asks by itself.
        portal.clock.advance(TimeDelta::minutes(2));
        billing::settle_due(&portal.app).await.unwrap();
        assert_eq!(state(&anna, &payment).await, PaymentState::Succeeded);
        assert_eq!(owed(&portal, anna.patient()).await, 0);
    }

    async fn a_refund_is_done_once_even_when_stripe_has_forgotten_its_key(portal) {
        let Some((portal, stripe)) = by_stripe(&portal).await else { return };
        let anna = owing(&portal, 5_000).await;
        let staff = portal.staff(Role::Billing).await;
        let payment = begin(&anna, 5_000, None).await.unwrap();
        assert!(stripe.pay(reference(&payment), GOOD).await);
        check(&anna, &payment).await;
        let refund = async |cents, key| {
            let new = NewRefund { amount: usd(cents), reason: "Paid twice".into() };
            staff.portal.refund_payment(anna.patient(), payment.id, &new, key).await
        };
        let key = Uuid::new_v4();
        // Looked up, listed, then done with the answer lost.
        stripe.fault_third(Fault::Lose);
        assert_eq!(refused(refund(2_000, key).await).code, Code::Unavailable);
        let taken = async || stripe.taken(&stripe.sessions().await[0]).await;
        assert_eq!((taken().await, owed(&portal, anna.patient()).await), ((5_000, 2_000), 0));
        stripe.forget_keys().await;
        portal.clock.advance(TimeDelta::minutes(2));
        billing::settle_due(&portal.app).await.unwrap();
        assert_eq!((taken().await, owed(&portal, anna.patient()).await), ((5_000, 2_000), 2_000));
        assert_eq!(refund(2_000, key).await.unwrap().refunded, usd(2_000));
        assert_eq!(refused(refund(3_001, Uuid::new_v4()).await).errors[0].code, "over_refund");
        assert_eq!(refund(3_000, Uuid::new_v4()).await.unwrap().refunded, usd(5_000));
        assert_eq!((taken().await, owed(&portal, anna.patient()).await), ((5_000, 5_000), 5_000));
    }

    async fn a_refund_that_stripe_refuses_is_over_and_one_under_way_lets_no_second_one_in(portal) {
        let Some((portal, stripe)) = by_stripe(&portal).await else { return };
        let anna = owing(&portal, 5_000).await;
        let staff = portal.staff(Role::Billing).await;
        let payment = begin(&anna, 5_000, None).await.unwrap();
        assert!(stripe.pay(reference(&payment), GOOD).await);
        check(&anna, &payment).await;
        let refund = async |cents| {
            let new = NewRefund { amount: usd(cents), reason: "Paid twice".into() };
            staff.portal.refund_payment(anna.patient(), payment.id, &new, Uuid::new_v4()).await
        };
        // As when it was given back on Stripe's own pages already: looked up, listed, then refused.
        stripe.fault_third(Fault::Refuse(400));
        assert_eq!(refused(refund(2_000).await).code, Code::WrongState);
        portal.clock.advance(TimeDelta::minutes(2));
        billing::settle_due(&portal.app).await.unwrap();
        assert_eq!(owed(&portal, anna.patient()).await, 0, "nothing was written down");
        // Done, with the answer lost: the next one may be the same.
        stripe.fault_third(Fault::Lose);
        assert_eq!(refused(refund(300).await).code, Code::Unavailable);
        assert_eq!(refused(refund(300).await).code, Code::WrongState);
        billing::settle_due(&portal.app).await.unwrap();
        portal.clock.advance(TimeDelta::minutes(2));
        billing::settle_due(&portal.app).await.unwrap();
        assert_eq!(refund(4_700).await.unwrap().refunded, usd(5_000), "what was refused does not count");
        assert_eq!(stripe.taken(&stripe.sessions().await[0]).await, (5_000, 5_000));
    }

    async fn a_payment_that_stripe_refuses_to_begin_says_so_and_holds_nothing(portal) {
        let Some((portal, stripe)) = by_stripe(&portal).await else { return };
        let anna = owing(&portal, 5_000).await;
        let new = portal_domain::billing::NewPayment::new(usd(5_000), None);
        let key = Uuid::new_v4();
        stripe.fault(Fault::Refuse(400));
        let refusal = refused(anna.portal.pay(anna.patient(), &new, key).await);
        assert_eq!((refusal.code, refusal.status), (Code::GatewayRefused, 409));
        assert_eq!((bills(&anna).await.payable, bills(&anna).await.held), (usd(5_000), usd(0)));
        // The page's button again, with its key: the same payment, which is over.
        let over = anna.portal.pay(anna.patient(), &new, key).await.unwrap();
        assert_eq!((over.state, over.pay_at), (PaymentState::Cancelled, None));
        let payment = begin(&anna, 5_000, None).await.unwrap();
        assert!(stripe.pay(reference(&payment), GOOD).await);
        assert_eq!(check(&anna, &payment).await.state, PaymentState::Succeeded);
        assert_eq!(stripe.sessions().await.len(), 1);
    }

    async fn what_is_less_than_stripe_takes_is_refused_before_it_is_asked(portal) {
        let Some((portal, stripe)) = by_stripe(&portal).await else { return };
        let anna = owing(&portal, 5_000).await;
        let refusal = refused(begin(&anna, 49, None).await);
        assert_eq!((refusal.code, refusal.errors[0].code.as_str()), (Code::Invalid, "below_least"));
        assert!(stripe.sessions().await.is_empty());
        assert!(begin(&anna, 50, None).await.is_ok());
    }

    async fn a_change_of_gateway_loses_no_payment_that_is_under_way(portal) {
        let sandbox = portal;
        let Some((portal, stripe)) = by_stripe(&sandbox).await else { return };
        let anna = owing(&sandbox, 9_000).await;
        let old = begin(&anna, 4_000, None).await.unwrap();
        at_gateway(&sandbox, &old, crate::billing::PAYS).await;
        // The practice now takes payments by Stripe.
        let anna = portal.sign_in(&anna.session.username).await;
        let by_stripe = begin(&anna, 3_000, None).await.unwrap();
        assert_eq!(check(&anna, &old).await.state, PaymentState::Succeeded);
        assert!(stripe.pay(reference(&by_stripe), GOOD).await);
        // And then by nobody; Stripe is still asked about its own, and gives back what it took.
        let after = portal.beside(|settings| {
            settings.gateway = GatewaySettings::None;
            settings.stripe = Some(stripe.settings());
        });
        let after = after.await;
        let anna = after.sign_in(&anna.session.username).await;
        assert_eq!(refused(begin(&anna, 1_000, None).await).code, Code::PaymentsUnavailable);
        assert_eq!(carry(&after.base, &completed(&portal, reference(&by_stripe), 0)).await, Some(204));
        assert_eq!(state(&anna, &by_stripe).await, PaymentState::Succeeded);
        let staff = after.staff(Role::Billing).await;
        let refund = NewRefund { amount: usd(500), reason: "Moved".into() };
        let refunded = staff.portal.refund_payment(anna.patient(), by_stripe.id, &refund, Uuid::new_v4()).await;
        assert_eq!(refunded.unwrap().refunded, usd(500));
        assert_eq!(owed(&after, anna.patient()).await, 9_000 - 4_000 - 3_000 + 500);
        // Without its keys nobody can ask: what is open stays open and held, and is not given up.
        let open = begin(&portal.sign_in(&anna.session.username).await, 1_000, None).await.unwrap();
        portal.clock.advance(TimeDelta::minutes(40));
        let without = portal.beside(|settings| settings.gateway = GatewaySettings::None).await;
        billing::settle_due(&without.app).await.unwrap();
        let anna = without.sign_in(&anna.session.username).await;
        assert_eq!(state(&anna, &open).await, PaymentState::Pending);
        assert_eq!(refused(anna.portal.check_payment(anna.patient(), open.id).await).code, Code::PaymentsUnavailable);
    }
}

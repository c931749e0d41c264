//! Paying: once, never more than is owed, and only what the gateway says.

use chrono::TimeDelta;
use futures_util::future::join_all;
use portal_api::{
    features::billing,
    platform::gateway::{
        GatewaySettings,
        sandbox::{Card, EVENTS_PATH, SIGNATURE},
    },
};
use portal_domain::{
    access::Role,
    billing::{Currency, Money, NewPayment, NewRefund, PaymentFailure, PaymentState},
    mail::ItemKind,
    problem::{Code, Problem},
};
use uuid::Uuid;

use super::{at_gateway, begin, bills, charge, ledger_balances_hold, owing, posted, usd};
use crate::harness::{on_both, portal::TestPortal, refused};

/// The gateway's message, or what somebody made of it.
async fn message(portal: &TestPortal, signature: &str, body: &str) -> u16 {
    answered(portal, signature, body).await.status().as_u16()
}

async fn answered(portal: &TestPortal, signature: &str, body: &str) -> reqwest::Response {
    let to = format!("{}{EVENTS_PATH}", portal.base);
    let sent = portal.wire.post(to).header(SIGNATURE, signature).header("Content-Type", "application/json");
    sent.body(body.to_owned()).send().await.unwrap()
}

fn signed(portal: &TestPortal, reference: &str) -> (String, String) {
    portal.app.sandbox.clone().unwrap().message(reference)
}

fn code(problem: &Problem) -> &str {
    problem.errors.first().map_or("", |error| error.code.as_str())
}

on_both! {
    async fn a_payment_is_settled_once_by_fifty_messages_and_return_pages_at_once(portal) {
        let anna = owing(&portal, 5_000).await;
        let payment = begin(&anna, 5_000, None).await.unwrap();
        assert!(payment.pay_at.as_deref().is_some_and(|to| to.contains("/pay/")));
        assert_eq!((bills(&anna).await.payable, bills(&anna).await.held), (usd(0), usd(5_000)));
        at_gateway(&portal, &payment, Card::Pays).await;
        let (signature, body) = signed(&portal, &payment.id.to_string());
        let heard = join_all((0..50).map(|_| message(&portal, &signature, &body)));
        let looked = join_all((0..50).map(|_| anna.portal.check_payment(anna.patient(), payment.id)));
        let (heard, looked) = futures_util::future::join(heard, looked).await;
        assert!(heard.into_iter().all(|status| status == 204 || status == 503));
        drop(looked);
        let settled = anna.portal.check_payment(anna.patient(), payment.id).await.unwrap();
        assert_eq!((settled.state, settled.method.as_str(), settled.pay_at), (PaymentState::Succeeded, "Visa ending in 4242", None));
        assert_eq!(ledger_balances_hold(&portal).await[&anna.patient()], 0);
        let inbox = anna.portal.inbox(anna.patient(), &Default::default()).await.unwrap();
        let receipts: Vec<_> = inbox.items.iter().filter(|item| item.kind == ItemKind::PaymentReceived).collect();
        assert_eq!((receipts.len(), receipts[0].title.as_str(), receipts[0].subject_id), (1, "$50.00", payment.id.0));
        let lines = anna.portal.billing_lines(anna.patient(), &Default::default()).await.unwrap().items;
        assert_eq!(lines.len(), 2);
    }

    async fn what_nobody_signed_is_refused_and_a_message_pays_nothing_by_itself(portal) {
        let anna = owing(&portal, 5_000).await;
        let (mine, other) = (begin(&anna, 1_000, None).await.unwrap(), begin(&anna, 2_000, None).await.unwrap());
        at_gateway(&portal, &other, Card::Pays).await;
        let (signature, body) = signed(&portal, &mine.id.to_string());
        let of_other = serde_json::json!({ "reference": other.id }).to_string();
        for (signature, body) in [("", body.as_str()), ("t=0,v1=00", &body), (&signature, &of_other)] {
            assert_eq!(message(&portal, signature, body).await, 403);
        }
        let refusal: Problem = answered(&portal, "", &body).await.json().await.unwrap();
        assert_eq!(refusal.code, Code::SignatureRefused);
        // Genuine, about a payment that nobody has paid: nothing happens, however often.
        assert_eq!(message(&portal, &signature, &body).await, 204);
        let (unknown, body) = signed(&portal, &Uuid::new_v4().to_string());
        assert_eq!(message(&portal, &unknown, &body).await, 204);
        assert_eq!(ledger_balances_hold(&portal).await[&anna.patient()], 5_000);
        portal.clock.advance(TimeDelta::minutes(6));
        let (_, body) = signed(&portal, &mine.id.to_string());
        assert_eq!(message(&portal, &signature, &body).await, 403, "an old signature");
        let view = anna.portal.payment(anna.patient(), mine.id).await.unwrap();
        assert_eq!(view.state, PaymentState::Pending);
    }

    async fn what_is_not_owed_can_not_be_paid(portal) {
        let anna = owing(&portal, 5_000).await;
        for (amount, why) in [
            (usd(0), "not_positive"), (usd(-1), "not_positive"), (usd(5_001), "over_payment"),
            (usd(1_000_000_000_000_000_000), "too_large"), (Money::new(100, Currency::Eur), "foreign_currency"),
        ] {
            let new = NewPayment::new(amount, None);
            let refusal = refused(anna.portal.pay(anna.patient(), &new, Uuid::new_v4()).await);
            assert_eq!((refusal.code, code(&refusal)), (Code::Invalid, why));
        }
        let berta = portal.patient("Berta").await;
        assert_eq!(code(&refused(begin(&berta, 1, None).await)), "over_payment");
        assert_eq!(refused(begin(&berta, 1, Some(portal_domain::ids::StatementId(Uuid::new_v4()))).await).code, Code::NotFound);
    }

    async fn a_practice_without_a_gateway_takes_no_payments_online_and_says_so(portal) {
        let anna = owing(&portal, 5_000).await;
        let beside = portal.beside(|settings| settings.gateway = GatewaySettings::None).await;
        let anna = beside.sign_in(&anna.session.username).await;
        let bills = bills(&anna).await;
        assert!(!bills.pays_online && bills.payable == usd(5_000));
        assert_eq!(refused(begin(&anna, 5_000, None).await).code, Code::PaymentsUnavailable);
    }

    async fn many_payments_of_one_balance_at_once_never_pay_more_than_is_owed(portal) {
        let anna = owing(&portal, 5_000).await;
        let tries = join_all((0..20).map(|_| begin(&anna, 2_000, None))).await;
        let begun: Vec<_> = tries.into_iter().flatten().collect();
        assert!(begun.len() <= 2, "{} of 20 dollars each", begun.len());
        assert_eq!(bills(&anna).await.payable, usd(5_000 - 2_000 * begun.len() as i64));
        for payment in &begun {
            at_gateway(&portal, payment, Card::Pays).await;
            anna.portal.check_payment(anna.patient(), payment.id).await.unwrap();
        }
        assert_eq!(ledger_balances_hold(&portal).await[&anna.patient()], 5_000 - 2_000 * begun.len() as i64);
    }

    async fn a_repeat_with_the_same_key_is_the_same_payment(portal) {
        let anna = owing(&portal, 5_000).await;
        let (new, key) = (NewPayment::new(usd(5_000), None), Uuid::new_v4());
        let first = anna.portal.pay(anna.patient(), &new, key).await.unwrap();
        assert_eq!(anna.portal.pay(anna.patient(), &new, key).await.unwrap(), first);
        at_gateway(&portal, &first, Card::Pays).await;
        anna.portal.check_payment(anna.patient(), first.id).await.unwrap();
        let again = anna.portal.pay(anna.patient(), &new, key).await.unwrap();
        assert_eq!((again.id, again.state), (first.id, PaymentState::Succeeded));
        assert_eq!(ledger_balances_hold(&portal).await[&anna.patient()], 0);
    }

    async fn a_refused_card_pays_nothing_and_the_amount_can_be_paid_again(portal) {
        let anna = owing(&portal, 5_000).await;
        for (card, why) in [(Card::Declined, PaymentFailure::Declined), (Card::Expired, PaymentFailure::CardExpired)] {
            let payment = begin(&anna, 5_000, None).await.unwrap();
            at_gateway(&portal, &payment, card).await;
            // A card that works comes too late: this checkout is over.
            at_gateway(&portal, &payment, Card::Pays).await;
            let failed = anna.portal.check_payment(anna.patient(), payment.id).await.unwrap();
            assert_eq!((failed.state, failed.failure), (PaymentState::Failed, Some(why)));
        }
        assert_eq!(bills(&anna).await.payable, usd(5_000));
        let given_up = begin(&anna, 5_000, None).await.unwrap();
        at_gateway(&portal, &given_up, Card::Unreachable).await;
        let view = anna.portal.cancel_payment(anna.patient(), given_up.id).await.unwrap();
        assert_eq!((view.state, bills(&anna).await.payable), (PaymentState::Cancelled, usd(5_000)));
    }

    async fn a_bank_that_answers_late_is_asked_again_without_anybody_there(portal) {
        let anna = owing(&portal, 5_000).await;
        let late = begin(&anna, 3_000, None).await.unwrap();
        at_gateway(&portal, &late, Card::Late).await;
        let view = anna.portal.check_payment(anna.patient(), late.id).await.unwrap();
        assert_eq!(view.state, PaymentState::Pending);
        // Nobody comes back, and no message arrives.
        let left = begin(&anna, 2_000, None).await.unwrap();
        portal.clock.advance(TimeDelta::minutes(2));
        billing::settle_due(&portal.app).await.unwrap();
        let states = async || {
            let state = async |id| anna.portal.payment(anna.patient(), id).await.unwrap().state;
            (state(late.id).await, state(left.id).await)
        };
        assert_eq!(states().await, (PaymentState::Succeeded, PaymentState::Pending));
        portal.clock.advance(TimeDelta::minutes(40));
        let anna = portal.sign_in(&anna.session.username).await;
        billing::settle_due(&portal.app).await.unwrap();
        let state = anna.portal.payment(anna.patient(), left.id).await.unwrap().state;
        assert_eq!((state, bills(&anna).await.payable), (PaymentState::Cancelled, usd(2_000)));
    }

    async fn what_was_paid_for_a_statement_closes_it_and_the_rest_pays_the_oldest(portal) {
        let anna = portal.patient("Anna").await;
        let mrn = portal.mrn(anna.patient());
        let on = |number: &str, date: &str, cents| portal_domain::billing::BillingLine {
            statement: Some(number.into()), date: date.parse().unwrap(), ..charge(&mrn, cents)
        };
        posted(&portal, vec![on("S-2", "2026-08-01", 2_000), on("S-1", "2026-07-01", 1_000), charge(&mrn, 500)]).await;
        let open = async || bills(&anna).await.statements.iter().map(|one| (one.number.clone(), one.open.amount)).collect::<Vec<_>>();
        assert_eq!(open().await, [("S-2".into(), 2_000), ("S-1".into(), 1_000)]);
        let second = bills(&anna).await.statements[0].id;
        assert_eq!(code(&refused(begin(&anna, 2_001, Some(second)).await)), "over_payment");
        for (cents, statement) in [(2_000, Some(second)), (400, None)] {
            let payment = begin(&anna, cents, statement).await.unwrap();
            at_gateway(&portal, &payment, Card::Pays).await;
            anna.portal.check_payment(anna.patient(), payment.id).await.unwrap();
        }
        assert_eq!(open().await, [("S-2".into(), 0), ("S-1".into(), 600)]);
        assert_eq!(bills(&anna).await.balance, usd(1_100));
    }

    async fn a_refund_gives_back_once_and_never_more_than_was_paid(portal) {
        let anna = owing(&portal, 5_000).await;
        let billing = portal.staff(Role::Billing).await;
        let payment = begin(&anna, 5_000, None).await.unwrap();
        let refund = async |cents, key| {
            let new = NewRefund { amount: usd(cents), reason: "Paid twice".into() };
            billing.portal.refund_payment(anna.patient(), payment.id, &new, key).await
        };
        assert_eq!(refused(refund(100, Uuid::new_v4()).await).code, Code::WrongState);
        at_gateway(&portal, &payment, Card::Pays).await;
        anna.portal.check_payment(anna.patient(), payment.id).await.unwrap();
        assert_eq!(code(&refused(refund(5_001, Uuid::new_v4()).await)), "over_refund");
        let key = Uuid::new_v4();
        let first = refund(3_000, key).await.unwrap();
        assert_eq!(first.refunded, usd(3_000));
        assert_eq!(refund(3_000, key).await.unwrap().refunded, usd(3_000));
        let tries = join_all((0..20).map(|_| refund(2_000, Uuid::new_v4()))).await;
        assert!(tries.iter().filter(|tried| tried.is_ok()).count() <= 1);
        let view = anna.portal.payment(anna.patient(), payment.id).await.unwrap();
        assert_eq!(ledger_balances_hold(&portal).await[&anna.patient()], view.refunded.amount);
    }
}

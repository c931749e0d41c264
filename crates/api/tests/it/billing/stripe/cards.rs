//! Kept cards at Stripe: a customer without a name, set-ups on its page, payments that are asked for once.

use chrono::TimeDelta;
use futures_util::future::join_all;
use portal_api::{features::billing, platform::gateway::GatewaySettings};
use portal_domain::{
    access::Role,
    billing::{
        MethodState, NewPayment, NewPlan, NewRefund, PaymentFailure, PaymentMethodView, PaymentPlanView,
        PaymentState, RemoveMethodQuery, due_days,
    },
    ids::PaymentMethodId,
    problem::Code,
};
use serde_json::json;
use uuid::Uuid;

use super::{
    by_stripe, carry, check,
    front::{Fault, Front, GOOD, SECRET, message},
    owed, reference,
};
use crate::{
    billing::{bills, methods::pay_by, owing, usd},
    harness::{on_both, people::Person, portal::TestPortal, refused},
};

/// A card that a person keeps on Stripe's page.
pub async fn kept(stripe: &Front, person: &Person, number: &str) -> PaymentMethodView {
    let asked = person.portal.add_payment_method(person.patient(), Uuid::new_v4()).await.unwrap();
    let page = asked.add_at.unwrap();
    assert!(stripe.give_card(page.rsplit('/').next().unwrap(), number, "2040").await);
    person.portal.check_payment_method(person.patient(), asked.id).await.unwrap()
}

async fn cards(person: &Person) -> Vec<PaymentMethodView> {
    person.portal.payment_methods(person.patient()).await.unwrap()
}

/// A plan on a day of each month that no test meets by itself.
async fn agreed(
    portal: &TestPortal,
    anna: &Person,
    cents: i64,
    instalments: i64,
    method: PaymentMethodId,
) -> PaymentPlanView {
    let first_due = due_days(20, portal.clock.now().utc().date_naive()).next().unwrap();
    let new = NewPlan { amount: usd(cents), instalments, day: 20, method, first_due, agreed: true };
    anna.portal.create_payment_plan(anna.patient(), &new, Uuid::new_v4()).await.unwrap()
}

/// The clock shows the middle of the day of an instalment.
fn until(portal: &TestPortal, plan: &PaymentPlanView, place: usize) {
    let noon = plan.instalments[place].due_on.and_hms_opt(16, 0, 0).unwrap().and_utc();
    portal.clock.advance(noon - portal.clock.now().utc());
}

on_both! {
    async fn a_card_is_kept_while_paying_at_stripe_and_pays_once_more_by_itself(portal) {
        let Some((portal, stripe)) = by_stripe(&portal).await else { return };
        let anna = owing(&portal, 9_000).await;
        let new = NewPayment { keep: true, ..NewPayment::new(usd(4_000), None) };
        let payment = anna.portal.pay(anna.patient(), &new, Uuid::new_v4()).await.unwrap();
        assert!(stripe.pay(reference(&payment), GOOD).await);
        assert_eq!(check(&anna, &payment).await.state, PaymentState::Succeeded);
        let [card] = <[_; 1]>::try_from(cards(&anna).await).unwrap();
        assert_eq!((card.label().as_str(), card.expires_year), ("Visa ending in 4242", Some(2040)));
        let second = pay_by(&anna, anna.patient(), 5_000, card.id).await.unwrap();
        assert_eq!((second.state, second.method.as_str()), (PaymentState::Succeeded, "Visa ending in 4242"));
        assert_eq!(stripe.charged().await, [(second.id.to_string(), 5_000)]);
        assert_eq!(owed(&portal, anna.patient()).await, 0);
        // Given back like any other, and both books know both.
        let staff = portal.staff(Role::Billing).await;
        let refund = NewRefund { amount: usd(500), reason: "Moved".into() };
        let back = staff.portal.refund_payment(anna.patient(), second.id, &refund, Uuid::new_v4()).await.unwrap();
        assert_eq!((back.refunded, owed(&portal, anna.patient()).await), (usd(500), 500));
        let books = staff.portal.reconciliation(&Default::default()).await.unwrap();
        let stripes = books.iter().find(|one| one.gateway == "stripe").unwrap();
        assert_eq!((stripes.count, stripes.at_gateway, stripes.differences.len()), (2, usd(8_500), 0));
    }

    async fn a_card_is_added_on_stripes_page_and_its_message_tells_of_it(portal) {
        let Some((portal, stripe)) = by_stripe(&portal).await else { return };
        let anna = portal.patient("Anna").await;
        let asked = anna.portal.add_payment_method(anna.patient(), Uuid::new_v4()).await.unwrap();
        let page = asked.add_at.clone().unwrap();
        let session = page.rsplit('/').next().unwrap();
        assert!(!stripe.give_card(session, "4000000000000002", "2040").await, "the bank said no");
        assert!(stripe.give_card(session, "4242424242424242", "2040").await);
        let now = portal.clock.now().utc().timestamp();
        let told = message(SECRET, now, "checkout.session.completed", json!({ "id": session }));
        assert_eq!(carry(&portal.base, &told).await, Some(204));
        assert_eq!(cards(&anna).await[0].id, asked.id);
        assert_eq!(stripe.kept_cards().await, 1);
        anna.portal.remove_payment_method(anna.patient(), asked.id, RemoveMethodQuery::default()).await.unwrap();
        assert_eq!((stripe.kept_cards().await, cards(&anna).await.len()), (0, 0));
        // Nobody gives this one, and Stripe's page closes.
        let left = anna.portal.add_payment_method(anna.patient(), Uuid::new_v4()).await.unwrap();
        portal.clock.advance(TimeDelta::minutes(40));
        billing::settle_due(&portal.app).await.unwrap();
        let page = left.add_at.unwrap();
        assert!(!stripe.give_card(page.rsplit('/').next().unwrap(), "4242424242424242", "2040").await);
        let anna = portal.sign_in(&anna.session.username).await;
        let left = anna.portal.check_payment_method(anna.patient(), left.id).await.unwrap();
        assert_eq!(left.state, MethodState::Removed);
    }

    async fn stripe_away_while_a_card_is_taken_away_hears_of_it_later(portal) {
        let Some((portal, stripe)) = by_stripe(&portal).await else { return };
        let anna = owing(&portal, 5_000).await;
        let card = kept(&stripe, &anna, "4242424242424242").await;
        stripe.fault(Fault::Refuse(503));
        anna.portal.remove_payment_method(anna.patient(), card.id, RemoveMethodQuery::default()).await.unwrap();
        assert_eq!((stripe.kept_cards().await, cards(&anna).await.len()), (1, 0));
        assert_eq!(refused(pay_by(&anna, anna.patient(), 1_000, card.id).await).code, Code::CardUnusable);
        portal.clock.advance(TimeDelta::minutes(2));
        billing::settle_due(&portal.app).await.unwrap();
        assert_eq!(stripe.kept_cards().await, 0);
    }

    async fn the_bank_asks_the_owner_on_its_page_and_a_declined_card_says_so(portal) {
        let Some((portal, stripe)) = by_stripe(&portal).await else { return };
        let anna = owing(&portal, 9_000).await;
        let asking = kept(&stripe, &anna, "4000000000003220").await;
        let payment = pay_by(&anna, anna.patient(), 3_000, asking.id).await.unwrap();
        let page = payment.pay_at.clone().unwrap();
        assert!(payment.state == PaymentState::Pending && page.starts_with("https://hooks.stripe.com/"), "{page}");
        stripe.answer_bank(reference(&payment), true).await;
        assert_eq!(check(&anna, &payment).await.state, PaymentState::Succeeded);
        let refused_by_owner = pay_by(&anna, anna.patient(), 3_000, asking.id).await.unwrap();
        stripe.answer_bank(reference(&refused_by_owner), false).await;
        let failed = check(&anna, &refused_by_owner).await;
        assert_eq!((failed.state, failed.failure), (PaymentState::Failed, Some(PaymentFailure::NotConfirmed)));
        let given_up = pay_by(&anna, anna.patient(), 3_000, asking.id).await.unwrap();
        let view = anna.portal.cancel_payment(anna.patient(), given_up.id).await.unwrap();
        assert_eq!((view.state, bills(&anna).await.payable), (PaymentState::Cancelled, usd(6_000)));
        let declined = kept(&stripe, &anna, "4000000000000341").await;
        let payment = pay_by(&anna, anna.patient(), 6_000, declined.id).await.unwrap();
        assert_eq!((payment.state, payment.failure), (PaymentState::Failed, Some(PaymentFailure::Declined)));
        assert_eq!(owed(&portal, anna.patient()).await, 6_000);
        assert_eq!(stripe.charged().await.len(), 1);
    }

    async fn a_payment_by_a_kept_card_whose_answer_was_lost_is_found_and_taken_once(portal) {
        let Some((portal, stripe)) = by_stripe(&portal).await else { return };
        let anna = owing(&portal, 9_000).await;
        let card = kept(&stripe, &anna, "4242424242424242").await;
        let new = NewPayment { method: Some(card.id), ..NewPayment::new(usd(3_000), None) };
        let key = Uuid::new_v4();
        // Looked for, then done with the answer lost.
        stripe.fault_second(Fault::Lose);
        assert_eq!(refused(anna.portal.pay(anna.patient(), &new, key).await).code, Code::Unavailable);
        assert_eq!(bills(&anna).await.payable, usd(6_000), "its amount is held meanwhile");
        assert_eq!(anna.portal.pay(anna.patient(), &new, key).await.unwrap().state, PaymentState::Succeeded);
        // The same, and nobody presses again: a day later, when Stripe has forgotten the key, it is found.
        stripe.fault_second(Fault::Lose);
        assert_eq!(refused(pay_by(&anna, anna.patient(), 3_000, card.id).await).code, Code::Unavailable);
        stripe.forget_keys().await;
        portal.clock.advance(TimeDelta::days(1));
        billing::settle_due(&portal.app).await.unwrap();
        assert_eq!(owed(&portal, anna.patient()).await, 3_000);
        // Stripe never heard of this one: it is given up, and never asked for behind the patient's back.
        let anna = portal.sign_in(&anna.session.username).await;
        stripe.fault_second(Fault::Refuse(503));
        assert_eq!(refused(pay_by(&anna, anna.patient(), 3_000, card.id).await).code, Code::Unavailable);
        portal.clock.advance(TimeDelta::minutes(10));
        billing::settle_due(&portal.app).await.unwrap();
        assert_eq!(bills(&anna).await.payable, usd(0));
        portal.clock.advance(TimeDelta::minutes(25));
        billing::settle_due(&portal.app).await.unwrap();
        let anna = portal.sign_in(&anna.session.username).await;
        assert_eq!(bills(&anna).await.payable, usd(3_000));
        assert_eq!(stripe.charged().await.len(), 2);
    }

    async fn an_instalment_whose_answer_was_lost_is_taken_once_whoever_asks_again(portal) {
        let Some((portal, stripe)) = by_stripe(&portal).await else { return };
        let anna = owing(&portal, 12_000).await;
        let card = kept(&stripe, &anna, "4242424242424242").await;
        let made = agreed(&portal, &anna, 12_000, 3, card.id).await;
        let beside = portal.beside(|settings| {
            settings.gateway = GatewaySettings::Stripe;
            settings.stripe = Some(stripe.settings());
        });
        let beside = beside.await;
        // Stripe took it, and nobody was told; its key is forgotten, too.
        until(&portal, &made, 0);
        stripe.fault_second(Fault::Lose);
        assert!(billing::charge_due(&portal.app).await.is_err());
        stripe.forget_keys().await;
        portal.clock.advance(TimeDelta::minutes(2));
        drop(join_all([&portal.app, &beside.app].map(billing::settle_due)).await);
        billing::settle_due(&portal.app).await.unwrap();
        assert_eq!(owed(&portal, anna.patient()).await, 8_000);
        // Stripe never heard of it: the same payment is asked for again, by several servers at once.
        until(&portal, &made, 1);
        stripe.fault(Fault::Refuse(503));
        assert!(billing::charge_due(&portal.app).await.is_err());
        // It can't be given up while a server may be asking for it: another one would be taken, too.
        let anna = portal.sign_in(&anna.session.username).await;
        let asked = anna.portal.payment_plans(anna.patient()).await.unwrap()[0].instalments[1].payment.unwrap();
        assert_eq!(refused(anna.portal.cancel_payment(anna.patient(), asked).await).code, Code::WrongState);
        portal.clock.advance(TimeDelta::minutes(2));
        drop(join_all([&portal.app, &beside.app, &portal.app, &beside.app].map(billing::settle_due)).await);
        billing::settle_due(&portal.app).await.unwrap();
        assert_eq!(owed(&portal, anna.patient()).await, 4_000);
        // The portal was away for days between its own note and Stripe: that payment is given up, and another one made.
        until(&portal, &made, 2);
        stripe.fault(Fault::Refuse(503));
        assert!(billing::charge_due(&portal.app).await.is_err());
        portal.clock.advance(TimeDelta::days(3));
        billing::settle_due(&portal.app).await.unwrap();
        assert_eq!(owed(&portal, anna.patient()).await, 4_000);
        billing::charge_due(&portal.app).await.unwrap();
        assert_eq!(owed(&portal, anna.patient()).await, 0);
        let taken: Vec<i64> = stripe.charged().await.into_iter().map(|(_, cents)| cents).collect();
        assert_eq!(taken, [4_000; 3]);
    }

    async fn an_instalment_that_the_bank_wants_to_ask_about_says_so_and_is_paid_by_hand(portal) {
        let Some((portal, stripe)) = by_stripe(&portal).await else { return };
        let anna = owing(&portal, 8_000).await;
        let card = kept(&stripe, &anna, "4000000000003220").await;
        let made = agreed(&portal, &anna, 8_000, 2, card.id).await;
        until(&portal, &made, 0);
        billing::charge_due(&portal.app).await.unwrap();
        let anna = portal.sign_in(&anna.session.username).await;
        let view = anna.portal.payment_plans(anna.patient()).await.unwrap().remove(0);
        assert_eq!(view.instalments[0].failure, Some(PaymentFailure::ConfirmationNeeded));
        let payment = anna.portal.pay_next_instalment(anna.patient(), made.id, Uuid::new_v4()).await.unwrap();
        stripe.answer_bank(reference(&payment), true).await;
        assert_eq!(check(&anna, &payment).await.state, PaymentState::Succeeded);
        assert_eq!(owed(&portal, anna.patient()).await, 4_000);
        assert_eq!(stripe.charged().await.len(), 1);
    }
}

//! Kept cards: a login's own, paid with once, and taken away for good (PAY-2, PAY-3).

use chrono::TimeDelta;
use futures_util::future::join_all;
use portal_api::{
    features::billing,
    platform::gateway::{GatewaySettings, sandbox::Card},
};
use portal_domain::{
    access::{Category, Depth, Role},
    billing::{
        MethodState, NewPayment, PaymentFailure, PaymentMethodView, PaymentState, PaymentView,
        RemoveMethodQuery,
    },
    ids::{PatientId, PaymentMethodId},
    problem::Code,
};
use uuid::Uuid;

use super::{at_gateway, begin, bills, ledger_balances_hold, owing, usd};
use crate::{
    dependents::{full, given, limited},
    harness::{on_both, people::Person, portal::TestPortal, refused},
};

/// The last month of most test cards.
pub const LATER: (i64, i64) = (12, 2040);

/// A card that a person keeps without a payment, while being in this patient's bills.
pub async fn kept_in(portal: &TestPortal, person: &Person, of: PatientId, card: Card) -> PaymentMethodView {
    let asked = person.portal.add_payment_method(of, Uuid::new_v4()).await.unwrap();
    assert!(asked.state == MethodState::Adding && asked.add_at.is_some() && !asked.can_pay);
    let sandbox = portal.app.sandbox.clone().unwrap();
    sandbox.keep(&asked.id.to_string(), card, LATER).await.unwrap();
    person.portal.check_payment_method(of, asked.id).await.unwrap()
}

pub async fn kept(portal: &TestPortal, person: &Person, card: Card) -> PaymentMethodView {
    kept_in(portal, person, person.patient(), card).await
}

pub async fn pay_by(
    person: &Person,
    of: PatientId,
    cents: i64,
    method: PaymentMethodId,
) -> portal_client::Result<PaymentView> {
    let new = NewPayment { method: Some(method), ..NewPayment::new(usd(cents), None) };
    person.portal.pay(of, &new, Uuid::new_v4()).await
}

async fn cards(person: &Person) -> Vec<PaymentMethodView> {
    person.portal.payment_methods(person.patient()).await.unwrap()
}

async fn remove(person: &Person, id: PaymentMethodId) -> portal_client::Result<()> {
    person.portal.remove_payment_method(person.patient(), id, RemoveMethodQuery::default()).await
}

on_both! {
    async fn a_card_is_kept_while_paying_and_pays_the_next_bill_without_leaving_the_portal(portal) {
        let anna = owing(&portal, 9_000).await;
        let new = NewPayment { keep: true, ..NewPayment::new(usd(4_000), None) };
        let payment = anna.portal.pay(anna.patient(), &new, Uuid::new_v4()).await.unwrap();
        assert!(cards(&anna).await.is_empty(), "not before it has paid");
        portal.app.sandbox.clone().unwrap().keep(&payment.id.to_string(), Card::Pays, (11, 2030)).await.unwrap();
        let paid = anna.portal.check_payment(anna.patient(), payment.id).await.unwrap();
        assert_eq!(paid.state, PaymentState::Succeeded);
        let [card] = <[_; 1]>::try_from(cards(&anna).await).unwrap();
        assert_eq!((card.label().as_str(), card.expires_month, card.expires_year), ("Visa ending in 4242", Some(11), Some(2030)));
        assert!(card.can_pay && !card.in_plan && card.add_at.is_none());
        let second = pay_by(&anna, anna.patient(), 5_000, card.id).await.unwrap();
        assert_eq!((second.state, second.method.as_str(), second.pay_at), (PaymentState::Succeeded, "Visa ending in 4242", None));
        assert_eq!(ledger_balances_hold(&portal).await[&anna.patient()], 0);
    }

    async fn a_card_is_kept_only_when_its_payment_went_through_and_once(portal) {
        let anna = owing(&portal, 9_000).await;
        let new = NewPayment { keep: true, ..NewPayment::new(usd(4_000), None) };
        let declined = anna.portal.pay(anna.patient(), &new, Uuid::new_v4()).await.unwrap();
        at_gateway(&portal, &declined, Card::Declined).await;
        anna.portal.check_payment(anna.patient(), declined.id).await.unwrap();
        let given_up = anna.portal.pay(anna.patient(), &new, Uuid::new_v4()).await.unwrap();
        anna.portal.cancel_payment(anna.patient(), given_up.id).await.unwrap();
        // Nobody comes back from this one.
        let left = anna.portal.pay(anna.patient(), &new, Uuid::new_v4()).await.unwrap();
        at_gateway(&portal, &left, Card::Pays).await;
        portal.clock.advance(TimeDelta::minutes(2));
        billing::settle_due(&portal.app).await.unwrap();
        join_all((0..10).map(|_| anna.portal.check_payment(anna.patient(), left.id))).await;
        assert_eq!(cards(&anna).await.len(), 1);
        // One without the tick.
        let plain = begin(&anna, 1_000, None).await.unwrap();
        at_gateway(&portal, &plain, Card::Pays).await;
        anna.portal.check_payment(anna.patient(), plain.id).await.unwrap();
        assert_eq!(cards(&anna).await.len(), 1);
    }

    async fn a_card_is_added_without_a_payment_or_given_up(portal) {
        let anna = portal.patient("Anna").await;
        let key = Uuid::new_v4();
        let asked = anna.portal.add_payment_method(anna.patient(), key).await.unwrap();
        assert_eq!(anna.portal.add_payment_method(anna.patient(), key).await.unwrap(), asked);
        let sandbox = portal.app.sandbox.clone().unwrap();
        let waiting = anna.portal.check_payment_method(anna.patient(), asked.id).await.unwrap();
        assert_eq!(waiting.state, MethodState::Adding);
        sandbox.keep(&asked.id.to_string(), Card::Declined, LATER).await.unwrap();
        let refused_card = anna.portal.check_payment_method(anna.patient(), asked.id).await.unwrap();
        assert_eq!((refused_card.state, refused_card.add_at), (MethodState::Removed, None));
        let card = kept(&portal, &anna, Card::Asks).await;
        assert_eq!((card.state, card.last4.as_str()), (MethodState::Kept, "3220"));
        // Nobody ever gives this one; and nobody comes back from that.
        let left = anna.portal.add_payment_method(anna.patient(), Uuid::new_v4()).await.unwrap();
        let late = anna.portal.add_payment_method(anna.patient(), Uuid::new_v4()).await.unwrap();
        sandbox.keep(&late.id.to_string(), Card::Pays, LATER).await.unwrap();
        portal.clock.advance(TimeDelta::minutes(40));
        billing::settle_due(&portal.app).await.unwrap();
        let anna = portal.sign_in(&anna.session.username).await;
        let state = async |id| anna.portal.check_payment_method(anna.patient(), id).await.unwrap().state;
        assert_eq!((state(left.id).await, state(late.id).await), (MethodState::Removed, MethodState::Kept));
        sandbox.keep(&left.id.to_string(), Card::Pays, LATER).await.unwrap();
        assert_eq!(state(left.id).await, MethodState::Removed, "the page was closed");
        for _ in 2..10 {
            anna.portal.add_payment_method(anna.patient(), Uuid::new_v4()).await.unwrap();
        }
        let refusal = refused(anna.portal.add_payment_method(anna.patient(), Uuid::new_v4()).await);
        assert_eq!(refusal.code, Code::TooManyCards);
    }

    async fn a_card_is_its_logins_alone(portal) {
        let (anna, berta) = (owing(&portal, 5_000).await, owing(&portal, 5_000).await);
        let card = kept(&portal, &anna, Card::Pays).await;
        assert!(cards(&berta).await.is_empty());
        assert_eq!(refused(pay_by(&berta, berta.patient(), 1_000, card.id).await).code, Code::NotFound);
        assert_eq!(refused(remove(&berta, card.id).await).code, Code::NotFound);
        assert_eq!(refused(berta.portal.check_payment_method(berta.patient(), card.id).await).code, Code::NotFound);
        assert_eq!(refused(berta.portal.payment_methods(anna.patient()).await).code, Code::NotFound);
        // Whoever acts for Anna has no card of hers, and keeps one that she does not see.
        given(&anna, &berta, full()).await;
        assert!(berta.portal.payment_methods(anna.patient()).await.unwrap().is_empty());
        assert_eq!(refused(pay_by(&berta, anna.patient(), 1_000, card.id).await).code, Code::NotFound);
        let hers = kept_in(&portal, &berta, anna.patient(), Card::Pays).await;
        assert_eq!(pay_by(&berta, anna.patient(), 1_000, hers.id).await.unwrap().state, PaymentState::Succeeded);
        assert_eq!(refused(pay_by(&anna, anna.patient(), 1_000, hers.id).await).code, Code::NotFound);
        assert_eq!(cards(&anna).await.len(), 1);
        let staff = portal.staff(Role::Billing).await;
        assert!(staff.portal.payment_methods(anna.patient()).await.unwrap().is_empty());
        assert_eq!(refused(staff.portal.add_payment_method(anna.patient(), Uuid::new_v4()).await).code, Code::RoleRequired);
    }

    async fn a_revoked_proxy_pays_nothing_more_and_sees_nothing_there(portal) {
        let (anna, berta) = (owing(&portal, 5_000).await, owing(&portal, 5_000).await);
        let grant = given(&anna, &berta, full()).await.id;
        let card = kept_in(&portal, &berta, anna.patient(), Card::Pays).await;
        anna.portal.revoke_proxy(anna.patient(), grant).await.unwrap();
        assert_eq!(refused(pay_by(&berta, anna.patient(), 1_000, card.id).await).code, Code::NotFound);
        assert_eq!(refused(berta.portal.payment_methods(anna.patient()).await).code, Code::NotFound);
        assert_eq!(ledger_balances_hold(&portal).await[&anna.patient()], 5_000);
        // The card is hers all the same, for her own bills.
        assert_eq!(cards(&berta).await.len(), 1);
        assert!(pay_by(&berta, berta.patient(), 1_000, card.id).await.is_ok());
        // To look is not to pay.
        let carla = portal.patient("Carla").await;
        given(&anna, &carla, limited(&[(Category::Billing, Depth::View)])).await;
        assert!(carla.portal.payment_methods(anna.patient()).await.unwrap().is_empty());
        assert_eq!(refused(carla.portal.add_payment_method(anna.patient(), Uuid::new_v4()).await).code, Code::NotFound);
    }

    async fn a_kept_card_that_the_bank_asks_about_goes_on_at_the_gateways_page(portal) {
        let anna = owing(&portal, 5_000).await;
        let card = kept(&portal, &anna, Card::Asks).await;
        let payment = pay_by(&anna, anna.patient(), 5_000, card.id).await.unwrap();
        assert_eq!(payment.state, PaymentState::Pending);
        assert!(payment.pay_at.as_deref().is_some_and(|to| to.contains("/pay/")));
        assert_eq!(bills(&anna).await.payable, usd(0));
        portal.app.sandbox.clone().unwrap().keep(&payment.id.to_string(), Card::Pays, LATER).await.unwrap();
        let paid = anna.portal.check_payment(anna.patient(), payment.id).await.unwrap();
        assert_eq!((paid.state, paid.method.as_str()), (PaymentState::Succeeded, "Visa ending in 3220"));
        assert_eq!(ledger_balances_hold(&portal).await[&anna.patient()], 0);
    }

    async fn a_kept_card_that_is_declined_or_over_pays_nothing(portal) {
        let anna = owing(&portal, 5_000).await;
        let declined = kept(&portal, &anna, Card::DeclinedLater).await;
        let payment = pay_by(&anna, anna.patient(), 5_000, declined.id).await.unwrap();
        assert_eq!((payment.state, payment.failure), (PaymentState::Failed, Some(PaymentFailure::Declined)));
        assert_eq!(bills(&anna).await.payable, usd(5_000));
        let asked = anna.portal.add_payment_method(anna.patient(), Uuid::new_v4()).await.unwrap();
        portal.app.sandbox.clone().unwrap().keep(&asked.id.to_string(), Card::Pays, (10, 2026)).await.unwrap();
        let short = anna.portal.check_payment_method(anna.patient(), asked.id).await.unwrap();
        assert!(short.can_pay);
        portal.clock.advance(TimeDelta::days(27));
        let anna = portal.sign_in(&anna.session.username).await;
        let [short, _] = <[_; 2]>::try_from(cards(&anna).await).unwrap();
        assert!(short.is_expired && !short.can_pay);
        assert_eq!(refused(pay_by(&anna, anna.patient(), 1_000, short.id).await).code, Code::CardUnusable);
        let both = NewPayment { method: Some(short.id), keep: true, ..NewPayment::new(usd(100), None) };
        let refusal = refused(anna.portal.pay(anna.patient(), &both, Uuid::new_v4()).await);
        assert_eq!(refusal.errors[0].code, "kept_already");
    }

    async fn the_button_pressed_many_times_pays_once(portal) {
        let anna = owing(&portal, 5_000).await;
        let card = kept(&portal, &anna, Card::Pays).await;
        let new = NewPayment { method: Some(card.id), ..NewPayment::new(usd(2_000), None) };
        let key = Uuid::new_v4();
        let tries = join_all((0..20).map(|_| anna.portal.pay(anna.patient(), &new, key))).await;
        let ids: std::collections::HashSet<_> = tries.into_iter().flatten().map(|payment| payment.id).collect();
        assert_eq!(ids.len(), 1);
        assert_eq!(ledger_balances_hold(&portal).await[&anna.patient()], 3_000);
        // With keys of their own they never take more than is owed.
        let tries = join_all((0..20).map(|_| pay_by(&anna, anna.patient(), 2_000, card.id))).await;
        assert!(tries.iter().filter(|tried| tried.is_ok()).count() <= 1);
        assert!(ledger_balances_hold(&portal).await[&anna.patient()] >= 1_000);
    }

    async fn a_card_that_was_taken_away_is_forgotten_by_the_gateway_and_pays_no_more(portal) {
        let anna = owing(&portal, 5_000).await;
        let card = kept(&portal, &anna, Card::Pays).await;
        remove(&anna, card.id).await.unwrap();
        assert!(cards(&anna).await.is_empty());
        assert_eq!(refused(pay_by(&anna, anna.patient(), 1_000, card.id).await).code, Code::NotFound);
        assert_eq!(refused(remove(&anna, card.id).await).code, Code::NotFound);
        use diesel::prelude::*;
        use portal_api::platform::db::schema::sandbox_cards;
        let left: i64 = portal.app.db.read(|conn| Ok(sandbox_cards::table.count().get_result(conn)?)).await.unwrap();
        assert_eq!(left, 0);
    }

    async fn cards_of_a_gateway_that_takes_no_more_payments_can_not_pay(portal) {
        let anna = owing(&portal, 5_000).await;
        let card = kept(&portal, &anna, Card::Pays).await;
        let beside = portal.beside(|settings| settings.gateway = GatewaySettings::None).await;
        let anna = beside.sign_in(&anna.session.username).await;
        assert!(!cards(&anna).await[0].can_pay);
        assert_eq!(refused(pay_by(&anna, anna.patient(), 1_000, card.id).await).code, Code::PaymentsUnavailable);
        assert_eq!(refused(anna.portal.add_payment_method(anna.patient(), Uuid::new_v4()).await).code, Code::PaymentsUnavailable);
    }
}

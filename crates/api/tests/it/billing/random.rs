//! Everything that can happen to payments, in any order: the ledger sums to zero, nothing is paid twice and nothing is lost.
//!
//! A failure prints its seed: `PAY_SEED=7 cargo nextest run -p portal-api --test it billing::random` does the same again.

use chrono::TimeDelta;
use portal_api::{
    features::billing,
    platform::gateway::{
        Gateway, Standing,
        sandbox::{Card, EVENTS_PATH, SIGNATURE},
    },
};
use portal_domain::{
    access::Role,
    billing::{NewPayment, NewRefund, PaymentState, PaymentView},
};
use uuid::Uuid;

use super::{at_gateway, ledger_balances_hold, methods::kept, owing, usd};
use crate::harness::{on_both, portal::TestPortal};

/// SplitMix64: the same numbers for the same seed, everywhere.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % n
    }
}

/// The seed of `PAY_SEED`, or a new one.
pub fn seed() -> u64 {
    std::env::var("PAY_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or_else(|| Uuid::new_v4().as_u64_pair().0)
}

async fn tell(portal: &TestPortal, payment: &PaymentView, forged: bool) {
    let (signature, body) = portal.app.sandbox.clone().unwrap().message(&payment.id.to_string());
    let signature = if forged { signature.replace("v1=", "v1=0") } else { signature };
    let to = format!("{}{EVENTS_PATH}", portal.base);
    let sent = portal.wire.post(to).header(SIGNATURE, signature).header("Content-Type", "application/json");
    sent.body(body).send().await.unwrap();
}

const CARDS: [Card; 5] = [Card::Pays, Card::Pays, Card::Declined, Card::Unreachable, Card::Late];

on_both! {
    async fn whatever_happens_in_whatever_order_the_ledger_tells_what_the_gateway_has(portal) {
        let seed = seed();
        println!("PAY_SEED={seed}");
        let mut random = Random(seed);
        let owed = 1_000_000;
        let anna = owing(&portal, owed).await;
        let staff = portal.staff(Role::Billing).await;
        let mut begun: Vec<(NewPayment, Uuid, PaymentView)> = Vec::new();
        let cards = [Card::Pays, Card::Asks, Card::DeclinedLater, Card::Late];
        let mut wallet = vec![];
        for card in cards {
            wallet.push(kept(&portal, &anna, card).await.id);
        }
        for _ in 0..150 {
            let any = (!begun.is_empty()).then(|| begun[random.below(begun.len() as u64) as usize].clone());
            match (random.below(9), any) {
                (0 | 1, _) | (_, None) => {
                    let method = (random.below(2) == 0).then(|| wallet[random.below(4) as usize]);
                    let new = NewPayment { method, ..NewPayment::new(usd(1 + random.below(20_000) as i64), None) };
                    let key = Uuid::new_v4();
                    if let Ok(view) = anna.portal.pay(anna.patient(), &new, key).await {
                        begun.push((new, key, view));
                    }
                }
                // The page's button again, with its key.
                (2, Some((new, key, view))) => {
                    let again = anna.portal.pay(anna.patient(), &new, key).await.unwrap();
                    assert_eq!(again.id, view.id, "PAY_SEED={seed}");
                }
                (3 | 4, Some((.., view))) => at_gateway(&portal, &view, CARDS[random.below(5) as usize]).await,
                (5, Some((.., view))) => {
                    let forged = random.below(3) == 0;
                    tell(&portal, &view, forged).await;
                    tell(&portal, &view, forged).await;
                }
                (6, Some((.., view))) => drop(anna.portal.check_payment(anna.patient(), view.id).await.unwrap()),
                (7, Some((.., view))) => {
                    let refund = NewRefund { amount: usd(1 + random.below(8_000) as i64), reason: "Given back".into() };
                    let key = Uuid::new_v4();
                    let _ = staff.portal.refund_payment(anna.patient(), view.id, &refund, key).await;
                    let _ = staff.portal.refund_payment(anna.patient(), view.id, &refund, key).await;
                }
                (_, Some((.., view))) if random.below(4) == 0 => {
                    anna.portal.cancel_payment(anna.patient(), view.id).await.unwrap();
                }
                _ => {
                    portal.clock.advance(TimeDelta::seconds(2));
                    billing::settle_due(&portal.app).await.unwrap();
                }
            }
            let held = ledger_balances_hold(&portal).await[&anna.patient()];
            assert!(held >= 0, "PAY_SEED={seed}: more was paid than is owed");
        }
        // Messages that were never sent, and a portal that was away: it asks by itself.
        portal.clock.advance(TimeDelta::minutes(2));
        billing::settle_due(&portal.app).await.unwrap();
        let sandbox = portal.app.sandbox.clone().unwrap();
        let (mut paid, mut refunded) = (0, 0);
        for (new, _, view) in &begun {
            let view = anna.portal.payment(anna.patient(), view.id).await.unwrap();
            let standing = sandbox.look(view.id.to_string()).await.unwrap();
            let is_paid = matches!(standing, Standing::Paid { .. });
            assert_eq!(is_paid, view.state == PaymentState::Succeeded, "PAY_SEED={seed}: {standing:?} {view:?}");
            paid += if is_paid { new.amount.amount } else { 0 };
            refunded += view.refunded.amount;
        }
        let balance = ledger_balances_hold(&portal).await[&anna.patient()];
        assert_eq!(balance, owed - paid + refunded, "PAY_SEED={seed}");
    }
}

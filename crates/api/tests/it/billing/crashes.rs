//! Payments by a page or a kept card, refunds and messages in any order, several at once, while the server is killed in the middle of them (SIGKILL)
//! and comes back: no payment is lost, none is charged or written down twice, and the ledger sums to zero.
//!
//! A failure prints its seed: `PAY_SEED=7 cargo nextest run -p portal-api --test it billing::crashes` draws the same acts.
//! `PAY_STEPS=2000` makes a night of it.

use std::{
    collections::{BTreeMap, HashSet},
    net::{SocketAddr, TcpListener},
    time::Duration,
};

use chrono::TimeDelta;
use futures_util::future::{join, join_all};
use portal_api::{features::billing, platform::clock::Clock};
use portal_client::{Error, Portal};
use portal_domain::{
    access::Role,
    accounts::SignIn,
    billing::{NewPayment, NewRefund, PaymentState, PaymentView},
    ids::{PatientId, PaymentId, PaymentMethodId},
    problem::Code,
};
use serde_json::json;
use uuid::Uuid;

use super::{
    ledger_balances_hold, owing,
    random::{Random, seed},
    stripe::{
        by_stripe, cards, carry,
        front::{ASKING, DECLINED, Front, GOOD, Message, Pays, SECRET, message},
        reference,
    },
    usd,
};
use crate::{
    crash::Server,
    harness::{
        on_both,
        people::{PASSWORD, Person},
        portal::{TestPortal, local},
    },
};

/// What each patient owes at first.
const OWED: i64 = 1_000_000;
const HOW: [Pays; 5] = [GOOD, GOOD, ASKING, DECLINED, Pays::Bank];

/// A payment that somebody began, or tried to.
struct Tried {
    who: usize,
    new: NewPayment,
    key: Uuid,
    told: Option<PaymentView>,
}

/// A refund that staff asked for, or tried to.
#[derive(Clone)]
struct Refund {
    who: usize,
    payment: PaymentId,
    new: NewRefund,
    key: Uuid,
}

/// One thing that happens.
enum Act {
    Pay(usize),
    AtStripe(String, Pays),
    Carry(Message),
    Forge(Message),
    Look { who: usize, payment: PaymentId },
    LookAtAnothers { who: usize, payment: PaymentId },
    GiveUp { who: usize, payment: PaymentId },
    Refund(Refund),
}

/// A server that is killed, and those who use it.
struct World<'t> {
    portal: &'t TestPortal,
    stripe: &'t mut Front,
    address: SocketAddr,
    people: Vec<(Portal, PatientId)>,
    /// Their kept cards.
    cards: Vec<PaymentMethodId>,
    staff: Portal,
    tried: Vec<Tried>,
    refunds: Vec<Refund>,
    messages: Vec<Message>,
    seed: u64,
}

async fn signed_in(base: &str, person: &Person) -> Portal {
    let portal = Portal::at(base);
    let sign_in = SignIn { username: person.session.username.clone(), password: PASSWORD.into() };
    portal.sign_in(&sign_in).await.unwrap();
    portal
}

impl World<'_> {
    fn start(&self) -> Server {
        let head = self.portal.app.settings.data_dir.join("head-of-the-killed.json");
        let url = &self.portal.app.settings.database_url;
        let stripe = [
            ("PORTAL_GATEWAY", "stripe"),
            ("PORTAL_STRIPE_KEY", "sk_test_of_the_tests"),
            ("PORTAL_STRIPE_WEBHOOK_SECRET", SECRET),
            ("PORTAL_STRIPE_URL", &self.stripe.base),
        ];
        Server::start(url, &head, self.address, &stripe)
    }

    /// What happens next, by the dice.
    fn draw(&mut self, dice: &mut Random) -> Act {
        let told: Vec<&Tried> = self.tried.iter().filter(|tried| tried.told.is_some()).collect();
        let any = (!told.is_empty()).then(|| told[dice.below(told.len() as u64) as usize]);
        let Some((tried, view)) = any.and_then(|tried| Some((tried, tried.told.clone()?))) else {
            return self.new_payment(dice);
        };
        let (who, payment) = (tried.who, view.id);
        match dice.below(13) {
            0..=2 => self.new_payment(dice),
            // The button again, with its key.
            3 => Act::Pay(dice.below(self.tried.len() as u64) as usize),
            4..=6 if view.pay_at.is_some() => {
                Act::AtStripe(reference(&view).into(), HOW[dice.below(HOW.len() as u64) as usize])
            }
            7 if !self.messages.is_empty() => {
                let at = dice.below(self.messages.len() as u64) as usize;
                Act::Carry(self.messages[at].clone())
            }
            8 if view.pay_at.is_some() => {
                let now = Clock::System.now().utc().timestamp();
                let (secret, ago) = if dice.below(2) == 0 { ("whsec_of_another", 0) } else { (SECRET, 400) };
                let object = json!({ "id": reference(&view), "payment_status": "paid" });
                Act::Forge(message(secret, now - ago, "checkout.session.completed", object))
            }
            9 => Act::LookAtAnothers { who: 1 - who, payment },
            10 if dice.below(2) == 0 => Act::GiveUp { who, payment },
            11 if !self.refunds.is_empty() && dice.below(2) == 0 => {
                Act::Refund(self.refunds[dice.below(self.refunds.len() as u64) as usize].clone())
            }
            11 | 12 => {
                let new =
                    NewRefund { amount: usd(1 + dice.below(6_000) as i64), reason: "Given back".into() };
                let refund = Refund { who, payment, new, key: Uuid::new_v4() };
                self.refunds.push(refund.clone());
                Act::Refund(refund)
            }
            _ => Act::Look { who, payment },
        }
    }

    fn new_payment(&mut self, dice: &mut Random) -> Act {
        let who = dice.below(2) as usize;
        // Every third one by a kept card, without a page.
        let method = (dice.below(3) == 0).then(|| self.cards[who]);
        let new = NewPayment { method, ..NewPayment::new(usd(50 + dice.below(20_000) as i64), None) };
        self.tried.push(Tried { who, new, key: Uuid::new_v4(), told: None });
        Act::Pay(self.tried.len() - 1)
    }

    /// Does it; answers what was told of a payment that was begun. An answer may be missing, or say that somebody is busy.
    async fn act(&self, act: Act) -> Option<(usize, PaymentView)> {
        let seed = self.seed;
        let fine = |answer: portal_client::Result<PaymentView>, refusals: &[Code]| match answer {
            Ok(view) => Some(view),
            Err(Error::Network(_)) => None,
            Err(Error::Problem(problem)) => {
                let known = problem.code == Code::Unavailable || refusals.contains(&problem.code);
                assert!(known, "PAY_SEED={seed}: {problem:?}");
                None
            }
            Err(other) => panic!("PAY_SEED={seed}: {other}"),
        };
        match act {
            Act::Pay(at) => {
                let Tried { who, new, key, told } = &self.tried[at];
                let (portal, patient) = &self.people[*who];
                let view = fine(portal.pay(*patient, new, *key).await, &[])?;
                let known = told.as_ref().map_or(view.id, |told| told.id);
                assert_eq!(view.id, known, "PAY_SEED={seed}: one key, two payments");
                return Some((at, view));
            }
            Act::AtStripe(reference, how) => drop(self.stripe.pay(&reference, how).await),
            Act::Carry(message) => {
                let answers = join_all((0..2).map(|_| self.carried(&message))).await;
                assert!(answers.into_iter().flatten().all(|status| status != 403), "PAY_SEED={seed}");
            }
            Act::Forge(message) => {
                let answer = self.carried(&message).await;
                assert!(
                    answer.is_none_or(|status| status == 403 || status == 503),
                    "PAY_SEED={seed}: {answer:?}"
                );
            }
            Act::Look { who, payment } => {
                let (portal, patient) = &self.people[who];
                fine(portal.check_payment(*patient, payment).await, &[]);
            }
            Act::LookAtAnothers { who, payment } => {
                let (portal, patient) = &self.people[who];
                let own = fine(portal.check_payment(*patient, payment).await, &[Code::NotFound]);
                let theirs = self.people[1 - who].1;
                let other = fine(portal.check_payment(theirs, payment).await, &[Code::NotFound]);
                assert!(own.is_none() && other.is_none(), "PAY_SEED={seed}: another's payment");
            }
            Act::GiveUp { who, payment } => {
                let (portal, patient) = &self.people[who];
                fine(portal.cancel_payment(*patient, payment).await, &[]);
            }
            Act::Refund(Refund { who, payment, new, key }) => {
                let patient = self.people[who].1;
                let refusals = [Code::WrongState, Code::Invalid];
                fine(self.staff.refund_payment(patient, payment, &new, key).await, &refusals);
            }
        }
        None
    }

    async fn carried(&self, message: &Message) -> Option<u16> {
        carry(&local(self.address), message).await
    }

    /// Some acts at once; now and then the server dies in the middle of them and is started again.
    async fn step(&mut self, server: &mut Server, dice: &mut Random) {
        let acts: Vec<Act> = (0..1 + dice.below(3)).map(|_| self.draw(dice)).collect();
        let dies = (dice.below(4) == 0).then(|| Duration::from_micros(dice.below(30_000)));
        let all = join_all(acts.into_iter().map(|act| self.act(act)));
        let killer = async {
            if let Some(after) = dies {
                tokio::time::sleep(after).await;
                server.kill();
            }
        };
        let (told, ()) = join(all, killer).await;
        for (at, view) in told.into_iter().flatten() {
            self.tried[at].told = Some(view);
        }
        let arrived = self.stripe.messages();
        self.messages.extend(arrived);
        if dies.is_some() {
            *server = self.start();
        }
    }

    /// Everything that Stripe has is in the ledger once, and nothing else.
    async fn compare(&self, people: &[Person; 2]) {
        let seed = self.seed;
        // The key tells which payment it was, even when no answer ever came. What never arrived is begun here, and paid where
        // a kept card pays.
        let mut views = vec![];
        for Tried { who, new, key, .. } in &self.tried {
            let person = &people[*who];
            views.push((*who, new, person.portal.pay(person.patient(), new, *key).await.unwrap()));
        }
        let sessions = self.stripe.sessions().await;
        let distinct: HashSet<&str> = sessions.iter().map(|session| session.payment()).collect();
        assert_eq!(distinct.len(), sessions.len(), "PAY_SEED={seed}: one payment was begun twice at Stripe");
        let mut taken: BTreeMap<Uuid, (i64, i64)> = BTreeMap::new();
        for session in &sessions {
            taken.insert(session.payment().parse().unwrap(), self.stripe.taken(session).await);
        }
        for (payment, amount, back) in self.stripe.charges().await {
            let earlier = taken.insert(payment.parse().unwrap(), (amount, back));
            assert_eq!(earlier, None, "PAY_SEED={seed}: a kept card was charged twice");
        }
        let owed = ledger_balances_hold(self.portal).await;
        let mut paid = 0;
        for (who, person) in people.iter().enumerate() {
            let (mut balance, patient) = (OWED, person.patient());
            for (_, new, view) in views.iter().filter(|(of, ..)| *of == who) {
                let (amount, back) = taken.remove(&view.id.0).unwrap_or_default();
                let settled = (view.state == PaymentState::Succeeded, view.refunded.amount);
                assert_eq!(settled, (amount > 0, back), "PAY_SEED={seed}: {view:?}, and Stripe has {amount}");
                assert!(amount == 0 || amount == new.amount.amount, "PAY_SEED={seed}");
                balance += back - amount;
                paid += amount;
            }
            assert_eq!(owed[&patient], balance, "PAY_SEED={seed}");
        }
        assert!(
            taken.values().all(|(amount, _)| *amount == 0),
            "PAY_SEED={seed}: Stripe took what nobody began"
        );
        assert!(paid > 0, "PAY_SEED={seed}: nobody paid anything");
    }
}

fn steps() -> u64 {
    std::env::var("PAY_STEPS").map_or(60, |steps| steps.parse().unwrap())
}

on_both! {
    async fn whoever_dies_and_whatever_comes_late_each_payment_counts_once(portal) {
        let Some((portal, mut stripe)) = by_stripe(&portal).await else { return };
        let seed = seed();
        println!("PAY_SEED={seed}");
        let mut dice = Random(seed);
        let people = [owing(&portal, OWED).await, owing(&portal, OWED).await];
        let staff = portal.staff(Role::Billing).await;
        let mut cards = vec![];
        for person in &people {
            cards.push(cards::kept(&stripe, person, "4242424242424242").await.id);
        }
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut world = World {
            portal: &portal,
            stripe: &mut stripe,
            address,
            staff: Portal::at(""),
            people: vec![],
            cards,
            tried: vec![],
            refunds: vec![],
            messages: vec![],
            seed,
        };
        let mut server = world.start();
        let base = local(address);
        world.staff = signed_in(&base, &staff).await;
        for person in &people {
            world.people.push((signed_in(&base, person).await, person.patient()));
        }
        for _ in 0..steps() {
            world.step(&mut server, &mut dice).await;
        }
        server.kill();
        // Nobody comes back. A portal that is left alone asks by itself, first about all, then it closes what is open.
        for later in [TimeDelta::minutes(2), TimeDelta::minutes(40)] {
            portal.clock.advance(Clock::System.now().since(portal.clock.now()) + later);
            billing::settle_due(&portal.app).await.unwrap();
        }
        portal.clock.advance(Clock::System.now().since(portal.clock.now()));
        world.compare(&people).await;
    }
}

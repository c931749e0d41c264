//! Payment plans: what was agreed is taken, each instalment once, never more than is owed (PAY-1, PAY-3).

use chrono::TimeDelta;
use futures_util::future::{join, join_all};
use portal_api::{features::billing, platform::gateway::sandbox::Card};
use portal_domain::{
    access::Role,
    billing::{
        BillingLine, DeskMethod, InstalmentState, NewDeskPayment, NewPlan, NewPlanCard, PauseReason,
        PaymentFailure, PaymentPlanView, PaymentState, PlanQuery, PlanState, RemoveMethodQuery, StopPlan,
        TransactionKind, due_days,
    },
    ids::{PatientId, PaymentMethodId},
    mail::ItemKind,
    problem::Code,
};
use uuid::Uuid;

use super::{
    begin, bills, charge, ledger_balances_hold,
    methods::{LATER, kept, kept_in, pay_by},
    owing, posted, usd,
};
use crate::{
    dependents::{full, given},
    harness::{on_both, people::Person, portal::TestPortal, refused},
};

/// Everybody's plans fall on this day of the month; the tests begin on October 5.
const DAY: u32 = 15;

fn new(portal: &TestPortal, cents: i64, instalments: i64, method: PaymentMethodId) -> NewPlan {
    let first = due_days(DAY, portal.clock.now().utc().date_naive()).next().unwrap();
    NewPlan { amount: usd(cents), instalments, day: DAY.into(), method, first_due: first, agreed: true }
}

/// Anna owes so much and agrees to pay it in so many instalments.
pub async fn agreed(
    portal: &TestPortal,
    anna: &Person,
    cents: i64,
    count: i64,
    card: Card,
) -> PaymentPlanView {
    let card = kept(portal, anna, card).await;
    let new = new(portal, cents, count, card.id);
    anna.portal.create_payment_plan(anna.patient(), &new, Uuid::new_v4()).await.unwrap()
}

/// So many days later the portal does what is due; Anna signs in again.
async fn after(portal: &TestPortal, anna: &Person, days: i64) -> Person {
    portal.clock.advance(TimeDelta::days(days));
    billing::charge_due(&portal.app).await.unwrap();
    portal.sign_in(&anna.session.username).await
}

async fn plan(person: &Person, of: PatientId) -> PaymentPlanView {
    person.portal.payment_plans(of).await.unwrap().remove(0)
}

fn states(plan: &PaymentPlanView) -> Vec<(InstalmentState, i64)> {
    plan.instalments.iter().map(|one| (one.state, one.takes.amount)).collect()
}

async fn owed(portal: &TestPortal, patient: PatientId) -> i64 {
    ledger_balances_hold(portal).await[&patient]
}

async fn told(person: &Person, kind: ItemKind) -> Vec<String> {
    let inbox = person.portal.inbox(person.patient(), &Default::default()).await.unwrap();
    inbox.items.into_iter().filter(|item| item.kind == kind).map(|item| item.title).collect()
}

use InstalmentState::{Dropped, Paid, Waiting};

on_both! {
    async fn a_plan_takes_what_was_agreed_month_by_month_and_is_over(portal) {
        let anna = owing(&portal, 10_001).await;
        let made = agreed(&portal, &anna, 10_001, 3, Card::Pays).await;
        let days: Vec<_> = made.instalments.iter().map(|one| one.due_on.to_string()).collect();
        assert_eq!(days, ["2026-10-15", "2026-11-15", "2026-12-15"]);
        assert_eq!(states(&made), [(Waiting, 3_333), (Waiting, 3_333), (Waiting, 3_335)]);
        assert!(made.is_own_card && made.card == "Visa ending in 4242");
        let anna = after(&portal, &anna, 6).await;
        assert!(told(&anna, ItemKind::InstalmentSoon).await.is_empty(), "four days before");
        let anna = after(&portal, &anna, 1).await;
        let anna = after(&portal, &anna, 0).await;
        assert_eq!(told(&anna, ItemKind::InstalmentSoon).await, ["$33.33"]);
        assert_eq!(owed(&portal, anna.patient()).await, 10_001);
        let anna = after(&portal, &anna, 3).await;
        assert_eq!(states(&plan(&anna, anna.patient()).await), [(Paid, 3_333), (Waiting, 3_333), (Waiting, 3_335)]);
        assert_eq!(told(&anna, ItemKind::PaymentReceived).await, ["$33.33"]);
        let anna = after(&portal, &anna, 30).await;
        assert_eq!(owed(&portal, anna.patient()).await, 6_668, "November 14");
        let anna = after(&portal, &anna, 1).await;
        let anna = after(&portal, &anna, 30).await;
        let done = plan(&anna, anna.patient()).await;
        assert_eq!((done.state, done.paid, done.left), (PlanState::Completed, usd(10_001), usd(0)));
        assert_eq!(owed(&portal, anna.patient()).await, 0);
        after(&portal, &anna, 31).await;
        assert_eq!(owed(&portal, anna.patient()).await, 0);
    }

    async fn servers_that_take_what_is_due_at_once_take_it_once(portal) {
        let people = join_all((0..4).map(|_| owing(&portal, 8_000))).await;
        for person in &people {
            agreed(&portal, person, 8_000, 2, Card::Pays).await;
        }
        let beside = portal.beside(|_| ()).await;
        for days in [10, 31] {
            portal.clock.advance(TimeDelta::days(days));
            let jobs = (0..4).flat_map(|_| [&portal.app, &beside.app]).map(billing::charge_due);
            let settling = (0..4).flat_map(|_| [&portal.app, &beside.app]).map(billing::settle_due);
            drop(join(join_all(jobs), join_all(settling)).await);
            // Whoever lost a race is done by the next round.
            billing::charge_due(&portal.app).await.unwrap();
        }
        for person in &people {
            let person = portal.sign_in(&person.session.username).await;
            assert_eq!(owed(&portal, person.patient()).await, 0);
            assert_eq!(states(&plan(&person, person.patient()).await), [(Paid, 4_000), (Paid, 4_000)]);
            assert_eq!(told(&person, ItemKind::PaymentReceived).await.len(), 2);
        }
    }

    async fn paying_by_hand_at_the_same_moment_never_takes_more_than_is_owed(portal) {
        let anna = owing(&portal, 8_000).await;
        agreed(&portal, &anna, 8_000, 2, Card::Pays).await;
        portal.clock.advance(TimeDelta::days(10));
        let anna = portal.sign_in(&anna.session.username).await;
        let card = anna.portal.payment_methods(anna.patient()).await.unwrap()[0].id;
        let by_hand = (0..6).map(|_| pay_by(&anna, anna.patient(), 8_000, card));
        let next = (0..6).map(|_| {
            let id = async { plan(&anna, anna.patient()).await.id };
            async { anna.portal.pay_next_instalment(anna.patient(), id.await, Uuid::new_v4()).await }
        });
        let jobs = (0..6).map(|_| billing::charge_due(&portal.app));
        drop(join(join(join_all(by_hand), join_all(next)), join_all(jobs)).await);
        for days in [0, 31] {
            portal.clock.advance(TimeDelta::days(days) + TimeDelta::minutes(2));
            billing::settle_due(&portal.app).await.unwrap();
            billing::charge_due(&portal.app).await.unwrap();
        }
        assert_eq!(owed(&portal, anna.patient()).await, 0);
        let anna = portal.sign_in(&anna.session.username).await;
        assert_eq!(plan(&anna, anna.patient()).await.state, PlanState::Completed);
    }

    async fn an_instalment_waits_for_what_is_being_paid_by_hand(portal) {
        let anna = owing(&portal, 8_000).await;
        agreed(&portal, &anna, 8_000, 2, Card::Pays).await;
        portal.clock.advance(TimeDelta::days(10));
        let anna = portal.sign_in(&anna.session.username).await;
        let by_hand = begin(&anna, 6_000, None).await.unwrap();
        billing::charge_due(&portal.app).await.unwrap();
        assert_eq!(bills(&anna).await.held, usd(6_000));
        anna.portal.cancel_payment(anna.patient(), by_hand.id).await.unwrap();
        billing::charge_due(&portal.app).await.unwrap();
        assert_eq!(owed(&portal, anna.patient()).await, 4_000);
    }

    async fn a_declined_instalment_is_tried_twice_more_then_the_plan_waits_for_another_card(portal) {
        let anna = owing(&portal, 9_000).await;
        let made = agreed(&portal, &anna, 9_000, 3, Card::DeclinedLater).await;
        let staff = portal.staff(Role::Billing).await;
        let mut anna = after(&portal, &anna, 10).await;
        let mut tries = vec![];
        for _ in 0..9 {
            let view = plan(&anna, anna.patient()).await;
            let first = &view.instalments[0];
            assert_eq!((first.state, first.failure), (Waiting, Some(PaymentFailure::Declined)));
            tries.push(first.next_try_on.map(|on| on.to_string()));
            anna = after(&portal, &anna, 1).await;
        }
        tries.dedup();
        assert_eq!(tries, [Some("2026-10-18".into()), Some("2026-10-22".into()), None]);
        assert_eq!(told(&anna, ItemKind::InstalmentDeclined).await, ["$30.00", "$30.00"]);
        assert_eq!(told(&anna, ItemKind::PlanPaused).await.len(), 1);
        let staff = portal.sign_in(&staff.session.username).await;
        let paused = PlanQuery { state: Some(PlanState::Paused), ..Default::default() };
        let seen = staff.portal.practice_payment_plans(&paused).await.unwrap().items;
        assert_eq!((seen.len(), seen[0].patient.id, seen[0].plan.pause), (1, anna.patient(), Some(PauseReason::Declined)));
        // Two months later: what was missed at once, and the rest one a month.
        let anna = after(&portal, &anna, 60).await;
        assert_eq!(owed(&portal, anna.patient()).await, 9_000, "a paused plan takes nothing");
        let card = kept(&portal, &anna, Card::Pays).await;
        let change = NewPlanCard { method: card.id };
        let going = anna.portal.change_plan_card(anna.patient(), made.id, change, Uuid::new_v4()).await.unwrap();
        assert_eq!((going.state, going.pause, going.card.as_str()), (PlanState::Running, None, "Visa ending in 4242"));
        let anna = after(&portal, &anna, 0).await;
        let anna = after(&portal, &anna, 0).await;
        let going = plan(&anna, anna.patient()).await;
        assert_eq!(states(&going), [(Paid, 3_000), (Waiting, 3_000), (Waiting, 3_000)]);
        let days: Vec<_> = going.instalments.iter().map(|one| one.due_on.to_string()).collect();
        assert_eq!(days[1..], ["2027-01-15", "2027-02-15"]);
    }

    async fn a_bank_that_asks_is_answered_by_whoever_pays_now(portal) {
        let anna = owing(&portal, 8_000).await;
        let made = agreed(&portal, &anna, 8_000, 2, Card::Asks).await;
        let anna = after(&portal, &anna, 10).await;
        let view = plan(&anna, anna.patient()).await;
        assert_eq!(view.instalments[0].failure, Some(PaymentFailure::ConfirmationNeeded));
        assert_eq!(owed(&portal, anna.patient()).await, 8_000);
        let key = Uuid::new_v4();
        let payment = anna.portal.pay_next_instalment(anna.patient(), made.id, key).await.unwrap();
        assert!(payment.pay_at.is_some() && payment.state == PaymentState::Pending);
        assert_eq!(anna.portal.pay_next_instalment(anna.patient(), made.id, key).await.unwrap().id, payment.id);
        let again = refused(anna.portal.pay_next_instalment(anna.patient(), made.id, Uuid::new_v4()).await);
        assert_eq!(again.code, Code::WrongState);
        let sandbox = portal.app.sandbox.clone().unwrap();
        sandbox.keep(&payment.id.to_string(), Card::Pays, LATER).await.unwrap();
        anna.portal.check_payment(anna.patient(), payment.id).await.unwrap();
        assert_eq!(states(&plan(&anna, anna.patient()).await), [(Paid, 4_000), (Waiting, 4_000)]);
        // Given up on the bank's page it waits as before, and no try is counted.
        let payment = anna.portal.pay_next_instalment(anna.patient(), made.id, Uuid::new_v4()).await.unwrap();
        anna.portal.cancel_payment(anna.patient(), payment.id).await.unwrap();
        let view = plan(&anna, anna.patient()).await;
        assert_eq!((states(&view)[1], view.instalments[1].next_try_on), ((Waiting, 4_000), None));
    }

    async fn what_lowers_the_balance_shortens_the_plan_and_may_end_it(portal) {
        let anna = owing(&portal, 9_000).await;
        agreed(&portal, &anna, 9_000, 3, Card::Pays).await;
        let staff = portal.staff(Role::Billing).await;
        let cash = |cents| NewDeskPayment { amount: usd(cents), method: DeskMethod::Cash, check_number: String::new() };
        staff.portal.take_payment(anna.patient(), &cash(4_500), Uuid::new_v4()).await.unwrap();
        let view = plan(&anna, anna.patient()).await;
        assert_eq!((states(&view), view.left), (vec![(Waiting, 3_000), (Waiting, 1_500), (Waiting, 0)], usd(4_500)));
        let anna = after(&portal, &anna, 10).await;
        assert_eq!(owed(&portal, anna.patient()).await, 1_500);
        let anna = after(&portal, &anna, 31).await;
        let over = plan(&anna, anna.patient()).await;
        assert_eq!((over.state, states(&over)), (PlanState::Completed, vec![(Paid, 3_000), (Paid, 1_500), (Dropped, 0)]));
        // A plan whose balance is paid at the desk is over at once; what is billed later is no part of it.
        let berta = owing(&portal, 8_000).await;
        agreed(&portal, &berta, 8_000, 2, Card::Pays).await;
        let staff = portal.sign_in(&staff.session.username).await;
        staff.portal.take_payment(berta.patient(), &cash(8_000), Uuid::new_v4()).await.unwrap();
        assert_eq!(plan(&berta, berta.patient()).await.state, PlanState::Completed);
        posted(&portal, vec![charge(&portal.mrn(berta.patient()), 5_000)]).await;
        after(&portal, &berta, 60).await;
        assert_eq!(owed(&portal, berta.patient()).await, 5_000);
    }

    async fn a_correction_that_takes_off_first_and_charges_anew_ends_no_plan(portal) {
        let anna = owing(&portal, 9_000).await;
        agreed(&portal, &anna, 9_000, 3, Card::Pays).await;
        let mrn = portal.mrn(anna.patient());
        let off = BillingLine { kind: TransactionKind::Adjustment, ..charge(&mrn, 9_000) };
        posted(&portal, vec![off, charge(&mrn, 6_000)]).await;
        let view = plan(&anna, anna.patient()).await;
        assert_eq!((view.state, view.left), (PlanState::Running, usd(6_000)));
        // What takes off everything, and nothing with it, does.
        let off = BillingLine { kind: TransactionKind::Adjustment, ..charge(&mrn, 6_000) };
        posted(&portal, vec![off]).await;
        let view = plan(&anna, anna.patient()).await;
        assert_eq!((view.state, view.pause), (PlanState::Completed, None));
    }

    async fn a_card_in_use_says_so_before_it_goes_and_its_plan_waits(portal) {
        let anna = owing(&portal, 8_000).await;
        let made = agreed(&portal, &anna, 8_000, 2, Card::Pays).await;
        let card = anna.portal.payment_methods(anna.patient()).await.unwrap().remove(0);
        assert!(card.in_plan);
        let remove = async |pause_plans| {
            anna.portal.remove_payment_method(anna.patient(), card.id, RemoveMethodQuery { pause_plans }).await
        };
        assert_eq!(refused(remove(false).await).code, Code::CardInUse);
        remove(true).await.unwrap();
        let view = plan(&anna, anna.patient()).await;
        assert_eq!((view.state, view.pause, view.card.as_str()), (PlanState::Paused, Some(PauseReason::CardRemoved), ""));
        let anna = after(&portal, &anna, 10).await;
        assert_eq!(owed(&portal, anna.patient()).await, 8_000);
        let card = kept(&portal, &anna, Card::Pays).await;
        anna.portal.change_plan_card(anna.patient(), made.id, NewPlanCard { method: card.id }, Uuid::new_v4()).await.unwrap();
        let anna = after(&portal, &anna, 0).await;
        assert_eq!(owed(&portal, anna.patient()).await, 4_000);
        // An ended plan needs no card.
        anna.portal.end_payment_plan(anna.patient(), made.id, Uuid::new_v4()).await.unwrap();
        anna.portal.remove_payment_method(anna.patient(), card.id, RemoveMethodQuery::default()).await.unwrap();
    }

    async fn the_card_of_a_revoked_proxy_pays_no_more(portal) {
        let (anna, berta) = (owing(&portal, 8_000).await, portal.patient("Berta").await);
        let grant = given(&anna, &berta, full()).await.id;
        let card = kept_in(&portal, &berta, anna.patient(), Card::Pays).await;
        let made = berta.portal.create_payment_plan(anna.patient(), &new(&portal, 8_000, 2, card.id), Uuid::new_v4()).await.unwrap();
        assert!(made.is_own_card && !plan(&anna, anna.patient()).await.is_own_card);
        // Anna has no leave to use Berta's card herself.
        assert_eq!(refused(anna.portal.pay_next_instalment(anna.patient(), made.id, Uuid::new_v4()).await).code, Code::NotFound);
        let anna = after(&portal, &anna, 10).await;
        assert_eq!(owed(&portal, anna.patient()).await, 4_000);
        anna.portal.revoke_proxy(anna.patient(), grant).await.unwrap();
        let anna = after(&portal, &anna, 31).await;
        assert_eq!(owed(&portal, anna.patient()).await, 4_000);
        let view = plan(&anna, anna.patient()).await;
        assert_eq!((view.state, view.pause), (PlanState::Paused, Some(PauseReason::NotAllowed)));
        let berta = portal.sign_in(&berta.session.username).await;
        assert_eq!(refused(berta.portal.payment_plans(anna.patient()).await).code, Code::NotFound);
        assert_eq!(refused(berta.portal.end_payment_plan(anna.patient(), made.id, Uuid::new_v4()).await).code, Code::NotFound);
        assert_eq!(refused(berta.portal.end_payment_plan(berta.patient(), made.id, Uuid::new_v4()).await).code, Code::NotFound);
        // She may always take her card away.
        let pause = RemoveMethodQuery { pause_plans: true };
        berta.portal.remove_payment_method(berta.patient(), card.id, pause).await.unwrap();
    }

    async fn a_card_that_runs_out_is_told_and_a_plan_is_ended_by_either_side(portal) {
        let anna = owing(&portal, 8_000).await;
        let asked = anna.portal.add_payment_method(anna.patient(), Uuid::new_v4()).await.unwrap();
        portal.app.sandbox.clone().unwrap().keep(&asked.id.to_string(), Card::Pays, (10, 2026)).await.unwrap();
        let card = anna.portal.check_payment_method(anna.patient(), asked.id).await.unwrap();
        let terms = new(&portal, 8_000, 2, card.id);
        let made = anna.portal.create_payment_plan(anna.patient(), &terms, Uuid::new_v4()).await.unwrap();
        let second = refused(anna.portal.create_payment_plan(anna.patient(), &terms, Uuid::new_v4()).await);
        assert_eq!(second.code, Code::WrongState);
        let anna = after(&portal, &anna, 10).await;
        let anna = after(&portal, &anna, 31).await;
        let view = plan(&anna, anna.patient()).await;
        assert_eq!((owed(&portal, anna.patient()).await, view.instalments[1].failure), (4_000, Some(PaymentFailure::CardExpired)));
        let staff = portal.staff(Role::Billing).await;
        let why = StopPlan { reason: "Billed anew".into() };
        let stopped = staff.portal.stop_payment_plan(anna.patient(), made.id, &why, Uuid::new_v4()).await.unwrap();
        assert_eq!((stopped.state, stopped.end_reason.as_str()), (PlanState::Ended, "Billed anew"));
        assert_eq!((states(&stopped)[1], told(&anna, ItemKind::PlanEnded).await.len()), ((Dropped, 0), 1));
        let over = refused(anna.portal.end_payment_plan(anna.patient(), made.id, Uuid::new_v4()).await);
        assert_eq!(over.code, Code::WrongState);
        after(&portal, &anna, 60).await;
        assert_eq!(owed(&portal, anna.patient()).await, 4_000);
    }

    async fn a_plan_is_of_what_is_payable_as_it_was_shown_and_with_a_card_that_can_pay(portal) {
        let (anna, berta) = (owing(&portal, 8_000).await, owing(&portal, 8_000).await);
        let (card, hers) = (kept(&portal, &anna, Card::Pays).await.id, kept(&portal, &berta, Card::Pays).await.id);
        let ask = async |terms: NewPlan| refused(anna.portal.create_payment_plan(anna.patient(), &terms, Uuid::new_v4()).await);
        let terms = new(&portal, 8_000, 2, card);
        for (terms, field, code) in [
            (NewPlan { amount: usd(8_001), ..terms }, "amount", "over_payment"),
            (NewPlan { instalments: 5, ..terms }, "instalments", "below_least"),
            (NewPlan { instalments: 13, ..terms }, "instalments", "out_of_range"),
            (NewPlan { day: 32, ..terms }, "day", "out_of_range"),
            (NewPlan { agreed: false, ..terms }, "agreed", "required"),
            (NewPlan { day: 16, ..terms }, "first_due", "schedule_changed"),
        ] {
            let refusal = ask(terms).await;
            assert_eq!((refusal.errors[0].field.as_str(), refusal.errors[0].code.as_str()), (field, code));
        }
        assert_eq!(ask(NewPlan { method: hers, ..terms }).await.code, Code::NotFound);
        let begun = begin(&anna, 1_000, None).await.unwrap();
        assert_eq!(ask(terms).await.errors[0].code, "over_payment", "{begun:?} is held");
    }
}

//! PAY-4: what is questioned of a bill opens a thread with the billing team, and stays open until staff decide.

use chrono::TimeDelta;
use futures_util::future::join_all;
use portal_domain::{
    access::{Category, Depth, Role},
    billing::{
        BillingLine, DeskMethod, DisputeAbout, DisputeDecision, DisputeOutcome, DisputeQuery, DisputeReason,
        DisputeState, DisputeSubject, DisputeView, NewDeskPayment, NewDispute, NewVoid, TransactionKind,
    },
    ids::{DisputeId, LedgerTransactionId, PatientId},
    mail::{ItemKind, Sent},
    messages::{DraftText, QueueFolder, Side, TeamCategory, Topic, TopicKind},
    problem::Code,
    restricted::{NewRestrictedRecord, RestrictedReason},
    sensitivity::{SensitiveKind, SensitivityChange},
};
use uuid::Uuid;

use super::{PAYS, at_gateway, begin, bills, charge, owing, posted, usd};
use crate::{
    dependents::{full, given, limited},
    harness::{on_both, people::Person, portal::TestPortal, refused},
    messages::{queue, search, team, text, words, write},
};

fn about(kind: DisputeSubject, id: Uuid) -> NewDispute {
    NewDispute {
        about: DisputeAbout { kind, id },
        reason: DisputeReason::NotMine,
        text: "I was not there that day.".into(),
    }
}

fn decision(outcome: DisputeOutcome) -> DisputeDecision {
    DisputeDecision { outcome, answer: "We looked at it.".into() }
}

async fn line_of(person: &Person) -> Uuid {
    let lines = person.portal.billing_lines(person.patient(), &Default::default()).await.unwrap();
    lines.items.iter().find(|line| line.kind == TransactionKind::Charge).unwrap().id.0
}

async fn question(by: &Person, of: PatientId, new: &NewDispute) -> portal_client::Result<DisputeView> {
    by.portal.dispute(of, new, Uuid::new_v4()).await
}

async fn decide(
    by: &Person,
    of: &Person,
    id: DisputeId,
    decision: &DisputeDecision,
) -> portal_client::Result<DisputeView> {
    by.portal.decide_dispute(of.patient(), id, decision, Uuid::new_v4()).await
}

async fn open_ones(of: &Person) -> Vec<DisputeView> {
    let query = DisputeQuery { state: Some(DisputeState::Open), ..Default::default() };
    of.portal.disputes(of.patient(), &query).await.unwrap().items
}

async fn waiting(staff: &Person) -> Vec<DisputeView> {
    staff.portal.dispute_queue(&Default::default()).await.unwrap().items
}

/// Anna, who owes 50 dollars, and the biller whose team answers.
async fn practice(portal: &TestPortal) -> (Person, Person) {
    let (anna, biller) = (owing(portal, 5_000).await, portal.staff(Role::Billing).await);
    team(portal, TeamCategory::Billing, &[&biller]).await;
    (anna, biller)
}

async fn sent_threads(reader: &Person, of: &Person) -> usize {
    let sent = reader.portal.sent_items(of.patient(), &Default::default()).await.unwrap();
    sent.items.iter().filter(|item| matches!(item.what, Sent::Message(_))).count()
}

on_both! {
    async fn a_line_is_questioned_talked_over_and_decided(portal) {
        let (anna, biller) = practice(&portal).await;
        let (patient, line) = (anna.patient(), line_of(&anna).await);
        let opened = question(&anna, patient, &about(DisputeSubject::Line, line)).await.unwrap();
        assert_eq!((opened.state, opened.outcome, opened.is_overdue), (DisputeState::Open, None, false));
        assert_eq!((opened.disputed.line, opened.disputed.amount), (Some(TransactionKind::Charge), usd(5_000)));
        let thread = anna.portal.thread(patient, opened.thread_id).await.unwrap();
        assert_eq!(thread.topic, Some(Topic { kind: TopicKind::Dispute, id: opened.id.0 }));
        assert_eq!(thread.subject.as_deref(), Some("Question about $50.00 on the bill"));
        assert_eq!(thread.messages[0].text.as_deref(), Some("I was not there that day."));
        assert_eq!(open_ones(&anna).await.len(), 1);
        // What is questioned can still be paid.
        assert_eq!(bills(&anna).await.payable, usd(5_000));

        let seen = waiting(&biller).await;
        assert_eq!((seen.len(), seen[0].id, seen[0].owner.is_none()), (1, opened.id, true));
        assert_eq!(queue(&biller, QueueFolder::Waiting).await.items[0].thread_id, opened.thread_id);
        let declined = decision(DisputeOutcome::Declined);
        let unread = refused(decide(&biller, &anna, opened.id, &declined).await);
        assert_eq!(unread.code, Code::WrongState, "nobody has read what she wrote");
        let staff = biller.portal.open_thread(patient, opened.thread_id).await.unwrap();
        assert_eq!(staff.topic, thread.topic);
        biller.portal.claim_thread(patient, opened.thread_id).await.unwrap();
        assert_eq!(waiting(&biller).await[0].owner.as_ref().unwrap().id, biller.session.account_id);

        let key = Uuid::new_v4();
        for _ in 0..2 {
            let done = biller.portal.decide_dispute(patient, opened.id, &declined, key).await.unwrap();
            assert_eq!((done.state, done.outcome), (DisputeState::Resolved, Some(DisputeOutcome::Declined)));
            assert_eq!((done.answer.as_str(), done.closed_by.is_some()), ("We looked at it.", true));
        }
        assert_eq!(refused(decide(&biller, &anna, opened.id, &declined).await).code, Code::WrongState);
        assert!(waiting(&biller).await.is_empty() && open_ones(&anna).await.is_empty());
        let thread = anna.portal.thread(patient, opened.thread_id).await.unwrap();
        assert_eq!(thread.messages.iter().map(|message| message.side).collect::<Vec<_>>(), [Side::Patient, Side::Staff]);
        assert!(thread.can_reply && thread.unread);
        let inbox = anna.portal.inbox(patient, &Default::default()).await.unwrap();
        assert_eq!((inbox.items[0].kind, inbox.items[0].subject_id), (ItemKind::BillingMessage, opened.thread_id.0));
        assert_eq!(anna.portal.inbox(patient, &words("looked")).await.unwrap().items.len(), 1);
        assert_eq!(search(&biller, "question").await.items.len(), 1);
        // It may be questioned anew, and both stand in the list.
        question(&anna, patient, &about(DisputeSubject::Line, line)).await.unwrap();
        assert_eq!(anna.portal.disputes(patient, &Default::default()).await.unwrap().items.len(), 2);
    }

    async fn statements_and_payments_are_questioned_too_and_a_payment_is_its_line(portal) {
        let (anna, biller) = practice(&portal).await;
        let mrn = portal.mrn(anna.patient());
        posted(&portal, vec![BillingLine { statement: Some("S-7".into()), ..charge(&mrn, 2_000) }]).await;
        let statement = bills(&anna).await.statements[0].id;
        let opened = question(&anna, anna.patient(), &about(DisputeSubject::Statement, statement.0)).await.unwrap();
        assert_eq!((opened.disputed.amount, opened.disputed.number.as_str()), (usd(2_000), "S-7"));
        let payment = begin(&anna, 1_000, None).await.unwrap();
        at_gateway(&portal, &payment, PAYS).await;
        anna.portal.check_payment(anna.patient(), payment.id).await.unwrap();
        let opened = question(&anna, anna.patient(), &about(DisputeSubject::Line, payment.id.0)).await.unwrap();
        assert_eq!(opened.disputed.about, DisputeAbout { kind: DisputeSubject::Payment, id: payment.id.0 });
        let again = question(&anna, anna.patient(), &about(DisputeSubject::Payment, payment.id.0)).await;
        assert_eq!(refused(again).code, Code::AlreadyDisputed);
        // One that came to nothing: the bank may have taken it all the same.
        let given_up = begin(&anna, 500, None).await.unwrap();
        anna.portal.cancel_payment(anna.patient(), given_up.id).await.unwrap();
        let opened = question(&anna, anna.patient(), &about(DisputeSubject::Payment, given_up.id.0)).await.unwrap();
        assert_eq!((opened.disputed.amount, opened.disputed.date.to_string().as_str()), (usd(500), "2026-10-05"));
        assert_eq!(waiting(&biller).await.len(), 3);
        // A charge is no payment.
        let charge = about(DisputeSubject::Payment, line_of(&anna).await);
        assert_eq!(refused(question(&anna, anna.patient(), &charge).await).code, Code::NotFound);
    }

    async fn an_answer_may_say_what_the_ledger_says_and_nothing_else(portal) {
        let (anna, biller) = practice(&portal).await;
        let (patient, key) = (anna.patient(), Uuid::new_v4);
        let cash = NewDeskPayment { amount: usd(1_000), method: DeskMethod::Cash, check_number: String::new() };
        let before = biller.portal.take_payment(patient, &cash, key()).await.unwrap();
        let taken = biller.portal.take_payment(patient, &cash, key()).await.unwrap();
        let mistake = NewVoid { reason: "Typed twice".into() };
        let void = async |id: Uuid| biller.portal.void_payment(patient, LedgerTransactionId(id), &mistake, key()).await;
        void(before.id.0).await.unwrap();
        portal.clock.advance(TimeDelta::seconds(1));
        let opened = question(&anna, patient, &about(DisputeSubject::Payment, taken.id.0)).await.unwrap();
        biller.portal.open_thread(patient, opened.thread_id).await.unwrap();
        for outcome in [DisputeOutcome::Voided, DisputeOutcome::Adjusted, DisputeOutcome::Refunded, DisputeOutcome::WrittenOff] {
            let problem = refused(decide(&biller, &anna, opened.id, &decision(outcome)).await);
            assert_eq!(problem.errors[0].code, "not_in_ledger", "{outcome}: what came before does not count");
        }
        let withdrawn = refused(decide(&biller, &anna, opened.id, &decision(DisputeOutcome::Withdrawn)).await);
        assert_eq!(withdrawn.errors[0].field, "outcome");
        void(taken.id.0).await.unwrap();
        let done = decide(&biller, &anna, opened.id, &decision(DisputeOutcome::Voided)).await.unwrap();
        assert_eq!(done.outcome, Some(DisputeOutcome::Voided));
        assert_eq!(bills(&anna).await.balance, usd(5_000));
    }

    async fn what_is_taken_back_waits_for_nobody_and_is_not_decided(portal) {
        let (anna, biller) = practice(&portal).await;
        let opened = question(&anna, anna.patient(), &about(DisputeSubject::Line, line_of(&anna).await)).await.unwrap();
        let taken = anna.portal.withdraw_dispute(anna.patient(), opened.id, Uuid::new_v4()).await.unwrap();
        assert_eq!((taken.state, taken.outcome), (DisputeState::Resolved, Some(DisputeOutcome::Withdrawn)));
        assert!(waiting(&biller).await.is_empty() && queue(&biller, QueueFolder::Waiting).await.items.is_empty());
        assert_eq!(queue(&biller, QueueFolder::Open).await.items.len(), 1, "the conversation stays");
        let again = anna.portal.withdraw_dispute(anna.patient(), opened.id, Uuid::new_v4()).await;
        assert_eq!(refused(again).code, Code::WrongState);
        biller.portal.open_thread(anna.patient(), opened.thread_id).await.unwrap();
        let late = decide(&biller, &anna, opened.id, &decision(DisputeOutcome::Declined)).await;
        assert_eq!(refused(late).code, Code::WrongState);
    }

    async fn of_many_who_question_one_line_at_once_one_opens_a_thread(portal) {
        let (anna, biller) = practice(&portal).await;
        let bruno = portal.patient("Bruno").await;
        given(&anna, &bruno, full()).await;
        for _ in 0..3 {
            let new = about(DisputeSubject::Line, line_of(&anna).await);
            let patient = anna.patient();
            let tries = (0..20).map(|place| question(if place % 2 == 0 { &anna } else { &bruno }, patient, &new));
            let (won, lost): (Vec<_>, Vec<_>) = join_all(tries).await.into_iter().partition(Result::is_ok);
            assert_eq!(won.len(), 1);
            assert!(lost.into_iter().all(|answer| refused(answer).code == Code::AlreadyDisputed));
            let open = open_ones(&anna).await;
            assert_eq!((open.len(), queue(&biller, QueueFolder::Waiting).await.items.len()), (1, 1));
            anna.portal.withdraw_dispute(anna.patient(), open[0].id, Uuid::new_v4()).await.unwrap();
        }
    }

    async fn of_a_decision_and_a_withdrawal_at_once_one_counts(portal) {
        let (anna, biller) = practice(&portal).await;
        let new = about(DisputeSubject::Line, line_of(&anna).await);
        for _ in 0..10 {
            let opened = question(&anna, anna.patient(), &new).await.unwrap();
            biller.portal.open_thread(anna.patient(), opened.thread_id).await.unwrap();
            let declined = decision(DisputeOutcome::Declined);
            let (decided, taken) = tokio::join!(
                decide(&biller, &anna, opened.id, &declined),
                anna.portal.withdraw_dispute(anna.patient(), opened.id, Uuid::new_v4()),
            );
            assert_ne!(decided.is_ok(), taken.is_ok());
            let outcome = if decided.is_ok() { DisputeOutcome::Declined } else { DisputeOutcome::Withdrawn };
            let view = anna.portal.open_dispute(anna.patient(), opened.id).await.unwrap();
            assert_eq!(view.outcome, Some(outcome));
            let messages = anna.portal.thread(anna.patient(), opened.thread_id).await.unwrap().messages.len();
            assert_eq!(messages, if decided.is_ok() { 2 } else { 1 });
        }
    }

    async fn nobody_questions_or_sees_what_is_anothers(portal) {
        let (anna, biller) = practice(&portal).await;
        let berta = owing(&portal, 1_000).await;
        let (of_anna, of_berta) = (line_of(&anna).await, line_of(&berta).await);
        for id in [of_berta, Uuid::new_v4()] {
            for kind in DisputeSubject::ALL {
                let foreign = question(&anna, anna.patient(), &about(*kind, id)).await;
                assert_eq!(refused(foreign).code, Code::NotFound);
            }
        }
        let opened = question(&anna, anna.patient(), &about(DisputeSubject::Line, of_anna)).await.unwrap();
        for patient in [anna.patient(), berta.patient()] {
            assert_eq!(refused(berta.portal.open_dispute(patient, opened.id).await).code, Code::NotFound);
            assert_eq!(refused(berta.portal.withdraw_dispute(patient, opened.id, Uuid::new_v4()).await).code, Code::NotFound);
            assert_eq!(refused(berta.portal.thread(patient, opened.thread_id).await).code, Code::NotFound);
        }
        assert_eq!(refused(question(&berta, anna.patient(), &about(DisputeSubject::Line, of_anna)).await).code, Code::NotFound);
        let elsewhere = biller.portal.decide_dispute(berta.patient(), opened.id, &decision(DisputeOutcome::Declined), Uuid::new_v4()).await;
        assert_eq!(refused(elsewhere).code, Code::NotFound);
        // Whoever does not work in that queue does not answer there.
        let stranger = portal.staff(Role::Billing).await;
        let refusal = refused(decide(&stranger, &anna, opened.id, &decision(DisputeOutcome::Declined)).await);
        assert_eq!(refusal.code, Code::RoleRequired);
        // A conversation about a bill begins by questioning it.
        let team = anna.portal.team_choices(anna.patient()).await.unwrap()[0].id;
        let forged = DraftText { topic: Some(Topic { kind: TopicKind::Dispute, id: opened.id.0 }), ..text(team, "Bill", "Mine?") };
        let refusal = refused(anna.portal.begin_draft(anna.patient(), &forged, Uuid::new_v4()).await);
        assert_eq!(refusal.errors[0].field, "topic");
    }

    async fn without_an_open_billing_team_people_are_asked_to_call(portal) {
        let (anna, nurse) = (owing(&portal, 5_000).await, portal.staff(Role::Nurse).await);
        team(&portal, TeamCategory::Health, &[&nurse]).await;
        let refusal = refused(question(&anna, anna.patient(), &about(DisputeSubject::Line, line_of(&anna).await)).await);
        assert_eq!((refusal.code, refusal.errors[0].code.as_str()), (Code::Invalid, "no_billing_team"));
        assert!(open_ones(&anna).await.is_empty());
    }

    async fn a_thread_about_a_bill_is_seen_with_the_bills_and_not_with_the_messages(portal) {
        let (anna, biller) = practice(&portal).await;
        let [bruno, carl, dora] = [portal.patient("Bruno").await, portal.patient("Carl").await, portal.patient("Dora").await];
        given(&anna, &bruno, limited(&[(Category::Billing, Depth::Act)])).await;
        given(&anna, &carl, limited(&[(Category::Messages, Depth::Act)])).await;
        given(&anna, &dora, limited(&[(Category::Billing, Depth::View)])).await;
        let (patient, line) = (anna.patient(), line_of(&anna).await);
        let new = about(DisputeSubject::Line, line);
        for who in [&carl, &dora] {
            assert_eq!(refused(question(who, patient, &new).await).code, Code::NotFound);
        }
        let opened = question(&bruno, patient, &new).await.unwrap();
        let thread = opened.thread_id;
        // A message of the other kind, in the same mailbox.
        let health = team(&portal, TeamCategory::Health, &[&portal.staff(Role::Nurse).await]).await;
        let plain = write(&anna, &anna, &text(health, "Rash", "It itches.")).await;
        biller.portal.open_thread(patient, thread).await.unwrap();
        decide(&biller, &anna, opened.id, &decision(DisputeOutcome::ToInsurer)).await.unwrap();

        for (who, of_bill, of_message) in [(&bruno, true, false), (&carl, false, true), (&dora, true, false), (&anna, true, true)] {
            let name = &who.session.username;
            let reads = async |thread| who.portal.thread(patient, thread).await.is_ok();
            assert_eq!((reads(thread).await, reads(plain.id).await), (of_bill, of_message), "{name}");
            assert_eq!(who.portal.open_dispute(patient, opened.id).await.is_ok(), of_bill, "{name}");
            let inbox = who.portal.inbox(patient, &Default::default()).await.unwrap();
            let news = inbox.items.iter().filter(|item| item.kind == ItemKind::BillingMessage).count();
            assert_eq!(news, usize::from(of_bill), "{name}");
            assert_eq!(sent_threads(who, &anna).await, usize::from(of_bill) + usize::from(of_message), "{name}");
            let found = who.portal.inbox(patient, &words("looked")).await.unwrap().items.len();
            assert_eq!(found, usize::from(of_bill), "{name}");
        }
        // Who may act in bills goes on writing there, with a file; who looks does not.
        let reply = DraftText { thread_id: Some(thread), text: "Thank you.".into(), ..Default::default() };
        for who in [&carl, &dora] {
            assert_eq!(refused(who.portal.begin_draft(patient, &reply, Uuid::new_v4()).await).code, Code::NotFound);
            assert_eq!(refused(who.portal.mark_thread_read(patient, thread).await).code, Code::NotFound);
        }
        let draft = bruno.portal.begin_draft(patient, &reply, Uuid::new_v4()).await.unwrap();
        let draft = bruno.portal.save_draft(patient, &draft, &reply).await.unwrap();
        let sent = bruno.portal.send_draft(patient, &draft, Uuid::new_v4()).await.unwrap();
        assert_eq!(sent.messages.len(), 3);
        bruno.portal.mark_thread_read(patient, thread).await.unwrap();
        let message = sent.messages[2].id;
        assert_eq!(refused(carl.portal.recall_message(patient, message, Uuid::new_v4()).await).code, Code::NotFound);
        bruno.portal.recall_message(patient, message, Uuid::new_v4()).await.unwrap();
    }

    async fn after_a_revocation_nothing_is_seen_or_done(portal) {
        let (anna, _) = practice(&portal).await;
        let bruno = portal.patient("Bruno").await;
        let grant = given(&anna, &bruno, full()).await;
        let (patient, line) = (anna.patient(), line_of(&anna).await);
        let opened = question(&bruno, patient, &about(DisputeSubject::Line, line)).await.unwrap();
        anna.portal.revoke_proxy(patient, grant.id).await.unwrap();
        let all = DisputeQuery::default();
        assert_eq!(refused(bruno.portal.disputes(patient, &all).await).code, Code::NotFound);
        assert_eq!(refused(bruno.portal.open_dispute(patient, opened.id).await).code, Code::NotFound);
        assert_eq!(refused(bruno.portal.thread(patient, opened.thread_id).await).code, Code::NotFound);
        assert_eq!(refused(bruno.portal.withdraw_dispute(patient, opened.id, Uuid::new_v4()).await).code, Code::NotFound);
        assert_eq!(open_ones(&anna).await.len(), 1);
        anna.portal.withdraw_dispute(patient, opened.id, Uuid::new_v4()).await.unwrap();
        assert_eq!(refused(question(&bruno, patient, &about(DisputeSubject::Line, line)).await).code, Code::NotFound);
    }

    async fn what_is_kept_back_or_restricted_is_absent_from_the_lists(portal) {
        let (anna, biller) = practice(&portal).await;
        let (bruno, doctor) = (portal.patient("Bruno").await, portal.staff(Role::Provider).await);
        given(&anna, &bruno, full()).await;
        let patient = anna.patient();
        let opened = question(&anna, patient, &about(DisputeSubject::Line, line_of(&anna).await)).await.unwrap();
        let seen = async || bruno.portal.disputes(patient, &Default::default()).await.unwrap().items.len();
        assert_eq!(seen().await, 1);
        let keep = SensitivityChange { kind: SensitiveKind::Thread, subject_id: opened.thread_id.0, is_sensitive: true };
        doctor.portal.change_sensitivity(patient, &keep).await.unwrap();
        assert_eq!(seen().await, 0);
        assert_eq!(refused(bruno.portal.open_dispute(patient, opened.id).await).code, Code::NotFound);
        assert_eq!(open_ones(&anna).await.len(), 1);
        // A record that is restricted to others stands in no queue.
        let (officer, named) = (portal.staff(Role::PrivacyOfficer).await, portal.staff(Role::Billing).await);
        assert_eq!((waiting(&biller).await.len(), waiting(&named).await.len()), (1, 1));
        let to = NewRestrictedRecord { reason: RestrictedReason::Prominent, staff: vec![named.session.account_id] };
        officer.portal.restrict_record(patient, 0, &to).await.unwrap();
        assert_eq!((waiting(&biller).await.len(), waiting(&named).await.len()), (0, 1));
        let shut = biller.portal.open_dispute(patient, opened.id).await;
        assert_eq!(refused(shut).code, Code::EmergencyAccessRequired);
    }

    async fn a_patient_questions_at_most_twenty_things_at_a_time_and_late_ones_are_told(portal) {
        let (anna, biller) = practice(&portal).await;
        let mrn = portal.mrn(anna.patient());
        posted(&portal, (0..20).map(|cents| charge(&mrn, 100 + cents)).collect()).await;
        let lines = anna.portal.billing_lines(anna.patient(), &portal_domain::page::PageQuery { limit: Some(50), ..Default::default() }).await.unwrap();
        let mut answers = Vec::new();
        for line in &lines.items {
            answers.push(question(&anna, anna.patient(), &about(DisputeSubject::Line, line.id.0)).await);
        }
        let refusal = refused(answers.pop().unwrap());
        assert_eq!(refusal.errors[0].code, "too_many_disputes");
        assert!(answers.iter().all(Result::is_ok) && answers.len() == 20);
        portal.clock.advance(TimeDelta::days(31));
        let biller = portal.sign_in(&biller.session.username).await;
        let late = biller.portal.dispute_queue(&DisputeQuery { limit: Some(100), ..Default::default() }).await.unwrap();
        assert!(late.items.len() == 20 && late.items.iter().all(|one| one.is_overdue));
    }
}

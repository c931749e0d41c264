//! A patient sends a copy of the health record to somebody (view, download, transmit; SEC-5, NTF-1, AUD-1).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::TimeDelta;
use diesel::prelude::*;
use portal_api::{
    features::health_record::{expire_due, make_due},
    platform::{
        db::schema::{audit_entries, outbox_mails, transmissions},
        limits::Rate,
        outbox::deliver_due,
    },
};
use portal_domain::{
    access::{Action, Category, Role},
    audit::{ActorKind, Outcome},
    ids::{HealthRecordId, TransmissionId},
    outbox::{MailKind, MailState},
    problem::Code,
    record::{NewHealthRecord, RecordFormat},
    results::{Recall, RecallReason, Release},
    time::Time,
    transmissions::{
        NewTransmission, TransmissionKey, TransmissionSent, TransmissionState, TransmissionView,
        TransmissionWay,
    },
};
use serde_json::json;
use uuid::Uuid;

use crate::harness::{
    on_both,
    people::Person,
    portal::TestPortal,
    refused,
    wire::{Answer, Credentials},
};
use crate::outbox::post_office::{PostOffice, by};

const CLINIC: &str = "records@clinic.example.org";

/// A record of this person that is ready.
async fn ready(portal: &TestPortal, person: &Person) -> HealthRecordId {
    let (asked, key) = (NewHealthRecord::default(), Uuid::new_v4());
    let record = person.portal.request_health_record(person.patient(), &asked, key).await.unwrap();
    assert_eq!(make_due(&portal.app).await.unwrap(), 1);
    record.id
}

fn by_link() -> NewTransmission {
    NewTransmission {
        recipient: CLINIC.into(),
        format: RecordFormat::Text,
        way: TransmissionWay::Link,
        days: None,
        accepts_unencrypted: false,
    }
}

fn attached() -> NewTransmission {
    NewTransmission { way: TransmissionWay::Attachment, accepts_unencrypted: true, ..by_link() }
}

async fn try_to_send(
    person: &Person,
    record: HealthRecordId,
    new: &NewTransmission,
) -> Result<TransmissionSent, portal_client::Error> {
    person.portal.send_transmission(person.patient(), record, new, Uuid::new_v4()).await
}

/// Sends a link, and answers it with what opens it.
async fn link(
    portal: &TestPortal,
    person: &Person,
    record: HealthRecordId,
) -> (TransmissionId, TransmissionKey) {
    let sent = try_to_send(person, record, &by_link()).await.unwrap();
    let token = portal.mail_to(CLINIC, MailKind::RecordShared).await.token();
    (sent.transmission.id, TransmissionKey { token, code: sent.code.unwrap() })
}

/// The same link with a code that is not right.
fn wrong(key: &TransmissionKey) -> TransmissionKey {
    let last = if key.code.ends_with('0') { "1" } else { "0" };
    TransmissionKey { code: format!("{}{last}", &key.code[..key.code.len() - 1]), ..key.clone() }
}

async fn listed(person: &Person, id: TransmissionId) -> TransmissionView {
    let page = person.portal.transmissions(person.patient(), &Default::default()).await.unwrap();
    page.items.into_iter().find(|item| item.id == id).unwrap()
}

/// As the recipient's browser gets it.
async fn answer(portal: &TestPortal, key: &TransmissionKey) -> Answer {
    let request = portal.request("POST", "/api/v1/transmissions/open").json(key);
    portal.send(&Credentials::Nobody, request).await
}

/// What became of the mails with copies.
async fn mails(portal: &TestPortal) -> Vec<MailState> {
    let mails = outbox_mails::table.filter(outbox_mails::kind.eq(MailKind::RecordShared));
    let states = mails.order(outbox_mails::created_at).select(outbox_mails::state);
    portal.app.db.read(move |conn| Ok(states.load(conn)?)).await.unwrap()
}

/// What the trail says was done with a copy by those who are not signed in, in order.
async fn trail(portal: &TestPortal, id: TransmissionId) -> Vec<(Action, Outcome)> {
    let rows = audit_entries::table
        .filter(audit_entries::subject_id.eq(portal_api::platform::db::AnyId(id.0)))
        .filter(audit_entries::actor_kind.eq(ActorKind::Nobody))
        .filter(audit_entries::category.eq(Category::Chart))
        .filter(audit_entries::patient_id.is_not_null())
        .order(audit_entries::id)
        .select((audit_entries::action, audit_entries::outcome));
    portal.app.db.read(move |conn| Ok(rows.load(conn)?)).await.unwrap()
}

on_both! {
    async fn a_mailed_link_opens_with_the_code_alone_and_the_sender_sees_what_became_of_it(portal) {
        let Some(mut office) = PostOffice::open(json!({})) else { return };
        let portal = portal.beside(by(office.smtp())).await;
        let anna = portal.patient("Annabella").await;
        let record = ready(&portal, &anna).await;
        let sent = try_to_send(&anna, record, &by_link()).await.unwrap();
        assert_eq!((sent.transmission.state, sent.transmission.recipient.as_str()), (TransmissionState::Waiting, CLINIC));
        assert_eq!(sent.transmission.expires_at, Some(portal.clock.now().plus(TimeDelta::days(7))));
        deliver_due(&portal.app).await.unwrap();
        let arrived = office.arrived();
        let mail = arrived.iter().find(|mail| mail.to == [CLINIC]).unwrap();
        assert_eq!(mail.mail.defects, Vec::<String>::new());
        let parts: Vec<&str> = mail.mail.parts.iter().map(|part| part.kind.as_str()).collect();
        assert_eq!(parts, ["text/plain", "text/html"]);
        // NTF-1: nothing of health, of the patient or of the code.
        // The practice's own name and the random token may hold anything.
        let (_, token) = mail.mail.parts[0].text.split_once("#token=").unwrap();
        let token = token.split_whitespace().next().unwrap();
        let said = format!("{:?} {}", mail.mail.parts, mail.mail.header("Subject")).replace("Infinity Health", "").replace(token, "").to_lowercase();
        for secret in ["annabella", "lund", "health", "record", "medical", sent.code.as_deref().unwrap()] {
            assert!(!said.contains(secret), "{secret} in {said}");
        }
        let (_, rest) = mail.mail.parts[0].text.split_once("/shared#token=").unwrap();
        let token = rest.split_whitespace().next().unwrap().to_owned();
        let key = TransmissionKey { token, code: sent.code.clone().unwrap() };
        assert_eq!(listed(&anna, sent.transmission.id).await.state, TransmissionState::Sent);

        let visitor = portal.visitor();
        let opened = visitor.open_transmission(&key).await.unwrap();
        let own = anna.portal.health_record(anna.patient(), record).await.unwrap();
        let file = own.files.iter().find(|file| file.format == RecordFormat::Text).unwrap();
        assert_eq!((opened.format, opened.size, &opened.sha256), (RecordFormat::Text, file.size, &file.sha256));
        assert_eq!(listed(&anna, sent.transmission.id).await.state, TransmissionState::Opened);
        portal.clock.advance(TimeDelta::minutes(1));
        let typed = TransmissionKey { code: key.code.replace(' ', ""), ..key.clone() };
        let bytes = visitor.download_transmission(&typed).await.unwrap();
        assert_eq!(bytes, anna.portal.health_record_file(anna.patient(), record, RecordFormat::Text).await.unwrap());
        visitor.download_transmission(&key).await.unwrap();
        let view = listed(&anna, sent.transmission.id).await;
        assert_eq!((view.state, view.downloads), (TransmissionState::Downloaded, 2));
        assert_eq!(view.downloaded_at, Some(portal.clock.now()));
        assert_eq!(view.opened_at, Some(portal.clock.now().plus(-TimeDelta::minutes(1))));
        assert_eq!(view.sent_by, anna.session.display_name);
        let done = |action| (action, Outcome::Done);
        let (view, export) = (done(Action::View), done(Action::Export));
        assert_eq!(trail(&portal, sent.transmission.id).await, [view, view, export, view, export]);
    }

    async fn what_is_saved_is_an_attachment_that_no_browser_looks_at(portal) {
        let anna = portal.patient("Anna").await;
        let (_, key) = link(&portal, &anna, ready(&portal, &anna).await).await;
        let form = |key: &TransmissionKey| portal.request("POST", "/api/v1/transmissions/download").form(key);
        let saved = portal.send(&Credentials::Nobody, form(&key)).await;
        assert_eq!((saved.status, saved.header("x-content-type-options"), saved.header("cache-control")), (200, "nosniff", "no-store"));
        assert!(saved.header("content-disposition").starts_with("attachment; filename=\"health-record-2026-10-05.txt\""), "{saved:?}");
        assert_eq!(portal.send(&Credentials::Nobody, form(&wrong(&key))).await.code(), Code::TransmissionRefused);
        // Another site can't have a visitor's browser try codes.
        let foreign = portal.foreign_request("POST", "/api/v1/transmissions/download").form(&key);
        assert_eq!(portal.send(&Credentials::Nobody, foreign).await.code(), Code::CrossSite);
    }

    async fn an_unencrypted_file_goes_only_after_the_patient_said_so_and_arrives_byte_for_byte(portal) {
        let Some(mut office) = PostOffice::open(json!({})) else { return };
        let portal = portal.beside(by(office.smtp())).await;
        let anna = portal.patient("Anna").await;
        let record = ready(&portal, &anna).await;
        let unwarned = NewTransmission { accepts_unencrypted: false, ..attached() };
        let refusal = refused(try_to_send(&anna, record, &unwarned).await);
        assert_eq!((refusal.code, refusal.errors[0].field.as_str()), (Code::Invalid, "accepts_unencrypted"));
        assert_eq!(mails(&portal).await, []);
        for format in RecordFormat::ALL {
            let sent = try_to_send(&anna, record, &NewTransmission { format: *format, ..attached() }).await.unwrap();
            assert_eq!((sent.code, sent.transmission.expires_at), (None, None));
            deliver_due(&portal.app).await.unwrap();
            let arrived = office.arrived();
            let mail = arrived.iter().find(|mail| mail.to == [CLINIC]).unwrap();
            assert_eq!(mail.mail.defects, Vec::<String>::new());
            let file = mail.mail.parts.last().unwrap();
            assert_eq!(file.name, Some(format!("health-record-2026-10-05.{}", format.extension())));
            assert_eq!(Some(file.kind.as_str()), format.media_type().split(';').next());
            let bytes = anna.portal.health_record_file(anna.patient(), record, *format).await.unwrap();
            let text = String::from_utf8_lossy(&bytes).into_owned();
            assert!(file.text == text || STANDARD.decode(&file.text).is_ok_and(|sent| sent == bytes), "{format}");
            assert!(!mail.mail.header("Subject").to_lowercase().contains("health"));
            assert_eq!(listed(&anna, sent.transmission.id).await.state, TransmissionState::Sent);
            let late = anna.portal.withdraw_transmission(anna.patient(), sent.transmission.id).await;
            assert_eq!(refused(late).code, Code::WrongState, "what left can't be taken back");
        }
    }

    async fn wrong_unknown_ended_withdrawn_and_locked_links_answer_the_same_bytes(portal) {
        let anna = portal.patient("Anna").await;
        let record = ready(&portal, &anna).await;
        let (_, good) = link(&portal, &anna, record).await;
        let (withdrawn, gone) = link(&portal, &anna, record).await;
        anna.portal.withdraw_transmission(anna.patient(), withdrawn).await.unwrap();
        let short = try_to_send(&anna, record, &NewTransmission { days: Some(1), ..by_link() }).await.unwrap();
        let token = portal.mail_to(CLINIC, MailKind::RecordShared).await.token();
        let ended = TransmissionKey { token, code: short.code.unwrap() };
        portal.visitor().open_transmission(&ended).await.unwrap();
        portal.clock.advance(TimeDelta::days(1));
        let (locked, closed) = {
            let anna = portal.sign_in(&anna.session.username).await;
            link(&portal, &anna, record).await
        };
        for _ in 0..5 {
            answer(&portal, &wrong(&closed)).await;
        }
        let unknown = TransmissionKey { token: "A".repeat(43), ..good.clone() };
        let long = TransmissionKey { token: "A".repeat(4000), ..good.clone() };
        let other_code = TransmissionKey { code: closed.code.clone(), ..good.clone() };
        let garbage = TransmissionKey { code: "open, please".into(), ..good.clone() };
        let mut answers = Vec::new();
        for key in [&unknown, &long, &gone, &ended, &closed, &other_code, &garbage] {
            answers.push(answer(&portal, key).await);
        }
        for one in &answers {
            assert_eq!((one.status, one.code()), (422, Code::TransmissionRefused));
            assert_eq!(one.but_for_its_id(), answers[0].but_for_its_id());
        }
        portal.visitor().open_transmission(&good).await.unwrap();
        let anna = portal.sign_in(&anna.session.username).await;
        let states = [listed(&anna, withdrawn).await, listed(&anna, short.transmission.id).await, listed(&anna, locked).await];
        assert_eq!(states.map(|view| (view.state, view.can_withdraw)), [
            (TransmissionState::Withdrawn, false), (TransmissionState::Expired, false), (TransmissionState::Locked, false),
        ]);
    }

    async fn fifty_tries_at_once_count_as_fifty_and_the_fifth_wrong_code_closes_the_link(portal) {
        let anna = portal.patient("Anna").await;
        let record = ready(&portal, &anna).await;
        let (id, key) = link(&portal, &anna, record).await;
        // A right code in between forgives nothing.
        for _ in 0..2 {
            assert_eq!(answer(&portal, &wrong(&key)).await.code(), Code::TransmissionRefused);
            portal.visitor().open_transmission(&key).await.unwrap();
        }
        let wrong = wrong(&key);
        let answers = futures_util::future::join_all((0..50).map(|_| answer(&portal, &wrong))).await;
        assert!(answers.iter().all(|answer| answer.status >= 400));
        let counted = transmissions::table.filter(transmissions::id.eq(id)).select(transmissions::wrong_codes);
        let counted: i64 = portal.app.db.read(move |conn| Ok(counted.first(conn)?)).await.unwrap();
        assert_eq!(counted, 5, "the sixth and all later ones found a closed link");
        assert_eq!(answer(&portal, &key).await.code(), Code::TransmissionRefused, "the right code comes too late");
        assert_eq!(refused(portal.visitor().download_transmission(&key).await).code, Code::TransmissionRefused);
        assert_eq!(listed(&anna, id).await.state, TransmissionState::Locked);
    }

    async fn a_link_lives_seven_days_or_as_asked_and_never_longer_than_the_file(portal) {
        let anna = portal.patient("Anna").await;
        let record = ready(&portal, &anna).await;
        let (_, week) = link(&portal, &anna, record).await;
        let ends = |view: TransmissionView| view.expires_at.unwrap();
        let month = try_to_send(&anna, record, &NewTransmission { days: Some(30), ..by_link() }).await.unwrap();
        assert_eq!(ends(month.transmission), portal.clock.now().plus(TimeDelta::days(30)));
        portal.clock.advance(TimeDelta::days(7) - TimeDelta::seconds(1));
        portal.visitor().download_transmission(&week).await.unwrap();
        portal.clock.advance(TimeDelta::seconds(1));
        assert_eq!(refused(portal.visitor().download_transmission(&week).await).code, Code::TransmissionRefused);
        portal.clock.advance(TimeDelta::days(20));
        let anna = portal.sign_in(&anna.session.username).await;
        let last = try_to_send(&anna, record, &by_link()).await.unwrap();
        assert_eq!(ends(last.transmission), portal.clock.now().plus(TimeDelta::days(3)), "the file's own end");
        portal.clock.advance(TimeDelta::days(3));
        assert_eq!(expire_due(&portal.app).await.unwrap(), 1);
        let anna = portal.sign_in(&anna.session.username).await;
        assert_eq!(refused(try_to_send(&anna, record, &by_link()).await).code, Code::RecordNotReady);
        for days in [0, 31] {
            let refusal = refused(try_to_send(&anna, record, &NewTransmission { days: Some(days), ..by_link() }).await);
            assert_eq!(refusal.errors[0].field, "days");
        }
    }

    async fn a_copy_needs_a_proof_goes_out_once_a_key_and_ten_times_a_day(portal) {
        let anna = portal.patient("Anna").await;
        let record = ready(&portal, &anna).await;
        portal.clock.advance(TimeDelta::minutes(6));
        assert_eq!(refused(try_to_send(&anna, record, &by_link()).await).code, Code::ProofRequired);
        assert_eq!(refused(try_to_send(&anna, record, &attached()).await).code, Code::ProofRequired);
        assert_eq!(mails(&portal).await, []);
        let anna = portal.sign_in(&anna.session.username).await;
        let key = Uuid::new_v4();
        let first = anna.portal.send_transmission(anna.patient(), record, &by_link(), key).await.unwrap();
        let again = anna.portal.send_transmission(anna.patient(), record, &by_link(), key).await.unwrap();
        assert_eq!((again.transmission.id, again.code), (first.transmission.id, None), "the code is shown once");
        assert_eq!(mails(&portal).await.len(), 1);
        for _ in 1..10 {
            try_to_send(&anna, record, &by_link()).await.unwrap();
        }
        assert_eq!(refused(try_to_send(&anna, record, &by_link()).await).code, Code::TooManyRequests);
        portal.clock.advance(TimeDelta::days(1));
        let anna = portal.sign_in(&anna.session.username).await;
        try_to_send(&anna, record, &by_link()).await.unwrap();
    }

    async fn what_is_taken_back_before_its_mail_left_never_leaves(portal) {
        let Some(mut office) = PostOffice::open(json!({})) else { return };
        let portal = portal.beside(by(office.smtp())).await;
        let anna = portal.patient("Anna").await;
        let record = ready(&portal, &anna).await;
        for new in [by_link(), attached()] {
            let sent = try_to_send(&anna, record, &new).await.unwrap();
            assert!(sent.transmission.can_withdraw);
            let view = anna.portal.withdraw_transmission(anna.patient(), sent.transmission.id).await.unwrap();
            assert_eq!((view.state, view.withdrawn_at), (TransmissionState::Withdrawn, Some(portal.clock.now())));
            let again = anna.portal.withdraw_transmission(anna.patient(), sent.transmission.id).await.unwrap();
            assert_eq!(again, view);
        }
        deliver_due(&portal.app).await.unwrap();
        assert!(office.arrived().iter().all(|mail| mail.to != [CLINIC]));
        assert_eq!(mails(&portal).await, [MailState::Suppressed, MailState::Suppressed]);
    }

    async fn of_a_withdrawal_and_downloads_at_once_no_file_leaves_afterwards(portal) {
        let anna = portal.patient("Anna").await;
        let record = ready(&portal, &anna).await;
        for _ in 0..4 {
            let (id, key) = link(&portal, &anna, record).await;
            let visitor = portal.visitor();
            let saving = (0..8).map(|_| visitor.download_transmission(&key));
            let (saved, withdrawn) = tokio::join!(
                futures_util::future::join_all(saving),
                anna.portal.withdraw_transmission(anna.patient(), id),
            );
            let view = withdrawn.unwrap();
            let saved = saved.into_iter().filter(Result::is_ok).count() as i64;
            assert_eq!(listed(&anna, id).await.downloads, saved, "each file that left is on record");
            assert_eq!(view.state, TransmissionState::Withdrawn);
            assert_eq!(refused(visitor.download_transmission(&key).await).code, Code::TransmissionRefused);
            assert_eq!(listed(&anna, id).await.downloads, saved);
        }
    }

    async fn a_release_that_is_taken_back_ends_the_copies_made_with_it(portal) {
        let (anna, provider) = (portal.patient("Anna").await, portal.staff(Role::Provider).await);
        let before = ready(&portal, &anna).await;
        let (_, untouched) = link(&portal, &anna, before).await;
        portal.clock.advance(TimeDelta::seconds(1));
        let at: Time = portal.clock.now();
        let result = portal.result(anna.patient(), at, "5.4").await;
        provider.portal.release_result(anna.patient(), result, 1, &Release::default(), Uuid::new_v4()).await.unwrap();
        let record = ready(&portal, &anna).await;
        let (id, key) = link(&portal, &anna, record).await;
        let waiting = try_to_send(&anna, record, &attached()).await.unwrap().transmission.id;
        portal.visitor().open_transmission(&key).await.unwrap();

        let recall = Recall { reason: RecallReason::WrongResult, words: None };
        provider.portal.recall_result(anna.patient(), result, 2, &recall, Uuid::new_v4()).await.unwrap();
        assert_eq!(answer(&portal, &key).await.code(), Code::TransmissionRefused);
        assert_eq!(refused(portal.visitor().download_transmission(&key).await).code, Code::TransmissionRefused);
        assert_eq!(listed(&anna, id).await.state, TransmissionState::Expired);
        assert_eq!(listed(&anna, waiting).await.state, TransmissionState::NotSent);
        portal.visitor().download_transmission(&untouched).await.unwrap();
    }

    async fn who_tries_codes_from_one_address_is_slowed_down(portal) {
        let anna = portal.patient("Anna").await;
        let (_, key) = link(&portal, &anna, ready(&portal, &anna).await).await;
        let portal = portal.beside(|settings| settings.sign_in_rate = Rate { per_second: 1, burst: 3 }).await;
        let unknown = TransmissionKey { token: "A".repeat(43), ..key };
        let mut codes = Vec::new();
        for _ in 0..20 {
            codes.push(answer(&portal, &unknown).await.code());
        }
        assert!(codes.contains(&Code::TooManyRequests), "{codes:?}");
    }
}

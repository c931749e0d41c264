//! APT-1 to APT-5 and MSG-6: request, recall, decision, calendar file; the races among them.

use chrono::TimeDelta;
use portal_client::Portal;
use portal_domain::{
    appointments::{
        AppointmentQuery, AppointmentView, Booking, DayPart, NewRequest, Preferred, QueueQuery, Reason,
        Refusal, State, Which,
    },
    mail::{ItemKind, Sent, SentItem, SentRequest},
    page::Page,
    practice::ProviderView,
    problem::Code,
    time::Time,
};
use uuid::Uuid;

use crate::harness::{
    on_both,
    people::Person,
    portal::{TestPortal, begin},
    refused,
};

async fn a_provider(portal: &Portal) -> ProviderView {
    let all = portal.providers().await.unwrap();
    all.into_iter().find(|provider| provider.name == "Dr. Maria Lund").unwrap()
}

fn request(provider: &ProviderView) -> NewRequest {
    NewRequest {
        location_id: provider.location_id.unwrap(),
        provider_id: None,
        reason: Reason::CheckUp,
        preferred: vec![Preferred { date: "2026-10-12".parse().unwrap(), part: DayPart::Morning }],
        note: "Before noon, please.".into(),
    }
}

fn at_nine(provider: &ProviderView) -> Booking {
    Booking {
        starts_at: "2026-10-12T13:00:00Z".parse().unwrap(),
        minutes: 30,
        provider_id: provider.id,
        note: "Please come fasting.".into(),
    }
}

async fn requested(portal: &TestPortal, person: &Person) -> (AppointmentView, ProviderView) {
    let provider = a_provider(&person.portal).await;
    let asked =
        person.portal.request_appointment(person.patient(), &request(&provider), Uuid::new_v4()).await;
    portal.clock.advance(TimeDelta::seconds(1));
    (asked.unwrap(), provider)
}

async fn kinds(person: &Person) -> Vec<ItemKind> {
    let inbox = person.portal.inbox(person.patient(), &Default::default()).await.unwrap();
    inbox.items.iter().map(|item| item.kind).collect()
}

fn sent_request(sent: &Page<SentItem>, place: usize) -> &SentRequest {
    match &sent.items[place].what {
        Sent::Appointment(request) => request,
        Sent::Message(_) => panic!("a message"),
    }
}

async fn list(person: &Person, which: Which) -> Vec<State> {
    let query = AppointmentQuery { which: Some(which), ..Default::default() };
    let page = person.portal.appointments(person.patient(), &query).await.unwrap();
    page.items.iter().map(|item| item.state).collect()
}

on_both! {
    async fn a_request_stands_in_sent_items_and_is_recalled_from_there(portal) {
        let anna = portal.patient("Anna").await;
        let (asked, _) = requested(&portal, &anna).await;
        assert_eq!(asked.state, State::Requested);
        let sent = anna.portal.sent_items(anna.patient(), &Default::default()).await.unwrap();
        assert_eq!((sent_request(&sent, 0).appointment_id, sent_request(&sent, 0).can_recall), (asked.id, true));
        let queue = portal.desk().await.portal.appointment_queue(&QueueQuery::default()).await.unwrap();
        assert_eq!(queue.items[0].patient.given_name, "Anna");

        let recalled = anna.portal.recall_appointment(anna.patient(), asked.id, Uuid::new_v4()).await.unwrap();
        assert_eq!(recalled.state, State::Recalled);
        let sent = anna.portal.sent_items(anna.patient(), &Default::default()).await.unwrap();
        assert_eq!((sent_request(&sent, 0).state, sent_request(&sent, 0).can_recall), (State::Recalled, false));
        let again = refused(anna.portal.recall_appointment(anna.patient(), asked.id, Uuid::new_v4()).await);
        assert_eq!((again.code, again.detail.as_deref()), (Code::WrongState, Some("Its state is recalled.")));
        assert!(portal.desk().await.portal.appointment_queue(&QueueQuery::default()).await.unwrap().items.is_empty());
    }

    async fn an_approved_request_is_in_the_inbox_and_the_calendar_and_is_cancelled_by_phone_only(portal) {
        let anna = portal.patient("Anna").await;
        let desk = portal.desk().await;
        let (asked, provider) = requested(&portal, &anna).await;
        let refusal = refused(anna.portal.calendar_file(anna.patient(), asked.id).await);
        assert_eq!(refusal.code, Code::WrongState, "a request has no calendar file");

        let booked = desk.portal.approve_appointment(&asked, &at_nine(&provider), Uuid::new_v4()).await.unwrap();
        assert_eq!(booked.state, State::Confirmed);
        assert_eq!(kinds(&anna).await, [ItemKind::AppointmentConfirmed]);
        assert_eq!(list(&anna, Which::Upcoming).await, [State::Confirmed]);
        assert_eq!(list(&anna, Which::Pending).await, []);

        let file = anna.portal.calendar_file(anna.patient(), asked.id).await.unwrap();
        for line in ["METHOD:PUBLISH", "BEGIN:VTIMEZONE\r\nTZID:America/New_York\r\nBEGIN:STANDARD", "TZID:America/New_York", "DTSTART;TZID=America/New_York:20261012T090000", "STATUS:CONFIRMED", "SEQUENCE:1"] {
            assert!(file.contains(&format!("{line}\r\n")), "{line} is missing in\n{file}");
        }
        assert!(file.contains(&format!("UID:{}@", asked.id)));
        assert!(file.lines().all(|line| line.len() <= 75), "a line is longer than 75 octets\n{file}");
        for secret in ["check_up", "Check", "fasting", "noon"] {
            assert!(!file.contains(secret), "{secret} tells why the person comes");
        }

        assert!(!booked.offers.cancel);
        let cancel = refused(anna.portal.cancel_appointment(anna.patient(), asked.id, Uuid::new_v4()).await);
        assert_eq!(cancel.code, Code::CallToCancel);
        assert_eq!(list(&anna, Which::Upcoming).await, [State::Confirmed], "it still stands");

        portal.clock.advance(TimeDelta::days(8));
        let anna = portal.sign_in(&anna.session.username).await;
        assert_eq!(list(&anna, Which::Upcoming).await, []);
        assert_eq!(list(&anna, Which::Past).await, [State::Confirmed]);
    }

    async fn a_denial_carries_its_reason(portal) {
        let anna = portal.patient("Anna").await;
        let desk = portal.desk().await;
        let (asked, _) = requested(&portal, &anna).await;
        let empty = desk.portal.deny_appointment(&asked, &Refusal { reason: " ".into() }, Uuid::new_v4()).await;
        assert_eq!(refused(empty).errors[0].code, "required");
        let reason = Refusal { reason: "Dr. Lund is away until November.".into() };
        desk.portal.deny_appointment(&asked, &reason, Uuid::new_v4()).await.unwrap();
        let seen = anna.portal.appointment(anna.patient(), asked.id).await.unwrap();
        assert_eq!((seen.state, seen.decision_note.as_str()), (State::Denied, "Dr. Lund is away until November."));
        assert_eq!(kinds(&anna).await, [ItemKind::AppointmentDenied]);
    }

    async fn an_offered_time_is_accepted_or_declined(portal) {
        let anna = portal.patient("Anna").await;
        let desk = portal.desk().await;
        let (asked, provider) = requested(&portal, &anna).await;
        let offered = desk.portal.propose_appointment(&asked, &at_nine(&provider), Uuid::new_v4()).await.unwrap();
        assert!(offered.offers.answer);
        let declined = anna.portal.decline_appointment(anna.patient(), asked.id, Uuid::new_v4()).await.unwrap();
        assert_eq!((declined.state, declined.starts_at, &declined.provider), (State::Requested, None, &None));
        let offered = desk.portal.propose_appointment(&declined, &at_nine(&provider), Uuid::new_v4()).await.unwrap();
        assert_eq!(offered.state, State::Proposed);
        let accepted = anna.portal.accept_appointment(anna.patient(), asked.id, Uuid::new_v4()).await.unwrap();
        assert_eq!((accepted.state, accepted.starts_at), (State::Confirmed, Some(at_nine(&provider).starts_at)));
    }

    async fn an_offer_that_has_passed_can_not_be_accepted(portal) {
        let anna = portal.patient("Anna").await;
        let desk = portal.desk().await;
        let (asked, provider) = requested(&portal, &anna).await;
        desk.portal.propose_appointment(&asked, &at_nine(&provider), Uuid::new_v4()).await.unwrap();
        portal.clock.advance(TimeDelta::days(8));
        let anna = portal.sign_in(&anna.session.username).await;
        let late = refused(anna.portal.accept_appointment(anna.patient(), asked.id, Uuid::new_v4()).await);
        assert_eq!((late.code, late.detail.as_deref()), (Code::WrongState, Some("The offered time has passed.")));
    }

    async fn a_cancellation_by_the_clinic_takes_it_out_of_the_calendar(portal) {
        let anna = portal.patient("Anna").await;
        let desk = portal.desk().await;
        let (asked, provider) = requested(&portal, &anna).await;
        let booked = desk.portal.approve_appointment(&asked, &at_nine(&provider), Uuid::new_v4()).await.unwrap();
        let reason = Refusal { reason: "The roof leaks.".into() };
        desk.portal.clinic_cancel_appointment(&booked, &reason, Uuid::new_v4()).await.unwrap();
        let file = anna.portal.calendar_file(anna.patient(), asked.id).await.unwrap();
        assert!(file.contains("METHOD:CANCEL\r\n") && file.contains("STATUS:CANCELLED\r\n") && file.contains("SEQUENCE:2\r\n"), "{file}");
        assert_eq!(kinds(&anna).await, [ItemKind::AppointmentCancelled, ItemKind::AppointmentConfirmed]);
    }

    async fn of_recall_and_approval_exactly_one_wins(portal) {
        let anna = portal.patient("Anna").await;
        let desk = portal.desk().await;
        let provider = a_provider(&anna.portal).await;
        for round in 0..10 {
            let (asked, _) = requested(&portal, &anna).await;
            let booking = Booking { starts_at: begin().plus(TimeDelta::days(round + 1)), ..at_nine(&provider) };
            let (recall, approve) = futures_util::future::join(
                anna.portal.recall_appointment(anna.patient(), asked.id, Uuid::new_v4()),
                desk.portal.approve_appointment(&asked, &booking, Uuid::new_v4()),
            )
            .await;
            assert_ne!(recall.is_ok(), approve.is_ok(), "recall {recall:?}, approve {approve:?}");
            let (winner, lost) = if recall.is_ok() { (State::Recalled, refused(approve)) } else { (State::Confirmed, refused(recall)) };
            assert_eq!(lost.code, Code::WrongState);
            assert_eq!(anna.portal.appointment(anna.patient(), asked.id).await.unwrap().state, winner);
        }
    }

    async fn of_two_clerks_with_one_slot_exactly_one_books_it(portal) {
        let (anna, berta) = (portal.patient("Anna").await, portal.patient("Berta").await);
        let (noor, omar) = (portal.desk().await, portal.desk().await);
        let (hers, provider) = (requested(&portal, &anna).await.0, a_provider(&anna.portal).await);
        let theirs = requested(&portal, &berta).await.0;
        let overlapping = Booking { starts_at: at_nine(&provider).starts_at.plus(TimeDelta::minutes(29)), ..at_nine(&provider) };
        let nine = at_nine(&provider);
        let (one, two) = futures_util::future::join(
            noor.portal.approve_appointment(&hers, &nine, Uuid::new_v4()),
            omar.portal.approve_appointment(&theirs, &overlapping, Uuid::new_v4()),
        )
        .await;
        assert_ne!(one.is_ok(), two.is_ok());
        let (lost, open) = if one.is_ok() { (refused(two), theirs) } else { (refused(one), hers) };
        assert_eq!(lost.code, Code::SlotTaken);
        let touching = Booking { starts_at: nine.starts_at.plus(TimeDelta::hours(1)), ..nine };
        assert!(noor.portal.approve_appointment(&open, &touching, Uuid::new_v4()).await.is_ok(), "a later slot is free");
    }

    async fn fifty_tries_with_one_key_make_one_request(portal) {
        let anna = portal.patient("Anna").await;
        let (provider, key) = (a_provider(&anna.portal).await, Uuid::new_v4());
        let tries = (0..50).map(|_| {
            let (client, patient, request) = (anna.portal.clone(), anna.patient(), request(&provider));
            async move { client.request_appointment(patient, &request, key).await.unwrap().id }
        });
        let mut ids = futures_util::future::join_all(tries).await;
        ids.dedup();
        assert_eq!(ids.len(), 1);
        assert_eq!(list(&anna, Which::Pending).await.len(), 1);
    }

    async fn a_stale_decision_is_refused(portal) {
        let anna = portal.patient("Anna").await;
        let desk = portal.desk().await;
        let (asked, provider) = requested(&portal, &anna).await;
        let offered = desk.portal.propose_appointment(&asked, &at_nine(&provider), Uuid::new_v4()).await.unwrap();
        anna.portal.decline_appointment(anna.patient(), asked.id, Uuid::new_v4()).await.unwrap();
        let stale = desk.portal.approve_appointment(&offered, &at_nine(&provider), Uuid::new_v4()).await;
        assert_eq!(refused(stale).code, Code::StaleVersion);
    }

    async fn a_booking_in_the_past_or_with_a_foreign_provider_is_refused_by_field(portal) {
        let anna = portal.patient("Anna").await;
        let desk = portal.desk().await;
        let (asked, provider) = requested(&portal, &anna).await;
        let elsewhere = desk.portal.providers().await.unwrap();
        let elsewhere = elsewhere.iter().find(|other| other.location_id != provider.location_id).unwrap();
        let past: Time = begin().plus(TimeDelta::days(-1));
        let wrong = [
            (Booking { starts_at: past, ..at_nine(&provider) }, "starts_at"),
            (Booking { minutes: 0, ..at_nine(&provider) }, "minutes"),
            (Booking { provider_id: elsewhere.id, ..at_nine(&provider) }, "provider_id"),
        ];
        for (booking, field) in wrong {
            let problem = refused(desk.portal.approve_appointment(&asked, &booking, Uuid::new_v4()).await);
            assert_eq!(problem.errors[0].field, field);
        }
    }
}

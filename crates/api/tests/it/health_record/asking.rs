//! PHR-1, PHR-4, SEC-5: asked for, made, told in the inbox, downloaded, thrown away.

use chrono::TimeDelta;
use diesel::prelude::*;
use portal_api::{
    features::health_record::{expire_due, make_due},
    platform::{db::schema::health_records, secret::hash},
};
use portal_domain::{
    ids::HealthRecordId,
    mail::ItemKind,
    practice::Policies,
    problem::Code,
    record::{DateRange, HealthRecordView, NewHealthRecord, RecordFailure, RecordState, Section},
};

use super::*;
use crate::harness::refused;

async fn ask(person: &Person) -> Result<HealthRecordView, portal_client::Error> {
    person.portal.request_health_record(person.patient(), &NewHealthRecord::default(), Uuid::new_v4()).await
}

async fn look(person: &Person, id: HealthRecordId) -> HealthRecordView {
    person.portal.health_record(person.patient(), id).await.unwrap()
}

async fn read(person: &Person, id: HealthRecordId) -> Result<String, portal_client::Error> {
    let file = person.portal.health_record_file(person.patient(), id, RecordFormat::Text).await;
    file.map(|bytes| String::from_utf8(bytes).unwrap())
}

/// What the inbox tells of records, newest first.
async fn told(person: &Person) -> Vec<(ItemKind, Uuid)> {
    let inbox = person.portal.inbox(person.patient(), &Default::default()).await.unwrap();
    let of_record = |kind| matches!(kind, ItemKind::HealthRecordReady | ItemKind::HealthRecordFailed);
    inbox.items.iter().filter(|item| of_record(item.kind)).map(|item| (item.kind, item.subject_id)).collect()
}

/// The same person, signed in anew, as time has passed.
async fn again(portal: &TestPortal, person: &Person) -> Person {
    portal.sign_in(&person.session.username).await
}

async fn set_offered(portal: &TestPortal, offered: bool) {
    let admin = portal.staff(Role::Admin).await;
    let now = admin.portal.policies().await.unwrap();
    let policies = Policies { health_records: offered, ..now.policies };
    admin.portal.change_policies(now.version, &policies).await.unwrap();
}

on_both! {
    async fn a_record_is_asked_for_made_told_and_downloaded_as_the_operator_would_export_it(portal) {
        let (anna, folder) = (portal.patient("Anna").await, tempfile::tempdir().unwrap());
        fill(&portal, anna.patient()).await;
        let asked = ask(&anna).await.unwrap();
        assert_eq!((asked.state, asked.files.len()), (RecordState::Queued, 0));
        assert_eq!(refused(read(&anna, asked.id).await).code, Code::RecordNotReady);
        assert_eq!(told(&anna).await, []);

        assert_eq!(make_due(&portal.app).await.unwrap(), 1);
        let ready = look(&anna, asked.id).await;
        assert_eq!((ready.state, ready.ready_at), (RecordState::Ready, Some(portal.clock.now())));
        assert_eq!(ready.expires_at, Some(portal.clock.now().plus(TimeDelta::days(30))));
        assert_eq!(told(&anna).await, [(ItemKind::HealthRecordReady, asked.id.0)]);
        for format in RecordFormat::ALL.iter().copied() {
            anna.portal.check_health_record_download(anna.patient(), asked.id, format).await.unwrap();
            let bytes = anna.portal.health_record_file(anna.patient(), asked.id, format).await.unwrap();
            let out = folder.path().join(format.extension());
            export_file(&portal.app, &anna.patient().to_string(), format, &out).await.unwrap();
            assert!(bytes == std::fs::read(out).unwrap(), "{format} differs");
            let digits: String = hash(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            let file = ready.files.iter().find(|file| file.format == format).unwrap();
            assert_eq!((file.size, &file.sha256), (bytes.len() as i64, &digits));
        }
        let all = anna.portal.health_records(anna.patient(), &Default::default()).await.unwrap();
        assert_eq!(all.items, [ready]);
    }

    async fn sections_and_days_are_those_that_were_asked_for(portal) {
        let anna = portal.patient("Anna").await;
        fill(&portal, anna.patient()).await;
        let asked = NewHealthRecord {
            sections: vec![Section::Insurance, Section::Allergies, Section::Insurance],
            range: DateRange { from: "2026-01-01".parse().ok(), to: None },
        };
        let record = anna.portal.request_health_record(anna.patient(), &asked, Uuid::new_v4()).await.unwrap();
        assert_eq!(record.sections, [Section::Allergies, Section::Insurance]);
        make_due(&portal.app).await.unwrap();
        let text = read(&anna, record.id).await.unwrap();
        assert!(text.contains("Hazelnut") && text.contains("Harbor Mutual") && text.contains("Days: since Jan 1, 2026"), "{text}");
        assert!(!text.contains("Metformin") && !text.contains("Migraine"), "{text}");
        let reversed = NewHealthRecord { range: DateRange { from: "2026-02-01".parse().ok(), to: "2026-01-01".parse().ok() }, ..asked };
        let problem = refused(anna.portal.request_health_record(anna.patient(), &reversed, Uuid::new_v4()).await);
        assert_eq!((problem.code, problem.errors[0].field.as_str()), (Code::Invalid, "range.to"));
    }

    async fn without_a_proof_of_the_last_five_minutes_nothing_is_asked_for_or_taken_away(portal) {
        let anna = portal.patient("Anna").await;
        let record = ask(&anna).await.unwrap();
        make_due(&portal.app).await.unwrap();
        portal.clock.advance(TimeDelta::minutes(6));
        let (patient, id) = (anna.patient(), record.id);
        let refusals = [
            refused(ask(&anna).await),
            refused(anna.portal.retry_health_record(patient, id).await),
            refused(anna.portal.check_health_record_download(patient, id, RecordFormat::Text).await),
            refused(read(&anna, id).await),
        ];
        assert!(refusals.iter().all(|refusal| refusal.code == Code::ProofRequired), "{refusals:?}");
        assert_eq!(look(&anna, id).await.state, RecordState::Ready, "looking is free");
        let anna = again(&portal, &anna).await;
        assert!(read(&anna, id).await.is_ok());
    }

    async fn a_practice_that_does_not_offer_records_says_so_and_finished_ones_stay(portal) {
        let anna = portal.patient("Anna").await;
        let record = ask(&anna).await.unwrap();
        make_due(&portal.app).await.unwrap();
        assert!(anna.portal.practice().await.unwrap().health_records);
        set_offered(&portal, false).await;
        assert!(!anna.portal.practice().await.unwrap().health_records);
        assert_eq!(refused(ask(&anna).await).code, Code::RecordsNotOffered);
        assert!(read(&anna, record.id).await.is_ok());
        set_offered(&portal, true).await;
        assert!(ask(&anna).await.is_ok());
    }

    async fn after_thirty_days_the_files_are_gone_and_the_record_says_so(portal) {
        let anna = portal.patient("Anna").await;
        let record = ask(&anna).await.unwrap();
        make_due(&portal.app).await.unwrap();
        portal.clock.advance(TimeDelta::days(30) - TimeDelta::seconds(1));
        assert_eq!(expire_due(&portal.app).await.unwrap(), 0);
        let anna = again(&portal, &anna).await;
        assert!(read(&anna, record.id).await.is_ok());
        portal.clock.advance(TimeDelta::seconds(1));
        assert_eq!(refused(read(&anna, record.id).await).code, Code::RecordNotReady, "before upkeep too");
        let kept = std::fs::read_dir(portal.app.settings.data_dir.join("files")).unwrap().count();
        assert_eq!(kept, RecordFormat::ALL.len());
        assert_eq!(expire_due(&portal.app).await.unwrap(), 1);
        assert_eq!(std::fs::read_dir(portal.app.settings.data_dir.join("files")).unwrap().count(), 0);
        let over = look(&anna, record.id).await;
        assert_eq!((over.state, over.files.len()), (RecordState::Expired, 0));
        assert_eq!(expire_due(&portal.app).await.unwrap(), 0);
    }

    async fn who_asks_an_eleventh_time_in_a_day_is_told_when_to_come_back(portal) {
        let anna = portal.patient("Anna").await;
        for _ in 0..10 {
            ask(&anna).await.unwrap();
        }
        let refusal = refused(ask(&anna).await);
        assert_eq!(refusal.code, Code::TooManyRequests);
        // A repeat of the same request is no other one.
        let key = Uuid::new_v4();
        portal.clock.advance(TimeDelta::days(1));
        let anna = again(&portal, &anna).await;
        let first = anna.portal.request_health_record(anna.patient(), &NewHealthRecord::default(), key).await.unwrap();
        let second = anna.portal.request_health_record(anna.patient(), &NewHealthRecord::default(), key).await.unwrap();
        assert_eq!(first.id, second.id);
    }

    async fn of_several_servers_one_makes_each_record(portal) {
        let anna = portal.patient("Anna").await;
        let mut asked = Vec::new();
        for _ in 0..6 {
            asked.push((ItemKind::HealthRecordReady, ask(&anna).await.unwrap().id.0));
        }
        let makers: Vec<_> = (0..8).map(|_| make_due(&portal.app)).collect();
        let made: usize = futures_util::future::join_all(makers).await.into_iter().map(Result::unwrap).sum();
        assert_eq!(made, 6);
        let mut arrived = told(&anna).await;
        arrived.sort_by_key(|(_, id)| *id);
        asked.sort_by_key(|(_, id)| *id);
        assert_eq!(arrived, asked, "each told once");
        let kept = std::fs::read_dir(portal.app.settings.data_dir.join("files")).unwrap().count();
        assert_eq!(kept, 6 * RecordFormat::ALL.len(), "no file too many");
    }

    async fn what_a_server_left_unfinished_is_made_by_the_next_one(portal) {
        let anna = portal.patient("Anna").await;
        let record = ask(&anna).await.unwrap();
        let claimed = portal.clock.now();
        let row = health_records::table.filter(health_records::id.eq(record.id));
        let crashed = move |conn: &mut portal_api::platform::db::Conn| {
            diesel::update(row)
                .set((health_records::state.eq(RecordState::Making), health_records::claimed_at.eq(claimed), health_records::tries.eq(1)))
                .execute(conn)?;
            Ok(())
        };
        portal.app.db.write(crashed).await.unwrap();
        assert_eq!(make_due(&portal.app).await.unwrap(), 0, "somebody may still be at it");
        portal.clock.advance(TimeDelta::minutes(6));
        assert_eq!(make_due(&portal.app).await.unwrap(), 1);
        assert_eq!(look(&anna, record.id).await.state, RecordState::Ready);
    }

    async fn while_files_can_not_be_kept_it_is_tried_again_then_said_and_a_retry_mends_it(portal) {
        let anna = portal.patient("Anna").await;
        let record = ask(&anna).await.unwrap();
        let (files, aside) = (portal.app.settings.data_dir.join("files"), portal.app.settings.data_dir.join("aside"));
        std::fs::rename(&files, &aside).unwrap();
        std::fs::write(&files, "no folder").unwrap();
        for _ in 0..2 {
            assert!(make_due(&portal.app).await.is_err());
            assert_eq!(look(&anna, record.id).await.state, RecordState::Queued);
        }
        assert_eq!(make_due(&portal.app).await.unwrap(), 0);
        let failed = look(&anna, record.id).await;
        assert_eq!((failed.state, failed.failure), (RecordState::Failed, Some(RecordFailure::StoreAway)));
        assert_eq!(told(&anna).await, [(ItemKind::HealthRecordFailed, record.id.0)]);

        std::fs::remove_file(&files).unwrap();
        std::fs::rename(&aside, &files).unwrap();
        assert_eq!(make_due(&portal.app).await.unwrap(), 0, "only when asked");
        let waiting = anna.portal.retry_health_record(anna.patient(), record.id).await.unwrap();
        assert_eq!((waiting.state, waiting.failure), (RecordState::Queued, None));
        assert_eq!(make_due(&portal.app).await.unwrap(), 1);
        assert!(read(&anna, record.id).await.is_ok());
        assert_eq!(refused(anna.portal.retry_health_record(anna.patient(), record.id).await).code, Code::WrongState);
    }
}

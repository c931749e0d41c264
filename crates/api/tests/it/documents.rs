//! PHR-6: documents that the practice attached are the patient's from their release to their withdrawal.

use chrono::TimeDelta;
use diesel::prelude::*;
use portal_api::{features::health_record::make_due, platform::db::schema::outbox_mails};
use portal_domain::{
    access::Role,
    documents::{DocumentKind, DocumentState, DocumentView, DocumentWithdrawal, NewDocument},
    ids::{DocumentId, PatientId},
    mail::ItemKind,
    outbox::{MailKind, MailState},
    problem::{Code, Problem},
    record::{NewHealthRecord, RecordFormat},
};
use uuid::Uuid;

use crate::harness::{on_both, people::Person, portal::TestPortal, refused};

const SECRET: &str = "Zebrafish protocol";

fn new() -> NewDocument {
    NewDocument {
        title: SECRET.into(),
        kind: DocumentKind::VisitSummary,
        date: "2026-10-05".parse().unwrap(),
        text: "Walk daily.\nDrink water.".into(),
    }
}

async fn create(staff: &Person, patient: PatientId, new: &NewDocument) -> DocumentView {
    staff.portal.create_document(patient, new, Uuid::new_v4()).await.unwrap()
}

async fn release(staff: &Person, patient: PatientId, of: &DocumentView) -> DocumentView {
    staff.portal.release_document(patient, of.id, of.version, Uuid::new_v4()).await.unwrap()
}

async fn withdraw(
    staff: &Person,
    patient: PatientId,
    of: &DocumentView,
) -> Result<DocumentView, portal_client::Error> {
    let why = DocumentWithdrawal { reason: "It was another patient's.".into() };
    staff.portal.withdraw_document(patient, of.id, of.version, &why, Uuid::new_v4()).await
}

/// Everything that a patient can reach of documents, as text.
async fn reach(anna: &Person, id: DocumentId) -> String {
    let patient = anna.patient();
    let list = anna.portal.documents(patient, &Default::default()).await.unwrap();
    let inbox = anna.portal.inbox(patient, &Default::default()).await.unwrap();
    let one = anna.portal.document(patient, id).await;
    format!("{:?} {:?} {:?}", list.items, inbox.items, one.ok())
}

/// What each way to a document says when it is not there.
async fn refusals(anna: &Person, id: DocumentId) -> Vec<Problem> {
    let patient = anna.patient();
    vec![
        refused(anna.portal.document(patient, id).await),
        refused(anna.portal.document_file(patient, id).await),
        refused(anna.portal.mark_document_read(patient, id).await),
    ]
}

async fn news(portal: &TestPortal) -> Vec<MailState> {
    let mails = outbox_mails::table.filter(outbox_mails::kind.eq(MailKind::SomethingNew));
    let states = mails.order(outbox_mails::created_at).select(outbox_mails::state);
    portal.app.db.read(move |conn| Ok(states.load(conn)?)).await.unwrap()
}

fn kept(portal: &TestPortal) -> usize {
    std::fs::read_dir(portal.app.settings.data_dir.join("files")).map_or(0, Iterator::count)
}

on_both! {
    async fn until_its_release_a_document_is_nowhere_for_the_patient_and_then_it_is_told(portal) {
        let (anna, doctor) = (portal.patient("Anna").await, portal.staff(Role::Provider).await);
        let patient = anna.patient();
        let draft = create(&doctor, patient, &new()).await;
        let draft = doctor.portal.upload_document_file(patient, draft.id, "plan.txt", b"Walk.".to_vec()).await.unwrap();
        assert_eq!((draft.state, draft.author), (DocumentState::Unreleased, doctor.session.display_name.clone()));
        assert!(!reach(&anna, draft.id).await.contains(SECRET));
        let nothing = DocumentId(Uuid::new_v4());
        for (real, random) in refusals(&anna, draft.id).await.into_iter().zip(refusals(&anna, nothing).await) {
            assert_eq!((real.code, real.detail, real.errors), (random.code, random.detail, random.errors));
            assert_eq!(random.code, Code::NotFound);
        }

        let draft = doctor.portal.document(patient, draft.id).await.unwrap();
        let released = release(&doctor, patient, &draft).await;
        assert_eq!((released.state, released.released_at), (DocumentState::Released, Some(portal.clock.now())));
        let inbox = anna.portal.inbox(patient, &Default::default()).await.unwrap();
        let told: Vec<_> = inbox.items.iter().filter(|item| item.kind == ItemKind::DocumentReleased).collect();
        assert_eq!((told.len(), told[0].subject_id, told[0].title.as_str()), (1, draft.id.0, SECRET));
        let list = anna.portal.documents(patient, &Default::default()).await.unwrap();
        assert_eq!((list.items.len(), list.items[0].text.as_str()), (1, ""), "a list is for choosing");
        let read = anna.portal.document(patient, draft.id).await.unwrap();
        assert_eq!((read.text.as_str(), read.read_at), ("Walk daily.\nDrink water.", None));
        assert_eq!(anna.portal.document_file(patient, draft.id).await.unwrap(), b"Walk.");

        portal.clock.advance(TimeDelta::seconds(5));
        anna.portal.mark_document_read(patient, draft.id).await.unwrap();
        let first = portal.clock.now();
        portal.clock.advance(TimeDelta::seconds(5));
        anna.portal.mark_document_read(patient, draft.id).await.unwrap();
        assert_eq!(doctor.portal.document(patient, draft.id).await.unwrap().read_at, Some(first), "staff see it was read");
        let inbox = anna.portal.inbox(patient, &Default::default()).await.unwrap();
        assert!(inbox.items.iter().all(|item| item.kind != ItemKind::DocumentReleased || item.read_at.is_some()));
    }

    async fn a_withdrawn_document_is_gone_with_its_news_and_staff_see_why(portal) {
        let (anna, nurse) = (portal.patient("Anna").await, portal.staff(Role::Nurse).await);
        portal.verify_email(&anna, "anna@example.org").await;
        portal.clock.advance(TimeDelta::seconds(1));
        let patient = anna.patient();
        let released = release(&nurse, patient, &create(&nurse, patient, &new()).await).await;
        assert!(reach(&anna, released.id).await.contains(SECRET));
        assert_eq!(news(&portal).await, [MailState::Queued]);
        let empty = DocumentWithdrawal { reason: " ".into() };
        let unexplained = nurse.portal.withdraw_document(patient, released.id, released.version, &empty, Uuid::new_v4()).await;
        assert_eq!(refused(unexplained).errors[0].field, "reason");

        let gone = withdraw(&nurse, patient, &released).await.unwrap();
        let why = gone.withdrawal.clone().unwrap();
        assert_eq!((gone.state, why.reason.as_str(), why.by), (DocumentState::Withdrawn, "It was another patient's.", nurse.session.display_name.clone()));
        assert!(!reach(&anna, released.id).await.contains(SECRET));
        assert!(refusals(&anna, released.id).await.iter().all(|refusal| refusal.code == Code::NotFound));
        assert_eq!(news(&portal).await, [MailState::Suppressed]);
        assert_eq!(refused(withdraw(&nurse, patient, &gone).await).code, Code::WrongState);
        let again = nurse.portal.release_document(patient, gone.id, gone.version, Uuid::new_v4()).await;
        assert_eq!(refused(again).code, Code::WrongState, "what was withdrawn is attached anew");
    }

    async fn the_patient_never_sees_why_a_document_of_before_was_withdrawn(portal) {
        let (anna, nurse) = (portal.patient("Anna").await, portal.staff(Role::Nurse).await);
        let patient = anna.patient();
        let released = release(&nurse, patient, &create(&nurse, patient, &new()).await).await;
        withdraw(&nurse, patient, &released).await.unwrap();
        let other = release(&nurse, patient, &create(&nurse, patient, &new()).await).await;
        let list = anna.portal.documents(patient, &Default::default()).await.unwrap();
        assert_eq!(list.items.iter().map(|item| item.id).collect::<Vec<_>>(), [other.id]);
        assert!(list.items.iter().all(|item| item.withdrawal.is_none()));
        let all = nurse.portal.documents(patient, &Default::default()).await.unwrap();
        assert_eq!(all.items.len(), 2);
    }

    async fn files_have_the_limits_of_messages_and_what_is_refused_leaves_nothing(portal) {
        let (anna, records) = (portal.patient("Anna").await, portal.staff(Role::Records).await);
        let patient = anna.patient();
        let draft = create(&records, patient, &NewDocument { text: String::new(), ..new() }).await;
        let send = async |name: &str, bytes: &[u8]| {
            records.portal.upload_document_file(patient, draft.id, name, bytes.to_vec()).await
        };
        for (name, bytes, code) in [
            ("empty.txt", &b""[..], "file_empty"),
            ("page.html", b"<p>", "file_kind"),
            ("scan.pdf", b"no pdf", "file_content"),
            ("large.txt", &vec![b'a'; 6 * 1024 * 1024 + 1], "file_too_large"),
        ] {
            let refusal = refused(send(name, bytes).await);
            assert_eq!((refusal.code, refusal.errors[0].code.as_str()), (Code::Invalid, code));
        }
        assert_eq!(kept(&portal), 0);
        let unready = records.portal.release_document(patient, draft.id, 1, Uuid::new_v4()).await;
        assert_eq!(refused(unready).errors[0].code, "document_empty");
        let with_file = send("plan.txt", b"Walk.").await.unwrap();
        assert_eq!(refused(send("more.txt", b"Run.").await).errors[0].code, "too_many_files");
        assert_eq!(kept(&portal), 1);
        let stale = records.portal.release_document(patient, draft.id, 1, Uuid::new_v4()).await;
        assert_eq!(refused(stale).code, Code::StaleVersion, "the file came after it was looked at");
        release(&records, patient, &with_file).await;
        assert_eq!(refused(records.portal.discard_document(patient, draft.id).await).code, Code::WrongState);

        let other = create(&records, patient, &new()).await;
        records.portal.upload_document_file(patient, other.id, "plan.txt", b"Walk.".to_vec()).await.unwrap();
        records.portal.discard_document(patient, other.id).await.unwrap();
        assert_eq!(kept(&portal), 1, "its bytes went with it");
        assert_eq!(refused(records.portal.document(patient, other.id).await).code, Code::NotFound);
    }

    async fn what_is_saved_is_an_attachment_that_no_browser_looks_at(portal) {
        let (anna, nurse) = (portal.patient("Anna").await, portal.staff(Role::Nurse).await);
        let patient = anna.patient();
        let draft = create(&nurse, patient, &new()).await;
        let draft = nurse.portal.upload_document_file(patient, draft.id, "plan.txt", b"<script>".to_vec()).await.unwrap();
        release(&nurse, patient, &draft).await;
        let path = portal_client::document_file_path(patient, draft.id);
        let saved = portal.send(&portal.cookie(&anna).await, portal.request("GET", &path)).await;
        assert_eq!((saved.status, saved.header("x-content-type-options"), saved.header("cache-control")), (200, "nosniff", "no-store"));
        assert!(saved.header("content-disposition").starts_with("attachment; filename=\"plan.txt\""), "{saved:?}");
        assert!(saved.header("content-security-policy").contains("sandbox"));
    }

    async fn of_fifty_releases_at_once_one_is_done_and_told(portal) {
        let (anna, nurse) = (portal.patient("Anna").await, portal.staff(Role::Nurse).await);
        let patient = anna.patient();
        let draft = create(&nurse, patient, &new()).await;
        let releases = (0..50).map(|_| nurse.portal.release_document(patient, draft.id, draft.version, Uuid::new_v4()));
        let answers = futures_util::future::join_all(releases).await;
        let (done, refusals): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
        assert_eq!(done.len(), 1);
        assert!(refusals.into_iter().all(|answer| refused(answer).code == Code::WrongState));
        let inbox = anna.portal.inbox(patient, &Default::default()).await.unwrap();
        assert_eq!(inbox.items.iter().filter(|item| item.kind == ItemKind::DocumentReleased).count(), 1);
    }

    async fn a_document_is_refused_by_field_and_once_a_key(portal) {
        let (anna, nurse) = (portal.patient("Anna").await, portal.staff(Role::Nurse).await);
        let patient = anna.patient();
        let tomorrow = NewDocument { date: "2026-10-06".parse().unwrap(), title: " ".into(), ..new() };
        let refusal = refused(nurse.portal.create_document(patient, &tomorrow, Uuid::new_v4()).await);
        let fields: Vec<_> = refusal.errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["title", "date"]);
        let key = Uuid::new_v4();
        let first = nurse.portal.create_document(patient, &new(), key).await.unwrap();
        let again = nurse.portal.create_document(patient, &new(), key).await.unwrap();
        assert_eq!(first, again);
        let all = nurse.portal.documents(patient, &Default::default()).await.unwrap();
        assert_eq!(all.items.len(), 1);
    }

    async fn a_released_document_is_in_the_record_and_taking_it_back_ends_the_copies_made_with_it(portal) {
        let (anna, doctor) = (portal.patient("Anna").await, portal.staff(Role::Provider).await);
        let patient = anna.patient();
        let draft = create(&doctor, patient, &new()).await;
        let ask = async || {
            let asked = anna.portal.request_health_record(patient, &NewHealthRecord::default(), Uuid::new_v4()).await.unwrap();
            make_due(&portal.app).await.unwrap();
            asked.id
        };
        let texts = [RecordFormat::Text, RecordFormat::Ccda, RecordFormat::Fhir];
        let before = ask().await;
        for format in texts {
            let bytes = anna.portal.health_record_file(patient, before, format).await.unwrap();
            assert!(!String::from_utf8(bytes).unwrap().contains(SECRET), "{format} before its release");
        }
        portal.clock.advance(TimeDelta::minutes(1));
        let shown = release(&doctor, patient, &draft).await;
        let with = ask().await;
        for format in texts {
            let bytes = anna.portal.health_record_file(patient, with, format).await.unwrap();
            let text = String::from_utf8(bytes).unwrap();
            for told in [SECRET, "Visit summary", "Staff provider"] {
                assert!(text.contains(told), "{told} in {format}");
            }
            assert!(text.contains("2026-10-05") || text.contains("Oct 5, 2026"), "{format}");
        }
        portal.clock.advance(TimeDelta::minutes(1));
        withdraw(&doctor, patient, &shown).await.unwrap();
        for format in RecordFormat::ALL {
            assert_eq!(refused(anna.portal.health_record_file(patient, with, *format).await).code, Code::RecordNotReady, "{format}");
        }
        anna.portal.health_record_file(patient, before, RecordFormat::Text).await.expect("a copy without it stays");
        let after = ask().await;
        let bytes = anna.portal.health_record_file(patient, after, RecordFormat::Text).await.unwrap();
        assert!(!String::from_utf8(bytes).unwrap().contains(SECRET));
    }
}

//! Notices: who sees them and when, what staff may do with them, and who acknowledged what (NOT-1).

use chrono::TimeDelta;
use portal_api::features::notices::deliver_due;
use portal_domain::{
    access::Role,
    audience::{Audience, CodedTerm},
    ids::{NoticeId, PatientId},
    mail::ItemKind,
    notices::{NoticeContent, NoticeText, NoticeView, Phase, Severity},
    outbox::MailKind,
    page::PageQuery,
    problem::Code,
    time::Time,
};
use serde_json::json;
use uuid::Uuid;

use crate::harness::{
    charts::entry,
    on_both,
    people::Person,
    portal::{TestPortal, begin},
    refused,
};

fn text(language: &str, title: &str) -> NoticeText {
    NoticeText {
        language: language.into(),
        title: title.into(),
        body: "Come in.\n\nNo appointment needed.".into(),
    }
}

/// From Monday, 5 October 2026 (the day on which tests begin) to the next day.
fn content() -> NoticeContent {
    NoticeContent {
        audience: Audience::default(),
        severity: Severity::Important,
        must_acknowledge: true,
        starts_on: "2026-10-05".parse().unwrap(),
        ends_on: "2026-10-06".parse().unwrap(),
        texts: vec![text("en", "Flu shots are here"), text("es", "Vacunas contra la gripe")],
    }
}

async fn publish(desk: &Person, content: &NoticeContent) -> NoticeView {
    desk.portal.publish_notice(content, Uuid::new_v4()).await.unwrap()
}

/// The ids on the home page.
async fn shown(person: &Person) -> Vec<NoticeId> {
    let notices = person.portal.current_notices(person.patient()).await.unwrap();
    notices.into_iter().map(|notice| notice.id).collect()
}

/// The titles of notices in the inbox.
async fn arrived(person: &Person) -> Vec<String> {
    let inbox = person.portal.inbox(person.patient(), &Default::default()).await.unwrap();
    inbox.items.into_iter().filter(|item| item.kind == ItemKind::Notice).map(|item| item.title).collect()
}

fn at(text: &str) -> Time {
    text.parse().unwrap()
}

fn go_to(portal: &TestPortal, time: Time) {
    portal.clock.advance(time.since(portal.clock.now()));
}

/// No trace of a notice on any way that a patient has.
async fn assert_hidden(person: &Person, notice: NoticeId) {
    let inbox = person.portal.inbox(person.patient(), &Default::default()).await.unwrap();
    let others = |kind: ItemKind, read: Option<Time>| kind != ItemKind::Notice && read.is_none();
    let others = inbox.items.iter().filter(|item| others(item.kind, item.read_at)).count();
    assert_eq!(inbox.unread, others as i64, "not counted");
    assert_eq!(shown(person).await, []);
    assert_eq!(arrived(person).await, Vec::<String>::new());
    assert_eq!(refused(person.portal.read_notice(person.patient(), notice).await).code, Code::NotFound);
    assert_eq!(
        refused(person.portal.acknowledge_notice(person.patient(), notice).await).code,
        Code::NotFound
    );
}

async fn give_condition(portal: &TestPortal, patient: PatientId, code: &str, status: &str) {
    let source = portal.sources.borrow()[&patient].clone();
    portal.import(vec![entry(json!({
        "resourceType": "Condition", "id": Uuid::new_v4().to_string(),
        "subject": { "reference": format!("Patient/{source}") },
        "clinicalStatus": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": status }] },
        "code": { "coding": [{ "system": "http://snomed.info/sct", "code": code }], "text": "Asthma" },
    }))]).await;
}

on_both! {
    async fn a_notice_is_on_the_home_page_and_in_the_inbox_and_is_acknowledged_once(portal) {
        let (anna, desk) = (portal.patient("Anna").await, portal.desk().await);
        let notice = publish(&desk, &content()).await;
        assert_eq!((notice.phase, notice.version, notice.published_by.as_str()), (Phase::Running, 1, "Staff front_desk"));
        assert_eq!(arrived(&anna).await, ["Flu shots are here"]);
        let shown = anna.portal.current_notices(anna.patient()).await.unwrap();
        assert_eq!(shown[0].text, text("en", "Flu shots are here"), "the reader's language");
        assert_eq!(shown[0].other_texts, [text("es", "Vacunas contra la gripe")]);
        assert_eq!(shown[0].acknowledged_at, None);

        let first = anna.portal.acknowledge_notice(anna.patient(), notice.id).await.unwrap();
        assert_eq!(first.acknowledged_at, Some(begin()));
        go_to(&portal, begin().plus(chrono::TimeDelta::minutes(5)));
        let again = anna.portal.acknowledge_notice(anna.patient(), notice.id).await.unwrap();
        assert_eq!(again.acknowledged_at, Some(begin()), "the first time counts");
        let view = desk.portal.notice(notice.id).await.unwrap();
        assert_eq!((view.reached, view.acknowledged), (1, 1));
    }

    async fn a_notice_runs_from_local_midnight_to_local_midnight_and_is_delivered_once(portal) {
        let (anna, desk) = (portal.patient("Anna").await, portal.desk().await);
        let mut later = content();
        (later.starts_on, later.ends_on) = ("2026-10-06".parse().unwrap(), "2026-10-06".parse().unwrap());
        let notice = publish(&desk, &later).await;
        assert_eq!(notice.phase, Phase::Scheduled);
        // The practice keeps the time of New York, four hours behind in October.
        go_to(&portal, at("2026-10-06T03:59:59.999999Z"));
        let anna = portal.sign_in(&anna.session.username).await;
        assert_eq!(deliver_due(&portal.app).await.unwrap(), 0);
        assert_hidden(&anna, notice.id).await;

        go_to(&portal, at("2026-10-06T04:00:00Z"));
        assert_eq!(shown(&anna).await, [notice.id], "on the home page to the instant");
        let beside = portal.beside(|_| {}).await;
        let (one, other) = tokio::join!(deliver_due(&portal.app), deliver_due(&beside.app));
        assert_eq!(one.unwrap() + other.unwrap(), 1, "two servers deliver it once");
        assert_eq!(arrived(&anna).await, ["Flu shots are here"]);

        go_to(&portal, at("2026-10-07T03:59:59.999999Z"));
        let anna = portal.sign_in(&anna.session.username).await;
        assert_eq!(shown(&anna).await, [notice.id]);
        go_to(&portal, at("2026-10-07T04:00:00Z"));
        assert_eq!(shown(&anna).await, [], "over");
        let over = anna.portal.read_notice(anna.patient(), notice.id).await.unwrap();
        assert!(over.ended, "the inbox still leads to it");
        let desk = portal.desk().await;
        let late = desk.portal.change_notice(notice.id, 1, &content()).await;
        assert_eq!(refused(late).code, Code::WrongState);
    }

    async fn a_patient_outside_the_audience_never_sees_a_notice(portal) {
        let desk = portal.desk().await;
        let (anna, berta) = (portal.patient("Anna").await, portal.patient("Berta").await);
        let providers = anna.portal.providers().await.unwrap();
        let location = providers[0].location_id.unwrap();
        let request = portal_domain::appointments::NewRequest {
            location_id: location,
            provider_id: None,
            reason: portal_domain::appointments::Reason::CheckUp,
            preferred: vec![],
            note: String::new(),
        };
        anna.portal.request_appointment(anna.patient(), &request, Uuid::new_v4()).await.unwrap();
        give_condition(&portal, anna.patient(), "195967001", "active").await;
        give_condition(&portal, berta.patient(), "195967001", "resolved").await;
        let asthma = CodedTerm { system: "http://snomed.info/sct".into(), code: "195967001".into() };
        let audiences = [
            Audience { location_id: Some(location), ..Audience::default() },
            Audience { condition: Some(asthma.clone()), ..Audience::default() },
            Audience { condition: Some(asthma), location_id: Some(location), min_age: Some(46), max_age: Some(46) },
        ];
        let nurse = portal.staff(Role::Nurse).await;
        for audience in audiences {
            assert_eq!(nurse.portal.notice_reach(&audience).await.unwrap().patients, 1);
            let notice = publish(&nurse, &NoticeContent { audience, ..content() }).await;
            assert_eq!(notice.reached, 1);
            assert_hidden(&berta, notice.id).await;
            assert!(shown(&anna).await.contains(&notice.id));
        }
        let children = Audience { max_age: Some(17), ..Audience::default() };
        let notice = publish(&desk, &NoticeContent { audience: children, ..content() }).await;
        assert_eq!(refused(anna.portal.read_notice(anna.patient(), notice.id).await).code, Code::NotFound);
        let elsewhere = Audience { location_id: Some(portal_domain::ids::LocationId(Uuid::new_v4())), ..Audience::default() };
        assert_eq!(refused(desk.portal.notice_reach(&elsewhere).await).errors[0].field, "audience.location_id");
    }

    async fn who_has_a_condition_is_told_to_clinical_staff_only(portal) {
        let (anna, desk, nurse) =
            (portal.patient("Anna").await, portal.desk().await, portal.staff(Role::Nurse).await);
        give_condition(&portal, anna.patient(), "195967001", "active").await;
        let asthma = CodedTerm { system: "http://snomed.info/sct".into(), code: "195967001".into() };
        let audience = Audience { condition: Some(asthma), ..Audience::default() };
        let written = NoticeContent { audience: audience.clone(), ..content() };
        let notice = publish(&nurse, &written).await;
        assert_eq!(nurse.portal.acknowledgements(notice.id, &Default::default()).await.unwrap().items.len(), 1);
        for admin in [desk, portal.staff(Role::Admin).await] {
            let staff = &admin.portal;
            let refusals = [
                refused(staff.notice_reach(&audience).await),
                refused(staff.publish_notice(&written, Uuid::new_v4()).await),
                refused(staff.change_notice(notice.id, 1, &written).await),
                refused(staff.acknowledgements(notice.id, &Default::default()).await),
                refused(staff.acknowledgement_table(notice.id).await),
            ];
            assert!(refusals.iter().all(|refusal| refusal.code == Code::RoleRequired), "{refusals:?}");
            assert!(staff.notice(notice.id).await.is_ok(), "what it says is no secret");
        }
    }

    async fn a_patient_who_comes_later_gets_a_running_notice(portal) {
        let desk = portal.desk().await;
        let notice = publish(&desk, &content()).await;
        let anna = portal.patient("Anna").await;
        assert_eq!(shown(&anna).await, [notice.id]);
        assert_eq!(arrived(&anna).await, Vec::<String>::new());
        // Read on the home page before the inbox has it: it arrives with the acknowledgement.
        anna.portal.acknowledge_notice(anna.patient(), notice.id).await.unwrap();
        assert_eq!(deliver_due(&portal.app).await.unwrap(), 0);
        assert_eq!(arrived(&anna).await.len(), 1);
    }

    async fn a_withdrawn_notice_is_gone_for_patients_and_stays_on_record(portal) {
        let (anna, desk) = (portal.patient("Anna").await, portal.desk().await);
        let notice = publish(&desk, &content()).await;
        anna.portal.acknowledge_notice(anna.patient(), notice.id).await.unwrap();
        assert_eq!(refused(desk.portal.withdraw_notice(notice.id, 2).await).code, Code::StaleVersion);
        let view = desk.portal.withdraw_notice(notice.id, 1).await.unwrap();
        assert_eq!((view.phase, view.version, view.acknowledged), (Phase::Withdrawn, 2, 1));
        assert_hidden(&anna, notice.id).await;
        assert_eq!(deliver_due(&portal.app).await.unwrap(), 0);
        assert_eq!(refused(desk.portal.withdraw_notice(notice.id, 2).await).code, Code::WrongState);
        assert_eq!(refused(desk.portal.change_notice(notice.id, 2, &content()).await).code, Code::WrongState);
    }

    async fn a_withdrawn_notice_takes_the_mail_along_that_has_nothing_else_to_tell_of(portal) {
        let (anna, desk) = (portal.patient("Anna").await, portal.desk().await);
        portal.verify_email(&anna, "anna@example.org").await;
        // The news of the new address is older than what follows.
        portal.clock.advance(TimeDelta::minutes(1));
        let waiting = async || {
            let mails = portal.mails_to("anna@example.org").await;
            mails.iter().filter(|mail| mail.kind == MailKind::SomethingNew).count()
        };
        let arrives = async || {
            let notice = publish(&desk, &content()).await;
            deliver_due(&portal.app).await.unwrap();
            notice.id
        };
        let alone = arrives().await;
        assert_eq!(waiting().await, 1);
        desk.portal.withdraw_notice(alone, 1).await.unwrap();
        assert_eq!(waiting().await, 0);
        let first = arrives().await;
        arrives().await;
        desk.portal.withdraw_notice(first, 1).await.unwrap();
        assert_eq!(waiting().await, 1, "it tells of the other one");
    }

    async fn an_edit_names_the_version_seen_and_keeps_the_audience_of_what_began(portal) {
        let (anna, desk) = (portal.patient("Anna").await, portal.desk().await);
        let notice = publish(&desk, &content()).await;
        let mut edited = content();
        edited.texts[0].title = "Flu shots from noon".into();
        assert_eq!(refused(desk.portal.change_notice(notice.id, 7, &edited).await).code, Code::StaleVersion);
        let view = desk.portal.change_notice(notice.id, 1, &edited).await.unwrap();
        assert_eq!((view.version, view.content), (2, edited.clone()));
        assert_eq!(arrived(&anna).await, ["Flu shots from noon"], "renamed, not delivered twice");
        edited.audience.min_age = Some(65);
        assert_eq!(refused(desk.portal.change_notice(notice.id, 2, &edited).await).code, Code::WrongState);
        let mut silent = content();
        silent.must_acknowledge = false;
        desk.portal.change_notice(notice.id, 2, &silent).await.unwrap();
        assert_eq!(refused(anna.portal.acknowledge_notice(anna.patient(), notice.id).await).code, Code::WrongState);
    }

    async fn the_list_says_who_acknowledged_and_its_table_holds_no_formula(portal) {
        let (anna, desk) = (portal.patient("Anna").await, portal.desk().await);
        let formula = portal.chart("=HYPERLINK(\"x\")", "@SUM(A1)").await;
        let notice = publish(&desk, &content()).await;
        anna.portal.acknowledge_notice(anna.patient(), notice.id).await.unwrap();
        let page = desk.portal.acknowledgements(notice.id, &Default::default()).await.unwrap();
        let of = |patient: PatientId| page.items.iter().find(|item| item.patient.id == patient).unwrap();
        assert_eq!(of(anna.patient()).acknowledged_at, Some(begin()));
        assert_eq!(of(anna.patient()).acknowledged_version, Some(1));
        assert_eq!(of(formula).acknowledged_at, None);
        let one = PageQuery { limit: Some(1), cursor: None };
        let first = desk.portal.acknowledgements(notice.id, &one).await.unwrap();
        let second = PageQuery { cursor: first.next.clone(), ..one };
        let second = desk.portal.acknowledgements(notice.id, &second).await.unwrap();
        assert_ne!(first.items[0].patient.id, second.items[0].patient.id);
        let table = desk.portal.acknowledgement_table(notice.id).await.unwrap();
        assert!(table.contains("'@SUM(A1),\"'=HYPERLINK(\"\"x\"\")\""), "{table}");
        assert!(table.contains("Lund,Anna,2026-10-05 10:00,2026-10-05 10:00"), "the practice's time: {table}");
    }

    async fn a_notice_is_published_once_by_those_who_may(portal) {
        let key = Uuid::new_v4();
        let desk = portal.desk().await;
        let one = desk.portal.publish_notice(&content(), key).await.unwrap();
        assert_eq!(desk.portal.publish_notice(&content(), key).await.unwrap().id, one.id);
        assert_eq!(desk.portal.notices(&Default::default()).await.unwrap().items.len(), 1);
        for role in Role::ALL {
            let staff = portal.staff(*role).await;
            let may = matches!(role, Role::FrontDesk | Role::Nurse | Role::Provider | Role::Admin);
            assert_eq!(staff.portal.notices(&Default::default()).await.is_ok(), may, "{role}");
        }
        let anna = portal.patient("Anna").await;
        let own = anna.portal.publish_notice(&content(), Uuid::new_v4()).await;
        assert_eq!(refused(own).code, Code::RoleRequired);
        let mut wrong = content();
        wrong.texts[1].body = " ".into();
        wrong.ends_on = "2026-10-04".parse().unwrap();
        let problem = refused(desk.portal.publish_notice(&wrong, Uuid::new_v4()).await);
        let fields: Vec<_> = problem.errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["ends_on", "texts[1].body"]);
        assert_eq!(refused(desk.portal.notice(NoticeId(Uuid::new_v4())).await).code, Code::NotFound);
    }
}

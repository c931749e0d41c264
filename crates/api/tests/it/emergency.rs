//! ADM-6: staff open records of their own locations' patients; anybody else's only in an emergency, for a reason, for four
//! hours, told to the privacy officer and to the patient.

use chrono::TimeDelta;
use portal_domain::{
    access::{Action, Category, Role},
    accounts::StaffLocations,
    appointments::{NewRequest, QueueQuery, Reason},
    audit::{AuditQuery, Outcome},
    emergency::{EmergencyReason, NewEmergencyAccess},
    ids::{LocationId, PatientId},
    problem::Code,
};
use uuid::Uuid;

use crate::harness::{
    on_both,
    people::Person,
    portal::{TestPortal, begin},
    refused,
};

fn fainted() -> NewEmergencyAccess {
    NewEmergencyAccess { reason: EmergencyReason::Treatment, note: "She fainted in our waiting room.".into() }
}

async fn locations(portal: &TestPortal) -> Vec<LocationId> {
    let practice = portal.visitor().practice().await.unwrap();
    practice.locations.into_iter().map(|location| location.id).collect()
}

async fn works_at(portal: &TestPortal, person: &Person, locations: &[LocationId]) {
    let new = StaffLocations { locations: locations.to_vec() };
    let admin = portal.staff(Role::Admin).await;
    admin.portal.set_staff_locations(person.session.account_id, &new).await.unwrap();
}

async fn asks_at(person: &Person, location_id: LocationId) {
    let new = NewRequest {
        location_id,
        provider_id: None,
        reason: Reason::CheckUp,
        preferred: vec![],
        note: String::new(),
    };
    person.portal.request_appointment(person.patient(), &new, Uuid::new_v4()).await.unwrap();
}

/// Anna, who goes to the first location, and a member of staff of the second one.
async fn apart(portal: &TestPortal, role: Role) -> (Person, Person) {
    let all = locations(portal).await;
    let (anna, staff) = (portal.patient("Anna").await, portal.staff(role).await);
    asks_at(&anna, all[0]).await;
    works_at(portal, &staff, &all[1..2]).await;
    (anna, staff)
}

/// What is asked of Anna's chart.
async fn looks(staff: &Person, patient: PatientId) -> Result<(), portal_client::Error> {
    staff.portal.results(patient, &Default::default()).await.map(drop)
}

on_both! {
    async fn whoever_works_everywhere_and_whoever_is_known_nowhere_need_no_emergency(portal) {
        let (anna, nurse) = apart(&portal, Role::Nurse).await;
        assert_eq!(refused(looks(&nurse, anna.patient()).await).code, Code::EmergencyAccessRequired);
        let elsewhere = portal.patient("Bruno").await;
        looks(&nurse, elsewhere.patient()).await.unwrap();
        looks(&portal.staff(Role::Nurse).await, anna.patient()).await.unwrap();
        let standing = nurse.portal.emergency_standing(anna.patient()).await.unwrap();
        assert!(standing.is_needed && standing.open.is_none());
        assert!(!nurse.portal.emergency_standing(elsewhere.patient()).await.unwrap().is_needed);
        let needless = nurse.portal.begin_emergency(elsewhere.patient(), &fainted(), Uuid::new_v4()).await;
        assert_eq!(refused(needless).code, Code::WrongState);
    }

    async fn an_emergency_opens_what_the_role_opens_for_four_hours(portal) {
        let (anna, nurse) = apart(&portal, Role::Nurse).await;
        let key = Uuid::new_v4();
        let opened = nurse.portal.begin_emergency(anna.patient(), &fainted(), key).await.unwrap();
        assert_eq!(opened, nurse.portal.begin_emergency(anna.patient(), &fainted(), key).await.unwrap());
        assert_eq!(opened.ends_at.since(begin()), TimeDelta::hours(4));
        looks(&nurse, anna.patient()).await.unwrap();
        nurse.portal.medications(anna.patient()).await.unwrap();
        // Never more than the role: a nurse releases nothing.
        assert_eq!(refused(nurse.portal.proxies(anna.patient()).await).code, Code::RoleRequired);
        // It is this nurse's, and for this patient.
        let all = locations(&portal).await;
        let (colleague, bruno) = (portal.staff(Role::Nurse).await, portal.patient("Bruno").await);
        works_at(&portal, &colleague, &all[1..2]).await;
        assert_eq!(refused(looks(&colleague, anna.patient()).await).code, Code::EmergencyAccessRequired);
        asks_at(&bruno, all[0]).await;
        assert_eq!(refused(looks(&nurse, bruno.patient()).await).code, Code::EmergencyAccessRequired);
        portal.clock.advance(TimeDelta::minutes(4 * 60 - 1));
        let nurse = portal.sign_in(&nurse.session.username).await;
        looks(&nurse, anna.patient()).await.unwrap();
        portal.clock.advance(TimeDelta::minutes(1));
        assert_eq!(refused(looks(&nurse, anna.patient()).await).code, Code::EmergencyAccessRequired);
    }

    async fn it_ends_when_its_holder_says_so_and_the_patient_may_be_known_here_meanwhile(portal) {
        let (anna, nurse) = apart(&portal, Role::Nurse).await;
        nurse.portal.begin_emergency(anna.patient(), &fainted(), Uuid::new_v4()).await.unwrap();
        let standing = nurse.portal.emergency_standing(anna.patient()).await.unwrap();
        assert_eq!(standing.open.unwrap().note, "She fainted in our waiting room.");
        let after = nurse.portal.end_emergency(anna.patient()).await.unwrap();
        assert!(after.is_needed && after.open.is_none());
        assert_eq!(refused(looks(&nurse, anna.patient()).await).code, Code::EmergencyAccessRequired);
        asks_at(&anna, locations(&portal).await[1]).await;
        looks(&nurse, anna.patient()).await.unwrap();
        assert!(!nurse.portal.emergency_standing(anna.patient()).await.unwrap().is_needed);
    }

    async fn the_privacy_officer_is_told_and_the_patient_sees_each_look_marked(portal) {
        let officer = portal.staff(Role::PrivacyOfficer).await;
        let (anna, nurse) = apart(&portal, Role::Nurse).await;
        let opened = nurse.portal.begin_emergency(anna.patient(), &fainted(), Uuid::new_v4()).await.unwrap();
        portal.clock.advance(TimeDelta::seconds(1));
        looks(&nurse, anna.patient()).await.unwrap();
        nurse.portal.emergency_standing(anna.patient()).await.unwrap();
        let events = officer.portal.account_events().await.unwrap();
        let told = events.iter().find(|event| event.event.as_str() == "emergency_access").unwrap();
        assert_eq!(told.label, "Staff nurse");
        let listed = officer.portal.emergency_accesses(&Default::default()).await.unwrap().items;
        assert_eq!(listed, [opened]);
        assert_eq!(listed[0].patient.id, anna.patient());
        let lines = anna.portal.access_log(anna.patient(), &Default::default()).await.unwrap().items;
        let of_nurse: Vec<_> = lines.iter().filter(|line| line.by.name == "Staff nurse")
            .map(|line| (line.action, line.category, line.emergency)).collect();
        // That the nurse asked whether it takes an emergency showed nothing.
        assert_eq!(of_nurse, [
            (Action::View, Category::Results, true),
            (Action::Act, Category::EmergencyAccess, true),
        ]);
        let table = anna.portal.access_table(anna.patient(), &Default::default()).await.unwrap();
        assert!(table.lines().any(|line| line.contains("Staff nurse") && line.ends_with(",yes,")), "{table}");
        let query = AuditQuery { emergency: Some(true), ..Default::default() };
        let rows = officer.portal.audit_entries(&query).await.unwrap().items;
        assert_eq!(rows.len(), 2, "{rows:?}");
        assert!(rows.iter().all(|row| row.emergency && row.outcome == Outcome::Done));
    }

    async fn an_ordinary_look_is_no_emergency(portal) {
        let (anna, nurse) = apart(&portal, Role::Nurse).await;
        assert_eq!(refused(looks(&nurse, anna.patient()).await).code, Code::EmergencyAccessRequired);
        looks(&portal.staff(Role::Provider).await, anna.patient()).await.unwrap();
        let lines = anna.portal.access_log(anna.patient(), &Default::default()).await.unwrap().items;
        assert!(lines.iter().all(|line| !line.emergency && line.by.name != "Staff nurse"), "{lines:?}");
        let officer = portal.staff(Role::PrivacyOfficer).await;
        let refused = AuditQuery { outcome: Some(Outcome::Refused), ..Default::default() };
        let rows = officer.portal.audit_entries(&refused).await.unwrap().items;
        assert!(rows.iter().any(|row| row.by.name == "Staff nurse" && row.category == Category::Results));
    }

    async fn queues_show_the_own_locations_patients_also_in_an_emergency(portal) {
        let (anna, clerk) = apart(&portal, Role::FrontDesk).await;
        let bruno = portal.patient("Bruno").await;
        asks_at(&bruno, locations(&portal).await[1]).await;
        let seen = async |person: &Person| -> Vec<PatientId> {
            let page = person.portal.appointment_queue(&QueueQuery::default()).await.unwrap();
            page.items.into_iter().map(|item| item.patient.id).collect()
        };
        assert_eq!(seen(&clerk).await, [bruno.patient()]);
        clerk.portal.begin_emergency(anna.patient(), &fainted(), Uuid::new_v4()).await.unwrap();
        assert_eq!(seen(&clerk).await, [bruno.patient()]);
        let everywhere = seen(&portal.desk().await).await;
        assert!(everywhere.contains(&anna.patient()) && everywhere.len() == 2);
    }

    async fn a_random_id_is_no_emergency_and_a_reason_has_words(portal) {
        let (anna, nurse) = apart(&portal, Role::Nurse).await;
        let nobody = PatientId(Uuid::new_v4());
        assert_eq!(refused(looks(&nurse, nobody).await).code, Code::NotFound);
        let begun = nurse.portal.begin_emergency(nobody, &fainted(), Uuid::new_v4()).await;
        assert_eq!(refused(begun).code, Code::NotFound);
        let wordless = NewEmergencyAccess { note: " ".into(), ..fainted() };
        let problem = refused(nurse.portal.begin_emergency(anna.patient(), &wordless, Uuid::new_v4()).await);
        assert_eq!((problem.code, problem.errors[0].field.as_str()), (Code::Invalid, "note"));
    }

    async fn only_locations_of_the_practice_are_worked_at(portal) {
        let (admin, nurse) = (portal.staff(Role::Admin).await, portal.staff(Role::Nurse).await);
        let all = locations(&portal).await;
        let account = nurse.session.account_id;
        let set = async |locations: Vec<LocationId>| {
            admin.portal.set_staff_locations(account, &StaffLocations { locations }).await
        };
        assert_eq!(refused(set(vec![LocationId(Uuid::new_v4())]).await).code, Code::Invalid);
        set(vec![all[0], all[0], all[1]]).await.unwrap();
        let found = admin.portal.staff_accounts().await.unwrap();
        let mut held = found.into_iter().find(|one| one.id == account).unwrap().locations;
        held.sort();
        let mut wanted = all[..2].to_vec();
        wanted.sort();
        assert_eq!(held, wanted);
        set(vec![]).await.unwrap();
        let found = admin.portal.staff_accounts().await.unwrap();
        assert!(found.into_iter().find(|one| one.id == account).unwrap().locations.is_empty());
    }
}

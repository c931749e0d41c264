//! ADM-6: a record that is restricted opens to the named, as far as their roles go, and to others in an emergency alone.

use portal_domain::{
    access::{Action, Category, Role},
    appointments::{NewRequest, QueueQuery, Reason},
    audit::AuditQuery,
    billing::NewWriteOff,
    emergency::{EmergencyReason, NewEmergencyAccess},
    ids::{AccountId, PatientId},
    patients::PatientQuery,
    problem::Code,
    restricted::{NewRestrictedRecord, RestrictedReason},
};
use uuid::Uuid;

use crate::harness::{on_both, people::Person, portal::TestPortal, refused};
use crate::{
    billing::{owing, usd},
    dependents::{full, given},
};

fn to(staff: &[&Person]) -> NewRestrictedRecord {
    let staff = staff.iter().map(|person| person.session.account_id).collect();
    NewRestrictedRecord { reason: RestrictedReason::Prominent, staff }
}

/// What is asked of a chart.
async fn looks(staff: &Person, patient: PatientId) -> Result<(), portal_client::Error> {
    staff.portal.results(patient, &Default::default()).await.map(drop)
}

async fn found(staff: &Person, q: &str, born: Option<&str>) -> Vec<PatientId> {
    let birth_date = born.map(|day| day.parse().unwrap());
    let query = PatientQuery { q: Some(q.into()), birth_date, ..Default::default() };
    let page = staff.portal.patients(&query).await.unwrap();
    page.items.into_iter().map(|patient| patient.id).collect()
}

/// Anna, whose record the privacy officer restricts to one nurse; another nurse, and the officer.
async fn restricted(portal: &TestPortal) -> (Person, Person, Person, Person) {
    let (anna, officer) = (portal.patient("Anna").await, portal.staff(Role::PrivacyOfficer).await);
    let (named, other) = (portal.staff(Role::Nurse).await, portal.staff(Role::Nurse).await);
    officer.portal.restrict_record(anna.patient(), 0, &to(&[&named])).await.unwrap();
    (anna, named, other, officer)
}

on_both! {
    async fn it_opens_to_the_named_as_far_as_their_role_goes_and_to_nobody_else(portal) {
        let (anna, named, other, officer) = restricted(&portal).await;
        looks(&named, anna.patient()).await.unwrap();
        assert_eq!(refused(named.portal.proxies(anna.patient()).await).code, Code::RoleRequired);
        assert_eq!(refused(looks(&other, anna.patient()).await).code, Code::EmergencyAccessRequired);
        assert_eq!(refused(other.portal.patient(anna.patient()).await).code, Code::EmergencyAccessRequired);
        // Whoever restricts a record does not read it either.
        assert_eq!(refused(officer.portal.patient(anna.patient()).await).code, Code::EmergencyAccessRequired);
        // The patient, and a patient whose record is as any, are not touched.
        anna.portal.results(anna.patient(), &Default::default()).await.unwrap();
        looks(&other, portal.patient("Bruno").await.patient()).await.unwrap();
        let standing = other.portal.emergency_standing(anna.patient()).await.unwrap();
        assert!(standing.is_needed && standing.is_restricted && standing.open.is_none());
        let standing = named.portal.emergency_standing(anna.patient()).await.unwrap();
        assert!(!standing.is_needed && !standing.is_restricted);
    }

    async fn an_emergency_opens_it_and_the_officer_and_the_patient_hear_of_it(portal) {
        let (anna, named, other, officer) = restricted(&portal).await;
        let new = NewEmergencyAccess { reason: EmergencyReason::Treatment, note: "She fainted.".into() };
        let needless = named.portal.begin_emergency(anna.patient(), &new, Uuid::new_v4()).await;
        assert_eq!(refused(needless).code, Code::WrongState);
        let opened = other.portal.begin_emergency(anna.patient(), &new, Uuid::new_v4()).await.unwrap();
        looks(&other, anna.patient()).await.unwrap();
        let listed = officer.portal.emergency_accesses(&Default::default()).await.unwrap().items;
        assert_eq!(listed, [opened]);
        let lines = anna.portal.access_log(anna.patient(), &Default::default()).await.unwrap().items;
        assert!(lines.iter().any(|line| line.category == Category::Results && line.emergency), "{lines:?}");
        other.portal.end_emergency(anna.patient()).await.unwrap();
        assert_eq!(refused(looks(&other, anna.patient()).await).code, Code::EmergencyAccessRequired);
    }

    async fn what_is_changed_or_lifted_counts_from_the_next_request(portal) {
        let (anna, named, other, officer) = restricted(&portal).await;
        let stale = officer.portal.restrict_record(anna.patient(), 0, &to(&[&other])).await;
        assert_eq!(refused(stale).code, Code::StaleVersion);
        let after = officer.portal.restrict_record(anna.patient(), 1, &to(&[&other])).await.unwrap();
        assert_eq!((after.version, after.restricted.unwrap().named), (2, 1));
        let is_named = |id: AccountId| after.staff.iter().any(|one| one.id == id && one.is_named);
        assert!(is_named(other.session.account_id) && !is_named(named.session.account_id));
        assert_eq!(refused(looks(&named, anna.patient()).await).code, Code::EmergencyAccessRequired);
        looks(&other, anna.patient()).await.unwrap();
        let lifted = officer.portal.lift_restriction(anna.patient()).await.unwrap();
        assert!(lifted.restricted.is_none() && lifted.staff.iter().all(|one| !one.is_named));
        assert_eq!(officer.portal.lift_restriction(anna.patient()).await.unwrap(), lifted, "twice is once");
        looks(&named, anna.patient()).await.unwrap();
        assert!(officer.portal.restricted_records(&Default::default()).await.unwrap().items.is_empty());
        officer.portal.restrict_record(anna.patient(), lifted.version, &to(&[&named])).await.unwrap();
        let listed = officer.portal.restricted_records(&Default::default()).await.unwrap().items;
        assert_eq!((listed.len(), listed[0].patient.id), (1, anna.patient()));
        assert_eq!((listed[0].by.as_str(), listed[0].reason), ("Staff privacy_officer", RestrictedReason::Prominent));
    }

    async fn the_search_finds_it_for_who_knows_the_patient_already(portal) {
        let (anna, named, other, officer) = restricted(&portal).await;
        let patient = anna.patient();
        let known = named.portal.patient(patient).await.unwrap().summary;
        let (mrn, born) = (known.mrn.clone(), known.birth_date.to_string());
        for seen_by in [&named, &officer] {
            assert!(found(seen_by, "lu", None).await.contains(&patient));
        }
        for (q, born) in [("", None), ("lu", None), ("lund", None), ("lund, anna", None), ("", Some(born.as_str())), ("lu", Some(&born))] {
            assert!(!found(&other, q, born).await.contains(&patient), "{q} {born:?}");
        }
        for (q, born) in [(mrn.as_str(), None), ("Lund", Some(born.as_str())), ("Anna Lund", Some(&born)), ("lund, a", Some(&born))] {
            assert!(found(&other, q, born).await.contains(&patient), "{q} {born:?}");
        }
        officer.portal.lift_restriction(patient).await.unwrap();
        assert!(found(&other, "lu", None).await.contains(&patient));
    }

    async fn queues_leave_it_out_for_all_but_the_named(portal) {
        let (anna, officer) = (portal.patient("Anna").await, portal.staff(Role::PrivacyOfficer).await);
        let (named, other) = (portal.desk().await, portal.desk().await);
        let location_id = portal.visitor().practice().await.unwrap().locations[0].id;
        let new = NewRequest { location_id, provider_id: None, reason: Reason::CheckUp, preferred: vec![], note: String::new() };
        let asked = anna.portal.request_appointment(anna.patient(), &new, Uuid::new_v4()).await.unwrap();
        officer.portal.restrict_record(anna.patient(), 0, &to(&[&named])).await.unwrap();
        let seen = async |person: &Person| {
            person.portal.appointment_queue(&QueueQuery::default()).await.unwrap().items.len()
        };
        assert_eq!((seen(&named).await, seen(&other).await), (1, 0));
        let opened = other.portal.appointment(anna.patient(), asked.id).await;
        assert_eq!(refused(opened).code, Code::EmergencyAccessRequired);
    }

    async fn neither_write_offs_nor_whom_somebody_looks_after_name_it_to_the_others(portal) {
        let anna = owing(&portal, 5_000).await;
        let officer = portal.staff(Role::PrivacyOfficer).await;
        let [asking, named, other] = [portal.staff(Role::Billing).await, portal.staff(Role::Billing).await, portal.staff(Role::Billing).await];
        let new = NewWriteOff { amount: usd(1_000), reason: "Hardship".into() };
        asking.portal.ask_write_off(anna.patient(), &new, Uuid::new_v4()).await.unwrap();
        let (desk, knowing) = (portal.desk().await, portal.desk().await);
        let bruno = portal.patient("Bruno").await;
        given(&bruno, &anna, full()).await;
        let waiting = async |person: &Person| person.portal.write_offs(&Default::default()).await.unwrap().items.len();
        let shown = async |person: &Person| person.portal.dependents(anna.patient()).await.unwrap().len();
        assert_eq!((waiting(&other).await, shown(&desk).await), (1, 1));
        officer.portal.restrict_record(anna.patient(), 0, &to(&[&named, &desk, &knowing])).await.unwrap();
        officer.portal.restrict_record(bruno.patient(), 0, &to(&[&knowing])).await.unwrap();
        assert_eq!((waiting(&named).await, waiting(&other).await), (1, 0));
        assert_eq!((shown(&knowing).await, shown(&desk).await, shown(&anna).await), (1, 0, 1));
    }

    async fn only_staff_who_can_sign_in_are_named_and_somebody_is(portal) {
        let (anna, officer) = (portal.patient("Anna").await, portal.staff(Role::PrivacyOfficer).await);
        let gone = portal.staff(Role::Nurse).await;
        portal.staff(Role::Admin).await.portal.disable_staff(gone.session.account_id).await.unwrap();
        for (new, code) in [(to(&[]), "restricted_to_nobody"), (to(&[&anna]), "unknown"), (to(&[&gone]), "unknown")] {
            let problem = refused(officer.portal.restrict_record(anna.patient(), 0, &new).await);
            assert_eq!((problem.code, problem.errors[0].code.as_str()), (Code::Invalid, code));
        }
        let nobody = PatientId(Uuid::new_v4());
        assert_eq!(refused(officer.portal.restrict_record(nobody, 0, &to(&[&officer])).await).code, Code::NotFound);
        assert!(officer.portal.restricted_record(anna.patient()).await.unwrap().restricted.is_none());
    }

    async fn the_trail_keeps_who_restricted_what(portal) {
        let (anna, _, _, officer) = restricted(&portal).await;
        let query = AuditQuery { patient: Some(anna.patient()), action: Some(Action::Change), ..Default::default() };
        let rows = officer.portal.audit_entries(&query).await.unwrap().items;
        assert!(rows.iter().any(|row| row.category == Category::RestrictedAccess), "{rows:?}");
        let lines = anna.portal.access_log(anna.patient(), &Default::default()).await.unwrap().items;
        assert!(lines.iter().any(|line| line.category == Category::RestrictedAccess && line.by.id == Some(officer.session.account_id.0)));
    }
}

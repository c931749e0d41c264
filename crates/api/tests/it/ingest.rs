//! API-3: charts come in as FHIR bundles, whole or not at all, and the same bundle twice changes nothing.

pub mod corrections;
mod demo;
mod synthea;

use portal_api::{
    features::integrations::{self, Imported},
    platform::auth::Actor,
};
use portal_client::Portal;
use portal_domain::{
    access::{Role, Scope},
    integrations::{EntryResult, ImportView},
    page::PageQuery,
    patients::PatientQuery,
    problem::Code,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{
    charts::{entry, patient},
    on_both,
    portal::TestPortal,
    refused,
};

fn bundle(entries: Vec<Value>) -> String {
    json!({ "resourceType": "Bundle", "type": "transaction", "entry": entries }).to_string()
}

fn condition(id: &str, patient: &str, text: &str) -> Value {
    entry(json!({
        "resourceType": "Condition", "id": id, "code": { "text": text },
        "subject": { "reference": format!("Patient/{patient}") },
    }))
}

/// The counts created, updated, unchanged, ignored.
fn counts(view: &ImportView) -> [u32; 4] {
    [view.created, view.updated, view.unchanged, view.ignored]
}

/// A client of the API that feeds charts of its own source system.
async fn feed(portal: &TestPortal, source: &str) -> Portal {
    let operator = Actor::operator();
    let scopes = [Scope::ChartsWrite];
    let client = integrations::create_client(&portal.app, &operator, "Feed".into(), &scopes, source.into())
        .await
        .unwrap();
    let visitor = portal.visitor();
    let token = visitor.access_token(&client.id.to_string(), &client.secret, "charts:write").await.unwrap();
    visitor.with_token(&token.access_token)
}

/// How many rows the tables hold that an import fills.
async fn rows(portal: &TestPortal) -> Vec<(&'static str, i64)> {
    use diesel::prelude::*;
    use portal_api::platform::db::schema::*;
    let count = portal.app.db.read(|conn| {
        Ok(vec![
            ("patients", patients::table.count().get_result(conn)?),
            ("providers", providers::table.count().get_result(conn)?),
            ("organizations", organizations::table.count().get_result(conn)?),
            ("chart_items", chart_items::table.count().get_result(conn)?),
            ("results", results::table.count().get_result(conn)?),
            ("observations", observations::table.count().get_result(conn)?),
            ("source_links", source_links::table.count().get_result(conn)?),
        ])
    });
    count.await.unwrap()
}

on_both! {
    async fn an_integrator_loads_a_chart_and_hears_what_became_of_each_entry(portal) {
        let feed = feed(&portal, "ehr").await;
        let text = bundle(vec![
            patient("p1", "Ana", "Núñez"),
            condition("c1", "p1", "Asthma"),
            entry(json!({ "resourceType": "Claim", "id": "k1" })),
        ]);
        let view = feed.import_bundle(text.clone(), Uuid::new_v4()).await.unwrap();
        assert_eq!(counts(&view), [2, 0, 0, 1]);
        let results: Vec<_> = view.entries.iter().map(|entry| (entry.index, entry.result)).collect();
        assert_eq!(results, [(0, EntryResult::Created), (1, EntryResult::Created), (2, EntryResult::Ignored)]);
        assert_eq!(view.entries[2].reason.as_deref(), Some("billing"));
        assert_eq!(view.entries[0].source_id.as_deref(), Some("p1"));

        let desk = portal.desk().await;
        let query = PatientQuery { q: Some("núñez".into()), ..PatientQuery::default() };
        let found = desk.portal.patients(&query).await.unwrap();
        assert_eq!(found.items[0].id.0, view.entries[0].id.unwrap());

        let again = feed.import_bundle(text, Uuid::new_v4()).await.unwrap();
        assert_eq!(counts(&again), [0, 0, 2, 1]);
    }

    async fn a_changed_entry_is_updated_and_the_others_are_not(portal) {
        portal.import(vec![patient("p1", "Ana", "Lund"), condition("c1", "p1", "Asthma"), condition("c2", "p1", "Hay fever")]).await;
        let before = rows(&portal).await;
        let view = portal.import(vec![patient("p1", "Ana", "Lund"), condition("c1", "p1", "Severe asthma"), condition("c2", "p1", "Hay fever")]).await;
        assert_eq!(counts(&view), [0, 1, 2, 0]);
        assert_eq!(rows(&portal).await, before);
        let renamed = portal.import(vec![patient("p1", "Ana", "Lund-Meyer")]).await;
        assert_eq!(counts(&renamed), [0, 1, 0, 0]);
        let desk = portal.desk().await;
        let query = PatientQuery { q: Some("lund-meyer".into()), ..PatientQuery::default() };
        assert_eq!(desk.portal.patients(&query).await.unwrap().items[0].id.0, renamed.entries[0].id.unwrap());
    }

    async fn one_invalid_entry_refuses_the_whole_bundle_and_names_each_mistake(portal) {
        let feed = feed(&portal, "ehr").await;
        let before = rows(&portal).await;
        let wrong = entry(json!({ "resourceType": "Condition", "id": "c2", "subject": { "reference": "Patient/p1" } }));
        let nobody = condition("c3", "nobody", "Asthma");
        let text = bundle(vec![patient("p1", "Ana", "Lund"), condition("c1", "p1", "Asthma"), wrong.clone()]);
        let problem = refused(feed.import_bundle(text, Uuid::new_v4()).await);
        assert_eq!(problem.code, Code::BundleRefused);
        assert_eq!(problem.detail.as_deref(), Some("Entry 2 is invalid."));
        assert_eq!(problem.errors[0].field, "entry[2] Condition.code");
        assert_eq!(rows(&portal).await, before, "nothing is half-written");

        let text = bundle(vec![patient("p1", "Ana", "Lund"), condition("c1", "p1", "Asthma"), nobody]);
        let problem = refused(feed.import_bundle(text, Uuid::new_v4()).await);
        assert_eq!(problem.errors[0].field, "entry[2] Condition.subject.reference");
        assert!(problem.errors[0].message.contains("neither in the bundle nor imported before"));
        assert_eq!(rows(&portal).await, before, "nothing is half-written");
    }

    async fn what_is_no_bundle_is_refused_with_its_own_reason(portal) {
        let feed = feed(&portal, "ehr").await;
        let whole = bundle(vec![patient("p1", "Ana", "Lund")]);
        let cases = [
            (whole[..whole.len() / 2].to_owned(), "cut off"),
            ("hello".to_owned(), "not JSON"),
            (json!({ "resourceType": "Patient", "id": "p1" }).to_string(), "found Patient"),
            (bundle(vec![]), "no entries"),
        ];
        for (text, words) in cases {
            let problem = refused(feed.import_bundle(text, Uuid::new_v4()).await);
            assert_eq!(problem.code, Code::BundleRefused);
            assert!(problem.detail.as_deref().unwrap().contains(words), "{:?}", problem.detail);
        }
        let large = format!("{}{whole}", " ".repeat(50_000_000));
        assert_eq!(refused(feed.import_bundle(large, Uuid::new_v4()).await).code, Code::PayloadTooLarge);
    }

    async fn only_records_admin_and_a_feed_with_the_scope_may_import(portal) {
        let text = || bundle(vec![patient("p1", "Ana", "Lund")]);
        for role in Role::ALL {
            let staff = portal.staff(*role).await;
            let answer = staff.portal.import_bundle(text(), Uuid::new_v4()).await;
            if matches!(role, Role::Records | Role::Admin) {
                assert!(answer.is_ok(), "{role}");
            } else {
                assert_eq!(refused(answer).code, Code::RoleRequired, "{role}");
            }
        }
        let anna = portal.patient("Anna").await;
        assert_eq!(refused(anna.portal.import_bundle(text(), Uuid::new_v4()).await).code, Code::RoleRequired);
        assert_eq!(refused(portal.visitor().import_bundle(text(), Uuid::new_v4()).await).code, Code::SignInRequired);
        let operator = Actor::operator();
        let client = integrations::create_client(&portal.app, &operator, "No scope".into(), &[], "x".into()).await.unwrap();
        let token = portal.visitor().access_token(&client.id.to_string(), &client.secret, "").await.unwrap();
        let bare = portal.visitor().with_token(&token.access_token);
        assert_eq!(refused(bare.import_bundle(text(), Uuid::new_v4()).await).code, Code::ScopeRequired);
    }

    async fn the_same_key_gets_the_first_answer(portal) {
        let feed = feed(&portal, "ehr").await;
        let key = Uuid::new_v4();
        let text = bundle(vec![patient("p1", "Ana", "Lund")]);
        let first = feed.import_bundle(text.clone(), key).await.unwrap();
        let again = feed.import_bundle(text, key).await.unwrap();
        assert_eq!(first, again);
        let other = feed.import_bundle(bundle(vec![patient("p2", "Eva", "Lund")]), key).await;
        assert_eq!(refused(other).code, Code::IdempotencyKeyReused);
    }

    async fn two_sources_may_use_the_same_ids_for_different_people(portal) {
        let (one, other) = (feed(&portal, "one").await, feed(&portal, "other").await);
        let mut second = patient("p1", "Eva", "Berg");
        second["resource"]["identifier"][0]["value"] = json!("MRN-of-another");
        let first = one.import_bundle(bundle(vec![patient("p1", "Ana", "Lund")]), Uuid::new_v4()).await.unwrap();
        let second = other.import_bundle(bundle(vec![second]), Uuid::new_v4()).await.unwrap();
        assert_eq!((first.created, second.created), (1, 1));
        assert_ne!(first.entries[0].id, second.entries[0].id);
    }

    async fn a_second_source_finds_the_patient_by_number_name_and_birth_date(portal) {
        let (one, other) = (feed(&portal, "one").await, feed(&portal, "other").await);
        let first = one.import_bundle(bundle(vec![patient("p1", "Ana", "Lund")]), Uuid::new_v4()).await.unwrap();
        let mut same = patient("x9", "Ana", "LUND");
        same["resource"]["identifier"][0]["value"] = json!("MRN-p1");
        let second = other.import_bundle(bundle(vec![same.clone()]), Uuid::new_v4()).await.unwrap();
        assert_eq!(first.entries[0].id, second.entries[0].id);

        same["resource"]["id"] = json!("x10");
        same["fullUrl"] = json!("urn:uuid:x10");
        same["resource"]["birthDate"] = json!("1981-01-01");
        let problem = refused(other.import_bundle(bundle(vec![same]), Uuid::new_v4()).await);
        assert_eq!(problem.errors[0].field, "entry[0] Patient.identifier");
        assert!(problem.errors[0].message.contains("medical record number of another patient"));
    }

    async fn a_record_never_moves_to_another_patient(portal) {
        portal.import(vec![patient("p1", "Ana", "Lund"), patient("p2", "Eva", "Berg"), condition("c1", "p1", "Asthma")]).await;
        let moved = bundle(vec![condition("c1", "p2", "Asthma")]);
        let answer = integrations::import(&portal.app, &Actor::operator(), "test".into(), moved.into_bytes(), None).await;
        let Ok(Imported::Refused(mistakes)) = answer else { panic!("it was kept") };
        assert!(mistakes[0].message.contains("can't change its patient"));

        let encounter = entry(json!({
            "resourceType": "Encounter", "id": "e1", "status": "finished", "subject": { "reference": "Patient/p1" },
        }));
        portal.import(vec![encounter]).await;
        let mut foreign = condition("c2", "p2", "Asthma");
        foreign["resource"]["encounter"] = json!({ "reference": "Encounter/e1" });
        let foreign = bundle(vec![foreign]).into_bytes();
        let answer = integrations::import(&portal.app, &Actor::operator(), "test".into(), foreign, None).await;
        let Ok(Imported::Refused(mistakes)) = answer else { panic!("it was kept") };
        assert_eq!(mistakes[0].message, "names a record of another patient");
    }

    async fn later_bundles_name_what_came_before_by_id_and_by_identifier(portal) {
        let organization = entry(json!({
            "resourceType": "Organization", "id": "o1", "name": "Lab",
            "identifier": [{ "system": "urn:labs", "value": "77" }],
        }));
        let doctor = entry(json!({
            "resourceType": "Practitioner", "id": "d1", "name": [{ "family": "Okafor" }],
            "identifier": [{ "system": "http://hl7.org/fhir/sid/us-npi", "value": "9999900027" }],
        }));
        let before = rows(&portal).await;
        let view = portal.import(vec![patient("p1", "Ana", "Lund"), organization, doctor]).await;
        assert_eq!(view.entries[2].result, EntryResult::Updated, "the practice's own provider is found by NPI");
        assert_eq!(rows(&portal).await[1], before[1], "and not made twice");
        let encounter = entry(json!({
            "resourceType": "Encounter", "id": "e1", "status": "finished", "subject": { "reference": "Patient/p1" },
            "serviceProvider": { "reference": "Organization?identifier=urn:labs|77" },
            "participant": [{ "individual": { "reference": "Practitioner/d1" } }],
        }));
        assert_eq!(portal.import(vec![encounter]).await.created, 1);
    }

    async fn the_same_bundle_sent_by_eight_at_once_makes_one_set_of_rows(portal) {
        let feed = feed(&portal, "ehr").await;
        let before = rows(&portal).await;
        let text = bundle(vec![patient("p1", "Ana", "Lund"), condition("c1", "p1", "Asthma"), condition("c2", "p1", "Hay fever")]);
        let answers = futures_util::future::join_all(
            (0..8).map(|_| feed.import_bundle(text.clone(), Uuid::new_v4())),
        ).await;
        let created: u32 = answers.iter().map(|answer| answer.as_ref().unwrap().created).sum();
        assert_eq!(created, 3, "one of them made the rows, the others found them");
        let after = rows(&portal).await;
        let grown: Vec<_> = before.iter().zip(&after).map(|(before, after)| after.1 - before.1).collect();
        assert_eq!(grown, [1, 0, 0, 2, 0, 0, 4]);
    }

    async fn an_import_is_in_the_audit_trail_with_its_patient_and_a_refused_one_too(portal) {
        use diesel::prelude::*;
        use portal_api::platform::db::{AnyId, schema::audit_entries::dsl as a};
        use portal_domain::{access::Action, audit::Outcome};
        let view = portal.import(vec![patient("p1", "Ana", "Lund")]).await;
        let desk = portal.desk().await;
        refused(desk.portal.import_bundle(bundle(vec![patient("p2", "Eva", "Berg")]), Uuid::new_v4()).await);
        let found: Vec<(Option<AnyId>, Outcome)> = portal.app.db.read(|conn| {
            let imports = a::audit_entries.filter(a::action.eq(Action::Import)).order(a::id);
            Ok(imports.select((a::patient_id, a::outcome)).load(conn)?)
        }).await.unwrap();
        let whose = view.entries[0].id.map(AnyId);
        assert_eq!(found, [(None, Outcome::Done), (whose, Outcome::Done), (None, Outcome::Refused)]);
    }

    async fn what_an_import_refuses_is_named_alike_on_the_command_line(portal) {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let whole = bundle(vec![patient("p1", "Ana", "Lund")]);
        let files = [
            file("good.json", &whole),
            file("cut.json", &whole[..whole.len() - 9]),
            file("wrong.json", &bundle(vec![condition("c1", "nobody", "Asthma")])),
            file("large.json", &" ".repeat(50_000_000)),
            folder.path().join("missing.json"),
        ];
        let mut out = Vec::new();
        let kept = integrations::import_files(&portal.app, "cli", &files[..1], &mut out).await.unwrap();
        assert!(kept);
        let kept = integrations::import_files(&portal.app, "cli", &files, &mut out).await.unwrap();
        assert!(!kept, "exit 1");
        let lines: Vec<Value> = String::from_utf8(out).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 6);
        assert_eq!((&lines[0]["created"], &lines[1]["unchanged"]), (&json!(1), &json!(1)));
        assert_eq!(lines[1]["problems"], json!([]));
        assert!(lines[2]["problems"][0]["message"].as_str().unwrap().contains("cut off"));
        assert_eq!(lines[3]["problems"][0]["entry"], json!(0));
        assert_eq!(lines[3]["problems"][0]["path"], json!("Condition.subject.reference"));
        assert!(lines[4]["problems"][0]["message"].as_str().unwrap().contains("50000000 bytes"));
        assert!(lines[5]["problems"][0]["message"].as_str().unwrap().contains("can't be read"));
    }

    async fn the_list_of_results_knows_of_an_import(portal) {
        let anna = portal.patient("Anna").await;
        let provider = portal.staff(Role::Provider).await;
        portal.result(anna.patient(), "2026-09-01T08:00:00Z".parse().unwrap(), "5.2").await;
        let page = provider.portal.results(anna.patient(), &PageQuery::default()).await.unwrap();
        assert_eq!(page.items.len(), 1);
        assert!(anna.portal.results(anna.patient(), &PageQuery::default()).await.unwrap().items.is_empty());
    }

    async fn two_patients_with_one_number_in_a_bundle_are_a_mistake_not_a_failure(portal) {
        let mut second = patient("p2", "Eva", "Berg");
        second["resource"]["identifier"][0]["value"] = json!("MRN-p1");
        let text = bundle(vec![patient("p1", "Ana", "Lund"), second]).into_bytes();
        let answer = integrations::import(&portal.app, &Actor::operator(), "test".into(), text, None).await;
        let Ok(Imported::Refused(mistakes)) = answer else { panic!("it was kept, or failed") };
        assert_eq!((mistakes[0].entry, mistakes[0].path.as_str()), (1, "Patient.identifier"));
    }

    async fn a_report_that_lists_anothers_value_is_refused_however_the_patients_are_named(portal) {
        portal.import(vec![patient("p1", "Ana", "Lund"), patient("p2", "Eva", "Berg")]).await;
        let named = |number: &str| json!({ "reference": format!("Patient?identifier=urn:test:mrn|MRN-{number}") });
        let value = entry(json!({
            "resourceType": "Observation", "id": "v1", "status": "final", "code": { "text": "Sodium" },
            "subject": named("p2"),
        }));
        let report = entry(json!({
            "resourceType": "DiagnosticReport", "id": "r1", "status": "final", "code": { "text": "Panel" },
            "subject": named("p1"), "result": [{ "reference": "Observation/v1" }],
        }));
        let text = bundle(vec![value, report]).into_bytes();
        let answer = integrations::import(&portal.app, &Actor::operator(), "test".into(), text, None).await;
        let Ok(Imported::Refused(mistakes)) = answer else { panic!("it was kept, or failed") };
        assert_eq!((mistakes[0].entry, mistakes[0].message.as_str()), (1, "names a record of another patient"));
    }

    async fn what_no_database_can_hold_is_refused_with_its_place(portal) {
        let mut nul = condition("c1", "p1", "Asthma");
        nul["resource"]["subject"] = json!({ "reference": "Patient?identifier=urn:test:mrn|a\u{0}b" });
        let mut other = condition("c2", "p1", "Asthma");
        other["resource"]["subject"] = json!({ "type": "Patient", "identifier": { "system": "a\u{0}", "value": "b" } });
        let mut long = patient("p1", "Ana", "Lund");
        let name: String = (0..999u32).map(|n| char::from_u32(0x4e00 + n * 17).unwrap()).collect();
        long["resource"]["name"][0]["family"] = json!(name);
        for wrong in [nul, other, long] {
            let text = bundle(vec![wrong]).into_bytes();
            let answer = integrations::import(&portal.app, &Actor::operator(), "test".into(), text, None).await;
            let Ok(Imported::Refused(mistakes)) = answer else { panic!("it was kept, or failed") };
            assert_eq!(mistakes[0].entry, 0);
        }
    }
}

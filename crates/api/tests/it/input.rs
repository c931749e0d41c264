//! Bad input, and what is true of every answer: a known code, nothing echoed, the headers that browsers need.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use diesel::connection::SimpleConnection;
use portal_api::platform::db::Conn;
use portal_domain::{
    access::{Role, Scope},
    problem::Code,
};
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    contract::{Operation, operations},
    harness::{
        on_both, passkey_device,
        people::PASSWORD,
        portal::TestPortal,
        sources::sources_of_tests,
        wire::{Answer, Credentials},
    },
};

/// What no answer may ever repeat.
const SECRET: &str = "hunter2-my-diagnosis";

/// Signed in as somebody who may try most things, with a chart to name.
struct Caller {
    credentials: Credentials,
    patient: Uuid,
}

async fn anna(portal: &TestPortal) -> Caller {
    let anna = portal.patient("Anna").await;
    Caller { credentials: portal.cookie(&anna).await, patient: anna.patient().0 }
}

/// The address with this patient and things that nobody has.
fn address(operation: &Operation, patient: Uuid) -> String {
    let mut address = operation.path.replace("{patient}", &patient.to_string());
    while let (Some(from), Some(to)) = (address.find('{'), address.find('}')) {
        address.replace_range(from..=to, &Uuid::new_v4().to_string());
    }
    address
}

/// Operations that read a JSON body of ours (a FHIR bundle is another's).
fn json_operations() -> Vec<Operation> {
    let all: Vec<_> = operations()
        .into_iter()
        .filter(|operation| operation.body.as_deref() == Some("application/json"))
        .collect();
    assert!(all.len() >= 8, "the contract names its bodies");
    all
}

/// A request with everything but its body.
fn bodyless(portal: &TestPortal, operation: &Operation, patient: Uuid) -> RequestBuilder {
    portal.request(&operation.method, &address(operation, patient)).header("If-Match", "\"1\"")
}

/// A body of the right shape for any of these operations.
fn right_body(operation: &str) -> Value {
    let identity =
        json!({ "token": "7K3M-Q2XV-91BD-E8RT", "birth_date": "1980-04-17", "family_name": "Lund" });
    match operation {
        "appointments_request" => json!({
            "location_id": Uuid::new_v4(), "reason": "check_up", "note": "",
            "preferred": [{ "date": "2026-10-12", "part": "morning" }],
        }),
        "appointments_approve" | "appointments_propose" => {
            json!({ "starts_at": "2026-10-12T13:00:00Z", "minutes": 30, "provider_id": Uuid::new_v4(), "note": "" })
        }
        "appointments_deny" | "appointments_clinic_cancel" => json!({ "reason": "The roof leaks." }),
        "enrolment_confirm" => identity,
        "enrolment_create_account" => json!({
            "identity": identity, "username": "anna.lund", "password": PASSWORD, "accepted_terms_version": 1,
        }),
        "results_recall" => json!({ "reason": "wrong_result", "words": "The other one was meant." }),
        "results_release" => json!({ "comment": "All well." }),
        "results_release_all" => json!({
            "results": [{ "patient_id": Uuid::new_v4(), "result_id": Uuid::new_v4(), "version": 1 }], "comment": "x",
        }),
        "results_hold" => json!({ "reason": "other", "words": "x", "hours": 1 }),
        "results_change_release_policies" => json!({
            "groups": [{ "name": "x", "codes": ["4548-4"], "categories": ["laboratory"], "sensitive": false,
                "release": { "rule": "after", "hours": 1, "deadline_hours": 1 } }],
            "default": { "rule": "manual", "deadline_hours": 1 }, "critical_waits": true,
        }),
        "messages_begin_draft" | "messages_save_draft" => {
            json!({ "team_id": Uuid::new_v4(), "subject": "Rash", "text": "x" })
        }
        "messages_send" | "messages_close" | "messages_reopen" => json!({}),
        "messages_assign" => json!({ "owner": Uuid::new_v4() }),
        "messages_reroute" => json!({ "team_id": Uuid::new_v4(), "note": "x" }),
        "messages_note" => json!({ "text": "x" }),
        "messages_close_all" => json!({ "threads": [] }),
        "care_teams_add" | "care_teams_change" => {
            json!({ "name": "x", "category": "health", "reply_hours": 24, "is_open": false, "members": [] })
        }
        "care_teams_add_template" | "care_teams_change_template" => {
            json!({ "team_id": Uuid::new_v4(), "title": "x", "text": "x" })
        }
        "messages_cohort_reach" => json!({ "min_age": 18 }),
        "messages_send_to_cohort" => {
            json!({ "team_id": Uuid::new_v4(), "subject": "Flu shots", "text": "Come in.", "audience": {} })
        }
        "care_teams_set_cover" => {
            json!({ "cover": Uuid::new_v4(), "from": "2026-01-01T00:00:00Z", "until": "2026-01-02T00:00:00Z" })
        }
        "session_sign_in" => json!({ "username": "anna.lund", "password": PASSWORD }),
        "session_second_step" => json!({ "method": "totp", "code": "123456" }),
        "session_proof" => json!({ "password": "Wrong-Horse-7" }),
        "account_change_username" => json!({ "username": "anna.holm" }),
        "account_change_password" => {
            json!({ "current_password": "Wrong-Horse-7", "new_password": "Other-Horse-8" })
        }
        "account_change_preferences" => {
            json!({ "language": "en", "notices": { "messages": "now", "appointments": "daily", "results": "off", "notices": "now" } })
        }
        "account_accept_terms" => json!({ "version": 1 }),
        "passkeys_add" => {
            json!({ "ceremony_id": Uuid::new_v4(), "credential": passkey_device::made(), "name": "Phone" })
        }
        "passkeys_rename" => json!({ "name": "Phone" }),
        "session_passkey_options" => json!({ "purpose": "sign_in" }),
        "session_answer_with_passkey" => {
            json!({ "ceremony_id": Uuid::new_v4(), "credential": passkey_device::given() })
        }
        "second_step_confirm" => json!({ "code": "123456" }),
        "second_step_switch_off" => {
            json!({ "password": "Wrong-Horse-7", "method": "totp", "code": "123456" })
        }
        "enrolment_mail_credentials" | "recovery_change_email" | "recovery_forgot_username" => {
            json!({ "email": "anna@example.org" })
        }
        "recovery_prove_email" => json!({ "token": "nobody-has-it" }),
        "recovery_forgot_password" => json!({ "username_or_email": "anna.lund" }),
        "recovery_reset_password" => {
            json!({ "token": "nobody-has-it", "username": "anna.lund", "new_password": "Other-Horse-8" })
        }
        "notices_publish" | "notices_change" => json!({
            "audience": {}, "severity": "info", "must_acknowledge": false, "starts_on": "2026-10-05",
            "ends_on": "2026-10-06", "texts": [{ "language": "en", "title": "Flu shots", "body": "Come in." }],
        }),
        "education_create" | "education_save" => json!({
            "topic": "tests", "texts": [{ "language": "en", "title": "Sugar", "body": "What it is." }],
        }),
        "health_records_request" => json!({ "sections": ["results"], "range": { "from": "2026-01-01" } }),
        "health_records_check" => json!({ "format": "text" }),
        "refills_request" => json!({
            "items": [{ "medication": Uuid::new_v4(), "kind": "refill" }], "pharmacy": "x", "note": "x",
        }),
        "refills_answer" => json!({
            "items": [{ "item": Uuid::new_v4(), "outcome": "approved", "reason": null, "words": "" }], "message": "x",
        }),
        "refills_withdraw" => json!({ "items": [Uuid::new_v4()] }),
        "billing_post" => json!({ "lines": [{
            "id": "x", "patient": { "mrn": "x", "birth_date": "1980-04-17" }, "kind": "charge",
            "amount": { "amount": 100, "currency": "USD" }, "date": "2026-09-01", "description": "x", "statement": "x",
        }] }),
        "billing_take_payment" => {
            json!({ "amount": { "amount": 100, "currency": "USD" }, "method": "cash", "check_number": "x" })
        }
        "billing_void" => json!({ "reason": "x" }),
        "billing_decide_write_off" => json!({ "approve": true }),
        "billing_ask_write_off" | "payments_refund" => {
            json!({ "amount": { "amount": 100, "currency": "USD" }, "reason": "x" })
        }
        "billing_dispute" => json!({
            "about": { "kind": "line", "id": Uuid::new_v4() }, "reason": "not_mine", "text": "x",
        }),
        "billing_decide_dispute" => json!({ "outcome": "declined", "answer": "x" }),
        "payment_plans_create" => json!({
            "amount": { "amount": 100, "currency": "USD" }, "instalments": 2, "day": 5, "method": Uuid::new_v4(),
            "first_due": "2026-11-05", "agreed": true,
        }),
        "payment_plans_change_card" => json!({ "method": Uuid::new_v4() }),
        "payment_plans_stop" => json!({ "reason": "x" }),
        "payments_pay" => json!({ "amount": { "amount": 100, "currency": "USD" } }),
        "amendments_request" => json!({ "section": "conditions", "entry": "x", "wrong": "x", "right": "x" }),
        "amendments_answer" => json!({ "denial": null, "words": "x" }),
        "proposals_propose" => json!({
            "about": "allergy", "change": "add", "item": null, "seen": {}, "fields": { "substance": "x" }, "note": "x",
        }),
        "proposals_answer" => json!({
            "outcome": "accept", "chart": {}, "fields": null, "reason": null, "words": "x",
        }),
        "education_preview" => json!({ "body": "# Sugar" }),
        "education_assign" => json!({ "education_id": Uuid::new_v4() }),
        "notices_reach" => json!({ "location_id": null, "min_age": 18, "max_age": null, "condition": null }),
        "notices_withdraw"
        | "documents_release"
        | "results_lift"
        | "education_publish"
        | "education_retire"
        | "outside_records_accept"
        | "outside_records_undo" => json!({}),
        "outside_records_dismiss" => json!({ "reason": "outdated", "words": "x" }),
        "practice_change_policies" => json!({
            "patient_idle_minutes": 15, "staff_idle_minutes": 10, "staff_second_step": false,
            "enrolment_token_hours": 72, "health_records": true,
        }),
        "dependents_add" => json!({ "identity": identity, "relationship": "parent" }),
        "dependents_accept" => json!({ "code": "7K3M-Q2XV-91BD-E8RT" }),
        "dependents_request" => json!({
            "given_name": "Emma", "family_name": "Lund", "birth_date": "2018-04-17", "relationship": "parent",
            "reason": "x",
        }),
        "dependents_approve" => {
            json!({ "dependent": Uuid::new_v4(), "terms": { "level": "full" }, "has_assent": false })
        }
        "dependents_deny" => json!({ "reason": "Bring papers, please." }),
        "dependents_change" => json!({ "terms": { "level": "full" }, "has_assent": false }),
        "dependents_invite" => json!({ "relationship": "spouse", "terms": { "level": "full" } }),
        "sensitivity_change" => {
            json!({ "kind": "result", "subject_id": Uuid::new_v4(), "is_sensitive": true })
        }
        "restrictions_request" => json!({ "aim": "person", "what": "x", "limit": "x", "why": "x" }),
        "restrictions_answer" => json!({ "denial": null, "words": "x" }),
        "restricted_restrict" => json!({ "reason": "asked", "staff": [Uuid::new_v4()] }),
        "emergency_begin" => json!({ "reason": "other", "note": "x" }),
        "helping_set_locations" => json!({ "locations": [] }),
        "dependents_change_policy" => json!({ "bands": [{ "from": 0, "until": 18, "level": "full" }] }),
        "documents_create" => {
            json!({ "title": "x", "kind": "letter", "date": "2026-01-05", "text": "x" })
        }
        "documents_withdraw" => json!({ "reason": "x" }),
        "transmissions_send" => {
            json!({ "recipient": "clinic@example.org", "format": "pdf", "way": "link", "days": 3 })
        }
        "transmissions_open" => json!({ "token": "nobody-has-it", "code": "12345678" }),
        other => panic!("{other} reads a body: give an example here"),
    }
}

#[track_caller]
fn assert_refused(answer: &Answer, code: Code, what: &str) {
    assert_eq!(answer.code(), code, "{what}: {answer:?}");
    assert!(!answer.body.contains("hunter2"), "{what} echoes what was sent: {answer:?}");
}

on_both! {
    async fn an_unknown_field_is_refused_at_every_depth_and_not_echoed(portal) {
        let anna = anna(&portal).await;
        for operation in json_operations() {
            let mut places = vec![String::new()];
            let right = right_body(&operation.id);
            // What browsers make of a passkey may hold more than we know of.
            let nested = right.as_object().unwrap().iter();
            let nested = nested.filter(|(name, value)| value.is_object() && *name != "credential");
            places.extend(nested.map(|(name, _)| format!("/{name}")));
            if right.get("preferred").is_some() {
                places.push("/preferred/0".into());
            }
            for place in places {
                let mut body = right.clone();
                body.pointer_mut(&place).unwrap()["hunter2"] = "admin".into();
                let request = bodyless(&portal, &operation, anna.patient).json(&body);
                let answer = portal.send(&anna.credentials, request).await;
                assert_refused(&answer, Code::Invalid, &format!("{} {place}", operation.id));
                assert_eq!(answer.problem().errors[0].code, "unknown_field", "{answer:?}");
            }
        }
        let form = [("grant_type", "client_credentials"), ("hunter2", "admin")];
        let answer = portal.send(&Credentials::Nobody, portal.request("POST", "/oauth/token").form(&form)).await;
        assert_refused(&answer, Code::Invalid, "the form");
    }

    async fn a_value_of_the_wrong_kind_is_refused_by_place_and_not_echoed(portal) {
        let anna = anna(&portal).await;
        for operation in json_operations() {
            for name in right_body(&operation.id).as_object().unwrap().keys() {
                for wrong in [json!({ "x": SECRET }), json!([[SECRET]])] {
                    let mut body = right_body(&operation.id);
                    body[name] = wrong;
                    let request = bodyless(&portal, &operation, anna.patient).json(&body);
                    let answer = portal.send(&anna.credentials, request).await;
                    assert_refused(&answer, Code::Invalid, &format!("{} {name}", operation.id));
                    assert!(!answer.problem().errors[0].field.is_empty(), "{answer:?}");
                }
            }
        }
        let mut body = right_body("appointments_request");
        for (name, wrong) in [("reason", json!(SECRET)), ("location_id", json!(SECRET)), ("preferred", json!([{ "date": SECRET, "part": "any" }]))] {
            let right = std::mem::replace(&mut body[name], wrong);
            let path = format!("/api/v1/patients/{}/appointments", anna.patient);
            let answer = portal.send(&anna.credentials, portal.request("POST", &path).json(&body)).await;
            assert_refused(&answer, Code::Invalid, name);
            body[name] = right;
        }
    }

    async fn broken_json_is_400_another_media_type_415_and_too_much_413(portal) {
        let anna = anna(&portal).await;
        for operation in json_operations() {
            let send = async |kind: &str, body: String| {
                let request = bodyless(&portal, &operation, anna.patient).body(body);
                let request = if kind.is_empty() { request } else { request.header("Content-Type", kind) };
                portal.send(&anna.credentials, request).await
            };
            let right = right_body(&operation.id).to_string();
            for broken in ["", "{", "hunter2", &right[..right.len() - 1], "\u{feff}{}"] {
                assert_refused(&send("application/json", broken.into()).await, Code::BadRequest, broken);
            }
            for kind in ["text/plain", "application/x-www-form-urlencoded", "application/hunter2", ""] {
                assert_refused(&send(kind, right.clone()).await, Code::UnsupportedMediaType, &operation.id);
            }
            let large = format!("{{\"hunter2\":\"{}\"}}", "x".repeat(6 << 20));
            assert_refused(&send("application/json", large).await, Code::PayloadTooLarge, &operation.id);
        }
        let text = portal.request("POST", "/oauth/token").body("grant_type=hunter2");
        let answer = portal.send(&Credentials::Nobody, text).await;
        assert_refused(&answer, Code::UnsupportedMediaType, "the form");
    }

    async fn nul_and_control_characters_are_refused_and_never_reach_the_database(portal) {
        let (anna, desk) = (anna(&portal).await, portal.cookie(&portal.desk().await).await);
        let post = async |path: &str, body: Value| portal.send(&anna.credentials, portal.request("POST", path).json(&body)).await;
        for control in ['\0', '\u{1}', '\u{7f}', '\u{9b}'] {
            let text = format!("hunter2{control}x");
            let with = |operation: &str, name: &str| {
                let mut body = right_body(operation);
                *body.pointer_mut(name).unwrap() = text.clone().into();
                body
            };
            for name in ["/username", "/password"] {
                let answer = post("/api/v1/session", with("session_sign_in", name)).await;
                assert_refused(&answer, Code::SignInFailed, name);
            }
            let answer = post("/api/v1/enrolment/identity", with("enrolment_confirm", "/family_name")).await;
            assert_refused(&answer, Code::EnrolmentRefused, "family_name");
            portal.clock.advance(chrono::TimeDelta::minutes(1));
            let answer = post("/api/v1/enrolment/accounts", with("enrolment_create_account", "/username")).await;
            assert_refused(&answer, Code::Invalid, "username");
            assert_eq!(answer.problem().errors[0].field, "username");

            let mut note = right_body("appointments_request");
            note["location_id"] = portal.visitor().practice().await.unwrap().locations[0].id.to_string().into();
            note["note"] = text.clone().into();
            let answer = post(&format!("/api/v1/patients/{}/appointments", anna.patient), note).await;
            assert_refused(&answer, Code::Invalid, "note");
            assert_eq!(answer.problem().errors[0].field, "note");

            let search = portal.request("GET", "/api/v1/patients").query(&[("q", &text)]);
            assert_refused(&portal.send(&desk, search).await, Code::Invalid, "q");
            let place = URL_SAFE_NO_PAD.encode(json!([text, "x", Uuid::new_v4()]).to_string());
            let next = portal.request("GET", "/api/v1/patients").query(&[("cursor", &place)]);
            assert_refused(&portal.send(&desk, next).await, Code::Invalid, "cursor");
        }
        for path in ["/api/v1/patients/%00", "/api/v1/patients/..%2f..", "/api/v1/patients/%0d%0aX-Evil:1/inbox"] {
            let answer = portal.send(&desk, portal.request("GET", path)).await;
            assert_refused(&answer, Code::NotFound, path);
        }
    }

    async fn an_unknown_or_unreadable_parameter_is_422(portal) {
        let (anna, desk) = (anna(&portal).await, portal.cookie(&portal.staff(Role::Provider).await).await);
        let officer = portal.cookie(&portal.staff(Role::PrivacyOfficer).await).await;
        let lists: Vec<_> = operations().into_iter().filter(|operation| operation.parameters.contains(&"limit".into())).collect();
        assert!(lists.len() >= 6);
        for operation in lists {
            let path = address(&operation, anna.patient);
            let who = match () {
                () if path.contains("/patients/") => &anna.credentials,
                () if path.contains("/audit-entries") => &officer,
                () => &desk,
            };
            for (name, value) in [("hunter2", "1"), ("limit", "hunter2"), ("limit", "0"), ("limit", "-1"), ("limit", "99999999999"), ("cursor", "hunter2"), ("cursor", "")] {
                let answer = portal.send(who, portal.request("GET", &path).query(&[(name, value)])).await;
                assert_refused(&answer, Code::Invalid, &format!("{} {name}={value}", operation.id));
            }
        }
    }

    async fn an_id_that_is_none_is_404_like_an_id_that_nobody_has(portal) {
        let anna = anna(&portal).await;
        let admin = portal.cookie(&portal.staff(Role::Admin).await).await;
        for operation in operations().into_iter().filter(|operation| operation.path.contains('{')) {
            let of_staff = ["/staff-accounts/", "/care-teams/", "/message-templates/", "/v1/notices/", "/v1/education/", "/cohort-messages/"];
            let is_staffs = of_staff.iter().any(|part| operation.path.contains(part));
            let who = if is_staffs { &admin } else { &anna.credentials };
            let send = async |path: String| {
                let request = portal.request(&operation.method, &path).header("If-Match", "\"1\"");
                if operation.id.ends_with("_upload") {
                    let file = request.query(&[("name", "a.txt")]).header("Content-Type", "application/octet-stream");
                    return portal.send(who, file.body("A note.")).await;
                }
                let body = operation.body.as_ref().map(|_| right_body(&operation.id));
                portal.send(who, if let Some(body) = body { request.json(&body) } else { request }).await
            };
            let random = send(address(&operation, Uuid::new_v4())).await;
            assert_refused(&random, Code::NotFound, &operation.path);
            let nonsense = send(operation.path.replace("{patient}", "hunter2").replace(['{', '}'], "")).await;
            assert_refused(&nonsense, Code::NotFound, &operation.path);
            assert_eq!(nonsense.but_for_its_id(), random.but_for_its_id());
        }
    }

    async fn another_method_is_405_with_those_that_are_allowed_and_an_unknown_address_404(portal) {
        let anna = anna(&portal).await;
        let mut known: Vec<(String, Vec<String>)> = vec![
            ("/livez".into(), vec!["GET".into(), "HEAD".into()]),
            ("/readyz".into(), vec!["GET".into(), "HEAD".into()]),
            ("/api/v1/openapi.json".into(), vec!["GET".into(), "HEAD".into()]),
        ];
        for operation in operations() {
            let path = address(&operation, anna.patient);
            let shape = |path: &str| path.split('/').map(|part| if part.len() == 36 { "{}" } else { part }.to_owned()).collect::<Vec<_>>();
            match known.iter_mut().find(|(other, _)| shape(other) == shape(&path)) {
                Some((_, methods)) => methods.push(operation.method),
                None => known.push((path, vec![operation.method])),
            }
        }
        for (path, mut methods) in known {
            for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HUNTER"] {
                if methods.iter().any(|known| known == method) {
                    continue;
                }
                let answer = portal.send(&anna.credentials, portal.request(method, &path)).await;
                assert_refused(&answer, Code::MethodNotAllowed, &format!("{method} {path}"));
                let mut allowed: Vec<&str> = answer.header("allow").split(", ").collect();
                allowed.sort_unstable();
                methods.sort_unstable();
                assert_eq!(allowed, methods, "{path}");
            }
        }
        for path in ["/api/v1/hunter2", "/api/v1/", "/api/", "/oauth/hunter2", "/api/v1/session/", "/api/v1/patients//inbox"] {
            for method in ["GET", "POST"] {
                let answer = portal.send(&anna.credentials, portal.request(method, path)).await;
                assert_refused(&answer, Code::NotFound, path);
            }
        }
    }

    async fn a_decision_needs_the_version_that_was_seen(portal) {
        let desk = portal.cookie(&portal.desk().await).await;
        for operation in operations().into_iter().filter(|operation| operation.parameters.contains(&"If-Match".into())) {
            let path = address(&operation, Uuid::new_v4());
            let request = || portal.request(&operation.method, &path).json(&right_body(&operation.id));
            let answer = portal.send(&desk, request()).await;
            assert_refused(&answer, Code::VersionRequired, &operation.id);
            for nonsense in ["", "1", "hunter2", "*", "W/\"1\"", "\"1\", \"2\"", "\""] {
                let answer = portal.send(&desk, request().header("If-Match", nonsense)).await;
                assert_refused(&answer, Code::Invalid, &format!("{} {nonsense}", operation.id));
                assert_eq!(answer.problem().errors[0].field, "If-Match");
            }
        }
    }

    async fn a_write_that_rides_on_a_cookie_comes_from_our_own_pages(portal) {
        let anna = anna(&portal).await;
        let foreign: [&[(&str, &str)]; 6] = [
            &[],
            &[("Origin", "https://evil.example")],
            &[("Origin", "null")],
            &[("Sec-Fetch-Site", "cross-site")],
            &[("Sec-Fetch-Site", "same-site")],
            &[("Sec-Fetch-Site", "cross-site"), ("Origin", &portal.base)],
        ];
        for operation in operations() {
            let path = address(&operation, anna.patient);
            // No cookie counts there, so that no other site can misuse it; mail programs post to the second (RFC 8058).
            // Whoever has a link and its code is not signed in.
            let no_cookie =
                ["/oauth/token", "/api/v1/unsubscribe", "/api/v1/transmissions/download"].contains(&path.as_str());
            if operation.method == "GET" || no_cookie {
                continue;
            }
            for headers in foreign {
                let mut request = portal.foreign_request(&operation.method, &path).header("If-Match", "\"1\"");
                for (name, value) in headers {
                    request = request.header(*name, *value);
                }
                request = match operation.body.as_deref() {
                    Some("application/json") => request.json(&right_body(&operation.id)),
                    Some(_) => request.json(&json!({})),
                    None => request,
                };
                let answer = portal.send(&anna.credentials, request).await;
                assert_refused(&answer, Code::CrossSite, &format!("{} {headers:?}", operation.id));
            }
        }
        let still = portal.send(&anna.credentials, portal.foreign_request("GET", "/api/v1/session")).await;
        assert!(still.body.contains("Anna"), "reading needs no origin, and nobody was signed out: {still:?}");
        // An integrator's token is no cookie: no browser sends it by itself.
        let token = portal.token(&[Scope::ChartsWrite]).await;
        let bundle = portal.foreign_request("POST", "/api/v1/fhir/bundles").json(&json!({}));
        assert_refused(&portal.send(&token, bundle).await, Code::BundleRefused, "an empty bundle");
    }

    async fn the_sessions_cookie_is_out_of_reach_of_scripts_other_sites_and_plain_http(portal) {
        let desk = portal.desk().await;
        let sign_in = json!({ "username": desk.session.username, "password": PASSWORD });
        let plain = portal.send(&Credentials::Nobody, portal.request("POST", "/api/v1/session").json(&sign_in)).await;
        assert!(plain.header("set-cookie").starts_with("portal_session="));
        assert_eq!(attributes(&plain), ["httponly", "path=/", "samesite=strict"]);
        let token = plain.header("set-cookie").split(['=', ';']).nth(1).unwrap();
        assert_eq!(token.len(), 43, "256 bits in base64url");
        assert!(!plain.body.contains(token), "no token in a body");

        let over_tls = portal.beside(|settings| settings.public_url = "https://portal.example.org".into()).await;
        let request = || over_tls.foreign_request("POST", "/api/v1/session").header("Origin", "https://portal.example.org");
        let sealed = over_tls.send(&Credentials::Nobody, request().json(&sign_in)).await;
        assert!(sealed.header("set-cookie").starts_with("__Host-portal_session="), "{sealed:?}");
        assert_eq!(attributes(&sealed), ["httponly", "path=/", "samesite=strict", "secure"]);
        assert_eq!(sealed.header("strict-transport-security"), "max-age=31536000; includeSubDomains");

        let cookie = Credentials::Cookie(sealed.header("set-cookie").split(';').next().unwrap().into());
        let bye = over_tls.foreign_request("DELETE", "/api/v1/session").header("Sec-Fetch-Site", "same-origin");
        let bye = over_tls.send(&cookie, bye).await;
        assert_eq!((bye.status, bye.header("clear-site-data")), (204, "\"cache\", \"storage\""));
        assert!(bye.header("set-cookie").starts_with("__Host-portal_session=;"), "{bye:?}");
        assert!(attributes(&bye).contains(&"max-age=0".into()) && attributes(&bye).contains(&"secure".into()));
    }

    async fn every_answer_tells_browsers_what_not_to_do(portal) {
        let anna = anna(&portal).await;
        let web = tempfile::tempdir().unwrap();
        std::fs::write(web.path().join("index.html"), "<!doctype html><title>Portal</title>").unwrap();
        let portal = portal.beside(|settings| settings.web_dir = web.path().into()).await;
        let own = format!("/api/v1/patients/{}", anna.patient);
        for (path, status) in [(own.as_str(), 200), ("/api/v1/hunter2", 404), ("/api/v1/practice", 200), ("/oauth/token", 405), ("/", 200), ("/mail/inbox", 200), ("/livez", 200)] {
            let answer = portal.send(&anna.credentials, portal.request("GET", path)).await;
            assert_eq!(answer.status, status, "{path}");
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
            assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{path}");
            assert_eq!(answer.header("strict-transport-security"), "", "{path}: not over plain http");
            let policy = answer.header("content-security-policy");
            assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
            assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{path}: {policy}");
            let expected = if path.starts_with("/api/") || path.starts_with("/oauth/") { "default-src 'none'" } else { "default-src 'self'" };
            assert!(path == "/livez" || policy.starts_with(expected), "{path}: {policy}");
            if path == own {
                assert_eq!(answer.header("cache-control"), "no-store");
            }
        }
    }

    async fn a_browser_asks_nobody_for_a_password_by_itself(portal) {
        let sign_in = portal.request("POST", "/api/v1/session").json(&right_body("session_sign_in"));
        let basic = portal.request("POST", "/oauth/token").basic_auth("hunter2", Some("hunter2"));
        let basic = basic.form(&[("grant_type", "client_credentials")]);
        for (request, code) in [
            (portal.request("GET", "/api/v1/patients"), Code::SignInRequired),
            (portal.request("GET", "/api/v1/patients").bearer_auth("hunter2"), Code::InvalidToken),
            (portal.request("GET", "/api/v1/patients").basic_auth("hunter2", Some("x")), Code::InvalidToken),
            (sign_in, Code::SignInFailed),
            (basic, Code::InvalidClient),
        ] {
            let answer = portal.send(&Credentials::Nobody, request).await;
            assert_refused(&answer, code, "401");
            assert_eq!(answer.header("www-authenticate"), "Bearer", "{code:?}");
        }
    }

    async fn a_failure_of_ours_says_nothing_of_its_cause(portal) {
        let break_it = |conn: &mut Conn| Ok(conn.batch_execute("ALTER TABLE practices RENAME TO elsewhere")?);
        portal.app.db.write(break_it).await.unwrap();
        let answer = portal.send(&Credentials::Nobody, portal.request("GET", "/api/v1/practice")).await;
        assert_refused(&answer, Code::Internal, "a missing table");
        for cause in ["practices", "table", "relation", "SELECT", ".rs"] {
            assert!(!answer.body.contains(cause), "{answer:?} names {cause}");
        }
    }
}

/// What stands behind a cookie's value, in order.
fn attributes(answer: &Answer) -> Vec<String> {
    let cookie = answer.header("set-cookie").to_lowercase();
    let mut all: Vec<String> = cookie.split(';').skip(1).map(|one| one.trim().to_owned()).collect();
    all.sort_unstable();
    all
}

#[test]
fn every_problem_code_is_produced_by_some_test() {
    let tests = sources_of_tests();
    for code in Code::ALL {
        let name = format!("Code::{code:?}");
        assert!(tests.contains(&name), "no test expects {name}: write one, or delete the code");
    }
}

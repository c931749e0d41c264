//! The typed client against the contract: which address each of its functions calls, and that it reads the answer.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    thread::JoinHandle,
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use diesel::prelude::*;
use portal_api::{features::mail, platform::db::schema::accounts};
use portal_client::{Error, Portal};
use portal_domain::{
    access::Role,
    accounts::{EmailChange, EmailProof, ForgottenPassword, PasswordReset, SignIn},
    enrolment::{Identity, NewAccount},
    notifications::Unsubscribe,
    outbox::MailKind,
    problem::{Code, Problem},
    record::Section,
    results::Release,
};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::{
    row_of,
    scene::{People, Scene, newcomer},
};
use crate::contract::{Operation, operations};
use crate::harness::{people::PASSWORD, portal::TestPortal, wire::Credentials};

/// What only open operations need.
struct Extra {
    identity: Identity,
    account: NewAccount,
    client: (String, String),
    username: String,
    email_token: String,
    unsubscribe: Unsubscribe,
    reset: PasswordReset,
}

/// Does an operation through the client.
async fn drive(operation: &str, portal: &Portal, scene: &Scene, extra: &Extra) -> Result<(), Error> {
    let (patient, appointment, key) = (scene.patient, scene.appointment, Uuid::new_v4());
    let seen = || scene.seen.clone().expect("the scene has an appointment");
    let page = Default::default();
    fn read<T: DeserializeOwned>(scene: &Scene) -> T {
        serde_json::from_value(scene.own_body.clone().expect("the operation has a body")).unwrap()
    }
    macro_rules! body {
        () => {
            read(scene)
        };
    }
    match operation {
        "account_own" => portal.account().await.map(drop),
        "account_change_username" => portal.change_username(&body!()).await.map(drop),
        "account_change_password" => portal.change_password(&body!()).await.map(drop),
        "account_change_preferences" => portal.change_preferences(&body!()).await.map(drop),
        "account_accept_terms" => portal.accept_terms(&body!()).await.map(drop),
        "account_events" => portal.account_events().await.map(drop),
        "account_sessions" => portal.sessions().await.map(drop),
        "account_end_session" => portal.end_session(scene.session).await,
        "account_end_other_sessions" => portal.end_other_sessions().await,
        "appointments_queue" => portal.appointment_queue(&Default::default()).await.map(drop),
        "appointments_list" => portal.appointments(patient, &Default::default()).await.map(drop),
        "appointments_request" => {
            portal.request_appointment(patient, &scene.new_request(), key).await.map(drop)
        }
        "appointments_open" => portal.appointment(patient, appointment).await.map(drop),
        "appointments_calendar_file" => portal.calendar_file(patient, appointment).await.map(drop),
        "appointments_recall" => portal.recall_appointment(patient, appointment, key).await.map(drop),
        "appointments_accept" => portal.accept_appointment(patient, appointment, key).await.map(drop),
        "appointments_decline" => portal.decline_appointment(patient, appointment, key).await.map(drop),
        "appointments_cancel" => portal.cancel_appointment(patient, appointment, key).await.map(drop),
        "appointments_approve" => portal.approve_appointment(&seen(), &scene.booking, key).await.map(drop),
        "appointments_propose" => portal.propose_appointment(&seen(), &scene.booking, key).await.map(drop),
        "appointments_deny" => portal.deny_appointment(&seen(), &scene.refusal(), key).await.map(drop),
        "appointments_clinic_cancel" => {
            portal.clinic_cancel_appointment(&seen(), &scene.refusal(), key).await.map(drop)
        }
        "enrolment_state" => portal.enrolment_state(patient).await.map(drop),
        "enrolment_issue" => portal.issue_enrolment_token(patient).await.map(drop),
        "enrolment_mail_credentials" => {
            portal.mail_credentials(patient, &scene.credentials()).await.map(drop)
        }
        "enrolment_confirm" => portal.confirm_identity(&extra.identity).await.map(drop),
        "enrolment_create_account" => portal.create_account(&extra.account).await.map(drop),
        id if id.starts_with("dependents_") => super::dependents::drive(id, portal, scene).await,
        id if id.starts_with("restrictions_") => super::restrictions::drive(id, portal, scene).await,
        id if id.starts_with("restricted_") => super::restricted::drive(id, portal, scene).await,
        id if id.starts_with("sensitivity_") => super::sensitivity::drive(id, portal, scene).await,
        id if id.starts_with("emergency_") || id == "helping_set_locations" => {
            super::emergency::drive(id, portal, scene).await
        }
        "helping_issue_reset" => portal.issue_reset(patient).await.map(drop),
        "helping_unlock" => portal.unlock(patient).await,
        "helping_reset_second_step" => portal.reset_second_step(patient).await,
        "helping_staff" => portal.staff_accounts().await.map(drop),
        "helping_issue_staff_reset" => portal.issue_staff_reset(scene.account).await.map(drop),
        "helping_unlock_staff" => portal.unlock_staff(scene.account).await,
        "helping_reset_staff_second_step" => portal.reset_staff_second_step(scene.account).await,
        "helping_disable_staff" => portal.disable_staff(scene.account).await,
        "helping_enable_staff" => portal.enable_staff(scene.account).await,
        "integrations_import" => portal.import_bundle(scene.bundle.to_string(), key).await.map(drop),
        "integrations_jwks" => portal.signing_keys().await.map(drop),
        "integrations_token" => portal.access_token(&extra.client.0, &extra.client.1, "").await.map(drop),
        "live_events" => portal.events(1).await.map(drop),
        "mail_inbox" => portal.inbox(patient, &page).await.map(drop),
        "mail_mark_read" => portal.mark_read(patient, scene.item).await,
        "mail_archive" => portal.archive_item(patient, scene.item).await,
        "mail_unarchive" => portal.unarchive_item(patient, scene.item).await,
        id if id.starts_with("messages_") || id.starts_with("care_teams_") => {
            super::messages::drive(id, portal, scene).await
        }
        "mail_sent" => portal.sent_items(patient, &page).await.map(drop),
        "notifications_mails" => portal.mails(patient, &Default::default()).await.map(drop),
        "notifications_unsubscribe" => portal.unsubscribe(&extra.unsubscribe).await,
        id if id.starts_with("education_") => super::education::drive(id, portal, scene).await,
        "chart_section" => {
            portal.chart_section(scene.patient, Section::Allergies, &Default::default()).await.map(drop)
        }
        "chart_vital_signs" => portal.vital_signs(scene.patient).await.map(drop),
        id if id.starts_with("health_records_") || id.starts_with("transmissions_") => {
            super::records::drive(id, portal, scene).await
        }
        id if id.starts_with("outside_records_") => super::outside::drive(id, portal, scene).await,
        id if id.starts_with("documents_") => super::documents::drive(id, portal, scene).await,
        id if id.starts_with("refills_") || id == "medications_list" => {
            super::refills::drive(id, portal, scene).await
        }
        id if id.starts_with("payment_") => super::plans::drive(id, portal, scene).await,
        id if id.starts_with("billing_") || id.starts_with("payments_") => {
            super::billing::drive(id, portal, scene).await
        }
        id if id.starts_with("amendments_") => super::amendments::drive(id, portal, scene).await,
        id if id.starts_with("proposals_") => super::proposals::drive(id, portal, scene).await,
        "notices_list" => portal.notices(&Default::default()).await.map(drop),
        "notices_publish" => portal.publish_notice(&super::scene::notice(), key).await.map(drop),
        "notices_reach" => portal.notice_reach(&Default::default()).await.map(drop),
        "notices_open" => portal.notice(scene.notice).await.map(drop),
        "notices_change" => {
            portal.change_notice(scene.notice, scene.version, &super::scene::notice()).await.map(drop)
        }
        "notices_withdraw" => portal.withdraw_notice(scene.notice, scene.version).await.map(drop),
        "notices_acknowledgements" => {
            portal.acknowledgements(scene.notice, &Default::default()).await.map(drop)
        }
        "audit_access_log" => portal.access_log(patient, &Default::default()).await.map(drop),
        "audit_access_people" => portal.access_people(patient, &Default::default()).await.map(drop),
        "audit_access_table" => portal.access_table(patient, &Default::default()).await.map(drop),
        "audit_entries" => portal.audit_entries(&Default::default()).await.map(drop),
        "audit_summary" => portal.audit_summary(&Default::default()).await.map(drop),
        "audit_entry_table" => portal.audit_table(&Default::default()).await.map(drop),
        "notices_acknowledgement_table" => portal.acknowledgement_table(scene.notice).await.map(drop),
        "notices_current" => portal.current_notices(patient).await.map(drop),
        "notices_read" => portal.read_notice(patient, scene.notice).await.map(drop),
        "notices_acknowledge" => portal.acknowledge_notice(patient, scene.notice).await.map(drop),
        "passkeys_list" => portal.passkeys().await.map(drop),
        "passkeys_begin" => portal.new_passkey_options().await.map(drop),
        "passkeys_add" => portal.add_passkey(&body!()).await.map(drop),
        "passkeys_rename" => portal.rename_passkey(scene.passkey, &body!()).await.map(drop),
        "passkeys_remove" => portal.remove_passkey(scene.passkey).await,
        "patients_find" => portal.patients(&Default::default()).await.map(drop),
        "patients_open" => portal.patient(patient).await.map(drop),
        "practice_practice" => portal.practice().await.map(drop),
        "practice_policies" => portal.policies().await.map(drop),
        "practice_change_policies" => {
            portal.change_policies(scene.version, &super::scene::policies()).await.map(drop)
        }
        "practice_providers" => portal.providers().await.map(drop),
        "recovery_change_email" => portal.change_email(&body!()).await.map(drop),
        "recovery_remove_email" => portal.remove_email().await.map(drop),
        "recovery_prove_email" => {
            portal.prove_email(&EmailProof { token: extra.email_token.clone() }).await.map(drop)
        }
        "recovery_forgot_username" => portal.forgot_username(&body!()).await,
        "recovery_forgot_password" => portal.forgot_password(&body!()).await,
        "recovery_reset_password" => portal.reset_password(&extra.reset).await.map(drop),
        "results_unreleased" => portal.unreleased_results(&Default::default()).await.map(drop),
        "results_list" => portal.results(patient, &Default::default()).await.map(drop),
        "results_tests" => portal.tests(patient, &Default::default()).await.map(drop),
        "results_open" => portal.result(patient, scene.result).await.map(drop),
        "results_release" => {
            let release = Release::default();
            portal.release_result(patient, scene.result, scene.version, &release, key).await.map(drop)
        }
        "results_recall" => {
            portal.recall_result(patient, scene.result, scene.version, &body!(), key).await.map(drop)
        }
        "results_release_all" => portal.release_results(&body!(), key).await.map(drop),
        "results_waiting_for" => portal.result_waiting(patient, scene.result).await.map(drop),
        "results_hold" => {
            portal.hold_result(patient, scene.result, scene.version, &body!(), key).await.map(drop)
        }
        "results_lift" => portal.lift_hold(patient, scene.result, scene.version, key).await.map(drop),
        "results_release_policies" => portal.release_policies().await.map(drop),
        "results_change_release_policies" => {
            portal.change_release_policies(scene.version, &body!()).await.map(drop)
        }
        "second_step_view" => portal.second_step_state().await.map(drop),
        "second_step_set_up" => portal.set_up_totp().await.map(drop),
        "second_step_confirm" => portal.confirm_totp(&body!()).await.map(drop),
        "second_step_switch_off" => portal.remove_totp(&body!()).await,
        "second_step_new_recovery_codes" => portal.make_recovery_codes().await.map(drop),
        "session_passkey_options" => portal.passkey_options(&body!()).await.map(drop),
        "session_answer_with_passkey" => portal.answer_with_passkey(&body!()).await.map(drop),
        "session_second_step" => portal.second_step(&body!()).await.map(drop),
        "session_proof" => portal.prove(&body!()).await.map(drop),
        "session_current" => portal.session().await.map(drop),
        "session_sign_in" => {
            let sign_in = SignIn { username: extra.username.clone(), password: PASSWORD.into() };
            portal.sign_in(&sign_in).await.map(drop)
        }
        "session_sign_out" => portal.sign_out().await,
        other => panic!("the client is not driven through {other}: add it to the client and here"),
    }
}

/// As it stands in an e-mail to the desk.
async fn unsubscribe_token(portal: &TestPortal, people: &People) -> String {
    let (owner, address) = (people.desk.session.account_id, "desk@example.org");
    let verified = portal.app.db.write(move |conn| {
        Ok(diesel::update(accounts::table.find(owner)).set(accounts::email.eq(address)).execute(conn)?)
    });
    verified.await.unwrap();
    let sealed = portal.app.sealer.seal("unsubscribe", &mail::unsubscribes(owner, address)).unwrap();
    URL_SAFE_NO_PAD.encode(sealed)
}

/// Each operation, by somebody who may, answered and understood; and each at the address of the contract.
pub async fn reaches_every_operation(portal: &TestPortal, people: &People) {
    for operation in operations() {
        let mut scene = Scene::set(portal, people, &operation).await;
        let (identity, account) = newcomer(portal, people).await;
        let username = people.desk.session.username.clone();
        let (email_token, reset) = mailed(portal, &operation).await;
        let client = portal.client(&[]).await;
        let unsubscribe = Unsubscribe { token: unsubscribe_token(portal, people).await };
        let extra = Extra { identity, account, client, username, email_token, unsubscribe, reset };
        let through = whoever_may(portal, people, &operation, &mut scene).await;
        drive(&operation.id, &through, &scene, &extra)
            .await
            .unwrap_or_else(|why| panic!("{}: {why}", operation.id));

        let (listener, heard) = listen();
        let refusal = drive(&operation.id, &Portal::at(&listener), &scene, &extra).await;
        assert!(matches!(refusal, Err(Error::Problem(_))), "{}: {refusal:?}", operation.id);
        let called = heard.join().unwrap();
        let expected = format!("{} {}", operation.method, operation.address(&scene));
        assert_eq!(called.split('?').next(), Some(expected.as_str()), "{}", operation.id);
    }
}

/// The tokens of links, for the operations that take them.
async fn mailed(portal: &TestPortal, operation: &Operation) -> (String, PasswordReset) {
    let reset = |token| PasswordReset { token, username: None, new_password: "Other-Horse-8".into() };
    let address = "greta@example.org";
    match operation.id.as_str() {
        "recovery_prove_email" => {
            let person = portal.patient("Greta").await;
            person.portal.change_email(&EmailChange { email: "gerta@example.org".into() }).await.unwrap();
            (portal.mail_to("gerta@example.org", MailKind::VerifyEmail).await.token(), reset(String::new()))
        }
        "recovery_reset_password" => {
            let person = portal.patient("Greta").await;
            portal.verify_email(&person, address).await;
            let forgotten = ForgottenPassword { username_or_email: address.into() };
            portal.visitor().forgot_password(&forgotten).await.unwrap();
            (String::new(), reset(portal.mail_to(address, MailKind::PasswordReset).await.token()))
        }
        _ => (String::new(), reset(String::new())),
    }
}

/// A client of somebody who may do this.
async fn whoever_may(
    portal: &TestPortal,
    people: &People,
    operation: &Operation,
    scene: &mut Scene,
) -> Portal {
    if operation.id == "session_second_step" {
        return super::own::at_second_step(portal, scene).await;
    }
    if operation.id == "session_answer_with_passkey" {
        return super::own::with_passkey(portal, scene).await;
    }
    let Some(row) = row_of(operation) else { return portal.visitor() };
    if super::own::is_of_own_account(row) {
        let person = portal.patient("Greta").await;
        super::own::prepare(portal, &person, &operation.id, scene).await;
        // Preparing may have ended the session that the person began with.
        return super::own::signed_in(portal, &person, &operation.id, scene).await;
    }
    if row.patient {
        return people.patient.portal.clone();
    }
    if let super::With(_) = row.integrator {
        let Credentials::Bearer(token) = &people.integrator.credentials else { panic!("a client's token") };
        return portal.visitor().with_token(token);
    }
    match row.staff {
        staff if staff.contains(&Role::FrontDesk) => people.desk.portal.clone(),
        staff if staff.contains(&Role::Admin) => people.admin.portal.clone(),
        [Role::Billing] => people.billing.portal.clone(),
        staff if staff.contains(&Role::PrivacyOfficer) => portal.staff(Role::PrivacyOfficer).await.portal,
        _ => people.doctor.portal.clone(),
    }
}

/// A server that hears one request, says no, and tells which it was: `GET /api/v1/practice`.
fn listen() -> (String, JoinHandle<String>) {
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", socket.local_addr().unwrap());
    let heard = std::thread::spawn(move || {
        let (mut stream, _) = socket.accept().unwrap();
        let mut lines = BufReader::new(stream.try_clone().unwrap());
        let (mut first, mut line, mut length) = (String::new(), String::new(), 0);
        lines.read_line(&mut first).unwrap();
        while lines.read_line(&mut line).unwrap() > 2 {
            let lower = line.to_lowercase();
            length =
                lower.strip_prefix("content-length:").map_or(length, |text| text.trim().parse().unwrap());
            line.clear();
        }
        lines.read_exact(&mut vec![0; length]).unwrap();
        let body = serde_json::to_string(&Problem::from(Code::NotFound)).unwrap();
        write!(
            stream,
            "HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        first.trim_end_matches(" HTTP/1.1\r\n").to_owned()
    });
    (base, heard)
}

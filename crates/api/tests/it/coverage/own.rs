//! Operations of the own account: they change who may sign in and how, so each is done by somebody made for it.

use portal_client::Portal;
use portal_domain::{
    access::{Category, Role},
    accounts::{CeremonyOptions, NewPasskey, PasskeyPurpose, PasskeyRequest, SignIn},
};
use serde_json::{Value, json};

use super::{Recorded, Row, scene::Scene};
use crate::harness::{
    passkey_device::{self, Device},
    people::{PASSWORD, Person},
    portal::TestPortal,
    second_step::Phone,
    wire::Credentials,
};

/// Whether an operation is about the account of the one who asks.
pub fn is_of_own_account(row: &Row) -> bool {
    matches!(row.recorded, Recorded::As(_, Category::Account))
        && row.patient
        && row.staff.len() == Role::ALL.len()
}

/// What an operation is sent, where that does not depend on a state.
pub fn body(operation: &str) -> Option<Value> {
    Some(match operation {
        "account_change_username" => json!({ "username": format!("new.{}", uuid::Uuid::new_v4().simple()) }),
        "account_change_password" => json!({ "current_password": PASSWORD, "new_password": "Other-Horse-8" }),
        "account_change_preferences" => {
            json!({ "language": "en", "notices": { "messages": "off", "appointments": "off", "results": "off", "notices": "off" } })
        }
        "account_accept_terms" => json!({ "version": 1 }),
        "recovery_change_email" => json!({ "email": "gerda@example.org" }),
        "recovery_forgot_username" => json!({ "email": "nobody@example.org" }),
        "recovery_forgot_password" => json!({ "username_or_email": "nobody.here" }),
        "session_proof" => json!({ "password": PASSWORD }),
        "passkeys_add" => {
            json!({ "ceremony_id": uuid::Uuid::nil(), "credential": passkey_device::made(), "name": "Phone" })
        }
        "passkeys_rename" => json!({ "name": "Blue phone" }),
        "session_passkey_options" => json!({ "purpose": "sign_in" }),
        // Wherever the person has no app: well-formed, and refused only by who asks.
        "second_step_confirm" => json!({ "code": "123456" }),
        "second_step_switch_off" => json!({ "password": PASSWORD, "method": "totp", "code": "123456" }),
        _ => return None,
    })
}

/// Brings a person's account into the state that the operation begins in, and answers a session of theirs.
pub async fn prepare(
    portal: &TestPortal,
    person: &Person,
    operation: &str,
    scene: &mut Scene,
) -> Credentials {
    match operation {
        "account_end_session" => {
            let other = portal.sign_in(&person.session.username).await;
            let sessions = other.portal.sessions().await.unwrap();
            scene.session = sessions[0].id;
        }
        "passkeys_add" => {
            let cookie = portal.cookie(person).await;
            let ask = portal.request("POST", "/api/v1/account/passkey-options");
            let options = serde_json::from_str(&portal.send(&cookie, ask).await.body).unwrap();
            scene.own_body = Some(new_passkey(portal, &options).await);
            return cookie;
        }
        "passkeys_rename" | "passkeys_remove" => {
            let options = person.portal.new_passkey_options().await.unwrap();
            let new = serde_json::from_value(new_passkey(portal, &options).await).unwrap();
            scene.passkey = person.portal.add_passkey(&new).await.unwrap().id;
        }
        "second_step_confirm" => {
            let phone = portal.phone_before_its_first_code(person).await;
            scene.own_body = Some(json!({ "code": phone.code(portal) }));
        }
        "second_step_switch_off" | "second_step_new_recovery_codes" => {
            let phone = portal.phone(person).await;
            scene.own_body = (operation == "second_step_switch_off")
                .then(|| json!({ "password": PASSWORD, "method": "totp", "code": phone.code_in(portal, 1) }));
            scene.phone = Some(phone.clone());
            return cookie_by_recovery(portal, person, &phone).await;
        }
        _ => {}
    }
    portal.cookie(person).await
}

/// What adds a passkey that a new device made.
async fn new_passkey(portal: &TestPortal, options: &CeremonyOptions) -> Value {
    let credential = Device::default().make(&portal.base, options).await;
    json!({ "ceremony_id": options.ceremony_id, "credential": credential, "name": "Phone" })
}

async fn cookie_by_recovery(portal: &TestPortal, person: &Person, phone: &Phone) -> Credentials {
    let sign_in = SignIn { username: person.session.username.clone(), password: PASSWORD.into() };
    let first = portal.request("POST", "/api/v1/session").json(&sign_in);
    let step =
        portal.send(&Credentials::Nobody, first).await.set_cookie("portal_step").expect("a step's cookie");
    let code = json!({ "method": "recovery_code", "code": phone.recovery_codes[0] });
    let second = portal.request("POST", "/api/v1/session/second-step").json(&code);
    let answer = portal.send(&Credentials::Cookie(step), second).await;
    Credentials::Cookie(answer.set_cookie("portal_session").expect("a session's cookie"))
}

/// A client of the person, signed in as the account now asks for it, and in the very session that a registration began.
pub async fn signed_in(portal: &TestPortal, person: &Person, operation: &str, scene: &mut Scene) -> Portal {
    if operation == "passkeys_add" {
        let options = person.portal.new_passkey_options().await.unwrap();
        scene.own_body = Some(new_passkey(portal, &options).await);
    }
    match &scene.phone {
        Some(phone) => portal.sign_in_by_recovery(&person.session.username, &phone.recovery_codes[1]).await.0,
        None => person.portal.clone(),
    }
}

/// A client between its first and its second step.
pub async fn at_second_step(portal: &TestPortal, scene: &mut Scene) -> Portal {
    let person = portal.patient("Greta").await;
    let phone = portal.phone(&person).await;
    scene.own_body = Some(json!({ "method": "recovery_code", "code": phone.recovery_codes[0] }));
    portal.first_step(&person.session.username).await
}

/// A browser that asked for a passkey to sign in with, and what its device gave.
pub async fn with_passkey(portal: &TestPortal, scene: &mut Scene) -> Portal {
    let (person, mut device) = (portal.patient("Greta").await, Device::default());
    let options = person.portal.new_passkey_options().await.unwrap();
    let credential = device.make(&portal.base, &options).await;
    let new = NewPasskey { ceremony_id: options.ceremony_id, credential, name: "Phone".into() };
    person.portal.add_passkey(&new).await.unwrap();
    let browser = portal.visitor();
    let request = PasskeyRequest { purpose: PasskeyPurpose::SignIn };
    let options = browser.passkey_options(&request).await.unwrap();
    let credential = device.give(&portal.base, &options).await;
    scene.own_body = Some(json!({ "ceremony_id": options.ceremony_id, "credential": credential }));
    browser
}

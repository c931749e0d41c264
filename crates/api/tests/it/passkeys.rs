//! Passkeys: what they open, and what never opens anything (SEC-2, SEC-5, SEC-7; WebAuthn level 3).

use chrono::TimeDelta;
use diesel::prelude::*;
use portal_api::{
    platform::db::{
        Conn,
        schema::{accounts, ceremonies, practices, sessions},
    },
    upkeep,
};
use portal_client::Portal;
use portal_domain::{
    accounts::{
        AccountEvent, CeremonyOptions, Duty, MOST_PASSKEYS, NewPasskey, PasskeyAnswer, PasskeyName,
        PasskeyPurpose::{self, Proof, Register, SecondStep, SignIn},
        PasskeyRequest, PasskeyView, SecondStep as Method, SessionView, SignIn as Password, SignInAnswer,
    },
    ids::{AccountId, PasskeyId},
    problem::Code,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{
    on_both,
    passkey_device::Device,
    people::{PASSWORD, Person},
    portal::TestPortal,
    refused,
    wire::Credentials,
};

/// A person whose device holds a passkey.
struct Owner {
    person: Person,
    device: Device,
    passkey: PasskeyView,
}

impl TestPortal {
    async fn owner(&self, given: &str) -> Owner {
        self.owner_with(given, Device::default()).await
    }

    async fn owner_with(&self, given: &str, mut device: Device) -> Owner {
        let person = self.patient(given).await;
        let passkey = self.register(&person.portal, &mut device, "Phone").await.unwrap();
        Owner { person, device, passkey }
    }

    /// The same with an authenticator app as well, so that the password is only the first step.
    async fn owner_with_app(&self, given: &str) -> Owner {
        let person = self.patient(given).await;
        self.phone(&person).await;
        let mut device = Device::default();
        let passkey = self.register(&person.portal, &mut device, "Phone").await.unwrap();
        Owner { person, device, passkey }
    }

    /// Makes a passkey with this device and registers it.
    async fn register(
        &self,
        portal: &Portal,
        device: &mut Device,
        name: &str,
    ) -> portal_client::Result<PasskeyView> {
        let options = portal.new_passkey_options().await?;
        let credential = device.make(&self.base, &options).await;
        portal.add_passkey(&new_passkey(&options, credential, name)).await
    }

    /// Asks with this browser and answers with this device.
    async fn enter(
        &self,
        browser: &Portal,
        device: &mut Device,
        purpose: PasskeyPurpose,
    ) -> portal_client::Result<SessionView> {
        let options = browser.passkey_options(&PasskeyRequest { purpose }).await?;
        let credential = device.give(&self.base, &options).await;
        browser.answer_with_passkey(&answer(&options, credential)).await
    }

    async fn change(&self, change: impl Fn(&mut Conn) -> QueryResult<usize> + Send + 'static) {
        self.app.db.write(move |conn| Ok(change(conn)?)).await.unwrap();
    }

    async fn open_sessions(&self, account: AccountId) -> i64 {
        let open = move |conn: &mut Conn| {
            let open = sessions::table.filter(sessions::ended_at.is_null());
            Ok(open.filter(sessions::account_id.eq(account)).count().get_result(conn)?)
        };
        self.app.db.read(open).await.unwrap()
    }
}

fn ask(purpose: PasskeyPurpose) -> PasskeyRequest {
    PasskeyRequest { purpose }
}

fn answer(options: &CeremonyOptions, credential: Value) -> PasskeyAnswer {
    PasskeyAnswer { ceremony_id: options.ceremony_id, credential }
}

fn new_passkey(options: &CeremonyOptions, credential: Value, name: &str) -> NewPasskey {
    NewPasskey { ceremony_id: options.ceremony_id, credential, name: name.into() }
}

fn named(name: &str) -> PasskeyName {
    PasskeyName { name: name.into() }
}

fn password(person: &Person) -> Password {
    Password { username: person.session.username.clone(), password: PASSWORD.into() }
}

/// The one answer to everything that is wrong with a passkey.
#[track_caller]
fn failed<T: std::fmt::Debug>(answer: portal_client::Result<T>) {
    assert_eq!(refused(answer).code, Code::PasskeyFailed);
}

on_both! {
    async fn a_passkey_is_registered_named_and_removed_and_its_owner_is_told(portal) {
        let Owner { person: anna, mut device, passkey } = portal.owner("Anna").await;
        assert_eq!((passkey.name.as_str(), passkey.last_used_at), ("Phone", None));
        assert_eq!(anna.portal.passkeys().await.unwrap(), std::slice::from_ref(&passkey));
        let renamed = anna.portal.rename_passkey(passkey.id, &named("  Blue phone ")).await.unwrap();
        assert_eq!(renamed, PasskeyView { name: "Blue phone".into(), ..passkey.clone() });

        portal.clock.advance(TimeDelta::minutes(1));
        portal.enter(&portal.visitor(), &mut device, SignIn).await.unwrap();
        let used = anna.portal.passkeys().await.unwrap();
        assert_eq!(used, [PasskeyView { last_used_at: Some(portal.clock.now()), ..renamed }]);

        anna.portal.remove_passkey(passkey.id).await.unwrap();
        assert_eq!(anna.portal.passkeys().await.unwrap(), []);
        failed(portal.enter(&portal.visitor(), &mut device, SignIn).await);
        let told: Vec<_> = anna.portal.account_events().await.unwrap().into_iter().map(|event| (event.event, event.label)).collect();
        assert!(told.contains(&(AccountEvent::PasskeyAdded, "Phone".into())), "{told:?}");
        assert!(told.contains(&(AccountEvent::PasskeyRemoved, "Blue phone".into())), "{told:?}");
    }

    async fn a_name_has_1_to_60_characters_on_one_line(portal) {
        let Owner { person: anna, passkey, .. } = portal.owner("Anna").await;
        for name in ["", "  ", "two\nlines", &"x".repeat(61)] {
            let problem = refused(anna.portal.rename_passkey(passkey.id, &named(name)).await);
            assert_eq!((problem.code, problem.errors[0].field.as_str()), (Code::Invalid, "name"), "{name:?}");
        }
        let options = anna.portal.new_passkey_options().await.unwrap();
        let credential = Device::default().make(&portal.base, &options).await;
        let problem = refused(anna.portal.add_passkey(&new_passkey(&options, credential.clone(), "")).await);
        assert_eq!(problem.code, Code::Invalid);
        assert!(anna.portal.add_passkey(&new_passkey(&options, credential, "Key")).await.is_ok(), "the ceremony waited for a better name");
    }

    async fn a_passkey_signs_in_without_username_and_password_and_counts_as_both_steps(portal) {
        let Owner { person: anna, mut device, .. } = portal.owner("Anna").await;
        let browser = portal.visitor();
        let session = portal.enter(&browser, &mut device, SignIn).await.unwrap();
        assert_eq!(session.account_id, anna.session.account_id);
        assert!(session.proven_until > portal.clock.now(), "a passkey was just given");
        assert_eq!(browser.session().await.unwrap().session.unwrap().account_id, anna.session.account_id);
        assert!(browser.inbox(anna.patient(), &Default::default()).await.is_ok());
    }

    async fn nobody_learns_who_has_a_passkey(portal) {
        let Owner { mut device, .. } = portal.owner("Anna").await;
        let options = portal.visitor().passkey_options(&ask(SignIn)).await.unwrap();
        assert_eq!(options.public_key["allowCredentials"], json!([]));
        assert_eq!(options.public_key["userVerification"], "required");
        assert_eq!(options.public_key["rpId"], "localhost");
        let known = device.give(&portal.base, &options).await;
        let mut stranger = Device::default();
        let berta = portal.patient("Berta").await;
        stranger.make(&portal.base, &berta.portal.new_passkey_options().await.unwrap()).await;
        let browser = portal.visitor();
        let options = browser.passkey_options(&ask(SignIn)).await.unwrap();
        let unknown = stranger.give(&portal.base, &options).await;
        let mut unknown = refused(browser.answer_with_passkey(&answer(&options, unknown)).await);
        let mut known = refused(browser.answer_with_passkey(&answer(&options, known)).await);
        (unknown.request_id, known.request_id) = (None, None);
        assert_eq!(unknown.code, Code::PasskeyFailed);
        assert_eq!(unknown, known);
    }

    async fn a_passkey_does_the_second_step_once(portal) {
        let Owner { person: anna, mut device, .. } = portal.owner_with_app("Anna").await;
        let browser = portal.visitor();
        let SignInAnswer::SecondStep { methods, .. } = browser.sign_in(&password(&anna)).await.unwrap() else {
            panic!("a second step is asked")
        };
        assert_eq!(methods, [Method::Totp, Method::RecoveryCode, Method::Passkey]);
        assert_eq!(browser.session().await.unwrap().session, None, "one step is none");
        let options = browser.passkey_options(&ask(SecondStep)).await.unwrap();
        assert_eq!(options.public_key["allowCredentials"].as_array().unwrap().len(), 1);
        let credential = device.give(&portal.base, &options).await;
        let session = browser.answer_with_passkey(&answer(&options, credential.clone())).await.unwrap();
        assert_eq!(session.account_id, anna.session.account_id);
        failed(browser.answer_with_passkey(&answer(&options, credential)).await);
        assert_eq!(refused(browser.passkey_options(&ask(SecondStep)).await).code, Code::StepExpired);
    }

    async fn a_second_step_waits_five_minutes_and_asks_for_the_password_before(portal) {
        let Owner { person: anna, mut device, .. } = portal.owner_with_app("Anna").await;
        assert_eq!(refused(portal.visitor().passkey_options(&ask(SecondStep)).await).code, Code::StepExpired);
        let browser = portal.first_step(&anna.session.username).await;
        portal.clock.advance(TimeDelta::minutes(4));
        let options = browser.passkey_options(&ask(SecondStep)).await.unwrap();
        portal.clock.advance(TimeDelta::minutes(1));
        let credential = device.give(&portal.base, &options).await;
        let late = browser.answer_with_passkey(&answer(&options, credential)).await;
        assert_eq!(refused(late).code, Code::StepExpired);
    }

    async fn a_passkey_gives_proof_and_the_session_goes_on_under_a_new_token(portal) {
        let Owner { person: anna, mut device, .. } = portal.owner("Anna").await;
        portal.clock.advance(TimeDelta::minutes(5));
        assert_eq!(refused(anna.portal.new_passkey_options().await).code, Code::ProofRequired);
        let before = portal.open_sessions(anna.session.account_id).await;
        let session = portal.enter(&anna.portal, &mut device, Proof).await.unwrap();
        assert_eq!(session.proven_until, portal.clock.now().plus(TimeDelta::minutes(5)));
        assert!(anna.portal.new_passkey_options().await.is_ok());
        assert_eq!(portal.open_sessions(anna.session.account_id).await, before, "the same session");
        assert_eq!(refused(portal.visitor().passkey_options(&ask(Proof)).await).code, Code::SignInRequired);
        let berta = portal.patient("Berta").await;
        failed(berta.portal.passkey_options(&ask(Proof)).await);
    }

    async fn adding_and_removing_need_proof_and_end_every_other_session(portal) {
        let anna = portal.patient("Anna").await;
        let other = portal.sign_in(&anna.session.username).await;
        let mut device = Device::default();
        portal.clock.advance(TimeDelta::minutes(6));
        let early = anna.portal.new_passkey_options().await;
        assert_eq!(refused(early).code, Code::ProofRequired);
        let proof = portal_domain::accounts::Proof { password: PASSWORD.into() };
        anna.portal.prove(&proof).await.unwrap();
        let options = anna.portal.new_passkey_options().await.unwrap();
        let credential = device.make(&portal.base, &options).await;
        let new = new_passkey(&options, credential, "Phone");
        portal.clock.advance(TimeDelta::seconds(299));
        let passkey = anna.portal.add_passkey(&new).await.unwrap();
        assert_eq!(other.portal.session().await.unwrap().session, None, "signed out by the new passkey");
        assert_eq!(portal.open_sessions(anna.session.account_id).await, 1);

        let other = portal.visitor();
        portal.enter(&other, &mut device, SignIn).await.unwrap();
        portal.clock.advance(TimeDelta::minutes(6));
        assert_eq!(refused(anna.portal.remove_passkey(passkey.id).await).code, Code::ProofRequired);
        portal.enter(&anna.portal, &mut device, Proof).await.unwrap();
        anna.portal.remove_passkey(passkey.id).await.unwrap();
        assert_eq!(other.session().await.unwrap().session, None);
        assert!(anna.portal.session().await.unwrap().session.is_some(), "this one goes on");
    }

    async fn another_accounts_passkeys_are_like_those_of_nobody(portal) {
        let anna = portal.owner("Anna").await;
        let berta = portal.owner("Berta").await;
        for id in [berta.passkey.id, PasskeyId(Uuid::new_v4())] {
            assert_eq!(refused(anna.person.portal.rename_passkey(id, &named("Mine")).await).code, Code::NotFound);
            assert_eq!(refused(anna.person.portal.remove_passkey(id).await).code, Code::NotFound);
        }
        assert_eq!(berta.person.portal.passkeys().await.unwrap(), [berta.passkey]);
    }

    async fn another_accounts_passkey_never_answers(portal) {
        let anna = portal.owner_with_app("Anna").await;
        let mut berta = portal.owner("Berta").await;
        let browser = portal.first_step(&anna.person.session.username).await;
        for (browser, purpose) in [(&browser, SecondStep), (&anna.person.portal, Proof)] {
            let mut options = browser.passkey_options(&ask(purpose)).await.unwrap();
            // Her device would not even try: the list names only Anna's.
            options.public_key["allowCredentials"] = json!([]);
            let credential = berta.device.give(&portal.base, &options).await;
            failed(browser.answer_with_passkey(&answer(&options, credential)).await);
        }
    }

    async fn a_passkey_that_names_another_account_or_none_is_refused(portal) {
        let mut anna = portal.owner("Anna").await;
        let berta = portal.patient("Berta").await;
        for handle in [json!(null), json!("AAAA"), Value::String(base64_of(berta.session.account_id.0.as_bytes()))] {
            let browser = portal.visitor();
            let options = browser.passkey_options(&ask(SignIn)).await.unwrap();
            let mut credential = anna.device.give(&portal.base, &options).await;
            credential["response"]["userHandle"] = handle;
            failed(browser.answer_with_passkey(&answer(&options, credential)).await);
        }
    }

    async fn a_ceremony_is_good_for_its_purpose_only(portal) {
        let Owner { person: anna, mut device, .. } = portal.owner_with_app("Anna").await;
        // Signed in, at the second step and with a sign-in under way, all in one browser.
        let options = anna.portal.passkey_options(&ask(Proof)).await.unwrap();
        let proof = device.give(&portal.base, &options).await;
        anna.portal.sign_out().await.unwrap();
        failed(anna.portal.answer_with_passkey(&answer(&options, proof)).await);

        let browser = portal.first_step(&anna.session.username).await;
        let options = browser.passkey_options(&ask(SecondStep)).await.unwrap();
        let second = device.give(&portal.base, &options).await;
        failed(portal.visitor().answer_with_passkey(&answer(&options, second)).await);

        portal.enter(&browser, &mut device, SignIn).await.unwrap();
        let sign_in = browser.passkey_options(&ask(SignIn)).await.unwrap();
        let made = Device::default().make(&portal.base, &browser.new_passkey_options().await.unwrap()).await;
        failed(browser.add_passkey(&new_passkey(&sign_in, made, "Key")).await);
        let register = browser.new_passkey_options().await.unwrap();
        let given = device.give_for(&portal.base, &json!({ "challenge": register.public_key["challenge"], "rpId": "localhost" })).await;
        failed(browser.answer_with_passkey(&answer(&register, given)).await);
        let problem = refused(browser.passkey_options(&ask(Register)).await);
        assert_eq!((problem.code, problem.errors[0].field.as_str()), (Code::Invalid, "purpose"));
    }

    async fn a_ceremony_of_another_browser_or_session_is_refused(portal) {
        let Owner { person: anna, mut device, .. } = portal.owner_with_app("Anna").await;
        let (browser, other) = (portal.visitor(), portal.visitor());
        other.passkey_options(&ask(SignIn)).await.unwrap();
        let options = browser.passkey_options(&ask(SignIn)).await.unwrap();
        let credential = device.give(&portal.base, &options).await;
        failed(other.answer_with_passkey(&answer(&options, credential)).await);

        let (browser, other) = (portal.first_step(&anna.session.username).await, portal.visitor());
        let options = browser.passkey_options(&ask(SecondStep)).await.unwrap();
        let credential = device.give(&portal.base, &options).await;
        failed(other.answer_with_passkey(&answer(&options, credential)).await);

        portal.enter(&other, &mut device, SignIn).await.unwrap();
        let options = anna.portal.passkey_options(&ask(Proof)).await.unwrap();
        let credential = device.give(&portal.base, &options).await;
        failed(other.answer_with_passkey(&answer(&options, credential)).await);
        let options = anna.portal.new_passkey_options().await.unwrap();
        let credential = Device::default().make(&portal.base, &options).await;
        failed(other.add_passkey(&new_passkey(&options, credential.clone(), "Key")).await);
        assert!(anna.portal.add_passkey(&new_passkey(&options, credential, "Key")).await.is_ok(), "in its own session it works");
    }

    async fn two_windows_of_one_browser_may_both_ask(portal) {
        let Owner { mut device, .. } = portal.owner("Anna").await;
        let browser = portal.visitor();
        let first = browser.passkey_options(&ask(SignIn)).await.unwrap();
        browser.passkey_options(&ask(SignIn)).await.unwrap();
        let credential = device.give(&portal.base, &first).await;
        assert!(browser.answer_with_passkey(&answer(&first, credential)).await.is_ok());
    }

    async fn an_answer_from_another_origin_or_without_user_verification_is_refused(portal) {
        let Owner { person: anna, mut device, .. } = portal.owner("Anna").await;
        let browser = portal.visitor();
        let options = browser.passkey_options(&ask(SignIn)).await.unwrap();
        let elsewhere = device.give("http://localhost:1", &options).await;
        failed(browser.answer_with_passkey(&answer(&options, elsewhere)).await);

        let mut options = browser.passkey_options(&ask(SignIn)).await.unwrap();
        options.public_key["userVerification"] = "discouraged".into();
        let unverified = device.give(&portal.base, &options).await;
        failed(browser.answer_with_passkey(&answer(&options, unverified)).await);

        let options = anna.portal.new_passkey_options().await.unwrap();
        let elsewhere = Device::default().make("http://localhost:1", &options).await;
        failed(anna.portal.add_passkey(&new_passkey(&options, elsewhere, "Key")).await);
        let mut options = anna.portal.new_passkey_options().await.unwrap();
        options.public_key["authenticatorSelection"]["userVerification"] = "discouraged".into();
        let unverified = Device::default().make(&portal.base, &options).await;
        failed(anna.portal.add_passkey(&new_passkey(&options, unverified, "Key")).await);
    }

    async fn an_answer_to_another_challenge_or_changed_on_its_way_is_refused(portal) {
        let Owner { mut device, .. } = portal.owner("Anna").await;
        let browser = portal.visitor();
        let (first, second) = (browser.passkey_options(&ask(SignIn)).await.unwrap(), browser.passkey_options(&ask(SignIn)).await.unwrap());
        let of_first = device.give(&portal.base, &first).await;
        failed(browser.answer_with_passkey(&answer(&second, of_first)).await);

        let mut changed = device.give(&portal.base, &first).await;
        let other = device.give(&portal.base, &first).await;
        changed["response"]["authenticatorData"] = Value::String(base64_of(&[0; 37]));
        failed(browser.answer_with_passkey(&answer(&first, changed)).await);
        failed(browser.answer_with_passkey(&answer(&first, other)).await);
        let problem = refused(browser.answer_with_passkey(&answer(&first, json!({ "id": 1 }))).await);
        assert_eq!((problem.code, problem.errors[0].field.as_str()), (Code::Invalid, "credential"));
    }

    async fn a_ceremony_is_over_after_five_minutes_and_with_its_first_answer(portal) {
        let Owner { mut device, .. } = portal.owner("Anna").await;
        let browser = portal.visitor();
        let options = browser.passkey_options(&ask(SignIn)).await.unwrap();
        let credential = device.give(&portal.base, &options).await;
        portal.clock.advance(TimeDelta::minutes(5));
        failed(browser.answer_with_passkey(&answer(&options, credential)).await);

        let options = browser.passkey_options(&ask(SignIn)).await.unwrap();
        let wrong = device.give("http://localhost:1", &options).await;
        let right = device.give(&portal.base, &options).await;
        failed(browser.answer_with_passkey(&answer(&options, wrong)).await);
        failed(browser.answer_with_passkey(&answer(&options, right)).await);
        assert_eq!(browser.session().await.unwrap().session, None);

        let options = browser.passkey_options(&ask(SignIn)).await.unwrap();
        let credential = device.give(&portal.base, &options).await;
        browser.answer_with_passkey(&answer(&options, credential.clone())).await.unwrap();
        failed(browser.answer_with_passkey(&answer(&options, credential)).await);
    }

    async fn a_disabled_account_is_refused(portal) {
        let Owner { person: anna, mut device, .. } = portal.owner("Anna").await;
        let (account, now) = (anna.session.account_id, portal.clock.now());
        portal.change(move |conn| diesel::update(accounts::table.find(account)).set(accounts::disabled_at.eq(now)).execute(conn)).await;
        failed(portal.enter(&portal.visitor(), &mut device, SignIn).await);
        assert_eq!(refused(anna.portal.passkey_options(&ask(Proof)).await).code, Code::SignInRequired);
    }

    async fn a_counter_that_does_not_go_on_is_refused(portal) {
        let mut anna = portal.owner_with("Anna", Device::that_counts()).await;
        let mut copy = anna.device.clone();
        for _ in 0..3 {
            portal.enter(&portal.visitor(), &mut anna.device, SignIn).await.unwrap();
        }
        failed(portal.enter(&portal.visitor(), &mut copy, SignIn).await);
        anna.device.put_back(0);
        failed(portal.enter(&portal.visitor(), &mut anna.device, SignIn).await);
        anna.device.put_back(9);
        assert!(portal.enter(&portal.visitor(), &mut anna.device, SignIn).await.is_ok());
    }

    async fn fifty_equal_answers_at_once_are_one_session(portal) {
        let Owner { person: anna, mut device, .. } = portal.owner("Anna").await;
        let before = portal.open_sessions(anna.session.account_id).await;
        let browser = portal.visitor();
        let options = browser.passkey_options(&ask(SignIn)).await.unwrap();
        let credential = device.give(&portal.base, &options).await;
        let answers = (0..50).map(|_| {
            let (browser, answer) = (browser.clone(), answer(&options, credential.clone()));
            async move { browser.answer_with_passkey(&answer).await }
        });
        let answers = futures_util::future::join_all(answers).await;
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
        // Whoever lost too many races is told to come back, and finds the ceremony gone.
        let lost = answers.into_iter().filter(Result::is_err).map(|answer| refused(answer).code);
        let lost: Vec<_> = lost.collect();
        assert!(lost.iter().all(|code| [Code::PasskeyFailed, Code::Unavailable].contains(code)), "{lost:?}");
        assert_eq!(portal.open_sessions(anna.session.account_id).await, before + 1);
    }

    async fn one_registration_at_once_is_one_passkey_and_a_device_is_registered_once(portal) {
        let anna = portal.patient("Anna").await;
        let options = anna.portal.new_passkey_options().await.unwrap();
        let credential = Device::default().make(&portal.base, &options).await;
        let new = new_passkey(&options, credential.clone(), "Phone");
        let tries = (0..10).map(|_| anna.portal.add_passkey(&new));
        let answers = futures_util::future::join_all(tries).await;
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
        assert_eq!(anna.portal.passkeys().await.unwrap().len(), 1);
        let options = anna.portal.new_passkey_options().await.unwrap();
        assert_eq!(options.public_key["excludeCredentials"][0]["id"], credential["id"]);
        assert_eq!(options.public_key["authenticatorSelection"]["residentKey"], "required");
    }

    async fn an_account_has_twenty_passkeys_at_most(portal) {
        let Owner { person: anna, .. } = portal.owner("Anna").await;
        for number in 2..=MOST_PASSKEYS {
            portal.register(&anna.portal, &mut Device::default(), &format!("Key {number}")).await.unwrap();
        }
        assert_eq!(refused(anna.portal.new_passkey_options().await).code, Code::TooManyPasskeys);
        assert_eq!(anna.portal.passkeys().await.unwrap().len(), MOST_PASSKEYS);
    }

    async fn staff_keep_a_second_step_where_the_practice_asks_for_one(portal) {
        let desk = portal.desk().await;
        portal.change(|conn| diesel::update(practices::table).set(practices::staff_second_step.eq(1)).execute(conn)).await;
        let queue = Default::default();
        assert_eq!(refused(desk.portal.appointment_queue(&queue).await).code, Code::SecondStepRequired);
        assert_eq!(desk.portal.session().await.unwrap().session.unwrap().duties, [Duty::SetUpSecondStep]);
        let mut device = Device::default();
        let first = portal.register(&desk.portal, &mut device, "Key").await.unwrap();
        assert!(desk.portal.appointment_queue(&queue).await.is_ok(), "a passkey is a second step");
        assert_eq!(refused(desk.portal.remove_passkey(first.id).await).code, Code::SecondStepNeeded);
        assert_eq!(desk.portal.passkeys().await.unwrap().len(), 1);
        portal.register(&desk.portal, &mut Device::default(), "Spare key").await.unwrap();
        desk.portal.remove_passkey(first.id).await.unwrap();
    }

    async fn a_portal_at_an_ip_address_has_no_passkeys(portal) {
        let anna = portal.patient("Anna").await;
        let cookie = portal.cookie(&anna).await;
        let bare = portal.beside(|settings| settings.public_url = format!("http://{}", settings.address)).await;
        let post = |path: &str, body: Value| bare.foreign_request("POST", path).header("Sec-Fetch-Site", "same-origin").json(&body);
        for (who, path, body) in [
            (&Credentials::Nobody, "/api/v1/session/passkey-options", json!({ "purpose": "sign_in" })),
            (&Credentials::Nobody, "/api/v1/session/passkey", json!({ "ceremony_id": Uuid::nil(), "credential": {} })),
            (&cookie, "/api/v1/account/passkey-options", json!({})),
        ] {
            assert_eq!(bare.send(who, post(path, body)).await.code(), Code::PasskeysUnavailable, "{path}");
        }
    }

    async fn another_sites_page_starts_no_ceremony(portal) {
        for path in ["/api/v1/session/passkey-options", "/api/v1/session/passkey"] {
            let request = portal.foreign_request("POST", path).header("Origin", "https://evil.example");
            let request = request.json(&json!({ "purpose": "sign_in" }));
            let answer = portal.send(&Credentials::Nobody, request).await;
            assert!([403, 422].contains(&answer.status), "{answer:?}");
        }
        let begun = portal.app.db.read(|conn| Ok(ceremonies::table.count().get_result::<i64>(conn)?)).await.unwrap();
        assert_eq!(begun, 0);
    }

    async fn upkeep_forgets_ceremonies_that_nobody_answered(portal) {
        let begun = async || {
            let count = |conn: &mut Conn| Ok(ceremonies::table.count().get_result::<i64>(conn)?);
            portal.app.db.read(count).await.unwrap()
        };
        portal.visitor().passkey_options(&ask(SignIn)).await.unwrap();
        upkeep::once(&portal.app).await.unwrap();
        assert_eq!(begun().await, 1);
        portal.clock.advance(TimeDelta::minutes(5));
        upkeep::once(&portal.app).await.unwrap();
        assert_eq!(begun().await, 0);
    }
}

fn base64_of(bytes: &[u8]) -> String {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    URL_SAFE_NO_PAD.encode(bytes)
}

//! Integrators' access tokens (API-2): what is no token of ours opens nothing.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use diesel::prelude::*;
use portal_api::platform::db::{Conn, schema::api_clients};
use portal_client::AccessToken;
use portal_domain::{access::Scope, ids::ClientId, problem::Code};
use ring::{
    hmac,
    rand::SystemRandom,
    signature::{Ed25519KeyPair, KeyPair},
};
use serde_json::{Value, json};

use crate::harness::{
    on_both,
    portal::TestPortal,
    refused,
    wire::{Answer, Credentials},
};

fn base64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A token of these parts, signed by whatever signs.
fn token(header: &Value, claims: &Value, sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
    let text = format!("{}.{}", base64(header.to_string()), base64(claims.to_string()));
    let signature = base64(sign(text.as_bytes()));
    format!("{text}.{signature}")
}

/// The parts of a token.
fn parts(token: &str) -> (Value, Value) {
    let part = |index| -> Value {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(index).unwrap()).unwrap())
            .unwrap()
    };
    (part(0), part(1))
}

/// Asks for something that any token opens.
async fn ask(portal: &TestPortal, token: &str) -> Answer {
    let request = portal.request("GET", "/api/v1/practice/providers");
    portal.send(&Credentials::Bearer(token.into()), request).await
}

#[track_caller]
fn assert_invalid(answer: &Answer, what: &str) {
    assert_eq!(answer.code(), Code::InvalidToken, "{what}: {answer:?}");
}

async fn access_token(portal: &TestPortal) -> (AccessToken, ClientId) {
    let (id, secret) = portal.client(&[Scope::ChartsWrite]).await;
    let token = portal.visitor().access_token(&id, &secret, "charts:write").await.unwrap();
    (token, id.parse().unwrap())
}

on_both! {
    async fn a_token_lives_five_minutes(portal) {
        let (token, _) = access_token(&portal).await;
        assert_eq!((token.expires_in, token.token_type.as_str(), token.scope.as_str()), (300, "Bearer", "charts:write"));
        portal.clock.advance(TimeDelta::seconds(299));
        assert_eq!(ask(&portal, &token.access_token).await.status, 200);
        portal.clock.advance(TimeDelta::seconds(1));
        assert_invalid(&ask(&portal, &token.access_token).await, "after five minutes");
        portal.clock.advance(TimeDelta::minutes(-6));
        assert_invalid(&ask(&portal, &token.access_token).await, "before it begins");
    }

    async fn a_revoked_client_is_refused_on_the_next_request(portal) {
        let (token, id) = access_token(&portal).await;
        let now = portal.clock.now();
        let revoke = move |conn: &mut Conn| {
            diesel::update(api_clients::table.find(id)).set(api_clients::revoked_at.eq(now)).execute(conn)?;
            Ok(())
        };
        assert_eq!(ask(&portal, &token.access_token).await.status, 200);
        portal.app.db.write(revoke).await.unwrap();
        assert_invalid(&ask(&portal, &token.access_token).await, "a revoked client");
    }

    async fn a_forged_token_opens_nothing(portal) {
        let (real, _) = access_token(&portal).await;
        let (header, claims) = parts(&real.access_token);
        let stranger = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        let stranger = Ed25519KeyPair::from_pkcs8(stranger.as_ref()).unwrap();
        let by_stranger = |text: &[u8]| stranger.sign(text).as_ref().to_vec();
        let nothing = |_: &[u8]| Vec::new();

        assert_invalid(&ask(&portal, &token(&header, &claims, by_stranger)).await, "another's signature");
        let (signed, _) = real.access_token.rsplit_once('.').unwrap();
        assert_invalid(&ask(&portal, &format!("{signed}.")).await, "no signature");
        for algorithm in ["none", "None", "NONE"] {
            let header = json!({ "alg": algorithm, "kid": header["kid"] });
            assert_invalid(&ask(&portal, &token(&header, &claims, nothing)).await, algorithm);
        }
        // The public key, taken for the secret of a symmetric algorithm.
        let public = portal.visitor().signing_keys().await.unwrap().keys.remove(0).x;
        for secret in [public.clone().into_bytes(), URL_SAFE_NO_PAD.decode(&public).unwrap()] {
            let key = hmac::Key::new(hmac::HMAC_SHA256, &secret);
            let header = json!({ "alg": "HS256", "typ": "JWT", "kid": header["kid"] });
            let forged = token(&header, &claims, |text| hmac::sign(&key, text).as_ref().to_vec());
            assert_invalid(&ask(&portal, &forged).await, "HS256");
        }
        // Keys that the token itself brings along, or names by other means than our own ids.
        let own_key = json!({ "kty": "OKP", "crv": "Ed25519", "x": base64(stranger.public_key().as_ref()) });
        for kid in [json!(null), json!("../../secret"), json!(uuid::Uuid::new_v4()), json!("' OR 1=1"), json!(7)] {
            let header = json!({ "alg": "EdDSA", "kid": kid, "jwk": own_key, "jku": "http://127.0.0.1:1/" });
            assert_invalid(&ask(&portal, &token(&header, &claims, by_stranger)).await, &kid.to_string());
        }
        for garbage in ["", "x", "a.b", "a.b.c", "....", &"a.".repeat(5_000)] {
            assert_invalid(&ask(&portal, garbage).await, garbage);
        }
        let mut wider = claims.clone();
        wider["scope"] = "charts:write everything".into();
        let signature = real.access_token.rsplit('.').next().unwrap();
        let tampered = format!("{}.{}.{signature}", base64(header.to_string()), base64(wider.to_string()));
        assert_invalid(&ask(&portal, &tampered).await, "other claims under a real signature");
        assert_eq!(ask(&portal, &real.access_token).await.status, 200, "the real one still opens");
    }

    async fn a_token_of_ours_for_another_purpose_or_time_opens_nothing(portal) {
        let (real, _) = access_token(&portal).await;
        let (_, claims) = parts(&real.access_token);
        let now = claims["iat"].as_i64().unwrap();
        let signed = |name: &str, value: Value| {
            let mut claims = claims.clone();
            match value {
                Value::Null => drop(claims.as_object_mut().unwrap().remove(name)),
                value => claims[name] = value,
            }
            portal.app.keys.sign(&claims).unwrap()
        };
        for (name, wrong) in [
            ("aud", json!("another purpose")), ("aud", json!(null)), ("iss", json!("https://other.example")), ("iss", json!(null)),
            ("exp", json!(now)), ("exp", json!(null)), ("exp", json!((now + 300).to_string())), ("exp", json!(1e300)),
            ("nbf", json!(now + 1)), ("nbf", json!(null)), ("nbf", json!("0")),
            ("sub", json!(null)), ("sub", json!("me")), ("sub", json!(uuid::Uuid::new_v4())), ("scope", json!(null)),
        ] {
            assert_invalid(&ask(&portal, &signed(name, wrong.clone())).await, &format!("{name} {wrong}"));
        }
        assert_eq!(ask(&portal, &signed("jti", json!("x"))).await.status, 200, "what is not looked at changes nothing");
    }

    async fn a_wrong_secret_and_an_unknown_client_get_one_answer(portal) {
        let (id, secret) = portal.client(&[Scope::ChartsWrite]).await;
        let visitor = portal.visitor();
        let mut wrong = refused(visitor.access_token(&id, "hunter2", "").await);
        let mut unknown = refused(visitor.access_token(&uuid::Uuid::new_v4().to_string(), &secret, "").await);
        let mut nonsense = refused(visitor.access_token("hunter2", &secret, "").await);
        for problem in [&mut wrong, &mut unknown, &mut nonsense] {
            problem.request_id = None;
        }
        assert_eq!(wrong.code, Code::InvalidClient);
        assert_eq!((&wrong, &unknown), (&unknown, &nonsense));
        let more = refused(visitor.access_token(&id, &secret, "charts:write everything").await);
        assert_eq!((more.code, more.errors[0].code.as_str()), (Code::Invalid, "not_granted"));

        let form = [("grant_type", "client_credentials")];
        let basic = portal.request("POST", "/oauth/token").basic_auth(&id, Some(&secret)).form(&form);
        let answer = portal.send(&Credentials::Nobody, basic).await;
        assert_eq!((answer.status, answer.header("cache-control")), (200, "no-store"));
        let twice = portal.request("POST", "/oauth/token").basic_auth(&id, Some(&secret));
        let twice = twice.form(&[("grant_type", "client_credentials"), ("client_id", &id), ("client_secret", &secret)]);
        assert_eq!(portal.send(&Credentials::Nobody, twice).await.code(), Code::InvalidClient, "one way at a time");
        let password = portal.request("POST", "/oauth/token").form(&[("grant_type", "password")]);
        assert_eq!(portal.send(&Credentials::Nobody, password).await.code(), Code::Invalid);
    }
}

//! How much one caller may ask (API-1), and how long a body may take.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use actix_web::rt::task::spawn_blocking;
use futures_util::future::join_all;
use portal_api::platform::{db::Engine, limits::Rate};
use portal_domain::{access::Scope, problem::Code};
use reqwest::RequestBuilder;
use serde_json::json;

use crate::harness::{
    on_both,
    people::PASSWORD,
    portal::{TestPortal, run},
    wire::{Answer, Credentials},
};

/// Far more than any bucket of these tests takes in the time that a slow machine needs for it.
const MANY: usize = 60;

fn number(answer: &Answer, name: &str) -> u64 {
    answer.header(name).parse().unwrap_or_else(|_| panic!("{name} is no number in {answer:?}"))
}

/// Asks until it is too much; what was answered until then, and the refusal.
async fn until_refused(
    portal: &TestPortal,
    who: &Credentials,
    request: impl Fn() -> RequestBuilder,
) -> (Vec<Answer>, Answer) {
    let mut answers = Vec::new();
    for _ in 0..MANY {
        let answer = portal.send(who, request()).await;
        if answer.status == 429 {
            return (answers, answer);
        }
        answers.push(answer);
    }
    panic!("{MANY} requests were not too much");
}

#[track_caller]
fn assert_tells_when(refusal: &Answer) {
    assert_eq!(refusal.code(), Code::TooManyRequests);
    assert!((1..=2).contains(&number(refusal, "retry-after")), "{refusal:?}");
    assert_eq!(number(refusal, "ratelimit-remaining"), 0);
}

on_both! {
    async fn a_caller_who_asks_too_much_is_told_so_and_nobody_else_is(portal) {
        let (anna, berta) = (portal.patient("Anna").await, portal.patient("Berta").await);
        let (her_id, berta) = (anna.patient(), portal.cookie(&berta).await);
        let (anna, second_session) = (portal.cookie(&anna).await, portal.cookie(&anna).await);
        let portal = portal.beside(|settings| settings.rate = Rate { per_second: 1, burst: 3 }).await;
        let token = portal.token(&[Scope::ChartsWrite]).await;
        let own = || portal.request("GET", &format!("/api/v1/patients/{her_id}"));

        let (answers, refusal) = until_refused(&portal, &anna, own).await;
        assert!(answers.len() >= 3 && answers.iter().all(|answer| answer.status == 200), "{answers:?}");
        assert_eq!((number(&answers[0], "ratelimit-limit"), number(&answers[0], "ratelimit-remaining")), (3, 2));
        assert!(number(&answers[0], "ratelimit-reset") >= 1);
        assert_tells_when(&refusal);
        let (answers, _) = until_refused(&portal, &second_session, own).await;
        assert!(answers.len() < 3, "another session of the same account has the same bucket");

        let providers = || portal.request("GET", "/api/v1/practice/providers");
        for other in [&berta, &token, &Credentials::Nobody] {
            let answer = portal.send(other, providers()).await;
            assert_eq!(number(&answer, "ratelimit-remaining"), 2, "{other:?} has a bucket of its own: {answer:?}");
        }
        let (answers, refusal) = until_refused(&portal, &Credentials::Nobody, providers).await;
        assert!(answers.iter().all(|answer| answer.status == 401));
        assert_tells_when(&refusal);
        let stale = Credentials::Cookie("portal_session=somebody-elses".into());
        let (answers, _) = until_refused(&portal, &stale, providers).await;
        assert!(answers.len() < 3, "a cookie that opens nothing counts as its address");
        let page = portal.send(&Credentials::Nobody, portal.request("GET", "/livez")).await;
        assert_eq!((page.status, page.header("ratelimit-limit")), (200, ""), "probes are not counted");
    }

    async fn tries_at_passwords_tokens_and_secrets_share_a_tighter_bucket(portal) {
        let desk = portal.desk().await;
        let sign_in = json!({ "username": desk.session.username, "password": PASSWORD });
        let (id, secret) = portal.client(&[]).await;
        let portal = portal.beside(|settings| settings.sign_in_rate = Rate { per_second: 1, burst: 2 }).await;
        let right = || portal.request("POST", "/api/v1/session").json(&sign_in);
        let (answers, refusal) = until_refused(&portal, &Credentials::Nobody, right).await;
        assert!(answers.len() >= 2 && answers.iter().all(|answer| answer.status == 201));
        assert_tells_when(&refusal);
        let form = [("grant_type", "client_credentials"), ("client_id", &id), ("client_secret", &secret)];
        let (answers, _) = until_refused(&portal, &Credentials::Nobody, || portal.request("POST", "/oauth/token").form(&form)).await;
        assert!(answers.len() < 2, "the bucket of the address is empty already");
        let practice = portal.send(&Credentials::Nobody, portal.request("GET", "/api/v1/practice")).await;
        assert_eq!(practice.status, 200, "reading is another bucket");
    }

    async fn who_is_behind_the_trusted_proxy_is_told_apart_and_nobody_else_may_say_so(portal) {
        let proxy = "127.0.0.1".parse().ok();
        let rate = Rate { per_second: 1, burst: 2 };
        let behind = portal.beside(|settings| (settings.rate, settings.trusted_proxy) = (rate, proxy)).await;
        let from = |portal: &TestPortal, address: &str| portal.request("GET", "/api/v1/practice").header("X-Forwarded-For", address);
        until_refused(&behind, &Credentials::Nobody, || from(&behind, "192.0.2.1")).await;
        let other = behind.send(&Credentials::Nobody, from(&behind, "192.0.2.1, 192.0.2.2")).await;
        assert_eq!(number(&other, "ratelimit-remaining"), 1, "the last address is the proxy's own word");

        let direct = portal.beside(|settings| settings.rate = rate).await;
        until_refused(&direct, &Credentials::Nobody, || from(&direct, "192.0.2.1")).await;
        let (answers, _) = until_refused(&direct, &Credentials::Nobody, || from(&direct, "192.0.2.3")).await;
        assert!(answers.len() < 2, "without a trusted proxy the header says nothing");
    }
}

#[test]
fn a_body_that_stalls_or_drips_is_given_up_and_hung_up_on() {
    run(Engine::Sqlite, |portal| async move {
        let portal = portal.beside(|settings| settings.body_deadline = Duration::from_millis(150)).await;
        let head = |length: &str| {
            let head = "POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
            format!("{head}Origin: {}\r\n{length}\r\n\r\n", portal.base)
        };
        let ways = [
            (head("Content-Length: 4000"), Vec::new()),
            (head("Content-Length: 4000"), b" ".to_vec()),
            (head("Transfer-Encoding: chunked"), Vec::new()),
            (head("Transfer-Encoding: chunked"), b"1\r\n \r\n".to_vec()),
        ];
        let address = portal.app.settings.address;
        let talks = ways.map(|(head, drop)| spawn_blocking(move || slow(address, &head, &drop)));
        for heard in join_all(talks).await {
            let heard = heard.unwrap();
            assert!(heard.starts_with("HTTP/1.1 408 "), "{heard}");
            assert!(heard.contains(Code::BodyTooSlow.as_str()), "{heard}");
        }
        // What goes on coming is not late, though it takes longer than that in all.
        let steady = head("Connection: close\r\nContent-Length: 30720");
        let heard = spawn_blocking(move || slow(address, &steady, &[b' '; 1024])).await.unwrap();
        assert!(heard.starts_with("HTTP/1.1 400 "), "{heard}");
        // Who is refused before the body is read does not hold the connection either.
        let refused = "POST /api/v1/fhir/bundles HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
        let heard = spawn_blocking(move || slow(address, refused, b"1\r\n \r\n")).await.unwrap();
        assert!(heard.starts_with("HTTP/1.1 401 "), "{heard}");
    });
}

/// Sends the head, then a drop every few milliseconds until the server hangs up; what it said.
fn slow(address: SocketAddr, head: &str, drop: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
    let (mut heard, mut buffer) = (Vec::new(), [0; 4096]);
    for _ in 0..500 {
        match stream.read(&mut buffer) {
            Ok(0) => return String::from_utf8(heard).unwrap(),
            Ok(count) => heard.extend_from_slice(&buffer[..count]),
            // Nothing yet: go on as slowly as before.
            Err(why) if why.kind() == std::io::ErrorKind::WouldBlock => {
                if stream.write_all(drop).is_err() {
                    return String::from_utf8(heard).unwrap();
                }
            }
            Err(_) => return String::from_utf8(heard).unwrap(),
        }
    }
    panic!("the server still listens after ten seconds; it said {:?}", String::from_utf8_lossy(&heard));
}

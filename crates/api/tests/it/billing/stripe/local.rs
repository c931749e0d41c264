//! A server that speaks Stripe's API (localstripe, a process of its own): payment intents, refunds, signed messages.

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    process::{Child, Stdio},
};

use reqwest::Method;
use serde_json::Value;

use crate::{harness::wire::wire, outbox::post_office::interpreter};

/// A running server. It ends with this.
pub struct LocalStripe {
    child: Child,
    pub base: String,
}

impl LocalStripe {
    /// None where the tests' Python is not installed (on CI that fails).
    pub fn open() -> Option<Self> {
        // It wants to be told a port.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut child = interpreter()?
            .args(["-u", "-m", "localstripe", "--from-scratch", "--port", &port.to_string()])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        assert!(lines.any(|line| line.contains("Running on")), "localstripe says that it listens");
        std::thread::spawn(move || lines.for_each(drop));
        Some(Self { child, base: format!("http://127.0.0.1:{port}") })
    }

    /// What it answers to a form.
    pub async fn ask(&self, method: Method, path: &str, form: &[(&str, &str)]) -> (u16, Value) {
        let asked =
            wire().request(method.clone(), format!("{}{path}", self.base)).bearer_auth("sk_test_local");
        let asked = if method == Method::GET { asked.query(form) } else { asked.form(form) };
        let answer = asked.send().await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap_or_default())
    }

    /// Has its messages sent, signed with this secret.
    pub async fn tell(&self, to: &str, secret: &str) {
        let webhook = serde_json::json!({ "url": to, "secret": secret });
        let made = wire().post(format!("{}/_config/webhooks/portal", self.base)).json(&webhook).send().await;
        assert!(made.unwrap().status().is_success());
    }
}

impl Drop for LocalStripe {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

//! A real mail server (aiosmtpd, a process of its own), and what arrived there.

use std::{
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::mpsc,
    time::Duration,
};

use portal_api::{
    config::Settings,
    platform::outbox::{SmtpSettings, Tls},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::harness::sources::root;

/// The account that the server knows when it asks for one.
pub const ACCOUNT: (&str, &str) = ("portal", "Open-Sesame-9");

/// How long a test waits for what happens at once, on a machine that others use too.
pub const SOON: Duration = Duration::from_secs(8);
/// How long Python may take to start.
const START: Duration = Duration::from_secs(60);

/// A running mail server. It ends with this.
pub struct PostOffice {
    pub port: u16,
    child: Child,
    orders: Option<ChildStdin>,
    told: mpsc::Receiver<String>,
}

/// A mail that arrived.
#[derive(Debug, Deserialize)]
pub struct Arrived {
    pub from: String,
    pub to: Vec<String>,
    pub tls: bool,
    pub user: Option<String>,
    pub connections: usize,
    pub mail: Read,
}

/// What a mail program makes of a mail.
#[derive(Debug, Deserialize)]
pub struct Read {
    pub headers: Vec<(String, String)>,
    pub kind: String,
    pub parts: Vec<Part>,
    pub longest_line: usize,
    pub defects: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub struct Part {
    #[serde(rename = "type")]
    pub kind: String,
    pub text: String,
    /// What a file that goes along is called.
    pub name: Option<String>,
}

impl Read {
    /// The value of a header that stands there once.
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        let found: Vec<&str> = self
            .headers
            .iter()
            .filter(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
            .collect();
        assert_eq!(found.len(), 1, "{name}: {:?}", self.headers);
        found[0]
    }
}

impl PostOffice {
    /// Opens a server; none where the tests' Python is not installed (on CI that fails).
    pub fn open(options: Value) -> Option<Self> {
        Self::open_at(0, options)
    }

    /// The same at a given port.
    pub fn open_at(port: u16, mut options: Value) -> Option<Self> {
        options["port"] = port.into();
        let mut child = python(&["serve", &options.to_string()])?
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (orders, told) = (child.stdin.take(), listen(child.stdout.take().unwrap()));
        let mut office = Self { port, child, orders, told };
        office.port =
            office.line(START)["port"].as_u64().expect("the server says its port").try_into().unwrap();
        Some(office)
    }

    /// A server that asks for an account and for TLS with a new certificate in `folder`, for `localhost`.
    pub fn guarded(folder: &Path, more: Value) -> Option<Self> {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let (certificate, key) = (ca_file(folder), folder.join("key.pem"));
        std::fs::write(&certificate, made.cert.pem()).unwrap();
        std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
        let mut options = json!({ "certificate": certificate, "key": key, "password": ACCOUNT.1 });
        options.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        Self::open(options)
    }

    /// What arrived since this was asked last.
    pub fn arrived(&mut self) -> Vec<Arrived> {
        writeln!(self.orders.as_mut().unwrap(), "now").unwrap();
        let mut arrived = Vec::new();
        loop {
            let line = self.line(SOON);
            if line.get("mark").is_some() {
                return arrived;
            }
            if line.get("quit").is_none() {
                arrived.push(serde_json::from_value(line).unwrap());
            }
        }
    }

    /// Waits for one mail and for the end of the round that brought it: less than the 10 seconds after which a worker
    /// looks by itself.
    pub fn one_round(&self) -> Arrived {
        let arrived = serde_json::from_value(self.line(SOON)).unwrap();
        assert_eq!(self.line(SOON), json!({ "quit": true }));
        arrived
    }

    /// How a portal reaches this server.
    pub fn smtp(&self) -> SmtpSettings {
        smtp_at(self.port)
    }

    fn line(&self, wait: Duration) -> Value {
        let line = self.told.recv_timeout(wait).unwrap_or_default();
        serde_json::from_str(&line).unwrap_or_else(|why| panic!("the mail server said {line:?}: {why}"))
    }
}

impl Drop for PostOffice {
    fn drop(&mut self) {
        drop(self.orders.take());
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Lines as they come, so that the server never waits for us to read them.
fn listen(from: ChildStdout) -> mpsc::Receiver<String> {
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        BufReader::new(from).lines().map_while(Result::ok).try_for_each(|line| tell.send(line))
    });
    told
}

/// Where [`PostOffice::guarded`] puts its certificate.
pub fn ca_file(folder: &Path) -> PathBuf {
    folder.join("certificate.pem")
}

/// A server on this machine without TLS.
pub fn smtp_at(port: u16) -> SmtpSettings {
    SmtpSettings {
        host: "127.0.0.1".into(),
        port,
        tls: Tls::None,
        credentials: None,
        ca_file: None,
        patience: Duration::from_secs(20),
    }
}

/// Settings that send by this server.
pub fn by(smtp: SmtpSettings) -> impl FnOnce(&mut Settings) {
    move |settings| settings.mail.smtp = Some(smtp)
}

/// What a mail program makes of a file; none where the tests' Python is not installed.
pub fn read(file: &Path) -> Option<Read> {
    let output = python(&["read", file.to_str().unwrap()])?.output().unwrap();
    Some(serde_json::from_slice(&output.stdout).unwrap_or_else(|why| panic!("{why}: {output:?}")))
}

/// The tests' Python with our server.
fn python(arguments: &[&str]) -> Option<Command> {
    let mut command = interpreter()?;
    command.arg(root().join("crates/api/tests/it/outbox/server.py")).args(arguments);
    Some(command)
}

/// The tests' Python: `TEST_PYTHON`, or the one that `cargo xtask setup --tests` makes.
pub fn interpreter() -> Option<Command> {
    let target = Path::new(env!("CARGO_BIN_EXE_portal")).ancestors().nth(2).unwrap();
    let python = std::env::var("TEST_PYTHON").map_or(target.join("python/bin/python"), PathBuf::from);
    if !python.exists() {
        assert!(std::env::var("CI").is_err(), "{} is missing: run `cargo xtask test`", python.display());
        eprintln!("skipped: run `cargo xtask setup --tests` for the servers of this test");
        return None;
    }
    Some(Command::new(python))
}

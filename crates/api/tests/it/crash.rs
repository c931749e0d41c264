//! The real server, killed in the middle of things (P-1, P-8) and asked to go (P-6).
//!
//! A failing crash prints its seed: `CRASH_SEED=7 cargo nextest run -p portal-api --test it crash::` kills at the same
//! counts again. `CRASH_ROUNDS=1000` makes a night of it.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    rc::Rc,
    time::{Duration, Instant},
};

use diesel::{Connection, PgConnection, RunQueryDsl, SqliteConnection};
use futures_util::future::join_all;
use portal_api::{
    app::App,
    demo,
    features::accounts::{self, NewStaff},
    platform::{auth::Actor, clock::Clock, db::Engine, limits::Rate},
};
use portal_client::{Error, Portal};
use portal_domain::{
    access::Role,
    accounts::SignIn,
    appointments::{AppointmentQuery, AppointmentView, NewRequest, Reason, State, Which},
    ids::{AppointmentId, LocationId, PatientId},
};
use reqwest::Client;
use serde_json::json;
use uuid::Uuid;

use crate::harness::{
    charts,
    people::{PASSWORD, new_account},
    portal::{Database, SECRET, local, settings},
};

const USERNAME: &str = "anna.crash";
/// How many write at the same time.
const WRITERS: usize = 4;

/// A server process of its own.
pub(crate) struct Server {
    child: Child,
}

impl Server {
    /// Returns once it listens, with more settings in its environment.
    pub(crate) fn start(database: &str, head: &Path, address: SocketAddr, more: &[(&str, &str)]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_portal"))
            .arg("serve")
            .env("PORTAL_DATABASE_URL", database)
            .env("PORTAL_ADDRESS", address.to_string())
            .env("PORTAL_SECRET", SECRET)
            .env("PORTAL_AUDIT_HEAD", head)
            .env("PORTAL_RATE_PER_SECOND", "0")
            .env("PORTAL_SIGN_IN_RATE_PER_SECOND", "0")
            .env("PORTAL_SANDBOX_ADDRESS", "127.0.0.1:0")
            .env("PORTAL_LOG", "error")
            .envs(more.iter().copied())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with("The portal listens on"), "{line}");
        Self { child }
    }

    /// SIGKILL: nothing is flushed, nobody is told.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM.
    fn ask_to_go(&self) {
        let done =
            Command::new("sh").args(["-c", &format!("kill -TERM {}", self.child.id())]).status().unwrap();
        assert!(done.success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A practice and a patient with an account, on a database that no process has open.
struct Site {
    database: Database,
    /// Where the audit trail's end is kept.
    folder: tempfile::TempDir,
    address: SocketAddr,
}

impl Site {
    fn build(engine: Engine) -> Option<Self> {
        let database = Database::create(engine)?;
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let url = database.url.clone();
        // A thread of its own, so that its connections are closed when it ends.
        let desk = std::thread::spawn(move || {
            let folder = tempfile::tempdir().unwrap();
            let off = Rate { per_second: 0, burst: 0 };
            let settings = settings(&url, address, folder.path(), off);
            actix_web::rt::System::new().block_on(async {
                let app = App::open(settings, Clock::System).await.unwrap();
                demo::seed_practice(&app).await.unwrap();
                let patient = charts::import_patient(&app, "Anna", "Lund").await;
                let staff = NewStaff {
                    username: "noor.desk".into(),
                    password: PASSWORD.into(),
                    display_name: "Noor".into(),
                    roles: vec![Role::FrontDesk],
                    provider_id: None,
                };
                accounts::create_staff(&app, &Actor::operator(), staff).await.unwrap();
                patient
            })
        });
        let patient = desk.join().unwrap();
        let site = Self { database, folder: tempfile::tempdir().unwrap(), address };
        let server = site.start();
        actix_web::rt::System::new().block_on(async {
            let desk = site.sign_in("noor.desk").await.0;
            let token = desk.issue_enrolment_token(patient).await.unwrap().token;
            site.visitor().create_account(&new_account(&token, "Lund", USERNAME)).await.unwrap();
        });
        drop(server);
        Some(site)
    }

    fn start(&self) -> Server {
        Server::start(&self.database.url, &self.head(), self.address, &[])
    }

    fn head(&self) -> PathBuf {
        self.folder.path().join("audit-head.json")
    }

    /// What `portal audit verify` says, and whether it is content.
    fn verify_audit(&self) -> (bool, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_portal"))
            .args(["audit", "verify"])
            .env("PORTAL_DATABASE_URL", &self.database.url)
            .env("PORTAL_SECRET", SECRET)
            .env("PORTAL_AUDIT_HEAD", self.head())
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&said).into_owned())
    }

    fn base(&self) -> String {
        local(self.address)
    }

    fn visitor(&self) -> Portal {
        Portal::at(&self.base())
    }

    async fn sign_in(&self, username: &str) -> (Portal, Option<PatientId>) {
        let portal = self.visitor();
        let sign_in = SignIn { username: username.into(), password: PASSWORD.into() };
        let session = portal.sign_in(&sign_in).await.unwrap().session().expect("no second step");
        (portal, session.patient_id())
    }

    async fn anna(&self) -> (Portal, PatientId, LocationId) {
        let (portal, patient) = self.sign_in(USERNAME).await;
        let location = portal.practice().await.unwrap().locations[0].id;
        (portal, patient.unwrap(), location)
    }
}

/// Where the crashes fall (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (bits ^ (bits >> 31)) % end
    }
}

fn number_from(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|text| text.parse().unwrap())
}

/// What the writers were told.
#[derive(Default)]
struct Told {
    /// Acknowledged, by key.
    kept: HashMap<Uuid, AppointmentId>,
    /// Asked, and no answer came.
    open: Vec<Uuid>,
}

/// The request of a key carries the key as its note.
fn request(key: Uuid, location_id: LocationId) -> NewRequest {
    NewRequest {
        location_id,
        provider_id: None,
        reason: Reason::Other,
        preferred: vec![],
        note: key.to_string(),
    }
}

/// Writes from several sides until the server dies after so many acknowledgements and so many microseconds.
async fn write_until_killed(site: &Site, server: &mut Server, after: u64, micros: u64) -> Told {
    let (portal, patient, location) = site.anna().await;
    let told = Rc::new(RefCell::new(Told::default()));
    let dying = Rc::new(tokio::sync::Notify::new());
    let writers = (0..WRITERS).map(|_| {
        let (portal, told, dying) = (portal.clone(), told.clone(), dying.clone());
        async move {
            loop {
                let key = Uuid::new_v4();
                match portal.request_appointment(patient, &request(key, location), key).await {
                    Ok(view) => {
                        let mut told = told.borrow_mut();
                        told.kept.insert(key, view.id);
                        if told.kept.len() as u64 == after {
                            dying.notify_one();
                        }
                    }
                    Err(Error::Network(_)) => return told.borrow_mut().open.push(key),
                    Err(other) => panic!("a writer got {other}"),
                }
            }
        }
    });
    let killer = async {
        dying.notified().await;
        tokio::time::sleep(Duration::from_micros(micros)).await;
        server.kill();
    };
    futures_util::future::join(join_all(writers), killer).await;
    told.take()
}

async fn everything(portal: &Portal, patient: PatientId) -> Vec<AppointmentView> {
    let mut query = AppointmentQuery { which: Some(Which::Pending), cursor: None, limit: Some(100) };
    let mut all = Vec::new();
    loop {
        let page = portal.appointments(patient, &query).await.unwrap();
        all.extend(page.items);
        match page.next {
            Some(next) => query.cursor = Some(next),
            None => return all,
        }
    }
}

/// Every acknowledged write is there once, every other one whole or not at all; a retry makes it once.
async fn check(site: &Site, told: &Told) -> usize {
    let (portal, patient, location) = site.anna().await;
    let before = everything(&portal, patient).await;
    let with_note = |all: &[AppointmentView], key: Uuid| -> Vec<AppointmentId> {
        let note = key.to_string();
        all.iter().filter(|one| one.note == note).map(|one| one.id).collect()
    };
    for (key, id) in &told.kept {
        assert_eq!(with_note(&before, *key), [*id], "acknowledged, and lost or doubled");
    }
    for one in &before {
        assert_eq!(
            (one.state, one.version, one.reference.len()),
            (State::Requested, 1, 9),
            "half a request: {one:?}"
        );
    }
    for key in &told.open {
        let there = with_note(&before, *key);
        let retried = portal.request_appointment(patient, &request(*key, location), *key).await.unwrap();
        assert!(there.is_empty() || there == [retried.id], "{there:?}, and then {}", retried.id);
    }
    let after = everything(&portal, patient).await;
    for key in told.kept.keys().chain(&told.open) {
        assert_eq!(with_note(&after, *key).len(), 1, "a retry makes it exactly once");
    }
    assert!(portal.sent_items(patient, &Default::default()).await.is_ok());
    after.len()
}

fn crashes(engine: Engine) {
    let Some(site) = Site::build(engine) else { return };
    let seed = number_from("CRASH_SEED").unwrap_or_else(|| Uuid::new_v4().as_u64_pair().0 >> 32);
    eprintln!("CRASH_SEED={seed}");
    let mut dice = Dice(seed);
    let mut kept = 0;
    for round in 0..number_from("CRASH_ROUNDS").unwrap_or(10) {
        let (after, micros) = (1 + dice.below(25), dice.below(4_000));
        eprintln!("round {round}: killed {micros} µs after acknowledgement {after}");
        actix_web::rt::System::new().block_on(async {
            let mut server = site.start();
            let told = write_until_killed(&site, &mut server, after, micros).await;
            assert!(!told.open.is_empty(), "the server died with nothing under way");
            let server = site.start();
            kept = check(&site, &told).await;
            drop(server);
        });
    }
    assert_eq!(
        acts_and_records(&site.database.url),
        (kept as i64, kept as i64),
        "acts, and acts with an audit entry"
    );
    // However often it died between a commit and its seal (P-10).
    let (holds, said) = site.verify_audit();
    assert!(holds && said.contains("the audit trail holds"), "{said}");
    assert!(!said.contains(" 0 of them sealed"), "some of it was sealed: {said}");
    std::fs::remove_file(site.head()).unwrap();
    let (holds, said) = site.verify_audit();
    assert!(!holds && said.contains("the head outside is missing"), "{said}");
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    acts: i64,
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    recorded: i64,
}

/// How many requests there are, and how many of them the audit trail knows.
fn acts_and_records(url: &str) -> (i64, i64) {
    const SQL: &str = "SELECT count(*) AS acts, count(*) FILTER (WHERE EXISTS (SELECT 1 FROM audit_entries e \
        WHERE e.subject_id = a.id AND e.action = 'act' AND e.outcome = 'done')) AS recorded FROM appointments a";
    #[expect(clippy::disallowed_methods, reason = "what a crash left is looked at from outside")]
    let query = diesel::sql_query(SQL);
    let count: Count = match Engine::of(url).unwrap() {
        Engine::Sqlite => query
            .get_result(&mut SqliteConnection::establish(url.trim_start_matches("sqlite:")).unwrap())
            .unwrap(),
        Engine::Postgres => query.get_result(&mut PgConnection::establish(url).unwrap()).unwrap(),
    };
    (count.acts, count.recorded)
}

#[test]
fn no_acknowledged_write_is_lost_in_a_crash_on_sqlite() {
    crashes(Engine::Sqlite);
}

#[test]
fn no_acknowledged_write_is_lost_in_a_crash_on_postgres() {
    crashes(Engine::Postgres);
}

/// Sends one request after the other until an answer says that the connection ends; how many were answered.
async fn ask_until_sent_away(site: &Site, cookie: &str, anna: (PatientId, LocationId), going: &Cell<usize>) {
    let client = Client::builder().no_proxy().build().unwrap();
    let (base, (patient, location)) = (site.base(), anna);
    loop {
        let path = format!("{base}/api/v1/patients/{patient}/appointments");
        let body = json!({ "location_id": location, "reason": "other" });
        let write = client.post(&path).header("Origin", &base).header("Cookie", cookie).json(&body);
        let answer = write.send().await.expect("no accepted request fails");
        assert_eq!(answer.status(), 201);
        going.set(going.get() + 1);
        let leave = answer.headers().get("connection").is_some_and(|value| value == "close");
        assert!(!answer.bytes().await.expect("the whole answer arrives").is_empty());
        if leave {
            return;
        }
    }
}

fn farewell(engine: Engine) {
    let Some(site) = Site::build(engine) else { return };
    let mut server = site.start();
    actix_web::rt::System::new().block_on(async {
        let client = Client::builder().no_proxy().build().unwrap();
        let sign_in = json!({ "username": USERNAME, "password": PASSWORD });
        let post = client.post(format!("{}/api/v1/session", site.base())).header("Origin", site.base());
        let answer = post.json(&sign_in).send().await.unwrap();
        let cookie = answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        let (_, patient, location) = site.anna().await;

        // A request that is half sent when the server is told to stop.
        let mut slow = TcpStream::connect(site.address).unwrap();
        let body = sign_in.to_string();
        let head = format!(
            "POST /api/v1/session HTTP/1.1\r\nHost: x\r\nOrigin: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            site.base(),
            body.len()
        );
        slow.write_all(head.as_bytes()).unwrap();

        let going = Cell::new(0);
        let load = join_all((0..WRITERS).map(|_| ask_until_sent_away(&site, &cookie, (patient, location), &going)));
        let stop = async {
            while going.get() < 20 {
                tokio::task::yield_now().await;
            }
            let told = Instant::now();
            server.ask_to_go();
            // A balancer that asks sees it at once, while everybody is still answered.
            loop {
                let ready = client.get(format!("{}/readyz", site.base())).send().await.expect("still listening");
                if ready.status() == 503 {
                    break;
                }
                assert!(told.elapsed() < Duration::from_secs(1), "readiness says yes for too long");
            }
            let late = client.get(format!("{}/api/v1/practice", site.base())).send().await.unwrap();
            assert_eq!((late.status().as_u16(), late.headers()["connection"].to_str().unwrap()), (200, "close"));
            told
        };
        let (_, told) = futures_util::future::join(load, stop).await;

        // The door closes; who is inside is served to the end.
        while TcpStream::connect(site.address).is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
            assert!(told.elapsed() < Duration::from_secs(5), "the listener stays open");
        }
        slow.write_all(body.as_bytes()).unwrap();
        let mut answer = String::new();
        slow.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
        assert!(server.child.wait().unwrap().success());
        assert!(told.elapsed() < Duration::from_secs(10), "gone within ten seconds");
    });
}

#[test]
fn a_server_that_is_told_to_stop_fails_nobody_on_sqlite() {
    farewell(Engine::Sqlite);
}

#[test]
fn a_server_that_is_told_to_stop_fails_nobody_on_postgres() {
    farewell(Engine::Postgres);
}

#[test]
fn a_stalled_client_does_not_keep_a_server_from_going() {
    let Some(site) = Site::build(Engine::Sqlite) else { return };
    let mut server = site.start();
    let mut stalled = TcpStream::connect(site.address).unwrap();
    stalled.write_all(b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n").unwrap();
    // Answered once, so that the stalled one is known to be inside.
    actix_web::rt::System::new().block_on(async { site.visitor().practice().await.unwrap() });
    let told = Instant::now();
    server.ask_to_go();
    server.child.wait().unwrap();
    assert!(told.elapsed() < Duration::from_secs(10), "{:?}", told.elapsed());
}

//! A portal of its own for each test: fresh database, real sockets, a clock that the test moves.

use std::{
    cell::RefCell,
    collections::HashMap,
    future::Future,
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    time::Duration,
};

use diesel::{Connection, PgConnection, connection::SimpleConnection};
use portal_api::{
    app::App,
    config::Settings,
    demo, http,
    platform::{
        clock::Clock,
        db::{self, Engine},
        files::{FilesSettings, StoreSettings},
        gateway::{GatewaySettings, sandbox},
        limits::Rate,
        outbox::MailSettings,
    },
};
use portal_client::Portal;
use portal_domain::{billing::Currency, ids::PatientId, time::Time};

use super::wire;

/// A running portal.
pub struct TestPortal {
    /// Its inside, for what no operation shows.
    pub app: App,
    /// Where it listens.
    pub base: String,
    /// What sends requests that the typed client can't.
    pub wire: reqwest::Client,
    /// Its clock.
    pub clock: Clock,
    /// How the charts made so far are called by the source `test`.
    pub sources: RefCell<HashMap<PatientId, String>>,
    // Dropped last: the database outlives the server.
    _database: Option<Database>,
    _folder: tempfile::TempDir,
}

/// When every test begins.
pub fn begin() -> Time {
    "2026-10-05T14:00:00Z".parse().unwrap()
}

/// Runs a test on an engine; without a PostgreSQL server its half says so and ends (on CI it fails).
pub fn run<F: Future<Output = ()>>(engine: Engine, claim: impl FnOnce(TestPortal) -> F) {
    let Some(database) = Database::create(engine) else { return };
    actix_web::rt::System::new().block_on(async {
        let portal = TestPortal::start(database).await;
        claim(portal).await;
    });
}

impl TestPortal {
    async fn start(database: Database) -> Self {
        let url = database.url.clone();
        let portal = Self::serve(&url, Some(database), Clock::standing_at(begin()), |_| {}).await;
        demo::seed_practice(&portal.app).await.unwrap();
        portal
    }

    /// Another server on the same database, with other settings.
    pub async fn beside(&self, change: impl FnOnce(&mut Settings)) -> Self {
        Self::serve(&self.app.settings.database_url, None, self.clock.clone(), change).await
    }

    async fn serve(
        url: &str,
        database: Option<Database>,
        clock: Clock,
        change: impl FnOnce(&mut Settings),
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let socket = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = socket.local_addr().unwrap();
        let base = local(address);
        // Fifty tries at once are one test's very point.
        let mut settings = settings(url, address, folder.path(), Rate { per_second: 0, burst: 0 });
        change(&mut settings);
        let app = App::open(settings, clock.clone()).await.unwrap();
        let listening = http::listen_on(&app, socket, 1).unwrap();
        actix_web::rt::spawn(listening.serve());
        if let Some(cards) = &app.sandbox {
            let socket = TcpListener::bind("127.0.0.1:0").unwrap();
            actix_web::rt::spawn(sandbox::listen(cards, socket).unwrap().serve());
        }
        Self {
            app,
            base,
            wire: wire::wire(),
            clock,
            sources: RefCell::default(),
            _database: database,
            _folder: folder,
        }
    }

    /// A client that nobody is signed in with.
    pub fn visitor(&self) -> Portal {
        Portal::at(&self.base)
    }
}

/// What every test's portal is sealed with.
pub const SECRET: &str = "the secret of a test, which is long enough";

/// The settings of a test's portal.
pub fn settings(database: &str, address: SocketAddr, folder: &Path, rate: Rate) -> Settings {
    Settings {
        database_url: database.into(),
        database_connections: 8,
        address,
        public_url: local(address),
        data_dir: folder.into(),
        audit_head: folder.join("audit-head.json"),
        web_dir: folder.join("web"),
        secret: SECRET.into(),
        log: "warn".into(),
        log_json: false,
        trusted_proxy: None,
        rate,
        sign_in_rate: rate,
        body_deadline: Duration::from_secs(30),
        events_beat: Duration::from_secs(20),
        mail: MailSettings { smtp: None, from: "portal@example.org".into(), reply_to: None },
        files: FilesSettings { store: StoreSettings::Folder(folder.join("files")), scanner: None },
        currency: Currency::Usd,
        gateway: GatewaySettings::Sandbox(None),
        stripe: None,
    }
}

/// What people on this machine enter: by name, since passkeys are bound to one.
pub fn local(address: SocketAddr) -> String {
    format!("http://localhost:{}", address.port())
}

/// A database that goes when the test ends.
pub struct Database {
    pub url: String,
    server: Option<String>,
    _file: Option<tempfile::TempDir>,
}

impl Database {
    /// A migrated database; none where there is no PostgreSQL server to ask.
    pub fn create(engine: Engine) -> Option<Self> {
        match engine {
            Engine::Sqlite => {
                let folder = tempfile::tempdir().unwrap();
                let file = folder.path().join("portal.db");
                std::fs::copy(migrated_file(), &file).unwrap();
                let url = format!("sqlite:{}", file.display());
                Some(Self { url, server: None, _file: Some(folder) })
            }
            Engine::Postgres => {
                let server = postgres_server()?;
                let template = template(&server);
                let name = format!("portal_{}", uuid::Uuid::new_v4().simple());
                let mut conn = PgConnection::establish(&server).unwrap();
                // Copies of one template one at a time: PostgreSQL refuses a copy while another reads it.
                let copy = format!("CREATE DATABASE {name} TEMPLATE {template}");
                conn.batch_execute("SELECT pg_advisory_lock(7022)").unwrap();
                conn.batch_execute(&copy).unwrap();
                conn.batch_execute("SELECT pg_advisory_unlock(7022)").unwrap();
                Some(Self { url: database_at(&server, &name), server: Some(server), _file: None })
            }
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let (Some(server), Some((_, name))) = (&self.server, self.url.rsplit_once('/')) else { return };
        if let Ok(mut conn) = PgConnection::establish(server) {
            drop(conn.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")));
        }
    }
}

fn postgres_server() -> Option<String> {
    match std::env::var("TEST_DATABASE_URL") {
        Ok(url) => Some(url),
        Err(_) if std::env::var("CI").is_ok() => {
            panic!("TEST_DATABASE_URL is not set: run `cargo xtask test`")
        }
        Err(_) => {
            eprintln!("skipped: set TEST_DATABASE_URL or run `cargo xtask test` for the PostgreSQL half");
            None
        }
    }
}

/// What a migrated database to copy from is called, for each state of the migrations.
fn template_name() -> String {
    let migrations = portal_api::platform::secret::hash(db::fingerprint().as_bytes());
    let name: String = migrations.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("portal_template_{name}")
}

/// A migrated SQLite file to copy from. Of several tests that miss it at once each makes one, and the last stays.
fn migrated_file() -> PathBuf {
    let kept = std::env::temp_dir().join(format!("{}.db", template_name()));
    if !kept.exists() {
        let folder = tempfile::tempdir().unwrap();
        let made = folder.path().join("made.db");
        // Its last connection puts the journal into the file when it goes.
        db::migrate(&format!("sqlite:{}", made.display())).unwrap();
        std::fs::rename(made, &kept).unwrap();
    }
    kept
}

/// A migrated PostgreSQL database to copy from.
fn template(server: &str) -> String {
    let name = template_name();
    let mut conn = PgConnection::establish(server).unwrap();
    conn.batch_execute("SELECT pg_advisory_lock(7022)").unwrap();
    if PgConnection::establish(&database_at(server, &name)).is_err() {
        let making = format!("{name}_making");
        conn.batch_execute(&format!("DROP DATABASE IF EXISTS {making}")).unwrap();
        conn.batch_execute(&format!(
            "CREATE DATABASE {making} TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"
        ))
        .unwrap();
        db::migrate(&database_at(server, &making)).unwrap();
        conn.batch_execute(&format!("ALTER DATABASE {making} RENAME TO {name}")).unwrap();
    }
    conn.batch_execute("SELECT pg_advisory_unlock(7022)").unwrap();
    name
}

fn database_at(server: &str, name: &str) -> String {
    let (root, _) = server.rsplit_once('/').expect("TEST_DATABASE_URL ends with a database's name");
    format!("{root}/{name}")
}

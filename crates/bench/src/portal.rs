//! The real server in a process of its own, on a database of its own.

use anyhow::{Context, Result, bail, ensure};
use portal_domain::accounts::SignIn;
use std::{
    fs,
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::{
    load::{Connection, Shot},
    process::Group,
};

/// The longest time for a start.
const PATIENCE: Duration = Duration::from_secs(20);

/// A database with a portal's binary to serve it.
pub struct Site {
    binary: PathBuf,
    folder: PathBuf,
    database_url: String,
    /// The database server's first process, when it has one.
    database_pid: Option<u32>,
    /// What the demo practice says of its sign-ins.
    sign_ins: String,
}

/// What one caller may ask.
const LIMITS: [&str; 4] = [
    "PORTAL_RATE_PER_SECOND",
    "PORTAL_RATE_BURST",
    "PORTAL_SIGN_IN_RATE_PER_SECOND",
    "PORTAL_SIGN_IN_RATE_BURST",
];

impl Site {
    /// A migrated database with the demo practice.
    pub fn prepare(
        binary: &Path,
        folder: PathBuf,
        database_url: Option<String>,
        database_pid: Option<u32>,
    ) -> Result<Self> {
        fs::create_dir_all(&folder)?;
        let database_url =
            database_url.unwrap_or_else(|| format!("sqlite:{}", folder.join("portal.db").display()));
        let sign_ins = String::new();
        let mut site = Self { binary: binary.into(), folder, database_url, database_pid, sign_ins };
        site.call(&["migrate"])?;
        site.sign_ins = site.call(&["seed", "--demo"])?;
        Ok(site)
    }

    /// How the demo practice's member of staff with this role signs in.
    pub fn staff(&self, role: &str) -> Result<SignIn> {
        let password = self.sign_ins.lines().find_map(|line| line.strip_prefix("Sign in with the password "));
        let password = password.and_then(|rest| rest.split_whitespace().next());
        let account = self.sign_ins.lines().find(|line| line.ends_with(&format!("({role})")));
        let username = account.and_then(|line| line.split_whitespace().next());
        Ok(SignIn {
            username: username.with_context(|| format!("the demo has no {role}"))?.into(),
            password: password.context("the demo names no password")?.into(),
        })
    }

    fn command(&self) -> Command {
        let mut portal = Command::new(&self.binary);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("PORTAL_") {
                portal.env_remove(name);
            }
        }
        portal.current_dir(&self.folder).stdin(Stdio::null());
        // The limits of a caller count all the same, but never refuse: few callers here ask for many.
        for name in ["RATE_PER_SECOND", "RATE_BURST", "SIGN_IN_RATE_PER_SECOND", "SIGN_IN_RATE_BURST"] {
            portal.env(format!("PORTAL_{name}"), "1000000");
        }
        portal.env("PORTAL_DATABASE_URL", &self.database_url).env("PORTAL_DATA_DIR", &self.folder);
        portal
    }

    /// Runs one of the portal's own verbs and returns what it printed.
    pub fn call(&self, arguments: &[&str]) -> Result<String> {
        let output = self.command().args(arguments).stderr(Stdio::inherit()).output()?;
        ensure!(output.status.success(), "portal {} failed", arguments.join(" "));
        Ok(String::from_utf8(output.stdout)?)
    }

    /// Starts one of the portal's own verbs; what it prints is not kept.
    pub fn start(&self, arguments: &[&str]) -> Result<Child> {
        let mut portal = self.command();
        portal.args(arguments).stdout(Stdio::null());
        portal.spawn().with_context(|| self.binary.display().to_string())
    }

    /// Where its data lie.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Serves; returns how long it took until `/readyz` said so, too.
    pub async fn serve(&self) -> Result<(Server, Duration)> {
        // Free just now; nobody else on the loopback interface asks for a port in this moment.
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let log = fs::File::create(self.folder.join("serve.log"))?;
        let begun = Instant::now();
        let child = self
            .command()
            .env("PORTAL_ADDRESS", address.to_string())
            // A few accounts ask as much as a practice: the limits count, and are never reached.
            .envs(LIMITS.map(|name| (name, "1000000")))
            // The flood of sign-ins comes from many networks.
            .env("PORTAL_TRUSTED_PROXY", "127.0.0.1")
            .arg("serve")
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .with_context(|| self.binary.display().to_string())?;
        let server = Server { child, address, database_pid: self.database_pid };
        let ready = Shot::new("GET", "/readyz", &[], "", 200);
        loop {
            if let Ok(mut connection) = Connection::open(address).await {
                connection.send(&ready).await?;
                return Ok((server, begun.elapsed()));
            }
            if begun.elapsed() > PATIENCE {
                bail!("the portal does not start: {}", fs::read_to_string(self.folder.join("serve.log"))?);
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

/// A serving portal, gone when this is dropped.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    database_pid: Option<u32>,
}

impl Server {
    /// The address as the page's origin.
    pub fn base(&self) -> String {
        format!("http://localhost:{}", self.address.port())
    }

    /// The server's process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The processes that work on a request: the server, and the database's when it has its own.
    pub fn processes(&self) -> Group {
        Group { alone: self.child.id(), family: self.database_pid }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

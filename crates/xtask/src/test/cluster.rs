//! A PostgreSQL cluster of the tests' own: in a temporary folder, on a free port, gone afterwards.

use crate::proc::{self, tell};
use crate::setup;
use anyhow::{Context, Result, bail};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running server, or one that the user named.
pub struct Cluster {
    url: String,
    watchdog: Option<Child>,
    folder: PathBuf,
}

/// Waits on standard input, then stops the server and removes its folder.
///
/// The pipe closes when `cargo xtask` ends, in whatever way: so nothing is left behind after Ctrl-C or a kill either.
/// The data live as long as the tests, and no test cuts the machine's power: so nothing waits for the disk (`fsync`).
/// A kill of the portal or of one connection loses nothing by that.
/// SIGINT is PostgreSQL's fast shutdown. The terminal's own Ctrl-C goes to the whole group; the shell outlives it.
const WATCHDOG: &str = r#"
trap '' INT TERM HUP
dir=$1; bin=$2; port=$3
(trap - INT TERM HUP; exec "$bin/postgres" -D "$dir/data" -p "$port" -k "$dir" -c listen_addresses=127.0.0.1 \
  -c shared_buffers=64MB -c max_connections=200 -c fsync=off -c log_min_messages=fatal \
  >"$dir/log" 2>&1 </dev/null) &
server=$!
cat >/dev/null
kill -INT "$server" 2>/dev/null
wait "$server"
rm -rf "$dir"
"#;

impl Cluster {
    /// Starts a server, or takes the one that `TEST_DATABASE_URL` names.
    ///
    /// # Errors
    /// When PostgreSQL is missing or doesn't start.
    pub fn start() -> Result<Self> {
        if let Ok(url) = std::env::var("TEST_DATABASE_URL")
            && !url.is_empty()
        {
            tell("the server named by TEST_DATABASE_URL");
            return Ok(Self { url, watchdog: None, folder: PathBuf::new() });
        }
        Self::start_own()
    }

    /// Starts a server whatever `TEST_DATABASE_URL` names.
    ///
    /// # Errors
    /// When PostgreSQL is missing or doesn't start.
    pub fn start_own() -> Result<Self> {
        let begun = Instant::now();
        let bin = setup::postgres_binaries().context("PostgreSQL's server programs are missing")?;
        let user = User::fit();
        let dir = make_folder(&user)?;
        let data = dir.join("data");
        proc::output(
            user.command(&bin.join("initdb"))
                .args([
                    "--username=postgres",
                    "--auth=trust",
                    "--encoding=UTF8",
                    "--locale=C.UTF-8",
                    "--no-sync",
                    "-D",
                ])
                .arg(&data),
        )?;
        let port = free_port()?;
        let watchdog = user
            .command(Path::new("/bin/sh"))
            .args(["-c", WATCHDOG, "portal-test-database"])
            .arg(&dir)
            .arg(&bin)
            .arg(port.to_string())
            .stdin(Stdio::piped())
            .spawn()
            .context("PostgreSQL can't be started")?;
        let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
        let cluster = Self { url, watchdog: Some(watchdog), folder: dir };
        cluster.wait_until_ready(&bin, port)?;
        tell(&format!("port {port}, ready after {:.1} s", begun.elapsed().as_secs_f32()));
        Ok(cluster)
    }

    /// Where tests reach it, as a superuser, with the database `postgres`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The process that the server began with.
    ///
    /// # Errors
    /// When the server is not our own.
    pub fn pid(&self) -> Result<u32> {
        let file = self.folder.join("data/postmaster.pid");
        let text = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        Ok(text.lines().next().unwrap_or_default().trim().parse()?)
    }

    fn wait_until_ready(&self, bin: &Path, port: u16) -> Result<()> {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let mut ask = proc::command(bin.join("pg_isready"));
            ask.args(["--quiet", "--host=127.0.0.1", "--port"]).arg(port.to_string());
            if proc::output(&mut ask).is_ok() {
                return Ok(());
            }
            if Instant::now() > deadline {
                let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
                bail!("PostgreSQL does not answer on port {port}: {log}");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(mut watchdog) = self.watchdog.take() {
            // Closing the pipe tells it to stop the server.
            drop(watchdog.stdin.take());
            let _ = watchdog.wait();
        }
    }
}

/// Who runs the server: PostgreSQL refuses root.
struct User(Option<&'static str>);

impl User {
    fn fit() -> Self {
        if !setup::is_root() {
            return Self(None);
        }
        let has_postgres = proc::output(proc::command("id").args(["-u", "postgres"])).is_ok();
        Self(Some(if has_postgres { "postgres" } else { "nobody" }))
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = match self.0 {
            None => Command::new(program),
            Some(name) => {
                let mut command = Command::new("runuser");
                command.args(["-u", name, "--"]).arg(program);
                command
            }
        };
        // The repository may be closed to that user.
        command.current_dir("/");
        command
    }
}

fn make_folder(user: &User) -> Result<PathBuf> {
    let dir = proc::output(
        user.command(Path::new("mktemp")).arg("-d").arg(std::env::temp_dir().join("portal-postgres-XXXXXX")),
    )?;
    Ok(PathBuf::from(dir.trim()))
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

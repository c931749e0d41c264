//! A PostgreSQL cluster of the tests' own: in a temporary folder, on a free port, gone afterwards.
//!
//! Every test has a database of its own, which is some hundreds of files. On a disk the kernel spends more on making and
//! removing them than the server on reading them: so the folder lies in memory where there is room, and the files that
//! the tests themselves make with it.

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

/// The tests' own files, within the cluster's folder.
const FILES: &str = "files";

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
    pub fn for_tests() -> Result<Self> {
        if let Ok(url) = std::env::var("TEST_DATABASE_URL")
            && !url.is_empty()
        {
            tell("the server named by TEST_DATABASE_URL");
            return Ok(Self { url, watchdog: None, folder: PathBuf::new() });
        }
        Self::start_in(&memory().unwrap_or_else(std::env::temp_dir))
    }

    /// Starts a server on the disk, whatever `TEST_DATABASE_URL` names.
    ///
    /// # Errors
    /// When PostgreSQL is missing or doesn't start.
    pub fn for_measuring() -> Result<Self> {
        Self::start_in(&std::env::temp_dir())
    }

    fn start_in(place: &Path) -> Result<Self> {
        let begun = Instant::now();
        let bin = setup::postgres_binaries().context("PostgreSQL's server programs are missing")?;
        let user = User::fit();
        let dir = make_folder(&user, place)?;
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
        std::fs::create_dir(cluster.folder.join(FILES))?;
        let folder = cluster.folder.display();
        tell(&format!("port {port}, in {folder}, ready after {:.1} s", begun.elapsed().as_secs_f32()));
        Ok(cluster)
    }

    /// Tells a program that runs tests where the database is, and where to make its temporary files: they go with it.
    pub fn hand_to(&self, program: &mut Command) {
        program.env("TEST_DATABASE_URL", &self.url);
        if self.watchdog.is_some() {
            program.env("TMPDIR", self.folder.join(FILES));
        }
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

fn make_folder(user: &User, place: &Path) -> Result<PathBuf> {
    let dir =
        proc::output(user.command(Path::new("mktemp")).arg("-d").arg(place.join("portal-postgres-XXXXXX")))?;
    Ok(PathBuf::from(dir.trim()))
}

/// Linux's disk in memory, when a run of all tests fits in.
fn memory() -> Option<PathBuf> {
    let place = PathBuf::from("/dev/shm");
    let blocks = proc::output(proc::command("df").arg("-Pk").arg(&place)).ok()?;
    let memory = std::fs::read_to_string("/proc/meminfo").ok()?;
    has_room(&blocks, &memory).then_some(place)
}

/// The tests' files are at most some hundred megabytes; compilers and browsers want memory beside them.
fn has_room(df: &str, meminfo: &str) -> bool {
    const WANTED_KB: u64 = 2 << 20;
    const WANTED_BESIDE_KB: u64 = 4 << 20;
    let free = df.lines().nth(1).and_then(|line| line.split_whitespace().nth(3)?.parse::<u64>().ok());
    let available = meminfo.lines().find_map(|line| line.strip_prefix("MemAvailable:"));
    let available = available.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok());
    df.starts_with("Filesystem")
        && df.contains("tmpfs")
        && free.is_some_and(|free| free >= WANTED_KB)
        && available.is_some_and(|available| available >= WANTED_KB + WANTED_BESIDE_KB)
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_in_memory_is_used_when_it_and_the_machine_have_room() {
        let df = |kind: &str, free: &str| {
            format!(
                "Filesystem 1024-blocks Used Available Capacity Mounted on\n{kind} 99 1 {free} 1% /dev/shm\n"
            )
        };
        let memory = "MemTotal: 16000000 kB\nMemAvailable:   9000000 kB\n";
        assert!(has_room(&df("tmpfs", "4000000"), memory));
        assert!(!has_room(&df("tmpfs", "65536"), memory), "what containers have unless told otherwise");
        assert!(!has_room(&df("/dev/sda1", "4000000"), memory), "a folder of the disk");
        assert!(!has_room(&df("tmpfs", "4000000"), "MemAvailable: 5000000 kB\n"));
        assert!(!has_room("", ""));
    }
}

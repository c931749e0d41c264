//! The yardstick: actix with one handler that says hello, and as many workers as the portal has.

use actix_web::{App, HttpServer, web};
use anyhow::{Context, Result};
use std::{
    io::{BufRead, BufReader, Read},
    net::SocketAddr,
    process::{Child, Command, Stdio},
};

/// Serves until standard input closes; prints where.
pub fn serve() -> Result<()> {
    actix_web::rt::System::new().block_on(async {
        let workers = std::thread::available_parallelism().map_or(2, usize::from);
        let app = || App::new().route("/", web::get().to(async || "hello"));
        let server = HttpServer::new(app).workers(workers).bind("127.0.0.1:0")?;
        println!("{}", server.addrs().first().context("the handler listens nowhere")?);
        std::thread::spawn(|| {
            // Whoever started us holds the other end, and is gone when it closes.
            let _ = std::io::stdin().read_to_end(&mut Vec::new());
            std::process::exit(0);
        });
        Ok(server.run().await?)
    })
}

/// A bare handler in a process of its own, gone when this is dropped.
pub struct Hello {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Hello {
    /// Starts it.
    pub fn start() -> Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("hello")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let stdout = child.stdout.take().context("no output")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        Ok(Self { child, address: line.trim().parse().context("the bare handler did not start")? })
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Hello {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

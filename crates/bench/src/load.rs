//! The load: requests made up beforehand, sent over kept connections, one after the other on each.

use anyhow::{Context, Result, bail, ensure};
use futures_util::future::try_join_all;
use std::{
    cell::Cell,
    net::SocketAddr,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// The longest time for one answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// What stands in a request where each sending puts a number of its own (the tail of a UUID).
pub const EACH_TIME_ANOTHER: &str = "000000000000";

/// A request, ready to be sent, and the status that it must be answered with.
#[derive(Clone, Debug)]
pub struct Shot {
    /// The bytes as they go over the wire.
    pub bytes: Vec<u8>,
    /// The status of the right answer.
    pub status: u16,
    /// Where a number of its own goes.
    varies_at: Option<usize>,
}

impl Shot {
    /// A request with these headers and this body.
    pub fn new(method: &str, path: &str, headers: &[(&str, &str)], body: &str, status: u16) -> Self {
        let mut text = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n");
        for (name, value) in headers {
            text += &format!("{name}: {value}\r\n");
        }
        if method != "GET" {
            text += &format!("Content-Length: {}\r\n", body.len());
        }
        text += "\r\n";
        let varies_at = text.find(EACH_TIME_ANOTHER);
        Self { bytes: (text + body).into_bytes(), status, varies_at }
    }

    fn number(&mut self, number: u64) {
        if let Some(at) = self.varies_at {
            let digits = format!("{number:0width$x}", width = EACH_TIME_ANOTHER.len());
            self.bytes[at..at + digits.len()].copy_from_slice(digits.as_bytes());
        }
    }
}

/// An answer: what its head says, and its body.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Status line and headers.
    pub head: String,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The cookies that it sets, as `name=value`.
    pub fn cookies(&self) -> impl Iterator<Item = &str> {
        let headers = self.head.lines().filter_map(|line| line.split_once(':'));
        let set = headers.filter(|(key, _)| key.eq_ignore_ascii_case("set-cookie"));
        set.filter_map(|(_, value)| value.split(';').next()).map(str::trim)
    }

    /// A header's first value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find_map(|(key, value)| key.eq_ignore_ascii_case(name).then(|| value.trim()))
    }
}

/// A kept connection.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    /// Opens it.
    pub async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await.with_context(|| address.to_string())?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(64 * 1024) })
    }

    /// Sends, and waits for the answer's end. Returns the lengths of head and body, which lie in the buffer.
    async fn exchange(&mut self, bytes: &[u8]) -> Result<(usize, usize)> {
        self.stream.write_all(bytes).await?;
        self.buffer.clear();
        let (mut head, mut body) = (0, 0);
        loop {
            ensure!(self.stream.read_buf(&mut self.buffer).await? > 0, "the server hung up");
            if head == 0
                && let Some(at) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n")
            {
                head = at + 4;
                body = content_length(&self.buffer[..head])?;
            }
            if head > 0 && self.buffer.len() >= head + body {
                return Ok((head, body));
            }
        }
    }

    /// One request, whatever it is answered: the status, and how long it took.
    pub async fn try_out(&mut self, shot: &mut Shot, number: &Cell<u64>) -> Result<(u16, Duration)> {
        number.set(number.get() + 1);
        shot.number(number.get());
        let sent = Instant::now();
        timeout(PATIENCE, self.exchange(&shot.bytes)).await.context("no answer")??;
        Ok((status(&self.buffer)?, sent.elapsed()))
    }

    /// One request; an answer with another status is an error that shows the answer.
    pub async fn send(&mut self, shot: &Shot) -> Result<Answer> {
        let (head, body) = timeout(PATIENCE, self.exchange(&shot.bytes)).await.context("no answer")??;
        let answer = Answer {
            status: status(&self.buffer)?,
            head: String::from_utf8_lossy(&self.buffer[..head]).into_owned(),
            body: self.buffer[head..head + body].to_vec(),
        };
        if answer.status != shot.status {
            bail!("{} instead of {}: {}", answer.status, shot.status, String::from_utf8_lossy(&answer.body));
        }
        Ok(answer)
    }
}

/// The length that a head announces; without one there is no body (304).
fn content_length(head: &[u8]) -> Result<usize> {
    let head = std::str::from_utf8(head)?;
    let value = head.lines().filter_map(|line| line.split_once(':')).find(|(name, _)| {
        ensure_not_chunked(name);
        name.eq_ignore_ascii_case("content-length")
    });
    Ok(value.map(|(_, value)| value.trim().parse()).transpose()?.unwrap_or(0))
}

fn ensure_not_chunked(name: &str) {
    assert!(!name.eq_ignore_ascii_case("transfer-encoding"), "an answer without a length");
}

fn status(answer: &[u8]) -> Result<u16> {
    let digits = answer.get(9..12).context("not an HTTP answer")?;
    Ok(std::str::from_utf8(digits)?.parse()?)
}

/// Connections that are open and warm.
pub struct Volley {
    connections: Vec<(Connection, Shot)>,
}

/// What a volley showed.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// How many requests were answered.
    pub requests: u32,
    /// How long it took.
    pub lasted: Duration,
    /// How long each took, in order of length.
    pub latencies: Vec<Duration>,
}

impl Volley {
    /// Opens the connections and sends a request over each, so that nothing of that is measured. The shots are dealt
    /// out to the connections.
    pub async fn prepare(
        address: SocketAddr,
        shots: &[Shot],
        connections: usize,
        number: &Cell<u64>,
    ) -> Result<Self> {
        let mut volley = Self { connections: Vec::new() };
        for shot in shots.iter().cycle().take(connections) {
            let (mut connection, mut shot) = (Connection::open(address).await?, shot.clone());
            number.set(number.get() + 1);
            shot.number(number.get());
            connection.send(&shot).await?;
            volley.connections.push((connection, shot));
        }
        Ok(volley)
    }

    /// Sends over all connections at once until the time is up or so many requests were begun.
    pub async fn fire(self, time: Duration, at_most: u32, number: &Cell<u64>) -> Result<Outcome> {
        let begun = Instant::now();
        let left = Cell::new(at_most);
        let each = self.connections.into_iter().map(|(mut connection, mut shot)| {
            let left = &left;
            async move {
                let mut latencies = Vec::new();
                while left.get() > 0 && begun.elapsed() < time {
                    left.set(left.get() - 1);
                    number.set(number.get() + 1);
                    shot.number(number.get());
                    let sent = Instant::now();
                    let (head, body) =
                        timeout(PATIENCE, connection.exchange(&shot.bytes)).await.context("no answer")??;
                    latencies.push(sent.elapsed());
                    if status(&connection.buffer)? != shot.status {
                        let text = String::from_utf8_lossy(&connection.buffer[..head + body]);
                        bail!("instead of {}: {text}", shot.status);
                    }
                }
                Ok(latencies)
            }
        });
        let mut latencies = try_join_all(each).await?.concat();
        latencies.sort_unstable();
        Ok(Outcome { requests: u32::try_from(latencies.len())?, lasted: begun.elapsed(), latencies })
    }
}

impl Outcome {
    /// The latency that this share of requests stayed within (0.5: the median).
    pub fn quantile(&self, share: f64) -> Duration {
        let at = (self.latencies.len().saturating_sub(1) as f64 * share).round() as usize;
        self.latencies.get(at).copied().unwrap_or_default()
    }
}

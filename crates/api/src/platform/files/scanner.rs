//! The virus scanner hook: clamd's INSTREAM (clamd(8)). A scanner that does not answer stops the file, as one that
//! finds something does (MSG-3).

use std::{io, net::SocketAddr, path::PathBuf, str::FromStr, time::Duration};

use portal_domain::problem::Code;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpStream, UnixStream},
    time::timeout,
};

use crate::error::Result;

/// Bytes in one chunk of the stream.
const CHUNK: usize = 64 << 10;
/// An answer is one short line.
const MAX_ANSWER: u64 = 4096;

/// Where the scanner listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScannerAddress {
    /// Host and port.
    Tcp(String),
    /// A socket in the file system.
    Unix(PathBuf),
}

impl FromStr for ScannerAddress {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(path) = text.strip_prefix("unix:") {
            return Ok(Self::Unix(path.into()));
        }
        let is_host = text
            .rsplit_once(':')
            .is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok_and(|port| port != 0));
        if is_host || text.parse::<SocketAddr>().is_ok() {
            Ok(Self::Tcp(text.into()))
        } else {
            Err("it must be HOST:PORT or unix:PATH")
        }
    }
}

/// The scanner in force.
#[derive(Clone, Debug)]
pub struct ScannerSettings {
    /// Where it listens.
    pub address: ScannerAddress,
    /// How long it may take for one file.
    pub patience: Duration,
}

/// A way to the scanner. Each file has a connection of its own.
pub struct Scanner(ScannerSettings);

impl Scanner {
    pub fn new(settings: ScannerSettings) -> Self {
        Self(settings)
    }

    /// Returns when the scanner found nothing.
    pub async fn scan(&self, bytes: &[u8]) -> Result<()> {
        let answer = match timeout(self.0.patience, self.ask(bytes)).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(why)) => {
                tracing::warn!(%why, "the virus scanner does not answer");
                return Err(Code::ScanUnavailable.into());
            }
            Err(_) => {
                tracing::warn!("the virus scanner takes too long");
                return Err(Code::ScanUnavailable.into());
            }
        };
        // `stream: OK`, `stream: NAME FOUND`, or words that end in ERROR.
        if answer.ends_with(" OK") {
            Ok(())
        } else if answer.ends_with(" FOUND") {
            tracing::warn!(answer, "the virus scanner refused a file");
            Err(Code::FileInfected.into())
        } else {
            tracing::warn!(answer, "the virus scanner could not scan");
            Err(Code::ScanUnavailable.into())
        }
    }

    async fn ask(&self, bytes: &[u8]) -> io::Result<String> {
        match &self.0.address {
            ScannerAddress::Tcp(address) => converse(TcpStream::connect(address).await?, bytes).await,
            ScannerAddress::Unix(path) => converse(UnixStream::connect(path).await?, bytes).await,
        }
    }
}

/// Sends the file and reads the answer. An answer may come before the whole file was taken (too large for clamd), so a
/// broken pipe alone is not the end.
async fn converse(mut to: impl AsyncRead + AsyncWrite + Unpin, bytes: &[u8]) -> io::Result<String> {
    let sent = send(&mut to, bytes).await;
    let mut answer = Vec::new();
    to.take(MAX_ANSWER).read_to_end(&mut answer).await?;
    let answer = String::from_utf8_lossy(&answer).trim_end_matches(['\0', '\n']).to_owned();
    if answer.is_empty() {
        return Err(sent.err().unwrap_or_else(|| io::ErrorKind::UnexpectedEof.into()));
    }
    Ok(answer)
}

async fn send(to: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) -> io::Result<()> {
    to.write_all(b"zINSTREAM\0").await?;
    for chunk in bytes.chunks(CHUNK) {
        to.write_all(&u32::try_from(chunk.len()).unwrap_or(u32::MAX).to_be_bytes()).await?;
        to.write_all(chunk).await?;
    }
    to.write_all(&0u32.to_be_bytes()).await?;
    to.flush().await
}

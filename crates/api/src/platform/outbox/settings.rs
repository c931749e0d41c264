//! Where mail goes and who it is from.

use std::{fmt, path::PathBuf, str::FromStr, time::Duration};

/// How mail leaves the portal.
#[derive(Clone, Debug)]
pub struct MailSettings {
    /// The mail server; none: mails become files in a folder.
    pub smtp: Option<SmtpSettings>,
    /// The sender's address. Its name is the practice's.
    pub from: String,
    /// Where answers go, when elsewhere.
    pub reply_to: Option<String>,
}

/// A mail server that takes our mail (RFC 6409).
#[derive(Clone)]
pub struct SmtpSettings {
    /// Its name or address; with TLS its certificate must be for this name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: Tls,
    /// Who we are there, and the password (RFC 4954); none: the server asks nobody.
    pub credentials: Option<(String, String)>,
    /// A PEM file with the authority that signed the server's certificate, instead of the public ones.
    pub ca_file: Option<PathBuf>,
    /// How long the server may take for one step: to let us in, to take the addresses. Three times that to take a mail.
    pub patience: Duration,
}

/// The password stays out of logs.
impl fmt::Debug for SmtpSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port, tls, credentials, .. } = self;
        let account = credentials.as_ref().map_or("no account", |_| "an account");
        write!(f, "{host}:{port} ({tls}, {account})")
    }
}

/// How the connection to the mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// It begins in plain text and must turn to TLS before anything is said (RFC 3207).
    StartTls,
    /// TLS from the first byte (RFC 8314).
    Implicit,
    /// None, to a server on this very machine.
    None,
    /// None, to any server: whoever reads the network reads passwords and reset links.
    Insecure,
}

impl Tls {
    /// The port that servers listen on for this.
    pub fn usual_port(self) -> u16 {
        match self {
            Self::StartTls => 587,
            Self::Implicit => 465,
            Self::None | Self::Insecure => 25,
        }
    }

    /// Whether there is any.
    pub fn is_on(self) -> bool {
        matches!(self, Self::StartTls | Self::Implicit)
    }
}

impl fmt::Display for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::StartTls => "starttls",
            Self::Implicit => "tls",
            Self::None => "none",
            Self::Insecure => "insecure",
        })
    }
}

impl FromStr for Tls {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::StartTls, Self::Implicit, Self::None, Self::Insecure]
            .into_iter()
            .find(|tls| tls.to_string() == text)
            .ok_or("it must be starttls, tls, none or insecure")
    }
}

//! A mail server: one conversation after the other, some at once (RFC 5321, RFC 6409).
//!
//! Each step of a conversation is taken by itself, because what a refusal means depends on the step: a password that is
//! wrong or a sender that is not allowed is no fault of the mail, and the mail waits until somebody has mended it.

use std::{
    fmt,
    future::Future,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use lettre::{
    Address,
    transport::smtp::{
        Error as SmtpError,
        authentication::{Credentials, Mechanism},
        client::{AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters},
        commands::{Data, Mail, Rcpt},
        extension::{ClientId, Extension, MailParameter},
    },
};
use tokio::time::timeout;

use super::{
    message::Parcel,
    settings::{SmtpSettings, Tls},
    transport::Trouble,
};
use crate::error::{Error, Result};

/// A server may take this many times longer to take a mail than for other steps: it looks at it meanwhile, and when we
/// lose patience too early the mail comes twice.
const FOR_THE_MAIL: u32 = 3;

/// A mail server, with the connections that wait for the next mail.
pub struct Smtp {
    settings: SmtpSettings,
    tls: Option<TlsParameters>,
    hello: ClientId,
    idle: Mutex<Vec<AsyncSmtpConnection>>,
}

impl Smtp {
    /// A server as the settings name it; we greet it with the host of `public_url`. No connection is made yet.
    pub fn open(settings: &SmtpSettings, public_url: &str) -> Result<Self> {
        let tls = if settings.tls.is_on() { Some(tls(settings)?) } else { None };
        let host = public_url.split("://").last().unwrap_or_default();
        let host = host.split(['/', ':']).next().filter(|host| host.contains('.')).unwrap_or("localhost");
        Ok(Self {
            settings: settings.clone(),
            tls,
            hello: match host.parse() {
                Ok(ip) => ClientId::Ipv4(ip),
                Err(_) => ClientId::Domain(host.into()),
            },
            idle: Mutex::default(),
        })
    }

    /// Hands a mail over. A connection that served before is taken where one is left.
    pub async fn hand_over(&self, parcel: &Parcel) -> Result<(), Trouble> {
        let mut line = match self.waiting_line().await {
            Some(line) => line,
            None => self.new_line().await?,
        };
        let said = self.say(&mut line, parcel).await;
        match said {
            Ok(()) => self.idle().push(line),
            Err(_) => self.end(line).await,
        }
        said
    }

    /// Signs in and names the sender, without a mail.
    pub async fn try_out(&self, from: &Address) -> Result<(), Trouble> {
        let mut line = self.new_line().await?;
        let sender = Mail::new(Some(from.clone()), Vec::new());
        let said = self.step("MAIL FROM", line.command(sender)).await.map_err(Stumble::away);
        self.end(line).await;
        said.map(drop)
    }

    /// Ends the connections that wait.
    pub async fn hang_up(&self) {
        let idle = std::mem::take(&mut *self.idle());
        for line in idle {
            self.end(line).await;
        }
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<AsyncSmtpConnection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A connection that served before, if the server has not closed it meanwhile.
    async fn waiting_line(&self) -> Option<AsyncSmtpConnection> {
        let mut line = self.idle().pop()?;
        let lives = timeout(self.settings.patience, line.test_connected()).await.unwrap_or(false);
        lives.then_some(line)
    }

    /// A new connection: protected, and signed in.
    async fn new_line(&self) -> Result<AsyncSmtpConnection, Trouble> {
        let SmtpSettings { host, port, patience, credentials, .. } = &self.settings;
        let at_once = self.tls.clone().filter(|_| self.settings.tls == Tls::Implicit);
        let greeting = AsyncSmtpConnection::connect_tokio1(
            (host.as_str(), *port),
            Some(*patience),
            &self.hello,
            at_once,
            None,
        );
        let mut line = self.step("connecting", greeting).await.map_err(Stumble::away)?;
        if let Some(tls) = self.tls.clone().filter(|_| self.settings.tls == Tls::StartTls) {
            self.step("STARTTLS", line.starttls(tls, &self.hello)).await.map_err(Stumble::away)?;
        }
        if let Some((username, password)) = credentials {
            let credentials = Credentials::new(username.clone(), password.clone());
            let mechanisms = [Mechanism::Plain, Mechanism::Login];
            self.step("signing in", line.auth(&mechanisms, &credentials)).await.map_err(Stumble::away)?;
        }
        Ok(line)
    }

    async fn say(&self, line: &mut AsyncSmtpConnection, parcel: &Parcel) -> Result<(), Trouble> {
        let mut options = Vec::new();
        let address: &str = parcel.to.as_ref();
        if !address.is_ascii() || !parcel.bytes.is_ascii() {
            if !line.server_info().supports_feature(Extension::SmtpUtfEight) {
                return Err(Trouble::Never(
                    "the mail server takes no addresses with letters beyond ASCII (SMTPUTF8)".into(),
                ));
            }
            options.push(MailParameter::SmtpUtfEight);
        }
        let sender = Mail::new(Some(parcel.from.clone()), options);
        self.step("MAIL FROM", line.command(sender)).await.map_err(Stumble::away)?;
        let recipient = Rcpt::new(parcel.to.clone(), Vec::new());
        self.step("RCPT TO", line.command(recipient)).await.map_err(Stumble::of_this_mail)?;
        self.step("DATA", line.command(Data)).await.map_err(Stumble::of_this_mail)?;
        let patience = self.settings.patience * FOR_THE_MAIL;
        within(patience, "the mail", line.message(&parcel.bytes)).await.map_err(Stumble::of_this_mail)?;
        Ok(())
    }

    async fn end(&self, mut line: AsyncSmtpConnection) {
        // The server may have gone first; there is nobody to tell.
        let _ = timeout(self.settings.patience, line.abort()).await;
    }

    async fn step<T>(
        &self,
        name: &str,
        step: impl Future<Output = Result<T, SmtpError>>,
    ) -> Result<T, Stumble> {
        within(self.settings.patience, name, step).await
    }
}

impl fmt::Display for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the mail server {:?}", self.settings)
    }
}

/// A step that went wrong.
struct Stumble {
    text: String,
    for_good: bool,
}

impl Stumble {
    fn away(self) -> Trouble {
        Trouble::Away(self.text)
    }

    fn of_this_mail(self) -> Trouble {
        if self.for_good { Trouble::Never(self.text) } else { Trouble::Later(self.text) }
    }
}

async fn within<T>(
    patience: Duration,
    name: &str,
    step: impl Future<Output = Result<T, SmtpError>>,
) -> Result<T, Stumble> {
    match timeout(patience, step).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(why)) => Err(Stumble { text: format!("{name}: {why}"), for_good: why.is_permanent() }),
        Err(_) => {
            let seconds = patience.as_secs();
            Err(Stumble { text: format!("{name}: no answer within {seconds} s"), for_good: false })
        }
    }
}

/// Whom we trust to be the server: who has a certificate for its name from the authority in the settings' file, or from
/// a public one.
fn tls(settings: &SmtpSettings) -> Result<TlsParameters> {
    let mut tls =
        TlsParameters::builder(settings.host.clone()).certificate_store(CertificateStore::WebpkiRoots);
    if let Some(file) = &settings.ca_file {
        let unfit = |why: &dyn fmt::Display| {
            Error::internal(format!("PORTAL_SMTP_CA_FILE can't be used: {}: {why}", file.display()))
        };
        let pem = std::fs::read(file).map_err(|why| unfit(&why))?;
        let authority = Certificate::from_pem(&pem).map_err(|why| unfit(&why))?;
        tls = tls.certificate_store(CertificateStore::None).add_root_certificate(authority);
    }
    tls.build().map_err(|why| Error::internal(format!("TLS to the mail server can't be set up: {why}")))
}

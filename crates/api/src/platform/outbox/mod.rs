//! Outgoing e-mail. An act writes a mail into the outbox in its own transaction ([`Work::enqueue`]); a worker hands it
//! over afterwards. What was rolled back is never sent, and what was committed is sent even after a crash.
//!
//! This room knows how mail is kept, written and handed over, and nothing of why it is sent.
//!
//! [`Work::enqueue`]: super::work::Work::enqueue

mod folder;
mod letter;
mod message;
mod settings;
mod smtp;
mod store;
mod transport;
mod worker;

use std::{fmt, path::Path, sync::Arc};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use lettre::Address;
use portal_domain::{
    ids::{AccountId, MailId},
    outbox::MailKind,
    problem::Problem,
    time::Time,
};
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use uuid::Uuid;

use super::{clock::new_id, db::Conn, secret::Sealer};
use crate::error::{Error, Result};

pub use letter::Letter;
pub use settings::{MailSettings, SmtpSettings, Tls};
pub use store::{
    all_waiting, bring_forward, forget_old, hold_back, last_left, note_suppressed, of_account, states,
    suppress, waiting,
};
pub use worker::{Worker, deliver_due, start};

pub(super) use self::store::When;

use self::{message::Sender, transport::Transport};

/// What the sealed part of a row is sealed for.
const PURPOSE: &str = "outbox mail";
/// The longest address, in bytes (RFC 5321, 4.5.3.1.3).
const MAX_ADDRESS: usize = 254;

/// An e-mail to be sent.
#[derive(Clone, Debug)]
pub struct Mail {
    /// What it is about.
    pub kind: MailKind,
    /// Whose account it is about, for staff who look why nothing came.
    pub account: Option<AccountId>,
    /// The address.
    pub to: String,
    /// What it says.
    pub letter: Letter,
    /// After this it would help nobody, as the link in it has expired: it is not sent any more.
    pub useless_after: Option<Time>,
}

/// What is sealed in a row.
#[derive(Debug, Serialize, Deserialize)]
struct Content {
    /// The practice's name, for the sender.
    from: String,
    subject: String,
    text: String,
    html: String,
    /// Where a mail program posts to when its reader wants no more of these (RFC 8058).
    #[serde(default)]
    unsubscribe: Option<String>,
    /// A file that goes along.
    #[serde(default)]
    enclosure: Option<Enclosure>,
}

/// A file of the file store that goes along with a mail. Its bytes are fetched when the mail leaves.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Enclosure {
    /// What it is called, in plain letters.
    pub name: String,
    /// What it is.
    pub media_type: String,
    /// Its id in the file store.
    pub file: Uuid,
}

/// The outbox. Cheap to clone.
#[derive(Clone)]
pub struct Outbox(Arc<Inside>);

struct Inside {
    sealer: Sealer,
    sender: Sender,
    transport: Transport,
    /// Where links lead.
    public_url: String,
    /// Rings when an act that wrote a mail was committed.
    bell: Notify,
}

impl Outbox {
    /// An outbox whose mails are sealed by `sealer` and leave as the settings say.
    pub fn open(settings: &MailSettings, public_url: &str, data_dir: &Path, sealer: Sealer) -> Result<Self> {
        let named = |name: &str, text: &str| {
            address(text)
                .map_err(|_| Error::internal(format!("{name} can't be used: it is no e-mail address")))
        };
        let sender = Sender {
            from: named("PORTAL_MAIL_FROM", &settings.from)?,
            reply_to: settings.reply_to.as_deref().map(|to| named("PORTAL_MAIL_REPLY_TO", to)).transpose()?,
        };
        let transport = Transport::open(settings, public_url, data_dir)?;
        let public_url = public_url.to_owned();
        Ok(Self(Arc::new(Inside { sealer, sender, transport, public_url, bell: Notify::new() })))
    }

    /// Tries the way out without a mail: connects, signs in, names the sender. Answers what is wrong.
    pub async fn try_out(&self) -> Result<(), String> {
        self.0.transport.try_out(&self.0.sender.from).await.map_err(|trouble| trouble.reason())
    }

    /// Writes a mail into the outbox, inside the caller's transaction. An address that can't be one, and a line break
    /// or other control character in the subject, is refused.
    pub(super) fn enqueue(&self, conn: &mut Conn, mail: &Mail, when: When) -> Result<MailId> {
        let to = address(&mail.to)?;
        let practice = store::practice(conn)?;
        let content = mail.letter.write(practice)?;
        let id = MailId(new_id());
        let sealed = self.0.sealer.seal(PURPOSE, &serde_json::to_vec(&content)?)?;
        store::insert(conn, id, mail, to.as_ref(), sealed, when)?;
        Ok(id)
    }

    /// A token for a link that only this portal can have written: `plain`, sealed for `purpose`.
    pub(super) fn token(&self, purpose: &str, plain: &[u8]) -> Result<String> {
        Ok(URL_SAFE_NO_PAD.encode(self.0.sealer.seal(purpose, plain)?))
    }

    /// How browsers reach the portal, for links.
    pub(super) fn public_url(&self) -> &str {
        &self.0.public_url
    }

    /// Tells the worker that there is something to send.
    pub(crate) fn wake(&self) {
        self.0.bell.notify_one();
    }
}

/// Where mails go, in words.
impl fmt::Display for Outbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.transport.fmt(f)
    }
}

/// The address that a text spells, or what is wrong with it.
fn address(text: &str) -> Result<Address> {
    let wrong = || Error::from(Problem::field("email", "invalid", "This is no e-mail address."));
    if text.len() > MAX_ADDRESS || text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(wrong());
    }
    text.parse().map_err(|_| wrong())
}

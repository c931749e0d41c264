//! A mail as it goes over the wire (RFC 5322): headers, plain text and HTML.

use std::time::{Duration, UNIX_EPOCH};

use lettre::{
    Address, Message,
    message::{
        Attachment, Body, Mailbox, MultiPart,
        header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue},
    },
};
use portal_domain::{ids::MailId, time::Time};

use super::{Content, address};
use crate::error::{Error, Result};

/// Who mails are from.
#[derive(Clone, Debug)]
pub struct Sender {
    /// The address, without the practice's name.
    pub from: Address,
    /// Where answers go, when elsewhere.
    pub reply_to: Option<Address>,
}

/// A mail ready to be handed over.
#[derive(Debug)]
pub struct Parcel {
    /// The row's id.
    pub id: MailId,
    /// When it was written.
    pub created_at: Time,
    /// From whom, on the envelope.
    pub from: Address,
    /// To whom.
    pub to: Address,
    /// Headers and body, with CRLF.
    pub bytes: Vec<u8>,
}

/// Puts a row's content into an envelope. Whatever is not fit for a header is encoded or refused by the builder.
///
/// Message-ID and Date come from the row: when a mail is handed over twice after a crash, both are the same message to
/// whoever receives them.
pub fn parcel(
    sender: &Sender,
    id: MailId,
    created_at: Time,
    to: &str,
    content: Content,
    enclosed: Option<Vec<u8>>,
) -> Result<Parcel> {
    let Sender { from, reply_to } = sender;
    let to = address(to)?;
    let written = Duration::from_micros(created_at.micros().max(0).unsigned_abs());
    let mut message = Message::builder()
        .message_id(Some(format!("<{id}@{}>", from.domain())))
        .date(UNIX_EPOCH + written)
        .from(Mailbox::new(Some(content.from), from.clone()))
        .to(Mailbox::new(None, to.clone()))
        .subject(content.subject)
        // No answer by a machine is wanted (RFC 3834, 5).
        .raw_header(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".into(),
        ));
    if let Some(url) = content.unsubscribe {
        let header = |name, value: String| HeaderValue::new(HeaderName::new_from_ascii_str(name), value);
        message = message
            .raw_header(header("List-Unsubscribe", format!("<{url}>")))
            .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".into()));
    }
    if let Some(reply_to) = reply_to {
        message = message.reply_to(Mailbox::new(None, reply_to.clone()));
    }
    let unfit = |why: &dyn std::fmt::Display| Error::internal(format!("a mail can't be built: {why}"));
    let said = MultiPart::alternative_plain_html(content.text, content.html);
    let whole = match content.enclosure.zip(enclosed) {
        None => said,
        Some((enclosure, bytes)) => {
            let kind = ContentType::parse(&enclosure.media_type).map_err(|why| unfit(&why))?;
            // In base64 whatever it is: a file arrives byte for byte.
            let body = Body::new_with_encoding(bytes, ContentTransferEncoding::Base64)
                .map_err(|_| unfit(&"its file can't be encoded"))?;
            MultiPart::mixed().multipart(said).singlepart(Attachment::new(enclosure.name).body(body, kind))
        }
    };
    let message = message.multipart(whole).map_err(|why| unfit(&why))?;
    Ok(Parcel { id, created_at, from: from.clone(), to, bytes: message.formatted() })
}

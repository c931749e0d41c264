//! What a mail says: one letter, written as plain text and as simple HTML.

use askama::Template;

use super::{Content, Enclosure, store::Practice};
use crate::error::{Error, Result};

/// The longest subject, in characters: one line of a header (RFC 5322, 2.1.1).
const MAX_SUBJECT: usize = 200;

/// A letter: what it says, what it shows, where it leads. Greeting and signature are the same in all.
///
/// ```
/// use portal_api::platform::outbox::Letter;
///
/// let letter = Letter::about("Choose a new password")
///     .says("You asked for a new password.")
///     .leads("Choose a new password", "https://portal.example.org/reset#c0ffee")
///     .adds("The link works once, for 30 minutes. If you did not ask, ignore this e-mail.");
/// # drop(letter);
/// ```
#[derive(Clone, Debug)]
pub struct Letter {
    subject: String,
    paragraphs: Vec<String>,
    facts: Vec<Fact>,
    link: Option<Link>,
    closing: Vec<String>,
    unsubscribe: Option<String>,
    enclosure: Option<Enclosure>,
}

#[derive(Clone, Debug)]
struct Fact {
    label: String,
    value: String,
}

#[derive(Clone, Debug)]
struct Link {
    label: String,
    url: String,
}

#[derive(Template)]
#[template(path = "mail/letter.txt")]
struct AsText<'a> {
    letter: &'a Letter,
    practice: &'a Practice,
}

#[derive(Template)]
#[template(path = "mail/letter.html")]
struct AsHtml<'a> {
    letter: &'a Letter,
    practice: &'a Practice,
}

impl Letter {
    /// A letter with this subject, which is its heading too.
    pub fn about(subject: impl Into<String>) -> Self {
        let subject = subject.into();
        Self {
            subject,
            paragraphs: Vec::new(),
            facts: Vec::new(),
            link: None,
            closing: Vec::new(),
            unsubscribe: None,
            enclosure: None,
        }
    }

    /// One more paragraph.
    #[must_use]
    pub fn says(mut self, paragraph: impl Into<String>) -> Self {
        self.paragraphs.push(paragraph.into());
        self
    }

    /// Something to copy, with its label: a username, a device.
    #[must_use]
    pub fn shows(mut self, label: impl Into<String>, value: impl Into<String>) -> Self {
        self.facts.push(Fact { label: label.into(), value: value.into() });
        self
    }

    /// The link to follow, with what it does.
    #[must_use]
    pub fn leads(mut self, label: impl Into<String>, url: impl Into<String>) -> Self {
        self.link = Some(Link { label: label.into(), url: url.into() });
        self
    }

    /// A paragraph below the link.
    #[must_use]
    pub fn adds(mut self, paragraph: impl Into<String>) -> Self {
        self.closing.push(paragraph.into());
        self
    }

    /// Where a mail program posts to when its reader wants no more of these (RFC 8058).
    #[must_use]
    pub fn unsubscribes(mut self, url: impl Into<String>) -> Self {
        self.unsubscribe = Some(url.into());
        self
    }

    /// A file that goes along.
    #[must_use]
    pub fn encloses(mut self, enclosure: Enclosure) -> Self {
        self.enclosure = Some(enclosure);
        self
    }

    /// The letter on the practice's paper. A control character in the subject or in the practice's name is refused:
    /// both become lines of a header.
    pub(super) fn write(&self, practice: Practice) -> Result<Content> {
        for line in [&self.subject, &practice.name] {
            if line.chars().any(char::is_control) || line.chars().count() > MAX_SUBJECT {
                return Err(Error::internal("a subject or name that can't be a line of a mail's header"));
            }
        }
        let failed = |why| Error::internal(format!("a letter can't be written: {why}"));
        Ok(Content {
            text: canonical(&AsText { letter: self, practice: &practice }.render().map_err(failed)?),
            html: canonical(&AsHtml { letter: self, practice: &practice }.render().map_err(failed)?),
            subject: self.subject.clone(),
            from: practice.name,
            unsubscribe: self.unsubscribe.clone(),
            enclosure: self.enclosure.clone(),
        })
    }
}

/// Text with the line breaks that text has in mails, also where it is encoded (RFC 2045, 6.8).
fn canonical(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").replace('\n', "\r\n")
}

//! Copies of a health record that a patient sends to somebody outside (view, download and transmit): by a link that takes
//! a pass code, or unencrypted as a file of an e-mail when the patient asks for that (45 CFR 164.524).

use serde::{Deserialize, Serialize};

use crate::{
    accounts::parse_email,
    ids::{HealthRecordId, TransmissionId},
    outbox::MailState,
    problem::FieldError,
    record::RecordFormat,
    time::Time,
    words::words,
};

/// So many copies a patient may send in a day: the portal is no way to fill strangers' mailboxes.
pub const MOST_SENT_A_DAY: i64 = 10;
/// How many days a link lives when nobody says otherwise. It never outlives the file.
pub const LINK_DAYS: u32 = 7;
/// How many days a link may live at most.
pub const MOST_LINK_DAYS: u32 = 30;
/// A wrong code as often as this closes the link for good.
pub const MOST_WRONG_CODES: i64 = 5;
/// The largest file that goes into an e-mail, in bytes: many mailboxes take no more than 10 MB, and a file grows by a
/// third on its way.
pub const MOST_ATTACHED: i64 = 7 * 1024 * 1024;
/// Digits in a pass code.
pub const CODE_DIGITS: usize = 8;

words! {
    /// How a copy is sent.
    TransmissionWay {
        /// An e-mail with a link; the file is saved from there by who has the pass code.
        Link = "link",
        /// The file itself, unencrypted, in an e-mail.
        Attachment = "attachment",
    }
}

words! {
    /// Where a copy that was sent stands.
    TransmissionState {
        /// The e-mail waits to leave.
        Waiting = "waiting",
        /// The e-mail left.
        Sent = "sent",
        /// The e-mail could not be delivered, or was held back.
        NotSent = "not_sent",
        /// Somebody gave the right pass code.
        Opened = "opened",
        /// The file was saved.
        Downloaded = "downloaded",
        /// The patient took the copy back.
        Withdrawn = "withdrawn",
        /// The pass code was wrong too often.
        Locked = "locked",
        /// The link's time is over.
        Expired = "expired",
    }
}

/// Sends a copy of a record that is ready.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewTransmission {
    /// The e-mail address of who gets it.
    pub recipient: String,
    /// In which format.
    pub format: RecordFormat,
    /// How.
    pub way: TransmissionWay,
    /// The days until a link ends, 1 to 30; 7 when absent.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 30))]
    pub days: Option<u32>,
    /// That the patient was warned of an unencrypted e-mail, which others may read on its way, and wants it all the same.
    /// An attachment is refused without it.
    #[serde(default)]
    pub accepts_unencrypted: bool,
}

impl NewTransmission {
    /// The request with its address in one form; or everything that is wrong with it.
    pub fn check(mut self) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        match parse_email("recipient", &self.recipient) {
            Ok(recipient) => self.recipient = recipient,
            Err(error) => errors.push(error),
        }
        if self.days.is_some_and(|days| !(1..=MOST_LINK_DAYS).contains(&days)) {
            errors.push(FieldError::new("days", "link_days", "Choose 1 to 30 days."));
        }
        if self.way == TransmissionWay::Attachment && !self.accepts_unencrypted {
            let message = "Confirm that you want an unencrypted e-mail, or send a link.";
            errors.push(FieldError::new("accepts_unencrypted", "unencrypted_unconfirmed", message));
        }
        if errors.is_empty() { Ok(self) } else { Err(errors) }
    }
}

/// A copy that was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TransmissionView {
    /// The id.
    pub id: TransmissionId,
    /// Of which record.
    pub record_id: HealthRecordId,
    /// To which address.
    pub recipient: String,
    /// In which format.
    pub format: RecordFormat,
    /// How.
    pub way: TransmissionWay,
    /// Where it stands.
    pub state: TransmissionState,
    /// When it was sent.
    pub sent_at: Time,
    /// Who sent it.
    pub sent_by: String,
    /// When its link ends; null for an attachment.
    pub expires_at: Option<Time>,
    /// When the right pass code was first given.
    pub opened_at: Option<Time>,
    /// When the file was first saved.
    pub downloaded_at: Option<Time>,
    /// How often the file was saved.
    pub downloads: i64,
    /// When the patient took it back.
    pub withdrawn_at: Option<Time>,
    /// Whether it can still be taken back.
    pub can_withdraw: bool,
}

/// The answer to sending.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TransmissionSent {
    /// What was sent.
    pub transmission: TransmissionView,
    /// The pass code of a link, shown this once: the portal keeps no way to tell it again. Null for an attachment, and
    /// in the answer to a repeat.
    pub code: Option<String>,
}

/// The code stays out of logs.
impl std::fmt::Debug for TransmissionSent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TransmissionSent").field("transmission", &self.transmission).finish_non_exhaustive()
    }
}

/// What opens a copy: the token of the mailed link, and the pass code that the sender told apart.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TransmissionKey {
    /// The token of the link.
    pub token: String,
    /// The pass code; spaces and dashes don't count.
    pub code: String,
}

/// Neither token nor code is for logs.
impl std::fmt::Debug for TransmissionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TransmissionKey")
    }
}

/// What lies behind a link, told to who has the code: nothing of whom it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TransmissionOpened {
    /// The file's format.
    pub format: RecordFormat,
    /// Its size in bytes.
    pub size: i64,
    /// SHA-256 of its bytes, in lower-case hexadecimal digits.
    pub sha256: String,
    /// When the link ends.
    pub expires_at: Time,
}

/// What a copy's state follows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransmissionFacts {
    /// How it was sent.
    pub way: TransmissionWay,
    /// Where its e-mail stands; none when that was long ago.
    pub mail: Option<MailState>,
    /// How often the code was wrong.
    pub wrong_codes: i64,
    /// When its link, and so its file, ends.
    pub expires_at: Time,
    /// When the right code was first given.
    pub opened_at: Option<Time>,
    /// When the file was first saved.
    pub downloaded_at: Option<Time>,
    /// When the patient took it back.
    pub withdrawn_at: Option<Time>,
}

impl TransmissionFacts {
    /// Whether the right code opens the link now.
    pub fn opens(&self, now: Time) -> bool {
        self.way == TransmissionWay::Link
            && self.withdrawn_at.is_none()
            && self.wrong_codes < MOST_WRONG_CODES
            && now < self.expires_at
    }

    /// Where it stands.
    pub fn state(&self, now: Time) -> TransmissionState {
        use TransmissionState as S;
        let is_link = self.way == TransmissionWay::Link;
        match self.mail {
            _ if self.withdrawn_at.is_some() => S::Withdrawn,
            _ if is_link && self.wrong_codes >= MOST_WRONG_CODES => S::Locked,
            Some(MailState::Failed | MailState::Suppressed) if self.opened_at.is_none() => S::NotSent,
            _ if is_link && self.expires_at <= now => S::Expired,
            _ if self.downloaded_at.is_some() => S::Downloaded,
            _ if self.opened_at.is_some() => S::Opened,
            Some(MailState::Queued | MailState::Sending) => S::Waiting,
            _ => S::Sent,
        }
    }

    /// Whether the patient can still take it back: a link while it opens, an attachment until its e-mail leaves.
    pub fn can_withdraw(&self, now: Time) -> bool {
        match self.way {
            TransmissionWay::Link => self.opens(now),
            TransmissionWay::Attachment => {
                self.withdrawn_at.is_none() && self.mail == Some(MailState::Queued)
            }
        }
    }
}

/// The pass code of eight random bytes, as it is read out on the phone: `4071 9926`.
pub fn spell_code(random: [u8; 8]) -> String {
    // 2^64 is so much larger than 10^8 that no digit is likelier than another to speak of.
    let number = u64::from_be_bytes(random) % 100_000_000;
    format!("{:04} {:04}", number / 10_000, number % 10_000)
}

/// A typed code in its one form. None when it can't be a code.
pub fn normalize_code(typed: &str) -> Option<String> {
    let mut code = String::with_capacity(CODE_DIGITS);
    for symbol in typed.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '—' | '.')) {
        if !symbol.is_ascii_digit() || code.len() == CODE_DIGITS {
            return None;
        }
        code.push(symbol);
    }
    (code.len() == CODE_DIGITS).then_some(code)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Time {
        text.parse().unwrap()
    }

    fn link() -> TransmissionFacts {
        TransmissionFacts {
            way: TransmissionWay::Link,
            mail: Some(MailState::Sent),
            wrong_codes: 0,
            expires_at: at("2026-10-12T14:00:00Z"),
            opened_at: None,
            downloaded_at: None,
            withdrawn_at: None,
        }
    }

    fn new() -> NewTransmission {
        NewTransmission {
            recipient: " clinic@Example.org ".into(),
            format: RecordFormat::Pdf,
            way: TransmissionWay::Link,
            days: None,
            accepts_unencrypted: false,
        }
    }

    #[test]
    fn an_attachment_needs_the_patients_word_and_a_link_does_not() {
        assert_eq!(new().check().unwrap().recipient, "clinic@example.org");
        let attached = NewTransmission { way: TransmissionWay::Attachment, ..new() };
        assert_eq!(attached.clone().check().unwrap_err()[0].field, "accepts_unencrypted");
        assert!(NewTransmission { accepts_unencrypted: true, ..attached }.check().is_ok());
    }

    #[test]
    fn every_mistake_is_told_at_once() {
        let wrong = NewTransmission {
            recipient: "nobody".into(),
            days: Some(31),
            way: TransmissionWay::Attachment,
            ..new()
        };
        let fields: Vec<_> = wrong.check().unwrap_err().into_iter().map(|error| error.field).collect();
        assert_eq!(fields, ["recipient", "days", "accepts_unencrypted"]);
        assert!(NewTransmission { days: Some(0), ..new() }.check().is_err());
    }

    #[test]
    fn a_link_opens_until_it_ends_is_withdrawn_or_was_tried_too_often() {
        let (before, end) = (at("2026-10-12T13:59:59Z"), at("2026-10-12T14:00:00Z"));
        assert!(link().opens(before) && !link().opens(end));
        assert!(!TransmissionFacts { withdrawn_at: Some(before), ..link() }.opens(before));
        assert!(TransmissionFacts { wrong_codes: 4, ..link() }.opens(before));
        assert!(!TransmissionFacts { wrong_codes: 5, ..link() }.opens(before));
        assert!(!TransmissionFacts { way: TransmissionWay::Attachment, ..link() }.opens(before));
    }

    #[test]
    fn a_state_follows_from_the_facts() {
        use TransmissionState as S;
        let (now, end) = (at("2026-10-05T14:00:00Z"), at("2026-10-12T14:00:00Z"));
        let of = |facts: TransmissionFacts| facts.state(now);
        assert_eq!(of(TransmissionFacts { mail: Some(MailState::Queued), ..link() }), S::Waiting);
        assert_eq!(of(link()), S::Sent);
        assert_eq!(of(TransmissionFacts { mail: None, ..link() }), S::Sent);
        assert_eq!(of(TransmissionFacts { mail: Some(MailState::Failed), ..link() }), S::NotSent);
        let opened = TransmissionFacts { opened_at: Some(now), ..link() };
        assert_eq!(of(opened), S::Opened);
        let downloaded = TransmissionFacts { downloaded_at: Some(now), ..opened };
        assert_eq!(of(downloaded), S::Downloaded);
        assert_eq!(downloaded.state(end), S::Expired);
        assert_eq!(of(TransmissionFacts { wrong_codes: 5, ..downloaded }), S::Locked);
        assert_eq!(of(TransmissionFacts { withdrawn_at: Some(now), ..downloaded }), S::Withdrawn);
        let attached = TransmissionFacts { way: TransmissionWay::Attachment, ..link() };
        assert_eq!(attached.state(end), S::Sent, "what left can't expire");
    }

    proptest! {
        #[test]
        fn what_can_be_withdrawn_is_nothing_that_is_over(
            wrong in 0i64..7, withdrawn in any::<bool>(), attached in any::<bool>(), late in any::<bool>(),
        ) {
            let now = at(if late { "2026-10-12T14:00:00Z" } else { "2026-10-06T14:00:00Z" });
            let way = if attached { TransmissionWay::Attachment } else { TransmissionWay::Link };
            let facts = TransmissionFacts { way, wrong_codes: wrong, withdrawn_at: withdrawn.then_some(now), ..link() };
            if facts.can_withdraw(now) {
                use TransmissionState as S;
                prop_assert!(!matches!(facts.state(now), S::Withdrawn | S::Locked | S::Expired | S::NotSent));
            }
        }

        #[test]
        fn a_code_reads_back_however_it_is_typed(random in any::<[u8; 8]>()) {
            let code = spell_code(random);
            let bare = code.replace(' ', "");
            prop_assert_eq!(bare.len(), CODE_DIGITS);
            for typed in [code.clone(), bare.clone(), format!(" {}-{} ", &bare[..4], &bare[4..])] {
                prop_assert_eq!(normalize_code(&typed), Some(bare.clone()));
            }
        }

        #[test]
        fn no_other_text_is_a_code(typed in "\\PC{0,12}") {
            if let Some(code) = normalize_code(&typed) {
                prop_assert!(code.len() == CODE_DIGITS && code.bytes().all(|digit| digit.is_ascii_digit()));
            }
        }
    }
}

//! Important notices of the practice (NOT-1).

use serde::{Deserialize, Serialize};

use crate::{
    audience::Audience,
    ids::NoticeId,
    language::{MAX_LANGUAGES, is_tag},
    patients::PatientSummary,
    problem::{FieldError, Problem},
    text::{self, Lines},
    time::{Date, Time},
    words::words,
};

/// The longest title, in characters.
pub const MAX_TITLE: usize = 120;
/// The longest text, in characters.
pub const MAX_BODY: usize = 4_000;
/// The longest window, in days.
pub const MAX_DAYS: i64 = 366;

words! {
    /// How much a notice matters.
    Severity {
        /// Good to know.
        Info = "info",
        /// Changes something for the reader.
        Important = "important",
        /// Needs the reader now.
        Urgent = "urgent",
    }
}

words! {
    /// Where a notice stands.
    Phase {
        /// Its first day is still to come.
        Scheduled = "scheduled",
        /// Patients see it.
        Running = "running",
        /// Its last day is over.
        Ended = "ended",
        /// The practice took it back.
        Withdrawn = "withdrawn",
    }
}

/// A notice in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NoticeText {
    /// BCP 47.
    pub language: String,
    /// One line, at most 120 characters.
    pub title: String,
    /// Plain text, at most 4,000 characters; an empty line parts paragraphs.
    pub body: String,
}

/// A notice as staff write it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NoticeContent {
    /// For whom. It stays as it is once the notice has begun.
    #[serde(default)]
    pub audience: Audience,
    /// How much it matters.
    pub severity: Severity,
    /// Whether each reader is asked to confirm having read it.
    #[serde(default)]
    pub must_acknowledge: bool,
    /// The first day on which it is shown, from midnight in the practice's zone.
    #[serde(with = "crate::time::iso_date")]
    pub starts_on: Date,
    /// The last day, until its midnight.
    #[serde(with = "crate::time::iso_date")]
    pub ends_on: Date,
    /// One text a language; the first is for readers of every other.
    pub texts: Vec<NoticeText>,
}

impl NoticeContent {
    /// The content with its texts cleaned, or what is wrong with it. `today` is the practice's date.
    pub fn check(mut self, today: Date) -> Result<Self, Problem> {
        let mut errors = self.audience.check("audience");
        if self.ends_on < self.starts_on {
            errors.push(FieldError::new(
                "ends_on",
                "ends_before_start",
                "Give a last day that is not before the first.",
            ));
        } else if self.ends_on < today {
            errors.push(FieldError::new("ends_on", "in_the_past", "Give a last day that is not over yet."));
        } else if (self.ends_on - self.starts_on).num_days() > MAX_DAYS {
            errors.push(FieldError::new("ends_on", "window_too_long", "Show a notice for a year at most."));
        }
        if self.texts.is_empty() || self.texts.len() > MAX_LANGUAGES {
            errors.push(FieldError::new("texts", "languages_out_of_range", "Write it in 1 to 6 languages."));
        }
        let mut seen: Vec<String> = Vec::new();
        for (index, text) in self.texts.iter_mut().enumerate() {
            let at = |name: &str| format!("texts[{index}].{name}");
            if !is_tag(&text.language) {
                errors.push(FieldError::new(
                    at("language"),
                    "not_a_language",
                    "Give a language such as en or es.",
                ));
            } else if seen.contains(&text.language) {
                errors.push(FieldError::new(at("language"), "language_twice", "Write each language once."));
            }
            seen.push(text.language.clone());
            match text::required(&at("title"), &text.title, MAX_TITLE, Lines::One) {
                Ok(title) => text.title = title,
                Err(error) => errors.push(error),
            }
            match text::required(&at("body"), &text.body, MAX_BODY, Lines::Many) {
                Ok(body) => text.body = body,
                Err(error) => errors.push(error),
            }
        }
        if errors.is_empty() { Ok(self) } else { Err(Problem::invalid(errors)) }
    }
}

/// A notice as staff see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NoticeView {
    /// The id.
    pub id: NoticeId,
    /// Raised with each edit; its `ETag`.
    pub version: i64,
    /// What it says, to whom and when.
    pub content: NoticeContent,
    /// Where it stands.
    pub phase: Phase,
    /// Who published it.
    pub published_by: String,
    /// When.
    pub published_at: Time,
    /// When it was last edited or withdrawn.
    pub updated_at: Time,
    /// Patients who have it in their inbox.
    pub reached: i64,
    /// Those of them who confirmed having read it.
    pub acknowledged: i64,
}

/// A notice as a patient sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PatientNotice {
    /// The id.
    pub id: NoticeId,
    /// How much it matters.
    pub severity: Severity,
    /// Whether the practice asks to confirm having read it.
    pub must_acknowledge: bool,
    /// The first day on which it is shown.
    #[serde(with = "crate::time::iso_date")]
    pub starts_on: Date,
    /// The last day.
    #[serde(with = "crate::time::iso_date")]
    pub ends_on: Date,
    /// Whether that day is over.
    pub ended: bool,
    /// In the reader's language, or the practice's.
    pub text: NoticeText,
    /// In the other languages.
    pub other_texts: Vec<NoticeText>,
    /// When it was confirmed as read; null when it was not.
    pub acknowledged_at: Option<Time>,
}

/// How many patients an audience has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reach {
    /// Patients, with an account or without.
    pub patients: i64,
}

/// Whether one patient confirmed a notice as read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Acknowledgement {
    /// Who.
    pub patient: PatientSummary,
    /// When it came into the inbox.
    pub delivered_at: Time,
    /// When it was confirmed; null while it was not.
    pub acknowledged_at: Option<Time>,
    /// The version that was confirmed.
    pub acknowledged_version: Option<i64>,
}

/// Where a notice with this window stands at `now`: it is shown from `starts_at` up to but not at `ends_at`.
pub fn phase(starts_at: Time, ends_at: Time, withdrawn: bool, now: Time) -> Phase {
    match (withdrawn, now < starts_at, now < ends_at) {
        (true, ..) => Phase::Withdrawn,
        (_, true, _) => Phase::Scheduled,
        (_, _, true) => Phase::Running,
        _ => Phase::Ended,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content() -> NoticeContent {
        NoticeContent {
            audience: Audience::default(),
            severity: Severity::Info,
            must_acknowledge: false,
            starts_on: "2026-10-06".parse().unwrap(),
            ends_on: "2026-10-09".parse().unwrap(),
            texts: vec![NoticeText {
                language: "en".into(),
                title: " Flu shots ".into(),
                body: "Come in.".into(),
            }],
        }
    }

    #[test]
    fn a_notice_is_refused_by_field() {
        let today: Date = "2026-10-05".parse().unwrap();
        let codes = |change: &dyn Fn(&mut NoticeContent)| -> Vec<(String, String)> {
            let mut content = content();
            change(&mut content);
            let errors = content.check(today).unwrap_err().errors;
            errors.into_iter().map(|error| (error.field, error.code)).collect()
        };
        let one = |field: &str, code: &str| vec![(field.to_owned(), code.to_owned())];
        assert_eq!(
            codes(&|c| c.ends_on = "2026-10-05".parse().unwrap()),
            one("ends_on", "ends_before_start")
        );
        let past = |c: &mut NoticeContent| {
            (c.starts_on, c.ends_on) = ("2026-10-01".parse().unwrap(), "2026-10-04".parse().unwrap());
        };
        assert_eq!(codes(&past), one("ends_on", "in_the_past"));
        assert_eq!(codes(&|c| c.ends_on = "2028-10-05".parse().unwrap()), one("ends_on", "window_too_long"));
        assert_eq!(codes(&|c| c.texts.clear()), one("texts", "languages_out_of_range"));
        assert_eq!(codes(&|c| c.texts.push(c.texts[0].clone())), one("texts[1].language", "language_twice"));
        assert_eq!(codes(&|c| c.texts[0].title = " ".into()), one("texts[0].title", "required"));
        assert_eq!(content().check(today).unwrap().texts[0].title, "Flu shots");
    }

    #[test]
    fn a_window_holds_its_begin_and_not_its_end() {
        let at = |text: &str| text.parse::<Time>().unwrap();
        let (from, to) = (at("2026-10-06T04:00:00Z"), at("2026-10-10T04:00:00Z"));
        assert_eq!(phase(from, to, false, at("2026-10-06T03:59:59.999999Z")), Phase::Scheduled);
        assert_eq!(phase(from, to, false, from), Phase::Running);
        assert_eq!(phase(from, to, false, at("2026-10-10T03:59:59.999999Z")), Phase::Running);
        assert_eq!(phase(from, to, false, to), Phase::Ended);
        assert_eq!(phase(from, to, true, from), Phase::Withdrawn);
    }
}

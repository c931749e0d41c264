//! What staff write: one text a language, the codes that it explains, the files that go with it.

use serde::{Deserialize, Serialize};

use crate::{
    audience::CodedTerm,
    ids::EducationFileId,
    language::{MAX_LANGUAGES, is_tag},
    problem::{FieldError, Problem},
    text::{self, Lines},
    words::words,
};

/// The longest title, in characters.
pub const MAX_TITLE: usize = 120;
/// The longest text in one language, in characters.
pub const MAX_BODY: usize = 8_000;
/// The most codes that lead to one item.
pub const MAX_CODES: usize = 20;
/// The most files that go with one item.
pub const MAX_FILES: usize = 10;

words! {
    /// Where an item stands in the library.
    EducationTopic {
        /// Illnesses and how to live with them.
        Conditions = "conditions",
        /// Medicines and how to take them.
        Medicines = "medicines",
        /// Tests, and what their results mean.
        Tests = "tests",
        /// Before and after a procedure.
        Procedures = "procedures",
        /// Food, movement, sleep, vaccination.
        Wellness = "wellness",
        /// For parents.
        Children = "children",
    }
}

/// An item in one language, as staff write it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EducationText {
    /// BCP 47.
    pub language: String,
    /// One line, at most 120 characters.
    pub title: String,
    /// Markdown (CommonMark), at most 8,000 characters. HTML in it is shown as it is written.
    pub body: String,
}

/// An item as staff write it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EducationContent {
    /// Where it stands in the library.
    pub topic: EducationTopic,
    /// The conditions, drugs and tests that it explains, at most 20.
    #[serde(default)]
    pub codes: Vec<CodedTerm>,
    /// The files that go with it, in this order, at most 10; uploaded to the item before.
    #[serde(default)]
    pub files: Vec<EducationFileId>,
    /// One text a language; the first is for readers of every other.
    pub texts: Vec<EducationText>,
}

impl EducationContent {
    /// The content with its texts cleaned, or what is wrong with it.
    pub fn check(mut self) -> Result<Self, Problem> {
        let mut errors = Vec::new();
        if self.codes.len() > MAX_CODES {
            errors.push(FieldError::new("codes", "too_many", "Give up to 20 codes."));
        }
        for (index, code) in self.codes.iter().enumerate() {
            let field = format!("codes[{index}]");
            match code.check(&field) {
                Some(error) => errors.push(error),
                // A token of a search parts its codes by these.
                None if code.system.contains(['|', ',']) || code.code.contains(['|', ',']) => {
                    errors.push(FieldError::new(field, "code_incomplete", "A code holds no comma or bar."));
                }
                None => {}
            }
        }
        if self.files.len() > MAX_FILES {
            errors.push(FieldError::new("files", "too_many", "Attach 10 files or fewer."));
        }
        if (1..self.files.len()).any(|index| self.files[..index].contains(&self.files[index])) {
            errors.push(FieldError::new("files", "file_twice", "Name each file once."));
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

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn content_is_refused_by_field() {
        let content = || EducationContent {
            topic: EducationTopic::Tests,
            codes: vec![CodedTerm { system: "http://loinc.org".into(), code: "4548-4".into() }],
            files: vec![EducationFileId(Uuid::nil())],
            texts: vec![EducationText {
                language: "en".into(),
                title: " A1c ".into(),
                body: "Sugar.".into(),
            }],
        };
        let codes = |change: &dyn Fn(&mut EducationContent)| -> Vec<(String, String)> {
            let mut content = content();
            change(&mut content);
            let errors = content.check().unwrap_err().errors;
            errors.into_iter().map(|error| (error.field, error.code)).collect()
        };
        let one = |field: &str, code: &str| vec![(field.to_owned(), code.to_owned())];
        assert_eq!(content().check().unwrap().texts[0].title, "A1c");
        assert_eq!(codes(&|c| c.texts.clear()), one("texts", "languages_out_of_range"));
        assert_eq!(codes(&|c| c.texts.push(c.texts[0].clone())), one("texts[1].language", "language_twice"));
        assert_eq!(codes(&|c| c.texts[0].body = "x".repeat(MAX_BODY + 1)), one("texts[0].body", "too_long"));
        assert_eq!(codes(&|c| c.codes = vec![c.codes[0].clone(); 21]), one("codes", "too_many"));
        assert_eq!(codes(&|c| c.codes[0].code = "1,2".into()), one("codes[0]", "code_incomplete"));
        assert_eq!(codes(&|c| c.files.push(c.files[0])), one("files", "file_twice"));
    }
}

//! The library of education items (EDU-1): plain-language pages that staff write, publish and assign.

mod blocks;
mod content;

use serde::{Deserialize, Serialize};

pub use blocks::{Block, Span, is_safe_link};
pub use content::{
    EducationContent, EducationText, EducationTopic, MAX_BODY, MAX_CODES, MAX_FILES, MAX_TITLE,
};

use crate::{
    audience::CodedTerm,
    ids::{EducationFileId, EducationId},
    problem::Problem,
    time::Time,
    words::words,
};

words! {
    /// Where an item stands.
    EducationState {
        /// Never published: nobody but its writers sees it.
        Draft = "draft",
        /// Readers have what its writers have.
        Published = "published",
        /// Readers have the published version, its writers a newer draft.
        Changed = "changed",
        /// Taken out of the library.
        Retired = "retired",
    }
}

/// A file that goes with an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EducationFile {
    /// The id.
    pub id: EducationFileId,
    /// What it is called.
    pub name: String,
    /// What it is, by its content.
    pub media_type: String,
    /// Its size in bytes.
    pub size: i64,
}

/// A text in Markdown, to see how it will look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PreviewText {
    /// Markdown, at most 8,000 characters.
    pub body: String,
}

/// A text as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Preview {
    /// Its parts.
    pub blocks: Vec<Block>,
}

/// One published version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EducationVersion {
    /// 1 for the first.
    pub number: i64,
    /// When it was published.
    pub published_at: Time,
    /// By whom.
    pub published_by: String,
    /// What it said.
    pub content: EducationContent,
}

/// An item in the list of its writers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EducationEntry {
    /// The id.
    pub id: EducationId,
    /// The title of its draft in its first language.
    pub title: String,
    /// Where its draft puts it in the library.
    pub topic: EducationTopic,
    /// The languages of its draft.
    pub languages: Vec<String>,
    /// Where it stands.
    pub state: EducationState,
    /// When it was last changed.
    pub updated_at: Time,
}

/// An item as its writers see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EducationView {
    /// The id.
    pub id: EducationId,
    /// Raised with each change; its `ETag`.
    pub version: i64,
    /// What the next publication will say.
    pub draft: EducationContent,
    /// Where it stands.
    pub state: EducationState,
    /// When it was last changed.
    pub updated_at: Time,
    /// The files that the draft or any version names, and those just uploaded.
    pub files: Vec<EducationFile>,
    /// Every published version, the newest first.
    pub versions: Vec<EducationVersion>,
}

/// An item as the library lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EducationSummary {
    /// The id.
    pub id: EducationId,
    /// Where it stands in the library.
    pub topic: EducationTopic,
    /// In the reader's language, or the item's first.
    pub title: String,
    /// The language of the title (BCP 47).
    pub language: String,
}

/// An item as it is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EducationReading {
    /// Which, and in which language.
    pub summary: EducationSummary,
    /// Its text.
    pub blocks: Vec<Block>,
    /// The files that go with it.
    pub files: Vec<EducationFile>,
    /// Every language that it is written in.
    pub languages: Vec<String>,
    /// Whether this is the language that was asked for, or that of the reader's account.
    pub in_wanted_language: bool,
    /// When this version was published.
    pub published_at: Time,
}

/// What is asked of the library.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct LibraryQuery {
    /// Only what stands here in the library.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(inline))]
    pub topic: Option<EducationTopic>,
    /// Only what explains one of these codes: up to 20, each `system|code` (a FHIR token), parted by commas.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Words that must occur, or begin a word that occurs, in the title or the text of any language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// The `next` of the page before; absent for the first page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Items a page, 1 to 100; 20 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 100))]
    pub limit: Option<u32>,
}

impl LibraryQuery {
    /// What explains any of these codes: as many questions as it takes, none without a code. Each code is asked for once,
    /// in the order given; one that no token can carry explains nothing.
    pub fn explaining(codes: &[CodedTerm]) -> Vec<Self> {
        let mut tokens: Vec<String> = Vec::new();
        for CodedTerm { system, code } in codes {
            let token = format!("{system}|{code}");
            if !system.contains(['|', ',']) && !code.contains(['|', ',']) && !tokens.contains(&token) {
                tokens.push(token);
            }
        }
        let ask = |tokens: &[String]| Self { code: Some(tokens.join(",")), ..Self::default() };
        tokens.chunks(MAX_CODES).map(ask).collect()
    }

    /// The codes that are asked for; none when any will do. 422 when one is no token.
    pub fn codes(&self) -> Result<Option<Vec<CodedTerm>>, Problem> {
        let Some(text) = &self.code else { return Ok(None) };
        let term = |token: &str| {
            let (system, code) = token.split_once('|')?;
            let term = CodedTerm { system: system.into(), code: code.into() };
            term.check("code").is_none().then_some(term)
        };
        let codes: Option<Vec<CodedTerm>> = text.split(',').map(term).collect();
        codes
            .filter(|codes| codes.len() <= MAX_CODES)
            .map(Some)
            .ok_or_else(|| Problem::field("code", "code_incomplete", "Give up to 20 codes as system|code."))
    }
}

/// In which language an item is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct ReadingQuery {
    /// BCP 47; that of the account when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

/// An item for a patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewEducationAssignment {
    /// Which.
    pub education_id: EducationId,
}

/// An item that staff assigned to a patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EducationAssignment {
    /// Which.
    pub item: EducationSummary,
    /// When.
    pub assigned_at: Time,
    /// By whom.
    pub assigned_by: String,
    /// When the patient first opened it; null while unread.
    pub read_at: Option<Time>,
    /// Whether it was taken out of the library since: shown to staff only.
    pub is_retired: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_asked_for_as_tokens_and_read_back() {
        let term = |code: &str| CodedTerm { system: "http://loinc.org".into(), code: code.into() };
        let codes = [term("4548-4"), term("a,b"), term("2345-7"), term("4548-4")];
        let queries = LibraryQuery::explaining(&codes);
        let [query] = queries.as_slice() else { panic!("{queries:?}") };
        assert_eq!(query.codes().unwrap(), Some(vec![term("4548-4"), term("2345-7")]));
        assert_eq!(LibraryQuery::explaining(&[term("a|b")]), []);
        let many: Vec<CodedTerm> = (0..41).map(|n| term(&n.to_string())).collect();
        let asked: Vec<CodedTerm> = LibraryQuery::explaining(&many)
            .iter()
            .flat_map(|query| query.codes().unwrap().unwrap())
            .collect();
        assert_eq!(asked, many, "each question is one that the server answers");
        assert_eq!(LibraryQuery::default().codes().unwrap(), None);
        for wrong in
            ["", "4548-4", "|4548-4", "http://loinc.org|", "http://loinc.org|1,,", &"s|c,".repeat(21)]
        {
            let query = LibraryQuery { code: Some(wrong.into()), ..LibraryQuery::default() };
            assert_eq!(query.codes().unwrap_err().errors[0].field, "code", "{wrong}");
        }
    }
}

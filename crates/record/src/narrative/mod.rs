//! What a record says to people: sections of tables, facts and sentences. Text, PDF and the narrative of a C-CDA are this
//! same thing, so that none tells more than another.

mod background;
mod clinical;
mod documents;
mod plans;
mod results;
mod words;

use portal_domain::record::Section;

pub use background::birth_sex;
pub use clinical::{directions, dose};
pub use documents::kind_in_words;
pub use plans::goal_row_id;
pub use words::word;

use crate::HealthRecord;

/// The heading of the column that says how a value lies to what is usual. Its cell is empty where nothing can be said.
pub const COMPARED: &str = "Compared with usual";
/// What that column says of a value as it should be; whatever else it says stands out.
pub const AS_USUAL: &str = "As usual";

/// The headings of the columns that hold the value itself.
pub const VALUES: [&str; 2] = ["Result", "Value"];

/// The heading of the column that says how to take a medication.
pub const DIRECTIONS: &str = "Directions";
/// The heading of the column of remarks.
pub const REMARKS: &str = "Remarks";

/// The record in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Narrative {
    /// The sections that were asked for, in order; an empty one says so.
    pub sections: Vec<SectionText>,
}

/// One section in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionText {
    /// Which.
    pub section: Section,
    /// Its heading.
    pub title: &'static str,
    /// What it holds; never empty.
    pub blocks: Vec<Block>,
    /// Whether it holds nothing but the sentence that says so.
    pub is_empty: bool,
}

/// A part of a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// Rows under columns.
    Table(Table),
    /// Labels with what they stand for.
    Facts(Vec<(&'static str, String)>),
    /// A paragraph; lines are parted by line feeds.
    Text(String),
}

/// Rows under columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// What it is about, where a section has several.
    pub caption: Option<String>,
    /// The headings.
    pub columns: Vec<&'static str>,
    /// The rows, each as wide as the headings.
    pub rows: Vec<Row>,
}

/// A row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Names the row within the document, so that a coded entry can point at it: a letter first, no spaces.
    pub id: String,
    /// One text a column; may be empty.
    pub cells: Vec<String>,
}

impl Table {
    fn new(columns: &[&'static str]) -> Self {
        Self { caption: None, columns: columns.to_vec(), rows: Vec::new() }
    }

    fn row<const N: usize>(&mut self, id: String, cells: [String; N]) {
        self.rows.push(Row { id, cells: cells.into() });
    }
}

/// The name of an item's row.
pub fn row_id(section: Section, place: usize) -> String {
    format!("{}-{}", section.as_str().replace('_', "-"), place + 1)
}

/// The heading of a section.
pub fn title(section: Section) -> &'static str {
    match section {
        Section::Demographics => "About the patient",
        Section::Allergies => "Allergies and intolerances",
        Section::Medications => "Medications",
        Section::Conditions => "Health problems",
        Section::Results => "Results",
        Section::VitalSigns => "Vital signs",
        Section::Immunizations => "Immunizations",
        Section::Procedures => "Procedures",
        Section::Insurance => "Insurance",
        Section::SocialHistory => "Social history",
        Section::FamilyHistory => "Family history",
        Section::AdvanceDirectives => "Advance directives",
        Section::Instructions => "Instructions",
        Section::Referrals => "Referrals",
        Section::PlanOfCare => "Plan of care and goals",
        Section::FunctionalStatus => "Functional status",
        Section::Encounters => "Visits",
        Section::Documents => "Documents",
    }
}

/// What an empty section says. It never says that there is nothing: only that nothing is on record.
fn nothing(section: Section) -> &'static str {
    match section {
        Section::Allergies => "No information about allergies is on record.",
        Section::Medications => "No medications are on record.",
        Section::Results => "No released results are on record for these days.",
        Section::Conditions => "No health problems are on record.",
        _ => "Nothing is on record.",
    }
}

impl HealthRecord {
    /// When it was made, on the practice's clock, with its zone.
    pub fn made_in_words(&self) -> String {
        let made = self.made_at.utc().with_timezone(&self.practice.zone);
        format!("{} {}", made.format("%b %-d, %Y, %-I:%M %p"), self.practice.zone)
    }

    /// Which days it covers: `all`, `since Jan 1, 2024`.
    pub fn days_in_words(&self) -> String {
        let shown = |day: portal_domain::time::Date| day.format("%b %-d, %Y").to_string();
        match (self.range.from.map(shown), self.range.to.map(shown)) {
            (None, None) => "all".into(),
            (Some(from), None) => format!("since {from}"),
            (None, Some(to)) => format!("until {to}"),
            (Some(from), Some(to)) => format!("{from} to {to}"),
        }
    }

    /// The record in words.
    pub fn narrative(&self) -> Narrative {
        let section = |section: &Section| {
            let mut blocks = self.blocks(*section);
            blocks.retain(|block| match block {
                Block::Table(table) => !table.rows.is_empty(),
                Block::Facts(facts) => !facts.is_empty(),
                Block::Text(text) => !text.is_empty(),
            });
            let is_empty = blocks.is_empty();
            if is_empty {
                blocks.push(Block::Text(nothing(*section).into()));
            }
            SectionText { section: *section, title: title(*section), blocks, is_empty }
        };
        Narrative { sections: self.sections.iter().map(section).collect() }
    }

    fn blocks(&self, section: Section) -> Vec<Block> {
        match section {
            Section::Demographics => background::demographics(self),
            Section::Insurance => background::insurance(self),
            Section::SocialHistory => background::observations(self, section, &self.social_history),
            Section::FunctionalStatus => background::observations(self, section, &self.functional_status),
            Section::FamilyHistory => background::family(self),
            Section::Allergies => clinical::allergies(self),
            Section::Medications => clinical::medications(self),
            Section::Conditions => clinical::conditions(self),
            Section::Immunizations => clinical::immunizations(self),
            Section::Procedures => clinical::procedures(self),
            Section::Encounters => clinical::encounters(self),
            Section::Results => results::results(self),
            Section::VitalSigns => results::vital_signs(self),
            Section::AdvanceDirectives => plans::directives(self),
            Section::Instructions => plans::instructions(self),
            Section::Referrals => plans::referrals(self),
            Section::PlanOfCare => plans::plan_of_care(self),
            Section::Documents => documents::documents(self),
        }
    }
}

//! People and organizations.

use serde::{Deserialize, Serialize};

use crate::{
    chart::{Coding, Concept, PartialTime, codes::codes},
    patients::Gender,
    time::Date,
};

codes! {
    /// Sex as recorded at birth (US Core birth sex).
    BirthSex {
        /// Female.
        Female = "F",
        /// Male.
        Male = "M",
        /// Other.
        Other = "OTH",
        /// Not known.
        Unknown = "UNK",
        /// Asked, but not answered.
        NotAnswered = "ASKU",
    }
}

/// A person's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HumanName {
    /// Last name.
    pub family: String,
    /// First and middle names, in order; empty for a person with one name.
    pub given: Vec<String>,
    /// Before the name, such as `Dr.`.
    pub prefix: Option<String>,
    /// After the name, such as `Jr.` or `MD`.
    pub suffix: Option<String>,
}

impl HumanName {
    /// Prefix, first and middle names, last name, suffix.
    pub fn full(&self) -> String {
        let parts = self.prefix.iter().chain(&self.given).chain([&self.family]).chain(&self.suffix);
        parts.map(String::as_str).collect::<Vec<_>>().join(" ")
    }
}

/// A postal address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// Street, number, apartment.
    pub lines: Vec<String>,
    /// Town.
    pub city: Option<String>,
    /// State or region, as sent (`MA` or `Massachusetts`).
    pub state: Option<String>,
    /// Postal code, as sent.
    pub postal_code: Option<String>,
    /// Country, as sent.
    pub country: Option<String>,
}

/// A telephone number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phone {
    /// The number as sent.
    pub number: String,
    /// FHIR `ContactPointUse`: `home`, `work` or `mobile`.
    pub used_for: Option<String>,
}

/// How a patient describes race or ethnicity (US Core): categories, and words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelfIdentification {
    /// Categories of the Office of Management and Budget first, then more detailed ones.
    pub codings: Vec<Coding>,
    /// In words.
    pub text: Option<String>,
}

/// A person with a chart, as the practice's register sends it.
///
/// Social security numbers, driver's licences and passport numbers are not read at all: the
/// portal has no use for them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChartPatient {
    /// Medical record number (identifier of type `MR`), where sent.
    pub mrn: Option<String>,
    /// The name in use now.
    pub name: HumanName,
    /// A whole date: enrolment compares it (ENR-1).
    pub birth_date: Date,
    /// Administrative gender.
    pub gender: Option<Gender>,
    /// Sex as recorded at birth.
    pub birth_sex: Option<BirthSex>,
    /// Whether the practice still keeps this record active.
    pub active: bool,
    /// Whether the patient has died.
    pub deceased: bool,
    /// When the patient died, where sent.
    pub deceased_at: Option<PartialTime>,
    /// Race.
    pub race: Option<SelfIdentification>,
    /// Ethnicity.
    pub ethnicity: Option<SelfIdentification>,
    /// The language the patient prefers (a BCP 47 tag where coded).
    pub language: Option<Concept>,
    /// Marital status.
    pub marital_status: Option<Concept>,
    /// Where the patient lives.
    pub address: Option<Address>,
    /// Telephone numbers, the preferred first.
    pub phones: Vec<Phone>,
    /// E-mail, as the register has it. It counts for nothing until verified (ENR-3).
    pub email: Option<String>,
}

/// Who sees, orders and signs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChartPractitioner {
    /// National provider identifier, as sent.
    pub npi: Option<String>,
    /// Name, with prefix and suffix.
    pub name: HumanName,
    /// Administrative gender.
    pub gender: Option<Gender>,
    /// Whether the practitioner still works there.
    pub active: bool,
    /// Telephone at work.
    pub phone: Option<String>,
}

/// A practice, hospital or laboratory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChartOrganization {
    /// Its name.
    pub name: String,
    /// National provider identifier, where sent.
    pub npi: Option<String>,
    /// Whether it still exists.
    pub active: bool,
    /// Telephone.
    pub phone: Option<String>,
    /// Where it is: a report names its laboratory with address (LAB-3).
    pub address: Option<Address>,
}

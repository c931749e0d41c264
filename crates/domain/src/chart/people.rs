//! People and organizations.

use serde::{Deserialize, Serialize};

use crate::{
    chart::{Coding, Concept, PartialTime, codes::codes},
    patients::{Gender, PatientSummary, PatientView},
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

impl Address {
    /// As on an envelope: street lines, then town, state and postal code.
    pub fn envelope(&self) -> Vec<String> {
        let region = [&self.state, &self.postal_code].into_iter().flatten().map(String::as_str);
        let region = region.collect::<Vec<_>>().join(" ");
        let town =
            self.city.iter().map(String::as_str).chain(Some(region.as_str()).filter(|text| !text.is_empty()));
        let town = town.collect::<Vec<_>>().join(", ");
        self.lines.iter().cloned().chain(Some(town).filter(|text| !text.is_empty())).collect()
    }
}

impl ChartPatient {
    /// What the portal shows of a patient with contact data; `summary` is who it is here.
    pub fn view(self, summary: PatientSummary) -> PatientView {
        let language =
            self.language.map(|language| language.coding.map_or(language.text, |coding| coding.code));
        PatientView {
            summary,
            address: self.address.map(|address| address.envelope()).unwrap_or_default(),
            phones: self.phones.into_iter().map(|phone| phone.number).collect(),
            email: self.email,
            language,
        }
    }
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

/// Whether a text is a national provider identifier: ten digits, the last of which checks the others
/// (ISO 7812 with the prefix 80840).
pub fn is_npi(text: &str) -> bool {
    if text.len() != 10 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let doubled = |digit: u32| if digit < 5 { digit * 2 } else { digit * 2 - 9 };
    // 24 is the sum that the prefix adds.
    let sum: u32 = text
        .bytes()
        .rev()
        .map(|b| u32::from(b - b'0'))
        .enumerate()
        .fold(24, |sum, (place, digit)| sum + if place % 2 == 1 { doubled(digit) } else { digit });
    sum.is_multiple_of(10)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_identifier_has_ten_digits_and_a_right_check_digit() {
        // The example of the identifier's own standard.
        assert!(is_npi("1234567893"));
        for wrong in ["1234567890", "590", "", "12345678931", "123456789x"] {
            assert!(!is_npi(wrong), "{wrong}");
        }
    }

    #[test]
    fn an_address_reads_as_on_an_envelope() {
        let address = Address {
            lines: vec!["1 Elm St".into(), "Apt 2".into()],
            city: Some("Boston".into()),
            state: Some("MA".into()),
            postal_code: Some("02108".into()),
            country: None,
        };
        assert_eq!(address.envelope(), ["1 Elm St", "Apt 2", "Boston, MA 02108"]);
        assert_eq!(Address { city: Some("Boston".into()), ..Address::default() }.envelope(), ["Boston"]);
        assert_eq!(Address::default().envelope(), Vec::<String>::new());
    }
}

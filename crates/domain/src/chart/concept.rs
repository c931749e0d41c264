//! Coded words: what a clinician said and the code that says it to machines.

use serde::{Deserialize, Serialize};

/// The code systems that the portal knows by name, as FHIR writes them.
pub mod systems {
    /// Laboratory tests, vital signs, panels and documents.
    pub const LOINC: &str = "http://loinc.org";
    /// Findings, procedures, substances and much else.
    pub const SNOMED_CT: &str = "http://snomed.info/sct";
    /// Drugs as prescribed in the United States.
    pub const RXNORM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";
    /// Vaccines given.
    pub const CVX: &str = "http://hl7.org/fhir/sid/cvx";
    /// What a consent is about, such as `adr` for an advance directive.
    pub const CONSENT_SCOPE: &str = "http://terminology.hl7.org/CodeSystem/consentscope";
    /// Units of measure.
    pub const UCUM: &str = "http://unitsofmeasure.org";
    /// Diagnoses as billed in the United States.
    pub const ICD_10_CM: &str = "http://hl7.org/fhir/sid/icd-10-cm";
    /// Procedures as billed in the United States.
    pub const CPT: &str = "http://www.ama-assn.org/go/cpt";
    /// Drug packages in the United States.
    pub const NDC: &str = "http://hl7.org/fhir/sid/ndc";
    /// Race and ethnicity categories of the CDC.
    pub const RACE_AND_ETHNICITY: &str = "urn:oid:2.16.840.1.113883.6.238";
    /// Languages (BCP 47 tags).
    pub const LANGUAGE: &str = "urn:ietf:bcp:47";
    /// National provider identifiers of the United States.
    pub const US_NPI: &str = "http://hl7.org/fhir/sid/us-npi";
    /// Kinds of identifier, such as `MR` for a medical record number (HL7 v2 table 0203).
    pub const IDENTIFIER_TYPE: &str = "http://terminology.hl7.org/CodeSystem/v2-0203";
    /// Sections of a diagnostic service, such as `LAB` (HL7 v2 table 0074).
    pub const DIAGNOSTIC_SERVICE: &str = "http://terminology.hl7.org/CodeSystem/v2-0074";

    /// How well a system serves as the one code that is kept: lower is better.
    ///
    /// Clinical systems come before billing ones, because the record that a patient takes to
    /// another practice (C-CDA, FHIR) asks for them.
    pub fn preference(system: &str) -> u8 {
        match system {
            LOINC | SNOMED_CT | RXNORM | CVX => 0,
            ICD_10_CM | RACE_AND_ETHNICITY => 1,
            CPT | NDC => 2,
            _ => 3,
        }
    }
}

/// A code with the system that defines it. A code without a system says nothing and isn't kept.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Coding {
    /// The URI of the code system, see [`systems`].
    pub system: String,
    /// The code in that system.
    pub code: String,
    /// The system's own words for the code, where sent.
    pub display: Option<String>,
}

/// What is meant, in words, and by code where one was sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Concept {
    /// The one code kept (of several translations the best by [`systems::preference`]).
    pub coding: Option<Coding>,
    /// Words for people: the sender's text, else the code's display, else the code itself.
    pub text: String,
}

impl Concept {
    /// Whether this concept carries that code of that system.
    pub fn is(&self, system: &str, code: &str) -> bool {
        self.coding.as_ref().is_some_and(|coding| coding.system == system && coding.code == code)
    }
}

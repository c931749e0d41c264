//! The parts of FHIR R4 that are read, as they stand in JSON. Everything is optional here: what
//! must be there is said in [`super::map`], so that one reading finds every mistake.

mod clinical;
mod family;
mod people;
mod results;
mod wishes;

pub(super) use clinical::*;
pub(super) use family::*;
pub(super) use people::*;
pub(super) use results::*;
pub(super) use wishes::*;

use serde::Deserialize;
use serde_json::value::RawValue;

/// Declares structs read from JSON: camel-case names, unknown elements skipped.
macro_rules! read {
    ($($(#[$doc:meta])* $name:ident { $($field:ident $(as $json:literal)?: $kind:ty),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Default, serde::Deserialize)]
        #[serde(rename_all = "camelCase", default)]
        pub(in crate::fhir) struct $name {
            $($(#[serde(rename = $json)])? pub $field: $kind,)+
        }
    )+};
}
use read;

/// A decimal as it was sent, digit by digit.
pub(super) type Decimal = Option<Box<RawValue>>;

read! {
    /// Words and codes for one meaning.
    CodeableConcept { coding: Vec<Coding>, text: Option<String> }
    /// A code of a system.
    Coding { system: Option<String>, code: Option<String>, display: Option<String>, user_selected: Option<bool> }
    /// A business identifier.
    Identifier {
        usage as "use": Option<String>, kind as "type": Option<CodeableConcept>,
        system: Option<String>, value: Option<String>,
    }
    /// A reference to another resource.
    Reference {
        reference: Option<String>, kind as "type": Option<String>,
        identifier: Option<Identifier>, display: Option<String>,
    }
    /// From when to when.
    Period { start: Option<String>, end: Option<String> }
    /// An amount.
    Quantity {
        value: Decimal, comparator: Option<String>, unit: Option<String>,
        system: Option<String>, code: Option<String>,
    }
    /// Between two amounts.
    Range { low: Option<Quantity>, high: Option<Quantity> }
    /// One amount to another.
    Ratio { numerator: Option<Quantity>, denominator: Option<Quantity> }
    /// A remark.
    Annotation { text: Option<String> }
    /// A file.
    Attachment { content_type: Option<String>, data: Option<String> }
    /// An extension, as far as US Core's of a patient need it.
    Extension {
        url: Option<String>, extension: Vec<Extension>, value_coding: Option<Coding>,
        value_string: Option<String>, value_code: Option<String>,
    }
}

/// What is read of any resource before its type is known.
#[derive(Deserialize)]
pub(super) struct Header<'a> {
    #[serde(rename = "resourceType", borrow)]
    pub resource_type: Option<&'a RawValue>,
    #[serde(borrow)]
    pub id: Option<&'a RawValue>,
    #[serde(borrow)]
    pub identifier: Option<&'a RawValue>,
    /// Extensions that may turn the meaning of the rest round.
    #[serde(rename = "modifierExtension", borrow)]
    pub modifiers: Option<&'a RawValue>,
    /// Of a `MedicationRequest`: that the drug is not to be taken.
    #[serde(rename = "doNotPerform", borrow)]
    pub do_not_perform: Option<&'a RawValue>,
}

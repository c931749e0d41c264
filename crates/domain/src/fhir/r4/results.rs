use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::{Annotation, Attachment, CodeableConcept, Period, Quantity, Range, Ratio, Reference, read};

read! {
    ReferenceRange { low: Option<Quantity>, high: Option<Quantity>, kind as "type": Option<CodeableConcept>, text: Option<String>,
        applies_to: Vec<IgnoredAny>, age: Option<IgnoredAny>,
    }
    Collection { collected_date_time: Option<String>, collected_period: Option<Period> }
    /// A helper: what was examined.
    Specimen { kind as "type": Option<CodeableConcept>, collection: Option<Collection> }
    /// A helper: who ordered it.
    ServiceRequest { requester: Option<Reference> }
    DiagnosticReport {
        contained: Vec<Box<RawValue>>, based_on: Vec<Reference>, status: Option<String>,
        category: Vec<CodeableConcept>, code: Option<CodeableConcept>, subject: Option<Reference>,
        encounter: Option<Reference>, effective_date_time: Option<String>, effective_period: Option<Period>,
        issued: Option<String>, performer: Vec<Reference>, results_interpreter: Vec<Reference>,
        specimen: Vec<Reference>, result: Vec<Reference>, conclusion: Option<String>,
        conclusion_code: Vec<CodeableConcept>, presented_form: Vec<Attachment>,
    }
}

/// Declares a struct that carries `value[x]` and what explains it, beside fields of its own.
///
/// (serde's `flatten` would lose the digits of decimals.)
macro_rules! valued {
    ($(#[$doc:meta])* $name:ident { $($own:ident: $kind:ty),* $(,)? }) => {
        read! {
            $(#[$doc])*
            $name {
                $($own: $kind,)*
                value_quantity: Option<Quantity>, value_codeable_concept: Option<CodeableConcept>,
                value_string: Option<String>, value_boolean: Option<bool>, value_integer: Option<i32>,
                value_range: Option<Range>, value_ratio: Option<Ratio>, value_time: Option<String>,
                value_date_time: Option<String>, value_period: Option<IgnoredAny>,
                value_sampled_data: Option<IgnoredAny>, data_absent_reason: Option<CodeableConcept>,
                interpretation: Vec<CodeableConcept>, reference_range: Vec<ReferenceRange>,
            }
        }
    };
}

valued! {
    /// What is common to an observation and its parts.
    Value {}
}
valued! {
    /// One part of an observation.
    Component { code: Option<CodeableConcept> }
}
valued! {
    Observation {
        contained: Vec<Box<RawValue>>, status: Option<String>, category: Vec<CodeableConcept>,
        code: Option<CodeableConcept>, subject: Option<Reference>, encounter: Option<Reference>,
        effective_date_time: Option<String>, effective_period: Option<Period>, effective_instant: Option<String>,
        issued: Option<String>, performer: Vec<Reference>, specimen: Option<Reference>,
        method: Option<CodeableConcept>, body_site: Option<CodeableConcept>, note: Vec<Annotation>,
        has_member: Vec<Reference>, component: Vec<Component>,
    }
}

/// Takes the value and what explains it out of a struct that carries them.
macro_rules! take_value {
    ($name:ident: $($field:ident),+ $(,)?) => {
        impl $name {
            pub fn take_value(&mut self) -> Value {
                Value { $($field: std::mem::take(&mut self.$field)),+ }
            }
        }
    };
    ($($name:ident),+) => {$(
        take_value! { $name:
            value_quantity, value_codeable_concept, value_string, value_boolean, value_integer, value_range,
            value_ratio, value_time, value_date_time, value_period, value_sampled_data, data_absent_reason,
            interpretation, reference_range,
        }
    )+};
}
take_value!(Component, Observation);

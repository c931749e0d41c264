use super::{Annotation, CodeableConcept, Period, Quantity, Range, Reference, read};

read! {
    CoverageClass { kind as "type": Option<CodeableConcept>, value: Option<String>, name: Option<String> }
    Coverage {
        status: Option<String>, kind as "type": Option<CodeableConcept>, beneficiary: Option<Reference>,
        subscriber_id: Option<String>, relationship: Option<CodeableConcept>, period: Option<Period>,
        payor: Vec<Reference>, class: Vec<CoverageClass>, order: Option<u32>,
    }
    FamilyMemberCondition {
        code: Option<CodeableConcept>, outcome: Option<CodeableConcept>, contributed_to_death: Option<bool>,
        onset_age: Option<Quantity>, onset_range: Option<Range>, onset_period: Option<Period>,
        onset_string: Option<String>,
    }
    FamilyMemberHistory {
        status: Option<String>, patient: Option<Reference>, date: Option<String>, name: Option<String>,
        relationship: Option<CodeableConcept>, sex: Option<CodeableConcept>, deceased_boolean: Option<bool>,
        deceased_age: Option<Quantity>, deceased_range: Option<Range>, deceased_date: Option<String>,
        deceased_string: Option<String>, condition: Vec<FamilyMemberCondition>, note: Vec<Annotation>,
    }
}

use super::{Annotation, CodeableConcept, Period, Reference, read};

read! {
    /// What tells resources of one type apart by what they are for.
    Purpose { scope: Option<CodeableConcept>, category: Vec<CodeableConcept> }
    ProvisionActor { reference: Option<Reference> }
    Provision { period: Option<Period>, actor: Vec<ProvisionActor>, code: Vec<CodeableConcept> }
    Consent {
        status: Option<String>, category: Vec<CodeableConcept>, patient: Option<Reference>,
        date_time: Option<String>, provision: Option<Provision>,
    }
    Payload { content_string: Option<String> }
    /// A `Communication`; a patient's languages have that name already.
    Instruction {
        status: Option<String>, subject: Option<Reference>, topic: Option<CodeableConcept>,
        encounter: Option<Reference>, sent: Option<String>, sender: Option<Reference>, payload: Vec<Payload>,
    }
    /// A `ServiceRequest` that refers the patient to somebody.
    Referral {
        status: Option<String>, code: Option<CodeableConcept>, subject: Option<Reference>,
        encounter: Option<Reference>, authored_on: Option<String>, requester: Option<Reference>,
        performer: Vec<Reference>, reason_code: Vec<CodeableConcept>, reason_reference: Vec<Reference>,
        note: Vec<Annotation>, patient_instruction: Option<String>,
    }
}

use serde_json::value::RawValue;

use super::{Annotation, CodeableConcept, Coding, Decimal, Period, Quantity, Range, Reference, read};

read! {
    Participant { individual: Option<Reference> }
    Encounter {
        status: Option<String>, class: Option<Coding>, kind as "type": Vec<CodeableConcept>,
        subject: Option<Reference>, participant: Vec<Participant>, period: Option<Period>,
        reason_code: Vec<CodeableConcept>, service_provider: Option<Reference>,
    }
    Condition {
        clinical_status: Option<CodeableConcept>, verification_status: Option<CodeableConcept>,
        category: Vec<CodeableConcept>, severity: Option<CodeableConcept>, code: Option<CodeableConcept>,
        subject: Option<Reference>, encounter: Option<Reference>, onset_date_time: Option<String>,
        onset_age: Option<Quantity>, onset_period: Option<Period>, onset_range: Option<Range>,
        onset_string: Option<String>, abatement_date_time: Option<String>, abatement_period: Option<Period>,
        recorded_date: Option<String>, note: Vec<Annotation>,
    }
    AllergyReaction { manifestation: Vec<CodeableConcept>, severity: Option<String> }
    AllergyIntolerance {
        clinical_status: Option<CodeableConcept>, verification_status: Option<CodeableConcept>,
        kind as "type": Option<String>, category: Vec<Option<String>>, criticality: Option<String>,
        code: Option<CodeableConcept>, patient: Option<Reference>, onset_date_time: Option<String>,
        recorded_date: Option<String>, asserter: Option<Reference>, note: Vec<Annotation>,
        reaction: Vec<AllergyReaction>,
    }
    DoseAndRate { dose_quantity: Option<Quantity>, dose_range: Option<Range> }
    TimingRepeat { frequency: Option<u32>, period: Decimal, period_unit: Option<String> }
    Timing { repeat: Option<TimingRepeat> }
    Dosage {
        text: Option<String>, patient_instruction: Option<String>, additional_instruction: Vec<CodeableConcept>,
        timing: Option<Timing>, as_needed_boolean: Option<bool>, as_needed_codeable_concept: Option<CodeableConcept>,
        route: Option<CodeableConcept>, dose_and_rate: Vec<DoseAndRate>,
    }
    DispenseRequest {
        validity_period: Option<Period>, number_of_repeats_allowed: Option<u32>, quantity: Option<Quantity>,
        expected_supply_duration: Option<Quantity>,
    }
    MedicationRequest {
        contained: Vec<Box<RawValue>>, status: Option<String>, intent: Option<String>,
        medication_codeable_concept: Option<CodeableConcept>, medication_reference: Option<Reference>,
        subject: Option<Reference>, encounter: Option<Reference>, authored_on: Option<String>,
        requester: Option<Reference>, reason_code: Vec<CodeableConcept>, reason_reference: Vec<Reference>,
        note: Vec<Annotation>, dosage_instruction: Vec<Dosage>, dispense_request: Option<DispenseRequest>,
    }
    MedicationDispense {
        contained: Vec<Box<RawValue>>, status: Option<String>, medication_codeable_concept: Option<CodeableConcept>,
        medication_reference: Option<Reference>, subject: Option<Reference>,
        authorizing_prescription: Vec<Reference>, quantity: Option<Quantity>, days_supply: Option<Quantity>,
        when_prepared: Option<String>, when_handed_over: Option<String>,
    }
    /// A helper: the drug of a request that names it by reference.
    Medication { code: Option<CodeableConcept> }
    Performer { actor: Option<Reference> }
    Immunization {
        status: Option<String>, status_reason: Option<CodeableConcept>, vaccine_code: Option<CodeableConcept>,
        patient: Option<Reference>, encounter: Option<Reference>, occurrence_date_time: Option<String>,
        occurrence_string: Option<String>, primary_source: Option<bool>, manufacturer: Option<Reference>,
        lot_number: Option<String>, site: Option<CodeableConcept>, route: Option<CodeableConcept>,
        dose_quantity: Option<Quantity>, performer: Vec<Performer>, note: Vec<Annotation>,
    }
    Procedure {
        status: Option<String>, code: Option<CodeableConcept>, subject: Option<Reference>,
        encounter: Option<Reference>, performed_date_time: Option<String>, performed_period: Option<Period>,
        performed_string: Option<String>, performed_age: Option<Quantity>, performer: Vec<Performer>,
        reason_code: Vec<CodeableConcept>, reason_reference: Vec<Reference>, body_site: Vec<CodeableConcept>,
        outcome: Option<CodeableConcept>, note: Vec<Annotation>,
    }
    GoalTarget { due_date: Option<String> }
    Goal {
        lifecycle_status: Option<String>, achievement_status: Option<CodeableConcept>,
        description: Option<CodeableConcept>, subject: Option<Reference>, start_date: Option<String>,
        target: Vec<GoalTarget>, addresses: Vec<Reference>,
    }
    ActivityDetail { code: Option<CodeableConcept>, status: Option<String>, description: Option<String> }
    Activity { detail: Option<ActivityDetail>, reference: Option<Reference> }
    CarePlan {
        status: Option<String>, title: Option<String>, description: Option<String>, category: Vec<CodeableConcept>,
        subject: Option<Reference>, encounter: Option<Reference>, period: Option<Period>,
        addresses: Vec<Reference>, goal: Vec<Reference>, activity: Vec<Activity>, note: Vec<Annotation>,
    }
}

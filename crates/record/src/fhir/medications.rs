//! Prescriptions.

use portal_domain::chart::{ChartMedication, Code, Dosage, systems};

use super::{
    json::{Json, list, object},
    types::{Held, concept, concepts, notes, range, simple, some_concept, some_party},
};

/// A prescription.
pub fn medication(r: &ChartMedication, held: &Held) -> Json {
    let supply = r.supply_days.map_or(Json::Empty, |days| {
        object([
            ("value", days.into()),
            ("unit", "days".into()),
            ("system", systems::UCUM.into()),
            ("code", "d".into()),
        ])
    });
    let dispense = object([
        ("validityPeriod", object([("end", r.valid_until.into())])),
        ("numberOfRepeatsAllowed", r.refills_allowed.into()),
        ("quantity", simple(&r.dispense_quantity)),
        ("expectedSupplyDuration", supply),
    ]);
    object([
        ("status", r.status.code().into()),
        ("intent", r.intent.code().into()),
        ("medicationCodeableConcept", concept(&r.drug)),
        ("subject", held.subject()),
        ("encounter", held.visit(&r.encounter)),
        ("authoredOn", r.authored.into()),
        ("requester", some_party(&r.requester)),
        ("reasonCode", concepts(&r.reasons)),
        ("reasonReference", held.links(&r.reason_conditions)),
        ("note", notes(&r.notes)),
        ("dosageInstruction", list(r.dosage.iter().map(dosage))),
        ("dispenseRequest", dispense),
    ])
}

fn dosage(dosage: &Dosage) -> Json {
    // A number of nothing says nothing (FHIR tim-2).
    let period =
        dosage.period.as_ref().filter(|period| dosage.period_unit.is_some() && period.value() >= 0.0);
    let repeat = object([
        ("frequency", dosage.frequency.filter(|times| *times > 0).into()),
        ("period", period.into()),
        ("periodUnit", dosage.period_unit.map(Code::code).into()),
    ]);
    let dose = if dosage.dose_high.is_some() {
        let (low, high) = range(&dosage.dose, &dosage.dose_high);
        ("doseRange", object([("low", low), ("high", high)]))
    } else {
        ("doseQuantity", simple(&dosage.dose))
    };
    let as_needed = match &dosage.as_needed_for {
        Some(reason) => ("asNeededCodeableConcept", concept(reason)),
        None => ("asNeededBoolean", dosage.as_needed.then_some(true).into()),
    };
    object([
        ("text", dosage.text.as_ref().into()),
        ("additionalInstruction", concepts(&dosage.additional)),
        ("patientInstruction", dosage.patient_instruction.as_ref().into()),
        ("timing", object([("repeat", repeat)])),
        as_needed,
        ("route", some_concept(&dosage.route)),
        ("doseAndRate", list([object([dose])])),
    ])
}

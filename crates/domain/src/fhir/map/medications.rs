use super::patient;
use crate::{
    chart::{ChartDispense, ChartKind, ChartMedication, Concept, Dosage, PeriodUnit, Quantity},
    fhir::{path::At, r4, reader::Reader},
};

pub(super) fn medication(
    r: &mut Reader<'_>,
    root: &At<'_>,
    mut raw: r4::MedicationRequest,
) -> Option<ChartMedication> {
    r.contains(std::mem::take(&mut raw.contained));
    let patient = patient(r, &root.field("subject"), raw.subject);
    let at = root.field("status");
    let status = r.code(&at, raw.status);
    let status = r.required(&at, status);
    let at = root.field("intent");
    let intent = r.code(&at, raw.intent);
    let intent = r.required(&at, intent);
    let drug = drug(r, root, raw.medication_reference, raw.medication_codeable_concept);
    let mut dosage_lines: Vec<_> = raw.dosage_instruction.into_iter().enumerate().collect();
    let dosage =
        dosage_lines.drain(..).map(|(i, line)| dosage(r, &root.item("dosageInstruction", i), line)).collect();
    let authored = r.time(&root.field("authoredOn"), raw.authored_on);
    let requester = r.party(&root.field("requester"), raw.requester);
    let encounter = r.link(&root.field("encounter"), raw.encounter, &[ChartKind::Encounter]);
    let reasons = r.concepts(root, "reasonCode", raw.reason_code);
    let reason_conditions = r.links(root, "reasonReference", raw.reason_reference, ChartKind::Condition);
    let notes = r.notes(root, raw.note);

    let dispense = raw.dispense_request.unwrap_or_default();
    let at = root.field("dispenseRequest");
    let (_, valid_until) = r.period(&at.field("validityPeriod"), dispense.validity_period);
    let dispense_quantity = r.quantity(&at.field("quantity"), dispense.quantity);
    let supply = r.quantity(&at.field("expectedSupplyDuration"), dispense.expected_supply_duration);
    Some(ChartMedication {
        patient: patient?,
        status: status?,
        intent: intent?,
        drug: drug?,
        dosage,
        authored,
        requester,
        encounter,
        reasons,
        reason_conditions,
        refills_allowed: dispense.number_of_repeats_allowed,
        dispense_quantity,
        supply_days: supply.as_ref().and_then(whole_days),
        valid_until,
        notes,
    })
}

/// What a pharmacy handed out. Without the time of handing over, the time of making it ready tells when.
pub(super) fn dispense(
    r: &mut Reader<'_>,
    root: &At<'_>,
    mut raw: r4::MedicationDispense,
) -> Option<ChartDispense> {
    r.contains(std::mem::take(&mut raw.contained));
    let patient = patient(r, &root.field("subject"), raw.subject);
    let at = root.field("status");
    let status = r.code(&at, raw.status);
    let status = r.required(&at, status);
    let drug = drug(r, root, raw.medication_reference, raw.medication_codeable_concept);
    let prescriptions =
        r.links(root, "authorizingPrescription", raw.authorizing_prescription, ChartKind::Medication);
    let handed_over = r.time(&root.field("whenHandedOver"), raw.when_handed_over);
    let prepared = r.time(&root.field("whenPrepared"), raw.when_prepared);
    let quantity = r.quantity(&root.field("quantity"), raw.quantity);
    let supply = r.quantity(&root.field("daysSupply"), raw.days_supply);
    Some(ChartDispense {
        patient: patient?,
        status: status?,
        drug: drug?,
        prescriptions,
        handed_over: handed_over.or(prepared),
        quantity,
        supply_days: supply.as_ref().and_then(whole_days),
    })
}

/// The drug, by reference or by its own code and words; one of the two must be there.
fn drug(
    r: &mut Reader<'_>,
    root: &At<'_>,
    reference: Option<r4::Reference>,
    concept: Option<r4::CodeableConcept>,
) -> Option<Concept> {
    match reference {
        Some(reference) => referred_drug(r, &root.field("medicationReference"), reference),
        None => {
            let at = root.field("medicationCodeableConcept");
            let drug = r.concept(&at, concept);
            r.required(&at, drug)
        }
    }
}

/// The drug of a `Medication` in the bundle or in the request, else the words beside the reference.
fn referred_drug(r: &mut Reader<'_>, at: &At<'_>, reference: r4::Reference) -> Option<Concept> {
    let named: Option<r4::Medication> = r.helper(at, &reference, "Medication");
    let drug = named.and_then(|medication| r.concept(&at.field("code"), medication.code));
    let words = r.line(&at.field("display"), reference.display);
    let drug = drug.or_else(|| words.map(|text| Concept { coding: None, text }));
    if drug.is_none() {
        r.wrong(at, "names no Medication of the bundle that says which drug it is");
    }
    drug
}

fn dosage(r: &mut Reader<'_>, at: &At<'_>, raw: r4::Dosage) -> Dosage {
    let repeat = raw.timing.and_then(|timing| timing.repeat).unwrap_or_default();
    let timing = at.field("timing");
    let place = timing.field("repeat");
    let amount = raw.dose_and_rate.into_iter().next().unwrap_or_default();
    let amount_at = at.item("doseAndRate", 0);
    let range = amount.dose_range.unwrap_or_default();
    let low = r.quantity(&amount_at.field("doseRange").field("low"), range.low);
    let as_needed_for = r.concept(&at.field("asNeededCodeableConcept"), raw.as_needed_codeable_concept);
    Dosage {
        text: r.text(&at.field("text"), raw.text),
        patient_instruction: r.text(&at.field("patientInstruction"), raw.patient_instruction),
        additional: r.concepts(at, "additionalInstruction", raw.additional_instruction),
        dose: r.quantity(&amount_at.field("doseQuantity"), amount.dose_quantity).or(low),
        dose_high: r.quantity(&amount_at.field("doseRange").field("high"), range.high),
        frequency: repeat.frequency,
        period: r.decimal(&place.field("period"), repeat.period),
        period_unit: r.code::<PeriodUnit>(&place.field("periodUnit"), repeat.period_unit),
        route: r.concept(&at.field("route"), raw.route),
        as_needed: raw.as_needed_boolean.unwrap_or(false) || as_needed_for.is_some(),
        as_needed_for,
    }
}

/// A supply in whole days; `None` for other units.
fn whole_days(supply: &Quantity) -> Option<u32> {
    let in_days = supply
        .ucum
        .as_deref()
        .or(supply.unit.as_deref())
        .is_some_and(|unit| matches!(unit, "d" | "day" | "days"));
    supply.decimal.literal().parse().ok().filter(|_| in_days)
}

//! Whatever is read whole.

use portal_domain::chart::*;
use proptest::{collection::vec, option, prelude::*, sample::select};

use super::{
    amount, at_visit, concept, for_problem, link, notes, one_of, party, patient, problem,
    results::observation, text, when,
};

pub fn entry() -> BoxedStrategy<ChartEntry> {
    let kept = select(vec![
        ObservationCategory::VitalSigns,
        ObservationCategory::SocialHistory,
        ObservationCategory::Survey,
        ObservationCategory::FunctionalStatus,
    ]);
    prop_oneof![
        allergy().prop_map(ChartEntry::from),
        medication().prop_map(ChartEntry::from),
        condition().prop_map(ChartEntry::from),
        immunization().prop_map(ChartEntry::from),
        procedure().prop_map(ChartEntry::from),
        care_plan().prop_map(ChartEntry::from),
        coverage().prop_map(ChartEntry::from),
        relative().prop_map(ChartEntry::from),
        referral().prop_map(ChartEntry::from),
        instruction().prop_map(ChartEntry::from),
        directive().prop_map(ChartEntry::from),
        kept.prop_flat_map(observation).prop_map(ChartEntry::from),
    ]
    .boxed()
}

fn allergy() -> impl Strategy<Value = ChartAllergy> {
    let reaction = (vec(concept(), 0..3), option::of(one_of()))
        .prop_map(|(manifestations, severity)| AllergyReaction { manifestations, severity });
    let asserted = (one_of(), option::of(one_of()), option::of(one_of()), option::of(one_of()));
    (concept(), asserted, vec(one_of(), 0..2), vec(reaction, 0..2), when(), when(), notes()).prop_map(
        |(
            code,
            (clinical, verification, kind, criticality),
            categories,
            reactions,
            onset,
            recorded,
            notes,
        )| {
            ChartAllergy {
                patient: patient(),
                code,
                clinical_status: Some(clinical),
                verification,
                kind,
                categories,
                criticality,
                reactions,
                onset,
                recorded,
                reported: None,
                notes,
            }
        },
    )
}

fn dosage() -> impl Strategy<Value = Dosage> {
    let timing = option::of((1_u32..5, one_of()));
    (
        option::of(text()),
        vec(concept(), 0..2),
        option::of(amount()),
        timing,
        option::of(concept()),
        option::of(concept()),
    )
        .prop_map(|(text, additional, dose, timing, route, as_needed_for)| Dosage {
            text,
            patient_instruction: None,
            additional,
            dose,
            dose_high: None,
            frequency: timing.map(|(times, _)| times),
            period: timing.and_then(|_| Decimal::parse("1.0")),
            period_unit: timing.map(|(_, unit)| unit),
            route,
            as_needed: as_needed_for.is_some(),
            as_needed_for,
        })
        .prop_filter("an empty object is left out", |dosage| *dosage != Dosage::default())
}

fn medication() -> impl Strategy<Value = ChartMedication> {
    let supply = (option::of(0_u32..9), option::of(amount()), option::of(1_u32..90), when());
    let why = (vec(concept(), 0..2), for_problem());
    (
        (one_of(), one_of()),
        concept(),
        vec(dosage(), 0..3),
        when(),
        option::of(party()),
        at_visit(),
        why,
        supply,
        notes(),
    )
        .prop_map(
            |((status, intent), drug, dosage, authored, requester, encounter, why, supply, notes)| {
                ChartMedication {
                    patient: patient(),
                    status,
                    intent,
                    drug,
                    dosage,
                    authored,
                    requester,
                    encounter,
                    reasons: why.0,
                    reason_conditions: why.1,
                    refills_allowed: supply.0,
                    dispense_quantity: supply.1,
                    supply_days: supply.2,
                    valid_until: supply.3,
                    notes,
                }
            },
        )
}

fn condition() -> impl Strategy<Value = ChartCondition> {
    (concept(), concept(), one_of(), option::of(concept()), when(), when(), at_visit(), notes()).prop_map(
        |(code, category, verification, severity, onset, recorded, encounter, notes)| ChartCondition {
            code,
            category: Some(category),
            verification: Some(verification),
            severity,
            onset,
            recorded,
            encounter,
            notes,
            ..problem()
        },
    )
}

fn immunization() -> impl Strategy<Value = ChartImmunization> {
    let given = (one_of(), option::of(concept()), option::of(any::<bool>()));
    (
        given,
        concept(),
        when(),
        option::of(text()),
        option::of(concept()),
        option::of(amount()),
        vec(party(), 0..2),
        at_visit(),
    )
        .prop_map(
            |(
                (status, status_reason, primary_source),
                vaccine,
                occurred,
                lot_number,
                site,
                dose,
                performers,
                encounter,
            )| {
                ChartImmunization {
                    patient: patient(),
                    status,
                    status_reason,
                    vaccine,
                    occurred,
                    occurred_text: None,
                    primary_source,
                    manufacturer: lot_number.clone(),
                    lot_number,
                    route: site.clone(),
                    site,
                    dose,
                    performers,
                    encounter,
                    notes: vec![],
                }
            },
        )
}

fn procedure() -> impl Strategy<Value = ChartProcedure> {
    let why = (vec(concept(), 0..2), for_problem());
    (
        one_of(),
        concept(),
        when(),
        vec(party(), 0..2),
        at_visit(),
        why,
        vec(concept(), 0..2),
        option::of(concept()),
        notes(),
    )
        .prop_map(|(status, code, start, performers, encounter, why, body_sites, outcome, notes)| {
            ChartProcedure {
                patient: patient(),
                status,
                code,
                start,
                end: start,
                performed_text: None,
                performers,
                encounter,
                reasons: why.0,
                reason_conditions: why.1,
                body_sites,
                outcome,
                notes,
            }
        })
}

fn care_plan() -> impl Strategy<Value = ChartCarePlan> {
    let activity = (option::of(concept()), text(), one_of()).prop_map(|(code, words, status)| {
        CarePlanActivity { code, description: Some(words), status: Some(status) }
    });
    let assess_plan = Concept {
        coding: Some(Coding {
            system: "http://hl7.org/fhir/us/core/CodeSystem/careplan-category".into(),
            code: "assess-plan".into(),
            display: None,
        }),
        text: "Assessment and plan".into(),
    };
    (one_of(), option::of(text()), when(), vec(activity, 0..3), for_problem(), at_visit(), notes()).prop_map(
        move |(status, title, start, activities, addresses, encounter, notes)| ChartCarePlan {
            patient: patient(),
            status,
            description: title.clone(),
            title,
            categories: vec![assess_plan.clone()],
            start,
            end: None,
            activities,
            addresses,
            goals: vec![link(ChartKind::Goal, 3)],
            encounter,
            notes,
        },
    )
}

fn coverage() -> impl Strategy<Value = ChartCoverage> {
    (
        one_of(),
        option::of(concept()),
        option::of(party()),
        option::of(text()),
        option::of(1_u32..4),
        when(),
        option::of(concept()),
    )
        .prop_map(|(status, kind, payer, plan, rank, start, relationship)| ChartCoverage {
            patient: patient(),
            status,
            kind,
            payer,
            group_number: plan.clone(),
            subscriber_id: plan.clone(),
            plan,
            relationship,
            rank,
            start,
            end: None,
        })
}

fn relative() -> impl Strategy<Value = ChartRelative> {
    let illness = (concept(), option::of(text()), option::of(concept()), any::<bool>()).prop_map(
        |(code, onset, outcome, led_to_death)| RelativeCondition { code, onset, outcome, led_to_death },
    );
    (
        one_of(),
        concept(),
        when(),
        option::of(text()),
        option::of(concept()),
        option::of(any::<bool>()),
        vec(illness, 0..3),
        notes(),
    )
        .prop_map(|(status, relationship, recorded, name, sex, deceased, conditions, notes)| {
            ChartRelative {
                patient: patient(),
                status,
                recorded,
                relationship,
                name,
                sex,
                deceased,
                deceased_text: None,
                conditions,
                notes,
            }
        })
}

fn referral() -> impl Strategy<Value = ChartReferral> {
    (
        one_of(),
        concept(),
        when(),
        vec(party(), 0..2),
        vec(concept(), 0..2),
        for_problem(),
        option::of(text()),
        at_visit(),
        notes(),
    )
        .prop_map(
            |(status, code, authored, performers, reasons, reason_conditions, words, encounter, notes)| {
                ChartReferral {
                    patient: patient(),
                    status,
                    code,
                    authored,
                    requester: performers.first().cloned(),
                    performers,
                    reasons,
                    reason_conditions,
                    patient_instruction: words,
                    encounter,
                    notes,
                }
            },
        )
}

fn instruction() -> impl Strategy<Value = ChartInstruction> {
    (one_of(), option::of(concept()), when(), option::of(party()), notes(), at_visit()).prop_map(
        |(status, topic, given, by, text, encounter)| ChartInstruction {
            patient: patient(),
            status,
            topic,
            given,
            by,
            text,
            encounter,
        },
    )
}

fn directive() -> impl Strategy<Value = ChartDirective> {
    (one_of(), concept(), when(), when(), vec(party(), 0..2), vec(concept(), 0..2)).prop_map(
        |(status, kind, given, end, agents, wanted)| ChartDirective {
            patient: patient(),
            status,
            kind,
            given,
            start: None,
            end,
            agents,
            wanted,
        },
    )
}

//! What is coded in a clinical document comes out as a chart would hold it: our own documents are read back equal, and those
//! of others are read as C-CDA says.

use portal_domain::chart::{
    AllergyCategory, AllergyClinicalStatus, ChartEntry, ChartMedication, ChartObservation, Concept,
    MedicationStatus, ObservationCategory, ObservationValue, PartialTime, Severity, Verification, systems,
};
use proptest::prelude::*;

use super::{
    at,
    ccda::{
        read_back::{Seen, When, amount, carried, results, seen_of},
        synthetic_charts,
    },
    outside::section_of,
    random::any_record,
};
use crate::{HealthRecord, ccda::is_possible, narrative, outside::OutsideEntry, read_outside};

/// White space single, as it is read.
fn plain(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let joined = carried(&words.join(" "));
    joined.chars().filter(|c| !c.is_control()).collect()
}

/// The words and the code, where its system could have given it out.
fn named(concept: &Concept) -> (String, Option<(String, String)>) {
    let coding = concept.coding.as_ref().filter(|coding| is_possible(&coding.system, &coding.code));
    (plain(&concept.text), coding.map(|coding| (coding.system.clone(), coding.code.clone())))
}

type Drug = ((String, Option<(String, String)>), When, String, Vec<[String; 2]>, MedicationStatus);

fn drug(record: &ChartMedication) -> Drug {
    let doses = match record.dosage.as_slice() {
        [only] => [&only.dose, &only.dose_high].into_iter().flatten().map(amount).collect(),
        _ => Vec::new(),
    };
    let status = match record.status {
        MedicationStatus::Unknown => MedicationStatus::Active,
        MedicationStatus::Draft => MedicationStatus::OnHold,
        MedicationStatus::Cancelled => MedicationStatus::Stopped,
        other => other,
    };
    (named(&record.drug), When::meant(record.authored), plain(&narrative::directions(record)), doses, status)
}

fn seen(record: &ChartObservation) -> Seen {
    let (name, when, value) = seen_of(&record.code, record.effective, record.value.as_ref());
    (String::new(), name, when, value)
}

fn tidy((_, name, when, value): Seen) -> Seen {
    (String::new(), plain(&name), when, value.map(|end| end.map(|text| plain(&text))))
}

fn day(at: Option<PartialTime>) -> When {
    When::meant(at)
}

fn assert_read_back(record: &HealthRecord) {
    let mut record = record.clone();
    // A report in words alone is a result of words.
    record.results.retain(|result| !result.values.is_empty());
    let read = read_outside(&crate::write_ccda(&record), at("2026-10-05T14:00:00Z")).unwrap();
    let all = || read.entries.iter().map(|entry| &entry.record);

    let drugs = all().filter_map(|one| match one {
        ChartEntry::Medication(r) => Some(drug(r)),
        _ => None,
    });
    let found: Vec<Drug> = drugs.collect();
    let expected: Vec<Drug> = record.medications.iter().map(|item| drug(&item.record)).collect();
    assert_eq!(found, expected, "medications");

    let problem = |r: &portal_domain::chart::ChartCondition| {
        let end = r.abatement.filter(|end| r.onset.is_none_or(|start| start.at <= end.at));
        let refuted = r.verification == Some(Verification::Refuted);
        (named(&r.code), day(r.onset), day(end), refuted)
    };
    let found: Vec<_> = all()
        .filter_map(|one| match one {
            ChartEntry::Condition(r) => Some((problem(r), r.clinical_status)),
            _ => None,
        })
        .collect();
    assert_eq!(found.len(), record.conditions.len());
    for ((told, status), item) in found.iter().zip(&record.conditions) {
        assert_eq!(*told, problem(&item.record));
        assert!(item.record.clinical_status.is_none() || *status == item.record.clinical_status);
    }

    let found: Vec<_> = all()
        .filter_map(|one| match one {
            ChartEntry::Allergy(r) => Some(r),
            _ => None,
        })
        .collect();
    assert_eq!(found.len(), record.allergies.len());
    for (told, item) in found.iter().zip(&record.allergies) {
        let record = &item.record;
        if record.is_no_known_allergy() {
            assert!(told.is_no_known_allergy());
            continue;
        }
        assert_eq!(named(&told.code), named(&record.code));
        assert_eq!(day(told.onset), day(record.onset));
        assert_eq!(told.criticality, record.criticality);
        let signs = |r: &portal_domain::chart::ChartAllergy| -> Vec<(String, Option<Severity>)> {
            let of = |one: &portal_domain::chart::AllergyReaction| {
                one.manifestations.iter().map(|sign| (plain(&sign.text), one.severity)).collect::<Vec<_>>()
            };
            r.reactions.iter().flat_map(of).collect()
        };
        assert_eq!(signs(told), signs(record));
        let is_active = matches!(record.clinical_status, None | Some(AllergyClinicalStatus::Active));
        assert_eq!(told.clinical_status == Some(AllergyClinicalStatus::Active), is_active);
    }

    let given = |r: &portal_domain::chart::ChartImmunization| {
        let lot = r.lot_number.as_deref().map(plain);
        (named(&r.vaccine), day(r.occurred), r.status, lot, r.dose.as_ref().map(amount))
    };
    let found: Vec<_> = all()
        .filter_map(|one| match one {
            ChartEntry::Immunization(r) => Some(given(r)),
            _ => None,
        })
        .collect();
    assert_eq!(found, record.immunizations.iter().map(|item| given(&item.record)).collect::<Vec<_>>());

    let found: Vec<Seen> = all()
        .filter_map(|one| match one {
            ChartEntry::Observation(r) if r.category == ObservationCategory::Laboratory => {
                Some(tidy(seen(r)))
            }
            _ => None,
        })
        .collect();
    assert_eq!(found, results(&record).into_iter().map(tidy).collect::<Vec<_>>(), "results");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn our_own_documents_are_read_back_with_their_codes_days_doses_and_results(record in any_record()) {
        assert_read_back(&record);
    }
}

#[test]
fn synthetic_charts_are_read_back_as_they_are() {
    for (_, record) in synthetic_charts() {
        assert_read_back(&record);
    }
}

fn read(code: &str, inner: &str) -> Vec<OutsideEntry> {
    let document = section_of(&format!(r#"<code code="{code}" codeSystem="2.16.840.1.113883.6.1"/>{inner}"#));
    read_outside(document.as_bytes(), at("2026-10-05T14:00:00Z")).unwrap().entries
}

const ALLERGY: &str = r#"<templateId root="2.16.840.1.113883.10.20.22.4.7"/>"#;

#[test]
fn words_that_stand_in_the_narrative_are_found_and_the_best_of_several_codes_is_kept() {
    let entries = read(
        "11450-4",
        r##"<text><list><item><content ID="p1">High  blood
        pressure</content></item></list></text>
        <entry><act><statusCode code="active"/><entryRelationship><observation>
          <templateId root="2.16.840.1.113883.10.20.22.4.4"/><effectiveTime><low value="201103"/></effectiveTime>
          <value type="CD" code="I10" codeSystem="2.16.840.1.113883.6.90" displayName="Essential hypertension">
            <originalText><reference value="#p1"/></originalText>
            <translation code="59621000" codeSystem="2.16.840.1.113883.6.96" displayName="Essential hypertension (disorder)"/>
          </value></observation></entryRelationship></act></entry>"##,
    );
    let ChartEntry::Condition(record) = &entries[0].record else { panic!("{entries:?}") };
    assert_eq!(record.code.text, "High blood pressure");
    assert!(record.code.is(systems::SNOMED_CT, "59621000"));
    assert_eq!(record.onset.unwrap().to_string(), "2011-03");
}

#[test]
fn no_known_drug_allergy_is_a_statement_and_a_code_that_no_system_gave_out_is_left() {
    let entries = read(
        "48765-2",
        &format!(
            r#"<entry><act><entryRelationship><observation negationInd="true">{ALLERGY}
            <value code="416098002"/><participant><participantRole><playingEntity><code nullFlavor="NA"/></playingEntity></participantRole></participant>
            </observation></entryRelationship></act></entry>
            <entry><act><statusCode code="completed"/><entryRelationship><observation>{ALLERGY}
            <value code="414285001"/><participant><participantRole><playingEntity>
            <code code="91935008" codeSystem="2.16.840.1.113883.6.96" displayName="Peanut"/></playingEntity></participantRole></participant>
            </observation></entryRelationship></act></entry>"#
        ),
    );
    let [ChartEntry::Allergy(none), ChartEntry::Allergy(peanut)] = [&entries[0].record, &entries[1].record]
    else {
        panic!("{entries:?}")
    };
    assert!(none.is_no_known_allergy());
    assert_eq!(none.code.text, "No known drug allergies");
    assert_eq!((peanut.code.text.as_str(), &peanut.code.coding), ("Peanut", &None), "a wrong check digit");
    assert_eq!(peanut.categories, [AllergyCategory::Food]);
    assert_eq!(peanut.clinical_status, Some(AllergyClinicalStatus::Inactive));
    assert_eq!([entries[0].key.as_str(), &entries[1].key], ["1.0", "2.0"]);
}

#[test]
fn times_are_as_exact_as_they_were_told_and_a_clock_without_a_zone_is_a_day() {
    for (told, expected) in [
        ("2026", "2026"),
        ("202603", "2026-03"),
        ("20260304", "2026-03-04"),
        ("20260304101500", "2026-03-04"),
        ("202603041015-0500", "2026-03-04T15:15:00Z"),
        ("20260304101530.123+0100", "2026-03-04T09:15:30Z"),
        ("2026-03-04", ""),
        ("99999999", ""),
        ("20261301", ""),
        ("x", ""),
    ] {
        let entries = read(
            "30954-2",
            &format!(
                r#"<entry><organizer><component><observation><templateId root="2.16.840.1.113883.10.20.22.4.2"/>
                <code displayName="Glucose"/><effectiveTime value="{told}"/>
                <value type="PQ" value="5.40" unit="mmol/L"/></observation></component></organizer></entry>"#
            ),
        );
        let ChartEntry::Observation(record) = &entries[0].record else { panic!("{entries:?}") };
        assert_eq!(record.effective.map(|at| at.to_string()).unwrap_or_default(), expected, "{told}");
        let Some(ObservationValue::Quantity(amount)) = &record.value else { panic!("{record:?}") };
        assert_eq!((amount.decimal.literal(), amount.ucum.as_deref()), ("5.40", Some("mmol/L")));
    }
}

#[test]
fn what_is_not_taken_is_no_medication() {
    let drug = |negation: &str| {
        read(
            "10160-0",
            &format!(
                r#"<entry><substanceAdministration {negation}><templateId root="2.16.840.1.113883.10.20.22.4.16"/>
                <consumable><manufacturedProduct><manufacturedMaterial>
                <code code="197361" codeSystem="2.16.840.1.113883.6.88" displayName="amlodipine 5 MG"/>
                </manufacturedMaterial></manufacturedProduct></consumable></substanceAdministration></entry>"#
            ),
        )
    };
    assert_eq!(drug("").len(), 1);
    assert_eq!(drug("negationInd=\"true\"").len(), 0);
}
